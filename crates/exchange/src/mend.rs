//! Makes a set of entities whole: nothing hangs on what is not there, nothing is a part of itself.
//!
//! A live journey can hold such loose ends for good reasons (one person undid adding a step while
//! another put something on it), a file can hold them for bad ones. Adding refuses them, so they
//! are dealt with before, and each is reported.

use std::collections::{BTreeMap, BTreeSet};

use custory_domain::{Decision, Entity, EntityKind, EntityRef, Journey, MemberId, Stamp, placed_on};

use crate::references::redirect;

type Entities = BTreeMap<EntityRef, Entity>;

/// Hears what was mended: about which entity, and what, as the end of a sentence.
pub(crate) type Report<'a> = dyn FnMut(EntityRef, String) + 'a;

/// Mends a journey and its entities. `is_known` says which members and personas there are.
pub(crate) fn mend(
    journey: &mut Journey,
    entities: &mut Entities,
    is_known: &dyn Fn(EntityRef) -> bool,
    report: &mut Report<'_>,
) {
    drop_orphans(entities, report);
    let mut there: BTreeSet<EntityRef> = entities.keys().copied().collect();
    there.insert(journey.id.into());
    let is_there = |it: EntityRef| match it.kind {
        EntityKind::Member | EntityKind::Persona => is_known(it),
        _ => there.contains(&it),
    };
    let mut own = Entity::Journey(journey.clone());
    loosen(&mut own, &is_there, report);
    if let Entity::Journey(own) = own {
        *journey = own;
    }
    for entity in entities.values_mut() {
        loosen(entity, &is_there, report);
    }
    open_circles(entities, report);
}

/// Takes out steps without a stage and items without a step.
fn drop_orphans(entities: &mut Entities, report: &mut Report<'_>) {
    let stages: BTreeSet<EntityRef> = of_kind(entities, EntityKind::Stage);
    let mut drop = |entities: &mut Entities, on: &str, stands: &dyn Fn(&Entity) -> bool| {
        entities.retain(|id, it| {
            let stands = stands(it);
            if !stands {
                report(*id, format!("was left out: the {on} it belongs to is not there"));
            }
            stands
        });
    };
    drop(entities, "stage", &|it| match it {
        Entity::Step(it) => it.stage.is_some_and(|it| stages.contains(&it.into())),
        _ => true,
    });
    let steps: BTreeSet<EntityRef> = of_kind(entities, EntityKind::Step);
    drop(entities, "step", &|it| {
        placed_on(it).is_none_or(|(on, _)| on.iter().any(|it| steps.contains(&(*it).into())))
    });
}

fn of_kind(entities: &Entities, kind: EntityKind) -> BTreeSet<EntityRef> {
    entities.keys().filter(|it| it.kind == kind).copied().collect()
}

/// Who did something with an entity: taken from it and put back unchanged.
struct Stamps {
    trashed: Option<Stamp>,
    reviewed: Option<Stamp>,
    author: Option<MemberId>,
}

/// Takes out references to what is not there. Who did or said something stays, known here
/// or not: a comment by a stranger is better than one by the wrong person.
fn loosen(entity: &mut Entity, is_there: &dyn Fn(EntityRef) -> bool, report: &mut Report<'_>) {
    let id = entity.entity_ref();
    // What is said about people is not part of a journey: they live in the workspace.
    if let Entity::Comment(it) = entity
        && let Some(about) = it.about
        && matches!(about.kind, EntityKind::Member | EntityKind::Persona)
    {
        it.about = None;
        report(id, gone(about));
    }
    if let Entity::Step(it) = entity
        && it.branches.remove(&it.id).is_some()
    {
        report(id, "no longer branches to itself".to_owned());
    }
    if let Entity::Decision(it) = entity
        && let Some(about) = it.about.filter(|it| !Decision::can_be_about(it.kind))
    {
        it.about = None;
        report(id, format!("is no longer about a {}", about.kind.word()));
    }
    let mut lost = BTreeSet::new();
    let stamps = without_stamps(entity);
    redirect(entity, &mut |it| {
        if is_there(it) {
            return Some(it.id);
        }
        lost.insert(it);
        None
    });
    put_stamps(entity, stamps);
    lost.into_iter().for_each(|it| report(id, gone(it)));
}

