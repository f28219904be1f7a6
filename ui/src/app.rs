//! The frame: which screen is shown, with the sidebar beside it and what lies over everything.

use custory_domain::{DraftId, JourneyId};
use dioxus::prelude::*;

use crate::components::{Button, Empty, MenuHost, QuestionDialog, Sprite, Toasts};
use crate::dom;
use crate::keys;
use crate::state::{self, Overlay, Phase};
use crate::views::about::About;
use crate::views::automations::AutomationsScreen;
use crate::views::draft::DraftView;
use crate::views::export::{Export, Saved};
use crate::views::filter::SaveView;
use crate::views::import::Import;
use crate::views::inbox::InboxScreen;
use crate::views::integrations::IntegrationsScreen;
use crate::views::journey::JourneyScreen;
use crate::views::links::use_links;
use crate::views::map::use_provide_map;
use crate::views::palette::{Palette, Shortcuts};
use crate::views::settings::SettingsScreen;
use crate::views::sidebar::Sidebar;
use crate::views::table::use_provide_table;
use crate::views::templates::Templates;
use crate::views::welcome::Welcome;
use crate::views::workspaces::{NewWorkspace, TakeOff};

/// What is on screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Screen {
    /// The first start, and whenever there is no journey.
    Welcome,
    /// A journey's map.
    Journey(JourneyId),
    /// Choosing what to draft a journey from.
    DraftSources,
    /// A draft being read.
    DraftReading(DraftId),
    /// A draft being reviewed.
    DraftReview(DraftId),
    /// What was heard elsewhere.
    Inbox,
    /// What the map does by itself.
    Automations,
    /// Other tools.
    Integrations,
    /// How this device shows things, and where it keeps them.
    Settings,
}

/// The whole interface.
#[component]
pub fn App() -> Element {
    let store = state::use_provide_store();
    state::use_events(store);
    use_hook(dom::mark_coarse);
    state::use_theme(store);
    state::use_text_size(store);
    let map = use_provide_map(store);
    use_provide_table(store, map);
    use_links(store, map);
    dom::use_page_size(store.page);
    dom::use_first_keys(move |event| keys::hear(&event, store, map));
    dom::use_keys(move |event| keys::press(&event, store, map));
    rsx! {
        Sprite {}
        match store.phase.read().clone() {
            Phase::Starting => rsx! {},
            Phase::Failed(message) => rsx! { Failed { message } },
            Phase::Ready => rsx! { Frame {} },
        }
        match *store.overlay.read() {
            Some(Overlay::Palette) => rsx! { Palette {} },
            Some(Overlay::Shortcuts) => rsx! { Shortcuts {} },
            Some(Overlay::Export(journey)) => rsx! { Export { journey } },
            Some(Overlay::About) => rsx! { About {} },
            Some(Overlay::Saved) => rsx! { Saved {} },
            Some(Overlay::Templates) => rsx! { Templates {} },
            Some(Overlay::Import) => rsx! { Import {} },
            Some(Overlay::SaveView) => rsx! { SaveView {} },
            Some(Overlay::NewWorkspace) => rsx! { NewWorkspace {} },
            Some(Overlay::TakeOff) => rsx! { TakeOff {} },
            None => rsx! {},
        }
        MenuHost {}
        QuestionDialog {}
        Toasts {}
    }
}

#[component]
fn Frame() -> Element {
    let store = state::use_store();
    let screen = *store.screen.read();
    if screen == Screen::Welcome {
        return rsx! { Welcome {} };
    }
    let is_presenting = *store.is_presenting.read() && matches!(screen, Screen::Journey(_));
    rsx! {
        div { class: if is_presenting { "app presenting" } else { "app" },
            Sidebar {}
            match screen {
                Screen::Welcome => rsx! {},
                Screen::Journey(journey) => rsx! {
                    // A list of one: another journey is another screen, not the same one with other contents.
                    for journey in [journey] {
                        JourneyScreen { key: "{journey}", journey }
                    }
                },
                Screen::DraftSources | Screen::DraftReading(_) | Screen::DraftReview(_) => rsx! {
                    DraftView { screen }
                },
                Screen::Inbox => rsx! { InboxScreen {} },
                Screen::Automations => rsx! { AutomationsScreen {} },
                Screen::Integrations => rsx! { IntegrationsScreen {} },
                Screen::Settings => rsx! { SettingsScreen {} },
            }
        }
    }
}

/// The engine would not start; says why and tries again on demand.
#[component]
fn Failed(message: String) -> Element {
    let mut store = state::use_store();
    rsx! {
        div { class: "app app-bare",
            main { class: "sheet centre",
                Empty { icon: "warn", title: "Custory could not open your data", text: message,
                    Button {
                        label: "Try again",
                        class: "pri sm",
                        onclick: move |_| {
                            store.phase.set(Phase::Starting);
                            spawn(state::start(store));
                        },
                    }
                }
            }
        }
    }
}
