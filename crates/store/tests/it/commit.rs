//! Changes: durable, in order, each once, and never over what another program did.

use custory_domain::Patch;
use custory_store::{Committed, DocumentKind, Seq, Store, StoreError};

use crate::home::{Change, Home, board_of, commit, commit_all, journey, stage, the_journey, ulid};

#[test]
fn what_was_committed_is_there_after_reopening() {
    let home = Home::new();
    let mut store = home.open();
    let id = journey(&mut store, 1);
    let changes: Vec<Change> = (1..=3).map(Change::stage).collect();
    let seq = commit_all(&mut store, id, &changes);
    drop(store);

    let stored = home.open().load(id).unwrap().unwrap();
    let bytes: Vec<_> = changes.iter().map(|it| it.bytes.clone()).collect();
    assert_eq!((stored.snapshot, &stored.changes, stored.seq), (None, &bytes, seq));
    assert_eq!(home.open().board(id).unwrap(), board_of(&bytes));
}

#[test]
fn a_change_that_is_there_already_is_skipped() {
    let home = Home::new();
    let mut store = home.open();
    let id = journey(&mut store, 1);
    let (first, second) = (Change::stage(1), Change::stage(2));
    let seen = commit(&mut store, id, Seq(0), &first);
    let twice = [first.borrow(), second.borrow(), second.borrow()];
    let Committed::Done(seq) = store.commit(id, seen, &twice, &second.patch).unwrap() else { panic!() };
    assert_eq!(store.load(id).unwrap().unwrap().changes, [first.bytes.clone(), second.bytes.clone()]);
    assert_eq!(commit(&mut store, id, seq, &first), seq, "nothing new, so nothing moves");
}

#[test]
fn nothing_is_written_while_another_programs_changes_are_unseen() {
    let home = Home::new();
    let (mut window, mut line) = (home.open(), home.open());
    let id = journey(&mut window, 1);
    let (by_window, by_line) = (Change::stage(1), Change::stage(2));
    let window_seen = commit(&mut window, id, Seq(0), &by_window);

    let refused = line.commit(id, Seq(0), &[by_line.borrow()], &by_line.patch).unwrap();
    let behind = Committed::Behind { changes: vec![by_window.bytes.clone()], seq: window_seen };
    assert_eq!(refused, behind);
    assert_eq!(line.load(id).unwrap().unwrap().changes, std::slice::from_ref(&by_window.bytes));
    assert_eq!(line.board(id).unwrap(), board_of([&by_window.bytes]));

    let line_seen = commit(&mut line, id, window_seen, &by_line);
    let more = Change::stage(3);
    let refused = window.commit(id, window_seen, &[more.borrow()], &more.patch).unwrap();
    assert_eq!(refused, Committed::Behind { changes: vec![by_line.bytes.clone()], seq: line_seen });
    commit(&mut window, id, line_seen, &more);
    assert_eq!(window.board(id).unwrap(), board_of([&by_window.bytes, &by_line.bytes, &more.bytes]));
}

#[test]
fn changes_of_other_documents_stand_in_nobodys_way() {
    let home = Home::new();
    let (mut window, mut line) = (home.open(), home.open());
    let (mine, other) = (journey(&mut window, 1), journey(&mut window, 2));
    let seen = commit(&mut window, mine, Seq(0), &Change::stage(1));
    let last = commit_all(&mut line, other, &[Change::stage(2), Change::stage(3)]);
    let next = commit(&mut window, mine, seen, &Change::stage(4));
    assert!(next > last, "one sequence for the whole database");
    assert_eq!(window.changes_after(other, Seq(0)).unwrap().0.len(), 2);
}

