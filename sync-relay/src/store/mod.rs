//! Everything the relay keeps: one SQLite database and a folder of snapshot blobs.
//!
//! One thread writes ([`writer`]), a few connections read. What the relay knows of a record is its header, its
//! hash and its length; bodies are bytes. Nothing here looks at a clock.

mod batch;
mod blobs;
pub(crate) mod read;
mod records;
mod schema;
mod upkeep;
mod writer;

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use custory_wire::Incarnation;
use rusqlite::Connection;
use tokio::sync::Semaphore;

use crate::hub::lock;

pub(crate) use blobs::{Blobs, Progress, Upload, sync_folder_of};
pub(crate) use read::{LogRow, Place, Records};
pub use upkeep::{Findings, backup, check, restore};
pub(crate) use writer::{Arrival, Job, PushJob, RosterJob, Writer};

/// Connections that read at once. Pages come from the operating system's cache, so more would only contend.
const READERS_MAX: usize = 4;

/// The database's name in the data folder.
pub(crate) const DATABASE: &str = "relay.db";

/// Held for as long as a relay works on the folder.
const LOCK: &str = "lock";

/// Why the store cannot do something.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database says no.
    #[error("the database: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// The file system says no.
    #[error("{}: {source}", path.display())]
    Io {
        /// What it was about.
        path: PathBuf,
        /// What it said.
        source: io::Error,
    },
    /// A newer version of the relay has written it.
    #[error("the database has version {found}; this program knows up to {known}. Use a newer sync-relay")]
    Newer {
        /// The database's version.
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

impl StoreError {
    pub(crate) fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { path: path.to_owned(), source }
    }
}

/// The reading side of the store, and its blobs.
pub(crate) struct Store {
    database: PathBuf,
    readers: Mutex<Vec<Connection>>,
    turns: Semaphore,
    incarnation: Incarnation,
    blobs: Blobs,
    _lock: File,
}

impl Store {
    /// Opens the store in a folder, making both when there are none. Returns the one connection that writes too.
    pub(crate) fn open(folder: &Path) -> Result<(Arc<Self>, Connection), StoreError> {
        make_folder(folder)?;
        let lock = lock_folder(folder)?;
        let database = folder.join(DATABASE);
        let writing = schema::open(&database, new_incarnation)?;
        let incarnation = read::incarnation(&writing)?;
        let blobs = Blobs::open(folder)?;
        let store = Self {
            database,
            readers: Mutex::default(),
            turns: Semaphore::new(READERS_MAX),
            incarnation,
            blobs,
            _lock: lock,
        };
        Ok((Arc::new(store), writing))
    }

    /// This life of the store.
    pub(crate) fn incarnation(&self) -> Incarnation {
        self.incarnation
    }

    /// The snapshots' blobs.
    pub(crate) fn blobs(&self) -> &Blobs {
        &self.blobs
    }

    /// Reads off the async threads. Sees everything that was committed before.
    pub(crate) async fn read<T: Send + 'static>(
        self: &Arc<Self>,
        query: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let _turn = self.turns.acquire().await.expect("the semaphore is never closed");
        let store = self.clone();
        let reading = tokio::task::spawn_blocking(move || {
            let kept = lock(&store.readers).pop();
            let conn = kept.map_or_else(|| schema::open_for_reading(&store.database), Ok)?;
            let result = query(&conn);
            lock(&store.readers).push(conn);
            result
        });
        match reading.await {
            Ok(result) => result,
            Err(failed) if failed.is_panic() => std::panic::resume_unwind(failed.into_panic()),
            Err(_) => Err(StoreError::Damaged("the relay stops".to_owned())),
        }
    }
}

/// Makes a folder that only its owner may look into: who is in which workspace is nobody else's business.
pub(crate) fn make_folder(folder: &Path) -> Result<(), StoreError> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(StoreError::io(folder))
}

fn lock_folder(folder: &Path) -> Result<File, StoreError> {
    let path = folder.join(LOCK);
    let file = File::create(&path).map_err(StoreError::io(&path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::InUse(folder.to_owned())),
        Err(TryLockError::Error(source)) => Err(StoreError::Io { path, source }),
    }
}

/// A new life of the store: nobody has seen it before.
pub(crate) fn new_incarnation() -> [u8; 16] {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).expect("the operating system gives randomness");
    bytes
}
