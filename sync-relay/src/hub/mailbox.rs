//! What a connection is to do next: replies to send, and which of its logs have news.
//!
//! News is a mark, not a copy: a mailbox takes the same memory however far its reader is behind. Replies are
//! bounded by what the connection itself has asked for and not yet been told.

use std::sync::Mutex;

use bytes::Bytes;
use tokio::sync::Notify;

use super::lock;

/// Words of 64 marks: one for each log that a connection may have open.
const MARK_WORDS: usize = custory_wire::limits::LOGS_OPEN_MAX.div_ceil(64);

/// The mailbox of one connection.
#[derive(Default)]
pub(crate) struct Mailbox {
    mail: Mutex<Mail>,
    arrived: Notify,
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

/// Marks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct News {
    /// The roster has grown, or there are new logs.
    pub(crate) of_space: bool,
    /// The writer could not do what was asked: the connection must end and its client come again.
    pub(crate) of_failure: bool,
    logs: [u64; MARK_WORDS],
}

impl News {
    /// The numbers of the marked logs.
    pub(crate) fn logs(&self) -> impl Iterator<Item = usize> {
        let words = self.logs.into_iter().enumerate();
        words.flat_map(|(at, word)| {
            (0..64).filter(move |bit| word >> bit & 1 == 1).map(move |bit| at * 64 + bit)
        })
    }

    fn mark(&mut self, slot: usize) {
        if let Some(word) = self.logs.get_mut(slot / 64) {
            *word |= 1 << (slot % 64);
        }
    }
}

impl Mailbox {
    /// Adds a message to send.
    pub(crate) fn reply(&self, message: Bytes) {
        lock(&self.mail).replies.push(message);
        self.arrived.notify_one();
    }

    /// Adds the answer to a push of so many bytes.
    pub(crate) fn answer(&self, messages: impl IntoIterator<Item = Bytes>, bytes: usize) {
        let mut mail = lock(&self.mail);
        mail.replies.extend(messages);
        mail.answered_bytes += bytes;
        drop(mail);
        self.arrived.notify_one();
    }

    /// Says that a log of the connection has news.
    pub(crate) fn stir(&self, slot: usize) {
        lock(&self.mail).news.mark(slot);
        self.arrived.notify_one();
    }

    /// Says that the workspace has news.
    pub(crate) fn stir_space(&self) {
        lock(&self.mail).news.of_space = true;
        self.arrived.notify_one();
    }

    /// Ends the connection: what it asked for could not be stored.
    pub(crate) fn fail(&self) {
        lock(&self.mail).news.of_failure = true;
        self.arrived.notify_one();
    }

    /// Returns once there may be something.
    pub(crate) async fn arrival(&self) {
        self.arrived.notified().await;
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
        assert_eq!(mailbox.take().news.logs().collect::<Vec<_>>(), [0, 63, 64, 511]);
        assert_eq!(mailbox.take().news, News::default());
    }
}
