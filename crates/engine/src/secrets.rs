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
use zeroize::Zeroizing;

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

    fn put(&mut self, name: &str, secret: &[u8]) -> Result<(), SecretError> {
        let mut chosen = self.chosen.take().unwrap_or_else(|| self.choose());
        let put = chosen.put(name, secret);
        self.chosen = OnceCell::from(chosen);
        put
    }

    fn get(&self, name: &str) -> Result<Option<Kept>, SecretError> {
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

fn digit(nibble: u8) -> char {
    char::from_digit(u32::from(nibble), 16).unwrap_or('0')
}

fn unhex(text: &str) -> Option<Kept> {
    let digits: Option<Vec<u32>> = text.chars().map(|it| it.to_digit(16)).collect();
    let digits = Zeroizing::new(digits.filter(|it| it.len().is_multiple_of(2))?);
    Some(Zeroizing::new(digits.chunks(2).map(|pair| (pair[0] << 4 | pair[1]) as u8).collect()))
}

/// Lines of `name hexadecimal` in a file that only its owner can read.
struct FileSecrets {
    path: PathBuf,
}

impl FileSecrets {
    fn fault(&self) -> impl Fn(std::io::Error) -> SecretError + '_ {
        |source| SecretError::File { path: self.path.clone(), source }
    }

    fn read(&self) -> Result<BTreeMap<String, Kept>, SecretError> {
        let text = match fs::read_to_string(&self.path) {
            Ok(text) => Zeroizing::new(text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Zeroizing::default(),
            Err(error) => return Err(self.fault()(error)),
        };
        let line = |it: &str| {
            let (name, hex) = it.split_once(' ')?;
            Some((name.to_owned(), unhex(hex)?))
        };
        Ok(text.lines().filter_map(line).collect())
    }

    /// A new file takes the old one's place, so that a crash leaves one of the two.
    fn write(&self, secrets: &BTreeMap<String, Kept>) -> Result<(), SecretError> {
        let mut text = Zeroizing::new(String::new());
        for (name, kept) in secrets {
            text.push_str(name);
            text.push(' ');
            kept.iter().for_each(|byte| text.extend([byte >> 4, byte & 15].map(digit)));
            text.push('\n');
        }
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

    fn put(&mut self, name: &str, secret: &[u8]) -> Result<(), SecretError> {
        let mut secrets = self.read()?;
        secrets.insert(name.to_owned(), Zeroizing::new(secret.to_vec()));
        self.write(&secrets)
    }

    fn get(&self, name: &str) -> Result<Option<Kept>, SecretError> {
        Ok(self.read()?.remove(name))
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
        assert_eq!((again.key("a").unwrap(), again.key("b").unwrap()), (None, Some([2; 32])));
        secrets.put("c", b"phx_a key of any length").unwrap();
        assert_eq!(again.get("c").unwrap().unwrap().as_slice(), b"phx_a key of any length");
        assert_eq!(again.key("c").unwrap(), None);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(&again.path).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }
}
