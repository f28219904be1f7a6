//! Automations over real store, engine and a PostHog stand-in: rehearsed, run, logged, undone, once.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use crate::shared::automations::{self, ask, believed, view};
use crate::shared::{HandClock, board, dispatch, engine, journey, seeded, with_clock};
use custory_domain::*;
use custory_engine::Engine;
use custory_ipc::*;
use custory_testkit::vendors::{LINEAR_KEY, Linear, POSTHOG_KEY, PostHog};

/// The tests' own time, Monday, 24 November 2025, 16:00 UTC.
const BEGIN: i64 = 1_764_000_000_000;
const METRIC: MetricId = MetricId::from_parts(2, 1);
const STEP: StepId = StepId::from_parts(1, 1);
const WATCH: &str = "funnel-watch";

fn switch_on(engine: &Engine, key: &str, choose: impl FnOnce(&mut Choices)) {
    automations::switch_on(engine, key, |it| {
        it.zone = "Europe/Berlin".to_owned();
        choose(it);
    });
}

fn run(engine: &Engine, key: &str) -> Run {
    automations::run(engine, key, false)
}

fn rehearse(engine: &Engine, key: &str) -> Rehearsal {
    match ask(engine, Request::Automations(AutomationsRequest::RehearseAutomation { key: key.to_owned() })) {
        Reply::Rehearsed { rehearsal } => rehearsal,
        other => panic!("{other:?}"),
    }
}

fn connect(engine: &Engine, vendor: &str, key: &str, address: String) {
    ask(
        engine,
        Request::Connectors(ConnectorsRequest::Connect {
            vendor: vendor.to_owned(),
            key: Hidden(key.to_owned()),
            settings: BTreeMap::new(),
            base_url: Some(address),
        }),
    );
}

/// A journey with a metric that is bound to that funnel and read.
fn measured(engine: &Engine, posthog: &PostHog) -> JourneyId {
    let journey = journey(engine, "Crew");
    connect(engine, "posthog", POSTHOG_KEY, posthog.address());
    let metric = PostHog::crew_invited(METRIC, STEP);
    dispatch(engine, journey, Command::add(metric));
    ask(engine, Request::Connectors(ConnectorsRequest::Pull { vendor: None }));
    journey
}

/// Every file of a data folder, whole.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = std::fs::read_dir(folder).expect("a folder").map(|it| it.expect("an entry"));
    files
        .filter(|it| it.file_type().expect("a kind").is_file())
        .map(|it| {
            let name = it.file_name().into_string().expect("a name");
            (name, std::fs::read(it.path()).expect("a file"))
        })
        .collect()
}

#[test]
fn a_drop_among_many_becomes_an_insight_on_its_step_with_the_numbers_and_a_thread() {
    let folder = tempfile::tempdir().unwrap();
    let engine = engine(folder.path());
    let posthog = PostHog::dropped(900);
    let journey = measured(&engine, &posthog);

    let ran = run(&engine, WATCH);
    assert_eq!((&ran.result, ran.did.len()), (&RunResult::Done, 1), "{ran:?}");
    let read = board(&engine, journey);
    let insight = read.insights.values().next().unwrap();
    assert!(insight.statement.starts_with("Crew invited fell from 37% to 25%"), "{}", insight.statement);
    assert_eq!((insight.steps.clone(), insight.created.via), ([STEP].into(), Via::Automation));
    let [(evidence, Stance::Supports)] = read.evidence_for(insight.id.into())[..] else { panic!() };
    assert_eq!((evidence.source.as_str(), evidence.is_verified), ("posthog", true));
    assert!(evidence.excerpt.contains("900 cases"), "{}", evidence.excerpt);
    assert_eq!(read.comments.values().next().unwrap().about, Some(insight.id.into()));

    let again = run(&engine, WATCH);
    assert_eq!(again.result, RunResult::Nothing, "one week, one insight");
    assert_eq!(board(&engine, journey), read);
}

