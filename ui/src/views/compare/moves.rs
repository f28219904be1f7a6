//! Two journeys side by side by keyboard: arrows go from step to step and from card to card, through both; J and K from
//! one difference to the next.

use dioxus::prelude::*;

use super::beside::{BESIDE_ID, BesideState};
use super::model::{Beside, Side, Spot};
use crate::dom;
use crate::keys::Way;
use crate::state::{Comparison, Panel, Store};

/// A key was pressed on one of the two.
pub fn press(event: &KeyboardEvent, store: Store, state: BesideState) {
    let held = Modifiers::CONTROL | Modifiers::META | Modifiers::ALT;
    if dom::is_typing() || event.modifiers().intersects(held) || *store.is_going_next.peek() {
        return;
    }
    let spot = *state.cursor.peek();
    let to = {
        let model = state.model.peek();
        match (Way::of(&event.key()), event.key()) {
            (Some(way), _) => next(&model, spot, way),
            (None, Key::Home) => model.columns.first().and_then(|it| it.spots().first().copied()),
            (None, Key::End) => model.columns.last().and_then(|it| it.spots().first().copied()),
            (None, Key::Enter) => return open_at(event, store, spot),
            (None, Key::Character(it)) if it == " " => return open_at(event, store, spot),
            (None, Key::Character(it)) if it.eq_ignore_ascii_case("j") => {
                difference(store, &model, spot, true)
            }
            (None, Key::Character(it)) if it.eq_ignore_ascii_case("k") => {
                difference(store, &model, spot, false)
            }
            _ => return,
        }
    };
    event.prevent_default();
    event.stop_propagation();
    if let Some(to) = to {
        land(state, to);
    }
}

fn open_at(event: &KeyboardEvent, store: Store, spot: Option<Spot>) {
    let Some(spot) = spot else { return };
    event.prevent_default();
    event.stop_propagation();
    open(store, spot);
}

/// Opens what stands there, where it can be changed: beside the two, or in the journey as it is.
pub fn open(mut store: Store, spot: Spot) {
    match spot.side {
        Side::ToBe => store.panel.set(Some(Panel { step: spot.step, item: spot.item })),
        Side::AsIs => store.open_as_is(spot.step, spot.item),
    }
}

/// To the next difference, or the one before.
pub fn to_difference(store: Store, state: BesideState, is_forward: bool) {
    let spot = *state.cursor.peek();
    let to = difference(store, &state.model.peek(), spot, is_forward);
    if let Some(to) = to {
        land(state, to);
    }
}

fn difference(store: Store, model: &Beside, from: Option<Spot>, is_forward: bool) -> Option<Spot> {
    let comparison = store.comparison.peek();
    differing(model, comparison.as_ref()?, from, is_forward)
}

/// The next place with a mark; from the last one on again from the first.
fn differing(model: &Beside, comparison: &Comparison, from: Option<Spot>, is_forward: bool) -> Option<Spot> {
    let all: Vec<Spot> = model.columns.iter().flat_map(|it| it.spots()).collect();
    let at = from.and_then(|from| all.iter().position(|it| *it == from));
    let is_marked = |it: &&Spot| comparison.marks.contains_key(&it.entity());
    let (before, after) = all.split_at(at.unwrap_or(0));
    let skipped = usize::from(at.is_some());
    let found = if is_forward {
        after.iter().skip(skipped).chain(before).find(is_marked)
    } else {
        before.iter().rev().chain(after.iter().rev()).find(is_marked)
    };
    found.copied()
}

/// Where an arrow leads.
fn next(model: &Beside, from: Option<Spot>, way: Way) -> Option<Spot> {
    let first = || model.columns.first().and_then(|it| it.spots().first().copied());
    let Some(from) = from else { return first() };
    let Some(at) = model.column_of(from.step) else { return first() };
    let spots = model.columns[at].spots();
    let row = spots.iter().position(|it| *it == from).unwrap_or(0);
    let column = match way {
        Way::Up => return spots.get(row.checked_sub(1)?).copied(),
        Way::Down => return spots.get(row + 1).copied(),
        Way::Left => model.columns.get(at.checked_sub(1)?)?,
        Way::Right => model.columns.get(at + 1)?,
    };
    // As far down among its kind as before; else the step's head there; else whatever there is.
    let kind = from.item.map(|it| it.kind);
    let alike = |spots: &[Spot]| -> Vec<Spot> {
        spots.iter().filter(|it| it.side == from.side && it.item.map(|it| it.kind) == kind).copied().collect()
    };
    let depth = alike(&spots).iter().position(|it| *it == from).unwrap_or(0);
    let there = column.spots();
    let same = alike(&there);
    let head = there.iter().find(|it| it.side == from.side && it.item.is_none());
    same.get(depth.min(same.len().saturating_sub(1))).or(head).or(there.first()).copied()
}

