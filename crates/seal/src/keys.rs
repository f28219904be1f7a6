//! A device's keys in one workspace, and an invitation's. Both follow from 32 random bytes.

use std::fmt;

use custory_wire::{PublicKey, Signature};
use ed25519_dalek::{Signer, SigningKey};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::aead::{OpenError, derive};
use crate::random::{Random, fresh};
use crate::wrap;

macro_rules! secret {
    ($($(#[$doc:meta])* $name:ident,)*) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
        pub struct $name([u8; 32]);

        impl $name {
            /// A new one.
            pub fn generate(random: &mut dyn Random) -> Self {
                Self(fresh(random))
            }

            /// One that was kept.
            pub fn from_bytes(bytes: [u8; 32]) -> Self {
                Self(bytes)
            }

            /// To be kept, and shown to nobody.
            pub fn expose(&self) -> Zeroizing<[u8; 32]> {
                Zeroizing::new(self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    )*};
}

secret! {
    /// What a device keeps in the system's keychain; its keys in one workspace follow from it.
    DeviceSecret,
    /// What an invitation's link carries; whoever has it may ask to join.
    InviteSeed,
}

/// A device's keys in one workspace. Another workspace gets others, so that nobody who sees both
/// can tell that they are one person's.
pub struct DeviceKeys {
    signing: SigningKey,
    wrapping: wrap::Secret,
    sign: PublicKey,
    wrap: PublicKey,
}

impl fmt::Debug for DeviceKeys {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "DeviceKeys({:?})", self.sign)
    }
}

impl DeviceKeys {
    /// The keys that follow from a secret.
    pub fn of(secret: &DeviceSecret) -> Self {
        let signing = SigningKey::from_bytes(&derive("custory/device/sign/1", &[&secret.0]));
        let (wrapping, wrap) = wrap::pair(&derive("custory/device/wrap/1", &[&secret.0]));
        let sign = PublicKey(signing.verifying_key().to_bytes());
        Self { signing, wrapping, sign, wrap }
    }

    /// Its signing key, which names it to the relay.
    pub fn sign_key(&self) -> PublicKey {
        self.sign
    }

    /// Its X25519 key, to wrap keys to.
    pub fn wrap_key(&self) -> PublicKey {
        self.wrap
    }

    /// Signs bytes that begin with their context (`custory_wire::signing_bytes`).
    pub fn sign(&self, bytes: &[u8]) -> Signature {
        Signature(self.signing.sign(bytes).to_bytes())
    }

    pub(crate) fn unwrap(
        &self,
        purpose: &[u8],
        aad: &[u8],
        bytes: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        wrap::unwrap(&self.wrapping, purpose, aad, bytes)
    }
}

impl InviteSeed {
    fn signing(&self) -> SigningKey {
        SigningKey::from_bytes(&derive("custory/invite/sign/1", &[&self.0]))
    }

    /// The invitation's public key, which the roster names.
    pub fn key(&self) -> PublicKey {
        PublicKey(self.signing().verifying_key().to_bytes())
    }

    /// Signs bytes that begin with their context.
    pub fn sign(&self, bytes: &[u8]) -> Signature {
        Signature(self.signing().sign(bytes).to_bytes())
    }
}
