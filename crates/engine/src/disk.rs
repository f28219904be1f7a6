//! What other programs on this device write to the same database, taken in as they write it.
//!
//! The window and the command line are replicas that share a disk: the file's change wakes the
//! loop, the store says what is new, and the document merges it like a teammate's edit.

use std::path::Path;
use std::sync::mpsc;

use custory_domain::Patch;
use custory_store::StoreError;
use notify::{RecursiveMode, Watcher};
use ulid::Ulid;

use crate::failure::Fault;
use crate::inbox::{Core, Inbox};
use crate::start::database;

/// Watches the database's folder. Without a watcher the engine still catches up at every request.
pub(crate) fn watch(data_dir: &Path, inbox: mpsc::Sender<Inbox>) -> Option<notify::RecommendedWatcher> {
    let file = database(data_dir);
    let stem = file.file_name()?.to_os_string();
    let heard = move |event: notify::Result<notify::Event>| {
        let Ok(event) = event else { return };
        let name = |path: &std::path::PathBuf| path.file_name().map(|it| it.to_string_lossy().into_owned());
        let is_ours = |it: String| it.starts_with(&*stem.to_string_lossy());
        let is_write = event.kind.is_modify() || event.kind.is_create();
        if is_write && event.paths.iter().filter_map(name).any(is_ours) {
            // A send fails only when the loop has ended, and then nobody needs to know.
            inbox.send(Inbox::DiskChanged).ok();
        }
    };
    let watcher = notify::recommended_watcher(heard).and_then(|mut it| {
        it.watch(data_dir, RecursiveMode::NonRecursive)?;
        Ok(it)
    });
    watcher.inspect_err(|error| tracing::warn!("cannot watch the data folder: {error}")).ok()
}

impl Core {
    /// Takes in what other programs wrote since the last look; a fault is logged, not fatal.
    pub(crate) fn catch_up_or_log(&mut self) {
        if let Err(failure) = self.catch_up() {
            tracing::error!("cannot take in what another program wrote: {failure}");
        }
    }

    fn catch_up(&mut self) -> Result<(), Fault> {
        let version = self.store.data_version()?;
        if version == self.data_version {
            return Ok(());
        }
        self.data_version = version;
        let open: Vec<Ulid> = self.open.keys().copied().collect();
        for id in open {
            // One that cannot be followed must not keep the others from being.
            if let Err(fault) = self.follow(id) {
                tracing::error!(%id, "cannot take in what another program wrote: {fault}");
                self.open.remove(&id);
            }
        }
        self.outbox_grew();
        self.tell_journeys()?;
        self.tell_news()?;
        self.tell_drafts()
    }

    /// Takes in what others wrote to one document. One that was deleted is put away; one whose changes
    /// were given up for a snapshot is read anew.
    pub(crate) fn follow(&mut self, id: Ulid) -> Result<(), Fault> {
        let Some(seen) = self.open.get(&id).map(|it| it.seq) else { return Ok(()) };
        match self.store.changes_after(id, seen) {
            Ok((changes, _)) if changes.is_empty() => Ok(()),
            Ok((changes, seq)) => self.merge(id, &changes, seq),
            Err(StoreError::NoDocument(_)) => {
                self.open.remove(&id);
                Ok(())
            }
            Err(StoreError::Superseded(_)) => self.read_anew(id),
            Err(error) => Err(error.into()),
        }
    }

    /// Reads a document from the disk again, and tells the windows what differs. Nothing of ours is
    /// lost: all that was ever said to be done is on the disk.
    pub(crate) fn read_anew(&mut self, id: Ulid) -> Result<(), Fault> {
        let Some(before) = self.open.remove(&id) else { return Ok(()) };
        let now = self.opened(id)?.document.board().clone();
        self.tell(id, Patch::between(before.document.board(), &now))
    }
}
