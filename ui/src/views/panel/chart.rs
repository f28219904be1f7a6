//! A metric over time: the line, its target, and the days on which something shipped.

use std::collections::BTreeMap;

use custory_domain::{Metric, MetricFormula, MetricPoint};
use dioxus::prelude::*;
use jiff::civil::Date;

use crate::format;

const WIDTH: f64 = 430.0;
const HEIGHT: f64 = 118.0;
/// Room for the labels of the grid lines: at least this, and as much as the longest needs.
const LEFT_MIN: f64 = 34.0;
/// Width of a digit in such a label, and the air beside it.
const DIGIT: f64 = 6.3;
const LABEL_AIR: f64 = 14.0;
const RIGHT: f64 = 8.0;
const TOP: f64 = 16.0;
const BOTTOM: f64 = 20.0;
/// Points drawn at most: about one for each pixel and a half.
const POINTS_MAX: usize = 120;

/// A day to mark.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// When.
    pub on: Date,
    /// What happened.
    pub what: String,
    /// Whether the number is watched from here on.
    pub is_watched: bool,
    /// Whether what came after is welcome.
    pub is_good: bool,
}

/// From days and values to pixels.
struct Scale {
    left: f64,
    from: Date,
    days: f64,
    low: f64,
    high: f64,
}

impl Scale {
    fn x(&self, day: Date) -> f64 {
        self.left + days_between(self.from, day) / self.days * (WIDTH - self.left - RIGHT)
    }

    fn y(&self, value: f64) -> f64 {
        TOP + (self.high - value) / (self.high - self.low) * (HEIGHT - TOP - BOTTOM)
    }
}

fn days_between(from: Date, to: Date) -> f64 {
    f64::from(from.until(to).map(|it| it.get_days()).unwrap_or_default())
}

/// Round values for grid lines, between the lowest and the highest.
pub fn ticks(low: f64, high: f64) -> Vec<f64> {
    let range = (high - low).max(f64::MIN_POSITIVE);
    let rough = range / 3.0;
    let magnitude = 10_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 2.5, 5.0, 10.0]
        .into_iter()
        .map(|it| it * magnitude)
        .find(|it| *it >= rough)
        .unwrap_or(rough);
    let first = (low / step).ceil() as i64;
    let last = (high / step).floor() as i64;
    (first..=last).take(8).map(|it| it as f64 * step).collect()
}

fn short(metric: &Metric, value: f64) -> String {
    match metric.formula {
        MetricFormula::Rate => format::number(value * 100.0, 1),
        MetricFormula::Count | MetricFormula::Money if value.abs() >= 10_000.0 => {
            format!("{}k", format::number(value / 1_000.0, 1))
        }
        MetricFormula::Duration if value.abs() >= 60.0 => {
            format::span(value).split(' ').take(2).collect::<Vec<_>>().join(" ")
        }
        _ => format::number(value, 2),
    }
}

/// The last points, at most as many as can be told apart.
fn recent(points: &BTreeMap<Date, MetricPoint>) -> Vec<(Date, f64)> {
    let mut recent: Vec<_> = points.iter().rev().take(POINTS_MAX).map(|(day, it)| (*day, it.value)).collect();
    recent.reverse();
    recent
}

fn path(points: &[(Date, f64)], scale: &Scale) -> String {
    let steps: Vec<_> =
        points.iter().map(|(day, value)| format!("{:.1} {:.1}", scale.x(*day), scale.y(*value))).collect();
    format!("M{}", steps.join(" L"))
}

