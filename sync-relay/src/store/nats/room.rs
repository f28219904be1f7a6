//! A workspace that this relay's clients are connected to: listens to what other relays write and say about it.
//!
//! Everything that arrives is shown only if it is newer than what is known, so hearing something twice, or hearing
//! one's own, does nothing. Nothing rests on hearing everything: a log's message says where the log stands, and a
//! relay that missed one before it gives its readers the rest from the store.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

use async_nats::Subscriber;
use custory_wire::{Chain, LogId, LogTip, Roster, ToClient};
use futures_util::{StreamExt, TryStreamExt, stream};
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval};
use tracing::warn;

use super::super::publish::{Written, show};
use super::super::{StoreError, records, rules};
use super::Nats;
use super::cluster::{Entry, trouble};
use super::layout::{About, LogStamp, RosterStamp, Shelf, Whisper, WhisperKind, value};
use crate::hub::{Kept, Space, Topic, lock};

type Result<T> = std::result::Result<T, StoreError>;

/// How often a relay looks whether it has missed something.
pub(super) const POLL: Duration = Duration::from_secs(20);

/// Logs looked at together while a workspace is loaded.
const LOOKED_AT_ONCE: usize = 32;

/// Places remembered, so that a reader who goes on is not searched for anew.
const CURSORS_MAX: usize = 1_024;

/// What a relay knows of a workspace beside what its hub does.
pub(super) struct Room {
    space: Weak<Space>,
    /// Where each log stands, and the bytes of all its records.
    tips: Mutex<HashMap<LogId, (Chain, u64)>>,
    /// The message in which a reader at a place goes on.
    pub(super) cursors: Mutex<HashMap<(LogId, u64), u64>>,
    /// One at a time reads the roster.
    roster_turn: tokio::sync::Mutex<()>,
}

impl Room {
    /// Notes where a log stands. Of something new, how many bytes it is and whether the log is.
    fn note(&self, log: LogId, tip: Chain, end: u64) -> Option<(u64, bool)> {
        let mut tips = lock(&self.tips);
        let known = tips.get(&log).copied();
        if known.is_some_and(|(known, _)| tip.seq <= known.seq) {
            return None;
        }
        tips.insert(log, (tip, end));
        Some((end.saturating_sub(known.map_or(0, |it| it.1)), known.is_none()))
    }

    pub(super) fn logs(&self) -> Vec<LogTip> {
        let mut logs: Vec<_> =
            lock(&self.tips).iter().map(|(log, (tip, _))| LogTip { log: *log, tip: *tip }).collect();
        logs.sort_by_key(|it| it.log);
        logs
    }

    /// Remembers in which message a reader at a place goes on.
    pub(super) fn remember(&self, log: LogId, after: u64, message: u64) {
        let mut cursors = lock(&self.cursors);
        if cursors.len() >= CURSORS_MAX {
            cursors.clear();
        }
        cursors.insert((log, after), message);
    }
}

impl Nats {
    /// The room of a workspace; made by loading the workspace.
    pub(super) fn room(&self, space: &Space) -> Result<Arc<Room>> {
        let room = lock(&self.rooms).get(&space.id()).cloned();
        room.ok_or_else(|| trouble("a workspace was not loaded"))
    }

    /// Listens to a workspace from now on, and reads what there is of it.
    pub(super) async fn enter(&self, space: &Arc<Space>) -> Result<Option<Kept>> {
        let address = self.address(&space.id());
        let client = self.cluster.client();
        let live = client.subscribe(address.live()).await.map_err(trouble)?;
        let said = client.subscribe(address.all_said()).await.map_err(trouble)?;
        // From here on nothing is missed.
        client.flush().await.map_err(trouble)?;
        let room = Arc::new(Room {
            space: Arc::downgrade(space),
            tips: Mutex::default(),
            cursors: Mutex::default(),
            roster_turn: tokio::sync::Mutex::default(),
        });
        let kept = self.load(space, &room).await?;
        lock(&self.rooms).insert(space.id(), room.clone());
        tokio::spawn(follow(self.me.clone(), room, live, said, self.cluster.connected()));
        Ok(kept)
    }

