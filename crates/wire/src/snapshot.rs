//! A snapshot: one sealed blob that stands for a log's records up to a place.

use minicbor::{Decode, Encode};

use crate::chain::{Chain, DeviceChain};
use crate::ids::{Hash, Head, LogId};
use crate::sign::{Context, signing_bytes};

/// What a snapshot claims, signed by the device that made it. Sent as bytes beside its signature.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct SnapshotHeader {
    /// 1.
    #[n(0)]
    pub version: u8,
    /// The log.
    #[n(1)]
    pub log: LogId,
    /// The device that made it.
    #[n(2)]
    pub device: u32,
    /// Everything up to here is in it, and nothing after.
    #[n(3)]
    pub base: Chain,
    /// How far each device had come at that place, by device.
    #[n(4)]
    pub devices: Vec<(u32, DeviceChain)>,
    /// The roster record that the maker knew, and its hash.
    #[n(5)]
    pub rseq: u32,
    /// See `rseq`.
    #[n(6)]
    pub rhead: Head,
    /// The epoch whose key seals the blob.
    #[n(7)]
    pub epoch: u32,
    /// The blob's length.
    #[n(8)]
    pub bytes_len: u64,
    /// The blob's hash.
    #[n(9)]
    pub hash: Hash,
    /// The seal's nonce.
    #[cbor(n(10), with = "minicbor::bytes")]
    pub nonce: [u8; 24],
}

/// A snapshot that a relay has.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct SnapshotInfo {
    /// The place it stands for.
    #[n(0)]
    pub base: Chain,
    /// The blob's length.
    #[n(1)]
    pub bytes_len: u64,
    /// The blob's hash, which names it.
    #[n(2)]
    pub hash: Hash,
    /// A [`SnapshotHeader`], encoded.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub header: Vec<u8>,
    /// The maker's signature over [`snapshot_signing_bytes`] of the header.
    #[n(4)]
    pub signature: crate::ids::Signature,
}

impl SnapshotHeader {
    /// The version that this crate writes.
    pub const VERSION: u8 = 1;
}

/// What a snapshot's maker signs.
pub fn snapshot_signing_bytes(header: &[u8]) -> Vec<u8> {
    signing_bytes(Context::Snapshot, &[header])
}
