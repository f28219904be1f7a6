//! Views that are kept under a name: which lens, what it leaves out, how table and picture are laid out. Some are kept on this
//! device for oneself, others in the journey for everybody on it; which is which is said wherever one is named.

use custory_domain::{Change, Command, SharedView, SharedViewField, SharedViewId};
use custory_ipc::SavedView;
use dioxus::prelude::*;

use crate::components::{Button, Chip, Dialog, Entry, Icon, Menu, TextField};
use crate::host;
use crate::state::{Overlay, Store, Toast, use_store};
use crate::views::choices::follow;
use crate::views::links;
use crate::views::map::{MapState, use_map};

/// Longest name of a view, in characters.
const NAME_CHARS_MAX: usize = SharedView::NAME_CHARS_MAX;

/// The chip that opens the kept views; it carries the name of the one that is on.
#[component]
pub fn SavedViews() -> Element {
    let mut store = use_store();
    let map = use_map();
    let now = present(store, map);
    let own = store.journey_view().saved.into_iter().find(|it| it.is_same(&now)).map(|it| it.name);
    let shared = || shared(store).into_iter().find(|it| it.1.is_same(&now)).map(|it| it.1.name);
    let (name, icon) = match own {
        Some(name) => (Some(name), "star"),
        None => match shared() {
            Some(name) => (Some(name), "peers"),
            None => (None, "star"),
        },
    };
    let class = if name.is_some() { "on" } else { "quiet" };
    rsx! {
        Chip {
            class,
            id: "views",
            label: "Saved views",
            opens_menu: true,
            onclick: move |event| store.menu.set(Some(Menu::below(&event, "Saved views", entries(store, map)))),
            Icon { name: icon }
            {name.unwrap_or_else(|| "Views".to_owned())}
        }
    }
}

/// The views that everybody on the journey has, by name.
fn shared(store: Store) -> Vec<(SharedViewId, SavedView)> {
    let open = store.open.read();
    let Some(open) = open.as_ref() else { return Vec::new() };
    let all = open.board.shared_views.values().filter(|it| it.trashed.is_none());
    let mut all: Vec<(SharedViewId, SavedView)> = all.map(|it| (it.id, read(it))).collect();
    all.sort_by(|a, b| (&a.1.name, a.0).cmp(&(&b.1.name, b.0)));
    all
}

/// A shared view as this window draws it: what it does not know of it, is as at first.
fn read(view: &SharedView) -> SavedView {
    let lens = serde_json::from_value(serde_json::Value::String(view.lens.clone())).unwrap_or_default();
    let table = serde_json::from_str(&view.table).unwrap_or_default();
    let picture = serde_json::from_str(&view.picture).unwrap_or_default();
    SavedView { name: view.name.clone(), lens, filter: view.filter.clone(), table, picture }
}

/// A view as everybody gets it.
fn written(view: &SavedView, id: SharedViewId) -> SharedView {
    let lens = serde_json::to_value(view.lens).ok().and_then(|it| it.as_str().map(str::to_owned));
    SharedView {
        name: view.name.clone(),
        lens: lens.unwrap_or_default(),
        filter: view.filter.clone(),
        table: unless_as_at_first(&view.table),
        picture: unless_as_at_first(&view.picture),
        ..SharedView::new(id)
    }
}

/// A layout in the window's own words; nothing for one that nobody has changed.
fn unless_as_at_first<T: Default + PartialEq + serde::Serialize>(layout: &T) -> String {
    if *layout == T::default() {
        return String::new();
    }
    serde_json::to_string(layout).unwrap_or_default()
}

/// The view as it is, without a name.
fn present(store: Store, map: MapState) -> SavedView {
    let view = store.journey_view();
    SavedView {
        name: String::new(),
        lens: store.lens(),
        filter: map.filter.read().clone(),
        table: view.table,
        picture: view.picture,
    }
}

fn entries(mut store: Store, map: MapState) -> Vec<Entry> {
    let now = present(store, map);
    let (own, shared) = (store.journey_view().saved, shared(store));
    let is_any = !(own.is_empty() && shared.is_empty());
    let entry = |view: SavedView, icon| {
        let is_on = view.is_same(&now);
        Entry::act(view.name.clone(), move || show(store, map, &view)).icon(icon).on(is_on)
    };
    let mut entries = Vec::new();
    if !own.is_empty() {
        entries.push(Entry::Heading("Yours, on this device".to_owned()));
        entries.extend(own.into_iter().map(|it| entry(it, "star")));
    }
    if !shared.is_empty() {
        entries.push(Entry::Heading("Shared, on this journey".to_owned()));
        entries.extend(shared.into_iter().map(|it| entry(it.1, "peers")));
    }
    if is_any {
        entries.push(Entry::Line);
    }
    entries
        .push(Entry::act("Save this view…", move || store.overlay.set(Some(Overlay::SaveView))).icon("plus"));
    entries.push(Entry::act("Copy a link to this view", move || copy_link(store, map)).icon("link"));
    if is_any {
        let forget = move || follow(store, "Remove a view", forgettable(store));
        entries.push(Entry::act("Remove a view…", forget).icon("trash"));
    }
    entries
}

fn forgettable(store: Store) -> Vec<Entry> {
    let own = store.journey_view().saved.into_iter().map(|it| it.name);
    let mut entries: Vec<Entry> = own
        .map(|name| {
            Entry::act(name.clone(), move || {
                let name = name.clone();
                store.change_view(move |it| it.saved.retain(|view| view.name != name));
            })
            .icon("star")
        })
        .collect();
    let shared = shared(store);
    if !shared.is_empty() {
        entries.push(Entry::Heading("For everybody on this journey".to_owned()));
    }
    entries.extend(shared.into_iter().map(|(id, view)| {
        Entry::act(view.name, move || store.trash(vec![id.into()])).icon("peers").danger()
    }));
    entries
}

