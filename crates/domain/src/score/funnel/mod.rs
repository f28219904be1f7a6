//! The funnel: how many come to each step, how many stop before it, and whether that moved.
//!
//! It reads the metrics that count a step's entrants ([`MetricPurpose::StepEntrants`]) and nothing
//! else. All steps are read in one window; the one before it has equal length and no day in common.
//!
//! - Conversion into a step = entrants of the step / entrants of the measured step before it.
//! - Drop-off = 1 − conversion: the share that stops between the two. It belongs to the step that is
//!   not reached, as the step's target does.
//! - Change = conversion − conversion in the window before, with its 95 % interval
//!   ([`newcombe`]). Where fewer than the metric's `min_n` came to the step before, in either
//!   window, there is no change to speak of, and no judgement on the target either.
//! - Below target: conversion is more than [`TARGET_SLACK`] under the step's target.
//! - Largest leak: the step below target before which most stop; if none is, the step before which
//!   most stop at all.
//!
//! A step without numbers is a gap and says why; the next step is then compared across it. Optional
//! steps lose nobody: those who leave them out come again at the next step.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::interval::{Interval, Proportion, Sign, newcombe};
use super::window::{Window, plus_days, window_days};
use crate::board::{Board, BoardIndex};
use crate::entity::{Metric, MetricPurpose, MetricState, Step, StepLifecycle};
use crate::id::{MetricId, StepId};
use crate::kind::ItemKind;

/// How far conversion may lie under its target before the step counts as below it: five points. A
/// target is a round number; a step a point short of it is no alarm.
pub const TARGET_SLACK: f64 = 0.05;

/// The whole funnel, ready for drawing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Funnel {
    /// The days that the numbers cover; `None` if no step has numbers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<Window>,
    /// Whether that window is not over yet, because none is.
    pub is_running: bool,
    /// The days that changes are measured against.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Window>,
    /// Every step as shown, gaps included.
    pub steps: Vec<FunnelStep>,
}

/// One step of the funnel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FunnelStep {
    /// Which step.
    pub step: StepId,
    /// The metric that counts its entrants.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metric: Option<MetricId>,
    /// Users or accounts that enter the step in the window.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entrants: Option<f64>,
    /// Why there are none to show.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gap: Option<Gap>,
    /// Entrants / entrants of the first measured step: the ribbon's thickness.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of_first: Option<f64>,
    /// The measured step that conversion is counted from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<StepId>,
    /// Whether steps without numbers lie between the two.
    pub spans_gap: bool,
    /// Share of those at `from` that enter this step, 0 to 1. `None` also where more enter than were
    /// there: then not all of them came that way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversion: Option<f64>,
    /// How many stop before this step; `None` where nobody can be lost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lost: Option<f64>,
    /// What conversion should be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<f64>,
    /// More than five points under its target, with enough cases to say so.
    pub is_below_target: bool,
    /// Here the journey loses most.
    pub is_largest_leak: bool,
    /// Against the window before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<ConversionChange>,
}

impl FunnelStep {
    /// Share of those at the measured step before that stop before this one.
    pub fn drop_off(&self) -> Option<f64> {
        self.conversion.map(|it| 1.0 - it)
    }

    /// Whether conversion fell for certain.
    pub fn has_fallen(&self) -> bool {
        matches!(self.change, Some(ConversionChange::Measured { sign: Some(Sign::Below), .. }))
    }
}

/// Why a step has no numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gap {
    /// No metric counts its entrants.
    NoMetric,
    /// Its metric has no value for the window.
    NoValue,
    /// Its metric covers other spans of days than the rest of the funnel.
    OtherWindow,
    /// Customers no longer take it.
    Retired,
}

/// How conversion compares with the window before.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum ConversionChange {
    /// There are no comparable numbers from before.
    NoBefore,
    /// Fewer cases than a comparison needs.
    NotEnough {
        /// Cases on the smaller side.
        n: f64,
        /// Cases needed.
        min_n: u32,
    },
    /// Compared.
    Measured {
        /// Conversion in the window before.
        before: f64,
        /// Now minus before.
        difference: f64,
        /// 95 % interval of the difference.
        interval: Interval,
        /// Which way it moved; nothing while the interval holds zero.
        sign: Option<Sign>,
    },
}

