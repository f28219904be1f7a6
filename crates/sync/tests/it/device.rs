//! A device: a client with a disk, on which a document is the set of its changes.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use custory_seal::{DeviceKeys, DeviceSecret, InviteSeed, Profile};
use custory_sync::*;
use custory_wire::*;

use crate::dice::Dice;

pub type Document = [u8; 16];

/// Early, so that a few edits are enough.
pub const COMPACTION: Compaction = Compaction { tail_bytes_min: 64 << 10, tail_records_max: 6 };

/// A document, saved: its changes, each after its length. What is newest in it stands for all of it.
pub fn saved(changes: &BTreeSet<Vec<u8>>) -> WholeDocument {
    let mut saved = Vec::new();
    for change in changes {
        saved.extend((change.len() as u32).to_be_bytes());
        saved.extend(change);
    }
    WholeDocument { heads: vec![Hash::of(&saved).0], saved, view: b"what it looks like".to_vec() }
}

fn open(whole: &WholeDocument) -> Result<BTreeSet<Vec<u8>>, SnapshotFault> {
    let (mut rest, mut changes) = (whole.saved.as_slice(), BTreeSet::new());
    while let Some((length, after)) = rest.split_first_chunk() {
        let (change, after) = after.split_at(u32::from_be_bytes(*length) as usize);
        changes.insert(change.to_vec());
        rest = after;
    }
    if saved(&changes).heads == whole.heads { Ok(changes) } else { Err(SnapshotFault::Differs) }
}

/// What survives a crash.
#[derive(Clone, Debug, Default)]
pub struct Disk {
    pub roster: Vec<Vec<u8>>,
    pub logs: BTreeMap<LogId, Vec<u8>>,
    pub documents: BTreeMap<Document, BTreeSet<Vec<u8>>>,
    pub outbox: BTreeMap<u64, (LogId, Document, Vec<u8>)>,
    pub next: u64,
    pub relay: Vec<u8>,
    pub invite: Option<(InviteSeed, Profile)>,
}

pub struct Device {
    pub secret: DeviceSecret,
    sign_key: PublicKey,
    pub space: SpaceId,
    pub disk: Disk,
    pub client: Client,
    pub is_connected: bool,
    pub to_relay: VecDeque<ToRelay>,
    pub to_me: VecDeque<Vec<u8>>,
    pub heals: Vec<LogId>,
    pub ended: Option<Ended>,
    pub skipped: Vec<Skipped>,
    pub refused: Vec<RefusedSnapshot>,
    pub snapshots_taken: usize,
    /// Pictures that the relay has, as it said.
    pub pictures_there: Vec<LogId>,
    /// Documents that were shown before they were checked.
    pub glimpses: Vec<Document>,
    /// Something else than its document, given when it is to be saved: for a liar.
    pub lie: Option<BTreeSet<Vec<u8>>>,
    pub forks: Vec<Fork>,
    pub answers: Vec<Result<u32, &'static str>>,
    pub places: Vec<(u32, Vec<u8>)>,
}

pub fn client(secret: &DeviceSecret, space: SpaceId, disk: &Disk) -> Client {
    let logs = disk.logs.iter().map(|(log, it)| (*log, LogState::from_bytes(it).unwrap())).collect();
    Client::new(Setup {
        keys: DeviceKeys::of(secret),
        space,
        relay: disk.relay.clone(),
        roster: disk.roster.clone(),
        invite: disk.invite.clone(),
        token: None,
        logs,
        forgotten: BTreeSet::new(),
        compaction: COMPACTION,
    })
    .unwrap()
}

impl Device {
    pub fn new(secret: DeviceSecret, space: SpaceId, disk: Disk, dice: &mut Dice) -> Self {
        let client = client(&secret, space, &disk);
        let mut device = Self {
            sign_key: DeviceKeys::of(&secret).sign_key(),
            secret,
            space,
            disk,
            client,
            is_connected: false,
            to_relay: VecDeque::new(),
            to_me: VecDeque::new(),
            heals: Vec::new(),
            ended: None,
            skipped: Vec::new(),
            refused: Vec::new(),
            snapshots_taken: 0,
            pictures_there: Vec::new(),
            glimpses: Vec::new(),
            lie: None,
            forks: Vec::new(),
            answers: Vec::new(),
            places: Vec::new(),
        };
        device.offer(None, dice);
        device
    }

    /// Everything but the disk is gone; `disk` may be an older one.
    pub fn restart(&mut self, disk: Option<Disk>, dice: &mut Dice) {
        let disk = disk.unwrap_or_else(|| self.disk.clone());
        *self = Self::new(self.secret.clone(), self.space, disk, dice);
    }

    /// An edit: the change and its place in the outbox are one transaction.
    pub fn edit(&mut self, document: Document, change: Vec<u8>, dice: &mut Dice) {
        let log = self.log_of(&document);
        self.disk.documents.entry(document).or_default().insert(change.clone());
        self.disk.next += 1;
        self.disk.outbox.insert(self.disk.next, (log, document, change));
        self.offer(Some(log), dice);
    }

    fn log_of(&self, document: &Document) -> LogId {
        match document {
            [0, ..] => self.space.workspace_log(),
            [0xff, ..] => self.space.picture_log(document),
            _ => self.space.journey_log(document),
        }
    }

