//! Promises of the store, kept with real files.

#![allow(clippy::unwrap_used, reason = "what goes wrong here is a test that fails")]

mod commit;
mod crash;
mod damage;
mod drafts;
mod format;
mod home;
mod news;
mod open;
mod projection;
mod search;
mod snapshots;
mod team;
