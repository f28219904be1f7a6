//! What a device remembers of a log: kept with the changes that it stands for, in one transaction.

use std::collections::{BTreeMap, VecDeque};

use custory_wire::{Chain, DecodeError, DeviceChain, Head, LogId, decode, encode};
use minicbor::{Decode, Encode};

/// Places of a log whose heads are remembered, to compare with what others state to have seen. They
/// state it from shortly before: as long as their last records take to come round.
const HEADS_KEPT: usize = 64;

/// Bytes of a state that was kept here; a few dozen per device that ever wrote.
const STATE_BYTES_MAX: usize = 4 << 20;

/// How far a log has been read.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct LogState {
    /// The place.
    #[n(0)]
    pub at: Chain,
    /// How far each device has come.
    #[n(1)]
    pub(crate) devices: BTreeMap<u32, DeviceChain>,
    /// The newest roster record that a record named. Later ones name no older.
    #[n(2)]
    pub(crate) rseq: u32,
    /// Heads of the places before, newest last.
    #[n(3)]
    pub(crate) heads: VecDeque<Place>,
    /// What each device is known to have seen.
    #[n(4)]
    pub(crate) seen: BTreeMap<u32, Chain>,
    /// Whether the log is being read again because the relay has lost some of it.
    #[n(5)]
    pub(crate) is_healing: bool,
    /// The document, once known.
    #[n(6)]
    pub(crate) document: Option<minicbor::bytes::ByteArray<16>>,
    /// The place of this device's newest record.
    #[n(7)]
    pub(crate) own_seq: u64,
}

/// A place and its head.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Place {
    #[n(0)]
    seq: u64,
    #[n(1)]
    head: Head,
}

impl LogState {
    /// Before anything of a log was read.
    pub fn new(log: &LogId) -> Self {
        let mut state = Self {
            at: Chain::start(log),
            devices: BTreeMap::new(),
            rseq: 0,
            heads: VecDeque::new(),
            seen: BTreeMap::new(),
            is_healing: false,
            document: None,
            own_seq: 0,
        };
        state.remember();
        state
    }

    /// Before anything was read of a log that may lack some of a document: it is read to its end, and
    /// what it lacks is then brought ([`crate::Output::Heal`]). Sharing a document begins so.
    pub fn to_fill(log: &LogId, document: [u8; 16]) -> Self {
        Self { is_healing: true, document: Some(document.into()), ..Self::new(log) }
    }

    /// To be kept.
    pub fn to_bytes(&self) -> Vec<u8> {
        encode(self)
    }

    /// As it was kept.
    ///
    /// # Errors
    /// When it is damaged.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DecodeError> {
        decode(bytes, STATE_BYTES_MAX)
    }

    /// The document that the log is of, once known.
    pub fn document(&self) -> Option<[u8; 16]> {
        self.document.map(|it| *it)
    }

    /// Begins to read again from the first record.
    pub(crate) fn restart(&mut self, log: &LogId) {
        let document = self.document;
        *self = Self { is_healing: true, document, ..Self::new(log) };
    }

    /// Goes one record on.
    pub(crate) fn step(&mut self, record: &custory_wire::Hash) {
        self.at = self.at.then(record);
        self.remember();
    }

    fn remember(&mut self) {
        self.heads.push_back(Place { seq: self.at.seq, head: self.at.head });
        if self.heads.len() > HEADS_KEPT {
            self.heads.pop_front();
        }
    }

    /// Whether a place is on this history; `None` if that is too long ago to be known.
    pub(crate) fn agrees(&self, seq: u64, head: &Head) -> Option<bool> {
        if seq > self.at.seq {
            return Some(false);
        }
        self.heads.iter().find(|it| it.seq == seq).map(|it| it.head == *head)
    }

    /// Notes what a device is known to have seen.
    pub(crate) fn note_seen(&mut self, device: u32, place: Chain) {
        let known = self.seen.entry(device).or_insert(place);
        if place.seq >= known.seq {
            *known = place;
        }
    }
}
