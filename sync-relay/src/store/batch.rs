//! One transaction: judges each job by the rules, in the order in which they came, and says what became of it.
//!
//! The rules for records: the author may write, cites the newest roster record and its epoch, and continues its
//! own chain. A record that is there already is answered as if it were new, however old it is and whatever it
//! cites, so that a lost answer is never a conflict.
//!
//! Invariant: nothing outside of this batch changes before the commit; [`Done::publish`] does it all after.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use bytes::Bytes;
use custory_wire::{
    Action, Chain, DeviceChain, Hash, Head, NackReason, PublicKey, Roster, SnapshotInfo, ToClient,
    limits::ROSTER_RECORDS_MAX,
};
use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use super::schema::{SEQ_MAX, chunk_key};
use super::writer::{Arrival, PushJob, RosterJob, SeenKey, WriterLimits};
use super::{StoreError, read, records};
use crate::hub::{Mailbox, Space, Topic};

pub(super) use publish::{Done, Tail};

#[path = "publish.rs"]
mod publish;

type Result<T> = std::result::Result<T, StoreError>;

/// Bytes of records in one chunk: what reading a single record of it costs at most.
const CHUNK_BYTES_MAX: usize = 64 * 1024;

/// A transaction that has begun.
pub(super) struct Batch<'a> {
    transaction: Transaction<'a>,
    limits: &'a WriterLimits,
    logs: Vec<PendingLog>,
    log_places: HashMap<usize, usize>,
    spaces: Vec<PendingSpace>,
    answers: Vec<Answer>,
    told: Vec<(Arc<Topic>, Bytes)>,
    unused_blobs: Vec<Hash>,
    repeated: u64,
    refused: u64,
}

/// A message that leaves after the commit.
struct Answer {
    to: Arc<Mailbox>,
    messages: Vec<Bytes>,
    /// Bytes of the push that this answers.
    bytes: usize,
}

/// A log as it will be.
struct PendingLog {
    topic: Arc<Topic>,
    space: usize,
    row: Option<i64>,
    tip: Chain,
    end: u64,
    /// Devices that have come further.
    authors: BTreeMap<u32, DeviceChain>,
    runs: Vec<Run>,
}

/// Records of one device in a row: a chunk in the making.
struct Run {
    device: u32,
    dseq: u64,
    /// The place before them.
    before: Chain,
    start: u64,
    bytes: usize,
    records: Vec<Vec<u8>>,
    hashes: Vec<Hash>,
}

/// A workspace as it will be.
struct PendingSpace {
    space: Arc<Space>,
    row: Option<i64>,
    roster: Option<Arc<Roster>>,
    has_new_roster: bool,
    /// Keys of new invitations.
    invitations: Vec<PublicKey>,
    bytes: u64,
    bytes_before: u64,
    logs: u32,
}

impl<'a> Batch<'a> {
    pub(super) fn begin(conn: &'a mut Connection, limits: &'a WriterLimits) -> Result<Self> {
        Ok(Self {
            transaction: conn.transaction_with_behavior(TransactionBehavior::Immediate)?,
            limits,
            logs: Vec::new(),
            log_places: HashMap::new(),
            spaces: Vec::new(),
            answers: Vec::new(),
            told: Vec::new(),
            unused_blobs: Vec::new(),
            repeated: 0,
            refused: 0,
        })
    }

    fn space(&mut self, space: &Arc<Space>) -> usize {
        if let Some(at) = self.spaces.iter().position(|it| Arc::ptr_eq(&it.space, space)) {
            return at;
        }
        self.spaces.push(PendingSpace {
            space: space.clone(),
            row: space.row(),
            roster: space.roster(),
            has_new_roster: false,
            invitations: Vec::new(),
            bytes: space.bytes(),
            bytes_before: space.bytes(),
            logs: space.logs(),
        });
        self.spaces.len() - 1
    }

    fn log(&mut self, topic: &Arc<Topic>) -> usize {
        let address = Arc::as_ptr(topic).addr();
        if let Some(at) = self.log_places.get(&address) {
            return *at;
        }
        let space = self.space(topic.space());
        let live = topic.live();
        let pending = PendingLog {
            topic: topic.clone(),
            space,
            row: live.row,
            tip: live.tip,
            end: live.end,
            authors: BTreeMap::new(),
            runs: Vec::new(),
        };
        drop(live);
        self.logs.push(pending);
        self.log_places.insert(address, self.logs.len() - 1);
        self.logs.len() - 1
    }

