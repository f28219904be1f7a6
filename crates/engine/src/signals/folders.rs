//! Folders whose files become signals: notes, exports and transcripts that people drop there.
//!
//! A folder is read whole when the engine begins to look after things, when it is added, and a moment after
//! something in it changed. A file that has not changed since is not read again; a passage that is known is
//! not taken in again. Nothing in a folder is ever written, and links out of it are not followed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use custory_domain::{Signal, SignalState, Timestamp};
use custory_ipc::{FilesRead, Reply, WatchedFolder};
use custory_signals::file::{FILE_BYTES_MAX, is_read, passages};
use custory_signals::{content_hash, signal_id};
use notify::{RecursiveMode, Watcher};
use serde_json::json;

use crate::apart::{Later, Way};
use crate::failure::{Fault, not_found, refused};
use crate::inbox::{Core, Inbox};

/// Setting that lists the folders.
const FOLDERS_SETTING: &str = "watched_folders";
/// What signals from files say they came through.
const SOURCE: &str = "file";
/// Files of one folder that are read.
const FILES_MAX: usize = 2_000;
/// How deep folders are looked into.
const DEPTH_MAX: usize = 6;
/// How long a folder has to be quiet before it is read: programs write a file in pieces.
const QUIET: Duration = Duration::from_secs(2);

/// Size and time of a file when it was read.
type Seen = BTreeMap<PathBuf, (u64, Option<SystemTime>)>;

/// What the engine knows of the folders while it runs.
#[derive(Default)]
pub(crate) struct Folders {
    watcher: Option<notify::RecommendedWatcher>,
    seen: Seen,
    /// Counts what happened in them, to find out when they are quiet.
    stirred: u64,
}

/// What was found in files, apart from the loop.
struct Found {
    read: FilesRead,
    signals: Vec<Signal>,
    seen: Seen,
    problems: BTreeMap<PathBuf, String>,
}

impl Core {
    /// The folders as they are kept.
    pub(super) fn watched(&self) -> Result<Vec<WatchedFolder>, Fault> {
        let kept = self.store.setting(FOLDERS_SETTING)?;
        Ok(kept.and_then(|it| serde_json::from_str(&it).ok()).unwrap_or_default())
    }

    fn keep_watched(&mut self, folders: &[WatchedFolder]) -> Result<(), Fault> {
        Ok(self.store.put_setting(FOLDERS_SETTING, &json!(folders).to_string())?)
    }

    /// Adds a folder, and reads it.
    pub(crate) fn watch_folder(&mut self, path: &str) -> Result<Later, Fault> {
        let whole = std::fs::canonicalize(path)
            .map_err(|error| refused(&format!("The folder {path} cannot be read: {error}.")))?;
        if !whole.is_dir() {
            return Err(refused(&format!("{path} is no folder.")));
        }
        if whole.parent().is_none() || self.device.data_dir.starts_with(&whole) {
            return Err(refused("This folder holds far more than notes. Choose one of its own for them."));
        }
        let path = whole.display().to_string();
        let mut folders = self.watched()?;
        if folders.iter().all(|it| it.path != path) {
            folders.push(WatchedFolder { path, problem: String::new() });
            self.keep_watched(&folders)?;
            self.begin_watching();
        }
        self.read_folders()
    }

    /// Takes a folder off the list. Its signals stay.
    pub(crate) fn unwatch_folder(&mut self, path: &str) -> Result<Reply, Fault> {
        let mut folders = self.watched()?;
        let before = folders.len();
        let whole =
            std::fs::canonicalize(path).map_or_else(|_| path.to_owned(), |it| it.display().to_string());
        folders.retain(|it| it.path != path && it.path != whole);
        if folders.len() == before {
            return Err(not_found("This folder is not watched."));
        }
        self.keep_watched(&folders)?;
        self.begin_watching();
        Ok(Reply::SignalsRead { read: FilesRead::default() })
    }

    /// Reads all folders now.
    pub(crate) fn read_folders(&mut self) -> Result<Later, Fault> {
        let folders: Vec<PathBuf> = self.watched()?.into_iter().map(|it| it.path.into()).collect();
        let (seen, now, way) = (self.folders.seen.clone(), self.clock.now(), self.way());
        Ok(Box::new(move || {
            Box::pin(async move {
                let found = look_into(&folders, seen, now);
                way.ask(move |core| core.take_found(found))
                    .ok_or_else(crate::connections::stopped)?
                    .map_err(|it| it.0)
            })
        }))
    }

    fn take_found(&mut self, found: Found) -> Result<Reply, Fault> {
        let mut read = found.read;
        read.new = self.store.add_signals(found.signals)?.len();
        self.folders.seen = found.seen;
        let mut folders = self.watched()?;
        let before = folders.clone();
        for it in &mut folders {
            it.problem = found.problems.get(Path::new(&it.path)).cloned().unwrap_or_default();
        }
        if folders != before {
            self.keep_watched(&folders)?;
        }
        if read.new > 0 {
            self.tell_signals()?;
        }
        Ok(Reply::SignalsRead { read })
    }

