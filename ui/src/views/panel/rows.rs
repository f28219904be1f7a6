//! Lines of the panel: one item each, and the head of a group with its way to add.

use custory_domain::{Command, EntityRef, ItemKind, StepId};
use dioxus::prelude::*;

use crate::components::{Avatar, Icon, IconButton, InlineText, KindIcon, StatusMark};
use crate::format;
use crate::host;
use crate::state::{Panel, use_store};
use crate::views::map::{Body, Face, face, new_item};

/// The head of a group: its title, how many there are, and a plus that becomes a field.
#[component]
pub fn AddRow(step: StepId, kind: ItemKind, title: &'static str, count: usize) -> Element {
    let store = use_store();
    let mut is_adding = use_signal(|| false);
    let name = kind.spec().name.to_lowercase();
    rsx! {
        div { class: "blk-h",
            h3 { "{title}" }
            small { "{count}" }
            IconButton { icon: "plus", class: "xs", label: "Add {name}", onclick: move |_| is_adding.set(true) }
        }
        if is_adding() {
            div { class: "ln add-ln",
                KindIcon { kind }
                InlineText {
                    value: "",
                    label: "New {name}",
                    class: "g",
                    placeholder: "New {name}",
                    editing: true,
                    onsave: move |title| store.send(Command::add(new_item(kind, step, title))),
                    ondone: move |()| is_adding.set(false),
                }
            }
        }
    }
}

/// An item on one line; opens it.
#[component]
pub fn ItemRow(step: StepId, item: EntityRef) -> Element {
    let mut store = use_store();
    let open = store.open.read();
    let Some(face) = open.as_ref().and_then(|it| face(it, item, host::now())) else { return rsx! {} };
    let owner = face.owner;
    rsx! {
        button {
            class: "ln lk-row",
            r#type: "button",
            onclick: move |_| store.panel.set(Some(Panel { step, item: Some(item) })),
            KindIcon { kind: face.kind }
            div { class: "g",
                h4 { "{face.title}" }
                Below { face: face.clone() }
            }
            Beside { face }
            Avatar { member: owner }
        }
    }
}

/// The small print under a title.
#[component]
pub fn Below(face: Face) -> Element {
    let store = use_store();
    let open = store.open.read();
    let Some(open) = open.as_ref() else { return rsx! {} };
    match face.body {
        Body::Opportunity { effort, evidence, .. } => {
            let impact = open.scores.opportunities.get(&face.id.id.into()).and_then(|it| it.impact.value);
            rsx! {
                p {
                    if let Some(impact) = impact {
                        span { "Impact {impact}" }
                    }
                    if let Some(effort) = effort {
                        span { "Effort {effort}" }
                    }
                    if evidence > 0 {
                        span { class: "ev",
                            Icon { name: "quote" }
                            "{evidence}"
                        }
                    }
                }
            }
        }
        Body::Solution { issue, word, .. } => {
            let shipped = open.board.solutions.get(&face.id.id.into()).and_then(|it| it.shipped_at);
            let words = match shipped {
                Some(at) => format!("Shipped {}", format::days_ago(at, host::now())),
                None => word.to_owned(),
            };
            rsx! {
                p {
                    if let Some(issue) = issue {
                        span { class: "iss",
                            Icon { name: "s-linear", class: "xs" }
                            "{issue}"
                        }
                    }
                    span { "{words}" }
                }
            }
        }
        Body::Insight { evidence, .. } => rsx! {
            p {
                span { class: "ev",
                    Icon { name: "quote" }
                    "{evidence}"
                }
            }
        },
        Body::Touchpoint | Body::Metric { .. } => rsx! {},
    }
}

/// What stands at the end of the line.
#[component]
pub fn Beside(face: Face) -> Element {
    match face.body {
        Body::Opportunity { score, settled, .. } => rsx! {
            if let Some(word) = settled {
                StatusMark { status: crate::components::Status::Shipped, label: word.to_owned() }
            } else if let Some(score) = score {
                span { class: "score", title: "Score", "{score:.0}" }
            }
        },
        Body::Solution { status, word, outcome, .. } => rsx! {
            if let Some(outcome) = outcome {
                span { class: "res {outcome.tone.result_style()}", title: "{outcome.detail}", "{outcome.change}" }
            } else {
                StatusMark { status, label: word.to_owned() }
            }
        },
        Body::Metric { value, change, .. } => rsx! {
            span { class: "mt-r",
                if let Some(value) = value {
                    b { "{value}" }
                } else {
                    span { class: "t3", "No values yet" }
                }
                if let Some((change, tone)) = change {
                    span { class: "delta {tone.style()}", "{change}" }
                }
            }
        },
        Body::Touchpoint | Body::Insight { .. } => rsx! {},
    }
}
