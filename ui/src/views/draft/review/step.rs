//! One step in the list: its title, where it was found, what hangs on it, and how it stands.

use custory_domain::draft::DraftKey;
use dioxus::prelude::*;

use super::decisions::Standing;
use super::desk::{row_id, use_review};
use super::rows::{ItemRow, Place, Row};
use crate::components::{Icon, IconButton, InlineText, KindIcon};

/// Items named on a row; the rest is counted. All of them are at the right.
const ITEMS_NAMED: usize = 4;

/// A step. Drawn again only when something of it changed.
#[component]
pub(super) fn StepRow(row: Row) -> Element {
    let mut desk = use_review();
    let key = row.key.clone();
    let is_chosen = use_memo(use_reactive!(|(key)| desk.step.read().as_ref() == Some(&key)));
    let is_edited = use_memo(use_reactive!(|(key)| desk.editing.read().as_ref() == Some(&key)));
    let key = row.key.clone();
    let class = match (&row.standing, is_chosen()) {
        (Standing::LeftOut, true) => "rs off on",
        (Standing::LeftOut, false) => "rs off",
        (Standing::OnMap | Standing::Merged(_), true) => "rs past on",
        (Standing::OnMap | Standing::Merged(_), false) => "rs past",
        (Standing::Waiting | Standing::Kept, true) => "rs on",
        (Standing::Waiting | Standing::Kept, false) => "rs",
    };
    rsx! {
        div {
            id: row_id(row.number),
            class,
            role: "row",
            "aria-rowindex": row.number,
            "aria-selected": is_chosen(),
            "aria-label": "{row.number}. {row.title}. {said(&row.standing)}",
            tabindex: if is_chosen() { "0" } else { "-1" },
            onclick: {
                let key = key.clone();
                move |_| desk.choose(key.clone())
            },
            ondoubleclick: {
                let key = key.clone();
                move |_| desk.editing.set(Some(key.clone()))
            },
            span { class: "no", "{row.number}" }
            if is_edited() {
                Title { row: row.clone() }
            } else {
                h4 { "{row.title}" }
            }
            div { class: "bt", role: "gridcell",
                Decided { row: row.clone(), is_chosen: is_chosen() }
            }
            if let Some(action) = &row.action {
                p { class: "txt", "{action}" }
            }
            Tags { row: row.clone(), is_chosen: is_chosen() }
        }
    }
}

/// The title as a field.
#[component]
fn Title(row: Row) -> Element {
    let mut desk = use_review();
    let key = row.key.clone();
    rsx! {
        div { class: "h4", onclick: move |event| event.stop_propagation(),
            InlineText {
                value: row.title.clone(),
                label: "Title of the step",
                editing: true,
                onsave: move |wanted: String| {
                    let drafted = desk.review.peek().draft.step(&key).map(|it| it.title.clone()).unwrap_or_default();
                    desk.rename(&key, &drafted, &wanted);
                },
                ondone: move |()| {
                    desk.editing.set(None);
                    desk.bring_into_view();
                },
            }
        }
    }
}

/// How the step stands, with what can be done about it.
#[component]
fn Decided(row: Row, is_chosen: bool) -> Element {
    let desk = use_review();
    let key = row.key.clone();
    let put_back = rsx! {
        IconButton {
            icon: "undo",
            label: "Take back (U)",
            class: "xs",
            onclick: {
                let key = key.clone();
                move |event: MouseEvent| {
                    event.stop_propagation();
                    desk.choose(key.clone());
                    desk.put_back(&key);
                }
            },
        }
    };
    match &row.standing {
        Standing::Kept => rsx! {
            span { class: "back", {put_back} }
            span { class: "stl good done",
                Icon { name: "check", class: "sm" }
                "Kept"
            }
        },
        Standing::LeftOut => rsx! {
            span { class: "stl t3 done", "Left out" }
            {put_back}
        },
        Standing::Merged(_) => rsx! {
            span { class: "stl t3 done", "Merged" }
            {put_back}
        },
        Standing::OnMap => rsx! {
            span { class: "stl t3 done", "Already on the map" }
        },
        Standing::Waiting => rsx! {
            button {
                class: "btn xs ghost",
                r#type: "button",
                tabindex: if is_chosen { "0" } else { "-1" },
                onclick: {
                    let key = key.clone();
                    move |event: MouseEvent| {
                        event.stop_propagation();
                        desk.choose(key.clone());
                        desk.leave_out(&key);
                    }
                },
                "Leave out"
            }
            button {
                class: "btn xs",
                r#type: "button",
                tabindex: if is_chosen { "0" } else { "-1" },
                onclick: move |event: MouseEvent| {
                    event.stop_propagation();
                    desk.choose(key.clone());
                    desk.keep(&key);
                },
                "Keep"
            }
        },
    }
}

/// Where the step was found, and what hangs on it.
#[component]
fn Tags(row: Row, is_chosen: bool) -> Element {
    let desk = use_review();
    let key = row.key.clone();
    let shown_place = is_chosen && desk.item.read().is_none();
    let cite = (desk.cite)();
    let is_shown = |place: &Place| shown_place && place.cites.contains(&cite);
    let named = row.items.iter().take(ITEMS_NAMED).cloned();
    let more = row.items.len().saturating_sub(ITEMS_NAMED);
    rsx! {
        div { class: "tags",
            for place in row.places.iter().cloned() {
                button {
                    key: "{place.label}",
                    class: if is_shown(&place) { "tg on" } else { "tg" },
                    r#type: "button",
                    tabindex: "-1",
                    title: "Show where it was found",
                    onclick: {
                        let key = key.clone();
                        move |event: MouseEvent| {
                            event.stop_propagation();
                            desk.choose_place(key.clone(), place.cites[0]);
                        }
                    },
                    Icon { name: place.icon }
                    if place.is_code {
                        code { "{place.label}" }
                    } else {
                        "{place.label}"
                    }
                }
            }
            if row.is_from_model {
                span { class: "tg", title: "Only the model found this step; its source proves it word for word",
                    Icon { name: "spark" }
                    "Found by the model"
                }
            }
            if row.is_known && row.standing != Standing::OnMap {
                span { class: "tg known",
                    Icon { name: "map" }
                    "Already on the map, with something new"
                }
            }
            if let Some(target) = &row.merged_into {
                span { class: "tg",
                    Icon { name: "arrow" }
                    "{target}"
                }
            }
        }
        if !row.items.is_empty() {
            div { class: "tags its",
                for item in named {
                    ItemTag { key: "{item.key.0}", step: key.clone(), item }
                }
                if more > 0 {
                    span { class: "tg-i t3", "{more} more" }
                }
            }
        }
    }
}

#[component]
fn ItemTag(step: DraftKey, item: ItemRow) -> Element {
    let desk = use_review();
    let is_out = item.standing == Standing::LeftOut;
    let title = item.title.clone();
    rsx! {
        button {
            class: if is_out { "tg-i off" } else { "tg-i" },
            r#type: "button",
            tabindex: "-1",
            title: "{item.what}",
            onclick: move |event: MouseEvent| {
                event.stop_propagation();
                desk.choose(step.clone());
                desk.choose_item(Some(item.key.clone()));
            },
            KindIcon { kind: item.kind }
            span { "{title}" }
        }
    }
}

/// How a step stands, for those who hear it.
fn said(standing: &Standing) -> &'static str {
    match standing {
        Standing::Waiting => "Waiting",
        Standing::Kept => "Kept",
        Standing::LeftOut => "Left out",
        Standing::Merged(_) => "Merged into another step",
        Standing::OnMap => "Already on the map",
    }
}
