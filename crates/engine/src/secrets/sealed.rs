//! Keys in a file that a passphrase seals.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use custory_ipc::{KeyLock, KeyPlace};
use custory_seal::{Vault, VaultError};

use super::guarded::{KeyFile, fault, lines_of, secrets_of, write_guarded};
use super::{Kept, PASSPHRASE_CHARS_MIN, SecretError};
use crate::clock::{Entropy, SystemEntropy};

/// A sealed file. Other programs may write it, too: it is read anew each time, by the key that was made once.
pub(super) struct SealedSecrets {
    path: PathBuf,
    vault: Option<Vault>,
}

impl SealedSecrets {
    pub fn at(path: PathBuf) -> Self {
        Self { path, vault: None }
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
}

impl KeyFile for SealedSecrets {
    const PLACE: KeyPlace = KeyPlace::Sealed;

    fn read(&self) -> Result<BTreeMap<String, Kept>, SecretError> {
        let vault = self.vault()?;
        let bytes = fs::read(&self.path).map_err(fault(&self.path))?;
        let text = vault.read(&bytes).map_err(|it| self.opened(it))?;
        let text = std::str::from_utf8(&text).map_err(|_| SecretError::Damaged(self.path.clone()))?;
        Ok(secrets_of(text))
    }

    fn write(&self, secrets: &BTreeMap<String, Kept>) -> Result<(), SecretError> {
        let mut random = |bytes: &mut [u8]| SystemEntropy.fill(bytes);
        let bytes = self.vault()?.seal(lines_of(secrets).as_bytes(), &mut random);
        write_guarded(&self.path, &bytes).map_err(fault(&self.path))
    }

    fn state(&self) -> KeyLock {
        match self.vault() {
            Ok(_) => KeyLock::Open,
            Err(SecretError::Locked) => KeyLock::Locked,
            Err(_) => KeyLock::NoPassphrase,
        }
    }

    fn open(&mut self, passphrase: &str) -> Result<(), SecretError> {
        if self.path.exists() {
            let bytes = fs::read(&self.path).map_err(fault(&self.path))?;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secrets::{SEALED_FILE, Secrets};

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
