//! A relay as `docs/protocol.md` says, in memory, that can forget.

use std::cell::RefCell;
use std::collections::BTreeMap;

use custory_wire::*;
use ed25519_dalek::{Signer, SigningKey};

/// What survives a crash.
#[derive(Clone, Debug, Default)]
pub struct Disk {
    pub roster: Vec<Vec<u8>>,
    pub logs: BTreeMap<LogId, Vec<Vec<u8>>>,
    pub seen: BTreeMap<(LogId, u32), Vec<u8>>,
    /// Snapshots of each log, the furthest last.
    pub snapshots: BTreeMap<LogId, Vec<Kept>>,
    /// Up to where records were given up: they are here to count with, and nobody is sent them.
    pub given_up: BTreeMap<LogId, u64>,
    pub life: u8,
    /// The roster as it was last folded, and of which records: a fold checks a signature for each of them, and would
    /// be most of what a run does.
    pub folded: RefCell<Option<(Vec<Vec<u8>>, Roster)>>,
}

/// A snapshot that is complete.
#[derive(Clone, Debug)]
pub struct Kept {
    pub info: SnapshotInfo,
    pub blob: Vec<u8>,
    pub maker: u32,
    pub is_confirmed: bool,
}

impl Disk {
    fn place(&self, log: &LogId, seq: u64) -> Option<Chain> {
        let records = self.logs.get(log).map(Vec::as_slice).unwrap_or_default();
        let records = records.get(..seq as usize)?;
        Some(records.iter().fold(Chain::start(log), |at, it| at.then(&Hash::of(it))))
    }

    fn tip(&self, log: &LogId) -> Chain {
        self.place(log, self.logs.get(log).map_or(0, Vec::len) as u64).unwrap()
    }

    fn device(&self, log: &LogId, device: u32) -> Vec<Hash> {
        let own = |it: &&Vec<u8>| Parsed::parse(it).is_ok_and(|it| it.header.device == device);
        self.logs.get(log).into_iter().flatten().filter(own).map(|it| Hash::of(it)).collect()
    }

    fn given_up(&self, log: &LogId) -> u64 {
        self.given_up.get(log).copied().unwrap_or_default()
    }

    /// The confirmed snapshots of a log, the furthest first.
    fn confirmed(&self, log: &LogId) -> Vec<SnapshotInfo> {
        let all = self.snapshots.get(log).into_iter().flatten().rev();
        all.filter(|it| it.is_confirmed).map(|it| it.info.clone()).collect()
    }

    pub fn roster(&self) -> Option<Roster> {
        let mut folded = self.folded.borrow_mut();
        if folded.as_ref().is_none_or(|(of, _)| *of != self.roster) {
            let fold = || Roster::of(self.roster.iter().map(Vec::as_slice)).unwrap();
            *folded = (!self.roster.is_empty()).then(|| (self.roster.clone(), fold()));
        }
        folded.as_ref().map(|(_, roster)| roster.clone())
    }
}

/// A connection, as the relay sees it.
#[derive(Default)]
struct Line {
    nonce: [u8; 32],
    who: Option<(PublicKey, Standing)>,
    open: BTreeMap<LogId, u64>,
    lists: bool,
    incoming: Option<(LogId, SnapshotInfo, Vec<u8>)>,
}

pub struct Relay {
    key: SigningKey,
    pub disk: Disk,
    lines: BTreeMap<usize, Line>,
    pub out: Vec<(usize, ToClient)>,
    nonces: u64,
    /// How often a snapshot was confirmed.
    pub confirmations: usize,
    /// From where on snapshots were asked for.
    pub fetched: Vec<u64>,
    /// How many records were given up for snapshots.
    pub records_given_up: u64,
    /// It offers what nobody has confirmed: a lie.
    pub offers_unconfirmed: bool,
}

impl Relay {
    pub fn new(key: u8) -> Self {
        let key = SigningKey::from_bytes(&[key; 32]);
        Self {
            key,
            disk: Disk::default(),
            lines: BTreeMap::new(),
            out: Vec::new(),
            nonces: 0,
            confirmations: 0,
            fetched: Vec::new(),
            records_given_up: 0,
            offers_unconfirmed: false,
        }
    }

