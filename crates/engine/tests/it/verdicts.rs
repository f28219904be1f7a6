//! Verdicts over the real store: looked at early, kept once, by a person or by the automation.

use crate::shared::{board, dispatch, engine, journey};
use custory_domain::score::window::plus_days;
use custory_domain::*;
use custory_engine::Engine;
use custory_ipc::*;

const METRIC: MetricId = MetricId::from_parts(2, 1);
const SOLUTION: SolutionId = SolutionId::from_parts(2, 2);
/// The tests' own time, 24 November 2025.
const NOW: Timestamp = Timestamp(1_764_000_000_000);

/// A journey with a solution that shipped so many days ago, since when a rate went from 40 to 55 of a hundred.
fn shipped(engine: &Engine, days_ago: i64) -> JourneyId {
    let journey = journey(engine, "Crew");
    let at = Timestamp(NOW.0 - days_ago * Timestamp::DAY_MILLIS);
    let point = |day: i64| {
        let hits = if day < 0 { 40.0 } else { 55.0 };
        let numbers =
            MetricPoint { numerator: Some(hits), denominator: Some(100.0), ..MetricPoint::default() };
        (plus_days(at.date(), day), numbers)
    };
    let steps: std::collections::BTreeSet<_> = [StepId::from_parts(1, 1)].into();
    let metric = Metric {
        name: "Crew invited".to_owned(),
        formula: MetricFormula::Rate,
        state: MetricState::Active,
        window_days: 1,
        steps: steps.clone(),
        points: (-40..days_ago).map(point).collect(),
        ..Metric::new(METRIC)
    };
    let solution = Solution {
        title: "Text invites".to_owned(),
        state: SolutionState::Shipped,
        shipped_at: Some(at),
        success_metric: Some(METRIC),
        steps,
        ..Solution::new(SOLUTION)
    };
    dispatch(engine, journey, Command::add(metric));
    dispatch(engine, journey, Command::add(solution));
    journey
}

fn only(engine: &Engine, journey: JourneyId) -> VerdictView {
    match engine.request_blocking(Request::Verdicts { journey }) {
        Ok(Reply::Verdicts { mut verdicts }) if verdicts.len() == 1 => verdicts.remove(0),
        other => panic!("{other:?}"),
    }
}

fn keep(engine: &Engine, journey: JourneyId) -> Result<Reply, Failure> {
    engine.request_blocking(Request::KeepVerdict { journey, solution: SOLUTION })
}

#[test]
fn a_final_verdict_is_kept_once_and_the_solution_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let engine = engine(folder.path());
    let journey = shipped(&engine, 40);
    let looked = only(&engine, journey);
    assert_eq!((looked.outcome, looked.is_interim, looked.is_kept), (VerdictOutcome::Improved, false, false));
    assert_eq!((looked.before.unwrap().n, looked.after.unwrap().n), (2_800, 2_800));

    keep(&engine, journey).unwrap();
    let kept = only(&engine, journey);
    assert!(
        kept.is_kept && kept.says.starts_with("Crew invited went from 40% to 55% after “Text invites”"),
        "{kept:?}"
    );
    assert_eq!((kept.low, kept.high), (looked.low, looked.high));
    assert_eq!(board(&engine, journey).solutions[&SOLUTION].state, SolutionState::Validated);
    assert_eq!(keep(&engine, journey).unwrap_err().code, ErrorCode::NotFound);
}

#[test]
fn an_early_look_is_no_verdict() {
    let folder = tempfile::tempdir().unwrap();
    let engine = engine(folder.path());
    let journey = shipped(&engine, 20);
    assert!(only(&engine, journey).is_interim);
    let refused = keep(&engine, journey).unwrap_err();
    assert!(refused.code == ErrorCode::Refused && refused.message.contains("5 Dec"), "{refused}");
    assert!(board(&engine, journey).verdicts.is_empty());
}

#[test]
fn the_automation_keeps_it_once_and_not_again_after_a_person_threw_it_away() {
    let folder = tempfile::tempdir().unwrap();
    let engine = engine(folder.path());
    let journey = shipped(&engine, 40);
    let run = || match engine.request_blocking(Request::Automations(AutomationsRequest::RunAutomation {
        key: "verdicts".to_owned(),
        is_unbraked: false,
    })) {
        Ok(Reply::Ran { run }) => *run,
        other => panic!("{other:?}"),
    };
    assert_eq!(run().did, ["Verdict on “Text invites”: improved"]);
    assert_eq!(run().result, RunResult::Nothing);
    let verdict = *board(&engine, journey).verdicts.keys().next().unwrap();
    dispatch(&engine, journey, Command::Trash { entities: vec![verdict.into()] });
    assert_eq!(run().result, RunResult::Nothing);
    // A person may.
    keep(&engine, journey).unwrap();
    assert!(only(&engine, journey).is_kept);
}
