//! Snapshots: which are taken, when one is confirmed, and what is then given up.
//!
//! Invariant: the newest confirmed snapshot and the one before it stay, with all records after the older one's
//! base, and so does the newest message of every log: without it the fence of the next write would be gone.

use std::sync::Arc;

use custory_wire::{Hash, NackReason, SnapshotInfo, ToClient, encode};
use tracing::warn;

use super::super::job::WriterLimits;
use super::super::rules::{self, Sizes};
use super::super::{Place, StoreError};
use super::Nats;
use super::cluster::{Entry, Put, Write, trouble};
use super::layout::{LogStamp, Shelf, Shelved, value};
use crate::hub::Topic;

type Result<T> = std::result::Result<T, StoreError>;

/// Snapshots that a log has at most. Of those that nobody confirms, the oldest goes.
const SHELVED_MAX: usize = 8;

impl Nats {
    async fn read_shelf(&self, topic: &Topic) -> Result<(Shelf, u64)> {
        let address = self.address(&topic.space().id());
        match self.cluster.newest(address.partition, &address.shelf(&topic.log())).await? {
            Some(entry) => Ok((value(&entry.body)?, entry.seq)),
            None => Ok((Shelf::default(), 0)),
        }
    }

    /// Puts the shelf in place of one that was read; an error if another relay has done so in between.
    async fn write_shelf(&self, topic: &Topic, shelf: &Shelf, after: u64) -> Result<()> {
        let subject = self.address(&topic.space().id()).shelf(&topic.log());
        let (body, after) = (encode(shelf).into(), Some(after));
        match self.cluster.put(Write { subject, stamp: None, body, after, replaces: true }).await? {
            Put::Done(_) => Ok(()),
            Put::Overtaken => Err(trouble("another relay has changed the snapshots")),
        }
    }

    /// All snapshots, the furthest first.
    pub(super) async fn read_snapshots(&self, topic: &Topic) -> Result<Vec<(SnapshotInfo, bool)>> {
        let (mut shelf, _) = self.read_shelf(topic).await?;
        shelf
            .snapshots
            .sort_by_key(|it| (u64::MAX - it.info.base.seq, it.confirmed_by.is_none(), it.info.hash));
        Ok(shelf.snapshots.into_iter().map(|it| (it.info, it.confirmed_by.is_some())).collect())
    }

    /// A complete blob becomes a snapshot, if its place is one of the log's. May be tried again after an error.
    pub(super) async fn shelve(
        &self,
        limits: &WriterLimits,
        topic: &Arc<Topic>,
        device: u32,
        info: &SnapshotInfo,
    ) -> Result<Option<NackReason>> {
        let space = topic.space();
        let head = match topic.mark() {
            Some(_) => match self.find_place(topic, info.base.seq).await? {
                Place::At { head, .. } => Some(head),
                Place::Gone => None,
            },
            None => None,
        };
        let has_room = Sizes::of(space).has_room(limits, info.bytes_len);
        if let Some(reason) = rules::snapshot(space.roster().as_deref(), device, info, has_room, head) {
            return Ok(Some(reason));
        }
        let (mut shelf, after) = self.read_shelf(topic).await?;
        let mut gone = Vec::new();
        if !shelf.snapshots.iter().any(|it| it.info.hash == info.hash) {
            shelf.snapshots.push(Shelved { info: info.clone(), device, confirmed_by: None });
            while shelf.snapshots.len() > SHELVED_MAX
                && let Some(at) = shelf.snapshots.iter().position(|it| it.confirmed_by.is_none())
            {
                gone.push(shelf.snapshots.remove(at).info);
            }
            shelf.news = Some((info.hash, self.node));
            self.write_shelf(topic, &shelf, after).await?;
            space.grow(info.bytes_len as i64, 0);
        }
        self.forget_blobs(topic, &gone).await;
        topic.tell_all(&ToClient::SnapshotStored { log: topic.log(), info: info.clone() }.to_bytes().into());
        Ok(None)
    }

