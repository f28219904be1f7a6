//! Where questions are typed, with the model that answers them.

use dioxus::prelude::*;

use crate::components::{Button, Icon, Note};
use crate::state::{QUESTION_ID, use_store};

/// Longest question, in characters; the engine refuses longer ones.
const QUESTION_CHARS_MAX: usize = 2_000;

/// The field, and how the model stands.
#[component]
pub fn Composer() -> Element {
    let mut store = use_store();
    let typed = use_memo(move || store.assistant.read().typed.clone());
    let running = use_memo(move || store.assistant.read().running.as_ref().map(|it| it.is_stopping));
    let models = store.models.read();
    let problem = models.known.as_ref().map(|it| it.problem.clone()).unwrap_or_default();
    let name = models.chosen().unwrap_or_default().to_owned();
    let place = if models.is_on_this_computer() { "on this computer" } else { "on another computer" };
    let is_empty = typed.read().trim().is_empty();
    rsx! {
        if !problem.is_empty() {
            div { class: "asst-n",
                Note { icon: "warn", tone: "warn", "{problem}" }
                div { class: "btns",
                    Button { label: "Check again", class: "xs", busy: models.is_checking.then(|| "Checking".to_owned()), onclick: move |_| store.check_models() }
                    Button { label: "Local AI settings", class: "xs ghost", onclick: move |_| store.go_to_models() }
                }
            }
        }
        div { class: "comp",
            textarea {
                id: QUESTION_ID,
                "aria-label": "Ask about this journey, or tell what to change",
                placeholder: "Ask, or tell me what to change",
                rows: "2",
                maxlength: "{QUESTION_CHARS_MAX}",
                value: "{typed}",
                oninput: move |event| store.assistant.write().typed = event.value(),
                onkeydown: move |event| {
                    let is_plain = event.modifiers().is_empty()
                        || event.modifiers().intersects(Modifiers::CONTROL | Modifiers::META);
                    let question = store.assistant.peek().typed.clone();
                    if event.key() == Key::Enter && is_plain && !event.is_composing() && !question.trim().is_empty() {
                        event.prevent_default();
                        event.stop_propagation();
                        store.ask_assistant(question);
                    }
                },
            }
            div { class: "comp-r",
                Icon { name: "chip", class: "sm" }
                span { class: "g", title: "{name}, {place}", "{name}, {place}" }
                match running() {
                    Some(is_stopping) => rsx! {
                        Button {
                            label: "Stop",
                            class: "xs",
                            id: "assistant-stop",
                            busy: is_stopping.then(|| "Stopping".to_owned()),
                            onclick: move |_| store.stop_assistant(),
                        }
                    },
                    None => rsx! {
                        button {
                            class: "round",
                            r#type: "button",
                            id: "assistant-send",
                            "aria-label": "Ask",
                            title: "Ask",
                            disabled: is_empty,
                            onclick: move |_| {
                                let question = store.assistant.peek().typed.clone();
                                store.ask_assistant(question);
                            },
                            Icon { name: "send", class: "sm" }
                        }
                    },
                }
            }
        }
    }
}
