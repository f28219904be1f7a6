//! Items as the map shows them.

mod face;
mod look;

pub use face::{Body, Face, Tone, change, delivery_of, delivery_status, face, outcome, solution_status};
pub use look::{Card, CardLine, Worth, source_icon, source_name};
