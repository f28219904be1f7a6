//! Content keys, one per epoch. Each new one is wrapped to every device that stays, and the one
//! before is sealed under it, so that a newcomer reads history with one key and a removed device
//! never gets the next.

use std::collections::BTreeMap;
use std::fmt;

use custory_wire::{PublicKey, Roster};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::aead::{OpenError, derive, open_box, seal_box};
use crate::keys::DeviceKeys;
use crate::random::{Random, fresh};
use crate::wrap;

/// The content key of an epoch.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct EpochKey([u8; 32]);

impl fmt::Debug for EpochKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("EpochKey(…)")
    }
}

impl EpochKey {
    pub(crate) fn generate(random: &mut dyn Random) -> Self {
        Self(fresh(random))
    }

    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Wraps it to a device, bound to the epoch and to that device.
    pub(crate) fn wrap_to(
        &self,
        epoch: u32,
        sign: &PublicKey,
        wrap: &PublicKey,
        random: &mut dyn Random,
    ) -> Option<Vec<u8>> {
        wrap::wrap(wrap, wrap::EPOCH_KEY, &aad(epoch, sign), &self.0, random)
    }

    /// Seals the key of the epoch before under this one.
    pub(crate) fn seal_before(&self, epoch: u32, before: &Self, random: &mut dyn Random) -> Vec<u8> {
        seal_box(&derive("custory/epoch/before/1", &[&self.0]), &epoch.to_be_bytes(), &before.0, random)
    }

    fn open_before(&self, epoch: u32, sealed: &[u8]) -> Result<Self, OpenError> {
        let key = derive("custory/epoch/before/1", &[&self.0]);
        let bytes = open_box(&key, &epoch.to_be_bytes(), sealed)?;
        bytes.as_slice().try_into().map(Self).map_err(|_| OpenError::Content)
    }
}

fn aad(epoch: u32, sign: &PublicKey) -> Vec<u8> {
    [epoch.to_be_bytes().as_slice(), &sign.0].concat()
}

/// The content keys that a device has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Epochs {
    keys: BTreeMap<u32, EpochKey>,
}

impl Epochs {
    /// All keys that a device can get at: those wrapped to it, and from each down to the first.
    ///
    /// What does not open is left out: that is a device's or an admin's fault and shows as records
    /// that cannot be read.
    pub fn of(roster: &Roster, device: u32, keys: &DeviceKeys) -> Self {
        let mut epochs = Self::default();
        let wrapped = roster.device(device).map(|it| it.keys.as_slice()).unwrap_or_default();
        for (epoch, bytes) in wrapped {
            let opened = keys.unwrap(wrap::EPOCH_KEY, &aad(*epoch, &keys.sign_key()), bytes);
            let key = opened.ok().and_then(|it| it.as_slice().try_into().ok());
            if let Some(key) = key {
                epochs.keys.insert(*epoch, EpochKey(key));
            }
        }
        let Some(newest) = epochs.keys.keys().next_back().copied() else { return epochs };
        for epoch in (2..=newest).rev() {
            let (Some(key), Some(before)) = (epochs.keys.get(&epoch), roster.key_before(epoch)) else {
                continue;
            };
            if let Ok(before) = key.open_before(epoch, before) {
                epochs.keys.entry(epoch - 1).or_insert(before);
            }
        }
        epochs
    }

    /// The key of an epoch.
    ///
    /// # Errors
    /// [`OpenError::NoKey`] when this device does not have it.
    pub fn get(&self, epoch: u32) -> Result<&EpochKey, OpenError> {
        self.keys.get(&epoch).ok_or(OpenError::NoKey(epoch))
    }
}

impl FromIterator<(u32, EpochKey)> for Epochs {
    fn from_iter<I: IntoIterator<Item = (u32, EpochKey)>>(keys: I) -> Self {
        Self { keys: keys.into_iter().collect() }
    }
}