#[test]
fn the_same_drop_among_few_is_not_enough_and_the_log_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let engine = engine(folder.path());
    let posthog = PostHog::dropped(40);
    let journey = measured(&engine, &posthog);
    run(&engine, WATCH);
    assert!(board(&engine, journey).insights.is_empty());
    let logged = &view(&engine, WATCH).runs[0];
    assert_eq!(logged.result, RunResult::Nothing);
    assert_eq!(logged.checks[0].found, "Not enough data: 40 cases, 100 are needed.");
}

#[test]
fn a_rehearsal_changes_no_byte_and_asks_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let engine = engine(folder.path());
    let posthog = PostHog::dropped(900);
    measured(&engine, &posthog);
    view(&engine, WATCH);
    let (before, calls) = (files(folder.path()), posthog.calls().len());
    for key in [WATCH, "verdicts", "shipped", "stale-steps", "weekly-review", "delivery", "save"] {
        rehearse(&engine, key);
    }
    let found = rehearse(&engine, WATCH);
    assert!(found.would[0].contains("Crew invited fell from 37% to 25%"), "{found:?}");
    assert_eq!(found.past.unwrap().len(), 1, "it would have been found in the last 90 days, once");
    assert_eq!(rehearse(&engine, "stale-steps").past, None);
    assert!(files(folder.path()) == before, "a file changed");
    assert_eq!(posthog.calls().len(), calls);
}

#[test]
fn what_is_on_runs_at_its_hour_once_and_catches_up_after_a_night() {
    let folder = tempfile::tempdir().unwrap();
    let clock = HandClock::at(BEGIN);
    let engine = with_clock(folder.path(), Arc::clone(&clock) as _);
    let posthog = PostHog::dropped(900);
    let journey = measured(&engine, &posthog);
    switch_on(&engine, WATCH, |it| it.hour = 18);
    // 16:00 in London is 17:00 in Berlin.
    assert_eq!(view(&engine, WATCH).next, Some(Timestamp(BEGIN + 3_600_000)));
    let mut events = engine.events();
    engine.keep_up();
    for _ in 0..59 {
        clock.advance(1);
    }
    assert!(view(&engine, WATCH).runs.is_empty());
    clock.advance(1);
    assert_eq!(ran(&mut events).moment, Timestamp(BEGIN + 3_600_000));
    assert_eq!(board(&engine, journey).insights.len(), 1);
    // Three days with the lid closed: one run, for the newest moment.
    clock.advance(3 * 24 * 60);
    let late = ran(&mut events);
    assert_eq!(late.moment, Timestamp(BEGIN + 3_600_000 + 3 * Timestamp::DAY_MILLIS));
    assert_eq!(view(&engine, WATCH).runs.len(), 2);
    assert_eq!(board(&engine, journey).insights.len(), 1);
    // A week of days without news is one line of the log.
    for day in 1..8 {
        clock.advance(24 * 60);
        assert_eq!(ran(&mut events).looks, day + 1);
    }
    let runs = view(&engine, WATCH).runs;
    let results: Vec<_> = runs.iter().map(|it| (&it.result, it.looks)).collect();
    assert_eq!(results, [(&RunResult::Nothing, 8), (&RunResult::Done, 1)]);
}

/// The newest run of the watch, as soon as there is a new one.
fn ran(events: &mut custory_engine::Events) -> Run {
    loop {
        if let Event::Automations { automations } = events.next_blocking().expect("the engine runs")
            && let Some(run) = automations
                .into_iter()
                .find(|it| it.key == WATCH)
                .expect("it is listed")
                .runs
                .into_iter()
                .next()
        {
            return run;
        }
    }
}

