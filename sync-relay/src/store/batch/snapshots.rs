//! Snapshots: which are taken, when one is confirmed, and what is then given up.
//!
//! Invariant: the newest confirmed snapshot and the one before it stay, with all records after the older one's
//! base. Nothing is ever given up for a snapshot that no one has confirmed.

use std::sync::Arc;

use custory_wire::{Hash, Head, NackReason, SnapshotInfo, ToClient};
use rusqlite::params;

use super::{Batch, Result, chunk_key, may_write, read};
use crate::hub::{Mailbox, Topic};

impl Batch<'_> {
    /// A complete blob becomes a snapshot, if its place is one of the log's.
    pub(in crate::store) fn snapshot(
        &mut self,
        topic: Arc<Topic>,
        device: u32,
        info: SnapshotInfo,
        to: Arc<Mailbox>,
    ) -> Result<()> {
        let at = self.log(&topic);
        let pending = &self.logs[at];
        let space = &self.spaces[pending.space];
        let may_write = space.roster.as_ref().is_some_and(|it| may_write(it, device));
        let log = Some(topic.log());
        let reason = match pending.row {
            _ if !may_write => Some(NackReason::Denied),
            _ if space.bytes.saturating_add(info.bytes_len) > self.limits.space_bytes_max => {
                Some(NackReason::Quota)
            }
            Some(row) if self.head_at(at, row, info.base.seq)? == Some(info.base.head) => None,
            _ => Some(NackReason::NotFound),
        };
        if let (Some(row), None) = (pending.row, reason) {
            let mut insert = self.transaction.prepare_cached(
                "INSERT OR IGNORE INTO snapshot VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, NULL)",
            )?;
            let added = insert.execute(params![
                row,
                info.base.seq as i64,
                info.hash.0,
                info.base.head.0,
                info.bytes_len as i64,
                device,
                info.header,
                info.signature.0,
            ])?;
            let space = &mut self.spaces[self.logs[at].space];
            space.bytes += info.bytes_len * added as u64;
            space.kept_bytes += info.bytes_len as i64 * added as i64;
            let stored = ToClient::SnapshotStored { log: topic.log(), info };
            self.told.push((topic, stored.to_bytes().into()));
        } else if let Some(reason) = reason {
            self.unused_blobs.push(info.hash);
            self.answer(&to, &ToClient::Nack { log, dseq: None, reason });
        }
        Ok(())
    }

    /// The head at a place of a log, if the relay still knows it.
    fn head_at(&self, at: usize, row: i64, seq: u64) -> Result<Option<Head>> {
        let pending = &self.logs[at];
        if seq == pending.tip.seq {
            return Ok(Some(pending.tip.head));
        }
        if let Some(run) = pending.runs.iter().rev().find(|it| it.before.seq <= seq) {
            let count = (seq - run.before.seq) as usize;
            let hashes = run.hashes.get(..count).unwrap_or_default();
            return Ok(Some(hashes.iter().fold(run.before, |chain, it| chain.then(it)).head));
        }
        match read::place(&self.transaction, row, seq)? {
            read::Place::At { head, .. } => Ok(Some(head)),
            read::Place::Gone => Ok(None),
        }
    }

    /// A device vouches for a snapshot. What the confirmed snapshot *before* it stands for is then given up: one
    /// confirmed snapshot and all records after it always stay.
    pub(in crate::store) fn confirm(
        &mut self,
        topic: &Arc<Topic>,
        device: u32,
        hash: Hash,
        to: &Arc<Mailbox>,
    ) -> Result<()> {
        let at = self.log(topic);
        let reason = self.try_confirm(at, device, &hash)?;
        if let Some(reason) = reason {
            self.answer(to, &ToClient::Nack { log: Some(topic.log()), dseq: None, reason });
        }
        Ok(())
    }

    fn try_confirm(&mut self, at: usize, device: u32, hash: &Hash) -> Result<Option<NackReason>> {
        let Some(row) = self.logs[at].row else { return Ok(Some(NackReason::NotFound)) };
        let mut query = self.transaction.prepare_cached(
            "SELECT dev, confirmed_by IS NOT NULL FROM snapshot WHERE log = ?1 AND hash = ?2",
        )?;
        let mut rows = query.query(params![row, hash.0])?;
        let Some(found) = rows.next()? else { return Ok(Some(NackReason::NotFound)) };
        let (maker, is_confirmed): (u32, bool) = (found.get(0)?, found.get(1)?);
        drop(rows);
        drop(query);
        let roster = self.spaces[self.logs[at].space].roster.clone();
        let Some(roster) = roster else { return Ok(Some(NackReason::Denied)) };
        let is_alone = roster.present().count() == 1;
        let is_present = roster.device(device).is_some_and(|it| it.role().is_some());
        if !is_present || device == maker && !is_alone {
            return Ok(Some(NackReason::Denied));
        }
        if is_confirmed {
            return Ok(None);
        }
        self.transaction
            .prepare_cached("UPDATE snapshot SET confirmed_by = ?3 WHERE log = ?1 AND hash = ?2")?
            .execute(params![row, hash.0, device])?;
        self.give_up_below_confirmed(at, row)?;
        Ok(None)
    }

    /// Keeps the two newest confirmed snapshots: gives up all records up to the older one's base, and all
    /// snapshots before it.
    fn give_up_below_confirmed(&mut self, at: usize, row: i64) -> Result<()> {
        let kept: Option<i64> = self
            .transaction
            .prepare_cached(
                "SELECT MAX(base_seq) FROM snapshot WHERE log = ?1 AND confirmed_by IS NOT NULL AND base_seq <
                 (SELECT MAX(base_seq) FROM snapshot WHERE log = ?1 AND confirmed_by IS NOT NULL)",
            )?
            .query_row([row], |it| it.get(0))?;
        let Some(kept) = kept else { return Ok(()) };
        self.keep_authors(at, row)?;
        let (first, last) = (chunk_key(row, 0), chunk_key(row, kept as u64));
        let is_whole = "key BETWEEN ?1 AND ?2 AND key + count - 1 <= ?2";
        let records: i64 = self
            .transaction
            .prepare_cached(&format!(
                "SELECT TOTAL(LENGTH(records) - 4 * count) FROM chunk WHERE {is_whole}"
            ))?
            .query_row([first, last], |it| it.get::<_, f64>(0))? as i64;
        self.transaction
            .prepare_cached(&format!("DELETE FROM chunk WHERE {is_whole}"))?
            .execute([first, last])?;
        let mut query = self
            .transaction
            .prepare_cached("DELETE FROM snapshot WHERE log = ?1 AND base_seq < ?2 RETURNING hash, bytes")?;
        let gone = query.query_map([row, kept], |it| Ok((Hash(it.get(0)?), it.get::<_, i64>(1)?)))?;
        let gone = gone.collect::<rusqlite::Result<Vec<_>>>()?;
        let blobs = gone.iter().map(|it| it.1).sum::<i64>();
        self.unused_blobs.extend(gone.into_iter().map(|it| it.0));
        let space = &mut self.spaces[self.logs[at].space];
        space.kept_bytes -= blobs;
        space.bytes = space.bytes.saturating_sub((records + blobs) as u64);
        Ok(())
    }

    /// Writes down how far each device has come, which is otherwise known from its newest chunk.
    fn keep_authors(&self, at: usize, row: i64) -> Result<()> {
        let pending = &self.logs[at];
        let mut authors = pending.topic.live().authors.clone();
        authors.extend(&pending.authors);
        let mut put =
            self.transaction.prepare_cached("INSERT OR REPLACE INTO author VALUES (?1, ?2, ?3, ?4)")?;
        for (device, chain) in &authors {
            put.execute(params![row, device, chain.dseq as i64, chain.last.0])?;
        }
        Ok(())
    }
}
