//! One function per kind of command: reads what is staged, writes what will be.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::check::{check, limits};
use super::staged::{Sibling, Staged, placed_on, placed_on_mut};
use crate::command::{Change, Command, CommandError};
use crate::entity::{Branch, Entity, EntityKind, Journey, MetricPoint, ReviewAgenda, Stance};
use crate::id::{EntityRef, EvidenceId, MetricId, ReviewId, StageId, StepId};
use crate::kind::ItemKind;
use crate::placement::place;
use crate::time::{Stamp, Timestamp};
use crate::wording::{quoted, quoted_short};

/// By how much shares may come to more than the whole: they are rounded when they are typed.
const SHARE_SLACK: f64 = 0.005;

type Label = Result<String, CommandError>;

/// Lays `command` over what is staged; answers what was done, in words.
pub(super) fn act(staged: &mut Staged<'_>, command: Command, stamp: Stamp) -> Label {
    match command {
        Command::Add { entity, index } => add(staged, *entity, index),
        Command::Set { change } => set(staged, change),
        Command::MoveStage { stage, index } => move_stage(staged, stage, index),
        Command::MoveStep { step, stage, index } => move_step(staged, step, stage, index),
        Command::Branch { from, to, branch: it } => branch(staged, from, to, it),
        Command::MoveItem { item, from, to, index } => move_item(staged, item, from, to, index),
        Command::Unplace { item, step } => unplace(staged, item, step),
        Command::Link { from, to } => link(staged, from, to, true),
        Command::Unlink { from, to } => link(staged, from, to, false),
        Command::Weigh { evidence, claim, stance } => weigh(staged, evidence, claim, stance),
        Command::RecordPoints { metric, points } => record_points(staged, metric, points),
        Command::StillTrue { step } => still_true(staged, step, stamp),
        Command::FinishReview { review, since, agenda } => {
            finish_review(staged, review, since, agenda, stamp)
        }
        Command::Trash { entities } => trash(staged, &entities, Some(stamp)),
        Command::Restore { entities } => trash(staged, &entities, None),
        Command::PutBack { entities } => put_back(staged, entities),
        Command::NameVersion { version, name } => name_version(staged, version, &name),
        Command::Batch { label, commands } => {
            if commands.len() > limits::BATCH_COMMANDS_MAX {
                return Err(too_many("changes at once", limits::BATCH_COMMANDS_MAX));
            }
            for command in commands {
                act(staged, command, stamp)?;
            }
            Ok(label)
        }
    }
}

fn too_many(things: &str, max: usize) -> CommandError {
    CommandError::TooMany { things: things.to_owned(), max }
}

fn unfit(reason: impl Into<String>) -> CommandError {
    CommandError::Unfit { reason: reason.into() }
}

fn add(staged: &mut Staged<'_>, mut entity: Entity, index: Option<usize>) -> Label {
    let id = entity.entity_ref();
    if staged.contains(id) {
        return Err(CommandError::Exists { entity: id });
    }
    if let Some(max) = limits::of(id.kind)
        && staged.count(id.kind) >= max
    {
        return Err(too_many(&format!("{}s", id.kind.word()), max));
    }
    check(staged, &entity)?;
    let siblings = match &entity {
        Entity::Stage(it) if !it.order.is_placed() => Some(staged.stages()),
        Entity::Step(it) if !it.order.is_placed() => it.stage.map(|stage| staged.steps_of(stage)),
        other => match (placed_on(other), ItemKind::of(id.kind)) {
            (Some((steps, order)), Some(kind)) if !order.is_placed() => {
                steps.first().map(|step| staged.items_on(*step, kind))
            }
            _ => None,
        },
    };
    if let Some(siblings) = siblings {
        let at = index.unwrap_or(siblings.len());
        put_in_order(staged, &mut entity, &siblings, at)?;
    }
    let label = format!("Add {} {}", id.kind.word(), named(&entity));
    staged.put(entity);
    Ok(label)
}

fn set(staged: &mut Staged<'_>, change: Change) -> Label {
    let id = change.entity_ref();
    let field = change.field_name();
    let mut entity = staged.get(id)?;
    let before = named(&entity);
    change.apply_to(&mut entity);
    check(staged, &entity)?;
    staged.put(entity);
    let names = ["title", "statement", "name"];
    // A review has no name, and its notes are too long for one.
    Ok(if id.kind == EntityKind::Review {
        format!("Change the {field} of the review")
    } else if names.contains(&field) {
        format!("Rename {} {before}", id.kind.word())
    } else {
        format!("Change {} of {} {before}", field.replace('_', " "), id.kind.word())
    })
}

fn move_stage(staged: &mut Staged<'_>, stage: StageId, index: usize) -> Label {
    let mut entity = staged.get(stage.into())?;
    let siblings = others(staged.stages(), stage.into());
    put_in_order(staged, &mut entity, &siblings, index)?;
    let label = format!("Move stage {}", named(&entity));
    staged.put(entity);
    Ok(label)
}