    /// Records of one push: those that are taken are acknowledged, the first that is not is named.
    pub(super) fn push(&mut self, push: PushJob) -> Result<()> {
        let at = self.log(&push.topic);
        let log = push.topic.log();
        let (mut acks, mut rest) = (Vec::with_capacity(push.records.len()), push.rest);
        for arrival in push.records {
            let dseq = arrival.dseq;
            match self.append(at, push.device, arrival)? {
                Ok(seq) => acks.push((dseq, seq)),
                Err(reason) => {
                    rest = Some((Some(dseq), reason));
                    break;
                }
            }
        }
        let mut messages = Vec::with_capacity(1);
        if !acks.is_empty() {
            messages.push(ToClient::Ack { log, records: acks }.to_bytes().into());
        }
        if let Some((dseq, reason)) = rest {
            self.refused += 1;
            messages.push(ToClient::Nack { log: Some(log), dseq, reason }.to_bytes().into());
        }
        self.answers.push(Answer { to: push.to, messages, bytes: push.bytes });
        drop(push.permit);
        Ok(())
    }

    /// One record by the rules: its number in the log, or why it is not taken.
    fn append(
        &mut self,
        at: usize,
        device: u32,
        arrival: Arrival,
    ) -> Result<std::result::Result<u64, NackReason>> {
        let mine = self.device_chain(at, device);
        let pending = &self.logs[at];
        let space = &self.spaces[pending.space];
        let Some(roster) = &space.roster else { return Ok(Err(NackReason::Denied)) };
        if !may_write(roster, device) {
            return Ok(Err(NackReason::Denied));
        }
        if arrival.dseq <= mine.dseq {
            return Ok(match self.authored(at, device, arrival.dseq)? {
                Some((seq, hash)) if hash == arrival.hash => {
                    self.repeated += 1;
                    Ok(seq)
                }
                // Given up for a snapshot since, which has it: its number is not known any more.
                None if arrival.dseq > 0 => Ok(0),
                _ => Err(NackReason::ChainConflict { mine }),
            });
        }
        if (arrival.rseq, arrival.rhead, arrival.epoch) != (roster.rseq(), roster.rhead(), roster.epoch()) {
            return Ok(Err(NackReason::RosterStale { rseq: roster.rseq() }));
        }
        if !mine.continues(arrival.dseq, &arrival.prev) {
            return Ok(Err(NackReason::ChainGap { mine }));
        }
        let is_first = pending.row.is_none() && pending.runs.is_empty();
        if space.bytes.saturating_add(arrival.bytes.len() as u64) > self.limits.space_bytes_max
            || is_first && space.logs >= self.limits.space_logs_max
            || pending.tip.seq >= SEQ_MAX
        {
            return Ok(Err(NackReason::Quota));
        }
        Ok(Ok(self.take(at, device, &mine, is_first, arrival)))
    }

    fn take(&mut self, at: usize, device: u32, mine: &DeviceChain, is_first: bool, arrival: Arrival) -> u64 {
        let pending = &mut self.logs[at];
        let space = &mut self.spaces[pending.space];
        let bytes = arrival.bytes.len();
        space.bytes += bytes as u64;
        space.logs += u32::from(is_first);
        let before = pending.tip;
        pending.tip = before.then(&arrival.hash);
        pending.authors.insert(device, mine.then(&arrival.hash));
        match pending.runs.last_mut() {
            Some(run) if run.device == device && run.bytes + bytes <= CHUNK_BYTES_MAX => {
                run.bytes += bytes;
                run.records.push(arrival.bytes);
                run.hashes.push(arrival.hash);
            }
            _ => pending.runs.push(Run {
                device,
                dseq: arrival.dseq,
                before,
                start: pending.end,
                bytes,
                records: vec![arrival.bytes],
                hashes: vec![arrival.hash],
            }),
        }
        pending.end += bytes as u64;
        pending.tip.seq
    }

    fn device_chain(&self, at: usize, device: u32) -> DeviceChain {
        let pending = &self.logs[at];
        let known = || pending.topic.live().authors.get(&device).copied();
        pending.authors.get(&device).copied().or_else(known).unwrap_or_default()
    }

    /// A device's record by its own number, in this batch or before.
    fn authored(&self, at: usize, device: u32, dseq: u64) -> Result<Option<(u64, Hash)>> {
        let pending = &self.logs[at];
        for run in pending.runs.iter().filter(|it| it.device == device && it.dseq <= dseq) {
            let offset = dseq - run.dseq;
            if let Some(hash) = run.hashes.get(offset as usize) {
                return Ok(Some((run.before.seq + 1 + offset, *hash)));
            }
        }
        pending.row.map_or(Ok(None), |row| read::authored(&self.transaction, row, device, dseq))
    }

