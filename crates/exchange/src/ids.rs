//! New ids for everything, with all references following.

use std::collections::BTreeMap;

use custory_domain::{Entity, EntityKind, EntityRef, JourneyId};
use ulid::Ulid;

use crate::references::{redirect, rename};

/// A new id for each of `entities`.
///
/// Among entities of one kind the new ids stand in the order of the old ones: where two siblings
/// share a position the id decides which is shown first, and a copy must look like the original.
pub(crate) fn fresh(
    entities: impl IntoIterator<Item = EntityRef>,
    mint: &mut dyn FnMut() -> Ulid,
) -> BTreeMap<EntityRef, Ulid> {
    let mut by_kind: BTreeMap<EntityKind, Vec<EntityRef>> = BTreeMap::new();
    for entity in entities {
        by_kind.entry(entity.kind).or_default().push(entity);
    }
    let mut fresh = BTreeMap::new();
    for mut old in by_kind.into_values() {
        old.sort();
        let mut new: Vec<Ulid> = old.iter().map(|_| mint()).collect();
        new.sort();
        fresh.extend(old.into_iter().zip(new));
    }
    fresh
}

/// What an id becomes in a copy of its journey.
///
/// It follows from the id and the copy's own, so that whoever has both journeys can tell what in the copy began as
/// what, however much of it has been renamed since. The order of ids stays, as with [`fresh`].
pub(crate) fn copied(id: Ulid, copy: JourneyId) -> Ulid {
    Ulid(id.0.wrapping_add(copy.ulid().random()))
}

/// Gives an entity its new id and lets it point at the new ids of others; what has none keeps its.
pub(crate) fn renew(entity: &mut Entity, fresh: &BTreeMap<EntityRef, Ulid>) {
    if let Some(id) = fresh.get(&entity.entity_ref()) {
        rename(entity, *id);
    }
    redirect(entity, &mut |it| Some(fresh.get(&it).copied().unwrap_or(it.id)));
}
