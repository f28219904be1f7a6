//! Views that are kept under a name: which lens, what it leaves out, how the table is laid out.

use custory_ipc::SavedView;
use dioxus::prelude::*;

use crate::components::{Button, Chip, Dialog, Entry, Icon, Menu, TextField};
use crate::state::{Overlay, Store, Toast, use_store};
use crate::views::choices::follow;
use crate::views::map::{MapState, use_map};

/// Longest name of a view, in characters.
const NAME_CHARS_MAX: usize = 60;

/// The chip that opens the kept views; it carries the name of the one that is on.
#[component]
pub fn SavedViews() -> Element {
    let mut store = use_store();
    let map = use_map();
    let now = present(store, map);
    let name = store.journey_view().saved.into_iter().find(|it| it.is_same(&now)).map(|it| it.name);
    let class = if name.is_some() { "on" } else { "quiet" };
    rsx! {
        Chip {
            class,
            id: "views",
            label: "Saved views",
            opens_menu: true,
            onclick: move |event| store.menu.set(Some(Menu::below(&event, "Saved views", entries(store, map)))),
            Icon { name: "star" }
            {name.unwrap_or_else(|| "Views".to_owned())}
        }
    }
}

/// The view as it is, without a name.
fn present(store: Store, map: MapState) -> SavedView {
    let view = store.journey_view();
    SavedView {
        name: String::new(),
        lens: store.lens(),
        filter: map.filter.read().clone(),
        table: view.table,
    }
}

fn entries(mut store: Store, map: MapState) -> Vec<Entry> {
    let saved = store.journey_view().saved;
    let now = present(store, map);
    let is_any = !saved.is_empty();
    let mut entries: Vec<Entry> = saved
        .into_iter()
        .map(|view| {
            let is_on = view.is_same(&now);
            Entry::act(view.name.clone(), move || show(store, map, &view)).icon("star").on(is_on)
        })
        .collect();
    if is_any {
        entries.push(Entry::Line);
    }
    entries
        .push(Entry::act("Save this view…", move || store.overlay.set(Some(Overlay::SaveView))).icon("plus"));
    if is_any {
        let forget = move || follow(store, "Remove a view", forgettable(store));
        entries.push(Entry::act("Remove a view…", forget).icon("trash"));
    }
    entries
}

fn forgettable(store: Store) -> Vec<Entry> {
    let names = store.journey_view().saved.into_iter().map(|it| it.name);
    names
        .map(|name| {
            Entry::act(name.clone(), move || {
                let name = name.clone();
                store.change_view(move |it| it.saved.retain(|view| view.name != name));
            })
            .icon("trash")
        })
        .collect()
}

/// Looks at the journey that way.
fn show(store: Store, mut map: MapState, view: &SavedView) {
    map.filter.set(view.filter.clone());
    let (lens, table) = (view.lens, view.table.clone());
    store.change_view(move |it| {
        it.lens = lens;
        it.table = table;
    });
}

/// Asks for a view's name and keeps it.
#[component]
pub fn SaveView() -> Element {
    let mut store = use_store();
    let map = use_map();
    let mut name = use_signal(String::new);
    let saved = store.journey_view().saved;
    let is_known = saved.iter().any(|it| it.name == name.read().trim());
    let mut keep = move || {
        let called = name.peek().trim().to_owned();
        if called.is_empty() {
            return;
        }
        let view = SavedView { name: called.clone(), ..present(store, map) };
        store.change_view(move |it| {
            it.saved.retain(|other| other.name != view.name);
            it.saved.push(view);
        });
        store.overlay.set(None);
        store.toast(Toast::plain("star", format!("Saved the view “{called}”")));
    };
    rsx! {
        Dialog { title: "Save this view", onclose: move |()| store.overlay.set(None),
            p { class: "t2", "Keeps the lens, what is left out, and the columns of the table; on this device, for you." }
            TextField {
                value: name.read().clone(),
                label: "Name of the view",
                placeholder: "My open work",
                id: "view-name",
                autofocus: true,
                oninput: move |text: String| name.set(text.chars().take(NAME_CHARS_MAX).collect()),
                onsubmit: move |()| keep(),
            }
            div { class: "dlg-f",
                Button { label: "Cancel", class: "ghost", onclick: move |_| store.overlay.set(None) }
                Button {
                    label: if is_known { "Replace it" } else { "Save" },
                    class: "pri",
                    disabled: name.read().trim().is_empty(),
                    onclick: move |_| keep(),
                }
            }
        }
    }
}
