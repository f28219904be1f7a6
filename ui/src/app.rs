//! The frame: which screen is shown, with the sidebar beside it and what lies over everything.

use custory_domain::{DraftId, JourneyId};
use dioxus::prelude::*;

use crate::components::{Button, Empty, MenuHost, QuestionDialog, Sprite, Toasts};
use crate::state::{self, Phase};

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
    /// How this device shows things, and where it keeps them.
    Settings,
}

/// The whole interface.
#[component]
pub fn App() -> Element {
    let store = state::use_provide_store();
    state::use_events(store);
    state::use_theme(store);
    rsx! {
        Sprite {}
        match store.phase.read().clone() {
            Phase::Starting => rsx! {},
            Phase::Failed(message) => rsx! { Failed { message } },
            Phase::Ready => rsx! { Frame {} },
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
        return rsx! {};
    }
    rsx! {
        div { class: "app",
            match screen {
                Screen::Welcome => rsx! {},
                Screen::Journey(_) => rsx! {},
                Screen::DraftSources | Screen::DraftReading(_) | Screen::DraftReview(_) => rsx! {},
                Screen::Settings => rsx! {},
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
