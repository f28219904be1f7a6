//! Dragging with the pointer: items between steps and within a cell, steps, stages. A line shows
//! where the thing will land, edges scroll, Esc puts everything back. Menus and Alt with arrows do
//! the same without a pointer.

use custory_domain::{EntityRef, ItemKind, StageId, StepId};
use dioxus::prelude::*;

use super::card::{card, card_line, face};
use super::grid::MAP_ID;
use super::layout::{Column, Detail, LABEL_WIDTH, Slot};
use super::model::{self, MapModel};
use super::moves;
use super::state::{MapState, use_map};
use crate::dom;
use crate::host;
use crate::state::{OpenJourney, use_store};
use crate::views::selection::rows_at_hand;

/// Pixels that the pointer moves before a press becomes a drag.
pub(super) const SLACK: f64 = 4.0;
/// Width of the edge that scrolls, in pixels.
const EDGE: f64 = 56.0;
/// Pixels scrolled per frame at the very edge.
const SPEED: f64 = 18.0;

/// What is dragged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dragged {
    /// An item, off a step.
    Item {
        /// Which item.
        item: EntityRef,
        /// The step it leaves.
        step: StepId,
    },
    /// A step.
    Step(StepId),
    /// A stage.
    Stage(StageId),
}

/// A press that may become, or has become, a drag.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Drag {
    /// What is dragged.
    pub what: Dragged,
    /// Where the pointer is, in pixels of the page.
    pub at: (f64, f64),
    /// Where it was pressed.
    from: (f64, f64),
    /// Where the thing's corner lies from the pointer.
    grip: (f64, f64),
    /// Its size.
    size: (f64, f64),
    /// It has moved far enough to be a drag.
    pub is_moving: bool,
}

/// Where something will land.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Landing {
    Item { to: StepId, before: Option<EntityRef>, line: Line },
    Step { stage: StageId, index: usize, line: Line },
    Stage { index: usize, line: Line },
}

/// The line that shows it, in pixels of the map's content.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Line {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
}

/// The main button went down on something that can be dragged.
pub fn press(event: &PointerEvent, mut map: MapState, what: Dragged) {
    use dioxus::html::input_data::MouseButton;
    use dioxus::web::WebEventExt as _;
    use wasm_bindgen::JsCast as _;
    if event.trigger_button() != Some(MouseButton::Primary) || event.pointer_type() == "touch" {
        return;
    }
    let at = event.client_coordinates();
    let target = event.try_as_web_event().and_then(|it| it.target());
    let element = target.and_then(|it| it.dyn_into::<web_sys::Element>().ok());
    // A press on a button or field inside means that one.
    let is_inner =
        |it: &web_sys::Element| it.closest(".stg-b, .ib, textarea, input").ok().flatten().is_some();
    let Some(element) = element.filter(|it| !is_inner(it)) else { return };
    let whole = element.closest("article, .stp, .zs, .stg").ok().flatten().unwrap_or(element);
    let rect = whole.get_bounding_client_rect();
    map.drag.set(Some(Drag {
        what,
        at: (at.x, at.y),
        from: (at.x, at.y),
        grip: (rect.left() - at.x, rect.top() - at.y),
        size: (rect.width(), rect.height()),
        is_moving: false,
    }));
}

/// The pointer moves over the map.
pub fn watch(event: &PointerEvent, mut map: MapState) {
    let Some(drag) = *map.drag.peek() else { return };
    if drag.is_moving {
        return;
    }
    if event.held_buttons().is_empty() {
        map.drag.set(None);
        return;
    }
    let at = event.client_coordinates();
    if (at.x - drag.from.0).hypot(at.y - drag.from.1) > SLACK {
        map.drag.set(Some(Drag { at: (at.x, at.y), is_moving: true, ..drag }));
        scroll_at_edges(map);
    }
}

/// The button went up before anything moved.
pub fn release(mut map: MapState) {
    if map.drag.peek().is_some_and(|it| !it.is_moving) {
        map.drag.set(None);
    }
}

/// While something is dragged or a frame is drawn: the closer to an edge, the faster the map scrolls.
pub(super) fn scroll_at_edges(map: MapState) {
    dioxus::core::spawn_forever(async move {
        loop {
            let drag = map.drag.peek().filter(|it| it.is_moving);
            let frame = map.marquee.peek().as_ref().and_then(|it| it.pointer());
            let is_down_too = drag.is_none_or(|it| matches!(it.what, Dragged::Item { .. }));
            let Some(at) = drag.map(|it| it.at).or(frame) else { return };
            if let Some(element) = dom::by_id(MAP_ID) {
                let rect = element.get_bounding_client_rect();
                let x = pull(at.0 - rect.left() - LABEL_WIDTH, rect.right() - at.0);
                let y = if is_down_too { pull(at.1 - rect.top(), rect.bottom() - at.1) } else { 0.0 };
                if x != 0.0 || y != 0.0 {
                    element.set_scroll_left(element.scroll_left() + x as i32);
                    element.set_scroll_top(element.scroll_top() + y as i32);
                }
            }
            dom::next_frame().await;
        }
    });
}

