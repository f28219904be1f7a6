//! What all connections of one relay share.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use custory_wire::Hash;
use tokio::sync::{Semaphore, mpsc, watch};

use crate::config::{Creation, Workspaces};
use crate::hub::Hub;
use crate::identity::Identity;
use crate::limits::Limits;
use crate::metrics::Metrics;
use crate::rates::AddressRates;
use crate::store::{Job, Store};

/// Whether the relay goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// It does.
    Open,
    /// Connections say goodbye once what they pushed is answered.
    Draining,
    /// Connections end at once.
    Killed,
}

/// One relay.
pub(crate) struct Shared {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) hub: Hub,
    pub(crate) queue: mpsc::Sender<Job>,
    /// Memory of pushes that wait, in KiB.
    pub(crate) push_memory: Arc<Semaphore>,
    pub(crate) limits: Limits,
    pub(crate) workspaces: Workspaces,
    pub(crate) identity: Identity,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) addresses: AddressRates,
    pub(crate) handshakes: Arc<Semaphore>,
    pub(crate) connections: AtomicUsize,
    pub(crate) is_healthy: Arc<AtomicBool>,
    pub(crate) phase: watch::Sender<Phase>,
    pub(crate) behind_proxy: bool,
}

impl Shared {
    /// Whether somebody who shows this token may create a workspace.
    pub(crate) fn may_create(&self, token: Option<&str>) -> bool {
        match self.workspaces.create {
            Creation::Open => true,
            Creation::Closed => false,
            // Hashes are compared, so that the time it takes says nothing about a token.
            Creation::Token => token.is_some_and(|shown| {
                let shown = Hash::of(shown.as_bytes());
                self.workspaces.tokens.iter().any(|it| Hash::of(it.as_bytes()) == shown)
            }),
        }
    }

    /// Goes on to another phase, and has all connections notice.
    pub(crate) fn enter(&self, phase: Phase) {
        self.phase.send_replace(phase);
        self.hub.wake_all();
    }

    /// Whether the last commit went well and new connections are welcome.
    pub(crate) fn is_ready(&self) -> bool {
        self.is_healthy.load(Ordering::Relaxed) && *self.phase.borrow() == Phase::Open
    }
}

/// A connection among those that are counted.
pub(crate) struct Counted(Arc<Shared>);

impl Counted {
    /// Counts one more, unless the relay is full.
    pub(crate) fn new(shared: &Arc<Shared>) -> Option<Self> {
        let max = shared.limits.connections_max;
        let add = |count| (count < max).then_some(count + 1);
        shared.connections.fetch_update(Ordering::AcqRel, Ordering::Acquire, add).ok()?;
        Some(Self(shared.clone()))
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.connections.fetch_sub(1, Ordering::AcqRel);
    }
}
