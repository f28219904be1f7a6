//! The funnel: a ribbon that keeps its upper edge; what is lost peels away below and fades.

use custory_domain::StepId;
use dioxus::prelude::*;

use super::card::{Tone, outcome};
use super::layout::{Detail, LABEL_WIDTH, Slot};
use super::model::MapModel;
use crate::components::Icon;
use crate::format;
use crate::host;
use crate::state::{Flow, OpenJourney, use_store};

/// Half of what the lower edge takes to ease from one step to the next, in pixels.
const EASE: f64 = 30.0;
/// Least thickness of the ribbon.
const THICKNESS_MIN: f64 = 2.2;
/// A smaller loss than this, in pixels, is not drawn.
const LOSS_MIN: f64 = 1.2;
/// Days for which a change after shipping is shown.
const NEWS_DAYS: f64 = 14.0;

/// A column of the ribbon.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Band {
    /// Left edge.
    pub x: f64,
    /// Width.
    pub width: f64,
    /// Thickness, in pixels.
    pub thickness: f64,
    /// Whether what is lost here is more than it should be.
    pub is_leak: bool,
}

/// Ribbon, its lower edge, and what peels away: (path, whether it is a leak).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ribbon {
    /// The filled shape.
    pub fill: String,
    /// Its lower edge.
    pub edge: String,
    /// What is lost between steps.
    pub losses: Vec<(String, bool)>,
}

/// Draws the ribbon below `top` into a row of that height.
pub fn ribbon(bands: &[Band], top: f64, height: f64) -> Ribbon {
    let (Some(first), Some(last)) = (bands.first(), bands.last()) else { return Ribbon::default() };
    let low = |band: &Band| top + band.thickness;
    let right = last.x + last.width;
    let mut edge = format!("M{:.1} {:.1}", first.x, low(first));
    let mut losses = Vec::new();
    for pair in bands.windows(2) {
        let (before, after) = (&pair[0], &pair[1]);
        let b = after.x;
        let e = EASE.min(before.width / 2.0).min(after.width / 2.0);
        let (y0, y1) = (low(before), low(after));
        edge.push_str(&format!("L{:.1} {y0:.1} C{b:.1} {y0:.1} {b:.1} {y1:.1} {:.1} {y1:.1}", b - e, b + e));
        if y0 - y1 > LOSS_MIN {
            losses.push((peel(b, e, y0, y1, height), after.is_leak));
        }
    }
    edge.push_str(&format!("L{right:.1} {:.1}", low(last)));
    let fill = format!("{edge}L{right:.1} {top}L{:.1} {top}Z", first.x);
    Ribbon { fill, edge, losses }
}

/// What is lost at `b`: it leaves the edge, turns down and runs out at the bottom.
fn peel(b: f64, e: f64, y0: f64, y1: f64, h: f64) -> String {
    // Drawn for an ease of 30 px; a narrower one is drawn to scale.
    let k = e / EASE;
    let x = |by: f64| b + by * k;
    format!(
        "M{:.1} {y0:.1} C{:.1} {y0:.1} {:.1} {y1:.1} {:.1} {y1:.1} C{:.1} {:.1} {:.1} {:.1} {:.1} {h} L{:.1} {h} C{:.1} {h} {:.1} {y0:.1} {:.1} {y0:.1}Z",
        b - e,
        x(-4.0),
        x(-2.0),
        b + e,
        x(34.0),
        y1 + (y0 - y1) * 0.45,
        x(38.0),
        h - 8.0,
        x(52.0),
        x(-6.0),
        x(-14.0),
        x(-14.0),
        b - e,
    )
}

