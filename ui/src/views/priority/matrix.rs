//! The picture: four named fields, a dot for each opportunity, and faint rings where the formulas
//! would put those that a person put elsewhere.

use custory_domain::score::priority::{HIGH_IMPACT_MIN, LOW_EFFORT_MAX};
use dioxus::prelude::*;

use super::drag;
use super::keys;
use super::menus;
use super::model::{Crowd, Dot, Listed};
use super::place::{Lean, STEPS};
use super::state::{MATRIX_ID, dot_id, use_priority};
use crate::components::{Entry, Menu};
use crate::format;
use crate::state::use_store;
use crate::views::map::use_map;

/// Of those without a place, so many are drawn beside the picture; all are in the list.
const WAITING_MAX: usize = 24;
/// Width of a dot's border, in pixels; must match the style sheet.
const BORDER: f64 = 1.5;

/// The picture.
#[component]
pub fn Matrix() -> Element {
    let store = use_store();
    let map = use_map();
    let mut priority = use_priority();
    let model = priority.model.read();
    let present = priority.present();
    let active = present.filter(|id| model.dots.iter().any(|it| it.line.id == *id)).map(dot_id);
    // Where low effort ends, and where high impact begins, in per cent of the picture.
    let x = f64::from(LOW_EFFORT_MAX) / f64::from(STEPS) * 100.0;
    let y = f64::from(STEPS + 1 - HIGH_IMPACT_MIN) / f64::from(STEPS) * 100.0;
    let has_tray = !model.unplaced.is_empty();
    rsx! {
        div { class: "pr-m",
            div {
                id: MATRIX_ID,
                class: "mx",
                role: "application",
                tabindex: "0",
                "aria-label": "Impact and effort. Arrow keys go between opportunities, Alt with arrows moves one.",
                "aria-activedescendant": active,
                onresize: move |event| {
                    if let Ok(size) = event.get_content_box_size() {
                        let size = (size.width, size.height);
                        if *priority.size.peek() != size {
                            priority.size.set(size);
                        }
                    }
                },
                onkeydown: move |event| keys::press(&event, store, map, priority, keys::Among::Dots),
                onpointermove: move |event| drag::watch(&event, priority),
                onpointerup: move |_| drag::release(priority),
                div { class: "mx-q best", style: "left:0;top:0;right:calc({100.0 - x}% + 3px);bottom:calc({100.0 - y}% + 3px)",
                    h2 { "Quick wins" }
                    p { "High impact, low effort" }
                }
                div { class: "mx-q br", style: "left:calc({x}% + 3px);top:0;right:0;bottom:calc({100.0 - y}% + 3px)",
                    h2 { "Big bets" }
                    p { "Worth a plan" }
                }
                div { class: "mx-q bb", style: "left:0;top:calc({y}% + 3px);right:calc({100.0 - x}% + 3px);bottom:0",
                    h2 { "Fill-ins" }
                    p { "Between bigger things" }
                }
                div { class: "mx-q bb br", style: "left:calc({x}% + 3px);top:calc({y}% + 3px);right:0;bottom:0",
                    h2 { "Reconsider" }
                    p { "Needs a smaller version" }
                }
                drag::Field {}
                svg { class: "pr-lines", "aria-hidden": "true",
                    for dot in model.dots.iter() {
                        if let Some(ghost) = dot.ghost {
                            line {
                                key: "{dot.line.id}",
                                class: if present == Some(dot.line.id) { "on" },
                                x1: "{ghost.0:.1}",
                                y1: "{ghost.1:.1}",
                                x2: "{dot.at.0:.1}",
                                y2: "{dot.at.1:.1}",
                                style: "--c:{dot.line.colour}",
                            }
                        }
                    }
                }
                div { class: "pr-dots",
                    for dot in model.dots.iter().cloned() {
                        Bubble { key: "{dot.line.id}", is_picked: present == Some(dot.line.id), dot }
                    }
                }
                for crowd in model.crowds.iter().cloned() {
                    More { key: "{crowd.ids[0].0}", crowd }
                }
                span { class: "mx-ax", style: "left:0;bottom:-24px", "Little effort" }
                span { class: "mx-ax", style: "right:0;bottom:-24px", "A lot of effort" }
                span { class: "mx-ax", style: "left:-24px;bottom:0;transform-origin:0 100%;transform:rotate(-90deg) translate(0,14px)", "Small impact" }
                span { class: "mx-ax", style: "left:-10px;top:0;transform-origin:0 0;transform:rotate(-90deg) translate(-100%,-16px)", "Big impact" }
            }
            if has_tray {
                Tray {}
            }
        }
    }
}

