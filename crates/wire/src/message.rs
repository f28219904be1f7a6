//! Every message between a client and a relay. One WebSocket binary message is one of these.
//!
//! A message is the CBOR array `[number, field, …]`. Trailing fields that are not known are skipped,
//! so that fields can be added; an unknown number is an error.

use minicbor::{Decode, Encode};

use crate::answer::{ErrorCode, LogTip, NackReason, Standing};
use crate::chain::{Chain, DeviceChain};
use crate::codec::{DecodeError, byte_list, decode, encode};
use crate::ids::{Hash, Head, Incarnation, LeaseName, LogId, Nonce, PublicKey, RelayKey, Signature, SpaceId};
use crate::limits::{self, Limits, MESSAGE_BYTES_MAX};
use crate::roster::Wrapped;
use crate::snapshot::SnapshotInfo;

/// What a client says.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(flat)]
pub enum ToRelay {
    /// The first message: who this is. → `Welcome`, or `Error` and the end.
    #[n(0)]
    Auth {
        /// The version to speak, out of the challenge.
        #[n(0)]
        version: u16,
        /// The workspace it is about.
        #[n(1)]
        space: SpaceId,
        /// A device's key, or an invitation's.
        #[n(2)]
        key: PublicKey,
        /// The client's nonce.
        #[n(3)]
        nonce: Nonce,
        /// Over [`crate::Handshake::auth_bytes`].
        #[n(4)]
        signature: Signature,
    },
    /// Makes a workspace that the relay does not know, or knows less of: its roster records from the
    /// first on. → `Roster` with all of them, or `Nack`.
    #[n(1)]
    Create {
        /// Roster records.
        #[cbor(n(0), with = "byte_list")]
        records: Vec<Vec<u8>>,
        /// What the relay's owner asks for before it takes a new workspace.
        #[n(1)]
        token: Option<String>,
    },
    /// Adds to the roster. Any who belong to the workspace may bring any valid next records; each
    /// carries its own signature. → `Roster` to all who are connected, or `Nack`.
    #[n(2)]
    RosterPut {
        /// The next roster records.
        #[cbor(n(0), with = "byte_list")]
        records: Vec<Vec<u8>>,
    },
    /// Asks for the roster. → `Roster`
    #[n(3)]
    RosterGet {
        /// Records after this one.
        #[n(0)]
        after: u32,
    },
    /// Asks which logs there are, and to be told of new ones. → `Logs`
    #[n(4)]
    List,
    /// Opens a log after a place: records follow as they come. → `Opened`, `RolledBack` or
    /// `GoneBelow`. Opening an open log moves its cursor.
    #[n(5)]
    Open {
        /// Which.
        #[n(0)]
        log: LogId,
        /// The place that the client has come to.
        #[n(1)]
        at: Chain,
        /// Snapshots that the client does not take: an older one will do, or the records.
        #[cbor(n(2), default, skip_if = "Vec::is_empty")]
        without: Vec<Hash>,
    },
    /// Stops a log.
    #[n(6)]
    Close {
        /// Which.
        #[n(0)]
        log: LogId,
    },
    /// Appends records, in order. → `Ack` for those that are durable, `Nack` for the first that is
    /// not taken; those after it are not looked at.
    #[n(7)]
    Push {
        /// Where. It must be open.
        #[n(0)]
        log: LogId,
        /// Records.
        #[cbor(n(1), with = "byte_list")]
        records: Vec<Vec<u8>>,
    },
    /// A signed statement of what this device has seen of a log. The relay keeps the newest of each
    /// device and tells the others.
    #[n(8)]
    Seen {
        /// Which.
        #[n(0)]
        log: LogId,
        /// The statement; the relay does not read it.
        #[cbor(n(1), with = "minicbor::bytes")]
        statement: Vec<u8>,
    },
    /// Allows the relay to send that many more bytes of records and snapshot parts.
    #[n(9)]
    Credit {
        /// Bytes.
        #[n(0)]
        bytes: u64,
    },
    /// Something for those who have the log open now; kept nowhere.
    #[n(10)]
    Ephemeral {
        /// Which.
        #[n(0)]
        log: LogId,
        /// Sealed.
        #[cbor(n(1), with = "minicbor::bytes")]
        sealed: Vec<u8>,
    },
    /// Offers a snapshot. → `SnapshotWanted` or `Nack`
    #[n(11)]
    SnapshotPut {
        /// Of which log.
        #[n(0)]
        log: LogId,
        /// What it is.
        #[n(1)]
        info: SnapshotInfo,
    },
    /// The next part of a snapshot that is wanted. → `SnapshotStored` after the last
    #[n(12)]
    SnapshotPart {
        /// Names the snapshot.
        #[n(0)]
        hash: Hash,
        /// Where in the blob it goes.
        #[n(1)]
        offset: u64,
        /// The part.
        #[cbor(n(2), with = "minicbor::bytes")]
        bytes: Vec<u8>,
    },
    /// Asks for a snapshot. → `SnapshotPart`s within credit
    #[n(13)]
    SnapshotGet {
        /// Of which log.
        #[n(0)]
        log: LogId,
        /// Names the snapshot.
        #[n(1)]
        hash: Hash,
        /// From where on.
        #[n(2)]
        offset: u64,
    },
    /// Confirms that another device's snapshot is what it claims to be; records below it may go.
    #[n(14)]
    SnapshotConfirm {
        /// Of which log.
        #[n(0)]
        log: LogId,
        /// Names the snapshot.
        #[n(1)]
        hash: Hash,
        /// Over the confirm context's prefix, the log and the hash.
        #[n(2)]
        signature: Signature,
    },
    /// Is anybody there? → `Pong`
    #[n(15)]
    Ping {
        /// Comes back.
        #[n(0)]
        number: u32,
    },
    /// Asks for a lease: to be, for a while, the only device of the workspace that does something. Whoever
    /// holds it and asks again holds it for longer. → `Leased`
    #[n(16)]
    Lease {
        /// What it is for, as the workspace's devices name it among themselves.
        #[n(0)]
        name: LeaseName,
    },
}

