//! Reading a snapshot in place of records.
//!
//! It is asked for part by part, going on where a lost connection has left it. Then the log is opened
//! at its place, so that the relay has to stand by that place before anything is taken, and then it is
//! taken into the document in one transaction with the log's state.

use std::collections::BTreeSet;

use custory_seal::{Random, Snapshot, open_snapshot};
use custory_wire::{Hash, LogId, NackReason, SnapshotHeader, SnapshotInfo, ToRelay};

use super::claim::{Objection, check};
use super::{Arrived, Fetching, SnapshotFault, Taking, WholeDocument, Why};
use crate::client::Client;
use crate::io::Output;
use crate::log::Phase;

/// Snapshots that are asked for at once. A relay sends no more than sixteen.
const ASKED_MAX: usize = 8;

/// How often a blob that comes as something else than what was announced is asked for on one connection.
const DAMAGED_MAX: u8 = 3;

impl Client {
    /// A snapshot stands where records were.
    pub(crate) fn gone_below(&mut self, id: &LogId, info: SnapshotInfo) {
        let (Some(roster), Some(log)) = (&self.roster, self.logs.get_mut(id)) else { return };
        let was_open = matches!(log.phase, Phase::Open { .. });
        if !was_open && log.phase != Phase::Opening {
            return;
        }
        log.snapshots.arrived = None;
        if self.space.is_picture_log(id) {
            log.phase = Phase::Unreadable;
            return self.out.push(Output::LogChanged(*id));
        }
        if log.snapshots.looked_at.as_ref().is_some_and(|it| it.header.hash == info.hash) {
            // It came by a connection that is gone, and is still being looked at.
            log.phase = Phase::Behind;
            return self.out.push(Output::LogChanged(*id));
        }
        match log.snapshots.fault(&info.hash) {
            None => {}
            // The relay did not know it yet.
            Some(_) if was_open => return self.open(id),
            // It has nothing else: as after a relay that has lost some, what is missing is brought back.
            Some(fault) if fault.may_be_another_life() => log.begin_again(),
            Some(_) => {
                log.phase = Phase::Unreadable;
                return self.out.push(Output::LogChanged(*id));
            }
        }
        let named = (info.hash, info.base.seq);
        let fault = match check(roster, log, &log.state, &info) {
            Ok(header) if header.base.seq > log.state.at.seq => {
                log.phase = Phase::Behind;
                let before = log.snapshots.fetching.take();
                let bytes = before.filter(|it| it.info == info && it.why == Why::ToTake);
                let bytes = bytes.map(|it| it.bytes).unwrap_or_default();
                log.snapshots.fetching =
                    Some(Fetching { info, header, bytes, is_asked: false, why: Why::ToTake });
                self.out.push(Output::LogChanged(*id));
                return self.ask_for_snapshots();
            }
            Ok(_) => SnapshotFault::OtherHistory,
            Err(Objection::Fault(fault)) => fault,
            Err(Objection::NeedsRoster) => {
                (log.phase, log.asked_roster) = (Phase::NeedsRoster, true);
                let after = roster.rseq();
                return self.send(ToRelay::RosterGet { after });
            }
            Err(Objection::NeedsUpdate) => {
                log.phase = Phase::NeedsUpdate;
                return self.out.push(Output::LogChanged(*id));
            }
        };
        self.refuse_snapshot(id, (named.0, named.1, None), fault);
        self.open(id);
    }

    /// Asks for snapshots that are wanted, a few at a time.
    pub(crate) fn ask_for_snapshots(&mut self) {
        if self.standing().is_none() {
            return;
        }
        let fetching = |it: &crate::log::Log| it.snapshots.fetching.as_ref().map(|it| it.is_asked);
        let asked = self.logs.values().filter(|it| fetching(it) == Some(true)).count();
        let mut requests = Vec::new();
        for log in self.logs.values_mut() {
            if asked + requests.len() >= ASKED_MAX {
                break;
            }
            let Some(it) = log.snapshots.fetching.as_mut().filter(|it| !it.is_asked) else { continue };
            if matches!(it.why, Why::ToCompare { heads: None, .. }) {
                continue;
            }
            it.is_asked = true;
            requests.push(ToRelay::SnapshotGet {
                log: log.id,
                hash: it.info.hash,
                offset: it.bytes.len() as u64,
            });
        }
        requests.into_iter().for_each(|it| self.send(it));
    }

