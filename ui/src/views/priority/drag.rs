//! Dragging a dot: where it is let go sets impact and effort, both at once. The field under the
//! pointer is marked, and what the move would do is said beside it. Esc puts everything back.

use custory_domain::score::priority::PriorityInputs;
use custory_domain::score::priority::rank;
use custory_domain::{Change, Command, OpportunityField, OpportunityId};
use dioxus::prelude::*;

use super::model::{inputs_now, ranking};
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

/// The field under the pointer; none outside of the picture.
fn landing(priority: PriorityState, drag: Drag) -> Option<Spot> {
    let rect = dom::by_id(MATRIX_ID)?.get_bounding_client_rect();
    let (x, y) = (drag.at.0 - rect.left(), drag.at.1 - rect.top());
    let inside = x >= 0.0 && y >= 0.0 && x <= rect.width() && y <= rect.height();
    inside.then(|| Spot::at(*priority.size.peek(), (x, y)))
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
    let radius = model.dots.iter().find(|it| it.line.id == drag.id).map_or(16.0, |it| it.radius);
    let from = model.dots.iter().find(|it| it.line.id == drag.id).map(|it| it.at);
    let spot = landing(priority, drag);
    let origin = dom::by_id(MATRIX_ID).map(|it| it.get_bounding_client_rect());
    let path = from.zip(origin).map(|(from, origin)| (from.0 + origin.left(), from.1 + origin.top()));
    let open = store.open.read();
    let effect = open.as_ref().zip(spot).and_then(|(open, spot)| effect(open, priority, drag.id, spot));
    let rank = line.rank.map(|it| it.to_string()).unwrap_or_default();
    let (page, _) = dom::page_size();
    let side = if drag.at.0 > page * 0.55 {
        format!("right:{:.0}px", page - drag.at.0 + radius + 10.0)
    } else {
        format!("left:{:.0}px", drag.at.0 + radius + 10.0)
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
                    put(store, drag.id, spot.impact, spot.effort);
                }
            },
            if let Some(path) = path {
                svg { class: "pr-path", "aria-hidden": "true",
                    line {
                        x1: "{path.0:.1}",
                        y1: "{path.1:.1}",
                        x2: "{drag.at.0:.1}",
                        y2: "{drag.at.1:.1}",
                        style: "--c:{line.colour}",
                    }
                }
            }
            div {
                class: "bub drag pr-held",
                style: "--c:{line.colour};--r:{radius:.1}px;left:{drag.at.0:.1}px;top:{drag.at.1:.1}px",
                "{rank}"
            }
            div { class: "mini-tip pr-tip", style: "{side};top:{drag.at.1 - 34.0:.0}px",
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
            }
        }
    }
}

type Effect = (String, Option<(String, bool)>);

/// What a field would do: the values that differ, and the value and rank by the list's formula.
fn effect(open: &OpenJourney, priority: PriorityState, id: OpportunityId, spot: Spot) -> Option<Effect> {
    let inputs = inputs_now(open, id)?;
    let mut parts = Vec::new();
    for (name, before, after) in
        [("Effort", inputs.effort, spot.effort), ("Impact", inputs.impact, spot.impact)]
    {
        match before {
            Some(before) if before == after => {}
            Some(before) => parts.push(format!("{name} {before} to {after}")),
            None => parts.push(format!("{name} {after}")),
        }
    }
    if parts.is_empty() {
        return None;
    }
    let formula = priority.model.peek().formula;
    let tried = PriorityInputs { impact: Some(spot.impact), effort: Some(spot.effort), ..inputs };
    let (before, after) = (formula.value(&inputs), formula.value(&tried));
    let score = after.map(|after| {
        let text = |value| priority_text(formula, value);
        let change = match before {
            Some(before) => format!("{} {} to {}", formula.name(), text(before), text(after)),
            None => format!("{} {}", formula.name(), text(after)),
        };
        let place = place_with(open, priority, id, &tried);
        (format!("{change}{place}"), before.is_none_or(|it| after > it))
    });
    Some((parts.join(", "), score))
}

/// The rank that those inputs would have, in words.
fn place_with(
    open: &OpenJourney,
    priority: PriorityState,
    id: OpportunityId,
    tried: &PriorityInputs,
) -> String {
    let formula = priority.model.peek().formula;
    let own = ranking(open, formula);
    let inputs: Vec<_> = (own.entries.iter())
        .filter_map(|it| Some((it.opportunity, inputs_now(open, it.opportunity)?)))
        .map(|(other, inputs)| (other, if other == id { *tried } else { inputs }))
        .collect();
    let next = rank(inputs.iter().map(|(id, it)| (*id, it)), formula);
    let place = |it: &custory_domain::score::priority::Ranking| {
        it.entries.iter().position(|it| it.opportunity == id).map(|it| it + 1)
    };
    match (place(&own), place(&next)) {
        (Some(before), Some(after)) if before != after => format!(", rank {before} to {after}"),
        _ => String::new(),
    }
}

/// Sets impact and effort as a person's own values, as one gesture.
pub fn put(store: Store, id: OpportunityId, impact: u8, effort: u8) {
    let commands: Vec<Command> = {
        let open = store.open.peek();
        let Some(open) = open.as_ref() else { return };
        let Some(inputs) = inputs_now(open, id) else { return };
        if inputs.impact == Some(impact) && inputs.effort == Some(effort) {
            return;
        }
        let Some(it) = open.board.opportunities.get(&id) else { return };
        let set = |set| Command::set(Change::Opportunity { id, set });
        [
            (it.impact != Some(impact)).then(|| set(OpportunityField::Impact(Some(impact)))),
            (it.effort != Some(effort)).then(|| set(OpportunityField::Effort(Some(effort)))),
        ]
        .into_iter()
        .flatten()
        .collect()
    };
    if !commands.is_empty() {
        store.send(Command::Batch { label: "Set impact and effort".to_owned(), commands });
    }
}
