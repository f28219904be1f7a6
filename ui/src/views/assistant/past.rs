//! What was asked before about this journey: searched, opened again, deleted.

use custory_domain::AskId;
use custory_domain::wording::quoted;
use custory_ipc::Asked;
use dioxus::prelude::*;

use crate::components::{Button, IconButton, TextField};
use crate::state::{QUESTION_ID, Question, Run, Store, is_waiting, use_store};
use crate::{dom, format, host};

/// All questions, newest first.
#[component]
pub fn Past() -> Element {
    let store = use_store();
    let mut typed = use_signal(String::new);
    let found = use_memo(move || {
        let assistant = store.assistant.read();
        let wanted = typed.read().trim().to_lowercase();
        assistant.asked.iter().filter(|it| has(it, &wanted)).cloned().collect::<Vec<_>>()
    });
    rsx! {
        div { class: "asst-p",
            TextField {
                id: "past-q",
                value: typed(),
                label: "Search in questions and answers",
                placeholder: "Search in questions and answers",
                icon: "search",
                autofocus: true,
                oninput: move |text| typed.set(text),
            }
        }
        if !found.read().is_empty() {
            div { class: "asst-l", role: "list", "aria-label": "Past questions",
                for asked in found() {
                    Row { key: "{asked.id}", asked }
                }
            }
        } else {
            div { class: "asst-l",
                p { class: "t3", if typed.read().trim().is_empty() { "Nothing was asked about this journey yet." } else { "Nothing matches “{typed}”." } }
            }
        }
        if !found.read().is_empty() {
            div { class: "dif-f",
                span { "Kept on this computer only" }
                span { class: "sp" }
                Button {
                    label: if typed.read().trim().is_empty() { "Delete all" } else { "Delete these" },
                    class: "xs ghost",
                    onclick: move |_| forget(store, found.peek().iter().map(|it| it.id).collect()),
                }
            }
        }
    }
}

/// Whether a question or its answer has what is looked for.
fn has(asked: &Asked, wanted: &str) -> bool {
    let texts = [&asked.question].into_iter();
    let claims = asked.answer.claims.iter().map(|it| &it.text);
    let proposed = asked.answer.proposal.iter().map(|it| &it.after);
    texts.chain(claims).chain(proposed).any(|it| it.to_lowercase().contains(wanted))
}

#[component]
fn Row(asked: Asked) -> Element {
    let mut store = use_store();
    let id = asked.id;
    let said = if asked.answer.is_empty() {
        "Not in the journey".to_owned()
    } else {
        let claims = asked.answer.claims.first().map(|it| it.text.clone());
        claims.unwrap_or_else(|| {
            format::count(asked.answer.proposal.len(), "proposed change", "proposed changes")
        })
    };
    rsx! {
        div { class: "asst-r", role: "listitem",
            button {
                class: "g",
                r#type: "button",
                onclick: move |_| {
                    let mut assistant = store.assistant.write();
                    assistant.shown = vec![id];
                    assistant.failed = None;
                    assistant.is_past = false;
                    drop(assistant);
                    dom::focus_soon(QUESTION_ID);
                },
                h4 { "{asked.question}" }
                p { "{said}" }
            }
            if is_waiting(&asked) {
                span { class: "tag", "Proposal waits" }
            }
            time { class: "t3", {format::ago(asked.at, host::now())} }
            IconButton {
                icon: "trash",
                class: "xs",
                label: "Delete {quoted(&asked.question)}",
                onclick: move |_| forget(store, vec![id]),
            }
        }
    }
}

/// Asks first: what is deleted here does not come back.
fn forget(mut store: Store, ids: Vec<AskId>) {
    let what = match ids.len() {
        1 => "this question and its answer".to_owned(),
        count => format!("{count} questions and their answers"),
    };
    store.question.set(Some(Question {
        title: format!("Delete {what}?"),
        text: "They are deleted from this computer for good. What was accepted stays on the map.".to_owned(),
        verb: "Delete".to_owned(),
        run: Run::new(move || store.forget_asked(ids.clone())),
    }));
}
