//! Promises of the verdict, and how often it is wrong.

use jiff::civil::date;

use super::*;
use crate::entity::MetricState;
use crate::score::fixture::NOW;
use crate::score::interval::cases_needed;

/// Monday, 29 September 2025, noon; the after-window ends on 29 October.
const SHIP: Timestamp = Timestamp(1_759_147_200_000);

fn metric(formula: MetricFormula, window_days: u16) -> Metric {
    Metric { formula, window_days, state: MetricState::Active, ..Metric::new(MetricId::from_parts(0, 1)) }
}

/// A rate with so many hits of so many cases a day on either side of the ship.
fn daily_rate(before: (f64, f64), after: (f64, f64)) -> Metric {
    let mut metric = metric(MetricFormula::Rate, 1);
    for day in -40..=50 {
        let (hits, n) = if day < 0 { before } else { after };
        let point = MetricPoint {
            value: hits / n,
            numerator: Some(hits),
            denominator: Some(n),
            ..MetricPoint::default()
        };
        metric.points.insert(plus_days(SHIP.date(), day), point);
    }
    metric
}

fn judged(metric: &Metric, confounders: &[Confounder], now: Timestamp) -> Judgement {
    judge(metric, SHIP, VerdictPlan::default(), confounders, now, &mut SplitMix64::seeded(1))
}

fn days_after_ship(days: i64) -> Timestamp {
    Timestamp(SHIP.0 + days * Timestamp::DAY_MILLIS)
}

/// 28 · 16 of 28 · 40 against 28 · 20.8 of 28 · 40, that is 448 and 582.4 of 1,120: the interval from
/// statsmodels 0.15, method “newcomb”.
#[test]
fn a_rate_is_compared_over_four_full_weeks_either_side() {
    let found = judged(&daily_rate((16.0, 40.0), (20.8, 40.0)), &[], NOW);
    let (before, after) = (found.before.unwrap(), found.after.unwrap());
    assert_eq!((before.from, before.to), (date(2025, 9, 1), date(2025, 9, 28)));
    assert_eq!((after.from, after.to), (date(2025, 10, 2), date(2025, 10, 29)));
    assert_eq!((before.n, after.n), (1120, 1120));
    assert!((before.value - 0.4).abs() < 1e-12 && (after.value - 0.52).abs() < 1e-12);
    let interval = found.interval.unwrap();
    assert!((interval.low - 0.078_801_155_3).abs() < 1e-9, "{interval:?}");
    assert!((interval.high - 0.160_622_578_0).abs() < 1e-9, "{interval:?}");
    assert_eq!((found.outcome, found.is_interim), (VerdictOutcome::Improved, false));
}

#[test]
fn the_outcome_follows_the_better_direction() {
    use VerdictOutcome::{Improved, NoChange, NotEnough, Worse};
    for (before, after, direction, outcome) in [
        ((16.0, 40.0), (21.0, 40.0), Direction::Up, Improved),
        ((16.0, 40.0), (21.0, 40.0), Direction::Down, Worse),
        ((16.0, 40.0), (12.0, 40.0), Direction::Up, Worse),
        ((16.0, 40.0), (12.0, 40.0), Direction::Down, Improved),
        ((16.0, 40.0), (16.5, 40.0), Direction::Up, NoChange),
        ((1.0, 3.5), (3.0, 3.5), Direction::Up, NotEnough),
        ((1.0, 3.6), (3.0, 3.6), Direction::Up, Improved),
    ] {
        let metric = Metric { direction, ..daily_rate(before, after) };
        assert_eq!(judged(&metric, &[], NOW).outcome, outcome, "{before:?}, {after:?}, {direction:?}");
    }
}

