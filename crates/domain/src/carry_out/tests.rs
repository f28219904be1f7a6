//! Promises of the command vocabulary.

use super::*;
use crate::entity::*;
use crate::id::*;
use crate::kind::ItemKind;
use crate::patch::Patch;

fn stamp() -> Stamp {
    Stamp { at: crate::Timestamp(1_000), ..Stamp::default() }
}

struct World {
    board: Board,
    next: u128,
}

impl World {
    fn new() -> Self {
        Self { board: Board::default(), next: 1 }
    }

    fn run(&mut self, command: Command) -> Result<Changes, CommandError> {
        let changes = carry_out(&self.board, command, stamp())?;
        self.board.apply(&Patch { put: changes.after.clone(), removed: Vec::new() });
        Ok(changes)
    }

    fn id<T: From<ulid::Ulid>>(&mut self) -> T {
        self.next += 1;
        ulid::Ulid::from_parts(0, self.next).into()
    }

    fn stage(&mut self, title: &str) -> StageId {
        let stage = Stage { title: title.into(), ..Stage::new(self.id()) };
        let id = stage.id;
        self.run(Command::add(stage)).unwrap();
        id
    }

    fn step(&mut self, stage: StageId, title: &str) -> StepId {
        let step = Step { title: title.into(), stage: Some(stage), ..Step::new(self.id()) };
        let id = step.id;
        self.run(Command::add(step)).unwrap();
        id
    }

    fn insight(&mut self, step: StepId, statement: &str) -> InsightId {
        let insight =
            Insight { statement: statement.into(), steps: [step].into(), ..Insight::new(self.id()) };
        let id = insight.id;
        self.run(Command::add(insight)).unwrap();
        id
    }

    fn step_titles(&self) -> Vec<&str> {
        self.board.steps_in_order().iter().map(|it| it.title.as_str()).collect()
    }
}

#[test]
fn steps_land_where_they_are_dropped() {
    let mut world = World::new();
    let (first, second) = (world.stage("First"), world.stage("Second"));
    let steps: Vec<_> = ["a", "b", "c"].map(|it| world.step(first, it)).into();
    world.run(Command::MoveStep { step: steps[2], stage: first, index: 0 }).unwrap();
    assert_eq!(world.step_titles(), ["c", "a", "b"]);
    world.run(Command::MoveStep { step: steps[0], stage: second, index: 9 }).unwrap();
    assert_eq!(world.step_titles(), ["c", "b", "a"]);
    world.run(Command::MoveStage { stage: second, index: 0 }).unwrap();
    assert_eq!(world.step_titles(), ["a", "c", "b"]);
}

#[test]
fn an_item_moves_between_steps_or_stands_on_both() {
    let mut world = World::new();
    let stage = world.stage("Stage");
    let (from, to) = (world.step(stage, "From"), world.step(stage, "To"));
    let item = EntityRef::from(world.insight(from, "Codes arrive late"));
    world.run(Command::MoveItem { item, from: None, to, index: 0 }).unwrap();
    assert_eq!(world.board.items_on(from, ItemKind::Insight).len(), 1);
    assert_eq!(world.board.items_on(to, ItemKind::Insight).len(), 1);
    world.run(Command::Unplace { item, step: from }).unwrap();
    assert!(world.board.items_on(from, ItemKind::Insight).is_empty());
    let last = world.run(Command::Unplace { item, step: to });
    assert!(matches!(last, Err(CommandError::Unfit { .. })), "{last:?}");
}

#[test]
fn a_batch_is_all_or_nothing_and_sees_its_own_changes() {
    let mut world = World::new();
    let stage = Stage { title: "New".into(), ..Stage::new(world.id()) };
    let step = Step { title: "In it".into(), stage: Some(stage.id), ..Step::new(world.id()) };
    let nameless = Stage::new(world.id());
    let good = vec![Command::add(stage.clone()), Command::add(step)];
    let mut bad = good.clone();
    bad.push(Command::add(nameless));
    let refused = world.run(Command::Batch { label: "Accept draft".into(), commands: bad });
    assert!(matches!(refused, Err(CommandError::Empty { kind: EntityKind::Stage, .. })), "{refused:?}");
    assert!(world.board.is_empty());
    let done = world.run(Command::Batch { label: "Accept draft".into(), commands: good }).unwrap();
    assert_eq!((done.label.as_str(), done.after.len()), ("Accept draft", 2));
}

#[test]
fn what_is_refused_says_why() {
    let mut world = World::new();
    let stage = world.stage("Stage");
    let step = world.step(stage, "Step");
    let insight = world.insight(step, "Says something");
    let gone = StepId::from_parts(9, 9);
    for (command, expected) in [
        (
            Command::set(Change::Step { id: step, set: StepField::Title("  ".into()) }),
            "A step needs a title.",
        ),
        (
            Command::set(Change::Step { id: step, set: StepField::Title("x".repeat(121)) }),
            "The title of a step can have 120 characters; this has 121.",
        ),
        (
            Command::set(Change::Step { id: step, set: StepField::Emotion(Some(3)) }),
            "The emotion of a step goes from -2 to 2; 3 is outside.",
        ),
        (
            Command::StillTrue { step: gone },
            "This step is no longer there. Somebody may have undone adding it.",
        ),
        (
            Command::Link { from: step.into(), to: insight.into() },
            "Insights link to opportunities and solutions, and opportunities to solutions; this would link a step to a insight.",
        ),
    ] {
        let error = world.run(command).unwrap_err();
        assert_eq!(error.to_string(), expected);
    }
}

