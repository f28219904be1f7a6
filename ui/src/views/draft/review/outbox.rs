//! Decisions on their way to the engine: sent as they are made, one after the other.
//!
//! Invariant: what is put in is sent in that order, also when the screen is left meanwhile. After a
//! no nothing is assumed: whoever opened the outbox is told, and asks what the engine has.

use custory_domain::DraftId;
use custory_ipc::{Failure, Request};
use dioxus::core::spawn_forever;
use futures_channel::{mpsc, oneshot};
use futures_util::StreamExt as _;

use super::decisions::Moves;
use crate::host;

enum Parcel {
    Moves(Moves),
    /// Answered with whether everything before it arrived.
    Mark(oneshot::Sender<bool>),
}

/// Where decisions are put in.
#[derive(Clone)]
pub struct Outbox(mpsc::UnboundedSender<Parcel>);

impl Outbox {
    /// Opens an outbox. It sends what it holds even after it was dropped.
    pub fn open(draft: DraftId, mut refused: impl AsyncFnMut(Failure) + 'static) -> Self {
        let (put, mut parcels) = mpsc::unbounded();
        spawn_forever(async move {
            let mut has_arrived = true;
            while let Some(parcel) = parcels.next().await {
                match parcel {
                    Parcel::Moves(decisions) => {
                        let request = Request::DecideDraft { draft, decisions };
                        if let Err(failure) = host::request(request).await {
                            has_arrived = false;
                            refused(failure).await;
                        }
                    }
                    Parcel::Mark(answer) => {
                        // Whoever asked may have gone; the next one asks anew.
                        answer.send(std::mem::replace(&mut has_arrived, true)).ok();
                    }
                }
            }
        });
        Self(put)
    }

    /// Puts decisions in.
    pub fn put(&self, moves: Moves) {
        if !moves.is_empty() {
            // The loop ends only when every sender is gone, so this one is heard.
            drop(self.0.unbounded_send(Parcel::Moves(moves)));
        }
    }

    /// Waits until everything put in so far was sent; answers whether all of it arrived.
    pub async fn emptied(&self) -> bool {
        let (answer, arrived) = oneshot::channel();
        drop(self.0.unbounded_send(Parcel::Mark(answer)));
        arrived.await.unwrap_or(false)
    }
}
