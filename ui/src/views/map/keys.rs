//! The map by keyboard: arrows go from place to place, single keys act on where one is.

use custory_domain::{Command, EntityKind, EntityRef, ItemKind, StepId};
use dioxus::prelude::*;

use super::layout::{Detail, Slot, Zoom};
use super::lens;
use super::model::MapModel;
use super::moves;
use super::select;
use super::state::{Adding, MapState, Spot};
use super::zooming::{zoom_by_level, zoom_to};
use crate::app::Screen;
use crate::components::Menu;
use crate::dom;
use crate::keys::Way;
use crate::state::{OpenJourney, Panel, Store};
use crate::views::selection::{choices, people, statuses};
use crate::views::table::Column;

/// A key was pressed somewhere on the map.
pub fn press(event: KeyboardEvent, mut store: Store, mut map: MapState, model: Memo<MapModel>) {
    if dom::is_typing() {
        return;
    }
    let modifiers = event.modifiers();
    if modifiers.intersects(Modifiers::CONTROL | Modifiers::META) {
        if matches!(event.key(), Key::Character(it) if it.eq_ignore_ascii_case("a")) {
            select::all(store, model);
            event.prevent_default();
            event.stop_propagation();
        }
        return;
    }
    let shift_is_held = modifiers.shift();
    let is_alt = modifiers.contains(Modifiers::ALT);
    let way = Way::of(&event.key());
    let spot = *map.cursor.peek();
    if let Some(way) = way {
        event.prevent_default();
        event.stop_propagation();
        match spot {
            Some(spot) if is_alt => shift(store, map, model, spot, way),
            _ => walk(store, map, model, spot, way, shift_is_held),
        }
        return;
    }
    let Some(spot) = spot else { return };
    let acted = match event.key() {
        Key::Enter if shift_is_held => deeper(store, spot),
        Key::Enter => enter(store, map, spot),
        Key::Backspace if shift_is_held => store.go_up(),
        Key::F2 => edit(map, spot),
        Key::Delete | Key::Backspace => {
            select::trash(store, map, model);
            true
        }
        Key::Home => first(&model.peek()).map(|it| moves::land(map, model, it)).is_some(),
        Key::End => last(&model.peek()).map(|it| moves::land(map, model, it)).is_some(),
        // The letter that follows C or G says what to add, or where to go.
        Key::Character(_) if *map.is_adding_next.peek() || *store.is_going_next.peek() => false,
        Key::Character(letter) if !is_alt => match letter.as_str() {
            " " => select::toggle(store, map, spot) || enter(store, map, spot),
            "x" | "X" if shift_is_held => select::range_to(store, map, model, spot),
            "x" | "X" => select::toggle(store, map, spot),
            "e" | "E" => edit(map, spot),
            "a" | "A" => owner(store, map, spot),
            "s" | "S" => status(store, map, spot),
            "[" => stage_of(&model.peek(), spot).map(|it| map.fold(it, true)).is_some(),
            "]" => stage_of(&model.peek(), spot).map(|it| map.fold(it, false)).is_some(),
            "z" | "Z" => {
                map.zoom.set(lens::zoomed_in());
                moves::land(map, model, spot);
                true
            }
            _ => false,
        },
        Key::Escape if !store.selection.is_empty() => {
            store.selection.clear();
            true
        }
        Key::Escape if store.panel.peek().is_some() => {
            store.panel.set(None);
            true
        }
        _ => false,
    };
    if acted {
        event.prevent_default();
        event.stop_propagation();
    }
}

fn enter(mut store: Store, mut map: MapState, spot: Spot) -> bool {
    match spot {
        Spot::Step(step) => store.panel.set(Some(Panel { step, item: None })),
        Spot::Item { step, item } => store.panel.set(Some(Panel { step, item: Some(item) })),
        Spot::Add { step, kind } => map.adding.set(Some(Adding::Item { step, kind })),
        Spot::Words { .. } => map.editing.set(Some(spot)),
        Spot::Bare(stage) => map.adding.set(Some(Adding::Step { stage, index: 0 })),
        Spot::Stage(stage) => {
            let is_folded = map.folded.peek().contains(&stage);
            map.fold(stage, !is_folded);
        }
    }
    true
}

/// Goes into the journey that shows a step in detail; answers whether there is one.
fn deeper(store: Store, spot: Spot) -> bool {
    let Spot::Step(step) = spot else { return false };
    let detail = store.open.peek().as_ref().and_then(|it| it.board.steps.get(&step)?.detail);
    let is_here = |id: &custory_domain::JourneyId| store.journeys.peek().iter().any(|it| it.id == *id);
    detail.filter(is_here).map(|it| store.go(Screen::Journey(it))).is_some()
}

fn edit(mut map: MapState, spot: Spot) -> bool {
    let can = spot.entity().is_some() || matches!(spot, Spot::Words { .. });
    if can {
        map.editing.set(Some(spot));
    }
    can
}

