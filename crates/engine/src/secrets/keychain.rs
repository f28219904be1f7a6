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
        let trial = |entry: &keyring_core::Entry| {
            entry.set_secret(b"trial")?;
            let is_there = entry.get_secret()? == b"trial";
            entry.delete_credential()?;
            Ok(is_there)
        };
        match with_entry("trial", trial) {
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

/// Does something with an entry. The line to a keychain that came, or began anew, after it was drawn is drawn again.
fn with_entry<T>(name: &str, act: impl Fn(&keyring_core::Entry) -> keyring::Result<T>) -> keyring::Result<T> {
    // Chooses the system's own kind of store at the first call; what it says is said by the entry as well.
    let _chosen = keyring::Entry::store_status();
    let done = || act(&keyring_core::Entry::new(SERVICE, name)?);
    match done() {
        // Not what is locked or was declined: a person would be asked twice.
        Err(keyring::Error::NoDefaultStore | keyring::Error::PlatformFailure(_)) if draw_line_again() => {
            done()
        }
        other => other,
    }
}

/// Whether there is a new line. On Linux the keychain is another program behind a message bus; elsewhere it is part of
/// the system and does not come or go.
#[cfg(target_os = "linux")]
fn draw_line_again() -> bool {
    let store = zbus_secret_service_keyring_store::Store::new();
    store.map(|it| keyring_core::set_default_store(it)).is_ok()
}

#[cfg(not(target_os = "linux"))]
const fn draw_line_again() -> bool {
    false
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

    fn with<T>(
        &self,
        name: &str,
        act: impl Fn(&keyring_core::Entry) -> keyring::Result<T>,
    ) -> Result<Option<T>, SecretError> {
        if let Some(why) = &self.shut {
            return Err(SecretError::Keychain(why.clone()));
        }
        match with_entry(name, act) {
            Ok(done) => Ok(Some(done)),
            Err(keyring::Error::NoEntry) => Ok(None),
            Err(error) => Err(SecretError::Keychain(reason(&error))),
        }
    }
}

impl Secrets for Keychain {
    fn place(&self) -> KeyPlace {
        KeyPlace::Keychain
    }

    fn put(&mut self, name: &str, secret: &[u8]) -> Result<(), SecretError> {
        if !self.mark.exists() && self.shut.is_none() {
            std::fs::write(&self.mark, MARK)
                .map_err(|source| SecretError::File { path: self.mark.clone(), source })?;
        }
        self.with(name, |entry| entry.set_secret(secret)).map(drop)
    }

    fn get(&self, name: &str) -> Result<Option<Kept>, SecretError> {
        Ok(self.with(name, keyring_core::Entry::get_secret)?.map(Zeroizing::new))
    }

    fn forget(&mut self, name: &str) -> Result<(), SecretError> {
        self.with(name, keyring_core::Entry::delete_credential).map(drop)
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