/// A dot with its title, and the ring where the formulas would put it.
#[component]
fn Bubble(dot: Dot, is_picked: bool) -> Element {
    let mut store = use_store();
    let map = use_map();
    let priority = use_priority();
    let line = &dot.line;
    let id = line.id;
    let lifted = use_memo(move || priority.drag.read().is_some_and(|it| it.id == id && it.is_moving));
    let class =
        format!("bub{}{}", if is_picked { " sel" } else { "" }, if lifted() { " ghost" } else { "" },);
    let rank = line.rank.map(|it| it.to_string()).unwrap_or_default();
    // Its border lies around it.
    let corner = (dot.at.0 - dot.radius - BORDER, dot.at.1 - dot.radius - BORDER);
    let ghost_radius = if is_picked { dot.radius.min(14.0) } else { 5.0 };
    let hint = match line.suggested {
        Some(it) => {
            format!("{}\nSuggested: impact {}, effort {}", line.title, it.impact, it.effort)
        }
        None => line.title.clone(),
    };
    let (label_class, label_style) = match &dot.label {
        Some(label) => {
            let lean = match label.lean {
                Lean::Left => "bl pr-bl",
                Lean::Right => "bl pr-bl l",
                Lean::Middle => "bl pr-bl m",
            };
            (lean, format!("left:{:.1}px;top:{:.1}px;width:{}px", label.at.0, label.at.1, label.width))
        }
        // Without room it shows over the others while the dot is pointed at.
        None => {
            ("bl pr-bl hid", format!("left:{:.1}px;top:{:.1}px", dot.at.0 + dot.radius + 6.0, dot.at.1 - 9.0))
        }
    };
    rsx! {
        if let Some(ghost) = dot.ghost {
            i {
                class: if is_picked { "pr-ghost on" } else { "pr-ghost" },
                "aria-hidden": "true",
                style: "--c:{line.colour};--r:{ghost_radius}px;left:{ghost.0:.1}px;top:{ghost.1:.1}px",
            }
        }
        div {
            id: dot_id(id),
            class: "{class}",
            role: "button",
            tabindex: "-1",
            "aria-label": line.spoken(),
            "aria-pressed": is_picked,
            title: "{hint}",
            style: "--c:{line.colour};--r:{dot.radius:.1}px;margin:{corner.1:.1}px 0 0 {corner.0:.1}px",
            onclick: move |_| {
                priority.pick(store, map, id);
                crate::dom::focus(MATRIX_ID);
            },
            ondoubleclick: move |_| priority.peek(store, id),
            onpointerdown: move |event| drag::press(&event, priority, id),
            oncontextmenu: move |event: MouseEvent| {
                event.prevent_default();
                priority.pick(store, map, id);
                let entries = menus::entries(store, id);
                store.menu.set(Some(Menu::at(&event, "Opportunity", entries)));
            },
            "{rank}"
        }
        div { class: label_class, style: "{label_style}", "aria-hidden": "true", "{line.title}" }
    }
}

/// How many more lie in a field than can be drawn; opens a list of them.
#[component]
fn More(crowd: Crowd) -> Element {
    let mut store = use_store();
    let map = use_map();
    let priority = use_priority();
    let count = crowd.ids.len();
    rsx! {
        button {
            class: "pr-more",
            r#type: "button",
            tabindex: "-1",
            "aria-haspopup": "menu",
            "aria-label": format::count(count, "more opportunity here", "more opportunities here"),
            style: "left:{crowd.at.0:.1}px;top:{crowd.at.1:.1}px",
            onclick: {
                let ids = crowd.ids.clone();
                move |event| {
                    let entries = ids
                        .iter()
                        .map(|(id, title)| {
                            let id = *id;
                            Entry::act(title.clone(), move || priority.pick(store, map, id)).icon("k-opp")
                        })
                        .collect();
                    store.menu.set(Some(Menu::below(&event, "More here", entries)));
                }
            },
            "+{count}"
        }
    }
}

/// Those that have no place yet; each can be dragged to one.
#[component]
fn Tray() -> Element {
    let priority = use_priority();
    let model = priority.model.read();
    rsx! {
        div { class: "pr-tray", role: "group", "aria-label": "No place yet",
            span { class: "t3", {format::count(model.unplaced.len(), "has no place yet", "have no place yet")} }
            for line in model.unplaced.iter().take(WAITING_MAX).cloned() {
                Waiting { key: "{line.id}", line }
            }
            if model.unplaced.len() > WAITING_MAX {
                span { class: "t3", {format::count(model.unplaced.len() - WAITING_MAX, "more in the list", "more in the list")} }
            }
        }
    }
}

#[component]
fn Waiting(line: Listed) -> Element {
    let mut store = use_store();
    let map = use_map();
    let priority = use_priority();
    let id = line.id;
    rsx! {
        button {
            class: "chip pr-wait",
            r#type: "button",
            title: "{line.title}. Drag it into the picture, or click to set its values",
            "aria-haspopup": "menu",
            onpointerdown: move |event| drag::press(&event, priority, id),
            onclick: move |event| {
                priority.pick(store, map, id);
                let entries = menus::entries(store, id);
                store.menu.set(Some(Menu::below(&event, "Opportunity", entries)));
            },
            i { class: "dot", style: "--c:{line.colour}" }
            span { class: "vt-cut", "{line.title}" }
        }
    }
}
