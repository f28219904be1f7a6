//! What a connection sends of its own accord: answers, news of the workspace, records after its cursors.
//!
//! A reader that is up to date gets the page that was encoded once for all, if whoever had it has not sent it
//! already; one that is behind gets pages from the disk, as many as its credit allows. Either way nothing is queued
//! for it.

use std::sync::Arc;

use axum::extract::ws::Message;
use bytes::Bytes;
use custory_wire::{ErrorCode, LogId, LogTip, ToClient, Wrapped, limits};

use super::handshake::text;
use super::line::Line;
use super::{Connection, End, Flow};
use crate::hub::{Board, Page, Topic};
use crate::lookup::{gone_below, load_topic, next_page, next_roster_page};

/// Bytes of records in one page from the disk.
const PAGE_BYTES_MAX: u64 = 256 * 1024;

/// A log that the connection has open, and what of its boards was read.
pub(super) struct Follow {
    pub(super) topic: Arc<Topic>,
    presence_read: u64,
    seen_read: u64,
    boards_read: u64,
}

impl Follow {
    pub(super) fn new(topic: Arc<Topic>, seen_read: u64) -> Self {
        Self { topic, presence_read: 0, seen_read, boards_read: 0 }
    }
}

/// What comes next in a log.
enum Next {
    /// Nothing: the reader is up to date.
    Nothing,
    /// This page, from memory, and whether it is the last one now.
    Page(Page, bool),
    /// Something that only the store has.
    InStore,
}

impl Connection {
    /// Sends everything that can be sent now.
    pub(super) async fn deliver(&mut self, line: &mut Line) -> Flow<()> {
        let mail = self.mailbox.take();
        if mail.news.of_failure {
            return Err(End::Because(ErrorCode::Internal, text(ErrorCode::Internal).to_owned()));
        }
        self.refresh_standing()?;
        self.told.answer(mail.answered_bytes);
        for reply in mail.replies {
            line.send(Message::Binary(reply)).await?;
        }
        self.send_roster(line).await?;
        if mail.news.of_space {
            self.send_births(line).await?;
        }
        for slot in mail.news.logs.iter() {
            self.behind.insert(slot);
            self.send_boards(line, slot).await?;
        }
        if !self.behind.is_empty() {
            self.send_records(line).await?;
        }
        if !self.downloads.is_empty() {
            self.send_parts(line).await?;
        }
        line.flush().await
    }

    /// The newest roster decides. A device that was removed gets nothing more.
    fn refresh_standing(&mut self) -> Flow<()> {
        let rseq = self.space.rseq();
        if rseq == self.told.rseq {
            return Ok(());
        }
        self.standing =
            self.space.standing(&self.key).map_err(|code| End::Because(code, text(code).to_owned()))?;
        self.told.rseq = rseq;
        Ok(())
    }

    async fn send_roster(&mut self, line: &mut Line) -> Flow<()> {
        while self.roster_sent < self.space.rseq() {
            let records = next_roster_page(&self.shared, &self.space, self.roster_sent).await?;
            if records.is_empty() {
                break;
            }
            let first = self.roster_sent + 1;
            self.roster_sent += records.len() as u32;
            let message = ToClient::Roster { first, records, rseq: self.space.rseq() };
            line.send(Message::Binary(message.to_bytes().into())).await?;
        }
        Ok(())
    }

    async fn send_births(&mut self, line: &mut Line) -> Flow<()> {
        let Some(known) = self.births_sent else { return Ok(()) };
        if self.member().is_none() {
            return Ok(());
        }
        let births = self.space.births_after(known);
        self.births_sent = Some(known + births.len());
        for born in births.chunks(limits::LOGS_LISTED_MAX) {
            let mut logs = Vec::with_capacity(born.len());
            for log in born {
                let topic = load_topic(&self.shared, &self.space, *log).await?;
                logs.push(LogTip { log: *log, tip: topic.live().tip });
            }
            let message = ToClient::Logs { logs, is_complete: false };
            line.send(Message::Binary(message.to_bytes().into())).await?;
        }
        Ok(())
    }

