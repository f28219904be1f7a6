//! The floor for fan-out: a broadcaster in the same language on the same libraries that checks, orders and stores
//! nothing. The first byte of a frame names the room; each frame goes unchanged to all others in it and is
//! acknowledged with one byte to its sender.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use futures_util::{SinkExt, StreamExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

/// Makes this program the broadcaster.
pub const ARGUMENT: &str = "serve-bare";

const READ_BUFFER_BYTES: usize = 2 * 1024;

type Room = Vec<(u64, UnboundedSender<Message>)>;
type Rooms = Arc<Mutex<HashMap<u8, Room>>>;

/// Serves until it is killed; says its port first.
pub fn serve() {
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        println!("{}", listener.local_addr().unwrap());
        let rooms = Rooms::default();
        for id in 0.. {
            let (stream, _) = listener.accept().await.unwrap();
            stream.set_nodelay(true).unwrap();
            tokio::spawn(connection(stream, id, rooms.clone()));
        }
    });
}

async fn connection(stream: TcpStream, id: u64, rooms: Rooms) {
    // The relay's own, so that buffers are not what is compared.
    let config = WebSocketConfig::default().read_buffer_size(READ_BUFFER_BYTES);
    let Ok(socket) = tokio_tungstenite::accept_async_with_config(stream, Some(config)).await else { return };
    let (mut sink, mut source) = socket.split();
    let (outbox, mut inbox) = unbounded_channel();
    tokio::spawn(async move {
        while let Some(message) = inbox.recv().await {
            if sink.feed(message).await.is_err() {
                return;
            }
            while let Ok(more) = inbox.try_recv() {
                if sink.feed(more).await.is_err() {
                    return;
                }
            }
            if sink.flush().await.is_err() {
                return;
            }
        }
    });
    let mut joined = None;
    while let Some(Ok(Message::Binary(bytes))) = source.next().await {
        let Some(room) = bytes.first().copied() else { continue };
        let mut rooms = rooms.lock().unwrap();
        let members = rooms.entry(room).or_default();
        if joined.is_none() {
            joined = Some(room);
            members.push((id, outbox.clone()));
        }
        // A frame of one byte only joins.
        if bytes.len() > 1 {
            for (member, to) in members.iter() {
                if *member != id {
                    to.send(Message::Binary(bytes.clone())).ok();
                }
            }
        }
        outbox.send(Message::Binary(vec![1].into())).ok();
    }
    if let Some(room) = joined {
        rooms.lock().unwrap().entry(room).or_default().retain(|(member, _)| *member != id);
    }
}
