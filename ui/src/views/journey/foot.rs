//! The bar at the bottom: the whole journey as one small picture, how much there is, and the zoom.

use dioxus::prelude::*;

use crate::components::{Entry, Icon, IconButton, Kbd, Menu};
use crate::dom;
use crate::format;
use crate::state::{OpenJourney, use_store};
use crate::views::map::{
    Column, LABEL_WIDTH, Layout, MAP_ID, MapModel, STEP_WIDTH, Slot, Zoom, use_map, zoom_by_level, zoom_to,
};

/// Widest and narrowest that the small picture gets.
const PICTURE_WIDTHS: (f64, f64) = (120.0, 560.0);
/// What the zoom and the bar's own edges take.
const ZOOM_WIDTH: f64 = 250.0;
/// What the words beside the picture take.
const WORDS_WIDTH: f64 = 150.0;
/// Room from which on there are words beside the picture.
const ROOM_FOR_WORDS: f64 = 760.0;
/// Its height.
const PICTURE_HEIGHT: f64 = 28.0;
/// Room between stages.
const STAGE_GAP: f64 = 10.0;
/// Widest that one bar gets.
const BAR_WIDTH_MAX: f64 = 60.0;

/// A bar of the small picture: one column of the map.
#[derive(Clone, Debug, PartialEq)]
struct Bar {
    x: f64,
    width: f64,
    height: f64,
    colour: String,
    title: String,
    is_faint: bool,
}

/// The bar at the bottom.
#[component]
pub fn Foot(model: Memo<MapModel>) -> Element {
    let mut store = use_store();
    let map = use_map();
    let model_now = model.read();
    let percent = (model_now.layout.step_width / STEP_WIDTH * 100.0).round();
    let level = if *map.zoom.read() == Zoom::Fit {
        "Fit".to_owned()
    } else if *map.zoom.read() == Zoom::Width(STEP_WIDTH) {
        "100%".to_owned()
    } else {
        format!("{percent}%")
    };
    let is_zoomed_out = model_now.layout.step_width < 88.0;
    // Whatever stands beside the map leaves the bar as wide as the map.
    let room = use_memo(move || map.view.read().0);
    let has_words = room() >= ROOM_FOR_WORDS;
    let words = if has_words { WORDS_WIDTH } else { 0.0 };
    let picture = (room() - ZOOM_WIDTH - words).clamp(PICTURE_WIDTHS.0, PICTURE_WIDTHS.1);
    rsx! {
        footer { class: "foot",
            if model_now.steps > 0 {
                Picture { model, width_max: picture }
            }
            if has_words {
                span { class: "t3",
                    {format::count(model_now.steps, "step", "steps")}
                    " · "
                    {format::count(model_now.items(), "item", "items")}
                }
            }
            if is_zoomed_out && has_words {
                span { class: "t3 foot-l", "One per item. Colour needs a look, outline is done." }
            }
            span { class: "sp" }
            div { class: "zoom", role: "group", "aria-label": "Zoom",
                IconButton {
                    icon: "minus",
                    class: "sm",
                    label: crate::keys::hint(store, "Zoom out", &["−"]),
                    onclick: move |_| {
                        zoom_by_level(map, false);
                    },
                }
                button {
                    class: "pct",
                    r#type: "button",
                    "aria-label": "Zoom level, {level}",
                    "aria-haspopup": "menu",
                    onclick: move |event| {
                        let now = *map.zoom.peek();
                        let entry = |label: &str, zoom: Zoom| {
                            Entry::act(label, move || zoom_to(map, zoom)).on(now == zoom)
                        };
                        let entries = vec![
                            entry("All steps in sight", Zoom::Fit).keys(&["shift", "1"]),
                            entry("50%", Zoom::Width(88.0)),
                            entry("100%, cards", Zoom::Width(STEP_WIDTH)).keys(&["0"]),
                            entry("136%", Zoom::Width(240.0)),
                        ];
                        store.menu.set(Some(Menu::below(&event, "Zoom", entries)));
                    },
                    "{level}"
                }
                IconButton {
                    icon: "plus",
                    class: "sm",
                    label: crate::keys::hint(store, "Zoom in", &["+"]),
                    onclick: move |_| {
                        zoom_by_level(map, true);
                    },
                }
            }
            if is_zoomed_out {
                button {
                    class: "btn ghost xs",
                    r#type: "button",
                    onclick: move |_| zoom_to(map, Zoom::Width(STEP_WIDTH)),
                    span { "Cards" }
                    Kbd { keys: vec!["0"] }
                }
            } else {
                button {
                    class: "btn ghost xs",
                    r#type: "button",
                    onclick: move |_| zoom_to(map, Zoom::Fit),
                    Icon { name: "fit" }
                    span { "Fit" }
                    Kbd { keys: vec!["shift", "1"] }
                }
            }
        }
    }
}

