//! Reads entities out of an Automerge document. Never writes, never panics on what it finds.

use automerge::{Automerge, ObjId, ObjType, ROOT, ReadDoc, ScalarValueRef, Value, ValueRef};
use custory_domain::{Entity, EntityRef};

use crate::layout::{CREATED, Flat, FlatMap, UPDATED, rebuild};
use crate::sight::Sight;

/// What stands under an entity's key.
#[derive(Debug)]
pub(crate) enum Reading {
    Here(Entity),
    /// Taken back by whoever added it; shown only where something else rests on it.
    Undone(Entity),
    /// Written by a newer version, or damaged on purpose: left alone.
    Unreadable(String),
    Nothing,
}

/// An entity as read, and whether one of its texts was put together from conflicting ones.
#[derive(Debug)]
pub(crate) struct Read {
    pub entity: EntityRef,
    pub reading: Reading,
    pub is_joined: bool,
}

/// The keys of all entities of kinds that this version knows.
pub(crate) fn entity_refs<'a>(doc: impl Into<Sight<'a>>) -> impl Iterator<Item = EntityRef> + 'a {
    doc.into().map(&ROOT).filter_map(|it| entity_ref(&it.key))
}

/// The entity that a key at the root names. Only the one spelling that this program writes counts,
/// or two keys could stand for one entity.
pub(crate) fn entity_ref(key: &str) -> Option<EntityRef> {
    key.parse::<EntityRef>().ok().filter(|it| it.to_string() == key)
}

/// The map that holds an entity.
pub(crate) fn object(doc: &impl ReadDoc, entity: EntityRef) -> Option<ObjId> {
    a_map(doc.get(ROOT, entity.to_string()).ok()?)
}

/// The object that was found, if it is a map.
pub(crate) fn a_map(found: Option<(Value<'_>, ObjId)>) -> Option<ObjId> {
    found.and_then(|(value, id)| matches!(value, Value::Object(ObjType::Map)).then_some(id))
}

/// Reads one entity.
pub(crate) fn read<'a>(doc: impl Into<Sight<'a>>, entity: EntityRef) -> Read {
    let doc = doc.into();
    let Some(object) = doc.object(entity) else {
        return Read { entity, reading: Reading::Nothing, is_joined: false };
    };
    let (mut flat, is_joined) = values(doc, &object, entity);
    let is_undone = !flat.contains_key(UPDATED);
    if is_undone && let Some(created) = flat.get(CREATED) {
        flat.insert(UPDATED.to_owned(), created.clone());
    }
    let reading = match rebuild(entity, flat) {
        Ok(it) if is_undone => Reading::Undone(it),
        Ok(it) => Reading::Here(it),
        Err(error) => Reading::Unreadable(error.to_string()),
    };
    Read { entity, reading, is_joined }
}

/// The values of an entity as they stand in the document; `None` if it has no map.
pub(crate) fn flat(doc: &Automerge, entity: EntityRef) -> Option<FlatMap> {
    object(doc, entity).map(|object| values(doc.into(), &object, entity).0)
}

fn values(doc: Sight<'_>, object: &ObjId, entity: EntityRef) -> (FlatMap, bool) {
    let long_texts = entity.kind.long_text_fields();
    let mut flat = FlatMap::new();
    let mut is_joined = false;
    for item in doc.map(object) {
        let is_long = long_texts.contains(&&*item.key);
        let value = match &item.value {
            _ if is_long && item.conflict => {
                is_joined = true;
                Some(Flat::Text(joined(doc, object, &item.key)))
            }
            ValueRef::Object(ObjType::Text) => doc.text(&item.id()).map(Flat::Word),
            ValueRef::Object(_) => None,
            ValueRef::Scalar(scalar) => read_scalar(scalar),
        };
        let value = match value {
            Some(Flat::Word(text) | Flat::Text(text)) if is_long => {
                if text.is_empty() {
                    None
                } else {
                    Some(Flat::Text(text))
                }
            }
            other => other,
        };
        if let Some(value) = value {
            flat.insert(item.key.into_owned(), value);
        }
    }
    (flat, is_joined)
}

fn read_scalar(value: &ScalarValueRef<'_>) -> Option<Flat> {
    match value {
        ScalarValueRef::Int(it) | ScalarValueRef::Counter(it) | ScalarValueRef::Timestamp(it) => {
            Some(Flat::Int(*it))
        }
        ScalarValueRef::Uint(it) => Some(i64::try_from(*it).map_or(Flat::Uint(*it), Flat::Int)),
        ScalarValueRef::F64(it) if it.is_finite() => Some(Flat::Float(*it)),
        ScalarValueRef::Boolean(it) => Some(Flat::Flag(*it)),
        ScalarValueRef::Str(it) => Some(Flat::Word(it.to_string())),
        ScalarValueRef::F64(_)
        | ScalarValueRef::Bytes(_)
        | ScalarValueRef::Unknown { .. }
        | ScalarValueRef::Null => None,
    }
}

/// The distinct texts that stand in conflict under one key, oldest first, as one text. The order is
/// that of Automerge's operations, so it is the same on every replica.
fn joined(doc: Sight<'_>, object: &ObjId, key: &str) -> String {
    let mut texts: Vec<String> = Vec::new();
    for (value, id) in doc.all(object, key) {
        let text = match value {
            Value::Object(ObjType::Text) => doc.text(&id).unwrap_or_default(),
            Value::Scalar(it) => it.as_str().unwrap_or_default().to_owned(),
            Value::Object(_) => String::new(),
        };
        if !text.is_empty() && !texts.contains(&text) {
            texts.push(text);
        }
    }
    texts.join("\n")
}
