//! What connections ask.

use std::sync::Arc;

use custory_wire::{Chain, Hash, Incarnation, LeaseName, LogId, LogTip, SnapshotInfo, encode, limits};
use tracing::debug;

use super::super::{Asked, Place, Records, Said, Spool, Store, StoreError, Upload, records};
use super::Nats;
use super::cluster::Entry;
use super::layout::{LogStamp, RosterStamp, SeenMap, Whisper, WhisperKind, value};
use crate::hub::{Kept, Space, Topic, TopicState, lock};
use crate::leases::Standing;

type Result<T> = std::result::Result<T, StoreError>;

impl Nats {
    async fn read_log(&self, space: &Space, log: LogId) -> Result<Option<TopicState>> {
        let address = self.address(&space.id());
        let (subject, seen) = (address.log(&log), address.seen(&log));
        let (newest, seen) = futures_util::try_join!(
            self.cluster.newest(address.partition, &subject),
            self.cluster.newest(address.partition, &seen)
        )?;
        let Some(newest) = newest else { return Ok(None) };
        let LogStamp { tip, end, authors, .. } = newest.stamp()?;
        let seen = match seen {
            Some(entry) => value::<SeenMap>(&entry.body)?,
            None => SeenMap::default(),
        };
        let seen = seen.statements.into_iter().map(|it| (it.device, it.bytes.into())).collect();
        Ok(Some(TopicState {
            mark: Some(newest.seq),
            tip,
            end,
            authors: authors.into_iter().collect(),
            seen,
        }))
    }

    /// A log as the store has it, empty if it does not.
    pub(super) async fn load_topic(&self, space: &Space, log: LogId) -> Result<TopicState> {
        Ok(self.read_log(space, log).await?.unwrap_or_else(|| TopicState::empty(&log)))
    }

    /// The message with the record at a number, if it is still there.
    async fn message_with(&self, topic: &Topic, seq: u64) -> Result<Option<Entry>> {
        let Some(mark) = topic.mark() else { return Ok(None) };
        let address = self.address(&topic.space().id());
        let subject = address.log(&topic.log());
        let remembered = lock(&self.room(topic.space())?.cursors).get(&(topic.log(), seq - 1)).copied();
        if let Some(at) = remembered
            && let Some(entry) = self.cluster.next(address.partition, &subject, at).await?
        {
            let stamp: LogStamp = entry.stamp()?;
            if (stamp.before.seq + 1..=stamp.tip.seq).contains(&seq) {
                return Ok(Some(entry));
            }
        }
        let is_it = |entry: &Entry| Ok(entry.stamp::<LogStamp>()?.tip.seq >= seq);
        self.cluster.first_where(address.partition, &subject, mark, is_it).await
    }

    async fn read_page(&self, topic: &Topic, after: u64, bytes_max: u64) -> Result<Option<Records>> {
        let Some(first) = self.message_with(topic, after + 1).await? else { return Ok(None) };
        let (room, address) = (self.room(topic.space())?, self.address(&topic.space().id()));
        let Some(mark) = topic.mark() else { return Ok(None) };
        let stamp: LogStamp = first.stamp()?;
        if stamp.before.seq > after {
            return Ok(None);
        }
        let mut entries = vec![first];
        if stamp.end - stamp.start < bytes_max {
            let more = (entries[0].seq + 1, mark);
            let subject = address.log(&topic.log());
            entries.extend(self.cluster.range(address.partition, &subject, more, bytes_max).await?);
        }
        let (mut found, mut bytes, mut seq) = (Vec::new(), 0_u64, stamp.before.seq);
        for entry in entries {
            // A message that did not arrive ends the page; the next one begins with it.
            if entry.stamp::<LogStamp>()?.before.seq != seq {
                break;
            }
            for record in records::split(&entry.body) {
                let record = record?;
                seq += 1;
                if seq <= after {
                    continue;
                }
                bytes += record.len() as u64;
                if !found.is_empty() && (bytes > bytes_max || found.len() >= limits::RECORDS_MAX) {
                    room.remember(topic.log(), seq - 1, entry.seq);
                    return Ok(Some(Records { first: after + 1, records: found }));
                }
                found.push(record.to_vec());
            }
        }
        Ok((!found.is_empty()).then_some(Records { first: after + 1, records: found }))
    }

    /// A place in a log, as far as its records are still there.
    pub(super) async fn find_place(&self, topic: &Topic, seq: u64) -> Result<Place> {
        let Some(entry) = self.message_with(topic, seq.max(1)).await? else {
            let start = Place::At { head: Chain::start(&topic.log()).head, end: 0 };
            return Ok(if seq == 0 { start } else { Place::Gone });
        };
        let stamp: LogStamp = entry.stamp()?;
        let (mut chain, mut end) = (stamp.before, stamp.start);
        for record in records::split(&entry.body) {
            if chain.seq >= seq {
                break;
            }
            let record = record?;
            chain = chain.then(&Hash::of(record));
            end += record.len() as u64;
        }
        Ok(if chain.seq == seq { Place::At { head: chain.head, end } } else { Place::Gone })
    }

