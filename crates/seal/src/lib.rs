//! What only devices can do: seal and open records, sign, pass keys on, invite, recover.
//!
//! Every algorithm is a kept crate's: XChaCha20-Poly1305, Ed25519, HPKE (X25519, HKDF-SHA256,
//! ChaCha20-Poly1305), BLAKE3, Argon2id. This crate only says what goes into them.
//! A relay does not build on it, so the code that opens a record is not in the relay.
//!
//! Pure: no IO, no clock; whoever calls passes randomness in ([`Random`]).
//!
//! Invariants: a secret is wiped from memory when it is dropped and never shown by `Debug`. What is
//! sealed is bound to where it belongs, so that opening it anywhere else fails.

mod aead;
mod epochs;
mod keys;
mod lease;
mod link;
mod pad;
mod passphrase;
mod picture;
mod presence;
mod profile;
mod random;
mod record;
mod recovery;
mod roster;
mod seen;
mod snapshot;
mod vault;
mod wrap;

pub use aead::OpenError;
pub use epochs::{EpochKey, Epochs};
pub use keys::{DeviceKeys, DeviceSecret, InviteSeed};
pub use lease::lease_name;
pub use link::{InviteLink, LinkError, RelayAddress};
pub use picture::{PictureFile, PicturePart};
pub use presence::{open_presence, seal_presence};
pub use profile::Profile;
pub use random::Random;
pub use record::{Payload, open_record, seal_record};
pub use recovery::{Recovery, RecoveryError, open_recovery, seal_recovery};
pub use roster::{Author, begin_space, join_record};
pub use seen::{open_seen, seal_seen};
pub use snapshot::{Snapshot, open_snapshot, seal_snapshot, sign_confirmation};
pub use vault::{Vault, VaultError};
