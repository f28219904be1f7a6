//! The lists of topics: steps to look at again, new evidence, what to fix first, what nobody owns, verdicts.

use custory_domain::agenda::Topic;
use custory_domain::wording::quoted;
use custory_domain::{EntityKind, EntityRef, ItemKind, StepId};
use dioxus::prelude::*;

use super::{Section, keys, words};
use crate::components::{Button, Icon, KindIcon};
use crate::format;
use crate::state::{List, OpenJourney, Row, Store, stage_colour, use_store};

/// Lines of a list that are shown at first.
pub const LINES: usize = 6;

/// Steps to look at again.
#[component]
pub fn Stale() -> Element {
    let topics = topics(use_store(), List::Stale);
    rsx! {
        Section { id: "review-stale", icon: "clock", title: "Steps to look at again", count: topics.len(),
            if topics.is_empty() {
                p { class: "rvw-0", "Every step was looked at in time, and nothing shipped on one since." }
            }
            Lines { list: List::Stale, name: "stale", topics }
        }
    }
}

/// New evidence.
#[component]
pub fn Evidence() -> Element {
    let store = use_store();
    let topics = topics(store, List::Evidence);
    let review = store.review.read();
    let since = review
        .as_ref()
        .and_then(|it| it.agenda.as_ref())
        .map_or_else(String::new, |it| words::since_when(&it.period));
    rsx! {
        Section { id: "review-evidence", icon: "quote", title: "New evidence", count: topics.len(),
            if topics.is_empty() {
                p { class: "rvw-0", "No evidence came {since}." }
            }
            Lines { list: List::Evidence, name: "evidence", topics }
        }
    }
}

/// What to fix first.
#[component]
pub fn First() -> Element {
    let topics = topics(use_store(), List::First);
    rsx! {
        Section { id: "review-first", icon: "flag", title: "First to fix", count: topics.len(),
            if topics.is_empty() {
                p { class: "rvw-0", "No opportunity has an impact and an effort yet." }
            }
            Lines { list: List::First, name: "first", topics }
        }
    }
}

/// What nobody owns, and verdicts.
#[component]
pub fn Verdicts() -> Element {
    let store = use_store();
    let (unowned, verdicts) = (topics(store, List::Unowned), topics(store, List::Verdicts));
    let count = unowned.len() + verdicts.len();
    rsx! {
        Section { id: "review-open", icon: "user", title: "Without an owner, and verdicts", count,
            if count == 0 {
                p { class: "rvw-0", "Everything under way has an owner, and no verdict is there or due." }
            }
            if !unowned.is_empty() {
                h4 { class: "rvw-k", "Nobody owns" }
                Lines { list: List::Unowned, name: "unowned", topics: unowned }
            }
            if !verdicts.is_empty() {
                h4 { class: "rvw-k", "Verdicts" }
                Lines { list: List::Verdicts, name: "verdicts", topics: verdicts }
            }
        }
    }
}

/// A list's topics.
pub fn topics(store: Store, list: List) -> Vec<Topic> {
    let review = store.review.read();
    let Some(agenda) = review.as_ref().and_then(|it| it.agenda.as_ref()) else { return Vec::new() };
    match list {
        List::Changed => Vec::new(),
        List::Stale => agenda.stale.clone(),
        List::Evidence => agenda.evidence.clone(),
        List::First => agenda.first.clone(),
        List::Unowned => agenda.unowned.clone(),
        List::Verdicts => agenda.verdicts.clone(),
    }
}

/// The lines of a list, the rest behind a button.
#[component]
fn Lines(list: List, name: &'static str, topics: Vec<Topic>) -> Element {
    let store = use_store();
    let shown = shown(store, name, topics.len());
    let all = topics.len();
    rsx! {
        ul { class: if list == List::Unowned { "rvw-l rvw-1" } else { "rvw-l" },
            for (at , topic) in topics.into_iter().take(shown).enumerate() {
                Line { key: "{topic.about}", list, at, topic }
            }
        }
        Rest { name, all, shown }
    }
}

/// How many lines of a list are shown.
pub fn shown(store: Store, name: &str, all: usize) -> usize {
    let is_whole = store.review.read().as_ref().is_some_and(|it| it.whole.contains(name));
    // A button that hides a single line takes as much room as the line.
    if is_whole || all <= LINES + 1 { all } else { LINES }
}

/// Shows the rest of a list.
#[component]
pub fn Rest(name: String, all: usize, shown: usize) -> Element {
    let mut store = use_store();
    if shown >= all {
        return rsx! {};
    }
    rsx! {
        Button {
            label: "Show all {all}",
            class: "xs ghost rvw-r",
            onclick: move |_| {
                if let Some(review) = store.review.write().as_mut() {
                    review.whole.insert(name.clone());
                }
            },
        }
    }
}

#[component]
fn Line(list: List, at: usize, topic: Topic) -> Element {
    let store = use_store();
    let row = Row { list, about: topic.about };
    let is_on = keys::use_is_on(row);
    let is_voice = list == List::Evidence;
    let place = topic.step.and_then(|it| place(store, it));
    let mark_class = match (list, topic.mark.as_str()) {
        (List::Stale | List::Verdicts, "Stale" | "Worse") | (List::Evidence, "Against") => "rvw-x bad",
        (List::Stale, _) | (List::Verdicts, "Waits" | "Confounded") => "rvw-x warn",
        (List::Verdicts, "Improved") | (List::Evidence, "For") => "rvw-x good",
        _ => "rvw-x",
    };
    rsx! {
        li { class: "rvw-li",
            button {
                class: "rvw-b",
                r#type: "button",
                id: words::row_id(row),
                tabindex: if is_on { "0" } else { "-1" },
                onfocus: move |_| keys::stand_on(store, row),
                onclick: move |_| keys::open(store, topic.about, false),
                if list == List::First {
                    b { class: "rvw-n", "{at + 1}" }
                } else {
                    Mark { about: topic.about }
                }
                span { class: "rvw-c",
                    span { class: if is_voice { "rvw-v voice" } else { "rvw-v" },
                        if is_voice { "{quoted(&topic.title)}" } else { "{topic.title}" }
                    }
                    span { class: "rvw-w",
                        if list != List::Stale && let Some((title, colour)) = place {
                            span { class: "stepchip", style: "--c:{colour}", i {} "{title}" }
                        }
                        if !topic.says.is_empty() {
                            span { {format::capital(&topic.says)} }
                        }
                    }
                }
                span { class: "{mark_class}", "{topic.mark}" }
            }
            if list == List::Stale {
                Button {
                    label: "Still true",
                    class: "xs",
                    icon: "check",
                    onclick: move |_| keys::say_still_true(store, row),
                }
            }
        }
    }
}

/// The icon of what a line is about.
#[component]
pub fn Mark(about: EntityRef) -> Element {
    if let Some(kind) = ItemKind::of(about.kind) {
        return rsx! { KindIcon { kind } };
    }
    let name = match about.kind {
        EntityKind::Evidence => "quote",
        EntityKind::Comment => "comment",
        EntityKind::DeliveryLink => "link",
        _ => "map",
    };
    rsx! { Icon { name } }
}

/// A step's title, and the colour of its stage.
pub fn place(store: Store, step: StepId) -> Option<(String, String)> {
    let open = store.open.read();
    let open: &OpenJourney = open.as_ref()?;
    let step = open.board.steps.get(&step)?;
    let stages = open.board.stages_in_order();
    let position = stages.iter().position(|it| Some(it.id) == step.stage)?;
    Some((step.title.clone(), stage_colour(position, stages.len())))
}
