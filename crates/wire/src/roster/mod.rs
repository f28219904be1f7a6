//! The roster: a chain of signed records that says who belongs to a workspace and what they may do.
//!
//! Keys and roles are open to the relay; names and content keys are sealed. A relay and every client
//! fold the same records with the same rules ([`Roster`]), so neither has to trust the other about
//! membership. Each record names the one before, so there is one roster or a visible fork.

mod fold;
mod rules;

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use crate::codec::{DecodeError, encode};
use crate::ids::{Hash, LogId, PublicKey, Signature, SpaceId};
use crate::sign::{Context, signing_bytes};

pub use fold::{Device, Invite, Join, Roster, roster_signer};

/// What a device may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Role {
    /// Reads.
    #[n(0)]
    Viewer,
    /// Reads and writes.
    #[n(1)]
    Editor,
    /// Also decides who belongs to the workspace.
    #[n(2)]
    Admin,
}

impl Role {
    /// Whether it may write records.
    pub fn may_write(self) -> bool {
        self >= Self::Editor
    }
}

/// Something sealed to one device.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Wrapped {
    /// The device.
    #[n(0)]
    pub device: u32,
    /// What only it can open.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub bytes: Vec<u8>,
}

/// A new epoch: a new key for all that is written from here on.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Rotation {
    /// Its number: one more than before.
    #[n(0)]
    pub epoch: u32,
    /// Its key for each device that belongs to the workspace after this record, each once.
    #[n(1)]
    pub keys: Vec<Wrapped>,
    /// The key of the epoch before, sealed with the new one.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub before: Vec<u8>,
}

/// What a roster record does.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(flat)]
pub enum Action {
    /// Begins the workspace with one device, an admin. Only the first record does.
    #[n(0)]
    Genesis {
        /// The device's signing key.
        #[n(0)]
        sign: PublicKey,
        /// Its X25519 key, to wrap keys to.
        #[n(1)]
        wrap: PublicKey,
        /// Names, sealed with the first epoch's key.
        #[cbor(n(2), with = "minicbor::bytes")]
        profile: Vec<u8>,
        /// The first epoch's key, wrapped to the device itself.
        #[cbor(n(3), with = "minicbor::bytes")]
        key: Vec<u8>,
        /// Randomness, so that no two workspaces are one.
        #[cbor(n(4), with = "minicbor::bytes")]
        salt: [u8; 16],
    },
    /// Lets whoever holds a key ask to join.
    #[n(1)]
    Invite {
        /// The invitation's public key; its secret is in the link.
        #[n(0)]
        key: PublicKey,
        /// What those who join by it may do.
        #[n(1)]
        role: Role,
        /// How many may ask.
        #[n(2)]
        uses: u32,
    },
    /// Makes an invitation void.
    #[n(2)]
    Revoke {
        /// The record that made it.
        #[n(0)]
        invite: u32,
    },
    /// A device asks to join. Signed by the invitation's key.
    #[n(3)]
    Join {
        /// The record that made the invitation.
        #[n(0)]
        invite: u32,
        /// The device's signing key.
        #[n(1)]
        sign: PublicKey,
        /// Its X25519 key.
        #[n(2)]
        wrap: PublicKey,
        /// The device's signature over [`join_proof_bytes`].
        #[n(3)]
        proof: Signature,
        /// Who asks, sealed to each admin.
        #[n(4)]
        names: Vec<Wrapped>,
    },
    /// Turns a request to join down.
    #[n(4)]
    Decline {
        /// The record that asked.
        #[n(0)]
        join: u32,
    },
    /// Adds a device.
    #[n(5)]
    Add {
        /// Its signing key.
        #[n(0)]
        sign: PublicKey,
        /// Its X25519 key.
        #[n(1)]
        wrap: PublicKey,
        /// What it may do.
        #[n(2)]
        role: Role,
        /// Names, sealed with the present epoch's key.
        #[cbor(n(3), with = "minicbor::bytes")]
        profile: Vec<u8>,
        /// The present epoch's key, wrapped to it.
        #[cbor(n(4), with = "minicbor::bytes")]
        key: Vec<u8>,
        /// The request that this answers, if there was one.
        #[n(5)]
        join: Option<u32>,
    },
    /// Removes devices, and begins an epoch whose key they never get.
    #[n(6)]
    Remove {
        /// Which.
        #[n(0)]
        devices: Vec<u32>,
        /// The new epoch.
        #[n(1)]
        rotation: Rotation,
    },
    /// Changes what a device may do.
    #[n(7)]
    SetRole {
        /// Which.
        #[n(0)]
        device: u32,
        /// What it may do from here on.
        #[n(1)]
        role: Role,
    },
    /// Begins a new epoch.
    #[n(8)]
    Rotate {
        /// The new epoch.
        #[n(0)]
        rotation: Rotation,
    },
    /// Makes all skip one record that does harm.
    #[n(9)]
    Quarantine {
        /// In which log.
        #[n(0)]
        log: LogId,
        /// Whose.
        #[n(1)]
        device: u32,
        /// Which of theirs.
        #[n(2)]
        dseq: u64,
    },
    /// Changes one's own names.
    #[n(10)]
    Rename {
        /// Names, sealed with the present epoch's key.
        #[cbor(n(0), with = "minicbor::bytes")]
        profile: Vec<u8>,
    },
}

/// A roster record without its signature.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct RosterBody {
    /// 1.
    #[n(0)]
    pub version: u8,
    /// The workspace; all zeros in the genesis record, whose hash it is.
    #[n(1)]
    pub space: SpaceId,
    /// Its place in the roster, from 1 without gaps.
    #[n(2)]
    pub rseq: u32,
    /// The hash of the record before; all zeros in the first.
    #[n(3)]
    pub prev: Hash,
    /// Who signs: a device's number; an invitation's in a `Join`; 1 in the genesis record.
    #[n(4)]
    pub signer: u32,
    /// What it does.
    #[n(5)]
    pub action: Action,
}

/// Why a roster record is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RosterError {
    /// Not a roster record.
    #[error("not a roster record: {0}")]
    Decode(#[from] DecodeError),
    /// Of a version that is not known here.
    #[error("a roster record of a newer version")]
    Newer,
    /// It is not the next one.
    #[error("not the next roster record: the roster is at {at}")]
    Stale {
        /// Where the roster is.
        at: u32,
    },
    /// It has the right number but another past.
    #[error("a roster record of another roster")]
    Forked,
    /// The signature is not the signer's.
    #[error("not signed by whom it says")]
    Signature,
    /// Whoever signed it may not do that.
    #[error("not allowed: {0}")]
    Denied(&'static str),
    /// It does not fit what the roster says.
    #[error("does not fit: {0}")]
    Unfit(&'static str),
}

#[derive(Encode, Decode)]
struct Frame {
    #[n(0)]
    body: ByteVec,
    #[n(1)]
    signature: Signature,
}

/// What the signer of a roster record signs.
pub fn roster_signing_bytes(body: &[u8]) -> Vec<u8> {
    signing_bytes(Context::Roster, &[body])
}

/// Puts a roster record together: the CBOR array of the body's bytes and the signature.
pub fn roster_record(body: Vec<u8>, signature: Signature) -> Vec<u8> {
    encode(&Frame { body: body.into(), signature })
}

/// What a joining device signs: that it is this device that was invited with this key.
pub fn join_proof_bytes(space: &SpaceId, invite: &PublicKey, sign: &PublicKey, wrap: &PublicKey) -> Vec<u8> {
    signing_bytes(Context::JoinProof, &[&space.0, &invite.0, &sign.0, &wrap.0])
}