/// Bands of the map's columns. A step without a number, and a folded stage, carry on what came
/// before; all are measured against the first step that is shown.
fn bands(open: &OpenJourney, model: &MapModel, thickness_max: f64) -> Vec<Band> {
    let flow = &open.numbers.flow;
    let shown = model.layout.columns.iter().filter_map(|it| it.slot.step());
    let base =
        shown.filter_map(|it| flow.get(&it)).map(|it| it.count).next().unwrap_or(1.0).max(f64::MIN_POSITIVE);
    let thick = |count: f64| (count / base * thickness_max).clamp(THICKNESS_MIN, thickness_max);
    let mut thickness = thickness_max;
    let mut bands = Vec::with_capacity(model.layout.columns.len());
    for column in &model.layout.columns {
        let mut is_leak = false;
        match column.slot {
            Slot::Step { step, .. } => {
                if let Some(it) = flow.get(&step) {
                    thickness = thick(it.count);
                    is_leak = it.is_below_target;
                }
            }
            Slot::Spine(stage) => {
                let last = open.board.steps_of(stage).into_iter().rev().find_map(|it| flow.get(&it.id));
                if let Some(it) = last {
                    thickness = thick(it.count);
                }
            }
            Slot::Bare(_) => {}
        }
        bands.push(Band { x: column.x - LABEL_WIDTH, width: column.width, thickness, is_leak });
    }
    bands
}

/// A newly shipped fix on a step, and where the number stands since.
fn since_ship(open: &OpenJourney, step: StepId) -> Option<(String, Tone, String)> {
    let now = host::now();
    let here = open.index.cell(step, custory_domain::ItemKind::Solution).iter();
    let results = here.filter_map(|it| open.numbers.results.get(&it.id.into()));
    let result =
        results.filter(|it| now.days_since(it.shipped_at) < NEWS_DAYS).max_by_key(|it| it.shipped_at)?;
    let metric = open.board.metrics.get(&result.metric)?;
    let outcome = outcome(&open.board, result)?;
    let value = format::metric_value(metric, result.after?);
    let shipped = format::days_ago(result.shipped_at, now);
    Some((format!("{value} since ship"), outcome.tone, format!("Shipped {shipped}: {}", outcome.detail)))
}

/// The funnel's row.
#[component]
pub fn FunnelRow(model: Memo<MapModel>) -> Element {
    let store = use_store();
    let model_now = model.read();
    let layout = &model_now.layout;
    let open = store.open.read();
    let Some(open) = open.as_ref() else { return rsx! {} };
    let height = layout.funnel_height;
    let is_square = layout.detail == Detail::Square;
    let top = if is_square { 12.0 } else { 26.0_f64.min(height - 20.0) };
    let room = height - top - if is_square { 10.0 } else { 6.0 };
    let bands = bands(open, &model_now, room);
    let drawn = ribbon(&bands, top, height);
    let width = layout.width - LABEL_WIDTH - super::layout::TAIL_WIDTH;
    let spines = layout.columns.iter().filter(|it| matches!(it.slot, Slot::Spine(_)));
    let steps = layout.columns.iter().filter_map(|it| Some((it.x - LABEL_WIDTH, it.slot.step()?)));
    let label = summary(open);
    rsx! {
        div { class: "lane-h nb", role: "rowheader", style: "grid-row:4",
            div { class: "lh",
                Icon { name: "s-posthog", class: "kc" }
                "Funnel"
            }
            if height > 50.0 {
                small { {window(open)} }
            }
        }
        for column in spines.clone() {
            div { key: "{column.x}", class: "spine draw", "aria-hidden": "true", style: "grid-row:4;grid-column:{1 + 1 + position(&model_now, column.slot)};border-top:0" }
        }
        div { class: "rib", role: "gridcell", style: "grid-row:4;grid-column:2/-2",
            svg { width: "{width}", height: "{height}", role: "img", "aria-label": "{label}",
                defs {
                    linearGradient { id: "loss-l", x1: "0", y1: "0", x2: "0", y2: "1",
                        stop { offset: "0", stop_color: "var(--insight-solid)", stop_opacity: ".55" }
                        stop { offset: "1", stop_color: "var(--insight-solid)", stop_opacity: "0" }
                    }
                    linearGradient { id: "loss-s", x1: "0", y1: "0", x2: "0", y2: "1",
                        stop { offset: "0", stop_color: "var(--text-3)", stop_opacity: ".3" }
                        stop { offset: "1", stop_color: "var(--text-3)", stop_opacity: "0" }
                    }
                }
                for (at , (path , is_leak)) in drawn.losses.iter().enumerate() {
                    path { key: "{at}", d: "{path}", fill: if *is_leak { "url(#loss-l)" } else { "url(#loss-s)" } }
                }
                path { d: "{drawn.fill}", fill: "var(--ribbon)" }
                path { d: "M0 {top}H{width}", stroke: "var(--ribbon-edge)", stroke_width: "1" }
                path { d: "{drawn.edge}", fill: "none", stroke: "var(--ribbon-edge)", stroke_width: "1" }
                for column in spines {
                    path {
                        key: "{column.x}",
                        d: "m{column.x - LABEL_WIDTH + 19.0} {top - 5.0} 6 14-8 11 7 16m1-41 6 14-8 11 7 16",
                        fill: "none",
                        stroke: "var(--sunken)",
                        stroke_width: "2.5",
                    }
                }
            }
            for (x , step) in steps {
                if let Some(flow) = open.numbers.flow.get(&step) {
                    FlowLabels {
                        key: "{step}",
                        x,
                        flow: *flow,
                        news: since_ship(open, step),
                        is_brief: is_square,
                        is_low: height < 60.0,
                    }
                }
            }
        }
    }
}

