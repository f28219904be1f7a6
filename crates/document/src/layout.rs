//! How an entity is laid out as flat keys of one Automerge map, and back.
//!
//! Each key is merged on its own, so what should be merged on its own has a key:
//!
//! | key | value |
//! |---|---|
//! | `title` | a text, number or yes/no |
//! | `updated{}` | a record that makes sense only as a whole, as JSON: a stamp, a window |
//! | `steps#01J…` | an element of a set; `true` |
//! | `claims.insight/01J…` | an entry of a map |
//! | `points.2026-11-20{}` | an entry of a map whose value is a record, as JSON |
//!
//! Absent means empty, unknown or no. Kind and id stand in the entity's own key, nowhere else.
//! Invariant: `rebuild(flatten(entity)) == entity`; keys nobody here knows are passed over.

use std::collections::BTreeMap;

use custory_domain::{Entity, EntityKind, EntityRef};
use serde_json::{Map, Number, Value};

/// The key that says when and by whom an entity was made.
pub(crate) const CREATED: &str = "created{}";

/// The key that says when and by whom an entity was last changed. An entity without it has been
/// taken back by whoever added it; any edit writes it, so a concurrent edit brings the entity back.
pub(crate) const UPDATED: &str = "updated{}";

const RECORD: &str = "{}";

/// A value under one key.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Flat {
    /// A text that is replaced as a whole.
    Word(String),
    /// A text that is merged letter by letter.
    Text(String),
    Int(i64),
    /// Only numbers beyond [`i64::MAX`], so that equal numbers are equal values.
    Uint(u64),
    Float(f64),
    Flag(bool),
}

/// All values of an entity by key.
pub(crate) type FlatMap = BTreeMap<String, Flat>;

/// Lays an entity out.
pub(crate) fn flatten(entity: &Entity) -> FlatMap {
    let kind = entity.entity_ref().kind;
    let fields = match serde_json::to_value(entity) {
        Ok(Value::Object(fields)) => fields,
        other => unreachable!("an entity is a plain record of texts, numbers and sets: {other:?}"),
    };
    let mut flat = FlatMap::new();
    for (field, value) in fields {
        if field != "kind" && field != "id" {
            lay_out(kind, &field, value, &mut flat);
        }
    }
    flat
}

fn lay_out(kind: EntityKind, field: &str, value: Value, flat: &mut FlatMap) {
    match value {
        Value::Array(elements) => {
            for element in elements {
                let element = match element {
                    Value::String(text) => text,
                    other => other.to_string(),
                };
                flat.insert(format!("{field}#{element}"), Flat::Flag(true));
            }
        }
        Value::Object(entries) if kind.map_fields().contains(&field) => {
            for (entry, value) in entries {
                put(format!("{field}.{entry}"), value, flat);
            }
        }
        Value::String(text) if kind.long_text_fields().contains(&field) => {
            flat.insert(field.to_owned(), Flat::Text(text));
        }
        other => put(field.to_owned(), other, flat),
    }
}

fn put(key: String, value: Value, flat: &mut FlatMap) {
    let value = match value {
        Value::Null => return,
        Value::Bool(it) => Flat::Flag(it),
        Value::Number(it) => match (it.as_i64(), it.as_u64(), it.as_f64()) {
            (Some(it), _, _) => Flat::Int(it),
            (None, Some(it), _) => Flat::Uint(it),
            (None, None, it) => Flat::Float(it.unwrap_or_default()),
        },
        Value::String(it) => Flat::Word(it),
        record @ (Value::Object(_) | Value::Array(_)) => {
            flat.insert(key + RECORD, Flat::Word(record.to_string()));
            return;
        }
    };
    flat.insert(key, value);
}

/// Builds an entity from its values.
///
/// # Errors
/// When they are not an entity that this version knows.
pub(crate) fn rebuild(entity: EntityRef, flat: FlatMap) -> Result<Entity, serde_json::Error> {
    let mut fields = Map::new();
    for (key, value) in flat {
        collect(&mut fields, &key, value);
    }
    fields.insert("kind".to_owned(), entity.kind.as_str().into());
    fields.insert("id".to_owned(), entity.id.to_string().into());
    serde_json::from_value(Value::Object(fields))
}

fn collect(fields: &mut Map<String, Value>, key: &str, value: Flat) {
    let Some((at, joint)) = key.char_indices().find(|(_, it)| matches!(it, '.' | '#')) else {
        let (field, value) = record(key, value);
        fields.insert(field.to_owned(), value);
        return;
    };
    let (field, rest) = (&key[..at], &key[at + 1..]);
    let empty = if joint == '#' { Value::Array(Vec::new()) } else { Value::Object(Map::new()) };
    match fields.entry(field).or_insert(empty) {
        Value::Array(elements) if joint == '#' && value == Flat::Flag(true) => {
            elements.push(Value::String(rest.to_owned()));
        }
        Value::Object(entries) if joint == '.' => {
            let (entry, value) = record(rest, value);
            entries.insert(entry.to_owned(), value);
        }
        // Something else stands under that name: not written by this program, passed over.
        _ => {}
    }
}

