//! Progress out, cancellation in.
//!
//! Whoever asked for a draft is told where the reading is, at least every [`BEAT`], and its answer
//! ends the reading: while the network is silent as well as in the middle of computing. Computing
//! happens on a thread of its own ([`Watch::apart`]) and looks at the [`Desk`] between its pieces.

use std::future::Future;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use custory_domain::draft::{DraftPhase, DraftProgress, SourceProgress};
use tokio::sync::mpsc;
use tokio::time::{Interval, MissedTickBehavior, interval};

use crate::error::DraftError;

/// How often the one who waits is asked whether to go on.
const BEAT: Duration = Duration::from_millis(200);

/// Who is told, and may say stop.
pub(crate) type Tell<'a> = dyn FnMut(DraftProgress) -> ControlFlow<()> + Send + 'a;

/// The asking side of a reading.
pub(crate) struct Watch<'a> {
    tell: &'a mut Tell<'a>,
    last: DraftProgress,
}

impl<'a> Watch<'a> {
    pub(crate) fn new(tell: &'a mut Tell<'a>) -> Self {
        Self { tell, last: progress(DraftPhase::Reading, 0, None, "") }
    }

    /// Passes progress on; an error if the answer was to stop.
    pub(crate) fn tell(&mut self, progress: DraftProgress) -> Result<(), DraftError> {
        self.last = DraftProgress { source: None, ..progress.clone() };
        match (self.tell)(progress) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(DraftError::Cancelled),
        }
    }

    fn beat(&mut self) -> Result<(), DraftError> {
        self.tell(self.last.clone())
    }

    /// Waits for something, asking at every beat whether to go on.
    pub(crate) async fn during<T>(&mut self, work: impl Future<Output = T>) -> Result<T, DraftError> {
        let mut beats = beats();
        tokio::pin!(work);
        loop {
            tokio::select! {
                biased;
                done = &mut work => return Ok(done),
                _ = beats.tick() => self.beat()?,
            }
        }
    }

    /// Computes on another thread, passing its progress on. If the answer is to stop, the thread is
    /// told and left behind.
    pub(crate) async fn apart<T: Send + 'static>(
        &mut self,
        work: impl FnOnce(&Desk) -> Result<T, DraftError> + Send + 'static,
    ) -> Result<T, DraftError> {
        let (sender, mut receiver) = mpsc::unbounded_channel();
        let stop = StopOnDrop(Arc::default());
        let desk = Desk { sender, stop: Arc::clone(&stop.0) };
        let mut task = tokio::task::spawn_blocking(move || work(&desk));
        let mut beats = beats();
        loop {
            tokio::select! {
                biased;
                Some(progress) = receiver.recv() => self.tell(progress)?,
                done = &mut task => {
                    while let Ok(progress) = receiver.try_recv() {
                        self.tell(progress)?;
                    }
                    return done.map_err(|it| DraftError::Broken(it.to_string()))?;
                }
                _ = beats.tick() => self.beat()?,
            }
        }
    }
}

fn beats() -> Interval {
    let mut beats = interval(BEAT);
    beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
    beats
}

/// Ends the computing when nobody waits for it any more.
struct StopOnDrop(Arc<AtomicBool>);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// The computing side of a reading.
#[derive(Clone)]
pub(crate) struct Desk {
    sender: mpsc::UnboundedSender<DraftProgress>,
    stop: Arc<AtomicBool>,
}

impl Desk {
    /// Passes progress on; an error if the reading was cancelled.
    pub(crate) fn tell(&self, progress: DraftProgress) -> Result<(), DraftError> {
        self.check()?;
        self.sender.send(progress).map_err(|_| DraftError::Cancelled)
    }

    /// An error if the reading was cancelled.
    pub(crate) fn check(&self) -> Result<(), DraftError> {
        if self.stop.load(Ordering::Relaxed) { Err(DraftError::Cancelled) } else { Ok(()) }
    }
}

/// Progress without a finished source.
pub(crate) fn progress(phase: DraftPhase, done: usize, total: Option<usize>, now: &str) -> DraftProgress {
    DraftProgress { phase, done, total, now: now.to_owned(), source: None, stages: Vec::new() }
}

/// Progress with a source that has just been finished.
pub(crate) fn finished(
    phase: DraftPhase,
    done: usize,
    total: Option<usize>,
    locator: &str,
    outcome: &str,
    is_skipped: bool,
) -> DraftProgress {
    let source = SourceProgress { locator: locator.to_owned(), outcome: outcome.to_owned(), is_skipped };
    DraftProgress { source: Some(source), ..progress(phase, done, total, locator) }
}
