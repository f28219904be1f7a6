//! The HTTP face: health, metrics, and how a crowd at the door is met.

use std::net::SocketAddr;

use custory_wire::{LogId, SYNC_PATH};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::home::Home;
use crate::support::{Author, Client, Team, start};

const LOG: LogId = LogId([3; 16]);

/// Status line, headers and body of an answer.
async fn get(address: SocketAddr, path: &str, headers: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: relay\r\n{headers}\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn health_and_metrics_say_how_the_relay_is_and_nothing_about_people() {
    let home = Home::new();
    let mut config = home.config();
    config.admin_listen = Some(SocketAddr::from(([127, 0, 0, 1], 0)));
    let relay = start(config).await;
    let admin = relay.admin_address().unwrap();
    let team = Team::new();
    let mut client = Client::founder(relay.address(), &team).await;
    client.open_all(LOG).await;
    client.push(LOG, Author::new(&team.admin, LOG, &team.roster).write_many(3)).await.unwrap();
    for address in [relay.address(), admin] {
        for path in ["/healthz", "/readyz"] {
            assert!(get(address, path, "connection: close\r\n").await.starts_with("HTTP/1.1 200"));
        }
    }
    let text = get(admin, "/metrics", "connection: close\r\n").await;
    assert!(text.contains("\nsync_relay_records_appended_total 3\n"), "{text}");
    assert!(text.contains("\nsync_relay_connections 1\n"), "{text}");
    for secret in [team.space().to_string(), LOG.to_string(), team.admin.public().to_string()] {
        assert!(!text.contains(&secret));
    }
    assert!(get(relay.address(), "/metrics", "connection: close\r\n").await.starts_with("HTTP/1.1 404"));
}

#[tokio::test]
async fn too_many_handshakes_of_one_address_are_turned_away_before_they_cost_anything() {
    let home = Home::new();
    let mut config = home.config();
    config.limits.handshakes_per_sec = 2;
    let relay = start(config).await;
    let upgrade = "connection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n\
                   sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n";
    let team = Team::new();
    let first = Client::founder(relay.address(), &team).await;
    let second = Client::member(relay.address(), &team, &team.admin).await;
    let headers = format!("{upgrade}x-forwarded-for: 192.0.2.77\r\n");
    let mut stream = TcpStream::connect(relay.address()).await.unwrap();
    let request = format!("GET {SYNC_PATH} HTTP/1.1\r\nhost: relay\r\n{headers}\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = vec![0; 12];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(String::from_utf8_lossy(&answer), "HTTP/1.1 429");
    drop((first, second));
}
