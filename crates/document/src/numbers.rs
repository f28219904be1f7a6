//! How far each actor has numbered its changes.
//!
//! Automerge takes any number and keeps a table up to it: a change with the number four billion
//! would take as many places in memory. Honest actors count one by one.

use std::collections::BTreeMap;

use automerge::{ActorId, Automerge, Change};

/// The number of each actor's last change in a document.
#[derive(Debug, Default)]
pub(crate) struct Numbers(BTreeMap<ActorId, u64>);

impl Numbers {
    /// Looks through the changes of a document: 33 ms for 100,000.
    pub fn of(doc: &Automerge) -> Self {
        let mut numbers = Self::default();
        for change in doc.get_changes_meta(&[]) {
            numbers.note(&change.actor, change.seq);
        }
        numbers
    }

    /// The number that the actor's next change has.
    pub fn next(&self, actor: &ActorId) -> u64 {
        self.0.get(actor).copied().unwrap_or_default() + 1
    }

    /// Counts changes that are in the document now.
    pub fn count(&mut self, changes: &[Change]) {
        changes.iter().for_each(|it| self.note(it.actor_id(), it.seq()));
    }

    fn note(&mut self, actor: &ActorId, number: u64) {
        let last = self.0.entry(actor.clone()).or_default();
        *last = (*last).max(number);
    }
}
