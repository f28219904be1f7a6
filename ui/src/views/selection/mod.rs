//! Acting on several steps and items at once: which they are, in the order of the journey, the bar that says how
//! many, and the menus. Every view selects in its own way; what can be done is said here once.

mod bulk;
mod menus;

use std::collections::BTreeSet;

use custory_domain::{EntityRef, ItemKind};
use dioxus::prelude::*;

pub use bulk::Bulk;
pub use menus::{
    about, are_items, can_link, choices, common_entries, copy_as_markdown, copy_entry, opportunities, people,
    statuses, steps,
};

use crate::components::Entry;
use crate::state::{OpenJourney, Store};

/// What is selected, in the order of the journey.
pub fn rows_at_hand(store: Store) -> Vec<EntityRef> {
    let selected = store.selection.all.peek().clone();
    match store.open.peek().as_ref() {
        Some(open) => in_order(open, selected),
        None => selected.into_iter().collect(),
    }
}

/// Steps and items as the customer comes by them, each once; what is on no step comes last.
pub fn in_order(open: &OpenJourney, mut these: BTreeSet<EntityRef>) -> Vec<EntityRef> {
    let mut rows = Vec::with_capacity(these.len());
    for step in open.board.steps_in_order() {
        let cells = ItemKind::ALL.iter().flat_map(|kind| open.index.cell(step.id, *kind).iter().copied());
        rows.extend(std::iter::once(step.id.into()).chain(cells).filter(|it| these.remove(it)));
    }
    rows.extend(these);
    rows
}

/// What can be done to what is selected, where that is more than one.
pub fn entries(store: Store, ontrash: impl FnMut() + 'static) -> Vec<Entry> {
    let rows = rows_at_hand(store);
    let mut entries = vec![Entry::Heading(about(&rows))];
    entries.extend(common_entries(store, &rows));
    entries.push(Entry::Line);
    entries.push(Entry::act("Delete", ontrash).icon("trash").keys(&["⌫"]).danger());
    entries
}