    /// A device's record by its own number: its number in the log and its hash. `None` if it was given up.
    pub(super) async fn authored(
        &self,
        topic: &Topic,
        device: u32,
        dseq: u64,
    ) -> Result<Option<(u64, Hash)>> {
        let Some(mark) = topic.mark() else { return Ok(None) };
        let address = self.address(&topic.space().id());
        let is_it = |entry: &Entry| Ok(entry.stamp::<LogStamp>()?.dseq_of(device) >= dseq);
        let found =
            self.cluster.first_where(address.partition, &address.log(&topic.log()), mark, is_it).await?;
        let Some(entry) = found else { return Ok(None) };
        let stamp: LogStamp = entry.stamp()?;
        let Some(position) = stamp.position(device, dseq) else { return Ok(None) };
        match records::split(&entry.body).nth(position) {
            Some(record) => Ok(Some((stamp.before.seq + 1 + position as u64, Hash::of(record?)))),
            None => Ok(None),
        }
    }

    async fn read_roster(
        &self,
        space: &Space,
        after: u32,
        count_max: usize,
        bytes_max: usize,
    ) -> Result<Vec<Vec<u8>>> {
        let Some(mark) = space.mark() else { return Ok(Vec::new()) };
        let address = self.address(&space.id());
        let (partition, subject) = (address.partition, address.roster());
        let is_it = |entry: &Entry| Ok(entry.stamp::<RosterStamp>()?.last > after);
        let Some(first) = self.cluster.first_where(partition, &subject, mark, is_it).await? else {
            return Ok(Vec::new());
        };
        let mut rseq = first.stamp::<RosterStamp>()?.first - 1;
        let entries = self.cluster.range(partition, &subject, (first.seq, mark), bytes_max as u64).await?;
        let (mut found, mut bytes) = (Vec::new(), 0_usize);
        for record in entries.iter().flat_map(|it| records::split(&it.body)) {
            let record = record?;
            rseq += 1;
            if rseq <= after {
                continue;
            }
            bytes = bytes.saturating_add(record.len());
            if !found.is_empty() && (found.len() >= count_max || bytes > bytes_max) {
                break;
            }
            found.push(record.to_vec());
        }
        Ok(found)
    }
}

impl Store for Nats {
    fn incarnation(&self) -> Incarnation {
        self.incarnation
    }

    fn space<'a>(&'a self, space: &'a Arc<Space>) -> Asked<'a, Option<Kept>> {
        Box::pin(self.enter(space))
    }

    fn roster_after<'a>(
        &'a self,
        space: &'a Space,
        after: u32,
        count_max: usize,
        bytes_max: usize,
    ) -> Asked<'a, Vec<Vec<u8>>> {
        Box::pin(self.read_roster(space, after, count_max, bytes_max))
    }

    fn logs<'a>(&'a self, space: &'a Space) -> Asked<'a, Vec<LogTip>> {
        Box::pin(async { Ok(self.room(space)?.logs()) })
    }

    fn log<'a>(&'a self, space: &'a Space, log: LogId) -> Asked<'a, Option<TopicState>> {
        Box::pin(self.read_log(space, log))
    }

    fn refresh<'a>(&'a self, topic: &'a Arc<Topic>) -> Asked<'a, ()> {
        Box::pin(async {
            let address = self.address(&topic.space().id());
            self.cluster.put_surely(address.turn(), bytes::Bytes::new()).await?;
            self.catch_up(topic).await
        })
    }

    fn page<'a>(&'a self, topic: &'a Topic, after: u64, bytes_max: u64) -> Asked<'a, Option<Records>> {
        Box::pin(self.read_page(topic, after, bytes_max))
    }

    fn place<'a>(&'a self, topic: &'a Topic, seq: u64) -> Asked<'a, Place> {
        Box::pin(self.find_place(topic, seq))
    }

    fn snapshots<'a>(&'a self, topic: &'a Topic) -> Asked<'a, Vec<(SnapshotInfo, bool)>> {
        Box::pin(self.read_snapshots(topic))
    }

    fn spool(&self) -> &Spool {
        &self.spool
    }

    fn keep_blob<'a>(&'a self, space: &'a Space, upload: Upload) -> Asked<'a, ()> {
        Box::pin(self.write_blob(space, upload))
    }

    fn blob_part<'a>(
        &'a self,
        space: &'a Space,
        hash: Hash,
        offset: u64,
        length: usize,
    ) -> Asked<'a, Option<Vec<u8>>> {
        Box::pin(self.read_blob(space, hash, offset, length))
    }

    fn lease<'a>(&'a self, space: &'a Space, name: LeaseName, device: u32) -> Asked<'a, Standing> {
        Box::pin(self.ask_lease(space, name, device))
    }

    fn say(&self, topic: &Topic, device: u32, said: Said) {
        let (kind, bytes) = match said {
            Said::Presence(bytes) => (WhisperKind::Presence, bytes.to_vec()),
            Said::Gone => (WhisperKind::Gone, Vec::new()),
            Said::Seen(bytes) => (WhisperKind::Seen, bytes.to_vec()),
        };
        let whisper = Whisper { node: self.node, device, kind, bytes };
        let subject = self.address(&topic.space().id()).say(&topic.log());
        let client = self.cluster.client().clone();
        // Called where nothing may wait; what is said in passing may get lost.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                if let Err(error) = client.publish(subject, encode(&whisper).into()).await {
                    debug!(%error, "other relays do not hear this");
                }
            });
        }
    }
}
