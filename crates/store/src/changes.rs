//! Changes of documents: kept, handed out, and the one place where programs meet.

use rusqlite::{Connection, OptionalExtension};
use ulid::Ulid;

use crate::error::{Result, StoreError};
use crate::rows::{ChangeRow, DocumentRow, Row};
use crate::{Effect, Store, documents, news, projection, snapshots, team};

/// A position in the sequence of all changes in this database. A document is read up to one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Seq(pub i64);

/// A change to be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewChange<'a> {
    /// Names the change; the same hash is the same change.
    pub hash: &'a [u8; 32],
    /// The change.
    pub bytes: &'a [u8],
}

/// A document as it is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stored {
    /// Stands for all changes before those that follow.
    pub snapshot: Option<Vec<u8>>,
    /// The changes after it, in the order in which they were kept.
    pub changes: Vec<Vec<u8>>,
    /// Up to where this has everything.
    pub seq: Seq,
}

/// What became of a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Committed {
    /// Changes and projection are on disk; the document has been read up to here.
    Done(Seq),
    /// Nothing was written: another program has been here. Merge this and try again.
    Behind {
        /// What the caller has not seen, in the order in which it was kept.
        changes: Vec<Vec<u8>>,
        /// Up to where the document has been read with it.
        seq: Seq,
    },
}

impl Store {
    /// A document as it is kept; `None` if there is none with this id.
    ///
    /// A snapshot that is damaged is passed over for the one before it, with the changes since.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when part of the document cannot be read.
    pub fn load(&self, id: Ulid) -> Result<Option<Stored>> {
        let read = self.read()?;
        let Some(document) = documents::find(&read, id)? else { return Ok(None) };
        snapshots::load_from(&read, &document, snapshots::newest_sound(&read, &document)?).map(Some)
    }

    /// The changes of a document after `seq`, and up to where it has been read with them.
    ///
    /// # Errors
    /// [`StoreError::NoDocument`] when it is gone; [`StoreError::Superseded`] when some of these
    /// changes have been given up for snapshots, so that the document has to be loaded anew.
    pub fn changes_after(&self, id: Ulid, seq: Seq) -> Result<(Vec<Vec<u8>>, Seq)> {
        let read = self.read()?;
        let document = documents::get(&read, id)?;
        Ok((after(&read, &document, seq)?, Seq(document.seq)))
    }

    /// Keeps changes of a document, and what they come to, if the caller has seen everything
    /// that others did to it. Both are durable when this returns [`Committed::Done`].
    ///
    /// `seen` is up to where the caller has read the document. A change that is there already is
    /// skipped.
    ///
    /// # Errors
    /// See [`StoreError`]; nothing was written then.
    pub fn commit<'a>(
        &mut self,
        id: Ulid,
        seen: Seq,
        changes: &[NewChange<'_>],
        effect: impl Into<Effect<'a>>,
    ) -> Result<Committed> {
        let write = self.write()?;
        let committed = commit_in(&write, id, seen, changes, effect.into(), team::enqueue)?;
        if let Committed::Done(_) = committed {
            write.commit()?;
            self.lease.tell();
        }
        Ok(committed)
    }
}