    /// A part of a snapshot has come.
    pub(crate) fn snapshot_part(&mut self, hash: Hash, offset: u64, part: &[u8]) {
        self.grant(part.len() as u64);
        let found = self
            .logs
            .values_mut()
            .find(|it| it.snapshots.fetching.as_ref().is_some_and(|it| it.info.hash == hash && it.is_asked));
        let Some(log) = found else { return };
        let id = log.id;
        let Some(it) = &mut log.snapshots.fetching else { return };
        if offset != it.bytes.len() as u64 || part.is_empty() {
            return;
        }
        let rest = it.info.bytes_len - offset;
        it.bytes.extend_from_slice(&part[..part.len().min(usize::try_from(rest).unwrap_or(usize::MAX))]);
        if (it.bytes.len() as u64) < it.info.bytes_len {
            return;
        }
        if let Some(fetched) = log.snapshots.fetching.take() {
            self.snapshot_arrived(&id, fetched);
        }
        self.ask_for_snapshots();
    }

    /// All of it is here.
    fn snapshot_arrived(&mut self, id: &LogId, fetched: Fetching) {
        let named = (fetched.info.hash, fetched.info.base.seq, Some(fetched.header.device));
        let opened = if Hash::of(&fetched.bytes) == fetched.info.hash {
            open_snapshot(&self.epochs, &fetched.header, &fetched.bytes).map_err(SnapshotFault::Sealed)
        } else {
            Err(SnapshotFault::OtherBytes)
        };
        let opened = opened.and_then(|it| {
            let is_fit = self.belongs(id, &it.document);
            if !is_fit {
                return Err(SnapshotFault::OtherDocument);
            }
            // No record can name a newer roster record than the maker knew, and none here is older.
            let known = self.logs.get(id).filter(|_| fetched.why == Why::ToTake);
            let known = known.map_or(0, |it| it.state.rseq);
            match it.rseq {
                rseq if rseq > fetched.header.rseq => Err(SnapshotFault::OtherRoster),
                rseq if rseq < known => Err(SnapshotFault::Contradicts),
                _ => Ok(it),
            }
        });
        match (opened, fetched.why.clone()) {
            (Ok(content), Why::ToCompare { heads, rseq }) => {
                self.compare(id, fetched, content, (heads, rseq))
            }
            (Ok(content), Why::ToTake) => self.look_at(id, fetched.header, content),
            (Err(SnapshotFault::OtherBytes), Why::ToTake) if self.may_ask_again(id) => {
                let Some(log) = self.logs.get_mut(id) else { return };
                log.snapshots.fetching = Some(Fetching { bytes: Vec::new(), is_asked: false, ..fetched });
                self.ask_for_snapshots();
            }
            (Err(fault), why) => {
                self.refuse_snapshot(id, named, fault);
                if why == Why::ToTake {
                    self.open(id);
                }
            }
        }
    }

    /// Whether a blob that was damaged on its way is asked for once more.
    fn may_ask_again(&mut self, id: &LogId) -> bool {
        let Some(log) = self.logs.get_mut(id) else { return false };
        log.snapshots.damaged += 1;
        log.snapshots.damaged < DAMAGED_MAX
    }

    /// Has the document of a snapshot looked at before the relay is asked for the rest of the log.
    fn look_at(&mut self, id: &LogId, header: SnapshotHeader, mut content: Snapshot) {
        let Some(log) = self.logs.get_mut(id).filter(|it| it.phase == Phase::Behind) else {
            return self.open(id);
        };
        let (hash, document) = (header.hash, content.document);
        let view = std::mem::take(&mut content.view);
        let (heads, saved) = (content.heads.clone(), content.saved.clone());
        if log.state.at.seq == 0 && !log.state.is_healing && !view.is_empty() {
            self.out.push(Output::Glimpse { log: *id, document, view });
        }
        log.snapshots.looked_at = Some(Arrived { header, content, tip: 0 });
        let whole = WholeDocument { heads, saved, view: Vec::new() };
        self.out.push(Output::CheckSnapshot { log: *id, hash, whole, to_take: Some(document) });
    }

