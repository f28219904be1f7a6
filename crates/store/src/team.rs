//! What this device remembers of a team: which documents are shared and how far their logs were
//! read, the roster, and the outbox.
//!
//! Invariant: a change of a shared document is in the outbox in the same transaction that keeps it.
//! Invariant: what came from the team, where it was read up to, and which edits are settled with it
//! are kept together or not at all.

use rusqlite::{Connection, OptionalExtension};
use ulid::Ulid;

use crate::changes::{Committed, NewChange, Seq};
use crate::error::Result;
use crate::rows::{DocumentRow, Id, Row, SnapshotRow};
use crate::{Effect, Store, changes, documents, news, projection};

/// Bytes of a hash.
type Digest = [u8; 32];

/// Names a log.
pub type LogKey = [u8; 16];

/// A log of the team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TeamLog {
    /// Which.
    pub log: LogKey,
    /// The document; `None` while nothing was read of it.
    pub document: Option<Ulid>,
    /// How far it was read; `None` before the first time.
    pub state: Option<Vec<u8>>,
    /// This device wants no part in it.
    pub is_forgotten: bool,
}

/// A change that waits for the relay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Its place in the outbox.
    pub id: i64,
    /// The document.
    pub document: Ulid,
    /// The change.
    pub bytes: Vec<u8>,
}

/// How far a log was read, to be kept.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'a> {
    /// The log.
    pub log: LogKey,
    /// Its state.
    pub state: &'a [u8],
    /// Edits that are in the log now and leave the outbox.
    pub settled: &'a [i64],
}

impl Store {
    /// All logs.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn team_logs(&self) -> Result<Vec<TeamLog>> {
        let mut query = self
            .conn
            .prepare_cached("SELECT log, document, state, is_forgotten FROM team_log ORDER BY log")?;
        let rows = query.query_map([], |row| {
            let document: Option<Id> = row.get(1)?;
            Ok(TeamLog {
                log: row.get(0)?,
                document: document.map(Ulid::from_bytes),
                state: row.get(2)?,
                is_forgotten: row.get(3)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Shares a document: from here on its changes go into the outbox.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn share_document(&mut self, document: Ulid, log: LogKey) -> Result<()> {
        self.conn
            .prepare_cached(
                "INSERT INTO team_log (log, document, state, is_forgotten) VALUES (?, ?, NULL, 0)
                 ON CONFLICT (log) DO UPDATE SET document = excluded.document, is_forgotten = 0",
            )?
            .execute((log, document.to_bytes()))?;
        Ok(())
    }

    /// Takes no part in a log any more. It is remembered, so that the log does not come back.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn forget_log(&mut self, log: LogKey) -> Result<()> {
        let write = self.write()?;
        write.execute(
            "DELETE FROM team_outbox WHERE document = (SELECT document FROM team_log WHERE log = ?)",
            [log],
        )?;
        write.execute(
            "INSERT INTO team_log (log, document, state, is_forgotten) VALUES (?, NULL, NULL, 1)
             ON CONFLICT (log) DO UPDATE SET document = NULL, state = NULL, is_forgotten = 1",
            [log],
        )?;
        Ok(write.commit()?)
    }

    /// Forgets what was remembered of a log, without wanting no part in it: it may be begun again.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn drop_log(&mut self, log: LogKey) -> Result<()> {
        let write = self.write()?;
        write.execute(
            "DELETE FROM team_outbox WHERE document = (SELECT document FROM team_log WHERE log = ?)",
            [log],
        )?;
        write.execute("DELETE FROM team_log WHERE log = ?", [log])?;
        Ok(write.commit()?)
    }

    /// The pictures that touchpoints of shared journeys show, each once.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn pictures_of_team(&self) -> Result<Vec<String>> {
        let mut query = self.conn.prepare_cached(
            "SELECT DISTINCT json_extract(entity.body, '$.picture') AS picture FROM entity
             JOIN team_log ON team_log.document = entity.document AND NOT team_log.is_forgotten
             WHERE entity.kind = 'touchpoint' AND NOT entity.is_trashed AND picture <> ''",
        )?;
        let names = query.query_map([], |row| row.get(0))?;
        Ok(names.collect::<rusqlite::Result<_>>()?)
    }

    /// The roster's records, in order.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn team_roster(&self) -> Result<Vec<Vec<u8>>> {
        let mut query = self.conn.prepare_cached("SELECT record FROM team_roster ORDER BY rseq")?;
        let rows = query.query_map([], |row| row.get(0))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Keeps further records of the roster.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn put_team_roster(&mut self, first: u32, records: &[Vec<u8>]) -> Result<()> {
        let write = self.write()?;
        for (rseq, record) in (first..).zip(records) {
            write
                .prepare_cached("INSERT OR REPLACE INTO team_roster (rseq, record) VALUES (?, ?)")?
                .execute((rseq, record))?;
        }
        Ok(write.commit()?)
    }

    /// Changes that wait for the relay, from a place of the outbox on.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn outbox_after(&self, id: i64) -> Result<Vec<Waiting>> {
        let mut query = self
            .conn
            .prepare_cached("SELECT id, document, bytes FROM team_outbox WHERE id > ? ORDER BY id")?;
        let rows = query.query_map([id], |row| {
            Ok(Waiting { id: row.get(0)?, document: Ulid::from_bytes(row.get(1)?), bytes: row.get(2)? })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Whether nothing waits for the relay.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn is_outbox_empty(&self) -> Result<bool> {
        let mut query = self.conn.prepare_cached("SELECT NOT EXISTS (SELECT 1 FROM team_outbox)")?;
        Ok(query.query_row([], |row| row.get(0))?)
    }

    /// Whether changes of a document wait for the relay.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn has_waiting(&self, document: Ulid) -> Result<bool> {
        let mut query =
            self.conn.prepare_cached("SELECT EXISTS (SELECT 1 FROM team_outbox WHERE document = ?)")?;
        Ok(query.query_row([document.to_bytes()], |row| row.get(0))?)
    }

    /// Keeps what has come from the team: like [`Store::commit`], but nothing goes into the outbox, and
    /// where the log was read up to is kept with it.
    ///
    /// # Errors
    /// See [`crate::StoreError`]; nothing was written then.
    pub fn commit_received<'a>(
        &mut self,
        id: Ulid,
        seen: Seq,
        changes: &[NewChange<'_>],
        effect: impl Into<Effect<'a>>,
        reading: Reading<'_>,
    ) -> Result<Committed> {
        let write = self.write()?;
        let committed = changes::commit_in(&write, id, seen, changes, effect.into(), |_, _, _| Ok(()))?;
        if let Committed::Done(_) = committed {
            put_reading(&write, Some(id), reading)?;
            write.commit()?;
            self.lease.tell();
        }
        Ok(committed)
    }

    /// Keeps a document that has come whole, of which nothing is here yet: all its changes at once, what
    /// they come to, and where the log was read up to with them. The caller has checked that
    /// the bytes read back. Answers where the document is then; `None`, with nothing written, if
    /// something of it is here.
    ///
    /// The document is kept twice, as two snapshots would be, so that a bad one costs nothing.
    ///
    /// # Errors
    /// See [`crate::StoreError`]; nothing was written then.
    pub fn commit_whole<'a>(
        &mut self,
        id: Ulid,
        (changes, bytes): (usize, &[u8]),
        effect: impl Into<Effect<'a>>,
        reading: Reading<'_>,
    ) -> Result<Option<Seq>> {
        let write = self.write()?;
        let mut document = documents::get(&write, id)?;
        if document.seq != 0 {
            return Ok(None);
        }
        let before = changes::next_seq(&write)?;
        let nth = i64::try_from(changes).unwrap_or(i64::MAX);
        (document.seq, document.changes, document.pruned) = (before + 1, nth, before);
        for upto in [before, before + 1] {
            let row = SnapshotRow { document: document.id, kind: document.kind, upto, nth, bytes };
            Row::Snapshot(row).write(&write)?;
        }
        changes::go_on_after(document.seq, &write)?;
        Row::Document(document).write(&write)?;
        let effect = effect.into();
        projection::apply(&write, &document, effect.patch)?;
        news::note(&write, id, effect.notices)?;
        put_reading(&write, Some(id), reading)?;
        write.commit()?;
        Ok(Some(Seq(document.seq)))
    }

    /// Keeps where a log was read up to, when there is nothing else to keep.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn put_log_state(&mut self, reading: Reading<'_>) -> Result<()> {
        let write = self.write()?;
        put_reading(&write, None, reading)?;
        Ok(write.commit()?)
    }

