//! One workspace that somebody is connected to: its roster, its topics, and all its connections.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock, Weak};

use custory_wire::{ErrorCode, LogId, PublicKey, Roster, SpaceId, Standing};
use tokio::sync::OnceCell;

use super::{Mailbox, Topic, TopicState, lock};
use crate::limits::Limits;
use crate::rates::DeviceRates;

/// What the store has of a workspace.
pub(crate) struct Kept {
    /// Where the store has it: SQLite's row, or the number of the newest message with roster records.
    pub(crate) mark: u64,
    /// Its roster.
    pub(crate) roster: Roster,
    /// Keys of all invitations ever made.
    pub(crate) invitations: Vec<PublicKey>,
    /// Bytes it takes up.
    pub(crate) bytes: u64,
    /// Logs it has.
    pub(crate) logs: u32,
}

/// A workspace. The roster is missing as long as the relay does not know the workspace.
pub(crate) struct Space {
    id: SpaceId,
    loaded: OnceCell<()>,
    roster: RwLock<Option<Arc<Roster>>>,
    /// The roster's length, to see at once that it has grown.
    rseq: AtomicU32,
    mark: AtomicU64,
    bytes: AtomicU64,
    logs: AtomicU32,
    /// Logs that were made while somebody was connected, in order.
    births: Mutex<Vec<LogId>>,
    /// Keys of all invitations ever made: one that is not open any more is told so.
    invitations: Mutex<HashSet<PublicKey>>,
    members: Mutex<Vec<Weak<Mailbox>>>,
    rates: Mutex<HashMap<u32, Arc<DeviceRates>>>,
    /// A topic lives as long as a connection or a job holds it.
    topics: Mutex<HashMap<LogId, Weak<Topic>>>,
}

impl Space {
    pub(super) fn new(id: SpaceId) -> Self {
        Self {
            id,
            loaded: OnceCell::new(),
            roster: RwLock::new(None),
            rseq: AtomicU32::new(0),
            mark: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
            logs: AtomicU32::new(0),
            births: Mutex::default(),
            invitations: Mutex::default(),
            rates: Mutex::default(),
            members: Mutex::default(),
            topics: Mutex::default(),
        }
    }

    /// Loads it once, whoever comes first.
    pub(super) async fn load<E>(&self, load: impl Future<Output = Result<Option<Kept>, E>>) -> Result<(), E> {
        let load = async || {
            if let Some(kept) = load.await? {
                self.set_roster(kept.mark, Arc::new(kept.roster));
                self.set_sizes(kept.bytes, kept.logs);
                self.add_invitations(&kept.invitations);
            }
            Ok(())
        };
        self.loaded.get_or_try_init(load).await.copied()
    }

    pub(crate) fn id(&self) -> SpaceId {
        self.id
    }

