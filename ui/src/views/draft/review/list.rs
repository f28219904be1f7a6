//! The left side: stages with their steps, where each was found, and the decision about it.

use custory_domain::ItemKind;
use dioxus::prelude::*;

use super::decisions::Standing;
use super::desk::{Desk, row_id, steps, use_review};
use super::rows::{Filter, Group, ItemRow, Place, Row};
use crate::components::{Button, Empty, Icon, IconButton, InlineText, KindIcon, Note};

/// Items named on a row; the rest is counted. All of them are at the right.
const ITEMS_NAMED: usize = 4;

/// The list.
#[component]
pub fn List() -> Element {
    let desk = use_review();
    let groups = desk.groups.read();
    rsx! {
        div { class: "rv-l scroll", role: "grid", "aria-label": "Steps of the draft", "aria-rowcount": desk.review.read().draft.steps().count(),
            if groups.is_empty() {
                NothingShown {}
            }
            for group in groups.iter().cloned() {
                Stage { key: "{group.key.0}", group }
            }
            WhatWasRead {}
        }
    }
}

#[component]
fn NothingShown() -> Element {
    let mut desk = use_review();
    let (title, text) = match (desk.filter)() {
        Filter::Waiting => (
            "Nothing is waiting",
            "You have decided about every step. Create the journey, or look at all of it once more.",
        ),
        Filter::All | Filter::LowSupport => {
            ("Every step has support", "Each of them was found in more than one source.")
        }
    };
    rsx! {
        Empty { icon: "check", title, text,
            Button { label: "Show all steps", class: "sm", onclick: move |_| desk.filter.set(Filter::All) }
        }
    }
}

#[component]
fn Stage(group: Group) -> Element {
    let desk = use_review();
    let key = group.key.clone();
    rsx! {
        div { role: "rowgroup", "aria-label": "{group.title}",
            div { class: "rv-s",
                i { class: "dot", style: "--c:{group.colour}" }
                h3 { "{group.title}" }
                small { {steps(group.steps)} }
                span { class: "sp" }
                if group.waiting > 0 {
                    Button { label: "Keep all", class: "xs ghost", onclick: move |_| desk.keep_stage(&key) }
                }
            }
            for row in group.rows {
                StepRow { key: "{row.key.0}", row }
            }
        }
    }
}

/// A step. Drawn again only when something of it changed.
#[component]
fn StepRow(row: Row) -> Element {
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
fn ItemTag(step: custory_domain::draft::DraftKey, item: ItemRow) -> Element {
    let desk: Desk = use_review();
    let is_out = item.standing == Standing::LeftOut;
    let kind: ItemKind = item.kind;
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
            KindIcon { kind }
            span { "{title}" }
        }
    }
}

/// What the draft rests on: how much was read, and what was left out and why.
#[component]
fn WhatWasRead() -> Element {
    let desk = use_review();
    let review = desk.review.read();
    let skipped: Vec<_> = review.draft.sources.iter().filter(|it| !it.skipped.is_empty()).cloned().collect();
    let read = review.draft.sources.len() - skipped.len();
    let notes = review.draft.notes.clone();
    let sources = if read == 1 { "1 page or file".to_owned() } else { format!("{read} pages and files") };
    rsx! {
        section { class: "rv-w", "aria-label": "What was read",
            Note { icon: "info", "Drafted from {sources}. Every step has a source; what they do not say is left empty." }
            for note in notes {
                Note { key: "{note}", icon: "info", "{note}" }
            }
            if !skipped.is_empty() {
                details {
                    summary { class: "btn xs ghost", "{skipped.len()} skipped" }
                    table { class: "mapt",
                        tbody {
                            for source in skipped {
                                tr { key: "{source.locator}",
                                    td { class: "l",
                                        code { "{source.locator}" }
                                    }
                                    td { class: "o", "{source.skipped}" }
                                }
                            }
                        }
                    }
                }
            }
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
