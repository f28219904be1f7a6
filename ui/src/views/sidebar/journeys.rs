//! Journeys and drafts, one a line; the one on screen lists its stages.

use custory_domain::{Change, Command, InsightState, ItemKind, JourneyField, JourneyId, StageId};
use custory_ipc::{JourneySummary, Request};
use dioxus::prelude::*;

use super::menus;
use crate::app::Screen;
use crate::components::{Entry, Icon, InlineText, Menu};
use crate::dom;
use crate::state::{OpenJourney, Place, stage_colour, use_store};
use crate::views::map::{MAP_ID, Spot, use_map};

/// Journeys that are not out of the way.
#[component]
pub fn Journeys() -> Element {
    let store = use_store();
    let journeys: Vec<_> = store.journeys.read().iter().filter(|it| !it.is_archived).cloned().collect();
    rsx! {
        for journey in journeys {
            JourneyLine { key: "{journey.id}", journey }
        }
    }
}

/// Journeys that are out of the way, behind a line that opens.
#[component]
pub fn Archived() -> Element {
    let store = use_store();
    let mut is_open = use_signal(|| false);
    let archived: Vec<_> = store.journeys.read().iter().filter(|it| it.is_archived).cloned().collect();
    if archived.is_empty() {
        return rsx! {};
    }
    rsx! {
        nav { class: "navs arch", "aria-label": "Archived journeys",
            button {
                class: "nav",
                r#type: "button",
                "aria-expanded": is_open(),
                onclick: move |_| is_open.toggle(),
                Icon { name: "archive" }
                span { "Archived" }
                b { class: "cnt", "{archived.len()}" }
            }
            if is_open() {
                for journey in archived {
                    JourneyLine { key: "{journey.id}", journey }
                }
            }
        }
    }
}

#[component]
fn JourneyLine(journey: JourneySummary) -> Element {
    let mut store = use_store();
    let mut is_folded = use_signal(|| false);
    let id = journey.id;
    let is_on = store.journey_on_screen() == Some(id);
    let title = journey.title.clone();
    let for_context = journey.clone();
    let is_muted = store.news.read().is_muted(id);
    let arrow = if is_folded() { "right" } else { "down" };
    if *store.renaming.read() == Some((id, Place::Sidebar)) {
        return rsx! {
            div { class: "nav edit",
                Icon { name: "map" }
                InlineText {
                    value: title,
                    label: "Title of the journey",
                    class: "one",
                    editing: true,
                    onsave: move |title| rename(store, id, title),
                    ondone: move |()| store.renaming.set(None),
                }
            }
        };
    }
    rsx! {
        button {
            class: "nav",
            r#type: "button",
            title: if is_muted { "{title}, muted" } else { "{title}" },
            "aria-current": if is_on { "page" },
            "aria-expanded": if is_on { if is_folded() { "false" } else { "true" } },
            onclick: move |_| {
                if is_on {
                    is_folded.toggle();
                } else {
                    store.go(Screen::Journey(id));
                }
            },
            ondoubleclick: move |_| store.renaming.set(Some((id, Place::Sidebar))),
            onkeydown: move |event| {
                if event.key() == Key::F2 {
                    store.renaming.set(Some((id, Place::Sidebar)));
                }
            },
            oncontextmenu: move |event| {
                event.prevent_default();
                let entries = menus::journey_entries(store, &for_context, Place::Sidebar);
                store.menu.set(Some(Menu::at(&event, "Journey", entries)));
            },
            Icon { name: "map" }
            span { "{title}" }
            if is_muted {
                Icon { name: "bell-off", class: "sm mu" }
                span { class: "vh", "muted" }
            }
            if is_on {
                Icon { name: arrow, class: "sm tw" }
            } else if journey.is_sample {
                b { class: "tag", "Sample" }
            }
        }
        if is_on && !is_folded() {
            Stages {}
        }
    }
}