/// Pixels to scroll, from the distances to the two edges.
pub fn pull(to_start: f64, to_end: f64) -> f64 {
    let strength = |distance: f64| ((EDGE - distance) / EDGE).clamp(0.0, 1.0) * SPEED;
    strength(to_end) - strength(to_start)
}

/// What is seen while dragging, and where it lands when let go.
#[component]
pub fn DragLayer(model: Memo<MapModel>) -> Element {
    let store = use_store();
    let mut map = use_map();
    let drag = *map.drag.read();
    // Read so that the line follows when the map scrolls under a resting pointer.
    let scroll = *map.scroll.read();
    let Some(drag) = drag.filter(|it| it.is_moving) else { return rsx! {} };
    let open = store.open.read();
    let Some(open_now) = open.as_ref() else { return rsx! {} };
    let landing =
        content_place(drag.at, scroll).and_then(|at| landing(open_now, &model.read(), drag.what, at));
    let line = landing.map(|it| match it {
        Landing::Item { line, .. } | Landing::Step { line, .. } | Landing::Stage { line, .. } => line,
    });
    let left = drag.at.0 + drag.grip.0;
    let top = drag.at.1 + drag.grip.1;
    // What is selected together with what is dragged comes along.
    let along = move || match drag.what {
        Dragged::Item { item, .. } if store.selection.is_among_others(item) => rows_at_hand(store),
        _ => Vec::new(),
    };
    let count = along().len();
    rsx! {
        if let Some(line) = line {
            div {
                class: "drop at",
                style: "left:{line.x}px;top:{line.y}px;width:{line.width}px;height:{line.height}px",
            }
        }
        div {
            class: "drag-l",
            onpointermove: move |event| {
                let at = event.client_coordinates();
                if event.held_buttons().is_empty() {
                    map.drag.set(None);
                } else {
                    map.drag.set(Some(Drag { at: (at.x, at.y), ..drag }));
                }
            },
            onpointercancel: move |_| map.drag.set(None),
            onpointerup: move |_| {
                map.drag.set(None);
                let command = store.open.peek().as_ref().zip(landing).and_then(|(open, landing)| settle(open, drag.what, landing, &along()));
                if let Some(command) = command {
                    store.send(command);
                }
            },
            div { class: "drag-g", style: "left:{left}px;top:{top}px;width:{drag.size.0}px;height:{drag.size.1}px",
                Ghost { what: drag.what, detail: model.read().layout.detail }
                if count > 1 {
                    b { class: "drag-n", "{count}" }
                }
            }
        }
    }
}

/// What hangs on the pointer.
#[component]
fn Ghost(what: Dragged, detail: Detail) -> Element {
    let store = use_store();
    let open = store.open.read();
    let Some(open) = open.as_ref() else { return rsx! {} };
    match what {
        Dragged::Item { item, .. } => {
            let Some(face) = face(open, item, host::now()) else { return rsx! {} };
            let style = face.kind.spec().style;
            if detail == Detail::Full {
                let class = if face.kind == ItemKind::Touchpoint {
                    "tp drag".to_owned()
                } else {
                    format!("card drag k-{style}")
                };
                rsx! {
                    article { class: "{class}",
                        {card(store, &face)}
                    }
                }
            } else {
                rsx! {
                    article { class: "card line drag k-{style}",
                        {card_line(&face)}
                    }
                }
            }
        }
        Dragged::Step(step) => {
            let title = open.board.steps.get(&step).map(|it| it.title.clone()).unwrap_or_default();
            rsx! {
                div { class: "card drag", div { class: "card-t", "{title}" } }
            }
        }
        Dragged::Stage(stage) => {
            let title = open.board.stages.get(&stage).map(|it| it.title.clone()).unwrap_or_default();
            rsx! {
                div { class: "card drag", div { class: "card-t", "{title}" } }
            }
        }
    }
}

