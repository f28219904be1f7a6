//! Taking back what one did oneself, and nothing that others did.

use custory_domain::*;
use custory_testkit::gesture::gesture;
use custory_testkit::replica::{Replica, Team, events};
use proptest::prelude::*;

fn set_title(id: StageId, title: &str) -> Command {
    Command::set(Change::Stage { id, set: StageField::Title(title.into()) })
}

fn add_stage(replica: &mut Replica, title: &str) -> StageId {
    let stage = Stage { title: title.into(), ..Stage::new(replica.mint.id()) };
    let id = stage.id;
    replica.run(Command::add(stage)).unwrap();
    id
}

fn add_step(replica: &mut Replica, stage: StageId, title: &str) -> StepId {
    let step = Step { title: title.into(), stage: Some(stage), ..Step::new(replica.mint.id()) };
    let id = step.id;
    replica.run(Command::add(step)).unwrap();
    id
}

fn exchange(team: &mut [Replica; 2]) {
    let changes: Vec<_> = team.iter().flat_map(|it| it.made.clone()).collect();
    team.iter_mut().for_each(|it| it.receive(&changes));
}

fn pair() -> [Replica; 2] {
    [Replica::new(1), Replica::new(2)]
}

proptest! {
    #![proptest_config(custory_testkit::cases(96))]

    /// Alone, undo takes a gesture back without a trace on the board, all the way to the beginning,
    /// and redo brings every board back.
    #[test]
    fn undo_and_redo_walk_the_same_boards(gestures in proptest::collection::vec(gesture(), 1..30)) {
        let mut replica = Replica::new(1);
        let mut boards = vec![replica.document.board().clone()];
        for gesture in &gestures {
            if replica.act(gesture) {
                boards.push(replica.document.board().clone());
            }
        }
        for board in boards.iter().rev().skip(1) {
            prop_assert!(replica.undo());
            prop_assert_eq!(replica.document.board(), board);
        }
        prop_assert!(!replica.undo());
        prop_assert_eq!(replica.document.undo_label(), None);
        for board in boards.iter().skip(1) {
            prop_assert!(replica.redo());
            prop_assert_eq!(replica.document.board(), board);
        }
        prop_assert!(!replica.redo());
    }

    /// In the middle of anything, after anything that others did, undo then redo changes nothing.
    #[test]
    fn undo_then_redo_is_the_identity(events in events(1..40)) {
        let mut team = Team::of(3);
        for event in &events {
            team.play(event);
        }
        for replica in &mut team.replicas {
            let before = replica.document.board().clone();
            if replica.undo() {
                prop_assert!(replica.redo());
                prop_assert_eq!(replica.document.board(), &before);
            }
        }
    }

    /// Undo changes no field of an entity that a peer has set since, and takes away no entity that a
    /// peer's things rest on: every step has its stage, every item its steps, after all undos.
    #[test]
    fn what_is_shown_keeps_what_it_rests_on(events in events(1..60)) {
        let mut team = Team::of(3);
        events.iter().for_each(|it| { team.play(it); });
        team.settle();
        for replica in &mut team.replicas {
            while replica.undo() {}
        }
        team.settle();
        let board = team.replicas[0].document.board();
        for step in board.steps.values() {
            prop_assert!(board.stages.contains_key(&step.stage.unwrap()));
        }
        for item in ItemKind::ALL.iter().flat_map(|it| board.items(*it)) {
            prop_assert!(item.steps.iter().all(|it| board.steps.contains_key(it)));
        }
        for evidence in board.evidence.values() {
            prop_assert!(evidence.claims.keys().all(|it| board.contains(*it)));
        }
    }
}

#[test]
fn undo_leaves_a_value_that_a_peer_has_set_since() {
    let mut team = pair();
    let stage = add_stage(&mut team[0], "First");
    exchange(&mut team);
    team[0].run(set_title(stage, "Mine")).unwrap();
    exchange(&mut team);
    team[1].run(set_title(stage, "Theirs")).unwrap();
    exchange(&mut team);
    assert_eq!(team[0].document.undo_label(), None, "neither the title nor the stage is only mine now");
    assert!(!team[0].undo());
    assert_eq!(team[0].document.board().stages[&stage].title, "Theirs");
    assert!(team[1].undo());
    assert_eq!(team[1].document.board().stages[&stage].title, "Mine");
}

#[test]
fn undo_takes_back_the_fields_that_are_still_as_left() {
    let mut team = pair();
    let stage = add_stage(&mut team[0], "First");
    let goal = |text: &str| Command::set(Change::Stage { id: stage, set: StageField::Goal(text.into()) });
    exchange(&mut team);
    let commands = vec![set_title(stage, "Mine"), goal("Mine too")];
    team[0].run(Command::Batch { label: "Rework".into(), commands }).unwrap();
    exchange(&mut team);
    team[1].run(goal("Theirs")).unwrap();
    exchange(&mut team);
    assert_eq!(team[0].document.undo_label(), Some("Rework"));
    assert!(team[0].undo());
    let after = team[0].document.board().stages[&stage].clone();
    assert_eq!((after.title.as_str(), after.goal.as_str()), ("First", "Theirs"));
    assert_eq!(after.updated.by, team[0].mint.member());
}

