//! Snapshots stand for changes and never cost one.

use custory_store::{Seq, Store, StoreError};
use proptest::prelude::*;
use ulid::Ulid;

use crate::home::{Change, Home, commit, commit_all, journey};

/// A snapshot says which changes it stands for.
fn snapshot(changes: &[u32]) -> Vec<u8> {
    serde_json::to_vec(changes).unwrap()
}

fn change(number: u32) -> Change {
    let mut change = Change::stage(number);
    change.bytes = snapshot(&[number]);
    change
}

/// The changes that a stored document consists of.
fn changes_in(snapshot: Option<Vec<u8>>, changes: Vec<Vec<u8>>) -> Vec<u32> {
    let numbers = |it: Vec<u8>| serde_json::from_slice::<Vec<u32>>(&it).unwrap();
    snapshot.into_iter().chain(changes).flat_map(numbers).collect()
}

fn loaded(store: &Store, id: Ulid) -> Vec<u32> {
    let stored = store.load(id).unwrap().unwrap();
    changes_in(stored.snapshot, stored.changes)
}

#[test]
fn loading_begins_at_the_newest_snapshot() {
    let home = Home::new();
    let mut store = home.open();
    let id = journey(&mut store, 1);
    let seq = commit_all(&mut store, id, &[change(1), change(2)]);
    assert_eq!(store.tail_len(id).unwrap(), (2, 6));
    store.put_snapshot(id, seq, &snapshot(&[1, 2])).unwrap();
    assert_eq!(store.tail_len(id).unwrap(), (0, 0));
    commit(&mut store, id, seq, &change(3));
    assert_eq!(store.tail_len(id).unwrap(), (1, 3));

    let stored = store.load(id).unwrap().unwrap();
    assert_eq!(stored.snapshot, Some(snapshot(&[1, 2])));
    assert_eq!(stored.changes, [snapshot(&[3])]);
}

#[test]
fn a_snapshot_of_less_than_there_is_leaves_the_rest_alone() {
    let home = Home::new();
    let mut store = home.open();
    let id = journey(&mut store, 1);
    let middle = commit_all(&mut store, id, &[change(1)]);
    let end = commit(&mut store, id, middle, &change(2));
    store.put_snapshot(id, middle, &snapshot(&[1])).unwrap();
    assert_eq!(loaded(&store, id), [1, 2]);
    let ahead = store.put_snapshot(id, Seq(end.0 + 1), &snapshot(&[1, 2, 3]));
    assert!(matches!(ahead, Err(StoreError::SnapshotAhead(_))), "{ahead:?}");
    store.put_snapshot(id, end, &snapshot(&[1, 2])).unwrap();
    store.put_snapshot(id, middle, &snapshot(&[1])).unwrap();
    assert_eq!(store.load(id).unwrap().unwrap().snapshot, Some(snapshot(&[1, 2])), "the newer one stays");
}

#[test]
fn changes_are_given_up_only_when_two_snapshots_cover_them() {
    let home = Home::new();
    let mut store = home.open();
    let id = journey(&mut store, 1);
    let mut seen = Seq(0);
    let mut at = Vec::new();
    for number in 1..=3 {
        seen = commit(&mut store, id, seen, &change(number));
        at.push(seen);
        store.put_snapshot(id, seen, &snapshot(&(1..=number).collect::<Vec<_>>())).unwrap();
    }
    // Snapshots at 2 and 3 are there, and change 3, which only the newest covers.
    assert_eq!(store.changes_after(id, at[1]).unwrap().0, [snapshot(&[3])]);
    for unseen in [Seq(0), at[0]] {
        assert!(matches!(store.changes_after(id, unseen), Err(StoreError::Superseded(_))), "{unseen:?}");
        let late = change(4);
        let refused = store.commit(id, unseen, &[late.borrow()], &late.patch);
        assert!(matches!(refused, Err(StoreError::Superseded(_))), "{refused:?}");
    }
    let older = store.load_without_newest_snapshot(id).unwrap().unwrap();
    assert_eq!(older.snapshot, Some(snapshot(&[1, 2])));
    assert_eq!(older.changes, [snapshot(&[3])]);
}

#[test]
fn a_damaged_snapshot_is_passed_over() {
    for (snapshots, damaged, whole) in [(1, 1, true), (2, 1, true), (2, 2, false)] {
        let home = Home::new();
        let mut store = home.open();
        let id = journey(&mut store, 1);
        let mut seen = Seq(0);
        for number in 1..=snapshots {
            seen = commit(&mut store, id, seen, &change(number));
            store.put_snapshot(id, seen, &snapshot(&(1..=number).collect::<Vec<_>>())).unwrap();
        }
        commit(&mut store, id, seen, &change(snapshots + 1));
        let bad = format!(
            "UPDATE snapshot SET bytes = x'00' WHERE upto IN
                 (SELECT upto FROM snapshot ORDER BY upto DESC LIMIT {damaged})"
        );
        rusqlite::Connection::open(home.path()).unwrap().execute(&bad, []).unwrap();
        if whole {
            assert_eq!(loaded(&store, id), (1..=snapshots + 1).collect::<Vec<_>>());
        } else {
            let refused = store.load(id);
            assert!(matches!(refused, Err(StoreError::Damaged { .. })), "{refused:?}");
        }
    }
}

#[test]
fn a_damaged_change_is_never_handed_out() {
    let home = Home::new();
    let mut store = home.open();
    let id = journey(&mut store, 1);
    commit_all(&mut store, id, &[change(1), change(2)]);
    let other = rusqlite::Connection::open(home.path()).unwrap();
    other.execute("UPDATE change SET bytes = x'5b315d' WHERE nth = 2", []).unwrap();
    let refused = store.load(id);
    assert!(
        matches!(&refused, Err(StoreError::Damaged { detail }) if detail.contains("change 2")),
        "{refused:?}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whenever snapshots are made, and of whatever point: both ways to load lead to all changes.
    #[test]
    fn however_snapshots_are_made_no_change_is_lost(steps in proptest::collection::vec(any::<(bool, prop::sample::Index)>(), 1..30)) {
        let home = Home::new();
        let mut store = home.open();
        let (id, other) = (journey(&mut store, 1), journey(&mut store, 2));
        let mut seqs = vec![Seq(0)];
        let mut other_seen = Seq(0);
        for (is_snapshot, point) in steps {
            let made = seqs.len() as u32;
            if is_snapshot {
                let upto = point.index(seqs.len());
                store.put_snapshot(id, seqs[upto], &snapshot(&(1..=upto as u32).collect::<Vec<_>>())).unwrap();
            } else {
                seqs.push(commit(&mut store, id, seqs[seqs.len() - 1], &change(made)));
                other_seen = commit(&mut store, other, other_seen, &change(made));
            }
        }
        let all: Vec<u32> = (1..seqs.len() as u32).collect();
        prop_assert_eq!(loaded(&store, id), all.clone());
        if let Some(older) = store.load_without_newest_snapshot(id).unwrap() {
            prop_assert_eq!(changes_in(older.snapshot, older.changes), all.clone());
        }
        prop_assert_eq!(loaded(&store, other), all);
    }
}
