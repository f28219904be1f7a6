//! Listening to a chat tool: a thread with one WebSocket, made anew whenever it ends.
//!
//! It knows nothing of what is said. A frame is confirmed once the loop has it on disk. Between tries it waits longer
//! and longer, by chance a little more or less.

use std::sync::Arc;
use std::time::Duration;

use custory_connectors::{ConnectError, Context, Frame};
use futures_util::{SinkExt, StreamExt};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::{interval, timeout};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

use crate::apart::Way;
use crate::clock::Clock;
use crate::failure::Fault;
use crate::inbox::Core;

/// How long a vendor may take to answer at all.
const CONNECT: Duration = Duration::from_secs(20);
/// Largest frame that is taken in.
const FRAME_BYTES_MAX: usize = 1 << 20;
/// How often a sign of life is asked for; as many again without one, and the connection counts as gone.
const PING: Duration = Duration::from_secs(20);
/// The first wait before another try, and the longest.
const RETRY: (Duration, Duration) = (Duration::from_millis(500), Duration::from_secs(120));

/// The loop's end of a line: the thread ends when it is dropped.
pub(crate) struct Listening {
    /// Which key it listens with: another connection needs another line.
    key: String,
    _is_wanted: UnboundedSender<()>,
}

impl Core {
    /// Listens at every connected chat, and at no other; if this engine looks after things.
    pub(crate) fn listen(&mut self) {
        if !self.is_kept_up {
            return;
        }
        let kept = match self.all_kept() {
            Ok(kept) => kept,
            Err(fault) => return tracing::error!("cannot look at the connections: {fault}"),
        };
        self.listening.retain(|vendor, it| kept.get(vendor).is_some_and(|kept| kept.key == it.key));
        for (vendor, kept) in kept {
            let is_chat = custory_connectors::find(&vendor).is_some_and(|it| it.is_chat());
            if !is_chat || kept.needs_person || self.listening.contains_key(&vendor) {
                continue;
            }
            match self.begin_listening(&vendor, &kept) {
                Ok(line) => drop(self.listening.insert(vendor, line)),
                Err(fault) => tracing::warn!("nobody listens to {vendor}: {fault}"),
            }
        }
    }

    fn begin_listening(&mut self, vendor: &str, kept: &super::super::Kept) -> Result<Listening, Fault> {
        let context = self.context(vendor, kept)?;
        let (wanted, is_wanted) = unbounded_channel();
        let mut chance = [0; 8];
        self.entropy.fill(&mut chance);
        let (vendor, clock) = (vendor.to_owned(), Arc::clone(&self.clock));
        let chance = u64::from_le_bytes(chance);
        self.apart("listen", move |way| {
            Ear { vendor, context, way, clock, is_wanted, chance, tries: 0 }.run()
        })?;
        Ok(Listening { key: kept.key.clone(), _is_wanted: wanted })
    }

    /// A line cannot be had: it stands beside the connection, and where only a person can help nobody tries.
    fn line_refused(&mut self, vendor: &str, error: &ConnectError) {
        let is_final = matches!(error, ConnectError::Unauthorized { .. } | ConnectError::Forbidden { .. });
        if is_final {
            // Its thread has ended; once a person has mended it, another one begins.
            self.listening.remove(vendor);
        }
        let noted = self.all_kept().and_then(|mut all| {
            let Some(mut kept) = all.remove(vendor) else { return Ok(()) };
            kept.problem = error.to_string();
            kept.needs_person |= is_final;
            self.keep(vendor, &kept)
        });
        if let Err(fault) = noted {
            tracing::error!("cannot note that {vendor} is not heard: {fault}");
        }
    }

    /// A line is open: what was said before it was is looked for.
    fn line_opened(&mut self, vendor: &str) {
        self.work_through(vendor);
        if self.pulling.insert(vendor.to_owned()) {
            self.pull_apart(vendor.to_owned());
        }
    }
}

struct Ear {
    vendor: String,
    context: Context,
    way: Way,
    clock: Arc<dyn Clock>,
    is_wanted: UnboundedReceiver<()>,
    chance: u64,
    tries: u32,
}

/// How a connection came to its end.
enum End {
    /// The loop needs it no more.
    Over,
    /// It broke, or is to be made anew.
    Again,
    /// The vendor sends everybody away from time to time: at once.
    AtOnce,
}

