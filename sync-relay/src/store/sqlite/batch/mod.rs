//! One transaction: judges each job by the rules, in the order in which they came, and says what became of it.
//!
//! Invariant: nothing outside of this batch changes before the commit; [`Done::publish`] does it all after.

mod append;
mod roster;
mod snapshots;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use bytes::Bytes;
use custory_wire::{Hash, Head, PublicKey, Roster, ToClient};
use rusqlite::{Connection, params};

use super::super::draft::LogDraft;
use super::super::job::WriterLimits;
use super::super::publish::{Answer, News, Tail, Written, show};
use super::super::records;
use super::super::rules::Sizes;
use super::blobs::Blobs;
use super::schema::chunk_key;
use super::transaction::Transaction;
use super::writer::SeenKey;
use super::{StoreError, read};
use crate::hub::{Mailbox, Space, Topic};
use crate::metrics::Metrics;

type Result<T> = std::result::Result<T, StoreError>;

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

/// A log as it will be, and its workspace's place in the batch.
struct PendingLog {
    draft: LogDraft,
    space: usize,
}

/// A workspace as it will be.
struct PendingSpace {
    space: Arc<Space>,
    row: Option<u64>,
    roster: Option<Arc<Roster>>,
    has_new_roster: bool,
    /// Keys of new invitations.
    invitations: Vec<PublicKey>,
    sizes: Sizes,
    /// What roster and snapshots take up more, or less, than before.
    kept_bytes: i64,
}

impl<'a> Batch<'a> {
    pub(super) fn begin(conn: &'a mut Connection, limits: &'a WriterLimits) -> Result<Self> {
        Ok(Self {
            transaction: Transaction::begin(conn)?,
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
            row: space.mark(),
            roster: space.roster(),
            has_new_roster: false,
            invitations: Vec::new(),
            sizes: Sizes::of(space),
            kept_bytes: 0,
        });
        self.spaces.len() - 1
    }

    fn log(&mut self, topic: &Arc<Topic>) -> usize {
        let address = Arc::as_ptr(topic).addr();
        if let Some(at) = self.log_places.get(&address) {
            return *at;
        }
        let space = self.space(topic.space());
        self.logs.push(PendingLog { draft: LogDraft::of(topic), space });
        self.log_places.insert(address, self.logs.len() - 1);
        self.logs.len() - 1
    }

    fn row_of_space(&mut self, at: usize) -> Result<u64> {
        let space = &mut self.spaces[at];
        if let Some(row) = space.row {
            return Ok(row);
        }
        let mut insert =
            self.transaction.prepare_cached("INSERT INTO workspace (name, bytes) VALUES (?1, 0)")?;
        let row = insert.insert([space.space.id().0])? as u64;
        space.row = Some(row);
        Ok(row)
    }

    /// Statements of what was seen.
    pub(super) fn seen(&mut self, seen: &BTreeMap<SeenKey, (Arc<Topic>, Vec<u8>)>) -> Result<()> {
        if seen.is_empty() {
            return Ok(());
        }
        let mut put = self.transaction.prepare_cached("INSERT OR REPLACE INTO seen VALUES (?1, ?2, ?3)")?;
        for ((_, device), (topic, statement)) in seen {
            if let Some(row) = topic.mark() {
                put.execute(params![row as i64, device, statement])?;
            }
        }
        Ok(())
    }

    fn answer(&mut self, to: &Arc<Mailbox>, message: &ToClient) {
        self.answers.push(Answer::new(to, message));
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
                    .execute(params![row as i64, space.kept_bytes])?;
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
        if self.logs[at].draft.runs.is_empty() {
            return Ok(());
        }
        let space = self.row_of_space(self.logs[at].space)?;
        let draft = &mut self.logs[at].draft;
        let row = match draft.mark {
            Some(row) => row as i64,
            None => self
                .transaction
                .prepare_cached("INSERT INTO log (workspace, name) VALUES (?1, ?2)")?
                .insert(params![space as i64, draft.topic.log().0])?,
        };
        draft.mark = Some(row as u64);
        let mut insert = self
            .transaction
            .prepare_cached("INSERT INTO chunk VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)")?;
        for run in &draft.runs {
            let last = run.hashes.last().map_or(Head::ZERO, Hash::head);
            insert.execute(params![
                chunk_key(row, run.before.seq + 1),
                row,
                run.device,
                run.dseq as i64,
                run.records.len() as i64,
                run.before.head.0,
                run.tip().head.0,
                last.0,
                run.start as i64,
                records::join(&run.records),
            ])?;
        }
        Ok(())
    }
}

/// A batch that is on the disk.
pub(super) struct Done {
    logs: Vec<PendingLog>,
    spaces: Vec<PendingSpace>,
    answers: Vec<Answer>,
    told: Vec<(Arc<Topic>, Bytes)>,
    unused_blobs: Vec<Hash>,
    repeated: u64,
    refused: u64,
}

impl Done {
    /// Makes it so for everybody who looks. Returns how many records it was, and whom to tell.
    pub(super) fn publish(self, tail: &mut Tail, blobs: &Blobs, metrics: &Metrics) -> (usize, News) {
        let mut news = News { answers: self.answers, told: self.told, ..News::default() };
        for space in &self.spaces {
            space.space.set_sizes(space.sizes.bytes, space.sizes.logs);
            if let (Some(row), Some(roster), true) = (space.row, &space.roster, space.has_new_roster) {
                space.space.set_roster(row, roster.clone());
                space.space.add_invitations(&space.invitations);
                news.spaces.push(space.space.clone());
            }
        }
        let (mut count, mut bytes) = (0_usize, 0_u64);
        for LogDraft { topic, mark, tip, end, authors, runs } in self.logs.into_iter().map(|it| it.draft) {
            let (Some(mark), Some(before)) = (mark, runs.first().map(|it| it.before)) else { continue };
            if topic.mark().is_none() {
                topic.space().add_birth(topic.log());
                news.spaces.push(topic.space().clone());
            }
            bytes += runs.iter().map(|it| it.bytes as u64).sum::<u64>();
            let records: Vec<_> = runs.into_iter().flat_map(|it| it.records).collect();
            count += records.len();
            let authors = authors.into_iter().collect();
            if let Some(pages) = show(&topic, Written { mark, before, tip, end, authors, records }, tail) {
                news.pages.push((topic, pages));
            }
        }
        tail.trim();
        for hash in &self.unused_blobs {
            blobs.remove(hash);
        }
        metrics.records_appended.inc_by(count as u64);
        metrics.record_bytes_appended.inc_by(bytes);
        metrics.records_repeated.inc_by(self.repeated);
        metrics.pushes_refused.inc_by(self.refused);
        (count, news)
    }
}