    /// Tells the client what is in the outbox.
    fn offer(&mut self, only: Option<LogId>, dice: &mut Dice) {
        let mut by_log: BTreeMap<(LogId, Document), Vec<Edit>> = BTreeMap::new();
        for (id, (log, document, bytes)) in &self.disk.outbox {
            if only.is_none_or(|it| it == *log) {
                by_log.entry((*log, *document)).or_default().push(Edit { id: *id, bytes: bytes.clone() });
            }
        }
        for ((log, document), edits) in by_log {
            self.handle(Input::Edited { log, document, edits }, dice);
        }
    }

    pub fn handle(&mut self, input: Input, dice: &mut Dice) {
        for output in self.client.handle(input, dice) {
            self.carry_out(output, dice);
        }
    }

    fn carry_out(&mut self, output: Output, dice: &mut Dice) {
        match output {
            Output::Send(message) => self.to_relay.push_back(message),
            Output::End(why) => {
                self.is_connected = false;
                self.ended = Some(why);
            }
            Output::KeepRoster { first, records } => {
                assert_eq!(first as usize, self.disk.roster.len() + 1, "the roster is kept without gaps");
                self.disk.roster.extend(records);
            }
            Output::Take { log, document, changes, settled, state } => {
                if let Some(document) = document {
                    self.disk.documents.entry(document).or_default().extend(changes);
                }
                for id in settled {
                    self.disk.outbox.remove(&id);
                }
                self.disk.logs.insert(log, state.to_bytes());
            }
            Output::HealSoon(log) => self.heals.push(log),
            Output::Recall { log, document, at, since } => {
                let mut had = self.disk.documents.get(&document).cloned().unwrap_or_default();
                let waits = self.disk.outbox.values().filter(|it| it.1 == document).map(|it| &it.2);
                for change in since.iter().chain(waits) {
                    had.remove(change);
                }
                self.handle(Input::Recalled { log, at, heads: Some(saved(&had).heads) }, dice);
            }
            Output::Leased { .. } => {}
            Output::Save { log, document, at } => {
                let waits = self.disk.outbox.values().any(|it| it.1 == document);
                let truth = self.disk.documents.get(&document).cloned().unwrap_or_default();
                let whole = (!waits).then(|| saved(self.lie.as_ref().unwrap_or(&truth)));
                self.handle(Input::Saved { log, at, whole }, dice);
            }
            Output::Glimpse { document, .. } => self.glimpses.push(document),
            Output::CheckSnapshot { log, hash, whole, .. } => {
                let checked = open(&whole).map(drop);
                self.handle(Input::SnapshotChecked { log, hash, checked }, dice);
            }
            Output::TakeSnapshot(taking) => {
                let (log, hash) = (taking.log, taking.hash);
                let taken = self.take(&taking);
                self.handle(Input::SnapshotTaken { log, hash, taken }, dice);
            }
            Output::SnapshotRefused(refused) => self.refused.push(*refused),
            Output::Heal { log, document, has, state } => self.heal(log, document, &has, &state, dice),
            Output::Acted { rseq } => self.answers.push(Ok(rseq)),
            Output::NotActed { reason } => self.answers.push(Err(reason)),
            Output::TeamChanged => {
                if let Some(key) = self.client.relay_key() {
                    self.disk.relay = key.0.to_vec();
                }
                if self.client.roster().is_some_and(|it| {
                    let key = &self.sign_key;
                    it.joins().values().any(|it| it.sign == *key) || it.find(key).is_some()
                }) {
                    self.disk.invite = None;
                }
            }
            Output::LogChanged(_) => {}
            Output::PictureThere(log) => self.pictures_there.push(log),
            Output::Skipped(skipped) => self.skipped.push(*skipped),
            Output::Forked(fork) => self.forks.push(*fork),
            Output::Presence { device, place, .. } => self.places.push((device, place)),
        }
    }

    fn take(&mut self, taking: &Taking) -> Result<BTreeSet<Hash>, SnapshotFault> {
        let changes = open(&taking.whole)?;
        let waiting: BTreeSet<Vec<u8>> =
            self.disk.outbox.values().filter(|it| it.1 == taking.document).map(|it| it.2.clone()).collect();
        let known = self.disk.documents.entry(taking.document).or_default();
        if taking.must_hold_all && known.iter().any(|it| !changes.contains(it) && !waiting.contains(it)) {
            return Err(SnapshotFault::Lacks);
        }
        known.extend(changes.clone());
        self.disk.outbox.retain(|_, it| it.1 != taking.document || !changes.contains(&it.2));
        self.disk.logs.insert(taking.log, taking.state.to_bytes());
        self.snapshots_taken += 1;
        Ok(changes.iter().map(|it| Hash::of(it)).collect())
    }

    fn heal(
        &mut self,
        log: LogId,
        document: Option<Document>,
        has: &BTreeSet<Hash>,
        state: &LogState,
        dice: &mut Dice,
    ) {
        let known =
            document.or_else(|| self.disk.documents.keys().copied().find(|it| self.log_of(it) == log));
        self.disk.logs.insert(log, state.to_bytes());
        let Some(document) = known else { return };
        let waiting: BTreeSet<Vec<u8>> = self.disk.outbox.values().map(|it| it.2.clone()).collect();
        for change in self.disk.documents.entry(document).or_default().clone() {
            if !has.contains(&Hash::of(&change)) && !waiting.contains(&change) {
                self.disk.next += 1;
                self.disk.outbox.insert(self.disk.next, (log, document, change));
            }
        }
        self.offer(Some(log), dice);
    }

    pub fn number(&self) -> u32 {
        self.client.device().unwrap()
    }
}
