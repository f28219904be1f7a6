//! The left side: stages with their steps, where each was found, and the decision about it.

use dioxus::prelude::*;

use super::desk::{steps, use_review};
use super::rows::{Filter, Group};
use super::step::StepRow;
use crate::components::{Button, Empty, Note};

/// The list.
#[component]
pub fn List() -> Element {
    let desk = use_review();
    let groups = desk.groups.read();
    rsx! {
        div { class: "rv-l scroll", role: "grid", "aria-label": "Steps of the draft", "aria-rowcount": desk.review.read().draft.steps().count(),
            if groups.is_empty() {
                NothingShown {}
            }
            for group in groups.iter().cloned() {
                Stage { key: "{group.key.0}", group }
            }
            WhatWasRead {}
        }
    }
}

#[component]
fn NothingShown() -> Element {
    let mut desk = use_review();
    let (title, text) = match (desk.filter)() {
        Filter::Waiting => (
            "Nothing is waiting",
            "You have decided about every step. Create the journey, or look at all of it once more.",
        ),
        Filter::All | Filter::LowSupport => {
            ("Every step has support", "Each of them was found in more than one source.")
        }
    };
    rsx! {
        Empty { icon: "check", title, text,
            Button { label: "Show all steps", class: "sm", onclick: move |_| desk.filter.set(Filter::All) }
        }
    }
}

#[component]
fn Stage(group: Group) -> Element {
    let desk = use_review();
    let key = group.key.clone();
    rsx! {
        div { role: "rowgroup", "aria-label": "{group.title}",
            div { class: "rv-s",
                i { class: "dot", style: "--c:{group.colour}" }
                h3 { "{group.title}" }
                small { {steps(group.steps)} }
                span { class: "sp" }
                if group.waiting > 0 {
                    Button { label: "Keep all", class: "xs ghost", onclick: move |_| desk.keep_stage(&key) }
                }
            }
            for row in group.rows {
                StepRow { key: "{row.key.0}", row }
            }
        }
    }
}

/// What the draft rests on: how much was read, and what was left out and why.
#[component]
fn WhatWasRead() -> Element {
    let desk = use_review();
    let review = desk.review.read();
    let skipped: Vec<_> = review.draft.sources.iter().filter(|it| !it.skipped.is_empty()).cloned().collect();
    let read = review.draft.sources.len() - skipped.len();
    let notes = review.draft.notes.clone();
    let sources = if read == 1 { "1 page or file".to_owned() } else { format!("{read} pages and files") };
    rsx! {
        section { class: "rv-w", "aria-label": "What was read",
            Note { icon: "info", "Drafted from {sources}. Every step has a source; what they do not say is left empty." }
            for note in notes {
                Note { key: "{note}", icon: "info", "{note}" }
            }
            if !skipped.is_empty() {
                details {
                    summary { class: "btn xs ghost", "{skipped.len()} skipped" }
                    table { class: "mapt",
                        tbody {
                            for source in skipped {
                                tr { key: "{source.locator}",
                                    td { class: "l",
                                        code { "{source.locator}" }
                                    }
                                    td { class: "o", "{source.skipped}" }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
