//! Search and commands in one place, and the list of all shortcuts.

mod actions;
mod find;
mod shortcuts;
mod window;
mod words;

pub use find::Find;
pub use shortcuts::Shortcuts;
pub use window::{Palette, go_to};
