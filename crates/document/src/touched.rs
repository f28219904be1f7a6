//! What a single change touched, read from its operations: the cost is that of the change, however long the
//! document is.

use std::collections::{BTreeMap, BTreeSet};

use automerge::legacy::{Key, ObjectId, OpType};
use automerge::{Automerge, ChangeHash, ObjId, Prop, ROOT, ReadDoc};
use custory_domain::{EntityRef, How};

use crate::layout::{CREATED, UPDATED};
use crate::read::entity_ref;

/// The key that says that an entity is in the trash.
const TRASHED: &str = "trashed{}";

/// What a change did to an entity.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Touched {
    /// What became of it.
    pub how: How,
    /// Names of the fields that were written, without stamps.
    pub fields: BTreeSet<String>,
}

/// What the operations of a change say about one entity.
#[derive(Default)]
struct Seen {
    is_made: bool,
    /// Its stamp of last change: written where there was none, or gone.
    stamp: Option<How>,
    /// Its stamp of the trash: written, or gone.
    trash: Option<How>,
    fields: BTreeSet<String>,
}

/// What a change touched.
pub(crate) fn touched_by(doc: &Automerge, hash: &ChangeHash) -> BTreeMap<EntityRef, Touched> {
    let mut seen: BTreeMap<EntityRef, Seen> = BTreeMap::new();
    let Some(change) = doc.get_change_by_hash(hash) else { return BTreeMap::new() };
    let mut owners: BTreeMap<String, Option<(EntityRef, Option<String>)>> = BTreeMap::new();
    for operation in change.decode().operations {
        let key = match &operation.key {
            Key::Map(key) => Some(key.as_str()),
            Key::Seq(_) => None,
        };
        match &operation.obj {
            ObjectId::Root => {
                if let Some(entity) = key.and_then(entity_ref) {
                    seen.entry(entity).or_default().is_made = true;
                }
            }
            ObjectId::Id(id) => {
                // The index is only a hint; Automerge looks the actor up.
                let object = ObjId::Id(id.counter(), id.actor().clone(), 0);
                let owner = owners.entry(object.to_string()).or_insert_with(|| owner(doc, &object));
                let Some((entity, text)) = owner else { continue };
                let is_deleted = matches!(operation.action, OpType::Delete);
                let had_none = operation.pred.is_empty();
                seen.entry(*entity).or_default().note(text.as_deref().or(key), is_deleted, had_none);
            }
        }
    }
    seen.into_iter().map(|(entity, it)| (entity, it.into())).collect()
}

impl Seen {
    fn note(&mut self, key: Option<&str>, is_deleted: bool, had_none: bool) {
        match key {
            Some(TRASHED) => self.trash = Some(if is_deleted { How::Added } else { How::Removed }),
            // An entity without it was taken back; where it is deleted to be written anew, that follows.
            Some(UPDATED) => {
                self.stamp = match (is_deleted, had_none, self.stamp) {
                    (true, ..) => Some(How::Removed),
                    (false, true, None) => Some(How::Added),
                    (false, ..) => Some(How::Changed),
                };
            }
            Some(CREATED) | None => {}
            Some(key) => {
                let end = key.find(['.', '#', '{']).unwrap_or(key.len());
                self.fields.insert(key[..end].to_owned());
            }
        }
    }
}

impl From<Seen> for Touched {
    fn from(seen: Seen) -> Self {
        let how = match (seen.is_made, seen.trash, seen.stamp) {
            (true, ..) => How::Added,
            (false, Some(how), _) => how,
            (false, None, Some(how)) => how,
            (false, None, None) => How::Changed,
        };
        Self { how, fields: seen.fields }
    }
}

/// The entity that an object is or belongs to, with the field if it is a text.
fn owner(doc: &Automerge, object: &ObjId) -> Option<(EntityRef, Option<String>)> {
    let mut field = None;
    for parent in doc.parents(object).ok()? {
        let Prop::Map(key) = parent.prop else { return None };
        if parent.obj == ROOT {
            return Some((entity_ref(&key)?, field));
        }
        field = Some(key);
    }
    None
}
