//! A journey as it is and the same as it should be: the switch between the two, both side by side, and what differs.
//!
//! It only says what the comparison found. The two are journeys of their own, and each is changed where it is.

mod beside;
mod model;
mod moves;

use custory_domain::wording::quoted;
use custory_domain::{JourneyId, JourneyState};
use dioxus::prelude::*;

use super::about::make_to_be;
use crate::app::Screen;
use crate::components::{Button, Chip, Entry, Icon, Menu};
use crate::dom;
use crate::keys::hint;
use crate::state::{Drawn, Mark, Store, With, use_store};
use crate::views::map::MAP_ID;
pub use beside::BesideScreen;

/// How many things came, are otherwise, and are gone.
#[component]
pub fn Counts() -> Element {
    let store = use_store();
    let comparison = store.comparison.read();
    let Some(comparison) = comparison.as_ref() else { return rsx! {} };
    let words = match comparison.with {
        With::Past(_) => ["added", "changed", "removed"],
        With::AsIs(_) => ["to come", "to change", "to go"],
    };
    let signs = [(Mark::Added, "+", ""), (Mark::Changed, "~", "c"), (Mark::Removed, "−", "d")];
    rsx! {
        span { class: "hb-n",
            for ((mark , sign , class) , word) in signs.into_iter().zip(words) {
                if comparison.count(mark) > 0 {
                    span { key: "{word}", class: "stl",
                        span { class: "dbg st {class}", "{sign}" }
                        "{comparison.count(mark)} {word}"
                    }
                }
            }
        }
    }
}

