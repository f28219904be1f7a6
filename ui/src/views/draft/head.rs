//! The top row of the three screens of a draft: where the person is, and what can be done there.

use dioxus::prelude::*;

use crate::app::Screen;
use crate::components::Icon;
use crate::state::Store;

/// What the three screens are called.
const NAMES: [&str; 3] = ["Sources", "Reading", "Review"];

/// The top row. `at` is the screen's number, from 1; `children` stand at the right.
#[component]
pub fn Head(at: usize, children: Element) -> Element {
    rsx! {
        header { class: "top", "data-tauri-drag-region": "true",
            div { class: "top-l",
                h1 { class: "pt", "Build from your product" }
            }
            div { class: "steps3", role: "img", "aria-label": "Step {at} of 3: {NAMES[at - 1]}",
                for (number , name) in (1..).zip(NAMES) {
                    if number > 1 {
                        i {}
                    }
                    span { class: if number < at { "done" } else if number == at { "on" },
                        b { class: "n",
                            if number < at {
                                Icon { name: "check" }
                            } else {
                                "{number}"
                            }
                        }
                        "{name}"
                    }
                }
            }
            div { class: "top-r", {children} }
        }
    }
}

/// Where to go when a draft is left alone: to the journey that was open last, or the newest.
pub fn leave(store: Store) {
    let journeys = store.journeys.peek();
    let present = |id: &_| journeys.iter().any(|it| it.id == *id && !it.is_archived);
    let last = store.preferences.peek().last_journey.filter(present);
    let newest = || journeys.iter().rev().find(|it| !it.is_archived).map(|it| it.id);
    let screen = last.or_else(newest).map_or(Screen::Welcome, Screen::Journey);
    drop(journeys);
    store.go(screen);
}
