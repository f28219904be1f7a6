//! Sealing something to one device: HPKE in base mode with X25519-HKDF-SHA256 and ChaCha20-Poly1305.
//! What comes out is the 32-byte encapsulated key and then the ciphertext.

use custory_wire::PublicKey;
use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable};
use zeroize::Zeroizing;

use crate::aead::OpenError;
use crate::random::{Dice, Random};

/// The half of the key pair that stays.
pub(crate) type Secret = <X25519HkdfSha256 as Kem>::PrivateKey;

/// What is sealed to a device: keys.
pub(crate) const EPOCH_KEY: &[u8] = b"custory/wrap/epoch/1";
/// What is sealed to a device: who asks to join.
pub(crate) const NAME: &[u8] = b"custory/wrap/name/1";

const ENCAPPED: usize = 32;

/// The pair that follows from 32 secret bytes (HPKE's `DeriveKeyPair`).
pub(crate) fn pair(secret: &[u8; 32]) -> (Secret, PublicKey) {
    let (private, public) = X25519HkdfSha256::derive_keypair(secret);
    let mut bytes = [0; 32];
    public.write_exact(&mut bytes);
    (private, PublicKey(bytes))
}

/// Seals to a device; `None` if its key is no key.
pub(crate) fn wrap(
    to: &PublicKey,
    purpose: &[u8],
    aad: &[u8],
    msg: &[u8],
    random: &mut dyn Random,
) -> Option<Vec<u8>> {
    let to = <X25519HkdfSha256 as Kem>::PublicKey::from_bytes(&to.0).ok()?;
    let (encapped, sealed) =
        hpke::single_shot_seal_with_rng::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
            &OpModeS::Base,
            &to,
            purpose,
            msg,
            aad,
            &mut Dice(random),
        )
        .ok()?;
    let mut bytes = encapped.to_bytes().to_vec();
    bytes.extend(sealed);
    Some(bytes)
}

/// Opens what was sealed to this device.
pub(crate) fn unwrap(
    secret: &Secret,
    purpose: &[u8],
    aad: &[u8],
    bytes: &[u8],
) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    let (encapped, sealed) = bytes.split_at_checked(ENCAPPED).ok_or(OpenError::Altered)?;
    let encapped =
        <X25519HkdfSha256 as Kem>::EncappedKey::from_bytes(encapped).map_err(|_| OpenError::Altered)?;
    hpke::single_shot_open::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
        &OpModeR::Base,
        secret,
        &encapped,
        purpose,
        sealed,
        aad,
    )
    .map(Zeroizing::new)
    .map_err(|_| OpenError::Altered)
}
