//! Going back to what was: which of it is put back, and what stays as it is.
//!
//! What people wrote goes back. What was measured, said or linked since stays: values of metrics, reviews,
//! comments, evidence, issues and verdicts are facts about the time between, and no wish to have an older map
//! back is a wish to forget them.

use std::collections::BTreeSet;

use crate::board::Board;
use crate::command::Command;
use crate::entity::{Entity, EntityKind};
use crate::id::{EntityRef, StepId};
use crate::time::Stamp;

/// The commands that bring a board back to what it was, all of it or only some things with what they stand on.
/// None if it is so already.
pub fn back_to(then: &Board, now: &Board, only: Option<&BTreeSet<EntityRef>>) -> Vec<Command> {
    let wanted = only.map(|only| with_places(only, then, now));
    let is_wanted = |it: EntityRef| wanted.as_ref().is_none_or(|wanted| wanted.contains(&it));
    let returning: Vec<Entity> = then
        .entities()
        .filter(|it| goes_back(it.entity_ref().kind) && is_wanted(it.entity_ref()))
        .map(|it| keep_facts(it, now))
        .filter(|it| now.get(it.entity_ref()).is_none_or(|now| unstamped(now) != unstamped(it.clone())))
        .collect();
    let is_newcomer = |it: &Entity| {
        let id = it.entity_ref();
        let is_of_map = !matches!(id.kind, EntityKind::Evidence | EntityKind::Journey);
        goes_back(id.kind) && is_of_map && is_wanted(id) && it.trashed().is_none() && !then.contains(id)
    };
    let leaving: Vec<EntityRef> = now.entities().filter(is_newcomer).map(|it| it.entity_ref()).collect();
    let mut commands = Vec::new();
    if !returning.is_empty() {
        commands.push(Command::PutBack { entities: returning });
    }
    if !leaving.is_empty() {
        commands.push(Command::Trash { entities: leaving });
    }
    commands
}

/// Kinds that a person writes.
const fn goes_back(kind: EntityKind) -> bool {
    match kind {
        EntityKind::Journey
        | EntityKind::Stage
        | EntityKind::Step
        | EntityKind::Touchpoint
        | EntityKind::Insight
        | EntityKind::Opportunity
        | EntityKind::Solution
        | EntityKind::Metric
        | EntityKind::Evidence => true,
        EntityKind::Workspace
        | EntityKind::Member
        | EntityKind::Persona
        | EntityKind::DeliveryLink
        | EntityKind::Verdict
        | EntityKind::Comment
        | EntityKind::Review
        | EntityKind::Decision
        | EntityKind::SharedView => false,
    }
}

/// An entity as it was, with what is known since.
fn keep_facts(mut then: Entity, now: &Board) -> Entity {
    match &mut then {
        Entity::Metric(it) => {
            if let Some(now) = now.metrics.get(&it.id) {
                it.points.extend(now.points.clone());
            }
        }
        Entity::Step(it) => {
            if let Some(now) = now.steps.get(&it.id) {
                it.last_reviewed = now.last_reviewed;
            }
        }
        Entity::Journey(it) => {
            if let Some(now) = now.journeys.get(&it.id) {
                it.versions.clone_from(&now.versions);
                (it.is_archived, it.is_sample) = (now.is_archived, now.is_sample);
            }
        }
        _ => {}
    }
    then
}

fn unstamped(mut entity: Entity) -> Entity {
    entity.set_created(Stamp::default());
    entity.set_trashed(entity.trashed().map(|_| Stamp::default()));
    entity
}

