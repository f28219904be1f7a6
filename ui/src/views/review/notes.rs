//! What is written down in a review: notes and decisions. They are on the board, so teammates write into the same ones.

use std::collections::BTreeMap;

use custory_domain::agenda::open_review;
use custory_domain::{Review, ReviewField, ReviewId};
use dioxus::prelude::*;
use wasm_bindgen::JsCast as _;

use crate::components::{IconButton, InlineText, TextField};
use crate::state::use_store;
use crate::{dom, host};

/// Id of the field for another decision.
pub const DECISION_ID: &str = "review-decision";
/// Id of what holds the notes.
const NOTES_ID: &str = "review-notes";

/// Goes into the notes.
pub fn edit_notes() {
    let notes = dom::by_id(NOTES_ID).and_then(|it| it.query_selector("[role=button]").ok().flatten());
    if let Some(notes) = notes.and_then(|it| it.dyn_into::<web_sys::HtmlElement>().ok()) {
        dom::reveal(NOTES_ID);
        notes.click();
    }
}

/// Notes and decisions.
#[component]
pub fn Notes() -> Element {
    let store = use_store();
    let open = store.open.read();
    let review = open.as_ref().and_then(|it| open_review(&it.board));
    let notes = review.map(|it| it.notes.clone()).unwrap_or_default();
    let decisions: BTreeMap<String, String> = review.map(|it| it.decisions.clone()).unwrap_or_default();
    let mut next = use_signal(String::new);
    let all = decisions.clone();
    let mut add = move || {
        let text = next.peek().trim().to_owned();
        if text.is_empty() || all.len() >= Review::DECISIONS_MAX {
            return;
        }
        let mut all = all.clone();
        all.insert(host::fresh(ReviewId::from_parts).to_string(), text);
        store.write_review(ReviewField::Decisions(all));
        next.set(String::new());
    };
    rsx! {
        aside { class: "rvw-a", "aria-label": "Notes and decisions",
            section { id: NOTES_ID,
                h3 { "Notes" }
                InlineText {
                    value: notes,
                    label: "Notes",
                    class: "rvw-e txt",
                    placeholder: "What was said",
                    multiline: true,
                    may_be_empty: true,
                    holder: super::REVIEW_ID,
                    onsave: move |text| store.write_review(ReviewField::Notes(text)),
                }
            }
            section { id: "review-decisions",
                h3 { "Decisions" }
                ul {
                    for (id , text) in decisions.clone() {
                        Decision { key: "{id}", id, text, all: decisions.clone() }
                    }
                }
                div {
                    onkeydown: move |event| {
                        if event.key() == Key::Escape {
                            event.prevent_default();
                            event.stop_propagation();
                            // Not before the page’s own keys have seen that somebody types.
                            dom::focus_soon(super::REVIEW_ID);
                        }
                    },
                    TextField {
                        id: DECISION_ID,
                        label: "Another decision",
                        placeholder: "Add a decision",
                        value: next(),
                        oninput: move |text| next.set(text),
                        onsubmit: move |()| add(),
                    }
                }
            }
        }
    }
}

#[component]
fn Decision(id: String, text: String, all: BTreeMap<String, String>) -> Element {
    let store = use_store();
    let (saved, gone) = ((id.clone(), all.clone()), (id, all));
    rsx! {
        li { class: "rvw-d",
            InlineText {
                value: text.clone(),
                label: "Decision",
                class: "txt",
                holder: super::REVIEW_ID,
                onsave: move |text: String| {
                    let (id, mut all) = saved.clone();
                    all.insert(id, text);
                    store.write_review(ReviewField::Decisions(all));
                },
            }
            IconButton {
                icon: "x",
                class: "xs",
                label: "Take the decision out: {text}",
                onclick: move |_| {
                    let (id, mut all) = gone.clone();
                    all.remove(&id);
                    store.write_review(ReviewField::Decisions(all));
                    dom::focus_soon(DECISION_ID);
                },
            }
        }
    }
}
