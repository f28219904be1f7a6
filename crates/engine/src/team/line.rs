//! The connection to the relay: a thread with one WebSocket, which it makes anew whenever it breaks.
//!
//! It knows nothing of what is said. Between tries it waits longer and longer, by chance a little
//! more or less, so that a relay that comes back is not met by everybody at once.

use std::time::Duration;

use custory_sync::Input;
use custory_wire::limits::MESSAGE_BYTES_MAX;
use futures_util::{SinkExt, StreamExt};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::{interval, sleep, timeout};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

use super::unreachable::why;
use crate::apart::Way;
use crate::failure::Fault;
use crate::inbox::Core;

/// How long a relay may take to answer at all.
const CONNECT: Duration = Duration::from_secs(10);
/// How often the client may say what was seen and try again what was held.
const TICK: Duration = Duration::from_secs(2);
/// Ticks without a word after which a sign of life is asked for.
const PING_TICKS: u32 = 10;
/// Ticks without a sign of life after which the connection counts as gone.
const SILENT_TICKS: u32 = 25;
/// The first wait before another try, and the longest.
const RETRY: (Duration, Duration) = (Duration::from_millis(400), Duration::from_secs(30));

/// What the loop tells the connection's thread.
enum Order {
    Send(Vec<u8>),
    /// End the connection; with `may_pass`, try again after a while.
    End {
        may_pass: bool,
    },
    /// Try now.
    Wake,
}

/// The loop's end of a connection. The thread ends when it is dropped.
pub(crate) struct Line {
    orders: UnboundedSender<Order>,
    /// Tells it from one before: what that one still says is not for the team of this one.
    id: u64,
}

impl Line {
    pub fn send(&self, message: Vec<u8>) {
        self.order(Order::Send(message));
    }

    pub fn end(&self, may_pass: bool) {
        self.order(Order::End { may_pass });
    }

    pub fn wake(&self) {
        self.order(Order::Wake);
    }

    fn order(&self, order: Order) {
        if self.orders.send(order).is_err() {
            tracing::debug!("the connection's thread has ended");
        }
    }
}

impl Core {
    /// Starts the connection's thread.
    pub(crate) fn connect(&mut self, url: String) -> Result<Line, Fault> {
        let (orders, heard) = unbounded_channel();
        let mut chance = [0; 8];
        self.entropy.fill(&mut chance);
        let chance = u64::from_le_bytes(chance);
        let id = chance;
        self.apart("relay", move |way| Wire { url, way, orders: heard, id, chance, tries: 0 }.run())?;
        Ok(Line { orders, id })
    }
}

struct Wire {
    url: String,
    way: Way,
    orders: UnboundedReceiver<Order>,
    id: u64,
    chance: u64,
    tries: u32,
}

/// How a connection came to its end.
enum End {
    /// The loop needs it no more.
    Over,
    /// It broke, or should be made anew.
    Again,
    /// The loop wants none until it says so.
    Rest,
}

impl Wire {
    async fn run(mut self) {
        // Another part of the program may have chosen already; then that choice holds.
        rustls::crypto::ring::default_provider().install_default().ok();
        loop {
            let end = match self.talk().await {
                Ok(end) => end,
                Err(problem) => {
                    let id = self.id;
                    if !self.way.hand(move |core| core.line_failed(id, problem)) {
                        return;
                    }
                    End::Again
                }
            };
            if !self.tell(Input::Disconnected) {
                return;
            }
            let pause = match end {
                End::Over => return,
                End::Again => self.pause(),
                End::Rest => None,
            };
            let goes_on = self.wait(pause).await;
            if !goes_on {
                return;
            }
        }
    }

    /// Tells the client; `false` once the loop has ended.
    fn tell(&self, input: Input) -> bool {
        let id = self.id;
        self.way.hand(move |core| {
            if core.has_line(id) {
                core.team_input(input);
            }
        })
    }