    /// Puts changes of a document into the outbox that the log lacks, and keeps the log's state with
    /// them.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn refill_outbox<'a>(
        &mut self,
        document: Ulid,
        missing: impl IntoIterator<Item = &'a [u8]>,
        reading: Reading<'_>,
    ) -> Result<()> {
        let write = self.write()?;
        for bytes in missing {
            put_waiting(&write, document.to_bytes(), bytes)?;
        }
        put_reading(&write, Some(document), reading)?;
        Ok(write.commit()?)
    }

    /// Forgets the team: documents stay, nothing is shared any more.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn leave_team(&mut self) -> Result<()> {
        let write = self.write()?;
        write.execute_batch("DELETE FROM team_outbox; DELETE FROM team_log; DELETE FROM team_roster;")?;
        Ok(write.commit()?)
    }
}

fn put_reading(conn: &Connection, document: Option<Ulid>, reading: Reading<'_>) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO team_log (log, document, state, is_forgotten) VALUES (?, ?, ?, 0)
         ON CONFLICT (log) DO UPDATE SET
             state = excluded.state, document = coalesce(excluded.document, document)",
    )?
    .execute((reading.log, document.map(|it| it.to_bytes()), reading.state))?;
    for id in reading.settled {
        conn.prepare_cached("DELETE FROM team_outbox WHERE id = ?")?.execute([id])?;
    }
    Ok(())
}

/// Puts a change into the outbox if its document is shared.
pub(crate) fn enqueue(conn: &Connection, document: &DocumentRow, change: &NewChange<'_>) -> Result<()> {
    let mut query = conn.prepare_cached("SELECT 1 FROM team_log WHERE document = ? AND NOT is_forgotten")?;
    let is_shared: Option<i64> = query.query_row([document.id], |row| row.get(0)).optional()?;
    if is_shared.is_some() {
        put_waiting(conn, document.id, change.bytes)?;
    }
    Ok(())
}

fn put_waiting(conn: &Connection, document: Id, bytes: &[u8]) -> Result<()> {
    let digest: Digest = *blake3::hash(bytes).as_bytes();
    conn.prepare_cached("INSERT OR IGNORE INTO team_outbox (document, digest, bytes) VALUES (?, ?, ?)")?
        .execute((document, digest, bytes))?;
    Ok(())
}