fn without_stamps(entity: &mut Entity) -> Stamps {
    let trashed = entity.trashed();
    entity.set_trashed(None);
    match entity {
        Entity::Step(it) => Stamps { trashed, reviewed: it.last_reviewed.take(), author: None },
        Entity::Review(it) => Stamps { trashed, reviewed: it.finished.take(), author: None },
        Entity::Comment(it) => Stamps { trashed, reviewed: None, author: it.author.take() },
        Entity::Decision(it) => Stamps { trashed, reviewed: None, author: it.author.take() },
        _ => Stamps { trashed, reviewed: None, author: None },
    }
}

fn put_stamps(entity: &mut Entity, stamps: Stamps) {
    entity.set_trashed(stamps.trashed);
    match entity {
        Entity::Step(it) => it.last_reviewed = stamps.reviewed,
        Entity::Review(it) => it.finished = stamps.reviewed,
        Entity::Comment(it) => it.author = stamps.author,
        Entity::Decision(it) => it.author = stamps.author,
        _ => {}
    }
}

fn gone(target: EntityRef) -> String {
    format!("no longer points at a {} that is not there", target.kind.word())
}

/// Opens circles of opportunities that are parts, and of comments that are answers, of themselves.
fn open_circles(entities: &mut Entities, report: &mut Report<'_>) {
    let parts = edges(entities, |it| match it {
        Entity::Opportunity(it) => it.parent.map(EntityRef::from),
        _ => None,
    });
    let answers = edges(entities, |it| match it {
        Entity::Comment(it) => it.reply_to.map(EntityRef::from),
        _ => None,
    });
    let subjects = edges(entities, |it| match it {
        Entity::Comment(it) => it.about.filter(|about| about.kind == EntityKind::Comment),
        _ => None,
    });
    for id in closing(&parts) {
        if let Some(Entity::Opportunity(it)) = entities.get_mut(&id) {
            it.parent = None;
            report(id, "is no longer a part of itself".to_owned());
        }
    }
    for id in closing(&answers) {
        if let Some(Entity::Comment(it)) = entities.get_mut(&id) {
            it.reply_to = None;
            report(id, "is no longer an answer to itself".to_owned());
        }
    }
    for id in closing(&subjects) {
        if let Some(Entity::Comment(it)) = entities.get_mut(&id) {
            it.about = None;
            report(id, "is no longer about itself".to_owned());
        }
    }
}

fn edges(entities: &Entities, next: impl Fn(&Entity) -> Option<EntityRef>) -> BTreeMap<EntityRef, EntityRef> {
    entities.iter().filter_map(|(id, it)| next(it).map(|to| (*id, to))).collect()
}

/// Where to cut so that no walk along `edges` comes back: each node is walked once.
fn closing(edges: &BTreeMap<EntityRef, EntityRef>) -> Vec<EntityRef> {
    let mut done = BTreeSet::new();
    let mut cuts = Vec::new();
    for start in edges.keys() {
        let mut path = BTreeSet::new();
        let mut at = *start;
        while !done.contains(&at) && path.insert(at) {
            match edges.get(&at) {
                Some(next) if path.contains(next) => {
                    cuts.push(at);
                    break;
                }
                Some(next) => at = *next,
                None => break,
            }
        }
        done.append(&mut path);
    }
    cuts
}

#[cfg(test)]
mod tests {
    use super::*;
    use ulid::Ulid;

    fn node(number: u128) -> EntityRef {
        EntityRef { kind: EntityKind::Comment, id: Ulid::from_parts(0, number) }
    }

    #[test]
    fn every_circle_is_cut_once_and_nothing_else() {
        for (edges, expected) in [
            (vec![], vec![]),
            (vec![(1, 1)], vec![1]),
            (vec![(1, 2), (2, 3)], vec![]),
            (vec![(1, 2), (2, 3), (3, 1)], vec![3]),
            (vec![(1, 2), (2, 3), (3, 2)], vec![3]),
            (vec![(1, 3), (2, 3), (3, 4), (4, 3), (5, 5)], vec![4, 5]),
        ] {
            let edges: BTreeMap<_, _> = edges.into_iter().map(|(from, to)| (node(from), node(to))).collect();
            let expected: Vec<_> = expected.into_iter().map(node).collect();
            assert_eq!(closing(&edges), expected, "{edges:?}");
        }
    }
}
