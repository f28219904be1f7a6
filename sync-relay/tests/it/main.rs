//! The relay as its clients meet it: real sockets on loopback, a real database in a folder of its own.
//!
//! All but `many` and `upkeep` is run on the other store as well (`tests/nats`): what is promised does not depend on where it is
//! kept.
#![expect(clippy::unwrap_used, reason = "what fails here is a failed test")]

mod append;
mod bounds;
mod crash;
mod fanout;
mod home;
mod hostile;
mod http;
#[cfg(target_os = "linux")]
mod many;
mod roster;
mod snapshots;
mod support;
mod upkeep;
mod versions;