    /// Roster records that somebody brings: those that are known are skipped, those that fit are taken, and the
    /// first that does not fit ends it.
    pub(super) fn roster(&mut self, job: RosterJob) -> Result<()> {
        let at = self.space(&job.space);
        let mut refused = (job.records.len() > ROSTER_RECORDS_MAX).then_some(NackReason::TooBig);
        let mut is_new = false;
        for record in &job.records {
            if refused.is_some() {
                break;
            }
            match self.roster_record(at, &job, record)? {
                Ok(is_taken) => is_new |= is_taken,
                Err(reason) => refused = Some(reason),
            }
        }
        if let Some(reason) = refused {
            self.refused += 1;
            self.answer(&job.to, &ToClient::Nack { log: None, dseq: None, reason });
        } else if !is_new {
            let rseq = self.spaces[at].roster.as_ref().map_or(0, |it| it.rseq());
            self.answer(&job.to, &ToClient::Roster { first: rseq + 1, records: Vec::new(), rseq });
        }
        Ok(())
    }

    /// Whether a record was taken (`true`), was there already, or why it does not fit.
    fn roster_record(
        &mut self,
        at: usize,
        job: &RosterJob,
        record: &[u8],
    ) -> Result<std::result::Result<bool, NackReason>> {
        let space = &self.spaces[at];
        if space.bytes.saturating_add(record.len() as u64) > self.limits.space_bytes_max {
            return Ok(Err(NackReason::Quota));
        }
        let roster = match space.roster.as_deref() {
            None if !job.may_create || read::spaces(&self.transaction)? >= self.limits.spaces_max.into() => {
                return Ok(Err(NackReason::NotAdmitted));
            }
            None => match Roster::begin(record) {
                Ok(begun) if begun.space() == job.space.id() => begun,
                _ => return Ok(Err(NackReason::RosterRefused)),
            },
            Some(known) if is_known(known, record) => return Ok(Ok(false)),
            Some(known) => {
                let mut next = known.clone();
                let Ok(body) = next.apply(record) else { return Ok(Err(NackReason::RosterRefused)) };
                let is_join = |by: u32| matches!(body.action, Action::Join { invite, .. } if invite == by);
                if job.only_join.is_some_and(|by| !is_join(by)) {
                    return Ok(Err(NackReason::Denied));
                }
                if let Action::Invite { key, .. } = body.action {
                    self.spaces[at].invitations.push(key);
                }
                next
            }
        };
        let row = self.row_of_space(at)?;
        self.transaction.prepare_cached("INSERT INTO roster VALUES (?1, ?2, ?3)")?.execute(params![
            row,
            roster.rseq(),
            record
        ])?;
        let space = &mut self.spaces[at];
        space.bytes += record.len() as u64;
        space.roster = Some(Arc::new(roster));
        space.has_new_roster = true;
        Ok(Ok(true))
    }

    fn row_of_space(&mut self, at: usize) -> Result<i64> {
        let space = &mut self.spaces[at];
        if let Some(row) = space.row {
            return Ok(row);
        }
        let mut insert =
            self.transaction.prepare_cached("INSERT INTO workspace (name, bytes) VALUES (?1, 0)")?;
        let row = insert.insert([space.space.id().0])?;
        space.row = Some(row);
        Ok(row)
    }

    /// A complete blob becomes a snapshot, if its place is one of the log's.
    pub(super) fn snapshot(
        &mut self,
        topic: Arc<Topic>,
        device: u32,
        info: SnapshotInfo,
        to: Arc<Mailbox>,
    ) -> Result<()> {
        let at = self.log(&topic);
        let pending = &self.logs[at];
        let space = &self.spaces[pending.space];
        let may_write = space.roster.as_ref().is_some_and(|it| may_write(it, device));
        let log = Some(topic.log());
        let reason = match pending.row {
            _ if !may_write => Some(NackReason::Denied),
            _ if space.bytes.saturating_add(info.bytes_len) > self.limits.space_bytes_max => {
                Some(NackReason::Quota)
            }
            Some(row) if self.head_at(at, row, info.base.seq)? == Some(info.base.head) => None,
            _ => Some(NackReason::NotFound),
        };
        if let (Some(row), None) = (pending.row, reason) {
            let mut insert = self.transaction.prepare_cached(
                "INSERT OR IGNORE INTO snapshot VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, NULL)",
            )?;
            let added = insert.execute(params![
                row,
                info.base.seq as i64,
                info.hash.0,
                info.base.head.0,
                info.bytes_len as i64,
                device,
                info.header,
                info.signature.0,
            ])?;
            self.spaces[self.logs[at].space].bytes += info.bytes_len * added as u64;
            let stored = ToClient::SnapshotStored { log: topic.log(), info };
            self.told.push((topic, stored.to_bytes().into()));
        } else if let Some(reason) = reason {
            self.unused_blobs.push(info.hash);
            self.answer(&to, &ToClient::Nack { log, dseq: None, reason });
        }
        Ok(())
    }

