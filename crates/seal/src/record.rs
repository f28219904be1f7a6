//! Sealing and opening records.
//!
//! The key of a record follows from its epoch's key and the whole header, and comes with 16 more
//! bytes that commit to it: `(key, commit) = BLAKE3-derive-key("custory/record/key/1", epoch key |
//! header)`. The body is `commit | XChaCha20-Poly1305(key, the header's nonce and 8 zeros, aad = header,
//! padded payload)`.
//! Without the commitment one body could be made that opens differently under two keys. The nonce is part
//! of the header, so two records that differ in it alone have two keys.

use custory_wire::{Header, Parsed, encode, record_bytes, record_signing_bytes};
use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use crate::aead::{CommittedKey, NONCE, OpenError, committed, open_committed, seal_committed};
use crate::epochs::{EpochKey, Epochs};
use crate::keys::DeviceKeys;
use crate::pad;

/// Bytes that a record may unpack to. A record holds at most 320 KiB, changes in it are packed
/// already, and honest ones shrink to no less than a fifteenth.
const UNPACKED_BYTES_MAX: usize = 5 << 20;

/// What is in a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payload {
    /// The document that the changes are of.
    pub document: [u8; 16],
    /// Changes, to be taken in together, in this order.
    pub changes: Vec<Vec<u8>>,
}

#[derive(Encode, Decode)]
struct Content {
    #[cbor(n(0), with = "minicbor::bytes")]
    document: [u8; 16],
    #[n(1)]
    changes: Vec<ByteVec>,
}

/// Seals and signs a record. The header's nonce must be random and new.
pub fn seal_record(keys: &DeviceKeys, epoch: &EpochKey, header: &Header, payload: Payload) -> Vec<u8> {
    let nonce = nonce(header);
    let header = encode(header);
    let changes = payload.changes.into_iter().map(ByteVec::from).collect();
    let plain = pad::pack_changes(&encode(&Content { document: payload.document, changes }));
    let body = seal_committed(&key(epoch, &header), &nonce, &header, &plain);
    let signature = keys.sign(&record_signing_bytes(&header, &body));
    record_bytes(&header, body, signature)
}

/// Opens a record. Who signed it, and whether they might, is for the caller to check first.
///
/// # Errors
/// See [`OpenError`].
pub fn open_record(epochs: &Epochs, record: &Parsed) -> Result<Payload, OpenError> {
    let epoch = epochs.get(record.header.epoch)?;
    let key = key(epoch, &record.header_bytes);
    let plain = open_committed(&key, &nonce(&record.header), &record.header_bytes, &record.body)?;
    let plain = pad::unpack(&plain, UNPACKED_BYTES_MAX)?;
    let content: Content = custory_wire::decode(&plain, usize::MAX).map_err(|_| OpenError::Content)?;
    let changes = content.changes.into_iter().map(Vec::from).collect();
    Ok(Payload { document: content.document, changes })
}

/// XChaCha20 makes a key of the first 16 bytes; the others only count where that key is used again.
fn nonce(header: &Header) -> [u8; NONCE] {
    let mut nonce = [0; NONCE];
    nonce[..header.nonce.len()].copy_from_slice(&header.nonce);
    nonce
}

fn key(epoch: &EpochKey, header: &[u8]) -> CommittedKey {
    committed("custory/record/key/1", &[epoch.bytes(), header])
}