    /// Watches the folders as they are now, if this engine looks after things.
    pub(crate) fn begin_watching(&mut self) {
        if !self.is_kept_up {
            return;
        }
        let inbox = self.inbox.clone();
        let heard = move |event: notify::Result<notify::Event>| {
            if event.is_ok_and(|it| it.kind.is_create() || it.kind.is_modify()) {
                // A send fails only when the loop has ended, and then nobody needs to know.
                inbox.send(Inbox::Errand(Box::new(Core::folder_stirred))).ok();
            }
        };
        let watched = notify::recommended_watcher(heard).map(|mut it| {
            for folder in self.watched().unwrap_or_default() {
                if let Err(error) = it.watch(Path::new(&folder.path), RecursiveMode::Recursive) {
                    tracing::warn!("cannot watch {}: {error}", folder.path);
                }
            }
            it
        });
        self.folders.watcher =
            watched.inspect_err(|error| tracing::warn!("cannot watch folders: {error}")).ok();
    }

    /// Reads the folders once nothing more has happened in them for a moment.
    fn folder_stirred(&mut self) {
        self.folders.stirred += 1;
        let (stirred, clock) = (self.folders.stirred, std::sync::Arc::clone(&self.clock));
        let waiting = self.apart("folders", move |way: Way| async move {
            clock.wait(QUIET).await;
            way.hand(move |core| {
                if core.folders.stirred == stirred {
                    core.read_folders_apart();
                }
            });
        });
        if let Err(fault) = waiting {
            tracing::error!("folders are not read: {fault}");
        }
    }

    /// Reads the folders while nobody waits for it.
    pub(crate) fn read_folders_apart(&mut self) {
        let started = self.read_folders().and_then(|work| {
            self.apart("folders", |_| async move {
                work().await.map_err(|it| tracing::warn!("folders are not read: {it}")).ok();
            })
        });
        if let Err(fault) = started {
            tracing::error!("folders are not read: {fault}");
        }
    }
}

fn look_into(folders: &[PathBuf], seen: Seen, now: Timestamp) -> Found {
    let mut found =
        Found { read: FilesRead::default(), signals: Vec::new(), seen, problems: BTreeMap::new() };
    for folder in folders {
        let mut files = Vec::new();
        if let Err(error) = list(folder, 0, &mut files) {
            let said = format!("{} cannot be read: {error}.", folder.display());
            found.problems.insert(folder.clone(), said.clone());
            found.read.problems.push(said);
        }
        files.sort();
        for file in files.into_iter().take(FILES_MAX) {
            found.look_at(folder, &file, now);
        }
    }
    found
}

/// Files that are read, in a folder and those in it. Hidden ones and links are left out.
fn list(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let kind = entry.file_type()?;
        if name.starts_with('.') {
            continue;
        }
        if kind.is_dir() && depth < DEPTH_MAX {
            // One folder that cannot be opened must not hide the others.
            list(&entry.path(), depth + 1, files).map_err(|it| tracing::warn!("left out {name}: {it}")).ok();
        } else if kind.is_file() && is_read(&name) {
            files.push(entry.path());
        }
    }
    Ok(())
}

impl Found {
    fn look_at(&mut self, folder: &Path, file: &Path, now: Timestamp) {
        let name = shown_name(folder, file);
        let mut problem = |why: String| self.read.problems.push(format!("“{name}” was left out: {why}."));
        let stand = match std::fs::metadata(file) {
            Ok(it) if it.len() > FILE_BYTES_MAX => {
                return problem(format!("it is larger than {} MiB", FILE_BYTES_MAX >> 20));
            }
            Ok(it) => (it.len(), it.modified().ok()),
            Err(error) => return problem(error.to_string()),
        };
        if self.seen.get(file) == Some(&stand) {
            return;
        }
        let read = std::fs::read(file).map_err(|it| it.to_string());
        match read.and_then(|it| passages(&name, &it).map_err(|it| it.to_string())) {
            Ok(passages) => {
                self.read.files += 1;
                self.seen.insert(file.to_owned(), stand);
                self.signals.extend(passages.into_iter().map(|it| signal(&name, it, now)));
            }
            Err(why) => problem(why),
        }
    }
}

/// The watched folder's name and the path within it: what others may see of where a file lies.
fn shown_name(folder: &Path, file: &Path) -> String {
    let top = folder.file_name().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
    let within = file.strip_prefix(folder).unwrap_or(file);
    let parts = within.components().map(|it| it.as_os_str().to_string_lossy().into_owned());
    std::iter::once(top).chain(parts).collect::<Vec<_>>().join("/")
}

fn signal(name: &str, it: custory_signals::file::Passage, now: Timestamp) -> Signal {
    let hash = content_hash(&it.text);
    // A line that is added above moves all that follow: places are no names.
    let row = if it.key.is_empty() {
        content_hash(&format!("{}\0{}\0{hash}", it.author, it.account))
    } else {
        it.key
    };
    let external_id = format!("{name}#{row}");
    Signal {
        id: signal_id(SOURCE, &external_id),
        source: SOURCE.to_owned(),
        external_id,
        author: it.author,
        account: it.account,
        text: it.text,
        locator: name.to_owned(),
        anchor: it.anchor,
        hash,
        said_at: it.said_at,
        arrived_at: now,
        weight: it.weight,
        state: SignalState::New,
    }
}
