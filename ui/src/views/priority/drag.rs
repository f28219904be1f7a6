//! Dragging a dot: where it is let go sets what the picture is laid out by, both at once; along an axis that is worked
//! out nothing moves. The field under the pointer is marked, and what the move would do is said beside it. Esc puts
//! everything back.

use custory_domain::score::axis::{Axis, Scale};
use custory_domain::score::priority::{PriorityFormula, PriorityInputs, rank};
use custory_domain::{Change, Command, OpportunityId};
use dioxus::prelude::*;

use super::axes::{Along, Axes, value_words};
use super::model::{Listed, Placing, PriorityModel, ranking};
use super::place::{Spot, field_size};
use super::state::{MATRIX_ID, PriorityState, use_priority};
use crate::dom;
use crate::state::{OpenJourney, Store, use_store};
use custory_domain::wording::priority_text;

/// Pixels that the pointer moves before a press becomes a drag.
const SLACK: f64 = 4.0;

/// A press that may become, or has become, a drag.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Drag {
    /// What is dragged.
    pub id: OpportunityId,
    /// Where the pointer is, in pixels of the page.
    pub at: (f64, f64),
    /// Where it was pressed.
    from: (f64, f64),
    /// It has moved far enough to be a drag.
    pub is_moving: bool,
}

/// The main button went down on a dot or a line.
pub fn press(event: &PointerEvent, mut priority: PriorityState, id: OpportunityId) {
    use dioxus::html::input_data::MouseButton;
    if event.trigger_button() != Some(MouseButton::Primary) {
        return;
    }
    let at = event.client_coordinates();
    priority.drag.set(Some(Drag { id, at: (at.x, at.y), from: (at.x, at.y), is_moving: false }));
}

/// The pointer moves while something may be dragged.
pub fn watch(event: &PointerEvent, mut priority: PriorityState) {
    let Some(drag) = (*priority.drag.peek()).filter(|it| !it.is_moving) else { return };
    if event.held_buttons().is_empty() {
        priority.drag.set(None);
        return;
    }
    let at = event.client_coordinates();
    if (at.x - drag.from.0).hypot(at.y - drag.from.1) > SLACK {
        priority.drag.set(Some(Drag { at: (at.x, at.y), is_moving: true, ..drag }));
    }
}

/// The button went up before anything moved.
pub fn release(mut priority: PriorityState) {
    if priority.drag.peek().is_some_and(|it| !it.is_moving) {
        priority.drag.set(None);
    }
}

/// The field that a dot would land in: the one under the pointer, but along an axis that is worked out it stays where it
/// is. None outside of the picture, and for what has no place along such an axis.
fn landing(priority: PriorityState, drag: Drag) -> Option<Spot> {
    let rect = dom::by_id(MATRIX_ID)?.get_bounding_client_rect();
    let (x, y) = (drag.at.0 - rect.left(), drag.at.1 - rect.top());
    let inside = x >= 0.0 && y >= 0.0 && x <= rect.width() && y <= rect.height();
    let pointed = inside.then(|| Spot::at(*priority.size.peek(), (x, y)))?;
    let model = priority.model.peek();
    let line = model.line(drag.id)?;
    let along = |along, pointed: u8| {
        let placing = line.along(along);
        let is_free = model.along(along).0.is_set_by_hand();
        if is_free { Some(pointed.min(placing.field_max)) } else { placing.field }
    };
    Some(Spot { x: along(Along::X, pointed.x)?, y: along(Along::Y, pointed.y)? })
}

/// The field that a dragged dot would land in.
#[component]
pub fn Field() -> Element {
    let priority = use_priority();
    let drag = *priority.drag.read();
    let Some(spot) = drag.filter(|it| it.is_moving).and_then(|it| landing(priority, it)) else {
        return rsx! {};
    };
    let size = *priority.size.read();
    let (width, height) = field_size(size);
    let (x, y) = spot.corner(size);
    rsx! {
        div { class: "pr-field", style: "left:{x:.1}px;top:{y:.1}px;width:{width:.1}px;height:{height:.1}px" }
    }
}

