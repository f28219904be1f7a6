//! Several workspaces side by side: each with a data folder, keys, relay and engine of its own, one of them
//! shown.
//!
//! All that belong to a team, or that do something by themselves, are running: their journeys stay on the disk until
//! they are needed, but their lines to their relays are kept.
//!
//! The first workspace is the data folder itself; others lie in `workspaces` inside it, and a small file
//! beside them says which there are. That file is a list and nothing more: every folder is a data folder
//! like any other.

mod begin;
mod list;
mod remove;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use custory_domain::{Change, Command, WorkspaceField};
use custory_ipc::{
    ErrorCode, Event, Failure, Reply, Request, Team, TeamRequest, WorkspaceEntry, WorkspacesWish,
};
use tokio::sync::{broadcast, oneshot};

use list::{List, Seen, folder_of};
pub use list::{find_workspace, list_workspaces, shown_workspace};
pub use remove::take_off;

use crate::clock::{Entropy, SystemClock, SystemEntropy, mint};
use crate::{EVENTS_KEPT, Engine, Events, Options, StartError};

/// Most workspaces of one person at one computer.
const WORKSPACES_MAX: usize = 32;

/// Longest name, in characters.
const NAME_CHARS_MAX: usize = 80;

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
    /// Changes that wait for the relay, of workspaces that are not shown.
    waiting: BTreeMap<String, usize>,
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
        let state = Mutex::new(State { list, engines: BTreeMap::new(), waiting: BTreeMap::new() });
        let this = Self(Arc::new(Inner { base, prepare: Box::new(prepare), events, state }));
        this.open(&key)?.be_shown(true);
        this.begin_others();
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
            WorkspacesWish::WhatIsLost { key } => {
                return self.what_is_lost(&key).map(|loss| Reply::WorkspaceLoss { loss });
            }
            WorkspacesWish::TakeOff { key, typed } => self.remove(&key, &typed)?,
        }
        self.look()
    }

    /// All workspaces, as the running ones are now.
    fn look(&self) -> Result<Reply, Failure> {
        let running: Vec<(String, Engine)> =
            self.state().engines.iter().map(|(key, it)| (key.clone(), it.clone())).collect();
        // Asked while nothing is held: an engine may take its time.
        let looks: Vec<(String, Look)> =
            running.into_iter().filter_map(|(key, engine)| Some((key, look_at(&engine)?))).collect();
        let mut state = self.state();
        let before = state.list.clone();
        for (key, look) in looks {
            if let Some(known) = state.list.seen(&key) {
                (known.name, known.relay) = (look.name, look.relay);
            }
            state.waiting.insert(key, look.waiting);
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
            changed: it.changed.len(),
            waiting: state.waiting.get(key).copied().unwrap_or_default(),
        };
        Ok(Reply::Workspaces { workspaces: state.list.all().map(entry).collect() })
    }

    fn show(&self, key: &str) -> Result<(), Failure> {
        if self.state().list.seen(key).is_none() {
            return Err(Failure::new(ErrorCode::NotFound, "There is no such workspace any more."));
        }
        let engine = self.open(key).map_err(|error| Failure::new(ErrorCode::Storage, error.to_string()))?;
        let mut state = self.state();
        let before = std::mem::replace(&mut state.list.shown, key.to_owned());
        if let Some(seen) = state.list.seen(key) {
            seen.changed.clear();
        }
        self.keep(&state.list)?;
        let left = state.engines.get(&before).filter(|_| before != key).cloned();
        drop(state);
        engine.be_shown(true);
        if let Some(left) = left {
            left.be_shown(false);
        }
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
        state.list.others.insert(key.clone(), Seen::named(name));
        self.keep(&state.list)?;
        drop(state);
        self.show(&key)
    }

    /// The engine of a workspace, started if it does not run.
    fn open(&self, key: &str) -> Result<Engine, StartError> {
        if let Some(engine) = self.state().engines.get(key) {
            return Ok(engine.clone());
        }
        let engine = Engine::start(self.options(key))?;
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

    /// How the engine of a workspace is to run.
    fn options(&self, key: &str) -> Options {
        (self.0.prepare)(folder_of(&self.0.base, key))
    }

    /// Passes on what happens in a workspace while it is shown, and notes what happens in it otherwise.
    fn pass_on(&self, key: String, mut events: Events) -> Result<(), StartError> {
        // Not held: the engines must go with the last handle.
        let inner = Arc::downgrade(&self.0);
        let thread = std::thread::Builder::new().name("events".to_owned());
        let pass_on = move || {
            while let Some(event) = events.next_blocking() {
                let Some(inner) = inner.upgrade() else { return };
                let is_shown = lock(&inner.state).list.shown == key;
                let passed_on = if is_shown {
                    Some(event)
                } else {
                    inner.note(&key, &event).then_some(Event::WorkspacesChanged)
                };
                if let Some(event) = passed_on
                    && inner.events.send(event).is_err()
                {
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

impl Inner {
    /// Notes what happens in a workspace that is not shown; whether a person would see it at the switch.
    fn note(&self, key: &str, event: &Event) -> bool {
        let mut state = lock(&self.state);
        match event {
            Event::Patched { journey, .. } => {
                let Some(seen) = state.list.seen(key) else { return false };
                let is_news = seen.changed.insert(journey.to_string());
                if is_news && let Err(error) = state.list.write(&self.base) {
                    tracing::warn!("the list of workspaces cannot be kept: {error}");
                }
                is_news
            }
            Event::Team { team } => {
                let waiting = team.as_deref().map_or(0, Team::waiting);
                state.waiting.insert(key.to_owned(), waiting) != Some(waiting)
            }
            _ => false,
        }
    }
}

/// Nothing is left half done while it is held, so a thread that panicked has spoilt nothing.
fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A running workspace as it is now.
struct Look {
    name: String,
    relay: String,
    waiting: usize,
}

fn look_at(engine: &Engine) -> Option<Look> {
    let Ok(Reply::Start { start }) = engine.request_blocking(Request::Start) else { return None };
    let name = start.workspace.workspace().map(|it| it.name.clone()).unwrap_or_default();
    let Ok(Reply::Team { team }) = engine.request_blocking(Request::Team(TeamRequest::Standing)) else {
        return None;
    };
    let waiting = team.as_deref().map_or(0, Team::waiting);
    Some(Look { name, relay: team.map(|it| it.relay.clone()).unwrap_or_default(), waiting })
}

fn internal(message: String) -> Failure {
    Failure::new(ErrorCode::Internal, message)
}
