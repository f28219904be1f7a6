//! What a connector needs of the machine: the time, a little randomness, and waiting.

use std::time::Duration;

use custory_domain::Timestamp;
use futures_util::future::BoxFuture;

/// Time and randomness, given by whoever owns them. A test answers at once and waits for nothing.
pub trait Surroundings: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;
    /// What the random part of a wait is drawn from, so that many devices do not try again all at once.
    fn seed(&self) -> u64;
    /// Is there when the time is over.
    fn wait(&self, time: Duration) -> BoxFuture<'static, ()>;
}
