//! Several workspaces side by side: each with a data folder, keys, relay and engine of its own, one of them
//! shown.
//!
//! The first workspace is the data folder itself; others lie in `workspaces` inside it, and a small file
//! beside them says which there are. That file is a list and nothing more: every folder is a data folder
//! like any other. An engine that was shown goes on running, so that a team is kept in step and automations
//! do their work while another workspace is looked at.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use custory_domain::{Change, Command, WorkspaceField};
use custory_ipc::{ErrorCode, Event, Failure, Reply, Request, WorkspaceEntry, WorkspacesWish};
use serde::{Deserialize, Serialize};
use tokio::sync::{broadcast, oneshot};

use crate::clock::{Entropy, SystemClock, SystemEntropy, mint};
use crate::{EVENTS_KEPT, Engine, Events, Options, StartError};

/// The list, in the first workspace's data folder.
const LIST_FILE: &str = "workspaces.json";

/// Where the others are.
const FOLDER: &str = "workspaces";

/// Most workspaces of one person at one computer.
const WORKSPACES_MAX: usize = 32;

/// Longest name, in characters.
const NAME_CHARS_MAX: usize = 80;

/// Which workspaces there are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct List {
    /// The folder of the one that is shown; empty for the first.
    shown: String,
    /// The first one as it was when it was last looked at.
    first: Seen,
    others: BTreeMap<String, Seen>,
}

/// A workspace as it was when it was last looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Seen {
    name: String,
    /// The address of its team's relay; empty without a team.
    relay: String,
}

impl List {
    /// Reads it; none is a list of the first alone. A folder's name comes from a file and must not be a path. A workspace
    /// that the list does not have, because it was lost or damaged, is there all the same.
    fn read(base: &Path) -> Self {
        let text = std::fs::read_to_string(base.join(LIST_FILE)).unwrap_or_default();
        let mut list: Self = serde_json::from_str(&text).unwrap_or_default();
        let is_name = |folder: &str| folder.parse::<ulid::Ulid>().is_ok();
        list.others.retain(|folder, _| is_name(folder));
        for entry in std::fs::read_dir(base.join(FOLDER)).into_iter().flatten().flatten() {
            let folder = entry.file_name().to_string_lossy().into_owned();
            if is_name(&folder) && !list.others.contains_key(&folder) && entry.path().is_dir() {
                let found = Seen { name: format!("Found again {folder}"), relay: String::new() };
                list.others.insert(folder, found);
            }
        }
        if !list.others.contains_key(&list.shown) {
            list.shown.clear();
        }
        list
    }

    fn write(&self, base: &Path) -> std::io::Result<()> {
        let text = serde_json::to_string_pretty(self).unwrap_or_default();
        let unfinished = base.join(format!("{LIST_FILE}.unfinished"));
        std::fs::write(&unfinished, text)?;
        std::fs::File::open(&unfinished)?.sync_all()?;
        std::fs::rename(unfinished, base.join(LIST_FILE))
    }

    fn all(&self) -> impl Iterator<Item = (&str, &Seen)> {
        std::iter::once(("", &self.first)).chain(self.others.iter().map(|(key, it)| (key.as_str(), it)))
    }

    fn seen(&mut self, key: &str) -> Option<&mut Seen> {
        if key.is_empty() { Some(&mut self.first) } else { self.others.get_mut(key) }
    }
}

fn folder_of(base: &Path, key: &str) -> PathBuf {
    if key.is_empty() { base.to_owned() } else { base.join(FOLDER).join(key) }
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
    let list = List::read(base);
    let wanted = name.trim().to_lowercase();
    let found: Vec<&str> = list
        .all()
        .filter(|(key, it)| {
            it.name.to_lowercase() == wanted || !key.is_empty() && key.to_lowercase() == wanted
        })
        .map(|(key, _)| key)
        .collect();
    match found.as_slice() {
        [key] => Ok(folder_of(base, key)),
        [] => {
            let names: Vec<String> = list.all().map(|(_, it)| format!("“{}”", it.name)).collect();
            Err(format!("There is no workspace “{name}” here. There are: {}.", names.join(", ")))
        }
        several => Err(format!("Several workspaces are called “{name}”. Say which: {}.", several.join(", "))),
    }
}

/// Makes the options of a workspace's engine from its data folder.
type Prepare = dyn Fn(PathBuf) -> Options + Send + Sync;

/// Workspaces side by side. Asked like an engine; clones share everything.
#[derive(Clone)]
pub struct Workspaces(Arc<Inner>);