#[test]
fn what_else_changed_in_the_windows_confounds() {
    let metric = daily_rate((16.0, 40.0), (21.0, 40.0));
    for (on, outcome) in [
        (date(2025, 8, 31), VerdictOutcome::Improved),
        (date(2025, 9, 1), VerdictOutcome::Confounded),
        (date(2025, 9, 30), VerdictOutcome::Confounded),
        (date(2025, 10, 29), VerdictOutcome::Confounded),
        (date(2025, 10, 30), VerdictOutcome::Improved),
    ] {
        let found = judged(&metric, &[Confounder { on, what: "New prices".into() }], NOW);
        assert_eq!(found.outcome, outcome, "{on}");
        assert_eq!(found.confounders.contains("New prices"), outcome == VerdictOutcome::Confounded);
    }
    let few = daily_rate((1.0, 2.0), (2.0, 2.0));
    let found = judged(&few, &[Confounder { on: date(2025, 10, 1), what: "New prices".into() }], NOW);
    assert_eq!((found.outcome, found.confounders.len()), (VerdictOutcome::NotEnough, 1));
}

#[test]
fn an_early_look_is_interim_and_sees_only_days_that_are_over() {
    let metric = daily_rate((16.0, 40.0), (21.0, 40.0));
    for (days, n, outcome, is_interim) in [
        (3, None, VerdictOutcome::NotEnough, true),
        (9, Some(240), VerdictOutcome::NotEnough, true),
        (10, Some(280), VerdictOutcome::Improved, true),
        (30, Some(1080), VerdictOutcome::Improved, true),
        (31, Some(1120), VerdictOutcome::Improved, false),
        (60, Some(1120), VerdictOutcome::Improved, false),
    ] {
        let found = judged(&metric, &[], days_after_ship(days));
        assert_eq!(
            (found.after.map(|it| it.n), found.outcome, found.is_interim),
            (n, outcome, is_interim),
            "{days}"
        );
        assert_eq!(found.due, date(2025, 10, 30));
    }
}

/// 63 of 120 in three days: Wilson's limits from statsmodels 0.15.
#[test]
fn the_value_since_the_ship_shows_while_the_verdict_is_out() {
    let metric = daily_rate((16.0, 40.0), (21.0, 40.0));
    let since = judged(&metric, &[], days_after_ship(3)).since_ship.unwrap();
    assert_eq!((since.value, since.n), (0.525, 120.0));
    assert!((since.interval.low - 0.436_269_953_1).abs() < 1e-9, "{since:?}");
    assert!((since.interval.high - 0.612_179_088_6).abs() < 1e-9, "{since:?}");
    assert_eq!(judged(&metric, &[], days_after_ship(2)).since_ship, None, "80 cases are too few");
    assert_eq!(judged(&metric, &[], days_after_ship(-5)).since_ship, None);
}

#[test]
fn weekly_points_keep_their_weeks() {
    // Weeks begin on Thursdays: the one with the ship, 25 September to 1 October, is on neither side.
    let mut metric = metric(MetricFormula::Rate, 7);
    for week in -8..=8_i64 {
        let hits = if week < 0 { 40.0 } else { 60.0 };
        let point = MetricPoint { numerator: Some(hits), denominator: Some(100.0), ..MetricPoint::default() };
        metric.points.insert(plus_days(date(2025, 9, 25), 7 * week), point);
    }
    let found = judged(&metric, &[], NOW);
    let (before, after) = (found.before.unwrap(), found.after.unwrap());
    assert_eq!((before.from, before.to, before.n), (date(2025, 8, 28), date(2025, 9, 24), 400));
    assert_eq!((after.from, after.to, after.n), (date(2025, 10, 2), date(2025, 10, 29), 400));
    assert_eq!((before.value, after.value), (0.4, 0.6));
}

#[test]
fn overlapping_points_count_each_day_once() {
    // Written down every day for the span that begins with it.
    for (span, n) in [(28, 100), (14, 200), (7, 400), (1, 2_800)] {
        let mut metric = metric(MetricFormula::Rate, span);
        for day in 0..120 {
            let point =
                MetricPoint { numerator: Some(50.0), denominator: Some(100.0), ..MetricPoint::default() };
            metric.points.insert(plus_days(date(2025, 8, 1), day), point);
        }
        let found = judged(&metric, &[], NOW);
        assert_eq!((found.before.unwrap().n, found.after.unwrap().n), (n, n), "{span}");
    }
}

