//! The handshake: each side proves that it holds its key, bound to this connection.
//!
//! `Challenge` → `Auth` → `Welcome`. Both signatures are over both nonces, so neither can be used
//! again or carried to another relay. Nothing here has a time in it.

use crate::ids::{Incarnation, Nonce, PublicKey, RelayKey, Signature, SpaceId};
use crate::sign::{Context, is_signed, signing_bytes};

/// What a relay has offered in its challenge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Who it says it is.
    pub relay: RelayKey,
    /// Its nonce.
    pub nonce: Nonce,
    /// Versions that it speaks, in the order in which it sent them.
    pub versions: Vec<u16>,
}

/// All that both sides have said before the welcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handshake {
    /// What the relay offered.
    pub offer: Offer,
    /// The version that the client chose among them.
    pub version: u16,
    /// The workspace that the client is about.
    pub space: SpaceId,
    /// The key that the client holds: a device's, or an invitation's.
    pub key: PublicKey,
    /// The client's nonce.
    pub nonce: Nonce,
}

impl Handshake {
    /// What the client signs with its key.
    pub fn auth_bytes(&self) -> Vec<u8> {
        signing_bytes(Context::Auth, &[&self.transcript()])
    }

    /// What the relay signs with its own.
    pub fn welcome_bytes(&self, incarnation: &Incarnation) -> Vec<u8> {
        signing_bytes(Context::Welcome, &[&incarnation.0, &self.transcript()])
    }

    /// Whether the client holds the key.
    pub fn is_client(&self, signature: &Signature) -> bool {
        self.offer.versions.contains(&self.version) && is_signed(&self.key, &self.auth_bytes(), signature)
    }

    /// Whether the relay holds its own.
    pub fn is_relay(&self, incarnation: &Incarnation, signature: &Signature) -> bool {
        is_signed(&PublicKey(self.offer.relay.0), &self.welcome_bytes(incarnation), signature)
    }

    /// Everything of fixed length first, then the versions, two bytes each, most significant first.
    fn transcript(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(200);
        bytes.extend(self.offer.relay.0);
        bytes.extend(self.offer.nonce.0);
        bytes.extend(self.nonce.0);
        bytes.extend(self.space.0);
        bytes.extend(self.key.0);
        bytes.extend(self.version.to_be_bytes());
        self.offer.versions.iter().for_each(|it| bytes.extend(it.to_be_bytes()));
        bytes
    }
}