    /// Everything but the disk is gone.
    pub fn crash(&mut self) {
        self.lines.clear();
        self.out.clear();
    }

    /// An older disk takes the place of this one.
    pub fn restore(&mut self, disk: Disk, says_so: bool) {
        let life = self.disk.life + u8::from(says_so);
        self.crash();
        self.disk = Disk { life, ..disk };
    }

    pub fn connect(&mut self, line: usize) {
        self.nonces += 1;
        let mut nonce = [0; 32];
        nonce[..8].copy_from_slice(&self.nonces.to_be_bytes());
        self.lines.insert(line, Line { nonce, ..Line::default() });
        let relay = RelayKey(self.key.verifying_key().to_bytes());
        self.out.push((line, ToClient::Challenge { relay, nonce: Nonce(nonce), versions: vec![1] }));
    }

    pub fn disconnect(&mut self, line: usize) {
        self.lines.remove(&line);
        self.out.retain(|(to, _)| *to != line);
    }

    fn standing(&self, key: &PublicKey) -> Result<Standing, ErrorCode> {
        let Some(roster) = self.disk.roster() else { return Ok(Standing::Unknown) };
        if let Some((device, it)) = roster.find(key) {
            return it.role().map(|role| Standing::Member { device, role }).ok_or(ErrorCode::Removed);
        }
        if let Some((join, _)) = roster.joins().iter().find(|(_, it)| it.sign == *key) {
            return Ok(Standing::Waiting { join: *join });
        }
        let invite = roster.invites().iter().find(|(_, it)| it.key == *key);
        invite.map(|(invite, _)| Standing::Invited { invite: *invite }).ok_or(ErrorCode::NotAMember)
    }

    pub fn hear(&mut self, line: usize, message: ToRelay) {
        let Some(state) = self.lines.get(&line) else { return };
        match (message, state.who) {
            (ToRelay::Auth { version, space, key, nonce, signature }, None) => {
                let relay = RelayKey(self.key.verifying_key().to_bytes());
                let offer = Offer { relay, nonce: Nonce(state.nonce), versions: vec![1] };
                let handshake = Handshake { offer, version, space, key, nonce };
                assert!(handshake.is_client(&signature), "an honest client signs what it should");
                match self.standing(&key) {
                    Ok(standing) => {
                        let life = Incarnation([self.disk.life; 16]);
                        let signature = self.key.sign(&handshake.welcome_bytes(&life)).to_bytes();
                        let roster = self.disk.roster();
                        self.lines.get_mut(&line).unwrap().who = Some((key, standing));
                        self.say(
                            line,
                            ToClient::Welcome {
                                incarnation: life,
                                standing,
                                rseq: roster.as_ref().map_or(0, Roster::rseq),
                                rhead: roster.as_ref().map_or(Head::ZERO, Roster::rhead),
                                limits: limits::Limits::default(),
                                signature: Signature(signature),
                            },
                        );
                    }
                    Err(code) => {
                        self.say(line, ToClient::Error { code, text: String::new() });
                        self.lines.remove(&line);
                    }
                }
            }
            (ToRelay::Create { records, .. }, Some((_, Standing::Unknown))) => {
                let have = self.disk.roster.len();
                assert!(self.disk.roster.iter().zip(&records).all(|(one, other)| one == other));
                self.put(line, records.into_iter().skip(have).collect());
            }
            (ToRelay::RosterPut { records }, Some(_)) => self.put(line, records),
            (ToRelay::RosterGet { after }, Some(_)) => {
                let records = self.disk.roster[(after as usize).min(self.disk.roster.len())..].to_vec();
                let rseq = self.disk.roster.len() as u32;
                self.say(line, ToClient::Roster { first: after + 1, records, rseq });
            }
            (message, Some((_, Standing::Member { device, role }))) => {
                self.serve(line, device, role, message)
            }
            _ => {}
        }
    }

