//! What a connection is to do next: replies to send, and which of its logs have news.
//!
//! News is a mark, not a copy: a mailbox takes the same memory however far its reader is behind. Replies are
//! bounded by what the connection itself has asked for and not yet been told.
//!
//! A connection that has nothing to do leaves here how far its client was told, and with it the right to write to
//! its socket. Whoever has answers for it, or the very page that comes next, then sends them at once and wakes nobody;
//! anything else is marked, and the connection does it. To wake up a hundred connections costs more than what they
//! would send.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_util::task::AtomicWaker;

use super::{Fresh, Told, lock};
use crate::outlet::{self, Outlet};

/// Words of 64 marks: one for each log that a connection may have open.
const MARK_WORDS: usize = custory_wire::limits::LOGS_OPEN_MAX.div_ceil(64);

/// The mailbox of one connection.
pub(crate) struct Mailbox {
    inside: Mutex<Inside>,
    outlet: Outlet,
    has_arrived: AtomicBool,
    /// The connection's task.
    task: AtomicWaker,
}

#[derive(Default)]
struct Inside {
    mail: Mail,
    /// Left by a connection that has nothing to do.
    told: Option<Told>,
}

/// What is in a mailbox.
#[derive(Default)]
pub(crate) struct Mail {
    /// Messages to send, in order.
    pub(crate) replies: Vec<Bytes>,
    /// Bytes of pushed records that were answered.
    pub(crate) answered_bytes: usize,
    /// What else there is to look at.
    pub(crate) news: News,
}

impl Mail {
    fn is_empty(&self) -> bool {
        self.replies.is_empty() && self.answered_bytes == 0 && self.news == News::default()
    }

    /// The replies as bytes to write, and after them what is already a frame. Then they are out of the mailbox.
    fn framed(&mut self, told: &mut Told, last: Bytes) -> Bytes {
        told.answer(std::mem::take(&mut self.answered_bytes));
        if self.replies.is_empty() {
            return last;
        }
        let mut frames = Vec::new();
        self.replies.drain(..).for_each(|it| outlet::add_frame(&mut frames, &it));
        frames.extend(last);
        frames.into()
    }
}

/// What there is to look at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct News {
    /// The roster has grown, or there are new logs.
    pub(crate) of_space: bool,
    /// The writer could not do what was asked: the connection must end and its client come again.
    pub(crate) of_failure: bool,
    /// Logs with news.
    pub(crate) logs: Marks,
}

/// A set of logs by their numbers on a connection: always the same size, however many are in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Marks {
    words: [u64; MARK_WORDS],
}

impl Marks {
    /// The numbers in it, in order.
    pub(crate) fn iter(self) -> impl Iterator<Item = usize> {
        self.words.into_iter().enumerate().flat_map(|(at, mut word)| {
            std::iter::from_fn(move || {
                let bit = word.trailing_zeros();
                word &= word.wrapping_sub(1);
                (bit < 64).then_some(at * 64 + bit as usize)
            })
        })
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.words.iter().all(|it| *it == 0)
    }

    pub(crate) fn insert(&mut self, slot: usize) {
        if let Some(word) = self.words.get_mut(slot / 64) {
            *word |= 1 << (slot % 64);
        }
    }

    pub(crate) fn remove(&mut self, slot: usize) {
        if let Some(word) = self.words.get_mut(slot / 64) {
            *word &= !(1 << (slot % 64));
        }
    }
}

impl Mailbox {
    /// Of a connection with this way out.
    pub(crate) fn new(outlet: Outlet) -> Self {
        Self {
            inside: Mutex::default(),
            outlet,
            has_arrived: AtomicBool::new(false),
            task: AtomicWaker::new(),
        }
    }

    /// Leaves how far the client was told, unless there is something to do. Everything that was sent before must
    /// have gone out.
    pub(crate) fn leave(&self, told: &mut Told) {
        let mut inside = lock(&self.inside);
        if inside.mail.is_empty() {
            inside.told = Some(std::mem::take(told));
        }
    }

