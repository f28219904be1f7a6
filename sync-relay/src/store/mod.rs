//! Everything the relay keeps, behind one seam: [`Store`] is asked by connections, a [`Writer`] does their jobs.
//!
//! Two stores: one SQLite database and a folder of blobs ([`sqlite`]), and NATS JetStream ([`nats`]), which many
//! relays share. What is taken is decided here for both ([`rules`], [`draft`]), and what is shown afterwards
//! ([`publish`]); a store only knows how to keep it. The same tests are run on both.
//!
//! What the relay knows of a record is its header, its hash and its length; bodies are bytes. Nothing here looks at
//! a clock.
//!
//! Invariant, whatever the store: no answer and no news leaves before what it speaks of is durable.

mod draft;
mod job;
mod nats;
mod publish;
mod records;
mod rules;
mod spool;
mod sqlite;

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use custory_wire::{Hash, Head, Incarnation, LeaseName, LogId, LogTip, SnapshotInfo};
use futures_util::future::BoxFuture;
use tokio::sync::{mpsc, oneshot};
use tracing::error;

use crate::config::Config;
use crate::hub::{Kept, Space, Topic, TopicState};
use crate::identity::Identity;
use crate::leases::Standing;
use crate::metrics::Metrics;

pub(crate) use job::{Arrival, Job, PushJob, RosterJob};
pub use nats::{Complaint, backup_cluster, check_cluster, restore_cluster};
pub(crate) use spool::{Progress, Spool, Upload, sync_folder_of};
pub use sqlite::{Findings, backup, check, restore};

/// Held for as long as a relay works on a folder.
const LOCK: &str = "lock";

/// Jobs that wait for the writer; whoever brings more waits with its own connection.
const QUEUE_JOBS: usize = 512;

/// Why the store cannot do something.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database says no.
    #[error("the database: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// The NATS cluster says no, or nothing.
    #[error("NATS: {0}")]
    Nats(String),
    /// The NATS cluster could lose what was acknowledged.
    #[error("this NATS cluster could lose acknowledged edits:\n{}", list(.0))]
    Unsafe(Vec<Complaint>),
    /// The file system says no.
    #[error("{}: {source}", path.display())]
    Io {
        /// What it was about.
        path: PathBuf,
        /// What it said.
        source: io::Error,
    },
    /// A newer version of the relay has written it.
    #[error("the data has version {found}; this program knows up to {known}. Use a newer sync-relay")]
    Newer {
        /// The data's version.
        found: i64,
        /// The newest that is known here.
        known: i64,
    },
    /// Another relay works on the same folder.
    #[error("another sync-relay uses {}", .0.display())]
    InUse(PathBuf),
    /// It is not what this program has written.
    #[error("damaged: {0}")]
    Damaged(String),
}

fn list(complaints: &[Complaint]) -> String {
    let lines = complaints.iter().map(|it| format!("- {it}\n"));
    lines.chain(["Start with --allow-lossy to run all the same.".to_owned()]).collect()
}

impl StoreError {
    pub(crate) fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { path: path.to_owned(), source }
    }
}

/// Where a place in a log is, as far as the relay still has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// The head there, and the bytes of all records up to it.
    At { head: Head, end: u64 },
    /// The records after it were given up.
    Gone,
}

/// Some records in a row.
pub(crate) struct Records {
    pub(crate) first: u64,
    pub(crate) records: Vec<Vec<u8>>,
}

/// What a device says in passing, to whoever has the log open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Said {
    /// What it is doing.
    Presence(Bytes),
    /// It has gone.
    Gone,
    /// What it has seen.
    Seen(Bytes),
}

/// What a store answers.
pub(crate) type Asked<'a, T> = BoxFuture<'a, Result<T, StoreError>>;

/// What connections ask. Nothing here changes what is kept, but for a blob that no snapshot names yet.
pub(crate) trait Store: Send + Sync {
    /// This life of the store.
    fn incarnation(&self) -> Incarnation;

    /// A workspace with its folded roster, if there is one. Whoever else writes to it is followed from here on.
    fn space<'a>(&'a self, space: &'a Arc<Space>) -> Asked<'a, Option<Kept>>;

