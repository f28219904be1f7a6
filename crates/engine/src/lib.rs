//! The one loop that owns journey data: requests in, replies and events out.
//!
//! It runs in a thread of its own and needs no window; the desktop shell and the command line are
//! thin over it. One inbox means that no two changes are ever half done at once. Time and
//! randomness come in through [`Options`].
//!
//! Several engines may run on one data folder (the window and the command line): each is a replica,
//! and the store makes them meet. Invariant: a reply that says "done" is sent after the change is
//! durable.

mod agenda;
mod apart;
mod assist;
mod automations;
mod changes;
mod clock;
mod connections;
mod digest;
mod disk;
mod drafts;
mod failure;
mod files;
mod folder;
mod history;
mod inbox;
mod journeys;
mod log;
mod meaning;
mod models;
mod nested;
mod news;
mod open;
mod pictures;
pub mod secrets;
mod signals;
mod start;
mod team;
mod upkeep;
mod verdicts;
mod workspaces;

use std::path::PathBuf;
use std::sync::{Arc, mpsc};

use custory_ipc::{ErrorCode, Event, Failure, Reply, Request};
use tokio::sync::{broadcast, oneshot};

/// What can be asked of a journey without a model; [`Request::Look`] takes their names.
pub use custory_assistant::tools::Tool;

pub use clock::{Clock, Entropy, SystemClock, SystemEntropy};
use inbox::Inbox;
pub use log::{log_filter, silenced};
pub use start::{StartError, default_data_dir, rescue};
pub use workspaces::{Workspaces, find_workspace, list_workspaces, shown_workspace, take_off};

/// What an engine needs to run.
pub struct Options {
    /// Where everything is kept.
    pub data_dir: PathBuf,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Gives randomness.
    pub entropy: Box<dyn Entropy>,
    /// Keeps this device's keys.
    pub secrets: Box<dyn secrets::Secrets>,
    /// What to call the person at this device until they say otherwise.
    pub person: String,
}

impl Options {
    /// The machine's own clock, randomness and user name.
    pub fn system(data_dir: PathBuf) -> Self {
        let person = ["USER", "USERNAME"].into_iter().find_map(|name| std::env::var(name).ok());
        Self {
            secrets: secrets::system(&data_dir),
            data_dir,
            clock: Arc::new(SystemClock),
            entropy: Box::new(SystemEntropy),
            person: person.filter(|it| !it.trim().is_empty()).unwrap_or_else(|| "Me".to_owned()),
        }
    }
}

/// A running engine. Clones talk to the same one; it stops when the last is gone.
#[derive(Clone)]
pub struct Engine {
    inbox: Arc<Door>,
    events: broadcast::Sender<Event>,
}

/// Events that a slow subscriber may be behind before it is told [`Event::Missed`].
const EVENTS_KEPT: usize = 4_096;

impl Engine {
    /// Opens the data folder, making it when there is none, and starts the loop.
    ///
    /// # Errors
    /// When the folder cannot be used or its database is damaged or newer than this program.
    pub fn start(options: Options) -> Result<Self, StartError> {
        let (events, _) = broadcast::channel(EVENTS_KEPT);
        let (sender, receiver) = mpsc::channel();
        let core = start::core(options, sender.clone(), events.clone())?;
        let thread = std::thread::Builder::new()
            .name("engine".to_owned())
            .spawn(move || inbox::run(core, &receiver))
            .map_err(StartError::Thread)?;
        Ok(Self { inbox: Arc::new(Door { sender, thread: Some(thread) }), events })
    }

    /// Asks and waits for the answer.
    ///
    /// # Errors
    /// When the engine says no; see [`Failure`].
    pub async fn request(&self, request: Request) -> Result<Reply, Failure> {
        let (answer, reply) = oneshot::channel();
        self.send(request, answer)?;
        reply.await.map_err(|_| stopped())?
    }

    /// Asks and blocks until the answer is there. Not for async code.
    ///
    /// # Errors
    /// When the engine says no; see [`Failure`].
    pub fn request_blocking(&self, request: Request) -> Result<Reply, Failure> {
        let (answer, reply) = oneshot::channel();
        self.send(request, answer)?;
        reply.blocking_recv().map_err(|_| stopped())?
    }

    /// Lets the engine do by itself what is due, for as long as it runs: read connected tools. For programs
    /// that stay open; a command that ends at once has no use for it.
    pub fn keep_up(&self) {
        let begin = |core: &mut inbox::Core| {
            if let Err(fault) = core.keep_up() {
                tracing::error!("nothing is done by itself: {fault}");
            }
        };
        if self.inbox.sender.send(Inbox::Errand(Box::new(begin))).is_err() {
            tracing::debug!("the engine has stopped");
        }
    }

    /// Everything that happens from now on.
    pub fn events(&self) -> Events {
        Events { receiver: self.events.subscribe() }
    }

    /// Whether a person looks at it. One that nobody looks at keeps its journeys on the disk.
    pub(crate) fn be_shown(&self, is_shown: bool) {
        let told = Inbox::Errand(Box::new(move |core| core.is_shown = is_shown));
        if self.inbox.sender.send(told).is_err() {
            tracing::debug!("the engine has stopped");
        }
    }

    /// Asks the loop for something that no window can ask for. `None` once it has stopped.
    pub(crate) fn ask<T: Send + 'static>(
        &self,
        errand: impl FnOnce(&mut inbox::Core) -> T + Send + 'static,
    ) -> Option<T> {
        apart::Way(self.inbox.sender.clone()).ask(errand)
    }

    /// Stops it whoever else has a handle, and waits until all that it had open is closed.
    pub(crate) fn end(self) {
        let (held, ended) = mpsc::channel();
        let is_held = self.ask(move |core| core.ending = Some(held)).is_some();
        if is_held && self.inbox.sender.send(Inbox::Stop).is_ok() {
            // Nothing is ever sent: the other end goes with the loop.
            ended.recv().unwrap_or_default();
        }
    }

    fn send(&self, request: Request, answer: inbox::Answer) -> Result<(), Failure> {
        self.inbox.sender.send(Inbox::Ask(Box::new(request), answer)).map_err(|_| stopped())
    }
}

fn stopped() -> Failure {
    Failure::new(ErrorCode::Internal, "The engine has stopped. Close Custory and open it again.")
}

/// What happens, as one subscriber hears it.
pub struct Events {
    receiver: broadcast::Receiver<Event>,
}

impl Events {
    /// The next event; `None` once the engine has stopped.
    pub async fn next(&mut self) -> Option<Event> {
        Self::heard(self.receiver.recv().await)
    }

    /// The next event, blocking; `None` once the engine has stopped. Not for async code.
    pub fn next_blocking(&mut self) -> Option<Event> {
        Self::heard(self.receiver.blocking_recv())
    }

    fn heard(received: Result<Event, broadcast::error::RecvError>) -> Option<Event> {
        match received {
            Ok(event) => Some(event),
            Err(broadcast::error::RecvError::Lagged(_)) => Some(Event::Missed),
            Err(broadcast::error::RecvError::Closed) => None,
        }
    }
}

/// The way into the loop; closing it waits until everything under way is on disk.
struct Door {
    sender: mpsc::Sender<Inbox>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Drop for Door {
    fn drop(&mut self) {
        let told = self.sender.send(Inbox::Stop);
        if let (Ok(()), Some(thread)) = (told, self.thread.take())
            && thread.join().is_err()
        {
            tracing::error!("the engine's loop ended by a panic");
        }
    }
}
