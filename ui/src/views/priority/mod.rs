//! Priority: impact against effort, or any two axes that a person chooses, with the ranked list beside it. Where a dot
//! lies and what it is worth comes from the journey's scores; dragging one sets what a person can set. What is unknown
//! stays unknown: it lies beside the picture, and the list says what is missing.

pub mod axes;
mod drag;
mod keys;
mod list;
mod matrix;
mod menus;
mod model;
mod place;
mod state;
mod why;

use custory_domain::{ItemKind, OpportunityId};
use custory_ipc::Lens;
use dioxus::prelude::*;

use crate::components::{Button, Chip, Empty, Icon, Menu};
use crate::state::{stage_colour, use_store};
use crate::views::filter::{FilterChips, Filtered, NothingPasses};
use crate::views::journey::AddButton;
use crate::views::map::{Adding, begin_adding, use_map};
use drag::DragLayer;
use list::List;
use matrix::Matrix;
use state::use_provide_priority;

const STYLE: &str = include_str!("style.css");
/// Width of a page in which picture, list and panel fit side by side, in pixels.
const PAGE_WIDTH_WIDE: f64 = 1_700.0;

/// The picture and the list.
#[component]
pub fn PriorityScreen() -> Element {
    let store = use_store();
    let map = use_map();
    let priority = use_provide_priority(store, map);
    let is_empty = use_memo(move || priority.model.read().list.is_empty());
    let is_crowded = use_memo(move || store.panel.read().is_some() && store.page.read().0 < PAGE_WIDTH_WIDE);
    // Steps and stages are typed where they will stand.
    use_effect(move || {
        if matches!(*map.adding.read(), Some(Adding::Step { .. } | Adding::Stage { .. })) {
            store.look_through(Lens::Map);
        }
    });
    // What the panel shows is what is picked: search leads here too.
    use_effect(move || {
        let item = store.panel.read().and_then(|it| it.item);
        let Some(item) = item else { return };
        let id = OpportunityId::from(item.id);
        let is_listed = item.kind == custory_domain::EntityKind::Opportunity
            && priority.model.peek().list.iter().any(|it| it.id == id);
        if is_listed {
            priority.pick(store, map, id);
        }
    });
    use_hook(|| crate::dom::focus_soon(state::MATRIX_ID));
    rsx! {
        style { dangerous_inner_html: STYLE }
        Tools {}
        // In a narrow window the panel takes the list's place.
        div { class: if is_crowded() { "prio solo" } else { "prio" },
            Matrix {}
            List {}
            if is_empty() {
                Nothing {}
            }
        }
        DragLayer {}
    }
}

/// What is left out, what colours mean, and adding.
#[component]
fn Tools() -> Element {
    let store = use_store();
    let map = use_map();
    let priority = state::use_priority();
    let model = priority.model.read();
    let has_rings = [model.axes.x, model.axes.y].iter().any(|it| it.is_set_by_hand());
    let stages: Vec<(String, String)> = {
        let open = store.open.read();
        let stages = open.as_ref().map(|it| it.board.stages_in_order()).unwrap_or_default();
        let count = stages.len();
        stages.iter().enumerate().map(|(at, it)| (it.title.clone(), stage_colour(at, count))).collect()
    };
    rsx! {
        div { class: "bar pr-tools", role: "toolbar", "aria-label": "Priority tools",
            FilterChips {}
            Filtered { left: model.list.len(), all: model.total }
            span { class: "sepv" }
            div { class: "lgd pr-lgd",
                for (title , colour) in stages {
                    span { key: "{title}{colour}", title: "{title}",
                        i { class: "dot", style: "--c:{colour}" }
                        b { "{title}" }
                    }
                }
            }
            span { class: "sp" }
            span { class: "t3 pr-size",
                if has_rings {
                    "Size is evidence, "
                    span { class: "pr-rings", "a ring a suggestion" }
                } else {
                    "Size is evidence"
                }
            }
            AddButton { keys: vec!["C", "O"], label: "Add an opportunity to", entries: move |()| menus::add_entries(store, map) }
        }
    }
}

/// Over a picture without a dot: why, and what to do.
#[component]
fn Nothing() -> Element {
    let store = use_store();
    let map = use_map();
    let is_filtered = map.filter.read().is_on();
    let is_adding = map.adding.read().is_some();
    let has_steps = store.open.read().as_ref().is_some_and(|it| !it.board.steps_in_order().is_empty());
    if is_adding {
        return rsx! {};
    }
    rsx! {
        div { class: "pr-none",
            if is_filtered {
                NothingPasses { text: "There are opportunities that the filter leaves out." }
            } else if !has_steps {
                Empty {
                    icon: "map",
                    title: "No steps yet",
                    text: "Opportunities hang on steps. Add the first thing a customer does, on the map.",
                    Button { label: "Go to the map", class: "pri sm", onclick: move |_| store.look_through(Lens::Map) }
                }
            } else {
                Empty {
                    icon: "matrix",
                    title: "Nothing to weigh yet",
                    text: "An opportunity is a problem worth solving. Once there are some, you see here which one comes first.",
                    Button {
                        label: "Add an opportunity",
                        class: "pri sm",
                        onclick: move |_| begin_adding(store, map, ItemKind::Opportunity),
                    }
                }
            }
        }
    }
}

/// An icon with how the list is ranked.
#[component]
fn HowRanked() -> Element {
    let mut store = use_store();
    let priority = state::use_priority();
    rsx! {
        Chip {
            class: "quiet",
            opens_menu: true,
            onclick: move |event| {
                let entries = menus::formula_entries(priority);
                store.menu.set(Some(Menu::below(&event, "How scores work", entries)));
            },
            Icon { name: "info", class: "sm" }
            "How scores work"
        }
    }
}
