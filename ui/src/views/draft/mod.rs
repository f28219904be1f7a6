//! From the product to a map: choose what to read, watch it being read, review what was found.

mod head;
mod reading;
mod review;
mod sources;

use dioxus::prelude::*;

use crate::app::Screen;
pub use sources::read_again;

const STYLE: &str = include_str!("style.css");

/// The screen of a draft, whichever of the three it is at.
#[component]
pub fn DraftView(screen: Screen) -> Element {
    rsx! {
        style { dangerous_inner_html: STYLE }
        match screen {
            Screen::DraftReading(draft) => rsx! {
                // A list of one: another draft is another screen, not the same one with other contents.
                for draft in [draft] {
                    reading::ReadingScreen { key: "{draft}", draft }
                }
            },
            Screen::DraftReview(draft) => rsx! {
                for draft in [draft] {
                    review::ReviewScreen { key: "{draft}", draft }
                }
            },
            Screen::Welcome | Screen::Journey(_) | Screen::DraftSources | Screen::Inbox
            | Screen::Automations
            | Screen::Integrations
            | Screen::Settings => rsx! {
                sources::SourcesScreen {}
            },
        }
    }
}
