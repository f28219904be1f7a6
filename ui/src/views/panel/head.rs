//! The panel's head: where one is, the neighbours, what can be done, and the way out.

use custory_domain::{EntityRef, StepId};
use dioxus::prelude::*;

use crate::components::{IconButton, Menu};
use crate::dom;
use crate::keys;
use crate::state::{Panel, stage_colour, use_store};
use crate::views::map::{Spot, item_entries, land, step_entries, use_map};

/// The panel's head.
#[component]
pub fn Head(step: StepId, item: Option<EntityRef>) -> Element {
    let mut store = use_store();
    let map = use_map();
    let open = store.open.read();
    let Some(open) = open.as_ref() else { return rsx! {} };
    let steps: Vec<StepId> = open.board.steps_in_order().iter().map(|it| it.id).collect();
    let at = steps.iter().position(|it| *it == step);
    let number = at.map_or(0, |it| it + 1);
    let before = at.and_then(|it| it.checked_sub(1)).and_then(|it| steps.get(it).copied());
    let after = at.and_then(|it| steps.get(it + 1).copied());
    let stages = open.board.stages_in_order();
    let stage = open.board.steps.get(&step).and_then(|it| it.stage);
    let stage = stages.iter().position(|it| Some(it.id) == stage);
    let colour = stage.map(|it| stage_colour(it, stages.len())).unwrap_or_default();
    let stage = stage.map(|it| stages[it].title.clone()).unwrap_or_default();
    let title = open.board.steps.get(&step).map(|it| it.title.clone()).unwrap_or_default();
    let about = item.unwrap_or(step.into());
    let is_watched = store.is_watched(about);
    let mut go = move |to: Option<StepId>| {
        let Some(to) = to else { return };
        store.panel.set(Some(Panel { step: to, item: None }));
        land(map, map.model, Spot::Step(to));
    };
    rsx! {
        div { class: "pn-h",
            if item.is_some() {
                IconButton {
                    icon: "left",
                    class: "sm",
                    label: "Back to the step (Esc)",
                    onclick: move |_| store.panel.set(Some(Panel { step, item: None })),
                }
                button {
                    class: "stepchip lk",
                    r#type: "button",
                    style: "--c:{colour}",
                    onclick: move |_| store.panel.set(Some(Panel { step, item: None })),
                    i {}
                    "{title}"
                }
            } else {
                span { class: "stepchip", style: "--c:{colour}",
                    i {}
                    "{stage}"
                }
                span { "·" }
                span { "Step {number} of {steps.len()}" }
            }
            span { class: "sp" }
            if item.is_none() {
                IconButton { icon: "left", class: "sm", label: "Previous step", disabled: before.is_none(), onclick: move |_| go(before) }
                IconButton { icon: "right", class: "sm", label: "Next step", disabled: after.is_none(), onclick: move |_| go(after) }
            }
            IconButton {
                icon: "eye",
                class: "sm",
                id: "watch",
                label: keys::hint(store, if is_watched { "Watching; press to stop" } else { "Watch" }, &["W"]),
                pressed: Some(is_watched),
                onclick: move |_| store.toggle_watching(about),
            }
            IconButton {
                icon: "more",
                class: "sm",
                label: "More",
                opens_menu: true,
                onclick: move |event| {
                    let entries = match item {
                        Some(item) => item_entries(store, map, step, item),
                        None => step_entries(store, map, step),
                    };
                    store.menu.set(Some(Menu::below(&event, "More", entries)));
                },
            }
            IconButton {
                icon: "x",
                class: "sm",
                label: "Close (Esc)",
                onclick: move |_| {
                    store.panel.set(None);
                    let spot = *map.cursor.peek();
                    if let Some(spot) = spot {
                        dom::focus_soon(spot.element_id());
                    }
                },
            }
        }
    }
}
