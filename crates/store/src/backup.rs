//! Copies of the whole database, complete or not there.

use std::path::Path;

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};

use crate::Store;
use crate::error::{Result, StoreError};
use crate::paths::{sync_folder, unfinished};

impl Store {
    /// Writes a copy of everything to `path`, as of one moment, while others go on writing. It
    /// takes the place of a file that is there already, once it is complete.
    ///
    /// # Errors
    /// When the copy cannot be written; a file that was there before still is.
    pub fn backup_to(&self, path: &Path) -> Result<()> {
        copy(&self.conn, path)
    }
}

pub(crate) fn copy(from: &Connection, path: &Path) -> Result<()> {
    let io = |source| StoreError::Io { path: path.to_owned(), source };
    let file = unfinished(path).map_err(io)?;
    let mut to = Connection::open_with_flags(&file, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    // In one step, so that it is of one moment.
    if Backup::new(from, &mut to)?.step(-1)? != StepResult::Done {
        return Err(StoreError::Busy);
    }
    to.close().map_err(|(_, error)| error)?;
    file.persist(path).map_err(|error| io(error.error))?;
    sync_folder(path).map_err(io)
}
