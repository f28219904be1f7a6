//! Snapshots: one sealed document in place of a log's records up to a place.
//!
//! Made by a device whose document is exactly what the log holds (`make`), confirmed by another that
//! stands at that very place and finds the same (`confirm`), taken by whoever would otherwise have to
//! read more than the snapshot, or finds the records gone (`read`). What a snapshot claims is checked
//! before a byte of it is asked for (`claim`).
//!
//! Invariant: a relay gives up no record before a device has said that it has found, at the
//! snapshot's place, the snapshot's document. Invariant: a snapshot that is not taken is named
//! ([`RefusedSnapshot`]), and nothing of it stays.

mod claim;
mod confirm;
mod make;
mod read;

use custory_seal::OpenError;
use custory_wire::{Chain, Hash, LogId, SnapshotHeader, SnapshotInfo};

use crate::state::LogState;

/// After how much a snapshot is worth making.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Compaction {
    /// Bytes of records since the newest snapshot, or as many as that has if it has more.
    pub tail_bytes_min: u64,
    /// Records since the newest snapshot.
    pub tail_records_max: u64,
}

impl Default for Compaction {
    fn default() -> Self {
        Self { tail_bytes_min: 64 << 10, tail_records_max: 2_000 }
    }
}

/// A document, whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WholeDocument {
    /// Its newest changes, sorted: two documents with equal ones are equal.
    pub heads: Vec<[u8; 32]>,
    /// The document, saved.
    pub saved: Vec<u8>,
    /// What is shown of it while it is checked elsewhere; empty if nothing is.
    pub view: Vec<u8>,
}

/// A snapshot to be taken in: [`crate::Output::TakeSnapshot`].
#[derive(Clone, Debug, PartialEq)]
pub struct Taking {
    /// The log.
    pub log: LogId,
    /// The snapshot.
    pub hash: Hash,
    /// The document.
    pub document: [u8; 16],
    /// What it holds.
    pub whole: WholeDocument,
    /// Whether it must hold everything that the document here has, beside what waits in the outbox:
    /// all of that was in the log.
    pub must_hold_all: bool,
    /// Whether the answer must name the changes that are in it.
    pub wants_hashes: bool,
    /// The log's state with it.
    pub state: Box<LogState>,
}

/// A snapshot that was not taken, or not confirmed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedSnapshot {
    /// The log.
    pub log: LogId,
    /// Who is named as its maker, if anybody.
    pub by: Option<u32>,
    /// The place that it is said to stand for.
    pub base: u64,
    /// Why.
    pub reason: SnapshotFault,
}

/// Why a snapshot is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SnapshotFault {
    /// Its header is none, or says something else than the relay.
    #[error("it is not what it is said to be")]
    Malformed,
    /// Its maker is not in the roster, or might not write.
    #[error("its maker might not write then")]
    NotAllowed,
    /// It names a roster record that is not in this roster, an older one than the log does, or another
    /// epoch than that record's.
    #[error("it names another roster than its log")]
    OtherRoster,
    /// The signature is not its maker's.
    #[error("it is not signed by whom it says")]
    Forged,
    /// The place that it stands for is not on this log.
    #[error("it stands for another history of the log")]
    OtherHistory,
    /// How far it says that devices had come does not add up.
    #[error("it does not say how far each device had come")]
    OtherDevices,
    /// It does not know of something that this device has read of the log before its place.
    #[error("it does not know something that was read before")]
    Contradicts,
    /// The relay has sent other bytes than it announced.
    #[error("the relay sent something else than it announced")]
    OtherBytes,
    /// It does not open.
    #[error("it does not open: {0}")]
    Sealed(OpenError),
    /// Its content is of another document than the log.
    #[error("its content is of another journey")]
    OtherDocument,
    /// The document in it cannot be read.
    #[error("the document in it cannot be read: {0}")]
    Unreadable(String),
    /// It holds something else than the log does up to its place.
    #[error("it does not hold exactly what was written up to its place")]
    Differs,
    /// Something is not in it that the log has held.
    #[error("it lacks something that was written before")]
    Lacks,
}

impl SnapshotFault {
    /// Whether a relay that was restored from a backup, and has given up records since, is another
    /// explanation: that cannot show in the records any more.
    pub(crate) fn may_be_another_life(&self) -> bool {
        matches!(self, Self::Contradicts | Self::Lacks)
    }
}

/// What a log has to do with snapshots at the moment.
#[derive(Clone, Debug, Default)]
pub(crate) struct Snapshots {
    /// One being made.
    pub making: Option<Making>,
    /// One being read.
    pub fetching: Option<Fetching>,
    /// One that was read and whose document is looked at before anything else.
    pub looked_at: Option<Arrived>,
    /// One that is taken once the relay says that its place is on the log.
    pub arrived: Option<Arrived>,
    /// How often a blob came as something else than what was announced, on this connection.
    pub damaged: u8,
    /// One that may be confirmed and whose document is looked at: its hash, its place, its maker.
    pub checking: Option<(Hash, u64, Option<u32>)>,
    /// One that could be confirmed when this device stands at its place.
    pub newest: Option<SnapshotInfo>,
    /// Those that are not taken, and why, as long as the program runs.
    pub refused: Vec<(Hash, SnapshotFault)>,
    /// For how many ticks one has been worth making.
    pub ripe_ticks: u32,
    /// Where the log was at the tick before.
    pub at_last_tick: u64,
    /// The relay does not take one, on this connection.
    pub is_unwanted: bool,
}

#[derive(Clone, Debug)]
pub(crate) enum Making {
    /// The document was asked for, as it is at this place.
    Saving(Chain),
    /// It was offered to the relay.
    Offered { info: Box<SnapshotInfo>, blob: Vec<u8> },
}

/// A snapshot that comes in.
#[derive(Clone, Debug)]
pub(crate) struct Fetching {
    pub info: SnapshotInfo,
    pub header: SnapshotHeader,
    pub bytes: Vec<u8>,
    /// Whether the relay was asked for it.
    pub is_asked: bool,
    pub why: Why,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    /// In place of records.
    ToTake,
    /// To see whether it is what this device had at its place: the newest changes of its document, as
    /// soon as they were asked for, and the newest roster record named.
    ToCompare { heads: Option<Vec<[u8; 32]>>, rseq: u32 },
}

/// A snapshot that is here and opened.
#[derive(Clone, Debug)]
pub(crate) struct Arrived {
    pub header: SnapshotHeader,
    pub content: custory_seal::Snapshot,
    /// How far the relay said to have the log.
    pub tip: u64,
}

impl Arrived {
    /// A log's state once it has been taken.
    pub fn state_after(&self, before: &LogState, own: u32) -> LogState {
        before.at_snapshot(&self.header, self.content.rseq, self.content.document, own)
    }
}

impl Snapshots {
    /// The connection is gone. What has come of a snapshot that is needed is kept: it goes on there.
    pub fn hang_up(&mut self) {
        (self.making, self.arrived, self.newest) = (None, None, None);
        (self.ripe_ticks, self.is_unwanted, self.damaged) = (0, false, 0);
        // It may have been the way; another connection is another try.
        self.refused.retain(|(_, fault)| *fault != SnapshotFault::OtherBytes);
        match &mut self.fetching {
            Some(it) if it.why == Why::ToTake => it.is_asked = false,
            other => *other = None,
        }
    }

    /// Why a snapshot was refused, if it was.
    pub fn fault(&self, hash: &Hash) -> Option<&SnapshotFault> {
        self.refused.iter().find(|(it, _)| it == hash).map(|(_, fault)| fault)
    }
}