#[test]
fn a_rate_without_hits_is_taken_from_its_value_and_one_without_cases_not_at_all() {
    let of = |n: Option<u64>, denominator: Option<f64>| {
        let mut metric = daily_rate((16.0, 40.0), (20.0, 40.0));
        for point in metric.points.values_mut() {
            (point.n, point.numerator, point.denominator) = (n, denominator.map(|_| 60.0), denominator);
        }
        judged(&metric, &[], NOW).before.map(|it| (it.n, it.value))
    };
    assert_eq!(of(Some(40), None), Some((1120, 0.4)));
    assert_eq!(of(None, None), None);
    assert_eq!(of(None, Some(50.0)), None, "60 of 50 is no share");
}

/// A metric with the mean of `n` cases a day; `value` gives each day's.
fn daily_mean(formula: MetricFormula, n: Option<u64>, mut value: impl FnMut(i64) -> f64) -> Metric {
    let mut metric = metric(formula, 1);
    for day in -31..=31 {
        let point = MetricPoint { value: value(day), n, ..MetricPoint::default() };
        metric.points.insert(plus_days(SHIP.date(), day), point);
    }
    metric
}

#[test]
fn means_durations_and_counts_are_compared_by_drawing() {
    use VerdictOutcome::{Improved, NoChange, NotEnough};
    // A saw of −3 to 3 around the level, as weekdays make it.
    let saw = |day: i64| f64::from(day.rem_euclid(7) as i32 - 3);
    let shift = |by: f64| move |day: i64| 60.0 + saw(day) - if day < 0 { 0.0 } else { by };
    for (formula, n, by, outcome) in [
        (MetricFormula::Duration, Some(20), 5.0, Improved),
        (MetricFormula::Mean, Some(20), 0.5, NoChange),
        (MetricFormula::Score, Some(20), 5.0, Improved),
        (MetricFormula::Mean, Some(3), 5.0, NotEnough),
        (MetricFormula::Mean, None, 5.0, NotEnough),
        (MetricFormula::Count, None, 5.0, Improved),
        (MetricFormula::Money, Some(20), 5.0, Improved),
    ] {
        let metric = Metric { direction: Direction::Down, ..daily_mean(formula, n, shift(by)) };
        let found = judged(&metric, &[], NOW);
        assert_eq!(found.outcome, outcome, "{formula:?}, {n:?}, {by}: {found:?}");
        assert_eq!(found, judged(&metric, &[], NOW), "the same seed gives the same interval");
    }
}

#[test]
fn a_few_weekly_means_are_too_few_to_draw_from() {
    let mut metric = metric(MetricFormula::Mean, 7);
    for week in -6..=6_i64 {
        let point =
            MetricPoint { value: if week < 0 { 1.0 } else { 9.0 }, n: Some(90), ..MetricPoint::default() };
        metric.points.insert(plus_days(SHIP.date(), 7 * week), point);
    }
    assert_eq!(judged(&metric, &[], NOW).outcome, VerdictOutcome::NotEnough);
    let eight = VerdictPlan { weeks: 8, settle_days: 0 };
    for week in 7..=9_i64 {
        let point = MetricPoint { value: 9.0, n: Some(90), ..MetricPoint::default() };
        metric.points.insert(plus_days(SHIP.date(), 7 * week), point);
        metric.points.insert(plus_days(SHIP.date(), -7 * week), MetricPoint { value: 1.0, ..point });
    }
    let found = judge(&metric, SHIP, eight, &[], days_after_ship(90), &mut SplitMix64::seeded(1));
    assert_eq!(found.outcome, VerdictOutcome::Improved);
}

