//! The client: what it remembers, and where each input goes.

use std::collections::{BTreeMap, BTreeSet};

use custory_seal::{DeviceKeys, Epochs, InviteSeed, Profile, Random};
use custory_wire::limits::{LEASE_MILLIS_MAX, SNAPSHOT_BYTES_MAX};
use custory_wire::{
    LogId, LogTip, RelayKey, Role, Roster, RosterError, SpaceId, Standing, ToClient, ToRelay,
};

use crate::connect::Greeting;
use crate::io::{Act, Ended, Input, Output};
use crate::log::{Log, LogStatus, Phase};
use crate::snapshot::Compaction;
use crate::state::LogState;

/// What a client begins with: everything that was kept.
pub struct Setup {
    /// The device's keys.
    pub keys: DeviceKeys,
    /// The workspace.
    pub space: SpaceId,
    /// The beginning of the relay's key, as far as it is known; nothing before the first meeting.
    pub relay: Vec<u8>,
    /// Roster records, from the first on. None before this device has joined.
    pub roster: Vec<Vec<u8>>,
    /// An invitation, until this device has asked to join with it, and its names.
    pub invite: Option<(InviteSeed, Profile)>,
    /// What the relay's owner asks for before it takes a new workspace.
    pub token: Option<String>,
    /// Logs, as far as they were read.
    pub logs: Vec<(LogId, LogState)>,
    /// Logs that this device wants no part in.
    pub forgotten: BTreeSet<LogId>,
    /// After how much a snapshot is worth making.
    pub compaction: Compaction,
}

/// The sync client of one workspace.
pub struct Client {
    pub(crate) keys: DeviceKeys,
    pub(crate) space: SpaceId,
    pub(crate) relay: Vec<u8>,
    pub(crate) invite: Option<(InviteSeed, Profile)>,
    /// The invitation, once the relay has called it closed: perhaps because this device has used it.
    pub(crate) closed: Option<(InviteSeed, Profile)>,
    pub(crate) token: Option<String>,
    pub(crate) roster: Option<Roster>,
    pub(crate) records: Vec<Vec<u8>>,
    pub(crate) epochs: Epochs,
    pub(crate) logs: BTreeMap<LogId, Log>,
    pub(crate) forgotten: BTreeSet<LogId>,
    /// Pictures that the relay has. They are not followed before they are wanted.
    pub(crate) pictures: BTreeSet<LogId>,
    pub(crate) greeting: Greeting,
    pub(crate) act: Option<(Act, Option<u32>, u8)>,
    pub(crate) consumed: u64,
    pub(crate) compaction: Compaction,
    /// Bytes of a snapshot that the relay takes; 0 if it keeps none, or has not said.
    pub(crate) snapshot_bytes_max: u64,
    /// The relay has said which logs there are.
    pub(crate) has_listed: bool,
    pub(crate) out: Vec<Output>,
}

impl Client {
    /// A client that is not connected yet.
    ///
    /// # Errors
    /// When the roster that was kept does not hold together.
    pub fn new(setup: Setup) -> Result<Self, RosterError> {
        let roster = match setup.roster.is_empty() {
            true => None,
            false => Some(Roster::of(setup.roster.iter().map(Vec::as_slice))?),
        };
        let logs = setup.logs.into_iter().map(|(id, mut state)| {
            // What had been read again before is not known any more.
            if state.is_healing {
                state.restart(&id);
            }
            (id, Log::new(id, state))
        });
        let mut client = Self {
            keys: setup.keys,
            space: setup.space,
            relay: setup.relay,
            invite: setup.invite,
            closed: None,
            token: setup.token,
            roster,
            records: setup.roster,
            epochs: Epochs::default(),
            logs: logs.collect(),
            forgotten: setup.forgotten,
            pictures: BTreeSet::new(),
            greeting: Greeting::Offline,
            act: None,
            consumed: 0,
            compaction: setup.compaction,
            snapshot_bytes_max: 0,
            has_listed: false,
            out: Vec::new(),
        };
        client.find_keys();
        Ok(client)
    }

