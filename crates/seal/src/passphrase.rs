//! Keys out of passphrases: Argon2id, whose cost is written beside what is sealed so that it can rise with the years.

use argon2::{Algorithm, Argon2, Params, Version};
use minicbor::{Decode, Encode};
use zeroize::Zeroizing;

use crate::random::{Random, fresh};

/// Kibibytes, rounds and lanes for new files: the second of RFC 9106's recommendations.
const COST: (u32, u32, u32) = (64 * 1024, 3, 4);

/// A file from elsewhere must not make this machine give up its memory.
const COST_MAX: (u32, u32, u32) = (1024 * 1024, 16, 16);

/// What turns a passphrase into a key, as it stands in a file.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Recipe {
    #[n(0)]
    pub memory_kib: u32,
    #[n(1)]
    pub rounds: u32,
    #[n(2)]
    pub lanes: u32,
    #[cbor(n(3), with = "minicbor::bytes")]
    pub salt: [u8; 16],
}

impl Recipe {
    /// One for a new file.
    pub fn fresh(random: &mut dyn Random) -> Self {
        let (memory_kib, rounds, lanes) = COST;
        Self { memory_kib, rounds, lanes, salt: fresh(random) }
    }

    /// Whether it asks for no more than is sensible.
    pub fn is_bearable(&self) -> bool {
        self.memory_kib <= COST_MAX.0 && self.rounds <= COST_MAX.1 && self.lanes <= COST_MAX.2
    }

    /// The key. Takes about a fifth of a second and 64 MiB, on purpose. `None` if it is no recipe.
    pub fn key(&self, passphrase: &str) -> Option<Zeroizing<[u8; 32]>> {
        let params = Params::new(self.memory_kib, self.rounds, self.lanes, Some(32)).ok()?;
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let mut key = Zeroizing::new([0; 32]);
        argon.hash_password_into(passphrase.as_bytes(), &self.salt, &mut *key).ok()?;
        Some(key)
    }
}
