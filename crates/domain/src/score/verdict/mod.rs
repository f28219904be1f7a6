//! The verdict: whether a metric moved after a fix shipped. “Moved after”, never “caused by”.
//!
//! - Before: full weeks (4 by default) up to the day before the ship. After: as many full weeks from
//!   the ship plus its settle time (3 days by default). Both hold every weekday equally often.
//! - Rates: hits and cases of each side are added up; Newcombe's interval of the difference
//!   ([`newcombe`]). Means, durations and scores: the case-weighted mean of the points, counts and
//!   sums of money: the plain mean; bootstrap interval of the difference ([`mean_difference`]).
//! - Improved or worse if the 95 % interval lies on one side of zero, seen from the metric's better
//!   direction; no change if it holds zero; not enough if either side has fewer cases than the
//!   metric's `min_n`, too few points to draw from, or not even a week of them. If something else
//!   changed from the first day to the last, the verdict is *confounded*, whatever the interval says.
//! - It is computed once, when the after-window is over. Any earlier look is marked interim: looking
//!   daily until it fits finds a “change” in far more than 5 % of cases where there is none.
//!
//! Points are taken as independent, each case as counted in one point. Invariant: of overlapping
//! points one is used.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::bootstrap::{RESAMPLES, Sample, SplitMix64, mean, mean_difference, mean_interval};
use super::interval::{Interval, Proportion, Sign, newcombe, wilson};
use super::window::{Window, days_between, plus_days, window_days};
use crate::entity::{Direction, Metric, MetricFormula, MetricPoint, Verdict, VerdictOutcome, VerdictWindow};
use crate::id::{MetricId, SolutionId, VerdictId};
use crate::time::Timestamp;

/// Fewest points a side for a bootstrap interval: with fewer, redrawing shows too little of how much
/// points vary, and intervals come out too narrow.
pub const BOOTSTRAP_POINTS_MIN: usize = 8;

/// Fewest days a side must have numbers for: a week, so that every weekday is in it.
pub const COVERED_DAYS_MIN: u32 = 7;

/// How long to look before and after a ship.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerdictPlan {
    /// Full weeks on each side, at least 1.
    pub weeks: u16,
    /// Days after the ship that are left out, while the change reaches people.
    pub settle_days: u16,
}

impl Default for VerdictPlan {
    fn default() -> Self {
        Self { weeks: 4, settle_days: 3 }
    }
}

/// Something else that changed: another release, a new price, a new definition of the metric.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Confounder {
    /// When.
    pub on: Date,
    /// What, in a few words.
    pub what: String,
}

/// What the numbers say, with everything it rests on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Judgement {
    /// The metric that was watched.
    pub metric: MetricId,
    /// When the fix shipped.
    pub shipped_at: Timestamp,
    /// Before; `None` without numbers.
    pub before: Option<VerdictWindow>,
    /// After; `None` without numbers.
    pub after: Option<VerdictWindow>,
    /// After minus before, in the metric's unit.
    pub difference: Option<f64>,
    /// 95 % interval of the difference; `None` while there is not enough.
    pub interval: Option<Interval>,
    /// In one word.
    pub outcome: VerdictOutcome,
    /// What else changed.
    pub confounders: BTreeSet<String>,
    /// Whether the after-window still runs.
    pub is_interim: bool,
    /// The first day on which the verdict is final.
    pub due: Date,
    /// Everything since the day of the ship, settle time included, while there is enough.
    pub since_ship: Option<SinceShip>,
}

/// A metric's value since a ship, for watching while the verdict is out.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct SinceShip {
    /// The value, in the metric's unit.
    pub value: f64,
    /// Cases.
    pub n: f64,
    /// 95 % interval of the value: Wilson's for rates, else bootstrap.
    pub interval: Interval,
}

impl Judgement {
    /// The verdict to keep. Its summary is for people to write.
    pub fn into_verdict(self, id: VerdictId, solution: SolutionId) -> Verdict {
        Verdict {
            solution: Some(solution),
            metric: Some(self.metric),
            shipped_at: Some(self.shipped_at),
            before: self.before,
            after: self.after,
            low: self.interval.map(|it| it.low),
            high: self.interval.map(|it| it.high),
            outcome: self.outcome,
            confounders: self.confounders,
            is_interim: self.is_interim,
            ..Verdict::new(id)
        }
    }
}

