//! Workspaces side by side: which is shown, the way to another, and a new one.
//!
//! Another workspace is another set of everything, so the page begins anew when one is shown.

mod take_off;

use std::cell::Cell;

use custory_ipc::{Reply, Request, WorkspaceEntry, WorkspacesWish};
use dioxus::core::spawn_forever;
use dioxus::prelude::*;

use crate::app::Screen;
use crate::components::{Button, Dialog, Entry, Icon, Menu, TextField};
use crate::state::{Overlay, Store, use_store};
use crate::{dom, format, host};
pub use take_off::TakeOff;

/// The button that opens the list.
const SWITCH_ID: &str = "workspace";

/// What an invitation begins with.
const INVITATION: &str = "custory://join/";

/// What a workspace is called until it has a name of its own.
const NAME: &str = "New workspace";

/// Says which workspace is shown, and leads to the others.
#[component]
pub fn WorkspaceSwitch(#[props(default)] is_small: bool) -> Element {
    let store = use_store();
    let name = store.workspace_name();
    let waits = elsewhere(&store.workspaces.read());
    let tile = name.chars().next().map(|it| it.to_uppercase().to_string()).unwrap_or_default();
    rsx! {
        button {
            id: SWITCH_ID,
            class: if is_small { "ws ws-s" } else { "ws" },
            r#type: "button",
            title: if waits.is_empty() { name.clone() } else { format!("{name}. {waits}") },
            "aria-haspopup": "menu",
            onclick: move |_| show_list(store),
            span { class: "ws-tile", "{tile}" }
            span { class: "ws-n", "{name}" }
            if !waits.is_empty() {
                i { class: "dot", style: "--c:var(--accent-solid)", "aria-label": "{waits}" }
            }
            Icon { name: "updown", class: "sm" }
        }
    }
}

/// What is new, or waits, in workspaces that are not shown, in a sentence for each; empty if nothing does.
fn elsewhere(workspaces: &[WorkspaceEntry]) -> String {
    let others = workspaces.iter().filter(|it| !it.is_shown);
    let sentences: Vec<String> = others
        .filter_map(|it| {
            let changed = (it.changed > 0)
                .then(|| format!("{} changed", format::count(it.changed, "journey", "journeys")));
            let waiting = (it.waiting > 0).then(|| format::count(it.waiting, "change waits", "changes wait"));
            let said: Vec<String> = changed.into_iter().chain(waiting).collect();
            (!said.is_empty()).then(|| format!("{}: {}.", it.name, said.join(", ")))
        })
        .collect();
    sentences.join(" ")
}

/// Time in which news of other workspaces are looked at once, in milliseconds.
const LOOK_MILLIS: i32 = 400;

/// Looks what is new in other workspaces, once for all that is told within a moment.
pub fn look_soon(mut store: Store) {
    thread_local! {
        static IS_LOOKING: Cell<bool> = const { Cell::new(false) };
    }
    if IS_LOOKING.replace(true) {
        return;
    }
    spawn_forever(async move {
        dom::sleep(LOOK_MILLIS).await;
        IS_LOOKING.set(false);
        if let Ok(Reply::Workspaces { workspaces }) =
            host::request(Request::Workspaces(WorkspacesWish::List)).await
        {
            store.workspaces.set(workspaces);
        }
    });
}

/// Shows the list below the name of the workspace.
pub fn show_list(mut store: Store) {
    spawn_forever(async move {
        let Some(Reply::Workspaces { workspaces }) =
            store.ask(Request::Workspaces(WorkspacesWish::List)).await
        else {
            return;
        };
        store.workspaces.set(workspaces.clone());
        let entries = entries(store, &workspaces);
        store.menu.set(Some(Menu::below_id(SWITCH_ID, "Workspaces", entries)));
    });
}

fn entries(mut store: Store, workspaces: &[WorkspaceEntry]) -> Vec<Entry> {
    let entry = |it: &WorkspaceEntry| {
        let (key, is_shown) = (it.key.clone(), it.is_shown);
        let run = move || {
            if !is_shown {
                let wish = WorkspacesWish::Show { key: key.clone() };
                spawn_forever(async move {
                    ask_and_begin_anew(store, wish).await;
                });
            }
        };
        let label = label(it, workspaces);
        let label = match it.waiting {
            0 => label,
            waiting => format!("{label}, {}", format::count(waiting, "change waits", "changes wait")),
        };
        Entry::act(label, run).on(is_shown).count(if is_shown { 0 } else { it.changed })
    };
    let mut entries: Vec<Entry> = vec![Entry::Heading("Workspaces on this computer".to_owned())];
    entries.extend(workspaces.iter().map(entry));
    entries.extend([
        Entry::Line,
        Entry::act("New workspace…", move || store.overlay.set(Some(Overlay::NewWorkspace))).icon("plus"),
        Entry::act("Take this one off this computer…", move || store.overlay.set(Some(Overlay::TakeOff)))
            .icon("trash"),
        Entry::act("Settings", move || store.go(Screen::Settings)).icon("gear"),
    ]);
    entries
}