struct Inner {
    base: PathBuf,
    prepare: Box<Prepare>,
    events: broadcast::Sender<Event>,
    state: Mutex<State>,
}

struct State {
    list: List,
    engines: BTreeMap<String, Engine>,
}

impl Workspaces {
    /// Starts with the workspace that was shown last. `prepare` says how an engine is to run on a folder.
    ///
    /// # Errors
    /// When that workspace cannot be opened; see [`shown_workspace`] for where it is.
    pub fn start(
        base: PathBuf,
        prepare: impl Fn(PathBuf) -> Options + Send + Sync + 'static,
    ) -> Result<Self, StartError> {
        let (events, _) = broadcast::channel(EVENTS_KEPT);
        let list = List::read(&base);
        let key = list.shown.clone();
        let state = Mutex::new(State { list, engines: BTreeMap::new() });
        let this = Self(Arc::new(Inner { base, prepare: Box::new(prepare), events, state }));
        this.open(&key)?;
        Ok(this)
    }

    /// Asks the workspace that is shown, or about all of them.
    ///
    /// # Errors
    /// See [`Engine::request`].
    pub async fn request(&self, request: Request) -> Result<Reply, Failure> {
        match request {
            Request::Workspaces(wish) => {
                // Opening one reads its whole folder; nobody else waits for that.
                let (answer, answered) = oneshot::channel();
                let this = self.clone();
                let thread = std::thread::Builder::new().name("workspaces".to_owned());
                let spawned = thread.spawn(move || answer.send(this.about_all(wish)).is_ok());
                spawned.map_err(|error| internal(format!("Cannot start a thread: {error}.")))?;
                answered.await.map_err(|_| internal("Nobody answers.".to_owned()))?
            }
            other => self.shown()?.request(other).await,
        }
    }

    /// The same, blocking. Not for async code.
    ///
    /// # Errors
    /// See [`Workspaces::request`].
    pub fn request_blocking(&self, request: Request) -> Result<Reply, Failure> {
        match request {
            Request::Workspaces(wish) => self.about_all(wish),
            other => self.shown()?.request_blocking(other),
        }
    }

    /// Everything that happens from now on in whichever workspace is shown.
    pub fn events(&self) -> Events {
        Events { receiver: self.0.events.subscribe() }
    }

    fn about_all(&self, wish: WorkspacesWish) -> Result<Reply, Failure> {
        match wish {
            WorkspacesWish::List => {}
            WorkspacesWish::Show { key } => self.show(&key)?,
            WorkspacesWish::New { name } => self.add(&name)?,
        }
        self.look()
    }

    /// All workspaces, as the running ones are now.
    fn look(&self) -> Result<Reply, Failure> {
        let running: Vec<(String, Engine)> =
            self.state().engines.iter().map(|(key, it)| (key.clone(), it.clone())).collect();
        // Asked while nothing is held: an engine may take its time.
        let seen: Vec<(String, Seen)> =
            running.into_iter().filter_map(|(key, engine)| Some((key, look_at(&engine)?))).collect();
        let mut state = self.state();
        let before = state.list.clone();
        for (key, seen) in seen {
            if let Some(known) = state.list.seen(&key) {
                *known = seen;
            }
        }
        if state.list != before {
            self.keep(&state.list)?;
        }
        let shown = &state.list.shown;
        let entry = |(key, it): (&str, &Seen)| WorkspaceEntry {
            key: key.to_owned(),
            name: it.name.clone(),
            relay: it.relay.clone(),
            is_shown: key == shown,
        };
        Ok(Reply::Workspaces { workspaces: state.list.all().map(entry).collect() })
    }

    fn show(&self, key: &str) -> Result<(), Failure> {
        if self.state().list.seen(key).is_none() {
            return Err(Failure::new(ErrorCode::NotFound, "There is no such workspace any more."));
        }
        self.open(key).map_err(|error| Failure::new(ErrorCode::Storage, error.to_string()))?;
        let mut state = self.state();
        state.list.shown = key.to_owned();
        self.keep(&state.list)?;
        drop(state);
        self.tell(Event::WorkspaceShown);
        Ok(())
    }

