//! Meeting the relay: the handshake, and getting both sides' rosters in step.

use custory_seal::{Random, join_record};
use custory_wire::{
    ErrorCode, Handshake, Head, Incarnation, NackReason, Nonce, Offer, PROTOCOL_VERSION, RelayKey, Roster,
    Signature, Standing, ToRelay, limits,
};

use crate::client::Client;
use crate::io::{Ended, Output};
use crate::log::Phase;

/// How far the relay has been met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Greeting {
    /// Not connected.
    Offline,
    /// Connected; the relay speaks first.
    Awaited,
    /// This device has said who it is.
    Answered(Box<Handshake>),
    /// Both know each other.
    Up(Standing),
}

impl Client {
    pub(crate) fn challenged(
        &mut self,
        relay: RelayKey,
        nonce: Nonce,
        versions: Vec<u16>,
        random: &mut dyn Random,
    ) {
        if self.greeting != Greeting::Awaited {
            return self.end(Ended::Malformed);
        }
        if !versions.contains(&PROTOCOL_VERSION) {
            return self.end(Ended::Version);
        }
        if !relay.0.starts_with(&self.relay) {
            return self.end(Ended::WrongRelay);
        }
        let mut mine = [0; 32];
        random.fill(&mut mine);
        let key = self.invite.as_ref().map_or(self.keys.sign_key(), |(seed, _)| seed.key());
        let offer = Offer { relay, nonce, versions };
        let handshake =
            Handshake { offer, version: PROTOCOL_VERSION, space: self.space, key, nonce: Nonce(mine) };
        let bytes = handshake.auth_bytes();
        let signature =
            self.invite.as_ref().map_or_else(|| self.keys.sign(&bytes), |(seed, _)| seed.sign(&bytes));
        let (version, space, nonce) = (handshake.version, handshake.space, handshake.nonce);
        self.greeting = Greeting::Answered(Box::new(handshake));
        self.send(ToRelay::Auth { version, space, key, nonce, signature });
    }

    pub(crate) fn welcomed(
        &mut self,
        incarnation: &Incarnation,
        standing: Standing,
        (rseq, rhead): (u32, Head),
        signature: &Signature,
        random: &mut dyn Random,
    ) {
        let Greeting::Answered(handshake) = &self.greeting else { return self.end(Ended::Malformed) };
        if !handshake.is_relay(incarnation, signature) {
            return self.end(Ended::WrongRelay);
        }
        self.relay = handshake.offer.relay.0.to_vec();
        self.greeting = Greeting::Up(standing);
        self.out.push(Output::TeamChanged);
        match standing {
            Standing::Unknown => self.bring_roster(),
            Standing::Invited { .. } | Standing::Waiting { .. } | Standing::Member { .. } => {
                self.compare_rosters(rseq, rhead, random);
            }
        }
    }

    /// The relay ends the connection.
    pub(crate) fn told_off(&mut self, code: ErrorCode, text: String) {
        match code {
            // An invitation for one is closed by asking with it: see whether it was this device.
            ErrorCode::InviteClosed if self.invite.is_some() => {
                self.closed = self.invite.take();
                self.end(Ended::Again);
            }
            ErrorCode::NotAMember if self.closed.is_some() => {
                self.invite = self.closed.take();
                self.end(Ended::InviteClosed);
            }
            _ => self.end(Ended::Told { code, text }),
        }
    }

    /// Brings the workspace to a relay that does not know it, or has lost it.
    fn bring_roster(&mut self) {
        if self.records.is_empty() {
            return self.end(Ended::InviteClosed);
        }
        let mut records = self.records.clone();
        let rest = records.split_off(records.len().min(limits::ROSTER_RECORDS_MAX));
        self.send(ToRelay::Create { records, token: self.token.clone() });
        self.bring(rest);
    }

    fn compare_rosters(&mut self, theirs: u32, rhead: Head, random: &mut dyn Random) {
        let mine = self.roster.as_ref().map_or(0, Roster::rseq);
        let same_past = self.roster.as_ref().and_then(|it| it.rhead_at(theirs)).is_none_or(|it| it == rhead);
        if theirs <= mine && !same_past {
            return self.end(Ended::RosterFork);
        }
        if theirs > mine {
            return self.send(ToRelay::RosterGet { after: mine });
        }
        self.bring(self.records[theirs as usize..].to_vec());
        self.roster_in_step(random);
    }

    fn bring(&mut self, records: Vec<Vec<u8>>) {
        for part in records.chunks(limits::ROSTER_RECORDS_MAX) {
            self.send(ToRelay::RosterPut { records: part.to_vec() });
        }
    }

