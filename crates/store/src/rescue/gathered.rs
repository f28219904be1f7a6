//! Rows found in a damaged database, put together into documents again.

use std::collections::BTreeMap;

use rusqlite::Connection;

use crate::DocumentKind;
use crate::changes::go_on_after;
use crate::rows::{ChangeRow, DocumentRow, Id, Row, SnapshotRow};

/// Everything that was found.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    documents: BTreeMap<Id, Found>,
    drafts: BTreeMap<Id, String>,
    source_texts: BTreeMap<String, String>,
    settings: BTreeMap<String, String>,
}

/// What was found of one document.
#[derive(Debug, Default)]
struct Found {
    kind: Option<DocumentKind>,
    entry: Option<DocumentRow>,
    /// By seq.
    changes: BTreeMap<i64, Change>,
    /// By the seq up to which they go.
    snapshots: BTreeMap<i64, Snapshot>,
}

#[derive(Debug)]
struct Change {
    nth: i64,
    hash: [u8; 32],
    bytes: Vec<u8>,
}

#[derive(Debug)]
struct Snapshot {
    nth: i64,
    bytes: Vec<u8>,
}

/// A document of which there is something to bring back.
#[derive(Debug)]
pub(super) struct Readable {
    entry: DocumentRow,
    /// How many of its changes could be read or are part of a snapshot.
    pub readable: usize,
}

impl Gathered {
    pub fn add(&mut self, row: &Row<'_>) {
        match *row {
            Row::Document(it) => {
                let found = self.found(it.id, it.kind);
                // The newer of two, should an older state of the page have survived.
                if found.entry.is_none_or(|known| known.changes <= it.changes) {
                    found.entry = Some(it);
                }
            }
            Row::Change(it) => {
                let change = Change { nth: it.nth, hash: it.hash, bytes: it.bytes.to_vec() };
                self.found(it.document, it.kind).changes.insert(it.seq, change);
            }
            Row::Snapshot(it) => {
                let snapshot = Snapshot { nth: it.nth, bytes: it.bytes.to_vec() };
                self.found(it.document, it.kind).snapshots.insert(it.upto, snapshot);
            }
            Row::Draft { id, json } => {
                self.drafts.insert(id, json.to_owned());
            }
            Row::SourceText { hash, text } => {
                self.source_texts.insert(hash.to_owned(), text.to_owned());
            }
            Row::Setting { key, json } => {
                self.settings.insert(key.to_owned(), json.to_owned());
            }
        }
    }

    fn found(&mut self, id: Id, kind: DocumentKind) -> &mut Found {
        let found = self.documents.entry(id).or_default();
        found.kind = Some(kind);
        found
    }

    pub fn is_empty(&self) -> bool {
        self.documents.is_empty()
            && self.drafts.is_empty()
            && self.source_texts.is_empty()
            && self.settings.is_empty()
    }

    /// The documents of which something could be read.
    pub fn documents(&self) -> Vec<Readable> {
        self.documents.iter().filter_map(|(id, found)| found.readable(*id)).collect()
    }

    /// How many changes are known to have been there and could not be read.
    pub fn lost(&self) -> usize {
        let lost = |it: &Found| it.count_ever().saturating_sub(it.count_readable());
        self.documents.values().map(lost).sum()
    }

    /// Writes everything into a new database.
    pub fn write(&self, documents: &[Readable], conn: &Connection) -> rusqlite::Result<()> {
        for document in documents {
            Row::Document(document.entry).write(conn)?;
            if let Some(found) = self.documents.get(&document.entry.id) {
                found.write(&document.entry, conn)?;
            }
        }
        for (id, json) in &self.drafts {
            Row::Draft { id: *id, json }.write(conn)?;
        }
        for (hash, text) in &self.source_texts {
            Row::SourceText { hash, text }.write(conn)?;
        }
        for (key, json) in &self.settings {
            Row::Setting { key, json }.write(conn)?;
        }
        let last = documents.iter().map(|it| it.entry.seq).max().unwrap_or(0);
        // That may be a change that was lost.
        go_on_after(last, conn)
    }
}

impl Found {
    /// How many changes the document has ever had, as far as anything tells.
    fn count_ever(&self) -> usize {
        let in_entry = self.entry.map_or(0, |it| it.changes);
        let in_changes = self.changes.values().map(|it| it.nth).max().unwrap_or(0);
        usize::try_from(in_entry.max(in_changes).max(self.covered())).unwrap_or(0)
    }

    /// How many of them can be read, alone or as part of a snapshot.
    fn count_readable(&self) -> usize {
        let covered = self.covered();
        let alone = self.changes.values().filter(|it| it.nth > covered).count();
        alone + usize::try_from(covered).unwrap_or(0)
    }

    /// How many changes the newest snapshot stands for.
    fn covered(&self) -> i64 {
        self.snapshots.last_key_value().map_or(0, |(_, it)| it.nth)
    }

    fn readable(&self, id: Id) -> Option<Readable> {
        let kind = self.kind?;
        let readable = self.count_readable();
        let last_change = self.changes.last_key_value().map_or(0, |(seq, _)| *seq);
        let last_snapshot = self.snapshots.last_key_value().map_or(0, |(upto, _)| *upto);
        let first_snapshot = self.snapshots.first_key_value().map_or(0, |(upto, _)| *upto);
        let entry = DocumentRow {
            id,
            kind,
            seq: self.entry.map_or(0, |it| it.seq).max(last_change).max(last_snapshot),
            changes: i64::try_from(self.count_ever()).unwrap_or(i64::MAX),
            // What was lost cannot be waited for: loading begins at the oldest thing there is.
            pruned: self.entry.map_or(0, |it| it.pruned).min(first_snapshot),
        };
        (readable > 0 || entry.changes == 0).then_some(Readable { entry, readable })
    }

    fn write(&self, entry: &DocumentRow, conn: &Connection) -> rusqlite::Result<()> {
        let (document, kind) = (entry.id, entry.kind);
        for (seq, it) in &self.changes {
            let (seq, nth, hash, bytes) = (*seq, it.nth, it.hash, &it.bytes);
            Row::Change(ChangeRow { seq, document, kind, nth, hash, bytes }).write(conn)?;
        }
        for (upto, it) in &self.snapshots {
            let (upto, nth, bytes) = (*upto, it.nth, &it.bytes);
            Row::Snapshot(SnapshotRow { document, kind, upto, nth, bytes }).write(conn)?;
        }
        Ok(())
    }
}
