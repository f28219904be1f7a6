//! The projection is the board, whatever happens to it.

use std::collections::BTreeSet;

use custory_domain::*;
use custory_store::{Seq, Store};
use custory_testkit::entity::entity;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::Value;
use ulid::Ulid;

use crate::home::{Change, Home, commit, journey, stage, the_journey, ulid};

/// So few that entities meet: that they replace one another and hang on one another.
const IDS: u32 = 3;

/// The entity with every id in it replaced by one of a few.
fn among_few(entity: &Entity) -> Entity {
    fn narrow(value: &mut Value) {
        match value {
            Value::String(text) => *text = narrowed(text),
            Value::Array(all) => all.iter_mut().for_each(narrow),
            Value::Object(fields) => {
                let all = std::mem::take(fields);
                fields.extend(all.into_iter().map(|(key, mut value)| {
                    narrow(&mut value);
                    (narrowed(&key), value)
                }));
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
    fn narrowed(text: &str) -> String {
        let (kind, id) = text.rsplit_once('/').map_or(("", text), |(kind, id)| (kind, id));
        let Ok(id) = Ulid::from_string(id) else { return text.to_owned() };
        let few = ulid((id.0 % u128::from(IDS)) as u32);
        if kind.is_empty() { few.to_string() } else { format!("{kind}/{few}") }
    }
    let mut value = serde_json::to_value(entity).unwrap();
    narrow(&mut value);
    serde_json::from_value(value).unwrap()
}

/// Any entity, mostly of those that the map shows and mostly not in the trash.
fn any_entity() -> impl Strategy<Value = Entity> {
    let on_map = |it: &Entity| {
        let kind = it.entity_ref().kind;
        let is_place = matches!(kind, EntityKind::Journey | EntityKind::Stage | EntityKind::Step);
        is_place || ItemKind::of(kind).is_some()
    };
    let any = prop_oneof![3 => entity().prop_filter("on the map", on_map), 1 => entity()];
    (any, 0..4).prop_map(|(mut entity, trash)| {
        if trash > 0 {
            entity.set_trashed(None);
        }
        among_few(&entity)
    })
}

/// Entities put, and entities taken out by their place on the board.
fn patches() -> impl Strategy<Value = Vec<(Vec<Entity>, Vec<Index>)>> {
    let put = prop_oneof![4 => vec(any_entity(), 0..6), 1 => vec(any_entity(), 20..40)];
    vec((put, vec(any::<Index>(), 0..3)), 1..16)
}

/// What the list of journeys has to say of a board.
fn expected_summary(board: &Board) -> Option<(String, bool, bool, usize, usize)> {
    let journey = board.journey().filter(|it| it.trashed.is_none())?;
    let steps = board.steps_in_order();
    let items: BTreeSet<EntityRef> = steps
        .iter()
        .flat_map(|step| ItemKind::ALL.iter().flat_map(|kind| board.items_on(step.id, *kind)))
        .map(|it| it.id)
        .collect();
    Some((journey.title.clone(), journey.is_archived, journey.is_sample, steps.len(), items.len()))
}

fn check(store: &Store, id: Ulid, board: &Board) {
    assert_eq!(store.board(id).unwrap(), *board);
    let summary = store.summaries().unwrap().into_iter().find(|it| it.id.ulid() == id);
    if let Some(summary) = &summary {
        let newest = board.entities().map(|it| it.updated().at).max();
        assert!(Some(summary.updated_at) >= newest, "{summary:?} is older than {newest:?}");
    }
    let found = summary.map(|it| (it.title, it.is_archived, it.is_sample, it.steps, it.items));
    assert_eq!(found, expected_summary(board));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn after_any_patches_it_equals_the_board_with_the_same_patches(patches in patches()) {
        let home = Home::new();
        let mut store = home.open();
        // Two documents with the same entities, so that neither may touch the other's.
        let ids = [journey(&mut store, 1), journey(&mut store, 2)];
        let mut boards = [Board::default(), Board::default()];
        let mut seen = [Seq(0), Seq(0)];
        for (number, (put, removed)) in (0..).zip(patches) {
            let at = number as usize % 3 % 2;
            let all: Vec<EntityRef> = boards[at].entities().map(|it| it.entity_ref()).collect();
            let removed = removed.iter().filter(|_| !all.is_empty()).map(|it| *it.get(&all)).collect();
            let patch = Patch { put, removed };
            boards[at].apply(&patch);
            seen[at] = commit(&mut store, ids[at], seen[at], &Change::new(number, patch));
            check(&store, ids[at], &boards[at]);
        }
        let mut store = home.open();
        for at in 0..2 {
            check(&store, ids[at], &boards[at]);
            prop_assert!(store.replace_board(ids[at], seen[at], &boards[1 - at]).unwrap());
            check(&store, ids[at], &boards[1 - at]);
        }
        store.check().unwrap();
    }
}

#[test]
fn a_board_is_not_replaced_over_what_another_program_did() {
    let home = Home::new();
    let (mut window, mut line) = (home.open(), home.open());
    let id = journey(&mut window, 1);
    let seen = commit(&mut window, id, Seq(0), &Change::stage(1));
    let read = window.board(id).unwrap();
    let now = commit(&mut line, id, seen, &Change::stage(2));
    assert!(!window.replace_board(id, seen, &read).unwrap());
    assert_eq!(window.board(id).unwrap().stages.len(), 2);
    assert!(window.replace_board(id, now, &read).unwrap());
    assert_eq!(window.board(id).unwrap(), read);
}

#[test]
fn documents_without_a_board_are_told() {
    let home = Home::new();
    let mut store = home.open();
    let (drawn, bare, _empty) = (journey(&mut store, 1), journey(&mut store, 2), journey(&mut store, 3));
    commit(&mut store, drawn, Seq(0), &Change::stage(1));
    let seq = commit(&mut store, bare, Seq(0), &Change::new(2, Patch::default()));
    assert_eq!(store.documents_without_board().unwrap(), [bare]);
    let board = Board::from(vec![stage(1, "Stage")]);
    store.replace_board(bare, seq, &board).unwrap();
    assert!(store.documents_without_board().unwrap().is_empty());
}

#[test]
fn journeys_are_listed_oldest_first_without_those_in_the_trash() {
    let home = Home::new();
    let mut store = home.open();
    for (number, is_trashed) in [(3, false), (1, false), (2, true)] {
        let id = journey(&mut store, number);
        let mut entity = the_journey(id, &format!("Journey {number}"));
        entity.set_trashed(is_trashed.then(Stamp::default));
        commit(
            &mut store,
            id,
            Seq(0),
            &Change::new(number, Patch { put: vec![entity], removed: Vec::new() }),
        );
    }
    let titles: Vec<String> = store.summaries().unwrap().into_iter().map(|it| it.title).collect();
    assert_eq!(titles, ["Journey 1", "Journey 3"]);
}

#[test]
fn a_row_that_makes_no_sense_is_said_to_be_the_projections_fault() {
    let home = Home::new();
    let mut store = home.open();
    let id = journey(&mut store, 1);
    commit(&mut store, id, Seq(0), &Change::stage(1));
    let other = rusqlite::Connection::open(home.path()).unwrap();
    other.execute("UPDATE entity SET body = '{\"kind\":\"wish\"}'", []).unwrap();
    let refused = store.board(id);
    assert!(
        matches!(refused, Err(custory_store::StoreError::Projection { document, .. }) if document == id),
        "{refused:?}"
    );
}
