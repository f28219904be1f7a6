//! XChaCha20-Poly1305 with keys derived for one purpose each.

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305};
use zeroize::Zeroizing;

use crate::random::{Random, fresh};

/// Bytes of a nonce. Long enough to be random without ever meeting another.
pub(crate) const NONCE: usize = 24;

/// Bytes that commit to a key.
const COMMIT: usize = 16;

/// Why something sealed does not open.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// The key of that epoch is not here: written before this device joined or after it was removed.
    #[error("this device has no key for epoch {0}")]
    NoKey(u32),
    /// It was changed, belongs elsewhere, or was sealed with another key.
    #[error("it was changed, or belongs elsewhere")]
    Altered,
    /// It opened, but what is inside is not what belongs there.
    #[error("its content is not understood")]
    Content,
    /// It unpacks to more than it may.
    #[error("it unpacks to more than it may")]
    TooLong,
}

/// A key for one purpose: `BLAKE3-derive-key(purpose, parts…)`.
pub(crate) fn derive<const N: usize>(purpose: &'static str, parts: &[&[u8]]) -> Zeroizing<[u8; N]> {
    let mut hasher = blake3::Hasher::new_derive_key(purpose);
    parts.iter().for_each(|it| {
        hasher.update(it);
    });
    let mut key = Zeroizing::new([0; N]);
    hasher.finalize_xof().fill(&mut *key);
    key
}

/// Seals; the nonce must be new for the key.
pub(crate) fn seal(key: &[u8; 32], nonce: &[u8; NONCE], aad: &[u8], msg: &[u8]) -> Vec<u8> {
    let cipher = XChaCha20Poly1305::new(key.into());
    cipher.encrypt(nonce.into(), Payload { msg, aad }).expect("what fits into memory can be sealed")
}

/// Opens.
pub(crate) fn open(
    key: &[u8; 32],
    nonce: &[u8; NONCE],
    aad: &[u8],
    msg: &[u8],
) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    let cipher = XChaCha20Poly1305::new(key.into());
    let opened = cipher.decrypt(nonce.into(), Payload { msg, aad });
    opened.map(Zeroizing::new).map_err(|_| OpenError::Altered)
}

/// Seals under a random nonce that is put first.
pub(crate) fn seal_box(key: &[u8; 32], aad: &[u8], msg: &[u8], random: &mut dyn Random) -> Vec<u8> {
    let nonce = fresh(random);
    let mut bytes = nonce.to_vec();
    bytes.extend(seal(key, &nonce, aad, msg));
    bytes
}

/// Opens what [`seal_box`] made.
pub(crate) fn open_box(key: &[u8; 32], aad: &[u8], bytes: &[u8]) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    let (nonce, msg) = bytes.split_first_chunk().ok_or(OpenError::Altered)?;
    open(key, nonce, aad, msg)
}

/// A key and what commits to it.
pub(crate) type CommittedKey = (Zeroizing<[u8; 32]>, [u8; COMMIT]);

/// A key with 16 more bytes that commit to it, so that nothing can be made that opens under two keys.
pub(crate) fn committed(purpose: &'static str, parts: &[&[u8]]) -> CommittedKey {
    let both = derive::<{ 32 + COMMIT }>(purpose, parts);
    let mut key = Zeroizing::new([0; 32]);
    let mut commit = [0; COMMIT];
    key.copy_from_slice(&both[..32]);
    commit.copy_from_slice(&both[32..]);
    (key, commit)
}

/// Seals under a committed key: `commit | sealed`.
pub(crate) fn seal_committed(
    (key, commit): &CommittedKey,
    nonce: &[u8; NONCE],
    aad: &[u8],
    msg: &[u8],
) -> Vec<u8> {
    let mut bytes = commit.to_vec();
    bytes.extend(seal(key, nonce, aad, msg));
    bytes
}

/// Opens what [`seal_committed`] made.
pub(crate) fn open_committed(
    (key, commit): &CommittedKey,
    nonce: &[u8; NONCE],
    aad: &[u8],
    bytes: &[u8],
) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    let (stated, sealed) = bytes.split_first_chunk::<COMMIT>().ok_or(OpenError::Altered)?;
    // Nothing is secret about it: it only says which key was meant.
    if stated != commit {
        return Err(OpenError::Altered);
    }
    open(key, nonce, aad, sealed)
}
