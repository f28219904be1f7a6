//! A relay does not start on a cluster that could lose what it acknowledges, and says what to change.

use std::net::TcpListener;

use custory_sync_relay::Relay;
use custory_sync_relay::config::{Config, Creation, Workspaces};

use crate::server::Server;

fn config(folder: &std::path::Path, server: &Server) -> Config {
    let workspaces = Workspaces { create: Creation::Open, tokens: Vec::new() };
    let mut config = Config { data_dir: folder.join("relay"), workspaces, ..Config::default() };
    (config.store, config.nats.system) = (Some(server.url()), Some(server.system_url()));
    config.nats.partitions = 1;
    config
}

async fn refusal(config: Config) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    match Relay::start_on(config, listener).await {
        Ok(_) => panic!("it starts"),
        Err(error) => error.to_string(),
    }
}

#[tokio::test]
async fn a_cluster_that_acknowledges_before_it_writes_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::alone(&folder.path().join("nats"), "2m");
    let mut config = config(folder.path(), &server);
    let text = refusal(config.clone()).await;
    assert!(text.contains("sync_interval: always"), "{text}");
    assert!(text.contains("--allow-lossy"), "{text}");
    // Nor is one that does not say: that user is not the system account's.
    config.nats.system = Some(server.url());
    let text = refusal(config.clone()).await;
    assert!(text.contains("nats.system"), "{text}");
    config.nats.system = None;
    let text = refusal(config).await;
    assert!(text.contains("nats.system is not set"), "{text}");
}

#[tokio::test]
async fn one_server_is_refused_unless_losing_is_allowed() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::alone(&folder.path().join("nats"), "always");
    let mut config = config(folder.path(), &server);
    config.nats.replicas = 1;
    let text = refusal(config.clone()).await;
    assert!(text.contains("at least 3 servers") && !text.contains("sync_interval"), "{text}");
    config.nats.allow_lossy = true;
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let relay = Relay::start_on(config, listener).await.unwrap();
    relay.drain().await;
}
