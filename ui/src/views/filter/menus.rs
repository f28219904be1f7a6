//! Menus of a filter: which test, of which values, and what goes beside it.

use std::collections::BTreeSet;

use custory_domain::filter::{At, Criterion, Test};
use custory_domain::{ItemKind, StageId, Truth};
use dioxus::prelude::*;

use super::words;
use crate::components::Entry;
use crate::state::Store;
use crate::views::choices::follow;
use crate::views::map::MapState;

/// Least evidence that can be asked for.
const EVIDENCE_CHOICES: [usize; 4] = [1, 5, 10, 20];

/// Where a new test goes.
#[derive(Clone, Copy, PartialEq)]
pub enum Target {
    /// At the end.
    End,
    /// In brackets with another one.
    Beside(At),
}

/// Adds a test and answers where it stands.
fn add(mut map: MapState, target: Target, what: Criterion) -> Option<At> {
    let mut filter = map.filter.write();
    match target {
        Target::End => filter.add(what.into()),
        Target::Beside(at) => filter.add_beside(at, what.into()),
    }
}

/// What can be tested for. Choosing one adds the test; which values, its own menu says.
pub fn kinds_of_tests(
    store: Store,
    map: MapState,
    mut typing: Signal<Option<At>>,
    target: Target,
) -> Vec<Entry> {
    let one = move |label: &str, icon: &'static str, what: Criterion| {
        Entry::act(label, move || {
            add(map, target, what.clone());
        })
        .icon(icon)
    };
    let more = move |label: &'static str,
                     icon: &'static str,
                     choices: fn(Store, MapState, Target) -> Vec<Entry>| {
        Entry::act(format!("{label}…"), move || follow(store, label, choices(store, map, target))).icon(icon)
    };
    let mut entries = vec![
        one("Only open work", "check", Criterion::Open),
        more("Owner", "user", owners),
        more("Stage", "map", stages),
        more("Kind", "panel", item_kinds),
        more("Evidence", "quote", evidence),
        more("Severity", "warn", severity),
        more("Impact", "matrix", impact),
        more("Effort", "matrix", effort),
        more("Truth", "eye", truths),
    ];
    let words = move || typing.set(add(map, target, Criterion::Text { words: String::new() }));
    entries.push(Entry::act("Words in the title…", words).icon("search"));
    entries
}

/// A choice that adds a test.
fn adding(map: MapState, target: Target, label: String, what: Criterion) -> Entry {
    Entry::act(label, move || {
        add(map, target, what.clone());
    })
}

fn owners(store: Store, map: MapState, target: Target) -> Vec<Entry> {
    let of = |id| Criterion::Owner { owners: [id].into() };
    let people = store.members().into_iter().map(|it| Some(it.id)).chain([None]);
    people.map(|id| adding(map, target, words::person(store, id), of(id)).person(id)).collect()
}

fn stages(store: Store, map: MapState, target: Target) -> Vec<Entry> {
    let named = stage_names(store).into_iter();
    named.map(|(id, title)| adding(map, target, title, Criterion::Stage { stages: [id].into() })).collect()
}

fn item_kinds(_: Store, map: MapState, target: Target) -> Vec<Entry> {
    let entry = |kind: &ItemKind| {
        let spec = kind.spec();
        adding(map, target, spec.plural.to_owned(), Criterion::Kind { kinds: [*kind].into() }).icon(spec.icon)
    };
    ItemKind::ALL.iter().map(entry).collect()
}

fn evidence(_: Store, map: MapState, target: Target) -> Vec<Entry> {
    EVIDENCE_CHOICES
        .map(|least| adding(map, target, format!("{least} or more"), Criterion::Evidence { least }))
        .into()
}

fn severity(_: Store, map: MapState, target: Target) -> Vec<Entry> {
    [5, 4, 3, 2].map(|least| adding(map, target, at_least(least), Criterion::Severity { least })).into()
}

fn impact(_: Store, map: MapState, target: Target) -> Vec<Entry> {
    [5, 4, 3, 2].map(|least| adding(map, target, at_least(least), Criterion::Impact { least })).into()
}

fn effort(_: Store, map: MapState, target: Target) -> Vec<Entry> {
    [1, 2, 3, 4].map(|most| adding(map, target, format!("{most} or less"), Criterion::Effort { most })).into()
}

fn truths(_: Store, map: MapState, target: Target) -> Vec<Entry> {
    ALL_TRUTHS
        .map(|it| adding(map, target, words::truth(it).to_owned(), Criterion::Truth { truths: [it].into() }))
        .into()
}

