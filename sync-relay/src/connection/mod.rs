//! One connection, from the challenge to the goodbye.
//!
//! A single task reads, asks and sends; it never waits for another connection. What it has to say comes out of
//! its mailbox (answers) and its logs' cursors (records), so memory does not grow when its reader is slow.
//!
//! Invariant: before any record is sent, the standing is that of the newest roster.

mod follow;
mod handshake;
mod requests;
mod transfer;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{Message, WebSocket};
use bytes::Bytes;
use custory_wire::{ErrorCode, LogId, PublicKey, Standing, ToClient, ToRelay, limits};
use futures_util::SinkExt;
use tokio::sync::{OwnedSemaphorePermit, watch};
use tokio::time::{Instant, Interval, MissedTickBehavior, interval, sleep_until, timeout};
use tracing::{debug, warn};

use crate::clock;
use crate::hub::{Mailbox, Space};
use crate::metrics::Reason;
use crate::rates::DeviceRates;
use crate::shared::{Counted, Phase, Shared};
use crate::store::StoreError;

use follow::Follow;
use transfer::{Download, Incoming};

/// Bytes of pushed records that may wait for their answer before a connection is not read any further.
const IN_FLIGHT_BYTES_MAX: usize = 2 << 20;

/// How long a goodbye may take.
const GOODBYE: Duration = Duration::from_secs(2);

/// Why a connection ends.
#[derive(Debug)]
enum End {
    /// The other side has gone, or takes nothing.
    Gone,
    /// The relay stops.
    GoingAway,
    /// For a reason that the client is told.
    Because(ErrorCode, String),
}

type Flow<T> = Result<T, End>;

impl From<StoreError> for End {
    fn from(error: StoreError) -> Self {
        warn!(%error, "a connection ends because the store could not be read");
        Self::Because(ErrorCode::Internal, "the relay could not read what it keeps".to_owned())
    }
}

/// Serves a connection to its end.
pub(crate) async fn serve(
    mut socket: WebSocket,
    shared: Arc<Shared>,
    handshake: OwnedSemaphorePermit,
    _counted: Counted,
) {
    let limit = Duration::from_secs(shared.limits.handshake_timeout_secs);
    // Boxed, so that a connection does not keep the room of its handshake.
    let end = match timeout(limit, Box::pin(handshake::shake(&mut socket, &shared))).await {
        Ok(Ok(greeted)) => {
            drop(handshake);
            let mut connection = Connection::new(shared.clone(), greeted);
            shared.metrics.connections.inc();
            let end = connection.serve(&mut socket).await;
            shared.metrics.connections.dec();
            end
        }
        Ok(Err(end)) => {
            let is_denied = matches!(&end, End::Because(code, _) if *code != ErrorCode::Malformed);
            shared.metrics.refuse(if is_denied { Reason::Denied } else { Reason::Malformed });
            end
        }
        Err(_) => {
            shared.metrics.refuse(Reason::Timeout);
            End::Gone
        }
    };
    debug!(?end, "a connection ends");
    timeout(GOODBYE, goodbye(socket, end)).await.ok();
}

async fn goodbye(mut socket: WebSocket, end: End) {
    let last = match end {
        End::Gone => return,
        End::GoingAway => ToClient::GoingAway,
        End::Because(code, mut text) => {
            text.truncate(limits::TEXT_BYTES_MAX);
            ToClient::Error { code, text }
        }
    };
    if socket.feed(Message::Binary(last.to_bytes().into())).await.is_ok() {
        socket.send(Message::Close(None)).await.ok();
        // The other side's answer, so that its system does not throw away what it has not read yet.
        while let Some(Ok(_)) = socket.recv().await {}
    }
}

/// A connection whose key is proven.
struct Connection {
    shared: Arc<Shared>,
    space: Arc<Space>,
    key: PublicKey,
    standing: Standing,
    /// The length of the roster by which the standing was found.
    standing_rseq: u32,
    /// Roster records that the client has or was sent.
    roster_sent: u32,
    /// New logs that the client was told of, once it has asked for the list.
    births_sent: Option<usize>,
    mailbox: Arc<Mailbox>,
    slots: BTreeMap<LogId, usize>,
    follows: Vec<Option<Follow>>,
    /// Slots whose log has records that were not sent yet.
    behind: BTreeSet<usize>,
    credit: u64,
    in_flight_bytes: usize,
    rates: Option<Arc<DeviceRates>>,
    /// A push that came too fast, and when it is its turn.
    parked: Option<Box<(ToRelay, Instant)>>,
    incoming: Option<Box<Incoming>>,
    downloads: VecDeque<Download>,
    phase: watch::Receiver<Phase>,
    was_heard: bool,
}

