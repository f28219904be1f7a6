//! One transaction: judges each job by the rules, in the order in which they came, and says what became of it.
//!
//! Invariant: nothing outside of this batch changes before the commit; [`Done::publish`] does it all after.

mod append;
mod publish;
mod roster;
mod snapshots;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use bytes::Bytes;
use custory_wire::{Chain, DeviceChain, Hash, Head, PublicKey, Roster, ToClient};
use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use super::schema::{SEQ_MAX, chunk_key};
use super::writer::{SeenKey, WriterLimits};
use super::{StoreError, read, records};
use crate::hub::{Mailbox, Space, Topic};

pub(super) use publish::{Done, News, Tail};

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
    /// What roster and snapshots take up more, or less, than before.
    kept_bytes: i64,
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
            kept_bytes: 0,
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
                && space.kept_bytes != 0
            {
                self.transaction
                    .prepare_cached("UPDATE workspace SET bytes = bytes + ?2 WHERE id = ?1")?
                    .execute(params![row, space.kept_bytes])?;
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
        let row = match pending.row {
            Some(row) => row,
            None => self
                .transaction
                .prepare_cached("INSERT INTO log (workspace, name) VALUES (?1, ?2)")?
                .insert(params![space, pending.topic.log().0])?,
        };
        pending.row = Some(row);
        let mut insert = self
            .transaction
            .prepare_cached("INSERT INTO chunk VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)")?;
        for run in &pending.runs {
            let tip = run.hashes.iter().fold(run.before, |chain, it| chain.then(it));
            let last = run.hashes.last().map_or(Head::ZERO, Hash::head);
            insert.execute(params![
                chunk_key(row, run.before.seq + 1),
                row,
                run.device,
                run.dseq as i64,
                run.records.len() as i64,
                run.before.head.0,
                tip.head.0,
                last.0,
                run.start as i64,
                records::join(&run.records),
            ])?;
        }
        Ok(())
    }
}

fn may_write(roster: &Roster, device: u32) -> bool {
    roster.device(device).and_then(|it| it.role()).is_some_and(|it| it.may_write())
}