    async fn load(&self, space: &Arc<Space>, room: &Room) -> Result<Option<Kept>> {
        let address = self.address(&space.id());
        let (partition, roster) = (address.partition, address.roster());
        let Some(newest) = self.cluster.newest(partition, &roster).await? else { return Ok(None) };
        let mark = newest.seq;
        let entries = self.cluster.range(partition, &roster, (1, mark), u64::MAX).await?;
        let Some(Folded { roster, invitations, mut bytes }) = fold(None, &entries)? else { return Ok(None) };
        let subjects = self.cluster.subjects(partition, &address.all_but_blobs()).await?;
        let looks = subjects.into_iter().filter(|it| !matches!(About::of(it), About::Roster | About::Other));
        let looks = looks.map(|subject| async move { self.cluster.newest(partition, &subject).await });
        let found: Vec<Option<Entry>> =
            stream::iter(looks).buffer_unordered(LOOKED_AT_ONCE).try_collect().await?;
        for entry in found.into_iter().flatten() {
            match About::of(&entry.subject) {
                About::Log(log) => {
                    let stamp: LogStamp = entry.stamp()?;
                    bytes += stamp.end;
                    room.note(log, stamp.tip, stamp.end);
                }
                About::Shelf(_) => {
                    let shelf: Shelf = value(&entry.body)?;
                    bytes = (bytes + shelf.bytes()).saturating_sub(shelf.given_up);
                }
                About::Roster | About::Other => {}
            }
        }
        let logs = lock(&room.tips).len() as u32;
        Ok(Some(Kept { mark, roster, invitations, bytes, logs }))
    }

    /// Reads what the roster has got since, whoever wrote it.
    pub(super) async fn refresh_roster(&self, space: &Arc<Space>) -> Result<()> {
        let room = self.room(space)?;
        let _turn = room.roster_turn.lock().await;
        let address = self.address(&space.id());
        let (partition, subject) = (address.partition, address.roster());
        let known = space.mark().unwrap_or(0);
        let Some(newest) = self.cluster.newest(partition, &subject).await? else { return Ok(()) };
        if newest.seq <= known {
            return Ok(());
        }
        let entries = self.cluster.range(partition, &subject, (known + 1, newest.seq), u64::MAX).await?;
        let before = space.roster();
        if let Some(folded) = fold(before.as_deref(), &entries)? {
            space.add_invitations(&folded.invitations);
            space.grow(folded.bytes as i64, 0);
            space.set_roster(newest.seq, Arc::new(folded.roster));
            space.stir_all();
        }
        Ok(())
    }

    /// Shows what a message says about a log: to its workspace, and to its readers here.
    pub(super) async fn hear_log(&self, space: &Arc<Space>, log: LogId, entry: Entry) -> Result<()> {
        let stamp: LogStamp = entry.stamp()?;
        // First of all the roster that these records name: a removal before them counts.
        if stamp.rseq > space.rseq() {
            self.refresh_roster(space).await?;
        }
        if let Some((bytes, is_new)) = self.room(space)?.note(log, stamp.tip, stamp.end) {
            space.grow(bytes as i64, u32::from(is_new));
            if is_new {
                space.add_birth(log);
                space.stir_all();
            }
        }
        let Some(topic) = space.open_topic(&log) else { return Ok(()) };
        // Whoever is just loading it may have looked before this was written.
        topic.load(self.load_topic(space, log)).await?;
        let records = records::split(&entry.body).map(|it| Ok(it?.to_vec())).collect::<Result<_>>()?;
        let LogStamp { before, tip, end, authors, .. } = stamp;
        let written = Written { mark: entry.seq, before, tip, end, authors, records };
        let pages = {
            let mut tail = lock(&self.tail);
            let pages = show(&topic, written, &mut tail);
            tail.trim();
            pages
        };
        if let Some(pages) = pages {
            self.metrics.records_delivered.inc_by(topic.hand(pages));
        }
        Ok(())
    }

    /// Looks at the newest message of a log. If the cluster has less than it has shown, it has lost something: then
    /// whoever reads the log has to begin anew, and brings it back.
    pub(super) async fn catch_up(&self, topic: &Arc<Topic>) -> Result<()> {
        let (space, log) = (topic.space(), topic.log());
        let address = self.address(&space.id());
        let subject = address.log(&log);
        for is_certain in [false, true] {
            if is_certain {
                // Whoever can write is the leader, whatever another still takes itself for.
                self.cluster.put_surely(address.turn(), bytes::Bytes::new()).await?;
            }
            let newest = self.cluster.newest(address.partition, &subject).await?;
            let shown = topic.live().tip;
            let found = match &newest {
                Some(entry) => entry.stamp::<LogStamp>()?.tip,
                None => Chain::start(&log),
            };
            if found.seq > shown.seq || found == shown {
                if let Some(entry) = newest {
                    self.hear_log(space, log, entry).await?;
                }
                return Ok(());
            }
        }
        warn!("the cluster has lost records; clients bring them back");
        lock(&self.room(space)?.tips).remove(&log);
        topic.fail_all();
        Err(trouble("the cluster has lost records"))
    }

    /// Looks whether anything was missed.
    async fn look_again(&self, space: &Arc<Space>) -> Result<()> {
        self.refresh_roster(space).await?;
        for topic in space.open_topics().into_iter().filter(|it| it.is_loaded()) {
            self.catch_up(&topic).await?;
        }
        Ok(())
    }

