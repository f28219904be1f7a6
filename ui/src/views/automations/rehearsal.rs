//! What an automation would do now, and would have done. Nothing is written for it.

use custory_ipc::AutomationView;
use dioxus::prelude::*;

use super::runs::{Reviews, mark};
use crate::components::{Button, Icon};
use crate::format;
use crate::host;
use crate::state::use_store;

/// The rehearsal beside the sentence.
#[component]
pub fn DryRun(automation: AutomationView) -> Element {
    let store = use_store();
    let automations = store.automations.read();
    let Some(found) = automations.rehearsal.clone() else {
        return rsx! { aside { class: "dry", "aria-label": "Dry run" } };
    };
    let now = host::now();
    let would = match found.would.len() {
        0 if found.reviews.is_empty() => "It would do nothing now. Nothing was written.".to_owned(),
        0 => "It would write this review. Nothing was written.".to_owned(),
        count => format!("It would do {} now. Nothing was written.", format::count(count, "thing", "things")),
    };
    rsx! {
        aside { class: "dry", id: "dry-run", "aria-label": "Dry run",
            div { class: "dry-h",
                h2 { "Dry run" }
                Button { label: "Run again", icon: "play", class: "xs", onclick: move |_| store.rehearse() }
            }
            p { "{would}" }
            for (at , says) in found.would.iter().enumerate() {
                div { key: "{at}", class: "dcard",
                    div { class: "o", Icon { name: "k-insight", class: "sm" } span { b { "{says}" } } }
                }
            }
            Reviews { reviews: found.reviews.clone() }
            if !found.checks.is_empty() {
                h3 { "Looked at" }
                for (at , check) in found.checks.iter().enumerate() {
                    div { key: "{at}", class: "au-c",
                        Icon { name: mark(check.holds), class: "sm" }
                        span { b { "{check.what}" } br {} "{check.found}" }
                    }
                }
            }
            if let Some(past) = found.past.clone() {
                h3 { {format::count(past.len(), "time in the last 90 days", "times in the last 90 days")} }
                for (at , says) in past.into_iter().rev() {
                    div { key: "{at.0}", class: "dcard",
                        div { class: "h", span { {format::day(at.date(), now.date())} } }
                        for (number , it) in says.into_iter().enumerate() {
                            div { key: "{number}", class: "o", Icon { name: "k-insight", class: "sm" } span { "{it}" } }
                        }
                    }
                }
            } else {
                p { class: "t3", "It reads the map itself, and how the map stood on past days is not kept; so only what it would do now is shown." }
            }
        }
    }
}
