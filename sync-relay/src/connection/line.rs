//! The socket, with a limit on how long the other side may take nothing of what it is sent.
//!
//! The limit is for each message, not for all of them: a slow line is fine, a dead one is not.

use std::future::poll_fn;
use std::pin::pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::extract::ws::{Message, WebSocket};
use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use tokio::time::timeout;

use super::{End, Flow};
use crate::outlet::Outlet;

/// A socket whose other side must go on taking.
pub(super) struct Line {
    socket: WebSocket,
    outlet: Outlet,
    stall: Duration,
    /// Whether something was sent that may not have gone out yet.
    is_fed: bool,
}

impl Line {
    pub(super) fn new(socket: WebSocket, outlet: Outlet, stall: Duration) -> Self {
        Self { socket, outlet, stall, is_fed: false }
    }

    /// The next message. May be dropped at any time; nothing is lost with it.
    pub(super) async fn receive(&mut self) -> Option<Result<Message, axum::Error>> {
        poll_fn(|context| self.poll_receive(context)).await
    }

    /// The next message, as far as it is there.
    pub(super) fn poll_receive(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Message, axum::Error>>> {
        let received = self.socket.poll_next_unpin(context);
        // The library has its answer ready, and sends it with what comes next.
        self.is_fed |= matches!(received, Poll::Ready(Some(Ok(Message::Ping(_)))));
        received
    }

    /// Sends now or with the next messages; `flush` makes sure of it.
    pub(super) async fn send(&mut self, message: Message) -> Flow<()> {
        self.is_fed = true;
        within(self.stall, self.socket.feed(message)).await
    }

    /// Returns when everything that was sent has gone out.
    pub(super) async fn flush(&mut self) -> Flow<()> {
        if self.is_fed {
            within(self.stall, self.socket.flush()).await?;
            self.is_fed = false;
        }
        Ok(())
    }

    /// Finishes a frame that somebody else has begun.
    pub(super) async fn finish(&mut self, mut left: Bytes) -> Flow<()> {
        within(self.stall, poll_fn(|context| self.outlet.poll_finish(context, &mut left))).await
    }
}

/// Sets up the limit only if there is something to wait for, which is seldom.
async fn within<E>(stall: Duration, sending: impl Future<Output = Result<(), E>>) -> Flow<()> {
    let mut sending = pin!(sending);
    let at_once = poll_fn(|context| Poll::Ready(sending.as_mut().poll(context))).await;
    let sent = match at_once {
        Poll::Ready(sent) => Ok(sent),
        Poll::Pending => timeout(stall, sending).await,
    };
    match sent {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) => Err(End::Gone),
        Err(_) => Err(End::Stalled),
    }
}
