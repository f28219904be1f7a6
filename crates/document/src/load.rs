//! Opens a document from its own disk: a snapshot and the changes since.
//!
//! Damage is named and passed over where it hits single changes; a damaged snapshot is an error,
//! because going on without it would look like an empty journey.

use automerge::{Automerge, ChangeHash, LoadOptions, OnPartialLoad, VerificationMode};

use crate::actor::{Actor, Turns};
use crate::apply::{apply_own, guarded};
use crate::chunk::open;
use crate::document::Document;
use crate::ingest::{Refusal, max_op};
use crate::model::Model;
use crate::numbers::Numbers;
use crate::undo::History;
use crate::waiting::{Held, Waiting};

/// An opened document.
#[derive(Debug)]
pub struct Loaded {
    /// The document.
    pub document: Document,
    /// Stored changes that could not be used.
    pub damaged: Vec<Damaged>,
    /// How many stored changes rest on ones that are not stored. They wait in the document until
    /// these are merged.
    pub pending: usize,
}

/// A stored change that could not be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damaged {
    /// Its place in the list of changes.
    pub index: usize,
    /// What is wrong with it.
    pub reason: Refusal,
}

/// Why a document cannot be opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LoadError {
    /// The snapshot cannot be read.
    #[error("the snapshot is damaged: {reason}")]
    Snapshot {
        /// What is wrong with it.
        reason: String,
    },
    /// The changes came out as something that cannot be read.
    #[error("the document cannot be read: {reason}")]
    Unreadable {
        /// What is wrong with it.
        reason: String,
    },
}

pub(crate) fn load(snapshot: Option<&[u8]>, changes: &[Vec<u8>], actor: Actor) -> Result<Loaded, LoadError> {
    let mut doc = match snapshot {
        Some(bytes) => load_whole(bytes).map_err(|reason| LoadError::Snapshot { reason })?,
        None => Automerge::new(),
    };
    let mut waiting = Waiting::default();
    let damaged = replay(&mut doc, &mut waiting, changes);
    let model = guarded(|| Ok(Model::of(&doc)))
        .map_err(|reason| LoadError::Unreadable { reason: reason.to_string() })?;
    let pending = waiting.len();
    let numbers = Numbers::of(&doc);
    let (history, turns) = (History::default(), Turns::of(actor));
    let document = Document { doc, model, history, turns, waiting, numbers };
    Ok(Loaded { document, damaged, pending })
}

/// Reads a snapshot, checking that it is whole.
pub(crate) fn load_whole(bytes: &[u8]) -> Result<Automerge, String> {
    let options = || {
        LoadOptions::new().on_partial_load(OnPartialLoad::Error).verification_mode(VerificationMode::Check)
    };
    guarded(|| {
        Automerge::load_with_options(bytes, options())
            .map_err(|error| Refusal::Rejected { reason: error.to_string() })
    })
    .map_err(|refusal| match refusal {
        Refusal::Rejected { reason } => reason,
        other => other.to_string(),
    })
}

fn replay(doc: &mut Automerge, waiting: &mut Waiting, chunks: &[Vec<u8>]) -> Vec<Damaged> {
    let mut damaged = Vec::new();
    for (index, chunk) in chunks.iter().enumerate() {
        match open(chunk, usize::MAX) {
            Ok(change) if waiting.contains(&change.hash()) => {}
            Ok(change) if max_op(doc, &change.hash()).is_some() => {}
            Ok(change) => waiting.hold(Held { change, index: Some(index) }),
            Err(reason) => damaged.push(Damaged { index, reason }),
        }
    }
    let ready = waiting.take_ready(|it| max_op(doc, it).is_some());
    let changes: Vec<_> = ready.iter().map(|it| it.change.clone()).collect();
    match apply_own(doc, &changes) {
        Ok(next) => *doc = next,
        Err(_) => {
            let mut refused: Vec<ChangeHash> = Vec::new();
            for held in ready {
                match replay_one(doc, &held, &refused) {
                    Ok(next) => *doc = next,
                    Err(reason) => {
                        refused.push(held.change.hash());
                        damaged.extend(held.index.map(|index| Damaged { index, reason }));
                    }
                }
            }
            let dependents = waiting.take_dependents(&refused).into_iter().filter_map(|it| it.index);
            damaged.extend(dependents.map(|index| Damaged { index, reason: Refusal::RestsOnRefused }));
        }
    }
    waiting.settle();
    damaged.sort_by_key(|it| it.index);
    damaged
}

fn replay_one(doc: &Automerge, held: &Held, refused: &[ChangeHash]) -> Result<Automerge, Refusal> {
    if held.change.deps().iter().any(|it| refused.contains(it)) {
        return Err(Refusal::RestsOnRefused);
    }
    apply_own(doc, std::slice::from_ref(&held.change))
}