/// Reads the funnel as of `today`, for `steps` in the order in which customers take them.
///
/// Work: one look-up per step and candidate day, at most a window's length of those.
pub fn funnel(board: &Board, index: &BoardIndex, steps: &[&Step], today: Date) -> Funnel {
    let metrics: Vec<_> = steps.iter().map(|it| entrants_metric(board, index, it)).collect();
    let days = common_days(&metrics);
    let of_length: Vec<&Metric> =
        metrics.iter().flatten().copied().filter(|it| window_days(it) == days).collect();
    let Some((from, is_running)) = latest_start(&of_length, days, today) else {
        let steps = steps.iter().zip(&metrics).map(|(step, metric)| blank(step, *metric, days)).collect();
        return Funnel { steps, ..Funnel::default() };
    };
    let before = start_before(&of_length, days, from);

    let mut drawn: Vec<FunnelStep> = Vec::with_capacity(steps.len());
    let mut run = Run { from, before, days, first: None, last: None, has_gap: false };
    for (step, metric) in steps.iter().zip(&metrics) {
        drawn.push(run.next(step, *metric));
    }
    mark_largest_leak(&mut drawn);
    let window = |from| Window { from, days };
    Funnel { window: Some(window(from)), is_running, before: before.map(window), steps: drawn }
}

/// The first metric on the step that counts its entrants.
fn entrants_metric<'a>(board: &'a Board, index: &BoardIndex, step: &Step) -> Option<&'a Metric> {
    let metrics =
        index.cell(step.id, ItemKind::Metric).iter().filter_map(|it| board.metrics.get(&it.id.into()));
    metrics
        .filter(|it| it.purpose == MetricPurpose::StepEntrants && it.state != MetricState::Retired)
        .min_by_key(|it| it.points.is_empty())
}

/// The span that most metrics cover; the longer one of two that are as frequent.
fn common_days(metrics: &[Option<&Metric>]) -> u16 {
    let mut seen: BTreeMap<u16, usize> = BTreeMap::new();
    for metric in metrics.iter().flatten().filter(|it| !it.points.is_empty()) {
        *seen.entry(window_days(metric)).or_default() += 1;
    }
    seen.into_iter().max_by_key(|(days, count)| (*count, *days)).map_or(0, |(days, _)| days)
}

/// Where the window to show begins, and whether it still runs.
///
/// The newest window that is over, or the one before it where more steps have values for that: so a
/// step that comes late does not vanish, and one that has fallen silent does not hold the rest back.
/// If none is over yet, the newest that runs.
fn latest_start(metrics: &[&Metric], days: u16, today: Date) -> Option<(Date, bool)> {
    let last_over = plus_days(today, 1 - i64::from(days));
    let newest = |until: Date| {
        metrics.iter().filter_map(|it| it.points.range(..=until).next_back()).map(|it| *it.0).max()
    };
    let (newest, is_running) = match newest(last_over) {
        Some(newest) => (newest, false),
        None => (newest(today)?, true),
    };
    best_covered(metrics, plus_days(newest, -i64::from(days)), newest).map(|it| (it, is_running))
}

/// Where the window before begins: it ends before `from`, and less than its length before.
fn start_before(metrics: &[&Metric], days: u16, from: Date) -> Option<Date> {
    let days = i64::from(days);
    best_covered(metrics, plus_days(from, 1 - 2 * days), plus_days(from, -days))
}

/// The day from `first` to `last` on which most metrics have a value; the latest of equals.
fn best_covered(metrics: &[&Metric], first: Date, last: Date) -> Option<Date> {
    let mut covered: BTreeMap<Date, usize> = BTreeMap::new();
    for metric in metrics {
        for day in metric.points.range(first..=last).map(|it| *it.0) {
            *covered.entry(day).or_default() += 1;
        }
    }
    covered.into_iter().max_by_key(|(day, count)| (*count, *day)).map(|it| it.0)
}

fn entrants_on(metric: &Metric, from: Date) -> Option<f64> {
    metric.points.get(&from).map(|it| it.value).filter(|it| it.is_finite() && *it >= 0.0)
}

