//! After the commit: rosters first, then tips and pages, then answers, then news.
//!
//! The order is a promise: when a removal is answered, no connection can see a record that came after it through
//! an older roster.

use std::collections::VecDeque;
use std::sync::{Arc, Weak};

use bytes::Bytes;
use custory_wire::{Hash, ToClient, limits::RECORDS_MAX};

use super::{Answer, PendingLog, PendingSpace};
use crate::hub::{Page, Space, Topic};
use crate::metrics::Metrics;
use crate::store::Blobs;

/// Bytes of records in one page.
const PAGE_BYTES_MAX: usize = 256 * 1024;

/// A batch that is on the disk.
pub(in crate::store) struct Done {
    pub(super) logs: Vec<PendingLog>,
    pub(super) spaces: Vec<PendingSpace>,
    pub(super) answers: Vec<Answer>,
    pub(super) told: Vec<(Arc<Topic>, Bytes)>,
    pub(super) unused_blobs: Vec<Hash>,
    pub(super) repeated: u64,
    pub(super) refused: u64,
}

/// Whom to tell what.
pub(in crate::store) struct News {
    answers: Vec<Answer>,
    stirred: Vec<Arc<Topic>>,
    told: Vec<(Arc<Topic>, Bytes)>,
    spaces: Vec<Arc<Space>>,
}

impl News {
    /// Answers first, then news.
    pub(in crate::store) fn tell(self) {
        for answer in self.answers {
            answer.to.answer(answer.messages, answer.bytes);
        }
        self.stirred.iter().for_each(|topic| topic.stir(None));
        self.told.iter().for_each(|(topic, message)| topic.tell_all(message));
        self.spaces.iter().for_each(|space| space.stir_all());
    }
}

/// Which pages are kept in memory, in the order in which they came, and how many bytes that is.
pub(in crate::store) struct Tail {
    pages: VecDeque<(Weak<Topic>, u64, usize)>,
    bytes: usize,
    bytes_max: usize,
}

impl Tail {
    pub(in crate::store) fn new(bytes_max: usize) -> Self {
        Self { pages: VecDeque::new(), bytes: 0, bytes_max }
    }

    fn remember(&mut self, topic: &Arc<Topic>, page: &Page) {
        self.bytes += page.message.len();
        self.pages.push_back((Arc::downgrade(topic), page.first, page.message.len()));
    }

    /// Lets go of the oldest pages. Whoever still needs one reads the disk.
    fn trim(&mut self) {
        while self.bytes > self.bytes_max
            && let Some((topic, first, bytes)) = self.pages.pop_front()
        {
            self.bytes -= bytes;
            let Some(topic) = topic.upgrade() else { continue };
            let mut live = topic.live();
            if live.tail.front().is_some_and(|it| it.first == first) {
                live.tail.pop_front();
            }
        }
    }
}

impl Done {
    /// Makes it so for everybody who looks. Returns how many records it was, and whom to tell.
    pub(in crate::store) fn publish(
        self,
        tail: &mut Tail,
        blobs: &Blobs,
        metrics: &Metrics,
    ) -> (usize, News) {
        let mut spaces_with_news = Vec::new();
        for space in &self.spaces {
            space.space.set_sizes(space.bytes, space.logs);
            if let (Some(row), Some(roster), true) = (space.row, &space.roster, space.has_new_roster) {
                space.space.set_roster(row, roster.clone());
                space.space.add_invitations(&space.invitations);
                spaces_with_news.push(space.space.clone());
            }
        }
        let (mut count, mut bytes) = (0_usize, 0_u64);
        let mut stirred = Vec::with_capacity(self.logs.len());
        for log in self.logs {
            let records: usize = log.runs.iter().map(|it| it.records.len()).sum();
            if records > 0 {
                count += records;
                bytes += log.runs.iter().map(|it| it.bytes as u64).sum::<u64>();
                if log.topic.live().row.is_none() {
                    spaces_with_news.push(log.topic.space().clone());
                }
                stirred.push(publish_log(log, tail));
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
        (count, News { answers: self.answers, stirred, told: self.told, spaces: spaces_with_news })
    }
}

fn publish_log(log: PendingLog, tail: &mut Tail) -> Arc<Topic> {
    let pages =
        pages(&log.topic, log.tip.seq, log.runs.into_iter().map(|run| (run.before.seq + 1, run.records)));
    let mut live = log.topic.live();
    let is_new = live.row.is_none();
    live.row = log.row;
    live.tip = log.tip;
    live.end = log.end;
    live.authors.extend(log.authors);
    for page in pages {
        tail.remember(&log.topic, &page);
        live.tail.push_back(page);
    }
    drop(live);
    if is_new {
        log.topic.space().add_birth(log.topic.log());
    }
    log.topic
}

/// Records in a row, put into as few messages as may be.
fn pages(topic: &Topic, tip_seq: u64, runs: impl Iterator<Item = (u64, Vec<Vec<u8>>)>) -> Vec<Page> {
    let (mut pages, mut open, mut first, mut bytes) = (Vec::new(), Vec::new(), 0, 0);
    let mut close = |first: u64, records: &mut Vec<Vec<u8>>, bytes: usize| {
        let count = records.len() as u64;
        let message =
            ToClient::Records { log: topic.log(), first, records: std::mem::take(records), tip_seq };
        pages.push(Page { first, count, record_bytes: bytes as u64, message: message.to_bytes().into() });
    };
    for (seq, record) in runs.flat_map(|(first, records)| (first..).zip(records)) {
        if !open.is_empty() && (open.len() >= RECORDS_MAX || bytes + record.len() > PAGE_BYTES_MAX) {
            close(first, &mut open, bytes);
            bytes = 0;
        }
        if open.is_empty() {
            first = seq;
        }
        bytes += record.len();
        open.push(record);
    }
    if !open.is_empty() {
        close(first, &mut open, bytes);
    }
    pages
}
