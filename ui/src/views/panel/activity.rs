//! What was changed of a step or an item: by whom, through what, and when. Each change leads to the journey as it was then.

use custory_domain::EntityRef;
use custory_ipc::{Reply, Request, Version, When};
use dioxus::prelude::*;

use crate::components::Button;
use crate::format;
use crate::host;
use crate::state::use_store;
use crate::views::history::Line;

/// Changes of something, the newest first, at most so many.
#[component]
pub fn Activity(about: EntityRef, #[props(default = usize::MAX)] most: usize) -> Element {
    let store = use_store();
    let revision = use_memo(move || store.open.read().as_ref().map(|it| it.revision));
    let told = use_resource(move || async move {
        // Anew whenever something has changed.
        revision();
        let journey = store.journey_on_screen()?;
        let request = Request::History { journey, about: Some(about), before: None };
        match host::request(request).await {
            Ok(Reply::History { history }) => Some((history.versions, history.has_more)),
            _ => None,
        }
    });
    let told = told.read();
    let Some(Some((versions, has_more))) = told.as_ref() else { return rsx! {} };
    let shown: Vec<Version> = versions.iter().take(most).cloned().collect();
    let has_more = *has_more || versions.len() > most;
    rsx! {
        div { class: "act", id: "activity",
            for version in shown {
                Line {
                    key: "{version.id}",
                    is_on: false,
                    when: format::ago(version.at, host::now()),
                    version,
                    onlook: move |id| {
                        store.show_history_of(about);
                        store.look_back(When::Version(id));
                    },
                }
            }
            if has_more {
                Button { label: "All changes", class: "sm ghost", onclick: move |_| store.show_history_of(about) }
            }
        }
    }
}
