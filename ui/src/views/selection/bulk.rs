//! The bar over what is selected: how much, and what can be done to all of it. The same in every view.

use dioxus::prelude::*;

use super::menus;
use super::rows_at_hand;
use crate::components::{Entry, Icon, Menu, Status, StatusMark};
use crate::state::use_store;
use crate::views::table::Column;

/// The bar; nothing while nothing is selected.
#[component]
pub fn Bulk(
    /// How many of them the view does not show.
    hidden: usize,
    /// What else can be done.
    more: Callback<(), Vec<Entry>>,
    /// Puts them into the trash.
    ontrash: Callback,
    /// Nothing is selected any more; the focus goes back to the view.
    onclear: Callback,
) -> Element {
    let mut store = use_store();
    let count = store.selection.all.read().len();
    if count == 0 {
        return rsx! {};
    }
    let rows = rows_at_hand(store);
    let can_link = menus::can_link(&rows);
    let can_move = menus::are_items(&rows);
    let statuses = menus::statuses(store, &rows);
    rsx! {
        div { class: "bulk", id: "bulk", role: "toolbar", "aria-label": "{count} selected",
            b {
                "{count} selected"
                if hidden > 0 {
                    span { class: "hid", ", {hidden} out of sight" }
                }
            }
            if can_link {
                button {
                    r#type: "button",
                    "aria-haspopup": "menu",
                    onclick: move |event| {
                        let entries = menus::opportunities(store, rows_at_hand(store));
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
                        let entries = menus::steps(store, rows_at_hand(store));
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
                    let entries = menus::people(store, rows_at_hand(store));
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
                        let entries = menus::choices(store, rows_at_hand(store), Column::Status, &words);
                        store.menu.set(Some(Menu::below(&event, "Status", entries)));
                    },
                    StatusMark { status: Status::Progress }
                    "Status"
                }
            }
            button { r#type: "button", onclick: move |_| ontrash.call(()),
                Icon { name: "trash", class: "sm" }
                "Delete"
            }
            button {
                r#type: "button",
                "aria-haspopup": "menu",
                "aria-label": "More",
                title: "More",
                onclick: move |event| {
                    store.menu.set(Some(Menu::below(&event, "More", more.call(()))));
                },
                Icon { name: "more", class: "sm" }
            }
            span { class: "sepv" }
            button {
                r#type: "button",
                "aria-label": "Esc, clear the selection",
                title: "Clear the selection",
                onclick: move |_| {
                    store.selection.clear();
                    onclear.call(());
                },
                kbd { "Esc" }
            }
        }
    }
}
