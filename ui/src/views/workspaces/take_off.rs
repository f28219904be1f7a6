//! Taking a workspace off this computer: what would be gone with it is said first.

use custory_ipc::{Reply, Request, WorkspaceLoss, WorkspacesWish};
use dioxus::core::spawn_forever;
use dioxus::prelude::*;

use super::ask_and_begin_anew;
use crate::components::{Button, Dialog, Note, TextField};
use crate::state::{Store, use_store};

/// Takes the workspace that is shown off this computer.
#[component]
pub fn TakeOff() -> Element {
    let mut store = use_store();
    let mut found = use_signal(|| None::<(String, WorkspaceLoss)>);
    use_hook(|| {
        spawn(async move { found.set(what_is_lost(store).await) });
    });
    match found() {
        Some((key, lost)) => rsx! {
            Confirm { workspace: key, lost }
        },
        None => rsx! {
            Dialog { title: "Take off this computer", onclose: move |()| store.overlay.set(None),
                p { "Looking what is in it." }
            }
        },
    }
}

/// Says what goes and what would be gone for good. The name is asked for if anything would be.
#[component]
fn Confirm(workspace: String, lost: WorkspaceLoss) -> Element {
    let mut store = use_store();
    let mut typed = use_signal(String::new);
    let mut is_busy = use_signal(|| false);
    let mut close = move || store.overlay.set(None);
    let asks_name = lost.is_any();
    let is_ready = !asks_name || typed.read().trim() == lost.name.trim();
    let remove = use_callback(move |()| {
        if !is_ready || *is_busy.peek() {
            return;
        }
        is_busy.set(true);
        let wish = WorkspacesWish::TakeOff { key: workspace.clone(), typed: typed.peek().clone() };
        spawn_forever(async move {
            if !ask_and_begin_anew(store, wish).await
                && let Ok(mut is_busy) = is_busy.try_write()
            {
                *is_busy = false;
            }
        });
    });
    let stays = if store.team.read().is_some() {
        "Teammates keep what the relay has. Their list goes on to show this device until an admin removes it; to come \
         back it has to be invited again."
    } else {
        "Other workspaces stay as they are."
    };
    rsx! {
        Dialog { title: "Take “{lost.name}” off this computer?", onclose: move |()| close(),
            p { "Its journeys, pictures, connected tools and keys are removed from this computer. {stays}" }
            if asks_name {
                div { class: "nw",
                    Note { icon: "warn", tone: "warn", {lost.sentences()} }
                    TextField {
                        id: "take-off-name",
                        value: typed(),
                        label: "Its name, to do it all the same",
                        placeholder: "Type “{lost.name}” to do it all the same",
                        autofocus: true,
                        oninput: move |text| typed.set(text),
                        onsubmit: move |()| remove(()),
                    }
                }
            }
            div { class: "dlg-f",
                Button { label: "Cancel", class: "ghost", onclick: move |_| close() }
                Button {
                    label: "Take it off",
                    class: "danger",
                    id: "take-off",
                    disabled: !is_ready,
                    busy: is_busy().then(|| "Removing".to_owned()),
                    onclick: move |_| remove(()),
                }
            }
        }
    }
}

/// The workspace that is shown, and what would be gone with it.
async fn what_is_lost(store: Store) -> Option<(String, WorkspaceLoss)> {
    let all = store.ask(Request::Workspaces(WorkspacesWish::List)).await;
    let Some(Reply::Workspaces { workspaces }) = all else { return None };
    let key = workspaces.into_iter().find(|it| it.is_shown)?.key;
    let wish = WorkspacesWish::WhatIsLost { key: key.clone() };
    match store.ask(Request::Workspaces(wish)).await {
        Some(Reply::WorkspaceLoss { loss }) => Some((key, loss)),
        _ => None,
    }
}
