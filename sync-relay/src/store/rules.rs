//! What is taken and what is refused, whatever keeps it.
//!
//! - A record's author may write, cites the newest roster record and its epoch, and continues its own chain. A
//!   record that is there already is answered as if it were new, however old it is and whatever it cites, so that a
//!   lost answer is never a conflict.
//! - Roster records follow the protocol's rules (`custory_wire::Roster`).
//! - A snapshot stands at a place that the log has had, and is confirmed by somebody else.

use custory_wire::{Action, DeviceChain, Hash, Head, NackReason, PublicKey, Roster, SnapshotInfo};

use super::job::{Arrival, RosterJob, WriterLimits};
use crate::hub::Space;

/// Highest position of a record in its log: what SQLite's key of a chunk has room for.
pub(super) const SEQ_MAX: u64 = (1 << 38) - 1;

/// What a workspace takes up.
#[derive(Clone, Copy)]
pub(super) struct Sizes {
    pub(super) bytes: u64,
    pub(super) logs: u32,
}

impl Sizes {
    pub(super) fn of(space: &Space) -> Self {
        Self { bytes: space.bytes(), logs: space.logs() }
    }

    /// Whether so many more bytes fit.
    pub(super) fn has_room(&self, limits: &WriterLimits, bytes: u64) -> bool {
        self.bytes.saturating_add(bytes) <= limits.space_bytes_max
    }

    /// Whether one more record fits into a log that is at `seq`.
    pub(super) fn has_room_for_record(&self, limits: &WriterLimits, bytes: usize, seq: u64) -> bool {
        self.has_room(limits, bytes as u64) && (seq > 0 || self.logs < limits.space_logs_max) && seq < SEQ_MAX
    }
}

/// What is to become of a record.
pub(super) enum Verdict {
    /// It is the next one.
    Take,
    /// It should be there already; [`known`] says whether it is the same.
    LookUp,
    /// It is not taken.
    Refuse(NackReason),
}

/// Judges a record by the roster and by how far its device has come.
pub(super) fn record(
    roster: Option<&Roster>,
    device: u32,
    mine: &DeviceChain,
    arrival: &Arrival,
    has_room: bool,
) -> Verdict {
    let Some(roster) = roster.filter(|it| may_write(it, device)) else {
        return Verdict::Refuse(NackReason::Denied);
    };
    if arrival.dseq <= mine.dseq {
        return Verdict::LookUp;
    }
    if (arrival.rseq, arrival.rhead, arrival.epoch) != (roster.rseq(), roster.rhead(), roster.epoch()) {
        return Verdict::Refuse(NackReason::RosterStale { rseq: roster.rseq() });
    }
    if !mine.continues(arrival.dseq, &arrival.prev) {
        return Verdict::Refuse(NackReason::ChainGap { mine: *mine });
    }
    if has_room { Verdict::Take } else { Verdict::Refuse(NackReason::Quota) }
}

/// The number of a record that should be there already, if what was found there is the same record.
pub(super) fn known(
    mine: &DeviceChain,
    arrival: &Arrival,
    found: Option<(u64, Hash)>,
) -> Result<u64, NackReason> {
    match found {
        Some((seq, hash)) if hash == arrival.hash => Ok(seq),
        // Given up for a snapshot since, which has it: its number is not known any more.
        None if arrival.dseq > 0 => Ok(0),
        _ => Err(NackReason::ChainConflict { mine: *mine }),
    }
}

/// A roster with one more record.
pub(super) struct NextRoster {
    pub(super) roster: Roster,
    /// The key of an invitation that the record makes.
    pub(super) invitation: Option<PublicKey>,
}

/// Judges a roster record: what comes of it, `None` if it is there already, or why it does not fit. `may_create`
/// says whether a workspace that is not known may be made now.
pub(super) fn roster(
    known: Option<&Roster>,
    job: &RosterJob,
    record: &[u8],
    may_create: bool,
) -> Result<Option<NextRoster>, NackReason> {
    let Some(known) = known else {
        if !may_create {
            return Err(NackReason::NotAdmitted);
        }
        return match Roster::begin(record) {
            Ok(roster) if roster.space() == job.space.id() => {
                Ok(Some(NextRoster { roster, invitation: None }))
            }
            _ => Err(NackReason::RosterRefused),
        };
    };
    if is_in_roster(known, record) {
        return Ok(None);
    }
    let mut next = known.clone();
    let Ok(body) = next.apply(record) else { return Err(NackReason::RosterRefused) };
    let is_join = |by: u32| matches!(body.action, Action::Join { invite, .. } if invite == by);
    if job.only_join.is_some_and(|by| !is_join(by)) {
        return Err(NackReason::Denied);
    }
    let invitation = invitation(&body.action);
    Ok(Some(NextRoster { roster: next, invitation }))
}

/// The key of the invitation that a record makes.
pub(super) fn invitation(action: &Action) -> Option<PublicKey> {
    match action {
        Action::Invite { key, .. } => Some(*key),
        _ => None,
    }
}

/// Whether a roster has this very record.
fn is_in_roster(roster: &Roster, record: &[u8]) -> bool {
    let head = Some(Hash::of(record).head());
    (1..=roster.rseq()).rev().any(|rseq| roster.rhead_at(rseq) == head)
}

/// Why a snapshot is not taken. `head` is the log's at the snapshot's base, as far as it is still known.
pub(super) fn snapshot(
    roster: Option<&Roster>,
    device: u32,
    info: &SnapshotInfo,
    has_room: bool,
    head: Option<Head>,
) -> Option<NackReason> {
    if !roster.is_some_and(|it| may_write(it, device)) {
        return Some(NackReason::Denied);
    }
    if !has_room {
        return Some(NackReason::Quota);
    }
    (head != Some(info.base.head)).then_some(NackReason::NotFound)
}

/// Whether a device may vouch for a snapshot that another, or it itself as the only one, has made.
pub(super) fn may_confirm(roster: Option<&Roster>, device: u32, maker: u32) -> bool {
    let Some(roster) = roster else { return false };
    let is_alone = roster.present().count() == 1;
    let is_present = roster.device(device).is_some_and(|it| it.role().is_some());
    is_present && (device != maker || is_alone)
}

fn may_write(roster: &Roster, device: u32) -> bool {
    roster.device(device).and_then(|it| it.role()).is_some_and(|it| it.may_write())
}