    fn put(&mut self, line: usize, records: Vec<Vec<u8>>) {
        let first = self.disk.roster.len() as u32 + 1;
        let mut taken = Vec::new();
        let mut is_refused = false;
        for record in records {
            let next = match self.disk.roster() {
                Some(mut roster) => roster.apply(&record).map(drop),
                None => Roster::begin(&record).map(drop),
            };
            if next.is_err() {
                is_refused = true;
                break;
            }
            self.disk.roster.push(record.clone());
            taken.push(record);
        }
        let rseq = self.disk.roster.len() as u32;
        let lines: Vec<usize> = self.lines.keys().copied().collect();
        for other in lines {
            let Some((key, _)) = self.lines[&other].who else { continue };
            match self.standing(&key) {
                Ok(standing) => self.lines.get_mut(&other).unwrap().who = Some((key, standing)),
                Err(ErrorCode::Removed) => {
                    self.say(other, ToClient::Error { code: ErrorCode::Removed, text: String::new() });
                    self.lines.remove(&other);
                    continue;
                }
                // An invitation that is used up, perhaps by this very record.
                Err(_) => {
                    self.say(other, ToClient::Error { code: ErrorCode::InviteClosed, text: String::new() });
                    self.lines.remove(&other);
                    continue;
                }
            }
            if !taken.is_empty() {
                self.say(other, ToClient::Roster { first, records: taken.clone(), rseq });
            }
        }
        if is_refused {
            let reason = NackReason::RosterRefused;
            self.say(line, ToClient::Nack { log: None, dseq: None, reason });
        }
    }

    fn serve(&mut self, line: usize, device: u32, role: Role, message: ToRelay) {
        match message {
            ToRelay::List => {
                self.lines.get_mut(&line).unwrap().lists = true;
                let tip = |log: &LogId| LogTip { log: *log, tip: self.disk.tip(log) };
                let logs = self.disk.logs.keys().map(tip).collect();
                self.say(line, ToClient::Logs { logs, is_complete: true });
            }
            ToRelay::Open { log, at, without } => self.open(line, device, log, at, &without),
            ToRelay::SnapshotPut { log, info } => self.offered(line, role, log, info),
            ToRelay::SnapshotPart { hash, offset, bytes } => self.part(line, device, hash, offset, &bytes),
            ToRelay::SnapshotGet { log, hash, offset } => self.fetch(line, &log, &hash, offset),
            ToRelay::SnapshotConfirm { log, hash, signature } => {
                self.confirm(line, device, &log, &hash, &signature);
            }
            ToRelay::Close { log } => {
                self.lines.get_mut(&line).unwrap().open.remove(&log);
            }
            ToRelay::Push { log, records } => {
                let is_new = !self.disk.logs.contains_key(&log);
                let mut acks = Vec::new();
                for record in records {
                    match self.append(line, device, role, &log, &record) {
                        Ok(ack) => acks.push(ack),
                        Err((dseq, reason)) => {
                            self.say(line, ToClient::Nack { log: Some(log), dseq, reason });
                            break;
                        }
                    }
                }
                if !acks.is_empty() {
                    self.say(line, ToClient::Ack { log, records: acks });
                }
                if is_new && self.disk.logs.contains_key(&log) {
                    let tip = self.disk.tip(&log);
                    let logs = vec![LogTip { log, tip }];
                    let lists: Vec<usize> =
                        self.lines.iter().filter(|(_, it)| it.lists).map(|(it, _)| *it).collect();
                    for other in lists {
                        self.say(other, ToClient::Logs { logs: logs.clone(), is_complete: false });
                    }
                }
                self.fan_out(&log);
            }
            ToRelay::Seen { log, statement } => {
                self.disk.seen.insert((log, device), statement.clone());
                let others: Vec<usize> = self
                    .lines
                    .iter()
                    .filter(|(_, it)| it.open.contains_key(&log))
                    .map(|(it, _)| *it)
                    .collect();
                for other in others {
                    let statement = Wrapped { device, bytes: statement.clone() };
                    self.say(other, ToClient::Seen { log, statement });
                }
            }
            _ => {}
        }
    }