/// The commit itself, inside a transaction; `with` does more for each change that is new.
pub(crate) fn commit_in(
    write: &Connection,
    id: Ulid,
    seen: Seq,
    changes: &[NewChange<'_>],
    effect: Effect<'_>,
    with: impl Fn(&Connection, &DocumentRow, &NewChange<'_>) -> Result<()>,
) -> Result<Committed> {
    let mut document = documents::get(write, id)?;
    if document.seq > seen.0 {
        let changes = after(write, &document, seen)?;
        return Ok(Committed::Behind { changes, seq: Seq(document.seq) });
    }
    let before = document.seq;
    for change in changes {
        if append(write, &mut document, change)? {
            with(write, &document, change)?;
        }
    }
    if document.seq != before {
        Row::Document(document).write(write)?;
    }
    projection::apply(write, &document, effect.patch)?;
    news::note(write, id, effect.notices)?;
    Ok(Committed::Done(Seq(document.seq)))
}

/// The changes after `seq`, sound and without gaps.
pub(crate) fn after(conn: &Connection, document: &DocumentRow, seq: Seq) -> Result<Vec<Vec<u8>>> {
    if seq.0 < document.pruned {
        return Err(StoreError::Superseded(Ulid::from_bytes(document.id)));
    }
    let mut query = conn.prepare_cached(
        "SELECT seq, nth, hash, bytes, seal FROM change WHERE document = ? AND seq > ? ORDER BY seq",
    )?;
    let mut rows = query.query((document.id, seq.0))?;
    let mut changes = Vec::new();
    while let Some(row) = rows.next()? {
        let bytes: Vec<u8> = row.get(3)?;
        let change = ChangeRow {
            seq: row.get(0)?,
            document: document.id,
            kind: document.kind,
            nth: row.get(1)?,
            hash: row.get(2)?,
            bytes: &bytes,
        };
        if Row::Change(change).seal() != row.get::<_, i64>(4)? {
            let detail = format!("change {} of document {}", change.nth, Ulid::from_bytes(document.id));
            return Err(StoreError::Damaged { detail });
        }
        changes.push(bytes);
    }
    Ok(changes)
}

/// Keeps a change unless it is there already; whether it was not.
fn append(conn: &Connection, document: &mut DocumentRow, change: &NewChange<'_>) -> Result<bool> {
    let mut known = conn.prepare_cached("SELECT 1 FROM change WHERE document = ? AND hash = ?")?;
    if known.exists((document.id, change.hash))? {
        return Ok(false);
    }
    document.seq = next_seq(conn)?;
    document.changes += 1;
    let row = ChangeRow {
        seq: document.seq,
        document: document.id,
        kind: document.kind,
        nth: document.changes,
        hash: *change.hash,
        bytes: change.bytes,
    };
    Row::Change(row).write(conn)?;
    Ok(true)
}

/// The next position, never given out before. It is part of the seal, so it must be known before
/// the row is written; SQLite keeps the count for AUTOINCREMENT in this table.
pub(crate) fn next_seq(conn: &Connection) -> Result<i64> {
    let mut query = conn.prepare_cached("SELECT seq FROM sqlite_sequence WHERE name = 'change'")?;
    let last: Option<i64> = query.query_row([], |row| row.get(0)).optional()?;
    Ok(last.unwrap_or(0) + 1)
}

/// Makes the next change come after `last`.
pub(crate) fn go_on_after(last: i64, conn: &Connection) -> rusqlite::Result<()> {
    let update = "UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = 'change'";
    if conn.execute(update, [last])? == 0 {
        conn.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('change', ?)", [last])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use custory_domain::{Entity, Patch, Stage, StageId};

    use super::*;
    use crate::DocumentKind;

    #[test]
    fn a_full_disk_is_said_to_be_full_and_costs_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open(&folder.path().join("custory.db")).unwrap();
        let id = Ulid::from_parts(1, 1);
        store.create_document(id, DocumentKind::Journey).unwrap();
        let pages: i64 = store.conn.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
        let room_for = |store: &Store, more: i64| {
            store.conn.pragma_update_and_check(None, "max_page_count", pages + more, |_| Ok(())).unwrap();
        };
        let commit = |store: &mut Store, seen: Seq, number: u8| {
            let stage =
                Stage { title: "Stage".repeat(200), ..Stage::new(StageId::from_parts(1, number.into())) };
            let patch = Patch { put: vec![Entity::from(stage)], removed: Vec::new() };
            let change = NewChange { hash: &[number; 32], bytes: &[number; 3_000] };
            store.commit(id, seen, &[change], &patch)
        };
        room_for(&store, 20);
        let mut kept = Vec::new();
        let mut seen = Seq(0);
        let refused = loop {
            let number = u8::try_from(kept.len()).unwrap();
            match commit(&mut store, seen, number) {
                Ok(Committed::Done(seq)) => seen = seq,
                other => break other,
            }
            kept.push(vec![number; 3_000]);
        };
        assert!(matches!(refused, Err(StoreError::DiskFull)), "{refused:?}");
        assert!(!kept.is_empty());
        for full in [store.put_setting("a", &"x".repeat(9_000)), store.put_snapshot(id, seen, &[0; 99_000])] {
            assert!(matches!(full, Err(StoreError::DiskFull)), "{full:?}");
        }
        assert_eq!(store.load(id).unwrap().unwrap().changes, kept);
        assert_eq!(store.board(id).unwrap().stages.len(), kept.len());
        store.check().unwrap();

        room_for(&store, 1_000);
        assert!(matches!(commit(&mut store, seen, 200), Ok(Committed::Done(_))), "with space it goes on");
    }
}
