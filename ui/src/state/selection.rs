//! What is selected: the same steps and items in every view, for whatever acts on several things at once.

use std::collections::BTreeSet;

use custory_domain::EntityRef;
use dioxus::prelude::*;

use super::kept;

/// What is selected in the open journey. Small handles: copy it freely.
#[derive(Clone, Copy, PartialEq)]
pub struct Selection {
    /// Steps and items that are selected.
    pub all: Signal<BTreeSet<EntityRef>>,
    /// Where a range begins: what was selected last by itself.
    pub anchor: Signal<Option<EntityRef>>,
}

impl Selection {
    /// Nothing selected.
    pub fn new() -> Self {
        Self { all: kept(BTreeSet::new()), anchor: kept(None) }
    }

    /// Whether nothing is selected.
    pub fn is_empty(self) -> bool {
        self.all.peek().is_empty()
    }

    /// Whether one is selected.
    pub fn has(self, one: EntityRef) -> bool {
        self.all.peek().contains(&one)
    }

    /// Whether one is selected together with others: what is done to it is done to all of them.
    pub fn is_among_others(self, one: EntityRef) -> bool {
        let all = self.all.peek();
        all.len() > 1 && all.contains(&one)
    }

    /// Selects nothing.
    pub fn clear(mut self) {
        if !self.is_empty() {
            self.all.set(BTreeSet::new());
        }
    }

    /// Selects exactly those.
    pub fn set(mut self, these: BTreeSet<EntityRef>) {
        if *self.all.peek() != these {
            self.all.set(these);
        }
    }

    /// Selects one more, or no longer.
    pub fn toggle(mut self, one: EntityRef) {
        let mut all = self.all.write();
        if !all.remove(&one) {
            all.insert(one);
        }
        drop(all);
        self.anchor.set(Some(one));
    }

    /// Begins anew, for another journey.
    pub fn reset(mut self) {
        self.clear();
        self.anchor.set(None);
    }
}
