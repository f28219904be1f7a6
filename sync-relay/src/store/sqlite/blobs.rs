//! Snapshots' blobs: one file each, named by its content's hash.
//!
//! A file gets its name only when it is complete, hashed and synced; the database's row comes after that. So a row
//! never names a blob that is not there, and what a crash leaves is a file without a row, which `check` names.

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use custory_wire::Hash;

use super::super::spool::{Upload, sync_folder_of};
use super::StoreError;

type Result<T> = std::result::Result<T, StoreError>;

/// The folder's name in the data folder.
pub(super) const FOLDER: &str = "blobs";

/// The folder of blobs.
#[derive(Clone)]
pub(super) struct Blobs {
    folder: PathBuf,
}

impl Blobs {
    pub(super) fn open(data: &Path) -> Result<Self> {
        let folder = data.join(FOLDER);
        fs::create_dir_all(&folder).map_err(StoreError::io(&folder))?;
        Ok(Self { folder })
    }

    /// Where a blob is.
    pub(super) fn path(&self, hash: &Hash) -> PathBuf {
        self.folder.join(hash.to_string())
    }

    /// Gives a complete blob its name.
    pub(super) fn keep(&self, upload: &Upload) -> Result<()> {
        let path = self.path(&upload.hash());
        fs::rename(upload.path(), &path).map_err(StoreError::io(&path))?;
        sync_folder_of(&path)
    }

    /// A part of a blob, shorter at its end; `None` if there is no such blob.
    pub(super) fn part(&self, hash: &Hash, offset: u64, length: usize) -> Result<Option<Vec<u8>>> {
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

#[cfg(test)]
mod tests {
    use super::super::super::spool::{Progress, Spool};
    use super::*;

    #[test]
    fn a_blob_has_its_name_only_when_it_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let (spool, blobs) = (Spool::open(folder.path()).unwrap(), Blobs::open(folder.path()).unwrap());
        let hash = Hash::of(b"snapshot");
        let mut upload = spool.begin(hash, 8).unwrap();
        assert_eq!(upload.take(0, b"snapshot").unwrap(), Progress::Complete);
        assert!(blobs.part(&hash, 0, 8).unwrap().is_none());
        blobs.keep(&upload).unwrap();
        assert_eq!(blobs.part(&hash, 2, 100).unwrap().unwrap(), b"apshot");
    }
}
