//! What an operator does with the data folder: copy it while the relay runs, bring a copy back, look for damage.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use custory_wire::{Chain, Hash, Head, LogId, Roster};
use rusqlite::{Connection, params};

use super::super::{records, refuse_filled, sync_folder_of};
use super::blobs::{self, Blobs};
use super::{DATABASE, Sqlite, StoreError, make_folder, new_incarnation, read, schema};
use crate::identity;

type Result<T> = std::result::Result<T, StoreError>;

/// How often a copy begins anew because a snapshot was replaced meanwhile.
const ATTEMPTS_MAX: usize = 5;

/// Copies database, blobs and key into a new folder. The relay may run meanwhile: the copy is its state at one
/// moment.
///
/// # Errors
/// When the folder holds something already, or anything cannot be read or written.
pub fn backup(data: &Path, to: &Path) -> Result<()> {
    refuse_filled(to)?;
    let blobs = to.join(blobs::FOLDER);
    make_folder(&blobs)?;
    let database = to.join(DATABASE);
    for _ in 0..ATTEMPTS_MAX {
        let conn = schema::open_for_reading(&data.join(DATABASE))?;
        conn.execute("VACUUM INTO ?1", params![database.to_string_lossy()])?;
        if copy_blobs(&schema::open_for_reading(&database)?, &data.join(blobs::FOLDER), &blobs)? {
            copy(&data.join(identity::FILE), &to.join(identity::FILE))?;
            return sync_folder_of(&database);
        }
        fs::remove_file(&database).map_err(StoreError::io(&database))?;
    }
    Err(StoreError::Damaged(
        "a snapshot that the database names is not there; run `sync-relay check`".to_owned(),
    ))
}

/// Copies what the database names. `false` if one is gone, because the relay has replaced it meanwhile.
fn copy_blobs(conn: &Connection, from: &Path, to: &Path) -> Result<bool> {
    for hash in named_blobs(conn)? {
        let (from, to) = (from.join(hash.to_string()), to.join(hash.to_string()));
        if !from.exists() {
            return Ok(false);
        }
        copy(&from, &to)?;
    }
    Ok(true)
}

/// Brings a copy back into a data folder that holds nothing yet, as a new life of the store: clients then see that
/// the relay may have forgotten something, and bring it.
///
/// # Errors
/// When the folder holds something already, or anything cannot be read or written.
pub fn restore(from: &Path, data: &Path) -> Result<()> {
    refuse_filled(data)?;
    let source = from.join(DATABASE);
    if !source.is_file() {
        return Err(StoreError::Damaged(format!("there is no {DATABASE} in {}", from.display())));
    }
    let blobs = data.join(blobs::FOLDER);
    make_folder(&blobs)?;
    if !copy_blobs(&schema::open_for_reading(&source)?, &from.join(blobs::FOLDER), &blobs)? {
        return Err(StoreError::Damaged("the copy lacks a snapshot that its database names".to_owned()));
    }
    copy(&from.join(identity::FILE), &data.join(identity::FILE))?;
    let database = data.join(DATABASE);
    copy(&source, &database)?;
    let conn = schema::open(&database, new_incarnation)?;
    conn.execute("UPDATE relay SET incarnation = ?1", [new_incarnation()])?;
    sync_folder_of(&database)
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::copy(from, to).map_err(StoreError::io(from))?;
    fs::File::open(to).and_then(|it| it.sync_all()).map_err(StoreError::io(to))
}

