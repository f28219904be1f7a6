//! One log that somebody has open: its tip, its newest pages, and who reads it.
//!
//! A topic is loaded once from the store and changed by the writer alone. It goes when the last connection and
//! the last job let go of it; every job is then committed, so the store says the same.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use bytes::Bytes;
use custory_wire::{Chain, DeviceChain, LogId};
use tokio::sync::OnceCell;

use super::{Board, Mailbox, Space, lock};
use crate::outlet::frame;

/// A log that somebody has open.
pub(crate) struct Topic {
    space: Arc<Space>,
    log: LogId,
    live: OnceCell<Mutex<Live>>,
    /// How often either board was written, to see without the lock that there is nothing new.
    board_writes: AtomicU64,
}

/// What the store has of a log.
pub(crate) struct TopicState {
    /// Where the store has it, once it has a record: SQLite's row, or the number of the newest message about it.
    pub(crate) mark: Option<u64>,
    /// Its newest place.
    pub(crate) tip: Chain,
    /// Bytes of all its records ever: where the next one begins.
    pub(crate) end: u64,
    /// How far each device has come.
    pub(crate) authors: BTreeMap<u32, DeviceChain>,
    /// What each device stated to have seen, as messages to send.
    pub(crate) seen: Vec<(u32, Bytes)>,
}

impl TopicState {
    /// A log without records.
    pub(crate) fn empty(log: &LogId) -> Self {
        Self { mark: None, tip: Chain::start(log), end: 0, authors: BTreeMap::new(), seen: Vec::new() }
    }
}

/// The part of a topic that changes.
pub(crate) struct Live {
    /// See [`TopicState`].
    pub(crate) mark: Option<u64>,
    /// See [`TopicState`].
    pub(crate) tip: Chain,
    /// See [`TopicState`].
    pub(crate) end: u64,
    /// See [`TopicState`].
    pub(crate) authors: BTreeMap<u32, DeviceChain>,
    /// The newest pages, oldest first, without gaps up to the tip.
    pub(crate) tail: VecDeque<Page>,
    /// Presence.
    pub(crate) presence: Board,
    /// What each device stated to have seen.
    pub(crate) seen: Board,
    /// Replaced as a whole, so that telling all of them does not keep them from looking.
    readers: Arc<Vec<Subscriber>>,
}

/// Records as one message, encoded once for all readers.
#[derive(Clone)]
pub(crate) struct Page {
    /// The number of the first record.
    pub(crate) first: u64,
    /// How many there are.
    pub(crate) count: u64,
    /// Bytes of the records, which is what credit is about.
    pub(crate) record_bytes: u64,
    /// The message.
    pub(crate) message: Bytes,
}

/// Pages that have just become durable, each with its frame for whoever needs nothing else.
pub(crate) struct Fresh {
    /// The log.
    pub(super) log: LogId,
    /// In order.
    pub(super) pages: Vec<(Page, Bytes)>,
}

/// A connection that has the log open, and its number for it.
#[derive(Clone)]
pub(crate) struct Subscriber {
    /// Where to tell of news.
    pub(crate) mailbox: Arc<Mailbox>,
    /// The connection's number for the log.
    pub(crate) slot: usize,
}

impl Topic {
    pub(super) fn new(space: Arc<Space>, log: LogId) -> Self {
        Self { space, log, live: OnceCell::new(), board_writes: AtomicU64::new(0) }
    }

    /// Loads it once, whoever comes first.
    pub(crate) async fn load<E>(&self, load: impl Future<Output = Result<TopicState, E>>) -> Result<(), E> {
        let load = async || Ok(Mutex::new(Live::new(load.await?)));
        self.live.get_or_try_init(load).await.map(|_| ())
    }

    pub(crate) fn space(&self) -> &Arc<Space> {
        &self.space
    }

    pub(crate) fn log(&self) -> LogId {
        self.log
    }

    pub(crate) fn live(&self) -> MutexGuard<'_, Live> {
        lock(self.live.get().expect("a topic is handed out only after it was loaded"))
    }

    /// Whether it was loaded.
    pub(crate) fn is_loaded(&self) -> bool {
        self.live.initialized()
    }

    /// Where the store has it; see [`TopicState`].
    pub(crate) fn mark(&self) -> Option<u64> {
        self.live().mark
    }

    /// Says what a device is doing now.
    pub(crate) fn show_presence(&self, device: u32, sealed: Bytes) {
        self.live().presence.write(device, sealed);
        self.board_writes.fetch_add(1, Ordering::Release);
    }

    /// Says what a device has seen.
    pub(crate) fn show_seen(&self, device: u32, statement: Bytes) {
        self.live().seen.write(device, statement);
        self.board_writes.fetch_add(1, Ordering::Release);
    }

    /// How often somebody said something.
    pub(crate) fn board_writes(&self) -> u64 {
        self.board_writes.load(Ordering::Acquire)
    }

    /// Adds a reader.
    pub(crate) fn subscribe(&self, reader: Subscriber) {
        Arc::make_mut(&mut self.live().readers).push(reader);
    }

    /// Takes a reader away, and what its device said of itself: whether it had said anything.
    pub(crate) fn unsubscribe(&self, mailbox: &Arc<Mailbox>, device: Option<u32>) -> bool {
        let mut live = self.live();
        Arc::make_mut(&mut live.readers).retain(|it| !Arc::ptr_eq(&it.mailbox, mailbox));
        device.is_some_and(|device| live.presence.erase(device))
    }

    /// Takes away what a device said of itself.
    pub(crate) fn hide_presence(&self, device: u32) {
        self.live().presence.erase(device);
    }

    /// Ends all connections that read it: what it says cannot be relied on any more.
    pub(crate) fn fail_all(&self) {
        self.readers().iter().for_each(|it| it.mailbox.fail());
    }

    fn readers(&self) -> Arc<Vec<Subscriber>> {
        self.live().readers.clone()
    }

    /// Tells all readers but one that there is news.
    pub(crate) fn stir(&self, except: Option<&Arc<Mailbox>>) {
        for reader in self.readers().iter() {
            if except.is_none_or(|it| !Arc::ptr_eq(it, &reader.mailbox)) {
                reader.mailbox.stir(reader.slot);
            }
        }
    }

    /// Sends fresh pages to all readers that need nothing else, one after the other, and tells the others that there
    /// is news. Returns how many records were sent.
    pub(crate) fn hand(&self, pages: Vec<Page>) -> u64 {
        let framed = pages.into_iter().map(|page| (frame(&page.message), page));
        let fresh = Fresh { log: self.log, pages: framed.map(|(frame, page)| (page, frame)).collect() };
        let readers = self.readers();
        readers.iter().map(|it| it.mailbox.hand(it.slot, &fresh, self.space.rseq())).sum()
    }

    /// How many read it.
    pub(crate) fn readers_count(&self) -> usize {
        self.live().readers.len()
    }

    /// Sends one message to all readers.
    pub(crate) fn tell_all(&self, message: &Bytes) {
        self.readers().iter().for_each(|it| it.mailbox.reply(message.clone()));
    }
}

impl Live {
    fn new(state: TopicState) -> Self {
        let mut seen = Board::default();
        state.seen.into_iter().for_each(|(device, statement)| seen.write(device, statement));
        Self {
            mark: state.mark,
            tip: state.tip,
            end: state.end,
            authors: state.authors,
            tail: VecDeque::new(),
            presence: Board::default(),
            seen,
            readers: Arc::default(),
        }
    }
}
