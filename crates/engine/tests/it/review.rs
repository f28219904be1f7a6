//! Scenario 11: the weekly review opens with the right five lists, over a real store and a clock of the test's own.

use std::sync::Arc;

use crate::shared::automations::{ask, switch_on};
use crate::shared::{HandClock, board, dispatch, journey, with_clock};
use custory_domain::agenda::{Changed, Period, last_review, write_review};
use custory_domain::*;
use custory_engine::Engine;
use custory_ipc::*;

/// The tests' own time, Monday, 24 November 2025, 16:00 UTC.
const BEGIN: i64 = 1_764_000_000_000;
const DAY_MINUTES: i64 = 24 * 60;
const SIGN_UP: StepId = StepId::from_parts(1, 1);
const INVITE: StepId = StepId::from_parts(1, 2);
const SLOW: InsightId = InsightId::from_parts(2, 1);
const FIX: SolutionId = SolutionId::from_parts(3, 1);
const METRIC: MetricId = MetricId::from_parts(4, 1);

fn agenda(engine: &Engine, journey: JourneyId) -> Agenda {
    match ask(engine, Request::Agenda { journey }) {
        Reply::Agenda { agenda } => *agenda,
        other => panic!("{other:?}"),
    }
}

fn via(engine: &Engine, journey: JourneyId, command: Command, via: Via) {
    ask(engine, Request::Dispatch { journey, command, via });
}

fn titles(topics: &[agenda::Topic]) -> Vec<&str> {
    topics.iter().map(|it| it.title.as_str()).collect()
}

fn told(it: &Changed) -> (String, How, Option<StepId>, Vec<Via>) {
    (it.title.clone(), it.how, it.step, it.makers.iter().map(|it| it.via).collect())
}

/// A journey in which something is there to be said of everything.
fn filled(engine: &Engine) -> JourneyId {
    let journey = journey(engine, "Crew");
    let stage = board(engine, journey).steps[&SIGN_UP].stage;
    let step = Step { title: "Invite crew".into(), stage, ..Step::new(INVITE) };
    dispatch(engine, journey, Command::add(step));
    let insight =
        Insight { statement: "Signing up is slow".into(), steps: [SIGN_UP].into(), ..Insight::new(SLOW) };
    via(engine, journey, Command::add(insight), Via::Import);
    let metric = Metric {
        name: "Crew invited".into(),
        formula: MetricFormula::Rate,
        purpose: MetricPurpose::Watched,
        window_days: 7,
        steps: [INVITE].into(),
        ..Metric::new(METRIC)
    };
    dispatch(engine, journey, Command::add(metric));
    journey
}

