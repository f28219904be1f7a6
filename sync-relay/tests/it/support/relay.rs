//! A relay in the test's own process.

use std::net::TcpListener;
use std::path::Path;

use custory_sync_relay::Relay;
use custory_sync_relay::config::{Config, Creation, Workspaces};

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
