//! After records are durable: topics, pages, answers, news.
//!
//! The order is a promise: rosters first, then tips and pages, then answers, then news. When a removal is
//! answered, no connection can see a record that came after it through an older roster.

use std::collections::VecDeque;
use std::sync::{Arc, Weak};

use bytes::Bytes;
use custory_wire::{Chain, DeviceChain, ToClient, limits::RECORDS_MAX};

use crate::hub::{Mailbox, Page, Space, Topic};
use crate::metrics::Metrics;

/// Bytes of records in one page.
const PAGE_BYTES_MAX: usize = 256 * 1024;

/// A message that leaves after the commit.
pub(super) struct Answer {
    pub(super) to: Arc<Mailbox>,
    pub(super) messages: Vec<Bytes>,
    /// Bytes of the push that this answers.
    pub(super) bytes: usize,
}

impl Answer {
    pub(super) fn new(to: &Arc<Mailbox>, message: &ToClient) -> Self {
        Self { to: to.clone(), messages: vec![message.to_bytes().into()], bytes: 0 }
    }

    /// Puts it in its mailbox.
    fn put(self) -> Arc<Mailbox> {
        self.to.answer(self.messages, self.bytes);
        self.to
    }

    /// Gives it on its own.
    pub(super) fn give(self) {
        self.put().send_answers();
    }
}

/// Whom to tell what.
#[derive(Default)]
pub(super) struct News {
    pub(super) answers: Vec<Answer>,
    pub(super) pages: Vec<(Arc<Topic>, Vec<Page>)>,
    pub(super) told: Vec<(Arc<Topic>, Bytes)>,
    pub(super) spaces: Vec<Arc<Space>>,
}

impl News {
    /// How many clients have to be told.
    pub(super) fn readers_count(&self) -> usize {
        self.pages.iter().map(|(topic, _)| topic.readers_count()).sum()
    }

    /// Answers first, then news.
    pub(super) fn tell(self, metrics: &Metrics) {
        // With the first page that goes to whoever is answered, in one piece with it.
        let answered: Vec<_> = self.answers.into_iter().map(Answer::put).collect();
        for (topic, pages) in self.pages {
            metrics.records_delivered.inc_by(topic.hand(pages));
        }
        answered.iter().for_each(|it| it.send_answers());
        self.told.iter().for_each(|(topic, message)| topic.tell_all(message));
        self.spaces.iter().for_each(|space| space.stir_all());
    }
}

/// Which pages are kept in memory, in the order in which they came, and how many bytes that is.
pub(super) struct Tail {
    pages: VecDeque<(Weak<Topic>, u64, usize)>,
    bytes: usize,
    bytes_max: usize,
}

impl Tail {
    pub(super) fn new(bytes_max: usize) -> Self {
        Self { pages: VecDeque::new(), bytes: 0, bytes_max }
    }

    fn remember(&mut self, topic: &Arc<Topic>, page: &Page) {
        self.bytes += page.message.len();
        self.pages.push_back((Arc::downgrade(topic), page.first, page.message.len()));
    }

    /// Lets go of the oldest pages. Whoever still needs one reads the store.
    pub(super) fn trim(&mut self) {
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

/// Records of a log that are durable, and the log as it is with them.
pub(super) struct Written {
    pub(super) mark: u64,
    pub(super) before: Chain,
    pub(super) tip: Chain,
    pub(super) end: u64,
    /// Devices that have come further, or all of them.
    pub(super) authors: Vec<(u32, DeviceChain)>,
    pub(super) records: Vec<Vec<u8>>,
}

/// Shows what was written to everybody who looks. Returns the pages that readers are to be handed; of what is known
/// already there are none. What does not follow what is known takes its place, and readers get what lies between
/// from the store.
pub(super) fn show(topic: &Arc<Topic>, written: Written, tail: &mut Tail) -> Option<Vec<Page>> {
    let known = topic.live().tip.seq;
    if written.tip.seq <= known {
        return None;
    }
    // Encoded outside of the lock that all readers take.
    let pages = pages(topic, written.before.seq, written.tip.seq, written.records);
    let mut live = topic.live();
    if written.tip.seq <= live.tip.seq {
        return None;
    }
    if written.before.seq != live.tip.seq {
        live.tail.clear();
    }
    live.mark = Some(written.mark);
    live.tip = written.tip;
    live.end = written.end;
    live.authors.extend(written.authors);
    for page in &pages {
        tail.remember(topic, page);
        live.tail.push_back(page.clone());
    }
    Some(pages)
}

/// Records in a row, put into as few messages as may be.
fn pages(topic: &Topic, after: u64, tip_seq: u64, records: Vec<Vec<u8>>) -> Vec<Page> {
    let (mut pages, mut open, mut first, mut bytes) = (Vec::new(), Vec::new(), after + 1, 0);
    let mut close = |first: u64, records: &mut Vec<Vec<u8>>, bytes: usize| {
        let count = records.len() as u64;
        let records = std::mem::take(records);
        let message = ToClient::Records { log: topic.log(), first, records, tip_seq };
        pages.push(Page { first, count, record_bytes: bytes as u64, message: message.to_bytes().into() });
        first + count
    };
    for record in records {
        if !open.is_empty() && (open.len() >= RECORDS_MAX || bytes + record.len() > PAGE_BYTES_MAX) {
            first = close(first, &mut open, bytes);
            bytes = 0;
        }
        bytes += record.len();
        open.push(record);
    }
    if !open.is_empty() {
        close(first, &mut open, bytes);
    }
    pages
}
