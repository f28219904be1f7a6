//! A log as it will be once what is being judged now is durable.

use std::collections::BTreeMap;
use std::sync::Arc;

use custory_wire::{Chain, DeviceChain, Hash};

use super::job::{Arrival, WriterLimits};
use super::rules::{self, Sizes, Verdict};
use crate::hub::Topic;

/// Bytes of records in one run: what reading a single record of it costs at most.
const RUN_BYTES_MAX: usize = 64 * 1024;

/// A log with records that are not durable yet.
pub(super) struct LogDraft {
    pub(super) topic: Arc<Topic>,
    /// Where the store has it; see [`crate::hub::TopicState`].
    pub(super) mark: Option<u64>,
    pub(super) tip: Chain,
    pub(super) end: u64,
    /// Devices that have come further.
    pub(super) authors: BTreeMap<u32, DeviceChain>,
    pub(super) runs: Vec<Run>,
}

/// Records of one device in a row.
pub(super) struct Run {
    pub(super) device: u32,
    pub(super) dseq: u64,
    /// The place before them.
    pub(super) before: Chain,
    /// Bytes of all records before them.
    pub(super) start: u64,
    pub(super) bytes: usize,
    pub(super) records: Vec<Vec<u8>>,
    pub(super) hashes: Vec<Hash>,
}

impl Run {
    /// The place after them.
    pub(super) fn tip(&self) -> Chain {
        self.hashes.iter().fold(self.before, |chain, it| chain.then(it))
    }
}

impl LogDraft {
    pub(super) fn of(topic: &Arc<Topic>) -> Self {
        let live = topic.live();
        Self {
            topic: topic.clone(),
            mark: live.mark,
            tip: live.tip,
            end: live.end,
            authors: BTreeMap::new(),
            runs: Vec::new(),
        }
    }

    /// How far a device has come.
    pub(super) fn chain_of(&self, device: u32) -> DeviceChain {
        let known = || self.topic.live().authors.get(&device).copied();
        self.authors.get(&device).copied().or_else(known).unwrap_or_default()
    }

    /// What is to become of a device's next record.
    pub(super) fn judge(
        &self,
        roster: Option<&custory_wire::Roster>,
        sizes: Sizes,
        limits: &WriterLimits,
        device: u32,
        arrival: &Arrival,
    ) -> Verdict {
        let has_room = sizes.has_room_for_record(limits, arrival.bytes.len(), self.tip.seq);
        rules::record(roster, device, &self.chain_of(device), arrival, has_room)
    }

    /// Takes a record and says its number.
    pub(super) fn take(&mut self, sizes: &mut Sizes, device: u32, arrival: Arrival) -> u64 {
        let bytes = arrival.bytes.len();
        sizes.bytes += bytes as u64;
        sizes.logs += u32::from(self.tip.seq == 0);
        let before = self.tip;
        self.tip = before.then(&arrival.hash);
        let mine = self.chain_of(device).then(&arrival.hash);
        self.authors.insert(device, mine);
        match self.runs.last_mut() {
            Some(run) if run.device == device && run.bytes + bytes <= RUN_BYTES_MAX => {
                run.bytes += bytes;
                run.records.push(arrival.bytes);
                run.hashes.push(arrival.hash);
            }
            _ => self.runs.push(Run {
                device,
                dseq: arrival.dseq,
                before,
                start: self.end,
                bytes,
                records: vec![arrival.bytes],
                hashes: vec![arrival.hash],
            }),
        }
        self.end += bytes as u64;
        self.tip.seq
    }

    /// A record of this draft by its device's own number: its number in the log and its hash.
    pub(super) fn authored(&self, device: u32, dseq: u64) -> Option<(u64, Hash)> {
        let mut runs = self.runs.iter().filter(|it| it.device == device && it.dseq <= dseq);
        runs.find_map(|run| {
            let offset = dseq - run.dseq;
            let hash = run.hashes.get(offset as usize)?;
            Some((run.before.seq + 1 + offset, *hash))
        })
    }

    /// The place at a number, if it is in this draft or its newest.
    pub(super) fn place(&self, seq: u64) -> Option<Chain> {
        if seq == self.tip.seq {
            return Some(self.tip);
        }
        let run = self.runs.iter().rev().find(|it| it.before.seq <= seq)?;
        let hashes = run.hashes.get(..(seq - run.before.seq) as usize)?;
        Some(hashes.iter().fold(run.before, |chain, it| chain.then(it)))
    }
}
