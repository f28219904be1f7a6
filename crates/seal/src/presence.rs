//! Presence: where somebody is right now. Sealed for the team, signed by nobody: a member could
//! pretend to stand where another stands, and that is all.

use custory_wire::LogId;

use crate::aead::{OpenError, derive, open_box, seal_box};
use crate::epochs::Epochs;
use crate::random::Random;

/// Seals a few bytes for those who have a log open now: `epoch (4) | nonce | ciphertext`.
///
/// # Errors
/// [`OpenError::NoKey`] when this device does not have the epoch's key.
pub fn seal_presence(
    epochs: &Epochs,
    epoch: u32,
    log: &LogId,
    device: u32,
    plain: &[u8],
    random: &mut dyn Random,
) -> Result<Vec<u8>, OpenError> {
    let key = derive("custory/presence/1", &[epochs.get(epoch)?.bytes()]);
    let mut bytes = epoch.to_be_bytes().to_vec();
    bytes.extend(seal_box(&key, &aad(log, device), plain, random));
    Ok(bytes)
}

/// Opens what a device sealed.
///
/// # Errors
/// See [`OpenError`].
pub fn open_presence(epochs: &Epochs, log: &LogId, device: u32, bytes: &[u8]) -> Result<Vec<u8>, OpenError> {
    let (epoch, sealed) = bytes.split_first_chunk().ok_or(OpenError::Altered)?;
    let key = derive("custory/presence/1", &[epochs.get(u32::from_be_bytes(*epoch))?.bytes()]);
    open_box(&key, &aad(log, device), sealed).map(|it| it.to_vec())
}

fn aad(log: &LogId, device: u32) -> Vec<u8> {
    [log.0.as_slice(), &device.to_be_bytes()].concat()
}
