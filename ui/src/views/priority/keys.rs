//! The priority view by keyboard: arrows go between opportunities, Alt with arrows changes their
//! values, X and Y choose the axes, Enter opens, Space peeks.

use custory_domain::OpportunityId;
use custory_domain::score::axis::FIELDS;
use dioxus::prelude::*;

use super::axes::{self, Along};
use super::drag::put;
use super::menus;
use super::place::Spot;
use super::state::{MATRIX_ID, PriorityState, axis_id, dot_id, row_id};
use crate::components::Menu;
use crate::dom;
use crate::keys::Way;
use crate::state::{Store, Toast};
use crate::views::map::{MapState, owner_entries};

/// Where the keyboard is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Among {
    /// Among the dots: arrows go to the nearest one that way.
    Dots,
    /// In the list: up and down.
    Lines,
}

/// A key was pressed in the picture or in the list.
pub fn press(
    event: &KeyboardEvent,
    mut store: Store,
    map: MapState,
    mut priority: PriorityState,
    among: Among,
) {
    if event.key() == Key::Escape && priority.drag.peek().is_some() {
        priority.drag.set(None);
        event.prevent_default();
        event.stop_propagation();
        return;
    }
    let Some(present) = priority.present() else { return };
    let modifiers = event.modifiers();
    if modifiers.intersects(Modifiers::CONTROL | Modifiers::META) {
        return;
    }
    let alt = modifiers.alt();
    let way = Way::of(&event.key());
    let anchor = match among {
        Among::Dots => dot_id(present),
        Among::Lines => row_id(present),
    };
    let acted = match (way, event.key()) {
        (Some(way), _) if alt => nudge(store, priority, present, way),
        (Some(way), _) => walk(store, map, priority, present, way, among),
        (None, Key::Enter) => {
            priority.peek(store, present);
            true
        }
        (None, Key::ContextMenu) => {
            let entries = menus::entries(store, priority, present);
            store.menu.set(Some(Menu::below_id(&anchor, "Opportunity", entries)));
            true
        }
        (None, Key::F10) if modifiers.shift() => {
            let entries = menus::entries(store, priority, present);
            store.menu.set(Some(Menu::below_id(&anchor, "Opportunity", entries)));
            true
        }
        (None, Key::Delete | Key::Backspace) => {
            store.trash(vec![present.into()]);
            true
        }
        (None, Key::Character(_)) if *map.is_adding_next.peek() || *store.is_going_next.peek() => false,
        (None, Key::Character(letter)) => match letter.as_str() {
            " " => {
                priority.peek(store, present);
                true
            }
            "a" | "A" => {
                let entries = owner_entries(store, present.into());
                store.menu.set(Some(Menu::below_id(&anchor, "Owner", entries)));
                true
            }
            "x" | "X" => choose_axis(store, Along::X),
            "y" | "Y" => choose_axis(store, Along::Y),
            _ => false,
        },
        _ => false,
    };
    if acted {
        event.prevent_default();
        event.stop_propagation();
    }
}

/// Asks what is to lie along a side.
fn choose_axis(mut store: Store, along: Along) -> bool {
    store.menu.set(Some(Menu::below_id(axis_id(along), along.heading(), axes::entries(store, along))));
    true
}

/// Moves one by a field; without a value it begins in the middle. Along an axis that is worked out nothing moves.
fn nudge(store: Store, priority: PriorityState, id: OpportunityId, way: Way) -> bool {
    let along = match way {
        Way::Up | Way::Down => Along::Y,
        Way::Left | Way::Right => Along::X,
    };
    let spot = {
        let model = priority.model.peek();
        let (axis, _) = model.along(along);
        if !axis.is_set_by_hand() {
            store.toast(Toast::plain("info", axes::is_worked_out(axis)));
            return true;
        }
        let Some(line) = model.line(id) else { return false };
        let own = |along| line.along(along).field.unwrap_or(FIELDS.div_ceil(2));
        let moved = |along| {
            let (own, most) = (own(along), line.along(along).field_max);
            match way {
                Way::Up | Way::Right => (own + 1).min(most),
                Way::Down | Way::Left => own.saturating_sub(1).max(1),
            }
        };
        match along {
            Along::X => Spot { x: moved(along), y: own(Along::Y) },
            Along::Y => Spot { x: own(Along::X), y: moved(along) },
        }
    };
    put(store, priority, id, spot);
    true
}

fn walk(
    store: Store,
    map: MapState,
    priority: PriorityState,
    present: OpportunityId,
    way: Way,
    among: Among,
) -> bool {
    let next = {
        let model = priority.model.peek();
        let list: Vec<OpportunityId> = model.list.iter().map(|it| it.id).collect();
        let at = list.iter().position(|it| *it == present).unwrap_or(0);
        match among {
            Among::Lines => match way {
                Way::Up => at.checked_sub(1).and_then(|it| list.get(it).copied()),
                Way::Down => list.get(at + 1).copied(),
                Way::Left | Way::Right => None,
            },
            Among::Dots => {
                let dots: Vec<_> = model.dots.iter().map(|it| (it.line.id, it.at)).collect();
                match dots.iter().find(|it| it.0 == present) {
                    Some((_, from)) => nearest(&dots, present, *from, way),
                    None => dots.last().map(|it| it.0),
                }
            }
        }
    };
    if let Some(next) = next {
        priority.pick(store, map, next);
        match among {
            Among::Dots => dom::focus(MATRIX_ID),
            Among::Lines => dom::focus_soon(row_id(next)),
        }
    }
    among == Among::Dots || matches!(way, Way::Up | Way::Down)
}

/// What lies more than this far aside, against ahead, is only gone to when there is nothing else.
const ASIDE_MAX: f64 = 2.5;
/// How much farther away such a dot counts, in pixels: more than any picture is wide.
const ASIDE_PENALTY: f64 = 100_000.0;

/// The nearest dot that way; what lies aside counts double.
fn nearest(
    dots: &[(OpportunityId, (f64, f64))],
    present: OpportunityId,
    from: (f64, f64),
    way: Way,
) -> Option<OpportunityId> {
    let distance = |at: (f64, f64)| {
        let (x, y) = (at.0 - from.0, at.1 - from.1);
        let (ahead, aside) = match way {
            Way::Right => (x, y),
            Way::Left => (-x, y),
            Way::Down => (y, x),
            Way::Up => (-y, x),
        };
        let penalty = if aside.abs() > ahead * ASIDE_MAX { ASIDE_PENALTY } else { 0.0 };
        (ahead > 0.5).then(|| ahead + 2.0 * aside.abs() + penalty)
    };
    dots.iter()
        .filter(|it| it.0 != present)
        .filter_map(|(id, at)| Some((distance(*at)?, *id)))
        .min_by(|a, b| a.0.total_cmp(&b.0))
        .map(|it| it.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrows_go_to_the_nearest_dot_that_way() {
        let id = |number| OpportunityId::from_parts(0, number);
        let dots = [
            (id(1), (100.0, 100.0)),
            (id(2), (200.0, 110.0)),
            (id(3), (120.0, 300.0)),
            (id(4), (150.0, 300.0)),
        ];
        for (from, way, expected) in [
            (1, Way::Right, Some(2)),
            (1, Way::Down, Some(3)),
            (1, Way::Left, None),
            (3, Way::Right, Some(4)),
            (2, Way::Left, Some(1)),
            (4, Way::Up, Some(2)),
        ] {
            let at = dots.iter().find(|it| it.0 == id(from)).map(|it| it.1).unwrap();
            assert_eq!(nearest(&dots, id(from), at, way), expected.map(id), "{way:?} from {from}");
        }
    }
}