/// Renames a journey, whether it is on screen or not.
fn rename(store: crate::state::Store, journey: JourneyId, title: String) {
    let command = Command::set(Change::Journey { id: journey, set: JourneyField::Title(title) });
    store.order(Request::Dispatch { journey, command, via: custory_domain::Via::User });
}

/// The stages of the journey on screen, with how many open insights each has.
#[component]
fn Stages() -> Element {
    let store = use_store();
    let map = use_map();
    let open = store.open.read();
    let Some(open) = open.as_ref() else { return rsx! {} };
    let stages = open.outline();
    if stages.is_empty() {
        return rsx! {};
    }
    let count = stages.len();
    rsx! {
        div { class: "tree",
            for (position , (id , steps)) in stages.into_iter().enumerate() {
                {
                    let title = open.board.stages.get(&id).map(|it| it.title.clone()).unwrap_or_default();
                    let insights = open_insights(open, steps.iter().map(|it| it.id));
                    rsx! {
                        button {
                            key: "{id}",
                            class: "nav nav-sub",
                            r#type: "button",
                            title: "{title}",
                            onclick: move |_| show(map, id),
                            i { class: "dot", style: "--c:{stage_colour(position, count)}" }
                            span { "{title}" }
                            if insights > 0 {
                                b { class: "cnt", title: crate::format::count(insights, "open insight", "open insights"), "{insights}" }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn open_insights(open: &OpenJourney, steps: impl Iterator<Item = custory_domain::StepId>) -> usize {
    let all: std::collections::BTreeSet<_> =
        steps.flat_map(|it| open.index.cell(it, ItemKind::Insight)).copied().collect();
    let is_open = |state| matches!(state, InsightState::New | InsightState::Triaged);
    all.iter().filter_map(|it| open.board.insights.get(&it.id.into())).filter(|it| is_open(it.state)).count()
}

/// Scrolls the map to a stage.
fn show(mut map: crate::views::map::MapState, stage: StageId) {
    map.fold(stage, false);
    map.cursor.set(Some(Spot::Stage(stage)));
    dioxus::core::spawn_forever(async move {
        dom::next_frame().await;
        let x = {
            let model = map.model.peek();
            let column = model.stage(stage).map(|it| it.columns.start);
            column.and_then(|it| model.layout.columns.get(it)).map(|it| it.x - crate::views::map::LABEL_WIDTH)
        };
        if let (Some(x), Some(element)) = (x, dom::by_id(MAP_ID)) {
            element.set_scroll_left(x as i32);
        }
    });
}

/// Drafts that wait for review or are being read.
#[component]
pub fn Drafts() -> Element {
    let mut store = use_store();
    let screen = *store.screen.read();
    let drafts = store.drafts.read().clone();
    rsx! {
        for draft in drafts {
            {
                let to = if draft.is_reading || draft.failed.is_some() {
                    Screen::DraftReading(draft.id)
                } else {
                    Screen::DraftReview(draft.id)
                };
                let title = if draft.title.is_empty() { "New draft".to_owned() } else { draft.title.clone() };
                let id = draft.id;
                rsx! {
                    button {
                        key: "{draft.id}",
                        class: "nav",
                        r#type: "button",
                        title: "{title}",
                        "aria-current": if screen == to { "page" },
                        onclick: move |_| store.go(to),
                        oncontextmenu: move |event| {
                            event.prevent_default();
                            let entries = vec![
                                Entry::act("Throw draft away", move || {
                                    store.order(Request::DiscardDraft { draft: id });
                                    let is_shown = matches!(*store.screen.peek(), Screen::DraftReading(it) | Screen::DraftReview(it) if it == id);
                                    if is_shown {
                                        store.go_home();
                                    }
                                })
                                .icon("trash")
                                .danger(),
                            ];
                            store.menu.set(Some(Menu::at(&event, "Draft", entries)));
                        },
                        Icon { name: "map" }
                        span { "{title}" }
                        b { class: "tag", if draft.is_reading { "Reading" } else { "Draft" } }
                    }
                }
            }
        }
    }
}