/// Puts a link to the view as it is on the clipboard.
fn copy_link(store: Store, map: MapState) {
    let Some(journey) = store.journey_on_screen() else { return };
    if let Some(link) = links::to_view(journey, &present(store, map)) {
        links::copy(store, link);
    }
}

/// Looks at the journey that way.
pub fn show(store: Store, mut map: MapState, view: &SavedView) {
    map.filter.set(view.filter.clone());
    let SavedView { lens, table, picture, .. } = view.clone();
    store.change_view(move |it| (it.lens, it.table, it.picture) = (lens, table, picture));
}

/// Asks for a view's name and for whom it is, and keeps it.
#[component]
pub fn SaveView() -> Element {
    let mut store = use_store();
    let map = use_map();
    let mut name = use_signal(String::new);
    let mut is_shared = use_signal(|| false);
    let called = name.read().trim().to_owned();
    let known = shared(store).into_iter().find(|it| it.1.name == called).map(|it| it.0);
    let is_known = match is_shared() {
        true => known.is_some(),
        false => store.journey_view().saved.iter().any(|it| it.name == called),
    };
    let mut keep = move || {
        let called = name.peek().trim().to_owned();
        if called.is_empty() {
            return;
        }
        let view = SavedView { name: called.clone(), ..present(store, map) };
        store.overlay.set(None);
        if *is_shared.peek() {
            share(store, &view);
            return;
        }
        store.change_view(move |it| {
            it.saved.retain(|other| other.name != view.name);
            it.saved.push(view);
        });
        store.toast(Toast::plain("star", format!("Saved the view “{called}”")));
    };
    let whom = [
        (false, "star", "For me", "On this device only."),
        (
            true,
            "peers",
            "For everybody",
            "In the journey: whoever has it sees the view, and anybody can change it.",
        ),
    ];
    rsx! {
        Dialog { title: "Save this view", onclose: move |()| store.overlay.set(None),
            p { class: "t2", "Keeps the lens, what is left out, the columns of the table and the axes of the picture." }
            TextField {
                value: name.read().clone(),
                label: "Name of the view",
                placeholder: "My open work",
                id: "view-name",
                autofocus: true,
                oninput: move |text: String| name.set(text.chars().take(NAME_CHARS_MAX).collect()),
                onsubmit: move |()| keep(),
            }
            div { class: "seg whom", role: "radiogroup", "aria-label": "For whom",
                for (shares , icon , label , _) in whom {
                    button {
                        key: "{label}",
                        class: if is_shared() == shares { "seg-i on" } else { "seg-i" },
                        r#type: "button",
                        role: "radio",
                        "aria-checked": is_shared() == shares,
                        onclick: move |_| is_shared.set(shares),
                        Icon { name: icon, class: "sm" }
                        span { "{label}" }
                    }
                }
            }
            for (shares , _ , _ , about) in whom {
                if is_shared() == shares {
                    p { key: "{about}", class: "t3", "{about}" }
                }
            }
            div { class: "dlg-f",
                Button { label: "Cancel", class: "ghost", onclick: move |_| store.overlay.set(None) }
                Button {
                    label: if is_known { "Replace it" } else { "Save" },
                    class: "pri",
                    disabled: called.is_empty(),
                    onclick: move |_| keep(),
                }
            }
        }
    }
}

/// Keeps a view for everybody, in place of one that is called the same.
fn share(store: Store, view: &SavedView) {
    let known = shared(store).into_iter().find(|it| it.1.name == view.name).map(|it| it.0);
    let written = written(view, known.unwrap_or_else(|| host::fresh(SharedViewId::from_parts)));
    let label = format!("Share the view “{}”", view.name);
    let command = match known {
        None => Command::add(written),
        Some(id) => {
            let set = |set: SharedViewField| Command::set(Change::SharedView { id, set });
            let commands = vec![
                set(SharedViewField::Lens(written.lens)),
                set(SharedViewField::Filter(written.filter)),
                set(SharedViewField::Table(written.table)),
                set(SharedViewField::Picture(written.picture)),
            ];
            Command::Batch { label, commands }
        }
    };
    let said = format!("Everybody on this journey has the view “{}” now", view.name);
    dioxus::core::spawn_forever(async move {
        if store.dispatch(command).await {
            store.toast(Toast::plain("peers", said));
        }
    });
}

#[cfg(test)]
mod tests {
    use custory_domain::filter::{Criterion, Filter, Part};
    use custory_ipc::{Lens, PictureAxes, TableLayout};

    use super::*;

    #[test]
    fn a_shared_view_looks_the_same_and_one_of_a_newer_window_still_opens() {
        let filter = Filter { parts: vec![Part::Test(Criterion::Open.into())], ..Filter::default() };
        let table = TableLayout { kind: "insight".to_owned(), ..TableLayout::default() };
        let picture = PictureAxes { across: "reach".to_owned(), up: "evidence".to_owned() };
        let view = SavedView { name: "Open".to_owned(), lens: Lens::Table, filter, table, picture };
        let id = SharedViewId::from_parts(1, 1);
        assert_eq!(read(&written(&view, id)), view);
        let (lens, table, picture) = ("globe".to_owned(), "{".to_owned(), "[]".to_owned());
        let opened = read(&SharedView { lens, table, picture, ..written(&view, id) });
        assert_eq!((opened.lens, opened.table), (Lens::Map, TableLayout::default()));
        assert_eq!(opened.picture, PictureAxes::default());
        assert_eq!(opened.filter, view.filter);
    }
}
