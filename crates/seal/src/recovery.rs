//! The recovery file: a device of the workspace, put away under a passphrase.
//!
//! Making one adds a device to the roster that no machine is. Whoever opens the file later can add a
//! new machine with it.

use custory_wire::{RelayKey, SpaceId, decode, encode};
use minicbor::{Decode, Encode};
use zeroize::Zeroizing;

use crate::aead::{open_box, seal_box};
use crate::keys::DeviceSecret;
use crate::passphrase::Recipe;
use crate::random::Random;

/// What a recovery file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recovery {
    /// The relay's address, as a person would type it.
    pub relay: String,
    /// The relay's key.
    pub relay_key: RelayKey,
    /// The workspace.
    pub space: SpaceId,
    /// The device that the file stands for.
    pub secret: DeviceSecret,
}

/// Why a recovery file does not open.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecoveryError {
    /// Not a recovery file, or damaged.
    #[error("this is not a recovery file of Custory, or it is damaged")]
    NotOne,
    /// The passphrase is another one.
    #[error("this is not the passphrase of this recovery file")]
    Passphrase,
    /// Its cost is more than this machine is made to bear.
    #[error("the recovery file asks for more memory than is sensible")]
    Cost,
}

/// Bytes of a recovery file. One has about 300.
const FILE_BYTES_MAX: usize = 4_096;

const MAGIC: &[u8] = b"custory-recovery-1\n";

#[derive(Encode, Decode)]
struct File {
    #[n(0)]
    memory_kib: u32,
    #[n(1)]
    rounds: u32,
    #[n(2)]
    lanes: u32,
    #[cbor(n(3), with = "minicbor::bytes")]
    salt: [u8; 16],
    #[cbor(n(4), with = "minicbor::bytes")]
    sealed: Vec<u8>,
}

impl File {
    fn recipe(&self) -> Recipe {
        Recipe { memory_kib: self.memory_kib, rounds: self.rounds, lanes: self.lanes, salt: self.salt }
    }
}

#[derive(Encode, Decode)]
struct Inside {
    #[n(0)]
    relay: String,
    #[n(1)]
    relay_key: RelayKey,
    #[n(2)]
    space: SpaceId,
    #[cbor(n(3), with = "minicbor::bytes")]
    secret: [u8; 32],
}

/// Seals a recovery file. Takes about a fifth of a second and 64 MiB, on purpose.
pub fn seal_recovery(recovery: &Recovery, passphrase: &str, random: &mut dyn Random) -> Vec<u8> {
    let recipe = Recipe::fresh(random);
    let key = recipe.key(passphrase).expect("the cost of new files is within bounds");
    let Recipe { memory_kib, rounds, lanes, salt } = recipe;
    let inside = Inside {
        relay: recovery.relay.clone(),
        relay_key: recovery.relay_key,
        space: recovery.space,
        secret: *recovery.secret.expose(),
    };
    let plain = Zeroizing::new(encode(&inside));
    let sealed = seal_box(&key, MAGIC, &plain, random);
    [MAGIC, &encode(&File { memory_kib, rounds, lanes, salt, sealed })].concat()
}

/// Opens a recovery file.
///
/// # Errors
/// See [`RecoveryError`].
pub fn open_recovery(bytes: &[u8], passphrase: &str) -> Result<Recovery, RecoveryError> {
    let file = bytes.strip_prefix(MAGIC).ok_or(RecoveryError::NotOne)?;
    let file: File = decode(file, FILE_BYTES_MAX).map_err(|_| RecoveryError::NotOne)?;
    let recipe = file.recipe();
    if !recipe.is_bearable() {
        return Err(RecoveryError::Cost);
    }
    let key = recipe.key(passphrase).ok_or(RecoveryError::NotOne)?;
    let plain = open_box(&key, MAGIC, &file.sealed).map_err(|_| RecoveryError::Passphrase)?;
    let inside: Inside = decode(&plain, FILE_BYTES_MAX).map_err(|_| RecoveryError::NotOne)?;
    Ok(Recovery {
        relay: inside.relay,
        relay_key: inside.relay_key,
        space: inside.space,
        secret: DeviceSecret::from_bytes(inside.secret),
    })
}
