//! Making a snapshot: when it is worth it, by whom, and its way to the relay.

use custory_seal::{Random, Snapshot, seal_snapshot};
use custory_wire::{Chain, Hash, LogId, NackReason, Role, SnapshotHeader, Standing, ToRelay, limits};

use super::{Making, WholeDocument};
use crate::client::Client;
use crate::io::Output;
use crate::log::Log;

/// Ticks that devices wait, each another number, so that not all make the same snapshot at once.
const TURNS: u64 = 4;

/// How many times too long a tail is before a snapshot is made although people are at work.
const URGENT: u64 = 4;

impl Client {
    /// Begins to make snapshots where they are worth it and it is this device's turn.
    pub(crate) fn make_snapshots(&mut self) {
        let Some(Standing::Member { device, .. }) = self.standing() else { return };
        if !self.role().is_some_and(Role::may_write) || self.snapshot_bytes_max == 0 {
            return;
        }
        // One at a time: a relay forgets the one before that was not finished.
        let mut is_busy = self.logs.values().any(|it| it.snapshots.making.is_some());
        let mut asked = None;
        let space = self.space;
        // A picture's log is as short as it will ever be.
        for log in self.logs.values_mut().filter(|it| !space.is_picture_log(&it.id)) {
            let tail = &log.state.tail;
            let records = log.state.at.seq.saturating_sub(tail.base);
            // Who has gone on past its place cannot confirm it, so it is made in a pause, as long as there are any.
            let is_quiet =
                std::mem::replace(&mut log.snapshots.at_last_tick, log.state.at.seq) == log.state.at.seq;
            let is_urgent = tail.bytes / URGENT > self.compaction.tail_bytes_min.max(tail.snapshot_bytes)
                || records / URGENT > self.compaction.tail_records_max;
            let is_ripe = tail.bytes > self.compaction.tail_bytes_min.max(tail.snapshot_bytes)
                || records > self.compaction.tail_records_max;
            if !is_ripe {
                log.snapshots.ripe_ticks = 0;
                continue;
            }
            log.snapshots.ripe_ticks = log.snapshots.ripe_ticks.saturating_add(1);
            let is_turn = !is_busy
                && (is_quiet || is_urgent)
                && u64::from(log.snapshots.ripe_ticks) > turn(device, log);
            let Some(document) = log.state.document().filter(|_| is_turn && is_free(log)) else { continue };
            log.snapshots.making = Some(Making::Saving(log.state.at));
            asked = Some(Output::Save { log: log.id, document, at: log.state.at });
            is_busy = true;
        }
        self.out.extend(asked);
    }

    /// The document as it is at a place, for a snapshot to be made.
    pub(crate) fn saved(
        &mut self,
        id: &LogId,
        at: Chain,
        whole: Option<WholeDocument>,
        random: &mut dyn Random,
    ) {
        let Some(log) = self.logs.get_mut(id) else { return };
        if matches!(log.snapshots.making, Some(Making::Saving(asked)) if asked == at) {
            log.snapshots.making = None;
            if let Some(whole) = whole.filter(|_| log.is_at_tip() && log.state.at == at) {
                self.offer(id, whole, random);
            }
        }
    }

    fn offer(&mut self, id: &LogId, whole: WholeDocument, random: &mut dyn Random) {
        let Some(Standing::Member { device, .. }) = self.standing() else { return };
        let (Some(roster), Some(log)) = (&self.roster, self.logs.get_mut(id)) else { return };
        let (Ok(epoch), Some(document)) = (self.epochs.get(roster.epoch()), log.state.document()) else {
            return;
        };
        let mut nonce = [0; 24];
        random.fill(&mut nonce);
        let header = SnapshotHeader {
            version: SnapshotHeader::VERSION,
            log: *id,
            device,
            base: log.state.at,
            devices: log.state.devices.iter().map(|(device, chain)| (*device, *chain)).collect(),
            rseq: roster.rseq(),
            rhead: roster.rhead(),
            epoch: roster.epoch(),
            bytes_len: 0,
            hash: Hash([0; 32]),
            nonce,
        };
        let WholeDocument { heads, saved, view } = whole;
        let content = Snapshot { document, heads, rseq: log.state.rseq, saved, view };
        let (info, blob) = seal_snapshot(&self.keys, epoch, header, content);
        if info.bytes_len > self.snapshot_bytes_max || info.header.len() > limits::SNAPSHOT_HEADER_BYTES_MAX {
            log.snapshots.is_unwanted = true;
            return;
        }
        log.snapshots.making = Some(Making::Offered { info: Box::new(info.clone()), blob });
        self.send(ToRelay::SnapshotPut { log: *id, info });
    }

    /// The relay wants the rest of a snapshot.
    pub(crate) fn snapshot_wanted(&mut self, hash: Hash, offset: u64) {
        let offered = self.logs.values().find_map(|it| match &it.snapshots.making {
            Some(Making::Offered { info, blob }) if info.hash == hash => Some(blob),
            _ => None,
        });
        let Some(rest) = offered.and_then(|it| it.get(usize::try_from(offset).ok()?..)) else { return };
        let parts =
            (offset..).step_by(limits::SNAPSHOT_PART_BYTES).zip(rest.chunks(limits::SNAPSHOT_PART_BYTES));
        let parts = parts.map(|(offset, it)| ToRelay::SnapshotPart { hash, offset, bytes: it.to_vec() });
        self.out.extend(parts.map(Output::Send));
    }

    /// Whether a refusal was of the snapshot that this device has offered.
    pub(crate) fn offer_refused(&mut self, id: &LogId, reason: NackReason) -> bool {
        let Some(log) = self.logs.get_mut(id) else { return false };
        if log.snapshots.making.take_if(|it| matches!(it, Making::Offered { .. })).is_none() {
            return false;
        }
        // The place may have been lost with a restored relay; anything else will not be otherwise soon.
        log.snapshots.is_unwanted = !matches!(reason, NackReason::NotFound | NackReason::NotOpen);
        true
    }
}

/// When it is a device's turn: another order for every snapshot.
fn turn(device: u32, log: &Log) -> u64 {
    let hash = Hash::of(&[&log.id.0[..], &device.to_be_bytes(), &log.state.tail.base.to_be_bytes()].concat());
    u64::from(hash.0[0]) % TURNS
}

/// Whether the document is exactly what the log holds, as far as can be told here.
fn is_free(log: &Log) -> bool {
    log.is_at_tip()
        && log.outbox.is_empty()
        && log.in_flight.is_empty()
        && !log.state.is_healing
        && log.hold.is_none()
        && log.snapshots.making.is_none()
        && log.snapshots.fetching.is_none()
        && !log.snapshots.is_unwanted
}
