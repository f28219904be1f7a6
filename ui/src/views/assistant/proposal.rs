//! What the assistant proposes, change by change: accepted, rejected or put into other words, and then
//! applied as one change that one undo takes back.

use custory_domain::wording::quoted;
use custory_domain::{AskId, Command};
use custory_ipc::{Asked, Proposed};
use dioxus::prelude::*;

use super::answer::{CitedMark, go};
use crate::components::{Button, Icon, IconButton, InlineText, Note};
use crate::format;
use crate::state::{Choices, Store, use_store};
use crate::views::map::use_map;

/// How a change stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// Nobody has said anything about it.
    Waiting,
    /// Accepted or rejected, and not applied yet.
    Chosen(bool),
    /// Made, or not made.
    Decided(bool),
}

fn standing(asked: &Asked, choices: &Choices, at: usize) -> Standing {
    match (asked.is_decided, choices.by_place.get(&at)) {
        (true, _) => Standing::Decided(asked.accepted.contains(&at)),
        (false, Some(choice)) => Standing::Chosen(*choice),
        (false, None) => Standing::Waiting,
    }
}

/// A proposal.
#[component]
pub fn ProposalCard(asked: Asked) -> Element {
    let store = use_store();
    let ask = asked.id;
    let choices = use_memo(move || store.assistant.read().choices.get(&ask).cloned().unwrap_or_default());
    let proposal = &asked.answer.proposal;
    rsx! {
        div { class: "dif", role: "group", "aria-label": "Proposed changes",
            div { class: "dif-h",
                Icon { name: "diff", class: "sm" }
                h3 { {format::count(proposal.len(), "proposed change", "proposed changes")} }
                span { class: "t3", if asked.is_decided { "Decided" } else { "Nothing is changed yet" } }
            }
            for (at , proposed) in proposal.iter().cloned().enumerate() {
                ChangeRow {
                    key: "{at}",
                    ask,
                    at,
                    text: choices.read().texts.get(&at).cloned().unwrap_or_else(|| proposed.after.clone()),
                    proposed,
                    standing: standing(&asked, &choices.read(), at),
                }
            }
            if let Some(message) = choices.read().refused.clone() {
                div { class: "asst-n in",
                    Note { icon: "warn", tone: "bad", "{message}" }
                }
            }
            Foot { asked: asked.clone(), choices: choices() }
        }
    }
}

#[component]
fn ChangeRow(ask: AskId, at: usize, proposed: Proposed, text: String, standing: Standing) -> Element {
    let mut store = use_store();
    let map = use_map();
    let is_addition = matches!(proposed.command, Command::Add { .. });
    let class = match (standing, is_addition) {
        (Standing::Chosen(true) | Standing::Decided(true), true) => "dif-i plusd yes",
        (Standing::Chosen(true) | Standing::Decided(true), false) => "dif-i chg yes",
        (Standing::Chosen(false) | Standing::Decided(false), _) => "dif-i no",
        (Standing::Waiting, true) => "dif-i plusd",
        (Standing::Waiting, false) => "dif-i chg",
    };
    let is_rejected = matches!(standing, Standing::Chosen(false) | Standing::Decided(false));
    let can_edit = matches!(standing, Standing::Waiting | Standing::Chosen(true));
    rsx! {
        div { class, role: "group", "aria-label": "{proposed.label}: {text}",
            span { class: "sg", "aria-hidden": "true", if is_addition { "+" } else { "~" } }
            h4 {
                if can_edit {
                    InlineText {
                        value: text.clone(),
                        label: "Text of the change",
                        onsave: move |text: String| {
                            store.assistant.write().choices.entry(ask).or_default().texts.insert(at, text);
                        },
                    }
                } else if is_rejected {
                    s { "{text}" }
                } else {
                    "{text}"
                }
            }
            span { class: "bt",
                Decision { ask, at, standing }
            }
            div { class: "d",
                if !proposed.before.is_empty() {
                    p {
                        "Now: "
                        s { "{proposed.before}" }
                    }
                }
                p { "{proposed.label}" }
                if !proposed.why.is_empty() {
                    p { "{proposed.why}" }
                }
                p { class: "asst-c",
                    for cited in proposed.cites.iter().cloned() {
                        button {
                            key: "{cited.entity}",
                            class: "asst-cc",
                            r#type: "button",
                            title: "Show {quoted(&cited.title)} on the map",
                            onclick: {
                                let cited = cited.clone();
                                move |_| go(store, map, &cited)
                            },
                            CitedMark { kind: cited.entity.kind }
                            span { "{cited.title}" }
                        }
                    }
                }
            }
        }
    }
}

