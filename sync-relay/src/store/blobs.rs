//! Snapshots' blobs: one file each, named by its content's hash.
//!
//! A blob arrives in a file of its own beside, and gets its name only when it is complete, hashed and synced; the
//! database's row comes after that. So a row never names a blob that is not there, and what a crash leaves is a
//! file without a row, which [`Blobs::open`] and `check` know about.

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use custory_wire::Hash;

use super::StoreError;

type Result<T> = std::result::Result<T, StoreError>;

const COMPLETE: &str = "blobs";
const INCOMING: &str = "incoming";

/// The folder of blobs.
pub(crate) struct Blobs {
    complete: PathBuf,
    incoming: PathBuf,
    uploads: AtomicU64,
}

/// A blob that is coming in. What is not finished is removed.
pub(crate) struct Upload {
    file: File,
    path: PathBuf,
    complete: PathBuf,
    hash: Hash,
    length: u64,
    received: u64,
    hasher: blake3::Hasher,
}

impl Blobs {
    /// Opens the folder; what a crash left unfinished goes.
    pub(super) fn open(folder: &Path) -> Result<Self> {
        let (complete, incoming) = (folder.join(COMPLETE), folder.join(INCOMING));
        if incoming.exists() {
            fs::remove_dir_all(&incoming).map_err(StoreError::io(&incoming))?;
        }
        for folder in [&complete, &incoming] {
            fs::create_dir_all(folder).map_err(StoreError::io(folder))?;
        }
        Ok(Self { complete, incoming, uploads: AtomicU64::new(0) })
    }

    /// Where a blob is.
    pub(super) fn path(&self, hash: &Hash) -> PathBuf {
        self.complete.join(hash.to_string())
    }

    /// Begins to take a blob.
    pub(crate) fn begin(&self, hash: Hash, length: u64) -> Result<Upload> {
        let number = self.uploads.fetch_add(1, Ordering::Relaxed);
        let path = self.incoming.join(number.to_string());
        let file = File::create_new(&path).map_err(StoreError::io(&path))?;
        let complete = self.path(&hash);
        Ok(Upload { file, path, complete, hash, length, received: 0, hasher: blake3::Hasher::new() })
    }

    /// A part of a blob, shorter at its end; `None` if there is no such blob.
    pub(crate) fn part(&self, hash: &Hash, offset: u64, length: usize) -> Result<Option<Vec<u8>>> {
        let path = self.path(hash);
        let Ok(mut file) = File::open(&path) else { return Ok(None) };
        let mut bytes = Vec::with_capacity(length);
        file.seek(SeekFrom::Start(offset)).map_err(StoreError::io(&path))?;
        file.take(length as u64).read_to_end(&mut bytes).map_err(StoreError::io(&path))?;
        Ok(Some(bytes))
    }

    /// Removes a blob that no row names any more.
    pub(super) fn remove(&self, hash: &Hash) {
        let path = self.path(hash);
        if let Err(error) = fs::remove_file(&path) {
            tracing::warn!(%error, "an unused blob stays");
        }
    }
}

/// What became of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    /// More is to come.
    More,
    /// That was the last; the blob is durable.
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
        fs::rename(&self.path, &self.complete).map_err(StoreError::io(&self.complete))?;
        sync_folder_of(&self.complete)?;
        Ok(Progress::Complete)
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        // Gone already if it was finished; otherwise the next start clears the folder.
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

    fn blobs() -> (tempfile::TempDir, Blobs) {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(folder.path()).unwrap();
        (folder, blobs)
    }

    #[test]
    fn a_blob_has_its_name_only_when_it_is_complete_and_true() {
        let (folder, blobs) = blobs();
        let (hash, bytes) = (Hash::of(b"snapshot"), b"snapshot");
        let mut upload = blobs.begin(hash, 8).unwrap();
        assert_eq!(upload.take(0, &bytes[..3]).unwrap(), Progress::More);
        assert!(!blobs.path(&hash).exists());
        assert_eq!(upload.take(3, &bytes[3..]).unwrap(), Progress::Complete);
        assert_eq!(blobs.part(&hash, 2, 100).unwrap().unwrap(), b"apshot");

        let other = Hash::of(b"another!");
        assert_eq!(blobs.begin(other, 8).unwrap().take(0, bytes).unwrap(), Progress::Wrong);
        assert!(!blobs.path(&other).exists());
        assert_eq!(fs::read_dir(folder.path().join(INCOMING)).unwrap().count(), 0);
    }

    #[test]
    fn parts_out_of_place_or_beyond_the_end_are_refused() {
        let (_folder, blobs) = blobs();
        let mut upload = blobs.begin(Hash::of(b"x"), 4).unwrap();
        assert_eq!(upload.take(1, b"ab").unwrap(), Progress::Wrong);
        assert_eq!(upload.take(0, b"").unwrap(), Progress::Wrong);
        assert_eq!(upload.take(0, b"abcde").unwrap(), Progress::Wrong);
        assert_eq!(upload.take(u64::MAX, b"a").unwrap(), Progress::Wrong);
    }
}
