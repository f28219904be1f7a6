//! What one client, one workspace and one address can cost. Every number here has a reason beside it.
//!
//! Limits that belong to the protocol (the size of a record, of a snapshot, of a frame) are wire's: both sides
//! must know them. Those here are the host's to choose.

use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};

/// The host's limits. All can be set in `[limits]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Connections at once. Each costs some 14 KB of memory and a file descriptor.
    pub connections_max: usize,
    /// Handshakes at once that have not proved their device. They cost what a connection does, but no one's trust.
    pub handshakes_open_max: usize,
    /// Handshakes per second from one address (IPv6: one /64), with as many at once.
    pub handshakes_per_sec: u32,
    /// How long a client may take to prove its device.
    pub handshake_timeout_secs: u64,
    /// Silence after which a client is asked for a sign of life; a second such time without one, and it is gone.
    pub silence_secs: u64,
    /// How long a lease lasts, in milliseconds: after an end without goodbye, or a start of the relay, what only one
    /// device of a team does rests that long.
    pub lease_millis: u32,
    /// How long a client may refuse to take what was sent before the connection is dropped.
    pub stall_timeout_secs: u64,
    /// Records per second that one device may push for a longer time.
    pub device_records_per_sec: u32,
    /// Records that one device may push at once after a quiet time, such as two weeks of offline work.
    pub device_records_burst: u32,
    /// Presence messages per second of one device.
    pub device_presence_per_sec: u32,
    /// Logs one connection may follow. Memory of a connection grows with them.
    pub connection_logs_max: usize,
    /// Records, roster and snapshots of one workspace together.
    pub workspace_bytes_max: u64,
    /// Journeys of one workspace.
    pub workspace_logs_max: u32,
    /// Workspaces on this relay.
    pub workspaces_max: u32,
    /// Newest records kept in memory for readers that are up to date, all logs together. Others read the disk.
    pub tail_bytes_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections_max: 20_000,
            handshakes_open_max: 1_024,
            handshakes_per_sec: 64,
            handshake_timeout_secs: 10,
            silence_secs: 45,
            lease_millis: custory_wire::limits::LEASE_MILLIS_MAX,
            stall_timeout_secs: 30,
            device_records_per_sec: 200,
            device_records_burst: 20_000,
            device_presence_per_sec: 20,
            connection_logs_max: 512,
            workspace_bytes_max: 4 << 30,
            workspace_logs_max: 10_000,
            workspaces_max: 10_000,
            tail_bytes_max: 32 << 20,
        }
    }
}

impl Limits {
    /// Says which limit would let nothing through.
    pub fn validate(&self) -> Result<(), String> {
        let positive = [
            ("connections_max", self.connections_max as u64),
            ("handshakes_open_max", self.handshakes_open_max as u64),
            ("handshakes_per_sec", self.handshakes_per_sec.into()),
            ("handshake_timeout_secs", self.handshake_timeout_secs),
            ("silence_secs", self.silence_secs),
            ("lease_millis", self.lease_millis.into()),
            ("stall_timeout_secs", self.stall_timeout_secs),
            ("device_records_per_sec", self.device_records_per_sec.into()),
            ("device_records_burst", self.device_records_burst.into()),
            ("device_presence_per_sec", self.device_presence_per_sec.into()),
            ("connection_logs_max", self.connection_logs_max as u64),
            ("workspace_bytes_max", self.workspace_bytes_max),
            ("workspace_logs_max", self.workspace_logs_max.into()),
            ("workspaces_max", self.workspaces_max.into()),
        ];
        if (self.device_records_burst as usize) < custory_wire::limits::RECORDS_MAX {
            return Err("limits.device_records_burst is smaller than one push of 256 records".to_owned());
        }
        let lease_max = custory_wire::limits::LEASE_MILLIS_MAX;
        if self.lease_millis > lease_max {
            return Err(format!("limits.lease_millis is more than {lease_max}, which no client believes"));
        }
        match positive.iter().find(|(_, value)| *value == 0) {
            Some((name, _)) => Err(format!("limits.{name} is 0, which would let nothing through")),
            None => Ok(()),
        }
    }
}

/// A rate that [`Limits::validate`] has seen: never zero.
pub(crate) fn rate(per_sec: u32) -> NonZeroU32 {
    NonZeroU32::new(per_sec).unwrap_or(NonZeroU32::MIN)
}
