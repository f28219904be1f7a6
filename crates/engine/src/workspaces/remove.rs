//! Taking a workspace off this computer: what would be gone is said first, its keys go with it, and nothing of it is left
//! on the disk.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use custory_ipc::{ErrorCode, Event, Failure, KeyPlace, TeamState, WorkspaceLoss};
use custory_store::Store;

use super::list::{FOLDER, LIST_FILE, List, Seen, find_key, folder_of};
use super::{Workspaces, internal};
use crate::failure::Fault;
use crate::inbox::Core;
use crate::start::{DATABASE_FILE, OPEN_LOCK_FILE, database};
use crate::team::{Remembered, TEAM_SETTING};
use crate::{Engine, Options};

/// What a folder is called that is being removed; no workspace is.
pub(super) const LEFTOVER: &str = "removed-";

/// How names begin of what a workspace has in its folder. The first one's folder has others beside it.
const OWN: &[&str] =
    &[DATABASE_FILE, "pictures", "team-keys", "sealed-keys", "keys-in-keychain", "sync.lock", "mcp"];

impl Workspaces {
    pub(super) fn what_is_lost(&self, key: &str) -> Result<WorkspaceLoss, Failure> {
        if !self.state().list.has(key) {
            return Err(Failure::new(ErrorCode::NotFound, "There is no such workspace any more."));
        }
        let engine = self.open(key).map_err(|error| Failure::new(ErrorCode::Storage, error.to_string()))?;
        loss(&engine)
    }

    /// Takes a workspace off this computer; another one is shown if it was.
    pub(super) fn remove(&self, key: &str, typed: &str) -> Result<(), Failure> {
        let loss = self.what_is_lost(key)?;
        confirm(&loss, typed)?;
        let ended = self.state().engines.remove(key);
        if let Some(engine) = ended {
            engine.end();
        }
        if let Err(failure) = erase(self.options(key), &self.0.base, key) {
            let is_shown = self.state().list.shown == key;
            match self.open(key) {
                Ok(engine) => engine.be_shown(is_shown),
                Err(error) => tracing::error!("the workspace that stays does not open: {error}"),
            }
            return Err(failure);
        }
        let mut state = self.state();
        state.list.strike(key);
        state.waiting.remove(key);
        let was_shown = state.list.shown == key;
        if was_shown {
            state.list.shown = state.list.any();
        }
        let next = state.list.shown.clone();
        self.keep(&state.list)?;
        drop(state);
        if was_shown {
            return self.show(&next);
        }
        self.tell(Event::WorkspacesChanged);
        Ok(())
    }
}

impl List {
    /// Forgets a workspace that is not there any more. Without any other the first one begins anew.
    fn strike(&mut self, key: &str) {
        if key.is_empty() {
            self.first = Seen::default();
        } else {
            self.others.remove(key);
        }
        self.is_first_gone = (self.is_first_gone || key.is_empty()) && !self.others.is_empty();
    }
}

/// Takes the workspace of a name off this computer, for programs that show none; answers what it was called. `typed` is
/// its name, given by the person if anything would be gone.
///
/// # Errors
/// When there is none of that name, something would be gone and its name was not given, or another program has it open.
pub fn take_off(
    base: &Path,
    name: &str,
    typed: &str,
    prepare: impl Fn(PathBuf) -> Options,
) -> Result<String, Failure> {
    let mut list = List::read(base);
    let mut begun = list.look(base, &prepare);
    let found = find_key(&list, name).map_err(|message| Failure::new(ErrorCode::NotFound, message));
    let own = found.as_ref().ok().and_then(|key| begun.remove(key));
    begun.into_values().for_each(Engine::end);
    let key = found?;
    let folder = folder_of(base, &key);
    let engine = match own {
        Some(engine) => engine,
        None => Engine::start(prepare(folder.clone()))
            .map_err(|error| Failure::new(ErrorCode::Storage, error.to_string()))?,
    };
    let loss = loss(&engine);
    engine.end();
    let loss = loss?;
    confirm(&loss, typed)?;
    erase(prepare(folder), base, &key)?;
    list.strike(&key);
    if !list.has(&list.shown) {
        list.shown = list.any();
    }
    list.write(base).map_err(|error| internal(format!("The list of workspaces cannot be kept: {error}.")))?;
    Ok(loss.name)
}

fn loss(engine: &Engine) -> Result<WorkspaceLoss, Failure> {
    let asked = engine.ask(|core| core.loss());
    asked.ok_or_else(|| internal("The workspace is not open.".to_owned()))?.map_err(|fault| fault.0)
}

