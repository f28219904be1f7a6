//! The picture of a touchpoint: shown, chosen, taken away.

use custory_domain::{Change, Command, Touchpoint, TouchpointField};
use custory_ipc::{PictureWish, Reply, Request};
use dioxus::core::spawn_forever;
use dioxus::prelude::*;

use crate::components::{Button, IconButton};
use crate::host;
use crate::state::use_store;

/// What is known of a picture.
#[derive(Clone, PartialEq)]
enum Shown {
    /// It is being read.
    Waiting,
    /// Its address for the page.
    Here(String),
    /// It is on another device, or on its way here from there.
    Elsewhere,
}

/// The picture.
#[component]
pub(super) fn TouchpointPicture(it: Touchpoint) -> Element {
    let store = use_store();
    let id = it.id;
    let mut shown = use_signal(|| Shown::Waiting);
    let mut asked = use_signal(String::new);
    let name = it.picture.clone();
    use_effect(use_reactive!(|name| {
        if name.is_empty() {
            return;
        }
        // One that has come from a teammate is asked for again.
        let has_come = store.pictures_came.read().contains(&name);
        let is_same = *asked.peek() == name;
        if is_same && !(has_come && *shown.peek() == Shown::Elsewhere) {
            return;
        }
        asked.set(name.clone());
        shown.set(Shown::Waiting);
        spawn(async move {
            let found = match store.ask(Request::Pictures(PictureWish::Look { name })).await {
                Some(Reply::Picture { picture: Some(it) }) => {
                    Shown::Here(format!("data:{};base64,{}", it.mime, it.base64))
                }
                _ => Shown::Elsewhere,
            };
            shown.set(found);
        });
    }));
    let choose = move || {
        let Some(journey) = store.journey_on_screen() else { return };
        spawn_forever(async move {
            let Some(path) = host::pick_files().await.into_iter().next() else { return };
            store.order(Request::Pictures(PictureWish::Attach { journey, touchpoint: id, path }));
        });
    };
    let remove = move || {
        let set = TouchpointField::Picture(String::new());
        store.send(Command::set(Change::Touchpoint { id, set }));
    };
    rsx! {
        div { class: "tpic",
            if it.picture.is_empty() {
                Button { label: "Add a screenshot", class: "sm ghost", icon: "plus", id: "add-picture", onclick: move |_| choose() }
            } else {
                match shown.read().clone() {
                    Shown::Waiting => rsx! { div { class: "tpic-w" } },
                    Shown::Here(address) => rsx! {
                        img { src: "{address}", alt: "Screenshot of {it.title}" }
                    },
                    Shown::Elsewhere => rsx! {
                        if store.team.read().is_some() {
                            div { class: "tpic-w", role: "status",
                                span { class: "t3", "The screenshot comes as soon as the relay has it." }
                            }
                        } else {
                            p { class: "t3", "This screenshot is on the device that added it." }
                        }
                    },
                }
                div { class: "tpic-b",
                    IconButton { icon: "pen", class: "xs", label: "Another screenshot", onclick: move |_| choose() }
                    IconButton { icon: "x", class: "xs", label: "Take the screenshot away", onclick: move |_| remove() }
                }
            }
        }
    }
}
