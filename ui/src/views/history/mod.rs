//! History of a journey: what was changed and by whom at the right, time along the foot, and over the map which
//! version is looked at.
//!
//! It shows what the engine tells. The past is read-only; putting it back is a change of the present.

mod list;
mod timeline;
pub mod words;

use custory_domain::{Command, EntityRef};
use dioxus::prelude::*;

use super::compare::{Counts, Drawing};
use crate::components::{Button, InlineText};
use crate::state::{Comparison, Drawn, Mark, use_store};
pub use list::{HistoryPanel, Line};
pub use timeline::Timeline;

const STYLE: &str = include_str!("style.css");

/// Over the map: which version it is, what differs from now, and what can be done with it.
#[component]
pub fn Banner() -> Element {
    let store = use_store();
    let mut is_naming = use_signal(|| false);
    let history = store.history.read();
    let Some(at) = history.as_ref().and_then(|it| it.at.clone()) else { return rsx! {} };
    let comparison = store.comparison.read();
    let Some(comparison) = comparison.as_ref() else { return rsx! {} };
    let (title, moment) = (words::title(&at), words::moment(at.at));
    let part =
        part_at_hand(comparison, store.panel.read().as_ref().map(|it| it.item.unwrap_or(it.step.into())));
    let explains = match comparison.drawn {
        Drawn::Other | Drawn::SideBySide => "as known then",
        Drawn::WhatChanged => "with what changed since",
    };
    let whole = format!("{title}, {moment}, {explains}");
    let (id, name) = (at.id.clone(), at.name.clone());
    rsx! {
        style { dangerous_inner_html: STYLE }
        div { class: "ban", id: "history-banner", role: "status",
            crate::components::Icon { name: "clock" }
            span { class: "hb-t", title: whole,
                if is_naming() {
                    InlineText {
                        value: name,
                        label: "Name of the version",
                        placeholder: "Name of the version",
                        class: "one",
                        editing: true,
                        onsave: move |name| store.order_now(Command::NameVersion { version: id.clone(), name }),
                        ondone: move |()| is_naming.set(false),
                    }
                } else {
                    b { "{title}" }
                    ", {moment}, {explains}"
                }
            }
            Counts {}
            Drawing { ways: [(Drawn::Other, "As it was"), (Drawn::WhatChanged, "What changed")] }
            Button { label: "Name it", class: "sm ghost", id: "history-name", onclick: move |_| is_naming.set(true) }
            if let Some(part) = part {
                Button {
                    label: "Put this back",
                    class: "sm",
                    icon: "undo",
                    id: "history-part",
                    onclick: move |_| store.put_back(Some(part)),
                }
            }
            Button {
                label: "Restore this version",
                class: "sm",
                icon: "undo",
                id: "history-restore",
                onclick: move |_| store.put_back(None),
            }
            Button {
                label: "Back to now",
                class: "sm pri",
                keys: vec!["Esc"],
                id: "history-now",
                onclick: move |_| store.back_to_now(),
            }
        }
    }
}

/// What is open, if it could be put back.
fn part_at_hand(comparison: &Comparison, open: Option<EntityRef>) -> Option<EntityRef> {
    open.filter(|it| comparison.marks.get(it).is_some_and(|it| *it != Mark::Added))
}
