//! Moving things: from a place on the map to the command that puts them there, and the keyboard
//! along with them.

use std::collections::BTreeMap;

use custory_domain::{Command, EntityRef, ItemKind, StageId, StepId};
use dioxus::prelude::*;

use super::grid::MAP_ID;
use super::model::MapModel;
use super::state::{Adding, MapState, Spot};
use crate::dom;
use crate::state::{OpenJourney, Store};
use crate::views::selection::about;

/// Brings a step into sight, once the map has the size that an opening panel leaves it.
pub fn reveal_step(map: MapState, step: StepId) {
    dioxus::core::spawn_forever(async move {
        dom::next_frame().await;
        dom::next_frame().await;
        let to = {
            let model = map.model.peek();
            let (left, _) = *map.scroll.peek();
            let (width, _) = *map.view.peek();
            model.layout.column_of(step).map(|it| {
                // With its neighbours, where there is room for them.
                let after = model.layout.reveal(it + 1, left, width);
                let before = model.layout.reveal(it.saturating_sub(1), after, width);
                (left, model.layout.reveal(it, before, width))
            })
        };
        if let (Some((left, to)), Some(element)) = (to, dom::by_id(MAP_ID))
            && (to - left).abs() > 0.5
        {
            element.set_scroll_left(to as i32);
        }
    });
}

/// Puts the keyboard on a place, scrolled into sight; the page may have to draw it first. Whoever goes on meanwhile is
/// not taken back.
pub fn land(mut map: MapState, model: Memo<MapModel>, spot: Spot) {
    map.cursor.set(Some(spot));
    let reveal = spot
        .step()
        .and_then(|step| model.peek().layout.column_of(step))
        .or_else(|| stage_column(&model.peek(), spot));
    if let Some(column) = reveal {
        let (left, _) = *map.scroll.peek();
        let (width, _) = *map.view.peek();
        let to = model.peek().layout.reveal(column, left, width);
        if (to - left).abs() > 0.5
            && let Some(element) = dom::by_id(MAP_ID)
        {
            element.set_scroll_left(to as i32);
        }
    }
    let wish = dom::FocusWish::new();
    dioxus::core::spawn_forever(async move {
        let id = spot.element_id();
        match dom::focus_when_drawn(wish, &id).await {
            dom::Landing::There => reveal_row(&id),
            dom::Landing::Overtaken => {}
            // It is there, yet behind “n more”: its step's head is the nearest place.
            dom::Landing::Missing => {
                if let Some(step) = spot.step() {
                    dom::focus(&Spot::Step(step).element_id());
                }
            }
        }
    });
}

fn stage_column(model: &MapModel, spot: Spot) -> Option<usize> {
    match spot {
        Spot::Stage(stage) | Spot::Bare(stage) => model.stage(stage).map(|it| it.columns.start),
        _ => None,
    }
}

/// Scrolls up or down so that a card is not under the heads or below the edge.
fn reveal_row(id: &str) {
    let (Some(map), Some(element)) = (dom::by_id(MAP_ID), dom::by_id(id)) else { return };
    if element.closest(".lane-h, .stg, .stp, .zs, .spine.head").ok().flatten().is_some() {
        return;
    }
    dom::reveal_below(&map, 80.0, &element);
}

/// Begins to add an item: to the step that the keyboard is at, else to the one in the panel, else
/// to the first one in sight.
pub fn begin_adding(store: Store, mut map: MapState, kind: ItemKind) {
    if let Some(step) = step_at_hand(store, map) {
        map.hidden_lanes.write().remove(&kind);
        map.adding.set(Some(Adding::Item { step, kind }));
    }
}

/// The step that the keyboard is at, else the one in the panel, else the first one.
pub fn step_at_hand(store: Store, map: MapState) -> Option<StepId> {
    let open = store.open.peek();
    let board = &open.as_ref()?.board;
    let steps = board.steps_in_order();
    let is_there = |step: &StepId| steps.iter().any(|it| it.id == *step);
    let cursor = map.cursor.peek().and_then(Spot::step).filter(is_there);
    let panel = || (*store.panel.peek()).map(|it| it.step).filter(is_there);
    cursor.or_else(panel).or_else(|| steps.first().map(|it| it.id))
}

/// Moves an item to the next or previous step, keeping its kind.
pub fn shift_item(
    open: &OpenJourney,
    item: EntityRef,
    from: StepId,
    forward: bool,
) -> Option<(Command, StepId)> {
    let steps = open.board.steps_in_order();
    let at = steps.iter().position(|it| it.id == from)?;
    let to = if forward { steps.get(at + 1)?.id } else { steps.get(at.checked_sub(1)?)?.id };
    let kind = ItemKind::of(item.kind)?;
    // As high up as it was, so that it stays in sight.
    let own = open.index.cell(from, kind).iter().position(|it| *it == item).unwrap_or(0);
    let index = own.min(open.index.cell(to, kind).len());
    Some((Command::MoveItem { item, from: Some(from), to, index }, to))
}

/// Moves an item up or down within its cell.
pub fn nudge_item(open: &OpenJourney, item: EntityRef, step: StepId, down: bool) -> Option<Command> {
    let cell = open.index.cell(step, ItemKind::of(item.kind)?);
    let at = cell.iter().position(|it| *it == item)?;
    let index = if down { at + 1 } else { at.checked_sub(1)? };
    (index < cell.len()).then_some(Command::MoveItem { item, from: Some(step), to: step, index })
}

