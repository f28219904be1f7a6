//! The heads of the columns: sorting by a click, width by dragging their edge, the rest in a menu.

use dioxus::prelude::*;

use super::column::Column;
use super::menus;
use super::state::{
    Line, Shown, TableState, WIDTH_MAX, WIDTH_MIN, change_layout, set_width, sort, sort_by, use_table,
};
use crate::components::{Icon, Menu};
use crate::state::use_store;

/// The id of a column's head in the page.
pub fn head_id(column: Column) -> String {
    format!("th-{}", column.name())
}

/// The heads of all columns that are shown.
#[component]
pub fn Heads() -> Element {
    let table = use_table();
    let columns = table.columns.read();
    let is_all = use_memo(move || {
        let (model, selected) = (table.model.read(), table.selection.all.read());
        !selected.is_empty() && model.entities().all(|it| selected.contains(&it))
    });
    rsx! {
        thead { role: "presentation",
            tr { role: "row", "aria-rowindex": "1",
                th { class: "ck", role: "columnheader",
                    button {
                        class: if is_all() { "cb on" } else { "cb" },
                        r#type: "button",
                        tabindex: "-1",
                        "aria-label": if is_all() { "Select nothing" } else { "Select all" },
                        onclick: move |_| {
                            let all = table.model.peek().entities().collect();
                            table.selection.set(if is_all() { Default::default() } else { all });
                        },
                        if is_all() {
                            Icon { name: "check" }
                        }
                    }
                }
                for shown in columns.iter().copied() {
                    Head { key: "{shown.column.name()}", shown }
                }
            }
        }
    }
}

#[component]
fn Head(shown: Shown) -> Element {
    let mut store = use_store();
    let mut table = use_table();
    let column = shown.column;
    let by = sort(store);
    let place = by.iter().position(|it| it.0 == column);
    let falls = place.map(|at| by[at].1);
    let is_at =
        use_memo(move || matches!(*table.line.read(), Some(Line::Heads)) && *table.column.read() == column);
    let class = format!(
        "{}{}{}",
        if falls.is_some() { "on" } else { "" },
        if column.is_right() { " r" } else { "" },
        if is_at() { " at" } else { "" },
    );
    rsx! {
        th {
            id: head_id(column),
            class: "{class}",
            style: "width:{shown.width}px",
            role: "columnheader",
            title: if shown.is_brief { column.label() },
            "aria-sort": match falls {
                None => "none",
                Some(false) => "ascending",
                Some(true) => "descending",
            },
            onclick: move |event| sort_by(store, column, event.modifiers().shift()),
            oncontextmenu: move |event: MouseEvent| {
                event.prevent_default();
                let entries = menus::column_entries(store, table, column);
                store.menu.set(Some(Menu::at(&event, column.label(), entries)));
            },
            if !shown.is_brief {
                span { class: "vt-h", "{column.label()}" }
                if let Some(falls) = falls {
                    Icon { name: "down", class: arrow(falls) }
                    if by.len() > 1 {
                        small { {place.map(|it| (it + 1).to_string())} }
                    }
                }
            }
            div {
                class: "vt-edge",
                title: "Drag to resize, double-click for the width at first",
                onclick: move |event| event.stop_propagation(),
                ondoubleclick: move |event| {
                    event.stop_propagation();
                    change_layout(store, |it| {
                        it.widths.remove(column.name());
                    });
                },
                onpointerdown: move |event| {
                    event.stop_propagation();
                    event.prevent_default();
                    table.resizing.set(Some((column, shown.width)));
                },
            }
        }
    }
}

const fn arrow(falls: bool) -> &'static str {
    if falls { "" } else { "vt-up" }
}

/// While a column is resized: hears the pointer wherever it is.
#[component]
pub fn ResizeLayer() -> Element {
    let store = use_store();
    let mut table = use_table();
    let Some((column, width)) = *table.resizing.read() else { return rsx! {} };
    rsx! {
        div {
            class: "vt-drag",
            onpointermove: move |event| {
                if event.held_buttons().is_empty() {
                    finish(store, table, column, width);
                    return;
                }
                if let Some(left) = left_edge(column) {
                    let width = (event.client_coordinates().x - left).clamp(WIDTH_MIN, WIDTH_MAX);
                    table.resizing.set(Some((column, width)));
                }
            },
            onpointerup: move |_| finish(store, table, column, width),
            onpointercancel: move |_| table.resizing.set(None),
        }
    }
}

fn finish(store: crate::state::Store, mut table: TableState, column: Column, width: f64) {
    set_width(store, column, width);
    table.resizing.set(None);
}

fn left_edge(column: Column) -> Option<f64> {
    crate::dom::by_id(&head_id(column)).map(|it| it.get_bounding_client_rect().left())
}