    /// Takes an input; what is to be done comes back.
    pub fn handle(&mut self, input: Input, random: &mut dyn Random) -> Vec<Output> {
        match input {
            Input::Connected => self.greeting = Greeting::Awaited,
            Input::Disconnected => self.hang_up(),
            // The rest of a connection that has ended.
            Input::Received(_) if self.greeting == Greeting::Offline => {}
            Input::Received(bytes) => match ToClient::from_bytes(&bytes) {
                Ok(message) => self.hear(message, random),
                Err(_) => self.end(Ended::Malformed),
            },
            Input::Edited { log, document, edits } => self.edited(log, document, edits, random),
            Input::Follow { log, state } => self.follow(log, *state),
            Input::HealNow(log) => self.heal_now(&log),
            Input::Tick => self.tick(random),
            Input::Forget(log) => self.forget(log),
            Input::Rest(log) => self.rest(log),
            Input::Act(act) => self.begin_act(*act, random),
            Input::Saved { log, at, whole } => self.saved(&log, at, whole, random),
            Input::Recalled { log, at, heads } => self.recalled(&log, at, heads),
            Input::SnapshotChecked { log, hash, checked } => self.snapshot_checked(&log, hash, checked),
            Input::SnapshotTaken { log, hash, taken } => self.snapshot_taken(&log, hash, taken, random),
            Input::Present { log, place } => self.present(&log, &place, random),
            Input::Lease(name) => self.ask_lease(name),
        }
        std::mem::take(&mut self.out)
    }

    fn hear(&mut self, message: ToClient, random: &mut dyn Random) {
        match message {
            ToClient::Challenge { relay, nonce, versions } => self.challenged(relay, nonce, versions, random),
            ToClient::Welcome { incarnation, standing, rseq, rhead, limits, signature } => {
                self.snapshot_bytes_max = limits.snapshot_bytes_max.min(SNAPSHOT_BYTES_MAX);
                self.welcomed(&incarnation, standing, (rseq, rhead), &signature, random);
            }
            ToClient::Error { code, text } => self.told_off(code, text),
            ToClient::GoingAway => self.end(Ended::GoingAway),
            _ if self.standing().is_none() => self.end(Ended::Malformed),
            ToClient::Roster { first, records, rseq } => self.roster_came(first, records, rseq, random),
            ToClient::Logs { logs, is_complete } => {
                for LogTip { log, .. } in logs {
                    if self.space.is_picture_log(&log) {
                        self.pictures.insert(log);
                    }
                    self.log_exists(log);
                }
                self.has_listed |= is_complete;
                self.out.push(Output::TeamChanged);
            }
            ToClient::Opened { log, tip, snapshot, seen, .. } => {
                self.opened(&log, tip, snapshot, &seen, random);
            }
            ToClient::RolledBack { log, .. } => self.rolled_back(&log),
            ToClient::Records { log, first, records, tip_seq } => {
                self.records_came(&log, first, &records, tip_seq, random);
            }
            ToClient::Nack { log: Some(log), dseq, reason } => self.refused(&log, dseq, reason),
            ToClient::Nack { log: None, reason, .. } => self.roster_refused(reason, random),
            ToClient::Seen { log, statement } => self.others_saw(&log, &statement),
            ToClient::Ephemeral { log, sealed } => self.others_are(log, &sealed),
            ToClient::GoneBelow { log, snapshot } => self.gone_below(&log, snapshot),
            ToClient::SnapshotWanted { hash, offset } => self.snapshot_wanted(hash, offset),
            ToClient::SnapshotPart { hash, offset, bytes } => self.snapshot_part(hash, offset, &bytes),
            ToClient::SnapshotStored { log, info } => self.snapshot_is_there(&log, info),
            ToClient::Leased { name, is_held, millis } => {
                let millis = millis.min(LEASE_MILLIS_MAX);
                self.out.push(Output::Leased { name, is_held, millis });
            }
            // An edit counts as kept once it is read back, which follows.
            ToClient::Ack { .. } | ToClient::Pong { .. } => {}
        }
    }

    /// The team, as far as known.
    pub fn roster(&self) -> Option<&Roster> {
        self.roster.as_ref()
    }

    /// The team's content keys that this device has.
    pub fn epochs(&self) -> &Epochs {
        &self.epochs
    }

