//! What else was found on the chosen step, each with a decision of its own.

use custory_domain::draft::DraftKey;
use custory_domain::wording::quoted;
use dioxus::prelude::*;

use super::decisions::Standing;
use super::desk::{item_id, use_review};
use super::rows::{self, ItemRow};
use crate::components::{Button, IconButton, InlineText, KindIcon, Note};

/// What else was found on the chosen step.
#[component]
pub(super) fn AlsoFound() -> Element {
    let desk = use_review();
    let items = use_memo(move || {
        let step = desk.step.read();
        let step = step.as_ref()?;
        let review = desk.review.read();
        rows::row_of(&review, &desk.on_map.read(), step).map(|it| it.items)
    });
    let items = items().unwrap_or_default();
    if items.is_empty() {
        return rsx! {};
    }
    let has_pain = items.iter().any(|it| it.is_pain && it.standing != Standing::OnMap);
    rsx! {
        div { class: "sech also",
            h3 { "Also found on this step" }
        }
        div { role: "grid", "aria-label": "Also found on this step",
            for (at , item) in items.into_iter().enumerate() {
                ItemCard { key: "{item.key.0}", at, item }
            }
        }
        if has_pain {
            div { class: "also-n",
                Note { icon: "info",
                    "Friction found in docs is a guess until a customer says it. It starts as an assumption."
                }
            }
        }
    }
}

#[component]
fn ItemCard(at: usize, item: ItemRow) -> Element {
    let mut desk = use_review();
    let key = item.key.clone();
    let is_chosen = desk.item.read().as_ref() == Some(&key);
    let is_edited = desk.editing.read().as_ref() == Some(&key);
    let class = match (&item.standing, is_chosen) {
        (Standing::LeftOut, true) => "dcard it off on",
        (Standing::LeftOut, false) => "dcard it off",
        (_, true) => "dcard it on",
        (_, false) => "dcard it",
    };
    let title = item.title.clone();
    rsx! {
        div {
            id: item_id(at),
            class,
            role: "row",
            "aria-selected": is_chosen,
            "aria-label": "{item.title}. {item.what}. {said(&item)}",
            tabindex: if is_chosen || (at == 0 && desk.item.read().is_none()) { "0" } else { "-1" },
            onclick: {
                let key = key.clone();
                move |_| desk.choose_item(Some(key.clone()))
            },
            ondoubleclick: {
                let key = key.clone();
                move |_| desk.editing.set(Some(key.clone()))
            },
            div { class: "o",
                KindIcon { kind: item.kind }
                div { class: "g",
                    if is_edited {
                        div { class: "h4", onclick: move |event| event.stop_propagation(),
                            InlineText {
                                value: title,
                                label: "Title",
                                editing: true,
                                onsave: {
                                    let key = key.clone();
                                    move |wanted: String| desk.rename_item(&key, &wanted)
                                },
                                ondone: move |()| {
                                    desk.editing.set(None);
                                    desk.bring_into_view();
                                },
                            }
                        }
                    } else {
                        b { "{title}" }
                    }
                    p { {about(&item)} }
                }
                ItemDecided { item: item.clone() }
            }
        }
    }
}

/// How the item stands, with what can be done about it.
#[component]
fn ItemDecided(item: ItemRow) -> Element {
    let desk = use_review();
    let key = item.key.clone();
    let choose = move |event: &MouseEvent, key: &DraftKey| {
        event.stop_propagation();
        desk.choose_item(Some(key.clone()));
    };
    match (&item.standing, item.has_own_decision) {
        (Standing::OnMap, _) => rsx! {},
        (_, true) => rsx! {
            IconButton {
                icon: "undo",
                label: "Take back (U)",
                class: "xs",
                onclick: move |event: MouseEvent| {
                    choose(&event, &key);
                    desk.put_back(&key);
                },
            }
        },
        (Standing::LeftOut, false) => rsx! {
            Button {
                label: "Keep",
                class: "xs",
                onclick: move |event: MouseEvent| {
                    choose(&event, &key);
                    desk.keep(&key);
                },
            }
        },
        (Standing::Waiting | Standing::Kept | Standing::Merged(_), false) => rsx! {
            span { class: "act-h",
                Button {
                    label: "Leave out",
                    class: "xs ghost",
                    onclick: move |event: MouseEvent| {
                        choose(&event, &key);
                        desk.leave_out(&key);
                    },
                }
            }
        },
    }
}

/// What the item is, and where it goes if that is not where its step goes.
fn about(item: &ItemRow) -> String {
    match (&item.standing, item.has_own_decision, &item.merged_into) {
        (Standing::OnMap, ..) => format!("{}. Already on the map", item.what),
        (Standing::LeftOut, true, _) => format!("{}. Left out", item.what),
        (Standing::LeftOut, false, _) => format!("{}. Left out with its step", item.what),
        (Standing::Kept, true, _) => format!("{}. Kept", item.what),
        (Standing::Merged(_), _, Some(target)) => format!("{}. Goes to {}", item.what, quoted(target)),
        (Standing::Waiting | Standing::Kept | Standing::Merged(_), ..) => item.what.clone(),
    }
}

fn said(item: &ItemRow) -> &'static str {
    match item.standing {
        Standing::Waiting => "Goes with its step",
        Standing::Kept => "Kept",
        Standing::LeftOut => "Left out",
        Standing::Merged(_) => "Goes to another step",
        Standing::OnMap => "Already on the map",
    }
}