const ALL_TRUTHS: [Truth; 4] = [Truth::Assumption, Truth::Observed, Truth::Validated, Truth::Refuted];

fn at_least(least: u8) -> String {
    if least == 5 { "5".to_owned() } else { format!("{least} or more") }
}

fn stage_names(store: Store) -> Vec<(StageId, String)> {
    let open = store.open.peek();
    let Some(open) = open.as_ref() else { return Vec::new() };
    open.board.stages_in_order().iter().map(|it| (it.id, it.title.clone())).collect()
}

/// The menu of one test: its values, its opposite, what goes beside it, and its end.
pub fn of_test(store: Store, mut map: MapState, mut typing: Signal<Option<At>>, at: At) -> Vec<Entry> {
    let Some(test) = map.filter.peek().test(at).cloned() else { return Vec::new() };
    let mut entries = values(store, map, typing, at, &test);
    entries.push(Entry::Line);
    entries.push(
        Entry::act("The opposite", move || {
            if let Some(test) = map.filter.write().test_mut(at) {
                test.not = !test.not;
            }
        })
        .icon("sync")
        .on(test.not),
    );
    let beside = move || {
        follow(store, "Another condition beside it", kinds_of_tests(store, map, typing, Target::Beside(at)));
    };
    entries.push(Entry::act("Another one beside it…", beside).icon("plus"));
    entries.push(
        Entry::act("Remove", move || {
            typing.set(None);
            map.filter.write().remove(at);
        })
        .icon("x"),
    );
    entries
}

/// What a test can be about, with what it is about now.
fn values(
    store: Store,
    mut map: MapState,
    mut typing: Signal<Option<At>>,
    at: At,
    test: &Test,
) -> Vec<Entry> {
    let put = move |what: Criterion| {
        move || {
            if let Some(test) = map.filter.write().test_mut(at) {
                test.what = what.clone();
            }
        }
    };
    let number = |label: String, is_on: bool, what: Criterion| Entry::act(label, put(what)).on(is_on);
    match &test.what {
        Criterion::Open => Vec::new(),
        Criterion::Text { .. } => {
            vec![Entry::act("Change the words", move || typing.set(Some(at))).icon("pen")]
        }
        Criterion::Owner { owners } => store
            .members()
            .into_iter()
            .map(|it| Some(it.id))
            .chain([None])
            .map(|id| {
                let what = Criterion::Owner { owners: toggled(owners, id) };
                Entry::act(words::person(store, id), put(what)).person(id).on(owners.contains(&id))
            })
            .collect(),
        Criterion::Stage { stages } => stage_names(store)
            .into_iter()
            .map(|(id, title)| {
                Entry::act(title, put(Criterion::Stage { stages: toggled(stages, id) }))
                    .on(stages.contains(&id))
            })
            .collect(),
        Criterion::Kind { kinds } => ItemKind::ALL
            .iter()
            .map(|kind| {
                let what = Criterion::Kind { kinds: toggled(kinds, *kind) };
                Entry::act(kind.spec().plural, put(what)).icon(kind.spec().icon).on(kinds.contains(kind))
            })
            .collect(),
        Criterion::Truth { truths } => ALL_TRUTHS
            .iter()
            .map(|it| {
                let what = Criterion::Truth { truths: toggled(truths, *it) };
                Entry::act(words::truth(*it), put(what)).on(truths.contains(it))
            })
            .collect(),
        Criterion::Evidence { least: now } => EVIDENCE_CHOICES
            .map(|least| number(format!("{least} or more"), least == *now, Criterion::Evidence { least }))
            .into(),
        Criterion::Severity { least: now } => [5, 4, 3, 2]
            .map(|least| number(at_least(least), least == *now, Criterion::Severity { least }))
            .into(),
        Criterion::Impact { least: now } => [5, 4, 3, 2]
            .map(|least| number(at_least(least), least == *now, Criterion::Impact { least }))
            .into(),
        Criterion::Effort { most: now } => [1, 2, 3, 4]
            .map(|most| number(format!("{most} or less"), most == *now, Criterion::Effort { most }))
            .into(),
    }
}

/// The set with that value in it, or without it if it was there; never empty, since nothing would stay.
fn toggled<T: Ord + Clone>(set: &BTreeSet<T>, value: T) -> BTreeSet<T> {
    let mut set = set.clone();
    if set.contains(&value) && set.len() > 1 {
        set.remove(&value);
    } else {
        set.insert(value);
    }
    set
}