/// The whole journey as bars; the frame is what the map shows. A click goes there.
#[component]
fn Picture(model: Memo<MapModel>, width_max: f64) -> Element {
    let store = use_store();
    let map = use_map();
    let model_now = model.read();
    let open = store.open.read();
    let Some(open) = open.as_ref() else { return rsx! {} };
    let bars = bars(open, &model_now, width_max);
    let width = bars.last().map_or(0.0, |it| it.x + it.width);
    let (left, _) = *map.scroll.read();
    let (view, _) = *map.view.read();
    let frame = frame(&model_now.layout, &bars, left, view);
    let label =
        format!("Journey: {}, tall bars keep more accounts", format::count(model_now.steps, "step", "steps"));
    rsx! {
        svg {
            class: "jline",
            view_box: "-3 0 {width + 6.0} {PICTURE_HEIGHT}",
            width: "{width + 6.0}",
            height: "{PICTURE_HEIGHT}",
            role: "img",
            "aria-label": "{label}",
            onclick: move |event| {
                let x = event.element_coordinates().x - 3.0;
                let model = model.peek();
                let open = store.open.peek();
                if let Some(open) = open.as_ref() {
                    show(&model.layout, &self::bars(open, &model, width_max), x, *map.view.peek());
                }
            },
            for (at , bar) in bars.iter().enumerate() {
                rect {
                    key: "{at}",
                    x: "{bar.x:.1}",
                    y: "{PICTURE_HEIGHT - 6.0 - bar.height:.1}",
                    width: "{(bar.width - 1.5).max(1.0):.1}",
                    height: "{bar.height:.1}",
                    rx: "1.2",
                    fill: "{bar.colour}",
                    opacity: if bar.is_faint { ".45" },
                    title { "{bar.title}" }
                }
            }
            if let Some((from, to)) = frame {
                rect {
                    class: "jl-view",
                    x: "{from:.1}",
                    y: ".75",
                    width: "{to - from:.1}",
                    height: "{PICTURE_HEIGHT - 4.5}",
                    rx: "4",
                }
            }
        }
    }
}

fn bars(open: &OpenJourney, model: &MapModel, width_max: f64) -> Vec<Bar> {
    let mut slots = Vec::new();
    let mut number = 0;
    let flow = &open.numbers.flow;
    let base =
        model.layout.columns.iter().filter_map(|it| flow.get(&it.slot.step()?)).map(|it| it.count).next();
    for stage in &model.stages {
        let steps = open.board.steps_of(stage.id);
        for (at, step) in steps.iter().enumerate() {
            number += 1;
            slots.push((stage, step.id, format!("{number}. {}", step.title), at == 0));
        }
    }
    let stages = model.stages.iter().filter(|it| it.steps > 0).count();
    let gaps = STAGE_GAP * stages.saturating_sub(1) as f64;
    let width = ((width_max - gaps) / slots.len().max(1) as f64).min(BAR_WIDTH_MAX);
    let mut x = 0.0;
    let mut share = 1.0;
    let mut bars: Vec<Bar> = Vec::with_capacity(slots.len());
    for (stage, step, title, is_first) in slots {
        if is_first && !bars.is_empty() {
            x += STAGE_GAP;
        }
        let it = flow.get(&step);
        if let (Some(it), Some(base)) = (it, base) {
            share = (it.count / base.max(f64::MIN_POSITIVE)).min(1.0);
        }
        let is_leak = it.is_some_and(|it| it.is_below_target);
        bars.push(Bar {
            x,
            width,
            height: 2.5 + (PICTURE_HEIGHT - 11.0) * share,
            colour: if is_leak { "var(--insight-solid)".to_owned() } else { stage.colour.clone() },
            title,
            is_faint: stage.is_folded,
        });
        x += width;
    }
    bars
}

/// Columns of the map with the bars that stand for them: one for a step, several for a folded stage.
fn matched<'a>(layout: &'a Layout, bars: &'a [Bar]) -> Vec<(&'a Column, f64, f64)> {
    let mut at = 0;
    let mut pairs = Vec::new();
    for column in &layout.columns {
        let count = match column.slot {
            Slot::Step { .. } => 1,
            Slot::Bare(_) => 0,
            Slot::Spine(_) => bars[at.min(bars.len())..].iter().take_while(|it| it.is_faint).count(),
        };
        if let (Some(first), Some(last)) = (bars.get(at), bars.get((at + count).saturating_sub(1)))
            && count > 0
        {
            pairs.push((column, first.x, last.x + last.width - 1.5));
        }
        at += count;
    }
    pairs
}

/// The part of the picture that the map shows.
fn frame(layout: &Layout, bars: &[Bar], left: f64, view: f64) -> Option<(f64, f64)> {
    let (from, to) = (left + LABEL_WIDTH, left + view);
    let mut edges: Option<(f64, f64)> = None;
    for (column, bar_left, bar_right) in matched(layout, bars) {
        let seen_from = ((from - column.x) / column.width).clamp(0.0, 1.0);
        let seen_to = ((to - column.x) / column.width).clamp(0.0, 1.0);
        if seen_to <= seen_from || matches!(column.slot, Slot::Spine(_)) {
            continue;
        }
        let span = bar_right - bar_left;
        let (a, b) = (bar_left + span * seen_from - 2.0, bar_left + span * seen_to + 2.0);
        edges = Some(edges.map_or((a, b), |(low, high)| (low.min(a), high.max(b))));
    }
    edges
}

/// Scrolls the map so that what the picture has at `x` is in its middle.
fn show(layout: &Layout, bars: &[Bar], x: f64, view: (f64, f64)) {
    let pairs = matched(layout, bars);
    let Some((column, ..)) = pairs.iter().find(|it| x <= it.2).or(pairs.last()) else { return };
    if let Some(map) = dom::by_id(MAP_ID) {
        let middle = column.x + column.width / 2.0 - (LABEL_WIDTH + view.0) / 2.0;
        map.set_scroll_left(middle.max(0.0) as i32);
    }
}