/// Moves an item to stand before another one of a step's cell, or at its end.
pub fn place_item(
    open: &OpenJourney,
    item: EntityRef,
    from: StepId,
    to: StepId,
    before: Option<EntityRef>,
) -> Option<Command> {
    let cell = open.index.cell(to, ItemKind::of(item.kind)?);
    let others: Vec<_> = cell.iter().filter(|it| **it != item).collect();
    let index = before.and_then(|before| others.iter().position(|it| **it == before)).unwrap_or(others.len());
    let stays = from == to && cell.iter().position(|it| *it == item) == Some(index);
    (!stays).then_some(Command::MoveItem { item, from: Some(from), to, index })
}

/// Moves several items to a step as one gesture: those of the dragged one's kind to where it goes, one after the
/// other; those of other kinds to the end of their cells. Each leaves its first step, the dragged one where it was.
pub fn place_items(
    open: &OpenJourney,
    items: &[EntityRef],
    dragged: (EntityRef, StepId),
    to: StepId,
    before: Option<EntityRef>,
) -> Option<Command> {
    let mut cells: BTreeMap<ItemKind, Vec<EntityRef>> = BTreeMap::new();
    let mut commands = Vec::new();
    for item in items {
        let Some(kind) = ItemKind::of(item.kind) else { continue };
        let cell = cells.entry(kind).or_insert_with(|| open.index.cell(to, kind).to_vec());
        let was_at = cell.iter().position(|it| it == item);
        if was_at.is_some() && item.kind != dragged.0.kind {
            continue;
        }
        cell.retain(|it| it != item);
        // Before the first card at or after the place that stays where it is.
        let all = open.index.cell(to, kind);
        let stays = |it: &&EntityRef| !items.contains(it);
        let place =
            before.filter(|it| it.kind == item.kind).and_then(|it| all.iter().position(|one| *one == it));
        let next = place.and_then(|at| all[at..].iter().find(stays));
        let index = next.and_then(|next| cell.iter().position(|it| it == next)).unwrap_or(cell.len());
        cell.insert(index, *item);
        let from = if *item == dragged.0 { Some(dragged.1) } else { open.first_step_of(*item) };
        if was_at != Some(index) || from != Some(to) {
            commands.push(Command::MoveItem { item: *item, from, to, index });
        }
    }
    batch(format!("Move {}", about(items)), commands)
}

/// Moves several items each to the step after theirs, or before it, as one gesture.
pub fn shift_items(open: &OpenJourney, items: &[EntityRef], forward: bool) -> Option<Command> {
    let commands = items
        .iter()
        .filter_map(|it| shift_item(open, *it, open.first_step_of(*it)?, forward).map(|it| it.0))
        .collect();
    batch(format!("Move {}", about(items)), commands)
}

fn batch(label: String, commands: Vec<Command>) -> Option<Command> {
    (!commands.is_empty()).then_some(Command::Batch { label, commands })
}

/// Moves a step one place on; over the edge of its stage it goes into the next one.
pub fn shift_step(open: &OpenJourney, step: StepId, forward: bool) -> Option<Command> {
    let outline = open.outline();
    let stage_at = outline.iter().position(|(_, steps)| steps.iter().any(|it| it.id == step))?;
    let (stage, steps) = &outline[stage_at];
    let at = steps.iter().position(|it| it.id == step)?;
    if forward {
        if at + 1 < steps.len() {
            return Some(Command::MoveStep { step, stage: *stage, index: at + 1 });
        }
        let (next, _) = outline.get(stage_at + 1)?;
        return Some(Command::MoveStep { step, stage: *next, index: 0 });
    }
    if at > 0 {
        return Some(Command::MoveStep { step, stage: *stage, index: at - 1 });
    }
    let (before, steps) = outline.get(stage_at.checked_sub(1)?)?;
    Some(Command::MoveStep { step, stage: *before, index: steps.len() })
}

/// Moves a step to a place between the steps of a stage as they are now; `None` if it stays.
pub fn place_step(open: &OpenJourney, step: StepId, stage: StageId, index: usize) -> Option<Command> {
    let outline = open.outline();
    let (_, steps) = outline.iter().find(|(id, _)| *id == stage)?;
    let own = steps.iter().position(|it| it.id == step);
    let index = if own.is_some_and(|own| own < index) { index - 1 } else { index };
    (own != Some(index)).then_some(Command::MoveStep { step, stage, index })
}

/// Moves a stage one place on.
pub fn shift_stage(open: &OpenJourney, stage: StageId, forward: bool) -> Option<Command> {
    let stages = open.board.stages_in_order();
    let at = stages.iter().position(|it| it.id == stage)?;
    let index = if forward { at + 1 } else { at.checked_sub(1)? };
    (index < stages.len()).then_some(Command::MoveStage { stage, index })
}

/// Moves a stage to a place between the stages as they are now; `None` if it stays.
pub fn place_stage(open: &OpenJourney, stage: StageId, index: usize) -> Option<Command> {
    let stages = open.board.stages_in_order();
    let own = stages.iter().position(|it| it.id == stage)?;
    let index = if own < index { index - 1 } else { index };
    (own != index).then_some(Command::MoveStage { stage, index })
}
