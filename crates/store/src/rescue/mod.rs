//! Brings back what can be read of a damaged database.
//!
//! It does not ask SQLite, which needs the beginning of the file and the way from there to every
//! page. It reads the pages one by one and takes every row whose seal is right, so a lost header, a
//! lost page or a cut-off end cost what stood there and nothing else. Projections are not
//! rescued: they are made again from the changes.
//!
//! Invariant: nothing is deleted. The damaged file and its log lie beside the new one afterwards.

mod gathered;
mod log;
mod pages;
mod record;

use std::io;
use std::path::{Path, PathBuf};

use crate::error::OpenError;
use crate::lease::Lease;
use crate::paths::{beside, index_of, log_of, sync_folder, unfinished};
use crate::{migrations, open};
use gathered::Gathered;

/// What a rescue brought back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rescued {
    /// Documents of which something could be read.
    pub documents: usize,
    /// Changes that could be read, those that a snapshot stands for among them.
    pub changes: usize,
    /// Changes that are known to have been there and could not be read.
    pub lost: usize,
    /// Where the damaged file lies now.
    pub kept_aside: PathBuf,
}

impl std::fmt::Display for Rescued {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { documents, changes, lost, kept_aside } = self;
        write!(out, "{changes} changes of {documents} documents; {lost} are lost")?;
        write!(out, "; the damaged file is kept as {}", kept_aside.display())
    }
}

/// Reads everything that can be read of the database at `path` into a new one, which takes its
/// place. The damaged one is kept beside it, as it is.
///
/// The projections of the new one are empty: load each of
/// [`crate::Store::documents_without_board`] and hand its board to [`crate::Store::replace_board`].
///
/// # Errors
/// [`OpenError::InUse`] when another program has it open, [`OpenError::NothingReadable`] when there
/// is nothing to bring back, and when the new file cannot be written. Nothing has changed then.
pub fn rescue(path: &Path) -> Result<Rescued, OpenError> {
    let io = OpenError::io(path);
    let _alone = Lease::alone(path)?;
    let file = read_if_there(path).map_err(&io)?;
    let log = read_if_there(&log_of(path)).map_err(&io)?;
    let mut gathered = Gathered::default();
    pages::rows(&file, &log, |row| gathered.add(&row));
    if gathered.is_empty() {
        return Err(OpenError::NothingReadable { path: path.to_owned() });
    }
    let fresh = unfinished(path).map_err(&io)?;
    let found = gathered.documents();
    open::fill(&fresh, migrations::ALL, |conn| gathered.write(&found, conn))
        .map_err(OpenError::sqlite(path))?;

    let kept_aside = keep_aside(path).map_err(&io)?;
    // SQLite would replay the old log into the new file, so the log goes first. A copy of it lies
    // with the damaged file.
    remove_if_there(&log_of(path)).map_err(&io)?;
    remove_if_there(&index_of(path)).map_err(&io)?;
    fresh.persist(path).map_err(|error| io(error.error))?;
    sync_folder(path).map_err(&io)?;

    let changes = found.iter().map(|it| it.readable).sum();
    let lost = gathered.lost();
    tracing::warn!(documents = found.len(), changes, lost, "rescued a damaged database");
    Ok(Rescued { documents: found.len(), changes, lost, kept_aside })
}

/// Gives the damaged file and its log a second name (or a copy, where the disk has no second names)
/// that nothing else has.
fn keep_aside(path: &Path) -> io::Result<PathBuf> {
    for number in 1.. {
        let aside = beside(path, &format!(".damaged-{number}"));
        match also_at(path, &aside) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        match also_at(&log_of(path), &log_of(&aside)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => return Ok(aside),
        }
    }
    unreachable!("there are more numbers than files")
}

fn also_at(file: &Path, second: &Path) -> io::Result<()> {
    match std::fs::hard_link(file, second) {
        Err(error) if matches!(error.kind(), io::ErrorKind::AlreadyExists | io::ErrorKind::NotFound) => {
            return Err(error);
        }
        Ok(()) => return Ok(()),
        Err(error) => tracing::debug!("copying, since the disk has no second names: {error}"),
    }
    let mut to = std::fs::File::create_new(second)?;
    io::copy(&mut std::fs::File::open(file)?, &mut to)?;
    to.sync_all()
}

fn read_if_there(path: &Path) -> io::Result<Vec<u8>> {
    match std::fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        read => read,
    }
}

fn remove_if_there(path: &Path) -> io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}
