//! A place for a database, and changes that say in themselves what they do to the board.

use std::path::PathBuf;

use custory_domain::{Board, Entity, Journey, JourneyId, Patch, Stage, StageId, Stamp, Timestamp};
use custory_store::{Committed, DocumentKind, NewChange, Seq, Store};
use tempfile::TempDir;
use ulid::Ulid;

/// A folder with room for a database; gone with it.
pub struct Home {
    dir: TempDir,
}

impl Home {
    pub fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    pub fn path(&self) -> PathBuf {
        self.dir.path().join("custory.db")
    }

    pub fn open(&self) -> Store {
        Store::open(&self.path()).unwrap()
    }

    /// Names of everything in the folder.
    pub fn files(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.dir.path()).unwrap();
        let mut names: Vec<String> =
            entries.map(|it| it.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
}

pub fn ulid(number: u32) -> Ulid {
    Ulid::from_parts(1, number.into())
}

/// A document with an id of its own.
pub fn journey(store: &mut Store, number: u32) -> Ulid {
    let id = ulid(number);
    store.create_document(id, DocumentKind::Journey).unwrap();
    id
}

/// A change, as the store sees one: bytes with a hash. Its bytes are its patch, so that a board can
/// be made of changes alone.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    pub hash: [u8; 32],
    pub bytes: Vec<u8>,
    pub patch: Patch,
}

impl Change {
    /// Change `number`, which does this.
    pub fn new(number: u32, patch: Patch) -> Self {
        let mut hash = [0; 32];
        hash[..4].copy_from_slice(&number.to_be_bytes());
        Self { hash, bytes: serde_json::to_vec(&patch).unwrap(), patch }
    }

    /// Change `number`, which adds a stage of that number.
    pub fn stage(number: u32) -> Self {
        Self::new(number, Patch { put: vec![stage(number, "Stage")], removed: Vec::new() })
    }

    pub fn borrow(&self) -> NewChange<'_> {
        NewChange { hash: &self.hash, bytes: &self.bytes }
    }
}

pub fn stage(number: u32, title: &str) -> Entity {
    let id = StageId::from(ulid(number));
    let updated = Stamp { at: Timestamp(i64::from(number)), ..Stamp::default() };
    Stage { title: format!("{title} {number}"), updated, ..Stage::new(id) }.into()
}

pub fn the_journey(id: Ulid, title: &str) -> Entity {
    Journey { title: title.to_owned(), ..Journey::new(JourneyId::from(id)) }.into()
}

/// Commits one change that must find nobody in its way.
pub fn commit(store: &mut Store, id: Ulid, seen: Seq, change: &Change) -> Seq {
    match store.commit(id, seen, &[change.borrow()], &change.patch).unwrap() {
        Committed::Done(seq) => seq,
        behind => panic!("{behind:?}"),
    }
}

/// Commits changes one after another, from the beginning of a document on.
pub fn commit_all(store: &mut Store, id: Ulid, changes: &[Change]) -> Seq {
    let seen = store.load(id).unwrap().unwrap().seq;
    changes.iter().fold(seen, |seen, change| commit(store, id, seen, change))
}

/// The board that changes make, by what they say themselves.
pub fn board_of<'a>(changes: impl IntoIterator<Item = &'a Vec<u8>>) -> Board {
    let mut board = Board::default();
    for bytes in changes {
        board.apply(&serde_json::from_slice(bytes).unwrap());
    }
    board
}
