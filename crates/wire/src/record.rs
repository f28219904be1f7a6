//! A record of a log: a header that the relay reads, a sealed body that it cannot, a signature.
//!
//! On the wire it is the CBOR array `[header, body, signature]` of three byte strings; the header is
//! a CBOR array of its own. The signature is over the header's bytes as received and the body's
//! hash. The header is also what the seal is bound to, so no record can be moved to another log,
//! device, place or epoch.

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use crate::codec::{DecodeError, decode, encode};
use crate::ids::{Hash, Head, LogId, PublicKey, Signature};
use crate::limits::RECORD_BYTES_MAX;
use crate::sign::{Context, is_signed, signing_bytes};

/// The one set of algorithms so far: XChaCha20-Poly1305, Ed25519, BLAKE3, X25519-HKDF-SHA256.
pub const SUITE: u8 = 1;

/// The version of the header. 1 had a longer nonce, and was never released.
pub(crate) const HEADER_VERSION: u8 = 2;

/// What is in a record's body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Kind {
    /// Changes of a document.
    #[n(0)]
    Changes,
    /// Changes that a relay had lost, brought back by whoever still had them.
    #[n(1)]
    Healed,
}

/// What a relay reads of a record.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Header {
    /// 2.
    #[n(0)]
    pub version: u8,
    /// [`SUITE`].
    #[n(1)]
    pub suite: u8,
    /// The log it belongs to.
    #[n(2)]
    pub log: LogId,
    /// The device that wrote it: the number of the roster record that added it.
    #[n(3)]
    pub device: u32,
    /// Its number among that device's records of the log, from 1 without gaps.
    #[n(4)]
    pub dseq: u64,
    /// The hash of that device's record before.
    #[n(5)]
    pub prev: Head,
    /// The place in the log that the author had seen.
    #[n(6)]
    pub seen_seq: u64,
    /// The log's head at that place.
    #[n(7)]
    pub seen_head: Head,
    /// The newest roster record that the author knew.
    #[n(8)]
    pub rseq: u32,
    /// The hash of that roster record.
    #[n(9)]
    pub rhead: Head,
    /// The epoch whose key seals the body.
    #[n(10)]
    pub epoch: u32,
    /// What is in the body.
    #[n(11)]
    pub kind: Kind,
    /// What is random in the seal's nonce.
    #[cbor(n(12), with = "minicbor::bytes")]
    pub nonce: [u8; 16],
}

/// Why bytes are no record. Whether its author may write is another question.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// Not a record.
    #[error("not a record: {0}")]
    Decode(#[from] DecodeError),
    /// Of a version or suite that is not known here.
    #[error("a record of another version")]
    OtherVersion,
}

/// A record taken apart, with the bytes it is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parsed {
    /// The header, decoded.
    pub header: Header,
    /// The header as received.
    pub header_bytes: Vec<u8>,
    /// The sealed body.
    pub body: Vec<u8>,
    /// The author's signature.
    pub signature: Signature,
    /// The hash of the whole record.
    pub hash: Hash,
}

/// What is read of a header before anything else: the rest of another version's may be anything.
#[derive(Decode)]
struct Version {
    #[n(0)]
    version: u8,
    #[n(1)]
    suite: u8,
}

#[derive(Encode, Decode)]
struct Frame {
    #[n(0)]
    header: ByteVec,
    #[n(1)]
    body: ByteVec,
    #[n(2)]
    signature: Signature,
}

impl Parsed {
    /// Takes a record apart.
    ///
    /// # Errors
    /// See [`RecordError`].
    pub fn parse(bytes: &[u8]) -> Result<Self, RecordError> {
        let frame: Frame = decode(bytes, RECORD_BYTES_MAX)?;
        let Version { version, suite } = decode(&frame.header, RECORD_BYTES_MAX)?;
        if version != HEADER_VERSION || suite != SUITE {
            return Err(RecordError::OtherVersion);
        }
        let header: Header = decode(&frame.header, RECORD_BYTES_MAX)?;
        Ok(Self {
            header,
            header_bytes: frame.header.into(),
            body: frame.body.into(),
            signature: frame.signature,
            hash: Hash::of(bytes),
        })
    }

    /// Whether the owner of `key` signed it.
    pub fn is_signed_by(&self, key: &PublicKey) -> bool {
        is_signed(key, &record_signing_bytes(&self.header_bytes, &self.body), &self.signature)
    }
}

impl Header {
    /// The version that this crate writes.
    pub const VERSION: u8 = HEADER_VERSION;
}

/// What a record's author signs: the body's hash and then the header's bytes.
pub fn record_signing_bytes(header: &[u8], body: &[u8]) -> Vec<u8> {
    signing_bytes(Context::Record, &[&Hash::of(body).0, header])
}

/// Puts a record together.
pub fn record_bytes(header: &[u8], body: Vec<u8>, signature: Signature) -> Vec<u8> {
    encode(&Frame { header: header.to_vec().into(), body: body.into(), signature })
}
