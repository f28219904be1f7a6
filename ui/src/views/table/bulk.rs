//! The bar over selected rows: how many, and what can be done to all of them.

use dioxus::prelude::*;

use super::column::Column;
use super::heads::ResizeLayer;
use super::menus;
use super::state::{TABLE_ID, use_table};
use crate::components::{Icon, Menu, Status, StatusMark};
use crate::dom;
use crate::state::use_store;
use crate::views::map::use_map;

/// The bar; nothing while nothing is selected.
#[component]
pub fn Bulk() -> Element {
    let mut store = use_store();
    let map = use_map();
    let mut table = use_table();
    let count = table.selected.read().len();
    if count == 0 {
        return rsx! { ResizeLayer {} };
    }
    let rows = table.at_hand();
    let can_link = menus::can_link(&rows);
    let can_move = rows.iter().all(|it| super::row::item_kind(*it).is_some());
    let statuses = menus::statuses(store, &rows);
    let hidden = {
        let model = table.model.read();
        rows.iter().filter(|it| model.position(**it).is_none()).count()
    };
    rsx! {
        ResizeLayer {}
        div { class: "bulk", role: "toolbar", "aria-label": "{count} selected",
            b {
                "{count} selected"
                if hidden > 0 {
                    span { class: "vt-hid", ", {hidden} out of sight" }
                }
            }
            if can_link {
                button {
                    r#type: "button",
                    "aria-haspopup": "menu",
                    onclick: move |event| {
                        let entries = menus::opportunities(store, table.at_hand());
                        store.menu.set(Some(Menu::below(&event, "Link to opportunity", entries)));
                    },
                    Icon { name: "k-opp", class: "sm" }
                    "Link to opportunity"
                }
            }
            if can_move {
                button {
                    r#type: "button",
                    "aria-haspopup": "menu",
                    onclick: move |event| {
                        let entries = menus::steps(store, table, table.at_hand());
                        store.menu.set(Some(Menu::below(&event, "Move to step", entries)));
                    },
                    Icon { name: "move", class: "sm" }
                    "Move"
                }
            }
            button {
                r#type: "button",
                "aria-haspopup": "menu",
                onclick: move |event| {
                    let entries = menus::people(store, table.at_hand());
                    store.menu.set(Some(Menu::below(&event, "Owner", entries)));
                },
                Icon { name: "user", class: "sm" }
                "Owner"
            }
            if let Some(words) = statuses {
                button {
                    r#type: "button",
                    "aria-haspopup": "menu",
                    onclick: move |event| {
                        let entries = menus::choices(store, table, table.at_hand(), Column::Status, &words);
                        store.menu.set(Some(Menu::below(&event, "Status", entries)));
                    },
                    StatusMark { status: Status::Progress }
                    "Status"
                }
            }
            button { r#type: "button", onclick: move |_| menus::trash(store, map, table),
                Icon { name: "trash", class: "sm" }
                "Delete"
            }
            button {
                r#type: "button",
                "aria-haspopup": "menu",
                "aria-label": "More",
                title: "More",
                onclick: move |event| {
                    let entries = menus::row_entries(store, map, table);
                    store.menu.set(Some(Menu::below(&event, "More", entries)));
                },
                Icon { name: "more", class: "sm" }
            }
            span { class: "sepv" }
            button {
                r#type: "button",
                "aria-label": "Esc, clear the selection",
                title: "Clear the selection",
                onclick: move |_| {
                    table.selected.set(Default::default());
                    dom::focus(TABLE_ID);
                },
                kbd { "Esc" }
            }
        }
    }
}
