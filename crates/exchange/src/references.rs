//! Every place where one entity points at another.
//!
//! The one list of them: collecting, renaming and mending references all go through it, so a new
//! reference is added here once. Stamps of making and changing are left alone: whoever adds an
//! entity stamps it anew.

use std::collections::BTreeSet;

use custory_domain::filter::{Criterion, Filter, Part, Test};
use custory_domain::{Entity, EntityKind, EntityRef, Stamp};
use ulid::Ulid;

/// Says where a reference points from now on; `None` takes it out.
pub(crate) type Redirect<'a> = dyn FnMut(EntityRef) -> Option<Ulid> + 'a;

/// Asks `to` about every reference in `entity` and does what it says.
///
/// Who put something into the trash, who reviewed a step and who finished a review can be renamed but not taken out.
/// A journey's `parent_step`, the journey that it is the to-be of, and the one that is a step's `detail` are documents of
/// their own and not asked about.
pub(crate) fn redirect(entity: &mut Entity, to: &mut Redirect<'_>) {
    let trashed = entity.trashed().map(|it| resigned(it, to));
    entity.set_trashed(trashed);
    match entity {
        Entity::Workspace(_) | Entity::Member(_) | Entity::Persona(_) | Entity::Stage(_) => {}
        Entity::Journey(it) => {
            one(&mut it.outcome_metric, to);
            one(&mut it.owner, to);
            many(&mut it.personas, to);
        }
        Entity::Step(it) => {
            one(&mut it.stage, to);
            one(&mut it.owner, to);
            it.last_reviewed = it.last_reviewed.map(|it| resigned(it, to));
            let branches = std::mem::take(&mut it.branches).into_iter();
            it.branches = branches.filter_map(|(step, it)| Some((to(step.into())?.into(), it))).collect();
        }
        Entity::Touchpoint(it) => {
            one(&mut it.owner, to);
            many(&mut it.steps, to);
        }
        Entity::Insight(it) => {
            one(&mut it.owner, to);
            many(&mut it.personas, to);
            many(&mut it.steps, to);
        }
        Entity::Opportunity(it) => {
            one(&mut it.owner, to);
            one(&mut it.parent, to);
            many(&mut it.steps, to);
            many(&mut it.insights, to);
        }
        Entity::Solution(it) => {
            one(&mut it.owner, to);
            one(&mut it.success_metric, to);
            many(&mut it.steps, to);
            many(&mut it.opportunities, to);
            many(&mut it.assumptions, to);
        }
        Entity::Metric(it) => {
            one(&mut it.owner, to);
            many(&mut it.steps, to);
        }
        Entity::Evidence(it) => {
            let claims = std::mem::take(&mut it.claims);
            let kept = claims.into_iter().filter_map(|(claim, stance)| Some((moved(claim, to)?, stance)));
            it.claims = kept.collect();
        }
        Entity::DeliveryLink(it) => it.delivers = it.delivers.and_then(|it| moved(it, to)),
        Entity::Verdict(it) => {
            one(&mut it.solution, to);
            one(&mut it.metric, to);
        }
        Entity::Comment(it) => {
            it.about = it.about.and_then(|it| moved(it, to));
            one(&mut it.reply_to, to);
            one(&mut it.author, to);
            many(&mut it.mentions, to);
        }
        Entity::Decision(it) => {
            it.about = it.about.and_then(|it| moved(it, to));
            it.based_on = it.based_on.iter().filter_map(|it| moved(*it, to)).collect();
            one(&mut it.author, to);
        }
        Entity::SharedView(it) => redirect_filter(&mut it.filter, to),
        Entity::Review(it) => {
            it.finished = it.finished.map(|it| resigned(it, to));
            for list in it.agenda.iter_mut().flat_map(|it| &mut it.lists) {
                let all = list.lines.len();
                let lines = std::mem::take(&mut list.lines).into_iter();
                list.lines = lines.filter_map(|(about, says)| Some((moved(about, to)?, says))).collect();
                // A line about what is gone is counted still.
                list.more = list.more.saturating_add(all - list.lines.len());
            }
        }
    }
}

/// A test of which nothing is left goes, for it would let nothing through.
fn redirect_filter(filter: &mut Filter, to: &mut Redirect<'_>) {
    let mut stays = |test: &mut Test| match &mut test.what {
        Criterion::Owner { owners } => {
            let was_empty = owners.is_empty();
            let kept = std::mem::take(owners).into_iter();
            *owners = kept
                .filter_map(|it| match it {
                    Some(owner) => to(owner.into()).map(|it| Some(it.into())),
                    None => Some(None),
                })
                .collect();
            was_empty || !owners.is_empty()
        }
        Criterion::Stage { stages } => {
            let was_empty = stages.is_empty();
            many(stages, to);
            was_empty || !stages.is_empty()
        }
        Criterion::Kind { .. }
        | Criterion::Open
        | Criterion::Evidence { .. }
        | Criterion::Severity { .. }
        | Criterion::Impact { .. }
        | Criterion::Effort { .. }
        | Criterion::Truth { .. }
        | Criterion::State { .. }
        | Criterion::Text { .. }
        | Criterion::Added { .. }
        | Criterion::Changed { .. }
        | Criterion::LastEvidence { .. } => true,
    };
    filter.parts.retain_mut(|part| match part {
        Part::Test(test) => stays(test),
        Part::Group { tests, .. } => {
            tests.retain_mut(&mut stays);
            !tests.is_empty()
        }
    });
}