/// How the two are drawn, with a word for each way there is.
#[component]
pub fn Drawing(ways: [(Drawn, &'static str); 2]) -> Element {
    let store = use_store();
    let now = store.comparison.read().as_ref().map(|it| it.drawn);
    rsx! {
        div { class: "seg sm", role: "group", "aria-label": "What is drawn",
            for (drawn , label) in ways {
                button {
                    key: "{label}",
                    class: "seg-i",
                    r#type: "button",
                    "aria-pressed": Some(drawn) == now,
                    "aria-current": if Some(drawn) == now { "true" },
                    onclick: move |_| store.draw_as(drawn),
                    span { "{label}" }
                }
            }
        }
    }
}

/// Over the map: that it is compared with the journey as it is, and what differs.
#[component]
pub fn CompareBanner() -> Element {
    let store = use_store();
    let comparison = store.comparison.read();
    let Some(With::AsIs(as_is)) = comparison.as_ref().map(|it| it.with) else { return rsx! {} };
    let is_same = comparison.as_ref().is_some_and(|it| it.marks.is_empty());
    let title = store.journeys.read().iter().find(|it| it.id == as_is).map(|it| it.title.clone());
    let title = title.unwrap_or_default();
    rsx! {
        div { class: "ban beside", id: "compare-banner", role: "status",
            Icon { name: "diff" }
            span { class: "hb-t",
                "Compared with "
                b { "{quoted(&title)}" }
                if is_same { " as it is today. Nothing differs yet." } else { " as it is today." }
            }
            Counts {}
            Drawing { ways: [(Drawn::SideBySide, "Side by side"), (Drawn::WhatChanged, "On one map")] }
            Button { label: "Done", class: "sm pri", keys: vec!["Esc"], id: "compare-done", onclick: move |_| store.end_comparison() }
        }
    }
}

/// Beside a journey's title: whether it shows what is or what should be, and the way to the other one.
#[component]
pub fn Sides() -> Element {
    let mut store = use_store();
    let is_to_be = use_memo(move || {
        let open = store.open.read();
        open.as_ref().and_then(|it| it.board.journey()).is_some_and(|it| it.state == JourneyState::ToBe)
    });
    let as_is = store.as_is();
    let to_be = store.to_be();
    if as_is.is_none() && to_be.is_empty() {
        return rsx! {
            if is_to_be() {
                span { class: "tag to-be", title: "This journey shows what should be",
                    Icon { name: "flag", class: "xs" }
                    "To be"
                }
            }
        };
    }
    let hint = hint(store, "The other one", &["G", "B"]);
    rsx! {
        div { class: "seg sm sides", id: "sides", role: "group", "aria-label": "As is, to be",
            button {
                class: "seg-i",
                r#type: "button",
                title: if as_is.is_some() { "{hint}" },
                "aria-current": if as_is.is_none() { "page" },
                onclick: move |_| {
                    if let Some(as_is) = as_is {
                        to(store, as_is);
                    }
                },
                "As is"
            }
            button {
                class: "seg-i",
                r#type: "button",
                title: if as_is.is_none() { "{hint}" },
                "aria-current": if as_is.is_some() { "page" },
                "aria-haspopup": if as_is.is_none() && to_be.len() > 1 { "menu" },
                onclick: move |event| match to_be.as_slice() {
                    _ if as_is.is_some() => {}
                    [] => {}
                    [(one, _)] => to(store, *one),
                    several => {
                        let entry = |(id, title): &(JourneyId, String)| {
                            let id = *id;
                            Entry::act(title.clone(), move || to(store, id)).icon("flag")
                        };
                        let entries = several.iter().map(entry).collect();
                        store.menu.set(Some(Menu::below(&event, "As it should be", entries)));
                    }
                },
                "To be"
            }
        }
    }
}

/// Goes to the other one of the two; the map stays at the same place.
fn to(store: Store, journey: JourneyId) {
    let place = dom::by_id(MAP_ID).map(|it| (it.scroll_left(), it.scroll_top()));
    store.go_and(Screen::Journey(journey), move |_| {
        let Some((left, top)) = place else { return };
        dioxus::core::spawn_forever(async move {
            dom::next_frame().await;
            if let Some(map) = dom::by_id(MAP_ID) {
                map.set_scroll_left(left);
                map.set_scroll_top(top);
            }
        });
    });
}

/// Goes from the journey as it is to the one as it should be, or back; answers whether there is another one.
pub fn other_side(store: Store) -> bool {
    let other = store.as_is().or_else(|| store.to_be().first().map(|it| it.0));
    other.map(|it| to(store, it)).is_some()
}

/// The map's tool that puts another state of the journey beside it.
#[component]
pub fn CompareChip() -> Element {
    let mut store = use_store();
    let is_on = use_memo(move || store.comparison.read().is_some());
    let class = if is_on() { "on" } else { "quiet" };
    rsx! {
        Chip {
            class,
            label: "Compare",
            opens_menu: true,
            onclick: move |event| store.menu.set(Some(Menu::below(&event, "Compare", entries(store)))),
            Icon { name: "diff", class: "sm" }
            span { class: "chip-w", "Compare" }
        }
    }
}

/// What the journey can be compared with.
fn entries(store: Store) -> Vec<Entry> {
    let Some(journey) = store.journey_on_screen() else { return Vec::new() };
    let with = store.comparison.peek().as_ref().map(|it| it.with);
    let mut entries = Vec::new();
    if store.as_is().is_some() {
        let is_on = matches!(with, Some(With::AsIs(_)));
        entries.push(
            Entry::act("With the journey as it is", move || store.toggle_as_is())
                .icon("map")
                .keys(&["G", "C"])
                .on(is_on),
        );
    }
    let to_be = store.to_be();
    let only = to_be.len() == 1;
    for (id, title) in to_be {
        let label =
            if only { "With how it should be".to_owned() } else { format!("With {}", quoted(&title)) };
        let entry = Entry::act(label, move || store.compare_in(id)).icon("flag");
        entries.push(if only { entry.keys(&["G", "C"]) } else { entry });
    }
    if entries.is_empty() {
        entries.push(Entry::act("Make the to-be of it", move || make_to_be(store, journey)).icon("flag"));
    }
    let back = move || {
        if store.history.peek().is_none() {
            store.toggle_history();
        }
    };
    entries.push(Entry::act("With an older version", back).icon("clock").keys(&["G", "H"]));
    entries
}
