//! Starting and stopping a relay.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum_server::Handle;
use axum_server::accept::NoDelayAcceptor;
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use custory_wire::RelayKey;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinHandle;
use tracing::{info, warn};

use crate::config::{Config, ConfigError};
use crate::http;
use crate::hub::Hub;
use crate::metrics::Metrics;
use crate::outlet::WithOutlet;
use crate::rates::AddressRates;
use crate::shared::{Phase, Shared};
use crate::store::{self, Job, Opened, StoreError, Writer};
use crate::tls::{self, TlsError};

/// Memory of all pushes that wait for the writer.
const PUSH_MEMORY_KIB: usize = 64 * 1024;

/// How long a drain waits for connections to say goodbye.
const DRAIN: Duration = Duration::from_secs(10);

/// How often a drain looks whether they have.
const DRAIN_STEP: Duration = Duration::from_millis(5);

/// Why a relay does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The settings do not go together.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The data folder cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// An address cannot be used.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// Which.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
    /// Certificate or key cannot be used.
    #[error("TLS: {0}")]
    Tls(#[from] TlsError),
}

/// A relay that runs.
pub struct Relay {
    shared: Arc<Shared>,
    address: SocketAddr,
    admin: Option<SocketAddr>,
    servers: Vec<(Handle<SocketAddr>, JoinHandle<()>)>,
    writer: Writer,
}

impl Relay {
    /// Opens the data folder and listens where the settings say.
    ///
    /// # Errors
    /// See [`StartError`].
    pub async fn start(config: Config) -> Result<Self, StartError> {
        let listener = listen(config.listen)?;
        Self::start_on(config, listener).await
    }

    /// Opens the data folder and serves a listener that exists already, such as one on a port that the system
    /// chose.
    ///
    /// # Errors
    /// See [`StartError`].
    pub async fn start_on(config: Config, listener: TcpListener) -> Result<Self, StartError> {
        config.validate()?;
        let address = address_of(&listener, config.listen)?;
        let tls = match &config.tls {
            Some(tls) => Some(RustlsConfig::from_config(tls::server_config(tls)?)),
            None => None,
        };
        let (shared, writer) = open(config.clone()).await?;
        let patience = Duration::from_secs(config.limits.handshake_timeout_secs);
        let mut servers = vec![serve(listener, http::public(shared.clone()), tls, address, patience)?];
        let mut admin = None;
        if let Some(wanted) = config.admin_listen {
            let listener = listen(wanted)?;
            let address = address_of(&listener, wanted)?;
            servers.push(serve(listener, http::admin(shared.clone()), None, address, patience)?);
            admin = Some(address);
        }
        let relay = shared.identity.relay();
        info!(%address, %relay, tls = config.tls.is_some(), "the relay is open");
        Ok(Self { shared, address, admin, servers, writer })
    }

    /// Where clients connect.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where metrics are, if anywhere.
    pub fn admin_address(&self) -> Option<SocketAddr> {
        self.admin
    }

    /// What clients know the relay by.
    pub fn key(&self) -> RelayKey {
        self.shared.identity.relay()
    }

    /// Connections that are open now, handshakes included.
    pub fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::Acquire)
    }

    /// Stops in good order: takes no new connections, answers what was pushed, says goodbye.
    pub async fn drain(self) {
        self.shared.enter(Phase::Draining);
        let goodbyes = async {
            while self.connections() > 0 {
                tokio::time::sleep(DRAIN_STEP).await;
            }
        };
        if tokio::time::timeout(DRAIN, goodbyes).await.is_err() {
            warn!(left = self.connections(), "some connections did not say goodbye");
        }
        self.shared.enter(Phase::Killed);
        for (handle, server) in self.servers {
            handle.shutdown();
            server.await.ok();
        }
        self.shared.queue.send(Job::Stop).await.ok();
        self.writer.end().await;
        info!("the relay is closed");
    }

    /// Stops at once, as close to a crash as a program can do to itself: nothing that waits is done.
    pub async fn kill(self) {
        self.shared.enter(Phase::Killed);
        self.writer.forbid();
        self.shared.queue.send(Job::Stop).await.ok();
        self.writer.end().await;
        for (handle, server) in self.servers {
            handle.shutdown();
            server.abort();
            server.await.ok();
        }
        let ends = async {
            while self.shared.connections.load(Ordering::Acquire) > 0 {
                tokio::time::sleep(DRAIN_STEP).await;
            }
        };
        // They notice at once, unless one waits for the disk.
        tokio::time::timeout(DRAIN, ends).await.ok();
    }
}

async fn open(config: Config) -> Result<(Arc<Shared>, Writer), StoreError> {
    let metrics = Arc::new(Metrics::new());
    let is_healthy = Arc::new(AtomicBool::new(true));
    let Opened { store, queue, writer, identity } =
        store::open(&config, metrics.clone(), is_healthy.clone()).await?;
    let limits = config.limits;
    let shared = Shared {
        store,
        hub: Hub::default(),
        queue,
        push_memory: Arc::new(Semaphore::new(PUSH_MEMORY_KIB)),
        addresses: AddressRates::new(&limits),
        handshakes: Arc::new(Semaphore::new(limits.handshakes_open_max)),
        limits,
        workspaces: config.workspaces,
        identity,
        metrics,
        connections: AtomicUsize::new(0),
        is_healthy,
        phase: watch::Sender::new(Phase::Open),
        behind_proxy: config.behind_proxy,
    };
    Ok((Arc::new(shared), writer))
}

fn listen(address: SocketAddr) -> Result<TcpListener, StartError> {
    TcpListener::bind(address).map_err(|source| StartError::Listen { address, source })
}

fn address_of(listener: &TcpListener, wanted: SocketAddr) -> Result<SocketAddr, StartError> {
    listener.local_addr().map_err(|source| StartError::Listen { address: wanted, source })
}

fn serve(
    listener: TcpListener,
    router: Router,
    tls: Option<RustlsConfig>,
    address: SocketAddr,
    first_request: Duration,
) -> Result<(Handle<SocketAddr>, JoinHandle<()>), StartError> {
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let handle = Handle::new();
    let server = axum_server::from_tcp(listener).map_err(|source| StartError::Listen { address, source })?;
    // Whoever connects and asks for nothing is let go.
    let server = server.handle(handle.clone()).first_request_timeout(first_request);
    let task = match tls {
        Some(tls) => {
            let acceptor = WithOutlet(RustlsAcceptor::new(tls).acceptor(NoDelayAcceptor::new()));
            tokio::spawn(async move { ended(server.acceptor(acceptor).serve(service).await) })
        }
        None => {
            let acceptor = WithOutlet(NoDelayAcceptor::new());
            tokio::spawn(async move { ended(server.acceptor(acceptor).serve(service).await) })
        }
    };
    Ok((handle, task))
}

fn ended(result: io::Result<()>) {
    if let Err(error) = result {
        warn!(%error, "a listener has ended");
    }
}
