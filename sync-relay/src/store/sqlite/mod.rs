//! The store of a single relay: one SQLite database and a folder of snapshot blobs.
//!
//! One thread writes ([`writer`]), a few connections read. There is no other program beside it, so what the hub
//! knows is always what the store has.

mod batch;
mod blobs;
mod read;
mod schema;
mod teller;
mod transaction;
mod upkeep;
mod writer;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use custory_wire::{Chain, Hash, Incarnation, LeaseName, LogId, LogTip, SnapshotInfo};
use rusqlite::Connection;
use tokio::sync::Semaphore;

use super::{
    Asked, Opened, Place, Records, Said, Spool, Store, StoreError, Upload, blocking, lock_folder,
    make_folder, new_incarnation,
};
use crate::clock;
use crate::config::Config;
use crate::hub::{Kept, Space, Topic, TopicState, lock};
use crate::identity::Identity;
use crate::leases::{Leases, Standing};
use crate::metrics::Metrics;

use blobs::Blobs;
pub use upkeep::{Findings, backup, check, restore};

/// Connections that read at once. Pages come from the operating system's cache, so more would only contend.
const READERS_MAX: usize = 4;

/// The database's name in the data folder.
const DATABASE: &str = "relay.db";

/// The reading side.
struct Sqlite {
    database: PathBuf,
    readers: Mutex<Vec<Connection>>,
    turns: Semaphore,
    incarnation: Incarnation,
    spool: Spool,
    blobs: Blobs,
    leases: Leases,
    _lock: File,
}

/// Opens the store in the data folder, and starts its writer.
pub(super) fn open(
    config: &Config,
    metrics: Arc<Metrics>,
    is_healthy: Arc<AtomicBool>,
) -> Result<Opened, StoreError> {
    let is_new = !config.data_dir.join(DATABASE).exists();
    let leases_last = Duration::from_millis(config.limits.lease_millis.into());
    let (store, conn) = Sqlite::open(&config.data_dir, leases_last)?;
    let identity = Identity::open(&config.data_dir, is_new)?;
    let (writer, queue) = writer::start(store.clone(), conn, (&config.limits).into(), metrics, is_healthy)?;
    Ok(Opened { store, queue, writer, identity })
}

impl Sqlite {
    /// Opens the store in a folder, making both when there are none. Returns the one connection that writes too.
    fn open(folder: &Path, leases_last: Duration) -> Result<(Arc<Self>, Connection), StoreError> {
        make_folder(folder)?;
        let lock = lock_folder(folder)?;
        let database = folder.join(DATABASE);
        let writing = schema::open(&database, new_incarnation)?;
        let incarnation = read::incarnation(&writing)?;
        let store = Self {
            database,
            readers: Mutex::default(),
            turns: Semaphore::new(READERS_MAX),
            incarnation,
            spool: Spool::open(folder)?,
            blobs: Blobs::open(folder)?,
            leases: Leases::new(leases_last, clock::now()),
            _lock: lock,
        };
        Ok((Arc::new(store), writing))
    }

    /// Reads off the async threads. Sees everything that was committed before.
    async fn read<T: Send + 'static>(
        &self,
        query: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let _turn = self.turns.acquire().await.expect("the semaphore is never closed");
        let kept = lock(&self.readers).pop();
        let database = self.database.clone();
        let (conn, result) = blocking(move || {
            let conn = kept.map_or_else(|| schema::open_for_reading(&database), Ok)?;
            let result = query(&conn);
            Ok((conn, result))
        })
        .await?;
        lock(&self.readers).push(conn);
        result
    }
}

impl Store for Sqlite {
    fn incarnation(&self) -> Incarnation {
        self.incarnation
    }

    fn space<'a>(&'a self, space: &'a Arc<Space>) -> Asked<'a, Option<Kept>> {
        let id = space.id();
        Box::pin(self.read(move |conn| read::space(conn, &id)))
    }

    fn roster_after<'a>(
        &'a self,
        space: &'a Space,
        after: u32,
        count_max: usize,
        bytes_max: usize,
    ) -> Asked<'a, Vec<Vec<u8>>> {
        Box::pin(async move {
            let Some(row) = space.mark() else { return Ok(Vec::new()) };
            self.read(move |conn| read::roster_after(conn, row, after, count_max, bytes_max)).await
        })
    }

    fn logs<'a>(&'a self, space: &'a Space) -> Asked<'a, Vec<LogTip>> {
        Box::pin(async move {
            let Some(row) = space.mark() else { return Ok(Vec::new()) };
            self.read(move |conn| read::logs(conn, row)).await
        })
    }

    fn log<'a>(&'a self, space: &'a Space, log: LogId) -> Asked<'a, Option<TopicState>> {
        Box::pin(async move {
            let Some(row) = space.mark() else { return Ok(None) };
            self.read(move |conn| read::log(conn, row, &log)).await
        })
    }

    fn refresh<'a>(&'a self, _topic: &'a Arc<Topic>) -> Asked<'a, ()> {
        Box::pin(std::future::ready(Ok(())))
    }

    fn page<'a>(&'a self, topic: &'a Topic, after: u64, bytes_max: u64) -> Asked<'a, Option<Records>> {
        Box::pin(async move {
            let Some(row) = topic.mark() else { return Ok(None) };
            self.read(move |conn| read::page(conn, row, after, bytes_max)).await
        })
    }

    fn place<'a>(&'a self, topic: &'a Topic, seq: u64) -> Asked<'a, Place> {
        Box::pin(async move {
            let Some(row) = topic.mark() else {
                let start = Place::At { head: Chain::start(&topic.log()).head, end: 0 };
                return Ok(if seq == 0 { start } else { Place::Gone });
            };
            self.read(move |conn| read::place(conn, row, seq)).await
        })
    }

    fn snapshots<'a>(&'a self, topic: &'a Topic) -> Asked<'a, Vec<(SnapshotInfo, bool)>> {
        Box::pin(async move {
            let Some(row) = topic.mark() else { return Ok(Vec::new()) };
            self.read(move |conn| read::snapshots(conn, row)).await
        })
    }

    fn spool(&self) -> &Spool {
        &self.spool
    }

    fn keep_blob<'a>(&'a self, _space: &'a Space, upload: Upload) -> Asked<'a, ()> {
        let blobs = self.blobs.clone();
        Box::pin(blocking(move || blobs.keep(&upload)))
    }

    fn blob_part<'a>(
        &'a self,
        _space: &'a Space,
        hash: Hash,
        offset: u64,
        length: usize,
    ) -> Asked<'a, Option<Vec<u8>>> {
        let blobs = self.blobs.clone();
        Box::pin(blocking(move || blobs.part(&hash, offset, length)))
    }

    fn lease<'a>(&'a self, space: &'a Space, name: LeaseName, device: u32) -> Asked<'a, Standing> {
        Box::pin(std::future::ready(Ok(self.leases.ask(space.id(), name, device, clock::now()))))
    }

    fn say(&self, _topic: &Topic, _device: u32, _said: Said) {}
}
