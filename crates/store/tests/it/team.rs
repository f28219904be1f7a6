//! What is shared goes into the outbox with the edit, and what comes is kept with where it was read.

use custory_domain::Patch;
use custory_store::{Committed, DocumentKind, NewChange, Reading, Seq, Store};

use crate::home::{Change, Home, commit, ulid};

const LOG: [u8; 16] = [7; 16];

fn shared(home: &Home) -> Store {
    let mut store = home.open();
    store.create_document(ulid(1), DocumentKind::Journey).unwrap();
    store.create_document(ulid(2), DocumentKind::Journey).unwrap();
    store.share_document(ulid(1), LOG).unwrap();
    store
}

#[test]
fn an_edit_of_a_shared_document_is_in_the_outbox_with_it_and_of_another_is_not() {
    let home = Home::new();
    let mut store = shared(&home);
    let seen = commit(&mut store, ulid(1), Seq(0), &Change::stage(1));
    commit(&mut store, ulid(1), seen, &Change::stage(2));
    commit(&mut store, ulid(2), Seq(0), &Change::stage(3));
    drop(store);
    let store = home.open();
    let waiting = store.outbox_after(0).unwrap();
    assert_eq!(waiting.len(), 2);
    assert!(waiting.iter().all(|it| it.document == ulid(1)));
    assert!(waiting[0].id < waiting[1].id);
    assert_eq!(store.outbox_after(waiting[0].id).unwrap(), waiting[1..]);
}

#[test]
fn what_comes_from_the_team_is_kept_with_its_place_and_does_not_go_back_out() {
    let home = Home::new();
    let mut store = shared(&home);
    let seen = commit(&mut store, ulid(1), Seq(0), &Change::stage(1));
    let settled: Vec<i64> = store.outbox_after(0).unwrap().iter().map(|it| it.id).collect();
    let theirs = [NewChange { hash: &[9; 32], bytes: b"a teammate's" }];
    let reading = Reading { log: LOG, state: b"state 2", settled: &settled };
    let behind = store.commit_received(ulid(1), Seq(0), &theirs, &Patch::default(), reading).unwrap();
    assert!(matches!(behind, Committed::Behind { .. }));
    assert_eq!(store.outbox_after(0).unwrap().len(), 1, "nothing was written");
    let done = store.commit_received(ulid(1), seen, &theirs, &Patch::default(), reading).unwrap();
    assert!(matches!(done, Committed::Done(_)));
    assert!(store.outbox_after(0).unwrap().is_empty());
    let logs = store.team_logs().unwrap();
    assert_eq!((logs[0].document, logs[0].state.as_deref()), (Some(ulid(1)), Some(b"state 2".as_slice())));
    assert_eq!(store.load(ulid(1)).unwrap().unwrap().changes.len(), 2);
}

#[test]
fn refilling_the_outbox_puts_nothing_in_twice() {
    let home = Home::new();
    let mut store = shared(&home);
    let reading = Reading { log: LOG, state: b"whole", settled: &[] };
    for _ in 0..2 {
        store.refill_outbox(ulid(1), [b"one".as_slice(), b"two"], reading).unwrap();
    }
    let texts: Vec<Vec<u8>> = store.outbox_after(0).unwrap().into_iter().map(|it| it.bytes).collect();
    assert_eq!(texts, [b"one".to_vec(), b"two".to_vec()]);
}

#[test]
fn a_forgotten_log_stays_forgotten_until_it_is_shared_again() {
    let home = Home::new();
    let mut store = shared(&home);
    commit(&mut store, ulid(1), Seq(0), &Change::stage(1));
    store.forget_log(LOG).unwrap();
    assert!(store.outbox_after(0).unwrap().is_empty());
    assert!(store.team_logs().unwrap()[0].is_forgotten);
    store.share_document(ulid(1), LOG).unwrap();
    assert!(!store.team_logs().unwrap()[0].is_forgotten);
}

#[test]
fn leaving_a_team_leaves_the_documents() {
    let home = Home::new();
    let mut store = shared(&home);
    let seen = commit(&mut store, ulid(1), Seq(0), &Change::stage(1));
    store.put_team_roster(1, &[b"genesis".to_vec(), b"invite".to_vec()]).unwrap();
    assert_eq!(store.team_roster().unwrap(), [b"genesis".to_vec(), b"invite".to_vec()]);
    store.leave_team().unwrap();
    assert!(store.team_roster().unwrap().is_empty() && store.team_logs().unwrap().is_empty());
    commit(&mut store, ulid(1), seen, &Change::stage(2));
    assert!(store.outbox_after(0).unwrap().is_empty());
    assert_eq!(store.load(ulid(1)).unwrap().unwrap().changes.len(), 2);
}
