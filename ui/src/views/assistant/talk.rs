//! The conversation: each question with its answer, what is being looked at, and what to ask at first.

use custory_ipc::Asked;
use dioxus::prelude::*;
use wasm_bindgen::JsCast as _;

use super::answer::AnswerText;
use super::proposal::ProposalCard;
use crate::components::{Button, Icon, Note};
use crate::dom;
use crate::state::{Running, use_store};

/// The element that scrolls.
const TALK_ID: &str = "assistant-talk";
/// What to ask when nothing was asked yet.
const SUGGESTIONS: [&str; 3] = [
    "Where do customers get stuck, and what says so?",
    "What should we fix first, and why?",
    "Which opportunities are missing? Propose some.",
];

/// The conversation in sight.
#[component]
pub fn Talk() -> Element {
    let store = use_store();
    let conversation = use_memo(move || store.assistant.read().conversation());
    let running = use_memo(move || store.assistant.read().running.clone());
    let failed = use_memo(move || store.assistant.read().failed.clone());
    // The newest is in sight; what was scrolled to stays while nothing comes.
    let length = use_memo(move || {
        (
            conversation.read().len(),
            running.read().as_ref().map(|it| it.looked.len()),
            failed.read().is_some(),
        )
    });
    use_effect(move || {
        length();
        spawn(async move {
            dom::next_frame().await;
            scroll_to_newest();
        });
    });
    let is_new = conversation.read().is_empty() && running.read().is_none() && failed.read().is_none();
    rsx! {
        div { id: TALK_ID, class: "msgs", tabindex: "0", role: "log", "aria-label": "Conversation",
            if is_new {
                Suggestions {}
            }
            for asked in conversation() {
                Exchange { key: "{asked.id}", asked }
            }
            if let Some(running) = running() {
                Looking { running }
            }
            if let Some((question, message)) = failed() {
                div { class: "msg-me", "{question}" }
                div { class: "msg",
                    Note { icon: "warn", tone: "bad", "{message}" }
                    div { class: "btns asst-t",
                        Button {
                            label: "Try again",
                            class: "xs",
                            onclick: move |_| store.ask_assistant(question.clone()),
                        }
                        Button { label: "Local AI settings", class: "xs ghost", onclick: move |_| store.go_to_models() }
                    }
                }
            }
        }
    }
}

#[component]
fn Exchange(asked: Asked) -> Element {
    rsx! {
        div { class: "msg-me", "{asked.question}" }
        AnswerText { asked: asked.clone() }
        if !asked.answer.proposal.is_empty() {
            ProposalCard { asked }
        }
    }
}

/// What the model looks at, while it does.
#[component]
fn Looking(running: Running) -> Element {
    let last = running.looked.len().saturating_sub(1);
    rsx! {
        div { class: "msg-me", "{running.question}" }
        div { class: "msg asst-w", role: "status",
            if running.looked.is_empty() {
                p {
                    span { class: "spin" }
                    "Asking the model"
                }
            }
            for (at , now) in running.looked.iter().enumerate() {
                p { key: "{at}", class: if at < last { "t3" },
                    if at < last {
                        Icon { name: "check", class: "sm" }
                    } else {
                        span { class: "spin" }
                    }
                    {if at < last { format!("Looked at {now}") } else { format!("Looking at {now}") }}
                }
            }
        }
        if !running.words.is_empty() {
            // Not read out as it grows: the checked answer is.
            div { class: "msg txt asst-g", "aria-hidden": "true",
                for (at , words) in running.words.iter().enumerate() {
                    p { key: "{at}", "{words}" }
                }
                p { class: "t3", "Being written. It is held against the journey before it counts." }
            }
        }
    }
}

#[component]
fn Suggestions() -> Element {
    let store = use_store();
    rsx! {
        div { class: "asst-s",
            span { class: "tile lg",
                Icon { name: "spark" }
            }
            h3 { "Ask about this journey" }
            p {
                "Every statement of the answer names what it rests on. What the journey does not say is not made up, \
                 and changes are proposals that you accept one by one."
            }
            for suggestion in SUGGESTIONS {
                button {
                    key: "{suggestion}",
                    class: "asst-q",
                    r#type: "button",
                    onclick: move |_| store.ask_assistant(suggestion.to_owned()),
                    "{suggestion}"
                }
            }
        }
    }
}

/// Brings the newest question to the top, or as far up as there is something below it.
fn scroll_to_newest() {
    let Some(talk) = dom::by_id(TALK_ID) else { return };
    let Ok(questions) = talk.query_selector_all(".msg-me") else { return };
    let last = questions.length().checked_sub(1).and_then(|at| questions.item(at));
    if let Some(question) = last.and_then(|it| it.dyn_into::<web_sys::HtmlElement>().ok()) {
        let to = question.get_bounding_client_rect().top() - talk.get_bounding_client_rect().top();
        const ABOVE: i32 = 10;
        talk.set_scroll_top(talk.scroll_top() + to as i32 - ABOVE);
    }
}
