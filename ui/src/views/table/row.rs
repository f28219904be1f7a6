//! A line of the table: a row with its cells, the head of a group, or what is being typed anew.

use custory_domain::{Command, EntityKind, EntityRef, ItemKind, Step, StepId};
use dioxus::prelude::*;

use super::column::{Column, Kind};
use super::edit::Field;
use super::look::look;
use super::menus;
use super::model::ROW_HEIGHT;
use super::read::Reader;
use super::state::{Line, use_table};
use super::write::{Editor, editor};
use crate::components::{Avatar, Icon, InlineText, KindIcon, Menu};
use crate::format;
use crate::host;
use crate::state::use_store;
use crate::views::map::{Adding, new_item, use_map};

/// The id of a cell in the page.
pub fn cell_id(row: EntityRef, column: Column) -> String {
    format!("td-{}-{}", row.id, column.name())
}

/// A step or an item. It has no state of its own: the same line is drawn with another row in it when
/// the table scrolls.
#[component]
pub fn ItemRow(
    id: EntityRef,
    at: usize,
    is_selected: bool,
    is_open: bool,
    /// The column that the keyboard is in, if it is in this row.
    here: Option<Column>,
    /// The column that is edited, if one of this row is.
    edited: Option<Column>,
) -> Element {
    let mut store = use_store();
    let map = use_map();
    let table = use_table();
    let open = store.open.read();
    let Some(open) = open.as_ref() else { return rsx! {} };
    let model = table.model.read();
    let reader = Reader { open, places: &model.places };
    let columns = table.columns.read();
    let class = match (is_selected, is_open) {
        (true, _) => "sel",
        (false, true) => "open",
        (false, false) => "",
    };
    rsx! {
        tr {
            class: "{class}",
            style: "top:{top(at)}px",
            role: "row",
            "aria-level": "2",
            "aria-rowindex": "{at + 2}",
            "aria-selected": is_selected,
            oncontextmenu: move |event: MouseEvent| {
                event.prevent_default();
                if !table.selection.has(id) {
                    table.selection.clear();
                }
                table.land(store, map, id);
                let entries = menus::row_entries(store, map, table);
                store.menu.set(Some(Menu::at(&event, "Row", entries)));
            },
            td { class: "ck", role: "gridcell",
                button {
                    class: if is_selected { "cb on" } else { "cb" },
                    r#type: "button",
                    role: "checkbox",
                    tabindex: "-1",
                    "aria-checked": is_selected,
                    "aria-label": "Select",
                    onclick: move |event| {
                        if event.modifiers().shift() {
                            table.select_to(id);
                        } else {
                            table.selection.toggle(id);
                        }
                        table.land(store, map, id);
                    },
                    if is_selected {
                        svg { class: "i", view_box: "0 0 16 16", "aria-hidden": "true",
                            r#use { href: "#i-check" }
                        }
                    }
                }
            }
            for shown in columns.iter().copied() {
                {
                    let column = shown.column;
                    let is_edited = edited == Some(column);
                    let is_field = is_edited && is_typed(editor(open, id, column).as_ref());
                    let cell = reader.cell(id, column);
                    let is_cut = !cell.fits(shown.width);
                    let class = format!(
                        "{}{}{}{}",
                        if column == Column::Title { "ti" } else { "" },
                        if column.is_right() { " n r t3" } else { "" },
                        if is_cut { " cut" } else { "" },
                        if is_edited {
                            " edit"
                        } else if here == Some(column) {
                            " at"
                        } else {
                            ""
                        },
                    );
                    rsx! {
                        td {
                            key: "{column.name()}",
                            id: cell_id(id, column),
                            class: "{class}",
                            style: "width:{shown.width}px",
                            role: "gridcell",
                            onclick: move |event| click(&event, store, map, table, id, column),
                            ondoubleclick: move |_| {
                                table.land(store, map, id);
                                super::edit::begin(store, map, table, id, column);
                            },
                            if is_field {
                                // A list of one: another cell is another field.
                                for row in [id] {
                                    Field { key: "{row}", row, column }
                                }
                            } else {
                                {look(store, cell, shown.is_brief, column == Column::Impact)}
                                if column == Column::Title {
                                    button {
                                        class: "vt-open",
                                        r#type: "button",
                                        tabindex: "-1",
                                        title: "Open (Space)",
                                        "aria-label": "Open",
                                        onclick: move |event| {
                                            event.stop_propagation();
                                            table.land(store, map, id);
                                            store.panel.set(panel_of(store, table, id));
                                        },
                                        svg { class: "i sm", view_box: "0 0 16 16", "aria-hidden": "true",
                                            r#use { href: "#i-panel" }
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Where a line lies in the box of all of them.
fn top(at: usize) -> f64 {
    at as f64 * ROW_HEIGHT
}

/// Whether the editor is a field in the cell itself.
fn is_typed(editor: Option<&Editor>) -> bool {
    matches!(editor, Some(Editor::Text { .. } | Editor::Number { .. } | Editor::Day))
}

/// A click puts the keyboard there; a second one on the same cell edits it.
fn click(
    event: &MouseEvent,
    store: crate::state::Store,
    map: crate::views::map::MapState,
    mut table: super::state::TableState,
    id: EntityRef,
    column: Column,
) {
    if table.editing.peek().is_some_and(|it| it == (id, column)) {
        return;
    }
    let modifiers = event.modifiers();
    if modifiers.shift() {
        table.select_to(id);
    } else if modifiers.ctrl() || modifiers.meta() {
        table.selection.toggle(id);
    } else {
        let was_here = table.row() == Some(id) && *table.column.peek() == column;
        table.selection.anchor.set(Some(id));
        if was_here && event.trigger_button().is_some() {
            super::edit::begin(store, map, table, id, column);
            return;
        }
    }
    table.editing.set(None);
    table.column.set(column);
    table.land(store, map, id);
    crate::dom::focus(super::state::TABLE_ID);
}

/// The head of a group; a click folds it.
#[component]
pub fn GroupRow(group: usize, at: usize, span: usize, is_at: bool) -> Element {
    let mut table = use_table();
    let model = table.model.read();
    let Some(it) = model.groups.get(group).cloned() else { return rsx! {} };
    let key = it.key.clone();
    let is_folded = it.is_folded;
    let arrow = if is_folded { "right" } else { "down" };
    let (one, many) = if model.kind == Some(Kind::Steps) { ("step", "steps") } else { ("item", "items") };
    rsx! {
        tr {
            class: "grp",
            style: "top:{top(at)}px",
            role: "row",
            "aria-level": "1",
            "aria-rowindex": "{at + 2}",
            "aria-expanded": !is_folded,
            onclick: move |_| {
                table.line.set(Some(Line::Group(key.clone())));
                table.fold(&key, !is_folded);
                crate::dom::focus(super::state::TABLE_ID);
            },
            td { class: if is_at { "at" }, role: "gridcell", colspan: "{span}",
                span { class: "gx",
                    Icon { name: arrow, class: "sm" }
                    if let Some(colour) = it.colour.clone() {
                        i { class: "dot", style: "--c:{colour}" }
                    }
                    if it.person.is_some() {
                        Avatar { member: it.person }
                    }
                    "{it.title}"
                    small { {format::count(it.rows, one, many)} }
                    if it.quotes > 0 {
                        small { {format::count(it.quotes, "quote", "quotes")} }
                    }
                    if let Some((flow, is_bad)) = it.flow.clone() {
                        small { class: if is_bad { "bad" }, "{flow}" }
                    }
                }
            }
        }
    }
}

/// Something new that is being typed where it will stand.
#[component]
pub fn NewRow(adding: Adding, at: usize, span: usize) -> Element {
    let store = use_store();
    let mut map = use_map();
    let table = use_table();
    let (kind, label) = match adding {
        Adding::Item { kind, .. } => (Some(kind), kind.spec().name.to_lowercase()),
        Adding::Step { .. } | Adding::Stage { .. } => (None, "step".to_owned()),
    };
    rsx! {
        tr { class: "vt-new", style: "top:{top(at)}px", role: "row", "aria-rowindex": "{at + 2}",
            td { class: "ck", role: "gridcell" }
            td { class: "ti edit", role: "gridcell", colspan: "{span - 1}",
                span { class: "vt-nw",
                    if let Some(kind) = kind {
                        KindIcon { kind }
                    }
                    InlineText {
                        value: "",
                        label: "New {label}",
                        class: "one g",
                        placeholder: "New {label}",
                        editing: true,
                        onsave: move |title| {
                            let entity = match adding {
                                Adding::Item { step, kind } => new_item(kind, step, title),
                                Adding::Step { stage, .. } => {
                                    Step { title, stage: Some(stage), ..Step::new(host::fresh(StepId::from_parts)) }.into()
                                }
                                Adding::Stage { .. } => return,
                            };
                            let id = entity.entity_ref();
                            let index = match adding {
                                Adding::Step { index, .. } => Some(index),
                                _ => None,
                            };
                            dioxus::core::spawn_forever(async move {
                                if store.dispatch(Command::Add { entity: Box::new(entity), index }).await {
                                    crate::dom::next_frame().await;
                                    crate::dom::next_frame().await;
                                    table.land(store, map, id);
                                }
                            });
                        },
                        ondone: move |()| {
                            map.adding.set(None);
                            crate::dom::focus_soon(super::state::TABLE_ID);
                        },
                    }
                    if let Some(place) = place_name(store, adding) {
                        small { class: "t3", "{place}" }
                    }
                }
            }
        }
    }
}

/// Where something new will stand.
fn place_name(store: crate::state::Store, adding: Adding) -> Option<String> {
    let open = store.open.read();
    let board = &open.as_ref()?.board;
    match adding {
        Adding::Item { step, .. } => Some(format!("on {}", board.steps.get(&step)?.title)),
        Adding::Step { stage, .. } => Some(format!("in {}", board.stages.get(&stage)?.title)),
        Adding::Stage { .. } => None,
    }
}

/// The kind of item that a row is; none for a step.
pub fn item_kind(row: EntityRef) -> Option<ItemKind> {
    ItemKind::of(row.kind)
}

/// The panel's view of a row: its step, and the item unless the row is the step itself.
pub fn panel_of(
    store: crate::state::Store,
    table: super::state::TableState,
    row: EntityRef,
) -> Option<crate::state::Panel> {
    let open = store.open.peek();
    let step = super::read::first_step(&table.model.peek().places, &open.as_ref()?.board, row)?;
    let item = (row.kind != EntityKind::Step).then_some(row);
    Some(crate::state::Panel { step, item })
}
