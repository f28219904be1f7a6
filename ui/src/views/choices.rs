//! Choices that several views offer in a menu: a step, a person, a metric. What is chosen for what is
//! said by whoever offers it; how the choice looks is said here.

use custory_domain::{MemberId, Metric, MetricId, Step};
use dioxus::prelude::*;

use crate::components::{Entry, Menu};
use crate::state::{OpenJourney, Store, stage_colour};

/// Opens a menu in the place of the one that is open.
pub fn follow(mut store: Store, label: &str, entries: Vec<Entry>) {
    let at = store.menu.peek().as_ref().map_or((0.0, 0.0), |it| it.at);
    store.menu.set(Some(Menu { label: label.to_owned(), at, entries }));
}

/// All steps below their stages, in their stages' colours. `entry` gets each with its number on the map.
pub fn steps(open: &OpenJourney, mut entry: impl FnMut(usize, &Step) -> Entry) -> Vec<Entry> {
    let outline = open.outline();
    let count = outline.len();
    let mut entries = Vec::new();
    let mut number = 0;
    for (position, (stage, steps)) in outline.iter().enumerate() {
        if !steps.is_empty() {
            let title = open.board.stages.get(stage).map(|it| it.title.clone()).unwrap_or_default();
            entries.push(Entry::Heading(title));
        }
        for step in steps {
            number += 1;
            entries.push(entry(number, step).colour(stage_colour(position, count)));
        }
    }
    entries
}

/// The team with this person first, and nobody last.
pub fn people(
    store: Store,
    is_on: impl Fn(Option<MemberId>) -> bool,
    choose: impl Fn(Option<MemberId>) + Clone + 'static,
) -> Vec<Entry> {
    let me = *store.me.peek();
    let mut people = store.members();
    people.sort_by_key(|it| it.id != me);
    let entry = |name: String, id: Option<MemberId>| {
        let choose = choose.clone();
        Entry::act(name, move || choose(id)).person(id).on(is_on(id))
    };
    let mut entries: Vec<_> = people
        .into_iter()
        .map(|it| entry(if it.id == me { format!("{} (me)", it.name) } else { it.name }, Some(it.id)))
        .collect();
    entries.push(Entry::Line);
    entries.push(entry("No owner".to_owned(), None));
    entries
}

/// Metrics as they come, and none last.
pub fn metrics<'a>(
    metrics: impl IntoIterator<Item = &'a Metric>,
    now: Option<MetricId>,
    choose: impl Fn(Option<MetricId>) + Clone + 'static,
) -> Vec<Entry> {
    let entry = |name: String, id: Option<MetricId>| {
        let choose = choose.clone();
        Entry::act(name, move || choose(id)).on(now == id)
    };
    let mut entries: Vec<_> =
        metrics.into_iter().map(|it| entry(it.name.clone(), Some(it.id)).icon("k-metric")).collect();
    entries.push(Entry::Line);
    entries.push(entry("None".to_owned(), None));
    entries
}
