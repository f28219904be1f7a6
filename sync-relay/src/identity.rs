//! The relay's own key, by which clients know it again: 32 bytes in a file that only its owner may read.
//!
//! It signs nothing but the welcome of a connection. It is part of every backup: a relay with another key is
//! another relay to everybody.

use std::fs;
use std::io::Write;
use std::path::Path;

use custory_wire::{Nonce, RelayKey, Signature};
use ed25519_dalek::{Signer, SigningKey};

use crate::store::{StoreError, sync_folder_of};

/// The key's name in the data folder.
pub(crate) const FILE: &str = "relay.key";

/// The relay's key pair.
pub(crate) struct Identity {
    key: SigningKey,
}

impl Identity {
    /// Reads the key, or makes one if there is none and no database either.
    pub(crate) fn open(folder: &Path, may_make: bool) -> Result<Self, StoreError> {
        let path = folder.join(FILE);
        match fs::read(&path) {
            Ok(bytes) => match <[u8; 32]>::try_from(bytes.as_slice()) {
                Ok(bytes) => Ok(Self { key: SigningKey::from_bytes(&bytes) }),
                Err(_) => Err(StoreError::Damaged(format!("{FILE} is not a key of 32 bytes"))),
            },
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && may_make => Self::make(&path),
            Err(source) => Err(StoreError::Io { path, source }),
        }
    }

    fn make(path: &Path) -> Result<Self, StoreError> {
        let key = SigningKey::from_bytes(&random());
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path).map_err(StoreError::io(path))?;
        file.write_all(key.as_bytes()).and_then(|()| file.sync_all()).map_err(StoreError::io(path))?;
        sync_folder_of(path)?;
        Ok(Self { key })
    }

    /// What clients know the relay by.
    pub(crate) fn relay(&self) -> RelayKey {
        RelayKey(self.key.verifying_key().to_bytes())
    }

    pub(crate) fn sign(&self, bytes: &[u8]) -> Signature {
        Signature(self.key.sign(bytes).to_bytes())
    }
}

/// Randomness that was never used before.
pub(crate) fn nonce() -> Nonce {
    Nonce(random())
}

fn random() -> [u8; 32] {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).expect("the operating system gives randomness");
    bytes
}
