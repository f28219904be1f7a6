//! Who a device is of: names that the relay must not see.

use custory_wire::{Device, PublicKey, encode};
use minicbor::{Decode, Encode};

use crate::aead::{OpenError, derive, open_box, seal_box};
use crate::epochs::{EpochKey, Epochs};
use crate::keys::DeviceKeys;
use crate::random::Random;
use crate::wrap;

/// Bytes of a name. Longer ones are cut.
const NAME_BYTES_MAX: usize = 120;

/// Who a device is of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Profile {
    /// The member of the workspace's document that it writes as.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub member: [u8; 16],
    /// The person's name.
    #[n(1)]
    pub person: String,
    /// The device's name.
    #[n(2)]
    pub device: String,
}

impl Profile {
    /// Seals it for the team, bound to the device.
    pub(crate) fn seal(
        &self,
        key: &EpochKey,
        epoch: u32,
        sign: &PublicKey,
        random: &mut dyn Random,
    ) -> Vec<u8> {
        let key = derive("custory/profile/1", &[key.bytes()]);
        seal_box(&key, &aad(epoch, sign), &encode(&self.fitting()), random)
    }

    /// Opens a device's.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub fn open(epochs: &Epochs, device: &Device) -> Result<Self, OpenError> {
        let key = derive("custory/profile/1", &[epochs.get(device.profile_epoch)?.bytes()]);
        let plain = open_box(&key, &aad(device.profile_epoch, &device.sign), &device.profile)?;
        custory_wire::decode(&plain, usize::MAX).map_err(|_| OpenError::Content)
    }

    /// Seals it to one admin, with a request to join.
    pub(crate) fn wrap(&self, to: &PublicKey, asks: &PublicKey, random: &mut dyn Random) -> Option<Vec<u8>> {
        wrap::wrap(to, wrap::NAME, &asks.0, &encode(&self.fitting()), random)
    }

    /// Opens one that was sealed to this admin.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub fn unwrap(keys: &DeviceKeys, asks: &PublicKey, bytes: &[u8]) -> Result<Self, OpenError> {
        let plain = keys.unwrap(wrap::NAME, &asks.0, bytes)?;
        custory_wire::decode(&plain, usize::MAX).map_err(|_| OpenError::Content)
    }

    fn fitting(&self) -> Self {
        let cut = |text: &str| {
            let fits = |at: &usize| *at <= NAME_BYTES_MAX && text.is_char_boundary(*at);
            text[..(0..=text.len().min(NAME_BYTES_MAX)).rev().find(fits).unwrap_or(0)].to_owned()
        };
        Self { member: self.member, person: cut(&self.person), device: cut(&self.device) }
    }
}

fn aad(epoch: u32, sign: &PublicKey) -> Vec<u8> {
    [epoch.to_be_bytes().as_slice(), &sign.0].concat()
}
