//! Sealing and opening snapshots: a document, whole, in place of a log's records up to a place.
//!
//! `(key, commit) = BLAKE3-derive-key("custory/snapshot/key/1", epoch key | place)`; the blob is
//! `commit | XChaCha20-Poly1305(key, the header's nonce, aad = place, padded content)`. The *place* is
//! the header without what is only known once the blob is there: its length is 0 in it and its hash
//! zeros. So the blob is bound to its log, maker, base, devices and epoch, the header to the blob, and
//! the signature to both.

use custory_wire::{
    Context, Hash, LogId, Signature, SnapshotHeader, SnapshotInfo, encode, signing_bytes,
    snapshot_signing_bytes,
};
use minicbor::bytes::ByteArray;
use minicbor::{Decode, Encode};

use crate::aead::{CommittedKey, OpenError, committed, open_committed, seal_committed};
use crate::epochs::{EpochKey, Epochs};
use crate::keys::DeviceKeys;
use crate::pad;

/// Bytes that a snapshot may unpack to: a relay takes no longer ones, and a saved document is packed
/// already.
const UNPACKED_BYTES_MAX: usize = custory_wire::limits::SNAPSHOT_BYTES_MAX as usize;

/// What is in a snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// The document.
    pub document: [u8; 16],
    /// Its newest changes, sorted.
    pub heads: Vec<[u8; 32]>,
    /// The newest roster record that a record up to the base names.
    pub rseq: u32,
    /// The document, saved.
    pub saved: Vec<u8>,
    /// What its maker's program shows of it, to be looked at while the document is checked; empty if
    /// there is nothing. It counts for nothing.
    pub view: Vec<u8>,
}

#[derive(Encode, Decode)]
struct Content {
    #[cbor(n(0), with = "minicbor::bytes")]
    document: [u8; 16],
    #[n(1)]
    heads: Vec<ByteArray<32>>,
    #[n(2)]
    rseq: u32,
    #[cbor(n(3), with = "minicbor::bytes")]
    saved: Vec<u8>,
    #[cbor(n(4), with = "minicbor::bytes", default, skip_if = "Vec::is_empty")]
    view: Vec<u8>,
}

/// Seals and signs a snapshot; the blob comes with it. The header's nonce must be random and new; its
/// length and hash are filled in here.
pub fn seal_snapshot(
    keys: &DeviceKeys,
    epoch: &EpochKey,
    mut header: SnapshotHeader,
    snapshot: Snapshot,
) -> (SnapshotInfo, Vec<u8>) {
    let place = place(&header);
    let Snapshot { document, heads, rseq, saved, view } = snapshot;
    let heads = heads.into_iter().map(ByteArray::from).collect();
    let plain = pad::pack(&encode(&Content { document, heads, rseq, saved, view }));
    let blob = seal_committed(&key(epoch, &place), &header.nonce, &place, &plain);
    (header.bytes_len, header.hash) = (blob.len() as u64, Hash::of(&blob));
    let (base, bytes_len, hash) = (header.base, header.bytes_len, header.hash);
    let header = encode(&header);
    let signature = keys.sign(&snapshot_signing_bytes(&header));
    (SnapshotInfo { base, bytes_len, hash, header, signature }, blob)
}

/// Opens a snapshot's blob. Who signed its header, whether they might, and whether the blob has the
/// hash that it should is for the caller to check first.
///
/// # Errors
/// See [`OpenError`].
pub fn open_snapshot(epochs: &Epochs, header: &SnapshotHeader, blob: &[u8]) -> Result<Snapshot, OpenError> {
    let epoch = epochs.get(header.epoch)?;
    let place = place(header);
    let plain = open_committed(&key(epoch, &place), &header.nonce, &place, blob)?;
    let plain = pad::unpack(&plain, UNPACKED_BYTES_MAX)?;
    let content: Content = custory_wire::decode(&plain, usize::MAX).map_err(|_| OpenError::Content)?;
    let heads: Vec<[u8; 32]> = content.heads.iter().map(|it| **it).collect();
    if !heads.is_sorted_by(|one, other| one < other) {
        return Err(OpenError::Content);
    }
    let Content { document, rseq, saved, view, .. } = content;
    Ok(Snapshot { document, heads, rseq, saved, view })
}

/// States that a snapshot is what its log holds up to its base.
pub fn sign_confirmation(keys: &DeviceKeys, log: &LogId, hash: &Hash) -> Signature {
    keys.sign(&signing_bytes(Context::Confirm, &[&log.0, &hash.0]))
}

/// What the blob is bound to.
fn place(header: &SnapshotHeader) -> Vec<u8> {
    encode(&SnapshotHeader { bytes_len: 0, hash: Hash([0; 32]), ..header.clone() })
}

fn key(epoch: &EpochKey, place: &[u8]) -> CommittedKey {
    committed("custory/snapshot/key/1", &[epoch.bytes(), place])
}
