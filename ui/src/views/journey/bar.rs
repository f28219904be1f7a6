//! The map's tools: what it leaves out, which lanes it shows, and adding to it.

use custory_domain::ItemKind;
use dioxus::prelude::*;

use crate::components::{Button, Chip, Entry, Icon, Menu};
use crate::state::{Store, use_store};
use crate::views::map::{Adding, Filter, MapModel, MapState, begin_adding, step_at_hand, use_map};

/// Least evidence that can be asked for.
const EVIDENCE_CHOICES: [usize; 4] = [1, 5, 10, 20];

/// The map's tools.
#[component]
pub fn Bar(model: Memo<MapModel>) -> Element {
    let mut store = use_store();
    let map = use_map();
    let lanes_class = if map.hidden_lanes.read().is_empty() { "quiet" } else { "on" };
    rsx! {
        div { class: "bar", role: "toolbar", "aria-label": "Map tools",
            FilterChips {}
            span { class: "sp" }
            Chip {
                class: lanes_class,
                opens_menu: true,
                onclick: move |event| {
                    let entries = lane_entries(map);
                    store.menu.set(Some(Menu::below(&event, "Lanes", entries)));
                },
                Icon { name: "sliders", class: "sm" }
                "Lanes"
            }
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

/// What is left out, the same in every view: a chip each, with a way back.
#[component]
pub fn FilterChips() -> Element {
    let mut store = use_store();
    let mut map = use_map();
    let filter = map.filter.read().clone();
    let owner = filter.owner.map(|owner| match owner.and_then(|it| store.member(it)) {
        Some(member) => member.name,
        None => "No owner".to_owned(),
    });
    rsx! {
        Chip {
            class: "quiet",
            id: "filter",
            opens_menu: true,
            onclick: move |event| {
                let entries = filter_entries(store, map);
                store.menu.set(Some(Menu::below(&event, "Filter", entries)));
            },
            Icon { name: "filter" }
            "Filter"
        }
        if filter.is_open_only {
            Chip {
                class: "on",
                label: "Show what is dealt with again",
                onclick: move |_| map.filter.write().is_open_only = false,
                Icon { name: "check", class: "sm" }
                "Open work"
                Icon { name: "x", class: "xs" }
            }
        }
        if filter.evidence_min > 0 {
            Chip {
                class: "on",
                label: "Show items with less evidence again",
                onclick: move |_| map.filter.write().evidence_min = 0,
                Icon { name: "quote", class: "sm" }
                "Evidence {filter.evidence_min}+"
                Icon { name: "x", class: "xs" }
            }
        }
        if let Some(owner) = owner {
            Chip {
                class: "on",
                label: "Show everybody's items again",
                onclick: move |_| map.filter.write().owner = None,
                Icon { name: "user", class: "sm" }
                "{owner}"
                Icon { name: "x", class: "xs" }
            }
        } else {
            Chip {
                opens_menu: true,
                onclick: move |event| {
                    let entries = people_entries(store, map);
                    store.menu.set(Some(Menu::below(&event, "Owner", entries)));
                },
                Icon { name: "user", class: "sm" }
                "Anyone"
            }
        }
    }
}

fn filter_entries(store: Store, mut map: MapState) -> Vec<Entry> {
    let now = map.filter.peek().clone();
    let toggle = move || {
        let mut filter = map.filter.write();
        filter.is_open_only = !filter.is_open_only;
    };
    let mut entries = vec![
        Entry::act("Only open work", toggle).icon("check").on(now.is_open_only),
        Entry::Heading("Evidence".to_owned()),
    ];
    for least in EVIDENCE_CHOICES {
        let choose = move || map.filter.write().evidence_min = least;
        entries
            .push(Entry::act(format!("{least} or more"), choose).icon("quote").on(now.evidence_min == least));
    }
    entries.push(Entry::Heading("Owner".to_owned()));
    entries.extend(people_entries(store, map));
    if now.is_on() {
        entries.push(Entry::Line);
        entries.push(Entry::act("Clear filters", move || map.filter.set(Filter::default())).icon("x"));
    }
    entries
}

fn people_entries(store: Store, mut map: MapState) -> Vec<Entry> {
    let now = map.filter.peek().owner;
    let mut entries =
        vec![Entry::act("Anyone", move || map.filter.write().owner = None).icon("peers").on(now.is_none())];
    for member in store.members() {
        let id = Some(member.id);
        entries.push(
            Entry::act(member.name, move || map.filter.write().owner = Some(id))
                .person(id)
                .on(now == Some(id)),
        );
    }
    entries.push(
        Entry::act("No owner", move || map.filter.write().owner = Some(None))
            .person(None)
            .on(now == Some(None)),
    );
    entries
}

fn lane_entries(mut map: MapState) -> Vec<Entry> {
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
    ItemKind::ALL.iter().map(entry).collect()
}

/// What can be added, with its keys.
pub fn add_entries(store: Store, mut map: MapState, model: Memo<MapModel>) -> Vec<Entry> {
    let mut entries = Vec::new();
    if let Some(step) = step_at_hand(store, map) {
        let title = store.open.peek().as_ref().and_then(|it| Some(it.board.steps.get(&step)?.title.clone()));
        entries.push(Entry::Heading(format!("To “{}”", title.unwrap_or_default())));
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