/// What a relay says.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(flat)]
pub enum ToClient {
    /// The first message.
    #[n(0)]
    Challenge {
        /// Who this is.
        #[n(0)]
        relay: RelayKey,
        /// The relay's nonce.
        #[n(1)]
        nonce: Nonce,
        /// Versions that it speaks.
        #[n(2)]
        versions: Vec<u16>,
    },
    /// The client is known for what it is.
    #[n(1)]
    Welcome {
        /// The life of the relay's store.
        #[n(0)]
        incarnation: Incarnation,
        /// What the client is here.
        #[n(1)]
        standing: Standing,
        /// How many roster records the relay has of the workspace; 0 if it does not know it.
        #[n(2)]
        rseq: u32,
        /// The hash of the newest.
        #[n(3)]
        rhead: Head,
        /// What the connection is allowed.
        #[n(4)]
        limits: Limits,
        /// Over [`crate::Handshake::welcome_bytes`].
        #[n(5)]
        signature: Signature,
    },
    /// Roster records: asked for, or new.
    #[n(2)]
    Roster {
        /// The number of the first of them.
        #[n(0)]
        first: u32,
        /// Roster records, without gaps.
        #[cbor(n(1), with = "byte_list")]
        records: Vec<Vec<u8>>,
        /// How many the relay has.
        #[n(2)]
        rseq: u32,
    },
    /// Logs of the workspace: asked for, or new.
    #[n(3)]
    Logs {
        /// Which.
        #[n(0)]
        logs: Vec<LogTip>,
        /// This answers `List` and no more of the answer follows.
        #[n(1)]
        is_complete: bool,
    },
    /// A log is open; `Records` follow from the client's place on.
    #[n(4)]
    Opened {
        /// Which.
        #[n(0)]
        log: LogId,
        /// Its newest place.
        #[n(1)]
        tip: Chain,
        /// How far the client's own device has come in it.
        #[n(2)]
        mine: DeviceChain,
        /// The newest snapshot, if there is one.
        #[n(3)]
        snapshot: Option<SnapshotInfo>,
        /// What each device has seen, as it stated.
        #[n(4)]
        seen: Vec<Wrapped>,
    },
    /// The relay does not have what the client has of this log, which is not open now.
    #[n(5)]
    RolledBack {
        /// Which.
        #[n(0)]
        log: LogId,
        /// The newest place that it has.
        #[n(1)]
        tip: Chain,
    },
    /// The records that come next were given up for a snapshot; the log is not open.
    #[n(6)]
    GoneBelow {
        /// Which.
        #[n(0)]
        log: LogId,
        /// Begin with this.
        #[n(1)]
        snapshot: SnapshotInfo,
    },
    /// Records of an open log, own ones too, without gaps.
    #[n(7)]
    Records {
        /// Which.
        #[n(0)]
        log: LogId,
        /// The number of the first of them.
        #[n(1)]
        first: u64,
        /// Records.
        #[cbor(n(2), with = "byte_list")]
        records: Vec<Vec<u8>>,
        /// The number of the newest record that the relay has.
        #[n(3)]
        tip_seq: u64,
    },
    /// Own records are durable.
    #[n(8)]
    Ack {
        /// Where.
        #[n(0)]
        log: LogId,
        /// Own number and number in the log of each.
        #[n(1)]
        records: Vec<(u64, u64)>,
    },
    /// Something was not taken.
    #[n(9)]
    Nack {
        /// Where, if it was about a log.
        #[n(0)]
        log: Option<LogId>,
        /// Which own record, if it was about one.
        #[n(1)]
        dseq: Option<u64>,
        /// Why.
        #[n(2)]
        reason: NackReason,
    },
    /// A device has stated what it has seen.
    #[n(10)]
    Seen {
        /// Of which log.
        #[n(0)]
        log: LogId,
        /// The device, and its statement.
        #[n(1)]
        statement: Wrapped,
    },
    /// Something from a device that has the log open now.
    #[n(11)]
    Ephemeral {
        /// Which.
        #[n(0)]
        log: LogId,
        /// The device, and what it sealed.
        #[n(1)]
        sealed: Wrapped,
    },
    /// The relay takes a snapshot: send it.
    #[n(12)]
    SnapshotWanted {
        /// Names the snapshot.
        #[n(0)]
        hash: Hash,
        /// From where on.
        #[n(1)]
        offset: u64,
    },
    /// The next part of a snapshot that was asked for.
    #[n(13)]
    SnapshotPart {
        /// Names the snapshot.
        #[n(0)]
        hash: Hash,
        /// Where in the blob it goes.
        #[n(1)]
        offset: u64,
        /// The part.
        #[cbor(n(2), with = "minicbor::bytes")]
        bytes: Vec<u8>,
    },
    /// A snapshot is complete and durable. Sent to all who have the log open; others may confirm it.
    #[n(14)]
    SnapshotStored {
        /// Of which log.
        #[n(0)]
        log: LogId,
        /// What it is.
        #[n(1)]
        info: SnapshotInfo,
    },
    /// Somebody is there.
    #[n(15)]
    Pong {
        /// What came.
        #[n(0)]
        number: u32,
    },
    /// The connection ends for a reason that trying again does not mend soon.
    #[n(16)]
    Error {
        /// Which, for programs.
        #[n(0)]
        code: ErrorCode,
        /// Which, for people.
        #[n(1)]
        text: String,
    },
    /// The relay is about to stop; come back a little later.
    #[n(17)]
    GoingAway,
    /// How a lease stands.
    #[n(18)]
    Leased {
        /// Which.
        #[n(0)]
        name: LeaseName,
        /// Whether this device holds it.
        #[n(1)]
        is_held: bool,
        /// Milliseconds that are left of it, counted from when the relay sent this: of this device's own, or until
        /// it is worth asking again.
        #[n(2)]
        millis: u32,
    },
}

