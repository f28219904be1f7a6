//! Does the jobs: those of one log, and those of one roster, in their order and together where they can be; those of
//! different ones at the same time, since each waits for the cluster and not for a disk of ours.
//!
//! While a message of a log is on its way, its next pushes queue up and share the next one.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use backon::Retryable;
use custory_wire::{NackReason, ToClient, encode};
use tokio::sync::{mpsc, oneshot};
use tokio::task::{Id, JoinSet};
use tokio::time::{MissedTickBehavior, interval};
use tracing::{debug, error, warn};

use super::super::job::{Job, PushJob, WriterLimits};
use super::super::publish::Answer;
use super::super::{QUEUE_JOBS, StoreError, Writer};
use super::Nats;
use super::cluster::{Put, Write, patiently, trouble};
use super::layout::{SeenMap, Statement, value};
use crate::clock::stopwatch;
use crate::hub::{Mailbox, Topic};
use crate::metrics::Metrics;

/// Jobs taken from the queue at once.
const JOBS_AT_ONCE: usize = 256;

/// Jobs that wait for others of the same log, all together. The queue stays full meanwhile.
const WAITING_MAX: usize = 2 * QUEUE_JOBS;

/// Bytes of pushes that are written together.
const TOGETHER_BYTES_MAX: usize = 256 * 1024;

/// How often statements of what was seen are kept.
const TICK: Duration = Duration::from_secs(1);

/// How often statements are tried, since losing one costs nothing.
const SEEN_TRIES: usize = 3;

/// What a lane needs.
struct Tools {
    nats: Arc<Nats>,
    limits: WriterLimits,
    metrics: Arc<Metrics>,
    is_healthy: Arc<AtomicBool>,
}

/// Starts the writer. To be called where the connections run.
pub(super) fn start(
    nats: Arc<Nats>,
    limits: WriterLimits,
    metrics: Arc<Metrics>,
    is_healthy: Arc<AtomicBool>,
) -> (Writer, mpsc::Sender<Job>) {
    let (queue, jobs) = mpsc::channel(QUEUE_JOBS);
    let is_killed = Arc::new(AtomicBool::new(false));
    let (end, ended) = oneshot::channel();
    let desk = Desk {
        tools: Arc::new(Tools { nats, limits, metrics, is_healthy }),
        lanes: HashMap::new(),
        waiting: 0,
        running: JoinSet::new(),
        names: HashMap::new(),
        seen: BTreeMap::new(),
    };
    let killed = is_killed.clone();
    tokio::spawn(async move {
        desk.work(jobs, &killed).await;
        // Nobody waits for it when the whole program ends.
        end.send(()).ok();
    });
    (Writer { is_killed, ended }, queue)
}

/// A log or a roster, by the address of what stands for it here.
type Lane = usize;

/// What waits, and what is under way.
struct Desk {
    tools: Arc<Tools>,
    /// Jobs that wait, by lane; a lane that is here is under way.
    lanes: HashMap<Lane, Vec<Job>>,
    waiting: usize,
    running: JoinSet<()>,
    names: HashMap<Id, Lane>,
    seen: BTreeMap<(Lane, u32), (Arc<Topic>, Vec<u8>)>,
}

impl Desk {
    async fn work(mut self, mut queue: mpsc::Receiver<Job>, killed: &AtomicBool) {
        let mut jobs = Vec::with_capacity(JOBS_AT_ONCE);
        let mut tick = interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut is_over = false;
        loop {
            tokio::select! {
                count = queue.recv_many(&mut jobs, JOBS_AT_ONCE), if !is_over && self.waiting < WAITING_MAX => {
                    is_over = count == 0;
                }
                Some(done) = self.running.join_next_with_id() => self.free(done),
                _ = tick.tick() => self.keep_seen(),
            }
            if killed.load(Ordering::Acquire) {
                return;
            }
            let mut idle = Vec::new();
            for job in jobs.drain(..) {
                match job {
                    Job::Seen { topic, device, statement } => {
                        self.seen.insert((Arc::as_ptr(&topic).addr(), device), (topic, statement));
                    }
                    Job::Stop => is_over = true,
                    job => idle.extend(self.place(job)),
                }
            }
            // Only now, so that jobs that came together are done together.
            idle.into_iter().for_each(|lane| self.begin(lane));
            if is_over && self.running.is_empty() {
                if self.seen.is_empty() {
                    return;
                }
                self.keep_seen();
            }
        }
    }

