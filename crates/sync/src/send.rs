//! From the outbox into records: sealed when they are sent, under the newest roster and epoch.

use custory_seal::{Payload, Random, open_presence, open_seen, seal_presence, seal_record, seal_seen};
use custory_wire::{
    Hash, Header, Kind, LeaseName, LogId, NackReason, Role, SUITE, Standing, ToRelay, Wrapped, limits,
};

use crate::client::Client;
use crate::io::{Edit, Output, is_hold};
use crate::log::{InFlight, Log, Phase};
use crate::state::LogState;

/// Bytes of changes after which a record is full. One change may be longer than that.
const RECORD_CHANGES_BYTES: usize = 192 * 1024;

/// Changes in one record; they are taken in together.
const RECORD_CHANGES_MAX: usize = 1_024;

/// Bytes of records in one message, below what a message may have.
const PUSH_BYTES: usize = 512 * 1024;

impl Client {
    pub(crate) fn edited(
        &mut self,
        log: LogId,
        document: [u8; 16],
        edits: Vec<Edit>,
        random: &mut dyn Random,
    ) {
        if self.forgotten.contains(&log) {
            return;
        }
        let known = self.logs.entry(log).or_insert_with(|| Log::new(log, LogState::new(&log)));
        known.state.document.get_or_insert(document.into());
        if known.add(edits) {
            self.out.push(Output::LogChanged(log));
        }
        if known_phase(&self.logs, &log) == Some(Phase::Closed) {
            self.open(&log);
        }
        self.push(&log, random);
    }

    pub(crate) fn push_all(&mut self, random: &mut dyn Random) {
        let logs: Vec<LogId> = self.logs.keys().copied().collect();
        logs.iter().for_each(|it| self.push(it, random));
    }

    /// Sends what waits, if everything that the relay has was read.
    pub(crate) fn push(&mut self, log: &LogId, random: &mut dyn Random) {
        let Some(Standing::Member { device, .. }) = self.standing() else { return };
        if !self.role().is_some_and(Role::may_write) {
            return;
        }
        loop {
            let records = self.seal_some(log, device, random);
            if records.is_empty() {
                return;
            }
            self.send(ToRelay::Push { log: *log, records });
        }
    }

    fn seal_some(&mut self, log: &LogId, device: u32, random: &mut dyn Random) -> Vec<Vec<u8>> {
        let mut records = Vec::new();
        let mut bytes = 0;
        let (Some(roster), Some(log)) = (&self.roster, self.logs.get_mut(log)) else { return records };
        let Ok(epoch) = self.epochs.get(roster.epoch()) else { return records };
        if !log.is_at_tip() || log.state.is_healing || log.hold.is_some() {
            return records;
        }
        let Some(document) = log.state.document() else { return records };
        if log.in_flight.is_empty() {
            log.forget_flight(device);
        }
        while bytes < PUSH_BYTES && log.in_flight.len() < limits::IN_FLIGHT_MAX {
            let (edits, changes) = fill(log);
            if edits.is_empty() {
                break;
            }
            let mut nonce = [0; 16];
            random.fill(&mut nonce);
            let header = Header {
                version: Header::VERSION,
                suite: SUITE,
                log: log.id,
                device,
                dseq: log.mine.dseq + 1,
                prev: log.mine.last,
                seen_seq: log.state.at.seq,
                seen_head: log.state.at.head,
                rseq: roster.rseq(),
                rhead: roster.rhead(),
                epoch: roster.epoch(),
                kind: Kind::Changes,
                nonce,
            };
            let record = seal_record(&self.keys, epoch, &header, Payload { document, changes });
            let hash = Hash::of(&record);
            log.mine = log.mine.then(&hash);
            log.in_flight.push_back(InFlight { hash, edits });
            bytes += record.len();
            records.push(record);
        }
        records
    }