fn named_blobs(conn: &Connection) -> Result<BTreeSet<Hash>> {
    let mut query = conn.prepare("SELECT hash FROM snapshot")?;
    let rows = query.query_map([], |row| Ok(Hash(row.get(0)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// What a check has looked at, and what it found.
#[derive(Debug, Default)]
pub struct Findings {
    /// Workspaces whose roster was folded.
    pub workspaces: usize,
    /// Logs whose chain was counted.
    pub logs: usize,
    /// Records that were hashed.
    pub records: u64,
    /// Blobs that were hashed.
    pub blobs: usize,
    /// Blobs that nothing names. Harmless; a crash can leave them.
    pub unused_blobs: Vec<PathBuf>,
    /// What is wrong, for people.
    pub problems: Vec<String>,
}

/// Reads everything and compares it with its hashes, chains and signatures. No relay may run meanwhile.
///
/// # Errors
/// When it cannot be read at all.
pub fn check(data: &Path) -> Result<Findings> {
    if !data.join(DATABASE).is_file() {
        return Err(StoreError::Damaged(format!("there is no {DATABASE} in {}", data.display())));
    }
    let (store, conn) = Sqlite::open(data, Duration::ZERO)?;
    let mut findings = Findings::default();
    let mut query = conn.prepare("PRAGMA integrity_check(20)")?;
    for line in query.query_map([], |row| row.get::<_, String>(0))? {
        let line = line?;
        if line != "ok" {
            findings.problems.push(format!("the database: {line}"));
        }
    }
    check_rosters(&conn, &mut findings)?;
    check_logs(&conn, &mut findings)?;
    check_blobs(&conn, &store.blobs, &data.join(blobs::FOLDER), &mut findings)?;
    Ok(findings)
}

fn check_rosters(conn: &Connection, findings: &mut Findings) -> Result<()> {
    let mut query = conn.prepare("SELECT id, name FROM workspace")?;
    let spaces = query.query_map([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, [u8; 32]>(1)?)))?;
    for space in spaces {
        let (row, name) = space?;
        findings.workspaces += 1;
        let records = read::roster_after(conn, row as u64, 0, usize::MAX, usize::MAX)?;
        let problem = match Roster::of(records.iter().map(Vec::as_slice)) {
            Ok(roster) if roster.space().0 == name => continue,
            Ok(_) => "it is another workspace's".to_owned(),
            Err(error) => error.to_string(),
        };
        findings.problems.push(format!("the roster of workspace {}: {problem}", custory_wire::SpaceId(name)));
    }
    Ok(())
}

fn check_logs(conn: &Connection, findings: &mut Findings) -> Result<()> {
    let mut query = conn.prepare("SELECT id, name FROM log")?;
    let logs = query.query_map([], |row| Ok((row.get::<_, i64>(0)?, LogId(row.get(1)?))))?;
    for log in logs {
        let (row, log) = log?;
        findings.logs += 1;
        if let Err(problem) = check_log(conn, row, &log, &mut findings.records)? {
            findings.problems.push(format!("log {log}: {problem}"));
        }
    }
    Ok(())
}

fn check_log(
    conn: &Connection,
    row: i64,
    log: &LogId,
    count: &mut u64,
) -> Result<std::result::Result<(), String>> {
    let mut query = conn.prepare_cached(
        "SELECT key, head, records, tip FROM chunk WHERE key >= ?1 AND key < ?2 ORDER BY key",
    )?;
    let mut rows = query.query([schema::chunk_key(row, 0), schema::chunk_key(row + 1, 0)])?;
    let mut chain: Option<Chain> = None;
    while let Some(row) = rows.next()? {
        let before = Chain { seq: read::seq_of(row.get(0)?) - 1, head: Head(row.get(1)?) };
        let expected = match chain {
            None if before.seq == 0 => Chain::start(log),
            None => before,
            Some(chain) => chain,
        };
        if before != expected {
            return Ok(Err(format!("the chain breaks after record {}", expected.seq)));
        }
        let mut at = before;
        for record in records::split(row.get_ref(2)?.as_blob().map_err(rusqlite::Error::from)?) {
            let Ok(record) = record else { return Ok(Err(format!("record {} is cut off", at.seq + 1))) };
            at = at.then(&Hash::of(record));
            *count += 1;
        }
        if at.head != Head(row.get(3)?) {
            return Ok(Err(format!("a record up to {} is not what was written", at.seq)));
        }
        chain = Some(at);
    }
    Ok(chain.map(|_| ()).ok_or_else(|| "it has no records".to_owned()))
}

fn check_blobs(conn: &Connection, blobs: &Blobs, folder: &Path, findings: &mut Findings) -> Result<()> {
    let named = named_blobs(conn)?;
    for hash in &named {
        findings.blobs += 1;
        let problem = match fs::read(blobs.path(hash)) {
            Ok(bytes) if Hash::of(&bytes) == *hash => continue,
            Ok(_) => "its content is not what its name says".to_owned(),
            Err(error) => error.to_string(),
        };
        findings.problems.push(format!("snapshot {hash}: {problem}"));
    }
    for file in fs::read_dir(folder).map_err(StoreError::io(folder))? {
        let path = file.map_err(StoreError::io(folder))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().parse::<Hash>();
        if !name.is_ok_and(|it| named.contains(&it)) {
            findings.unused_blobs.push(path);
        }
    }
    Ok(())
}