/// Puts the keyboard on a place, scrolled into sight; the page may have to draw it first.
pub fn land(mut state: BesideState, spot: Spot) {
    state.cursor.set(Some(spot));
    reveal(state, spot);
    let wish = dom::FocusWish::new();
    dioxus::core::spawn_forever(async move {
        let id = spot.element_id();
        if dom::focus_when_drawn(wish, &id).await == dom::Landing::There {
            reveal_row(&id);
        }
    });
}

/// Scrolls sideways so that a step is in sight.
pub fn reveal(state: BesideState, spot: Spot) {
    let to = {
        let model = state.model.peek();
        let Some(column) = model.column_of(spot.step) else { return };
        model.reveal(column, state.scroll.peek().0, state.view.peek().0)
    };
    if let Some(element) = dom::by_id(BESIDE_ID).filter(|_| (to - state.scroll.peek().0).abs() > 0.5) {
        element.set_scroll_left(to as i32);
    }
}

/// Scrolls up or down so that a card is not under the heads that stay in sight, or below the edge.
fn reveal_row(id: &str) {
    let (Some(both), Some(element)) = (dom::by_id(BESIDE_ID), dom::by_id(id)) else { return };
    let head = if element.closest(".stp").ok().flatten().is_some() {
        super::model::STAGE_HEIGHT
    } else {
        super::model::STAGE_HEIGHT + super::model::STEP_HEIGHT + 8.0
    };
    dom::reveal_below(&both, head, &element);
}

#[cfg(test)]
mod tests {
    use custory_domain::{EntityRef, InsightId, ItemKind, StepId};

    use super::super::model::{Column, Holds};
    use super::*;

    fn step(it: u128) -> StepId {
        StepId::from_parts(1, it)
    }

    fn insight(it: u128) -> EntityRef {
        InsightId::from_parts(1, it).into()
    }

    fn holds(insights: &[u128]) -> Option<Holds> {
        let items = [(ItemKind::Insight, insights.iter().copied().map(insight).collect())].into();
        Some(Holds { items, ..Holds::default() })
    }

    /// Three steps: one in both, one only as it is, one only as it should be.
    fn beside() -> Beside {
        let columns = vec![
            Column { step: step(1), on: [holds(&[10, 11]), holds(&[10])] },
            Column { step: step(2), on: [holds(&[20]), None] },
            Column { step: step(3), on: [None, holds(&[])] },
        ];
        Beside { columns, width: 176.0, ..Beside::default() }
    }

    fn spot(side: Side, on: u128, item: Option<u128>) -> Option<Spot> {
        Some(Spot { side, step: step(on), item: item.map(insight) })
    }

    #[test]
    fn arrows_reach_every_step_and_card_of_both() {
        let beside = beside();
        let go = |from, way| next(&beside, from, way);
        assert_eq!(go(None, Way::Down), spot(Side::AsIs, 1, None), "where it begins");
        let mut at = spot(Side::AsIs, 1, None);
        for expected in [
            spot(Side::AsIs, 1, Some(10)),
            spot(Side::AsIs, 1, Some(11)),
            spot(Side::ToBe, 1, None),
            spot(Side::ToBe, 1, Some(10)),
        ] {
            at = go(at, Way::Down);
            assert_eq!(at, expected);
        }
        assert_eq!(go(at, Way::Down), None);
        assert_eq!(go(at, Way::Up), spot(Side::ToBe, 1, None));
        assert_eq!(go(spot(Side::AsIs, 1, Some(11)), Way::Right), spot(Side::AsIs, 2, Some(20)));
        assert_eq!(go(spot(Side::ToBe, 1, Some(10)), Way::Right), spot(Side::AsIs, 2, None), "not there");
        assert_eq!(go(spot(Side::AsIs, 2, Some(20)), Way::Right), spot(Side::ToBe, 3, None));
        assert_eq!(go(spot(Side::ToBe, 3, None), Way::Right), None);
    }
}