/// What is wanted, and the steps and stages without which nobody would see it now.
fn with_places(only: &BTreeSet<EntityRef>, then: &Board, now: &Board) -> BTreeSet<EntityRef> {
    let is_away = |it: EntityRef| now.get(it).is_none_or(|it| it.trashed().is_some());
    let stage_of = |it: StepId| then.steps.get(&it).and_then(|it| it.stage).map(EntityRef::from);
    let is_hidden = |it: StepId| is_away(it.into()) || stage_of(it).is_some_and(is_away);
    let mut wanted = only.clone();
    for id in only {
        let mut steps: BTreeSet<StepId> = then.item(*id).map(|it| it.steps.clone()).unwrap_or_default();
        if id.kind == EntityKind::Step {
            steps.insert(id.id.into());
        }
        if steps.iter().all(|it| is_hidden(*it)) {
            let stages = steps.iter().filter_map(|it| stage_of(*it));
            let places = steps.iter().map(|it| EntityRef::from(*it)).chain(stages);
            wanted.extend(places.filter(|it| is_away(*it)));
        }
    }
    wanted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Comment, CommentId, Insight, InsightId, Journey, JourneyId, MemberId, Metric, MetricId, MetricPoint,
        Stage, StageId, Step, Timestamp, Via, carry_out,
    };

    const STAGE: StageId = StageId::from_parts(1, 1);
    const STEP: StepId = StepId::from_parts(1, 2);
    const INSIGHT: InsightId = InsightId::from_parts(1, 3);
    const METRIC: MetricId = MetricId::from_parts(1, 4);

    fn stamp(at: i64) -> Stamp {
        Stamp { by: MemberId::from_parts(0, 1), at: Timestamp(at), via: Via::User }
    }

    fn done(board: &mut Board, commands: Vec<Command>, at: i64) {
        let batch = Command::Batch { label: "Do".to_owned(), commands };
        for entity in carry_out(board, batch, stamp(at)).expect("allowed").after {
            board.put(entity);
        }
    }

    fn scene() -> Board {
        let mut board = Board::default();
        let commands = vec![
            Command::add(Journey {
                title: "Onboarding".to_owned(),
                ..Journey::new(JourneyId::from_parts(1, 9))
            }),
            Command::add(Stage { title: "Begin".to_owned(), ..Stage::new(STAGE) }),
            Command::add(Step { title: "Sign up".to_owned(), stage: Some(STAGE), ..Step::new(STEP) }),
            Command::add(Insight {
                statement: "Codes come late".to_owned(),
                steps: [STEP].into(),
                ..Insight::new(INSIGHT)
            }),
            Command::add(Metric { name: "Share".to_owned(), steps: [STEP].into(), ..Metric::new(METRIC) }),
        ];
        done(&mut board, commands, 1);
        board
    }

    fn later(then: &Board) -> Board {
        let mut now = then.clone();
        let point = MetricPoint { value: 0.4, ..Default::default() };
        let comment = Comment {
            body: "Really?".to_owned(),
            about: Some(STEP.into()),
            ..Comment::new(CommentId::from_parts(1, 5))
        };
        let new = Insight {
            statement: "New".to_owned(),
            steps: [STEP].into(),
            ..Insight::new(InsightId::from_parts(2, 1))
        };
        let rename = crate::Change::Step { id: STEP, set: crate::StepField::Title("Join".to_owned()) };
        let commands = vec![
            Command::set(rename),
            Command::add(new),
            Command::add(comment),
            Command::RecordPoints { metric: METRIC, points: [(jiff::civil::date(2026, 5, 1), point)].into() },
            Command::StillTrue { step: STEP },
            Command::Trash { entities: vec![INSIGHT.into(), STAGE.into()] },
        ];
        done(&mut now, commands, 2);
        now
    }

    #[test]
    fn everything_goes_back_but_what_was_measured_or_said_since() {
        let then = scene();
        let mut now = later(&then);
        let commands = back_to(&then, &now, None);
        done(&mut now, commands, 3);
        assert_eq!(now.steps[&STEP].title, "Sign up");
        assert!(now.insights[&INSIGHT].trashed.is_none() && now.stages[&STAGE].trashed.is_none());
        assert!(now.insights[&InsightId::from_parts(2, 1)].trashed.is_some(), "it was not there then");
        assert_eq!(now.metrics[&METRIC].points.len(), 1);
        assert!(now.steps[&STEP].last_reviewed.is_some());
        assert!(now.comments.values().all(|it| it.trashed.is_none()));
        assert_eq!(back_to(&then, &now, None), [], "it is so already");
    }

    #[test]
    fn a_part_goes_back_with_the_place_that_it_stands_on_and_nothing_else_does() {
        let then = scene();
        let mut now = later(&then);
        let only = [INSIGHT.into()].into();
        let commands = back_to(&then, &now, Some(&only));
        done(&mut now, commands, 3);
        assert!(now.insights[&INSIGHT].trashed.is_none());
        assert!(now.stages[&STAGE].trashed.is_none(), "nobody would see the insight otherwise");
        assert_eq!(now.steps[&STEP].title, "Join");
        assert!(now.insights[&InsightId::from_parts(2, 1)].trashed.is_none());
    }
}
