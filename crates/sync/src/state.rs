//! What a device remembers of a log: kept with the changes that it stands for, in one transaction.

use std::collections::{BTreeMap, VecDeque};

use custory_wire::{Chain, DecodeError, DeviceChain, Hash, Head, LogId, SnapshotHeader, decode, encode};
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
    /// What is known of the newest snapshot, and how much came after it.
    #[n(8)]
    #[cbor(default)]
    pub(crate) tail: Tail,
}

/// The newest snapshot that a relay has of a log, and what came after it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Tail {
    /// The place that the snapshot stands for; 0 while there is none.
    #[n(0)]
    pub base: u64,
    /// The snapshot's bytes.
    #[n(1)]
    pub snapshot_bytes: u64,
    /// Bytes of records that were read after it.
    #[n(2)]
    pub bytes: u64,
    /// The snapshot that this device has confirmed last, or begun with.
    #[n(3)]
    pub settled: Option<Hash>,
}

impl Tail {
    /// A snapshot stands for more than the one before. How much of the tail it took away can only be
    /// estimated, when it was made from a place that this device has passed since.
    pub fn shorten(&mut self, at: u64, base: u64, snapshot_bytes: u64) {
        let (rest, whole) = (at.saturating_sub(base), at.saturating_sub(self.base).max(1));
        let bytes = u128::from(self.bytes) * u128::from(rest) / u128::from(whole);
        (self.base, self.snapshot_bytes, self.bytes) = (base, snapshot_bytes, bytes as u64);
    }
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
            tail: Tail::default(),
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
    pub(crate) fn step(&mut self, record: &[u8]) {
        self.at = self.at.then(&Hash::of(record));
        self.tail.bytes += record.len() as u64;
        self.remember();
    }

    /// What it is after a snapshot has been taken in place of everything up to its base.
    pub(crate) fn at_snapshot(
        &self,
        header: &SnapshotHeader,
        rseq: u32,
        document: [u8; 16],
        own: u32,
    ) -> Self {
        let devices: BTreeMap<u32, DeviceChain> = header.devices.iter().copied().collect();
        // Where exactly its own newest record was is not known any more: it is there, no further on.
        let own_seq = if devices.contains_key(&own) { header.base.seq } else { 0 };
        let tail = Tail {
            base: header.base.seq,
            snapshot_bytes: header.bytes_len,
            bytes: 0,
            settled: Some(header.hash),
        };
        let mut state = Self {
            at: header.base,
            devices,
            rseq,
            heads: VecDeque::new(),
            seen: self.seen.clone(),
            is_healing: self.is_healing,
            document: Some(document.into()),
            own_seq,
            tail,
        };
        state.remember();
        state
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
