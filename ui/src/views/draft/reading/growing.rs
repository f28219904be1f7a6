//! The draft's map as it grows: stages and steps as far as known, and room for what comes.

use custory_domain::draft::DraftPhase;
use dioxus::prelude::*;

use crate::state::{DraftReading, stage_colour};

/// Stages for which room is kept while none is known.
const EMPTY_STAGES: usize = 4;

/// The strip of stages.
#[component]
pub fn GrowingMap(reading: ReadSignal<DraftReading>) -> Element {
    let reading = reading.read();
    let is_growing = reading.phase().is_none_or(|it| it < DraftPhase::Checking);
    let known = reading.stages.len();
    let empty = match known {
        0 => EMPTY_STAGES,
        _ if is_growing => 1,
        _ => 0,
    };
    rsx! {
        div { class: "dj scroll", role: "list", "aria-label": "Stages found so far",
            for (number , (title , steps)) in reading.stages.iter().cloned().enumerate() {
                div { key: "{number}", class: "dj-s", role: "listitem", style: "--c:{stage_colour(number, known)}",
                    h3 { "{title}" }
                    div { class: "r",
                        for (at , step) in steps.iter().enumerate() {
                            div { key: "{at}", class: "dj-c",
                                h4 { "{step}" }
                            }
                        }
                        if is_growing && number + 1 == known {
                            div { class: "dj-c", "aria-hidden": "true",
                                div { class: "sk a" }
                                div { class: "sk b" }
                                div { class: "sk c" }
                            }
                        }
                    }
                }
            }
            for number in 0..empty {
                div { key: "empty-{number}", class: "dj-s none", "aria-hidden": "true",
                    h3 {
                        span { class: "sk" }
                    }
                    div { class: "r",
                        div { class: "dj-c ghost" }
                        div { class: "dj-c ghost" }
                    }
                }
            }
        }
    }
}