    fn open(&mut self, line: usize, device: u32, log: LogId, at: Chain, without: &[Hash]) {
        let tip = self.disk.tip(&log);
        self.lines.get_mut(&line).unwrap().open.remove(&log);
        let confirmed = if self.offers_unconfirmed {
            self.disk.snapshots.get(&log).into_iter().flatten().rev().map(|it| it.info.clone()).collect()
        } else {
            self.disk.confirmed(&log)
        };
        let welcome = confirmed.iter().find(|it| !without.contains(&it.hash));
        let is_gone = at.seq < self.disk.given_up(&log);
        if !is_gone && self.disk.place(&log, at.seq) != Some(at) {
            return self.say(line, ToClient::RolledBack { log, tip });
        }
        let bytes_to = |base: u64| -> u64 {
            let records = self.disk.logs[&log].iter().take(base as usize).skip(at.seq as usize);
            records.map(|it| it.len() as u64).sum()
        };
        let shorter = welcome.filter(|it| it.base.seq > at.seq && bytes_to(it.base.seq) > it.bytes_len);
        let instead = if is_gone { welcome.or(confirmed.first()) } else { shorter };
        if let Some(snapshot) = instead.cloned() {
            return self.say(line, ToClient::GoneBelow { log, snapshot });
        }
        self.lines.get_mut(&line).unwrap().open.insert(log, at.seq);
        let chain = self.disk.device(&log, device);
        let mine = chain.iter().fold(DeviceChain::default(), |at, it| at.then(it));
        let seen = self.disk.seen.iter().filter(|((of, _), _)| *of == log);
        let seen = seen.map(|((_, device), it)| Wrapped { device: *device, bytes: it.clone() }).collect();
        let snapshot = self.disk.snapshots.get(&log).and_then(|it| it.last()).map(|it| it.info.clone());
        self.say(line, ToClient::Opened { log, tip, mine, snapshot, seen });
        self.fan_out(&log);
    }

    fn offered(&mut self, line: usize, role: Role, log: LogId, info: SnapshotInfo) {
        let header: SnapshotHeader = decode(&info.header, limits::SNAPSHOT_HEADER_BYTES_MAX).unwrap();
        assert_eq!((header.base, header.hash, header.bytes_len), (info.base, info.hash, info.bytes_len));
        assert!(role.may_write(), "a viewer makes none");
        let is_open = self.lines[&line].open.contains_key(&log);
        if !is_open || self.disk.place(&log, info.base.seq) != Some(info.base) {
            let reason = if is_open { NackReason::NotFound } else { NackReason::NotOpen };
            return self.say(line, ToClient::Nack { log: Some(log), dseq: None, reason });
        }
        self.say(line, ToClient::SnapshotWanted { hash: info.hash, offset: 0 });
        self.lines.get_mut(&line).unwrap().incoming = Some((log, info, Vec::new()));
    }

    fn part(&mut self, line: usize, maker: u32, hash: Hash, offset: u64, bytes: &[u8]) {
        let Some((log, info, mut blob)) = self.lines.get_mut(&line).unwrap().incoming.take() else { return };
        assert_eq!((info.hash, offset), (hash, blob.len() as u64));
        blob.extend_from_slice(bytes);
        if (blob.len() as u64) < info.bytes_len {
            self.lines.get_mut(&line).unwrap().incoming = Some((log, info, blob));
            return;
        }
        assert_eq!(Hash::of(&blob), hash);
        if self.disk.place(&log, info.base.seq) != Some(info.base) {
            let reason = NackReason::NotFound;
            return self.say(line, ToClient::Nack { log: Some(log), dseq: None, reason });
        }
        let kept = self.disk.snapshots.entry(log).or_default();
        kept.push(Kept { info: info.clone(), blob, maker, is_confirmed: false });
        kept.sort_by_key(|it| (it.info.base.seq, it.is_confirmed));
        let others: Vec<usize> =
            self.lines.iter().filter(|(_, it)| it.open.contains_key(&log)).map(|(it, _)| *it).collect();
        for other in others {
            self.say(other, ToClient::SnapshotStored { log, info: info.clone() });
        }
    }

