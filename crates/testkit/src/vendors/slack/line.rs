//! The stand-in's end of Socket Mode: takes connections, sends frames, and remembers what was confirmed.

use std::net::Ipv4Addr;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request as Opening, Response};

use crate::vendors::locked;

/// How long a machine under load may take until something is heard.
const PATIENCE: Duration = Duration::from_secs(30);

/// What came and went.
#[derive(Default)]
pub(super) struct Heard {
    /// Connections that are open, by number.
    pub open: Vec<(u64, UnboundedSender<String>)>,
    /// Connections that there were.
    pub count: u64,
    /// Confirmations so far.
    pub confirmed: Vec<Value>,
    /// Posts so far.
    pub posts: usize,
}

/// What was heard, and a way to wait for more.
#[derive(Default)]
pub(super) struct Line {
    pub heard: Mutex<Heard>,
    stirred: Condvar,
}

impl Line {
    /// Waits until there is what is looked for.
    pub fn wait<T>(&self, mut look: impl FnMut(&mut Heard) -> Option<T>) -> T {
        let mut heard = locked(&self.heard);
        loop {
            if let Some(found) = look(&mut heard) {
                return found;
            }
            let (again, waited) = self.stirred.wait_timeout(heard, PATIENCE).expect("no stand-in panics");
            assert!(!waited.timed_out(), "nobody listened, or what was sent was not confirmed");
            heard = again;
        }
    }

    pub fn stir(&self, change: impl FnOnce(&mut Heard)) {
        change(&mut locked(&self.heard));
        self.stirred.notify_all();
    }
}

/// Takes connections in a thread of its own, for as long as the process lives. Answers the address.
pub(super) fn listen(line: Arc<Line>) -> String {
    let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    listener.set_nonblocking(true).expect("a listener");
    let address = format!("ws://{}", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime for the stand-in").block_on(async move {
            let listener = TcpListener::from_std(listener).expect("a listener");
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&line)));
            }
        });
    });
    address
}

async fn serve(stream: TcpStream, line: Arc<Line>) {
    #[expect(clippy::result_large_err, reason = "the library's own type")]
    let has_ticket = |opening: &Opening, answer: Response| match opening.uri().query() {
        Some(query) if query.starts_with("ticket=") => Ok(answer),
        _ => Err(ErrorResponse::new(None)),
    };
    let Ok(mut socket) = tokio_tungstenite::accept_hdr_async(stream, has_ticket).await else { return };
    let hello = json!({
        "type": "hello", "num_connections": 1, "connection_info": { "app_id": "A0CUSTORY" },
        "debug_info": { "host": "applink-1", "build_number": 10, "approximate_connection_time": 18060 },
    });
    if socket.send(Message::text(hello.to_string())).await.is_err() {
        return;
    }
    let (frames, mut to_send) = unbounded_channel();
    let mut number = 0;
    line.stir(|heard| {
        heard.count += 1;
        number = heard.count;
        heard.open.push((number, frames));
    });
    loop {
        tokio::select! {
            frame = to_send.recv() => match frame {
                Some(frame) => if socket.send(Message::text(frame)).await.is_err() { break },
                None => break,
            },
            heard = socket.next() => match heard {
                Some(Ok(Message::Text(text))) => {
                    let confirmed = serde_json::from_str(&text).unwrap_or(Value::Null);
                    line.stir(|heard| heard.confirmed.push(confirmed));
                }
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                _ => break,
            },
        }
    }
    line.stir(|heard| heard.open.retain(|it| it.0 != number));
}