/// What is seen while dragging, over everything; hears the pointer wherever it is.
#[component]
pub fn DragLayer() -> Element {
    let store = use_store();
    let mut priority = use_priority();
    let drag = *priority.drag.read();
    let Some(drag) = drag.filter(|it| it.is_moving) else { return rsx! {} };
    let model = priority.model.read();
    let Some(line) = model.line(drag.id).cloned() else { return rsx! {} };
    let dot = model.dots.iter().find(|it| it.line.id == drag.id);
    let radius = dot.map_or(16.0, |it| it.radius);
    let spot = landing(priority, drag);
    let origin = dom::by_id(MATRIX_ID).map(|it| it.get_bounding_client_rect());
    let path = dot.zip(origin).map(|(dot, origin)| (dot.at.0 + origin.left(), dot.at.1 + origin.top()));
    // It keeps to the axis that can be moved along; what has no place yet follows the pointer.
    let at = path.map_or(drag.at, |from| {
        let is_free = |along| model.along(along).0.is_set_by_hand();
        (
            if is_free(Along::X) { drag.at.0 } else { from.0 },
            if is_free(Along::Y) { drag.at.1 } else { from.1 },
        )
    });
    let open = store.open.read();
    let effect = open.as_ref().zip(spot).and_then(|(open, spot)| effect(open, priority, &line, spot));
    let stays = stays(model.axes);
    let rank = line.rank.map(|it| it.to_string()).unwrap_or_default();
    let (page, _) = dom::page_size();
    let side = if at.0 > page * 0.55 {
        format!("right:{:.0}px", page - at.0 + radius + 10.0)
    } else {
        format!("left:{:.0}px", at.0 + radius + 10.0)
    };
    rsx! {
        div {
            class: "pr-drag",
            onpointermove: move |event| {
                let at = event.client_coordinates();
                if event.held_buttons().is_empty() {
                    priority.drag.set(None);
                } else {
                    priority.drag.set(Some(Drag { at: (at.x, at.y), ..drag }));
                }
            },
            onpointercancel: move |_| priority.drag.set(None),
            onpointerup: move |_| {
                priority.drag.set(None);
                if let Some(spot) = spot {
                    put(store, priority, drag.id, spot);
                }
            },
            if let Some(path) = path {
                svg { class: "pr-path", "aria-hidden": "true",
                    line {
                        x1: "{path.0:.1}",
                        y1: "{path.1:.1}",
                        x2: "{at.0:.1}",
                        y2: "{at.1:.1}",
                        style: "--c:{line.colour}",
                    }
                }
            }
            div {
                class: "bub drag pr-held",
                style: "--c:{line.colour};--r:{radius:.1}px;left:{at.0:.1}px;top:{at.1:.1}px",
                "{rank}"
            }
            div { class: "mini-tip pr-tip", style: "{side};top:{at.1 - 34.0:.0}px",
                b { "{line.title}" }
                br {}
                match effect {
                    Some((moved, score)) => rsx! {
                        span { class: "t2", "{moved}" }
                        if let Some((text, is_better)) = score {
                            br {}
                            span { class: if is_better { "good" } else { "t2" }, "{text}" }
                        }
                    },
                    None => rsx! {
                        span { class: "t3", "Stays where it is" }
                    },
                }
                if let Some(stays) = stays {
                    br {}
                    span { class: "t3", "{stays}" }
                }
            }
        }
    }
}

type Effect = (String, Option<(String, bool)>);

