//! Snapshots: whole documents that stand for many changes.
//!
//! Two are kept, and the changes since the older one. So a snapshot that turns out to be bad costs
//! nothing: the one before it and the changes since lead to the same document. Invariant: changes
//! are only given up when two snapshots cover them.

use rusqlite::{Connection, OptionalExtension};
use ulid::Ulid;

use crate::changes::{self, Seq, Stored};
use crate::error::{Result, StoreError};
use crate::rows::{DocumentRow, Row, SnapshotRow, count_in};
use crate::{Store, documents};

impl Store {
    /// Keeps the whole document as of `upto`. The caller has read all changes up to there, and has
    /// checked that the bytes read back.
    ///
    /// Loading then begins here; changes that the snapshot before this one covers too are given up.
    /// Does nothing when a newer one is there already.
    ///
    /// # Errors
    /// [`StoreError::SnapshotAhead`] when the document has no change at `upto` or beyond.
    pub fn put_snapshot(&mut self, id: Ulid, upto: Seq, bytes: &[u8]) -> Result<()> {
        let write = self.write()?;
        let mut document = documents::get(&write, id)?;
        if upto.0 > document.seq {
            return Err(StoreError::SnapshotAhead(id));
        }
        let previous = newest(&write, &document)?;
        let Some((upto, nth)) = last_change(&write, &document, upto)?.filter(|it| Some(it.0) > previous)
        else {
            return Ok(());
        };
        let row = SnapshotRow { document: document.id, kind: document.kind, upto: upto.0, nth, bytes };
        Row::Snapshot(row).write(&write)?;
        if let Some(previous) = previous {
            let give_up = "DELETE FROM change WHERE document = ? AND seq <= ?";
            write.prepare_cached(give_up)?.execute((document.id, previous.0))?;
            let give_up = "DELETE FROM snapshot WHERE document = ? AND upto < ?";
            write.prepare_cached(give_up)?.execute((document.id, previous.0))?;
            document.pruned = previous.0;
            Row::Document(document).write(&write)?;
        }
        Ok(write.commit()?)
    }

    /// How many changes a load has to read after the newest snapshot, and their size in bytes.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn tail_len(&self, id: Ulid) -> Result<(usize, usize)> {
        let read = self.read()?;
        let document = documents::get(&read, id)?;
        let upto = newest(&read, &document)?.unwrap_or_default();
        let mut query = read.prepare_cached(
            "SELECT count(*), coalesce(sum(length(bytes)), 0) FROM change WHERE document = ? AND seq > ?",
        )?;
        Ok(query.query_row((document.id, upto.0), |row| Ok((count_in(row, 0)?, count_in(row, 1)?)))?)
    }

    /// The document without its newest snapshot: from the one before it, or from the first change.
    /// For when the newest one reads from disk well and still makes no document. `None` if there is
    /// no such document or it has no snapshot.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when part of it cannot be read.
    pub fn load_without_newest_snapshot(&self, id: Ulid) -> Result<Option<Stored>> {
        let read = self.read()?;
        let Some(document) = documents::find(&read, id)? else { return Ok(None) };
        let Some(newest) = newest(&read, &document)? else { return Ok(None) };
        let older = sound(&read, &document, newest.0 - 1)?;
        load_from(&read, &document, older).map(Some)
    }
}

/// A snapshot with the position up to which it covers its document.
type Snapshot = (Seq, Vec<u8>);

/// The newest snapshot that is as it was written.
pub(crate) fn newest_sound(conn: &Connection, document: &DocumentRow) -> Result<Option<Snapshot>> {
    sound(conn, document, i64::MAX)
}

/// The document from a snapshot on, or from its first change.
pub(crate) fn load_from(conn: &Connection, document: &DocumentRow, from: Option<Snapshot>) -> Result<Stored> {
    let (upto, snapshot) = match from {
        Some((upto, bytes)) => (upto, Some(bytes)),
        None if document.pruned > 0 => {
            let detail = format!("both snapshots of document {}", Ulid::from_bytes(document.id));
            return Err(StoreError::Damaged { detail });
        }
        None => (Seq(0), None),
    };
    Ok(Stored { snapshot, changes: changes::after(conn, document, upto)?, seq: Seq(document.seq) })
}

/// The newest sound snapshot that covers no more than `limit`.
fn sound(conn: &Connection, document: &DocumentRow, limit: i64) -> Result<Option<Snapshot>> {
    let mut query = conn.prepare_cached(
        "SELECT upto, nth, bytes, seal FROM snapshot WHERE document = ? AND upto <= ? ORDER BY upto DESC",
    )?;
    let mut rows = query.query((document.id, limit))?;
    while let Some(row) = rows.next()? {
        let bytes: Vec<u8> = row.get(2)?;
        let (upto, nth) = (row.get(0)?, row.get(1)?);
        let snapshot = SnapshotRow { document: document.id, kind: document.kind, upto, nth, bytes: &bytes };
        if Row::Snapshot(snapshot).seal() == row.get::<_, i64>(3)? {
            return Ok(Some((Seq(upto), bytes)));
        }
        tracing::warn!(document = %Ulid::from_bytes(document.id), upto, "passed over a damaged snapshot");
    }
    Ok(None)
}

/// Up to where the newest snapshot covers the document, sound or not.
fn newest(conn: &Connection, document: &DocumentRow) -> Result<Option<Seq>> {
    let mut query = conn.prepare_cached("SELECT max(upto) FROM snapshot WHERE document = ?")?;
    Ok(query.query_row([document.id], |row| row.get::<_, Option<i64>>(0))?.map(Seq))
}

/// The last change kept up to there, and how many the document had had with it.
fn last_change(conn: &Connection, document: &DocumentRow, upto: Seq) -> Result<Option<(Seq, i64)>> {
    let mut query = conn.prepare_cached(
        "SELECT seq, nth FROM change WHERE document = ? AND seq <= ? ORDER BY seq DESC LIMIT 1",
    )?;
    let last = query.query_row((document.id, upto.0), |row| Ok((Seq(row.get(0)?), row.get(1)?)));
    Ok(last.optional()?)
}