    /// A device vouches for a snapshot. What the confirmed snapshot *before* it stands for is then given up: one
    /// confirmed snapshot and all records after it always stay. May be tried again after an error.
    pub(super) async fn confirm(
        &self,
        topic: &Arc<Topic>,
        device: u32,
        hash: &Hash,
    ) -> Result<Option<NackReason>> {
        let (mut shelf, after) = self.read_shelf(topic).await?;
        let Some(found) = shelf.snapshots.iter_mut().find(|it| it.info.hash == *hash) else {
            return Ok(Some(NackReason::NotFound));
        };
        if !rules::may_confirm(topic.space().roster().as_deref(), device, found.device) {
            return Ok(Some(NackReason::Denied));
        }
        found.confirmed_by.get_or_insert(device);
        let mut confirmed: Vec<_> = shelf
            .snapshots
            .iter()
            .filter(|it| it.confirmed_by.is_some())
            .map(|it| it.info.base.seq)
            .collect();
        confirmed.sort_unstable();
        confirmed.dedup();
        let kept = confirmed.len().checked_sub(2).map(|at| confirmed[at]);
        let (before, given_up) = (shelf.bytes(), shelf.given_up);
        let first_kept = match kept {
            Some(kept) => self.first_kept(topic, kept).await?,
            None => None,
        };
        let (gone, stay): (Vec<_>, Vec<_>) =
            shelf.snapshots.into_iter().partition(|it| it.info.base.seq < kept.unwrap_or(0));
        let given_up_now = first_kept.as_ref().map_or(given_up, |it| it.1.max(given_up));
        shelf = Shelf { snapshots: stay, given_up: given_up_now, news: None };
        self.write_shelf(topic, &shelf, after).await?;
        topic.space().grow(shelf.bytes() as i64 - before as i64 - (given_up_now - given_up) as i64, 0);
        if let Some((seq, _)) = first_kept {
            let address = self.address(&topic.space().id());
            // Not done now, it is done with the next one.
            if let Err(error) = self.cluster.purge(address.partition, &address.log(&topic.log()), seq).await {
                warn!(%error, "records that a snapshot stands for stay a little longer");
            }
        }
        self.forget_blobs(topic, &gone.into_iter().map(|it| it.info).collect::<Vec<_>>()).await;
        Ok(None)
    }

    /// The first message that stays when records up to a number are given up, and the bytes before it. The newest
    /// one always stays.
    async fn first_kept(&self, topic: &Topic, base: u64) -> Result<Option<(u64, u64)>> {
        let Some(mark) = topic.mark() else { return Ok(None) };
        let address = self.address(&topic.space().id());
        let subject = address.log(&topic.log());
        let is_it = |entry: &Entry| Ok(entry.stamp::<LogStamp>()?.tip.seq > base || entry.seq >= mark);
        let found = self.cluster.first_where(address.partition, &subject, mark, is_it).await?;
        found.map(|entry| Ok((entry.seq, entry.stamp::<LogStamp>()?.start))).transpose()
    }

    async fn forget_blobs(&self, topic: &Topic, gone: &[SnapshotInfo]) {
        for info in gone {
            self.forget_blob(topic, &info.hash).await;
        }
    }

    /// Gives up the blob of a snapshot that was not taken, unless another one names it.
    pub(super) async fn forget_blob_if_unused(&self, topic: &Topic, hash: &Hash) {
        match self.read_shelf(topic).await {
            Ok((shelf, _)) if shelf.snapshots.iter().any(|it| it.info.hash == *hash) => {}
            Ok(_) => self.forget_blob(topic, hash).await,
            Err(error) => warn!(%error, "an unused blob stays"),
        }
    }

    async fn forget_blob(&self, topic: &Topic, hash: &Hash) {
        let address = self.address(&topic.space().id());
        if let Err(error) = self.cluster.purge_all(address.partition, &address.whole_blob(hash)).await {
            warn!(%error, "an unused blob stays");
        }
    }
}
