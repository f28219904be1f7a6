//! What each roster record may do, and what it does. The relay and all clients follow these rules.

use std::collections::BTreeSet;

use super::{Action, Device, Invite, Join, Role, Roster, RosterBody, RosterError, Rotation, Wrapped};
use crate::ids::PublicKey;
use crate::limits::{
    DEVICES_MAX, INVITE_USES_MAX, INVITES_MAX, NAME_BYTES_MAX, PROFILE_BYTES_MAX, WRAPPED_BYTES_MAX,
};
use crate::sign::is_signed;

/// The version of roster records that this crate reads and writes.
pub(super) const VERSION: u8 = 1;

type Checked = Result<(), RosterError>;

const fn unfit(reason: &'static str) -> RosterError {
    RosterError::Unfit(reason)
}

fn must(holds: bool, reason: &'static str) -> Checked {
    if holds { Ok(()) } else { Err(unfit(reason)) }
}

/// Whose signature a record must have.
pub(super) fn signer(roster: &Roster, body: &RosterBody) -> Result<PublicKey, RosterError> {
    match &body.action {
        Action::Genesis { sign, .. } => {
            must(body.rseq == 1 && body.signer == 1, "only the first record begins a workspace")?;
            Ok(*sign)
        }
        _ if body.rseq == 1 => Err(unfit("the first record begins the workspace")),
        Action::Join { invite, .. } => {
            must(body.signer == *invite, "a request is signed with its invitation's key")?;
            let invite = roster.invites.get(invite);
            invite.map(|it| it.key).ok_or(RosterError::Denied("this invitation is not open"))
        }
        _ => roster.devices.get(&body.signer).map(|it| it.sign).ok_or(unfit("no such device signs")),
    }
}

/// Whether a record, signed by its signer, may do what it does.
pub(super) fn check(roster: &Roster, body: &RosterBody) -> Checked {
    let role = roster.devices.get(&body.signer).and_then(Device::role);
    match &body.action {
        Action::Genesis { .. } | Action::Join { .. } => {}
        Action::Rename { .. } if role.is_some() => {}
        _ if role == Some(Role::Admin) => {}
        _ => return Err(RosterError::Denied("only an admin may do this")),
    }
    match &body.action {
        Action::Genesis { profile, key, .. } => sealed(profile, key),
        Action::Invite { key, uses, .. } => {
            must((1..=INVITE_USES_MAX).contains(uses), "an invitation is for 1 to 64 uses")?;
            must(roster.invites.len() < INVITES_MAX, "too many invitations are open")?;
            must(is_new(roster, key), "this key is known already")
        }
        Action::Revoke { invite } => must(roster.invites.contains_key(invite), "no such invitation is open"),
        Action::Join { invite, sign, wrap, proof, names } => {
            must(roster.joins.len() < INVITES_MAX, "too many requests wait")?;
            must(is_new(roster, sign), "this key is known already")?;
            must(names.len() <= DEVICES_MAX, "too many names")?;
            must(names.iter().all(|it| it.bytes.len() <= NAME_BYTES_MAX), "a name is too long")?;
            let key = &roster.invites.get(invite).ok_or(unfit("no such invitation is open"))?.key;
            let proven = super::join_proof_bytes(&roster.space, key, sign, wrap);
            if is_signed(sign, &proven, proof) { Ok(()) } else { Err(RosterError::Signature) }
        }
        Action::Decline { join } => must(roster.joins.contains_key(join), "no such request waits"),
        Action::Add { sign, wrap, profile, key, join, .. } => {
            sealed(profile, key)?;
            must(roster.present().count() < DEVICES_MAX, "the workspace is full")?;
            match join {
                Some(join) => {
                    let join = roster.joins.get(join).ok_or(unfit("no such request waits"))?;
                    must(join.sign == *sign && join.wrap == *wrap, "not the device that asked")
                }
                None => must(is_new(roster, sign), "this key is known already"),
            }
        }
        Action::Remove { devices, rotation } => {
            let gone: BTreeSet<u32> = devices.iter().copied().collect();
            must(!gone.is_empty() && gone.len() == devices.len(), "names each device once")?;
            must(gone.iter().all(|it| is_present(roster, *it)), "no such device to remove")?;
            let admin_stays =
                roster.present().any(|(it, _, role)| role == Role::Admin && !gone.contains(&it));
            must(admin_stays, "one admin must stay")?;
            rotates(roster, rotation, &gone)
        }
        Action::SetRole { device, role } => {
            must(is_present(roster, *device), "no such device")?;
            let other = roster.present().any(|(it, _, role)| role == Role::Admin && it != *device);
            must(*role == Role::Admin || other, "one admin must stay")
        }
        Action::Rotate { rotation } => rotates(roster, rotation, &BTreeSet::new()),
        Action::Quarantine { device, dseq, .. } => {
            must(roster.devices.contains_key(device) && *dseq > 0, "no such record")
        }
        Action::Rename { profile } => must(profile.len() <= PROFILE_BYTES_MAX, "the names are too long"),
    }
}

