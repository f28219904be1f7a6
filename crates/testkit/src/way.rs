//! A way to a server that counts what it carries, and breaks where a test says: after so many bytes nothing more
//! comes or goes, as when whoever uses it is killed in the middle.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio::sync::Notify;

/// Bytes that are passed on at once; a way breaks between two such pieces.
const PIECE: usize = 256;

/// What several ways may carry together before all of them break.
#[derive(Clone)]
pub struct Allowance(Arc<Inside>);

struct Inside {
    left: AtomicI64,
    broken: Notify,
}

impl Default for Allowance {
    fn default() -> Self {
        Self(Arc::new(Inside { left: AtomicI64::new(i64::MAX), broken: Notify::new() }))
    }
}

impl Allowance {
    /// Lets so many more bytes pass, in both directions together.
    pub fn end_after(&self, bytes: u32) {
        self.0.left.store(bytes.into(), Ordering::SeqCst);
        if bytes == 0 {
            self.0.broken.notify_waiters();
        }
    }

    /// Lets everything pass.
    pub fn mend(&self) {
        self.0.left.store(i64::MAX, Ordering::SeqCst);
    }

    /// Whether nothing passes any more.
    pub fn is_over(&self) -> bool {
        self.0.left.load(Ordering::SeqCst) <= 0
    }

    fn take(&self, bytes: usize) -> bool {
        let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
        let before = self.0.left.fetch_sub(bytes, Ordering::SeqCst);
        if before <= bytes {
            self.0.broken.notify_waiters();
        }
        before > bytes
    }

    /// Ends when nothing passes any more.
    async fn end(&self) {
        let end = self.0.broken.notified();
        tokio::pin!(end);
        end.as_mut().enable();
        if !self.is_over() {
            end.await;
        }
    }
}

/// Where a way begins: a port of its own, and what runs beside the test.
pub fn door() -> (Runtime, TcpListener, SocketAddr) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime for the way");
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a port");
    let address = listener.local_addr().expect("the port's number");
    (runtime, listener, address)
}

/// A way to a server.
pub struct Way {
    runtime: Runtime,
    address: SocketAddr,
    sent: Arc<AtomicU64>,
}

impl Way {
    /// A way to a server, on a port of its own.
    pub fn to(server: SocketAddr) -> Self {
        Self::within(server, &Allowance::default())
    }

    /// One that breaks when the allowance is used up, and takes new connections once it is mended.
    pub fn within(server: SocketAddr, allowance: &Allowance) -> Self {
        let (runtime, listener, address) = door();
        let sent = Arc::new(AtomicU64::new(0));
        let (count, allowance) = (Arc::clone(&sent), allowance.clone());
        runtime.spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                if allowance.is_over() {
                    continue;
                }
                let Ok(server) = TcpStream::connect(server).await else { continue };
                tokio::spawn(carry(client, server, Arc::clone(&count), allowance.clone()));
            }
        });
        Self { runtime, address, sent }
    }

    /// Where it begins, as a person would type it.
    pub fn address(&self) -> String {
        self.address.to_string()
    }

    /// Bytes that the server has sent so far, everything that a connection needs among them.
    pub fn bytes_sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    /// Ends all connections; there are no new ones.
    pub fn close(self) {
        self.runtime.shutdown_background();
    }
}

/// Carries both ways until either side has ended, or nothing may pass. A side that is gone ends it; nothing else can go
/// wrong.
async fn carry(client: TcpStream, server: TcpStream, sent: Arc<AtomicU64>, allowance: Allowance) {
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let ended: std::io::Result<()> = tokio::select! {
        it = pass_on(from_client, to_server, &allowance, |_| {}) => it,
        it = pass_on(from_server, to_client, &allowance, |bytes| {
            sent.fetch_add(bytes as u64, Ordering::Relaxed);
        }) => it,
        () = allowance.end() => Ok(()),
    };
    ended.ok();
}

async fn pass_on(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    allowance: &Allowance,
    count: impl Fn(usize),
) -> std::io::Result<()> {
    let mut bytes = vec![0; PIECE];
    loop {
        let read = from.read(&mut bytes).await?;
        if read == 0 || !allowance.take(read) {
            return Ok(());
        }
        count(read);
        to.write_all(&bytes[..read]).await?;
    }
}