fn position(model: &MapModel, slot: Slot) -> usize {
    model.layout.columns.iter().position(|it| it.slot == slot).unwrap_or(0)
}

/// Numbers on the ribbon at one step.
#[component]
fn FlowLabels(
    x: f64,
    flow: Flow,
    news: Option<(String, Tone, String)>,
    is_brief: bool,
    is_low: bool,
) -> Element {
    let conversion = flow.conversion.map(format::percent);
    let leak = if flow.is_below_target { " bad" } else { "" };
    if is_brief {
        return rsx! {
            if flow.is_below_target {
                if let Some(conversion) = conversion {
                    span { class: "cvp bad", style: "left:{x}px;top:4px", "{conversion}" }
                }
            }
        };
    }
    let indent = if conversion.is_some() { 26.0 } else { 10.0 };
    rsx! {
        span { class: "rib-l", style: "left:{x + indent}px",
            b { {format::whole(flow.count)} }
            if let Some((words, tone, detail)) = news {
                span { class: tone.style(), title: "{detail}", "{words}" }
            }
        }
        if flow.is_below_target && flow.lost >= 1.0 && !is_low {
            span { class: "rib-lost", style: "left:{x + 58.0}px", "{format::whole(flow.lost)} stop here" }
        }
        if let Some(conversion) = conversion {
            span { class: "cvp{leak}", style: "left:{x}px", "{conversion}" }
        }
    }
}

/// Days that the numbers cover, as far as the metrics say.
fn window(open: &OpenJourney) -> String {
    match open.numbers.flow_days {
        None | Some(0 | 1) => "Per day".to_owned(),
        Some(days) => format!("{days} days"),
    }
}

/// The funnel as a sentence.
fn summary(open: &OpenJourney) -> String {
    let steps = open.board.steps_in_order();
    let measured: Vec<_> = steps.iter().filter_map(|it| Some((it, open.numbers.flow.get(&it.id)?))).collect();
    let (Some((first, from)), Some((last, to))) = (measured.first(), measured.last()) else {
        return "Funnel".to_owned();
    };
    let mut text = format!(
        "Funnel: {} at {}, {} at {}.",
        format::whole(from.count),
        first.title,
        format::whole(to.count),
        last.title
    );
    let leak = open
        .numbers
        .largest_leak
        .and_then(|it| Some((open.board.steps.get(&it)?, open.numbers.flow.get(&it)?)));
    if let Some((step, flow)) = leak {
        text.push_str(&format!(" Most are lost at {}: {}.", step.title, format::whole(flow.lost)));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn band(x: f64, thickness: f64, is_leak: bool) -> Band {
        Band { x, width: 176.0, thickness, is_leak }
    }

    #[test]
    fn what_is_lost_peels_away_only_where_something_is_lost() {
        let bands = [
            band(0.0, 32.0, false),
            band(176.0, 32.0, false),
            band(352.0, 10.0, true),
            band(528.0, 9.5, false),
        ];
        let drawn = ribbon(&bands, 26.0, 64.0);
        assert_eq!(drawn.losses.len(), 1, "{drawn:?}");
        assert!(drawn.losses[0].1, "the loss at the third step is a leak");
        assert!(drawn.edge.starts_with("M0.0 58.0") && drawn.edge.ends_with("L704.0 35.5"), "{}", drawn.edge);
    }

    #[test]
    fn no_steps_draw_nothing() {
        assert_eq!(ribbon(&[], 26.0, 64.0), Ribbon::default());
    }
}