/// What would be gone for good is not taken away by one press.
fn confirm(loss: &WorkspaceLoss, typed: &str) -> Result<(), Failure> {
    if !loss.is_any() || typed.trim() == loss.name.trim() {
        return Ok(());
    }
    let message = format!("{} To do it all the same, give its name, “{}”.", loss.sentences(), loss.name);
    Err(Failure::new(ErrorCode::Refused, message))
}

impl Core {
    /// What is nowhere but here.
    fn loss(&self) -> Result<WorkspaceLoss, Fault> {
        let workspace = self.board(self.device.workspace.ulid())?;
        let name = workspace.workspace().map(|it| it.name.clone()).unwrap_or_default();
        let team = self.team_view();
        let is_shared = |id| team.as_ref().is_some_and(|it| it.journeys.iter().any(|it| it.journey == id));
        let journeys = self.summaries()?;
        let journeys = journeys.iter().filter(|it| !it.is_sample && !is_shared(it.id)).count();
        let Some(team) = &team else {
            return Ok(WorkspaceLoss { name, journeys, ..WorkspaceLoss::default() });
        };
        let others = team.devices.iter().any(|it| it.role.is_some() && !it.is_me);
        let is_member = team.devices.iter().any(|it| it.role.is_some() && it.is_me);
        let is_last_device = is_member && !others && !team.is_new && team.state != TeamState::Removed;
        Ok(WorkspaceLoss { name, journeys, changes: team.waiting(), is_last_device })
    }
}

/// Removes a workspace that no engine of this program has open.
fn erase(options: Options, base: &Path, key: &str) -> Result<(), Failure> {
    let folder = options.data_dir.clone();
    let unusable = |error: io::Error| {
        Failure::new(ErrorCode::Storage, format!("{} cannot be removed: {error}.", folder.display()))
    };
    let lock = File::create(folder.join(OPEN_LOCK_FILE)).map_err(unusable)?;
    if lock.try_lock().is_err() {
        let message = "Another Custory program has this workspace open. Close that first.";
        return Err(Failure::new(ErrorCode::Refused, message));
    }
    forget_keys(options).map_err(|fault| fault.0)?;
    drop(lock);
    if key.is_empty() {
        return erase_first(base).map_err(unusable);
    }
    // Under another name at once: half a workspace must not be found again as one.
    let leftover = base.join(FOLDER).join(format!("{LEFTOVER}{key}"));
    fs::rename(&folder, &leftover).map_err(unusable)?;
    if let Err(error) = fs::remove_dir_all(&leftover) {
        tracing::warn!("{} goes at the next start: {error}", leftover.display());
    }
    Ok(())
}

/// The first workspace's folder has the others, and what is not ours, in it as well.
fn erase_first(base: &Path) -> io::Result<()> {
    for entry in fs::read_dir(base)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_own = OWN.iter().any(|it| name.starts_with(it)) && name != FOLDER && name != LIST_FILE;
        match (is_own, entry.file_type()?.is_dir()) {
            (false, _) => {}
            (true, true) => fs::remove_dir_all(entry.path())?,
            (true, false) => fs::remove_file(entry.path())?,
        }
    }
    Ok(())
}

/// Takes a workspace's keys out of the system's keychain. Those in files go with the folder.
fn forget_keys(options: Options) -> Result<(), Fault> {
    let Options { data_dir, mut secrets, .. } = options;
    let file = database(&data_dir);
    if !file.exists() {
        return Ok(());
    }
    let store = Store::open(&file).map_err(|error| Failure::new(ErrorCode::Storage, error.to_string()))?;
    let names = names_of_keys(&store)?;
    if names.is_empty() || secrets.place() != KeyPlace::Keychain {
        return Ok(());
    }
    for name in names {
        secrets.forget(&name)?;
    }
    Ok(())
}

fn names_of_keys(store: &Store) -> Result<Vec<String>, Fault> {
    let team = store.setting(TEAM_SETTING)?;
    // What a newer version wrote cannot be read; its keys stay behind and open nothing any more.
    let team = team.and_then(|it| serde_json::from_str::<Option<Remembered>>(&it).ok().flatten());
    let of_team = team.into_iter().flat_map(|it| [Some(it.key), it.invite]).flatten();
    let connections = store.connections()?.into_iter();
    let of_tools = connections.filter_map(|(_, json)| {
        let kept: serde_json::Value = serde_json::from_str(&json).ok()?;
        Some(kept.get("key")?.as_str()?.to_owned())
    });
    Ok(of_team.chain(of_tools).collect())
}
