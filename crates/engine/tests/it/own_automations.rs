//! Automations that a person makes: woken by what comes in on the map, once, never by an automation.

use std::sync::Arc;

use crate::shared::automations::view;
use crate::shared::{HandClock, board, dispatch, journey, with_clock};
use custory_domain::filter::{Criterion, Filter};
use custory_domain::*;
use custory_engine::Engine;
use custory_ipc::*;

const BEGIN: i64 = 1_764_000_000_000;
const STEP: StepId = StepId::from_parts(1, 1);

fn ask(engine: &Engine, request: Request) -> Vec<AutomationView> {
    match engine.request_blocking(request).unwrap() {
        Reply::Automations { automations } => automations,
        other => panic!("{other:?}"),
    }
}

fn quick_wins() -> Watched {
    let mut filter = Filter::default();
    filter.add(Criterion::Impact { least: 4 }.into());
    filter.add(Criterion::Effort { most: 2 }.into());
    Watched { name: "Quick wins".to_owned(), filter }
}

fn make(engine: &Engine, deeds: Vec<Deed>) -> AutomationView {
    let request = Request::Automations(AutomationsRequest::MakeAutomation {
        journey: None,
        watch: quick_wins(),
        deeds,
    });
    ask(engine, request).pop().unwrap()
}

fn switch(engine: &Engine, it: &AutomationView, is_on: bool) {
    let (key, choices) = (it.key.clone(), it.choices.clone());
    ask(engine, Request::Automations(AutomationsRequest::SetAutomation { key, is_on, choices }));
}

fn opportunity(number: u128, impact: u8) -> Opportunity {
    Opportunity {
        title: format!("Problem {number}"),
        impact: Some(impact),
        effort: Some(1),
        steps: [STEP].into(),
        ..Opportunity::new(OpportunityId::from_parts(20, number))
    }
}

fn set_impact(engine: &Engine, on: JourneyId, number: u128, impact: u8) {
    let id = OpportunityId::from_parts(20, number);
    dispatch(
        engine,
        on,
        Command::set(Change::Opportunity { id, set: OpportunityField::Impact(Some(impact)) }),
    );
}

/// A minute goes by, and the engine has looked.
fn look(engine: &Engine, clock: &HandClock, key: &str) -> AutomationView {
    clock.advance(1);
    clock.until_waited();
    view(engine, key)
}

#[test]
fn what_comes_in_is_moved_on_and_asked_about_once() {
    let folder = tempfile::tempdir().unwrap();
    let clock = HandClock::at(BEGIN);
    let engine = with_clock(folder.path(), Arc::clone(&clock) as _);
    let on = journey(&engine, "Crew");
    dispatch(&engine, on, Command::add(opportunity(1, 5)));
    dispatch(&engine, on, Command::add(opportunity(2, 2)));
    let framed = ItemState::Opportunity(OpportunityState::Framed);
    let made = make(&engine, vec![Deed::Move { to: framed }, Deed::Ask]);
    let text: String = made.sentence.iter().flat_map(|it| &it.pieces).map(|it| it.text.as_str()).collect();
    assert!(text.contains("something comes into “Quick wins”"), "{text}");
    assert!(text.contains("set its status to “framed”, and ask its owner what comes next"), "{text}");
    switch(&engine, &made, true);
    engine.keep_up();
    assert!(look(&engine, &clock, &made.key).runs.is_empty(), "what was so already is left alone");

    set_impact(&engine, on, 2, 4);
    let runs = look(&engine, &clock, &made.key).runs;
    assert_eq!(runs.len(), 1);
    assert_eq!(runs[0].did, ["“Problem 2” is framed", "Question on “Problem 2”: what comes next?"]);
    let read = board(&engine, on);
    let states: Vec<_> = read.opportunities.values().map(|it| it.state).collect();
    assert_eq!(states, [OpportunityState::Open, OpportunityState::Framed]);
    assert_eq!(look(&engine, &clock, &made.key).runs.len(), 1, "once");

    // Undone, it stays undone; out and in again is new.
    engine
        .request_blocking(Request::Automations(AutomationsRequest::UndoRun { run: runs[0].id.clone() }))
        .unwrap();
    assert_eq!(
        board(&engine, on).opportunities[&OpportunityId::from_parts(20, 2)].state,
        OpportunityState::Open
    );
    assert_eq!(look(&engine, &clock, &made.key).runs.len(), 1);
    set_impact(&engine, on, 2, 1);
    assert_eq!(look(&engine, &clock, &made.key).runs.len(), 1);
    set_impact(&engine, on, 2, 5);
    assert_eq!(look(&engine, &clock, &made.key).runs.len(), 2);
}

