//! What a document says of its past: every board that was, who made it, in one order everywhere.

use custory_domain::How;
use custory_domain::board::BoardIndex;
use custory_domain::score::Scores;
use custory_domain::*;
use custory_testkit::gesture::gesture;
use custory_testkit::journey::{Size, commands};
use custory_testkit::replica::{Replica, Team, events};
use proptest::prelude::*;

/// A replica with a journey on it.
fn filled() -> Replica {
    let mut replica = Replica::new(1);
    let size = Size { stages: 2, steps: 4, items: 40 };
    let all = commands(size, &mut replica.mint);
    replica.run(Command::Batch { label: "Build".into(), commands: all }).unwrap();
    replica
}

proptest! {
    #![proptest_config(custory_testkit::cases(48))]

    /// Whatever one does, undoes and does again: each board comes back exactly, with its scores.
    #[test]
    fn every_board_that_was_can_be_had_again(gestures in prop::collection::vec((gesture(), 0..8u8), 1..25)) {
        let mut replica = filled();
        let mut was: Vec<Board> = vec![replica.document.board().clone()];
        for (gesture, then) in &gestures {
            let changed = match then {
                0 => replica.undo(),
                1 => replica.redo(),
                _ => replica.act(gesture),
            };
            let made = replica.made.len();
            if changed && made > was.len() {
                was.push(replica.document.board().clone());
            }
        }
        let past = replica.document.past();
        prop_assert_eq!(past.versions().len(), was.len());
        for (place, board) in was.iter().enumerate() {
            let found = past.board(place).unwrap();
            prop_assert_eq!(&found, board, "at {}", place);
            let at = past.versions()[place].at;
            let scores = |it: &Board| format!("{:?}", Scores::of(it, &BoardIndex::of(it), at));
            prop_assert_eq!(scores(&found), scores(board));
        }
    }

    /// What a change is said to have touched is what differs between the boards around it.
    #[test]
    fn what_a_change_touched_is_what_differs(gestures in prop::collection::vec(gesture(), 1..12)) {
        let mut replica = filled();
        for gesture in &gestures {
            replica.act(gesture);
        }
        let past = replica.document.past();
        for place in 1..past.versions().len() {
            let (before, after) = (past.board(place - 1).unwrap(), past.board(place).unwrap());
            let patch = Patch::between(&before, &after);
            let touched = past.touched(place);
            for entity in patch.put.iter().map(Entity::entity_ref) {
                prop_assert!(touched.contains_key(&entity), "{entity} is missing");
                if !before.contains(entity) {
                    prop_assert_eq!(touched[&entity].how, How::Added);
                }
            }
        }
    }

    /// What became of a thing, change by change, is what differs between the boards.
    #[test]
    fn what_a_thing_lived_through_is_what_differs(gestures in prop::collection::vec(gesture(), 1..16)) {
        let mut replica = filled();
        for gesture in &gestures {
            replica.act(gesture);
        }
        let past = replica.document.past();
        let boards: Vec<Board> = (0..past.versions().len()).map(|it| past.board(it).unwrap()).collect();
        for entity in replica.document.board().entities().map(|it| it.entity_ref()) {
            let was = |place: usize| boards[place].get(entity);
            let before = |place: usize| place.checked_sub(1).and_then(was);
            let (turns, has_more) = past.lived(entity, usize::MAX);
            let places: Vec<usize> = turns.iter().map(|it| it.place).collect();
            let differing: Vec<usize> = (0..boards.len()).rev().filter(|it| was(*it) != before(*it)).collect();
            prop_assert_eq!((places, has_more), (differing, false));
            for turn in turns {
                prop_assert_eq!((Some(turn.after), turn.before), (was(turn.place), before(turn.place)));
            }
        }
    }

    /// Devices that have the same changes tell the same past, however these came.
    #[test]
    fn the_past_is_the_same_on_every_device(events in events(1..40)) {
        let mut team = Team::of(3);
        for event in &events {
            team.play(event);
        }
        team.settle();
        let pasts: Vec<_> = team.replicas.iter().map(|it| it.document.past()).collect();
        for past in &pasts {
            prop_assert_eq!(past.versions(), pasts[0].versions());
            let times: Vec<_> = past.versions().iter().map(|it| it.at).collect();
            prop_assert!(times.is_sorted(), "{:?}", times);
        }
        if let Some(last) = pasts[0].versions().len().checked_sub(1) {
            prop_assert_eq!(&pasts[0].board(last).unwrap(), team.replicas[0].document.board());
            let middle = last / 2;
            prop_assert_eq!(pasts[0].board(middle), pasts[2].board(middle));
        }
    }
}

