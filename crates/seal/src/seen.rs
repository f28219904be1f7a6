//! Signed statements of what a device has seen: what “seen by Ana” rests on.

use custory_wire::{Chain, Context, LogId, PublicKey, Signature, decode, encode, is_signed, signing_bytes};
use minicbor::{Decode, Encode};

use crate::aead::OpenError;
use crate::keys::DeviceKeys;

#[derive(Encode, Decode)]
struct Statement {
    #[n(0)]
    at: Chain,
    #[n(1)]
    signature: Signature,
}

fn bytes(log: &LogId, device: u32, at: &Chain) -> Vec<u8> {
    let place = [device.to_be_bytes().as_slice(), &at.seq.to_be_bytes(), &at.head.0].concat();
    signing_bytes(Context::Seen, &[&log.0, &place])
}

/// States that this device has seen a log up to a place.
pub fn seal_seen(keys: &DeviceKeys, log: &LogId, device: u32, at: Chain) -> Vec<u8> {
    let signature = keys.sign(&bytes(log, device, &at));
    encode(&Statement { at, signature })
}

/// Up to where a device states that it has seen a log.
///
/// # Errors
/// [`OpenError::Altered`] when the statement is not that device's.
pub fn open_seen(sign: &PublicKey, log: &LogId, device: u32, statement: &[u8]) -> Result<Chain, OpenError> {
    let statement: Statement =
        decode(statement, custory_wire::limits::SEEN_BYTES_MAX).map_err(|_| OpenError::Content)?;
    let is_theirs = is_signed(sign, &bytes(log, device, &statement.at), &statement.signature);
    if is_theirs { Ok(statement.at) } else { Err(OpenError::Altered) }
}