    async fn hear(&self, room: &Room, space: &Arc<Space>, message: async_nats::Message) -> Result<()> {
        let Some(entry) = Entry::of_live(message) else { return Ok(()) };
        match About::of(&entry.subject) {
            About::Roster => {
                let stamp: RosterStamp = entry.stamp()?;
                if stamp.last > space.rseq() { self.refresh_roster(space).await } else { Ok(()) }
            }
            About::Log(log) => {
                let is_known = lock(&room.tips).get(&log).is_some_and(|(tip, _)| {
                    entry.stamp::<LogStamp>().is_ok_and(|stamp| stamp.tip.seq <= tip.seq)
                });
                // Also of what is known: its readers may not have it yet.
                if is_known && space.open_topic(&log).is_none() {
                    return Ok(());
                }
                self.hear_log(space, log, entry).await
            }
            About::Shelf(log) => {
                let shelf: Shelf = value(&entry.body)?;
                let Some((hash, _)) = shelf.news.filter(|(_, node)| *node != self.node) else {
                    return Ok(());
                };
                let stored = shelf.snapshots.into_iter().map(|it| it.info).find(|it| it.hash == hash);
                if let (Some(info), Some(topic)) =
                    (stored, space.open_topic(&log).filter(|it| it.is_loaded()))
                {
                    topic.tell_all(&ToClient::SnapshotStored { log, info }.to_bytes().into());
                }
                Ok(())
            }
            About::Other => Ok(()),
        }
    }

    fn overhear(&self, space: &Space, message: &async_nats::Message) -> Result<()> {
        let log = message.subject.rsplit('.').next().and_then(|it| it.parse::<LogId>().ok());
        let whisper: Whisper = value(&message.payload)?;
        if whisper.node == self.node {
            return Ok(());
        }
        let topic = log.and_then(|log| space.open_topic(&log)).filter(|it| it.is_loaded());
        let Some(topic) = topic else { return Ok(()) };
        match whisper.kind {
            WhisperKind::Presence => topic.show_presence(whisper.device, whisper.bytes.into()),
            WhisperKind::Seen => topic.show_seen(whisper.device, whisper.bytes.into()),
            WhisperKind::Gone => {
                topic.hide_presence(whisper.device);
                return Ok(());
            }
        }
        topic.stir(None);
        Ok(())
    }
}

/// Listens for as long as somebody is connected to the workspace.
async fn follow(
    nats: Weak<Nats>,
    room: Arc<Room>,
    mut live: Subscriber,
    mut said: Subscriber,
    mut connected: watch::Receiver<u64>,
) {
    let mut poll = interval(POLL);
    poll.set_missed_tick_behavior(MissedTickBehavior::Delay);
    poll.reset();
    connected.mark_unchanged();
    loop {
        enum Heard {
            Live(async_nats::Message),
            Said(async_nats::Message),
            Perhaps,
        }
        let heard = tokio::select! {
            biased;
            message = live.next() => message.map(Heard::Live),
            message = said.next() => message.map(Heard::Said),
            changed = connected.changed() => changed.ok().map(|()| Heard::Perhaps),
            _ = poll.tick() => Some(Heard::Perhaps),
        };
        let (Some(heard), Some(nats)) = (heard, nats.upgrade()) else { return };
        let Some(space) = room.space.upgrade() else {
            let mut rooms = lock(&nats.rooms);
            rooms.retain(|_, it| !Arc::ptr_eq(it, &room));
            return;
        };
        let result = match heard {
            Heard::Live(message) => nats.hear(&room, &space, message).await,
            Heard::Said(message) => nats.overhear(&space, &message),
            Heard::Perhaps => nats.look_again(&space).await,
        };
        if let Err(error) = result {
            warn!(%error, "what another relay wrote could not be followed; it is looked for again");
        }
    }
}

/// A roster with more records, keys of invitations among them, and their bytes.
struct Folded {
    roster: Roster,
    invitations: Vec<custory_wire::PublicKey>,
    bytes: u64,
}

fn fold(before: Option<&Roster>, entries: &[Entry]) -> Result<Option<Folded>> {
    let damaged = |error| StoreError::Damaged(format!("a roster does not hold: {error}"));
    let (mut roster, mut invitations, mut bytes) = (before.cloned(), Vec::new(), 0);
    for record in entries.iter().flat_map(|it| records::split(&it.body)) {
        let record = record?;
        bytes += record.len() as u64;
        match &mut roster {
            None => roster = Some(Roster::begin(record).map_err(damaged)?),
            Some(roster) => {
                let body = roster.apply(record).map_err(damaged)?;
                invitations.extend(rules::invitation(&body.action));
            }
        }
    }
    Ok(roster.map(|roster| Folded { roster, invitations, bytes }))
}
