//! Promises of journeys in journeys: a step leads into one, one finds the way back, and nobody goes in circles.

mod shared;

use custory_domain::*;
use custory_engine::Engine;
use custory_ipc::*;
use shared::{board, engine, journey};

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
    shared::dispatch(&engine, whole, trash);
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
