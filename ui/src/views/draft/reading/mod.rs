//! The draft while it is being read: the map as it grows, the phases, and every page and file.

mod files;
mod growing;
mod phases;
mod progress;

use custory_domain::DraftId;
use custory_ipc::{DraftSummary, ErrorCode, Failure, Reply, Request};
use dioxus::core::spawn_forever;
use dioxus::prelude::*;

use super::{head, sources};
use crate::app::Screen;
use crate::components::{Button, Empty, Icon};
use crate::host;
use crate::state::{DraftReading, Store, use_store};
use files::Files;
use growing::GrowingMap;
use phases::Phases;

/// How things stand with the draft.
#[derive(Clone, Debug, PartialEq)]
enum Standing {
    /// It is being read.
    Reading,
    /// It could not be read, or was stopped; why.
    Failed(Failure),
    /// The engine knows nothing of it, or has it ready.
    Elsewhere,
}

/// The screen.
#[component]
pub(super) fn ReadingScreen(draft: DraftId) -> Element {
    let store = use_store();
    use_way_out(store, draft);
    let standing = use_memo(move || standing(store, draft));
    let title = use_memo(move || title(store, draft));
    let reading = use_memo(move || store.readings.read().get(&draft).cloned().unwrap_or_default());
    use_hook(|| crate::dom::focus_soon("reading"));
    rsx! {
        main { class: "sheet", id: "reading", tabindex: "-1",
            match standing() {
                Standing::Reading => rsx! { Running { draft, title: title(), reading } },
                Standing::Failed(failure) => rsx! { Failed { draft, failure } },
                Standing::Elsewhere => rsx! { head::Head { at: 2 } },
            }
        }
    }
}

/// Leaves the screen once there is nothing to read: for the review if the draft is ready.
fn use_way_out(store: Store, draft: DraftId) {
    let is_elsewhere = use_memo(move || standing(store, draft) == Standing::Elsewhere);
    let mut gone = use_signal(|| false);
    use_effect(move || {
        if !is_elsewhere() || gone() {
            return;
        }
        gone.set(true);
        spawn_forever(async move {
            let answer = host::request(Request::OpenDraft { draft }).await;
            if *store.screen.peek() != Screen::DraftReading(draft) {
                return;
            }
            match answer {
                Ok(Reply::Draft { .. }) => store.go(Screen::DraftReview(draft)),
                Err(failure) if failure.code != ErrorCode::NotFound => store.fail(failure),
                Ok(_) | Err(_) => store.go(Screen::DraftSources),
            }
        });
    });
}

fn standing(store: Store, draft: DraftId) -> Standing {
    let drafts = store.drafts.read();
    match drafts.iter().find(|it| it.id == draft) {
        Some(DraftSummary { failed: Some(failure), .. }) => Standing::Failed(failure.clone()),
        Some(summary) if summary.is_reading => Standing::Reading,
        Some(_) => Standing::Elsewhere,
        None => match store.readings.read().get(&draft).map(|it| it.failed.clone()) {
            Some(Some(failure)) => Standing::Failed(failure),
            Some(None) => Standing::Reading,
            None => Standing::Elsewhere,
        },
    }
}

fn title(store: Store, draft: DraftId) -> String {
    let drafts = store.drafts.read();
    let title = drafts.iter().find(|it| it.id == draft).map(|it| it.title.clone());
    title.filter(|it| !it.is_empty()).unwrap_or_else(|| "Your journey".to_owned())
}

#[component]
fn Running(draft: DraftId, title: String, reading: ReadSignal<DraftReading>) -> Element {
    let store = use_store();
    let mut is_stopping = use_signal(|| false);
    rsx! {
        head::Head { at: 2,
            Button {
                label: "Stop",
                class: "sm ghost",
                id: "stop-reading",
                busy: is_stopping().then(|| "Stopping".to_owned()),
                onclick: move |_| {
                    is_stopping.set(true);
                    spawn_forever(async move {
                        if store.ask(Request::CancelDraft { draft }).await.is_some() {
                            store.go(Screen::DraftSources);
                        } else {
                            is_stopping.set(false);
                        }
                    });
                },
            }
            Button { label: "Run in background", class: "sm", onclick: move |_| head::leave(store) }
        }
        div { class: "rd",
            section { class: "rd-m", "aria-label": "Draft so far",
                div { class: "rd-t",
                    h2 { "{title}" }
                    span { class: "t3", "Draft, building now" }
                }
                GrowingMap { reading }
            }
            div { class: "rd-b",
                Phases { reading }
                Files { reading }
            }
        }
        div { class: "foot",
            Icon { name: "lock", class: "sm" }
            span { {where_it_is_read(store, &reading.read())} }
            span { class: "sp" }
            span { "You can go on working. The draft waits in Journeys." }
        }
    }
}

/// Where the material is read, and by whom.
fn where_it_is_read(store: Store, reading: &DraftReading) -> String {
    match &reading.model {
        None => "Read on this computer. Nothing of it is sent anywhere.".to_owned(),
        Some(model) if store.models.read().is_on_this_computer() => {
            format!(
                "Read on this computer by rules and {model}. Stop when you like: what it has read is kept."
            )
        }
        Some(model) => format!("Read by rules here, and by {model} on the computer that you allowed."),
    }
}

/// The reading failed: says why, and what can be done.
#[component]
fn Failed(draft: DraftId, failure: Failure) -> Element {
    let store = use_store();
    let can_try_again = sources::can_begin_again();
    let about_private = failure.code == ErrorCode::PrivateAddress;
    let model = store.readings.read().get(&draft).and_then(|it| it.model.clone());
    use_hook(|| crate::dom::focus_soon("change-sources"));
    let put_away = move || store.order(Request::DiscardDraft { draft });
    rsx! {
        head::Head { at: 2 }
        div { class: "rd-no centre",
            Empty {
                icon: "warn",
                title: if model.is_some() { "The draft came to no end" } else { "The sources could not be read" }, text: sentence(&failure.message),
                div { class: "btns",
                    Button {
                        label: "Change sources",
                        class: "pri sm",
                        id: "change-sources",
                        onclick: move |_| {
                            if about_private {
                                sources::ask_private();
                            }
                            put_away();
                            store.go(Screen::DraftSources);
                        },
                    }
                    if can_try_again && model.is_some() {
                        Button {
                            label: "Draft by rules alone",
                            class: "sm",
                            onclick: move |_| {
                                put_away();
                                sources::leave_the_model();
                                sources::begin_again(store);
                            },
                        }
                    }
                    if can_try_again {
                        Button {
                            label: "Try again",
                            class: "sm",
                            onclick: move |_| {
                                put_away();
                                sources::begin_again(store);
                            },
                        }
                    }
                    Button {
                        label: "Discard",
                        class: "sm ghost",
                        onclick: move |_| {
                            put_away();
                            head::leave(store);
                        },
                    }
                }
            }
        }
    }
}

/// A reason as a sentence of its own.
fn sentence(reason: &str) -> String {
    let mut letters = reason.trim().chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    let end = if reason.trim_end().ends_with(['.', '!', '?', '…']) { "" } else { "." };
    format!("{first}{}{end}", letters.as_str())
}