#[test]
fn programs_that_write_at_the_same_time_lose_nothing() {
    const EACH: u32 = 40;
    let home = Home::new();
    let id = journey(&mut home.open(), 1);
    let path = home.path();
    std::thread::scope(|scope| {
        for program in 0..3 {
            let path = &path;
            scope.spawn(move || {
                let mut store = Store::open(path).unwrap();
                let mut seen = Seq(0);
                for number in 0..EACH {
                    let change = Change::stage(program * EACH + number);
                    loop {
                        match store.commit(id, seen, &[change.borrow()], &change.patch).unwrap() {
                            Committed::Done(seq) => break seen = seq,
                            Committed::Behind { seq, .. } => seen = seq,
                        }
                    }
                }
            });
        }
    });
    let store = home.open();
    let changes = store.load(id).unwrap().unwrap().changes;
    assert_eq!(changes.len(), 3 * EACH as usize);
    assert_eq!(store.board(id).unwrap(), board_of(&changes));
}

#[test]
fn the_same_seq_never_comes_again() {
    let home = Home::new();
    let mut store = home.open();
    let first = journey(&mut store, 1);
    let last = commit_all(&mut store, first, &[Change::stage(1), Change::stage(2)]);
    store.delete_document(first).unwrap();
    drop(store);
    let mut store = home.open();
    let second = journey(&mut store, 2);
    assert!(commit(&mut store, second, Seq(0), &Change::stage(3)) > last);
}

#[test]
fn a_document_that_is_gone_is_said_to_be_gone() {
    let home = Home::new();
    let (mut window, mut line) = (home.open(), home.open());
    let id = journey(&mut window, 1);
    let seen = commit(&mut window, id, Seq(0), &Change::stage(1));
    line.delete_document(id).unwrap();
    line.delete_document(id).unwrap();

    let change = Change::stage(2);
    let refused = window.commit(id, seen, &[change.borrow()], &change.patch);
    assert!(matches!(refused, Err(StoreError::NoDocument(it)) if it == id), "{refused:?}");
    assert!(matches!(window.changes_after(id, seen), Err(StoreError::NoDocument(_))));
    assert!(window.load(id).unwrap().is_none());
    assert!(window.board(id).unwrap().is_empty());
    assert!(window.documents(DocumentKind::Journey).unwrap().is_empty());
}

#[test]
fn what_was_deleted_is_in_no_file_any_more() {
    let home = Home::new();
    let mut store = home.open();
    let (kept, gone) = (journey(&mut store, 1), journey(&mut store, 2));
    for (id, title, word) in [(kept, "Kept", "nightingale"), (gone, "Gone", "zebrafinch")] {
        let put = vec![the_journey(id, title), stage(1, word), stage(2, word)];
        commit(&mut store, id, Seq(0), &Change::new(1, Patch { put, removed: Vec::new() }));
    }
    let holds = |word: &str| {
        let has = |name: String| {
            let bytes = std::fs::read(home.path().with_file_name(name)).unwrap();
            bytes.windows(word.len()).any(|it| it == word.as_bytes())
        };
        home.files().into_iter().any(has)
    };
    assert!(holds("nightingale") && holds("zebrafinch"));
    store.delete_document(gone).unwrap();
    assert!(holds("nightingale"));
    assert!(!holds("zebrafinch"), "left in {:?}", home.files());
}

#[test]
fn documents_are_listed_by_kind_and_made_once() {
    let home = Home::new();
    let mut store = home.open();
    let (second, first) = (journey(&mut store, 2), journey(&mut store, 1));
    store.create_document(ulid(3), DocumentKind::Workspace).unwrap();
    assert_eq!(store.documents(DocumentKind::Journey).unwrap(), [first, second]);
    assert_eq!(store.documents(DocumentKind::Workspace).unwrap(), [ulid(3)]);
    let again = store.create_document(first, DocumentKind::Journey);
    assert!(matches!(again, Err(StoreError::DocumentExists(it)) if it == first), "{again:?}");
}

#[test]
fn the_data_version_moves_when_another_program_writes_and_only_then() {
    let home = Home::new();
    let (mut window, mut line) = (home.open(), home.open());
    let before = window.data_version().unwrap();
    let id = journey(&mut window, 1);
    commit(&mut window, id, Seq(0), &Change::stage(1));
    assert_eq!(window.data_version().unwrap(), before);
    line.put_setting("theme", "\"dark\"").unwrap();
    assert_ne!(window.data_version().unwrap(), before);
}
