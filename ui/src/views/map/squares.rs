//! The zoomed-out map: one small square per item, a whole lane in a handful of paths.

use std::collections::{BTreeMap, BTreeSet};

use custory_domain::{EntityRef, ItemKind};
use dioxus::prelude::*;

use super::card::face;
use super::layout::{LABEL_WIDTH, TAIL_WIDTH};
use super::model::{MapModel, SQUARE_PITCH, SQUARE_ROWS_MAX, squares_across};
use crate::host;
use crate::state::{OpenJourney, use_store};

/// Side of a square.
const SIDE: f64 = 9.0;

/// All squares of a lane, over its cells.
#[component]
pub fn SquareLane(model: Memo<MapModel>, kind: ItemKind, row: usize) -> Element {
    let store = use_store();
    let model_now = model.read();
    let open = store.open.read();
    let Some(open) = open.as_ref() else { return rsx! {} };
    let layout = &model_now.layout;
    let height = layout.lane(kind).map_or(0.0, |it| it.height);
    let width = layout.width - LABEL_WIDTH - TAIL_WIDTH;
    let paths = squares(open, &model_now, kind, &store.selection.all.read());
    rsx! {
        svg { class: "zsq", style: "grid-row:{row};grid-column:2/-2", width: "{width}", height: "{height}", "aria-hidden": "true",
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
    let across = squares_across(model.layout.step_width);
    let mut paths: BTreeMap<&'static str, String> = BTreeMap::new();
    for column in &model.layout.columns {
        let Some(step) = column.slot.step() else { continue };
        let items = model.cell(open, step, kind);
        for (at, item) in items.into_iter().take(across * SQUARE_ROWS_MAX).enumerate() {
            let x = column.x - LABEL_WIDTH + 5.0 + (at % across) as f64 * SQUARE_PITCH;
            let y = 9.0 + (at / across) as f64 * SQUARE_PITCH;
            let style = if selected.contains(&item) { "z-picked" } else { style(open, kind, item) };
            let path = paths.entry(style).or_default();
            path.push_str(&if kind == ItemKind::Touchpoint { round(x, y) } else { square(x, y) });
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

fn square(x: f64, y: f64) -> String {
    const R: f64 = 2.0;
    let s = SIDE - 2.0 * R;
    format!(
        "M{:.1} {y:.1}h{s}a{R} {R} 0 0 1 {R} {R}v{s}a{R} {R} 0 0 1-{R} {R}h-{s}a{R} {R} 0 0 1-{R}-{R}v-{s}a{R} {R} 0 0 1 {R}-{R}z",
        x + R
    )
}

fn round(x: f64, y: f64) -> String {
    const R: f64 = SIDE / 2.0;
    format!("M{x:.1} {:.1}a{R} {R} 0 1 1 {SIDE} 0a{R} {R} 0 1 1-{SIDE} 0z", y + R)
}
