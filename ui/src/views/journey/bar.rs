//! The map's tools: what it leaves out, which lanes it shows, what it is compared with, and adding to it.

use custory_domain::ItemKind;
use custory_domain::wording::quoted;
use dioxus::prelude::*;

use crate::components::{Button, Chip, Entry, Icon, Menu};
use crate::state::{Store, use_store};
use crate::views::compare::CompareChip;
use crate::views::filter::{FilterChips, Filtered};
use crate::views::map::{Adding, MapModel, MapState, begin_adding, step_at_hand, use_map, word_lane_entries};

/// The map's tools.
#[component]
pub fn Bar(model: Memo<MapModel>) -> Element {
    let mut store = use_store();
    let map = use_map();
    let lanes_class = if map.hidden_lanes.read().is_empty() { "quiet" } else { "on" };
    rsx! {
        div { class: "bar", role: "toolbar", "aria-label": "Map tools",
            FilterChips {}
            Filtered { left: model.read().listed, all: model.read().totals.values().sum() }
            span { class: "sp" }
            Chip {
                class: lanes_class,
                opens_menu: true,
                onclick: move |event| {
                    let entries = lane_entries(store, map);
                    store.menu.set(Some(Menu::below(&event, "Lanes", entries)));
                },
                Icon { name: "sliders", class: "sm" }
                "Lanes"
            }
            CompareChip {}
            AddButton { keys: vec!["C"], label: "Add", entries: move |()| add_entries(store, map, model) }
        }
    }
}

/// The button of a view's bar that adds: `label` names its menu, `entries` makes it.
#[component]
pub fn AddButton(keys: Vec<&'static str>, label: &'static str, entries: Callback<(), Vec<Entry>>) -> Element {
    let mut store = use_store();
    rsx! {
        Button {
            label: "Add",
            class: "pri sm",
            icon: "plus",
            keys,
            id: "add",
            onclick: move |event: MouseEvent| store.menu.set(Some(Menu::below(&event, label, entries.call(())))),
        }
    }
}

fn lane_entries(store: Store, mut map: MapState) -> Vec<Entry> {
    let hidden = map.hidden_lanes.peek().clone();
    let entry = |kind: &ItemKind| {
        let kind = *kind;
        let spec = kind.spec();
        let toggle = move || {
            let mut hidden = map.hidden_lanes.write();
            if !hidden.remove(&kind) {
                hidden.insert(kind);
            }
        };
        Entry::act(spec.plural, toggle).icon(spec.icon).on(!hidden.contains(&kind))
    };
    ItemKind::ALL.iter().map(entry).chain(word_lane_entries(store, map)).collect()
}

/// What can be added, with its keys.
pub fn add_entries(store: Store, mut map: MapState, model: Memo<MapModel>) -> Vec<Entry> {
    let mut entries = Vec::new();
    if let Some(step) = step_at_hand(store, map) {
        let title = store.open.peek().as_ref().and_then(|it| Some(it.board.steps.get(&step)?.title.clone()));
        entries.push(Entry::Heading(format!("To {}", quoted(&title.unwrap_or_default()))));
        for kind in ItemKind::ALL.iter().copied() {
            let spec = kind.spec();
            entries.push(
                Entry::act(spec.name, move || begin_adding(store, map, kind))
                    .icon(spec.icon)
                    .keys(&["C", key_name(kind)]),
            );
        }
        entries.push(Entry::Line);
    }
    let model = model.peek();
    if let Some(stage) = model.stages.last() {
        let adding = Adding::Step { stage: stage.id, index: stage.steps };
        entries.push(Entry::act("Step", move || map.adding.set(Some(adding))).icon("arrow"));
    }
    let index = model.stages.len();
    entries.push(Entry::act("Stage", move || map.adding.set(Some(Adding::Stage { index }))).icon("panel"));
    entries
}

/// The key that adds a kind, after C.
pub const fn key_name(kind: ItemKind) -> &'static str {
    match kind {
        ItemKind::Touchpoint => "T",
        ItemKind::Insight => "I",
        ItemKind::Opportunity => "O",
        ItemKind::Solution => "S",
        ItemKind::Metric => "M",
    }
}
