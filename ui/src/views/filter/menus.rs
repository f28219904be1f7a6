//! Menus of a filter: which test, of which values, and what goes beside it.

use std::collections::BTreeSet;

use custory_domain::filter::{Age, At, Criterion};
use custory_domain::{ItemKind, ItemState, StageId, Truth};
use dioxus::prelude::*;

use super::words;
use crate::components::Entry;
use crate::format;
use crate::state::Store;
use crate::views::choices::follow;
use crate::views::map::MapState;

/// Least evidence that can be asked for.
const EVIDENCE_CHOICES: [usize; 4] = [1, 5, 10, 20];

/// Days that stand in the field before a person types their own number.
const OWN_DAYS: u16 = 14;

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
    let more = move |label: &'static str, icon: &'static str, none: Criterion| {
        let choose = move || {
            let put = move |what| {
                add(map, target, what);
            };
            follow(store, label, values(store, &none, put));
        };
        Entry::act(format!("{label}…"), choose).icon(icon)
    };
    let mut entries = vec![
        one("Only open work", "check", Criterion::Open),
        more("Owner", "user", Criterion::Owner { owners: BTreeSet::new() }),
        more("Stage", "map", Criterion::Stage { stages: BTreeSet::new() }),
        more("Kind", "panel", Criterion::Kind { kinds: BTreeSet::new() }),
        more("Evidence", "quote", Criterion::Evidence { least: 0 }),
        more("Severity", "warn", Criterion::Severity { least: 0 }),
        more("Impact", "matrix", Criterion::Impact { least: 0 }),
        more("Effort", "matrix", Criterion::Effort { most: 0 }),
        more("Status", "flag", Criterion::State { states: BTreeSet::new() }),
        more("Truth", "eye", Criterion::Truth { truths: BTreeSet::new() }),
    ];
    let none = Age::Within(0);
    for (label, icon, what) in [
        ("Added", "plus", Criterion::Added { age: none }),
        ("Changed", "clock", Criterion::Changed { age: none }),
        ("Last evidence", "quote", Criterion::LastEvidence { age: none }),
    ] {
        let choose = move || {
            let put = move |what| {
                add(map, target, what);
            };
            let mut entries = values(store, &what, put);
            let own = what.clone().with_age(Age::Within(OWN_DAYS));
            let type_it = move || typing.set(add(map, target, own.clone()));
            entries.push(Entry::act("Another number of days…", type_it).icon("pen"));
            follow(store, label, entries);
        };
        entries.push(Entry::act(format!("{label}…"), choose).icon(icon));
    }
    let words = move || typing.set(add(map, target, Criterion::Text { words: String::new() }));
    entries.push(Entry::act("Words in the title…", words).icon("search"));
    entries
}

/// Whose things alone are shown: one press adds the test.
pub fn owners(store: Store, map: MapState) -> Vec<Entry> {
    let put = move |what| {
        add(map, Target::End, what);
    };
    values(store, &Criterion::Owner { owners: BTreeSet::new() }, put)
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
    let put = move |what| {
        if let Some(test) = map.filter.write().test_mut(at) {
            test.what = what;
        }
    };
    let mut entries = values(store, &test.what, put);
    if let Criterion::Text { .. } = test.what {
        entries.push(Entry::act("Change the words", move || typing.set(Some(at))).icon("pen"));
    }
    if test.what.age().is_some() {
        entries.push(Entry::act("Another number of days…", move || typing.set(Some(at))).icon("pen"));
    }
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

/// What a test can be about, with what it is about now; `put` takes over what is chosen.
fn values(store: Store, now: &Criterion, put: impl FnMut(Criterion) + Copy + 'static) -> Vec<Entry> {
    let test = now;
    let choice = |label: String, is_on: bool, what: Criterion| {
        let mut put = put;
        Entry::act(label, move || put(what.clone())).on(is_on)
    };
    match now {
        Criterion::Open | Criterion::Text { .. } => Vec::new(),
        Criterion::Owner { owners } => store
            .members()
            .into_iter()
            .map(|it| Some(it.id))
            .chain([None])
            .map(|id| {
                let what = Criterion::Owner { owners: toggled(owners, id) };
                choice(words::person(store, id), owners.contains(&id), what).person(id)
            })
            .collect(),
        Criterion::Stage { stages } => stage_names(store)
            .into_iter()
            .map(|(id, title)| {
                choice(title, stages.contains(&id), Criterion::Stage { stages: toggled(stages, id) })
            })
            .collect(),
        Criterion::Kind { kinds } => ItemKind::ALL
            .iter()
            .map(|kind| {
                let (spec, what) = (kind.spec(), Criterion::Kind { kinds: toggled(kinds, *kind) });
                choice(spec.plural.to_owned(), kinds.contains(kind), what).icon(spec.icon)
            })
            .collect(),
        Criterion::Truth { truths } => ALL_TRUTHS
            .map(|it| {
                let what = Criterion::Truth { truths: toggled(truths, it) };
                choice(words::truth(it).to_owned(), truths.contains(&it), what)
            })
            .into(),
        Criterion::State { states } => ItemState::CHOSEN
            .map(|it| {
                let kind = ItemKind::of(it.kind()).map_or("", |it| it.spec().name);
                let what = Criterion::State { states: toggled(states, it) };
                choice(format!("{kind}: {}", it.word().to_lowercase()), states.contains(&it), what)
            })
            .into(),
        Criterion::Evidence { least: now } => EVIDENCE_CHOICES
            .map(|least| choice(format!("{least} or more"), least == *now, Criterion::Evidence { least }))
            .into(),
        Criterion::Severity { least: now } => [5, 4, 3, 2]
            .map(|least| choice(at_least(least), least == *now, Criterion::Severity { least }))
            .into(),
        Criterion::Impact { least: now } => [5, 4, 3, 2]
            .map(|least| choice(at_least(least), least == *now, Criterion::Impact { least }))
            .into(),
        Criterion::Added { age: now }
        | Criterion::Changed { age: now }
        | Criterion::LastEvidence { age: now } => {
            let (within, before) = (Age::DAYS.map(Age::Within), Age::DAYS.map(Age::Before));
            let own = (now.days() > 0 && !Age::DAYS.contains(&now.days())).then_some(*now);
            let ages = within.into_iter().chain(before).chain(own);
            ages.map(|age| choice(format::capital(&age.words()), age == *now, test.clone().with_age(age)))
                .collect()
        }
        Criterion::Effort { most: now } => [1, 2, 3, 4]
            .map(|most| choice(format!("{most} or less"), most == *now, Criterion::Effort { most }))
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
