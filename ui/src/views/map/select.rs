//! Selecting several steps or items on the map: one by one, as a range, or all of them.

use std::collections::BTreeSet;

use custory_domain::{EntityRef, ItemKind};
use dioxus::prelude::*;

use super::model::MapModel;
use super::moves;
use super::state::{MapState, Spot};
use crate::components::{Entry, Menu};
use crate::state::{OpenJourney, Store};
use crate::views::selection;

/// Selects what stands at a place, or no longer; answers whether something stands there that can be.
pub fn toggle(store: Store, mut map: MapState, spot: Spot) -> bool {
    let Some(entity) = selectable(spot) else { return false };
    store.selection.toggle(entity);
    map.anchor.set(Some(spot));
    true
}

/// Selects everything from where the selection began to a place.
pub fn range_to(store: Store, mut map: MapState, model: Memo<MapModel>, spot: Spot) -> bool {
    let from = anchor(store, map).unwrap_or(spot);
    let these = match store.open.peek().as_ref() {
        Some(open) => range(open, &model.peek(), from, spot),
        None => return false,
    };
    map.anchor.set(Some(from));
    let mut selection = store.selection;
    selection.anchor.set(selectable(from));
    selection.set(these);
    true
}

/// Selects every item that is shown.
pub fn all(store: Store, model: Memo<MapModel>) {
    let open = store.open.peek();
    let Some(open) = open.as_ref() else { return };
    store.selection.set(shown(open, &model.peek()));
}

/// Notes where a range would begin.
pub fn begin_at(store: Store, mut map: MapState, spot: Spot) {
    map.anchor.set(Some(spot));
    let mut selection = store.selection;
    selection.anchor.set(selectable(spot));
}

/// Where the range begins: the card that was selected last, where the keyboard is if none was.
fn anchor(store: Store, map: MapState) -> Option<Spot> {
    let last = *store.selection.anchor.peek();
    (*map.anchor.peek()).filter(|it| last.is_some() && selectable(*it) == last).or(*map.cursor.peek())
}

/// What can be selected at a place.
fn selectable(spot: Spot) -> Option<EntityRef> {
    match spot {
        Spot::Step(_) | Spot::Item { .. } => spot.entity(),
        Spot::Stage(_) | Spot::Add { .. } | Spot::Words { .. } | Spot::Bare(_) => None,
    }
}

/// What an action on the map is about: what is selected, else what the keyboard is on.
pub fn at_hand(store: Store, map: MapState) -> Vec<EntityRef> {
    if store.selection.is_empty() {
        return map.cursor.peek().and_then(Spot::entity).into_iter().collect();
    }
    selection::rows_at_hand(store)
}

/// Puts what is at hand into the trash; the keyboard goes to what comes after it.
pub fn trash(store: Store, map: MapState, model: Memo<MapModel>) {
    let gone = at_hand(store, map);
    if gone.is_empty() {
        return;
    }
    let next = {
        let (open, spot) = (store.open.peek(), *map.cursor.peek());
        open.as_ref().zip(spot).and_then(|(open, spot)| after(open, &model.peek(), spot, &gone))
    };
    store.selection.clear();
    store.trash(gone);
    if let Some(next) = next {
        moves::land(map, model, next);
    }
}

/// Where the keyboard goes when what it is on is deleted.
fn after(open: &OpenJourney, model: &MapModel, spot: Spot, gone: &[EntityRef]) -> Option<Spot> {
    match spot {
        Spot::Item { step, item } => {
            let kind = ItemKind::of(item.kind)?;
            let (cell, _) = model.shown(open, step, kind);
            let at = cell.iter().position(|it| *it == item)?;
            let stays = |it: &&EntityRef| !gone.contains(it);
            let next = cell[at..].iter().find(stays).or_else(|| cell[..at].iter().rev().find(stays));
            Some(next.map_or(Spot::Add { step, kind }, |item| Spot::Item { step, item: *item }))
        }
        Spot::Step(step) => {
            let steps: Vec<_> = model.layout.columns.iter().filter_map(|it| it.slot.step()).collect();
            let at = steps.iter().position(|it| *it == step)?;
            let stays = |it: &&custory_domain::StepId| !gone.contains(&(**it).into());
            let next = steps[at..].iter().find(stays).or_else(|| steps[..at].iter().rev().find(stays));
            next.map(|it| Spot::Step(*it))
        }
        Spot::Stage(_) | Spot::Add { .. } | Spot::Words { .. } | Spot::Bare(_) => None,
    }
}

