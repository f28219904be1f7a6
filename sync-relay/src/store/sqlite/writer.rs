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
use std::time::Duration;

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};
use tracing::{error, info};

use super::super::job::{Job, WriterLimits};
use super::super::publish::{News, Tail};
use super::super::{QUEUE_JOBS, Writer};
use super::batch::Batch;
use super::teller::Teller;
use super::{Sqlite, StoreError};
use crate::clock::stopwatch;
use crate::hub::Topic;
use crate::metrics::Metrics;

/// Jobs in one transaction. More would make the first of them wait longer than the shared sync saves.
const BATCH_JOBS_MAX: usize = 256;

/// How often statements of what was seen are stored if nothing else is, and a failed disk is tried again.
const TICK: Duration = Duration::from_secs(1);

/// Starts the thread. To be called where the connections run.
pub(super) fn start(
    store: Arc<Sqlite>,
    conn: Connection,
    limits: WriterLimits,
    metrics: Arc<Metrics>,
    is_healthy: Arc<AtomicBool>,
) -> Result<(Writer, mpsc::Sender<Job>), StoreError> {
    let (queue, jobs) = mpsc::channel(QUEUE_JOBS);
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
        teller: Teller::new(metrics.clone()),
        metrics,
        is_healthy,
        seen: BTreeMap::new(),
    };
    let (end, ended) = oneshot::channel();
    let killed = is_killed.clone();
    std::thread::Builder::new()
        .name("writer".to_owned())
        .spawn(move || {
            desk.work(&runtime, jobs, &killed);
            // Nobody waits for it when the whole program ends.
            end.send(()).ok();
        })
        .map_err(StoreError::io(std::path::Path::new("the writer's thread")))?;
    Ok((Writer { is_killed, ended }, queue))
}

/// A statement's place: topics are told apart by their address, as they are held here.
pub(super) type SeenKey = (usize, u32);

/// What lies on the writer's desk.
struct Desk {
    store: Arc<Sqlite>,
    conn: Connection,
    limits: WriterLimits,
    metrics: Arc<Metrics>,
    is_healthy: Arc<AtomicBool>,
    tail: Tail,
    teller: Teller,
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
                self.commit(&mut jobs, &queue);
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

    fn commit(&mut self, jobs: &mut Vec<Job>, queue: &mpsc::Receiver<Job>) {
        let mut waiting = Vec::with_capacity(jobs.len());
        waiting.extend(jobs.iter().filter_map(Job::to).cloned());
        let elapsed = stopwatch();
        match self.try_commit(jobs) {
            Ok((records, news)) => {
                self.metrics.commit_seconds.observe(elapsed().as_secs_f64());
                self.metrics.commit_records.observe(records as f64);
                self.is_healthy.store(true, Ordering::Relaxed);
                self.teller.tell(news, queue.is_empty());
            }
            Err(error) => {
                error!(%error, "a commit failed; its clients will come again");
                self.is_healthy.store(false, Ordering::Relaxed);
                jobs.clear();
                waiting.iter().for_each(|it| it.fail());
            }
        }
    }

    fn try_commit(&mut self, jobs: &mut Vec<Job>) -> Result<(usize, News), StoreError> {
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
        Ok(done.publish(&mut self.tail, &self.store.blobs, &self.metrics))
    }
}
