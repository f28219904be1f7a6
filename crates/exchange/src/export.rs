//! A journey as JSON: everything, to be imported again and to be compared line by line.

use std::collections::BTreeSet;

use custory_domain::{Board, Entity, EntityKind, EntityRef};
use serde::Serialize;

use crate::FORMAT_VERSION;
use crate::references::people_named;

/// A journey with everything on it and everybody who is named.
#[derive(Serialize)]
pub(crate) struct Envelope {
    pub custory: u64,
    pub journey: Option<Entity>,
    pub entities: Vec<Entity>,
    pub people: Vec<Entity>,
}

/// Gathers a journey with everything on it, the trash included: kind by kind, in the order of ids.
pub(crate) fn envelope(board: &Board, workspace: &Board) -> Envelope {
    let mut entities = Vec::with_capacity(board.len());
    let mut journey = None;
    let mut named = BTreeSet::new();
    for mut entity in board.entities() {
        named.extend([entity.created(), entity.updated()].map(|it| EntityRef::from(it.by)));
        people_named(&mut entity, &mut named);
        match entity.entity_ref().kind {
            EntityKind::Journey => journey = journey.or(Some(entity)),
            EntityKind::Workspace | EntityKind::Member | EntityKind::Persona => {}
            _ => entities.push(entity),
        }
    }
    let people = named.into_iter().filter_map(|it| workspace.get(it)).collect();
    Envelope { custory: FORMAT_VERSION, journey, entities, people }
}

/// Writes a journey with everything on it, the trash included.
///
/// Entities stand kind by kind in the order of their ids, one field a line, so that the same state
/// gives the same bytes and a changed field is a changed line. Members and personas that are named
/// anywhere are carried along from `workspace`. A board without a journey gives `"journey": null`,
/// which no import takes.
pub fn to_json(board: &Board, workspace: &Board) -> String {
    file(&envelope(board, workspace))
}

/// A value as a file: one field a line.
pub(crate) fn file(value: &impl Serialize) -> String {
    let mut text = serde_json::to_string_pretty(value).expect("every key is a text");
    text.push('\n');
    text
}