    /// The document of a snapshot was looked at: have the relay stand by its place.
    pub(super) fn looked_at(&mut self, id: &LogId, arrived: Arrived, looked: Result<(), SnapshotFault>) {
        match looked {
            Ok(()) => {
                // By another connection it may have got further meanwhile.
                let is_ahead = |it: &&mut crate::log::Log| arrived.header.base.seq > it.state.at.seq;
                if let Some(log) = self.logs.get_mut(id).filter(is_ahead) {
                    log.snapshots.arrived = Some(arrived);
                }
            }
            Err(fault) => {
                let header = &arrived.header;
                self.refuse_snapshot(id, (header.hash, header.base.seq, Some(header.device)), fault);
            }
        }
        // Without a connection it is opened with the next one.
        self.open(id);
    }

    fn belongs(&self, id: &LogId, document: &[u8; 16]) -> bool {
        let known = self.logs.get(id).and_then(|it| it.state.document());
        if *id == self.space.workspace_log() {
            known.is_none_or(|it| it == *document)
        } else {
            *id == self.space.journey_log(document)
        }
    }

    /// The relay stands by the place of a snapshot that has arrived: take it.
    pub(crate) fn take_snapshot(&mut self, id: &LogId, tip: u64) {
        let own = self.device().unwrap_or_default();
        let Some(log) = self.logs.get_mut(id) else { return };
        let Some(arrived) = &mut log.snapshots.arrived else { return };
        arrived.tip = tip;
        let arrived = &*arrived;
        let (header, content) = (&arrived.header, &arrived.content);
        let (heads, saved) = (content.heads.clone(), content.saved.clone());
        let whole = WholeDocument { heads, saved, view: Vec::new() };
        let state = arrived.state_after(&log.state, own);
        log.phase = Phase::Behind;
        let must_hold_all = !state.is_healing && log.state.at.seq > 0;
        // What waits may be among them, and what heals compares with them.
        let wants_hashes = state.is_healing || !log.outbox.is_empty();
        let (hash, document, state) = (header.hash, content.document, Box::new(state));
        let taking = Taking { log: *id, hash, document, whole, must_hold_all, wants_hashes, state };
        self.out.push(Output::TakeSnapshot(Box::new(taking)));
    }

    /// The relay does not have the place that a snapshot stands for.
    pub(crate) fn snapshot_misplaced(&mut self, id: &LogId) {
        let arrived = self.logs.get_mut(id).and_then(|it| it.snapshots.arrived.take());
        if let Some(Arrived { header, .. }) = arrived {
            let named = (header.hash, header.base.seq, Some(header.device));
            self.refuse_snapshot(id, named, SnapshotFault::OtherHistory);
        }
        self.open(id);
    }

    /// What became of a snapshot: the hashes of its changes if it is in the document now.
    pub(crate) fn snapshot_taken(
        &mut self,
        id: &LogId,
        hash: Hash,
        taken: Result<BTreeSet<Hash>, SnapshotFault>,
        random: &mut dyn Random,
    ) {
        let own = self.device().unwrap_or_default();
        let Some(log) = self.logs.get_mut(id) else { return };
        let Some(arrived) = log.snapshots.arrived.take_if(|it| it.header.hash == hash) else { return };
        let header = &arrived.header;
        match taken {
            Ok(has) => {
                log.state = arrived.state_after(&log.state, own);
                log.recent.clear();
                log.phase = Phase::Open { tip: arrived.tip };
                log.outbox.retain(|_, it| !has.contains(&Hash::of(it)));
                if log.state.is_healing {
                    log.has = has;
                }
                log.forget_flight(own);
                (log.stated, log.asked_roster) = (0, false);
                self.out.push(Output::LogChanged(*id));
                self.at_tip(id, random);
            }
            Err(fault) => {
                self.refuse_snapshot(id, (hash, header.base.seq, Some(header.device)), fault);
                self.open(id);
            }
        }
    }

    /// The relay does not send a snapshot that it was asked for. Whether it was one.
    pub(crate) fn fetch_refused(&mut self, id: &LogId, reason: NackReason) -> bool {
        let Some(log) = self.logs.get_mut(id) else { return false };
        let Some(it) = &mut log.snapshots.fetching else { return false };
        match (reason, &it.why) {
            // It has sent as many as it likes; the next tick asks again.
            (NackReason::Slow, _) => it.is_asked = false,
            (NackReason::NotFound, Why::ToCompare { .. }) => log.snapshots.fetching = None,
            (NackReason::NotFound, Why::ToTake) => {
                log.snapshots.fetching = None;
                self.open(id);
            }
            _ => return false,
        }
        true
    }
}