    /// The head at a place of a log, if the relay still knows it.
    fn head_at(&self, at: usize, row: i64, seq: u64) -> Result<Option<Head>> {
        let pending = &self.logs[at];
        if seq == pending.tip.seq {
            return Ok(Some(pending.tip.head));
        }
        if let Some(run) = pending.runs.iter().rev().find(|it| it.before.seq <= seq) {
            let count = (seq - run.before.seq) as usize;
            let hashes = run.hashes.get(..count).unwrap_or_default();
            return Ok(Some(hashes.iter().fold(run.before, |chain, it| chain.then(it)).head));
        }
        match read::place(&self.transaction, row, seq)? {
            read::Place::At { head, .. } => Ok(Some(head)),
            read::Place::Gone => Ok(None),
        }
    }

    /// A device vouches for a snapshot. What the confirmed snapshot *before* it stands for is then given up: one
    /// confirmed snapshot and all records after it always stay.
    pub(super) fn confirm(
        &mut self,
        topic: &Arc<Topic>,
        device: u32,
        hash: Hash,
        to: &Arc<Mailbox>,
    ) -> Result<()> {
        let at = self.log(topic);
        let reason = self.try_confirm(at, device, &hash)?;
        if let Some(reason) = reason {
            self.answer(to, &ToClient::Nack { log: Some(topic.log()), dseq: None, reason });
        }
        Ok(())
    }

    fn try_confirm(&mut self, at: usize, device: u32, hash: &Hash) -> Result<Option<NackReason>> {
        let Some(row) = self.logs[at].row else { return Ok(Some(NackReason::NotFound)) };
        let mut query = self.transaction.prepare_cached(
            "SELECT dev, confirmed_by IS NOT NULL FROM snapshot WHERE log = ?1 AND hash = ?2",
        )?;
        let mut rows = query.query(params![row, hash.0])?;
        let Some(found) = rows.next()? else { return Ok(Some(NackReason::NotFound)) };
        let (maker, is_confirmed): (u32, bool) = (found.get(0)?, found.get(1)?);
        drop(rows);
        drop(query);
        let roster = self.spaces[self.logs[at].space].roster.clone();
        let Some(roster) = roster else { return Ok(Some(NackReason::Denied)) };
        let is_alone = roster.present().count() == 1;
        let is_present = roster.device(device).is_some_and(|it| it.role().is_some());
        if !is_present || device == maker && !is_alone {
            return Ok(Some(NackReason::Denied));
        }
        if is_confirmed {
            return Ok(None);
        }
        self.transaction
            .prepare_cached("UPDATE snapshot SET confirmed_by = ?3 WHERE log = ?1 AND hash = ?2")?
            .execute(params![row, hash.0, device])?;
        self.give_up_below_confirmed(at, row)?;
        Ok(None)
    }

    /// Keeps the two newest confirmed snapshots: gives up all records up to the older one's base, and all
    /// snapshots before it.
    fn give_up_below_confirmed(&mut self, at: usize, row: i64) -> Result<()> {
        let kept: Option<i64> = self
            .transaction
            .prepare_cached(
                "SELECT MAX(base_seq) FROM snapshot WHERE log = ?1 AND confirmed_by IS NOT NULL AND base_seq <
                 (SELECT MAX(base_seq) FROM snapshot WHERE log = ?1 AND confirmed_by IS NOT NULL)",
            )?
            .query_row([row], |it| it.get(0))?;
        let Some(kept) = kept else { return Ok(()) };
        let (first, last) = (chunk_key(row, 0), chunk_key(row, kept as u64));
        let is_whole = "key BETWEEN ?1 AND ?2 AND key + count - 1 <= ?2";
        let records: i64 = self
            .transaction
            .prepare_cached(&format!(
                "SELECT TOTAL(LENGTH(records) - 4 * count) FROM chunk WHERE {is_whole}"
            ))?
            .query_row([first, last], |it| it.get::<_, f64>(0))? as i64;
        self.transaction
            .prepare_cached(&format!("DELETE FROM chunk WHERE {is_whole}"))?
            .execute([first, last])?;
        let mut query = self
            .transaction
            .prepare_cached("DELETE FROM snapshot WHERE log = ?1 AND base_seq < ?2 RETURNING hash, bytes")?;
        let gone = query.query_map([row, kept], |it| Ok((Hash(it.get(0)?), it.get::<_, i64>(1)?)))?;
        let gone = gone.collect::<rusqlite::Result<Vec<_>>>()?;
        let freed = records + gone.iter().map(|it| it.1).sum::<i64>();
        self.unused_blobs.extend(gone.into_iter().map(|it| it.0));
        let space = &mut self.spaces[self.logs[at].space];
        space.bytes = space.bytes.saturating_sub(freed as u64);
        Ok(())
    }

