//! Where the relays of these tests keep everything: a folder with a database.

use std::path::Path;

use custory_sync_relay::config::Config;
use custory_sync_relay::{Relay, check};
use tempfile::TempDir;

use crate::support::{Process, open_config, start};

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

/// A relay in a fresh place.
pub async fn fresh() -> (Home, Relay) {
    let home = Home::new();
    let relay = start(home.config()).await;
    (home, relay)
}