fn blank(step: &Step, metric: Option<&Metric>, days: u16) -> FunnelStep {
    let gap = match metric {
        _ if step.lifecycle == StepLifecycle::Retired => Gap::Retired,
        None => Gap::NoMetric,
        Some(metric) if !metric.points.is_empty() && window_days(metric) != days => Gap::OtherWindow,
        Some(_) => Gap::NoValue,
    };
    FunnelStep {
        step: step.id,
        metric: metric.map(|it| it.id),
        entrants: None,
        gap: Some(gap),
        of_first: None,
        from: None,
        spans_gap: false,
        conversion: None,
        lost: None,
        target: step.target_conversion,
        is_below_target: false,
        is_largest_leak: false,
        change: None,
    }
}

/// A step that others are counted from.
#[derive(Clone, Copy)]
struct Measured {
    step: StepId,
    now: f64,
    before: Option<f64>,
    min_n: u32,
}

/// Goes along the steps and keeps the last one that the next is counted from.
struct Run {
    from: Date,
    before: Option<Date>,
    days: u16,
    first: Option<f64>,
    last: Option<Measured>,
    has_gap: bool,
}

impl Run {
    fn next(&mut self, step: &Step, metric: Option<&Metric>) -> FunnelStep {
        let mut drawn = blank(step, metric, self.days);
        if drawn.gap == Some(Gap::Retired) {
            return drawn;
        }
        let usable = metric.filter(|it| window_days(it) == self.days);
        let Some((metric, now)) = usable.and_then(|it| Some((it, entrants_on(it, self.from)?))) else {
            self.has_gap |= !step.is_optional;
            return drawn;
        };
        let here = Measured {
            step: step.id,
            now,
            before: self.before.and_then(|it| entrants_on(metric, it)),
            min_n: metric.min_n(),
        };
        (drawn.entrants, drawn.gap) = (Some(now), None);
        let first = *self.first.get_or_insert(now);
        drawn.of_first = (first > 0.0).then(|| now / first);
        if let Some(last) = self.last {
            self.compare(&mut drawn, last, here, step);
        }
        if !step.is_optional {
            (self.last, self.has_gap) = (Some(here), false);
        }
        drawn
    }

    fn compare(&self, drawn: &mut FunnelStep, last: Measured, here: Measured, step: &Step) {
        let min_n = last.min_n.max(here.min_n);
        (drawn.from, drawn.spans_gap) = (Some(last.step), self.has_gap);
        drawn.conversion = Proportion::new(here.now, last.now).map(Proportion::share);
        drawn.lost = (!step.is_optional).then(|| (last.now - here.now).max(0.0));
        drawn.change = Some(change(last, here, min_n));
        // A target is set against the step just before: across a gap it cannot be judged.
        let is_judged = !self.has_gap && last.now >= f64::from(min_n);
        drawn.is_below_target = match (drawn.conversion, step.target_conversion) {
            (Some(is), Some(target)) => is_judged && is < target - TARGET_SLACK - f64::EPSILON,
            _ => false,
        };
    }
}

fn change(last: Measured, here: Measured, min_n: u32) -> ConversionChange {
    let (Some(last_before), Some(here_before)) = (last.before, here.before) else {
        return ConversionChange::NoBefore;
    };
    let n = last.now.min(last_before);
    if n < f64::from(min_n) {
        return ConversionChange::NotEnough { n, min_n };
    }
    let sides = Proportion::new(here.now, last.now).zip(Proportion::new(here_before, last_before));
    let Some((now, before)) = sides else { return ConversionChange::NoBefore };
    let interval = newcombe(now, before);
    ConversionChange::Measured {
        before: before.share(),
        difference: now.share() - before.share(),
        interval,
        sign: interval.sign(),
    }
}

fn mark_largest_leak(steps: &mut [FunnelStep]) {
    let leaks = || (0..steps.len()).filter(|at| steps[*at].lost.is_some_and(|it| it > 0.0));
    let most = |a: &usize, b: &usize| {
        let lost = |at: usize| steps[at].lost.unwrap_or(0.0);
        // The earlier of equals: whoever stops there never sees the later one.
        lost(*a).total_cmp(&lost(*b)).then(b.cmp(a))
    };
    let worst = leaks().filter(|at| steps[*at].is_below_target).max_by(most).or_else(|| leaks().max_by(most));
    if let Some(at) = worst {
        steps[at].is_largest_leak = true;
    }
}

#[cfg(test)]
mod tests;
