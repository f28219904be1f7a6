//! The inbox: what concerns the person at this window, and what was heard elsewhere, one after the other, and what becomes
//! of it. Everything can be done by keys alone.

mod detail;
mod for_you;
mod keys;
mod list;
mod suggestion;

use custory_domain::Shelf;
use custory_ipc::Request;
use dioxus::prelude::*;

use crate::components::{Button, Empty, Entry, IconButton, Kbd, Menu};
use crate::dom;
use crate::state::{Store, use_store};
use crate::views::map::use_map;
use crate::views::palette::Find;
use crate::views::team::SyncChip;
use detail::Detail;
use for_you::ForYou;
use list::List;
use suggestion::Suggestion;

/// The element that has the keys.
pub const LIST_ID: &str = "signals";
const STYLE: &str = include_str!("style.css");

/// The inbox.
#[component]
pub fn InboxScreen() -> Element {
    let mut store = use_store();
    let map = use_map();
    use_hook(|| {
        // Somebody waits for an answer there.
        if store.news.peek().unread > 0 {
            store.news.write().is_shown = true;
        }
        store.fetch_signals();
        store.fetch_news();
        dom::focus_soon(LIST_ID);
    });
    let is_for_you = store.news.read().is_shown;
    let inbox = store.inbox.read();
    let is_empty = inbox.signals.is_empty();
    let has_folders = !inbox.folders.is_empty();
    let shelf = inbox.shelf;
    let folders: Vec<String> = inbox.folders.iter().map(|it| it.path.clone()).collect();
    rsx! {
        main { class: "sheet", onkeydown: move |event| keys::press(&event, store, map),
            style { dangerous_inner_html: STYLE }
            header { class: "top", "data-tauri-drag-region": "true",
                div { class: "top-l", "data-tauri-drag-region": "true", h1 { class: "pt", "Inbox" } }
                Shelves {}
                div { class: "top-r", "data-tauri-drag-region": "true",
                    IconButton {
                        icon: "folder",
                        label: "Watched folders",
                        id: "folders",
                        opens_menu: true,
                        onclick: move |event| {
                            store.menu.set(Some(Menu::below(&event, "Watched folders", folder_entries(store, &folders))));
                        },
                    }
                    Find {}
                    SyncChip {}
                }
            }
            if is_for_you {
                ForYou {}
            } else if is_empty {
                div { class: "grow", id: LIST_ID, tabindex: "0", Nothing { shelf, has_folders } }
            } else {
                div { class: "cols",
                    List {}
                    div { class: "det",
                        Detail {}
                        if matches!(shelf, Shelf::Review | Shelf::Later) {
                            Suggestion {}
                        } else {
                            Decided {}
                        }
                        Keys {}
                    }
                }
            }
        }
    }
}

/// For the person, to review, attached, dismissed.
#[component]
fn Shelves() -> Element {
    let mut store = use_store();
    let (is_for_you, unread) = (store.news.read().is_shown, store.news.read().unread);
    let now = Some(store.inbox.read().shelf).filter(|_| !is_for_you);
    let shelves = [
        (Shelf::Review, "To review"),
        (Shelf::Later, "Later"),
        (Shelf::Attached, "Attached"),
        (Shelf::Dismissed, "Dismissed"),
    ];
    rsx! {
        div { class: "seg", role: "group", "aria-label": "Show",
            button {
                class: "seg-i",
                r#type: "button",
                id: "for-you",
                "aria-current": if is_for_you { "page" },
                onclick: move |_| {
                    store.news.write().is_shown = true;
                    dom::focus_soon(LIST_ID);
                },
                span { "For you" }
                if unread > 0 {
                    b { class: "cnt cnt-on", "{unread}" }
                }
            }
            for (shelf , label) in shelves {
                button {
                    key: "{label}",
                    class: "seg-i",
                    r#type: "button",
                    id: "shelf-{shelf.as_str()}",
                    "aria-current": if now == Some(shelf) { "page" },
                    onclick: move |_| {
                        store.news.write().is_shown = false;
                        store.show_shelf(shelf);
                    },
                    span { "{label}" }
                }
            }
        }
    }
}

#[component]
fn Nothing(shelf: Shelf, has_folders: bool) -> Element {
    let store = use_store();
    let (title, text) = match (shelf, has_folders) {
        (Shelf::Review, false) => (
            "Hear what customers say",
            "Pick a folder of notes, survey tables or interview transcripts. Each passage waits here until you put it where it \
             belongs. The files stay on this computer.",
        ),
        (Shelf::Review, true) => ("All read", "What comes next appears here by itself."),
        (Shelf::Later, _) => ("Nothing put off", "Snoozed signals wait here and come back by themselves."),
        (Shelf::Attached, _) => ("Nothing attached yet", "Signals that became evidence are listed here."),
        (Shelf::Dismissed, _) => ("Nothing dismissed", "Signals that say nothing of use are listed here."),
    };
    rsx! {
        Empty { icon: "inbox", title, text,
            if shelf == Shelf::Review && !has_folders {
                Button {
                    label: "Watch a folder…",
                    icon: "folder",
                    class: "pri sm",
                    id: "watch-folder",
                    onclick: move |_| store.watch_folder(),
                }
            }
        }
    }
}

/// What can be done where a decision has been made: take it back.
#[component]
fn Decided() -> Element {
    let store = use_store();
    rsx! {
        section { class: "sug", "aria-label": "Decision",
            div { class: "sug-f",
                Button {
                    label: "Back to review",
                    icon: "undo",
                    class: "sm",
                    id: "reopen",
                    keys: vec!["U"],
                    onclick: move |_| keys::reopen(store),
                }
            }
        }
    }
}

#[component]
fn Keys() -> Element {
    rsx! {
        div { class: "foot keys in-keys",
            span { Kbd { keys: vec!["J", "K"] } " next, previous" }
            span { Kbd { keys: vec!["1", "2", "3"] } " pick step" }
            span { Kbd { keys: vec!["X"] } " mark" }
            span { Kbd { keys: vec!["M"] } " merge marked" }
            span { Kbd { keys: vec!["mod", "Z"] } " undo" }
        }
    }
}

fn folder_entries(store: Store, folders: &[String]) -> Vec<Entry> {
    let mut entries = vec![Entry::act("Watch a folder…", move || store.watch_folder()).icon("plus")];
    if !folders.is_empty() {
        let read = move || {
            dioxus::core::spawn_forever(store.read_files(Request::ReadFolders));
        };
        entries.push(Entry::act("Read all now", read).icon("sync"));
    }
    for path in folders {
        let label = format!("Stop watching {path}");
        let path = path.clone();
        let stop = move || {
            let path = path.clone();
            dioxus::core::spawn_forever(async move {
                store.ask(Request::UnwatchFolder { path }).await;
                store.fetch_signals();
            });
        };
        entries.push(Entry::act(label, stop).icon("x"));
    }
    entries
}
