//! One connection, from the challenge to the goodbye.
//!
//! A single task reads, asks and sends; it never waits for another connection. What it has to say comes out of
//! its mailbox (answers) and its logs' cursors (records), so memory does not grow when its reader is slow. While it
//! sleeps, whoever has the next records writes them to its socket (see [`Mailbox`]).
//!
//! Invariant: before any record is sent, the standing is that of the newest roster.

mod aside;
mod follow;
mod handshake;
mod line;
mod requests;
mod transfer;

use std::collections::{BTreeMap, VecDeque};
use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use axum::extract::ws::{Message, WebSocket};
use bytes::Bytes;
use custory_wire::{ErrorCode, LogId, PublicKey, Standing, ToClient, ToRelay, limits};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until, timeout};
use tracing::{debug, warn};

use crate::hub::{Mailbox, Marks, Space, Told};
use crate::metrics::Reason;
use crate::outlet::Outlet;
use crate::rates::DeviceRates;
use crate::shared::{Counted, Phase, Shared};
use crate::store::StoreError;

use aside::Aside;
use follow::Follow;
use line::Line;
use transfer::{Download, Incoming};

/// Wake-ups for news after which the client comes first once, so that news never keep it from being heard.
const NEWS_IN_A_ROW_MAX: u32 = 16;

/// How long a goodbye may take.
const GOODBYE: Duration = Duration::from_secs(2);

/// Why a connection wakes up.
enum Woken {
    /// There is mail, or another phase.
    News,
    /// The client says something, or has gone.
    Message(Option<Result<Message, axum::Error>>),
    /// A push that came too fast has its turn.
    Turn,
    /// The client has been silent for a while.
    Silence,
}