impl ToRelay {
    /// As one WebSocket message.
    pub fn to_bytes(&self) -> Vec<u8> {
        encode(self)
    }

    /// Out of one WebSocket message.
    ///
    /// # Errors
    /// When it is none, or some part is longer than it may be.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DecodeError> {
        let message: Self = decode(bytes, MESSAGE_BYTES_MAX)?;
        match &message {
            Self::Create { records, token } => {
                at_most(records.len(), limits::ROSTER_RECORDS_MAX, "roster records")?;
                at_most(token.as_ref().map_or(0, String::len), limits::TOKEN_BYTES_MAX, "bytes of token")?;
            }
            Self::RosterPut { records } => {
                at_most(records.len(), limits::ROSTER_RECORDS_MAX, "roster records")?;
            }
            Self::Push { records, .. } => at_most(records.len(), limits::RECORDS_MAX, "records")?,
            Self::Open { without, .. } => at_most(without.len(), limits::WITHOUT_MAX, "snapshots")?,
            Self::Seen { statement, .. } => at_most(statement.len(), limits::SEEN_BYTES_MAX, "bytes")?,
            Self::Ephemeral { sealed, .. } => at_most(sealed.len(), limits::EPHEMERAL_BYTES_MAX, "bytes")?,
            Self::SnapshotPut { info, .. } => snapshot(info)?,
            Self::SnapshotPart { bytes, .. } => at_most(bytes.len(), limits::SNAPSHOT_PART_BYTES, "bytes")?,
            Self::Auth { .. }
            | Self::RosterGet { .. }
            | Self::List
            | Self::Close { .. }
            | Self::Credit { .. }
            | Self::SnapshotGet { .. }
            | Self::SnapshotConfirm { .. }
            | Self::Ping { .. }
            | Self::Lease { .. } => {}
        }
        Ok(message)
    }
}

