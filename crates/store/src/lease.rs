//! Who has a database open: any number of programs side by side, or one alone.
//!
//! SQLite lets several programs read and write at once. Changing the tables or putting another file
//! in place must be done alone, though, or the others would go on writing into what is gone. A lock
//! on a small file beside the database says so; the system takes it back when a program dies.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::Path;

use crate::error::OpenError;
use crate::paths::beside;

/// Held as long as a database is open.
#[derive(Debug)]
pub(crate) struct Lease {
    file: File,
}

impl Lease {
    /// Beside others; waits while somebody is alone with the database.
    pub fn share(database: &Path) -> Result<Self, OpenError> {
        let file = open(database)?;
        match file.lock_shared() {
            Err(error) if error.kind() != std::io::ErrorKind::Unsupported => {
                Err(OpenError::io(database)(error))
            }
            _ => Ok(Self { file }),
        }
    }

    /// Alone, or not at all.
    pub fn alone(database: &Path) -> Result<Self, OpenError> {
        let file = open(database)?;
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => Err(OpenError::InUse { path: database.to_owned() }),
            Err(TryLockError::Error(error)) if error.kind() != std::io::ErrorKind::Unsupported => {
                Err(OpenError::io(database)(error))
            }
            _ => Ok(Self { file }),
        }
    }

    /// Tells whoever watches the database's folder that something was committed. The log itself is written before its
    /// commit can be read, so whoever looks when it changes may look too early; this comes after.
    pub(crate) fn tell(&self) {
        let mut file = &self.file;
        let told = file.seek(SeekFrom::Start(0)).and_then(|_| file.write_all(b"\n"));
        if let Err(error) = told {
            tracing::debug!("others see a commit only when they look: {error}");
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Err(error) = self.file.unlock() {
            tracing::debug!("closing the lock file releases it: {error}");
        }
    }
}

fn open(database: &Path) -> Result<File, OpenError> {
    let path = beside(database, ".lock");
    OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
        .map_err(OpenError::io(database))
}