#[test]
fn deleting_a_step_keeps_its_items_and_restoring_brings_all_back() {
    let mut world = World::new();
    let stage = world.stage("Stage");
    let step = world.step(stage, "Step");
    world.insight(step, "Kept");
    world.run(Command::Trash { entities: vec![step.into()] }).unwrap();
    assert!(world.board.steps_in_order().is_empty());
    assert_eq!(world.board.insights.len(), 1);
    world.run(Command::Restore { entities: vec![step.into()] }).unwrap();
    assert_eq!(world.board.items_on(step, ItemKind::Insight).len(), 1);
}

#[test]
fn setting_what_already_is_changes_nothing() {
    let mut world = World::new();
    let stage = world.stage("Same");
    let changes =
        world.run(Command::set(Change::Stage { id: stage, set: StageField::Title("Same".into()) })).unwrap();
    assert!(changes.after.is_empty());
}

#[test]
fn commands_and_boards_survive_json() {
    let mut world = World::new();
    let stage = world.stage("Stage");
    let step = world.step(stage, "Step");
    let insight = world.insight(step, "Says");
    let mut evidence = Evidence { excerpt: "“No.”".into(), ..Evidence::new(world.id()) };
    evidence.claims.insert(insight.into(), Stance::Contradicts);
    world.run(Command::add(evidence)).unwrap();
    let mut metric = Metric { name: "M".into(), steps: [step].into(), ..Metric::new(world.id()) };
    metric.points.insert(jiff::civil::date(2026, 11, 20), MetricPoint { value: 0.5, ..Default::default() });
    world.run(Command::add(metric)).unwrap();
    let text = serde_json::to_string(&world.board).unwrap();
    assert_eq!(serde_json::from_str::<Board>(&text).unwrap(), world.board);

    let command = Command::set(Change::Step { id: step, set: StepField::Emotion(None) });
    let text = serde_json::to_string(&command).unwrap();
    assert_eq!(serde_json::from_str::<Command>(&text).unwrap(), command, "{text}");
}

#[test]
fn a_decision_is_about_something_that_is_there_and_keeps_who_decided() {
    let mut world = World::new();
    let stage = world.stage("Set up");
    let step = world.step(stage, "Invite crew");
    let insight = world.insight(step, "No work e-mail");
    let decision = |world: &mut World, about: EntityRef, what: &str| Decision {
        what: what.into(),
        about: Some(about),
        based_on: [insight.into()].into(),
        ..Decision::new(world.id())
    };
    let kept = decision(&mut world, insight.into(), "Text them");
    let id = kept.id;
    let changes = world.run(Command::add(kept)).unwrap();
    assert_eq!(changes.label, "Add decision “Text them”");
    let about_nothing = decision(&mut world, StepId::from_parts(7, 7).into(), "Text them");
    assert!(matches!(world.run(Command::add(about_nothing)), Err(CommandError::Missing { .. })));
    let about_itself = decision(&mut world, id.into(), "Text them");
    assert!(matches!(world.run(Command::add(about_itself)), Err(CommandError::Unfit { .. })));
    let empty = decision(&mut world, insight.into(), " ");
    assert!(matches!(world.run(Command::add(empty)), Err(CommandError::Empty { .. })));

    let found = world.board.decisions_about(insight.into());
    assert_eq!(found.iter().map(|it| it.id).collect::<Vec<_>>(), [id]);
    assert_eq!((found[0].decided_by(), found[0].decided_at()), (stamp().by, stamp().at));
    world.run(Command::Trash { entities: vec![id.into()] }).unwrap();
    assert!(world.board.decisions_about(insight.into()).is_empty());
}

#[test]
fn branches_lead_to_other_steps_and_take_no_more_than_everybody() {
    let mut world = World::new();
    let stage = world.stage("Set up");
    let (one, two) = (world.step(stage, "Invite crew"), world.step(stage, "Pay"));
    let three = world.step(stage, "Leave");
    let branch = |to: StepId, share: Option<f64>| Command::Branch {
        from: one,
        to,
        branch: Some(Branch { label: "If invited".into(), share }),
    };
    let changes = world.run(branch(two, Some(0.7))).unwrap();
    assert_eq!(changes.label, "Branch from “Invite crew” to “Pay”");
    assert!(matches!(world.run(branch(three, Some(0.4))), Err(CommandError::Unfit { .. })), "more than all");
    world.run(branch(three, Some(0.3))).unwrap();
    assert!(matches!(world.run(branch(two, Some(1.2))), Err(CommandError::Unfit { .. })));
    assert!(matches!(world.run(branch(one, None)), Err(CommandError::Unfit { .. })), "not to itself");
    let nowhere = StepId::from_parts(7, 7);
    assert!(matches!(world.run(branch(nowhere, None)), Err(CommandError::Missing { .. })));

    // A way back makes a loop, which is allowed: customers do go round.
    world.run(Command::Branch { from: two, to: one, branch: Some(Branch::default()) }).unwrap();
    let ways = |world: &World| -> Vec<StepId> {
        world.board.branches_of(&world.board.steps[&one]).into_iter().map(|it| it.0).collect()
    };
    assert_eq!(ways(&world), [two, three]);
    world.run(Command::Trash { entities: vec![three.into()] }).unwrap();
    assert_eq!(ways(&world), [two], "what is in the trash is nowhere to go");
    let taken_back = world.run(Command::Branch { from: one, to: two, branch: None }).unwrap();
    assert_eq!(taken_back.label, "Take away the branch from “Invite crew” to “Pay”");
    assert!(ways(&world).is_empty());
}
