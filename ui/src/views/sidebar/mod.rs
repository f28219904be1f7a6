//! The sidebar: the workspace, its journeys and drafts, and what is always at hand.

mod journeys;
mod menus;

use dioxus::prelude::*;

use crate::app::Screen;
use crate::components::{Avatar, Icon, IconButton, Menu};
use crate::state::use_store;
use crate::views::workspaces::WorkspaceSwitch;
use journeys::{Archived, Drafts, Journeys};
pub use menus::{journey_entries, new_entries};

/// The sidebar.
#[component]
pub fn Sidebar() -> Element {
    let mut store = use_store();
    let me = *store.me.read();
    let my_name = store.member(me).map(|it| it.name).unwrap_or_default();
    let screen = *store.screen.read();
    let is_drafting = screen == Screen::DraftSources;
    let waits = store.inbox.read().to_review + store.news.read().unread;
    let needs_person = store.automations.read().needs_person();
    let is_settings = screen == Screen::Settings;
    let tool_stopped = use_memo(move || {
        let stopped =
            |it: &custory_ipc::ConnectorView| it.connection.as_ref().is_some_and(|it| !it.problem.is_empty());
        store.connectors.read().iter().any(stopped)
    });
    let review_waits = use_memo(move || store.review_waits());
    rsx! {
        aside { class: "side", "aria-label": "Workspace",
            WorkspaceSwitch {}
            nav { class: "navs", "aria-label": "Main",
                Entry {
                    icon: "inbox",
                    label: "Inbox",
                    count: waits,
                    is_on: screen == Screen::Inbox,
                    onclick: move |()| store.go(Screen::Inbox),
                }
                Entry {
                    icon: "flow",
                    label: "Automations",
                    needs_person,
                    is_on: screen == Screen::Automations,
                    onclick: move |()| store.go(Screen::Automations),
                }
                Entry {
                    icon: "plug",
                    label: "Integrations",
                    needs_person: tool_stopped(),
                    is_on: screen == Screen::Integrations,
                    onclick: move |()| store.go(Screen::Integrations),
                }
                if store.journey_on_screen().is_some() {
                    Entry {
                        icon: "clock",
                        label: "History",
                        is_on: store.history.read().is_some(),
                        onclick: move |()| store.toggle_history(),
                    }
                    Entry {
                        icon: "doc",
                        label: "Review",
                        needs_person: review_waits(),
                        is_on: store.review.read().is_some(),
                        onclick: move |()| store.toggle_review(),
                    }
                }
            }
            div { class: "side-h",
                span { "Journeys" }
                IconButton {
                    icon: "plus",
                    class: "xs",
                    label: "New journey",
                    opens_menu: true,
                    onclick: move |event| {
                        store.menu.set(Some(Menu::below(&event, "New journey", new_entries(store))));
                    },
                }
            }
            div { class: "side-j",
                nav { class: "navs", "aria-label": "Journeys",
                    Journeys {}
                    Drafts {}
                }
                Archived {}
            }
            nav { class: "navs", "aria-label": "More",
                Entry {
                    icon: "plus",
                    label: "Build from your product",
                    is_on: is_drafting,
                    onclick: move |()| store.go(Screen::DraftSources),
                }
                Entry { icon: "gear", label: "Settings", is_on: is_settings, onclick: move |()| store.go(Screen::Settings) }
            }
            button { class: "me", r#type: "button", title: "{my_name}", onclick: move |_| store.go(Screen::Settings),
                Avatar { member: Some(me) }
                span { "{my_name}" }
            }
        }
    }
}

/// A line of the sidebar that leads somewhere.
#[component]
fn Entry(
    icon: &'static str,
    label: String,
    is_on: bool,
    /// What waits there; nothing is written for none.
    #[props(default)]
    count: usize,
    /// Whether something there waits for a person's help.
    #[props(default)]
    needs_person: bool,
    onclick: EventHandler<()>,
) -> Element {
    rsx! {
        button {
            class: "nav",
            r#type: "button",
            title: "{label}",
            "aria-current": if is_on { "page" },
            onclick: move |_| onclick.call(()),
            Icon { name: icon }
            span { "{label}" }
            if count > 0 {
                b { class: "cnt cnt-on", "{count}" }
            }
            if needs_person {
                b { class: "cnt", i { class: "dot", style: "--c:var(--insight-solid)", title: "Something is to be looked at" } }
            }
        }
    }
}