    /// Takes it back, if it was left. What is unfinished then has to go out first.
    pub(crate) fn take_back(&self, told: &mut Told) {
        if let Some(left) = lock(&self.inside).told.take() {
            *told = left;
        }
    }

    /// Sends fresh pages of a log if they are what comes next, after what else is to be sent, and says otherwise that
    /// there is news. `rseq` is the length of the newest roster: who was last looked at by an older one is sent
    /// nothing. Returns how many records were sent.
    pub(crate) fn hand(&self, slot: usize, fresh: &Fresh, rseq: u32) -> u64 {
        let mut inside = lock(&self.inside);
        let mut sent = 0;
        for (page, frame) in &fresh.pages {
            let takes = |told: &Told| told.rseq == rseq && told.takes(slot, fresh.log, page);
            if !self.try_send(&mut inside, takes, frame.clone()) {
                inside.mail.news.logs.insert(slot);
                drop(inside);
                self.wake();
                return sent;
            }
            if let Some(told) = &mut inside.told {
                told.add(slot, page);
            }
            sent += page.count;
        }
        sent
    }

    /// Sends what was answered, or has the connection do it.
    pub(crate) fn send_answers(&self) {
        let mut inside = lock(&self.inside);
        if inside.mail.is_empty() || self.try_send(&mut inside, Told::is_finished, Bytes::new()) {
            return;
        }
        drop(inside);
        self.wake();
    }

    /// Sends the replies that wait and a frame after them, if the connection has left the right to do so, nothing
    /// else is to be done, and the client is ready for it. What does not go out at once is its connection's.
    fn try_send(&self, inside: &mut Inside, is_ready: impl Fn(&Told) -> bool, last: Bytes) -> bool {
        let Inside { mail, told } = inside;
        let Some(told) = told.as_mut().filter(|it| mail.news == News::default() && is_ready(it)) else {
            return false;
        };
        let was_full = told.is_full();
        told.unfinished = self.outlet.try_write(&mail.framed(told, last));
        if told.unfinished.is_some() || was_full {
            // It waits for the client to take it, or listens to it again.
            self.wake();
        }
        true
    }

    /// Adds a message to send.
    pub(crate) fn reply(&self, message: Bytes) {
        lock(&self.inside).mail.replies.push(message);
        self.wake();
    }

    /// Adds the answer to a push of so many bytes. It goes out with what is sent next, at the latest by
    /// [`Self::send_answers`].
    pub(crate) fn answer(&self, messages: impl IntoIterator<Item = Bytes>, bytes: usize) {
        let mut inside = lock(&self.inside);
        inside.mail.replies.extend(messages);
        inside.mail.answered_bytes += bytes;
    }

    /// Says that a log of the connection has news.
    pub(crate) fn stir(&self, slot: usize) {
        lock(&self.inside).mail.news.logs.insert(slot);
        self.wake();
    }

    /// Says that the workspace has news.
    pub(crate) fn stir_space(&self) {
        lock(&self.inside).mail.news.of_space = true;
        self.wake();
    }

    /// Ends the connection: what it asked for could not be stored.
    pub(crate) fn fail(&self) {
        lock(&self.inside).mail.news.of_failure = true;
        self.wake();
    }

    /// Wakes the connection, to look at what is not in its mailbox.
    pub(crate) fn wake(&self) {
        // Whoever has been woken and has not looked yet need not be woken again.
        if !self.has_arrived.swap(true, Ordering::AcqRel) {
            self.task.wake();
        }
    }

    /// Whether there may be something; else the task is woken once there is.
    pub(crate) fn poll_arrival(&self, context: &Context<'_>) -> Poll<()> {
        if self.has_arrived.swap(false, Ordering::AcqRel) {
            return Poll::Ready(());
        }
        self.task.register(context.waker());
        // What came in between did not find the task.
        if self.has_arrived.swap(false, Ordering::AcqRel) { Poll::Ready(()) } else { Poll::Pending }
    }

