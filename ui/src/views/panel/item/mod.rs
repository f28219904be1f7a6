//! An item in detail: its title, its fields, what it is linked with, and its evidence.

mod fields;
mod links;
mod picture;
mod points;

use custory_domain::{Command, EntityRef, ItemKind, StepId};
use dioxus::prelude::*;

use super::activity::Activity;
use super::blame::FieldsOf;
use super::comments::Comments;
use super::decisions::Decisions;
use super::evidence::ItemEvidence;
use super::result::{Fix, Watched, is_shown, watched_for};
use super::step::comment_count;
use crate::components::{Avatar, Chip, Icon, InlineText, KindIcon, Menu};
use crate::state::use_store;
use crate::views::integrations::{BindMetric, SendItem};
use crate::views::map::{owner_entries, rename};
use fields::Fields;
pub use fields::{noon, state_command};
use links::Links;
use points::Points;

/// An item in detail.
#[component]
pub fn ItemDetail(step: StepId, item: EntityRef) -> Element {
    let mut store = use_store();
    // The item never becomes another one: each is drawn under its own key.
    use_context_provider(|| FieldsOf(item));
    let open = store.open.read();
    let Some(open) = open.as_ref() else { return rsx! {} };
    let Some(view) = open.board.item(item).filter(|it| it.trashed.is_none()) else {
        return rsx! {
            div { class: "blk", p { class: "none", "This is in the trash." } }
        };
    };
    let kind = view.kind;
    let owner = view.owner.and_then(|it| store.member(it)).map_or("Owner".to_owned(), |it| it.name);
    let places = view.steps.iter().filter_map(|it| open.board.steps.get(it)).map(|it| it.title.clone());
    let places: Vec<String> = places.collect();
    let result = open.numbers.results.get(&item.id.into()).filter(|_| kind == ItemKind::Solution).cloned();
    let metric = open.board.metrics.get(&item.id.into()).filter(|_| kind == ItemKind::Metric).cloned();
    let moved = metric.as_ref().and_then(|it| watched_for(open, it.id));
    let has_comments = comment_count(open, item) > 0;
    rsx! {
        div { class: "pn-t",
            p { class: "kd pn-k",
                KindIcon { kind }
                "{kind.spec().name}"
            }
            h2 { class: "txt",
                InlineText {
                    value: view.title.to_owned(),
                    label: "Title",
                    onsave: move |title| {
                        if let Some(change) = rename(item, title) {
                            store.send(Command::set(change));
                        }
                    },
                }
            }
            div { class: "props",
                Chip {
                    opens_menu: true,
                    onclick: move |event| {
                        let entries = owner_entries(store, item);
                        store.menu.set(Some(Menu::below(&event, "Owner", entries)));
                    },
                    Avatar { member: view.owner }
                    "{owner}"
                }
                if places.len() > 1 {
                    span { class: "chip still", title: places.join(", "),
                        Icon { name: "copy", class: "sm" }
                        "On {places.len()} steps"
                    }
                }
            }
        }
        if let Some(result) = result.filter(is_shown) {
            div { class: "blk", Fix { solution: item.id.into(), result } }
        }
        if let Some(metric) = metric.clone() {
            div { class: "blk",
                if let Some((solution, result)) = moved {
                    Fix { solution, result }
                } else {
                    Watched { metric }
                }
            }
        }
        div { class: "blk fs",
            Fields { item }
        }
        if let Some(metric) = metric {
            BindMetric { metric: metric.clone() }
            Points { metric }
        }
        Links { step, item }
        Decisions { about: item }
        SendItem { item }
        ItemEvidence { step, item }
        if has_comments {
            div { class: "blk-h cm-t", h3 { "Comments" } }
            Comments { about: item }
        }
        div { class: "blk-h cm-t", h3 { "Activity" } }
        Activity { about: item, most: ACTIVITY_MAX }
        div { class: "pn-end" }
    }
}

/// Changes that stand in an item's panel; the rest is in its history.
const ACTIVITY_MAX: usize = 4;