    /// Makes a workspace and shows it, looking like the one that was shown.
    fn add(&self, name: &str) -> Result<(), Failure> {
        let name: String = name.trim().chars().take(NAME_CHARS_MAX).collect();
        if name.is_empty() {
            return Err(Failure::new(ErrorCode::BadInput, "A workspace needs a name."));
        }
        if self.state().list.others.len() + 1 >= WORKSPACES_MAX {
            return Err(Failure::new(ErrorCode::Refused, "There are as many workspaces as there can be."));
        }
        let Reply::Start { start: before } = self.shown()?.request_blocking(Request::Start)? else {
            return Err(internal("The engine gave an answer to another question.".to_owned()));
        };
        let key = mint(&SystemClock, &mut SystemEntropy as &mut dyn Entropy).to_string();
        let engine = self.open(&key).map_err(|error| Failure::new(ErrorCode::Storage, error.to_string()))?;
        let Reply::Start { start } = engine.request_blocking(Request::Start)? else {
            return Err(internal("The engine gave an answer to another question.".to_owned()));
        };
        let mut commands = Vec::new();
        if let Some(workspace) = start.workspace.workspace() {
            let set = WorkspaceField::Name(name.clone());
            commands.push(Command::set(Change::Workspace { id: workspace.id, set }));
        }
        if let (Some(me), Some(was)) =
            (start.workspace.members.get(&start.me), before.workspace.members.get(&before.me))
        {
            let set = custory_domain::MemberField::Name(was.name.clone());
            commands.push(Command::set(Change::Member { id: me.id, set }));
        }
        let command = Command::Batch { label: "Name the workspace".to_owned(), commands };
        engine.request_blocking(Request::DispatchWorkspace { command })?;
        let preferences = custory_ipc::Preferences { last_journey: None, ..before.preferences };
        engine.request_blocking(Request::SetPreferences { preferences })?;
        let mut state = self.state();
        state.list.others.insert(key.clone(), Seen { name, relay: String::new() });
        self.keep(&state.list)?;
        drop(state);
        self.show(&key)
    }

    /// The engine of a workspace, started if it does not run.
    fn open(&self, key: &str) -> Result<Engine, StartError> {
        if let Some(engine) = self.state().engines.get(key) {
            return Ok(engine.clone());
        }
        let engine = Engine::start((self.0.prepare)(folder_of(&self.0.base, key)))?;
        engine.keep_up();
        let mut state = self.state();
        // Two may have opened it at the same time; both engines are replicas, and one is enough.
        if let Some(other) = state.engines.get(key) {
            return Ok(other.clone());
        }
        self.pass_on(key.to_owned(), engine.events())?;
        state.engines.insert(key.to_owned(), engine.clone());
        Ok(engine)
    }

    /// Passes on what happens in a workspace while it is shown.
    fn pass_on(&self, key: String, mut events: Events) -> Result<(), StartError> {
        // Not held: the engines must go with the last handle.
        let inner = Arc::downgrade(&self.0);
        let thread = std::thread::Builder::new().name("events".to_owned());
        let pass_on = move || {
            while let Some(event) = events.next_blocking() {
                let Some(inner) = inner.upgrade() else { return };
                let is_shown = lock(&inner.state).list.shown == key;
                if is_shown && inner.events.send(event).is_err() {
                    tracing::trace!("nobody listens");
                }
            }
        };
        thread.spawn(pass_on).map(drop).map_err(StartError::Thread)
    }

    fn shown(&self) -> Result<Engine, Failure> {
        let state = self.state();
        let engine = state.engines.get(&state.list.shown).cloned();
        engine.ok_or_else(|| internal("The workspace is not open. Start Custory again.".to_owned()))
    }

    fn keep(&self, list: &List) -> Result<(), Failure> {
        list.write(&self.0.base).map_err(|error| {
            Failure::new(ErrorCode::Storage, format!("The list of workspaces cannot be kept: {error}."))
        })
    }

    fn tell(&self, event: Event) {
        if self.0.events.send(event).is_err() {
            tracing::trace!("nobody listens");
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.0.state)
    }
}

/// Nothing is left half done while it is held, so a thread that panicked has spoilt nothing.
fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A running workspace as it is now.
fn look_at(engine: &Engine) -> Option<Seen> {
    let Ok(Reply::Start { start }) = engine.request_blocking(Request::Start) else { return None };
    let name = start.workspace.workspace().map(|it| it.name.clone()).unwrap_or_default();
    let Ok(Reply::Team { team }) = engine.request_blocking(Request::Team) else { return None };
    Some(Seen { name, relay: team.map(|it| it.relay.clone()).unwrap_or_default() })
}

fn internal(message: String) -> Failure {
    Failure::new(ErrorCode::Internal, message)
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
