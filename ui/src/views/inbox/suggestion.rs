//! What the signal may be about and why, and the ways to decide.

use dioxus::prelude::*;

use super::keys;
use super::list::Chance;
use crate::components::{Button, Icon, Kbd};
use crate::state::use_store;

/// The element that a new insight's statement is typed in.
pub const STATEMENT_ID: &str = "statement";
/// The button that opens the choice of steps.
pub const ANOTHER_ID: &str = "another";

/// The suggestion with everything that can be decided.
#[component]
pub fn Suggestion() -> Element {
    let mut store = use_store();
    let inbox = store.inbox.read();
    let Some(view) = inbox.shown() else { return rsx! {} };
    let picked = inbox.picked.min(view.matches.len().saturating_sub(1));
    let found = view.matches.get(picked).cloned();
    let is_writing = inbox.is_writing;
    let matches = view.matches.clone();
    let has_match = found.is_some();
    rsx! {
        section { class: "sug", "aria-label": "Suggestion",
            div { class: "sug-w",
                if let Some(found) = &found {
                    div { class: "sug-t",
                        Icon { name: "spark" }
                        h3 { "{found.step_title}" }
                        span { class: "t3", "{found.journey_title}" }
                    }
                    p { id: "why",
                        if let Some((_, statement)) = &found.insight {
                            "Adds a quote to "
                            b { "{statement}" }
                            ". "
                        }
                        "Shares {words(&found.words)} with “{found.through}”."
                    }
                    div { class: "alts",
                        for (at , it) in matches.into_iter().enumerate() {
                            button {
                                key: "{it.step}",
                                class: if at == picked { "alt on" } else { "alt" },
                                r#type: "button",
                                "aria-pressed": at == picked,
                                onclick: move |_| store.inbox.write().picked = at,
                                Kbd { keys: vec![["1", "2", "3"][at.min(2)]] }
                                Chance { found: it }
                            }
                        }
                    }
                } else {
                    div { class: "sug-t",
                        Icon { name: "spark" }
                        h3 { "No step says anything alike" }
                    }
                    p { "Choose one, or put this out of the way." }
                }
            }
            if is_writing {
                Statement {}
            }
            div { class: "sug-f",
                Button {
                    label: "Attach",
                    class: "pri",
                    id: "attach",
                    keys: vec!["enter"],
                    disabled: !has_match,
                    onclick: move |_| keys::attach(store),
                }
                Button {
                    label: "Another step",
                    id: ANOTHER_ID,
                    keys: vec!["C"],
                    onclick: move |_| keys::another_step(store),
                }
                Button {
                    label: "New insight",
                    id: "new-insight",
                    keys: vec!["N"],
                    disabled: !has_match,
                    onclick: move |_| keys::write_insight(store),
                }
                span { class: "sp" }
                Button {
                    label: "Snooze",
                    class: "ghost",
                    id: "snooze",
                    keys: vec!["S"],
                    onclick: move |_| keys::snooze(store),
                }
                Button {
                    label: "Dismiss",
                    class: "ghost",
                    id: "dismiss",
                    keys: vec!["⌫"],
                    onclick: move |_| keys::dismiss(store),
                }
            }
        }
    }
}

/// Where a new insight's statement is typed.
#[component]
fn Statement() -> Element {
    let mut store = use_store();
    let mut statement = use_signal(String::new);
    let save = move || {
        let said = statement.peek().trim().to_owned();
        if !said.is_empty() {
            keys::new_insight(store, said);
        }
    };
    rsx! {
        div { class: "in-new",
            input {
                class: "in",
                id: STATEMENT_ID,
                "aria-label": "What was learned",
                placeholder: "What was learned, in one sentence",
                oninput: move |event| statement.set(event.value()),
                onkeydown: move |event| {
                    event.stop_propagation();
                    match event.key() {
                        Key::Enter => save(),
                        Key::Escape => {
                            store.inbox.write().is_writing = false;
                            crate::dom::focus(super::LIST_ID);
                        }
                        _ => {}
                    }
                },
            }
            Button { label: "Add", class: "pri sm", id: "add-insight", onclick: move |_| save() }
        }
    }
}

fn words(words: &[String]) -> String {
    let quoted: Vec<String> = words.iter().map(|it| format!("“{it}”")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => String::new(),
    }
}
