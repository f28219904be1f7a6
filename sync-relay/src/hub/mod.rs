//! What is going on right now: which workspaces and logs somebody is connected to, and who must hear of news.
//!
//! Nothing here is the truth; that is the store. Everything here can be made anew from it, and exists only while
//! somebody needs it, so memory follows the connections and never the number of journeys kept.
//!
//! Invariant: only the writer changes what a topic or a roster says, and only after the commit. A connection may
//! therefore show everything it finds here.

mod board;
mod mailbox;
mod space;
mod told;
mod topic;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use custory_wire::SpaceId;

pub(crate) use board::Board;
pub(crate) use mailbox::{Mailbox, Marks};
pub(crate) use space::{Kept, Space};
pub(crate) use told::Told;
pub(crate) use topic::{Fresh, Page, Subscriber, Topic, TopicState};

/// Workspaces remembered after the last connection left, so that a short absence costs no new reading.
const SPACES_KEPT: usize = 1_024;

/// Takes a lock whose holder cannot have left things half done: every critical section here is a few
/// assignments. A panic elsewhere must not take the relay down.
pub(crate) fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// All workspaces somebody is connected to.
#[derive(Default)]
pub(crate) struct Hub {
    spaces: Mutex<HashMap<SpaceId, Arc<Space>>>,
}

impl Hub {
    /// Wakes all connections, to look at what concerns all of them.
    pub(crate) fn wake_all(&self) {
        let spaces: Vec<_> = lock(&self.spaces).values().cloned().collect();
        spaces.iter().for_each(|it| it.wake_all());
    }

    /// The workspace, loaded if nobody was here before.
    pub(crate) async fn space<E>(
        &self,
        id: SpaceId,
        load: impl AsyncFnOnce(&Arc<Space>) -> Result<Option<Kept>, E>,
    ) -> Result<Arc<Space>, E> {
        let space = {
            let mut spaces = lock(&self.spaces);
            if spaces.len() >= SPACES_KEPT && !spaces.contains_key(&id) {
                spaces.retain(|_, space| Arc::strong_count(space) > 1);
            }
            spaces.entry(id).or_insert_with(|| Arc::new(Space::new(id))).clone()
        };
        space.load(load(&space)).await?;
        Ok(space)
    }
}
