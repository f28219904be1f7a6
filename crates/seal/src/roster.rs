//! Writing roster records: begin a workspace, invite, ask to join, add, remove, change roles.
//!
//! Whether a record is taken is the roster's rules' to say (`custory_wire::Roster`). What is written
//! here follows them, so a refusal means that the roster has moved on or the wish is against them.

use custory_wire::{
    Action, Hash, LogId, PublicKey, Role, Roster, RosterBody, Rotation, SpaceId, Wrapped, encode,
    join_proof_bytes, roster_record, roster_signing_bytes,
};

use crate::epochs::{EpochKey, Epochs};
use crate::keys::{DeviceKeys, InviteSeed};
use crate::profile::Profile;
use crate::random::{Random, fresh};

/// Begins a workspace with this device as its one admin: the genesis record.
pub fn begin_space(keys: &DeviceKeys, profile: &Profile, random: &mut dyn Random) -> Vec<u8> {
    let key = EpochKey::generate(random);
    let (sign, wrap) = (keys.sign_key(), keys.wrap_key());
    let action = Action::Genesis {
        sign,
        wrap,
        profile: profile.seal(&key, 1, &sign, random),
        key: key.wrap_to(1, &sign, &wrap, random).expect("a device's own key is a key"),
        salt: fresh(random),
    };
    let (space, prev) = (SpaceId([0; 32]), Hash([0; 32]));
    signed(keys, &RosterBody { version: 1, space, rseq: 1, prev, signer: 1, action })
}

/// A request to join: signed with the invitation's key, with proof that this device holds its own.
/// `profile` is sealed to each admin.
pub fn join_record(
    roster: &Roster,
    invite: u32,
    seed: &InviteSeed,
    keys: &DeviceKeys,
    profile: &Profile,
    random: &mut dyn Random,
) -> Vec<u8> {
    let (sign, wrap) = (keys.sign_key(), keys.wrap_key());
    let admins = roster.present().filter(|(.., role)| *role == Role::Admin);
    let mut names = Vec::new();
    for (device, admin, _) in admins {
        if let Some(bytes) = profile.wrap(&admin.wrap, &sign, random) {
            names.push(Wrapped { device, bytes });
        }
    }
    let proof = keys.sign(&join_proof_bytes(&roster.space(), &seed.key(), &sign, &wrap));
    let action = Action::Join { invite, sign, wrap, proof, names };
    let body = next(roster, invite, action);
    let bytes = encode(&body);
    let signature = seed.sign(&roster_signing_bytes(&bytes));
    roster_record(bytes, signature)
}

/// A device that writes roster records.
#[derive(Clone, Copy)]
pub struct Author<'a> {
    /// The roster that the record comes after.
    pub roster: &'a Roster,
    /// The device.
    pub device: u32,
    /// Its keys.
    pub keys: &'a DeviceKeys,
    /// Its content keys.
    pub epochs: &'a Epochs,
}

impl Author<'_> {
    /// Makes an invitation. The seed goes into the link and nowhere else.
    pub fn invite(&self, seed: &InviteSeed, role: Role, uses: u32) -> Vec<u8> {
        self.write(Action::Invite { key: seed.key(), role, uses })
    }

    /// Makes an invitation void.
    pub fn revoke(&self, invite: u32) -> Vec<u8> {
        self.write(Action::Revoke { invite })
    }

    /// Adds the device that asked; `None` if no such request waits, its key is no key, or this device
    /// does not have the present content key.
    pub fn approve(
        &self,
        join: u32,
        role: Role,
        profile: &Profile,
        random: &mut dyn Random,
    ) -> Option<Vec<u8>> {
        let asks = self.roster.joins().get(&join)?;
        self.add((&asks.sign, &asks.wrap), role, profile, Some(join), random)
    }

    /// Adds a device that this one speaks for, such as the one that a recovery file stands for.
    pub fn add(
        &self,
        (sign, wrap): (&PublicKey, &PublicKey),
        role: Role,
        profile: &Profile,
        join: Option<u32>,
        random: &mut dyn Random,
    ) -> Option<Vec<u8>> {
        let epoch = self.roster.epoch();
        let key = self.epochs.get(epoch).ok()?;
        Some(self.write(Action::Add {
            sign: *sign,
            wrap: *wrap,
            role,
            profile: profile.seal(key, epoch, sign, random),
            key: key.wrap_to(epoch, sign, wrap, random)?,
            join,
        }))
    }

    /// Turns a request down.
    pub fn decline(&self, join: u32) -> Vec<u8> {
        self.write(Action::Decline { join })
    }

    /// Removes devices and begins an epoch whose key they never get; `None` if this device does not
    /// have the present content key.
    pub fn remove(&self, devices: &[u32], random: &mut dyn Random) -> Option<Vec<u8>> {
        let rotation = self.rotation(devices, random)?;
        Some(self.write(Action::Remove { devices: devices.to_vec(), rotation }))
    }

    /// Begins a new epoch.
    pub fn rotate(&self, random: &mut dyn Random) -> Option<Vec<u8>> {
        let rotation = self.rotation(&[], random)?;
        Some(self.write(Action::Rotate { rotation }))
    }

    /// Changes what a device may do.
    pub fn set_role(&self, device: u32, role: Role) -> Vec<u8> {
        self.write(Action::SetRole { device, role })
    }

    /// Makes all skip one record that does harm.
    pub fn quarantine(&self, log: LogId, device: u32, dseq: u64) -> Vec<u8> {
        self.write(Action::Quarantine { log, device, dseq })
    }

    /// Changes this device's own names; `None` if it does not have the present content key.
    pub fn rename(&self, profile: &Profile, random: &mut dyn Random) -> Option<Vec<u8>> {
        let epoch = self.roster.epoch();
        let profile = profile.seal(self.epochs.get(epoch).ok()?, epoch, &self.keys.sign_key(), random);
        Some(self.write(Action::Rename { profile }))
    }

    fn rotation(&self, gone: &[u32], random: &mut dyn Random) -> Option<Rotation> {
        let now = self.roster.epoch();
        let (before, key) = (self.epochs.get(now).ok()?, EpochKey::generate(random));
        let mut keys = Vec::new();
        for (device, it, _) in self.roster.present().filter(|(it, ..)| !gone.contains(it)) {
            keys.push(Wrapped { device, bytes: key.wrap_to(now + 1, &it.sign, &it.wrap, random)? });
        }
        Some(Rotation { epoch: now + 1, keys, before: key.seal_before(now + 1, before, random) })
    }

    fn write(&self, action: Action) -> Vec<u8> {
        signed(self.keys, &next(self.roster, self.device, action))
    }
}

fn next(roster: &Roster, signer: u32, action: Action) -> RosterBody {
    let (space, rseq, prev) = (roster.space(), roster.rseq() + 1, roster.prev());
    RosterBody { version: 1, space, rseq, prev, signer, action }
}

fn signed(keys: &DeviceKeys, body: &RosterBody) -> Vec<u8> {
    let bytes = encode(body);
    let signature = keys.sign(&roster_signing_bytes(&bytes));
    roster_record(bytes, signature)
}