/// Judges whether `metric` moved after the ship.
///
/// `confounders` are all known changes; those outside the windows are ignored. `random` is used for
/// means alone; seed it from the solution, so that every device comes to the same interval.
///
/// Work: one pass over the points in the windows, and for means [`RESAMPLES`] draws of each.
pub fn judge(
    metric: &Metric,
    shipped_at: Timestamp,
    plan: VerdictPlan,
    confounders: &[Confounder],
    now: Timestamp,
    random: &mut SplitMix64,
) -> Judgement {
    let (ship, today) = (shipped_at.date(), now.date());
    let before = before_window(metric, ship, plan);
    let after = after_window(metric, ship, plan);
    let sides = (side(metric, before, today), side(metric, after, today));
    let interval = sides.0.as_ref().zip(sides.1.as_ref()).and_then(|(before, after)| {
        let is_enough = before.is_enough(metric) && after.is_enough(metric);
        is_enough.then(|| after.minus(before, random)).flatten()
    });
    let inside: BTreeSet<String> = confounders
        .iter()
        .filter(|it| before.from <= it.on && it.on <= after.to())
        .map(|it| it.what.clone())
        .collect();
    let shown = |side: &Option<Side>| side.as_ref().map(Side::shown);
    Judgement {
        metric: metric.id,
        shipped_at,
        difference: sides.0.as_ref().zip(sides.1.as_ref()).map(|(before, after)| after.value - before.value),
        before: shown(&sides.0),
        after: shown(&sides.1),
        interval,
        outcome: outcome(interval, metric.direction, !inside.is_empty()),
        confounders: inside,
        is_interim: today <= after.to(),
        due: plus_days(after.to(), 1),
        since_ship: since_ship(metric, ship, today, random),
    }
}

fn outcome(interval: Option<Interval>, better: Direction, is_confounded: bool) -> VerdictOutcome {
    let Some(interval) = interval else { return VerdictOutcome::NotEnough };
    match (interval.sign(), better) {
        _ if is_confounded => VerdictOutcome::Confounded,
        (None, _) => VerdictOutcome::NoChange,
        (Some(Sign::Above), Direction::Up) | (Some(Sign::Below), Direction::Down) => VerdictOutcome::Improved,
        (Some(Sign::Above), Direction::Down) | (Some(Sign::Below), Direction::Up) => VerdictOutcome::Worse,
    }
}

/// Days of a window: the plan's weeks, or one point's span where that is longer.
fn length(metric: &Metric, plan: VerdictPlan) -> u16 {
    plan.weeks.clamp(1, 520).saturating_mul(7).max(window_days(metric))
}

/// The window that ends with the last point that is over before the ship. A day without a value does
/// not move it; a weekly point that holds the ship does.
fn before_window(metric: &Metric, ship: Date, plan: VerdictPlan) -> Window {
    let (days, span) = (length(metric, plan), i64::from(window_days(metric)));
    let last_start = metric.points.range(..=plus_days(ship, -span)).next_back().map(|it| *it.0);
    let end = last_start.map(|it| plus_days(it, span - 1)).filter(|it| days_between(*it, ship) <= span);
    let end = end.unwrap_or_else(|| plus_days(ship, -1));
    Window { from: plus_days(end, 1 - i64::from(days)), days }
}

/// The window that begins with the first point after the settle time.
fn after_window(metric: &Metric, ship: Date, plan: VerdictPlan) -> Window {
    let (days, span) = (length(metric, plan), i64::from(window_days(metric)));
    let earliest = plus_days(ship, i64::from(plan.settle_days));
    let first_start = metric.points.range(earliest..).next().map(|it| *it.0);
    let from = first_start.filter(|it| days_between(earliest, *it) < span).unwrap_or(earliest);
    Window { from, days }
}

/// One side of the comparison, added up.
struct Side {
    window: Window,
    value: f64,
    /// Cases; 0 where they are unknown.
    n: f64,
    covered_days: u32,
    numbers: Numbers,
}

enum Numbers {
    Rate(Proportion),
    Mean(Vec<Sample>),
}

impl Side {
    fn is_enough(&self, metric: &Metric) -> bool {
        let has_points = match &self.numbers {
            Numbers::Rate(_) => true,
            Numbers::Mean(samples) => samples.len() >= BOOTSTRAP_POINTS_MIN,
        };
        has_points && self.n >= f64::from(metric.min_n()) && self.covered_days >= COVERED_DAYS_MIN
    }

