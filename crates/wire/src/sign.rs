//! What a signature is over: always a context and then the bytes, so that what was signed for one
//! purpose is never good for another.

use ed25519_dalek::VerifyingKey;

use crate::ids::{PublicKey, Signature};

/// What something is signed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Context {
    /// A client proves to a relay that it holds a key.
    Auth,
    /// A relay proves to a client that it holds its own.
    Welcome,
    /// A record of a log.
    Record,
    /// A record of the roster.
    Roster,
    /// A joining device proves that it holds the key it brings.
    JoinProof,
    /// A device says up to where it has seen a log.
    Seen,
    /// A snapshot's header.
    Snapshot,
    /// A device says that a snapshot is what it claims to be.
    Confirm,
}

impl Context {
    /// The first bytes of everything signed in it. None is the beginning of another.
    pub const fn prefix(self) -> &'static [u8] {
        match self {
            Self::Auth => b"custory/auth/1\0",
            Self::Welcome => b"custory/welcome/1\0",
            Self::Record => b"custory/record/1\0",
            Self::Roster => b"custory/roster/1\0",
            Self::JoinProof => b"custory/join/1\0",
            Self::Seen => b"custory/seen/1\0",
            Self::Snapshot => b"custory/snapshot/1\0",
            Self::Confirm => b"custory/confirm/1\0",
        }
    }
}

/// The bytes to sign: the context's prefix and the parts, one after another. Only the last part may
/// vary in length.
pub fn signing_bytes(context: Context, parts: &[&[u8]]) -> Vec<u8> {
    let mut bytes = context.prefix().to_vec();
    parts.iter().for_each(|it| bytes.extend_from_slice(it));
    bytes
}

/// Whether `signature` over `bytes` (with their prefix) is that of `key`. Strict: weak keys and
/// signatures that could be altered are refused.
pub fn is_signed(key: &PublicKey, bytes: &[u8], signature: &Signature) -> bool {
    let Ok(key) = VerifyingKey::from_bytes(&key.0) else { return false };
    key.verify_strict(bytes, &ed25519_dalek::Signature::from_bytes(&signature.0)).is_ok()
}
