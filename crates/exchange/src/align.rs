//! A journey as it is beside the same as it should be: which thing is which.

use std::collections::BTreeMap;

use custory_domain::{Board, Entity, EntityKind, EntityRef, ItemKind};
use ulid::Ulid;

use crate::ids::{copied, renew};

/// A journey as it is, under the ids of another one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Aligned {
    /// Its board.
    pub board: Board,
    /// What each stage, step and item of it is in the journey itself, by what it is here.
    pub own: BTreeMap<EntityRef, EntityRef>,
}

/// The board of a journey as it is, under the ids of one that shows it as it should be.
///
/// What the other one was copied from is known by its id. What was made on both sides is taken for the same where the
/// two are the only ones of their kind with that title. All else keeps the id that a copy would have, so that nothing
/// on one board is mistaken for anything on the other.
pub fn aligned(as_is: &Board, to_be: &Board) -> Aligned {
    let (Some(from), Some(to)) = (as_is.journey(), to_be.journey()) else { return Aligned::default() };
    let mut ids: BTreeMap<EntityRef, Ulid> =
        as_is.entities().map(|it| it.entity_ref()).map(|it| (it, copied(it.id, to.id))).collect();
    ids.insert(from.id.into(), to.id.ulid());
    let by_title = same_by_title(as_is, to_be, &ids);
    ids.extend(by_title);
    let mut aligned = Aligned::default();
    for mut entity in as_is.entities() {
        let own = entity.entity_ref();
        let is_drawn = is_drawn(&entity);
        renew(&mut entity, &ids);
        if is_drawn {
            aligned.own.insert(entity.entity_ref(), own);
        }
        aligned.board.put(entity);
    }
    aligned
}

/// Whether it is a stage, a step or an item, and not thrown away.
fn is_drawn(entity: &Entity) -> bool {
    let kind = entity.entity_ref().kind;
    entity.trashed().is_none()
        && (matches!(kind, EntityKind::Stage | EntityKind::Step) || ItemKind::of(kind).is_some())
}

/// What stands on both boards under a title that nothing else of its kind has, and is not known by its id.
fn same_by_title(as_is: &Board, to_be: &Board, ids: &BTreeMap<EntityRef, Ulid>) -> BTreeMap<EntityRef, Ulid> {
    let there = |it: &EntityRef| EntityRef { id: ids[it], ..*it };
    let claimed: std::collections::BTreeSet<EntityRef> =
        ids.keys().map(there).filter(|it| to_be.contains(*it)).collect();
    let left = titles(as_is, &|it| !to_be.contains(there(&it)));
    let right = titles(to_be, &|it| !claimed.contains(&it));
    left.into_iter().filter_map(|(title, one)| Some((one?, (*right.get(&title)?)?.id))).collect()
}

/// Stages, steps and items that are looked for, by kind and title; `None` where a title fits several.
fn titles(
    board: &Board,
    is_looked_for: &dyn Fn(EntityRef) -> bool,
) -> BTreeMap<(EntityKind, String), Option<EntityRef>> {
    let mut found = BTreeMap::new();
    for entity in board.entities().filter(is_drawn) {
        let id = entity.entity_ref();
        let title = entity.title().trim().to_lowercase();
        if title.is_empty() || !is_looked_for(id) {
            continue;
        }
        found.entry((id.kind, title)).and_modify(|it| *it = None).or_insert(Some(id));
    }
    found
}

#[cfg(test)]
mod tests {
    use custory_domain::{
        Command, Insight, InsightId, Journey, JourneyId, Patch, Stage, StageId, Stamp, Step, StepId,
        carry_out,
    };
    use custory_testkit::Mint;

    use super::*;
    use crate::duplicate;

    fn put(board: &mut Board, command: Command) {
        let changes = carry_out(board, command, Stamp::default()).expect("allowed");
        board.apply(&Patch { put: changes.after, removed: Vec::new() });
    }

    fn insight(random: u128, step: StepId, statement: &str) -> Insight {
        let statement = statement.to_owned();
        Insight { statement, steps: [step].into(), ..Insight::new(InsightId::from_parts(9, random)) }
    }

    /// A journey with one step and three insights, and a copy of it.
    fn both() -> (Board, Board) {
        let (stage, step) = (StageId::from_parts(9, 1), StepId::from_parts(9, 2));
        let mut as_is = Board::default();
        put(
            &mut as_is,
            Command::add(Journey { title: "Onboarding".into(), ..Journey::new(JourneyId::from_parts(9, 0)) }),
        );
        put(&mut as_is, Command::add(Stage { title: "Begin".into(), ..Stage::new(stage) }));
        put(
            &mut as_is,
            Command::add(Step { title: "Sign up".into(), stage: Some(stage), ..Step::new(step) }),
        );
        for (id, statement) in [(3, "Late"), (4, "Slow"), (5, "Dear")] {
            put(&mut as_is, Command::add(insight(id, step, statement)));
        }
        let mut mint = Mint::of(7);
        let (journey, commands) = duplicate(&as_is, &mut || mint.id()).expect("a journey");
        let mut to_be = Board::default();
        put(&mut to_be, Command::add(journey));
        put(&mut to_be, Command::Batch { label: "Copy".into(), commands });
        (as_is, to_be)
    }

    #[test]
    fn a_copy_lies_on_its_original_whatever_was_renamed() {
        let (as_is, mut to_be) = both();
        for step in to_be.steps.values_mut() {
            step.title = "Join in one click".into();
        }
        let own = aligned(&as_is, &to_be).own;
        let aligned = aligned(&as_is, &to_be).board;
        let ids = |board: &Board| board.entities().map(|it| it.entity_ref()).collect::<Vec<_>>();
        assert_eq!(ids(&aligned), ids(&to_be));
        let (one, other) = (aligned.steps_in_order()[0], to_be.steps_in_order()[0]);
        assert_eq!((one.id, one.stage, one.title.as_str()), (other.id, other.stage, "Sign up"));
        let on = |board: &Board| board.items_on(other.id, ItemKind::Insight).len();
        assert_eq!((on(&aligned), on(&to_be)), (3, 3), "references follow");
        let step = as_is.steps_in_order()[0].id;
        assert_eq!(own.get(&other.id.into()), Some(&step.into()), "and the way back is known");
    }

    #[test]
    fn what_was_made_on_both_sides_is_the_same_by_its_title_where_that_is_clear() {
        let (mut as_is, mut to_be) = both();
        let (here, there) = (as_is.steps_in_order()[0].id, to_be.steps_in_order()[0].id);
        for (id, statement) in [(20, "Cold"), (21, "Twice"), (22, "Only here")] {
            put(&mut as_is, Command::add(insight(id, here, statement)));
        }
        for (id, statement) in [(30, " cold"), (31, "Twice"), (32, "Twice"), (33, "Only there")] {
            put(&mut to_be, Command::add(insight(id, there, statement)));
        }
        let aligned = aligned(&as_is, &to_be).board;
        let is_there = |it: u128| aligned.insights.contains_key(&InsightId::from_parts(9, it));
        assert!(is_there(30), "one of each is the same");
        assert!(!is_there(31) && !is_there(32), "two are not told apart");
        assert!(!is_there(33));
        assert_eq!(aligned.insights.len(), as_is.insights.len());
        let shared = aligned.insights.keys().filter(|it| to_be.insights.contains_key(it)).count();
        assert_eq!(shared, 4, "three that were copied, and one by its title");
    }
}