#[test]
fn two_programs_that_run_the_same_automation_add_one_thing() {
    let folder = tempfile::tempdir().unwrap();
    let posthog = PostHog::dropped(900);
    let (one, two) = (engine(folder.path()), seeded(folder.path(), 5));
    let journey = measured(&one, &posthog);
    run(&one, WATCH);
    run(&two, WATCH);
    run(&one, WATCH);
    assert_eq!(board(&two, journey).insights.len(), 1);
    assert_eq!(board(&one, journey).comments.len(), 1);
}

#[test]
fn undoing_a_run_takes_away_what_it_added_and_it_does_not_come_back() {
    let folder = tempfile::tempdir().unwrap();
    let engine = engine(folder.path());
    let posthog = PostHog::dropped(900);
    let journey = measured(&engine, &posthog);
    let ran = run(&engine, WATCH);
    ask(&engine, Request::Automations(AutomationsRequest::UndoRun { run: ran.id.clone() }));
    let read = board(&engine, journey);
    assert!(read.insights.values().all(|it| it.trashed.is_some()));
    assert!(read.evidence.values().all(|it| it.trashed.is_some()));
    assert_eq!(view(&engine, WATCH).runs[0].result, RunResult::Undone);
    assert_eq!(run(&engine, WATCH).result, RunResult::Nothing);
}

#[test]
fn a_run_that_would_fill_the_map_stops_and_asks() {
    let folder = tempfile::tempdir().unwrap();
    let engine = engine(folder.path());
    let journey = journey(&engine, "Crew");
    let stage = board(&engine, journey).stages_in_order()[0].id;
    let point =
        |hits: f64| MetricPoint { numerator: Some(hits), denominator: Some(900.0), ..MetricPoint::default() };
    for number in 0..21 {
        let id = StepId::from_parts(3, number);
        let step = Step { title: format!("Step {number}"), stage: Some(stage), ..Step::new(id) };
        dispatch(&engine, journey, Command::add(step));
        let metric = Metric {
            name: format!("Rate {number}"),
            formula: MetricFormula::Rate,
            window_days: 7,
            steps: [id].into(),
            points: [
                (jiff::civil::date(2025, 11, 3), point(400.0)),
                (jiff::civil::date(2025, 11, 10), point(200.0)),
            ]
            .into(),
            ..Metric::new(MetricId::from_parts(3, number))
        };
        dispatch(&engine, journey, Command::add(metric));
    }
    assert_eq!(run(&engine, WATCH).result, RunResult::Held { would: 21 });
    assert!(board(&engine, journey).insights.is_empty());
    ask(
        &engine,
        Request::Automations(AutomationsRequest::RunAutomation { key: WATCH.to_owned(), is_unbraked: true }),
    );
    assert_eq!(board(&engine, journey).insights.len(), 21);
}

#[test]
fn the_weekly_review_opens_with_its_lists() {
    let folder = tempfile::tempdir().unwrap();
    let engine = engine(folder.path());
    let posthog = PostHog::dropped(900);
    let journey = measured(&engine, &posthog);
    run(&engine, WATCH);
    let opportunity = Opportunity {
        title: "Invitations get lost".to_owned(),
        steps: [STEP].into(),
        impact: Some(4),
        effort: Some(2),
        ..Opportunity::new(OpportunityId::from_parts(2, 5))
    };
    dispatch(&engine, journey, Command::add(opportunity));
    let ran = run(&engine, "weekly-review");
    let [review] = ran.reviews.as_slice() else { panic!("{ran:?}") };
    let headings: Vec<_> = review.lists.iter().map(|it| it.heading.as_str()).collect();
    assert_eq!(
        headings,
        ["Changed", "Steps to look at again", "New evidence", "First by priority", "Nobody owns", "Verdicts"]
    );
    let lines = |heading: &str| {
        let list = review.lists.iter().find(|it| it.heading == heading).unwrap();
        list.lines.iter().map(|it| it.1.as_str()).collect::<Vec<_>>()
    };
    assert!(lines("Changed").iter().any(|it| it.starts_with("New insight: Crew invited fell")), "{review:?}");
    assert!(lines("New evidence")[0].contains("900 cases"));
    assert!(lines("First by priority")[0].starts_with("Invitations get lost"));
    assert_eq!(lines("Nobody owns"), ["Invitations get lost"]);
    assert_eq!(board(&engine, journey).comments.len(), 1, "a review changes nothing on the map");
}

