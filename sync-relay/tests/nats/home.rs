//! Where the relays of these tests keep everything: a NATS server of their own, with one server's durability.

use std::collections::BTreeSet;
use std::path::Path;

use custory_sync_relay::Relay;
use custory_sync_relay::config::Config;
use futures_util::TryStreamExt;
use tempfile::TempDir;

use crate::server::{self, Server};
use crate::support::{Process, open_config, start};

/// Streams of a test. More would only take longer to make.
pub const PARTITIONS: u16 = 2;

/// A place for relays.
pub struct Home {
    folder: TempDir,
    server: Server,
}

impl Home {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let server = Server::alone(&folder.path().join("nats"), "always");
        Self { folder, server }
    }

    /// Settings for a relay that anybody may use.
    pub fn config(&self) -> Config {
        self.config_in("relay")
    }

    /// Settings for one of several relays. All have the first one's key.
    pub fn config_in(&self, name: &str) -> Config {
        let data_dir = self.folder.path().join(name);
        share_key(&self.folder.path().join("relay"), &data_dir);
        let mut config = open_config(&data_dir);
        config.store = Some(self.server.url());
        config.nats.system = Some(self.server.system_url());
        (config.nats.replicas, config.nats.partitions) = (1, PARTITIONS);
        // One server is not what is promised to keep acknowledged edits.
        config.nats.allow_lossy = true;
        config
    }

    /// The relay's program, here.
    pub fn process(&self, settings: &[(&str, &str)]) -> Process {
        let (url, system, partitions) = (self.server.url(), self.server.system_url(), PARTITIONS.to_string());
        let mut all = vec![
            ("SYNC_RELAY_STORE", url.as_str()),
            ("SYNC_RELAY_NATS__SYSTEM", &system),
            ("SYNC_RELAY_NATS__REPLICAS", "1"),
            ("SYNC_RELAY_NATS__PARTITIONS", &partitions),
            ("SYNC_RELAY_NATS__ALLOW_LOSSY", "true"),
        ];
        all.extend(settings);
        Process::start(self.folder.path(), &all)
    }

    /// Whether these blobs are kept and no others, and records were given up.
    pub async fn expect_kept(&self, blobs: usize, records: u64) {
        let jet = async_nats::jetstream::new(server::connect(&self.server.url()).await);
        let (mut found, mut messages) = (BTreeSet::new(), 0);
        for partition in 0..PARTITIONS {
            let stream = jet.get_stream_no_info(format!("CST_{partition:02}")).await.unwrap();
            let mut subjects = stream.info_with_subjects("cst.>").await.unwrap();
            while let Some((subject, count)) = subjects.try_next().await.unwrap() {
                let parts: Vec<&str> = subject.split('.').collect();
                match parts[3] {
                    "blob" => drop(found.insert(parts[4].to_owned())),
                    "log" => messages += count as u64,
                    _ => {}
                }
            }
        }
        assert_eq!(found.len(), blobs);
        assert!((1..=records).contains(&messages), "{messages} messages hold {records} records");
    }
}

/// Gives a relay the key of another that has been started.
pub fn share_key(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    let (from, to) = (from.join("relay.key"), to.join("relay.key"));
    if from.exists() && !to.exists() {
        std::fs::copy(from, to).unwrap();
    }
}

/// Two relays in a fresh place, on one server.
pub async fn two() -> (Home, Relay, Relay) {
    let (home, first) = fresh().await;
    let second = start(home.config_in("second")).await;
    (home, first, second)
}

/// A relay in a fresh place.
pub async fn fresh() -> (Home, Relay) {
    let home = Home::new();
    let relay = start(home.config()).await;
    (home, relay)
}
