//! The roster as it stands after its records: taken one at a time, checked in full each time.

use std::collections::{BTreeMap, BTreeSet};

use super::{Frame, Role, RosterBody, RosterError, Wrapped, rules};
use crate::codec::decode;
use crate::ids::{Hash, Head, LogId, PublicKey, SpaceId};
use crate::limits::{ROSTER_LENGTH_MAX, ROSTER_RECORD_BYTES_MAX};
use crate::sign::is_signed;

/// A device that belongs to a workspace, or did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// Its signing key.
    pub sign: PublicKey,
    /// Its X25519 key.
    pub wrap: PublicKey,
    /// Its names, sealed.
    pub profile: Vec<u8>,
    /// The epoch whose key opens them.
    pub profile_epoch: u32,
    /// What it may do, from which roster record on; `None` once it was removed. In order.
    pub roles: Vec<(u32, Option<Role>)>,
    /// Epoch keys that were wrapped to it: epoch and bytes. In order.
    pub keys: Vec<(u32, Vec<u8>)>,
}

impl Device {
    /// What it may do now; `None` once it was removed.
    pub fn role(&self) -> Option<Role> {
        self.roles.last().and_then(|it| it.1)
    }

    /// What it might do as of a roster record.
    pub fn role_at(&self, rseq: u32) -> Option<Role> {
        self.roles.iter().take_while(|(since, _)| *since <= rseq).last().and_then(|it| it.1)
    }
}

/// An invitation that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invite {
    /// Its public key.
    pub key: PublicKey,
    /// What those who join by it may do.
    pub role: Role,
    /// How many may still ask.
    pub uses_left: u32,
    /// The device that made it.
    pub by: u32,
}

/// A request to join that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Join {
    /// The device's signing key.
    pub sign: PublicKey,
    /// Its X25519 key.
    pub wrap: PublicKey,
    /// What the invitation grants.
    pub role: Role,
    /// The invitation.
    pub invite: u32,
    /// Who asks, sealed to each admin.
    pub names: Vec<Wrapped>,
}

/// Who belongs to a workspace and what they may do, after a number of records.
///
/// Devices, invitations and requests are named by the number of the record that made them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Roster {
    pub(super) space: SpaceId,
    pub(super) hashes: Vec<Hash>,
    pub(super) epochs: Vec<u32>,
    /// The key of the epoch before each, sealed with the epoch's own, by epoch.
    pub(super) before: BTreeMap<u32, Vec<u8>>,
    pub(super) devices: BTreeMap<u32, Device>,
    pub(super) invites: BTreeMap<u32, Invite>,
    pub(super) joins: BTreeMap<u32, Join>,
    pub(super) quarantined: BTreeSet<(LogId, u32, u64)>,
}

impl Roster {
    /// Begins with a genesis record.
    ///
    /// # Errors
    /// When it is not one.
    pub fn begin(record: &[u8]) -> Result<Self, RosterError> {
        let mut roster = Self {
            space: SpaceId::of_genesis(record),
            hashes: Vec::new(),
            epochs: Vec::new(),
            before: BTreeMap::new(),
            devices: BTreeMap::new(),
            invites: BTreeMap::new(),
            joins: BTreeMap::new(),
            quarantined: BTreeSet::new(),
        };
        roster.apply(record)?;
        Ok(roster)
    }

