//! One log as the client works on it: what is known of it, what waits, what is under way.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use custory_wire::{Chain, DeviceChain, Hash, LogId, NackReason};

use crate::io::Edit;
use crate::recent::Recent;
use crate::snapshot::Snapshots;
use crate::state::LogState;

/// Where a log stands with the relay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Not open.
    Closed,
    /// Asked for; answers to what was pushed before are not heeded.
    Opening,
    /// Open, and read up to `at`; the relay has it up to `tip`.
    Open { tip: u64 },
    /// Not open: a snapshot is read first, in place of records.
    Behind,
    /// A record names a roster record that is not known yet.
    NeedsRoster,
    /// All that the relay has of it is a snapshot that cannot be taken.
    Unreadable,
    /// Nothing more is taken from it: the relay has shown others another history.
    Forked,
    /// A record needs a newer version of this program.
    NeedsUpdate,
}

/// Why edits stay here although the connection stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hold {
    /// This device may only read.
    Viewer,
    /// The relay has said no.
    Relay(NackReason),
    /// The relay has shown others another history.
    Forked,
    /// A teammate's program is newer.
    NeedsUpdate,
    /// All that the relay has is a snapshot that cannot be taken.
    Unreadable,
}

/// A record that was pushed and has not come back yet.
#[derive(Clone, Debug)]
pub(crate) struct InFlight {
    pub hash: Hash,
    pub edits: Vec<u64>,
}

/// A log.
#[derive(Clone, Debug)]
pub(crate) struct Log {
    pub id: LogId,
    pub state: LogState,
    pub phase: Phase,
    /// Edits that are not in the log, as far as known.
    pub outbox: BTreeMap<u64, Vec<u8>>,
    pub in_flight: VecDeque<InFlight>,
    /// The device's chain with what is in flight.
    pub mine: DeviceChain,
    /// What has been read again while healing, by hash of each change.
    pub has: BTreeSet<Hash>,
    /// Healing waits for its turn.
    pub heals_soon: bool,
    pub hold: Option<NackReason>,
    /// The place that was last stated as seen.
    pub stated: u64,
    /// The roster was asked for because of this log's next record, and this is what there was.
    pub asked_roster: bool,
    /// The record that says that there is another history.
    pub forked_by: Option<(u32, u64)>,
    /// The last steps that were read.
    pub recent: Recent,
    /// What there is to do with snapshots.
    pub snapshots: Snapshots,
}

impl Log {
    pub fn new(id: LogId, state: LogState) -> Self {
        Self {
            id,
            phase: Phase::Closed,
            outbox: BTreeMap::new(),
            in_flight: VecDeque::new(),
            mine: DeviceChain::default(),
            has: BTreeSet::new(),
            heals_soon: false,
            hold: None,
            stated: 0,
            asked_roster: false,
            forked_by: None,
            recent: Recent::default(),
            snapshots: Snapshots::default(),
            state,
        }
    }

    /// Reads from the first record again, and then brings what the relay lacks.
    pub fn begin_again(&mut self) {
        self.state.restart(&self.id);
        self.recent.clear();
        self.has.clear();
        (self.heals_soon, self.stated) = (false, 0);
    }

    /// Takes edits in; whether some are new.
    pub fn add(&mut self, edits: Vec<Edit>) -> bool {
        let before = self.outbox.len();
        self.outbox.extend(edits.into_iter().map(|it| (it.id, it.bytes)));
        self.outbox.len() != before
    }

    /// Nothing that was pushed counts any more; what is in the log will show when it is read.
    pub fn forget_flight(&mut self, device: u32) {
        self.in_flight.clear();
        self.mine = self.state.devices.get(&device).copied().unwrap_or_default();
    }

    /// Whether everything that the relay has of it has been read.
    pub fn is_at_tip(&self) -> bool {
        matches!(self.phase, Phase::Open { tip } if self.state.at.seq >= tip)
    }

    /// Edits that are not in flight, in order.
    pub fn unsent(&self) -> impl Iterator<Item = (u64, &Vec<u8>)> {
        let after = self.in_flight.back().and_then(|it| it.edits.last().copied());
        self.outbox.iter().map(|(id, bytes)| (*id, bytes)).filter(move |(id, _)| Some(*id) > after)
    }
}

/// How a log stands, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogStatus {
    /// Edits that are on this device only.
    pub waiting: usize,
    /// The place up to which it has been read.
    pub at: Chain,
    /// The relay's newest, while it is open.
    pub tip: Option<u64>,
    /// The place of this device's newest record.
    pub own_seq: u64,
    /// What each device is known to have seen: signed statements.
    pub seen: Vec<(u32, u64)>,
    /// Whether what the relay has lost is being brought back.
    pub is_healing: bool,
    /// Why edits stay here although the connection stands.
    pub hold: Option<Hold>,
}

impl Log {
    pub fn status(&self, may_write: bool) -> LogStatus {
        let hold = match self.phase {
            Phase::Forked => Some(Hold::Forked),
            Phase::NeedsUpdate => Some(Hold::NeedsUpdate),
            Phase::Unreadable => Some(Hold::Unreadable),
            _ if !may_write && !self.outbox.is_empty() => Some(Hold::Viewer),
            _ => self.hold.map(Hold::Relay),
        };
        let tip = match self.phase {
            Phase::Open { tip } => Some(tip.max(self.state.at.seq)),
            _ => None,
        };
        LogStatus {
            waiting: self.outbox.len(),
            at: self.state.at,
            tip,
            own_seq: self.state.own_seq,
            seen: self.state.seen.iter().map(|(device, place)| (*device, place.seq)).collect(),
            is_healing: self.state.is_healing,
            hold,
        }
    }
}
