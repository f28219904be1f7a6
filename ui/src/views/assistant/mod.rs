//! The assistant at the right of a journey: what was asked and answered, what it proposes, what was asked
//! before.
//!
//! It shows what the engine says and changes nothing by itself: a proposal is applied by a person, here,
//! as one change.

mod answer;
mod composer;
mod past;
mod proposal;
mod talk;

use custory_domain::JourneyId;
use dioxus::prelude::*;

use crate::components::{Button, Empty, IconButton, use_focus_kept};
use crate::dom;
use crate::state::{QUESTION_ID, Store, use_store};
use composer::Composer;
use past::Past;
use talk::Talk;

const STYLE: &str = include_str!("style.css");

/// The panel.
#[component]
pub fn AssistantPanel(journey: JourneyId) -> Element {
    let mut store = use_store();
    use_focus_kept(QUESTION_ID);
    use_hook(move || {
        store.turn_assistant_to(journey);
        store.check_models();
    });
    let is_past = use_memo(move || store.assistant.read().is_past);
    let has_past = use_memo(move || !store.assistant.read().asked.is_empty());
    let is_talking = use_memo(move || !store.assistant.read().shown.is_empty());
    // Until the engine has said so nobody knows whether there is one.
    let has_no_model =
        use_memo(move || store.models.read().settings().is_some_and(|settings| settings.model.is_none()));
    let past_class = if is_past() { "sm on" } else { "sm" };
    rsx! {
        aside {
            id: "assistant",
            class: "panel asst",
            "aria-label": "Assistant",
            tabindex: "-1",
            onkeydown: move |event| press(&event, store),
            style { dangerous_inner_html: STYLE }
            div { class: "pn-h",
                h2 { if is_past() { "Past questions" } else { "Assistant" } }
                span { class: "sp" }
                IconButton {
                    icon: "clock",
                    class: past_class,
                    id: "assistant-past",
                    label: "Past questions",
                    disabled: !has_past() && !is_past(),
                    onclick: move |_| {
                        let next = !*is_past.peek();
                        store.assistant.write().is_past = next;
                    },
                }
                IconButton {
                    icon: "plus",
                    class: "sm",
                    label: "Begin anew",
                    disabled: !is_talking() && !is_past(),
                    onclick: move |_| {
                        let mut assistant = store.assistant.write();
                        assistant.shown.clear();
                        assistant.failed = None;
                        assistant.is_past = false;
                        drop(assistant);
                        dom::focus_soon(QUESTION_ID);
                    },
                }
                IconButton {
                    icon: "x",
                    class: "sm",
                    label: crate::keys::hint(store, "Close", &["mod", "J"]),
                    onclick: move |_| store.assistant.write().is_open = false,
                }
            }
            if is_past() {
                Past {}
            } else {
                if has_no_model() && !is_talking() {
                    NoModel {}
                } else {
                    Talk {}
                }
                if !has_no_model() {
                    Composer {}
                }
            }
        }
    }
}

/// No model is chosen: what that means, and the way to one.
#[component]
fn NoModel() -> Element {
    let store = use_store();
    use_hook(|| dom::focus_soon("assistant-setup"));
    rsx! {
        div { class: "centre grow",
            Empty {
                icon: "chip",
                title: "Choose a model first",
                text: "The assistant answers from this journey with a model that runs on your own computer. Nothing is sent anywhere, and everything else works without one.",
                Button {
                    label: "Set up local AI",
                    class: "pri sm",
                    id: "assistant-setup",
                    onclick: move |_| store.go_to_models(),
                }
            }
        }
    }
}

/// Esc closes; Ctrl or ⌘ with Enter applies the proposal at hand, unless a question is being typed.
fn press(event: &KeyboardEvent, mut store: Store) {
    let is_command = event.modifiers().intersects(Modifiers::CONTROL | Modifiers::META);
    match event.key() {
        Key::Escape => {
            if store.assistant.peek().is_past {
                store.assistant.write().is_past = false;
                dom::focus_soon(QUESTION_ID);
            } else {
                store.assistant.write().is_open = false;
            }
        }
        Key::Enter if is_command && store.assistant.peek().typed.trim().is_empty() => {
            let waiting = store.assistant.peek().waiting();
            if let Some(ask) = waiting {
                store.decide_proposal(ask, true);
            }
        }
        _ => return,
    }
    event.prevent_default();
    event.stop_propagation();
}
