//! A journey's screen: its title on top, one of its views with its tools, the panel beside it.

mod bar;
mod foot;
mod skeleton;
mod top;

use custory_domain::{EntityRef, JourneyId};
use custory_ipc::Lens;
use dioxus::prelude::*;

use super::assistant::AssistantPanel;
use super::compare::{BesideScreen, CompareBanner};
use super::history::{Banner, HistoryPanel, Timeline};
use super::map::{Adding, Grid, MAP_ID, MapModel, hidden, land, reveal_step, trash, use_map};
use super::mates::{Following, use_presence};
use super::panel::StepPanel;
use super::priority::PriorityScreen;
use super::review::ReviewScreen;
use super::selection::{self, Bulk};
use super::table::{TableScreen, use_table};
use super::tree::TreeScreen;
use crate::app::Screen;
use crate::components::{Button, Empty};
use crate::dom;
use crate::state::{With, use_store};
use bar::Bar;
pub use bar::{AddButton, add_entries, key_name};
use foot::Foot;
use skeleton::Skeleton;
use top::Top;

/// Milliseconds before a skeleton shows; most journeys are there sooner.
const PATIENCE_MILLIS: i32 = 150;

/// A journey's screen.
#[component]
pub fn JourneyScreen(journey: JourneyId) -> Element {
    let store = use_store();
    let map = use_map();
    let table = use_table();
    use_hook(move || {
        map.reset(store);
        table.reset();
        store.selection.reset();
    });
    use_presence(journey);
    use_effect(move || {
        let folded = map.folded.read().clone();
        store.change_view(move |it| it.folded = folded);
    });
    let is_there = use_memo(move || store.open.read().as_ref().is_some_and(|it| it.id == journey));
    let failed = store.open_failed.read().clone();
    rsx! {
        main { class: "sheet",
            Top {}
            Following {}
            if is_there() {
                Loaded {}
            } else if let Some(message) = failed {
                div { class: "centre grow",
                    Empty { icon: "warn", title: "This journey did not open", text: message,
                        Button { label: "Try again", class: "pri sm", onclick: move |_| store.open_again() }
                    }
                }
            } else {
                Waiting {}
            }
        }
    }
}

#[component]
fn Loaded() -> Element {
    let mut store = use_store();
    let lens = use_memo(move || store.lens());
    let panel = *store.panel.read();
    let has_assistant = use_memo(move || store.assistant.read().is_open);
    let has_history = use_memo(move || store.history.read().is_some());
    let is_review = use_memo(move || store.review.read().is_some());
    let with = use_memo(move || store.comparison.read().as_ref().map(|it| it.with));
    let is_aside = use_memo(move || store.present.read().is_some());
    let is_beside = use_memo(move || store.is_side_by_side());
    use_hook(|| {
        spawn(async {
            dom::painted().await;
            dom::mark("journey");
        })
    });
    // One panel at a time: a step that is opened takes the assistant's place.
    use_effect(move || {
        if store.panel.read().is_some() && store.assistant.peek().is_open {
            store.assistant.write().is_open = false;
        }
    });
    // What somebody deleted meanwhile is no longer selected.
    use_effect(move || {
        let open = store.open.read();
        let Some(open) = open.as_ref() else { return };
        let is_there = |it: &EntityRef| open.board.get(*it).is_some_and(|it| it.trashed().is_none());
        let mut selected = store.selection.all;
        let has_gone = !selected.peek().iter().all(is_there);
        if has_gone {
            selected.write().retain(is_there);
        }
    });
    rsx! {
        match with() {
            Some(With::Past(_)) => rsx! { Banner {} },
            Some(With::AsIs(_)) => rsx! { CompareBanner {} },
            None => rsx! {},
        }
        div { class: if is_aside() { "split past" } else { "split" },
            div { class: "stage-area col",
                if is_review() {
                    ReviewScreen {}
                } else {
                    match lens() {
                        Lens::Map if is_beside() => rsx! { BesideScreen {} },
                        Lens::Map => rsx! { MapScreen {} },
                        Lens::Table => rsx! { TableScreen {} },
                        Lens::Priority => rsx! { PriorityScreen {} },
                        Lens::Tree => rsx! { TreeScreen {} },
                    }
                }
                if has_history() {
                    Timeline {}
                }
            }
            if let (true, Some(journey)) = (has_assistant(), store.journey_on_screen()) {
                AssistantPanel { key: "{journey}", journey }
            } else if let Some(panel) = panel {
                StepPanel { key: "{panel.step}", step: panel.step, item: panel.item }
            } else if has_history() {
                HistoryPanel {}
            }
        }
    }
}

/// The map between its tools and its foot.
#[component]
fn MapScreen() -> Element {
    let store = use_store();
    let map = use_map();
    let model = map.model;
    let is_bare =
        use_memo(move || model.read().steps == 0 && !matches!(*map.adding.read(), Some(Adding::Step { .. })));
    use_effect(move || {
        let step = (*store.panel.read()).map(|it| it.step);
        if let Some(step) = step {
            reveal_step(map, step);
        }
    });
    let hidden = use_memo(move || {
        let open = store.open.read();
        open.as_ref().map_or(0, |it| self::hidden(it, &model.read(), &store.selection.all.read()))
    });
    let back = move || {
        let cursor = *map.cursor.peek();
        match cursor {
            Some(spot) => land(map, model, spot),
            None => dom::focus(MAP_ID),
        }
    };
    // Whoever comes to a map can use it by keyboard at once; a field in which somebody types keeps the focus.
    use_hook(move || {
        let cursor = *map.cursor.peek();
        match cursor {
            _ if dom::is_typing() => {}
            Some(spot) if store.panel.peek().is_none() => land(map, model, spot),
            _ => dom::focus_soon(MAP_ID),
        }
    });
    rsx! {
        Bar { model }
        div { class: "map-w",
            Grid { model }
            if is_bare() {
                NoSteps { model }
            }
            Bulk {
                hidden: hidden(),
                more: move |()| selection::entries(store, move || trash(store, map, model)),
                ontrash: move |()| trash(store, map, model),
                onclear: move |()| back(),
            }
        }
        Foot { model }
    }
}

/// Over a map without a single step: what to do.
#[component]
fn NoSteps(model: Memo<MapModel>) -> Element {
    let store = use_store();
    let mut map = use_map();
    let stage = model.read().stages.first().map(|it| it.id);
    rsx! {
        div { class: "no-steps",
            Empty { icon: "map", title: "No steps yet", text: "Add the first thing a customer does, or let us read your product.",
                div { class: "btns",
                    Button {
                        label: "Add the first step",
                        class: "pri sm",
                        onclick: move |_| {
                            let adding = match stage {
                                Some(stage) => Adding::Step { stage, index: 0 },
                                None => Adding::Stage { index: 0 },
                            };
                            map.adding.set(Some(adding));
                        },
                    }
                    Button { label: "Build from your product", class: "sm", onclick: move |_| store.go(Screen::DraftSources) }
                }
            }
        }
    }
}

/// Nothing at first; after a moment the shape of what will come.
#[component]
fn Waiting() -> Element {
    let mut is_late = use_signal(|| false);
    use_future(move || async move {
        dom::sleep(PATIENCE_MILLIS).await;
        is_late.set(true);
    });
    rsx! {
        if is_late() {
            Skeleton {}
        }
    }
}