/// Why a connection ends.
#[derive(Debug)]
enum End {
    /// The other side has gone.
    Gone,
    /// The other side takes nothing.
    Stalled,
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
    socket: WebSocket,
    outlet: Outlet,
    shared: Arc<Shared>,
    handshake: OwnedSemaphorePermit,
    _counted: Counted,
) {
    let limit = Duration::from_secs(shared.limits.handshake_timeout_secs);
    let stall = Duration::from_secs(shared.limits.stall_timeout_secs);
    let mut line = Line::new(socket, outlet.clone(), stall);
    // Boxed, so that a connection does not keep the room of its handshake.
    let end = match timeout(limit, Box::pin(handshake::shake(&mut line, &shared))).await {
        Ok(Ok(greeted)) => {
            drop(handshake);
            let mut connection = Connection::new(shared.clone(), outlet, greeted);
            shared.metrics.connections.inc();
            let end = connection.serve(&mut line).await;
            // A goodbye follows only after whole frames.
            let end = connection.wake_up(&mut line).await.err().unwrap_or(end);
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
    if matches!(end, End::Stalled) {
        shared.metrics.stalled.inc();
    }
    timeout(GOODBYE, goodbye(line, end)).await.ok();
}

async fn goodbye(mut line: Line, end: End) {
    let last = match end {
        End::Gone | End::Stalled => return,
        End::GoingAway => ToClient::GoingAway,
        End::Because(code, mut text) => {
            text.truncate(limits::TEXT_BYTES_MAX);
            ToClient::Error { code, text }
        }
    };
    let last = Message::Binary(last.to_bytes().into());
    if line.send(last).await.is_ok()
        && line.send(Message::Close(None)).await.is_ok()
        && line.flush().await.is_ok()
    {
        // The other side's answer, so that its system does not throw away what it has not read yet.
        while let Some(Ok(_)) = line.receive().await {}
    }
}

/// A connection whose key is proven.
struct Connection {
    shared: Arc<Shared>,
    space: Arc<Space>,
    key: PublicKey,
    standing: Standing,
    /// Roster records that the client has or was sent.
    roster_sent: u32,
    /// New logs that the client was told of, once it has asked for the list.
    births_sent: Option<usize>,
    mailbox: Arc<Mailbox>,
    /// How far the client was told; while nothing is to be done it is in the mailbox instead.
    told: Told,
    slots: BTreeMap<LogId, usize>,
    follows: Vec<Option<Follow>>,
    /// Slots whose log has records that were not sent yet.
    behind: Marks,
    rates: Option<Arc<DeviceRates>>,
    /// A push that came too fast, and when it is its turn.
    parked: Option<Box<(ToRelay, Instant)>>,
    incoming: Option<Box<Incoming>>,
    downloads: VecDeque<Download>,
    was_heard: bool,
}

impl Connection {
    fn new(shared: Arc<Shared>, outlet: Outlet, greeted: handshake::Greeted) -> Self {
        let mailbox = Arc::new(Mailbox::new(outlet));
        greeted.space.join(&mailbox);
        Self {
            shared,
            space: greeted.space,
            key: greeted.key,
            standing: greeted.standing,
            roster_sent: greeted.rseq,
            births_sent: None,
            mailbox,
            told: Told::nothing(greeted.rseq),
            slots: BTreeMap::new(),
            follows: Vec::new(),
            behind: Marks::default(),
            rates: None,
            parked: None,
            incoming: None,
            downloads: VecDeque::new(),
            was_heard: true,
        }
    }

    async fn serve(&mut self, line: &mut Line) -> End {
        let mut silence = interval(Duration::from_secs(self.shared.limits.silence_secs));
        silence.set_missed_tick_behavior(MissedTickBehavior::Delay);
        silence.reset();
        let shared = self.shared.clone();
        let aside = Aside::new();
        let (mut news_in_a_row, mut could_read) = (0, false);
        loop {
            let phase = *shared.phase.borrow();
            match phase {
                Phase::Killed => return End::Gone,
                Phase::Draining if self.told.in_flight_bytes == 0 => return End::GoingAway,
                Phase::Draining | Phase::Open => {}
            }
            let turn = self.parked.as_ref().map(|it| it.1);
            let may_read = turn.is_none() && !self.told.is_full() && phase == Phase::Open;
            if turn.is_some() || may_read && !could_read {
                aside.look_again();
            }
            could_read = may_read;
            let mut turn = pin!(wait(turn));
            // Later it has to notice itself when everything is answered.
            if phase == Phase::Open {
                self.mailbox.leave(&mut self.told);
            }
            let woken = poll_fn(|task| {
                let has_mail =
                    |news: u32| news < NEWS_IN_A_ROW_MAX && self.mailbox.poll_arrival(task).is_ready();
                if has_mail(news_in_a_row) {
                    return Poll::Ready(Woken::News);
                }
                if let Some(mut context) = aside.context(task) {
                    if may_read && let Poll::Ready(message) = line.poll_receive(&mut context) {
                        return Poll::Ready(Woken::Message(message));
                    }
                    if turn.as_mut().poll(&mut context).is_ready() {
                        return Poll::Ready(Woken::Turn);
                    }
                    if silence.poll_tick(&mut context).is_ready() {
                        return Poll::Ready(Woken::Silence);
                    }
                }
                // The client was heard first, if there was anything to hear.
                if has_mail(0) { Poll::Ready(Woken::News) } else { Poll::Pending }
            })
            .await;
            news_in_a_row =
                if matches!(woken, Woken::News) { news_in_a_row % NEWS_IN_A_ROW_MAX + 1 } else { 0 };
            if !matches!(woken, Woken::News) {
                aside.look_again();
            }
            if let Err(end) = unless_killed(&shared, self.wake_up(line)).await {
                return end;
            }
            let done = match woken {
                // A change of the phase is one as well.
                Woken::News => Ok(()),
                Woken::Message(message) => self.receive(message).await,
                Woken::Turn => self.unpark().await,
                Woken::Silence => self.look_for_life(line).await,
            };
            let delivered = async {
                done?;
                self.deliver(line).await
            };
            if let Err(end) = unless_killed(&shared, delivered).await {
                return end;
            }
        }
    }

    /// Takes back what was left for whoever has news, and finishes what they have begun.
    async fn wake_up(&mut self, line: &mut Line) -> Flow<()> {
        self.mailbox.take_back(&mut self.told);
        match self.told.take_unfinished() {
            Some(left) => line.finish(left).await,
            None => Ok(()),
        }
    }

    async fn unpark(&mut self) -> Flow<()> {
        match self.parked.take() {
            Some(parked) => self.handle(parked.0).await,
            None => Ok(()),
        }
    }

    async fn receive(&mut self, message: Option<Result<Message, axum::Error>>) -> Flow<()> {
        let Some(Ok(message)) = message else { return Err(End::Gone) };
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

    async fn look_for_life(&mut self, line: &mut Line) -> Flow<()> {
        if !std::mem::take(&mut self.was_heard) {
            return Err(End::Gone);
        }
        line.send(Message::Ping(Bytes::new())).await?;
        line.flush().await
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
        for follow in std::mem::take(&mut self.follows).into_iter().flatten() {
            self.leave(&follow);
        }
    }
}

/// Waits for a turn, or for ever if there is none to wait for.
async fn wait(turn: Option<Instant>) {
    match turn {
        Some(turn) => sleep_until(turn).await,
        None => std::future::pending().await,
    }
}

/// Does something that may have to wait for the other side, unless the relay is killed meanwhile. Listens for that
/// only if there is something to wait for, which is seldom.
async fn unless_killed<T>(shared: &Shared, work: impl Future<Output = Flow<T>>) -> Flow<T> {
    let mut work = pin!(work);
    let at_once = poll_fn(|context| Poll::Ready(work.as_mut().poll(context))).await;
    if let Poll::Ready(done) = at_once {
        return done;
    }
    let mut phases = shared.phase.subscribe();
    tokio::select! {
        biased;
        done = work => done,
        // A relay whose phases are gone is killed as well.
        _ = phases.wait_for(|it| *it == Phase::Killed) => Err(End::Gone),
    }
}
