//! Which workspaces there are on this computer: a small file, and what is said of each where it is not open.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use custory_ipc::{Reply, Request, WorkspaceEntry};
use serde::{Deserialize, Serialize};

use crate::start::database;
use crate::{Engine, Options};

/// The list, in the first workspace's data folder.
pub(super) const LIST_FILE: &str = "workspaces.json";

/// Where the others are.
pub(super) const FOLDER: &str = "workspaces";

/// Which workspaces there are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct List {
    /// The folder of the one that is shown; empty for the first.
    pub shown: String,
    /// The first one as it was when it was last looked at.
    pub first: Seen,
    pub others: BTreeMap<String, Seen>,
    /// Whether the first one is not there: it was taken off this computer while there were others.
    #[serde(skip)]
    pub is_first_gone: bool,
}

/// A workspace as it was when it was last looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Seen {
    pub name: String,
    /// The address of its team's relay; empty without a team.
    pub relay: String,
    /// Journeys that changed since it was shown.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub changed: BTreeSet<String>,
}

impl Seen {
    /// One of which only the name is known.
    pub fn named(name: String) -> Self {
        Self { name, ..Self::default() }
    }
}

impl List {
    /// Reads it; none is a list of the first alone. A folder's name comes from a file and must not be a path. A workspace
    /// that the list does not have, because it was lost or damaged, is there all the same.
    pub fn read(base: &Path) -> Self {
        let text = std::fs::read_to_string(base.join(LIST_FILE)).unwrap_or_default();
        let mut list: Self = serde_json::from_str(&text).unwrap_or_default();
        let is_name = |folder: &str| folder.parse::<ulid::Ulid>().is_ok();
        list.others.retain(|folder, _| is_name(folder));
        for entry in std::fs::read_dir(base.join(FOLDER)).into_iter().flatten().flatten() {
            let folder = entry.file_name().to_string_lossy().into_owned();
            if is_name(&folder) && !list.others.contains_key(&folder) && entry.path().is_dir() {
                let found = Seen::named(format!("Found again {folder}"));
                list.others.insert(folder, found);
            }
        }
        list.is_first_gone = !list.others.is_empty() && !database(base).exists();
        if !list.has(&list.shown) {
            list.shown = list.any();
        }
        list
    }

    /// Whether there is one of that folder.
    pub fn has(&self, key: &str) -> bool {
        if key.is_empty() { !self.is_first_gone } else { self.others.contains_key(key) }
    }

    /// One that can be shown.
    pub fn any(&self) -> String {
        if self.is_first_gone {
            self.others.keys().next().cloned().unwrap_or_default()
        } else {
            String::new()
        }
    }

    pub fn write(&self, base: &Path) -> std::io::Result<()> {
        let text = serde_json::to_string_pretty(self).unwrap_or_default();
        let unfinished = base.join(format!("{LIST_FILE}.unfinished"));
        std::fs::write(&unfinished, text)?;
        std::fs::File::open(&unfinished)?.sync_all()?;
        std::fs::rename(unfinished, base.join(LIST_FILE))
    }

    /// Finds out what those are called that no window has shown yet; answers the engines that it took for that, which
    /// whoever asked has to end.
    pub fn look(&mut self, base: &Path, prepare: &impl Fn(PathBuf) -> Options) -> BTreeMap<String, Engine> {
        let unknown: Vec<String> =
            self.all().filter(|(_, it)| it.name.is_empty()).map(|(key, _)| key.to_owned()).collect();
        let mut begun = BTreeMap::new();
        for key in unknown {
            let Ok(engine) = Engine::start(prepare(folder_of(base, &key))) else { continue };
            if let Ok(Reply::Start { start }) = engine.request_blocking(Request::Start)
                && let (Some(workspace), Some(seen)) = (start.workspace.workspace(), self.seen(&key))
            {
                seen.name = workspace.name.clone();
            }
            begun.insert(key, engine);
        }
        begun
    }

    /// All of them, by their folders.
    pub fn all(&self) -> impl Iterator<Item = (&str, &Seen)> {
        let first = (!self.is_first_gone).then_some(("", &self.first));
        first.into_iter().chain(self.others.iter().map(|(key, it)| (key.as_str(), it)))
    }

    pub fn seen(&mut self, key: &str) -> Option<&mut Seen> {
        if key.is_empty() {
            return (!self.is_first_gone).then_some(&mut self.first);
        }
        self.others.get_mut(key)
    }
}

/// The data folder of a workspace.
pub(super) fn folder_of(base: &Path, key: &str) -> PathBuf {
    if key.is_empty() { base.to_owned() } else { base.join(FOLDER).join(key) }
}

/// The workspaces in `base`, as they were when they were last looked at.
pub fn list_workspaces(base: &Path) -> Vec<WorkspaceEntry> {
    let list = List::read(base);
    let entry = |(key, it): (&str, &Seen)| WorkspaceEntry {
        key: key.to_owned(),
        name: it.name.clone(),
        relay: it.relay.clone(),
        is_shown: key == list.shown,
        changed: it.changed.len(),
        waiting: 0,
    };
    list.all().map(entry).collect()
}

/// The data folder of the workspace that is shown, of those in `base`.
pub fn shown_workspace(base: &Path) -> PathBuf {
    folder_of(base, &List::read(base).shown)
}

/// The data folder of the workspace of a name, of those in `base`; without a name the first one.
///
/// # Errors
/// When there is none of that name, or more than one; in words for people.
pub fn find_workspace(base: &Path, name: &str) -> Result<PathBuf, String> {
    find_key(&List::read(base), name).map(|key| folder_of(base, &key))
}

/// The folder of the workspace of a name; in words for people why there is not one.
pub(super) fn find_key(list: &List, name: &str) -> Result<String, String> {
    let wanted = name.trim().to_lowercase();
    let found: Vec<&str> = list
        .all()
        .filter(|(key, it)| {
            it.name.to_lowercase() == wanted || !key.is_empty() && key.to_lowercase() == wanted
        })
        .map(|(key, _)| key)
        .collect();
    match found.as_slice() {
        [key] => Ok((*key).to_owned()),
        [] => {
            let names: Vec<String> = list.all().map(|(_, it)| format!("“{}”", it.name)).collect();
            Err(format!("There is no workspace “{name}” here. There are: {}.", names.join(", ")))
        }
        several => Err(format!("Several workspaces are called “{name}”. Say which: {}.", several.join(", "))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damaged_list_hides_no_workspace() {
        let base = tempfile::tempdir().expect("a folder");
        let key = ulid::Ulid::from_parts(1, 1).to_string();
        std::fs::create_dir_all(base.path().join(FOLDER).join(&key)).expect("a folder");
        std::fs::create_dir_all(base.path().join(FOLDER).join("notes")).expect("a folder");
        std::fs::write(base.path().join(LIST_FILE), "{\"shown\":").expect("a file");
        let list = List::read(base.path());
        assert_eq!(list.others.keys().collect::<Vec<_>>(), [&key]);
        assert_eq!(find_workspace(base.path(), &key), Ok(folder_of(base.path(), &key)));
    }

    #[test]
    fn a_list_of_paths_leads_nowhere() {
        let folder = tempfile::tempdir().expect("a folder");
        let text = r#"{"shown": "../elsewhere", "others": {"../elsewhere": {"name": "Elsewhere"}, "x": {}}}"#;
        std::fs::write(folder.path().join(LIST_FILE), text).expect("a file");
        assert_eq!(List::read(folder.path()), List::default());
        assert_eq!(shown_workspace(folder.path()), folder.path());
        assert!(find_workspace(folder.path(), "Elsewhere").is_err());
    }
}
