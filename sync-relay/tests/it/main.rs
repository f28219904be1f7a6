//! The relay as its clients meet it: real sockets on loopback, a real database in a folder of its own.
#![expect(clippy::unwrap_used, reason = "what fails here is a failed test")]

mod append;
mod bounds;
mod crash;
mod fanout;
mod hostile;
mod http;
mod roster;
mod snapshots;
mod support;
mod upkeep;