#[test]
fn what_is_prioritised_is_sent_once_and_an_issue_that_is_done_is_asked_about() {
    let folder = tempfile::tempdir().unwrap();
    let engine = engine(folder.path());
    let linear = Linear::start();
    let journey = journey(&engine, "Crew");
    connect(&engine, "linear", LINEAR_KEY, linear.address());
    let me = match ask(&engine, Request::Start) {
        Reply::Start { start } => start.me,
        other => panic!("{other:?}"),
    };
    let opportunity = Opportunity {
        title: "Crew invitations get lost".to_owned(),
        state: OpportunityState::Prioritised,
        confidence: Some(0.8),
        owner: Some(me),
        steps: [STEP].into(),
        ..Opportunity::new(OpportunityId::from_parts(2, 2))
    };
    let unowned = Opportunity { id: OpportunityId::from_parts(2, 3), owner: None, ..opportunity.clone() };
    let about = opportunity.id.into();
    let by = |number| believed(about, EvidenceId::from_parts(2, number), number, Timestamp(BEGIN));
    let evidence: Vec<_> = (10..14).map(by).collect();
    dispatch(&engine, journey, Command::add(opportunity));
    dispatch(&engine, journey, Command::add(unowned));
    evidence.into_iter().for_each(|it| dispatch(&engine, journey, Command::add(it)));
    switch_on(&engine, "delivery", |it| it.team = Some(Linear::TEAM.to_owned()));
    assert_eq!(rehearse(&engine, "delivery").would.len(), 1);
    assert!(linear.issues().is_empty());
    let mut events = engine.events();
    run(&engine, "delivery");
    // The issue completes the log when it is there.
    loop {
        if let Event::Automations { automations } = events.next_blocking().unwrap() {
            let run = automations.into_iter().find(|it| it.key == "delivery").unwrap().runs.remove(0);
            if run.result == RunResult::Done {
                assert!(run.did[0].ends_with("ACM-1"), "{run:?}");
                break;
            }
        }
    }
    assert_eq!(run(&engine, "delivery").result, RunResult::Nothing);
    assert_eq!(linear.issues().len(), 1);
}

