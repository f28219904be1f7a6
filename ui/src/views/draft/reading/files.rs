//! Every page and file that was looked at, with what was found in it or why it was skipped.

use std::rc::Rc;

use custory_domain::draft::{DraftPhase, DraftProgress, SourceProgress};
use dioxus::prelude::*;

use crate::components::{Status, StatusMark};
use crate::state::DraftReading;

/// Lines drawn at once. Earlier ones scroll out of sight anyway and are one click away.
const SHOWN_MAX: usize = 200;

/// The list; it follows its end until the person scrolls up.
#[component]
pub fn Files(reading: ReadSignal<DraftReading>) -> Element {
    let mut only_skipped = use_signal(|| false);
    let mut shown_max = use_signal(|| SHOWN_MAX);
    let mut end = use_signal(|| None::<Rc<MountedData>>);
    let mut follows = use_signal(|| true);
    let counted = use_memo(move || reading.read().sources.len());
    use_effect(move || {
        counted();
        if let Some(end) = end.read().clone().filter(|_| *follows.peek()) {
            spawn(async move {
                drop(end.scroll_to(ScrollBehavior::Instant).await);
            });
        }
    });
    let reading = reading.read();
    let (read, skipped) = reading.read_and_skipped();
    let wanted: Vec<_> =
        reading.sources.iter().filter(|it| !only_skipped() || it.is_skipped).cloned().collect();
    let hidden = wanted.len().saturating_sub(shown_max());
    let is_at_sources = |it: &&DraftProgress| matches!(it.phase, DraftPhase::Reading | DraftPhase::Finding);
    let now = reading.progress.as_ref().filter(is_at_sources).map(|it| it.now.clone());
    let now = now.filter(|it| !it.is_empty() && !only_skipped());
    rsx! {
        section { class: "rd-f", "aria-label": "Pages and files",
            div { class: "blk-h",
                h3 { "Pages and files" }
                small { {counts(read, skipped)} }
                span { class: "sp" }
                if skipped > 0 {
                    button {
                        class: "btn xs ghost",
                        r#type: "button",
                        "aria-pressed": only_skipped(),
                        onclick: move |_| only_skipped.toggle(),
                        if only_skipped() { "Show all" } else { "Show skipped" }
                    }
                }
            }
            div {
                class: "rd-l scroll",
                tabindex: "0",
                role: "log",
                "aria-label": "Pages and files, newest last",
                onscroll: move |event| {
                    let rest = event.scroll_height() as f64 - event.scroll_top() - event.client_height() as f64;
                    follows.set(rest < 40.0);
                },
                table { class: "mapt",
                    tbody {
                        if hidden > 0 {
                            tr {
                                td {}
                                td { colspan: "2",
                                    button {
                                        class: "btn xs ghost",
                                        r#type: "button",
                                        onclick: move |_| shown_max.set(usize::MAX),
                                        "Show {hidden} earlier"
                                    }
                                }
                            }
                        }
                        for source in wanted.into_iter().skip(hidden) {
                            Line { key: "{source.locator}", source }
                        }
                        if let Some(now) = now {
                            tr {
                                td { class: "s",
                                    StatusMark { status: Status::Progress }
                                }
                                td { class: "l", title: "{now}",
                                    code { {short(&now)} }
                                }
                                td { "looking now" }
                            }
                        }
                    }
                }
                div { onmounted: move |event| end.set(Some(event.data())) }
            }
        }
    }
}

#[component]
fn Line(source: SourceProgress) -> Element {
    rsx! {
        tr { class: if source.is_skipped { "skip" },
            td { class: "s",
                if source.is_skipped {
                    StatusMark { status: Status::Open }
                } else {
                    StatusMark { status: Status::Shipped }
                }
            }
            td { class: "l", title: "{source.locator}",
                code { {short(&source.locator)} }
            }
            td { class: "o", title: "{source.outcome}",
                if source.is_skipped && !source.outcome.is_empty() {
                    "Skipped: {source.outcome}"
                } else if source.is_skipped {
                    "Skipped"
                } else {
                    "{source.outcome}"
                }
            }
        }
    }
}

/// An address without its site, which is the same on every line; a path as it is.
fn short(locator: &str) -> &str {
    let Some((_, rest)) = locator.split_once("://") else { return locator };
    match rest.find('/') {
        Some(at) if at + 1 < rest.len() => &rest[at..],
        _ => rest.trim_end_matches('/'),
    }
}

fn counts(read: usize, skipped: usize) -> String {
    match skipped {
        0 => format!("{read} read"),
        _ => format!("{read} read, {skipped} skipped"),
    }
}