/// A workspace's name; with its relay, where two have the same.
fn label(it: &WorkspaceEntry, all: &[WorkspaceEntry]) -> String {
    let name = if it.name.is_empty() { NAME } else { &it.name };
    let is_one_of_several = all.iter().filter(|other| other.name == it.name).count() > 1;
    match (is_one_of_several, it.relay.is_empty()) {
        (false, _) => name.to_owned(),
        (true, false) => format!("{name} · {}", it.relay),
        (true, true) => format!("{name} · this computer"),
    }
}

/// Makes a workspace beside the others, for oneself or to join a team with.
#[component]
pub fn NewWorkspace() -> Element {
    let mut store = use_store();
    let mut name = use_signal(String::new);
    let mut link = use_signal(|| store.invitation.peek().clone().unwrap_or_default());
    let mut is_busy = use_signal(|| false);
    let is_joining = !link.read().trim().is_empty();
    let wrong_link = (is_joining && !link.read().trim().starts_with(INVITATION))
        .then(|| format!("An invitation begins with {INVITATION}"));
    let is_ready = wrong_link.is_none() && (is_joining || !name.read().trim().is_empty());
    let mut close = move || {
        store.invitation.set(None);
        store.overlay.set(None);
    };
    let make = use_callback(move |()| {
        if !is_ready || *is_busy.peek() {
            return;
        }
        is_busy.set(true);
        let link = link.peek().trim().to_owned();
        let named = name.peek().trim().to_owned();
        let name = if named.is_empty() { NAME.to_owned() } else { named };
        spawn_forever(async move {
            // The page that begins anew reads it.
            dom::note_for_next(&link);
            if !ask_and_begin_anew(store, WorkspacesWish::New { name }).await {
                dom::note_for_next("");
                if let Ok(mut is_busy) = is_busy.try_write() {
                    *is_busy = false;
                }
            }
        });
    });
    rsx! {
        Dialog { title: "New workspace", onclose: move |()| close(),
            p { "With journeys, people and a team of its own, beside the one that you have here." }
            div { class: "nw",
                TextField {
                    id: "new-workspace-name",
                    value: name(),
                    label: "Name of the workspace",
                    placeholder: if is_joining { "Takes the team’s name" } else { "Name" },
                    autofocus: true,
                    oninput: move |text| name.set(text),
                    onsubmit: move |()| make(()),
                }
                TextField {
                    id: "new-workspace-link",
                    value: link(),
                    label: "Invitation to a team, if you have one",
                    placeholder: "Invitation link, if you have one",
                    icon: "link",
                    error: wrong_link,
                    oninput: move |text| link.set(text),
                    onsubmit: move |()| make(()),
                }
            }
            div { class: "dlg-f",
                Button { label: "Cancel", class: "ghost", onclick: move |_| close() }
                Button {
                    label: "Make it",
                    class: "pri",
                    id: "new-workspace-make",
                    disabled: !is_ready,
                    busy: is_busy().then(|| "Making".to_owned()),
                    onclick: move |_| make(()),
                }
            }
        }
    }
}

thread_local! {
    /// Whether this page has asked for another workspace and has no answer yet.
    static IS_ASKING: Cell<bool> = const { Cell::new(false) };
}

/// Asks for another workspace, and begins anew once it is shown. Not before: the shell repeats what a page has
/// asked when the page goes before the answer comes.
async fn ask_and_begin_anew(store: Store, wish: WorkspacesWish) -> bool {
    IS_ASKING.set(true);
    let is_done = store.ask(Request::Workspaces(wish)).await.is_some();
    IS_ASKING.set(false);
    if is_done {
        begin_anew();
    }
    is_done
}

/// Another workspace is shown, because this page has asked for it or another one has.
pub fn another_is_shown() {
    if !IS_ASKING.get() {
        begin_anew();
    }
}

fn begin_anew() {
    drop(dom::window().location().reload());
}

/// What was noted before the page began anew: an invitation that is to be used here.
pub fn noted_invitation() -> Option<String> {
    dom::take_note().filter(|it| it.starts_with(INVITATION))
}

/// Whether there are others than the one that is shown.
pub async fn has_others() -> bool {
    let reply = host::request(Request::Workspaces(WorkspacesWish::List)).await;
    matches!(reply, Ok(Reply::Workspaces { workspaces }) if workspaces.len() > 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn workspace(key: &str, name: &str, relay: &str) -> WorkspaceEntry {
        let owned = str::to_owned;
        let (key, name, relay) = (owned(key), owned(name), owned(relay));
        WorkspaceEntry { key, name, relay, is_shown: false, changed: 0, waiting: 0 }
    }

    #[test]
    fn what_is_new_elsewhere_is_said_and_what_is_on_screen_is_not() {
        let mut all = [workspace("", "Mine", ""), workspace("1", "Acme", "relay.acme.com")];
        assert_eq!(elsewhere(&all), "");
        all[1].changed = 1;
        all[1].waiting = 3;
        assert_eq!(elsewhere(&all), "Acme: 1 journey changed, 3 changes wait.");
        all[1].is_shown = true;
        assert_eq!(elsewhere(&all), "");
    }

    #[test]
    fn two_of_one_name_can_be_told_apart() {
        let all =
            [workspace("", "Acme", ""), workspace("1", "Acme", "relay.acme.com"), workspace("2", "Mine", "")];
        let labels: Vec<String> = all.iter().map(|it| label(it, &all)).collect();
        assert_eq!(labels, ["Acme · this computer", "Acme · relay.acme.com", "Mine"]);
    }
}
