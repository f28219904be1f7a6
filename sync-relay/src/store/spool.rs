//! Blobs on their way in: each in a file of its own, until it is complete and has the hash that was announced.
//!
//! Only then a store is given it to keep, so nobody can spoil what is kept by announcing its hash. What a crash
//! leaves is removed at the next start.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use custory_wire::Hash;

use super::StoreError;

type Result<T> = std::result::Result<T, StoreError>;

const INCOMING: &str = "incoming";

/// The folder of blobs on their way in.
pub(crate) struct Spool {
    folder: PathBuf,
    uploads: AtomicU64,
}

/// A blob that is coming in. What is not kept in the end is removed.
pub(crate) struct Upload {
    file: File,
    path: PathBuf,
    hash: Hash,
    length: u64,
    received: u64,
    hasher: blake3::Hasher,
}

impl Spool {
    /// Opens the folder; what a crash left unfinished goes.
    pub(super) fn open(data: &Path) -> Result<Self> {
        let folder = data.join(INCOMING);
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(StoreError::io(&folder))?;
        }
        fs::create_dir_all(&folder).map_err(StoreError::io(&folder))?;
        Ok(Self { folder, uploads: AtomicU64::new(0) })
    }

    /// Begins to take a blob.
    pub(crate) fn begin(&self, hash: Hash, length: u64) -> Result<Upload> {
        let number = self.uploads.fetch_add(1, Ordering::Relaxed);
        let path = self.folder.join(number.to_string());
        let file = File::create_new(&path).map_err(StoreError::io(&path))?;
        Ok(Upload { file, path, hash, length, received: 0, hasher: blake3::Hasher::new() })
    }
}

/// What became of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    /// More is to come.
    More,
    /// That was the last; the file is whole and synced.
    Complete,
    /// Not what was announced.
    Wrong,
}

impl Upload {
    /// What is coming in.
    pub(crate) fn hash(&self) -> Hash {
        self.hash
    }

    /// Takes the next part.
    pub(crate) fn take(&mut self, offset: u64, bytes: &[u8]) -> Result<Progress> {
        if offset != self.received || bytes.is_empty() || bytes.len() as u64 > self.length - self.received {
            return Ok(Progress::Wrong);
        }
        self.file.write_all(bytes).map_err(StoreError::io(&self.path))?;
        self.hasher.update(bytes);
        self.received += bytes.len() as u64;
        if self.received < self.length {
            return Ok(Progress::More);
        }
        if self.hasher.finalize().as_bytes() != &self.hash.0 {
            return Ok(Progress::Wrong);
        }
        self.file.sync_all().map_err(StoreError::io(&self.path))?;
        Ok(Progress::Complete)
    }

    /// The file, as far as it has come.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        // Moved away already if it is kept; otherwise the next start clears the folder.
        fs::remove_file(&self.path).ok();
    }
}

/// Makes a new name in a folder durable. Only Unix needs it, and only Unix can.
pub(crate) fn sync_folder_of(path: &Path) -> Result<()> {
    #[cfg(unix)]
    if let Some(folder) = path.parent() {
        File::open(folder).and_then(|it| it.sync_all()).map_err(StoreError::io(folder))?;
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blob_is_complete_only_with_its_hash_and_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let spool = Spool::open(folder.path()).unwrap();
        let mut upload = spool.begin(Hash::of(b"snapshot"), 8).unwrap();
        assert_eq!(upload.take(0, b"sna").unwrap(), Progress::More);
        assert_eq!(upload.take(3, b"pshot").unwrap(), Progress::Complete);
        assert_eq!(fs::read(upload.path()).unwrap(), b"snapshot");
        let mut other = spool.begin(Hash::of(b"another!"), 8).unwrap();
        assert_eq!(other.take(0, b"snapshot").unwrap(), Progress::Wrong);
        drop((upload, other));
        assert_eq!(fs::read_dir(folder.path().join(INCOMING)).unwrap().count(), 0);
    }

    #[test]
    fn parts_out_of_place_or_beyond_the_end_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let spool = Spool::open(folder.path()).unwrap();
        let mut upload = spool.begin(Hash::of(b"x"), 4).unwrap();
        assert_eq!(upload.take(1, b"ab").unwrap(), Progress::Wrong);
        assert_eq!(upload.take(0, b"").unwrap(), Progress::Wrong);
        assert_eq!(upload.take(0, b"abcde").unwrap(), Progress::Wrong);
        assert_eq!(upload.take(u64::MAX, b"a").unwrap(), Progress::Wrong);
    }
}
