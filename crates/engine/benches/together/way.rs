//! A way to a relay as the network has it: so long for every byte, and no more than so many a second.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use custory_testkit::way::door;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::runtime::Runtime;
use tokio::sync::mpsc;

/// How long a byte takes one way, and how many pass in a second.
#[derive(Clone, Copy)]
pub struct Network {
    pub one_way: Duration,
    pub bytes_per_sec: f64,
}

/// A way that lasts as long as this does.
pub struct Way {
    _runtime: Runtime,
    address: SocketAddr,
}

impl Way {
    /// A way to a relay's address.
    pub fn to(relay: &str, network: Network) -> Self {
        let there: SocketAddr = relay.parse().expect("an address");
        let (runtime, listener, address) = door();
        runtime.spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let Ok(relay) = TcpStream::connect(there).await else { continue };
                // What waits has waited long enough here.
                client.set_nodelay(true).ok();
                relay.set_nodelay(true).ok();
                let (from_client, to_client) = client.into_split();
                let (from_relay, to_relay) = relay.into_split();
                tokio::spawn(carry(from_client, to_relay, network));
                tokio::spawn(carry(from_relay, to_client, network));
            }
        });
        Self { _runtime: runtime, address }
    }

    /// Where it begins.
    pub fn address(&self) -> String {
        self.address.to_string()
    }
}

async fn carry(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, network: Network) {
    let (late, mut due) = mpsc::unbounded_channel::<(Instant, Vec<u8>)>();
    tokio::spawn(async move {
        while let Some((at, bytes)) = due.recv().await {
            tokio::time::sleep_until(at.into()).await;
            if to.write_all(&bytes).await.is_err() {
                return;
            }
        }
        // The other side learns it when the connection goes.
        to.shutdown().await.ok();
    });
    let mut bytes = vec![0; 16 << 10];
    let mut free = Instant::now();
    while let Ok(count @ 1..) = from.read(&mut bytes).await {
        free = free.max(Instant::now()) + Duration::from_secs_f64(count as f64 / network.bytes_per_sec);
        if late.send((free + network.one_way, bytes[..count].to_vec())).is_err() {
            return;
        }
    }
}
