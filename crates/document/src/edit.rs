//! A command turned into a change of the document, not yet durable.

use automerge::{Automerge, Change, ChangeHash};
use custory_domain::Patch;

use crate::model::Differences;
use crate::undo::{Gesture, Turn};

/// A command turned into one change. Store [`Edit::change`], then give the edit to
/// [`Document::adopt`](crate::Document::adopt); dropped, it has never been.
#[derive(Debug)]
pub struct Edit {
    pub(crate) label: String,
    pub(crate) prepared: Option<Box<Prepared>>,
}

/// What adoption needs.
#[derive(Debug)]
pub(crate) struct Prepared {
    /// The document with the change in it.
    pub doc: Automerge,
    /// The heads that the change was made on.
    pub base: Vec<ChangeHash>,
    pub change: Change,
    /// The change as it is stored and sent.
    pub chunk: Vec<u8>,
    pub differences: Differences,
    pub turn: Turn,
    pub gesture: Gesture,
    /// Place in line of the actor that wrote it.
    pub sibling: u32,
}

static NOTHING: Patch = Patch { put: Vec::new(), removed: Vec::new() };

impl Edit {
    /// Whether everything was as commanded already. There is nothing to store then.
    pub fn is_empty(&self) -> bool {
        self.prepared.is_none()
    }

    /// The change: one Automerge change chunk, packed if it is long. Empty if the edit is.
    pub fn change(&self) -> &[u8] {
        self.prepared.as_ref().map_or(&[], |it| &it.chunk)
    }

    /// Names the change; zeros if the edit is empty.
    pub fn hash(&self) -> [u8; 32] {
        self.prepared.as_ref().map_or([0; 32], |it| it.change.hash().0)
    }

    /// What was done, in words.
    pub fn label(&self) -> &str {
        &self.label
    }

    /// What will differ on the board.
    pub fn patch(&self) -> &Patch {
        self.prepared.as_ref().map_or(&NOTHING, |it| &it.differences.patch)
    }
}
