//! Keys in a file that only its owner can read, and what a sealed one has in common with it.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use custory_ipc::{KeyLock, KeyPlace};
use zeroize::Zeroizing;

use super::{Kept, SecretError, Secrets};

fn digit(nibble: u8) -> char {
    char::from_digit(u32::from(nibble), 16).unwrap_or('0')
}

fn unhex(text: &str) -> Option<Kept> {
    let digits: Option<Vec<u32>> = text.chars().map(|it| it.to_digit(16)).collect();
    let digits = Zeroizing::new(digits.filter(|it| it.len().is_multiple_of(2))?);
    Some(Zeroizing::new(digits.chunks(2).map(|pair| (pair[0] << 4 | pair[1]) as u8).collect()))
}

/// Lines of `name hexadecimal`.
pub(super) fn lines_of(secrets: &BTreeMap<String, Kept>) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::new());
    for (name, kept) in secrets {
        text.push_str(name);
        text.push(' ');
        kept.iter().for_each(|byte| text.extend([byte >> 4, byte & 15].map(digit)));
        text.push('\n');
    }
    text
}

pub(super) fn secrets_of(text: &str) -> BTreeMap<String, Kept> {
    let line = |it: &str| {
        let (name, hex) = it.split_once(' ')?;
        Some((name.to_owned(), unhex(hex)?))
    };
    text.lines().filter_map(line).collect()
}

/// Writes a file that only its owner can read. A new one takes the old one's place, so that a crash leaves one of
/// the two.
pub(super) fn write_guarded(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
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

/// Lines of `name hexadecimal` in a file that only its owner can read.
pub(super) struct FileSecrets {
    pub path: PathBuf,
}

/// Keys that are read and written as a whole.
pub(super) trait KeyFile: Send {
    /// Where they are.
    const PLACE: KeyPlace;
    fn read(&self) -> Result<BTreeMap<String, Kept>, SecretError>;
    fn write(&self, secrets: &BTreeMap<String, Kept>) -> Result<(), SecretError>;
    /// Whether they can be used.
    fn state(&self) -> KeyLock {
        KeyLock::Open
    }
    /// Makes them usable.
    fn open(&mut self, _passphrase: &str) -> Result<(), SecretError> {
        Ok(())
    }
}

impl<File: KeyFile> Secrets for File {
    fn place(&self) -> KeyPlace {
        Self::PLACE
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
        self.state()
    }

    fn unlock(&mut self, passphrase: &str) -> Result<(), SecretError> {
        self.open(passphrase)
    }
}

/// What a file's own fault is called.
pub(super) fn fault(path: &Path) -> impl Fn(std::io::Error) -> SecretError + '_ {
    |source| SecretError::File { path: path.to_owned(), source }
}

impl KeyFile for FileSecrets {
    const PLACE: KeyPlace = KeyPlace::File;

    fn read(&self) -> Result<BTreeMap<String, Kept>, SecretError> {
        let text = match fs::read_to_string(&self.path) {
            Ok(text) => Zeroizing::new(text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Zeroizing::default(),
            Err(error) => return Err(fault(&self.path)(error)),
        };
        Ok(secrets_of(&text))
    }

    fn write(&self, secrets: &BTreeMap<String, Kept>) -> Result<(), SecretError> {
        write_guarded(&self.path, lines_of(secrets).as_bytes()).map_err(fault(&self.path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secrets::KEY_FILE;

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