#[test]
fn a_judgement_becomes_a_verdict_with_nothing_lost() {
    let found = judged(&daily_rate((16.0, 40.0), (21.0, 40.0)), &[], NOW);
    let verdict = found.clone().into_verdict(VerdictId::from_parts(0, 5), SolutionId::from_parts(0, 6));
    assert_eq!((verdict.before, verdict.after, verdict.outcome), (found.before, found.after, found.outcome));
    assert_eq!(
        (verdict.low, verdict.high),
        (found.interval.map(|it| it.low), found.interval.map(|it| it.high))
    );
    assert_eq!((verdict.shipped_at, verdict.metric), (Some(SHIP), Some(found.metric)));
}

/// Plays a rate's days: `n` cases a day, each a hit with probability `p`.
fn played_day(n: u32, p: f64, random: &mut SplitMix64) -> (f64, f64) {
    let hits = (0..n).filter(|_| (random.draw() as f64) < p * u64::MAX as f64).count();
    (hits as f64, f64::from(n))
}

/// How often `runs` simulated ships with `n` cases a side come to “improved”.
fn improved_share(runs: usize, n: u32, before: f64, after: f64, seed: u64) -> f64 {
    let mut random = SplitMix64::seeded(seed);
    let improved = (0..runs).filter(|_| {
        let a_day = n.div_ceil(28);
        let mut metric = metric(MetricFormula::Rate, 1);
        for day in -28..=30 {
            let (hits, n) = played_day(a_day, if day < 0 { before } else { after }, &mut random);
            let point = MetricPoint { numerator: Some(hits), denominator: Some(n), ..MetricPoint::default() };
            metric.points.insert(plus_days(SHIP.date(), day), point);
        }
        judged(&metric, &[], NOW).outcome == VerdictOutcome::Improved
    });
    improved.count() as f64 / runs as f64
}

/// Where nothing changed, at most one verdict in twenty says that something got better.
#[test]
fn two_equal_series_are_seldom_called_improved() {
    for (seed, (n, share)) in (1..).zip([(112, 0.42), (560, 0.06)]) {
        let found = improved_share(2_000, n, share, share, seed);
        assert!(found <= 0.05, "{found} of 2,000 runs with {n} cases at {share}");
        // A verdict that never says so would pass as well.
        assert!(found > 0.005, "{found} of 2,000 runs with {n} cases at {share}");
    }
}

/// With the cases that five points need, four ships in five are found; three standard errors of 400
/// runs are 6 points.
#[test]
fn five_points_are_found_as_often_as_stated() {
    for (seed, (before, after)) in (11..).zip([(0.40, 0.45), (0.10, 0.15)]) {
        let n = u32::try_from(cases_needed(before, after).unwrap()).unwrap();
        let found = improved_share(400, n, before, after, seed);
        assert!((0.74..=0.87).contains(&found), "{found} of 400 runs from {before} to {after} with {n}");
    }
}

/// The same for means of skewed durations with weekdays, by drawing.
#[test]
fn two_equal_durations_are_seldom_called_improved() {
    let mut random = SplitMix64::seeded(21);
    let mut exponential = move || -((random.draw() as f64 + 1.0) / (u64::MAX as f64 + 2.0)).ln();
    let runs = 2_000;
    let improved = (0..runs).filter(|run| {
        let draw = |exponential: &mut dyn FnMut() -> f64| -> Vec<Sample> {
            let day = |day: i32, exponential: &mut dyn FnMut() -> f64| {
                let mean = (0..6).map(|_| exponential()).sum::<f64>() / 6.0;
                Sample { value: 60.0 * mean * if day % 7 < 5 { 1.0 } else { 1.3 }, weight: 6.0 }
            };
            (0..28).map(|it| day(it, exponential)).collect()
        };
        let (before, after) = (draw(&mut exponential), draw(&mut exponential));
        let found = mean_difference(&after, &before, 200, &mut SplitMix64::seeded(*run)).unwrap();
        found.sign() == Some(Sign::Below)
    });
    let share = improved.count() as f64 / runs as f64;
    assert!((0.005..=0.05).contains(&share), "{share}");
}