/// The chart.
#[component]
pub fn Chart(metric: Metric, marks: Vec<Mark>, today: Date) -> Element {
    let points = recent(&metric.points);
    let (Some(first), Some(last)) = (points.first().copied(), points.last().copied()) else { return rsx! {} };
    if points.len() < 2 {
        return rsx! {};
    }
    let values = points.iter().map(|it| it.1).chain(metric.target);
    let low = values.clone().fold(f64::INFINITY, f64::min);
    let high = values.fold(f64::NEG_INFINITY, f64::max);
    let air = ((high - low) * 0.15).max(high.abs() * 0.02).max(1e-6);
    let (low, high) = (low - air, high + air);
    let widest = ticks(low, high).into_iter().map(|it| short(&metric, it).chars().count()).max();
    let left = LEFT_MIN.max(widest.unwrap_or_default() as f64 * DIGIT + LABEL_AIR);
    let scale = Scale { left, from: first.0, days: days_between(first.0, last.0).max(1.0), low, high };
    let watched =
        marks.iter().filter(|it| it.is_watched && it.on > first.0 && it.on <= last.0).max_by_key(|it| it.on);
    let split = watched.map_or(points.len(), |mark| points.partition_point(|it| it.0 < mark.on));
    let before = &points[..split.max(1)];
    let after = &points[split.saturating_sub(1)..];
    let after_colour =
        if watched.is_some_and(|it| it.is_good) { "var(--sol-solid)" } else { "var(--metric-solid)" };
    let middle = points[points.len() / 2].0;
    let bottom = HEIGHT - BOTTOM;
    let end = if last.0 == today { "Today".to_owned() } else { format::day(last.0, today) };
    let label = format!(
        "{}: {} on {}, {} on {}.",
        metric.name,
        format::metric_value(&metric, first.1),
        format::day(first.0, today),
        format::metric_value(&metric, last.1),
        format::day(last.0, today)
    );
    let shown: Vec<&Mark> = marks.iter().filter(|it| it.on >= first.0 && it.on <= last.0).collect();
    rsx! {
        svg { class: "chart", view_box: "0 0 {WIDTH} {HEIGHT}", role: "img", "aria-label": "{label}",
            for tick in ticks(scale.low, scale.high) {
                path { key: "{tick}", d: "M{left} {scale.y(tick):.1}H{WIDTH - RIGHT}", stroke: "var(--grid)" }
                text { class: "ax", x: "{left - 7.0}", y: "{scale.y(tick) + 3.5:.1}", text_anchor: "end", {short(&metric, tick)} }
            }
            if let Some(target) = metric.target {
                path { d: "M{left} {scale.y(target):.1}H{WIDTH - RIGHT}", stroke: "var(--text-3)", stroke_dasharray: "3 3" }
                text { class: "ax", x: "{left + 2.0}", y: "{scale.y(target) - 4.0:.1}", "Target {short(&metric, target)}" }
            }
            if let Some(mark) = watched {
                rect {
                    x: "{scale.x(mark.on):.1}",
                    y: "{TOP}",
                    width: "{(WIDTH - RIGHT - scale.x(mark.on)).max(0.0):.1}",
                    height: "{bottom - TOP}",
                    fill: if mark.is_good { "var(--good-bg)" } else { "var(--sunken)" },
                }
            }
            for mark in shown {
                {
                    let x = scale.x(mark.on);
                    let is_right = x > WIDTH / 2.0;
                    rsx! {
                        path {
                            key: "m{mark.what}",
                            d: "M{x:.1} {TOP}V{bottom}",
                            stroke: if mark.is_watched { after_colour } else { "var(--line-3)" },
                            stroke_width: if mark.is_watched { "1.2" } else { "1" },
                            stroke_dasharray: if !mark.is_watched { "2 2" },
                        }
                        circle { cx: "{x:.1}", cy: "{bottom}", r: "2.8", fill: if mark.is_watched { after_colour } else { "var(--text-3)" } }
                        text {
                            class: "an",
                            x: if is_right { "{x - 6.0:.1}" } else { "{x + 6.0:.1}" },
                            y: "{bottom - 6.0}",
                            text_anchor: if is_right { "end" } else { "start" },
                            "{mark.what}"
                        }
                    }
                }
            }
            path { d: path(before, &scale), fill: "none", stroke: "var(--metric-solid)", stroke_width: "1.6", stroke_linejoin: "round" }
            if after.len() > 1 {
                path { d: path(after, &scale), fill: "none", stroke: after_colour, stroke_width: "2", stroke_linejoin: "round" }
            }
            circle {
                cx: "{scale.x(last.0):.1}",
                cy: "{scale.y(last.1):.1}",
                r: "3",
                fill: after_colour,
                stroke: "var(--surface)",
                stroke_width: "1.5",
            }
            text { class: "ax", x: "{left}", y: "{HEIGHT - 5.0}", {format::day(first.0, today)} }
            text { class: "ax", x: "{scale.x(middle):.1}", y: "{HEIGHT - 5.0}", text_anchor: "middle", {format::day(middle, today)} }
            text { class: "ax", x: "{WIDTH - RIGHT}", y: "{HEIGHT - 5.0}", text_anchor: "end", "{end}" }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grid_lines_stand_at_round_values() {
        for (low, high, expected) in [(0.29, 0.64, vec![0.4, 0.6]), (0.0, 30.0, vec![0.0, 10.0, 20.0, 30.0])]
        {
            let found = ticks(low, high);
            assert_eq!(found.len(), expected.len(), "{found:?}");
            assert!(found.iter().zip(&expected).all(|(a, b)| (a - b).abs() < 1e-9), "{found:?}");
        }
        assert!(ticks(5.0, 5.0).len() <= 8);
    }
}