#[test]
fn an_added_thing_that_a_peer_worked_on_stays() {
    let mut team = pair();
    let [worked_on, untouched] = ["Worked on", "Untouched"].map(|it| {
        let stage = Stage { title: it.into(), ..Stage::new(team[0].mint.id()) };
        (stage.id, Command::add(stage))
    });
    let commands = vec![worked_on.1, untouched.1];
    team[0].run(Command::Batch { label: "Accept draft".into(), commands }).unwrap();
    exchange(&mut team);
    team[1].run(set_title(worked_on.0, "Better")).unwrap();
    exchange(&mut team);
    assert!(team[0].undo());
    exchange(&mut team);
    for replica in &team {
        let stages: Vec<_> = replica.document.board().stages.values().map(|it| it.title.as_str()).collect();
        assert_eq!(stages, ["Better"]);
    }
}

#[test]
fn an_edit_at_the_same_time_brings_a_taken_back_thing_back() {
    let mut team = pair();
    let stage = add_stage(&mut team[0], "First");
    exchange(&mut team);
    assert!(team[0].undo());
    assert!(team[0].document.board().stages.is_empty());
    team[1].run(set_title(stage, "Renamed")).unwrap();
    exchange(&mut team);
    for replica in &team {
        assert_eq!(replica.document.board().stages[&stage].title, "Renamed");
    }
}

#[test]
fn a_stage_stays_while_a_peers_step_is_in_it() {
    let mut team = pair();
    let stage = add_stage(&mut team[0], "Stage");
    exchange(&mut team);
    add_step(&mut team[1], stage, "Step");
    // The step has not arrived yet: the stage goes here, and comes back with the step.
    assert!(team[0].undo());
    assert!(team[0].document.board().stages.is_empty());
    exchange(&mut team);
    for replica in &team {
        assert_eq!(replica.document.board().steps_in_order().len(), 1, "the step is to be seen");
    }
    // Taken back by its owner, the step goes, and the stage that only stayed for it.
    assert!(team[1].undo());
    exchange(&mut team);
    assert!(team.iter().all(|it| it.document.board().is_empty()));
    // And both come back.
    assert!(team[1].redo());
    exchange(&mut team);
    assert!(team.iter().all(|it| it.document.board().steps_in_order().len() == 1));
}

#[test]
fn redo_finds_what_others_did_to_a_thing_in_the_meantime() {
    let mut team = pair();
    let stage = add_stage(&mut team[0], "Stage");
    let step = add_step(&mut team[0], stage, "Step");
    exchange(&mut team);
    assert!(team[0].undo());
    exchange(&mut team);
    assert!(team[1].document.board().steps.is_empty());
    let refused = team[1].run(Command::StillTrue { step }).unwrap_err();
    assert!(matches!(refused, CommandError::Missing { .. }), "{refused:?}");
    assert!(team[0].redo());
    exchange(&mut team);
    assert_eq!(team[0].document.board().steps[&step].title, "Step");
    assert_eq!(team[0].document.board(), team[1].document.board());
}

#[test]
fn something_new_ends_what_could_be_redone() {
    let mut replica = Replica::new(1);
    let stage = add_stage(&mut replica, "One");
    replica.run(set_title(stage, "Two")).unwrap();
    assert!(replica.undo());
    assert_eq!(replica.document.redo_label(), Some("Rename stage “One”"));
    replica.run(set_title(stage, "Three")).unwrap();
    assert!(!replica.redo());
    assert_eq!(replica.document.undo_label(), Some("Rename stage “One”"));
}

#[test]
fn undo_leaves_an_item_on_the_step_that_others_left_it_on() {
    let mut team = pair();
    let stage = add_stage(&mut team[0], "Stage");
    let (from, to) = (add_step(&mut team[0], stage, "From"), add_step(&mut team[0], stage, "To"));
    let insight =
        Insight { statement: "Says".into(), steps: [from].into(), ..Insight::new(team[0].mint.id()) };
    let item = EntityRef::from(insight.id);
    team[0].run(Command::add(insight)).unwrap();
    exchange(&mut team);
    team[0].run(Command::MoveItem { item, from: None, to, index: 0 }).unwrap();
    exchange(&mut team);
    team[1].run(Command::Unplace { item, step: from }).unwrap();
    exchange(&mut team);
    team[0].undo();
    assert_eq!(team[0].document.board().items_on(to, ItemKind::Insight).len(), 1);
}

#[test]
fn undo_is_a_change_of_its_own_that_says_so() {
    let mut replica = Replica::new(1);
    add_stage(&mut replica, "One");
    let stamp = replica.mint.stamp();
    let edit = replica.document.prepare_undo(stamp).unwrap();
    assert_eq!(edit.label(), "Undo: Add stage “One”");
    assert_eq!((edit.patch().put.len(), edit.patch().removed.len()), (0, 1));
    assert_eq!(replica.document.board().stages.len(), 1, "nothing has happened yet");
    replica.document.adopt(edit);
    assert!(replica.document.board().is_empty());
}