    /// Folds records from the first on.
    ///
    /// # Errors
    /// When there are none, or one of them is not taken.
    pub fn of<'a>(records: impl IntoIterator<Item = &'a [u8]>) -> Result<Self, RosterError> {
        let mut records = records.into_iter();
        let first = records.next().ok_or(RosterError::Unfit("a roster has a first record"))?;
        let mut roster = Self::begin(first)?;
        records.try_for_each(|it| roster.apply(it).map(drop))?;
        Ok(roster)
    }

    /// Takes the next record, or leaves everything as it is.
    ///
    /// # Errors
    /// See [`RosterError`].
    pub fn apply(&mut self, record: &[u8]) -> Result<RosterBody, RosterError> {
        let (body, bytes, signature) = open(record)?;
        if body.rseq != self.rseq() + 1 || body.rseq > ROSTER_LENGTH_MAX {
            return Err(RosterError::Stale { at: self.rseq() });
        }
        let first = body.rseq == 1;
        let space = if first { SpaceId([0; 32]) } else { self.space };
        let prev = self.hashes.last().copied().unwrap_or(Hash([0; 32]));
        if body.space != space || body.prev != prev {
            return Err(RosterError::Forked);
        }
        let key = rules::signer(self, &body)?;
        if !is_signed(&key, &super::roster_signing_bytes(&bytes), &signature) {
            return Err(RosterError::Signature);
        }
        rules::check(self, &body)?;
        self.hashes.push(Hash::of(record));
        self.epochs.push(self.epoch());
        rules::take(self, &body);
        Ok(body)
    }

    /// The workspace.
    pub fn space(&self) -> SpaceId {
        self.space
    }

    /// How many records it has.
    pub fn rseq(&self) -> u32 {
        self.hashes.len() as u32
    }

    /// The hash of its newest record, as headers of data records name it.
    pub fn rhead(&self) -> Head {
        self.hashes.last().map_or(Head::ZERO, Hash::head)
    }

    /// The hash of a record.
    pub fn rhead_at(&self, rseq: u32) -> Option<Head> {
        self.hashes.get(rseq.checked_sub(1)? as usize).map(Hash::head)
    }

    /// The hash of its newest record, as the next one names it.
    pub fn prev(&self) -> Hash {
        self.hashes.last().copied().unwrap_or(Hash([0; 32]))
    }

    /// The present epoch.
    pub fn epoch(&self) -> u32 {
        self.epochs.last().copied().unwrap_or(0)
    }

    /// The epoch as of a record.
    pub fn epoch_at(&self, rseq: u32) -> Option<u32> {
        self.epochs.get(rseq.checked_sub(1)? as usize).copied()
    }

    /// The key of the epoch before `epoch`, sealed with that of `epoch`.
    pub fn key_before(&self, epoch: u32) -> Option<&[u8]> {
        self.before.get(&epoch).map(Vec::as_slice)
    }

    /// All devices that ever belonged to it, by number.
    pub fn devices(&self) -> &BTreeMap<u32, Device> {
        &self.devices
    }

    /// A device, also a removed one.
    pub fn device(&self, device: u32) -> Option<&Device> {
        self.devices.get(&device)
    }

    /// Devices that belong to it now, with their roles.
    pub fn present(&self) -> impl Iterator<Item = (u32, &Device, Role)> {
        self.devices.iter().filter_map(|(number, it)| Some((*number, it, it.role()?)))
    }

    /// The device with a signing key, also a removed one.
    pub fn find(&self, sign: &PublicKey) -> Option<(u32, &Device)> {
        self.devices.iter().find(|(_, it)| it.sign == *sign).map(|(number, it)| (*number, it))
    }

    /// Invitations that are open.
    pub fn invites(&self) -> &BTreeMap<u32, Invite> {
        &self.invites
    }

    /// Requests to join that wait.
    pub fn joins(&self) -> &BTreeMap<u32, Join> {
        &self.joins
    }

    /// Whether all agreed to skip a record.
    pub fn is_quarantined(&self, log: &LogId, device: u32, dseq: u64) -> bool {
        self.quarantined.contains(&(*log, device, dseq))
    }

    /// What a device might do as of a roster record.
    pub fn role_at(&self, device: u32, rseq: u32) -> Option<Role> {
        self.devices.get(&device)?.role_at(rseq)
    }
}

fn open(record: &[u8]) -> Result<(RosterBody, Vec<u8>, crate::ids::Signature), RosterError> {
    let frame: Frame = decode(record, ROSTER_RECORD_BYTES_MAX)?;
    let body: RosterBody = decode(&frame.body, ROSTER_RECORD_BYTES_MAX).map_err(|error| {
        // A newer version may have actions that cannot even be decoded here.
        if version_of(&frame.body).is_some_and(|it| it > rules::VERSION) {
            return RosterError::Newer;
        }
        RosterError::Decode(error)
    })?;
    if body.version != rules::VERSION {
        return Err(RosterError::Newer);
    }
    Ok((body, frame.body.into(), frame.signature))
}

/// Who has signed a roster record, as it says: a device, or an invitation.
pub fn roster_signer(record: &[u8]) -> Option<u32> {
    open(record).ok().map(|(body, ..)| body.signer)
}

fn version_of(body: &[u8]) -> Option<u8> {
    let mut decoder = minicbor::Decoder::new(body);
    decoder.array().ok()?;
    decoder.u8().ok()
}
