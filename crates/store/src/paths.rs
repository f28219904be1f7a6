//! Files that lie beside a database, and putting a finished file in its place.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempPath;

/// The file beside a database whose name goes on with `suffix`.
pub(crate) fn beside(database: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(database);
    name.push(suffix);
    PathBuf::from(name)
}

/// SQLite's log of what has been committed but not yet moved into the database.
pub(crate) fn log_of(database: &Path) -> PathBuf {
    beside(database, "-wal")
}

/// SQLite's index into that log; worth nothing by itself.
pub(crate) fn index_of(database: &Path) -> PathBuf {
    beside(database, "-shm")
}

/// An empty file in the folder of `target`, to be filled and then put in its place. It is readable
/// by this person only, and so is what takes its place.
pub(crate) fn unfinished(target: &Path) -> io::Result<TempPath> {
    let folder = folder_of(target);
    std::fs::create_dir_all(&folder)?;
    let mut prefix = target.file_name().unwrap_or_default().to_os_string();
    prefix.push(".unfinished-");
    Ok(tempfile::Builder::new().prefix(&prefix).tempfile_in(folder)?.into_temp_path())
}

/// Makes sure that a name just given in `target`'s folder survives a power cut.
pub(crate) fn sync_folder(target: &Path) -> io::Result<()> {
    if cfg!(unix) {
        std::fs::File::open(folder_of(target))?.sync_all()?;
    }
    Ok(())
}

fn folder_of(file: &Path) -> PathBuf {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}
