//! The rows that are in sight, with a few more on each side, each at its place in a box as high as all of them. The
//! element around them has the focus; which cell the keyboard is in, it says itself.

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
    let height = model.rows.len() as f64 * ROW_HEIGHT;
    // Only a table that is moved sideways has titles that stay; each of them costs at every move.
    let freezes = width > table.view.read().0;
    let span = columns.len() + 1;
    let slots = range.len().max(1);
    let selected = table.selection.all.read();
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
            table { class: if freezes { "tbl vt fz" } else { "tbl vt" }, role: "presentation", style: "width:{width}px",
                Heads {}
                tbody { role: "presentation", style: "height:{height}px",
                    // The element of a line that went out of sight is the one of a line that came into it, and none of
                    // them moves among the others: what moves, the web view takes apart and builds anew.
                    for (at , row) in in_slots(range.clone()).map(|at| (at, model.rows[at])) {
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
                            Row::New(adding) => rsx! { NewRow { key: "{at % slots}", adding, at, span } },
                        }
                    }
                }
            }
        }
    }
}

/// Positions of the lines in the order of their elements, which stays when the range moves on.
fn in_slots(range: std::ops::Range<usize>) -> impl Iterator<Item = usize> {
    let slots = range.len().max(1);
    let first = range.start % slots;
    (0..range.len()).map(move |slot| range.start + (slot + slots - first) % slots)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_comes_into_sight_takes_the_element_of_the_one_that_went() {
        let before: Vec<usize> = in_slots(0..10).collect();
        let after: Vec<usize> = in_slots(3..13).collect();
        assert_eq!(after, [10, 11, 12, 3, 4, 5, 6, 7, 8, 9]);
        let moved = before.iter().zip(&after).filter(|(was, is)| was != is).count();
        assert_eq!(moved, 3, "and all others stay as they are");
        assert_eq!(in_slots(4..4).count(), 0);
    }
}