/// From a place in the page to one in the map's content.
pub(super) fn content_place(at: (f64, f64), scroll: (f64, f64)) -> Option<(f64, f64)> {
    let rect = dom::by_id(MAP_ID)?.get_bounding_client_rect();
    let inside = at.0 >= rect.left() && at.0 <= rect.right() && at.1 >= rect.top() && at.1 <= rect.bottom();
    inside.then_some((at.0 - rect.left() + scroll.0, at.1 - rect.top() + scroll.1))
}

fn landing(open: &OpenJourney, model: &MapModel, what: Dragged, at: (f64, f64)) -> Option<Landing> {
    let layout = &model.layout;
    let column = layout.columns.get(layout.column_at(at.0)?)?;
    match what {
        Dragged::Item { item, .. } => item_landing(open, model, item, column, at.1),
        Dragged::Step(_) => {
            let (stage, index, x) = match column.slot {
                Slot::Bare(stage) => (stage, 0, column.x),
                Slot::Spine(stage) => (stage, model.stage(stage)?.steps, column.right()),
                Slot::Step { step, stage, .. } => {
                    let after = at.0 > column.x + column.width / 2.0;
                    let steps = open.board.steps_of(stage);
                    let own = steps.iter().position(|it| it.id == step)?;
                    (stage, own + usize::from(after), if after { column.right() } else { column.x })
                }
            };
            let line = Line {
                x: x - 2.0,
                y: super::layout::STAGE_HEIGHT,
                width: 4.0,
                height: layout.bottom() - super::layout::STAGE_HEIGHT,
            };
            Some(Landing::Step { stage, index, line })
        }
        Dragged::Stage(_) => {
            let head = model.stage(column.slot.stage())?;
            let first = layout.columns.get(head.columns.start)?.x;
            let end = layout.columns.get(head.columns.end.checked_sub(1)?)?.right();
            let after = at.0 > (first + end) / 2.0;
            let x = if after { end } else { first };
            let line = Line { x: x - 2.0, y: 0.0, width: 4.0, height: layout.bottom() };
            Some(Landing::Stage { index: head.position + usize::from(after), line })
        }
    }
}

fn item_landing(
    open: &OpenJourney,
    model: &MapModel,
    item: EntityRef,
    column: &Column,
    y: f64,
) -> Option<Landing> {
    let kind = ItemKind::of(item.kind)?;
    let to = column.slot.step()?;
    let lane = model.layout.lane(kind)?;
    let (items, _) = model.shown(open, to, kind);
    let others: Vec<EntityRef> = items.into_iter().filter(|it| *it != item).collect();
    let is_flow = kind == ItemKind::Touchpoint && model.layout.detail == Detail::Full;
    let (gap, first) = if model.layout.detail == Detail::Full { (5.0, 7.0) } else { (3.0, 6.0) };
    let mut top = lane.y + first;
    let mut before = None;
    let mut line_y = top;
    for other in &others {
        let height = match model.layout.detail {
            Detail::Full if !is_flow => model::card_height(open, *other, kind, model.layout.step_width),
            Detail::Full => 22.0,
            Detail::Line | Detail::Square => 24.0,
        };
        if y < top + height / 2.0 {
            before = Some(*other);
            break;
        }
        top += height + gap;
        line_y = top;
    }
    // Past the last card that is drawn comes the first one that is not.
    if before.is_none() {
        before = open.index.cell(to, kind).iter().filter(|it| **it != item).nth(others.len()).copied();
    }
    let line_y = line_y.min(lane.y + lane.height - 4.0) - 4.5;
    let line = Line { x: column.x + 7.0, y: line_y, width: column.width - 14.0, height: 4.0 };
    Some(Landing::Item { to, before, line })
}

fn settle(
    open: &OpenJourney,
    what: Dragged,
    landing: Landing,
    along: &[EntityRef],
) -> Option<custory_domain::Command> {
    match (what, landing) {
        (Dragged::Item { item, step }, Landing::Item { to, before, .. }) if !along.is_empty() => {
            moves::place_items(open, along, (item, step), to, before)
        }
        (Dragged::Item { item, step }, Landing::Item { to, before, .. }) => {
            moves::place_item(open, item, step, to, before)
        }
        (Dragged::Step(step), Landing::Step { stage, index, .. }) => {
            moves::place_step(open, step, stage, index)
        }
        (Dragged::Stage(stage), Landing::Stage { index, .. }) => moves::place_stage(open, stage, index),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_pull_the_harder_the_closer_the_pointer() {
        assert_eq!(pull(300.0, 300.0), 0.0);
        assert_eq!(pull(300.0, 0.0), SPEED);
        assert_eq!(pull(-10.0, 300.0), -SPEED);
        assert!(pull(28.0, 300.0) > -SPEED && pull(28.0, 300.0) < 0.0);
    }
}
