//! The sentiment curve: what customers say, as a solid line; what the team guesses, dashed.

use custory_domain::StepId;
use dioxus::prelude::*;

use super::layout::{Detail, LABEL_WIDTH, Slot};
use super::model::MapModel;
use crate::components::Icon;
use crate::format;
use crate::state::{Feeling, OpenJourney, use_store};

/// How far a curve's handles reach, as a share of the gap between two points.
const HANDLE: f64 = 0.46;
/// A step this bad or worse carries a customer's words.
const QUOTED_AT: f64 = -0.25;
/// Letters of a quote that fit beside its point.
const QUOTE_LETTERS_MAX: usize = 34;

/// A point of the curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Where.
    pub x: f64,
    /// Where.
    pub y: f64,
    /// A guess.
    pub is_assumed: bool,
}

/// The curve through some points: (path, whether it is a guess), one for each run of one kind.
pub fn curve(points: &[Point]) -> Vec<(String, bool)> {
    let mut runs: Vec<(String, bool)> = Vec::new();
    for pair in points.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        let is_assumed = a.is_assumed || b.is_assumed;
        if runs.last().is_none_or(|it| it.1 != is_assumed) {
            runs.push((format!("M{:.1} {:.1}", a.x, a.y), is_assumed));
        }
        if let Some((path, _)) = runs.last_mut() {
            path.push_str(&segment(a, b));
        }
    }
    runs
}

fn segment(a: Point, b: Point) -> String {
    let k = (b.x - a.x) * HANDLE;
    format!(" C{:.1} {:.1} {:.1} {:.1} {:.1} {:.1}", a.x + k, a.y, b.x - k, b.y, b.x, b.y)
}

/// The area between the curve and the zero line.
fn area(points: &[Point], zero: f64) -> String {
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return String::new() };
    let mut path = format!("M{:.1} {:.1}", first.x, first.y);
    for pair in points.windows(2) {
        path.push_str(&segment(pair[0], pair[1]));
    }
    path.push_str(&format!(" L{:.1} {zero} L{:.1} {zero}Z", last.x, first.x));
    path
}

/// Points of the steps that are shown, with one more beyond each end so that the line runs on.
fn points(open: &OpenJourney, model: &MapModel, height: f64) -> Vec<(StepId, Point, Feeling)> {
    let zero = height / 2.0;
    let reach = zero - 2.0;
    model
        .layout
        .columns
        .iter()
        .filter_map(|column| {
            let step = column.slot.step()?;
            let feeling = open.numbers.feeling.get(&step)?.clone();
            let x = column.x - LABEL_WIDTH + column.width / 2.0;
            let y = zero - feeling.value.clamp(-1.0, 1.0) * reach;
            Some((step, Point { x, y, is_assumed: feeling.is_assumed }, feeling))
        })
        .collect()
}

