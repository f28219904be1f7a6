//! Tells work under way to stop, whether it computes or waits for the network.

use std::sync::Arc;

use tokio::sync::watch;

/// Told once by whoever no longer wants the work; clones are told together.
#[derive(Clone, Debug)]
pub struct Stop(Arc<watch::Sender<bool>>);

impl Default for Stop {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(false)))
    }
}

impl Stop {
    /// Says stop.
    pub fn tell(&self) {
        self.0.send_replace(true);
    }

    /// Whether it was said.
    pub fn is_told(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until it is said.
    pub async fn told(&self) {
        let mut heard = self.0.subscribe();
        if heard.wait_for(|it| *it).await.is_err() {
            // Cannot happen while `self` lives, for it holds the sender; never waking is right then.
            std::future::pending::<()>().await;
        }
    }
}
