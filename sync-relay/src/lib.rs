//! The relay: orders, keeps and fans out sealed records of teams, and can read none of them.
//!
//! A relay is one program and one folder, or several programs in front of a NATS cluster. [`Relay::start`] opens the
//! store and listens; a record is acknowledged when it is on the disk, and sent to its
//! readers then. What a relay must do is in `docs/protocol.md`, how to host one in `docs/relay.md`.
//!
//! - `connection`: one task for each client. Asks, sends, never waits for another client.
//! - `store`: what is kept, in SQLite and a folder of snapshots or in a NATS cluster, and who writes it.
//! - `hub`: who is connected to what. Follows the connections; can always be made anew.
//! - `outlet`: writing to a client without waking its connection.
//!
//! It builds on `custory-wire` alone: what could open a record is not even compiled in. Payloads never reach a
//! log or a metric.

mod clock;
pub mod config;
mod connection;
mod http;
mod hub;
mod identity;
mod leases;
mod limits;
mod lookup;
mod metrics;
mod outlet;
mod rates;
mod relay;
mod shared;
mod store;
mod tls;

pub use limits::Limits;
pub use relay::{Relay, StartError};
pub use store::{
    Complaint, Findings, StoreError, backup, backup_cluster, check, check_cluster, restore, restore_cluster,
};
pub use tls::TlsError;
