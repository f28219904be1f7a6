//! The grid itself: what is visible of it, and about two columns more on each side.
//!
//! Each lane is a box with columns of its own: what comes into sight in it lays out that lane and not the whole map.

use custory_domain::{ItemKind, StepId};
use dioxus::prelude::*;

use super::add::{AddStage, NewStage, NewStep};
use super::branches::BranchRow;
use super::cell::Cell;
use super::drag::{self, DragLayer};
use super::feeling::FeelingRow;
use super::first::LookFirst;
use super::funnel::FunnelRow;
use super::heads::{BareHead, Corner, LaneHead, SpineHead, StageHeadView, StepHead};
use super::keys;
use super::layout::{Column, Detail, Slot, WordLane};
use super::lens::Lens;
use super::marquee::{self, MarqueeLayer};
use super::model::MapModel;
use super::panning;
use super::pointers::{self, Pointers};
use super::squares::SquareLane;
use super::state::{Adding, use_map};
use super::words::{WordCell, WordLaneHead};
use super::zooming::{self, Pinch};
use crate::state::use_store;

/// The scrolling element.
pub const MAP_ID: &str = "journey-map";

/// Row of the grid that a lane has, from its position.
fn lane_row(position: usize) -> usize {
    6 + position
}

/// Grid column of a column; the lane labels have the first.
fn grid_column(column: usize) -> usize {
    column + 2
}

/// Columns that a row draws. `turn` is its share of a column, 0 to 1, see [`super::layout::Layout::visible`].
fn use_columns(model: Memo<MapModel>, turn: f64) -> std::ops::Range<usize> {
    let map = use_map();
    let visible = use_memo(use_reactive!(|turn| {
        let (left, _) = *map.scroll.read();
        let (width, _) = *map.view.read();
        model.read().layout.visible(left, width, turn)
    }));
    let range = visible();
    let count = model.read().layout.columns.len();
    range.start.min(count)..range.end.min(count)
}

/// The map.
#[component]
pub fn Grid(model: Memo<MapModel>) -> Element {
    let store = use_store();
    let mut map = use_map();
    let model_now = model.read();
    let layout = &model_now.layout;
    let lanes = layout.lanes.len() + layout.words.len();
    // The heads, each lane, and the floor.
    let turn = |row: usize| row as f64 / (lanes + 2) as f64;
    let selected = (*store.panel.read()).map(|it| it.step);
    let has_cursor = map.cursor.read().is_some();
    let is_square = layout.detail == Detail::Square;
    let adding = *map.adding.read();
    let pulled = if map.pull.read().is_some() { " pulled" } else { "" };
    let scaled = Pinch::style(*map.pinch.read());
    rsx! {
        div {
            id: MAP_ID,
            class: "mapv{pulled}",
            role: "grid",
            "aria-label": "Journey map",
            "aria-colcount": "{layout.columns.len()}",
            "aria-multiselectable": "true",
            tabindex: if has_cursor { "-1" } else { "0" },
            onscroll: move |event| map.scroll.set((event.scroll_left(), event.scroll_top())),
            onresize: move |event| {
                if let Ok(size) = event.get_content_box_size() {
                    let view = (size.width, size.height);
                    if *map.view.peek() != view {
                        map.view.set(view);
                    }
                }
            },
            onwheel: move |event| zooming::turn(&event, map),
            onkeydown: move |event| keys::press(event, store, map, model),
            onmousedown: move |event| panning::press(&event, map),
            onpointerdown: move |event| marquee::press(&event, map, store),
            onpointermove: move |event| {
                panning::watch(&event, map);
                drag::watch(&event, map);
                marquee::watch(&event, map);
                pointers::watch(&event, store, map);
            },
            onpointerleave: move |_| pointers::leave(map),
            onpointerup: move |_| {
                panning::release(map);
                drag::release(map);
                marquee::release(store, map);
            },
            div {
                class: if is_square { "mgrid sq" } else { "mgrid" },
                style: "--columns:{layout.column_template()};grid-template-rows:{layout.row_template()};min-width:{layout.width}px;{scaled}",
                if is_square {
                    div { class: "zbg", "aria-hidden": "true" }
                }
                Heads { model, turn: turn(0), selected }
                if layout.branch_height > 0.0 {
                    div { class: "mrow", role: "row", BranchRow { model } }
                }
                if layout.funnel_height > 0.0 {
                    div { class: "mrow", role: "row", FunnelRow { model } }
                }
                if layout.sentiment_height > 0.0 {
                    div { class: "mrow", role: "row", FeelingRow { model } }
                }
                for (position , lane) in layout.lanes.iter().enumerate() {
                    LaneRow {
                        key: "{lane.kind:?}",
                        model,
                        kind: lane.kind,
                        row: lane_row(position),
                        turn: turn(1 + position),
                        selected,
                    }
                }
                for (position , lane) in layout.words.iter().cloned().enumerate() {
                    WordRow {
                        key: "{lane.id}",
                        model,
                        lane,
                        position,
                        row: lane_row(layout.lanes.len() + position),
                        turn: turn(1 + layout.lanes.len() + position),
                        selected,
                    }
                }
                if layout.floor_height > 0.0 {
                    LookFirst { row: lane_row(lanes), width: map.view.read().0 }
                } else {
                    Floor { model, turn: turn(1 + lanes), row: lane_row(lanes), selected }
                }
                if matches!(adding, Some(Adding::Stage { .. })) {
                    NewStage { model }
                }
                if matches!(adding, Some(Adding::Step { .. })) {
                    NewStep { model }
                }
                if is_square {
                    Lens { model }
                }
                Pointers { model }
                DragLayer { model }
                MarqueeLayer { model }
            }
        }
    }
}

