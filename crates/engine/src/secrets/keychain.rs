//! Keys in the system's keychain.

use custory_ipc::KeyPlace;
use zeroize::Zeroizing;

use super::{Kept, SecretError, Secrets};

/// The name under which the keychain shows our entries.
const SERVICE: &str = "Custory";

/// The system's keychain.
pub(super) struct Keychain;

impl Keychain {
    fn entry(name: &str) -> Result<keyring::Entry, SecretError> {
        keyring::Entry::new(SERVICE, name).map_err(refused)
    }

    /// Whether an entry can be written and read back.
    pub fn works() -> bool {
        let trial = || -> Result<bool, keyring::Error> {
            let entry = keyring::Entry::new(SERVICE, "trial")?;
            entry.set_secret(b"trial")?;
            let is_there = entry.get_secret()? == b"trial";
            entry.delete_credential()?;
            Ok(is_there)
        };
        trial().unwrap_or_else(|error| {
            tracing::info!("the system offers no keychain: {error}");
            false
        })
    }
}

fn refused(error: keyring::Error) -> SecretError {
    SecretError::Keychain(error.to_string())
}

impl Secrets for Keychain {
    fn place(&self) -> KeyPlace {
        KeyPlace::Keychain
    }

    fn put(&mut self, name: &str, secret: &[u8]) -> Result<(), SecretError> {
        Self::entry(name)?.set_secret(secret).map_err(refused)
    }

    fn get(&self, name: &str) -> Result<Option<Kept>, SecretError> {
        match Self::entry(name)?.get_secret() {
            Ok(bytes) => Ok(Some(Zeroizing::new(bytes))),
            Err(keyring::Error::NoEntry) => Ok(None),
            Err(error) => Err(refused(error)),
        }
    }

    fn forget(&mut self, name: &str) -> Result<(), SecretError> {
        match Self::entry(name)?.delete_credential() {
            Ok(()) | Err(keyring::Error::NoEntry) => Ok(()),
            Err(error) => Err(refused(error)),
        }
    }
}
