//! Where this device's keys are kept: the system's keychain, or, where the system offers none, a file sealed with a
//! passphrase that a person chooses for it and gives again at each start. On a server, where nobody sits, whoever runs
//! it may choose a file that only its user can read. Which of them it is, is said wherever keys are shown.
//!
//! A keychain that is locked may answer like one that is empty, so it is used only after a trial entry
//! could be written and read back, and a key that is not found is never made anew in silence. One that is
//! locked, or that does not answer although keys are in it, is waited for: no file takes its place.

mod guarded;
mod keychain;
mod sealed;

use std::cell::OnceCell;
use std::path::{Path, PathBuf};

use custory_ipc::{KeyLock, KeyPlace};
use zeroize::Zeroizing;

use guarded::FileSecrets;
use keychain::Keychain;
use sealed::SealedSecrets;

/// Why a key cannot be kept or found.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The keychain would not do it.
    #[error("The system's keychain does not let itself be used ({0}). Unlock it and try again.")]
    Keychain(String),
    /// The file would not do it.
    #[error("The key file {} cannot be used: {source}.", .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// There is no keychain, and nobody has chosen a passphrase yet.
    #[error(
        "This system offers no keychain. Choose a passphrase for a sealed file instead: in the settings under “On this computer”, or in {}.",
        PASSPHRASE
    )]
    NoPassphrase,
    /// The sealed file is locked.
    #[error(
        "The keys are sealed. Unlock them with your passphrase: in the settings under “On this computer”, or in {}.",
        PASSPHRASE
    )]
    Locked,
    /// The passphrase is another one.
    #[error("This is not the passphrase of the sealed keys.")]
    WrongPassphrase,
    /// The passphrase is too short to protect anything.
    #[error("A passphrase needs at least {} characters.", PASSPHRASE_CHARS_MIN)]
    ShortPassphrase,
    /// The sealed file is none.
    #[error("The sealed key file {} is damaged.", .0.display())]
    Damaged(PathBuf),
}

/// A key of 32 bytes.
pub type Secret = [u8; 32];

/// What is kept under a name.
pub type Kept = Zeroizing<Vec<u8>>;

/// Keeps keys by name.
pub trait Secrets: Send {
    /// Where they are.
    fn place(&self) -> KeyPlace;
    /// Keeps one.
    ///
    /// # Errors
    /// See [`SecretError`].
    fn put(&mut self, name: &str, secret: &[u8]) -> Result<(), SecretError>;
    /// One that was kept; `None` if there is none of that name.
    ///
    /// # Errors
    /// See [`SecretError`].
    fn get(&self, name: &str) -> Result<Option<Kept>, SecretError>;
    /// One of 32 bytes; `None` if there is none of that name, or it is of another length.
    ///
    /// # Errors
    /// See [`SecretError`].
    fn key(&self, name: &str) -> Result<Option<Secret>, SecretError> {
        Ok(self.get(name)?.and_then(|it| it.as_slice().try_into().ok()))
    }
    /// Forgets one.
    ///
    /// # Errors
    /// See [`SecretError`].
    fn forget(&mut self, name: &str) -> Result<(), SecretError>;
    /// Whether they can be used.
    fn lock(&self) -> KeyLock {
        KeyLock::Open
    }
    /// Looks for a better place as long as none is in use: a keychain may have come since.
    fn look_again(&mut self) {}
    /// Makes them usable with a passphrase; does nothing where none is needed.
    ///
    /// # Errors
    /// See [`SecretError`].
    fn unlock(&mut self, _passphrase: &str) -> Result<(), SecretError> {
        Ok(())
    }
}

/// Set to `file` to keep keys in the file although there is a keychain, as on a server.
const CHOICE: &str = "CUSTORY_KEYS";

/// May hold the passphrase of the sealed file, for programs that nobody sits before.
const PASSPHRASE: &str = "CUSTORY_PASSPHRASE";

/// Shortest passphrase.
const PASSPHRASE_CHARS_MIN: usize = 8;

/// The file in the data folder.
const KEY_FILE: &str = "team-keys";

/// The sealed file in the data folder.
const SEALED_FILE: &str = "sealed-keys";

/// The system's keychain, or a sealed file. Which of the two is found out when it is first needed, so
/// that nobody without a key is asked to unlock anything.
pub fn system(data_dir: &Path) -> Box<dyn Secrets> {
    Box::new(SystemSecrets { data_dir: data_dir.to_owned(), chosen: OnceCell::new() })
}

struct SystemSecrets {
    data_dir: PathBuf,
    chosen: OnceCell<Box<dyn Secrets>>,
}

impl SystemSecrets {
    fn chosen(&self) -> &dyn Secrets {
        self.chosen.get_or_init(|| self.choose()).as_ref()
    }

    fn choose(&self) -> Box<dyn Secrets> {
        let (plain, sealed) = (self.data_dir.join(KEY_FILE), self.data_dir.join(SEALED_FILE));
        let wants_file = std::env::var_os(CHOICE).is_some_and(|it| it == "file");
        // Keys that are in a file stay there: a keychain that comes later does not have them.
        if wants_file || plain.exists() {
            return Box::new(FileSecrets { path: plain });
        }
        let keychain = if sealed.exists() { None } else { Keychain::of(&self.data_dir) };
        if let Some(keychain) = keychain {
            return Box::new(keychain);
        }
        let mut secrets = SealedSecrets::at(sealed);
        if let Ok(passphrase) = std::env::var(PASSPHRASE)
            && let Err(error) = secrets.unlock(&Zeroizing::new(passphrase))
        {
            tracing::error!("the keys stay locked: {error}");
        }
        Box::new(secrets)
    }

    fn changed<T>(&mut self, change: impl FnOnce(&mut dyn Secrets) -> T) -> T {
        let mut chosen = self.chosen.take().unwrap_or_else(|| self.choose());
        let done = change(chosen.as_mut());
        self.chosen = OnceCell::from(chosen);
        done
    }
}

impl Secrets for SystemSecrets {
    fn place(&self) -> KeyPlace {
        self.chosen().place()
    }

    fn put(&mut self, name: &str, secret: &[u8]) -> Result<(), SecretError> {
        self.changed(|it| it.put(name, secret))
    }

    fn get(&self, name: &str) -> Result<Option<Kept>, SecretError> {
        self.chosen().get(name)
    }

    fn forget(&mut self, name: &str) -> Result<(), SecretError> {
        self.changed(|it| it.forget(name))
    }

    fn lock(&self) -> KeyLock {
        self.chosen().lock()
    }

    fn look_again(&mut self) {
        if self.lock() == KeyLock::NoPassphrase {
            self.chosen = OnceCell::new();
        }
    }

    fn unlock(&mut self, passphrase: &str) -> Result<(), SecretError> {
        self.changed(|it| it.unlock(passphrase))
    }
}

/// A file in the data folder that only this user can read.
pub fn file(data_dir: &Path) -> Box<dyn Secrets> {
    Box::new(FileSecrets { path: data_dir.join(KEY_FILE) })
}

/// A file in the data folder that is sealed with a passphrase.
pub fn sealed(data_dir: &Path) -> Box<dyn Secrets> {
    Box::new(SealedSecrets::at(data_dir.join(SEALED_FILE)))
}
