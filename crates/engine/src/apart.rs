//! Work that waits for the network, on threads of its own, and its way back into the loop.
//!
//! The loop never waits: what takes long runs apart and comes back as something to do.

use std::future::Future;
use std::pin::Pin;
use std::sync::mpsc;

use custory_ipc::{Failure, Reply};

use crate::failure::{Fault, internal};
use crate::inbox::{Answer, Core, Inbox};
use crate::team::Wish;

/// An answer that is there, or what will give it.
#[allow(clippy::large_enum_variant, reason = "it lives for one answer; a box would only cost")]
pub(crate) enum Outcome {
    Now(Reply),
    /// Work apart from the loop.
    Later(Later),
    /// The relay, once it has what is wanted of the team.
    Told(Wish),
}

/// Work apart from the loop that ends in an answer.
pub(crate) type Later = Box<dyn FnOnce() -> Pin<Box<dyn Future<Output = Result<Reply, Failure>>>> + Send>;

/// Answers whoever waits; they may not wait any more.
pub(crate) fn reply(answer: Answer, reply: Result<Reply, Failure>) {
    if answer.send(reply).is_err() {
        tracing::debug!("whoever asked did not wait for the answer");
    }
}

/// What work apart has for the loop to do.
pub(crate) type Errand = Box<dyn FnOnce(&mut Core) + Send>;

/// The way back into the loop, for work apart.
#[derive(Clone)]
pub(crate) struct Way(pub mpsc::Sender<Inbox>);

impl Way {
    /// Hands something to the loop. `false` once it has ended.
    pub(crate) fn hand(&self, errand: impl FnOnce(&mut Core) + Send + 'static) -> bool {
        self.0.send(Inbox::Errand(Box::new(errand))).is_ok()
    }

    /// Asks the loop for something and waits for it. Not for the loop itself. `None` once it has ended.
    pub(crate) fn ask<T: Send + 'static>(
        &self,
        errand: impl FnOnce(&mut Core) -> T + Send + 'static,
    ) -> Option<T> {
        let (answer, answered) = mpsc::channel();
        self.hand(move |core| {
            // Whoever asked may have stopped waiting.
            answer.send(errand(core)).ok();
        });
        answered.recv().ok()
    }
}

impl Core {
    /// Runs work on a thread of its own.
    pub(crate) fn apart<F: Future<Output = ()>>(
        &self,
        name: &str,
        work: impl FnOnce(Way) -> F + Send + 'static,
    ) -> Result<(), Fault> {
        let way = self.way();
        let thread = std::thread::Builder::new().name(name.to_owned());
        let spawned =
            thread.spawn(move || match tokio::runtime::Builder::new_current_thread().enable_all().build() {
                Ok(runtime) => runtime.block_on(work(way)),
                Err(error) => tracing::error!("no runtime for work apart: {error}"),
            });
        spawned.map(drop).map_err(|error| internal(&format!("Cannot start a thread: {error}.")))
    }

    pub(crate) fn way(&self) -> Way {
        Way(self.inbox.clone())
    }
}
