//! One's own gestures, to be taken back and done again. Kept in memory only.
//!
//! Invariant: undo never takes back somebody else's edit. A value is put back only where the
//! document still holds what the gesture wrote; everything else stays as it is. Redo is the undo
//! of an undo, by the same rule.
//!
//! An added entity is taken back by removing its stamp of last change (see `layout`), so it stays
//! if anybody has changed it since, and redo finds all that others did to it in the meantime.

use automerge::Automerge;
use custory_domain::{EntityRef, Stamp};

use crate::layout::{FlatMap, UPDATED, record_of};
use crate::read;
use crate::write::{EntityWrite, Written};

/// How many gestures can be taken back. Far more than anybody goes back step by step; bounds the
/// memory that old texts take.
const GESTURES_MAX: usize = 500;

/// What one gesture wrote.
#[derive(Clone, Debug)]
pub(crate) struct Gesture {
    pub label: String,
    writes: Vec<EntityWrite>,
}

impl Gesture {
    pub fn of(label: String, plan: &[EntityWrite]) -> Self {
        let writes = plan
            .iter()
            .map(|it| {
                let mut keys = it.keys.clone();
                if it.is_new {
                    keys.retain(|key, _| key == UPDATED);
                }
                EntityWrite { entity: it.entity, is_new: false, keys }
            })
            .collect();
        Self { label, writes }
    }

    /// What to write to take the gesture back, except for what `keeps` says has to stay in view.
    pub fn reversed(
        &self,
        doc: &Automerge,
        stamp: Stamp,
        keeps: impl Fn(EntityRef) -> bool,
    ) -> Vec<EntityWrite> {
        let reversed = self.writes.iter().filter_map(|it| reversed(it, doc, stamp));
        reversed.filter(|it| !(takes_away(it) && keeps(it.entity))).collect()
    }

    /// Whether anything of it can still be taken back.
    pub fn is_reversible(&self, doc: &Automerge) -> bool {
        self.writes.iter().any(|it| reversed(it, doc, Stamp::default()).is_some())
    }
}

/// Whether a write takes an entity out of view.
pub(crate) fn takes_away(write: &EntityWrite) -> bool {
    write.keys.get(UPDATED).is_some_and(|it| it.after.is_none())
}

fn reversed(write: &EntityWrite, doc: &Automerge, stamp: Stamp) -> Option<EntityWrite> {
    let current = read::flat(doc, write.entity)?;
    let is_as_written = |(key, it): &(&String, &Written)| current.get(*key) == it.after.as_ref();
    let fields = write.keys.iter().filter(|(key, _)| *key != UPDATED);
    let mut keys: std::collections::BTreeMap<String, Written> =
        fields.clone().filter(is_as_written).map(|(key, it)| (key.clone(), inverse(it))).collect();
    keep_on_a_step(&mut keys, &current);
    let is_whole = keys.len() == fields.count();
    let updated = write.keys.get_key_value(UPDATED).filter(is_as_written);
    match updated {
        Some((_, updated)) if is_whole => {
            keys.insert(UPDATED.to_owned(), inverse(updated));
        }
        _ if keys.is_empty() => return None,
        // Somebody else's edit is in it as well: what comes of both is new.
        _ => {
            let before = current.get(UPDATED).cloned();
            keys.insert(UPDATED.to_owned(), Written { before, after: Some(record_of(&stamp)) });
        }
    }
    Some(EntityWrite { entity: write.entity, is_new: false, keys })
}

fn inverse(written: &Written) -> Written {
    Written { before: written.after.clone(), after: written.before.clone() }
}

/// An item that is left on one step by others stays on it: on none, nobody would find it.
fn keep_on_a_step(keys: &mut std::collections::BTreeMap<String, Written>, current: &FlatMap) {
    const STEPS: &str = "steps#";
    let is_there = |key: &String| keys.get(key).map_or(current.contains_key(key), |it| it.after.is_some());
    let mut steps = current.keys().chain(keys.keys()).filter(|it| it.starts_with(STEPS)).peekable();
    if steps.peek().is_some() && !steps.any(is_there) {
        keys.retain(|key, _| !key.starts_with(STEPS));
    }
}

/// A gesture with its place in history.
#[derive(Debug)]
struct Entry {
    id: u64,
    gesture: Gesture,
}

/// Where an edit goes in history once it is adopted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    Do,
    Undo(u64),
    Redo(u64),
}

/// The gestures of this session.
#[derive(Debug, Default)]
pub(crate) struct History {
    done: Vec<Entry>,
    undone: Vec<Entry>,
    next_id: u64,
}

impl History {
    /// Gestures that can be taken back, newest first.
    pub fn done(&self) -> impl Iterator<Item = (Turn, &Gesture)> {
        self.done.iter().rev().map(|it| (Turn::Undo(it.id), &it.gesture))
    }

    /// Gestures that can be done again, in the order in which they are.
    pub fn undone(&self) -> impl Iterator<Item = (Turn, &Gesture)> {
        self.undone.iter().rev().map(|it| (Turn::Redo(it.id), &it.gesture))
    }

    /// Notes an adopted edit. What was passed over because nothing of it was left goes for good.
    pub fn note(&mut self, turn: Turn, gesture: Gesture) {
        let entry = Entry { id: self.next_id, gesture };
        self.next_id += 1;
        match turn {
            Turn::Do => {
                self.undone.clear();
                self.done.push(entry);
            }
            Turn::Undo(id) => {
                self.done.retain(|it| it.id < id);
                self.undone.push(entry);
            }
            Turn::Redo(id) => {
                if let Some(at) = self.undone.iter().position(|it| it.id == id) {
                    self.undone.truncate(at);
                }
                self.done.push(entry);
            }
        }
        if self.done.len() > GESTURES_MAX {
            self.done.remove(0);
        }
    }
}