/// The menu for a card or head: of all that is selected if it is among it, else its own.
pub fn open_menu(
    mut store: Store,
    map: MapState,
    event: &MouseEvent,
    spot: Spot,
    own: impl FnOnce() -> (&'static str, Vec<Entry>),
) {
    event.prevent_default();
    let is_among = selectable(spot).is_some_and(|it| store.selection.is_among_others(it));
    let (label, entries) = if is_among {
        ("Selected", selection::entries(store, move || trash(store, map, map.model)))
    } else {
        store.selection.clear();
        own()
    };
    store.menu.set(Some(Menu::at(event, label, entries)));
}

/// A click with a key held selects; answers whether it did.
pub fn click(event: &MouseEvent, store: Store, map: MapState, spot: Spot) -> bool {
    let held = event.modifiers();
    if held.shift() {
        range_to(store, map, map.model, spot)
    } else if held.ctrl() || held.meta() {
        toggle(store, map, spot)
    } else {
        begin_at(store, map, spot);
        false
    }
}

/// Everything between two places: steps between heads; else the items in the rectangle between them.
fn range(open: &OpenJourney, model: &MapModel, from: Spot, to: Spot) -> BTreeSet<EntityRef> {
    let ends = (from.step().zip(to.step()))
        .and_then(|(a, b)| model.layout.column_of(a).zip(model.layout.column_of(b)));
    let Some((one, other)) = ends else { return selectable(to).into_iter().collect() };
    let steps = model.layout.columns[one.min(other)..=one.max(other)].iter().filter_map(|it| it.slot.step());
    if let (Spot::Step(_), Spot::Step(_)) = (from, to) {
        return steps.map(EntityRef::from).collect();
    }
    let (a, b) = (row(open, model, from), row(open, model, to));
    let rows = a.min(b)..=a.max(b);
    let mut these = BTreeSet::new();
    for step in steps {
        for (lane, kind) in model.layout.lanes.iter().map(|it| it.kind).enumerate() {
            let (cell, _) = model.shown(open, step, kind);
            let inside = cell.into_iter().enumerate().filter(|(at, _)| rows.contains(&(lane, *at)));
            these.extend(inside.map(|it| it.1));
        }
    }
    these
}

/// How far down a place is: its lane, and which card in the cell.
fn row(open: &OpenJourney, model: &MapModel, spot: Spot) -> (usize, usize) {
    let lane = |kind: ItemKind| model.layout.lanes.iter().position(|it| it.kind == kind).unwrap_or(0);
    match spot {
        Spot::Item { step, item } => match ItemKind::of(item.kind) {
            Some(kind) => {
                let (cell, _) = model.shown(open, step, kind);
                (lane(kind), cell.iter().position(|it| *it == item).unwrap_or(0))
            }
            None => (0, 0),
        },
        Spot::Add { kind, .. } => (lane(kind), 0),
        Spot::Words { lane, .. } => (model.layout.lanes.len() + lane, 0),
        Spot::Step(_) | Spot::Stage(_) | Spot::Bare(_) => (0, 0),
    }
}

/// Every item that the map lets through, in the lanes and stages that it shows.
fn shown(open: &OpenJourney, model: &MapModel) -> BTreeSet<EntityRef> {
    let steps = model.layout.columns.iter().filter_map(|it| it.slot.step());
    let lanes: Vec<ItemKind> = model.layout.lanes.iter().map(|it| it.kind).collect();
    steps.flat_map(|step| lanes.iter().flat_map(move |kind| model.cell(open, step, *kind))).collect()
}

/// How many of what is selected the map does not show.
pub fn hidden(open: &OpenJourney, model: &MapModel, selected: &BTreeSet<EntityRef>) -> usize {
    if selected.is_empty() {
        return 0;
    }
    let shown = shown(open, model);
    let is_shown = |it: &EntityRef| {
        shown.contains(it) || model.layout.columns.iter().any(|column| column.slot.entity() == *it)
    };
    selected.iter().filter(|it| !is_shown(it)).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::map::marquee::fixture::{drawn, item, step};

    #[test]
    fn a_range_is_the_rectangle_between_two_cards_and_steps_between_heads() {
        let (open, model) = drawn();
        let spot = |on: usize, kind, at| Spot::Item { step: step(on), item: item(on, kind, at) };
        let insights = ItemKind::Insight;
        let found = range(&open, &model, spot(0, insights, 1), spot(1, insights, 0));
        let expected = [(0, 0), (0, 1), (1, 0), (1, 1)].map(|(on, at)| item(on, insights, at));
        assert_eq!(found, expected.into(), "whichever corner one begins at");

        let down = range(&open, &model, spot(0, insights, 1), spot(0, ItemKind::Opportunity, 0));
        assert_eq!(down, [item(0, insights, 1), item(0, ItemKind::Opportunity, 0)].into(), "across lanes");

        let heads = range(&open, &model, Spot::Step(step(1)), Spot::Step(step(0)));
        assert_eq!(heads, [step(0).into(), step(1).into()].into());
    }

    #[test]
    fn the_keyboard_goes_on_to_the_next_card_that_stays() {
        let (open, model) = drawn();
        let insights = ItemKind::Insight;
        let (first, second) = (item(0, insights, 0), item(0, insights, 1));
        let on = |item| Spot::Item { step: step(0), item };
        assert_eq!(after(&open, &model, on(first), &[first]), Some(on(second)));
        assert_eq!(after(&open, &model, on(second), &[second]), Some(on(first)));
        let add = Spot::Add { step: step(0), kind: insights };
        assert_eq!(
            after(&open, &model, on(first), &[first, second]),
            Some(add),
            "an empty cell can be filled"
        );
    }
}
