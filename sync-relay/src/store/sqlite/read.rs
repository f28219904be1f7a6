//! Questions to the database. None changes anything.

use std::collections::BTreeMap;

use custory_wire::{
    Chain, DeviceChain, Hash, Head, Incarnation, LogId, LogTip, Roster, Signature, SnapshotInfo, SpaceId,
    limits,
};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::super::rules::invitation;
use super::super::{Place, Records, records};
use super::StoreError;
use super::schema::{SEQ_BITS, chunk_key};
use crate::hub::{Kept, TopicState};

type Result<T> = std::result::Result<T, StoreError>;

pub(super) fn incarnation(conn: &Connection) -> Result<Incarnation> {
    Ok(Incarnation(conn.query_row("SELECT incarnation FROM relay", [], |row| row.get(0))?))
}

/// A workspace with its folded roster, if there is one.
pub(super) fn space(conn: &Connection, id: &SpaceId) -> Result<Option<Kept>> {
    let found = conn
        .prepare_cached("SELECT id, bytes FROM workspace WHERE name = ?1")?
        .query_row([id.0], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)))
        .optional()?;
    let Some((row, bytes)) = found else { return Ok(None) };
    let records = roster_after(conn, row as u64, 0, usize::MAX, usize::MAX)?;
    let damaged = |error| StoreError::Damaged(format!("a roster does not hold: {error}"));
    let mut records = records.iter();
    let first =
        records.next().ok_or_else(|| StoreError::Damaged("a workspace without a roster".to_owned()))?;
    let mut roster = Roster::begin(first).map_err(damaged)?;
    let mut invitations = Vec::new();
    for record in records {
        invitations.extend(invitation(&roster.apply(record).map_err(damaged)?.action));
    }
    let (logs, records) = conn
        .prepare_cached(
            "SELECT COUNT(*), TOTAL(newest.start + LENGTH(newest.records) - 4 * newest.count - oldest.start)
             FROM log
             JOIN chunk AS oldest ON oldest.key =
                 (SELECT MIN(key) FROM chunk WHERE key BETWEEN log.id << 38 AND ((log.id + 1) << 38) - 1)
             JOIN chunk AS newest ON newest.key =
                 (SELECT MAX(key) FROM chunk WHERE key BETWEEN log.id << 38 AND ((log.id + 1) << 38) - 1)
             WHERE log.workspace = ?1",
        )?
        .query_row([row], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, f64>(1)?)))?;
    let bytes = bytes as u64 + records as u64;
    Ok(Some(Kept { mark: row as u64, roster, invitations, bytes, logs: logs as u32 }))
}

/// How many workspaces there are.
pub(super) fn spaces(conn: &Connection) -> Result<u64> {
    let count: i64 = conn.query_row("SELECT COUNT(*) FROM workspace", [], |row| row.get(0))?;
    Ok(count as u64)
}

/// Roster records after one, at most so many and so many bytes, but at least one if there is one.
pub(super) fn roster_after(
    conn: &Connection,
    space: u64,
    after: u32,
    count_max: usize,
    bytes_max: usize,
) -> Result<Vec<Vec<u8>>> {
    let mut query =
        conn.prepare_cached("SELECT record FROM roster WHERE workspace = ?1 AND rseq > ?2 ORDER BY rseq")?;
    let mut rows = query.query(params![space as i64, after])?;
    let (mut records, mut bytes) = (Vec::new(), 0_usize);
    while let Some(row) = rows.next()? {
        let record: Vec<u8> = row.get(0)?;
        bytes = bytes.saturating_add(record.len());
        if !records.is_empty() && (records.len() >= count_max || bytes > bytes_max) {
            break;
        }
        records.push(record);
    }
    Ok(records)
}