impl Ear {
    async fn run(mut self) {
        // Another part of the program may have chosen already; then that choice holds.
        rustls::crypto::ring::default_provider().install_default().ok();
        loop {
            let end = match self.listen().await {
                Ok(end) => end,
                Err(error) => {
                    let is_final =
                        matches!(error, ConnectError::Unauthorized { .. } | ConnectError::Forbidden { .. });
                    let vendor = self.vendor.clone();
                    let is_there = self.way.hand(move |core| core.line_refused(&vendor, &error));
                    if is_final || !is_there {
                        return;
                    }
                    End::Again
                }
            };
            match end {
                End::Over => return,
                End::AtOnce => {}
                End::Again => {
                    let time = self.pause();
                    let pause = self.clock.wait(time);
                    tokio::select! {
                        () = pause => {}
                        _ = self.is_wanted.recv() => return,
                    }
                }
            }
        }
    }

    async fn listen(&mut self) -> Result<End, ConnectError> {
        let Some(chat) = self.context.chat() else { return Ok(End::Over) };
        let name = custory_connectors::find(&self.vendor).map_or("The chat", |it| it.name);
        let broken = |reason: String| ConnectError::Unavailable { vendor: name, reason, retry_in: None };
        let url = chat.line().await?;
        let config = WebSocketConfig::default()
            .max_message_size(Some(FRAME_BYTES_MAX))
            .max_frame_size(Some(FRAME_BYTES_MAX));
        let connecting = tokio_tungstenite::connect_async_with_config(url, Some(config), true);
        let connected =
            timeout(CONNECT, connecting).await.map_err(|_| broken("it did not answer in time".to_owned()))?;
        let (mut socket, _) = connected.map_err(|error| broken(error.to_string()))?;
        let mut pings = interval(PING);
        let mut silent = 0;
        loop {
            let text = tokio::select! {
                _ = self.is_wanted.recv() => {
                    // The other side learns it anyway when the connection is gone.
                    socket.close(None).await.ok();
                    return Ok(End::Over);
                }
                _ = pings.tick() => {
                    silent += 1;
                    if silent > 2 || socket.send(Message::Ping(Vec::new().into())).await.is_err() {
                        return Ok(End::Again);
                    }
                    continue;
                }
                heard = socket.next() => {
                    silent = 0;
                    match heard {
                        Some(Ok(Message::Text(text))) => text,
                        Some(Ok(Message::Ping(_) | Message::Pong(_))) => continue,
                        _ => return Ok(End::Again),
                    }
                }
            };
            let vendor = self.vendor.clone();
            let confirmed = match chat.read(&text) {
                Frame::Ready => {
                    self.tries = 0;
                    self.way.hand(move |core| core.line_opened(&vendor));
                    continue;
                }
                Frame::Closing { refused: None } => return Ok(End::AtOnce),
                Frame::Closing { refused: Some(detail) } => {
                    return Err(ConnectError::Forbidden { vendor: name, detail });
                }
                Frame::Other => continue,
                Frame::Told { envelope, told: None } => chat.confirm(&envelope, None),
                Frame::Told { envelope, told: Some(told) } => {
                    let heard = self.way.ask(move |core| core.hear(&vendor, &told));
                    match heard {
                        Some(Ok(_)) => {}
                        // What is not on disk is not confirmed: the vendor says it again.
                        Some(Err(fault)) => {
                            tracing::error!("what was said could not be kept: {fault}");
                            continue;
                        }
                        None => return Ok(End::Over),
                    }
                    let vendor = self.vendor.clone();
                    self.way.hand(move |core| core.work_through(&vendor));
                    chat.confirm(&envelope, None)
                }
                Frame::Asked { envelope, by, words } => {
                    // Of somebody who cannot be looked up nothing is known, so nothing is read to them.
                    if chat.is_ours(&by).await.unwrap_or(false) {
                        let Some(answer) = self.way.ask(move |core| core.slash_answer(&words)) else {
                            return Ok(End::Over);
                        };
                        chat.confirm(&envelope, Some(&answer))
                    } else {
                        chat.confirm(&envelope, None)
                    }
                }
            };
            if socket.send(Message::text(confirmed)).await.is_err() {
                return Ok(End::Again);
            }
        }
    }

    /// How long to wait before the next try: twice as long each time, half of it by chance.
    fn pause(&mut self) -> Duration {
        self.tries = self.tries.saturating_add(1);
        self.chance =
            self.chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let whole = RETRY.0.saturating_mul(1 << self.tries.min(8)).min(RETRY.1);
        whole / 2 + whole.mul_f64((self.chance >> 40) as f64 / (1u64 << 25) as f64)
    }
}
