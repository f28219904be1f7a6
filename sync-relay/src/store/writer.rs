//! The one thread that writes: takes jobs as they queue up, does them in one transaction, and answers after the
//! commit is on the disk.
//!
//! Group commit without waiting: while one transaction is being synced the next jobs queue up, so a busy relay
//! shares a sync among hundreds of records and an idle one answers at once.
//!
//! Invariant: no answer and no news leaves before its commit returned. If a commit fails, nothing of it has
//! happened: every connection in it is ended, and its client comes again with what was not answered.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use custory_wire::{Hash, Head, NackReason, SnapshotInfo};
use rusqlite::Connection;
use tokio::sync::{OwnedSemaphorePermit, mpsc};
use tracing::{error, info};

use super::batch::{Batch, News, Tail};
use super::{Store, StoreError};
use crate::clock::stopwatch;
use crate::hub::{Mailbox, Space, Topic};
use crate::limits::Limits;
use crate::metrics::Metrics;

/// Jobs in one transaction. More would make the first of them wait longer than the shared sync saves.
const BATCH_JOBS_MAX: usize = 256;

/// Jobs that wait for the writer; whoever brings more waits with its own connection.
const QUEUE_JOBS: usize = 512;

/// Commits whose news wait to be told; the writer then waits as well.
const NEWS_KEPT: usize = 64;

/// How often statements of what was seen are stored if nothing else is, and a failed disk is tried again.
const TICK: Duration = Duration::from_secs(1);

/// A record on its way in: parsed and hashed by its connection, not yet judged.
pub(crate) struct Arrival {
    pub(crate) dseq: u64,
    pub(crate) prev: Head,
    pub(crate) rseq: u32,
    pub(crate) rhead: Head,
    pub(crate) epoch: u32,
    pub(crate) hash: Hash,
    pub(crate) bytes: Vec<u8>,
}

/// Records of one push.
pub(crate) struct PushJob {
    pub(crate) topic: Arc<Topic>,
    pub(crate) device: u32,
    pub(crate) records: Vec<Arrival>,
    /// What is wrong with the record after these, if one was left out.
    pub(crate) rest: Option<(Option<u64>, NackReason)>,
    /// Bytes of the push, given back to the connection with the answer.
    pub(crate) bytes: usize,
    /// Its part of the memory that all pushes share.
    pub(crate) permit: OwnedSemaphorePermit,
    pub(crate) to: Arc<Mailbox>,
}

/// Roster records that somebody brings.
pub(crate) struct RosterJob {
    pub(crate) space: Arc<Space>,
    pub(crate) records: Vec<Vec<u8>>,
    /// Whether the workspace may be made if it is not known.
    pub(crate) may_create: bool,
    /// Only a request to join by this invitation is taken.
    pub(crate) only_join: Option<u32>,
    pub(crate) to: Arc<Mailbox>,
}

/// What the writer is asked to do.
pub(crate) enum Job {
    Push(PushJob),
    Roster(RosterJob),
    /// A complete blob becomes a snapshot.
    Snapshot {
        topic: Arc<Topic>,
        device: u32,
        info: SnapshotInfo,
        to: Arc<Mailbox>,
    },
    /// A device vouches for a snapshot.
    Confirm {
        topic: Arc<Topic>,
        device: u32,
        hash: Hash,
        to: Arc<Mailbox>,
    },
    /// A device states what it has seen. Kept with the next commit; losing one costs nothing.
    Seen {
        topic: Arc<Topic>,
        device: u32,
        statement: Vec<u8>,
    },
    /// The last one: the thread ends after it.
    Stop,
}

/// What the writer has to know of the host's limits.
#[derive(Clone, Debug)]
pub(crate) struct WriterLimits {
    pub(crate) space_bytes_max: u64,
    pub(crate) space_logs_max: u32,
    pub(crate) spaces_max: u32,
    pub(crate) tail_bytes_max: usize,
}

impl From<&Limits> for WriterLimits {
    fn from(limits: &Limits) -> Self {
        Self {
            space_bytes_max: limits.workspace_bytes_max,
            space_logs_max: limits.workspace_logs_max,
            spaces_max: limits.workspaces_max,
            tail_bytes_max: limits.tail_bytes_max,
        }
    }
}

/// The writer's handle. The thread ends after [`Job::Stop`].
pub(crate) struct Writer {
    thread: JoinHandle<()>,
    is_killed: Arc<AtomicBool>,
}