impl Connection {
    fn new(shared: Arc<Shared>, greeted: handshake::Greeted) -> Self {
        let mailbox = Arc::<Mailbox>::default();
        greeted.space.join(&mailbox);
        Self {
            phase: shared.phase.subscribe(),
            shared,
            space: greeted.space,
            key: greeted.key,
            standing: greeted.standing,
            standing_rseq: greeted.rseq,
            roster_sent: greeted.rseq,
            births_sent: None,
            mailbox,
            slots: BTreeMap::new(),
            follows: Vec::new(),
            behind: BTreeSet::new(),
            credit: limits::CREDIT_BYTES,
            in_flight_bytes: 0,
            rates: None,
            parked: None,
            incoming: None,
            downloads: VecDeque::new(),
            was_heard: true,
        }
    }

    async fn serve(&mut self, socket: &mut WebSocket) -> End {
        let mut silence = interval(Duration::from_secs(self.shared.limits.silence_secs));
        silence.set_missed_tick_behavior(MissedTickBehavior::Delay);
        silence.reset();
        loop {
            if let Err(end) = self.turn(socket, &mut silence).await {
                return end;
            }
        }
    }

    /// Waits for whatever comes first, and does it.
    async fn turn(&mut self, socket: &mut WebSocket, silence: &mut Interval) -> Flow<()> {
        let phase = *self.phase.borrow_and_update();
        match phase {
            Phase::Killed => return Err(End::Gone),
            Phase::Draining if self.in_flight_bytes == 0 => return Err(End::GoingAway),
            Phase::Draining | Phase::Open => {}
        }
        let turn = self.parked.as_ref().map(|it| it.1);
        let may_read = turn.is_none() && self.in_flight_bytes < IN_FLIGHT_BYTES_MAX && phase == Phase::Open;
        tokio::select! {
            message = socket.recv(), if may_read => match message {
                Some(Ok(message)) => self.receive(message).await?,
                Some(Err(_)) | None => return Err(End::Gone),
            },
            () = self.mailbox.arrival() => {}
            () = sleep_until(turn.unwrap_or_else(clock::now)), if turn.is_some() => {
                if let Some(parked) = self.parked.take() {
                    self.handle(parked.0).await?;
                }
            }
            _ = silence.tick() => self.look_for_life(socket).await?,
            changed = self.phase.changed() => if changed.is_err() { return Err(End::Gone) },
        }
        let stall = Duration::from_secs(self.shared.limits.stall_timeout_secs);
        match timeout(stall, self.deliver(socket)).await {
            Ok(result) => result,
            Err(_) => {
                self.shared.metrics.stalled.inc();
                Err(End::Gone)
            }
        }
    }

    async fn receive(&mut self, message: Message) -> Flow<()> {
        self.was_heard = true;
        match message {
            Message::Binary(bytes) => match ToRelay::from_bytes(&bytes) {
                Ok(message) => self.handle(message).await,
                Err(error) => Err(End::Because(ErrorCode::Malformed, error.to_string())),
            },
            Message::Text(_) => Err(End::Because(ErrorCode::Malformed, "text is no message here".to_owned())),
            Message::Close(_) => Err(End::Gone),
            Message::Ping(_) | Message::Pong(_) => Ok(()),
        }
    }

    async fn look_for_life(&mut self, socket: &mut WebSocket) -> Flow<()> {
        if !std::mem::take(&mut self.was_heard) {
            return Err(End::Gone);
        }
        send(socket, Message::Ping(Bytes::new())).await?;
        flush(socket).await
    }

    fn reply(&self, message: &ToClient) {
        self.mailbox.reply(message.to_bytes().into());
    }

    /// The device's number, for what only members may do.
    fn member(&self) -> Option<(u32, custory_wire::Role)> {
        match self.standing {
            Standing::Member { device, role } => Some((device, role)),
            Standing::Unknown | Standing::Invited { .. } | Standing::Waiting { .. } => None,
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        let device = self.member().map(|it| it.0);
        for follow in self.follows.drain(..).flatten() {
            follow.topic.unsubscribe(&self.mailbox, device);
        }
    }
}

async fn send(socket: &mut WebSocket, message: Message) -> Flow<()> {
    socket.feed(message).await.map_err(|_| End::Gone)
}

async fn flush(socket: &mut WebSocket) -> Flow<()> {
    socket.flush().await.map_err(|_| End::Gone)
}
