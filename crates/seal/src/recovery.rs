//! The recovery file: a device of the workspace, put away under a passphrase.
//!
//! Making one adds a device to the roster that no machine is. Whoever opens the file later can add a
//! new machine with it. Argon2id turns the passphrase into a key; its cost is written in the file so
//! that it can rise with the years.

use argon2::{Algorithm, Argon2, Params, Version};
use custory_wire::{RelayKey, SpaceId, decode, encode};
use minicbor::{Decode, Encode};
use zeroize::Zeroizing;

use crate::aead::{open_box, seal_box};
use crate::keys::DeviceSecret;
use crate::random::{Random, fresh};

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

/// Kibibytes, rounds and lanes of Argon2id for new files: the second of RFC 9106's recommendations.
const COST: (u32, u32, u32) = (64 * 1024, 3, 4);

/// A file from elsewhere must not make this machine give up its memory.
const COST_MAX: (u32, u32, u32) = (1024 * 1024, 16, 16);

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
    let (memory_kib, rounds, lanes) = COST;
    let salt = fresh(random);
    let key = key(passphrase, &salt, COST).expect("the cost of new files is within bounds");
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
    let cost = (file.memory_kib, file.rounds, file.lanes);
    if cost.0 > COST_MAX.0 || cost.1 > COST_MAX.1 || cost.2 > COST_MAX.2 {
        return Err(RecoveryError::Cost);
    }
    let key = key(passphrase, &file.salt, cost).ok_or(RecoveryError::NotOne)?;
    let plain = open_box(&key, MAGIC, &file.sealed).map_err(|_| RecoveryError::Passphrase)?;
    let inside: Inside = decode(&plain, FILE_BYTES_MAX).map_err(|_| RecoveryError::NotOne)?;
    Ok(Recovery {
        relay: inside.relay,
        relay_key: inside.relay_key,
        space: inside.space,
        secret: DeviceSecret::from_bytes(inside.secret),
    })
}

fn key(passphrase: &str, salt: &[u8; 16], cost: (u32, u32, u32)) -> Option<Zeroizing<[u8; 32]>> {
    let params = Params::new(cost.0, cost.1, cost.2, Some(32)).ok()?;
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let mut key = Zeroizing::new([0; 32]);
    argon.hash_password_into(passphrase.as_bytes(), salt, &mut *key).ok()?;
    Some(key)
}
