//! Where this device's keys are kept: the system's keychain, or, where the system offers none, a file sealed with a
//! passphrase that a person chooses for it and gives again at each start. On a server, where nobody sits, whoever runs
//! it may choose a file that only its user can read. Which of them it is, is said wherever keys are shown.
//!
//! A keychain that is locked answers like one that is empty, so it is used only after a trial entry
//! could be written and read back, and a key that is not found is never made anew in silence.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use custory_ipc::{KeyLock, KeyPlace};
use custory_seal::{Vault, VaultError};
use zeroize::Zeroizing;

use crate::clock::{Entropy, SystemEntropy};

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
    /// Makes them usable with a passphrase; does nothing where none is needed.
    ///
    /// # Errors
    /// See [`SecretError`].
    fn unlock(&mut self, _passphrase: &str) -> Result<(), SecretError> {
        Ok(())
    }
}

/// The name under which the keychain shows our entries.
const SERVICE: &str = "Custory";

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
        if !sealed.exists() && Keychain::works() {
            return Box::new(Keychain);
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

/// Lines of `name hexadecimal`.
fn lines_of(secrets: &BTreeMap<String, Kept>) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::new());
    for (name, kept) in secrets {
        text.push_str(name);
        text.push(' ');
        kept.iter().for_each(|byte| text.extend([byte >> 4, byte & 15].map(digit)));
        text.push('\n');
    }
    text
}

fn secrets_of(text: &str) -> BTreeMap<String, Kept> {
    let line = |it: &str| {
        let (name, hex) = it.split_once(' ')?;
        Some((name.to_owned(), unhex(hex)?))
    };
    text.lines().filter_map(line).collect()
}

/// Writes a file that only its owner can read. A new one takes the old one's place, so that a crash leaves one of
/// the two.
fn write_guarded(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let new = path.with_extension("new");
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&new)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&new, path)
}

/// A sealed file. Other programs may write it, too: it is read anew each time, by the key that was made once.
struct SealedSecrets {
    path: PathBuf,
    vault: Option<Vault>,
}

impl SealedSecrets {
    fn at(path: PathBuf) -> Self {
        Self { path, vault: None }
    }

    fn fault(&self) -> impl Fn(std::io::Error) -> SecretError + '_ {
        |source| SecretError::File { path: self.path.clone(), source }
    }

    fn vault(&self) -> Result<&Vault, SecretError> {
        let locked = if self.path.exists() { SecretError::Locked } else { SecretError::NoPassphrase };
        self.vault.as_ref().ok_or(locked)
    }

    fn opened(&self, error: VaultError) -> SecretError {
        match error {
            VaultError::NotOne => SecretError::Damaged(self.path.clone()),
            VaultError::Passphrase => SecretError::WrongPassphrase,
        }
    }

    fn read(&self) -> Result<BTreeMap<String, Kept>, SecretError> {
        let vault = self.vault()?;
        let bytes = fs::read(&self.path).map_err(self.fault())?;
        let text = vault.read(&bytes).map_err(|it| self.opened(it))?;
        let text = std::str::from_utf8(&text).map_err(|_| SecretError::Damaged(self.path.clone()))?;
        Ok(secrets_of(text))
    }

    fn write(&self, secrets: &BTreeMap<String, Kept>) -> Result<(), SecretError> {
        let mut random = |bytes: &mut [u8]| SystemEntropy.fill(bytes);
        let bytes = self.vault()?.seal(lines_of(secrets).as_bytes(), &mut random);
        write_guarded(&self.path, &bytes).map_err(self.fault())
    }
}

impl Secrets for SealedSecrets {
    fn place(&self) -> KeyPlace {
        KeyPlace::Sealed
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

    fn lock(&self) -> KeyLock {
        match self.vault() {
            Ok(_) => KeyLock::Open,
            Err(SecretError::Locked) => KeyLock::Locked,
            Err(_) => KeyLock::NoPassphrase,
        }
    }

    fn unlock(&mut self, passphrase: &str) -> Result<(), SecretError> {
        if self.path.exists() {
            let bytes = fs::read(&self.path).map_err(self.fault())?;
            let (vault, _) = Vault::open(&bytes, passphrase).map_err(|it| self.opened(it))?;
            self.vault = Some(vault);
            return Ok(());
        }
        if passphrase.chars().count() < PASSPHRASE_CHARS_MIN {
            return Err(SecretError::ShortPassphrase);
        }
        self.vault = Some(Vault::begin(passphrase, &mut |bytes: &mut [u8]| SystemEntropy.fill(bytes)));
        self.write(&BTreeMap::new())
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

    fn read(&self) -> Result<BTreeMap<String, Kept>, SecretError> {
        let text = match fs::read_to_string(&self.path) {
            Ok(text) => Zeroizing::new(text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Zeroizing::default(),
            Err(error) => return Err(self.fault()(error)),
        };
        Ok(secrets_of(&text))
    }

    fn write(&self, secrets: &BTreeMap<String, Kept>) -> Result<(), SecretError> {
        write_guarded(&self.path, lines_of(secrets).as_bytes()).map_err(self.fault())
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

    #[test]
    fn the_sealed_file_opens_with_its_passphrase_alone_at_every_start() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(SEALED_FILE);
        let mut secrets = SealedSecrets::at(path.clone());
        assert_eq!(secrets.lock(), KeyLock::NoPassphrase);
        assert!(matches!(secrets.put("a", b"phx_secret"), Err(SecretError::NoPassphrase)));
        assert!(matches!(secrets.unlock("short"), Err(SecretError::ShortPassphrase)));
        secrets.unlock("correct horse").unwrap();
        secrets.put("a", b"phx_secret").unwrap();
        let file = fs::read(&path).unwrap();
        let hex: String = b"phx_secret".iter().map(|it| format!("{it:02x}")).collect();
        for text in [b"phx_secret".as_slice(), hex.as_bytes()] {
            assert!(!file.windows(text.len()).any(|it| it == text), "a key can be read in the file");
        }
        let mut again = SealedSecrets::at(path.clone());
        assert_eq!(again.lock(), KeyLock::Locked);
        assert!(matches!(again.get("a"), Err(SecretError::Locked)));
        assert!(matches!(again.unlock("wrong horse"), Err(SecretError::WrongPassphrase)));
        again.unlock("correct horse").unwrap();
        // What another program writes is seen.
        secrets.put("b", b"second").unwrap();
        assert_eq!(again.get("a").unwrap().unwrap().as_slice(), b"phx_secret");
        assert_eq!(again.get("b").unwrap().unwrap().as_slice(), b"second");
        fs::write(&path, b"rubbish").unwrap();
        assert!(matches!(again.get("a"), Err(SecretError::Damaged(_))));
    }
}
