//! The database: its tables, how it is opened, and what an older one needs.
//!
//! Invariants: WAL with `synchronous=FULL`, so that a commit is on the disk when it returns; one connection
//! writes, others only read. Records are kept in *chunks*, a run of records of one device that came together,
//! since a row for each record would cost more than the records.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::super::rules::SEQ_MAX;
use super::StoreError;

/// The schema of this program.
///
/// One version may be gone back: a new version only adds tables and indexes, and takes nothing away that the version
/// before reads or fills. So a database of the next version is opened and its additions are left alone; a later one is
/// refused, and never changed.
pub(super) const VERSION: i64 = 1;

/// The one that this program can be put back from.
const NEXT_VERSION: i64 = VERSION + 1;

/// Marks the file as a relay's ("CsRl").
const APPLICATION_ID: i64 = 0x4373_526c;

/// Bytes of log after which SQLite moves it into the database: 4,096 pages of 4 KiB. Large enough that a busy
/// relay writes a page that changes often only once, small enough to be read back in a moment after a crash.
const CHECKPOINT_PAGES: i64 = 4_096;

/// How long to wait for another program (a backup, `check`). The relay itself never waits for its own.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// Page cache of a connection, in KiB.
const CACHE_KIB: i64 = 16 << 10;

/// Bits of a chunk's key that hold the position; the rest holds the log.
///
/// One integer key instead of two columns: rows of a log lie together and in order, and SQLite has no faster way
/// to a row. 2^38 records in a log, 2^24 logs on a relay.
pub(super) const SEQ_BITS: u32 = 38;

/// The key of the chunk in `log` that begins at `seq`.
pub(super) fn chunk_key(log: i64, seq: u64) -> i64 {
    (log << SEQ_BITS) | (seq.min(SEQ_MAX) as i64)
}

const TABLES: &str = "
CREATE TABLE relay (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    incarnation BLOB NOT NULL
) STRICT;

-- `bytes` are those of roster and snapshots; those of records follow from the chunks.
CREATE TABLE workspace (
    id INTEGER PRIMARY KEY,
    name BLOB NOT NULL UNIQUE,
    bytes INTEGER NOT NULL
) STRICT;

CREATE TABLE roster (
    workspace INTEGER NOT NULL REFERENCES workspace,
    rseq INTEGER NOT NULL,
    record BLOB NOT NULL,
    PRIMARY KEY (workspace, rseq)
) STRICT, WITHOUT ROWID;

-- One row for each log with records. Where a log ends and how far each device has come is what its newest chunks
-- say: appending writes a chunk and nothing else.
CREATE TABLE log (
    id INTEGER PRIMARY KEY,
    workspace INTEGER NOT NULL REFERENCES workspace,
    name BLOB NOT NULL,
    UNIQUE (workspace, name)
) STRICT;

-- `count` records in a row, all of device `dev`, of its own numbers from `dseq` on. `key` holds the log and the
-- number of the first (see `chunk_key`). `head` is the log's head before it and `tip` after it, `last` the hash of
-- its last record, `start` the bytes of all records before it.
CREATE TABLE chunk (
    key INTEGER PRIMARY KEY,
    log INTEGER NOT NULL,
    dev INTEGER NOT NULL,
    dseq INTEGER NOT NULL,
    count INTEGER NOT NULL,
    head BLOB NOT NULL,
    tip BLOB NOT NULL,
    last BLOB NOT NULL,
    start INTEGER NOT NULL,
    records BLOB NOT NULL
) STRICT;

CREATE INDEX chunk_by_author ON chunk (log, dev, dseq);

-- How far each device had come when records were given up: a push from before is still known.
CREATE TABLE author (
    log INTEGER NOT NULL REFERENCES log,
    dev INTEGER NOT NULL,
    dseq INTEGER NOT NULL,
    last BLOB NOT NULL,
    PRIMARY KEY (log, dev)
) STRICT, WITHOUT ROWID;

-- What each device stated to have seen of a log; not read by the relay.
CREATE TABLE seen (
    log INTEGER NOT NULL REFERENCES log,
    dev INTEGER NOT NULL,
    statement BLOB NOT NULL,
    PRIMARY KEY (log, dev)
) STRICT, WITHOUT ROWID;

-- A row is there only when the blob's file is complete and durable.
CREATE TABLE snapshot (
    log INTEGER NOT NULL REFERENCES log,
    base_seq INTEGER NOT NULL,
    hash BLOB NOT NULL,
    base_head BLOB NOT NULL,
    bytes INTEGER NOT NULL,
    dev INTEGER NOT NULL,
    header BLOB NOT NULL,
    signature BLOB NOT NULL,
    confirmed_by INTEGER,
    PRIMARY KEY (log, base_seq, hash)
) STRICT, WITHOUT ROWID;

CREATE INDEX snapshot_by_hash ON snapshot (hash);
";

/// Opens the writing connection, making the tables on the first start.
pub(super) fn open(path: &Path, incarnation: impl FnOnce() -> [u8; 16]) -> Result<Connection, StoreError> {
    let mut conn = Connection::open(path)?;
    conn.busy_timeout(BUSY_TIMEOUT)?;
    let version: i64 = conn.pragma_query_value(None, "user_version", |row| row.get(0))?;
    match version {
        0 => make(&mut conn, incarnation())?,
        VERSION | NEXT_VERSION => {}
        newer => return Err(StoreError::Newer { found: newer, known: NEXT_VERSION }),
    }
    conn.pragma_update(None, "journal_mode", "WAL")?;
    conn.pragma_update(None, "synchronous", "FULL")?;
    conn.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
    conn.pragma_update(None, "cache_size", -CACHE_KIB)?;
    conn.pragma_update(None, "foreign_keys", true)?;
    Ok(conn)
}

fn make(conn: &mut Connection, incarnation: [u8; 16]) -> Result<(), StoreError> {
    let transaction = conn.transaction()?;
    transaction.execute_batch(TABLES)?;
    transaction.execute("INSERT INTO relay VALUES (1, ?1)", [incarnation])?;
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", VERSION)?;
    transaction.commit()?;
    Ok(())
}

/// Opens a connection that can only read. The tables must be there.
pub(super) fn open_for_reading(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags)?;
    conn.busy_timeout(BUSY_TIMEOUT)?;
    conn.pragma_update(None, "cache_size", -CACHE_KIB / 4)?;
    Ok(conn)
}
