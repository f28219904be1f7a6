//! Databases of every released format open in this version, with everything in them.
//!
//! fixtures/version-1.db is a file as that version wrote it and never changes again. A new format gets
//! a file of its own: run `CUSTORY_WRITE_FIXTURE=1 cargo test -p custory-store write_a_fixture` before the
//! migration that ends it.

use std::fs;
use std::path::PathBuf;

use custory_domain::{DraftId, JourneyId};
use custory_store::{DocumentKind, Seq, Store};
use custory_testkit::{Mint, journey};

use crate::home::{Change, Home, commit, the_journey, ulid};

fn fixture(version: u32) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/it/fixtures/version-{version}.db"))
}

/// A workspace, and a journey with a snapshot, changes after it, a draft, a text and a setting.
fn content(store: &mut Store) {
    let mut mint = Mint::of(1);
    let stamp = mint.stamp();
    let size = journey::Size { stages: 2, steps: 4, items: 20 };
    let board = journey::board(journey::commands(size, &mut mint), stamp);
    store.create_document(ulid(1), DocumentKind::Workspace).unwrap();
    store.create_document(ulid(2), DocumentKind::Journey).unwrap();
    let put = board.entities().filter(|it| !matches!(it, custory_domain::Entity::Journey(_)));
    let put = put.chain([the_journey(ulid(2), "Café to first invoice")]).collect();
    let first = Change::new(1, custory_domain::Patch { put, removed: Vec::new() });
    let mut seen = commit(store, ulid(2), Seq(0), &first);
    store.put_snapshot(ulid(2), seen, b"a snapshot of change 1").unwrap();
    for number in 2..=4 {
        seen = commit(store, ulid(2), seen, &Change::stage(number));
    }
    store.put_draft(DraftId::from(ulid(3)), "{\"title\":\"A draft\"}").unwrap();
    store.put_source_text("5a5a", "What the source says.").unwrap();
    store.put_setting("preferences", "{\"theme\":\"dark\"}").unwrap();
}

#[test]
fn write_a_fixture() {
    // Writes a file to be kept, when a format is about to end; nothing otherwise.
    if std::env::var_os("CUSTORY_WRITE_FIXTURE").is_none() {
        return;
    }
    let home = Home::new();
    content(&mut home.open());
    let version: u32 = rusqlite::Connection::open(home.path())
        .unwrap()
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .unwrap();
    let path = fixture(version);
    assert!(!path.exists(), "a released format does not change");
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::copy(home.path(), path).unwrap();
}

#[test]
fn every_released_format_opens_with_everything_in_it() {
    let today = Home::new();
    content(&mut today.open());
    let today = today.open();
    for version in 1..=1 {
        let home = Home::new();
        fs::copy(fixture(version), home.path()).unwrap();
        let mut store = home.open();
        store.check().unwrap();
        for kind in [DocumentKind::Workspace, DocumentKind::Journey] {
            assert_eq!(store.documents(kind).unwrap(), today.documents(kind).unwrap());
        }
        for id in [ulid(1), ulid(2)] {
            assert_eq!(store.load(id).unwrap(), today.load(id).unwrap());
            assert_eq!(store.board(id).unwrap(), today.board(id).unwrap());
        }
        assert_eq!(store.summaries().unwrap(), today.summaries().unwrap());
        let found = store.search("cafe", Some(JourneyId::from(ulid(2))), 5).unwrap();
        assert_eq!(found, today.search("cafe", None, 5).unwrap());
        assert_eq!(found.len(), 1);
        assert_eq!(store.drafts().unwrap(), [DraftId::from(ulid(3))]);
        assert_eq!(store.draft(DraftId::from(ulid(3))).unwrap().unwrap(), "{\"title\":\"A draft\"}");
        assert_eq!(store.source_text("5a5a").unwrap().unwrap(), "What the source says.");
        assert_eq!(store.setting("preferences").unwrap().unwrap(), "{\"theme\":\"dark\"}");
        let seen = store.load(ulid(2)).unwrap().unwrap().seq;
        commit(&mut store, ulid(2), seen, &Change::stage(5));
    }
}
