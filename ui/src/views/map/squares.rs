//! The zoomed-out map: one small square per item, a whole lane in a handful of paths. Which one is pointed at follows
//! from the place; the one that the keyboard is on is an element over its square.

use std::collections::{BTreeMap, BTreeSet};

use custory_domain::{EntityRef, ItemKind, StepId};
use dioxus::prelude::*;

use super::card::face;
use super::layout::{LABEL_WIDTH, Squares, TAIL_WIDTH};
use super::model::MapModel;
use super::select;
use super::state::{Spot, use_map};
use crate::host;
use crate::state::{OpenJourney, Panel, use_store};

/// Where the first one lies in its cell, from the outer edge; places in the cell begin within its border.
const FIRST: (f64, f64) = (5.0, 9.0);
const BORDER: f64 = 1.0;

/// Where a square lies in its cell, of a step with so many beside each other.
pub fn place(at: usize, across: usize, squares: Squares) -> (f64, f64) {
    let pitch = squares.pitch;
    (FIRST.0 + (at % across) as f64 * pitch, FIRST.1 + (at / across) as f64 * pitch)
}

/// Which square lies at a place in a cell; the gap around it counts as its own.
fn at_place((x, y): (f64, f64), across: usize, squares: Squares) -> Option<usize> {
    let gap = (squares.pitch - squares.side) / 2.0;
    let (column, row) = ((x - FIRST.0 + gap) / squares.pitch, (y - FIRST.1 + gap) / squares.pitch);
    let is_within = column >= 0.0 && row >= 0.0 && (column as usize) < across;
    is_within.then_some(row as usize * across + column as usize)
}

/// A cell of the zoomed-out map: what is pressed is the square at that place, else the step.
#[component]
pub fn SquareCell(
    model: Memo<MapModel>,
    step: StepId,
    kind: ItemKind,
    class: String,
    place: String,
) -> Element {
    let mut store = use_store();
    let mut map = use_map();
    // Only the cell that the keyboard is in is drawn anew when it moves.
    let cursor = use_memo(move || match *map.cursor.read() {
        Some(Spot::Item { step: on, item }) if on == step && ItemKind::of(item.kind) == Some(kind) => {
            Some(item)
        }
        _ => None,
    });
    let pressed = move |at: (f64, f64)| {
        let open = store.open.peek();
        let (open, model) = (open.as_ref()?, model.peek());
        let (items, _) = model.shown(open, step, kind);
        let squares = model.layout.squares;
        items.get(at_place(at, squares.across(model.layout.step_width), squares)?).copied()
    };
    rsx! {
        div {
            class: "{class}",
            role: "gridcell",
            style: "{place}",
            onmouseenter: move |_| map.lens.set(Some(step)),
            onclick: move |event| {
                let at = event.element_coordinates();
                let item = pressed((at.x + BORDER, at.y + BORDER));
                let spot = item.map_or(Spot::Step(step), |item| Spot::Item { step, item });
                if !select::click(&event, store, map, spot) {
                    store.panel.set(Some(Panel { step, item }));
                }
            },
            if let Some(item) = cursor() {
                SquareStop { key: "{item}", model, step, kind, item }
            }
        }
    }
}

/// Over the square that the keyboard is on.
#[component]
fn SquareStop(model: Memo<MapModel>, step: StepId, kind: ItemKind, item: EntityRef) -> Element {
    let mut store = use_store();
    let mut map = use_map();
    let spot = Spot::Item { step, item };
    let is_picked = use_memo(move || store.selection.all.read().contains(&item));
    let open = store.open.read();
    let Some(open) = open.as_ref() else { return rsx! {} };
    let model_now = model.read();
    let (items, _) = model_now.shown(open, step, kind);
    let Some(at) = items.iter().position(|it| *it == item) else { return rsx! {} };
    let squares = model_now.layout.squares;
    let (x, y) = self::place(at, squares.across(model_now.layout.step_width), squares);
    let (x, y, side) = (x - BORDER, y - BORDER, squares.side);
    let title = open.board.item(item).map(|it| it.title.to_owned()).unwrap_or_default();
    let selected = if is_picked() { "Selected. " } else { "" };
    rsx! {
        article {
            id: spot.element_id(),
            class: if kind == ItemKind::Touchpoint { "zk round" } else { "zk" },
            role: "button",
            tabindex: "0",
            "aria-label": "{selected}{kind.spec().name}: {title}",
            style: "left:{x}px;top:{y}px;width:{side}px;height:{side}px",
            onfocus: move |_| map.cursor.set(Some(spot)),
            onclick: move |event| {
                event.stop_propagation();
                if !select::click(&event, store, map, spot) {
                    store.panel.set(Some(Panel { step, item: Some(item) }));
                }
            },
        }
    }
}

