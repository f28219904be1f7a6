//! The picture: four named corners, a dot for each opportunity, and faint rings where the formulas
//! would put those that a person put elsewhere.

use custory_domain::score::priority::PriorityFormula;
use dioxus::prelude::*;

use super::axes::{self, Along, Axes};
use super::drag;
use super::keys;
use super::menus;
use super::model::{Crowd, Dot, Listed, ranks};
use super::place::Lean;
use super::state::{MATRIX_ID, axis_id, dot_id, use_priority};
use crate::components::{Entry, Icon, Menu};
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
    let (axes, formula) = (model.axes, model.formula);
    let ranks = use_memo(move || {
        priority.followed.read();
        ranks(&priority.model.peek())
    });
    let ranks = ranks.read();
    let has_tray = !model.unplaced.is_empty();
    rsx! {
        div { class: "pr-m",
            div {
                id: MATRIX_ID,
                class: "mx",
                role: "application",
                tabindex: "0",
                "aria-label": axes.spoken(),
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
                for (is_right , is_top) in [(false, true), (true, true), (false, false), (true, false)] {
                    Corner { key: "{is_right}{is_top}", axes, is_right, is_top }
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
                    for dot in model.dots.iter().map(|it| it.ranked(&ranks)) {
                        Bubble { key: "{dot.line.id}", is_picked: present == Some(dot.line.id), dot, axes, formula }
                    }
                }
                for crowd in model.crowds.iter().cloned() {
                    More { key: "{crowd.ids[0].0}", crowd }
                }
                Beside { along: Along::X }
                Beside { along: Along::Y }
            }
            if has_tray {
                Tray {}
            }
        }
    }
}

/// What it means to lie in a corner.
#[component]
fn Corner(axes: Axes, is_right: bool, is_top: bool) -> Element {
    let (x, y) = axes.split();
    let (name, about) = axes.corner(is_right, is_top);
    let best = if axes.is_best(is_right, is_top) { " best" } else { "" };
    let (side, edge) = (if is_right { " br" } else { "" }, if is_top { "" } else { " bb" });
    let across = match is_right {
        false => format!("left:0;right:calc({}% + 3px)", 100.0 - x),
        true => format!("left:calc({x}% + 3px);right:0"),
    };
    let down = match is_top {
        true => format!("top:0;bottom:calc({}% + 3px)", 100.0 - y),
        false => format!("top:calc({y}% + 3px);bottom:0"),
    };
    rsx! {
        div { class: "mx-q{best}{side}{edge}", style: "{across};{down}",
            h2 { "{name}" }
            if !about.is_empty() {
                p { "{about}" }
            }
        }
    }
}

/// What stands along a side: how its axis is called, which can be exchanged for another, where its fields end, and what
/// its ends mean.
#[component]
fn Beside(along: Along) -> Element {
    let mut store = use_store();
    let priority = use_priority();
    let model = priority.model.read();
    let (axis, scale) = model.along(along);
    let (low, high) = axes::ends(axis);
    let (name, heading) = (axis.name(), along.heading());
    let class = match along {
        Along::X => "x",
        Along::Y => "y",
    };
    rsx! {
        span { class: "mx-ax pr-end {class} low", "{low}" }
        for (place , words) in axes::ticks(axis, scale, model.formula) {
            span {
                key: "{place}",
                class: "mx-ax pr-tick {class}",
                "aria-hidden": "true",
                style: "--at:{place}%",
                "{words}"
            }
        }
        button {
            id: axis_id(along),
            class: "mx-ax pr-axis {class}",
            r#type: "button",
            "aria-haspopup": "menu",
            "aria-label": "{heading}: {name}. Choose another axis",
            title: "Choose what lies {heading.to_lowercase()}",
            // In the picture these open the dot at hand.
            onkeydown: move |event| {
                if matches!(event.key(), Key::Enter) || event.key() == Key::Character(" ".to_owned()) {
                    event.stop_propagation();
                }
            },
            onclick: move |event| {
                store.menu.set(Some(Menu::below(&event, heading, axes::entries(store, along))));
            },
            "{name}"
            Icon { name: "down", class: "xs" }
        }
        span { class: "mx-ax pr-end {class} high", "{high}" }
    }
}

/// A dot with its title, and the ring where the formulas would put it.
#[component]
fn Bubble(dot: Dot, is_picked: bool, axes: Axes, formula: PriorityFormula) -> Element {
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
    let hint = line.hint(axes, formula);
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
            "aria-label": line.spoken(axes, formula),
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
                let entries = menus::entries(store, priority, id);
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
                Waiting { key: "{line.id}", unknown: unknown(&line, model.axes), line }
            }
            if model.unplaced.len() > WAITING_MAX {
                span { class: "t3", {format::count(model.unplaced.len() - WAITING_MAX, "more in the list", "more in the list")} }
            }
        }
    }
}

/// What is worked out along an axis and not known of a line: no hand gives it a place.
fn unknown(line: &Listed, axes: Axes) -> Option<&'static str> {
    let sides = [(axes.y, &line.y), (axes.x, &line.x)];
    sides.into_iter().find(|(axis, it)| !axis.is_set_by_hand() && it.field.is_none()).map(|it| it.0.name())
}

#[component]
fn Waiting(line: Listed, unknown: Option<&'static str>) -> Element {
    let mut store = use_store();
    let map = use_map();
    let priority = use_priority();
    let id = line.id;
    rsx! {
        button {
            class: "chip pr-wait",
            r#type: "button",
            title: match unknown {
                Some(name) => format!("{}. {name} is worked out, and nothing is known of it yet", line.title),
                None => format!("{}. Drag it into the picture, or click to set its values", line.title),
            },
            "aria-haspopup": "menu",
            onpointerdown: move |event| drag::press(&event, priority, id),
            onclick: move |event| {
                priority.pick(store, map, id);
                let entries = menus::entries(store, priority, id);
                store.menu.set(Some(Menu::below(&event, "Opportunity", entries)));
            },
            i { class: "dot", style: "--c:{line.colour}" }
            span { class: "vt-cut", "{line.title}" }
        }
    }
}
