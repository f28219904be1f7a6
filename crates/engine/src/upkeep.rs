//! What an engine does by itself while it runs: a look every minute at what is due.

use std::sync::Arc;
use std::time::Duration;

use crate::failure::Fault;
use crate::inbox::Core;
use crate::open::Open;

/// How often the engine looks. By the wall clock: whatever came due while the machine slept is found at the
/// first look after it woke.
const LOOK_EVERY: Duration = Duration::from_secs(60);

impl Core {
    /// Begins to look after what is due; once.
    pub(crate) fn keep_up(&mut self) -> Result<(), Fault> {
        if self.is_kept_up {
            return Ok(());
        }
        let clock = Arc::clone(&self.clock);
        self.apart("upkeep", move |way| async move {
            while way.ask(Self::look_after).is_some() {
                clock.wait(LOOK_EVERY).await;
            }
        })?;
        self.is_kept_up = true;
        self.begin_watching();
        self.read_folders_apart();
        self.listen();
        Ok(())
    }

    /// Lets go of documents that nobody looks at. What can be taken back is in memory alone, so those stay.
    fn put_away(&mut self) {
        if !self.is_shown {
            let undo = |it: &Open| it.document.undo_label().is_some() || it.document.redo_label().is_some();
            self.open.retain(|_, it| undo(it));
        }
    }

    fn look_after(&mut self) {
        self.put_away();
        self.listen();
        self.pull_what_is_due();
        self.run_what_is_due();
        self.wake_what_is_due();
        self.tell_digest();
    }
}