fn owner(mut store: Store, map: MapState, spot: Spot) -> bool {
    let rows = select::at_hand(store, map);
    if rows.is_empty() || rows.iter().any(|it| it.kind == EntityKind::Stage) {
        return false;
    }
    store.menu.set(Some(Menu::below_id(&spot.element_id(), "Owner", people(store, rows))));
    true
}

fn status(mut store: Store, map: MapState, spot: Spot) -> bool {
    let rows = select::at_hand(store, map);
    let Some(words) = statuses(store, &rows) else { return false };
    let entries = choices(store, rows, Column::Status, &words);
    store.menu.set(Some(Menu::below_id(&spot.element_id(), "Status", entries)));
    true
}

fn stage_of(model: &MapModel, spot: Spot) -> Option<custory_domain::StageId> {
    match spot {
        Spot::Stage(stage) | Spot::Bare(stage) => Some(stage),
        _ => {
            let column = model.layout.column_of(spot.step()?)?;
            Some(model.layout.columns[column].slot.stage())
        }
    }
}

/// Where the keyboard comes onto the map: the first step, or, as long as there is none, where the first
/// stage gets its first one.
fn first(model: &MapModel) -> Option<Spot> {
    let columns = &model.layout.columns;
    let step = columns.iter().find_map(|it| it.slot.step()).map(Spot::Step);
    step.or_else(|| columns.iter().enumerate().find_map(|(at, _)| below_stage(model, at)))
}

fn last(model: &MapModel) -> Option<Spot> {
    model.layout.columns.iter().rev().find_map(|it| it.slot.step()).map(Spot::Step)
}

/// Moves what one is at.
fn shift(store: Store, map: MapState, model: Memo<MapModel>, spot: Spot, way: Way) {
    let open = store.open.peek();
    let Some(open) = open.as_ref() else { return };
    let forward = matches!(way, Way::Right | Way::Down);
    let across = matches!(way, Way::Left | Way::Right);
    if let (Spot::Item { step, item }, true) = (spot, across)
        && store.selection.is_among_others(item)
    {
        // All that is selected goes along.
        let command = moves::shift_items(open, &select::at_hand(store, map), forward);
        let to = moves::shift_item(open, item, step, forward);
        follow(store, map, model, command, to.map(|it| Spot::Item { step: it.1, item }));
        return;
    }
    let moved: Option<(Command, Spot)> = match spot {
        Spot::Item { step, item } if across => moves::shift_item(open, item, step, forward)
            .map(|(command, to)| (command, Spot::Item { step: to, item })),
        Spot::Item { step, item } => moves::nudge_item(open, item, step, forward).map(|it| (it, spot)),
        Spot::Step(step) if across => moves::shift_step(open, step, forward).map(|it| (it, spot)),
        Spot::Stage(stage) if across => moves::shift_stage(open, stage, forward).map(|it| (it, spot)),
        _ => None,
    };
    let (command, to) = moved.unzip();
    follow(store, map, model, command, to);
}

/// Carries a move out, and the keyboard goes along.
fn follow(store: Store, map: MapState, model: Memo<MapModel>, command: Option<Command>, to: Option<Spot>) {
    let (Some(command), Some(to)) = (command, to) else { return };
    dioxus::core::spawn_forever(async move {
        if store.dispatch(command).await {
            moves::land(map, model, to);
        }
    });
}

/// Goes to the next place; what lies between is selected on the way where `selects` says so.
fn walk(store: Store, map: MapState, model: Memo<MapModel>, spot: Option<Spot>, way: Way, selects: bool) {
    let next = {
        let open = store.open.peek();
        let Some(open) = open.as_ref() else { return };
        let model = model.peek();
        match spot {
            None => first(&model),
            Some(spot) => next(open, &model, spot, way),
        }
    };
    if let Some(next) = next {
        if selects {
            select::range_to(store, map, model, next);
        } else {
            select::begin_at(store, map, next);
        }
        moves::land(map, model, next);
    }
}

fn next(open: &OpenJourney, model: &MapModel, spot: Spot, way: Way) -> Option<Spot> {
    match (spot, way) {
        (Spot::Stage(stage), Way::Left | Way::Right) => {
            let at = model.stages.iter().position(|it| it.id == stage)?;
            let at = if way == Way::Right { at + 1 } else { at.checked_sub(1)? };
            Some(Spot::Stage(model.stages.get(at)?.id))
        }
        (Spot::Stage(_), Way::Up) => None,
        (Spot::Stage(stage), Way::Down) => {
            let column = model.stage(stage)?.columns.start;
            below_stage(model, column)
        }
        (Spot::Bare(stage), Way::Up) => Some(Spot::Stage(stage)),
        (Spot::Bare(_), Way::Down) => None,
        (Spot::Bare(stage), _) => beside(open, model, model.stage(stage)?.columns.start, None, 0, way),
        (Spot::Step(step), Way::Up) => {
            let column = model.layout.column_of(step)?;
            Some(Spot::Stage(model.layout.columns[column].slot.stage()))
        }
        (Spot::Step(step), Way::Down) => row_from(open, model, step, 0, way),
        (Spot::Step(step), _) => beside(open, model, model.layout.column_of(step)?, None, 0, way),
        (Spot::Item { step, item }, _) => from_item(open, model, step, item, way),
        (Spot::Add { step, kind }, Way::Left | Way::Right) => {
            beside(open, model, model.layout.column_of(step)?, Some(kind), 0, way)
        }
        (Spot::Add { step, kind }, _) => other_row(open, model, step, kind, way),
        (Spot::Words { step, lane }, Way::Up) => match (model.layout.lanes.len() + lane).checked_sub(1) {
            Some(row) => row_spot(open, model, step, row, usize::MAX),
            None => Some(Spot::Step(step)),
        },
        (Spot::Words { step, lane }, Way::Down) => {
            row_spot(open, model, step, model.layout.lanes.len() + lane + 1, 0)
        }
        (Spot::Words { step, lane }, _) => {
            let beside = beside(open, model, model.layout.column_of(step)?, None, 0, way)?;
            Some(match beside {
                Spot::Step(step) => Spot::Words { step, lane },
                other => other,
            })
        }
    }
}