    /// Puts a job where it waits; says which lane has to be begun.
    fn place(&mut self, job: Job) -> Option<Lane> {
        let lane = match &job {
            Job::Push(push) => Arc::as_ptr(&push.topic).addr(),
            Job::Snapshot { topic, .. } | Job::Confirm { topic, .. } | Job::Seen { topic, .. } => {
                Arc::as_ptr(topic).addr()
            }
            Job::Roster(roster) => Arc::as_ptr(&roster.space).addr(),
            Job::Stop => return None,
        };
        self.waiting += 1;
        match self.lanes.get_mut(&lane) {
            Some(waiting) => {
                waiting.push(job);
                None
            }
            None => {
                self.lanes.insert(lane, vec![job]);
                Some(lane)
            }
        }
    }

    /// Does what waits in a lane.
    fn begin(&mut self, lane: Lane) {
        let jobs = self.lanes.get_mut(&lane).map(std::mem::take).unwrap_or_default();
        self.waiting -= jobs.len();
        let tools = self.tools.clone();
        let task = self.running.spawn(async move { tools.work(jobs).await });
        self.names.insert(task.id(), lane);
    }

    fn free(&mut self, done: Result<(Id, ()), tokio::task::JoinError>) {
        let id = match done {
            Ok((id, ())) => id,
            Err(failed) => {
                error!(error = %failed, "a write ended with a fault");
                failed.id()
            }
        };
        let Some(lane) = self.names.remove(&id) else { return };
        match self.lanes.get(&lane) {
            Some(waiting) if !waiting.is_empty() => self.begin(lane),
            _ => drop(self.lanes.remove(&lane)),
        }
    }

    fn keep_seen(&mut self) {
        let mut by_topic = BTreeMap::<Lane, (Arc<Topic>, Vec<Statement>)>::new();
        for ((lane, device), (topic, bytes)) in std::mem::take(&mut self.seen) {
            by_topic.entry(lane).or_insert_with(|| (topic, Vec::new())).1.push(Statement { device, bytes });
        }
        for (topic, statements) in by_topic.into_values() {
            let tools = self.tools.clone();
            // It has no lane: nothing waits for it.
            self.running.spawn(async move { tools.keep_seen(&topic, &statements).await });
        }
    }
}

impl Tools {
    /// Jobs of one lane, in their order; pushes in a row together.
    async fn work(&self, jobs: Vec<Job>) {
        let (mut pushes, mut bytes) = (Vec::new(), 0);
        for job in jobs {
            if let Job::Push(push) = job {
                if bytes + push.bytes > TOGETHER_BYTES_MAX {
                    self.push(std::mem::take(&mut pushes)).await;
                    bytes = 0;
                }
                bytes += push.bytes;
                pushes.push(push);
            } else {
                self.push(std::mem::take(&mut pushes)).await;
                bytes = 0;
                self.single(job).await;
            }
        }
        self.push(pushes).await;
    }

    async fn push(&self, jobs: Vec<PushJob>) {
        let Some(topic) = jobs.first().map(|it| it.topic.clone()) else { return };
        let elapsed = stopwatch();
        let result = self.patiently(|| self.nats.push(&self.limits, &topic, &jobs)).await;
        let Some(pushed) = self.note(result) else {
            jobs.iter().for_each(|job| job.to.fail());
            return;
        };
        self.metrics.commit_seconds.observe(elapsed().as_secs_f64());
        self.metrics.commit_records.observe(pushed.records as f64);
        self.metrics.records_appended.inc_by(pushed.records as u64);
        self.metrics.record_bytes_appended.inc_by(pushed.bytes);
        self.metrics.records_repeated.inc_by(pushed.repeated);
        self.metrics.pushes_refused.inc_by(pushed.refused);
        for (job, messages) in jobs.into_iter().zip(pushed.answers) {
            Answer { to: job.to, messages, bytes: job.bytes }.give();
        }
    }