    /// A push was not taken. Whatever the reason: read to the end again, and go on from there.
    pub(crate) fn refused(&mut self, id: &LogId, dseq: Option<u64>, reason: NackReason) {
        let device = self.device().unwrap_or_default();
        // A refusal of a push may look the same; then the log is read to its end as well.
        let is_about_snapshot =
            dseq.is_none() && (self.fetch_refused(id, reason) || self.offer_refused(id, reason));
        if is_about_snapshot && self.logs.get(id).is_none_or(|it| it.in_flight.is_empty()) {
            return;
        }
        let Some(log) = self.logs.get_mut(id) else { return };
        let Phase::Open { .. } = log.phase else { return };
        log.forget_flight(device);
        if is_hold(&reason) {
            log.hold = Some(reason);
            self.out.push(Output::LogChanged(*id));
            return;
        }
        if Self::is_roster_stale(&reason) {
            let after = self.roster.as_ref().map_or(0, custory_wire::Roster::rseq);
            log.phase = Phase::NeedsRoster;
            return self.send(ToRelay::RosterGet { after });
        }
        self.open(id);
    }

    /// Says what has been seen, and tries again what was held.
    pub(crate) fn tick(&mut self, random: &mut dyn Random) {
        let Some(Standing::Member { device, .. }) = self.standing() else { return };
        let mut held = Vec::new();
        let space = self.space;
        for log in self.logs.values_mut() {
            if log.hold.take().is_some() {
                held.push(log.id);
            }
            let is_read_by_people = !space.is_picture_log(&log.id);
            if is_read_by_people
                && log.is_at_tip()
                && log.stated < log.state.at.seq
                && log.in_flight.is_empty()
            {
                log.stated = log.state.at.seq;
                let statement = seal_seen(&self.keys, &log.id, device, log.state.at);
                self.out.push(Output::Send(ToRelay::Seen { log: log.id, statement }));
            }
        }
        held.iter().for_each(|it| self.push(it, random));
        self.ask_for_snapshots();
        self.make_snapshots();
    }

    pub(crate) fn others_saw(&mut self, id: &LogId, statement: &Wrapped) {
        if self.note_seen(id, statement) {
            self.out.push(Output::LogChanged(*id));
        }
    }

    pub(crate) fn note_seen(&mut self, id: &LogId, statement: &Wrapped) -> bool {
        let (Some(roster), Some(log)) = (&self.roster, self.logs.get_mut(id)) else { return false };
        let Some(device) = roster.device(statement.device) else { return false };
        let Ok(place) = open_seen(&device.sign, id, statement.device, &statement.bytes) else { return false };
        // A place of another history says nothing about this one.
        if place.seq <= log.state.at.seq && log.state.agrees(place.seq, &place.head) == Some(false) {
            return false;
        }
        log.state.note_seen(statement.device, place);
        true
    }

    pub(crate) fn present(&mut self, log: &LogId, place: &[u8], random: &mut dyn Random) {
        let (Some(Standing::Member { device, .. }), Some(roster)) = (self.standing(), &self.roster) else {
            return;
        };
        if !matches!(known_phase(&self.logs, log), Some(Phase::Open { .. })) {
            return;
        }
        if let Ok(sealed) = seal_presence(&self.epochs, roster.epoch(), log, device, place, random) {
            self.send(ToRelay::Ephemeral { log: *log, sealed });
        }
    }

    pub(crate) fn ask_lease(&mut self, name: LeaseName) {
        if matches!(self.standing(), Some(Standing::Member { role, .. }) if role.may_write()) {
            self.send(ToRelay::Lease { name });
        }
    }

    pub(crate) fn others_are(&mut self, log: LogId, sealed: &Wrapped) {
        let is_member = self.roster.as_ref().and_then(|it| it.device(sealed.device)?.role()).is_some();
        if !is_member || self.device() == Some(sealed.device) {
            return;
        }
        if let Ok(place) = open_presence(&self.epochs, &log, sealed.device, &sealed.bytes) {
            self.out.push(Output::Presence { log, device: sealed.device, place });
        }
    }
}

/// The next edits that fit into one record.
fn fill(log: &Log) -> (Vec<u64>, Vec<Vec<u8>>) {
    let (mut ids, mut changes, mut bytes) = (Vec::new(), Vec::new(), 0);
    for (id, change) in log.unsent() {
        if !ids.is_empty() && (bytes + change.len() > RECORD_CHANGES_BYTES || ids.len() == RECORD_CHANGES_MAX)
        {
            break;
        }
        bytes += change.len();
        ids.push(id);
        changes.push(change.clone());
    }
    (ids, changes)
}

fn known_phase(logs: &std::collections::BTreeMap<LogId, Log>, log: &LogId) -> Option<Phase> {
    logs.get(log).map(|it| it.phase)
}