#[test]
fn none_wakes_another_and_what_happened_while_it_was_off_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let clock = HandClock::at(BEGIN);
    let engine = with_clock(folder.path(), Arc::clone(&clock) as _);
    let on = journey(&engine, "Crew");
    let framed = ItemState::Opportunity(OpportunityState::Framed);
    let first = make(&engine, vec![Deed::Move { to: framed }]);
    let mut filter = Filter::default();
    filter.add(Criterion::State { states: [framed].into() }.into());
    let watch = Watched { name: "Framed".to_owned(), filter };
    let second = ask(
        &engine,
        Request::Automations(AutomationsRequest::MakeAutomation {
            journey: None,
            watch,
            deeds: vec![Deed::Ask],
        }),
    )
    .pop()
    .unwrap();
    assert_ne!(first.key, second.key);
    switch(&engine, &first, true);
    switch(&engine, &second, true);
    engine.keep_up();
    look(&engine, &clock, &first.key);
    dispatch(&engine, on, Command::add(opportunity(1, 5)));
    look(&engine, &clock, &first.key);
    assert_eq!((look(&engine, &clock, &first.key).runs.len(), view(&engine, &second.key).runs.len()), (1, 0));
    // A person frames one by hand: that wakes the second.
    dispatch(&engine, on, Command::add(opportunity(2, 1)));
    let id = OpportunityId::from_parts(20, 2);
    dispatch(
        &engine,
        on,
        Command::set(Change::Opportunity { id, set: OpportunityField::State(OpportunityState::Framed) }),
    );
    look(&engine, &clock, &first.key);
    assert_eq!(view(&engine, &second.key).runs.len(), 1);

    switch(&engine, &first, false);
    dispatch(&engine, on, Command::add(opportunity(3, 5)));
    look(&engine, &clock, &first.key);
    switch(&engine, &first, true);
    assert_eq!(look(&engine, &clock, &first.key).runs.len(), 1);

    ask(&engine, Request::Automations(AutomationsRequest::DeleteAutomation { key: first.key.clone() }));
    assert!(
        ask(&engine, Request::Automations(AutomationsRequest::List)).iter().all(|it| it.key != first.key)
    );
    let offered = engine.request_blocking(Request::Automations(AutomationsRequest::DeleteAutomation {
        key: "shipped".to_owned(),
    }));
    assert_eq!(offered.unwrap_err().code, ErrorCode::Refused);
}

#[test]
fn many_at_once_wait_for_a_person_and_a_rehearsal_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let clock = HandClock::at(BEGIN);
    let engine = with_clock(folder.path(), Arc::clone(&clock) as _);
    let on = journey(&engine, "Crew");
    let made = make(&engine, vec![Deed::Ask]);
    switch(&engine, &made, true);
    engine.keep_up();
    look(&engine, &clock, &made.key);
    let commands = (1..=21).map(|it| Command::add(opportunity(it, 5))).collect();
    dispatch(&engine, on, Command::Batch { label: "Import".to_owned(), commands });
    let Reply::Rehearsed { rehearsal } = engine
        .request_blocking(Request::Automations(AutomationsRequest::RehearseAutomation {
            key: made.key.clone(),
        }))
        .unwrap()
    else {
        panic!("no rehearsal")
    };
    assert_eq!(rehearsal.would.len(), 21);
    assert_eq!(look(&engine, &clock, &made.key).runs[0].result, RunResult::Held { would: 21 });
    assert_eq!(look(&engine, &clock, &made.key).runs.len(), 1, "said once");
    assert!(board(&engine, on).comments.is_empty());
    let request =
        Request::Automations(AutomationsRequest::RunAutomation { key: made.key.clone(), is_unbraked: true });
    engine.request_blocking(request).unwrap();
    assert_eq!(board(&engine, on).comments.len(), 21);
    let runs = look(&engine, &clock, &made.key).runs;
    assert_eq!(runs.len(), 2, "they are not new any more: {runs:#?}");
}

#[test]
fn what_cannot_be_watched_for_is_refused_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let engine = with_clock(folder.path(), HandClock::at(BEGIN) as _);
    let unnamed = Watched { name: " ".to_owned(), ..quick_wins() };
    let endless = Watched { filter: Filter::default(), ..quick_wins() };
    for (watch, words) in [(unnamed, "Give it a name"), (endless, "Say what it is to watch for")] {
        let request = Request::Automations(AutomationsRequest::MakeAutomation {
            journey: None,
            watch,
            deeds: Vec::new(),
        });
        let failure = engine.request_blocking(request).unwrap_err();
        assert!(failure.code == ErrorCode::Refused && failure.message.contains(words), "{failure:?}");
    }
}