#[test]
fn the_weekly_review_opens_with_the_right_five_lists() {
    let folder = tempfile::tempdir().unwrap();
    let clock = HandClock::at(BEGIN);
    let engine = with_clock(folder.path(), Arc::clone(&clock) as _);
    let journey = filled(&engine);
    let mut events = engine.events();
    engine.keep_up();

    // A first review, on Monday. Everything is new to it; it is finished.
    clock.advance(60);
    let first = agenda(&engine, journey);
    assert_eq!(
        first.period,
        Period { last: None, since: Timestamp(BEGIN + 3_600_000 - 7 * Timestamp::DAY_MILLIS) }
    );
    assert!(first.changed.iter().any(|it| it.about == SLOW.into() && it.makers[0].via == Via::Import));
    let fresh = ReviewId::from_parts(9, 1);
    dispatch(&engine, journey, first.finish(&board(&engine, journey), fresh));
    let quiet = agenda(&engine, journey);
    assert_eq!((quiet.period.last, quiet.changed.len()), (Some(fresh), 0), "nothing changed since");

    // A week in which a person, a draft, an automation and a connected tool change things.
    clock.advance(2 * DAY_MINUTES);
    let set = InsightField::Statement("Signing up takes a quarter of an hour".into());
    dispatch(&engine, journey, Command::set(Change::Insight { id: SLOW, set }));
    let set = InsightField::Severity(Some(4));
    via(&engine, journey, Command::set(Change::Insight { id: SLOW, set }), Via::Automation);
    let problem = Opportunity {
        title: "Invitations get lost".into(),
        impact: Some(4),
        effort: Some(2),
        steps: [INVITE].into(),
        ..Opportunity::new(OpportunityId::from_parts(5, 1))
    };
    via(&engine, journey, Command::add(problem), Via::Import);
    let quote = Evidence {
        excerpt: "The invite never came".into(),
        account: "Bell Paving".into(),
        claims: [(SLOW.into(), Stance::Supports)].into(),
        ..Evidence::new(EvidenceId::from_parts(6, 1))
    };
    dispatch(&engine, journey, Command::add(quote));
    let points =
        [(jiff::civil::date(2025, 11, 17), MetricPoint { value: 0.4, ..MetricPoint::default() })].into();
    via(&engine, journey, Command::RecordPoints { metric: METRIC, points }, Via::Connector);
    let fix = Solution {
        title: "Text invites".into(),
        state: SolutionState::Shipped,
        // Two days before, by the moment of the schedule as well as by now.
        shipped_at: Some(Timestamp(BEGIN + 2 * Timestamp::DAY_MILLIS - 2 * 3_600_000)),
        success_metric: Some(METRIC),
        steps: [INVITE].into(),
        ..Solution::new(FIX)
    };
    dispatch(&engine, journey, Command::add(fix));
    let came_and_went = Insight {
        statement: "A slip".into(),
        steps: [INVITE].into(),
        ..Insight::new(InsightId::from_parts(2, 9))
    };
    dispatch(&engine, journey, Command::add(came_and_went));
    ask(&engine, Request::Undo { journey });

    // On Friday at three the automation writes the review, by the same lists.
    switch_on(&engine, "weekly-review", |it| it.zone = "UTC".to_owned());
    clock.advance(2 * DAY_MINUTES);
    let run = loop {
        let Event::Automations { automations } = events.next_blocking().unwrap() else { continue };
        let weekly = automations.into_iter().find(|it| it.key == "weekly-review").unwrap();
        if let Some(run) = weekly.runs.into_iter().next() {
            break run;
        }
    };
    assert_eq!((&run.result, run.is_by_hand), (&RunResult::Done, false), "{run:?}");

    let found = agenda(&engine, journey);
    assert_eq!(found.period, Period { last: Some(fresh), since: Timestamp(BEGIN + 3_600_000) });
    let changed: Vec<_> = found.changed.iter().map(told).collect();
    assert_eq!(
        changed,
        [
            (
                "Signing up takes a quarter of an hour".to_owned(),
                How::Changed,
                Some(SIGN_UP),
                vec![Via::Automation, Via::User]
            ),
            ("Invitations get lost".to_owned(), How::Added, Some(INVITE), vec![Via::Import]),
            ("Text invites".to_owned(), How::Added, Some(INVITE), vec![Via::User]),
            ("Crew invited".to_owned(), How::Changed, Some(INVITE), vec![Via::Connector]),
        ]
    );
    assert_eq!(found.changed[0].fields, ["severity", "statement"]);
    assert_eq!(titles(&found.stale), ["Invite crew"]);
    assert_eq!(
        (found.stale[0].mark.as_str(), found.stale[0].says.as_str()),
        ("Changed", "Text invites shipped 2 days ago")
    );
    assert_eq!(titles(&found.evidence), ["The invite never came"]);
    assert_eq!(titles(&found.first), ["Invitations get lost"]);
    assert_eq!(titles(&found.unowned), ["Invitations get lost"]);
    assert_eq!(titles(&found.verdicts), ["Text invites"]);
    assert_eq!(found.verdicts[0].mark, "Waits");
    assert_eq!(run.reviews[0].lists, found.lists(12), "the digest has the same lists");
}

#[test]
fn a_review_is_written_finished_undone_and_there_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let clock = HandClock::at(BEGIN);
    let (journey, fresh) = {
        let engine = with_clock(folder.path(), Arc::clone(&clock) as _);
        let journey = filled(&engine);
        let fresh = ReviewId::from_parts(9, 1);
        let notes = ReviewField::Notes("Everybody was there".into());
        dispatch(&engine, journey, write_review(&board(&engine, journey), fresh, notes));
        let decisions = ReviewField::Decisions([("01".to_owned(), "Look at invites".to_owned())].into());
        dispatch(&engine, journey, write_review(&board(&engine, journey), fresh, decisions));
        let now = Timestamp(BEGIN);
        let finish = |engine: &Engine| {
            let command = agenda(engine, journey).finish(&board(engine, journey), fresh);
            dispatch(engine, journey, command);
        };
        finish(&engine);
        assert!(last_review(&board(&engine, journey), now).is_some());
        // One undo opens it again, with everything that was written.
        ask(&engine, Request::Undo { journey });
        let read = board(&engine, journey);
        assert_eq!(last_review(&read, now), None);
        assert_eq!(
            (read.reviews[&fresh].decisions.len(), &*read.reviews[&fresh].notes),
            (1, "Everybody was there")
        );
        assert!(!agenda(&engine, journey).changed.is_empty(), "what it had seen is news again");
        ask(&engine, Request::Redo { journey });
        assert_eq!(agenda(&engine, journey).changed, []);
        (journey, fresh)
    };
    let engine = with_clock(folder.path(), HandClock::at(BEGIN + 3_600_000) as _);
    let read = board(&engine, journey);
    let kept = last_review(&read, Timestamp(BEGIN + 3_600_000)).unwrap();
    assert_eq!((kept.id, &*kept.notes), (fresh, "Everybody was there"));
    assert!(
        kept.agenda.as_ref().unwrap().lists.iter().any(|it| it.heading == "Changed" && !it.lines.is_empty())
    );
    assert_eq!(agenda(&engine, journey).period.last, Some(fresh));
    assert_eq!(agenda(&engine, journey).changed, []);
}
