//! What an engine does by itself while it runs: a look every minute at what is due.

use std::sync::Arc;
use std::time::Duration;

use crate::failure::Fault;
use crate::inbox::Core;

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

    fn look_after(&mut self) {
        self.listen();
        self.pull_what_is_due();
        self.run_what_is_due();
        self.wake_what_is_due();
    }
}
