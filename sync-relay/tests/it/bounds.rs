//! What one client and one workspace can cost, and that everything else goes on.

use custory_wire::{Chain, LogId, NackReason, ToClient, ToRelay};

use crate::home::{Home, fresh};
use crate::support::{Author, Client, Event, Team, start};

const LOG: LogId = LogId([3; 16]);

fn log(number: u8) -> LogId {
    LogId([number; 16])
}

#[tokio::test]
async fn a_workspace_that_is_full_reads_on() {
    let home = Home::new();
    let mut config = home.config();
    config.limits.workspace_bytes_max = 20_000;
    let relay = start(config).await;
    let team = Team::new();
    let mut client = Client::founder(relay.address(), &team).await;
    client.open_all(LOG).await;
    let mut author = Author::new(&team.admin, LOG, &team.roster);
    let (first, second) = (author.write(&[0; 15_000]), author.write(&[0; 15_000]));
    client.push(LOG, vec![first.clone()]).await.unwrap();
    assert_eq!(client.push(LOG, vec![second]).await, Err(NackReason::Quota));
    assert_eq!(client.read(LOG, 1, 1).await, [first]);
    drop(client);
    relay.drain().await;
}

#[tokio::test]
async fn logs_and_workspaces_are_counted() {
    let home = Home::new();
    let mut config = home.config();
    config.limits.workspace_logs_max = 2;
    config.limits.workspaces_max = 1;
    config.limits.connection_logs_max = 3;
    let relay = start(config).await;
    let team = Team::new();
    let mut client = Client::founder(relay.address(), &team).await;
    for (number, is_taken) in [(1, true), (2, true), (3, false)] {
        client.open_all(log(number)).await;
        let record = Author::new(&team.admin, log(number), &team.roster).write(b"first");
        assert_eq!(client.push(log(number), vec![record]).await.is_ok(), is_taken);
    }
    client.send(ToRelay::Open { log: log(4), at: Chain::start(&log(4)), without: vec![] }).await;
    let answer = client.wait_for(|it| match it {
        ToClient::Nack { reason, .. } => Some(*reason),
        _ => None,
    });
    assert_eq!(answer.await, NackReason::Quota);
    client.send(ToRelay::Close { log: log(1) }).await;
    client.open_all(log(4)).await;

    let second = Team::new();
    let mut other = Client::member(relay.address(), &second, &second.admin).await;
    other.send(ToRelay::Create { records: second.records.clone(), token: None }).await;
    assert!(matches!(other.next().await, ToClient::Nack { reason: NackReason::NotAdmitted, .. }));
}

#[tokio::test]
async fn a_device_that_is_too_fast_waits_and_loses_nothing() {
    let home = Home::new();
    let mut config = home.config();
    config.limits.device_records_per_sec = 2_000;
    config.limits.device_records_burst = 256;
    let relay = start(config).await;
    let team = Team::new();
    let mut client = Client::founder(relay.address(), &team).await;
    client.open_all(LOG).await;
    let mut author = Author::new(&team.admin, LOG, &team.roster);
    let all = author.write_many(600);
    for records in all.chunks(50) {
        client.send(ToRelay::Push { log: LOG, records: records.to_vec() }).await;
    }
    assert_eq!(client.read(LOG, 1, 600).await, all);
}

#[tokio::test]
async fn a_relay_that_stops_answers_what_was_pushed_and_says_goodbye() {
    let (home, relay) = fresh().await;
    let team = Team::new();
    let mut client = Client::founder(relay.address(), &team).await;
    client.open_all(LOG).await;
    let records = Author::new(&team.admin, LOG, &team.roster).write_many(100);
    for record in &records {
        client.send(ToRelay::Push { log: LOG, records: vec![record.clone()] }).await;
    }
    let stop = tokio::spawn(relay.drain());
    let (mut acked, mut is_told) = (0, false);
    while let Event::Message(message) = client.event().await {
        match message {
            ToClient::Ack { records, .. } => acked += records.len(),
            ToClient::GoingAway => is_told = true,
            _ => {}
        }
    }
    assert!(is_told);
    drop(client);
    stop.await.unwrap();
    let relay = start(home.config()).await;
    let mut client = Client::member(relay.address(), &team, &team.admin).await;
    assert_eq!(client.open_all(LOG).await.seq, acked as u64, "what was stored was answered");
}
