//! Snapshots: which are taken, when one is confirmed, and what is then given up.
//!
//! Invariant: the newest confirmed snapshot and the one before it stay, with all records after the older one's
//! base. Nothing is ever given up for a snapshot that no one has confirmed.

use std::sync::Arc;

use custory_wire::{Hash, Head, NackReason, SnapshotInfo, ToClient};
use rusqlite::params;

use super::super::super::Place;
use super::super::super::rules;
use super::{Batch, Result, chunk_key, read};
use crate::hub::{Mailbox, Topic};

impl Batch<'_> {
    /// A complete blob becomes a snapshot, if its place is one of the log's.
    pub(in super::super) fn snapshot(
        &mut self,
        topic: Arc<Topic>,
        device: u32,
        info: SnapshotInfo,
        to: Arc<Mailbox>,
    ) -> Result<()> {
        let at = self.log(&topic);
        let log = Some(topic.log());
        let head = self.head_at(at, info.base.seq)?;
        let space = &self.spaces[self.logs[at].space];
        let has_room = space.sizes.has_room(self.limits, info.bytes_len);
        let reason = rules::snapshot(space.roster.as_deref(), device, &info, has_room, head);
        if let (Some(row), None) = (self.logs[at].draft.mark, reason) {
            let mut insert = self.transaction.prepare_cached(
                "INSERT OR IGNORE INTO snapshot VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, NULL)",
            )?;
            let added = insert.execute(params![
                row as i64,
                info.base.seq as i64,
                info.hash.0,
                info.base.head.0,
                info.bytes_len as i64,
                device,
                info.header,
                info.signature.0,
            ])?;
            let space = &mut self.spaces[self.logs[at].space];
            space.sizes.bytes += info.bytes_len * added as u64;
            space.kept_bytes += info.bytes_len as i64 * added as i64;
            let stored = ToClient::SnapshotStored { log: topic.log(), info };
            self.told.push((topic, stored.to_bytes().into()));
        } else if let Some(reason) = reason {
            self.unused_blobs.push(info.hash);
            self.answer(&to, &ToClient::Nack { log, dseq: None, reason });
        }
        Ok(())
    }

    /// The head at a place of a log that has records, if the relay still knows it.
    fn head_at(&self, at: usize, seq: u64) -> Result<Option<Head>> {
        let draft = &self.logs[at].draft;
        let Some(row) = draft.mark else { return Ok(None) };
        if let Some(place) = draft.place(seq) {
            return Ok(Some(place.head));
        }
        match read::place(&self.transaction, row, seq)? {
            Place::At { head, .. } => Ok(Some(head)),
            Place::Gone => Ok(None),
        }
    }

    /// A device vouches for a snapshot. What the confirmed snapshot *before* it stands for is then given up: one
    /// confirmed snapshot and all records after it always stay.
    pub(in super::super) fn confirm(
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
        let Some(row) = self.logs[at].draft.mark else { return Ok(Some(NackReason::NotFound)) };
        let row = row as i64;
        let mut query = self.transaction.prepare_cached(
            "SELECT dev, confirmed_by IS NOT NULL FROM snapshot WHERE log = ?1 AND hash = ?2",
        )?;
        let mut rows = query.query(params![row, hash.0])?;
        let Some(found) = rows.next()? else { return Ok(Some(NackReason::NotFound)) };
        let (maker, is_confirmed): (u32, bool) = (found.get(0)?, found.get(1)?);
        drop(rows);
        drop(query);
        let roster = self.spaces[self.logs[at].space].roster.as_deref();
        if !rules::may_confirm(roster, device, maker) {
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
        space.sizes.bytes = space.sizes.bytes.saturating_sub((records + blobs) as u64);
        Ok(())
    }

    /// Writes down how far each device has come, which is otherwise known from its newest chunk.
    fn keep_authors(&self, at: usize, row: i64) -> Result<()> {
        let draft = &self.logs[at].draft;
        let mut authors = draft.topic.live().authors.clone();
        authors.extend(&draft.authors);
        let mut put =
            self.transaction.prepare_cached("INSERT OR REPLACE INTO author VALUES (?1, ?2, ?3, ?4)")?;
        for (device, chain) in &authors {
            put.execute(params![row, device, chain.dseq as i64, chain.last.0])?;
        }
        Ok(())
    }
}