#[test]
fn a_change_says_who_made_it_and_what_became_of_what() {
    let mut replica = filled();
    let step = *replica.document.board().steps.keys().next().unwrap();
    let insight = *replica.document.board().insights.keys().next().unwrap();
    replica.run(Command::set(Change::Step { id: step, set: StepField::Action("Waits".into()) })).unwrap();
    replica.run(Command::Trash { entities: vec![insight.into()] }).unwrap();
    replica.run(Command::Restore { entities: vec![insight.into()] }).unwrap();
    let added = Insight { statement: "New".into(), steps: [step].into(), ..Insight::new(replica.mint.id()) };
    let new = added.id;
    replica.run(Command::add(added)).unwrap();
    assert!(replica.undo() && replica.redo());
    let past = replica.document.past();
    let how = |place: usize, entity: EntityRef| past.touched(place)[&entity].how;
    assert_eq!(past.touched(1)[&step.into()].fields, ["action".to_owned()].into());
    assert_eq!(how(1, step.into()), How::Changed);
    assert_eq!(how(2, insight.into()), How::Removed);
    assert_eq!(how(3, insight.into()), How::Added);
    assert_eq!(how(4, new.into()), How::Added);
    assert_eq!(how(5, new.into()), How::Removed, "undone");
    assert_eq!(how(6, new.into()), How::Added, "done again");
    let version = &past.versions()[5];
    assert!(version.by.is_some() && version.label.starts_with("Undo: "), "{version:?}");
    assert_eq!(past.place_at(Timestamp(-1)), None);
    assert_eq!(
        past.place_at(past.versions()[3].at),
        past.place(&past.versions()[3].hash).map(|it| it.max(3))
    );
    assert_eq!(past.board(99), None);
    assert!(past.touched(99).is_empty());
}

#[test]
fn what_a_review_had_not_seen_is_named_also_when_it_was_made_before() {
    let mut team = Team::of(2);
    let [here, there] = &mut team.replicas[..] else { panic!() };
    let size = Size { stages: 2, steps: 4, items: 40 };
    let all = commands(size, &mut here.mint);
    here.run(Command::Batch { label: "Build".into(), commands: all }).unwrap();
    there.receive(&here.made.clone());
    let steps: Vec<StepId> = here.document.board().steps.keys().copied().collect();
    let action =
        |step, text: &str| Command::set(Change::Step { id: step, set: StepField::Action(text.into()) });

    // The teammate writes while offline; the review is finished here; then the line is back.
    there.run(action(steps[0], "Waits at the depot")).unwrap();
    here.run(action(steps[1], "Seen by the review")).unwrap();
    let review: ReviewId = here.mint.id();
    here.run(Command::add(Review::new(review))).unwrap();
    let agenda = ReviewAgenda::default();
    here.run(Command::FinishReview { review, since: Timestamp(0), agenda }).unwrap();
    here.receive(&there.made.clone());
    here.run(action(steps[2], "After the review")).unwrap();

    let past = here.document.past();
    let finish = past.last_written(review.into(), "finished", Timestamp(0)).unwrap();
    let told = |place: &usize| {
        let touched = past.touched(*place);
        steps.iter().copied().find(|it| touched.contains_key(&(*it).into()))
    };
    let unseen: Vec<_> = past.unseen_by(finish).iter().filter_map(told).collect();
    assert_eq!(unseen, [steps[0], steps[2]]);
    assert_eq!(past.last_written(steps[0].into(), "finished", Timestamp(0)), None);
    assert!(past.unseen_by(99).is_empty());
    let later = Timestamp(past.versions()[finish].at.0 + 1_000);
    assert_eq!(past.last_written(review.into(), "finished", later), None);
}
