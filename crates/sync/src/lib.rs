//! The sync client as a state machine: an [`Input`] goes in, [`Output`]s come out.
//!
//! Nothing here opens a socket, reads a clock or a disk, or rolls a die; whoever runs it does that
//! and reports back. So a test runs many devices and a forgetful relay in one thread, from a seed.
//!
//! How it keeps in step: **the log itself says what this device has written.** A client never pushes
//! before it has read to the end of a log, its own records included, so an edit whose
//! acknowledgement was lost is found there, and the numbers of its own records go on from there.
//! That makes retries, crashes, restored laptops and restored relays one case
//! (docs/decisions/0006-sync-client.md).
//!
//! Invariant: an edit leaves the outbox only when a record that holds it, or a snapshot that stands for
//! that record, has been read back from the log. Invariant: a record is taken in only if its author might write it, at that place, and has
//! signed it; what is not taken in is named ([`Skipped`]).

mod client;
mod connect;
mod io;
mod log;
mod read;
mod receive;
mod recent;
mod send;
mod snapshot;
mod state;
mod team;

pub use client::{Client, Setup};
pub use io::{Act, Edit, Ended, Input, Output};
pub use log::{Hold, LogStatus};
pub use receive::{Fork, Skip, Skipped};
pub use snapshot::{Compaction, RefusedSnapshot, SnapshotFault, Taking, WholeDocument};
pub use state::LogState;
