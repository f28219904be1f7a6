//! The rows that are in sight, with a few more on each side, between two spacers that stand in for
//! the rest. The element around them has the focus; which cell the keyboard is in, it says itself.

use dioxus::prelude::*;

use super::clip;
use super::heads::Heads;
use super::keys;
use super::model::{ROW_HEIGHT, Row};
use super::row::{GroupRow, ItemRow, NewRow, cell_id};
use super::state::{BOX_WIDTH, Line, TABLE_ID, use_table};
use crate::state::use_store;
use crate::views::map::use_map;

/// The rows.
#[component]
pub fn Grid() -> Element {
    let store = use_store();
    let map = use_map();
    let mut table = use_table();
    let window = use_memo(move || {
        let (_, height) = *table.view.read();
        table.model.read().window(*table.top.read(), height)
    });
    let active = use_memo(move || {
        let line = table.line.read();
        match &*line {
            Some(Line::Row(row)) => Some(cell_id(*row, *table.column.read())),
            Some(Line::Heads) => Some(super::heads::head_id(*table.column.read())),
            Some(Line::Group(_)) | None => None,
        }
    });
    clip::use_clipboard(store, map, table);
    let model = table.model.read();
    let range = window();
    let range = range.start.min(model.rows.len())..range.end.min(model.rows.len());
    let columns = table.columns.read();
    let width: f64 = BOX_WIDTH + columns.iter().map(|it| it.width).sum::<f64>();
    let above = range.start as f64 * ROW_HEIGHT;
    let below = (model.rows.len() - range.end) as f64 * ROW_HEIGHT;
    let span = columns.len() + 1;
    let slots = range.len().max(1);
    let selected = table.selected.read();
    let edited = *table.editing.read();
    let opened = (*store.panel.read()).map(|it| it.item.unwrap_or(it.step.into()));
    let column = *table.column.read();
    let line = table.line.read();
    let at_row = match &*line {
        Some(Line::Row(row)) => Some(*row),
        _ => None,
    };
    let at_group = match &*line {
        Some(Line::Group(key)) => model.groups.iter().position(|it| it.key == *key),
        _ => None,
    };
    rsx! {
        div {
            id: TABLE_ID,
            class: "tblw vt-s",
            role: "treegrid",
            tabindex: "0",
            "aria-label": "Table",
            "aria-rowcount": "{model.rows.len() + 1}",
            "aria-colcount": "{span}",
            "aria-multiselectable": "true",
            "aria-activedescendant": active(),
            onscroll: move |event| {
                let top = event.scroll_top();
                if (*table.top.peek() - top).abs() >= 1.0 {
                    table.top.set(top);
                }
            },
            onresize: move |event| {
                if let Ok(size) = event.get_content_box_size() {
                    let view = (size.width, size.height);
                    if *table.view.peek() != view {
                        table.view.set(view);
                    }
                }
            },
            onkeydown: move |event| keys::press(&event, store, map, table),
            table { class: "tbl vt", role: "presentation", style: "width:{width}px",
                colgroup {
                    col { style: "width:{BOX_WIDTH}px" }
                    for shown in columns.iter() {
                        col { key: "{shown.column.name()}", style: "width:{shown.width}px" }
                    }
                }
                Heads {}
                tbody { role: "presentation",
                    if above > 0.0 {
                        tr { class: "vt-sp", role: "presentation", "aria-hidden": "true",
                            td { colspan: "{span}", style: "height:{above}px" }
                        }
                    }
                    // A line is drawn where one went out of sight, so that scrolling changes words
                    // instead of building everything anew.
                    for (at , row) in range.clone().zip(model.rows[range.clone()].iter().copied()) {
                        match row {
                            Row::Head(group) => rsx! {
                                GroupRow { key: "{at % slots}", group, at, span, is_at: at_group == Some(group) }
                            },
                            Row::Of(id) => rsx! {
                                ItemRow {
                                    key: "{at % slots}",
                                    id,
                                    at,
                                    is_selected: selected.contains(&id),
                                    is_open: opened == Some(id),
                                    here: (at_row == Some(id)).then_some(column),
                                    edited: edited.filter(|it| it.0 == id).map(|it| it.1),
                                }
                            },
                            Row::New(adding) => rsx! { NewRow { key: "{at % slots}", adding, span } },
                        }
                    }
                    if below > 0.0 {
                        tr { class: "vt-sp", role: "presentation", "aria-hidden": "true",
                            td { colspan: "{span}", style: "height:{below}px" }
                        }
                    }
                }
            }
        }
    }
}