/// Stage and step heads.
#[component]
fn Heads(model: Memo<MapModel>, turn: f64, selected: Option<StepId>) -> Element {
    let range = use_columns(model, turn);
    let model_now = model.read();
    let layout = &model_now.layout;
    let detail = layout.detail;
    let stages =
        model_now.stages.iter().filter(|it| it.columns.start < range.end && it.columns.end > range.start);
    rsx! {
        div { class: "mrow", role: "row",
            Corner {}
            for stage in stages.cloned() {
                if stage.is_folded {
                    SpineHead { key: "{stage.id}", column: grid_column(stage.columns.start), stage }
                } else {
                    StageHeadView {
                        key: "{stage.id}",
                        from: grid_column(stage.columns.start),
                        to: grid_column(stage.columns.end),
                        stage,
                        detail,
                    }
                }
            }
            AddStage { column: grid_column(layout.columns.len()), index: model_now.stages.len() }
        }
        // A journey that has nothing yet has no such row: one without cells is none.
        div { class: "mrow", role: if !range.is_empty() { "row" },
            for (at , column) in range.clone().zip(&layout.columns[range.clone()]) {
                match column.slot {
                    Slot::Step { step, number, is_first, .. } => rsx! {
                        StepHead {
                            key: "{step}",
                            step,
                            number,
                            is_first,
                            column: grid_column(at),
                            is_selected: selected == Some(step),
                            detail,
                        }
                    },
                    Slot::Bare(stage) => rsx! { BareHead { key: "{stage}", stage, column: grid_column(at) } },
                    Slot::Spine(_) => rsx! {},
                }
            }
        }
    }
}

/// One lane: its label, and its cells as far as they are visible.
#[component]
fn LaneRow(
    model: Memo<MapModel>,
    kind: ItemKind,
    row: usize,
    turn: f64,
    selected: Option<StepId>,
) -> Element {
    let range = use_columns(model, turn);
    let model_now = model.read();
    let layout = &model_now.layout;
    let total = model_now.totals.get(&kind).copied().unwrap_or_default();
    rsx! {
        div { class: "lane", role: "row", style: "grid-row:{row}",
            LaneHead { kind, total }
            for (at , column) in range.clone().zip(layout.columns[range.clone()].iter().copied()) {
                LaneColumn { key: "{column.slot:?}", model, kind, at, column, is_selected: column.slot.step().is_some_and(|it| selected == Some(it)) }
            }
            if layout.detail == Detail::Square {
                SquareLane { model, kind }
            }
        }
    }
}