/// How a change stands, with what can be done about it.
#[component]
fn Decision(ask: AskId, at: usize, standing: Standing) -> Element {
    let store = use_store();
    let back = move || {
        rsx! {
            IconButton { icon: "undo", class: "xs", label: "Take back", onclick: move |_| store.choose_change(ask, at, None) }
        }
    };
    match standing {
        Standing::Waiting => rsx! {
            Button { label: "Reject", class: "xs ghost", onclick: move |_| store.choose_change(ask, at, Some(false)) }
            Button { label: "Accept", class: "xs", onclick: move |_| store.choose_change(ask, at, Some(true)) }
        },
        Standing::Chosen(true) => rsx! {
            span { class: "stl good",
                Icon { name: "check", class: "sm" }
                "Accepted"
            }
            {back()}
        },
        Standing::Chosen(false) => rsx! {
            span { class: "stl t3", "Rejected" }
            {back()}
        },
        Standing::Decided(true) => rsx! {
            span { class: "stl good",
                Icon { name: "check", class: "sm" }
                "Made"
            }
        },
        Standing::Decided(false) => rsx! {
            span { class: "stl t3", "Rejected" }
        },
    }
}

/// What can be done about all of it.
#[component]
fn Foot(asked: Asked, choices: Choices) -> Element {
    let store = use_store();
    let ask = asked.id;
    let total = asked.answer.proposal.len();
    if asked.is_decided {
        return rsx! {
            div { class: "dif-f",
                span { {decided(asked.accepted.len(), total)} }
            }
        };
    }
    let reviewed = choices.by_place.len();
    let accepted = choices.by_place.values().filter(|it| **it).count();
    rsx! {
        div { class: "dif-f",
            span { "{reviewed} of {total} reviewed" }
            span { class: "sp" }
            if reviewed < total {
                Button {
                    label: if reviewed == 0 { "Reject all" } else { "Reject rest" },
                    class: "xs ghost",
                    onclick: move |_| store.decide_proposal(ask, false),
                }
            }
            Apply { ask, label: apply_label(total, reviewed, accepted) }
        }
    }
}

#[component]
fn Apply(ask: AskId, label: String) -> Element {
    let store: Store = use_store();
    rsx! {
        Button {
            label,
            class: "xs pri",
            id: "apply-{ask}",
            keys: vec!["mod", "enter"],
            onclick: move |_| store.decide_proposal(ask, true),
        }
    }
}

fn apply_label(total: usize, reviewed: usize, accepted: usize) -> String {
    match (reviewed, accepted) {
        (0, _) => "Accept all".to_owned(),
        (some, _) if some < total => "Accept rest".to_owned(),
        (_, 0) => "Reject all".to_owned(),
        (_, accepted) => format!("Apply {}", format::count(accepted, "change", "changes")),
    }
}

fn decided(accepted: usize, total: usize) -> String {
    match accepted {
        0 => "Rejected. Nothing was changed.".to_owned(),
        all if all == total => "Made as one change; one undo takes it back.".to_owned(),
        some => format!("{some} of {total} made as one change; one undo takes it back."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_button_says_what_it_will_do() {
        for (total, reviewed, accepted, expected) in [
            (2, 0, 0, "Accept all"),
            (3, 1, 1, "Accept rest"),
            (2, 2, 0, "Reject all"),
            (2, 2, 1, "Apply 1 change"),
            (2, 2, 2, "Apply 2 changes"),
        ] {
            assert_eq!(apply_label(total, reviewed, accepted), expected);
        }
    }
}
