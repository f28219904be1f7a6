//! What devices and a relay say to each other: messages, records, the roster, and their limits.
//!
//! A relay builds on this crate alone. Nothing here can open a sealed record, because the code that
//! can is in another crate; nothing here knows a journey. `docs/protocol.md` says the same in words,
//! exactly enough for another implementation.
//!
//! Pure: no IO, no clock, no randomness. Everything that is decoded is untrusted: it is bounded in
//! size before it is read ([`limits`]), and reading never panics.
//!
//! Invariant: a signature is checked over the bytes that were received, never over a new encoding.

mod answer;
mod auth;
mod chain;
mod codec;
mod ids;
pub mod limits;
mod message;
mod record;
mod roster;
mod sign;
mod snapshot;

pub use answer::{ErrorCode, LogTip, NackReason, Standing};
pub use auth::{Handshake, Offer};
pub use chain::{Chain, DeviceChain};
pub use codec::{DecodeError, decode, encode};
pub use ids::{
    Hash, Head, Incarnation, InvalidText, LeaseName, LogId, Nonce, PublicKey, RelayKey, Signature, SpaceId,
};
pub use message::{ToClient, ToRelay};
pub use record::{Header, Kind, Parsed, RecordError, SUITE, record_bytes, record_signing_bytes};
pub use roster::{
    Action, Device, Invite, Join, Role, Roster, RosterBody, RosterError, Rotation, Wrapped, join_proof_bytes,
    roster_record, roster_signer, roster_signing_bytes,
};
pub use sign::{Context, is_signed, signing_bytes};
pub use snapshot::{SnapshotHeader, SnapshotInfo, snapshot_signing_bytes};

/// The version of everything in this crate. A relay and a client that share no version say so and
/// part; they never go on in silence.
pub const PROTOCOL_VERSION: u16 = 1;

/// Where a relay takes the WebSocket.
pub const SYNC_PATH: &str = "/sync/1";
