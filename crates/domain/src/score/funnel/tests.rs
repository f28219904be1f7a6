//! Promises of the funnel.

use proptest::prelude::*;

use super::*;
use crate::score::fixture::{StepNumbers, World, today};

fn read(world: &World) -> Funnel {
    funnel(&world.board, &world.index(), &world.board.steps_in_order(), today())
}

fn of(steps: &[StepNumbers<'_>]) -> Funnel {
    let mut world = World::new();
    world.funnel(steps);
    read(&world)
}

/// Time tracking for field crews: thirteen steps, a window of 28 days and the one before it.
const FIELDNOTE: &[StepNumbers<'_>] = &[
    ("Find Fieldnote", None, &[9240.0, 8885.0]),
    ("Compare plans", Some(0.40), &[3326.0, 3288.0]),
    ("Start trial", Some(0.45), &[1430.0, 1382.0]),
    ("Verify phone", Some(0.90), &[1287.0, 1250.0]),
    ("Add first job site", Some(0.85), &[1081.0, 1055.0]),
    ("Invite crew", Some(0.60), &[454.0, 498.0]),
    ("Crew installs app", Some(0.75), &[331.0, 370.0]),
    ("First clock-in", Some(0.85), &[291.0, 292.0]),
    ("Approve first timesheet", Some(0.80), &[189.0, 201.0]),
    ("Export to payroll", Some(0.75), &[140.0, 150.0]),
    ("Run second payroll", Some(0.85), &[119.0, 126.0]),
    ("Pick a plan", Some(0.80), &[98.0, 101.0]),
    ("Add second crew", Some(0.45), &[41.0, 40.0]),
];

#[test]
fn a_journey_shows_where_it_leaks() {
    let funnel = of(FIELDNOTE);
    let percent = |it: &FunnelStep| it.conversion.map(|it| (it * 100.0).round());
    let conversions: Vec<_> = funnel.steps.iter().map(percent).collect();
    let expected = [36.0, 43.0, 90.0, 84.0, 42.0, 73.0, 88.0, 65.0, 74.0, 85.0, 82.0, 42.0].map(Some);
    assert_eq!(conversions[0], None);
    assert_eq!(conversions[1..], expected);

    let numbers = |is: fn(&FunnelStep) -> bool| -> Vec<usize> {
        (1..).zip(&funnel.steps).filter(|(_, it)| is(it)).map(|(number, _)| number).collect()
    };
    assert_eq!(numbers(|it| it.is_below_target), [6, 9]);
    // More stop before step 2, yet it is within five points of its target.
    assert_eq!(numbers(|it| it.is_largest_leak), [6]);
    assert_eq!(funnel.steps[5].lost, Some(627.0));
    assert_eq!(funnel.steps[5].of_first, Some(454.0 / 9240.0));
    assert!((funnel.steps[5].drop_off().unwrap() - 627.0 / 1081.0).abs() < 1e-12);
}

/// 454 of 1081 against 498 of 1055: limits from statsmodels 0.15, method “newcomb”.
#[test]
fn a_change_comes_with_its_interval() {
    let funnel = of(FIELDNOTE);
    let Some(ConversionChange::Measured { before, difference, interval, sign }) = funnel.steps[5].change
    else {
        panic!("{:?}", funnel.steps[5]);
    };
    let close = |found: f64, expected: f64| assert!((found - expected).abs() < 1e-9, "{found}, {expected}");
    close(before, 0.472_037_914_7);
    close(difference, -0.052_056_416_1);
    close(interval.low, -0.093_965_622_7);
    close(interval.high, -0.009_896_376_0);
    assert_eq!(sign, Some(Sign::Below));
    assert!(funnel.steps[5].has_fallen() && !funnel.steps[6].has_fallen());
}

#[test]
fn too_few_cases_get_no_change_and_no_judgement() {
    // 41 of 98 misses .48 by more than five points, but 98 is under the least of 100.
    let funnel = of(&[("a", None, &[98.0, 101.0]), ("b", Some(0.48), &[41.0, 40.0])]);
    let step = &funnel.steps[1];
    assert_eq!(step.change, Some(ConversionChange::NotEnough { n: 98.0, min_n: 100 }));
    assert!(!step.is_below_target);
    assert_eq!((step.conversion, step.lost), (Some(41.0 / 98.0), Some(57.0)));
    // Either window can be the small one.
    let funnel = of(&[("a", None, &[500.0, 90.0]), ("b", None, &[200.0, 50.0])]);
    assert_eq!(funnel.steps[1].change, Some(ConversionChange::NotEnough { n: 90.0, min_n: 100 }));
}

#[test]
fn a_metric_can_ask_for_fewer_or_more_cases() {
    let change = |min_n: u32| {
        let mut world = World::new();
        world.funnel(&[("a", None, &[400.0, 400.0]), ("b", None, &[200.0, 220.0])]);
        world.board.metrics.values_mut().last().unwrap().min_n = min_n;
        read(&world).steps[1].change
    };
    assert!(matches!(change(400), Some(ConversionChange::Measured { .. })));
    assert_eq!(change(401), Some(ConversionChange::NotEnough { n: 400.0, min_n: 401 }));
}

#[test]
fn exactly_five_points_under_target_is_not_below() {
    let is_below = |entrants: f64, target: f64| {
        of(&[("a", None, &[1000.0]), ("b", Some(target), &[entrants])]).steps[1].is_below_target
    };
    for target in [0.05, 0.15, 0.35, 0.45, 0.60, 0.85, 1.0] {
        let at = (target * 1000.0_f64).round() - 50.0;
        assert!(!is_below(at, target), "{at} of 1000 at {target}");
        assert!(at == 0.0 || is_below(at - 1.0, target), "{} of 1000 at {target}", at - 1.0);
    }
}

#[test]
fn without_a_step_under_target_the_most_lost_is_the_leak() {
    let funnel =
        of(&[("a", None, &[1000.0]), ("b", None, &[900.0]), ("c", None, &[500.0]), ("d", None, &[100.0])]);
    let leaks: Vec<_> = funnel.steps.iter().map(|it| it.is_largest_leak).collect();
    assert_eq!(leaks, [false, false, true, false]);
    assert_eq!(funnel.steps[2].lost, funnel.steps[3].lost);
    assert!(!of(&[("a", None, &[10.0]), ("b", None, &[10.0])]).steps[1].is_largest_leak);
}

#[test]
fn a_gap_says_why_and_the_next_step_is_counted_across_it() {
    let mut world = World::new();
    let steps = world.funnel(&[
        ("a", None, &[1000.0, 1000.0]),
        ("no metric", None, &[]),
        ("b", Some(0.9), &[500.0, 520.0]),
        ("retired", None, &[400.0]),
        ("weekly", None, &[]),
        ("silent", None, &[]),
        ("c", None, &[300.0]),
    ]);
    world.edit_step(steps[3], |it| it.lifecycle = StepLifecycle::Retired);
    world.entrants(steps[4], 7, &[90.0, 80.0]);
    world.entrants(steps[5], 28, &[]);
    let funnel = read(&world);
    let gaps: Vec<_> = funnel.steps.iter().map(|it| it.gap).collect();
    let expected = [
        None,
        Some(Gap::NoMetric),
        None,
        Some(Gap::Retired),
        Some(Gap::OtherWindow),
        Some(Gap::NoValue),
        None,
    ];
    assert_eq!(gaps, expected);
    let across = &funnel.steps[2];
    assert_eq!((across.from, across.spans_gap, across.conversion), (Some(steps[0]), true, Some(0.5)));
    assert!(!across.is_below_target, "a target is set against the step just before");
    assert_eq!(funnel.steps[6].conversion, Some(0.6));
}

#[test]
fn an_optional_step_loses_nobody() {
    let mut world = World::new();
    let steps = world.funnel(&[("a", None, &[1000.0]), ("tour", None, &[300.0]), ("b", None, &[800.0])]);
    world.edit_step(steps[1], |it| it.is_optional = true);
    let funnel = read(&world);
    assert_eq!((funnel.steps[1].conversion, funnel.steps[1].lost), (Some(0.3), None));
    assert_eq!(funnel.steps[2].from, Some(steps[0]));
    assert_eq!((funnel.steps[2].conversion, funnel.steps[2].lost), (Some(0.8), Some(200.0)));
    assert!(funnel.steps[2].is_largest_leak && !funnel.steps[2].spans_gap);
}

#[test]
fn more_than_were_there_is_no_share() {
    let funnel = of(&[("a", None, &[500.0, 500.0]), ("b", Some(0.9), &[600.0, 450.0])]);
    let step = &funnel.steps[1];
    assert_eq!((step.conversion, step.lost, step.is_below_target), (None, Some(0.0), false));
    assert_eq!(step.change, Some(ConversionChange::NoBefore));
}

#[test]
fn all_steps_are_read_in_one_window() {
    let mut world = World::new();
    let steps = world.funnel(&[("a", None, &[]), ("b", None, &[]), ("c", None, &[])]);
    for step in &steps {
        world.entrants(*step, 7, &[100.0, 200.0, 300.0]);
    }
    let metrics: Vec<_> = world.board.metrics.keys().copied().collect();
    let latest = |world: &World| read(world).window.unwrap().from;
    assert_eq!(latest(&world), plus_days(today(), -7));
    // Two of three came late: the week before is complete and hides nobody.
    for metric in &metrics[..2] {
        world.board.metrics.get_mut(metric).unwrap().points.pop_last();
    }
    assert_eq!(latest(&world), plus_days(today(), -14));
    // They have been silent for longer: they are gaps, and do not hold the third one back.
    for metric in &metrics[..2] {
        world.board.metrics.get_mut(metric).unwrap().points.pop_last();
    }
    let funnel = read(&world);
    assert_eq!(funnel.window, Some(Window { from: plus_days(today(), -7), days: 7 }));
    assert_eq!(funnel.before, Some(Window { from: plus_days(today(), -14), days: 7 }));
    assert_eq!(funnel.steps[0].gap, Some(Gap::NoValue));
}

#[test]
fn a_window_that_still_runs_shows_only_while_there_is_no_other() {
    let mut world = World::new();
    let step = world.step("a");
    let metric = world.entrants(step, 7, &[]);
    let mut record = |from| {
        let points = &mut world.board.metrics.get_mut(&metric).unwrap().points;
        points.insert(from, crate::entity::MetricPoint { value: 5.0, ..Default::default() });
        let funnel = read(&world);
        (funnel.window.map(|it| it.from), funnel.is_running)
    };
    let (tomorrow, running, over) = (plus_days(today(), 1), plus_days(today(), -3), plus_days(today(), -6));
    assert_eq!(record(tomorrow), (None, false));
    assert_eq!(record(running), (Some(running), true));
    assert_eq!(record(over), (Some(over), false));
}

#[test]
fn overlapping_windows_are_not_compared() {
    let mut world = World::new();
    world.funnel(&[("a", None, &[500.0]), ("b", None, &[250.0])]);
    for metric in world.board.metrics.values_mut() {
        let value = *metric.points.values().next().unwrap();
        for days in [14, 21, 35] {
            metric.points.insert(plus_days(today(), -28 - days), value);
        }
    }
    // Points stand 28, 42, 49 and 63 days back; of those only the last ends before the first begins.
    assert_eq!(read(&world).before.map(|it| it.from), Some(plus_days(today(), -63)));
}

proptest! {
    /// Shares stay shares, one step at most is the largest leak, and whoever is lost was there.
    #[test]
    fn numbers_stay_in_range(
        values in proptest::collection::vec((0u32..2_000, 0u32..2_000, proptest::option::of(0.0..=1.0_f64)), 1..12)
    ) {
        let numbers: Vec<_> =
            values.iter().map(|(now, before, target)| ([f64::from(*now), f64::from(*before)], *target)).collect();
        let steps: Vec<StepNumbers<'_>> =
            numbers.iter().map(|(values, target)| ("step", *target, values.as_slice())).collect();
        let funnel = of(&steps);
        prop_assert!(funnel.steps.iter().filter(|it| it.is_largest_leak).count() <= 1);
        let any_below = funnel.steps.iter().any(|it| it.is_below_target);
        for (at, step) in funnel.steps.iter().enumerate() {
            prop_assert!(step.conversion.is_none_or(|it| (0.0..=1.0).contains(&it)));
            prop_assert!(!any_below || !step.is_largest_leak || step.is_below_target);
            if let Some(lost) = step.lost {
                prop_assert!((0.0..=funnel.steps[at - 1].entrants.unwrap()).contains(&lost));
            }
            if let Some(ConversionChange::Measured { difference, interval, .. }) = step.change {
                prop_assert!(interval.low <= difference && difference <= interval.high);
            }
        }
        let json = serde_json::to_string(&funnel).unwrap();
        let back: Funnel = serde_json::from_str(&json).unwrap();
        prop_assert_eq!((back.window, back.steps.len()), (funnel.window, funnel.steps.len()));
    }
}