/// Where a lane meets a column.
#[component]
fn LaneColumn(
    model: Memo<MapModel>,
    kind: ItemKind,
    at: usize,
    column: Column,
    is_selected: bool,
) -> Element {
    let place = format!("grid-column:{}", grid_column(at));
    let model_now = model.read();
    match column.slot {
        Slot::Spine(stage) => {
            let count =
                model_now.stage(stage).and_then(|it| it.items.get(&kind)).copied().unwrap_or_default();
            rsx! {
                div { class: "spine", role: "gridcell", style: "{place}",
                    if count > 0 { "{count}" }
                }
            }
        }
        Slot::Bare(_) => rsx! {
            div { class: "cell s0", role: "gridcell", style: "{place}" }
        },
        Slot::Step { step, is_first, .. } => rsx! {
            Cell { model, step, kind, place, is_first, is_selected }
        },
    }
}

/// One lane of words: its label, and its cells as far as they are visible.
#[component]
fn WordRow(
    model: Memo<MapModel>,
    lane: WordLane,
    position: usize,
    row: usize,
    turn: f64,
    selected: Option<StepId>,
) -> Element {
    let range = use_columns(model, turn);
    let model_now = model.read();
    let layout = &model_now.layout;
    let unseen = if lane.is_unseen_from_here { " unseen" } else { "" };
    let place = |at: usize| format!("grid-column:{}", grid_column(at));
    rsx! {
        div { class: "lane", role: "row", style: "grid-row:{row}",
            WordLaneHead { lane: lane.clone() }
            for (at , column) in range.clone().zip(layout.columns[range.clone()].iter().copied()) {
                match column.slot {
                    Slot::Step { step, is_first, .. } => rsx! {
                        WordCell {
                            key: "{step}",
                            model,
                            step,
                            lane: lane.clone(),
                            at: position,
                            place: place(at),
                            is_first,
                            is_selected: selected == Some(step),
                        }
                    },
                    Slot::Bare(stage) => rsx! {
                        div { key: "{stage}", class: "cell s0{unseen}", role: "gridcell", style: place(at) }
                    },
                    Slot::Spine(stage) => rsx! {
                        div { key: "{stage}", class: "spine", role: "gridcell", style: place(at) }
                    },
                }
            }
        }
    }
}

/// What is left of a tall window: columns go down to its floor.
#[component]
fn Floor(model: Memo<MapModel>, turn: f64, row: usize, selected: Option<StepId>) -> Element {
    let range = use_columns(model, turn);
    let model_now = model.read();
    let columns = &model_now.layout.columns[range.clone()];
    rsx! {
        div { class: "lane", style: "grid-row:{row}", "aria-hidden": "true",
            div { class: "lane-h", style: "padding:0" }
            for (at , column) in range.zip(columns) {
                match column.slot {
                    Slot::Spine(stage) => rsx! {
                        div { key: "{stage}", class: "spine", style: "grid-column:{grid_column(at)};padding:0" }
                    },
                    slot => {
                        let is_first = matches!(slot, Slot::Step { is_first: true, .. } | Slot::Bare(_));
                        let is_selected = slot.step().is_some_and(|it| selected == Some(it));
                        let first = if is_first { " s0" } else { "" };
                        let cell = if is_selected { " cell sel" } else { "" };
                        rsx! {
                            div {
                                key: "{slot:?}",
                                class: "fill{first}{cell}",
                                style: "grid-column:{grid_column(at)};padding:0",
                            }
                        }
                    }
                }
            }
        }
    }
}