/// Gives an entity another id. References to it are not touched.
pub(crate) fn rename(entity: &mut Entity, id: Ulid) {
    match entity {
        Entity::Workspace(it) => it.id = id.into(),
        Entity::Member(it) => it.id = id.into(),
        Entity::Persona(it) => it.id = id.into(),
        Entity::Journey(it) => it.id = id.into(),
        Entity::Stage(it) => it.id = id.into(),
        Entity::Step(it) => it.id = id.into(),
        Entity::Touchpoint(it) => it.id = id.into(),
        Entity::Insight(it) => it.id = id.into(),
        Entity::Opportunity(it) => it.id = id.into(),
        Entity::Solution(it) => it.id = id.into(),
        Entity::Metric(it) => it.id = id.into(),
        Entity::Evidence(it) => it.id = id.into(),
        Entity::DeliveryLink(it) => it.id = id.into(),
        Entity::Verdict(it) => it.id = id.into(),
        Entity::Comment(it) => it.id = id.into(),
        Entity::Review(it) => it.id = id.into(),
        Entity::Decision(it) => it.id = id.into(),
        Entity::SharedView(it) => it.id = id.into(),
    }
}

/// Adds the members and personas that an entity refers to.
pub(crate) fn people_named(entity: &mut Entity, named: &mut BTreeSet<EntityRef>) {
    redirect(entity, &mut |it| {
        if matches!(it.kind, EntityKind::Member | EntityKind::Persona) {
            named.insert(it);
        }
        Some(it.id)
    });
}

fn moved(entity: EntityRef, to: &mut Redirect<'_>) -> Option<EntityRef> {
    to(entity).map(|id| EntityRef { id, ..entity })
}

fn one<I: Copy + Into<EntityRef> + From<Ulid>>(slot: &mut Option<I>, to: &mut Redirect<'_>) {
    *slot = slot.and_then(|it| to(it.into())).map(I::from);
}

fn many<I: Copy + Ord + Into<EntityRef> + From<Ulid>>(set: &mut BTreeSet<I>, to: &mut Redirect<'_>) {
    *set = set.iter().filter_map(|it| to((*it).into())).map(I::from).collect();
}

fn resigned(stamp: Stamp, to: &mut Redirect<'_>) -> Stamp {
    Stamp { by: to(stamp.by.into()).map_or(stamp.by, Into::into), ..stamp }
}

#[cfg(test)]
mod tests {
    use super::*;
    use custory_domain::Via;
    use custory_testkit::cases;
    use custory_testkit::entity::entity;
    use proptest::prelude::*;

    /// Every identifier in an entity, found without knowing its fields.
    fn ids_in(entity: &Entity) -> BTreeSet<String> {
        let text = serde_json::to_string(entity).expect("an entity is JSON");
        let words = text.split(|it: char| !it.is_ascii_alphanumeric());
        words.filter(|it| it.len() == 26 && it.parse::<Ulid>().is_ok()).map(str::to_owned).collect()
    }

    proptest! {
        #![proptest_config(cases(512))]

        /// A reference that is added to the domain and forgotten here fails this.
        #[test]
        fn no_reference_of_any_entity_is_forgotten(mut entity in entity()) {
            if let Entity::Journey(it) = &mut entity {
                (it.parent_step, it.to_be_of) = (None, None);
            }
            if let Entity::Step(it) = &mut entity {
                it.detail = None;
            }
            entity.set_created(Stamp { via: Via::User, ..Stamp::default() });
            let stranger = Stamp::default().by.to_string();
            let before = ids_in(&entity);
            let new = |old: Ulid| Ulid::from_parts(old.timestamp_ms() ^ (1 << 40), old.random());
            let id = new(entity.entity_ref().id);
            rename(&mut entity, id);
            redirect(&mut entity, &mut |it| Some(new(it.id)));
            let mut after = ids_in(&entity);
            after.remove(&stranger);
            prop_assert!(after.is_disjoint(&before), "{entity:?}");
            prop_assert_eq!(after.len() + usize::from(before.contains(&stranger)), before.len());
        }

        /// What is taken out is gone, and nothing else is.
        #[test]
        fn a_reference_can_be_taken_out(mut entity in entity()) {
            let mut asked = BTreeSet::new();
            redirect(&mut entity, &mut |it| {
                asked.insert(it);
                None
            });
            let mut left = BTreeSet::new();
            redirect(&mut entity, &mut |it| {
                left.insert(it);
                Some(it.id)
            });
            prop_assert!(left.is_subset(&asked));
            prop_assert!(left.iter().all(|it| it.kind == EntityKind::Member), "only stamps stay: {left:?}");
        }
    }
}
