//! The table: one row per step or item, in groups, with a column per field. The same board as on the
//! map, edited cell by cell, many rows at once, and by way of a spreadsheet.

mod bar;
mod cell;
mod clip;
mod column;
mod edit;
#[cfg(test)]
pub(in crate::views) mod fixture;
mod grid;
mod heads;
mod keys;
mod look;
mod menus;
mod model;
mod popover;
mod read;
mod row;
mod state;
mod write;

use dioxus::prelude::*;

use crate::components::{Button, Empty};
use crate::state::use_store;
use crate::views::filter::NothingPasses;
use crate::views::map::{Adding, begin_adding, use_map};
use crate::views::selection::Bulk;
use bar::Bars;
pub use column::Column;
use column::Kind;
use grid::Grid;
use heads::ResizeLayer;
use popover::Popover;
pub use read::{Places, Reader, first_step, opportunity_status, places};
use state::TABLE_ID;
pub use state::{use_provide_table, use_table};
pub use write::{Editor, Input, command, editor, move_to};

const STYLE: &str = include_str!("style.css");

/// The table with its tools.
#[component]
pub fn TableScreen() -> Element {
    let store = use_store();
    let table = use_table();
    let map = use_map();
    let is_empty = use_memo(move || table.model.read().rows.is_empty());
    // What is shown in the panel is where the keyboard is: search leads here too.
    use_effect(move || {
        let panel = *store.panel.read();
        let Some(panel) = panel else { return };
        let row = panel.item.unwrap_or(panel.step.into());
        if table.row() != Some(row) && table.model.peek().position(row).is_some() {
            table.land(store, map, row);
        }
    });
    // What is added is typed where one sees it.
    use_effect(move || {
        let kind = match *map.adding.read() {
            Some(Adding::Item { kind, .. }) if !state::kind(store).items().contains(&kind) => {
                Kind::Items(kind)
            }
            Some(Adding::Step { .. }) => Kind::Steps,
            Some(Adding::Stage { .. }) => return store.look_through(custory_ipc::Lens::Map),
            Some(Adding::Item { .. }) | None => return,
        };
        if state::kind(store) != kind {
            state::list(store, table, kind);
        }
    });
    // Whoever comes from the map goes on where they were.
    use_hook(move || {
        let row = map.cursor.peek().and_then(crate::views::map::Spot::entity);
        if let Some(row) = row.filter(|_| table.line.peek().is_none()) {
            spawn(async move {
                crate::dom::next_frame().await;
                if table.model.peek().position(row).is_some() {
                    table.land(store, map, row);
                }
            });
        }
        crate::dom::focus_soon(TABLE_ID);
    });
    let hidden = use_memo(move || {
        let model = table.model.read();
        table.selection.all.read().iter().filter(|it| model.position(**it).is_none()).count()
    });
    rsx! {
        style { dangerous_inner_html: STYLE }
        Bars {}
        div { class: "vt-w",
            Grid {}
            if is_empty() {
                Nothing {}
            }
            ResizeLayer {}
            Bulk {
                hidden: hidden(),
                more: move |()| menus::row_entries(store, map, table),
                ontrash: move |()| menus::trash(store, map, table),
                onclear: move |()| crate::dom::focus(TABLE_ID),
            }
        }
        Popover {}
    }
}

/// Over a table without a row: why, and what to do.
#[component]
fn Nothing() -> Element {
    let store = use_store();
    let map = use_map();
    let table = use_table();
    let kind = state::kind(store);
    let is_filtered = map.filter.read().is_on();
    let plural = kind.label().to_lowercase();
    let has_steps = table.model.read().totals.get(&Kind::Steps).is_some_and(|it| *it > 0);
    rsx! {
        div { class: "vt-none",
            if is_filtered {
                NothingPasses { text: "There is more here than the filter lets through." }
            } else if !has_steps {
                Empty {
                    icon: "map",
                    title: "No steps yet",
                    text: "Add the first thing a customer does, on the map.",
                    Button { label: "Go to the map", class: "pri sm", onclick: move |_| store.look_through(custory_ipc::Lens::Map) }
                }
            } else {
                Empty {
                    icon: "table",
                    title: if kind == Kind::Everything { "Nothing here yet".to_owned() } else { format!("No {plural} yet") },
                    text: "Add one, or paste rows from a spreadsheet: the first line names the columns.",
                    if let Some(added) = kind.added() {
                        Button {
                            label: "Add {added.spec().name.to_lowercase()}",
                            class: "pri sm",
                            onclick: move |_| begin_adding(store, map, added),
                        }
                    }
                }
            }
        }
    }
}
