//! Promises of journeys that belong together: a step leads into one, one finds the way back, one shows another as it
//! should be, and nobody goes in circles.

use crate::shared::{board, engine, journey};
use custory_domain::*;
use custory_engine::Engine;
use custory_ipc::*;

const STEP: StepId = StepId::from_parts(1, 1);

fn try_nest(engine: &Engine, journey: JourneyId, detail: Option<JourneyId>) -> Result<Reply, Failure> {
    let step = *board(engine, journey).steps.keys().next().expect("a step");
    let command = Command::set(Change::Step { id: step, set: StepField::Detail(detail) });
    engine.request_blocking(Request::Dispatch { journey, command, via: Via::User })
}

fn shown_in(engine: &Engine, journey: JourneyId) -> Vec<ShownIn> {
    match engine.request_blocking(Request::OpenJourney { journey }) {
        Ok(Reply::Board { shown_in, .. }) => shown_in,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_step_is_shown_in_detail_by_another_journey_which_says_where_it_belongs() {
    let folder = tempfile::tempdir().expect("folder");
    let engine = engine(folder.path());
    let (whole, detail) = (journey(&engine, "Onboarding"), journey(&engine, "Inviting a crew"));
    assert!(shown_in(&engine, detail).is_empty());
    try_nest(&engine, whole, Some(detail)).expect("nested");
    let found = shown_in(&engine, detail);
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].journey, found[0].title.as_str(), found[0].step), (whole, "Onboarding", STEP));

    engine.request_blocking(Request::Undo { journey: whole }).expect("undone");
    assert!(shown_in(&engine, detail).is_empty());
    engine.request_blocking(Request::Redo { journey: whole }).expect("done again");
    let trash = Command::Trash { entities: vec![STEP.into()] };
    crate::shared::dispatch(&engine, whole, trash);
    assert!(shown_in(&engine, detail).is_empty(), "a step in the trash shows nothing");
}

#[test]
fn journeys_are_never_nested_in_a_circle_nor_in_what_is_not_there() {
    let folder = tempfile::tempdir().expect("folder");
    let engine = engine(folder.path());
    let all = ["A", "B", "C"].map(|title| journey(&engine, title));
    try_nest(&engine, all[0], Some(all[1])).expect("A shows B");
    try_nest(&engine, all[1], Some(all[2])).expect("B shows C");
    for (inner, why) in [(all[0], "round the corner"), (all[2], "itself")] {
        let refused = try_nest(&engine, all[2], Some(inner)).expect_err(why);
        assert!(refused.message.contains("part of"), "{why}: {refused}");
    }
    let stranger = JourneyId::from_parts(9, 9);
    assert!(
        try_nest(&engine, all[2], Some(stranger))
            .expect_err("not here")
            .message
            .contains("not on this device")
    );
    try_nest(&engine, all[0], None).expect("no longer");
    try_nest(&engine, all[2], Some(all[0])).expect("now it is no circle");
}

fn set(engine: &Engine, journey: JourneyId, set: JourneyField) -> Result<Reply, Failure> {
    let command = Command::set(Change::Journey { id: journey, set });
    engine.request_blocking(Request::Dispatch { journey, command, via: Via::User })
}

fn to_be(engine: &Engine, journey: JourneyId) -> Vec<JourneyId> {
    match engine.request_blocking(Request::OpenJourney { journey }) {
        Ok(Reply::Board { to_be, .. }) => to_be,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_to_be_lies_on_the_journey_as_it_is_however_both_went_on() {
    let folder = tempfile::tempdir().expect("folder");
    let engine = engine(folder.path());
    let as_is = journey(&engine, "Onboarding");
    let Ok(Reply::Made { journey: should, .. }) =
        engine.request_blocking(Request::DuplicateJourney { journey: as_is })
    else {
        panic!("a copy is made")
    };
    assert!(to_be(&engine, as_is).is_empty(), "a copy is not a to-be before somebody says so");
    assert!(engine.request_blocking(Request::AsIs { journey: should }).is_err());
    set(&engine, should, JourneyField::ToBeOf(Some(as_is))).expect("it is the to-be");
    assert_eq!(to_be(&engine, as_is), [should]);

    // Another title there, another step here.
    let step = *board(&engine, should).steps.keys().next().expect("a step");
    let title = StepField::Title("Join in one click".to_owned());
    crate::shared::dispatch(&engine, should, Command::set(Change::Step { id: step, set: title }));
    let new = StepId::from_parts(7, 7);
    let stage = *board(&engine, as_is).stages.keys().next().expect("a stage");
    let added = Step { title: "Wait for a code".to_owned(), stage: Some(stage), ..Step::new(new) };
    crate::shared::dispatch(&engine, as_is, Command::add(added));

    let Ok(Reply::AsIs { board: beside, own }) = engine.request_blocking(Request::AsIs { journey: should })
    else {
        panic!("both are here")
    };
    let titles =
        |board: &Board| -> Vec<String> { board.steps_in_order().iter().map(|it| it.title.clone()).collect() };
    assert_eq!(titles(&beside), titles(&board(&engine, as_is)));
    assert_ne!(beside.steps[&step].title, "Join in one click", "the same step, as it is");
    let waits = beside.steps.values().find(|it| it.title == "Wait for a code").expect("it is there today");
    assert!(
        !board(&engine, should).steps.contains_key(&waits.id),
        "and nothing of what should be is mistaken for it"
    );
    assert_eq!(own.get(&waits.id.into()), Some(&new.into()), "whoever wants to change it finds it");
}

#[test]
fn no_journey_is_the_to_be_of_itself_nor_of_what_is_not_here() {
    let folder = tempfile::tempdir().expect("folder");
    let engine = engine(folder.path());
    let [one, other] = ["A", "B"].map(|title| journey(&engine, title));
    set(&engine, other, JourneyField::ToBeOf(Some(one))).expect("B is the to-be of A");
    for (journey, of) in [(one, one), (one, other)] {
        let refused = set(&engine, journey, JourneyField::ToBeOf(Some(of))).expect_err("a circle");
        assert!(refused.message.contains("of itself"), "{refused}");
    }
    let stranger = set(&engine, one, JourneyField::ToBeOf(Some(JourneyId::from_parts(9, 9))));
    assert!(stranger.expect_err("not here").message.contains("not on this device"));
    set(&engine, other, JourneyField::ToBeOf(None)).expect("no longer");
    assert!(to_be(&engine, one).is_empty());
}
