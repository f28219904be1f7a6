//! The draft's map as it grows: stages and steps as far as known, and room for what comes.

use std::rc::Rc;

use custory_domain::draft::DraftPhase;
use dioxus::html::geometry::PixelsVector2D;
use dioxus::prelude::*;

use crate::state::{DraftReading, stage_colour};

/// Stages for which room is kept while none is known.
const EMPTY_STAGES: usize = 4;

/// The strip of stages.
#[component]
pub fn GrowingMap(reading: ReadSignal<DraftReading>) -> Element {
    let mut strip = use_signal(|| None::<Rc<MountedData>>);
    let known = use_memo(move || reading.read().stages.len());
    // The newest stage is what is being worked on: it stays in sight.
    use_effect(move || {
        if let Some(strip) = strip.read().clone().filter(|_| known() > 0) {
            spawn(async move {
                let Ok(size) = strip.get_scroll_size().await else { return };
                let end = PixelsVector2D::new(size.width, 0.0);
                drop(strip.scroll(end, ScrollBehavior::Smooth).await);
            });
        }
    });
    let reading = reading.read();
    let is_growing = reading.phase().is_none_or(|it| it < DraftPhase::Checking);
    let known = reading.stages.len();
    let empty = match known {
        0 => EMPTY_STAGES,
        _ if is_growing => 1,
        _ => 0,
    };
    rsx! {
        div {
            class: "dj scroll",
            role: "list",
            "aria-label": "Stages found so far",
            onmounted: move |event| strip.set(Some(event.data())),
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
