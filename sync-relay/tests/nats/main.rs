//! The relay on NATS: the same tests as on SQLite, on a server that is started for each; and what only several relays
//! on several servers can be asked.
//!
//! The server is `target/tools/nats-server`, which `cargo xtask test` fetches, or the one that `CUSTORY_NATS_SERVER`
//! names. Where there is none these tests are left out and say so; in CI that is a failure.
#![expect(clippy::unwrap_used, reason = "what fails here is a failed test")]

#[path = "../it/append.rs"]
mod append;
#[path = "../it/bounds.rs"]
mod bounds;
mod cluster;
mod copies;
#[path = "../it/crash.rs"]
mod crash;
#[path = "../it/fanout.rs"]
mod fanout;
mod guard;
mod home;
#[path = "../it/hostile.rs"]
mod hostile;
#[path = "../it/http.rs"]
mod http;
mod nodes;
#[path = "../it/roster.rs"]
mod roster;
mod server;
#[path = "../it/snapshots.rs"]
mod snapshots;
#[path = "../it/support/mod.rs"]
mod support;
#[path = "../it/versions.rs"]
mod versions;