#[test]
fn prioritised_work_goes_to_linear_comes_back_renamed_and_done_and_ships_by_a_persons_word() {
    let folder = tempfile::tempdir().unwrap();
    let engine = engine(folder.path());
    let linear = Linear::start();
    let journey = journey(&engine, "Crew");
    connect(&engine, "linear", LINEAR_KEY, linear.address());
    let insight = Insight {
        statement: "Invitations never arrive".to_owned(),
        steps: [STEP].into(),
        ..Insight::new(InsightId::from_parts(2, 1))
    };
    let quote = Evidence {
        excerpt: "The invite never came".to_owned(),
        source: "intercom".to_owned(),
        captured_at: Some(Timestamp(BEGIN)),
        weight: WeightClass::Support,
        is_verified: true,
        claims: [(insight.id.into(), Stance::Supports)].into(),
        ..Evidence::new(EvidenceId::from_parts(2, 1))
    };
    let opportunity = Opportunity {
        title: "Crew invitations get lost".to_owned(),
        state: OpportunityState::Prioritised,
        steps: [STEP].into(),
        ..Opportunity::new(OpportunityId::from_parts(2, 2))
    };
    let solution = Solution {
        title: "Send invitations by text message".to_owned(),
        steps: [STEP].into(),
        ..Solution::new(SolutionId::from_parts(2, 3))
    };
    let (from, to): (EntityRef, EntityRef) = (insight.id.into(), opportunity.id.into());
    let solved: EntityRef = solution.id.into();
    for command in [
        Command::add(insight),
        Command::add(quote),
        Command::add(opportunity),
        Command::add(solution),
        Command::Link { from, to },
        Command::Link { from: to, to: solved },
    ] {
        dispatch(&engine, journey, command);
    }
    let send = Request::Connectors(ConnectorsRequest::SendToTracker {
        journey,
        entity: solved,
        vendor: "linear".to_owned(),
        team: Linear::TEAM.to_owned(),
        issue: None,
    });
    ask(&engine, send);
    let issue = &linear.issues()[0];
    for said in
        ["Sign up", "Solves “Crew invitations get lost”", "Invitations never arrive", "The invite never came"]
    {
        assert!(issue.description.contains(said), "{said} is missing:\n{}", issue.description);
    }
    assert_eq!(issue.links, [format!("custory://item/{journey}/{solved}")], "it leads back");

    linear.rename(0, "Invite by text message");
    linear.advance(0, "Done", "completed", Some("Ana"));
    ask(&engine, Request::Connectors(ConnectorsRequest::Pull { vendor: None }));
    let link = board(&engine, journey).delivery_links.into_values().next().unwrap();
    assert_eq!((link.title.as_str(), link.status), ("Invite by text message", DeliveryStatus::Done));
    assert_eq!(board(&engine, journey).solutions[&solved.id.into()].shipped_at, None, "done is not released");

    // It is asked about, once; a person says that customers have it, and it ships on its step.
    assert_eq!(run(&engine, "shipped").did.len(), 1);
    assert_eq!(run(&engine, "shipped").result, RunResult::Nothing);
    let released = DeliveryLinkField::ReleasedAt(Some(Timestamp(BEGIN)));
    for set in [released, DeliveryLinkField::Status(DeliveryStatus::Released)] {
        dispatch(&engine, journey, Command::set(Change::DeliveryLink { id: link.id, set }));
    }
    let ran = run(&engine, "shipped");
    assert_eq!(ran.result, RunResult::Done, "{ran:?}");
    let shipped = board(&engine, journey).solutions[&solved.id.into()].clone();
    assert_eq!((shipped.state, shipped.shipped_at), (SolutionState::Shipped, Some(Timestamp(BEGIN))));
    ask(&engine, Request::Connectors(ConnectorsRequest::Pull { vendor: None }));
    let link = board(&engine, journey).delivery_links.into_values().next().unwrap();
    assert_eq!(link.status, DeliveryStatus::Released, "reading again does not take a person's word back");

    // Undoing the run puts back what it set.
    ask(&engine, Request::Automations(AutomationsRequest::UndoRun { run: ran.id.clone() }));
    let back = board(&engine, journey).solutions[&solved.id.into()].clone();
    assert_eq!((back.state, back.shipped_at), (SolutionState::Idea, None));
    let twice = engine.request_blocking(Request::Automations(AutomationsRequest::UndoRun { run: ran.id }));
    assert_eq!(twice.unwrap_err().code, ErrorCode::Refused);
}

#[test]
fn choices_that_cannot_be_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let engine = engine(folder.path());
    let choices = view(&engine, WATCH).choices;
    for (key, choices, code) in [
        ("nothing", choices.clone(), ErrorCode::NotFound),
        (WATCH, Choices { hour: 24, ..choices.clone() }, ErrorCode::Refused),
        (WATCH, Choices { zone: "Nowhere/Land".to_owned(), ..choices }, ErrorCode::Refused),
    ] {
        let refused = engine.request_blocking(Request::Automations(AutomationsRequest::SetAutomation {
            key: key.to_owned(),
            is_on: true,
            choices,
        }));
        assert_eq!(refused.unwrap_err().code, code, "{key}");
    }
}
