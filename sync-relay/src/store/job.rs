//! What connections ask a store's writer to do. Answers and news come back through mailboxes and topics.

use std::sync::Arc;

use custory_wire::{Hash, Head, NackReason, SnapshotInfo};
use tokio::sync::OwnedSemaphorePermit;

use crate::hub::{Mailbox, Space, Topic};
use crate::limits::Limits;

/// A record on its way in: parsed and hashed by its connection, not yet judged.
#[derive(Clone)]
pub(crate) struct Arrival {
    pub(crate) dseq: u64,
    pub(crate) prev: Head,
    pub(crate) rseq: u32,
    pub(crate) rhead: Head,
    pub(crate) epoch: u32,
    pub(crate) hash: Hash,
    pub(crate) bytes: Vec<u8>,
}

/// Records of one push.
pub(crate) struct PushJob {
    pub(crate) topic: Arc<Topic>,
    pub(crate) device: u32,
    pub(crate) records: Vec<Arrival>,
    /// What is wrong with the record after these, if one was left out.
    pub(crate) rest: Option<(Option<u64>, NackReason)>,
    /// Bytes of the push, given back to the connection with the answer.
    pub(crate) bytes: usize,
    /// Its part of the memory that all pushes share.
    pub(crate) permit: OwnedSemaphorePermit,
    pub(crate) to: Arc<Mailbox>,
}

/// Roster records that somebody brings.
pub(crate) struct RosterJob {
    pub(crate) space: Arc<Space>,
    pub(crate) records: Vec<Vec<u8>>,
    /// Whether the workspace may be made if it is not known.
    pub(crate) may_create: bool,
    /// Only a request to join by this invitation is taken.
    pub(crate) only_join: Option<u32>,
    pub(crate) to: Arc<Mailbox>,
}

/// What the writer is asked to do.
pub(crate) enum Job {
    Push(PushJob),
    Roster(RosterJob),
    /// A complete blob becomes a snapshot.
    Snapshot {
        topic: Arc<Topic>,
        device: u32,
        info: SnapshotInfo,
        to: Arc<Mailbox>,
    },
    /// A device vouches for a snapshot.
    Confirm {
        topic: Arc<Topic>,
        device: u32,
        hash: Hash,
        to: Arc<Mailbox>,
    },
    /// A device states what it has seen. Kept with the next commit; losing one costs nothing.
    Seen {
        topic: Arc<Topic>,
        device: u32,
        statement: Vec<u8>,
    },
    /// The last one: the writer ends after it.
    Stop,
}

impl Job {
    /// Who waits for an answer.
    pub(super) fn to(&self) -> Option<&Arc<Mailbox>> {
        match self {
            Self::Push(push) => Some(&push.to),
            Self::Roster(roster) => Some(&roster.to),
            Self::Snapshot { to, .. } | Self::Confirm { to, .. } => Some(to),
            Self::Seen { .. } | Self::Stop => None,
        }
    }
}

/// What the writer has to know of the host's limits.
#[derive(Clone, Debug)]
pub(crate) struct WriterLimits {
    pub(crate) space_bytes_max: u64,
    pub(crate) space_logs_max: u32,
    pub(crate) spaces_max: u32,
    pub(crate) tail_bytes_max: usize,
}

impl From<&Limits> for WriterLimits {
    fn from(limits: &Limits) -> Self {
        Self {
            space_bytes_max: limits.workspace_bytes_max,
            space_logs_max: limits.workspace_logs_max,
            spaces_max: limits.workspaces_max,
            tail_bytes_max: limits.tail_bytes_max,
        }
    }
}
