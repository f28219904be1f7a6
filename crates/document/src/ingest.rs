//! Takes changes in from outside. One bad change does not hinder the good ones.
//!
//! In this order: size, checksum, bounds and references of each chunk (`chunk`); does it count on from
//! what it rests on; application to a copy that is thrown away on any trouble (`apply`). First all at once,
//! because that is ten times faster; one by one only if that fails.

use std::collections::BTreeMap;

use automerge::{Automerge, Change, ChangeHash};
use custory_domain::{Entity, EntityRef, Patch};

use crate::actor::Turns;
use crate::apply::apply;
use crate::chunk::{chunk_of, open};
use crate::model::Model;
use crate::numbers::{Counted, Numbers};
use crate::waiting::{Held, Waiting};

/// Bytes of one change, from outside or for outside. A relay takes no larger record.
pub const CHUNK_BYTES_MAX: usize = 256 * 1024;

/// What came of merging changes from outside.
#[derive(Debug, Default)]
pub struct Merged {
    /// What differs on the board now.
    pub patch: Patch,
    /// Changes that are in the document now and were not before, each after what it rests on. Some
    /// may have waited since an earlier merge.
    pub accepted: Vec<[u8; 32]>,
    /// These changes as chunks, in the same order.
    pub chunks: Vec<Vec<u8>>,
    /// Changes that were not taken in.
    pub refused: Vec<Refused>,
    /// Changes that had waited since an earlier merge and will never be taken in: they, or what they
    /// rest on, turned out to be bad.
    pub withdrawn: Vec<[u8; 32]>,
    /// How many changes wait for what they rest on.
    pub pending: usize,
}

/// A change that was not taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Its place in the list that was to be merged.
    pub index: usize,
    /// Why.
    pub reason: Refusal,
}

/// Why a change is not taken in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Longer than a change may be.
    #[error("the change has {bytes} bytes, more than the {max} that are allowed")]
    TooLarge {
        /// How long it is.
        bytes: usize,
        /// How long it may be.
        max: usize,
    },
    /// Not one change chunk from the first byte to the last.
    #[error("these bytes are not what they should be")]
    NotAChange,
    /// Damaged on the way or on disk.
    #[error("the change is damaged: its checksum does not fit")]
    Checksum,
    /// Would unpack to more than any honest change.
    #[error("the change would unpack to too much")]
    TooMuch,
    /// Automerge cannot read it.
    #[error("the change cannot be read: {reason}")]
    Malformed {
        /// Automerge's words.
        reason: String,
    },
    /// Numbers itself or its operations other than what it rests on makes necessary.
    #[error("the change does not count on from what it rests on")]
    Miscounted,
    /// Works on something before it has been made.
    #[error("the change refers to what comes after it")]
    RefersAhead,
    /// Writes a field into a text, or a place into what has fields.
    #[error("the change takes something for what it is not")]
    Mistaken,
    /// Automerge cannot take it in.
    #[error("the change cannot be applied: {reason}")]
    Rejected {
        /// Automerge's words.
        reason: String,
    },
    /// Reading or applying it failed in a way that only crafted changes cause.
    #[error("the change is malformed")]
    Panicked,
    /// The document would no longer be able to give the change back.
    #[error("the change would damage the document")]
    NotReproducible,
    /// Claims to have been written in this very session, which did not write it.
    #[error("the change pretends to come from this device")]
    NotOurs,
    /// Rests on a change that was refused.
    #[error("the change rests on one that was refused")]
    RestsOnRefused,
    /// Too many changes wait already for what they rest on.
    #[error("too many changes are waiting for earlier ones")]
    NoRoomToWait,
}

/// The parts of a document that a merge works on.
pub(crate) struct Ingest<'a> {
    pub doc: &'a mut Automerge,
    pub model: &'a mut Model,
    pub waiting: &'a mut Waiting,
    pub turns: &'a Turns,
    pub numbers: &'a mut Numbers,
}

