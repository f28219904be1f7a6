//! What a snapshot claims, checked against the roster and against what this device knows of the log.
//!
//! Rules, in this order: the header is one, in the one encoding there is, and says what the relay
//! says · its roster record is known · its maker might write then, and has signed it · its epoch is
//! that record's · how far each device has come adds up · that, and the roster record, are no less than
//! what is known here.

use custory_wire::{
    DeviceChain, Hash, Roster, SnapshotHeader, SnapshotInfo, decode, encode, is_signed, limits,
    snapshot_signing_bytes,
};

use super::{RefusedSnapshot, SnapshotFault};
use crate::client::Client;
use crate::io::Output;
use crate::log::Log;
use crate::state::LogState;

/// Why a snapshot is not asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Objection {
    /// The roster must be asked for first.
    NeedsRoster,
    /// This program is too old.
    NeedsUpdate,
    /// It is bad.
    Fault(SnapshotFault),
}

impl From<SnapshotFault> for Objection {
    fn from(fault: SnapshotFault) -> Self {
        Self::Fault(fault)
    }
}

/// Checks what a snapshot says of itself against the log's state, as it is or as it was at the snapshot's place.
pub(super) fn check(
    roster: &Roster,
    log: &Log,
    state: &LogState,
    info: &SnapshotInfo,
) -> Result<SnapshotHeader, Objection> {
    let malformed = SnapshotFault::Malformed;
    let header: SnapshotHeader =
        decode(&info.header, limits::SNAPSHOT_HEADER_BYTES_MAX).map_err(|_| malformed.clone())?;
    if header.version != SnapshotHeader::VERSION {
        return Err(Objection::NeedsUpdate);
    }
    let is_told_alike = header.log == log.id
        && header.base == info.base
        && (header.bytes_len, header.hash) == (info.bytes_len, info.hash)
        // The blob is sealed to these very bytes.
        && encode(&header) == info.header;
    if !is_told_alike || header.base.seq == 0 || !(1..=limits::SNAPSHOT_BYTES_MAX).contains(&header.bytes_len)
    {
        return Err(malformed.into());
    }
    if header.rseq > roster.rseq() && !log.asked_roster {
        return Err(Objection::NeedsRoster);
    }
    if roster.rhead_at(header.rseq) != Some(header.rhead) {
        return Err(SnapshotFault::OtherRoster.into());
    }
    let role = roster.role_at(header.device, header.rseq);
    let maker = roster.device(header.device).filter(|_| role.is_some_and(|it| it.may_write()));
    let maker = maker.ok_or(SnapshotFault::NotAllowed)?;
    if !is_signed(&maker.sign, &snapshot_signing_bytes(&info.header), &info.signature) {
        return Err(SnapshotFault::Forged.into());
    }
    if roster.epoch_at(header.rseq) != Some(header.epoch) {
        return Err(SnapshotFault::OtherRoster.into());
    }
    if !adds_up(roster, &header) {
        return Err(SnapshotFault::OtherDevices.into());
    }
    if header.rseq < state.rseq || !goes_on_from(state, &header) {
        return Err(SnapshotFault::Contradicts.into());
    }
    Ok(header)
}

/// Whether devices are in order, known, and have no more records together than the log.
fn adds_up(roster: &Roster, header: &SnapshotHeader) -> bool {
    let is_fit = |(device, chain): &(u32, DeviceChain)| chain.dseq > 0 && roster.device(*device).is_some();
    let records = header.devices.iter().fold(0u64, |sum, (_, it)| sum.saturating_add(it.dseq));
    header.devices.is_sorted_by(|one, other| one.0 < other.0)
        && header.devices.iter().all(is_fit)
        && records <= header.base.seq
}

/// Whether every device is as far at the snapshot's place as it is here before it.
fn goes_on_from(state: &LogState, header: &SnapshotHeader) -> bool {
    let then = |device: u32| header.devices.iter().find(|it| it.0 == device).map(|it| it.1);
    state.at.seq > header.base.seq
        || state.devices.iter().all(|(device, known)| {
            then(*device).is_some_and(|it| {
                it.dseq > known.dseq && header.base.seq > state.at.seq
                    || (it.dseq, it.last) == (known.dseq, known.last)
            })
        })
}

impl Client {
    /// Names a snapshot that is not taken, and remembers not to ask for it again.
    pub(super) fn refuse_snapshot(
        &mut self,
        log: &custory_wire::LogId,
        (hash, base, by): (Hash, u64, Option<u32>),
        reason: SnapshotFault,
    ) {
        let Some(known) = self.logs.get_mut(log) else { return };
        if known.snapshots.newest.as_ref().is_some_and(|it| it.hash == hash) {
            known.snapshots.newest = None;
        }
        let before = known.snapshots.refused.iter_mut().find(|it| it.0 == hash);
        let is_news = before.as_ref().is_none_or(|it| it.1 != reason);
        match before {
            Some(before) => before.1 = reason.clone(),
            None => known.snapshots.refused.push((hash, reason.clone())),
        }
        if is_news {
            self.out.push(Output::SnapshotRefused(Box::new(RefusedSnapshot { log: *log, by, base, reason })));
        }
    }
}