fn move_step(staged: &mut Staged<'_>, step: StepId, stage: StageId, index: usize) -> Label {
    staged.get(stage.into())?;
    let mut entity = staged.get(step.into())?;
    if let Entity::Step(it) = &mut entity {
        it.stage = Some(stage);
    }
    let siblings = others(staged.steps_of(stage), step.into());
    put_in_order(staged, &mut entity, &siblings, index)?;
    let label = format!("Move step {}", named(&entity));
    staged.put(entity);
    Ok(label)
}

fn branch(staged: &mut Staged<'_>, from: StepId, to: StepId, it: Option<Branch>) -> Label {
    let target = staged.get(to.into())?;
    let mut entity = staged.get(from.into())?;
    let verb = if it.is_some() { "Branch from" } else { "Take away the branch from" };
    if let Entity::Step(step) = &mut entity {
        match it {
            Some(it) => step.branches.insert(to, it),
            None => step.branches.remove(&to),
        };
        let shares: f64 = step.branches.values().filter_map(|it| it.share).sum();
        if shares > 1.0 + SHARE_SLACK {
            return Err(unfit(format!(
                "The branches of a step take at most all customers; these would take {:.0}%.",
                shares * 100.0
            )));
        }
    }
    check(staged, &entity)?;
    let label = format!("{verb} {} to {}", named(&entity), named(&target));
    staged.put(entity);
    Ok(label)
}

fn move_item(
    staged: &mut Staged<'_>,
    item: EntityRef,
    from: Option<StepId>,
    to: StepId,
    index: usize,
) -> Label {
    let kind = ItemKind::of(item.kind).ok_or_else(|| unfit("Only items can be placed on steps."))?;
    staged.get(to.into())?;
    let mut entity = staged.get(item)?;
    if let Some((steps, _)) = placed_on_mut(&mut entity) {
        if let Some(from) = from {
            steps.remove(&from);
        }
        steps.insert(to);
    }
    check(staged, &entity)?;
    let siblings = others(staged.items_on(to, kind), item);
    put_in_order(staged, &mut entity, &siblings, index)?;
    let label = format!("Move {} {}", item.kind.word(), named(&entity));
    staged.put(entity);
    Ok(label)
}

fn unplace(staged: &mut Staged<'_>, item: EntityRef, step: StepId) -> Label {
    let mut entity = staged.get(item)?;
    let (steps, _) = placed_on_mut(&mut entity).ok_or_else(|| unfit("Only items can be taken off steps."))?;
    if steps.len() == 1 && steps.contains(&step) {
        return Err(unfit("This is the only step it is on. Move it, or put it into the trash."));
    }
    steps.remove(&step);
    let label = format!("Take {} {} off a step", item.kind.word(), named(&entity));
    staged.put(entity);
    Ok(label)
}

fn link(staged: &mut Staged<'_>, from: EntityRef, to: EntityRef, present: bool) -> Label {
    let source = staged.get(from)?;
    let mut target = staged.get(to)?;
    match &mut target {
        Entity::Opportunity(it) if from.kind == EntityKind::Insight => {
            keep(&mut it.insights, from.id.into(), present);
        }
        Entity::Solution(it) if from.kind == EntityKind::Opportunity => {
            keep(&mut it.opportunities, from.id.into(), present);
        }
        Entity::Solution(it) if from.kind == EntityKind::Insight => {
            keep(&mut it.assumptions, from.id.into(), present);
        }
        _ => {
            return Err(unfit(format!(
                "Insights link to opportunities and solutions, and opportunities to solutions; this would link a {} to a {}.",
                from.kind.word(),
                to.kind.word()
            )));
        }
    }
    let label = if present { "Link" } else { "Unlink" };
    let label = format!("{label} {} and {}", named(&source), named(&target));
    staged.put(target);
    Ok(label)
}

fn keep<T: Ord>(set: &mut std::collections::BTreeSet<T>, value: T, present: bool) {
    if present {
        set.insert(value);
    } else {
        set.remove(&value);
    }
}

fn weigh(staged: &mut Staged<'_>, evidence: EvidenceId, claim: EntityRef, stance: Option<Stance>) -> Label {
    let about = staged.get(claim)?;
    let mut entity = staged.get(evidence.into())?;
    if let Entity::Evidence(it) = &mut entity {
        match stance {
            Some(stance) => it.claims.insert(claim, stance),
            None => it.claims.remove(&claim),
        };
    }
    staged.put(entity);
    Ok(format!("Weigh evidence on {} {}", claim.kind.word(), named(&about)))
}

fn record_points(staged: &mut Staged<'_>, metric: MetricId, points: BTreeMap<Date, MetricPoint>) -> Label {
    let mut entity = staged.get(metric.into())?;
    if let Entity::Metric(it) = &mut entity {
        it.points.extend(points);
    }
    check(staged, &entity)?;
    let label = format!("Record values of {}", named(&entity));
    staged.put(entity);
    Ok(label)
}

fn still_true(staged: &mut Staged<'_>, step: StepId, stamp: Stamp) -> Label {
    let mut entity = staged.get(step.into())?;
    if let Entity::Step(it) = &mut entity {
        it.last_reviewed = Some(stamp);
    }
    let label = format!("Confirm step {}", named(&entity));
    staged.put(entity);
    Ok(label)
}

