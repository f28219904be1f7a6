//! Where time and randomness come from: the only place that asks the machine for either.
//!
//! Everything else gets them passed in, so that a test decides what time it is and which ids come
//! next.

use std::time::Duration;

use custory_domain::Timestamp;
use futures_util::future::BoxFuture;
use ulid::Ulid;

/// Tells the time.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;

    /// Is there when the time is over.
    fn wait(&self, time: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(time))
    }
}

/// Gives randomness.
pub trait Entropy: Send {
    /// Fills `bytes` with random ones.
    fn fill(&mut self, bytes: &mut [u8]);
}

/// The machine's own clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is where the time comes in")]
    fn now(&self) -> Timestamp {
        let since_1970 = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        Timestamp(since_1970.map_or(0, |it| i64::try_from(it.as_millis()).unwrap_or(i64::MAX)))
    }
}

/// The machine's own randomness.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&mut self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("a machine without randomness cannot make safe identifiers");
    }
}

/// A fresh identifier.
pub(crate) fn mint(clock: &dyn Clock, entropy: &mut dyn Entropy) -> Ulid {
    let mut random = [0; 16];
    entropy.fill(&mut random);
    Ulid::from_parts(clock.now().0.max(0) as u64, u128::from_le_bytes(random))
}
