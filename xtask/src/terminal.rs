//! How the parts of a message look. `anstream` drops the styles where they are not wanted (pipes, `NO_COLOR`).

use anstyle::{AnsiColor, Style};

/// What is being done.
pub const TITLE: Style = Style::new().bold();
/// The number of a step.
pub const NUMBER: Style = AnsiColor::Blue.on_default().bold();
/// A command that is run.
pub const COMMAND: Style = Style::new().dimmed();
/// It worked.
pub const GOOD: Style = AnsiColor::Green.on_default();
/// It was left out, or wants attention.
pub const NOTE: Style = AnsiColor::Yellow.on_default();
/// It failed.
pub const BAD: Style = AnsiColor::Red.on_default().bold();