impl ToClient {
    /// As one WebSocket message.
    pub fn to_bytes(&self) -> Vec<u8> {
        encode(self)
    }

    /// Out of one WebSocket message.
    ///
    /// # Errors
    /// When it is none, or some part is longer than it may be.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DecodeError> {
        let message: Self = decode(bytes, MESSAGE_BYTES_MAX)?;
        match &message {
            Self::Challenge { versions, .. } => at_most(versions.len(), 64, "versions")?,
            Self::Roster { records, .. } => {
                at_most(records.len(), limits::ROSTER_RECORDS_MAX, "roster records")?;
            }
            Self::Logs { logs, .. } => at_most(logs.len(), limits::LOGS_LISTED_MAX, "logs")?,
            Self::Opened { snapshot: info, seen, .. } => {
                info.as_ref().map_or(Ok(()), snapshot)?;
                at_most(seen.len(), limits::ROSTER_LENGTH_MAX as usize, "statements")?;
            }
            Self::GoneBelow { snapshot: info, .. } | Self::SnapshotStored { info, .. } => snapshot(info)?,
            Self::Records { records, .. } => at_most(records.len(), limits::RECORDS_MAX, "records")?,
            Self::Ack { records, .. } => at_most(records.len(), limits::RECORDS_MAX, "records")?,
            Self::Seen { statement, .. } => {
                at_most(statement.bytes.len(), limits::SEEN_BYTES_MAX, "bytes")?;
            }
            Self::Ephemeral { sealed, .. } => {
                at_most(sealed.bytes.len(), limits::EPHEMERAL_BYTES_MAX, "bytes")?;
            }
            Self::SnapshotPart { bytes, .. } => at_most(bytes.len(), limits::SNAPSHOT_PART_BYTES, "bytes")?,
            Self::Error { text, .. } => at_most(text.len(), limits::TEXT_BYTES_MAX, "bytes of text")?,
            Self::Welcome { .. }
            | Self::RolledBack { .. }
            | Self::Nack { .. }
            | Self::SnapshotWanted { .. }
            | Self::Pong { .. }
            | Self::GoingAway
            | Self::Leased { .. } => {}
        }
        Ok(message)
    }
}

fn at_most(count: usize, max: usize, what: &'static str) -> Result<(), DecodeError> {
    if count <= max { Ok(()) } else { Err(DecodeError::TooMany(what)) }
}

fn snapshot(info: &SnapshotInfo) -> Result<(), DecodeError> {
    at_most(info.header.len(), limits::SNAPSHOT_HEADER_BYTES_MAX, "bytes of header")?;
    if info.bytes_len <= limits::SNAPSHOT_BYTES_MAX { Ok(()) } else { Err(DecodeError::TooMany("bytes")) }
}