    /// Statements of what was seen.
    pub(super) fn seen(&mut self, seen: &BTreeMap<SeenKey, (Arc<Topic>, Vec<u8>)>) -> Result<()> {
        let mut put = self.transaction.prepare_cached("INSERT OR REPLACE INTO seen VALUES (?1, ?2, ?3)")?;
        for ((_, device), (topic, statement)) in seen {
            let row = topic.live().row;
            if let Some(row) = row {
                put.execute(params![row, device, statement])?;
            }
        }
        Ok(())
    }

    fn answer(&mut self, to: &Arc<Mailbox>, message: &ToClient) {
        self.answers.push(Answer { to: to.clone(), messages: vec![message.to_bytes().into()], bytes: 0 });
    }

    /// Writes something without a meaning: whether the disk takes it is the question.
    pub(super) fn touch(&mut self) -> Result<()> {
        self.transaction.execute("UPDATE relay SET incarnation = incarnation", [])?;
        Ok(())
    }

    /// Writes what is pending and syncs it to the disk.
    pub(super) fn commit(mut self) -> Result<Done> {
        for at in 0..self.logs.len() {
            self.write_log(at)?;
        }
        for space in &self.spaces {
            if let Some(row) = space.row
                && space.bytes != space.bytes_before
            {
                self.transaction
                    .prepare_cached("UPDATE workspace SET bytes = ?2 WHERE id = ?1")?
                    .execute(params![row, space.bytes as i64])?;
            }
        }
        self.transaction.commit()?;
        Ok(Done {
            logs: self.logs,
            spaces: self.spaces,
            answers: self.answers,
            told: self.told,
            unused_blobs: self.unused_blobs,
            repeated: self.repeated,
            refused: self.refused,
        })
    }

    fn write_log(&mut self, at: usize) -> Result<()> {
        if self.logs[at].runs.is_empty() {
            return Ok(());
        }
        let space = self.row_of_space(self.logs[at].space)?;
        let pending = &mut self.logs[at];
        let (seq, head, end) = (pending.tip.seq as i64, pending.tip.head.0, pending.end as i64);
        let row = match pending.row {
            Some(row) => {
                self.transaction
                    .prepare_cached("UPDATE log SET seq = ?2, head = ?3, end = ?4 WHERE id = ?1")?
                    .execute(params![row, seq, head, end])?;
                row
            }
            None => self
                .transaction
                .prepare_cached(
                    "INSERT INTO log (workspace, name, seq, head, end) VALUES (?1, ?2, ?3, ?4, ?5)",
                )?
                .insert(params![space, pending.topic.log().0, seq, head, end])?,
        };
        pending.row = Some(row);
        let mut insert =
            self.transaction.prepare_cached("INSERT INTO chunk VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")?;
        for run in &pending.runs {
            insert.execute(params![
                chunk_key(row, run.before.seq + 1),
                row,
                run.device,
                run.dseq as i64,
                run.records.len() as i64,
                run.before.head.0,
                run.start as i64,
                records::join(&run.records),
            ])?;
        }
        let mut put =
            self.transaction.prepare_cached("INSERT OR REPLACE INTO author VALUES (?1, ?2, ?3, ?4)")?;
        for (device, chain) in &pending.authors {
            put.execute(params![row, device, chain.dseq as i64, chain.last.0])?;
        }
        Ok(())
    }
}

fn may_write(roster: &Roster, device: u32) -> bool {
    roster.device(device).and_then(|it| it.role()).is_some_and(|it| it.may_write())
}

/// Whether a roster has this very record.
fn is_known(roster: &Roster, record: &[u8]) -> bool {
    let head = Some(Hash::of(record).head());
    (1..=roster.rseq()).rev().any(|rseq| roster.rhead_at(rseq) == head)
}
