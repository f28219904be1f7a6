//! Room in the database's log, made before it is needed.
//!
//! A commit that makes the log longer has to sync the file's length and place with it, at nearly half the cost of the
//! sync. SQLite writes the log from its beginning again after each checkpoint, so that a relay which has run for a
//! while writes over what is there; this does the same for the first round, by zeros after the log's end. SQLite
//! takes nothing for a part of the log that does not bear the salt of its header.
//!
//! Only the writer's thread may ask for it: nobody else writes to the log.

use std::fs::{File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::schema::LOG_BYTES_MAX;

/// How much is made at once: room for 500 commits of single edits.
const STEP_BYTES: u64 = 4 << 20;

/// The log, and up to where there is room in it.
pub(super) struct LogRoom {
    path: PathBuf,
    file: Option<File>,
    bytes: u64,
}

impl LogRoom {
    /// Of the database at this path.
    pub(super) fn of(database: &Path) -> Self {
        let mut path = database.as_os_str().to_owned();
        path.push("-wal");
        Self { path: path.into(), file: None, bytes: 0 }
    }

    /// To be called after a commit: makes room if it has used up what there was.
    ///
    /// # Errors
    /// When the file system does not want to. The log grows by itself then.
    pub(super) fn make(&mut self) -> io::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(OpenOptions::new().write(true).open(&self.path)?),
        };
        let end = file.metadata()?.len();
        if end <= self.bytes || end >= LOG_BYTES_MAX {
            self.bytes = end;
            return Ok(());
        }
        let room = STEP_BYTES.min(LOG_BYTES_MAX - end);
        file.seek(SeekFrom::Start(end))?;
        file.write_all(&vec![0; room as usize])?;
        file.sync_data()?;
        self.bytes = end + room;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::schema;
    use super::*;

    const COMMITS: i64 = 900;

    #[test]
    fn the_log_has_room_before_it_is_needed_and_everything_is_there_after_a_crash() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("relay.db");
        let conn = schema::open(&path, || [0; 16]).unwrap();
        let mut room = LogRoom::of(&path);
        let length = || std::fs::metadata(folder.path().join("relay.db-wal")).unwrap().len();
        let mut lengths = std::collections::BTreeSet::new();
        // Enough for the log to be written back and begun again.
        for number in 0..COMMITS {
            let name = [&number.to_be_bytes()[..], &[7; 8_000]].concat();
            conn.execute("INSERT INTO workspace (name, bytes) VALUES (?1, 0)", [name]).unwrap();
            room.make().unwrap();
            lengths.insert(length());
        }
        assert!(lengths.len() < 12, "{lengths:?}");
        // What a crash leaves: the files as they are, with the log not written back.
        let copy = tempfile::tempdir().unwrap();
        for file in ["relay.db", "relay.db-wal"] {
            std::fs::copy(folder.path().join(file), copy.path().join(file)).unwrap();
        }
        let again = schema::open(&copy.path().join("relay.db"), || [1; 16]).unwrap();
        let count = |conn: &rusqlite::Connection| {
            conn.query_row("SELECT COUNT(*) FROM workspace", [], |row| row.get::<_, i64>(0)).unwrap()
        };
        assert_eq!((count(&again), count(&conn)), (COMMITS, COMMITS));
    }
}