impl Ingest<'_> {
    pub fn merge(mut self, chunks: &[Vec<u8>]) -> Merged {
        let mut merged = Merged::default();
        for (index, chunk) in chunks.iter().enumerate() {
            if let Err(reason) = self.look_at(index, chunk) {
                merged.refused.push(Refused { index, reason });
            }
        }
        let doc = &*self.doc;
        let ready = self.waiting.take_ready(|it| max_op(doc, it).is_some());
        let mut intake = Intake::default();
        let ready = intake.sieve(Counted::on(doc, self.numbers), ready);
        self.take_in(ready, &mut intake);
        for held in self.waiting.take_dependents(&intake.refused) {
            intake.refuse(held, Refusal::RestsOnRefused);
        }
        for held in self.waiting.take_overflow() {
            intake.refuse(held, Refusal::NoRoomToWait);
        }
        self.waiting.settle();
        merged.patch = intake.patch();
        merged.accepted = intake.accepted;
        merged.chunks = intake.chunks;
        merged.refused.extend(intake.refusals);
        merged.refused.sort_by_key(|it| it.index);
        merged.withdrawn = intake.withdrawn;
        merged.pending = self.waiting.len();
        merged
    }

    /// Opens a chunk and lets the change wait for its turn, unless it is here already.
    fn look_at(&mut self, index: usize, chunk: &[u8]) -> Result<(), Refusal> {
        let change = open(chunk, CHUNK_BYTES_MAX)?;
        let hash = change.hash();
        if self.waiting.contains(&hash) || max_op(self.doc, &hash).is_some() {
            return Ok(());
        }
        if self.turns.is_own(change.actor_id()) {
            return Err(Refusal::NotOurs);
        }
        self.waiting.hold(Held { change, index: Some(index) });
        Ok(())
    }

    fn take_in(&mut self, ready: Vec<Held>, intake: &mut Intake) {
        let changes: Vec<Change> = ready.iter().map(|it| it.change.clone()).collect();
        if self.apply(&changes, intake).is_ok() {
            return;
        }
        for held in ready {
            if intake.rests_on_refused(&held.change) {
                intake.refuse(held, Refusal::RestsOnRefused);
            } else if let Err(reason) = self.apply(std::slice::from_ref(&held.change), intake) {
                intake.refuse(held, reason);
            }
        }
    }

    fn apply(&mut self, changes: &[Change], intake: &mut Intake) -> Result<(), Refusal> {
        if changes.is_empty() {
            return Ok(());
        }
        let applied = apply(self.doc, self.model, changes)?;
        *self.doc = applied.doc;
        self.numbers.count(changes);
        intake.accept(changes, self.model.apply(applied.differences));
        Ok(())
    }
}

/// The number of the last operation of a change in the document; `None` if it is not there.
pub(crate) fn max_op(doc: &Automerge, hash: &ChangeHash) -> Option<u64> {
    doc.get_change_meta_by_hash(hash).map(|it| it.max_op)
}

/// What becomes of the changes of one merge.
#[derive(Default)]
struct Intake {
    accepted: Vec<[u8; 32]>,
    chunks: Vec<Vec<u8>>,
    refused: Vec<ChangeHash>,
    refusals: Vec<Refused>,
    withdrawn: Vec<[u8; 32]>,
    differing: BTreeMap<EntityRef, Option<Entity>>,
}

impl Intake {
    /// Keeps those that count on from what is there and from one another.
    fn sieve(&mut self, mut counted: Counted<'_>, ready: Vec<Held>) -> Vec<Held> {
        let mut sound = Vec::with_capacity(ready.len());
        for held in ready {
            if self.rests_on_refused(&held.change) {
                self.refuse(held, Refusal::RestsOnRefused);
            } else if counted.takes(&held.change) {
                sound.push(held);
            } else {
                self.refuse(held, Refusal::Miscounted);
            }
        }
        sound
    }

    fn rests_on_refused(&self, change: &Change) -> bool {
        !self.refused.is_empty() && change.deps().iter().any(|it| self.refused.contains(it))
    }

    fn accept(&mut self, changes: &[Change], patch: Patch) {
        self.accepted.extend(changes.iter().map(|it| it.hash().0));
        self.chunks.extend(changes.iter().map(chunk_of));
        self.differing.extend(patch.put.into_iter().map(|it| (it.entity_ref(), Some(it))));
        self.differing.extend(patch.removed.into_iter().map(|it| (it, None)));
    }

    fn refuse(&mut self, held: Held, reason: Refusal) {
        self.refused.push(held.change.hash());
        match held.index {
            Some(index) => self.refusals.push(Refused { index, reason }),
            None => self.withdrawn.push(held.change.hash().0),
        }
    }

    fn patch(&mut self) -> Patch {
        let mut patch = Patch::default();
        for (id, entity) in std::mem::take(&mut self.differing) {
            match entity {
                Some(entity) => patch.put.push(entity),
                None => patch.removed.push(id),
            }
        }
        patch
    }
}
