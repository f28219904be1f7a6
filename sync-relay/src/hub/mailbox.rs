//! What a connection is to do next: replies to send, and which of its logs have news.
//!
//! News is a mark, not a copy: a mailbox takes the same memory however far its reader is behind. Replies are
//! bounded by what the connection itself has asked for and not yet been told.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_util::task::AtomicWaker;

use super::lock;

/// Words of 64 marks: one for each log that a connection may have open.
const MARK_WORDS: usize = custory_wire::limits::LOGS_OPEN_MAX.div_ceil(64);

/// The mailbox of one connection.
#[derive(Default)]
pub(crate) struct Mailbox {
    mail: Mutex<Mail>,
    has_arrived: AtomicBool,
    /// The connection's task.
    task: AtomicWaker,
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
    /// Adds a message to send.
    pub(crate) fn reply(&self, message: Bytes) {
        lock(&self.mail).replies.push(message);
        self.wake();
    }

    /// Adds the answer to a push of so many bytes.
    pub(crate) fn answer(&self, messages: impl IntoIterator<Item = Bytes>, bytes: usize) {
        let mut mail = lock(&self.mail);
        mail.replies.extend(messages);
        mail.answered_bytes += bytes;
        drop(mail);
        self.wake();
    }

    /// Says that a log of the connection has news.
    pub(crate) fn stir(&self, slot: usize) {
        lock(&self.mail).news.logs.insert(slot);
        self.wake();
    }

    /// Says that the workspace has news.
    pub(crate) fn stir_space(&self) {
        lock(&self.mail).news.of_space = true;
        self.wake();
    }

    /// Ends the connection: what it asked for could not be stored.
    pub(crate) fn fail(&self) {
        lock(&self.mail).news.of_failure = true;
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
        std::mem::take(&mut lock(&self.mail))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_kept_once_and_taken_once() {
        let mailbox = Mailbox::default();
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