    /// Empties the mailbox.
    pub(crate) fn take(&self) -> Mail {
        std::mem::take(&mut lock(&self.inside).mail)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use custory_wire::LogId;

    use super::*;
    use crate::hub::Page;
    use crate::outlet::tests::{Taker, taker};

    const LOG: LogId = LogId([1; 16]);
    const SLOT: usize = 3;
    const RSEQ: u32 = 5;

    /// What is the matter, what is handed by which roster, what the client takes, and what came before.
    type Case = (&'static str, Fresh, u32, u64, fn(&Mailbox));

    /// The mailbox of a client that has room for so many bytes.
    fn mailbox(room: usize) -> (Mailbox, Arc<Mutex<Taker>>) {
        let (taker, outlet) = taker(room);
        (Mailbox::new(outlet), taker)
    }

    /// A client with that log open, and told of its records up to one.
    fn told(seq: u64) -> Told {
        let mut told = Told::nothing(RSEQ);
        told.credit = 100;
        told.open(SLOT, LOG, seq);
        told
    }

    /// Pages of one record each.
    fn fresh(log: LogId, numbers: impl IntoIterator<Item = u64>) -> Fresh {
        let page = |first| Page { first, count: 1, record_bytes: 10, message: Bytes::new() };
        let frame = |first| Bytes::from(format!("<{first}>"));
        Fresh { log, pages: numbers.into_iter().map(|it| (page(it), frame(it))).collect() }
    }

    fn has_woken(mailbox: &Mailbox) -> bool {
        mailbox.poll_arrival(&Context::from_waker(std::task::Waker::noop())).is_ready()
    }

    fn marks(mailbox: &Mailbox) -> Vec<usize> {
        mailbox.take().news.logs.iter().collect()
    }

    #[test]
    fn what_comes_next_is_sent_at_once_and_wakes_nobody() {
        let (mailbox, taker) = mailbox(100);
        let mut mine = told(6);
        mailbox.leave(&mut mine);
        assert_eq!(mailbox.hand(SLOT, &fresh(LOG, [7, 8]), RSEQ), 2);
        assert_eq!(lock(&taker).taken, b"<7><8>");
        assert!(!has_woken(&mailbox));
        mailbox.take_back(&mut mine);
        assert_eq!((mine.cursor(SLOT), mine.credit), (Some(8), 80));
    }

    #[test]
    fn anything_else_is_marked_and_left_to_the_connection() {
        let other = LogId([2; 16]);
        let news = |mailbox: &Mailbox| mailbox.stir_space();
        let cases: [Case; 5] = [
            ("a page is missing", fresh(LOG, [8]), RSEQ, 100, |_| {}),
            ("the number belongs to another log by now", fresh(other, [7]), RSEQ, 100, |_| {}),
            ("there is a newer roster", fresh(LOG, [7]), RSEQ + 1, 100, |_| {}),
            ("the client takes less", fresh(LOG, [7]), RSEQ, 9, |_| {}),
            ("something goes before it", fresh(LOG, [7]), RSEQ, 100, news),
        ];
        for (case, fresh, rseq, credit, before) in cases {
            let (mailbox, taker) = mailbox(100);
            let mut mine = told(6);
            mine.credit = credit;
            mailbox.leave(&mut mine);
            before(&mailbox);
            assert_eq!(mailbox.hand(SLOT, &fresh, rseq), 0, "{case}");
            assert!(lock(&taker).taken.is_empty(), "{case}");
            assert!(has_woken(&mailbox), "{case}");
            assert_eq!(marks(&mailbox), [SLOT], "{case}");
            mailbox.take_back(&mut mine);
            assert_eq!(mine.cursor(SLOT), Some(6), "{case}");
        }
    }

    #[test]
    fn nothing_is_sent_while_the_connection_is_awake_or_has_something_to_do() {
        let (mailbox, taker) = mailbox(100);
        let mut mine = told(6);
        assert_eq!(mailbox.hand(SLOT, &fresh(LOG, [7]), RSEQ), 0);
        mailbox.leave(&mut mine);
        assert_eq!(mine.cursor(SLOT), Some(6), "it keeps what it cannot leave");
        assert_eq!(mailbox.hand(SLOT, &fresh(LOG, [8]), RSEQ), 0);
        assert!(lock(&taker).taken.is_empty());
    }

    #[test]
    fn answers_go_out_with_the_page_that_follows_them_and_at_the_latest_when_told_to() {
        let (mailbox, taker) = mailbox(100);
        let mut mine = told(6);
        mine.in_flight_bytes = 50;
        mailbox.leave(&mut mine);
        mailbox.answer([Bytes::from_static(b"ack")], 30);
        assert!(lock(&taker).taken.is_empty());
        assert_eq!(mailbox.hand(SLOT, &fresh(LOG, [7]), RSEQ), 1);
        assert_eq!(lock(&taker).taken, b"\x82\x03ack<7>");
        mailbox.send_answers();
        mailbox.answer([Bytes::from_static(b"a"), Bytes::from_static(b"b")], 20);
        mailbox.send_answers();
        assert_eq!(lock(&taker).taken[8..], *b"\x82\x01a\x82\x01b");
        assert!(!has_woken(&mailbox));
        mailbox.take_back(&mut mine);
        assert_eq!(mine.in_flight_bytes, 0);
        mailbox.answer([Bytes::from_static(b"late")], 0);
        mailbox.send_answers();
        assert!(has_woken(&mailbox), "who is awake does it");
        assert_eq!(mailbox.take().replies, [Bytes::from_static(b"late")]);
    }

    #[test]
    fn a_client_that_was_not_listened_to_is_heard_again_once_it_is_answered() {
        let (mailbox, _) = mailbox(100);
        let mut mine = told(6);
        mine.in_flight_bytes = usize::MAX;
        mailbox.leave(&mut mine);
        mailbox.answer([], usize::MAX);
        mailbox.send_answers();
        assert!(has_woken(&mailbox));
    }

    #[test]
    fn what_is_cut_off_is_finished_before_anything_follows() {
        let (mailbox, taker) = mailbox(4);
        let mut mine = told(6);
        mailbox.leave(&mut mine);
        assert_eq!(mailbox.hand(SLOT, &fresh(LOG, [7, 8, 9]), RSEQ), 2);
        lock(&taker).room = 100;
        assert_eq!(mailbox.hand(SLOT, &fresh(LOG, [10]), RSEQ), 0);
        assert_eq!(lock(&taker).taken, b"<7><");
        assert!(has_woken(&mailbox));
        mailbox.take_back(&mut mine);
        assert_eq!(mine.take_unfinished().unwrap().as_ref(), b"8>");
        assert_eq!((mine.cursor(SLOT), marks(&mailbox)), (Some(8), vec![SLOT]));
    }

    #[test]
    fn marks_are_kept_once_and_taken_once() {
        let (mailbox, _) = mailbox(0);
        for slot in [0, 63, 64, 511, 64, 512, usize::MAX] {
            mailbox.stir(slot);
        }
        assert_eq!(mailbox.take().news.logs.iter().collect::<Vec<_>>(), [0, 63, 64, 511]);
        assert_eq!(mailbox.take().news, News::default());
    }

    #[test]
    fn a_mark_that_is_removed_is_gone() {
        let mut marks = Marks::default();
        [7, 70, 511].into_iter().for_each(|it| marks.insert(it));
        marks.remove(70);
        assert_eq!(marks.iter().collect::<Vec<_>>(), [7, 511]);
        [7, 511].into_iter().for_each(|it| marks.remove(it));
        assert!(marks.is_empty());
    }
}