    fn minus(&self, before: &Side, random: &mut SplitMix64) -> Option<Interval> {
        match (&self.numbers, &before.numbers) {
            (Numbers::Rate(now), Numbers::Rate(before)) => Some(newcombe(*now, *before)),
            (Numbers::Mean(now), Numbers::Mean(before)) => mean_difference(now, before, RESAMPLES, random),
            (Numbers::Rate(_), Numbers::Mean(_)) | (Numbers::Mean(_), Numbers::Rate(_)) => None,
        }
    }

    fn shown(&self) -> VerdictWindow {
        VerdictWindow {
            from: self.window.from,
            to: self.window.to(),
            value: self.value,
            n: self.n.round() as u64,
        }
    }
}

/// Adds up the points that lie wholly in the window and are over; `None` if there are none.
fn side(metric: &Metric, window: Window, today: Date) -> Option<Side> {
    let span = window_days(metric);
    let mut free_from = window.from;
    let mut points = Vec::new();
    for (from, point) in metric.points.range(window.from..=window.to()) {
        let covers = Window { from: *from, days: span };
        if *from >= free_from && window.holds(covers) && covers.to() < today {
            points.push(*point);
            free_from = plus_days(covers.to(), 1);
        }
    }
    let (value, n, numbers, used) = match metric.formula {
        MetricFormula::Rate => {
            let rates: Vec<_> = points.iter().filter_map(rate).collect();
            let (hits, n) = rates.iter().fold((0.0, 0.0), |sum, it| (sum.0 + it.0, sum.1 + it.1));
            let proportion = Proportion::new(hits, n)?;
            (proportion.share(), n, Numbers::Rate(proportion), rates.len())
        }
        MetricFormula::Count
        | MetricFormula::Mean
        | MetricFormula::Duration
        | MetricFormula::Money
        | MetricFormula::Score => {
            let samples: Vec<_> = points.iter().filter_map(|it| sample(metric.formula, it)).collect();
            let n = points.iter().map(|it| cases(metric.formula, it)).sum();
            let used = samples.len();
            (mean(&samples)?, n, Numbers::Mean(samples), used)
        }
    };
    let covered_days = u32::from(span).saturating_mul(used as u32);
    Some(Side { window, value, n, covered_days, numbers })
}

/// Hits and cases of a rate's point; the value times the cases where only those were kept.
fn rate(point: &MetricPoint) -> Option<(f64, f64)> {
    let (hits, n) = match (point.numerator, point.denominator, point.n) {
        (Some(hits), Some(n), _) => (hits, n),
        (_, _, Some(n)) => (point.value * n as f64, n as f64),
        _ => return None,
    };
    Proportion::new(hits, n).map(|_| (hits, n))
}

/// A point to draw. Means weigh as many cases as they rest on; counts and sums stand for a day each.
fn sample(formula: MetricFormula, point: &MetricPoint) -> Option<Sample> {
    let is_mean = !matches!(formula, MetricFormula::Count | MetricFormula::Money);
    let weight = if is_mean { point.n? as f64 } else { 1.0 };
    (point.value.is_finite() && weight > 0.0).then_some(Sample { value: point.value, weight })
}

/// Cases that a point rests on. A count is its own number of cases.
fn cases(formula: MetricFormula, point: &MetricPoint) -> f64 {
    match (point.n, formula) {
        (Some(n), _) => n as f64,
        (None, MetricFormula::Count) => point.value.max(0.0),
        (None, _) => 0.0,
    }
}

fn since_ship(metric: &Metric, ship: Date, today: Date, random: &mut SplitMix64) -> Option<SinceShip> {
    let days = u16::try_from(days_between(ship, today)).ok()?;
    let since =
        side(metric, Window { from: ship, days }, today).filter(|it| it.n >= f64::from(metric.min_n()))?;
    let interval = match &since.numbers {
        Numbers::Rate(proportion) => wilson(*proportion),
        Numbers::Mean(samples) if samples.len() >= BOOTSTRAP_POINTS_MIN => {
            mean_interval(samples, RESAMPLES, random)?
        }
        Numbers::Mean(_) => return None,
    };
    Some(SinceShip { value: since.value, n: since.n, interval })
}

#[cfg(test)]
mod tests;
