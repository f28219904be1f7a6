//! What was asked of a vendor and how it answered: for people who want to know. Holds neither keys nor
//! bodies nor what stands behind a `?`.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use custory_domain::Timestamp;

/// Calls remembered; the oldest give way.
const CALLS_MAX: usize = 200;

/// One call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logged {
    /// When it began.
    pub at: Timestamp,
    /// How long it took, in milliseconds.
    pub millis: i64,
    /// `GET`, `POST` and so on.
    pub method: String,
    /// Path, without what stands behind a `?`.
    pub path: String,
    /// How it ended: a status, or why there is none.
    pub outcome: String,
}

/// The newest calls.
#[derive(Debug, Default)]
pub(crate) struct Log(Mutex<VecDeque<Logged>>);

impl Log {
    pub fn push(&self, call: Logged) {
        // A panic elsewhere cannot leave a half-written entry.
        let mut calls = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if calls.len() == CALLS_MAX {
            calls.pop_front();
        }
        calls.push_back(call);
    }

    pub fn all(&self) -> Vec<Logged> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }
}
