//! Search and commands in one place, and the list of all shortcuts.

mod actions;
mod palette;
mod shortcuts;
mod words;

pub use palette::Palette;
pub use shortcuts::Shortcuts;
