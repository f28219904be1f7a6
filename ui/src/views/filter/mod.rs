//! What is left out, the same in every view: a chip for each test, the words between them, brackets around groups,
//! and views that are kept under a name.

mod menus;
mod saved;
mod words;

use custory_domain::filter::{Age, At, Criterion, Filter, Join, Part};
use dioxus::prelude::*;

use crate::components::{Button, Chip, Empty, Icon, InlineText, Menu};
use crate::format::whole;
use crate::state::Store;
use crate::state::use_store;
use crate::views::map::use_map;
use menus::Target;
pub use saved::{SaveView, SavedViews, show};

/// The chips.
#[component]
pub fn FilterChips() -> Element {
    let mut store = use_store();
    let map = use_map();
    let typing = use_signal(|| None::<At>);
    let filter = map.filter.read().clone();
    rsx! {
        SavedViews {}
        Chip {
            class: "quiet",
            id: "filter",
            opens_menu: true,
            onclick: move |event| {
                let entries = menus::kinds_of_tests(store, map, typing, Target::End);
                store.menu.set(Some(Menu::below(&event, "Filter", entries)));
            },
            Icon { name: "filter" }
            "Filter"
        }
        if filter.is_on() {
            Tests { filter: filter.clone(), typing }
        }
        AtHand { filter }
    }
}

/// Evidence that is asked for by the filter at hand.
const EVIDENCE_AT_HAND: usize = 5;

/// Days that the filter at hand looks back.
const DAYS_AT_HAND: u16 = 28;

/// The filters that are wanted most, one press away. One that is on stands among the tests instead.
#[component]
fn AtHand(filter: Filter) -> Element {
    let mut store = use_store();
    let mut map = use_map();
    let is_there = |is: fn(&Criterion) -> bool| {
        filter.parts.iter().any(|it| matches!(it, Part::Test(test) if is(&test.what)))
    };
    let mut add = move |what: Criterion| {
        map.filter.write().add(what.into());
    };
    rsx! {
        span { class: "at-hand",
            if !is_there(|it| matches!(it, Criterion::Evidence { .. })) {
                Chip {
                    id: "filter-evidence",
                    hint: "Only what at least {EVIDENCE_AT_HAND} pieces of evidence are behind",
                    onclick: move |_| add(Criterion::Evidence { least: EVIDENCE_AT_HAND }),
                    Icon { name: "quote", class: "sm" }
                    "Evidence {EVIDENCE_AT_HAND}+"
                }
            }
            if !is_there(|it| matches!(it, Criterion::Owner { .. })) {
                Chip {
                    id: "filter-owner",
                    hint: "Only what is somebody’s",
                    opens_menu: true,
                    onclick: move |event| {
                        store.menu.set(Some(Menu::below(&event, "Owner", menus::owners(store, map))));
                    },
                    Icon { name: "user", class: "sm" }
                    "Anyone"
                }
            }
            if !is_there(|it| matches!(it, Criterion::Open)) {
                Chip {
                    id: "filter-open",
                    hint: "Only what something remains to be done about",
                    onclick: move |_| add(Criterion::Open),
                    Icon { name: "check", class: "sm" }
                    "Open work"
                }
            }
            if !is_there(|it| it.age().is_some()) {
                Chip {
                    id: "filter-lately",
                    hint: "Only what was changed in the last {DAYS_AT_HAND} days",
                    onclick: move |_| add(Criterion::Changed { age: Age::Within(DAYS_AT_HAND) }),
                    Icon { name: "clock", class: "sm" }
                    "Last {DAYS_AT_HAND} days"
                }
            }
        }
    }
}

/// A filter in words, as in “impact 4+ and (no owner or Ana)”.
pub fn in_words(store: Store, filter: &Filter) -> String {
    let open = store.open.read();
    let test = |it| words::lower_first(&words::test(store, open.as_ref(), it).1);
    let parts = filter.parts.iter().map(|part| match part {
        Part::Test(it) => test(it),
        Part::Group { join, tests } => {
            format!("({})", tests.iter().map(test).collect::<Vec<_>>().join(&format!(" {} ", join.word())))
        }
    });
    parts.collect::<Vec<_>>().join(&format!(" {} ", filter.join.word()))
}

/// How much the filter leaves, and the way back; nothing while it leaves everything.
#[component]
pub fn Filtered(left: usize, all: usize) -> Element {
    let mut map = use_map();
    if !map.filter.read().is_on() {
        return rsx! {};
    }
    rsx! {
        span { role: "status", class: "filtered", "Filtered: {whole(left as f64)} of {whole(all as f64)}" }
        Chip { class: "quiet", onclick: move |_| map.filter.set(Filter::default()), "Clear" }
    }
}

/// In place of everything that the filter leaves out: `text` says what there would be.
#[component]
pub fn NothingPasses(text: &'static str) -> Element {
    let mut map = use_map();
    rsx! {
        Empty { icon: "filter", title: "Nothing passes the filter", text,
            Button { label: "Clear the filter", class: "pri sm", onclick: move |_| map.filter.set(Filter::default()) }
        }
    }
}

