//! How far a client was told: which records it has, how many more it takes, and what it waits to hear.

use bytes::Bytes;
use custory_wire::{LogId, limits};

use super::Page;

/// Bytes of pushed records that may wait for their answer before a connection is not read any further.
const IN_FLIGHT_BYTES_MAX: usize = 2 << 20;

/// How far one client was told.
///
/// Whoever holds it, and nobody else, may write to the client's socket: its connection while it is awake, and
/// otherwise whoever has news for it (see [`Mailbox`](super::Mailbox)).
#[derive(Default)]
pub(crate) struct Told {
    /// Bytes of records that the client still takes.
    pub(crate) credit: u64,
    /// The length of the roster by which its standing was found.
    pub(crate) rseq: u32,
    /// Bytes of records that the client has pushed and was not answered yet.
    pub(crate) in_flight_bytes: usize,
    /// What of the last frame has not gone out yet; nothing may be written before it.
    pub(super) unfinished: Option<Bytes>,
    /// By the connection's number for a log: which one it is, and its newest record that was sent.
    cursors: Vec<Option<(LogId, u64)>>,
}

impl Told {
    /// A client that was told nothing yet.
    pub(crate) fn nothing(rseq: u32) -> Self {
        Self { credit: limits::CREDIT_BYTES, rseq, ..Self::default() }
    }

    /// Whether so much of it waits that it is not listened to.
    pub(crate) fn is_full(&self) -> bool {
        self.in_flight_bytes >= IN_FLIGHT_BYTES_MAX
    }

    /// Pushes of so many bytes were answered.
    pub(crate) fn answer(&mut self, bytes: usize) {
        self.in_flight_bytes -= bytes.min(self.in_flight_bytes);
    }

    /// It has a log open, and its records up to one.
    pub(crate) fn open(&mut self, slot: usize, log: LogId, seq: u64) {
        if slot >= self.cursors.len() {
            self.cursors.resize(slot + 1, None);
        }
        self.cursors[slot] = Some((log, seq));
    }

    /// It has it open no longer.
    pub(crate) fn close(&mut self, slot: usize) {
        if let Some(cursor) = self.cursors.get_mut(slot) {
            *cursor = None;
        }
    }

    /// Its newest record of a log that it has open.
    pub(crate) fn cursor(&self, slot: usize) -> Option<u64> {
        Some((*self.cursors.get(slot)?)?.1)
    }

    /// It was sent a page of a log.
    pub(crate) fn add(&mut self, slot: usize, page: &Page) {
        self.credit -= page.record_bytes.min(self.credit);
        if let Some(Some((_, seq))) = self.cursors.get_mut(slot) {
            *seq += page.count;
        }
    }

    /// What has to go out before anything else.
    pub(crate) fn take_unfinished(&mut self) -> Option<Bytes> {
        self.unfinished.take()
    }

    /// Whether everything that was sent has gone out.
    pub(super) fn is_finished(&self) -> bool {
        self.unfinished.is_none()
    }

    /// Whether this page is what it takes next.
    pub(super) fn takes(&self, slot: usize, log: LogId, page: &Page) -> bool {
        self.is_finished()
            && self.credit >= page.record_bytes
            && self.cursors.get(slot) == Some(&Some((log, page.first - 1)))
    }
}
