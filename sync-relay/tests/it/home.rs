//! Where the relays of these tests keep everything: a folder with a database.

use std::net::TcpListener;
use std::path::Path;

use custory_sync_relay::config::{Config, Creation, Workspaces};
use custory_sync_relay::{Relay, check};
use tempfile::TempDir;

use crate::support::Process;

/// A place for one relay.
pub struct Home {
    folder: TempDir,
}

impl Home {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Settings for a relay that anybody may use.
    pub fn config(&self) -> Config {
        open_config(self.path())
    }

    /// The relay's program, here.
    pub fn process(&self, settings: &[(&str, &str)]) -> Process {
        Process::start(self.path(), settings)
    }

    /// Whether this is kept and nothing else, and nothing of it is damaged.
    pub async fn expect_kept(&self, blobs: usize, records: u64) {
        let found = check(self.path()).unwrap();
        assert_eq!((found.problems, found.unused_blobs.len()), (vec![], 0));
        assert_eq!((found.blobs, found.records), (blobs, records));
    }
}

/// Settings for a relay on a folder that anybody may use.
pub fn open_config(folder: &Path) -> Config {
    let workspaces = Workspaces { create: Creation::Open, tokens: Vec::new() };
    let mut config = Config { data_dir: folder.to_owned(), workspaces, ..Config::default() };
    // Tests connect from one address, many at once.
    config.limits.handshakes_per_sec = 100_000;
    config.limits.device_records_per_sec = 10_000_000;
    config.limits.device_records_burst = 10_000_000;
    config
}

/// A relay on a port that the system chose.
pub async fn start(config: Config) -> Relay {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    Relay::start_on(config, listener).await.unwrap()
}

/// A relay in a fresh place.
pub async fn fresh() -> (Home, Relay) {
    let home = Home::new();
    let relay = start(home.config()).await;
    (home, relay)
}
