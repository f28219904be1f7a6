//! The bar on top: the journey's title with what can be done to it, its views, and search.

use custory_domain::wording::quoted;
use custory_domain::{Change, Command, JourneyField};
use custory_ipc::{Lens, ShownIn};
use dioxus::prelude::*;

use crate::app::Screen;
use crate::components::{Button, Entry, Icon, IconButton, InlineText, Menu};
use crate::keys::hint;
use crate::state::{Place, use_store};
use crate::views::compare::Sides;
use crate::views::mates::Mates;
use crate::views::palette::Find;
use crate::views::sidebar::journey_entries;
use crate::views::team::SyncChip;

/// The bar on top.
#[component]
pub fn Top() -> Element {
    let mut store = use_store();
    let journey = store.journey_on_screen();
    let summary = store.journeys.read().iter().find(|it| Some(it.id) == journey).cloned();
    let title = store.open.read().as_ref().map(|it| it.title().to_owned());
    let title = title.or_else(|| summary.as_ref().map(|it| it.title.clone())).unwrap_or_default();
    let assistant_class = if store.assistant.read().is_open { "on" } else { "" };
    rsx! {
        header { class: "top", "data-tauri-drag-region": "true",
            div { class: "top-l", "data-tauri-drag-region": "true",
                if journey.is_some() {
                    Above {}
                }
                if journey.is_some() && *store.renaming.read() == journey.map(|it| (it, Place::Top)) {
                    h1 { class: "pt",
                        InlineText {
                            value: title,
                            label: "Title of the journey",
                            class: "one",
                            editing: true,
                            onsave: move |title| {
                                if let Some(id) = journey {
                                    store.send(Command::set(Change::Journey { id, set: JourneyField::Title(title) }));
                                }
                            },
                            ondone: move |()| store.renaming.set(None),
                        }
                    }
                } else {
                    button {
                        class: "jt",
                        r#type: "button",
                        "aria-haspopup": "menu",
                        ondoubleclick: move |_| {
                            store.menu.set(None);
                            store.renaming.set(journey.map(|it| (it, Place::Top)));
                        },
                        onclick: move |event| {
                            if let Some(summary) = &summary {
                                let entries = journey_entries(store, summary, Place::Top);
                                store.menu.set(Some(Menu::below(&event, "Journey", entries)));
                            }
                        },
                        h1 { "{title}" }
                        Icon { name: "down", class: "sm" }
                    }
                }
                if journey.is_some() {
                    Sides {}
                }
            }
            if journey.is_some() {
                Lenses {}
            }
            div { class: "top-r", "data-tauri-drag-region": "true",
                Find {}
                if *store.is_presenting.read() {
                    Button {
                        label: "Stop presenting",
                        class: "sm",
                        keys: vec!["Esc"],
                        id: "present-stop",
                        onclick: move |_| store.is_presenting.set(false),
                    }
                }
                Mates {}
                SyncChip {}
                if journey.is_some() {
                    IconButton {
                        icon: "spark",
                        class: assistant_class,
                        label: hint(store, "Assistant", &["mod", "J"]),
                        id: "assistant-open",
                        onclick: move |_| store.toggle_assistant(),
                    }
                }
            }
        }
    }
}

/// The journeys of which this one shows a step in detail, with the way back to them.
#[component]
fn Above() -> Element {
    let mut store = use_store();
    let above = store.shown_in.read().clone();
    let Some(first) = above.first().cloned() else { return rsx! {} };
    let count = above.len();
    let about = format!("Part of {}, step {}", quoted(&first.title), quoted(&first.step_title));
    let about = hint(store, &about, &["shift", "⌫"]);
    rsx! {
        button {
            class: "up",
            id: "journey-up",
            r#type: "button",
            title: "{about}",
            "aria-haspopup": if count > 1 { "menu" },
            onclick: move |event| match above.as_slice() {
                [_] => {
                    store.go_up();
                }
                several => {
                    let entry = |it: &ShownIn| {
                        let journey = it.journey;
                        Entry::act(format!("{}: {}", it.title, it.step_title), move || store.go(Screen::Journey(journey)))
                            .icon("map")
                    };
                    let entries = several.iter().map(entry).collect();
                    store.menu.set(Some(Menu::below(&event, "Part of", entries)));
                }
            },
            Icon { name: "left", class: "sm" }
            span { "{first.title}" }
        }
    }
}

/// Map, table, priority, tree.
#[component]
fn Lenses() -> Element {
    let store = use_store();
    let now = store.lens();
    let is_review = store.review.read().is_some();
    let lenses = [
        (Lens::Map, "map", "Map", "1"),
        (Lens::Table, "table", "Table", "2"),
        (Lens::Priority, "matrix", "Priority", "3"),
        (Lens::Tree, "split", "Tree", "4"),
    ];
    rsx! {
        div { class: "seg", role: "group", "aria-label": "View",
            for (lens , icon , label , key) in lenses {
                button {
                    key: "{label}",
                    class: "seg-i",
                    r#type: "button",
                    title: hint(store, label, &[key]),
                    "aria-current": if lens == now && !is_review { "page" },
                    onclick: move |_| store.look_through(lens),
                    Icon { name: icon }
                    span { "{label}" }
                }
            }
        }
    }
}
