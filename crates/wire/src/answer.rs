//! The words of an answer: what a client is to a relay, why something was not taken, why it ends.

use minicbor::{Decode, Encode};

use crate::chain::{Chain, DeviceChain};
use crate::ids::LogId;
use crate::roster::Role;

/// What a client is to the relay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(flat)]
pub enum Standing {
    /// The relay does not know the workspace: `Create` is all that can be done.
    #[n(0)]
    Unknown,
    /// A device of it.
    #[n(1)]
    Member {
        /// Its number.
        #[n(0)]
        device: u32,
        /// What it may do.
        #[n(1)]
        role: Role,
    },
    /// An invitation: the roster may be read, and one request to join be put.
    #[n(2)]
    Invited {
        /// Its number.
        #[n(0)]
        invite: u32,
    },
    /// A device whose request waits: the roster may be read.
    #[n(3)]
    Waiting {
        /// The request's number.
        #[n(0)]
        join: u32,
    },
}

/// A log and how far it has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct LogTip {
    /// Which.
    #[n(0)]
    pub log: LogId,
    /// Its newest place.
    #[n(1)]
    pub tip: Chain,
}

/// Why something was not taken. The connection goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(flat)]
pub enum NackReason {
    /// Records must cite the newest roster record and its epoch. Seal anew.
    #[n(0)]
    RosterStale {
        /// The newest.
        #[n(0)]
        rseq: u32,
    },
    /// The record does not continue the device's own chain.
    #[n(1)]
    ChainGap {
        /// How far the device has come.
        #[n(0)]
        mine: DeviceChain,
    },
    /// Another record has that number already: two programs write as one device.
    #[n(2)]
    ChainConflict {
        /// How far the device has come.
        #[n(0)]
        mine: DeviceChain,
    },
    /// Larger than the relay takes.
    #[n(3)]
    TooBig,
    /// The workspace takes up all that it may.
    #[n(4)]
    Quota,
    /// Too fast; try again later.
    #[n(5)]
    Slow,
    /// This device may not do that.
    #[n(6)]
    Denied,
    /// Not what the protocol says.
    #[n(7)]
    Malformed,
    /// The log is not open on this connection.
    #[n(8)]
    NotOpen,
    /// The relay makes no new workspaces, or not for this token.
    #[n(9)]
    NotAdmitted,
    /// A roster record does not fit: it is not the next, or a rule forbids it.
    #[n(10)]
    RosterRefused,
    /// Nothing of that name is here.
    #[n(11)]
    NotFound,
}

/// Why a connection ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum ErrorCode {
    /// No version in common: one side has to be updated.
    #[n(0)]
    Version,
    /// The signature is not the key's.
    #[n(1)]
    Unauthenticated,
    /// The workspace is known and the key is none of its own.
    #[n(2)]
    NotAMember,
    /// The device was removed from the workspace.
    #[n(3)]
    Removed,
    /// The invitation was used up or revoked.
    #[n(4)]
    InviteClosed,
    /// Not what the protocol says.
    #[n(5)]
    Malformed,
    /// Too many connections, or too fast.
    #[n(6)]
    Busy,
    /// A fault of the relay itself.
    #[n(7)]
    Internal,
}