fn sealed(profile: &[u8], key: &[u8]) -> Checked {
    must(profile.len() <= PROFILE_BYTES_MAX, "the names are too long")?;
    must(key.len() <= WRAPPED_BYTES_MAX, "the wrapped key is too long")
}

fn is_present(roster: &Roster, device: u32) -> bool {
    roster.devices.get(&device).is_some_and(|it| it.role().is_some())
}

/// A key is good for one purpose and one time: a removed device does not come back with it.
fn is_new(roster: &Roster, key: &PublicKey) -> bool {
    let known = |it: &PublicKey| it == key;
    !roster.devices.values().any(|it| known(&it.sign))
        && !roster.invites.values().any(|it| known(&it.key))
        && !roster.joins.values().any(|it| known(&it.sign))
}

/// A new epoch's key goes to all who stay and to nobody else.
fn rotates(roster: &Roster, rotation: &Rotation, gone: &BTreeSet<u32>) -> Checked {
    must(rotation.epoch == roster.epoch() + 1, "epochs count up by one")?;
    must(rotation.before.len() <= WRAPPED_BYTES_MAX, "the wrapped key is too long")?;
    must(rotation.keys.iter().all(|it| it.bytes.len() <= WRAPPED_BYTES_MAX), "the wrapped key is too long")?;
    let stay: Vec<u32> = roster.present().map(|(it, ..)| it).filter(|it| !gone.contains(it)).collect();
    let mut given: Vec<u32> = rotation.keys.iter().map(|it| it.device).collect();
    given.sort_unstable();
    must(given == stay, "the new key goes to all who stay and to nobody else")
}

/// Does what the record says; it has been checked.
pub(super) fn take(roster: &mut Roster, body: &RosterBody) {
    let rseq = body.rseq;
    match &body.action {
        Action::Genesis { sign, wrap, profile, key, .. } => {
            begin_epoch(roster, 1);
            let device = device(roster, (sign, wrap), Role::Admin, (profile, key), rseq);
            roster.devices.insert(rseq, device);
        }
        Action::Invite { key, role, uses } => {
            let invite = Invite { key: *key, role: *role, uses_left: *uses, by: body.signer };
            roster.invites.insert(rseq, invite);
        }
        Action::Revoke { invite } => {
            roster.invites.remove(invite);
        }
        Action::Join { invite, sign, wrap, names, .. } => {
            let Some(open) = roster.invites.get_mut(invite) else { return };
            let (role, invite) = (open.role, *invite);
            open.uses_left -= 1;
            if open.uses_left == 0 {
                roster.invites.remove(&invite);
            }
            let join = Join { sign: *sign, wrap: *wrap, role, invite, names: names.clone() };
            roster.joins.insert(rseq, join);
        }
        Action::Decline { join } => {
            roster.joins.remove(join);
        }
        Action::Add { sign, wrap, role, profile, key, join } => {
            if let Some(join) = join {
                roster.joins.remove(join);
            }
            let device = device(roster, (sign, wrap), *role, (profile, key), rseq);
            roster.devices.insert(rseq, device);
        }
        Action::Remove { devices, rotation } => {
            devices.iter().for_each(|it| set_role(roster, *it, rseq, None));
            rotate(roster, rotation);
        }
        Action::SetRole { device, role } => set_role(roster, *device, rseq, Some(*role)),
        Action::Rotate { rotation } => rotate(roster, rotation),
        Action::Quarantine { log, device, dseq } => {
            roster.quarantined.insert((*log, *device, *dseq));
        }
        Action::Rename { profile } => {
            let epoch = roster.epoch();
            if let Some(device) = roster.devices.get_mut(&body.signer) {
                (device.profile, device.profile_epoch) = (profile.clone(), epoch);
            }
        }
    }
}

fn device(
    roster: &Roster,
    (sign, wrap): (&PublicKey, &PublicKey),
    role: Role,
    (profile, key): (&[u8], &[u8]),
    rseq: u32,
) -> Device {
    let epoch = roster.epoch();
    Device {
        sign: *sign,
        wrap: *wrap,
        profile: profile.to_vec(),
        profile_epoch: epoch,
        roles: vec![(rseq, Some(role))],
        keys: vec![(epoch, key.to_vec())],
    }
}

fn set_role(roster: &mut Roster, device: u32, rseq: u32, role: Option<Role>) {
    if let Some(device) = roster.devices.get_mut(&device) {
        device.roles.push((rseq, role));
    }
}

fn begin_epoch(roster: &mut Roster, epoch: u32) {
    if let Some(last) = roster.epochs.last_mut() {
        *last = epoch;
    }
}

fn rotate(roster: &mut Roster, rotation: &Rotation) {
    begin_epoch(roster, rotation.epoch);
    roster.before.insert(rotation.epoch, rotation.before.clone());
    for Wrapped { device, bytes } in &rotation.keys {
        if let Some(device) = roster.devices.get_mut(device) {
            device.keys.push((rotation.epoch, bytes.clone()));
        }
    }
}