/// What a field would do: the values that differ, and the value and rank by the list's formula.
fn effect(open: &OpenJourney, priority: PriorityState, line: &Listed, spot: Spot) -> Option<Effect> {
    let model = priority.model.peek();
    let formula = model.formula;
    let inputs = open.scores.opportunities.get(&line.id)?.inputs;
    let mut parts = Vec::new();
    let mut tried = inputs;
    for (axis, scale, placing, field) in moved(&model, line, spot) {
        let words = |value| value_words(axis, value, formula);
        let after = words(scale.middle(field));
        parts.push(match placing.value {
            Some(before) => format!("{} {} to {after}", axis.name(), words(before)),
            None => format!("{} {after}", axis.name()),
        });
        tried = axis.tried(tried, scale, field);
    }
    if parts.is_empty() {
        return None;
    }
    let (before, after) = (formula.value(&inputs), formula.value(&tried));
    let score = after.filter(|it| before != Some(*it)).map(|after| {
        let text = |value| priority_text(formula, value);
        let change = match before {
            Some(before) => format!("{} {} to {}", formula.name(), text(before), text(after)),
            None => format!("{} {}", formula.name(), text(after)),
        };
        let place = place_with(open, formula, line.id, &tried);
        (format!("{change}{place}"), before.is_none_or(|it| after > it))
    });
    Some((parts.join(", "), score))
}

/// The axes along which a field is another one than a dot lies in, and that can be set.
fn moved<'a>(
    model: &'a PriorityModel,
    line: &'a Listed,
    spot: Spot,
) -> impl Iterator<Item = (Axis, &'a Scale, &'a Placing, u8)> {
    [(Along::X, spot.x), (Along::Y, spot.y)].into_iter().filter_map(|(along, field)| {
        let ((axis, scale), placing) = (model.along(along), line.along(along));
        let is_moved = axis.is_set_by_hand() && placing.field != Some(field);
        is_moved.then_some((axis, scale, placing, field))
    })
}

/// What is said of axes along which nothing moves; nothing where both are free.
fn stays(axes: Axes) -> Option<String> {
    let names: Vec<&str> =
        [axes.x, axes.y].into_iter().filter(|it| !it.is_set_by_hand()).map(|it| it.name()).collect();
    match names.as_slice() {
        [] => None,
        [one] => Some(format!("{one} is worked out and stays")),
        _ => Some(format!("{} are worked out and stay", names.join(" and ").to_lowercase())),
    }
}

/// The rank that those inputs would have, in words.
fn place_with(
    open: &OpenJourney,
    formula: PriorityFormula,
    id: OpportunityId,
    tried: &PriorityInputs,
) -> String {
    let own = ranking(open, formula);
    let inputs = own.entries.iter().filter_map(|it| {
        let inputs = &open.scores.opportunities.get(&it.opportunity)?.inputs;
        Some((it.opportunity, if it.opportunity == id { tried } else { inputs }))
    });
    let next = rank(inputs, formula);
    let place = |it: &custory_domain::score::priority::Ranking| {
        it.entries.iter().position(|it| it.opportunity == id).map(|it| it + 1)
    };
    match (place(&own), place(&next)) {
        (Some(before), Some(after)) if before != after => format!(", rank {before} to {after}"),
        _ => String::new(),
    }
}

/// Sets what another field stands for as a person's own values, as one gesture.
pub fn put(store: Store, mut priority: PriorityState, id: OpportunityId, spot: Spot) {
    let (names, commands): (Vec<String>, Vec<Command>) = {
        let model = priority.model.peek();
        let Some(line) = model.line(id) else { return };
        moved(&model, line, spot)
            .filter_map(|(axis, scale, _, field)| {
                let set = axis.set(scale, field)?;
                Some((axis.name().to_lowercase(), Command::set(Change::Opportunity { id, set })))
            })
            .unzip()
    };
    if !commands.is_empty() {
        // What is moved stays the one at hand, wherever it then stands in the list.
        if *priority.picked.peek() != Some(id) {
            priority.picked.set(Some(id));
        }
        store.send(Command::Batch { label: format!("Set {}", names.join(" and ")), commands });
    }
}