    async fn talk(&mut self) -> Result<End, String> {
        let config = WebSocketConfig::default()
            .max_message_size(Some(MESSAGE_BYTES_MAX))
            .max_frame_size(Some(MESSAGE_BYTES_MAX));
        let connecting = tokio_tungstenite::connect_async_with_config(&self.url, Some(config), true);
        let connected = timeout(CONNECT, connecting).await.map_err(|_| "it does not answer".to_owned())?;
        let (mut socket, _) = connected.map_err(|error| why(&error))?;
        if !self.tell(Input::Connected) {
            return Ok(End::Over);
        }
        let mut ticks = interval(TICK);
        let (mut silent, mut lasted) = (0, 0_u32);
        loop {
            tokio::select! {
                heard = socket.next() => {
                    silent = 0;
                    let bytes = match heard {
                        Some(Ok(Message::Binary(bytes))) => bytes.to_vec(),
                        Some(Ok(Message::Ping(_) | Message::Pong(_))) => continue,
                        Some(Ok(_)) | None => return Ok(End::Again),
                        Some(Err(error)) => return Err(error.to_string()),
                    };
                    if !self.tell(Input::Received(bytes)) {
                        return Ok(End::Over);
                    }
                }
                order = self.orders.recv() => match order {
                    Some(Order::Send(message)) => {
                        socket.send(Message::Binary(message.into())).await.map_err(|it| it.to_string())?;
                    }
                    Some(Order::End { may_pass }) => {
                        // The other side learns it anyway when the connection is gone.
                        socket.close(None).await.ok();
                        return Ok(if may_pass { End::Again } else { End::Rest });
                    }
                    Some(Order::Wake) => {}
                    None => {
                        socket.close(None).await.ok();
                        return Ok(End::Over);
                    }
                },
                _ = ticks.tick() => {
                    (silent, lasted) = (silent + 1, lasted.saturating_add(1));
                    // Not at the first tick, which comes at once: a relay that sends everybody away must
                    // not be hammered.
                    if lasted == 2 {
                        self.tries = 0;
                    }
                    match silent {
                        PING_TICKS => {
                            let ping = Message::Ping(Vec::new().into());
                            socket.send(ping).await.map_err(|it| it.to_string())?;
                        }
                        SILENT_TICKS.. => return Err("it fell silent".to_owned()),
                        _ => {}
                    }
                    if !self.tell(Input::Tick) {
                        return Ok(End::Over);
                    }
                }
            }
        }
    }

    /// How long to wait before the next try: twice as long each time, half of it by chance.
    fn pause(&mut self) -> Option<Duration> {
        self.tries = self.tries.saturating_add(1);
        self.chance =
            self.chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let whole = RETRY.0.saturating_mul(1 << self.tries.min(8)).min(RETRY.1);
        Some(whole / 2 + whole.mul_f64((self.chance >> 40) as f64 / (1u64 << 25) as f64))
    }

    /// Waits, without end if there is none given, or until the loop wants to try; whether to go on.
    async fn wait(&mut self, pause: Option<Duration>) -> bool {
        let over = async {
            match pause {
                Some(pause) => sleep(pause).await,
                None => std::future::pending().await,
            }
        };
        tokio::pin!(over);
        loop {
            tokio::select! {
                () = &mut over => return true,
                order = self.orders.recv() => match order {
                    Some(Order::Wake) => return true,
                    // What was to be sent belonged to the connection that is gone.
                    Some(Order::Send(_) | Order::End { .. }) => {}
                    None => return false,
                },
            }
        }
    }
}

impl Core {
    /// Asks for something after a while, by a thread of its own.
    pub(crate) fn later(&self, pause: Duration, errand: impl FnOnce(&mut Core) + Send + 'static) {
        let slept = self.apart("later", move |way| async move {
            sleep(pause).await;
            // When the loop has ended, nobody needs it any more.
            way.hand(errand);
        });
        if let Err(fault) = slept {
            tracing::error!("cannot do something later: {fault}");
        }
    }

    /// Whether it is the connection of the team that there is now.
    fn has_line(&self, id: u64) -> bool {
        self.team.as_ref().and_then(|it| it.line.as_ref()).is_some_and(|it| it.id == id)
    }

    fn line_failed(&mut self, id: u64, problem: String) {
        if !self.has_line(id) {
            return;
        }
        if let Some(team) = &mut self.team {
            team.problem = format!("The relay {} cannot be reached: {problem}.", team.relay);
            self.tell_team();
        }
    }
}