/// Tests and what joins them.
#[component]
fn Tests(filter: Filter, typing: Signal<Option<At>>) -> Element {
    rsx! {
        for (part , what) in filter.parts.iter().cloned().enumerate() {
            PartChips { key: "{part}", part, what, join: filter.join, typing }
        }
    }
}

/// A test, or several in brackets, after the word that joins it to what stands before.
#[component]
fn PartChips(part: usize, what: Part, join: Join, typing: Signal<Option<At>>) -> Element {
    let mut map = use_map();
    rsx! {
        if part > 0 {
            JoinWord { word: join.word(), onclick: move |()| map.filter.write().turn(None) }
        }
        match what {
            Part::Test(_) => rsx! {
                TestChip { at: At { part, within: None }, typing }
            },
            Part::Group { join, tests } => rsx! {
                span { class: "fgrp", role: "group", "aria-label": "Conditions in brackets",
                    for within in 0..tests.len() {
                        Within { key: "{within}", part, within, join, typing }
                    }
                }
            },
        }
    }
}

/// A test of a group, after the word that joins it to the one before.
#[component]
fn Within(part: usize, within: usize, join: Join, typing: Signal<Option<At>>) -> Element {
    let mut map = use_map();
    rsx! {
        if within > 0 {
            JoinWord { word: join.word(), onclick: move |()| map.filter.write().turn(Some(part)) }
        }
        TestChip { at: At { part, within: Some(within) }, typing }
    }
}

/// “and” or “or”: a click makes the other of it.
#[component]
fn JoinWord(word: &'static str, onclick: EventHandler<()>) -> Element {
    let other = if word == "and" { "or" } else { "and" };
    rsx! {
        button {
            class: "fjoin",
            r#type: "button",
            title: "Make it “{other}”",
            "aria-label": "{word}: make it “{other}”",
            onclick: move |_| onclick.call(()),
            "{word}"
        }
    }
}

/// A test: its words open its menu, its cross takes it away.
#[component]
fn TestChip(at: At, typing: Signal<Option<At>>) -> Element {
    let mut store = use_store();
    let mut map = use_map();
    let Some(test) = map.filter.read().test(at).cloned() else { return rsx! {} };
    if let Criterion::Text { words } = &test.what
        && *typing.read() == Some(at)
    {
        return rsx! {
            span { class: "chip on fedit",
                Icon { name: "search", class: "sm" }
                InlineText {
                    value: words.clone(),
                    label: "Words in the title",
                    placeholder: "Words in the title",
                    class: "one",
                    editing: true,
                    onsave: move |words| {
                        if let Some(test) = map.filter.write().test_mut(at) {
                            test.what = Criterion::Text { words };
                        }
                    },
                    ondone: move |()| {
                        typing.set(None);
                        let is_empty = matches!(
                            map.filter.peek().test(at).map(|it| &it.what),
                            Some(Criterion::Text { words }) if words.is_empty()
                        );
                        if is_empty {
                            map.filter.write().remove(at);
                        }
                    },
                }
            }
        };
    }
    let open = store.open.read();
    let (icon, label) = words::test(store, open.as_ref(), &test);
    if let Some(age) = test.what.age()
        && *typing.read() == Some(at)
    {
        return rsx! {
            Days { at, age, icon, label, typing }
        };
    }
    rsx! {
        span { class: "chip on fchip",
            button {
                class: "fchip-b",
                r#type: "button",
                "aria-haspopup": "menu",
                "aria-label": "Condition: {label}",
                onclick: move |event| {
                    let entries = menus::of_test(store, map, typing, at);
                    store.menu.set(Some(Menu::below(&event, "Condition", entries)));
                },
                Icon { name: icon, class: "sm" }
                "{label}"
            }
            button {
                class: "fchip-x",
                r#type: "button",
                "aria-label": "Remove the condition: {label}",
                title: "Remove",
                onclick: move |_| map.filter.write().remove(at),
                Icon { name: "x", class: "xs" }
            }
        }
    }
}

/// A number of days of one's own, in the middle of the words that it belongs to.
#[component]
fn Days(at: At, age: Age, icon: &'static str, label: String, typing: Signal<Option<At>>) -> Element {
    let mut map = use_map();
    let days = age.days().to_string();
    let (before, after) = label.split_once(&days).unwrap_or((&label, ""));
    rsx! {
        span { class: "chip on fedit fdays",
            Icon { name: icon, class: "sm" }
            "{before}"
            InlineText {
                value: days.clone(),
                label: "Days",
                class: "one",
                editing: true,
                // What is no number leaves it as it was.
                onsave: move |text: String| {
                    if let (Ok(days), Some(test)) = (text.parse(), map.filter.write().test_mut(at)) {
                        test.what = test.what.clone().with_age(age.with(days));
                    }
                },
                ondone: move |()| typing.set(None),
            }
            "{after}"
        }
    }
}