    pub(crate) fn roster_came(
        &mut self,
        first: u32,
        records: Vec<Vec<u8>>,
        theirs: u32,
        random: &mut dyn Random,
    ) {
        let mine = self.roster.as_ref().map_or(0, Roster::rseq);
        let mut new = Vec::new();
        for (number, record) in (first..).zip(records) {
            let now = mine + new.len() as u32;
            if number > now + 1 {
                return self.send(ToRelay::RosterGet { after: now });
            }
            if number <= now {
                // Had before: it must be the same.
                let known =
                    self.records.get(number as usize - 1).or_else(|| new.get((number - mine) as usize - 1));
                if known != Some(&record) {
                    return self.end(Ended::RosterFork);
                }
                continue;
            }
            match self.add_to_roster(&record) {
                Ok(()) => new.push(record),
                Err(ended) => return self.end(ended),
            }
        }
        if !new.is_empty() {
            self.records.extend(new.iter().cloned());
            self.out.push(Output::KeepRoster { first: mine + 1, records: new });
            self.find_keys();
            self.out.push(Output::TeamChanged);
        }
        let now = self.roster.as_ref().map_or(0, Roster::rseq);
        if now < theirs {
            return self.send(ToRelay::RosterGet { after: now });
        }
        self.roster_in_step(random);
    }

    fn add_to_roster(&mut self, record: &[u8]) -> Result<(), Ended> {
        use custory_wire::RosterError;
        let done = match &mut self.roster {
            Some(roster) => roster.apply(record).map(drop),
            none => Roster::begin(record).map(|it| *none = Some(it)),
        };
        if self.roster.as_ref().is_some_and(|it| it.space() != self.space) {
            self.roster = None;
            return Err(Ended::InviteClosed);
        }
        done.map_err(|error| match error {
            RosterError::Newer => Ended::Version,
            RosterError::Forked => Ended::RosterFork,
            RosterError::Decode(_)
            | RosterError::Stale { .. }
            | RosterError::Signature
            | RosterError::Denied(_)
            | RosterError::Unfit(_) => Ended::Malformed,
        })
    }

    /// Content keys as the roster gives them.
    pub(crate) fn find_keys(&mut self) {
        let (Some(roster), Some(device)) = (&self.roster, self.device()) else { return };
        self.epochs = custory_seal::Epochs::of(roster, device, &self.keys);
    }

    /// Both have the same roster: go on as what this device is in it.
    fn roster_in_step(&mut self, random: &mut dyn Random) {
        let Some(roster) = &self.roster else { return };
        if let Some((seed, profile)) = &self.invite {
            let asks = self.keys.sign_key();
            if roster.joins().values().any(|it| it.sign == asks) || roster.find(&asks).is_some() {
                self.invite = None;
                self.out.push(Output::TeamChanged);
                return self.end(Ended::Again);
            }
            let key = seed.key();
            let Some((invite, _)) = roster.invites().iter().find(|(_, it)| it.key == key) else {
                return self.end(Ended::InviteClosed);
            };
            let record = join_record(roster, *invite, seed, &self.keys, profile, random);
            return self.send(ToRelay::RosterPut { records: vec![record] });
        }
        self.closed = None;
        match (self.device(), self.role()) {
            (Some(device), Some(role)) => self.go_on(device, role, random),
            (Some(_), None) => {
                let text = "this device was removed from the team".to_owned();
                self.end(Ended::Told { code: ErrorCode::Removed, text });
            }
            // Its request waits; the relay says when something happens.
            (None, _) => {}
        }
    }

    fn go_on(&mut self, device: u32, role: custory_wire::Role, random: &mut dyn Random) {
        let begins = self.greeting != Greeting::Up(Standing::Member { device, role })
            || self.logs.values().any(|it| it.phase == Phase::Closed)
            || self.logs.is_empty();
        self.greeting = Greeting::Up(Standing::Member { device, role });
        if begins {
            self.send(ToRelay::List);
            self.log_exists(self.space.workspace_log());
        }
        self.leave_out_what_forked();
        let waiting = |phase| matches!(phase, Phase::Closed | Phase::NeedsRoster);
        let ids: Vec<_> = self.logs.values().filter(|it| waiting(it.phase)).map(|it| it.id).collect();
        ids.into_iter().for_each(|it| self.open(&it));
        self.go_on_with_act(random);
        self.push_all(random);
    }

    /// Logs whose record of another history an admin has taken out go on without it.
    fn leave_out_what_forked(&mut self) {
        let Some(roster) = &self.roster else { return };
        for log in self.logs.values_mut() {
            let is_out = |(device, dseq): &mut (u32, u64)| roster.is_quarantined(&log.id, *device, *dseq);
            if log.phase == Phase::Forked && log.forked_by.take_if(is_out).is_some() {
                log.phase = Phase::Closed;
            }
        }
    }

    pub(crate) fn roster_refused(&mut self, reason: NackReason, random: &mut dyn Random) {
        match reason {
            NackReason::NotAdmitted => self.end(Ended::NotAdmitted),
            NackReason::RosterRefused if self.invite.is_some() => self.end(Ended::InviteClosed),
            NackReason::RosterRefused => self.act_refused(random),
            NackReason::Slow | NackReason::Quota => {
                self.end(Ended::Told { code: ErrorCode::Busy, text: "too many requests".to_owned() });
            }
            NackReason::Denied | NackReason::Malformed => self.act_refused(random),
            NackReason::RosterStale { .. }
            | NackReason::ChainGap { .. }
            | NackReason::ChainConflict { .. }
            | NackReason::TooBig
            | NackReason::NotOpen
            | NackReason::NotFound => {}
        }
    }
}
