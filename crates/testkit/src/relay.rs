//! A real relay in the test's own process, on loopback, that can be killed, started again and wiped.

use std::net::{SocketAddr, TcpListener};
use std::path::Path;

use custory_sync_relay::Relay;
use custory_sync_relay::config::{Config, Creation, Tls, Workspaces};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// How long a lease lasts on a relay of a test.
const LEASE_MILLIS: u32 = 2_000;

/// A relay that anybody may use.
pub struct TestRelay {
    runtime: Runtime,
    folder: TempDir,
    address: SocketAddr,
    tls: Option<Tls>,
    relay: Option<Relay>,
}

impl TestRelay {
    /// One in a fresh folder, on a port that the system chose.
    pub fn start() -> Self {
        Self::start_on(None)
    }

    /// The same, encrypting its connections by a certificate and a key in these files.
    pub fn start_encrypted(certificate_file: &Path, key_file: &Path) -> Self {
        let (certificate_file, key_file) = (certificate_file.to_owned(), key_file.to_owned());
        Self::start_on(Some(Tls { certificate_file, key_file }))
    }

    fn start_on(tls: Option<Tls>) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .expect("a runtime for the relay");
        let folder = tempfile::tempdir().expect("a folder for the relay");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port on loopback");
        let address = listener.local_addr().expect("the port's number");
        let mut relay = Self { runtime, folder, address, tls, relay: None };
        relay.serve(listener);
        relay
    }

    /// Where it listens.
    pub fn socket(&self) -> SocketAddr {
        self.address
    }

    /// Where clients connect, as a person would type it.
    pub fn address(&self) -> String {
        self.address.to_string()
    }

    /// How many are connected to it.
    pub fn connections(&self) -> usize {
        self.relay.as_ref().map_or(0, Relay::connections)
    }

    /// The folder that holds everything that the relay knows.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Stops it as a crash would.
    pub fn kill(&mut self) {
        if let Some(relay) = self.relay.take() {
            self.runtime.block_on(relay.kill());
        }
    }

    /// Starts it again where it was.
    pub fn revive(&mut self) {
        self.kill();
        self.serve(TcpListener::bind(self.address).expect("the same port"));
    }

    /// Throws away all that it knows but its key, and starts it again.
    pub fn wipe(&mut self) {
        self.kill();
        for entry in std::fs::read_dir(self.folder.path()).expect("the relay's folder") {
            let path = entry.expect("an entry of the relay's folder").path();
            let name = path.file_name().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
            if path.is_file() && !name.contains("key") {
                std::fs::remove_file(path).expect("a file of the relay");
            }
        }
        self.revive();
    }

    /// What it keeps of its workspaces' logs, all of one moment.
    pub fn kept(&self) -> Kept {
        let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
        let database = rusqlite::Connection::open_with_flags(self.folder.path().join("relay.db"), flags);
        let database = database.expect("the relay's database");
        let moment = database.unchecked_transaction().expect("a view of the database");
        let count = |query| moment.query_row(query, [], |row| row.get::<_, f64>(0)).expect("a number") as u64;
        Kept {
            workspaces: count("SELECT COUNT(*) FROM workspace"),
            records: count("SELECT TOTAL(count) FROM chunk"),
            record_bytes: count("SELECT TOTAL(LENGTH(records)) FROM chunk"),
            snapshots: count("SELECT TOTAL(confirmed_by IS NOT NULL) FROM snapshot"),
            snapshot_bytes: count("SELECT TOTAL(bytes) FROM snapshot WHERE confirmed_by IS NOT NULL"),
        }
    }

    fn serve(&mut self, listener: TcpListener) {
        let workspaces = Workspaces { create: Creation::Open, tokens: Vec::new() };
        let data_dir = self.folder.path().to_owned();
        let mut config = Config { data_dir, workspaces, tls: self.tls.clone(), ..Config::default() };
        // All clients of a test connect from one address.
        config.limits.handshakes_per_sec = 100_000;
        // Whoever was killed holds the others up that long.
        config.limits.lease_millis = LEASE_MILLIS;
        let started = self.runtime.block_on(Relay::start_on(config, listener));
        self.relay = Some(started.expect("the relay starts"));
    }
}

impl Drop for TestRelay {
    fn drop(&mut self) {
        self.kill();
    }
}

/// What a relay keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Workspaces.
    pub workspaces: u64,
    /// Records.
    pub records: u64,
    /// Bytes of records, each with the four that say its length.
    pub record_bytes: u64,
    /// Snapshots that somebody has confirmed.
    pub snapshots: u64,
    /// Their bytes.
    pub snapshot_bytes: u64,
}