/// All squares of a lane, over its cells.
#[component]
pub fn SquareLane(model: Memo<MapModel>, kind: ItemKind) -> Element {
    let store = use_store();
    let model_now = model.read();
    let open = store.open.read();
    let Some(open) = open.as_ref() else { return rsx! {} };
    let layout = &model_now.layout;
    let height = layout.lane(kind).map_or(0.0, |it| it.height);
    let width = layout.width - LABEL_WIDTH - TAIL_WIDTH;
    let paths = squares(open, &model_now, kind, &store.selection.all.read());
    rsx! {
        svg { class: "zsq", style: "grid-column:2/-2", width: "{width}", height: "{height}", "aria-hidden": "true",
            for (style , path) in paths {
                path { key: "{style}", class: "{style}", d: "{path}" }
            }
        }
    }
}

/// Paths by class of the style sheet.
fn squares(
    open: &OpenJourney,
    model: &MapModel,
    kind: ItemKind,
    selected: &BTreeSet<EntityRef>,
) -> BTreeMap<&'static str, String> {
    let squares = model.layout.squares;
    let across = squares.across(model.layout.step_width);
    let mut paths: BTreeMap<&'static str, String> = BTreeMap::new();
    for column in &model.layout.columns {
        let Some(step) = column.slot.step() else { continue };
        let (items, _) = model.shown(open, step, kind);
        for (at, item) in items.into_iter().enumerate() {
            let (x, y) = place(at, across, squares);
            let x = column.x - LABEL_WIDTH + x;
            let style = if selected.contains(&item) { "z-picked" } else { style(open, kind, item) };
            let path = paths.entry(style).or_default();
            path.push_str(&if kind == ItemKind::Touchpoint {
                round(x, y, squares.side)
            } else {
                square(x, y, squares.side)
            });
        }
    }
    paths
}

fn style(open: &OpenJourney, kind: ItemKind, item: EntityRef) -> &'static str {
    let face = face(open, item, host::now());
    let (is_hot, is_done) = face.map_or((false, false), |it| (it.is_hot, it.is_done));
    match (kind, is_hot, is_done) {
        (ItemKind::Touchpoint, ..) => "z-touch",
        (ItemKind::Metric, ..) => "z-metric",
        (_, _, true) => "z-done",
        (ItemKind::Insight, true, _) => "z-insight",
        (ItemKind::Opportunity, true, _) => "z-opp",
        (ItemKind::Solution, true, _) => "z-sol",
        _ => "z-calm",
    }
}

fn square(x: f64, y: f64, side: f64) -> String {
    const R: f64 = 2.0;
    let s = side - 2.0 * R;
    format!(
        "M{:.1} {y:.1}h{s}a{R} {R} 0 0 1 {R} {R}v{s}a{R} {R} 0 0 1-{R} {R}h-{s}a{R} {R} 0 0 1-{R}-{R}v-{s}a{R} {R} 0 0 1 {R}-{R}z",
        x + R
    )
}

fn round(x: f64, y: f64, side: f64) -> String {
    let r = side / 2.0;
    format!("M{x:.1} {:.1}a{r} {r} 0 1 1 {side} 0a{r} {r} 0 1 1-{side} 0z", y + r)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_pressed_is_the_square_that_is_drawn_there() {
        for (squares, across) in Squares::SIZES.into_iter().flat_map(|it| [(it, 1), (it, 2), (it, 7)]) {
            let side = squares.side;
            for at in [0, 1, across, 3 * across + 1] {
                let (x, y) = place(at, across, squares);
                let found = |x, y| at_place((x, y), across, squares);
                assert_eq!(found(x + 0.5, y + 0.5), Some(at), "its corner, {across} across");
                assert_eq!(found(x + side, y + side), Some(at), "the other one, {across} across");
            }
            let (x, y) = place(across - 1, across, squares);
            let found = |x, y| at_place((x, y), across, squares);
            assert_eq!(found(x + squares.pitch, y), None, "beside the last one of a row");
            assert_eq!(found(x, 9.0 - squares.pitch), None, "above the first row");
        }
    }

    #[test]
    fn as_many_squares_stand_beside_each_other_as_a_step_is_wide() {
        for squares in Squares::SIZES {
            for width in [24.0, 31.0, 44.0, 60.0, 87.0] {
                let across = squares.across(width);
                let (x, _) = place(across - 1, across, squares);
                assert!(across == 1 || x + squares.side <= width, "{across} in {width}");
            }
        }
    }
}