    /// Sends what others said about themselves since the last time.
    async fn send_boards(&mut self, line: &mut Line, slot: usize) -> Flow<()> {
        let Some((device, _)) = self.member() else { return Ok(()) };
        let Some(follow) = self.follows.get_mut(slot).and_then(Option::as_mut) else { return Ok(()) };
        // Read before the boards: what is written meanwhile is looked at once more.
        let writes = follow.topic.board_writes();
        if writes == follow.boards_read {
            return Ok(());
        }
        follow.boards_read = writes;
        let log = follow.topic.log();
        let mut messages = Vec::new();
        {
            let live = follow.topic.live();
            unread(&live.presence, &mut follow.presence_read, device, |sealed| {
                messages.push(ToClient::Ephemeral { log, sealed });
            });
            let presence = messages.len() as u64;
            unread(&live.seen, &mut follow.seen_read, device, |statement| {
                messages.push(ToClient::Seen { log, statement });
            });
            self.shared.metrics.presence_delivered.inc_by(presence);
        }
        for message in &messages {
            line.send(Message::Binary(message.to_bytes().into())).await?;
        }
        Ok(())
    }

    /// Sends records of all logs that are behind, as far as credit goes.
    async fn send_records(&mut self, line: &mut Line) -> Flow<()> {
        for slot in std::mem::take(&mut self.behind).iter() {
            let mut is_last = false;
            while !is_last && self.told.credit > 0 {
                let Some((page, last)) = self.next(slot).await? else { break };
                if page.record_bytes > self.told.credit {
                    self.behind.insert(slot);
                    break;
                }
                is_last = last;
                self.told.add(slot, &page);
                self.shared.metrics.records_delivered.inc_by(page.count);
                line.send(Message::Binary(page.message)).await?;
                // A removal in the meantime ends it here, however much is left.
                self.refresh_standing()?;
            }
            if !is_last && self.told.credit == 0 {
                self.behind.insert(slot);
            }
        }
        Ok(())
    }

    /// The next page of a log and whether it is the last one now; `None` if there is none.
    async fn next(&mut self, slot: usize) -> Flow<Option<(Page, bool)>> {
        let Some(follow) = self.follows.get(slot).and_then(Option::as_ref) else { return Ok(None) };
        let Some(cursor) = self.told.cursor(slot) else { return Ok(None) };
        let topic = follow.topic.clone();
        match look(&topic, cursor, self.told.credit) {
            Next::Nothing => Ok(None),
            Next::Page(page, is_last) => Ok(Some((page, is_last))),
            Next::InStore => {
                self.shared.metrics.pages_from_disk.inc();
                let bytes_max = self.told.credit.min(PAGE_BYTES_MAX);
                let Some(records) = next_page(&self.shared, &topic, cursor, bytes_max).await? else {
                    self.give_way_to_snapshot(&topic).await?;
                    return Ok(None);
                };
                let (first, count) = (records.first, records.records.len() as u64);
                let record_bytes = records.records.iter().map(|it| it.len() as u64).sum();
                let tip_seq = topic.live().tip.seq;
                let message =
                    ToClient::Records { log: topic.log(), first, records: records.records, tip_seq };
                Ok(Some((Page { first, count, record_bytes, message: message.to_bytes().into() }, false)))
            }
        }
    }

    /// What the reader needs was given up while it was reading.
    async fn give_way_to_snapshot(&mut self, topic: &Arc<Topic>) -> Flow<()> {
        let log: LogId = topic.log();
        self.close(&log);
        let message = gone_below(&self.shared, topic).await?;
        self.reply(&message);
        Ok(())
    }
}

/// What a reader at `cursor` needs next. A page of memory that does not fit its credit is left for the disk,
/// which can cut smaller ones.
fn look(topic: &Topic, cursor: u64, credit: u64) -> Next {
    let live = topic.live();
    if cursor >= live.tip.seq {
        return Next::Nothing;
    }
    let at = live.tail.partition_point(|page| page.first <= cursor);
    match (live.tail.get(at), live.mark) {
        (Some(page), _) if page.first == cursor + 1 && page.record_bytes <= credit => {
            Next::Page(page.clone(), page.first + page.count > live.tip.seq)
        }
        (_, Some(_)) => Next::InStore,
        (_, None) => Next::Nothing,
    }
}

fn unread(board: &Board, read: &mut u64, own: u32, mut tell: impl FnMut(Wrapped)) {
    if board.written() == *read {
        return;
    }
    for (device, bytes) in board.after(*read).filter(|(device, _)| *device != own) {
        let bytes: &Bytes = bytes;
        tell(Wrapped { device, bytes: bytes.to_vec() });
    }
    *read = board.written();
}
