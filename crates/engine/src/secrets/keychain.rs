//! Keys in the system's keychain.

use std::path::{Path, PathBuf};

use custory_ipc::{KeyLock, KeyPlace};
use zeroize::Zeroizing;

use super::{Kept, SecretError, Secrets};

/// The name under which the keychain shows our entries.
const SERVICE: &str = "Custory";

/// In a data folder whose keys are in the keychain. A keychain that does not answer at a start is then waited for, and
/// no other place takes its part.
const MARK_FILE: &str = "keys-in-keychain";

/// How the Secret Service says that there is no keyring at all.
const NO_KEYRING: &str = "result not returned";

/// What the mark says to whoever finds it.
const MARK: &str = "The keys of this folder are in the system's keychain, under the name Custory.\n";

/// How the system's keychain stands.
pub(super) enum Standing {
    /// An entry can be written and read back.
    Open,
    /// There is one, and it does not let itself be used; why.
    Shut(String),
    /// The system has none; why.
    Absent(String),
}

impl Standing {
    /// As a trial entry finds it.
    pub fn now() -> Self {
        let trial = || -> Result<bool, keyring::Error> {
            let entry = keyring::Entry::new(SERVICE, "trial")?;
            entry.set_secret(b"trial")?;
            let is_there = entry.get_secret()? == b"trial";
            entry.delete_credential()?;
            Ok(is_there)
        };
        match trial() {
            Ok(true) => Self::Open,
            Ok(false) => Self::Shut("it does not give back what it is given".to_owned()),
            // A service that has never been given a keyring is of no more use than none.
            Err(error @ keyring::Error::NoStorageAccess(_)) if !reason(&error).contains(NO_KEYRING) => {
                Self::Shut(reason(&error))
            }
            Err(error) => Self::Absent(reason(&error)),
        }
    }
}

/// What the keychain itself says, without what is said about it in between.
fn reason(error: &keyring::Error) -> String {
    match error {
        keyring::Error::NoStorageAccess(inner) | keyring::Error::PlatformFailure(inner) => inner.to_string(),
        other => other.to_string(),
    }
}

/// The system's keychain, open or shut.
pub(super) struct Keychain {
    mark: PathBuf,
    /// Why it cannot be used at the moment.
    shut: Option<String>,
}

impl Keychain {
    /// The keychain for a data folder; `None` if the system has none and the folder's keys were never in one.
    pub fn of(data_dir: &Path) -> Option<Self> {
        let mark = data_dir.join(MARK_FILE);
        let shut = match Standing::now() {
            Standing::Open => None,
            Standing::Shut(why) => Some(why),
            Standing::Absent(why) if mark.exists() => Some(why),
            Standing::Absent(why) => {
                tracing::info!("the system offers no keychain: {why}");
                return None;
            }
        };
        Some(Self { mark, shut })
    }

    fn entry(&self, name: &str) -> Result<keyring::Entry, SecretError> {
        match &self.shut {
            None => keyring::Entry::new(SERVICE, name).map_err(|it| refused(&it)),
            Some(why) => Err(SecretError::Keychain(why.clone())),
        }
    }
}

fn refused(error: &keyring::Error) -> SecretError {
    SecretError::Keychain(reason(error))
}

impl Secrets for Keychain {
    fn place(&self) -> KeyPlace {
        KeyPlace::Keychain
    }

    fn put(&mut self, name: &str, secret: &[u8]) -> Result<(), SecretError> {
        let entry = self.entry(name)?;
        if !self.mark.exists() {
            std::fs::write(&self.mark, MARK)
                .map_err(|source| SecretError::File { path: self.mark.clone(), source })?;
        }
        entry.set_secret(secret).map_err(|it| refused(&it))
    }

    fn get(&self, name: &str) -> Result<Option<Kept>, SecretError> {
        match self.entry(name)?.get_secret() {
            Ok(bytes) => Ok(Some(Zeroizing::new(bytes))),
            Err(keyring::Error::NoEntry) => Ok(None),
            Err(error) => Err(refused(&error)),
        }
    }

    fn forget(&mut self, name: &str) -> Result<(), SecretError> {
        match self.entry(name)?.delete_credential() {
            Ok(()) | Err(keyring::Error::NoEntry) => Ok(()),
            Err(error) => Err(refused(&error)),
        }
    }

    fn lock(&self) -> KeyLock {
        if self.shut.is_some() { KeyLock::KeychainShut } else { KeyLock::Open }
    }

    /// Looks again: the person unlocks the keychain with the system's own means.
    fn unlock(&mut self, _passphrase: &str) -> Result<(), SecretError> {
        self.shut = match Standing::now() {
            Standing::Open => None,
            Standing::Shut(why) | Standing::Absent(why) => Some(why),
        };
        self.shut.clone().map_or(Ok(()), |why| Err(SecretError::Keychain(why)))
    }
}
