//! How much of anything there may be, and why. A relay may set less where [`Limits`] says so.

use minicbor::{Decode, Encode};

/// Bytes of one WebSocket message. A push of several records, or a page of them, fits well.
pub const MESSAGE_BYTES_MAX: usize = 1 << 20;

/// Bytes of one record. A change has at most 256 KiB; padding adds an eighth, the rest is header.
pub const RECORD_BYTES_MAX: usize = 320 * 1024;

/// Records in one push or page. Bounds the work of one message.
pub const RECORDS_MAX: usize = 256;

/// Bytes of one roster record: a rotation for the largest team is 256 × about 100 bytes.
pub const ROSTER_RECORD_BYTES_MAX: usize = 64 * 1024;

/// Roster records in one message.
pub const ROSTER_RECORDS_MAX: usize = 512;

/// Roster records of a workspace, ever. Each is a deliberate act of an admin, or a join.
pub const ROSTER_LENGTH_MAX: u32 = 20_000;

/// Devices of a workspace at once. Rotating wraps a key to each, so this bounds a rotation.
pub const DEVICES_MAX: usize = 256;

/// Invitations that are open at once, and requests to join that wait at once.
pub const INVITES_MAX: usize = 64;

/// Times that one invitation may be used.
pub const INVITE_USES_MAX: u32 = 64;

/// Bytes of a sealed profile: names of a person and a device.
pub const PROFILE_BYTES_MAX: usize = 1_024;

/// Bytes of a key wrapped to a device; about a hundred are used.
pub const WRAPPED_BYTES_MAX: usize = 256;

/// Bytes of what a joining device says to one admin.
pub const NAME_BYTES_MAX: usize = 512;

/// Bytes of one ephemeral message: a place, a selection, a cursor.
pub const EPHEMERAL_BYTES_MAX: usize = 2_048;

/// Bytes of a signed statement of what a device has seen.
pub const SEEN_BYTES_MAX: usize = 512;

/// Bytes of a token that allows making a workspace on a relay.
pub const TOKEN_BYTES_MAX: usize = 256;

/// Bytes of the text beside an error.
pub const TEXT_BYTES_MAX: usize = 512;

/// Bytes of a snapshot of one log, sealed.
pub const SNAPSHOT_BYTES_MAX: u64 = 64 << 20;

/// Bytes of a snapshot's header: one entry per device that ever wrote.
pub const SNAPSHOT_HEADER_BYTES_MAX: usize = 64 * 1024;

/// Bytes of one part of a snapshot.
pub const SNAPSHOT_PART_BYTES: usize = 256 * 1024;

/// Snapshots that a client may turn down when it opens a log. A relay keeps two that count.
pub const WITHOUT_MAX: usize = 8;

/// Logs that one connection may have open.
pub const LOGS_OPEN_MAX: usize = 512;

/// Logs in one list; the rest follow in further messages.
pub const LOGS_LISTED_MAX: usize = 4_096;

/// Bytes of records that a relay may send before it is granted more with `Credit`.
pub const CREDIT_BYTES: u64 = 4 << 20;

/// Records that a client may have pushed to one log without an answer.
pub const IN_FLIGHT_MAX: usize = 64;

/// Milliseconds that a lease lasts at most. Who asked for it and went away holds up the others that long.
pub const LEASE_MILLIS_MAX: u32 = 60_000;

/// What a relay allows a connection, said in its welcome. Never more than this module's constants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Limits {
    /// Bytes of one record.
    #[n(0)]
    pub record_bytes_max: u32,
    /// Logs open at once.
    #[n(1)]
    pub logs_open_max: u32,
    /// Bytes of a snapshot; 0 if the relay keeps none.
    #[n(2)]
    pub snapshot_bytes_max: u64,
    /// Bytes that a workspace may take up; 0 if that is not bounded.
    #[n(3)]
    pub space_bytes_max: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            record_bytes_max: RECORD_BYTES_MAX as u32,
            logs_open_max: LOGS_OPEN_MAX as u32,
            snapshot_bytes_max: SNAPSHOT_BYTES_MAX,
            space_bytes_max: 0,
        }
    }
}
