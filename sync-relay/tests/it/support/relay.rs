//! A relay in the test's own process.

use std::net::TcpListener;
use std::path::Path;

use custory_sync_relay::Relay;
use custory_sync_relay::config::{Config, Creation, Workspaces};
use custory_wire::{Chain, Hash, Incarnation, LogId, ToClient, ToRelay};

use super::{Client, Team};

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

/// Has a device come to a relay that was brought back from a copy of `records`, and bring the one that came `later`.
pub async fn expect_brought(
    relay: &Relay,
    team: &Team,
    log: LogId,
    incarnation: Incarnation,
    mut records: Vec<Vec<u8>>,
    later: Vec<u8>,
) {
    let mut client = Client::member(relay.address(), team, &team.admin).await;
    assert_ne!(client.incarnation, incarnation, "it sees that the relay may have forgotten something");
    let tip = records.iter().fold(Chain::start(&log), |chain, it| chain.then(&Hash::of(it)));
    let ahead = tip.then(&Hash::of(&later));
    client.send(ToRelay::Open { log, at: ahead, without: vec![] }).await;
    assert_eq!(client.next().await, ToClient::RolledBack { log, tip });
    client.open(log, tip).await;
    client.push(log, vec![later.clone()]).await.unwrap();
    records.push(later);
    let mut fresh = Client::member(relay.address(), team, &team.admin).await;
    fresh.open_all(log).await;
    assert_eq!(fresh.read(log, 1, 11).await, records);
}