    /// This device's keys.
    pub fn keys(&self) -> &DeviceKeys {
        &self.keys
    }

    /// This device's number, once it belongs to the team; also after it was removed.
    pub fn device(&self) -> Option<u32> {
        self.roster.as_ref()?.find(&self.keys.sign_key()).map(|(device, _)| device)
    }

    /// What this device may do; `None` before it was let in and after it was removed.
    pub fn role(&self) -> Option<Role> {
        self.roster.as_ref()?.find(&self.keys.sign_key())?.1.role()
    }

    /// Whether this device has asked to join, or belongs to the team, or did.
    pub fn has_joined(&self) -> bool {
        let key = self.keys.sign_key();
        let asks = |it: &Roster| it.joins().values().any(|it| it.sign == key);
        self.device().is_some() || self.roster.as_ref().is_some_and(asks)
    }

    /// The relay's key, once it has been met.
    pub fn relay_key(&self) -> Option<RelayKey> {
        self.relay.as_slice().try_into().ok().map(RelayKey)
    }

    /// What the relay takes this connection for; `None` while there is none.
    pub fn standing(&self) -> Option<Standing> {
        match self.greeting {
            Greeting::Up(standing) => Some(standing),
            Greeting::Offline | Greeting::Awaited | Greeting::Answered(_) => None,
        }
    }

    /// How a log stands.
    pub fn log(&self, log: &LogId) -> Option<LogStatus> {
        let may_write = self.role().is_some_and(Role::may_write);
        self.logs.get(log).map(|it| it.status(may_write))
    }

    /// Logs that take part, in order.
    pub fn logs(&self) -> impl Iterator<Item = &LogId> {
        self.logs.keys()
    }

    /// Whether the relay has said which logs there are.
    pub fn has_listed(&self) -> bool {
        self.has_listed
    }

    /// Whether the relay has the log of a picture, as far as it has said.
    pub fn knows_picture(&self, log: &LogId) -> bool {
        self.pictures.contains(log)
    }

    /// Whether the connection stands and everything is read and sent.
    pub fn is_in_step(&self) -> bool {
        let is_member = matches!(self.standing(), Some(Standing::Member { .. }));
        let settled = |it: &Log| {
            it.is_at_tip() && it.outbox.is_empty() && !it.state.is_healing
                || matches!(it.phase, Phase::Forked | Phase::NeedsUpdate | Phase::Unreadable)
                || it.hold.is_some()
        };
        is_member && self.has_listed && self.logs.values().all(settled)
    }

    pub(crate) fn send(&mut self, message: ToRelay) {
        self.out.push(Output::Send(message));
    }

    pub(crate) fn end(&mut self, why: Ended) {
        self.hang_up();
        self.out.push(Output::End(why));
    }

    fn hang_up(&mut self) {
        let was_up = self.standing().is_some();
        self.greeting = Greeting::Offline;
        self.consumed = 0;
        self.has_listed = false;
        self.pictures.clear();
        let device = self.device().unwrap_or_default();
        for log in self.logs.values_mut() {
            log.forget_flight(device);
            log.hold = None;
            log.snapshots.hang_up();
            if !matches!(log.phase, Phase::Forked | Phase::NeedsUpdate) {
                log.phase = Phase::Closed;
            }
        }
        if self.act.take().is_some() {
            self.out.push(Output::NotActed { reason: "The connection to the relay was lost. Try again." });
        }
        if was_up {
            self.out.push(Output::TeamChanged);
        }
    }

    fn follow(&mut self, id: LogId, state: LogState) {
        self.forgotten.remove(&id);
        if let std::collections::btree_map::Entry::Vacant(free) = self.logs.entry(id) {
            free.insert(Log::new(id, state));
            self.out.push(Output::LogChanged(id));
        }
        self.log_exists(id);
    }

    fn forget(&mut self, log: LogId) {
        self.forgotten.insert(log);
        self.rest(log);
    }

    fn rest(&mut self, log: LogId) {
        if self.logs.remove(&log).is_some() && self.standing().is_some() {
            self.send(ToRelay::Close { log });
        }
    }
}
