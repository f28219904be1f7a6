//! Where this device's keys are kept: the system's keychain, or a file that only this user can read
//! where the system offers none. Which of the two is said wherever the team is shown.
//!
//! A keychain that is locked answers like one that is empty, so it is used only after a trial entry
//! could be written and read back, and a key that is not found is never made anew in silence.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use custory_ipc::KeyPlace;

/// Why a key cannot be kept or found.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The keychain would not do it.
    #[error("The system's keychain refused: {0}. Unlock it and try again.")]
    Keychain(String),
    /// The file would not do it.
    #[error("The key file {} cannot be used: {source}.", .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

/// A key that is kept.
pub type Secret = [u8; 32];

/// Keeps keys by name.
pub trait Secrets: Send {
    /// Where they are.
    fn place(&self) -> KeyPlace;
    /// Keeps one.
    ///
    /// # Errors
    /// See [`SecretError`].
    fn put(&mut self, name: &str, secret: &Secret) -> Result<(), SecretError>;
    /// One that was kept; `None` if there is none of that name.
    ///
    /// # Errors
    /// See [`SecretError`].
    fn get(&self, name: &str) -> Result<Option<Secret>, SecretError>;
    /// Forgets one.
    ///
    /// # Errors
    /// See [`SecretError`].
    fn forget(&mut self, name: &str) -> Result<(), SecretError>;
}

/// The name under which the keychain shows our entries.
const SERVICE: &str = "Custory";

/// Set to `file` to keep keys in the file although there is a keychain, as on a server.
const CHOICE: &str = "CUSTORY_KEYS";

/// The file in the data folder.
const KEY_FILE: &str = "team-keys";

/// The system's keychain, or a guarded file. Which of the two is found out when it is first needed, so
/// that nobody without a team is asked to unlock anything.
pub fn system(data_dir: &Path) -> Box<dyn Secrets> {
    Box::new(SystemSecrets { path: data_dir.join(KEY_FILE), chosen: OnceCell::new() })
}

struct SystemSecrets {
    path: PathBuf,
    chosen: OnceCell<Box<dyn Secrets>>,
}

impl SystemSecrets {
    fn chosen(&self) -> &dyn Secrets {
        self.chosen.get_or_init(|| self.choose()).as_ref()
    }

    fn choose(&self) -> Box<dyn Secrets> {
        let wants_file = std::env::var_os(CHOICE).is_some_and(|it| it == "file");
        // Keys that are in the file stay there: a keychain that comes later does not have them.
        if wants_file || self.path.exists() || !Keychain::works() {
            Box::new(FileSecrets { path: self.path.clone() })
        } else {
            Box::new(Keychain)
        }
    }
}

impl Secrets for SystemSecrets {
    fn place(&self) -> KeyPlace {
        self.chosen().place()
    }

    fn put(&mut self, name: &str, secret: &Secret) -> Result<(), SecretError> {
        let mut chosen = self.chosen.take().unwrap_or_else(|| self.choose());
        let put = chosen.put(name, secret);
        self.chosen = OnceCell::from(chosen);
        put
    }

    fn get(&self, name: &str) -> Result<Option<Secret>, SecretError> {
        self.chosen().get(name)
    }

    fn forget(&mut self, name: &str) -> Result<(), SecretError> {
        let mut chosen = self.chosen.take().unwrap_or_else(|| self.choose());
        let forgotten = chosen.forget(name);
        self.chosen = OnceCell::from(chosen);
        forgotten
    }
}

/// A file in the data folder that only this user can read.
pub fn file(data_dir: &Path) -> Box<dyn Secrets> {
    Box::new(FileSecrets { path: data_dir.join(KEY_FILE) })
}

struct Keychain;

impl Keychain {
    fn entry(name: &str) -> Result<keyring::Entry, SecretError> {
        keyring::Entry::new(SERVICE, name).map_err(refused)
    }

    fn works() -> bool {
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

    fn put(&mut self, name: &str, secret: &Secret) -> Result<(), SecretError> {
        Self::entry(name)?.set_secret(secret).map_err(refused)
    }

    fn get(&self, name: &str) -> Result<Option<Secret>, SecretError> {
        match Self::entry(name)?.get_secret() {
            Ok(bytes) => Ok(bytes.try_into().ok()),
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

/// Lines of `name hexadecimal` in a file that only its owner can read.
struct FileSecrets {
    path: PathBuf,
}

impl FileSecrets {
    fn fault(&self) -> impl Fn(std::io::Error) -> SecretError + '_ {
        |source| SecretError::File { path: self.path.clone(), source }
    }

    fn read(&self) -> Result<BTreeMap<String, Secret>, SecretError> {
        let text = match fs::read_to_string(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(self.fault()(error)),
        };
        let line = |it: &str| {
            let (name, hex) = it.split_once(' ')?;
            Some((name.to_owned(), hex.parse::<custory_wire::Hash>().ok()?.0))
        };
        Ok(text.lines().filter_map(line).collect())
    }

    /// A new file takes the old one's place, so that a crash leaves one of the two.
    fn write(&self, secrets: &BTreeMap<String, Secret>) -> Result<(), SecretError> {
        let lines = secrets.iter().map(|(name, it)| format!("{name} {}\n", custory_wire::Hash(*it)));
        let text = zeroize::Zeroizing::new(lines.collect::<String>());
        let new = self.path.with_extension("new");
        let written = || -> std::io::Result<()> {
            let mut options = fs::OpenOptions::new();
            options.write(true).create(true).truncate(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            let mut file = options.open(&new)?;
            file.write_all(text.as_bytes())?;
            file.sync_all()?;
            fs::rename(&new, &self.path)
        };
        written().map_err(self.fault())
    }
}

impl Secrets for FileSecrets {
    fn place(&self) -> KeyPlace {
        KeyPlace::File
    }

    fn put(&mut self, name: &str, secret: &Secret) -> Result<(), SecretError> {
        let mut secrets = self.read()?;
        secrets.insert(name.to_owned(), *secret);
        self.write(&secrets)
    }

    fn get(&self, name: &str) -> Result<Option<Secret>, SecretError> {
        Ok(self.read()?.get(name).copied())
    }

    fn forget(&mut self, name: &str) -> Result<(), SecretError> {
        let mut secrets = self.read()?;
        secrets.remove(name);
        self.write(&secrets)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_file_keeps_what_it_is_given_and_only_its_owner_reads_it() {
        let folder = tempfile::tempdir().unwrap();
        let mut secrets = FileSecrets { path: folder.path().join(KEY_FILE) };
        assert_eq!(secrets.get("a").unwrap(), None);
        secrets.put("a", &[1; 32]).unwrap();
        secrets.put("b", &[2; 32]).unwrap();
        secrets.forget("a").unwrap();
        let again = FileSecrets { path: folder.path().join(KEY_FILE) };
        assert_eq!((again.get("a").unwrap(), again.get("b").unwrap()), (None, Some([2; 32])));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(&again.path).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }
}
