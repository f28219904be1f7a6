//! A way to a relay that writes down everything that is said on it, as both ends read it: frames of a client are masked
//! on their way, so that a look at the bytes alone would find nothing.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio::runtime::Runtime;
use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{accept_hdr_async_with_config, connect_async_with_config};

use crate::way::door;

/// A way to a relay.
pub struct Tap {
    runtime: Runtime,
    address: SocketAddr,
    heard: Arc<Mutex<Vec<u8>>>,
}

impl Tap {
    /// A way to a relay, on a port of its own.
    pub fn to(server: SocketAddr) -> Self {
        let (runtime, listener, address) = door();
        let heard = Arc::new(Mutex::new(Vec::new()));
        let all = Arc::clone(&heard);
        runtime.spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(carry(client, server, Arc::clone(&all)));
            }
        });
        Self { runtime, address, heard }
    }

    /// Where it begins, as a person would type it.
    pub fn address(&self) -> String {
        self.address.to_string()
    }

    /// Everything that was said on it, in both directions, one message after the other.
    pub fn heard(&self) -> Vec<u8> {
        self.heard.lock().expect("nobody panics with it").clone()
    }

    /// Ends all connections; there are no new ones.
    pub fn close(self) {
        self.runtime.shutdown_background();
    }
}

/// Carries messages both ways until either side has ended. A side that is gone ends it; nothing else can go wrong.
#[expect(clippy::result_large_err, reason = "the library wants a whole answer for a refusal")]
async fn carry(client: TcpStream, server: SocketAddr, heard: Arc<Mutex<Vec<u8>>>) -> Option<()> {
    let mut asked = String::new();
    let look = |request: &Request, response: Response| -> Result<Response, ErrorResponse> {
        asked = request.uri().to_string();
        Ok(response)
    };
    let config = Some(WebSocketConfig::default());
    let client = accept_hdr_async_with_config(client, look, config).await.ok()?;
    let url = format!("ws://{server}{asked}");
    let (server, _) = connect_async_with_config(&url, config, true).await.ok()?;
    heard.lock().expect("nobody panics with it").extend(asked.as_bytes());
    let (mut to_client, mut from_client) = client.split();
    let (mut to_server, mut from_server) = server.split();
    let note = |bytes: &[u8]| heard.lock().expect("nobody panics with it").extend(bytes);
    loop {
        tokio::select! {
            said = from_client.next() => {
                let said = said?.ok()?;
                note(&said.clone().into_data());
                to_server.send(said).await.ok()?;
            }
            said = from_server.next() => {
                let said = said?.ok()?;
                note(&said.clone().into_data());
                to_client.send(said).await.ok()?;
            }
        }
    }
}
