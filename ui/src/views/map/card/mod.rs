//! Items as the map shows them.

mod face;
mod look;

pub use face::{Body, Face, Tone, change, delivery_of, delivery_status, face, outcome, solution_status};
pub use look::{Worth, card, card_line, source_icon, source_name};
