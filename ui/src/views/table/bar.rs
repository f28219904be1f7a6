//! The tools over the table: what it lists, how it is sorted, grouped and filtered, what is shown.

use dioxus::prelude::*;

use super::column::Kind;
use super::menus;
use super::state::{change_layout, grouping, kind, list, set_sort, sort, use_table};
use crate::components::{Chip, Entry, Icon, Menu};
use crate::format;
use crate::state::{Store, use_store};
use crate::views::filter::{FilterChips, Filtered};
use crate::views::journey::{AddButton, add_entries};
use crate::views::map::use_map;

/// Both rows of tools.
#[component]
pub fn Bars() -> Element {
    let mut store = use_store();
    let map = use_map();
    let table = use_table();
    let now = kind(store);
    let model = table.model.read();
    rsx! {
        div { class: "bar", role: "toolbar", "aria-label": "What the table lists",
            div { class: "views",
                for it in Kind::ALL {
                    button {
                        key: "{it.name()}",
                        class: "vw",
                        r#type: "button",
                        "aria-current": if it == now { "true" },
                        onclick: move |_| list(store, table, it),
                        "{it.label()} "
                        small { {model.totals.get(&it).copied().unwrap_or_default().to_string()} }
                    }
                }
            }
            span { class: "sp" }
            Chip {
                class: "quiet",
                opens_menu: true,
                onclick: move |event| {
                    let entries = menus::columns_entries(store);
                    store.menu.set(Some(Menu::below(&event, "Columns", entries)));
                },
                Icon { name: "sliders", class: "sm" }
                "Columns"
            }
            AddButton { keys: vec!["C"], label: "Add", entries: move |()| add_entries(store, map, map.model) }
        }
        Tools {}
    }
}

/// Filter, grouping and order; and, while something is left out, how much.
#[component]
fn Tools() -> Element {
    let mut store = use_store();
    let map = use_map();
    let table = use_table();
    let model = table.model.read();
    let is_filtered = map.filter.read().is_on();
    let group = grouping(store).label();
    let order = order_words(store);
    rsx! {
        div { class: "bar", role: "toolbar", "aria-label": "Filter and order",
            FilterChips {}
            Chip {
                opens_menu: true,
                onclick: move |event| {
                    store.menu.set(Some(Menu::below(&event, "Group by", group_entries(store))));
                },
                span { class: "t3", "Grouped by" }
                b { "{group}" }
                Icon { name: "down", class: "xs" }
            }
            Chip {
                opens_menu: true,
                onclick: move |event| {
                    store.menu.set(Some(Menu::below(&event, "Sort by", sort_entries(store))));
                },
                Icon { name: "sort", class: "sm" }
                span { class: "t3", "Sorted by" }
                b { "{order}" }
                Icon { name: "down", class: "xs" }
            }
            span { class: "sp" }
            if !is_filtered {
                span { role: "status", class: "t3 vt-on", {format::count(model.listed, "row", "rows")} }
            }
            Filtered { left: model.listed, all: model.total() }
        }
    }
}

fn group_entries(store: Store) -> Vec<Entry> {
    let now = grouping(store);
    let kind = kind(store);
    kind.groupings()
        .iter()
        .map(|it| {
            let it = *it;
            Entry::act(it.label(), move || {
                let is_first = it == kind.groupings()[0];
                change_layout(store, |layout| {
                    layout.group = (!is_first).then(|| it.label().to_owned());
                });
            })
            .on(now == it)
        })
        .collect()
}

fn order_words(store: Store) -> String {
    let by = sort(store);
    if by.is_empty() {
        return "Journey".to_owned();
    }
    let mut words: Vec<String> = by.iter().map(|(column, _)| column.label().to_lowercase()).collect();
    if let Some(first) = words.first_mut() {
        *first = by[0].0.label().to_owned();
    }
    words.join(", then ")
}

fn sort_entries(store: Store) -> Vec<Entry> {
    let now = sort(store);
    let mut entries = vec![
        Entry::act("As the journey goes", move || set_sort(store, Vec::new())).on(now.is_empty()),
        Entry::Line,
    ];
    for (column, is_shown) in super::state::all_columns(store) {
        if is_shown {
            let is_on = now.first().is_some_and(|it| it.0 == column);
            entries.push(
                Entry::act(column.label(), move || super::state::sort_by(store, column, false)).on(is_on),
            );
        }
    }
    entries
}
