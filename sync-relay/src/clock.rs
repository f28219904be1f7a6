//! The one place where the relay asks for the time: to measure how long things take, and to wait.
//!
//! No time takes part in order, admission or expiry of anything stored.

use std::time::Duration;

use tokio::time::Instant;

/// A moment to wait from.
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// Starts measuring; the returned function says how long ago that was.
pub(crate) fn stopwatch() -> impl Fn() -> Duration {
    let start = now();
    move || start.elapsed()
}