fn from_item(open: &OpenJourney, model: &MapModel, step: StepId, item: EntityRef, way: Way) -> Option<Spot> {
    let kind = ItemKind::of(item.kind)?;
    let (items, _) = model.shown(open, step, kind);
    let at = items.iter().position(|it| *it == item).unwrap_or(0);
    match way {
        Way::Left | Way::Right => beside(open, model, model.layout.column_of(step)?, Some(kind), at, way),
        Way::Down if at + 1 < items.len() => Some(Spot::Item { step, item: items[at + 1] }),
        Way::Up if at > 0 => Some(Spot::Item { step, item: items[at - 1] }),
        Way::Up | Way::Down => other_row(open, model, step, kind, way),
    }
}

/// The lane above or below; above the first one is the step's head.
fn other_row(open: &OpenJourney, model: &MapModel, step: StepId, kind: ItemKind, way: Way) -> Option<Spot> {
    let row = model.layout.lanes.iter().position(|it| it.kind == kind)?;
    match way {
        Way::Down => row_from(open, model, step, row + 1, way),
        _ if row == 0 => Some(Spot::Step(step)),
        _ => row_from(open, model, step, row - 1, way).or(Some(Spot::Step(step))),
    }
}

/// The place in a lane's cell: the item at `at`, the last one if there are fewer, else the place to add. Zoomed out
/// there is none to add: an empty cell has no place.
fn row_spot(open: &OpenJourney, model: &MapModel, step: StepId, row: usize, at: usize) -> Option<Spot> {
    let lanes = &model.layout.lanes;
    if let Some(lane) = row.checked_sub(lanes.len()) {
        return (lane < model.layout.words.len()).then_some(Spot::Words { step, lane });
    }
    let kind = lanes.get(row)?.kind;
    let (items, _) = model.shown(open, step, kind);
    match items.get(at).or(items.last()) {
        Some(item) => Some(Spot::Item { step, item: *item }),
        None => (model.layout.detail != Detail::Square).then_some(Spot::Add { step, kind }),
    }
}

/// The first place in a lane from one on downwards, the last one from it upwards: cells without a place are passed.
fn row_from(open: &OpenJourney, model: &MapModel, step: StepId, row: usize, way: Way) -> Option<Spot> {
    let rows = model.layout.lanes.len() + model.layout.words.len();
    match way {
        Way::Down => (row..rows).find_map(|it| row_spot(open, model, step, it, 0)),
        _ => (0..=row).rev().find_map(|it| row_spot(open, model, step, it, usize::MAX)),
    }
}

/// The same row one column on, or further where there is no place; a folded stage shows its head.
fn beside(
    open: &OpenJourney,
    model: &MapModel,
    column: usize,
    kind: Option<ItemKind>,
    at: usize,
    way: Way,
) -> Option<Spot> {
    let column = if way == Way::Right { column + 1 } else { column.checked_sub(1)? };
    match model.layout.columns.get(column)?.slot {
        Slot::Spine(stage) => Some(Spot::Stage(stage)),
        Slot::Bare(stage) => Some(Spot::Bare(stage)),
        Slot::Step { step, .. } => match kind {
            None => Some(Spot::Step(step)),
            Some(kind) => {
                let row = model.layout.lanes.iter().position(|it| it.kind == kind)?;
                let there = row_spot(open, model, step, row, at);
                there.or_else(|| beside(open, model, column, Some(kind), at, way))
            }
        },
    }
}

fn below_stage(model: &MapModel, column: usize) -> Option<Spot> {
    match model.layout.columns.get(column)?.slot {
        Slot::Step { step, .. } => Some(Spot::Step(step)),
        Slot::Bare(stage) => Some(Spot::Bare(stage)),
        Slot::Spine(_) => None,
    }
}

/// Zooms by a key: answers whether the key was one of those.
pub fn zoom(key: &str, map: MapState) -> bool {
    match key {
        "0" => zoom_to(map, Zoom::Width(super::layout::STEP_WIDTH)),
        "+" | "=" => zoom_by_level(map, true),
        "-" | "_" => zoom_by_level(map, false),
        _ => return false,
    }
    true
}