    /// The roster as it was last committed.
    pub(crate) fn roster(&self) -> Option<Arc<Roster>> {
        self.roster.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How many records the roster has; 0 if the relay does not know the workspace.
    pub(crate) fn rseq(&self) -> u32 {
        self.rseq.load(Ordering::Acquire)
    }

    /// Where the store has it, once there is one; see [`Kept`].
    pub(crate) fn mark(&self) -> Option<u64> {
        match self.mark.load(Ordering::Acquire) {
            0 => None,
            mark => Some(mark),
        }
    }

    /// Bytes it takes up in the store.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    /// Logs it has in the store.
    pub(crate) fn logs(&self) -> u32 {
        self.logs.load(Ordering::Relaxed)
    }

    /// Only the writer, after the commit.
    pub(crate) fn set_roster(&self, mark: u64, roster: Arc<Roster>) {
        let rseq = roster.rseq();
        *self.roster.write().unwrap_or_else(PoisonError::into_inner) = Some(roster);
        self.mark.store(mark, Ordering::Release);
        self.rseq.store(rseq, Ordering::Release);
    }

    /// Only the writer, after the commit.
    pub(crate) fn set_sizes(&self, bytes: u64, logs: u32) {
        self.bytes.store(bytes, Ordering::Relaxed);
        self.logs.store(logs, Ordering::Relaxed);
    }

    /// Only the writer, after the commit: so many bytes and logs more, or fewer.
    pub(crate) fn grow(&self, bytes: i64, logs: u32) {
        let add = |known: u64| Some(known.saturating_add_signed(bytes));
        self.bytes.fetch_update(Ordering::Relaxed, Ordering::Relaxed, add).ok();
        self.logs.fetch_add(logs, Ordering::Relaxed);
    }

    /// Only the writer, after the commit: a log has got its first record.
    pub(crate) fn add_birth(&self, log: LogId) {
        lock(&self.births).push(log);
    }

    /// Only the writer, after the commit.
    pub(crate) fn add_invitations(&self, keys: &[PublicKey]) {
        lock(&self.invitations).extend(keys);
    }

    /// What a key is to the workspace now, or why it is nothing.
    pub(crate) fn standing(&self, key: &PublicKey) -> Result<Standing, ErrorCode> {
        let Some(roster) = self.roster() else { return Ok(Standing::Unknown) };
        if let Some((device, it)) = roster.find(key) {
            return it.role().map(|role| Standing::Member { device, role }).ok_or(ErrorCode::Removed);
        }
        if let Some((invite, _)) = roster.invites().iter().find(|(_, it)| it.key == *key) {
            return Ok(Standing::Invited { invite: *invite });
        }
        if let Some((join, _)) = roster.joins().iter().find(|(_, it)| it.sign == *key) {
            return Ok(Standing::Waiting { join: *join });
        }
        let was_invitation = lock(&self.invitations).contains(key);
        Err(if was_invitation { ErrorCode::InviteClosed } else { ErrorCode::NotAMember })
    }

    /// The rates of a device, shared by all its connections.
    pub(crate) fn rates(&self, device: u32, limits: &Limits) -> Arc<DeviceRates> {
        lock(&self.rates).entry(device).or_insert_with(|| Arc::new(DeviceRates::new(limits))).clone()
    }

    /// Logs made after the first `known` of them.
    pub(crate) fn births_after(&self, known: usize) -> Vec<LogId> {
        lock(&self.births).get(known..).unwrap_or_default().to_vec()
    }

    /// How many logs were made while somebody was connected.
    pub(crate) fn births(&self) -> usize {
        lock(&self.births).len()
    }

    /// Tells a mailbox of all news of the workspace from here on, as long as it exists.
    pub(crate) fn join(&self, mailbox: &Arc<Mailbox>) {
        let mut members = lock(&self.members);
        if members.len() == members.capacity() {
            members.retain(|it| it.strong_count() > 0);
        }
        members.push(Arc::downgrade(mailbox));
    }

    /// Tells all connections that the workspace has news.
    pub(crate) fn stir_all(&self) {
        self.members().iter().for_each(|it| it.stir_space());
    }

    /// Wakes all connections.
    pub(super) fn wake_all(&self) {
        self.members().iter().for_each(|it| it.wake());
    }

    fn members(&self) -> Vec<Arc<Mailbox>> {
        lock(&self.members).iter().filter_map(Weak::upgrade).collect()
    }

    /// The topic of a log, if somebody has it open or is about to.
    pub(crate) fn open_topic(&self, log: &LogId) -> Option<Arc<Topic>> {
        lock(&self.topics).get(log).and_then(Weak::upgrade)
    }

    /// All topics that somebody has open or is about to.
    pub(crate) fn open_topics(&self) -> Vec<Arc<Topic>> {
        lock(&self.topics).values().filter_map(Weak::upgrade).collect()
    }

    /// The topic of a log, loaded if nobody has it open.
    pub(crate) async fn topic<E>(
        self: &Arc<Self>,
        log: LogId,
        load: impl Future<Output = Result<TopicState, E>>,
    ) -> Result<Arc<Topic>, E> {
        let topic = {
            let mut topics = lock(&self.topics);
            match topics.get(&log).and_then(Weak::upgrade) {
                Some(topic) => topic,
                None => {
                    if topics.len() == topics.capacity() {
                        topics.retain(|_, it| it.strong_count() > 0);
                    }
                    let topic = Arc::new(Topic::new(self.clone(), log));
                    topics.insert(log, Arc::downgrade(&topic));
                    topic
                }
            }
        };
        topic.load(load).await?;
        Ok(topic)
    }
}