impl Writer {
    /// Starts the thread. To be called where the connections run.
    pub(crate) fn start(
        store: Arc<Store>,
        conn: Connection,
        limits: WriterLimits,
        metrics: Arc<Metrics>,
        is_healthy: Arc<AtomicBool>,
    ) -> Result<(Self, mpsc::Sender<Job>), StoreError> {
        let (queue, jobs) = mpsc::channel(QUEUE_JOBS);
        let (news, mut told) = mpsc::channel::<News>(NEWS_KEPT);
        // One task, so that answers keep the order of the commits.
        tokio::spawn(async move {
            while let Some(news) = told.recv().await {
                news.tell();
            }
        });
        let is_killed = Arc::new(AtomicBool::new(false));
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .map_err(StoreError::io(&store.database))?;
        let desk = Desk {
            store,
            conn,
            tail: Tail::new(limits.tail_bytes_max),
            limits,
            metrics,
            is_healthy,
            news,
            seen: BTreeMap::new(),
        };
        let killed = is_killed.clone();
        let thread = std::thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || desk.work(&runtime, jobs, &killed))
            .map_err(StoreError::io(std::path::Path::new("the writer's thread")))?;
        Ok((Self { thread, is_killed }, queue))
    }

    /// Forbids any further commit: what is queued is not done. As close to a crash as a thread can come.
    pub(crate) fn forbid(&self) {
        self.is_killed.store(true, Ordering::Release);
    }

    /// Waits until the queue is done; its last job must be [`Job::Stop`].
    pub(crate) fn join(self) {
        if self.thread.join().is_err() {
            error!("the writer ended with a fault");
        }
    }
}

/// A statement's place: topics are told apart by their address, as they are held here.
pub(super) type SeenKey = (usize, u32);

/// What lies on the writer's desk.
struct Desk {
    store: Arc<Store>,
    conn: Connection,
    limits: WriterLimits,
    metrics: Arc<Metrics>,
    is_healthy: Arc<AtomicBool>,
    tail: Tail,
    /// To a task that runs where the connections do: waking a neighbour is cheap, waking another thread for each
    /// of a hundred readers is not.
    news: mpsc::Sender<News>,
    seen: BTreeMap<SeenKey, (Arc<Topic>, Vec<u8>)>,
}

impl Desk {
    fn work(
        mut self,
        runtime: &tokio::runtime::Runtime,
        mut queue: mpsc::Receiver<Job>,
        killed: &AtomicBool,
    ) {
        let mut jobs = Vec::with_capacity(BATCH_JOBS_MAX);
        loop {
            let next = async { tokio::time::timeout(TICK, queue.recv_many(&mut jobs, BATCH_JOBS_MAX)).await };
            let is_closed = matches!(runtime.block_on(next), Ok(0));
            let is_over = is_closed || jobs.iter().any(|it| matches!(it, Job::Stop));
            if killed.load(Ordering::Acquire) {
                return;
            }
            if !jobs.is_empty() || !self.seen.is_empty() || !self.is_healthy.load(Ordering::Relaxed) {
                self.commit(&mut jobs);
            }
            if is_over {
                // Leaves one file behind; a crash leaves two, which is as good.
                if let Err(error) = self.conn.pragma_update(None, "wal_checkpoint", "TRUNCATE") {
                    info!(%error, "the log stays beside the database");
                }
                return;
            }
        }
    }

    fn commit(&mut self, jobs: &mut Vec<Job>) {
        let mut waiting = Vec::with_capacity(jobs.len());
        waiting.extend(jobs.iter().filter_map(Job::to).cloned());
        let elapsed = stopwatch();
        match self.try_commit(jobs) {
            Ok(records) => {
                self.metrics.commit_seconds.observe(elapsed().as_secs_f64());
                self.metrics.commit_records.observe(records as f64);
                self.is_healthy.store(true, Ordering::Relaxed);
            }
            Err(error) => {
                error!(%error, "a commit failed; its clients will come again");
                self.is_healthy.store(false, Ordering::Relaxed);
                jobs.clear();
                waiting.iter().for_each(|it| it.fail());
            }
        }
    }

    fn try_commit(&mut self, jobs: &mut Vec<Job>) -> Result<usize, StoreError> {
        let mut batch = Batch::begin(&mut self.conn, &self.limits)?;
        if !self.is_healthy.load(Ordering::Relaxed) {
            batch.touch()?;
        }
        for job in jobs.drain(..) {
            match job {
                Job::Push(push) => batch.push(push)?,
                Job::Roster(roster) => batch.roster(roster)?,
                Job::Snapshot { topic, device, info, to } => batch.snapshot(topic, device, info, to)?,
                Job::Confirm { topic, device, hash, to } => batch.confirm(&topic, device, hash, &to)?,
                Job::Seen { topic, device, statement } => {
                    self.seen.insert((Arc::as_ptr(&topic).addr(), device), (topic, statement));
                }
                Job::Stop => {}
            }
        }
        batch.seen(&self.seen)?;
        let done = batch.commit()?;
        self.seen.clear();
        let (records, news) = done.publish(&mut self.tail, self.store.blobs(), &self.metrics);
        // Nobody is there to hear it only when the whole program ends.
        self.news.blocking_send(news).ok();
        Ok(records)
    }
}

impl Job {
    fn to(&self) -> Option<&Arc<Mailbox>> {
        match self {
            Self::Push(push) => Some(&push.to),
            Self::Roster(roster) => Some(&roster.to),
            Self::Snapshot { to, .. } | Self::Confirm { to, .. } => Some(to),
            Self::Seen { .. } | Self::Stop => None,
        }
    }
}
