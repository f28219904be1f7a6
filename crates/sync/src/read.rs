//! Reading logs: opening them, taking records in order, and noticing that the relay has lost some.

use std::collections::BTreeMap;

use custory_seal::Random;
use custory_wire::{Chain, Hash, LogId, SnapshotInfo, Standing, ToRelay, Wrapped, limits};

use crate::client::Client;
use crate::io::Output;
use crate::log::{Log, Phase};
use crate::receive::{Reader, Taken};
use crate::snapshot::Why;
use crate::state::LogState;

/// Bytes of records after which the relay is allowed as many again.
const CREDIT_STEP: u64 = limits::CREDIT_BYTES / 4;

/// What one message of records comes to.
#[derive(Default)]
struct Batch {
    changes: Vec<Vec<u8>>,
    settled: Vec<u64>,
    outputs: Vec<Output>,
    steps: usize,
}

impl Client {
    /// The relay has a log, or this device is about to begin it.
    pub(crate) fn log_exists(&mut self, id: LogId) {
        if self.forgotten.contains(&id) {
            return;
        }
        if self.space.is_picture_log(&id) && !self.logs.contains_key(&id) {
            return self.out.push(Output::PictureThere(id));
        }
        let log = self.logs.entry(id).or_insert_with(|| Log::new(id, LogState::new(&id)));
        if log.phase == Phase::Closed {
            self.open(&id);
        }
    }

    pub(crate) fn open(&mut self, id: &LogId) {
        let Some(Standing::Member { device, .. }) = self.standing() else { return };
        let count = self.logs.values().filter(|it| it.phase != Phase::Closed).count();
        let Some(log) = self.logs.get_mut(id) else { return };
        if matches!(log.phase, Phase::Forked | Phase::NeedsUpdate | Phase::Unreadable)
            || log.phase == Phase::Closed && count >= limits::LOGS_OPEN_MAX
        {
            return;
        }
        log.forget_flight(device);
        log.phase = Phase::Opening;
        let refused = log.snapshots.refused.iter().rev().map(|(hash, _)| *hash);
        let without = refused.take(limits::WITHOUT_MAX).collect();
        // What has arrived is taken once the relay stands by its place.
        let at = log.snapshots.arrived.as_ref().map_or(log.state.at, |it| it.header.base);
        let message = ToRelay::Open { log: *id, at, without };
        self.send(message);
    }

    pub(crate) fn opened(
        &mut self,
        id: &LogId,
        tip: Chain,
        snapshot: Option<SnapshotInfo>,
        seen: &[Wrapped],
        random: &mut dyn Random,
    ) {
        let Some(log) = self.logs.get_mut(id) else { return };
        if log.phase != Phase::Opening {
            return;
        }
        let at = log.snapshots.arrived.as_ref().map_or(log.state.at, |it| it.header.base);
        if tip.seq < at.seq || tip.seq == at.seq && tip.head != at.head {
            return self.rolled_back(id);
        }
        let has_arrived = log.snapshots.arrived.is_some();
        if !has_arrived {
            log.phase = Phase::Open { tip: tip.seq };
            // The records are there after all.
            log.snapshots.fetching.take_if(|it| it.why == Why::ToTake);
        }
        for statement in seen {
            self.note_seen(id, statement);
        }
        self.out.push(Output::LogChanged(*id));
        if has_arrived {
            return self.take_snapshot(id, tip.seq);
        }
        if let Some(info) = snapshot {
            self.snapshot_is_there(id, info);
        }
        self.at_tip(id, random);
    }

    /// The relay does not have what this device has read: read again, then bring back what is missing.
    pub(crate) fn rolled_back(&mut self, id: &LogId) {
        let Some(log) = self.logs.get_mut(id) else { return };
        if log.phase != Phase::Opening {
            return;
        }
        if log.snapshots.arrived.is_some() {
            return self.snapshot_misplaced(id);
        }
        log.begin_again();
        self.out.push(Output::LogChanged(*id));
        self.open(id);
    }

    /// Bytes that count against what the relay may send were taken.
    pub(crate) fn grant(&mut self, bytes: u64) {
        self.consumed += bytes;
        if self.consumed >= CREDIT_STEP {
            let bytes = std::mem::take(&mut self.consumed);
            self.send(ToRelay::Credit { bytes });
        }
    }