/// All logs of a workspace that have records.
pub(super) fn logs(conn: &Connection, space: u64) -> Result<Vec<LogTip>> {
    let mut query = conn.prepare_cached(
        "SELECT log.name, newest.key, newest.count, newest.tip FROM log
         JOIN chunk AS newest ON newest.key =
             (SELECT MAX(key) FROM chunk WHERE key BETWEEN log.id << 38 AND ((log.id + 1) << 38) - 1)
         WHERE log.workspace = ?1 ORDER BY log.id",
    )?;
    let rows = query.query_map([space as i64], |row| {
        let seq = seq_of(row.get(1)?) + row.get::<_, i64>(2)? as u64 - 1;
        Ok(LogTip { log: LogId(row.get(0)?), tip: Chain { seq, head: Head(row.get(3)?) } })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// A log, if it has records.
pub(super) fn log(conn: &Connection, space: u64, log: &LogId) -> Result<Option<TopicState>> {
    let found = conn
        .prepare_cached(
            "SELECT log.id, newest.key, newest.count, newest.tip,
                    newest.start + LENGTH(newest.records) - 4 * newest.count
             FROM log
             JOIN chunk AS newest ON newest.key =
                 (SELECT MAX(key) FROM chunk WHERE key BETWEEN log.id << 38 AND ((log.id + 1) << 38) - 1)
             WHERE log.workspace = ?1 AND log.name = ?2",
        )?
        .query_row(params![space as i64, log.0], |row| {
            let seq = seq_of(row.get(1)?) + row.get::<_, i64>(2)? as u64 - 1;
            let tip = Chain { seq, head: Head(row.get(3)?) };
            Ok((row.get::<_, i64>(0)?, tip, row.get::<_, i64>(4)? as u64))
        })
        .optional()?;
    let Some((row, tip, end)) = found else { return Ok(None) };
    let authors = authors(conn, row)?;
    let mut query = conn.prepare_cached("SELECT dev, statement FROM seen WHERE log = ?1")?;
    let seen = query.query_map([row], |row| Ok((row.get(0)?, row.get::<_, Vec<u8>>(1)?.into())))?;
    let seen = seen.collect::<rusqlite::Result<_>>()?;
    Ok(Some(TopicState { mark: Some(row as u64), tip, end, authors, seen }))
}

/// How far each device has come: as its newest chunk says, or as was kept when its chunks were given up.
fn authors(conn: &Connection, log: i64) -> Result<BTreeMap<u32, DeviceChain>> {
    let mut query = conn.prepare_cached(
        "WITH RECURSIVE device (dev) AS (
             SELECT MIN(dev) FROM chunk WHERE log = ?1
             UNION ALL
             SELECT (SELECT MIN(dev) FROM chunk WHERE log = ?1 AND dev > device.dev)
             FROM device WHERE device.dev IS NOT NULL
         )
         SELECT dev, dseq, last FROM author WHERE log = ?1
         UNION ALL
         SELECT newest.dev, newest.dseq + newest.count - 1, newest.last
         FROM device JOIN chunk AS newest ON newest.key =
             (SELECT key FROM chunk WHERE log = ?1 AND dev = device.dev ORDER BY dseq DESC LIMIT 1)",
    )?;
    let rows = query.query_map([log], |row| {
        let chain = DeviceChain { dseq: row.get::<_, i64>(1)? as u64, last: Head(row.get(2)?) };
        Ok((row.get::<_, u32>(0)?, chain))
    })?;
    let mut authors = BTreeMap::<u32, DeviceChain>::new();
    for row in rows {
        let (device, chain) = row?;
        let known = authors.entry(device).or_insert(chain);
        if known.dseq < chain.dseq {
            *known = chain;
        }
    }
    Ok(authors)
}

/// Records after a place, at most so many bytes, but at least one if there is one.
pub(super) fn page(conn: &Connection, log: u64, after: u64, bytes_max: u64) -> Result<Option<Records>> {
    let log = log as i64;
    let mut query = conn.prepare_cached(
        "SELECT key, records FROM chunk
         WHERE key >= IFNULL((SELECT MAX(key) FROM chunk WHERE key BETWEEN ?1 AND ?2), ?2) AND key < ?3
         ORDER BY key",
    )?;
    let mut rows =
        query.query(params![chunk_key(log, 0), chunk_key(log, after + 1), chunk_key(log + 1, 0)])?;
    let (mut found, mut bytes) = (Vec::new(), 0_u64);
    while let Some(row) = rows.next()? {
        let mut seq = seq_of(row.get(0)?);
        if found.is_empty() && seq > after + 1 {
            return Ok(None);
        }
        let blob = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
        for record in records::split(blob) {
            let record = record?;
            seq += 1;
            if seq <= after + 1 {
                continue;
            }
            bytes += record.len() as u64;
            if !found.is_empty() && (bytes > bytes_max || found.len() >= limits::RECORDS_MAX) {
                return Ok(Some(Records { first: after + 1, records: found }));
            }
            found.push(record.to_vec());
        }
    }
    Ok((!found.is_empty()).then_some(Records { first: after + 1, records: found }))
}

/// The head at a place between the log's beginning and its tip.
pub(super) fn place(conn: &Connection, log: u64, seq: u64) -> Result<Place> {
    let log = log as i64;
    let chunk = conn
        .prepare_cached(
            "SELECT key, head, start, records FROM chunk WHERE key BETWEEN ?1 AND ?2 ORDER BY key DESC LIMIT 1",
        )?
        .query_row(params![chunk_key(log, 0), chunk_key(log, seq + 1)], |row| {
            let start = Chain { seq: seq_of(row.get(0)?) - 1, head: Head(row.get(1)?) };
            Ok((start, row.get::<_, i64>(2)? as u64, row.get::<_, Vec<u8>>(3)?))
        })
        .optional()?;
    let Some((mut chain, mut end, blob)) = chunk else { return Ok(Place::Gone) };
    for record in records::split(&blob) {
        if chain.seq == seq {
            break;
        }
        let record = record?;
        chain = chain.then(&Hash::of(record));
        end += record.len() as u64;
    }
    Ok(if chain.seq == seq { Place::At { head: chain.head, end } } else { Place::Gone })
}

/// A device's record by its own number: its number in the log and its hash. `None` if it was given up.
pub(super) fn authored(conn: &Connection, log: u64, device: u32, dseq: u64) -> Result<Option<(u64, Hash)>> {
    let chunk = conn
        .prepare_cached(
            "SELECT key, dseq, records FROM chunk
             WHERE log = ?1 AND dev = ?2 AND dseq <= ?3 ORDER BY dseq DESC LIMIT 1",
        )?
        .query_row(params![log as i64, device, dseq as i64], |row| {
            Ok((seq_of(row.get(0)?), row.get::<_, i64>(1)? as u64, row.get::<_, Vec<u8>>(2)?))
        })
        .optional()?;
    let Some((seq, first, blob)) = chunk else { return Ok(None) };
    let offset = dseq - first;
    match records::split(&blob).nth(offset as usize) {
        Some(record) => Ok(Some((seq + offset, Hash::of(record?)))),
        None => Ok(None),
    }
}

/// Snapshots of a log, the furthest first, each with whether it is confirmed.
pub(super) fn snapshots(conn: &Connection, log: u64) -> Result<Vec<(SnapshotInfo, bool)>> {
    let mut query = conn.prepare_cached(
        "SELECT base_seq, base_head, bytes, hash, header, signature, confirmed_by IS NOT NULL
         FROM snapshot WHERE log = ?1 ORDER BY base_seq DESC, confirmed_by IS NULL, hash",
    )?;
    let rows = query.query_map([log as i64], |row| Ok((snapshot_info(row)?, row.get(6)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn snapshot_info(row: &Row<'_>) -> rusqlite::Result<SnapshotInfo> {
    Ok(SnapshotInfo {
        base: Chain { seq: row.get::<_, i64>(0)? as u64, head: Head(row.get(1)?) },
        bytes_len: row.get::<_, i64>(2)? as u64,
        hash: Hash(row.get(3)?),
        header: row.get(4)?,
        signature: Signature(row.get(5)?),
    })
}

/// The number of the first record of the chunk with this key.
pub(super) fn seq_of(key: i64) -> u64 {
    key as u64 & ((1 << SEQ_BITS) - 1)
}
