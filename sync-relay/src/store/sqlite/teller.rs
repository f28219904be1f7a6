//! Who tells the news of a commit: the writer itself while nothing waits for it, and otherwise a task beside it.
//!
//! Telling it at once costs no handing over, and a sleeping thread takes longer to wake up than a commit takes. But
//! what waits for the writer must not wait for its news as well.
//!
//! Invariant: answers and news keep the order of the commits.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::mpsc;
use tokio::task::coop::unconstrained;

use super::super::publish::News;
use crate::metrics::Metrics;

/// Commits whose news wait to be told; the writer then waits as well.
const NEWS_KEPT: usize = 64;

/// Readers that the writer tells itself: what comes meanwhile waits two milliseconds for it at most.
const READERS_MAX: usize = 256;

/// Tells news.
pub(super) struct Teller {
    queue: mpsc::Sender<News>,
    /// News that were handed over and are not told yet.
    waiting: Arc<AtomicUsize>,
    metrics: Arc<Metrics>,
}

impl Teller {
    /// To be called where the connections run.
    pub(super) fn new(metrics: Arc<Metrics>) -> Self {
        let (queue, mut news) = mpsc::channel::<News>(NEWS_KEPT);
        let waiting = Arc::<AtomicUsize>::default();
        let (left, counts) = (waiting.clone(), metrics.clone());
        // One task, which keeps the order. Without a share of time that ends: sockets would refuse it in the middle.
        tokio::spawn(unconstrained(async move {
            while let Some(news) = news.recv().await {
                news.tell(&counts);
                left.fetch_sub(1, Ordering::Release);
            }
        }));
        Self { queue, waiting, metrics }
    }

    /// Tells the news of a commit; `is_idle` says that nothing waits for the writer.
    pub(super) fn tell(&self, news: News, is_idle: bool) {
        if is_idle && self.waiting.load(Ordering::Acquire) == 0 && news.readers_count() <= READERS_MAX {
            return news.tell(&self.metrics);
        }
        self.waiting.fetch_add(1, Ordering::Relaxed);
        // Nobody is there to hear it only when the whole program ends.
        self.queue.blocking_send(news).ok();
    }
}