    pub(crate) fn records_came(
        &mut self,
        id: &LogId,
        first: u64,
        records: &[Vec<u8>],
        tip: u64,
        random: &mut dyn Random,
    ) {
        self.grant(records.iter().map(|it| it.len() as u64).sum());
        let device = self.device();
        let (Some(roster), Some(log)) = (&self.roster, self.logs.get_mut(id)) else { return };
        let Phase::Open { tip: known } = &mut log.phase else { return };
        *known = (*known).max(tip);
        let reader = Reader { roster, epochs: &self.epochs, device };
        let mut batch = Batch::default();
        for (seq, record) in (first..).zip(records) {
            if seq <= log.state.at.seq {
                continue;
            }
            if seq > log.state.at.seq + 1 {
                log.phase = Phase::Closed;
            } else {
                take(log, &reader, record, &mut batch);
            }
            if !matches!(log.phase, Phase::Open { .. }) {
                break;
            }
        }
        let phase = log.phase;
        if batch.steps > 0 {
            let document = log.state.document().filter(|_| !batch.changes.is_empty());
            let Batch { changes, settled, .. } = batch;
            let state = Box::new(log.state.clone());
            self.out.push(Output::Take { log: *id, document, changes, settled, state });
            self.out.push(Output::LogChanged(*id));
        }
        self.out.append(&mut batch.outputs);
        match phase {
            Phase::Closed => self.open(id),
            Phase::NeedsRoster => {
                let after = self.roster.as_ref().map_or(0, custory_wire::Roster::rseq);
                self.send(ToRelay::RosterGet { after });
            }
            Phase::Open { .. } => self.at_tip(id, random),
            Phase::Opening | Phase::Behind | Phase::Forked | Phase::NeedsUpdate | Phase::Unreadable => {
                self.out.push(Output::LogChanged(*id))
            }
        }
    }

    /// If everything is read: bring back what the relay has lost, or send what waits.
    pub(crate) fn at_tip(&mut self, id: &LogId, random: &mut dyn Random) {
        let Some(log) = self.logs.get_mut(id).filter(|it| it.is_at_tip()) else { return };
        if !log.state.is_healing {
            self.consider_snapshot(id);
            return self.push(id, random);
        }
        if !std::mem::replace(&mut log.heals_soon, true) {
            self.out.push(Output::HealSoon(*id));
        }
    }

    pub(crate) fn heal_now(&mut self, id: &LogId) {
        let Some(log) = self.logs.get_mut(id) else { return };
        log.heals_soon = false;
        if !log.is_at_tip() || !log.state.is_healing {
            return;
        }
        log.state.is_healing = false;
        let (has, state) = (std::mem::take(&mut log.has), Box::new(log.state.clone()));
        let document = log.state.document();
        self.out.push(Output::Heal { log: *id, document, has, state });
        self.out.push(Output::LogChanged(*id));
    }
}

/// Takes one record, which is the next.
fn take(log: &mut Log, reader: &Reader<'_>, record: &[u8], batch: &mut Batch) {
    let own_before = reader.device.and_then(|it| log.state.devices.get(&it).copied());
    let before = log.state.clone();
    let taken = reader.take(log, record);
    let landed = log.in_flight.front().is_some_and(|it| it.hash == Hash::of(record));
    let landed = if landed { log.in_flight.pop_front() } else { None };
    match taken {
        Taken::NeedsRoster => {
            (log.phase, log.asked_roster) = (Phase::NeedsRoster, true);
            return;
        }
        Taken::NeedsUpdate => {
            log.phase = Phase::NeedsUpdate;
            return;
        }
        Taken::Forked(fork) => {
            (log.phase, log.forked_by) = (Phase::Forked, Some(fork.by));
            batch.outputs.push(Output::Forked(Box::new(fork)));
            return;
        }
        Taken::Skipped(skipped) => {
            log.recent.note(&before, &log.state, &[]);
            batch.outputs.push(Output::Skipped(Box::new(skipped)));
        }
        Taken::Changes { payload } => {
            log.recent.note(&before, &log.state, &payload.changes);
            if log.state.is_healing {
                log.has.extend(payload.changes.iter().map(|it| Hash::of(it)));
            }
            let settled = match &landed {
                Some(landed) => landed.edits.clone(),
                None => among_outbox(log, &payload.changes),
            };
            settled.iter().for_each(|it| {
                log.outbox.remove(it);
            });
            batch.settled.extend(settled);
            // What was sent from this outbox is in the document already.
            if landed.is_none() {
                batch.changes.extend(payload.changes);
            }
        }
    }
    (log.asked_roster, batch.steps) = (false, batch.steps + 1);
    let own = reader.device.and_then(|it| log.state.devices.get(&it).copied());
    if landed.is_none() && own != own_before {
        // Written by this device before a crash, or by another program as this device.
        log.forget_flight(reader.device.unwrap_or_default());
    }
}

/// Edits of the outbox that have come with a record that was not known to hold them.
fn among_outbox(log: &Log, changes: &[Vec<u8>]) -> Vec<u64> {
    if log.outbox.is_empty() {
        return Vec::new();
    }
    let waiting: BTreeMap<Hash, u64> = log.outbox.iter().map(|(id, it)| (Hash::of(it), *id)).collect();
    changes.iter().filter_map(|it| waiting.get(&Hash::of(it)).copied()).collect()
}