    async fn single(&self, job: Job) {
        match job {
            Job::Roster(job) => {
                let result = self.patiently(|| self.nats.put_roster(&self.limits, &job)).await;
                match self.note(result) {
                    Some(answer) => answer.into_iter().for_each(Answer::give),
                    None => job.to.fail(),
                }
            }
            Job::Snapshot { topic, device, info, to } => {
                let shelve = || self.nats.shelve(&self.limits, &topic, device, &info);
                let result = self.patiently(shelve).await;
                let outcome = self.note(result);
                if let Some(Some(_)) = outcome {
                    self.nats.forget_blob_if_unused(&topic, &info.hash).await;
                }
                refuse(&topic, &to, outcome);
            }
            Job::Confirm { topic, device, hash, to } => {
                let result = self.patiently(|| self.nats.confirm(&topic, device, &hash)).await;
                refuse(&topic, &to, self.note(result));
            }
            Job::Push(_) | Job::Seen { .. } | Job::Stop => {}
        }
    }

    /// Tries for as long as a cluster may take to find a leader.
    async fn patiently<T, F: Future<Output = Result<T, StoreError>>>(
        &self,
        work: impl FnMut() -> F,
    ) -> Result<T, StoreError> {
        work.retry(patiently())
            .sleep(tokio::time::sleep)
            .when(|error| matches!(error, StoreError::Nats(_)))
            .notify(|error, wait| debug!(%error, ?wait, "a write is tried again"))
            .await
    }

    fn note<T>(&self, result: Result<T, StoreError>) -> Option<T> {
        self.is_healthy.store(result.is_ok(), Ordering::Relaxed);
        result.inspect_err(|error| error!(%error, "a write failed; its clients will come again")).ok()
    }

    async fn keep_seen(&self, topic: &Topic, statements: &[Statement]) {
        for _ in 0..SEEN_TRIES {
            match self.nats.write_seen(topic, statements).await {
                Ok(()) => return,
                Err(error) => warn!(%error, "what was seen is not kept yet"),
            }
        }
    }
}

/// Tells a client why something is not taken, or that it could not be done.
fn refuse(topic: &Topic, to: &Arc<Mailbox>, outcome: Option<Option<NackReason>>) {
    match outcome {
        Some(None) => {}
        Some(Some(reason)) => {
            Answer::new(to, &ToClient::Nack { log: Some(topic.log()), dseq: None, reason }).give();
        }
        None => to.fail(),
    }
}

impl Nats {
    /// Keeps what devices stated to have seen beside what others did.
    async fn write_seen(&self, topic: &Topic, statements: &[Statement]) -> Result<(), StoreError> {
        if topic.mark().is_none() {
            return Ok(());
        }
        let address = self.address(&topic.space().id());
        let subject = address.seen(&topic.log());
        let (mut seen, after) = match self.cluster.newest(address.partition, &subject).await? {
            Some(entry) => (value::<SeenMap>(&entry.body)?, entry.seq),
            None => (SeenMap::default(), 0),
        };
        seen.statements.retain(|it| statements.iter().all(|new| new.device != it.device));
        seen.statements.extend(statements.iter().cloned());
        let (body, after) = (encode(&seen).into(), Some(after));
        match self.cluster.put(Write { subject, stamp: None, body, after, replaces: true }).await? {
            Put::Done(_) => Ok(()),
            Put::Overtaken => Err(trouble("another relay has kept statements at the same time")),
        }
    }
}
