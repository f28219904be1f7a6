//! Carries a command out against a board: checks it and says how the entities will be.
//!
//! Pure: nothing is changed here. A document writes the difference down; if that fails, nothing
//! has happened. Invariant: an error means that no part of the command took effect.

mod act;
mod check;
mod staged;
#[cfg(test)]
mod tests;

use crate::board::Board;
use crate::command::{Command, CommandError};
use crate::entity::Entity;
use crate::time::Stamp;
pub use check::limits;
use staged::Staged;
pub use staged::placed_on;

/// What a command comes to.
#[derive(Clone, Debug, PartialEq)]
pub struct Changes {
    /// What was done, for history and undo: “Rename step “Invite crew””.
    pub label: String,
    /// The entities that change, as they will be, stamps included. Empty when everything already is
    /// as commanded.
    pub after: Vec<Entity>,
}

/// Checks `command` against `board` and answers what changes.
///
/// # Errors
/// When a rule is broken; nothing has changed then.
pub fn carry_out(board: &Board, command: Command, stamp: Stamp) -> Result<Changes, CommandError> {
    let mut staged = Staged::on(board);
    let label = act::act(&mut staged, command, stamp)?;
    Ok(Changes { label, after: staged.into_changed(stamp) })
}