    /// Roster records after one, at most so many and so many bytes, but at least one if there is one.
    fn roster_after<'a>(
        &'a self,
        space: &'a Space,
        after: u32,
        count_max: usize,
        bytes_max: usize,
    ) -> Asked<'a, Vec<Vec<u8>>>;

    /// All logs of a workspace that have records.
    fn logs<'a>(&'a self, space: &'a Space) -> Asked<'a, Vec<LogTip>>;

    /// A log, if it has records.
    fn log<'a>(&'a self, space: &'a Space, log: LogId) -> Asked<'a, Option<TopicState>>;

    /// Makes sure that what a topic says is the newest, before somebody is told that the relay has less than they
    /// remember.
    fn refresh<'a>(&'a self, topic: &'a Arc<Topic>) -> Asked<'a, ()>;

    /// Records after a place, at most so many bytes, but at least one if there is one. `None` if they were given up.
    fn page<'a>(&'a self, topic: &'a Topic, after: u64, bytes_max: u64) -> Asked<'a, Option<Records>>;

    /// A place between a log's beginning and its tip.
    fn place<'a>(&'a self, topic: &'a Topic, seq: u64) -> Asked<'a, Place>;

    /// Snapshots of a log, the furthest first, each with whether it is confirmed.
    fn snapshots<'a>(&'a self, topic: &'a Topic) -> Asked<'a, Vec<(SnapshotInfo, bool)>>;

    /// Where blobs wait until they are complete.
    fn spool(&self) -> &Spool;

    /// Keeps a complete blob.
    fn keep_blob<'a>(&'a self, space: &'a Space, upload: Upload) -> Asked<'a, ()>;

    /// A part of a blob, shorter at its end; `None` if there is no such blob.
    fn blob_part<'a>(
        &'a self,
        space: &'a Space,
        hash: Hash,
        offset: u64,
        length: usize,
    ) -> Asked<'a, Option<Vec<u8>>>;

    /// A device asks for a lease.
    fn lease<'a>(&'a self, space: &'a Space, name: LeaseName, device: u32) -> Asked<'a, Standing>;

    /// Tells those who are connected to other relays of the same store.
    fn say(&self, topic: &Topic, device: u32, said: Said);
}

/// The writer's handle. It ends after [`Job::Stop`].
pub(crate) struct Writer {
    is_killed: Arc<AtomicBool>,
    ended: oneshot::Receiver<()>,
}

impl Writer {
    /// Forbids any further commit: what is queued is not done. As close to a crash as a writer can come.
    pub(crate) fn forbid(&self) {
        self.is_killed.store(true, Ordering::Release);
    }

    /// Waits until the queue is done; its last job must be [`Job::Stop`].
    pub(crate) async fn end(self) {
        if self.ended.await.is_err() {
            error!("the writer ended with a fault");
        }
    }
}

/// A store that is open.
pub(crate) struct Opened {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) queue: mpsc::Sender<Job>,
    pub(crate) writer: Writer,
    pub(crate) identity: Identity,
}

/// Opens the store that the settings name.
pub(crate) async fn open(
    config: &Config,
    metrics: Arc<Metrics>,
    is_healthy: Arc<AtomicBool>,
) -> Result<Opened, StoreError> {
    match &config.store {
        None => sqlite::open(config, metrics, is_healthy),
        Some(servers) => nats::open(config, servers, metrics, is_healthy).await,
    }
}

/// Does what waits for a disk where that keeps nobody else from going on.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(failed) if failed.is_panic() => std::panic::resume_unwind(failed.into_panic()),
        Err(_) => Err(StoreError::Damaged("the relay stops".to_owned())),
    }
}

/// Makes a folder that only its owner may look into: who is in which workspace is nobody else's business.
fn make_folder(folder: &Path) -> Result<(), StoreError> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(StoreError::io(folder))
}

/// A copy never replaces what is there.
fn refuse_filled(folder: &Path) -> Result<(), StoreError> {
    let is_filled = std::fs::read_dir(folder).is_ok_and(|mut it| it.next().is_some());
    if !is_filled {
        return Ok(());
    }
    let source = io::Error::new(io::ErrorKind::AlreadyExists, "this folder is not empty");
    Err(StoreError::Io { path: folder.to_owned(), source })
}

/// A new life of the store: nobody has seen it before.
fn new_incarnation() -> [u8; 16] {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).expect("the operating system gives randomness");
    bytes
}

/// Keeps other relays off a folder.
fn lock_folder(folder: &Path) -> Result<File, StoreError> {
    let path = folder.join(LOCK);
    let file = File::create(&path).map_err(StoreError::io(&path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::InUse(folder.to_owned())),
        Err(TryLockError::Error(source)) => Err(StoreError::Io { path, source }),
    }
}