fn finish_review(
    staged: &mut Staged<'_>,
    review: ReviewId,
    since: Timestamp,
    agenda: ReviewAgenda,
    stamp: Stamp,
) -> Label {
    let mut entity = staged.get(review.into())?;
    if let Entity::Review(it) = &mut entity {
        if it.finished.is_some() {
            return Err(unfit("This review is finished already."));
        }
        (it.since, it.finished, it.agenda) = (Some(since), Some(stamp), Some(agenda));
    }
    check(staged, &entity)?;
    staged.put(entity);
    Ok("Finish the review".to_owned())
}

fn trash(staged: &mut Staged<'_>, entities: &[EntityRef], trashed: Option<Stamp>) -> Label {
    let verb = if trashed.is_some() { "Delete" } else { "Restore" };
    let mut label = format!("{verb} {} things", entities.len());
    for id in entities {
        let mut entity = staged.get(*id)?;
        if trashed.is_some() && matches!(entity, Entity::Workspace(_) | Entity::Journey(_)) {
            return Err(unfit("A whole journey is archived, not deleted here."));
        }
        // Deleting twice keeps the first stamp: it says since when the thing has been gone.
        if entity.trashed().is_some() != trashed.is_some() {
            entity.set_trashed(trashed);
        }
        if entities.len() == 1 {
            label = format!("{verb} {} {}", id.kind.word(), named(&entity));
        }
        staged.put(entity);
    }
    Ok(label)
}

fn put_back(staged: &mut Staged<'_>, entities: Vec<Entity>) -> Label {
    let label = match entities.as_slice() {
        [one] => format!("Put {} {} back", one.entity_ref().kind.word(), named(one)),
        _ => format!("Put {} things back", entities.len()),
    };
    let ids: Vec<EntityRef> = entities.iter().map(Entity::entity_ref).collect();
    for entity in entities {
        let id = entity.entity_ref();
        if matches!(id.kind, EntityKind::Workspace | EntityKind::Member)
            || id.kind == EntityKind::Journey && !staged.contains(id)
        {
            return Err(unfit("Only what is on a journey is put back."));
        }
        if let Some(max) = limits::of(id.kind)
            && !staged.contains(id)
            && staged.count(id.kind) >= max
        {
            return Err(too_many(&format!("{}s", id.kind.word()), max));
        }
        staged.put(entity);
    }
    // They may rest on one another, in any order.
    for id in ids {
        check(staged, &staged.get(id)?)?;
    }
    Ok(label)
}

fn name_version(staged: &mut Staged<'_>, version: String, name: &str) -> Label {
    let name = name.trim();
    let is_hash = version.len() == 64 && version.bytes().all(|it| matches!(it, b'0'..=b'9' | b'a'..=b'f'));
    let mut journey =
        staged.journey().filter(|_| is_hash).ok_or_else(|| unfit("There is no such version."))?;
    if name.chars().count() > Journey::VERSION_NAME_CHARS_MAX {
        let (field, max) = ("name".to_owned(), Journey::VERSION_NAME_CHARS_MAX);
        return Err(CommandError::TooLong {
            kind: EntityKind::Journey,
            field,
            max,
            is: name.chars().count(),
        });
    }
    let label = if name.is_empty() {
        journey.versions.remove(&version);
        "Take a version’s name away".to_owned()
    } else {
        journey.versions.insert(version, name.to_owned());
        format!("Name a version {}", quoted(name))
    };
    if journey.versions.len() > Journey::VERSIONS_MAX {
        return Err(too_many("named versions", Journey::VERSIONS_MAX));
    }
    staged.put(journey.into());
    Ok(label)
}

fn others(mut siblings: Vec<Sibling>, me: EntityRef) -> Vec<Sibling> {
    siblings.retain(|it| it.id != me);
    siblings
}

/// Gives `entity` the position at `index` of `siblings`, making room where two share one.
fn put_in_order(
    staged: &mut Staged<'_>,
    entity: &mut Entity,
    siblings: &[Sibling],
    index: usize,
) -> Result<(), CommandError> {
    let orders: Vec<_> = siblings.iter().map(|it| &it.order).collect();
    let (order, moved) = place(&orders, index);
    if let Some(own) = entity_order(entity) {
        *own = order;
    }
    for (at, order) in moved {
        let mut sibling = staged.get(siblings[at].id)?;
        if let Some(own) = entity_order(&mut sibling) {
            *own = order;
        }
        staged.put(sibling);
    }
    Ok(())
}

fn entity_order(entity: &mut Entity) -> Option<&mut crate::order::Order> {
    match entity {
        Entity::Stage(it) => Some(&mut it.order),
        Entity::Step(it) => Some(&mut it.order),
        item => placed_on_mut(item).map(|(_, order)| order),
    }
}

/// The name of an entity in quotes, shortened for a label.
fn named(entity: &Entity) -> String {
    const CHARS_MAX: usize = 40;
    quoted_short(entity.title(), CHARS_MAX)
}