/// The name without the mark of a record, and the value.
fn record(key: &str, value: Flat) -> (&str, Value) {
    match (key.strip_suffix(RECORD), &value) {
        (Some(name), Flat::Word(json)) => (name, serde_json::from_str(json).unwrap_or(Value::Null)),
        _ => (key, value.into()),
    }
}

impl From<Flat> for Value {
    fn from(flat: Flat) -> Self {
        match flat {
            Flat::Word(it) | Flat::Text(it) => it.into(),
            Flat::Int(it) => it.into(),
            Flat::Uint(it) => it.into(),
            Flat::Float(it) => Number::from_f64(it).map_or(Value::Null, Value::Number),
            Flat::Flag(it) => it.into(),
        }
    }
}

/// A record as it is written under a key that ends in `{}`.
pub(crate) fn record_of(value: &impl serde::Serialize) -> Flat {
    let json = serde_json::to_string(value).expect("a stamp is plain numbers and texts");
    Flat::Word(json)
}

#[cfg(test)]
mod tests {
    use super::*;
    use custory_domain::{Evidence, EvidenceId, Metric, MetricId, Stance, StepId, Touchpoint, TouchpointId};
    use custory_testkit::entity::entity;
    use proptest::prelude::*;

    proptest! {
        /// Whatever an entity holds comes back as it was, whatever signs its texts are made of.
        #[test]
        fn what_is_laid_out_comes_back(entity in entity()) {
            let back = rebuild(entity.entity_ref(), flatten(&entity)).unwrap();
            prop_assert_eq!(back, entity);
        }

        /// Keys that nobody here knows, of any form and with any value, are passed over.
        #[test]
        fn unknown_keys_are_passed_over(
            entity in entity(),
            key in "[a-z.#{}]{1,8}",
            value in prop_oneof![Just(Flat::Flag(true)), Just(Flat::Int(-1)), Just(Flat::Word("{".to_owned()))],
        ) {
            let mut flat = flatten(&entity);
            flat.insert(format!("zz_{key}"), value);
            prop_assert_eq!(rebuild(entity.entity_ref(), flat).unwrap(), entity);
        }

        /// No values at all make it panic.
        #[test]
        fn any_values_are_an_entity_or_an_error(
            entity in entity(),
            other in proptest::collection::btree_map("(steps|title|points|updated|claims)[.#{}a]{0,3}", 0..4u8, 0..6),
        ) {
            let mut flat = flatten(&entity);
            flat.extend(other.into_iter().map(|(key, value)| (key, match value {
                0 => Flat::Flag(true),
                1 => Flat::Float(f64::NAN),
                2 => Flat::Word("[[{}]]".to_owned()),
                _ => Flat::Uint(u64::MAX),
            })));
            drop(rebuild(entity.entity_ref(), flat));
        }
    }

    #[test]
    fn what_is_merged_on_its_own_has_a_key_of_its_own() {
        let (one, two) = (StepId::from_parts(1, 1), StepId::from_parts(1, 2));
        let mut metric = Metric { name: "Share".into(), ..Metric::new(MetricId::from_parts(1, 3)) };
        metric.steps = [one, two].into();
        metric.notes = "Counted daily".into();
        metric.points.insert(jiff_date(1), Default::default());
        metric.points.insert(jiff_date(2), Default::default());
        let mut evidence = Evidence::new(EvidenceId::from_parts(1, 4));
        evidence.claims = [(one.into(), Stance::Supports), (two.into(), Stance::Contradicts)].into();
        let touchpoint =
            Touchpoint { title: "Page".into(), ..Touchpoint::new(TouchpointId::from_parts(1, 5)) };
        for (entity, expected) in [
            (
                Entity::from(metric),
                &[
                    "created{}",
                    "name",
                    "notes",
                    "points.2026-05-01{}",
                    "points.2026-05-02{}",
                    "steps#00000000010000000000000001",
                    "steps#00000000010000000000000002",
                    "updated{}",
                ][..],
            ),
            (
                evidence.into(),
                &[
                    "claims.step/00000000010000000000000001",
                    "claims.step/00000000010000000000000002",
                    "created{}",
                    "updated{}",
                ][..],
            ),
            (touchpoint.into(), &["created{}", "title", "updated{}"][..]),
        ] {
            let flat = flatten(&entity);
            assert_eq!(flat.keys().map(String::as_str).collect::<Vec<_>>(), expected);
        }
    }

    fn jiff_date(day: i8) -> jiff::civil::Date {
        jiff::civil::date(2026, 5, day)
    }
}