/// The sentiment's row.
#[component]
pub fn FeelingRow(model: Memo<MapModel>) -> Element {
    let store = use_store();
    let model_now = model.read();
    let layout = &model_now.layout;
    let open = store.open.read();
    let Some(open) = open.as_ref() else { return rsx! {} };
    let height = layout.sentiment_height;
    let zero = height / 2.0;
    let found = points(open, &model_now, height);
    let mut line: Vec<Point> = found.iter().map(|it| it.1).collect();
    if let (Some(first), Some(last)) = (line.first().copied(), line.last().copied()) {
        let half = layout.step_width;
        line.insert(0, Point { x: first.x - half, ..first });
        line.push(Point { x: last.x + half, ..last });
    }
    let width = layout.width - LABEL_WIDTH - super::layout::TAIL_WIDTH;
    let quotes = if layout.detail == Detail::Full { quotes(&found) } else { Vec::new() };
    let said =
        open.board.evidence.values().filter(|it| it.trashed.is_none() && it.sentiment.is_some()).count();
    let words = if said > 0 { format::count(said, "quote", "quotes") } else { "Assumed".to_owned() };
    let has_dots = layout.detail != Detail::Square;
    rsx! {
        div { class: "lane-h", role: "rowheader", style: "grid-row:5",
            div { class: "lh",
                Icon { name: "face", class: "kc" }
                "Sentiment"
            }
            if height > 50.0 {
                small { "{words}" }
            }
        }
        div { class: "sen", role: "gridcell", style: "grid-row:5;grid-column:2/-2",
            svg { class: "cut", width: "{width}", height: "{height}", role: "img", "aria-label": summary(open),
                defs {
                    linearGradient { id: "sg", x1: "0", y1: "0", x2: "0", y2: "{height}", gradient_units: "userSpaceOnUse",
                        stop { offset: ".1", stop_color: "var(--sol-solid)" }
                        stop { offset: ".48", stop_color: "var(--text-3)" }
                        stop { offset: ".85", stop_color: "var(--insight-solid)" }
                    }
                    linearGradient { id: "sa", x1: "0", y1: "0", x2: "0", y2: "{height}", gradient_units: "userSpaceOnUse",
                        stop { offset: "0", stop_color: "var(--sol-solid)", stop_opacity: ".2" }
                        stop { offset: ".5", stop_color: "var(--text-3)", stop_opacity: "0" }
                        stop { offset: "1", stop_color: "var(--insight-solid)", stop_opacity: ".24" }
                    }
                }
                path { d: "M0 {zero}H{width}", stroke: "var(--line-2)", stroke_dasharray: "2 4" }
                path { d: area(&line, zero), fill: "url(#sa)" }
                for (at , (path , is_assumed)) in curve(&line).into_iter().enumerate() {
                    path {
                        key: "{at}",
                        d: "{path}",
                        fill: "none",
                        stroke: "url(#sg)",
                        stroke_width: "1.8",
                        stroke_dasharray: if is_assumed { "4 4" },
                    }
                }
                if has_dots {
                    for (step , point , _) in &found {
                        circle {
                            key: "{step}",
                            cx: "{point.x:.1}",
                            cy: "{point.y:.1}",
                            r: "3.2",
                            fill: "var(--surface)",
                            stroke: dot_colour(point.y, zero),
                            stroke_width: "1.6",
                        }
                    }
                }
            }
            for (x , words) in quotes {
                span { key: "{words}", class: "sen-q", style: "right:calc(100% - {x}px);bottom:3px", "{words}" }
            }
        }
        for (at , _) in layout.columns.iter().enumerate().filter(|it| matches!(it.1.slot, Slot::Spine(_))) {
            div { key: "{at}", class: "spine over", style: "grid-row:5;grid-column:{at + 2}" }
        }
    }
}

fn dot_colour(y: f64, zero: f64) -> &'static str {
    if y > zero + 8.0 {
        "var(--insight-solid)"
    } else if y < zero - 6.0 {
        "var(--sol-solid)"
    } else {
        "var(--text-3)"
    }
}

/// Words for the worst steps: (right edge, words).
fn quotes(found: &[(StepId, Point, Feeling)]) -> Vec<(f64, String)> {
    found
        .iter()
        .filter(|it| it.2.value <= QUOTED_AT)
        .filter_map(|(_, point, feeling)| Some((point.x - 70.0, feeling.quote.as_ref()?)))
        .filter(|it| it.1.chars().count() <= QUOTE_LETTERS_MAX)
        .map(|(x, words)| (x, format!("“{}”", words.trim_matches(['“', '”', '"']))))
        .collect()
}

/// The curve as a sentence.
fn summary(open: &OpenJourney) -> String {
    let worst = open.numbers.feeling.iter().min_by(|a, b| a.1.value.total_cmp(&b.1.value));
    match worst.and_then(|(id, feeling)| Some((open.board.steps.get(id)?, feeling))) {
        Some((step, feeling)) => {
            format!("Sentiment across steps. Lowest at {}: {}.", step.title, format::number(feeling.value, 1))
        }
        None => "Sentiment across steps".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guesses_and_what_was_said_are_drawn_apart() {
        let point = |x: f64, is_assumed: bool| Point { x, y: 10.0, is_assumed };
        let runs = curve(&[
            point(0.0, false),
            point(10.0, false),
            point(20.0, true),
            point(30.0, false),
            point(40.0, false),
        ]);
        assert_eq!(runs.iter().map(|it| it.1).collect::<Vec<_>>(), [false, true, false]);
        assert!(curve(&[point(0.0, false)]).is_empty());
    }
}