    fn fetch(&mut self, line: usize, log: &LogId, hash: &Hash, offset: u64) {
        /// Small, so that a line can break between two.
        const PART: usize = 100;
        let all = self.disk.snapshots.get(log).into_iter().flatten();
        let Some(kept) = all.clone().find(|it| it.info.hash == *hash) else {
            let reason = NackReason::NotFound;
            return self.say(line, ToClient::Nack { log: Some(*log), dseq: None, reason });
        };
        let rest = kept.blob[offset as usize..].to_vec();
        self.fetched.push(offset);
        for (number, part) in rest.chunks(PART).enumerate() {
            let offset = offset + (number * PART) as u64;
            self.say(line, ToClient::SnapshotPart { hash: *hash, offset, bytes: part.to_vec() });
        }
    }

    fn confirm(&mut self, line: usize, device: u32, log: &LogId, hash: &Hash, signature: &Signature) {
        let key = self.lines[&line].who.unwrap().0;
        assert!(is_signed(&key, &signing_bytes(Context::Confirm, &[&log.0, &hash.0]), signature));
        let is_alone = self.disk.roster().unwrap().present().count() == 1;
        let kept = self.disk.snapshots.entry(*log).or_default();
        let Some(found) = kept.iter_mut().find(|it| it.info.hash == *hash) else {
            let reason = NackReason::NotFound;
            return self.say(line, ToClient::Nack { log: Some(*log), dseq: None, reason });
        };
        assert!(found.maker != device || is_alone, "nobody confirms their own");
        found.is_confirmed = true;
        self.confirmations += 1;
        kept.sort_by_key(|it| (it.info.base.seq, it.is_confirmed));
        // Keeps the two furthest confirmed ones and the records after the older of them.
        let mut bases: Vec<u64> = self.disk.confirmed(log).iter().map(|it| it.base.seq).collect();
        bases.dedup();
        if let Some(older) = bases.get(1).copied() {
            let before = self.disk.given_up.insert(*log, older).unwrap_or_default();
            assert!(before <= older);
            self.records_given_up += older - before;
            self.disk.snapshots.entry(*log).or_default().retain(|it| it.info.base.seq >= older);
        }
    }

    fn append(
        &mut self,
        line: usize,
        device: u32,
        role: Role,
        log: &LogId,
        record: &[u8],
    ) -> Result<(u64, u64), (Option<u64>, NackReason)> {
        if !self.lines[&line].open.contains_key(log) {
            return Err((None, NackReason::NotOpen));
        }
        let parsed = Parsed::parse(record).map_err(|_| (None, NackReason::Malformed))?;
        let header = parsed.header;
        let no = |reason| Err((Some(header.dseq), reason));
        if header.log != *log || header.device != device || !role.may_write() {
            return no(NackReason::Denied);
        }
        let roster = self.disk.roster().unwrap();
        let own = self.disk.device(log, device);
        let mine = own.iter().fold(DeviceChain::default(), |at, it| at.then(it));
        if header.dseq <= mine.dseq {
            let all = self.disk.logs.get(log).into_iter().flatten();
            let seq = all.zip(1..).find(|(it, _)| Hash::of(it) == parsed.hash).map(|(_, seq)| seq);
            return seq
                .map(|seq| (header.dseq, seq))
                .ok_or((Some(header.dseq), NackReason::ChainConflict { mine }));
        }
        if (header.rseq, header.rhead, header.epoch) != (roster.rseq(), roster.rhead(), roster.epoch()) {
            return no(NackReason::RosterStale { rseq: roster.rseq() });
        }
        if !mine.continues(header.dseq, &header.prev) {
            return no(NackReason::ChainGap { mine });
        }
        let records = self.disk.logs.entry(*log).or_default();
        records.push(record.to_vec());
        Ok((header.dseq, records.len() as u64))
    }

    fn fan_out(&mut self, log: &LogId) {
        let Some(records) = self.disk.logs.get(log) else { return };
        let tip_seq = records.len() as u64;
        for (line, state) in &mut self.lines {
            let Some(at) = state.open.get_mut(log).filter(|at| **at < tip_seq) else { continue };
            let page = records[*at as usize..].to_vec();
            self.out.push((*line, ToClient::Records { log: *log, first: *at + 1, records: page, tip_seq }));
            *at = tip_seq;
        }
    }

    fn say(&mut self, line: usize, message: ToClient) {
        self.out.push((line, message));
    }
}
