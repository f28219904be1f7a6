//! Who of the people in a file is who in the workspace, and who is new there.

use std::collections::{BTreeMap, BTreeSet};

use custory_domain::{Board, Entity, EntityKind, EntityRef, MemberRole};
use ulid::Ulid;

use super::Ids;
use crate::references::people_named;

/// Decides about everybody whom `entities` name, notes new ids in `renamed`, and answers the
/// newcomers under their new ids, each with the reference it has in the file.
///
/// Somebody whom the workspace has under the same id is that person. For a journey with fresh ids,
/// so is the only one there with the same name and title: else each import from a colleague's
/// workspace would bring the whole team in again.
pub(super) fn settle(
    entities: &mut [Entity],
    people: BTreeMap<EntityRef, Entity>,
    workspace: &Board,
    ids: Ids,
    renamed: &mut BTreeMap<EntityRef, Ulid>,
    mint: &mut dyn FnMut() -> Ulid,
) -> Vec<(EntityRef, Entity)> {
    let mut named = BTreeSet::new();
    entities.iter_mut().for_each(|it| people_named(it, &mut named));
    let known = known_by_name(workspace);
    let mut newcomers = Vec::new();
    for (old, mut person) in people {
        if !named.contains(&old) || workspace.contains(old) {
            continue;
        }
        if ids == Ids::Fresh {
            if let Some(Some(same)) = name(&person).and_then(|it| known.get(&it)) {
                renamed.insert(old, *same);
                continue;
            }
            let id = mint();
            renamed.insert(old, id);
            crate::references::rename(&mut person, id);
        }
        if let Entity::Member(it) = &mut person {
            it.role = MemberRole::Viewer;
        }
        newcomers.push((old, person));
    }
    newcomers
}

type Name = (EntityKind, String, String);

fn name(person: &Entity) -> Option<Name> {
    match person {
        Entity::Member(it) => Some((EntityKind::Member, it.name.clone(), it.title.clone())),
        Entity::Persona(it) => Some((EntityKind::Persona, it.name.clone(), it.description.clone())),
        _ => None,
    }
}

/// Everybody in the workspace by name; `None` where a name fits two.
fn known_by_name(workspace: &Board) -> BTreeMap<Name, Option<Ulid>> {
    let mut known = BTreeMap::new();
    for person in workspace.entities().filter(|it| it.trashed().is_none()) {
        let Some(name) = name(&person) else { continue };
        let id = person.entity_ref().id;
        known.entry(name).and_modify(|it| *it = None).or_insert(Some(id));
    }
    known
}
