//! A file of secrets under a passphrase, for machines that have no keychain.
//!
//! The passphrase is turned into a key once, when the file is opened; every writing seals anew under that key and a
//! nonce of its own.

use custory_wire::{decode, encode};
use minicbor::{Decode, Encode};
use zeroize::Zeroizing;

use crate::aead::{open_box, seal_box};
use crate::passphrase::Recipe;
use crate::random::Random;

const MAGIC: &[u8] = b"custory-keys-1\n";

/// Bytes of a file. A key has some hundred.
const FILE_BYTES_MAX: usize = 1 << 20;

/// Why a vault does not open.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// Not one, or damaged.
    #[error("this is not a file of keys of Custory, or it is damaged")]
    NotOne,
    /// The passphrase is another one.
    #[error("this is not its passphrase")]
    Passphrase,
}

/// What seals and opens a file of secrets.
pub struct Vault {
    recipe: Recipe,
    key: Zeroizing<[u8; 32]>,
}

#[derive(Encode, Decode)]
struct File {
    #[n(0)]
    recipe: Recipe,
    #[cbor(n(1), with = "minicbor::bytes")]
    sealed: Vec<u8>,
}

impl Vault {
    /// One under a new passphrase.
    pub fn begin(passphrase: &str, random: &mut dyn Random) -> Self {
        let recipe = Recipe::fresh(random);
        let key = recipe.key(passphrase).expect("the cost of new files is within bounds");
        Self { recipe, key }
    }

    /// Opens a file: the vault that it is sealed by, and what it holds.
    ///
    /// # Errors
    /// See [`VaultError`].
    pub fn open(bytes: &[u8], passphrase: &str) -> Result<(Self, Zeroizing<Vec<u8>>), VaultError> {
        let File { recipe, .. } = file(bytes)?;
        let key = Some(&recipe).filter(|it| it.is_bearable()).and_then(|it| it.key(passphrase));
        let vault = Self { key: key.ok_or(VaultError::NotOne)?, recipe };
        let plain = vault.read(bytes)?;
        Ok((vault, plain))
    }

    /// What a file holds that this vault has sealed.
    ///
    /// # Errors
    /// See [`VaultError`].
    pub fn read(&self, bytes: &[u8]) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let File { recipe, sealed } = file(bytes)?;
        if recipe != self.recipe {
            return Err(VaultError::Passphrase);
        }
        open_box(&self.key, MAGIC, &sealed).map_err(|_| VaultError::Passphrase)
    }

    /// Seals everything that is to be in the file.
    pub fn seal(&self, plain: &[u8], random: &mut dyn Random) -> Vec<u8> {
        let sealed = seal_box(&self.key, MAGIC, plain, random);
        [MAGIC, &encode(&File { recipe: self.recipe.clone(), sealed })].concat()
    }
}

fn file(bytes: &[u8]) -> Result<File, VaultError> {
    let file = bytes.strip_prefix(MAGIC).ok_or(VaultError::NotOne)?;
    decode(file, FILE_BYTES_MAX).map_err(|_| VaultError::NotOne)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counting() -> impl Random {
        let mut next = 0_u8;
        move |bytes: &mut [u8]| {
            bytes.iter_mut().for_each(|it| {
                next = next.wrapping_add(1);
                *it = next;
            });
        }
    }

    #[test]
    fn only_the_passphrase_opens_it_and_nothing_of_it_can_be_read_or_changed() {
        let mut random = counting();
        let vault = Vault::begin("correct horse", &mut random);
        let file = vault.seal(b"phx_secret", &mut random);
        assert!(!file.windows(10).any(|it| it == b"phx_secret"));
        let (again, plain) = Vault::open(&file, "correct horse").unwrap();
        assert_eq!(plain.as_slice(), b"phx_secret");
        assert_eq!(vault.read(&again.seal(b"more", &mut random)).unwrap().as_slice(), b"more");
        assert_ne!(vault.seal(b"same", &mut random), vault.seal(b"same", &mut random));
        assert_eq!(Vault::open(&file, "wrong horse").err(), Some(VaultError::Passphrase));
        let other = Vault::begin("correct horse", &mut random);
        assert_eq!(other.read(&file).err(), Some(VaultError::Passphrase));
        for at in [0, 20, file.len() - 1] {
            let mut bad = file.clone();
            bad[at] ^= 1;
            assert!(Vault::open(&bad, "correct horse").is_err(), "byte {at}");
        }
        assert_eq!(Vault::open(b"", "x").err(), Some(VaultError::NotOne));
    }
}
