//! Writes changed values into an Automerge transaction: only what differs, so that two people who
//! change different fields of one entity both keep their change.
//!
//! Invariant: an entity's map and the texts that are merged letter by letter are made once, with
//! the entity, by whoever adds it. Made later by two people at once, one of them would lose.

use std::collections::BTreeMap;

use automerge::transaction::{Transactable, Transaction};
use automerge::{AutomergeError, ObjId, ObjType, ROOT, ReadDoc, ScalarValue, Value};
use custory_domain::{CommandError, Entity, EntityRef};

use crate::layout::{Flat, FlatMap, UPDATED, flatten};
use crate::model::Model;
use crate::read::object;

/// The values of one entity that are to be written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct EntityWrite {
    pub entity: EntityRef,
    /// Whether the entity's map is to be made.
    pub is_new: bool,
    pub keys: BTreeMap<String, Written>,
}

/// A value before and after; `None` where there is none.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Written {
    pub before: Option<Flat>,
    pub after: Option<Flat>,
}

/// What to write so that entities become as in `after`.
///
/// # Errors
/// When one is to be added under a name that this version cannot read.
pub(crate) fn plan(model: &Model, after: &[Entity]) -> Result<Vec<EntityWrite>, CommandError> {
    after.iter().map(|it| plan_entity(model, it)).collect()
}

fn plan_entity(model: &Model, after: &Entity) -> Result<EntityWrite, CommandError> {
    let entity = after.entity_ref();
    if model.unreadable().contains_key(&entity) {
        return Err(CommandError::Exists { entity });
    }
    let (before, is_new) = match (model.board().get(entity), model.undone(entity)) {
        (Some(shown), _) => (flatten(&shown), false),
        (None, Some(undone)) => {
            let mut before = flatten(undone);
            before.remove(UPDATED);
            (before, false)
        }
        (None, None) => (FlatMap::new(), true),
    };
    let mut keys = differing(before, flatten(after));
    // A stamp says that somebody was here, also when it is the same millisecond (see `layout`).
    let stamp = flatten(after).remove(UPDATED);
    keys.entry(UPDATED.to_owned()).or_insert(Written { before: stamp.clone(), after: stamp });
    Ok(EntityWrite { entity, is_new, keys })
}

fn differing(mut before: FlatMap, after: FlatMap) -> BTreeMap<String, Written> {
    let mut keys = BTreeMap::new();
    for (key, after) in after {
        let before = before.remove(&key);
        if before.as_ref() != Some(&after) {
            keys.insert(key, Written { before, after: Some(after) });
        }
    }
    for (key, before) in before {
        keys.insert(key, Written { before: Some(before), after: None });
    }
    keys
}

/// Writes everything that is planned.
pub(crate) fn write(tx: &mut Transaction<'_>, plan: &[EntityWrite]) -> Result<(), AutomergeError> {
    for it in plan {
        let object = match object(tx, it.entity) {
            Some(object) if !it.is_new => object,
            _ => make(tx, it.entity)?,
        };
        for (key, value) in &it.keys {
            write_key(tx, &object, key, value)?;
        }
    }
    Ok(())
}

fn make(tx: &mut Transaction<'_>, entity: EntityRef) -> Result<ObjId, AutomergeError> {
    let object = tx.put_object(ROOT, entity.to_string(), ObjType::Map)?;
    for field in entity.kind.long_text_fields() {
        tx.put_object(&object, *field, ObjType::Text)?;
    }
    Ok(object)
}

fn write_key(
    tx: &mut Transaction<'_>,
    object: &ObjId,
    key: &str,
    value: &Written,
) -> Result<(), AutomergeError> {
    match (&value.after, &value.before) {
        (Some(Flat::Text(text)), _) => write_text(tx, object, key, text),
        // The text stays, empty: somebody else may be typing in it.
        (None, Some(Flat::Text(_))) => write_text(tx, object, key, ""),
        (Some(after), _) => {
            if key == UPDATED && value.before == value.after {
                tx.delete(object, key)?;
            }
            tx.put(object, key, scalar(after))
        }
        (None, _) => tx.delete(object, key),
    }
}

/// Makes a text read as `text`. Where texts stand in conflict the winner takes it all and the
/// others become empty; none is replaced, so what others are typing into any of them stays.
fn write_text(tx: &mut Transaction<'_>, object: &ObjId, key: &str, text: &str) -> Result<(), AutomergeError> {
    let found = tx.get_all(object, key)?;
    let is_text = |(value, _): &(Value<'_>, ObjId)| matches!(value, Value::Object(ObjType::Text));
    let texts: Vec<ObjId> = found.iter().filter(|it| is_text(it)).map(|(_, id)| id.clone()).collect();
    let is_all_texts = texts.len() == found.len();
    match texts.split_last() {
        Some((winner, others)) if is_all_texts => {
            for other in others {
                tx.update_text(other, "")?;
            }
            tx.update_text(winner, text)
        }
        _ => {
            let fresh = tx.put_object(object, key, ObjType::Text)?;
            tx.splice_text(&fresh, 0, 0, text)
        }
    }
}

fn scalar(flat: &Flat) -> ScalarValue {
    match flat {
        Flat::Word(it) | Flat::Text(it) => ScalarValue::Str(it.as_str().into()),
        Flat::Int(it) => ScalarValue::Int(*it),
        Flat::Uint(it) => ScalarValue::Uint(*it),
        Flat::Float(it) => ScalarValue::F64(*it),
        Flat::Flag(it) => ScalarValue::Boolean(*it),
    }
}
