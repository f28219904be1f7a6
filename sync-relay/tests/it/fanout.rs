//! Readers: all get everything in order, whoever is slow costs nothing, and what is said in passing is not kept.

use custory_wire::{LeaseName, LogId, NackReason, Role, ToClient, ToRelay, limits::CREDIT_BYTES};

use crate::home::{Home, fresh};
use crate::support::{Author, Client, Team, start};

const LOG: LogId = LogId([3; 16]);

#[tokio::test]
async fn every_reader_gets_every_record_in_order() {
    let (_home, relay) = fresh().await;
    let mut team = Team::new();
    let reader = team.add(Role::Viewer);
    let mut writer = Client::founder(relay.address(), &team).await;
    writer.open_all(LOG).await;
    let mut readers = Vec::new();
    for _ in 0..12 {
        let mut client = Client::member(relay.address(), &team, &reader).await;
        client.open_all(LOG).await;
        readers.push(client);
    }
    let mut author = Author::new(&team.admin, LOG, &team.roster);
    let mut all = Vec::new();
    for _ in 0..40 {
        let records = author.write_many(5);
        all.extend(records.clone());
        writer.send(ToRelay::Push { log: LOG, records }).await;
    }
    for mut client in readers {
        assert_eq!(client.read(LOG, 1, 200).await, all);
    }
    assert_eq!(writer.read(LOG, 1, 200).await, all, "the writer gets its own as well");
}

#[tokio::test]
async fn records_stop_when_credit_is_used_up_and_go_on_where_they_stopped() {
    let home = Home::new();
    let mut config = home.config();
    // Nothing stays in memory: whoever is behind reads the disk.
    config.limits.tail_bytes_max = 0;
    let relay = start(config).await;
    let mut team = Team::new();
    let reader = team.add(Role::Viewer);
    let mut writer = Client::founder(relay.address(), &team).await;
    writer.open_all(LOG).await;
    let mut author = Author::new(&team.admin, LOG, &team.roster);
    let body = vec![8; 100 * 1024];
    let all: Vec<_> = (0..60).map(|_| author.write(&body)).collect();
    let bytes: u64 = all.iter().map(|it| it.len() as u64).sum();
    assert!(bytes > CREDIT_BYTES);
    writer.send(ToRelay::Credit { bytes }).await;
    for records in all.chunks(6) {
        writer.push(LOG, records.to_vec()).await.unwrap();
    }
    let mut slow = Client::member(relay.address(), &team, &reader).await;
    slow.open_all(LOG).await;
    let within = (CREDIT_BYTES / all[0].len() as u64) as usize;
    assert_eq!(slow.read(LOG, 1, within).await, all[..within]);
    assert!(slow.is_quiet().await, "the credit is used up");
    slow.send(ToRelay::Credit { bytes }).await;
    assert_eq!(slow.read(LOG, within as u64 + 1, 60 - within).await, all[within..]);
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn readers_that_never_read_cost_the_relay_no_memory() {
    const READERS: usize = 40;
    const RECORDS: usize = 160;
    const KIB: usize = 200;
    // Copies would be READERS × RECORDS × KIB, over a gigabyte.
    const GROWTH_MAX_KIB: u64 = 96 * 1024;
    let home = Home::new();
    let relay = home.process(&[("SYNC_RELAY_LIMITS__TAIL_BYTES_MAX", "4194304")]);
    let mut team = Team::new();
    let reader = team.add(Role::Viewer);
    let mut writer = Client::founder(relay.address, &team).await;
    writer.open_all(LOG).await;
    let mut readers = Vec::new();
    for _ in 0..READERS {
        let mut client = Client::member(relay.address, &team, &reader).await;
        client.open_all(LOG).await;
        readers.push(client);
    }
    let before = relay.resident_kib();
    let mut author = Author::new(&team.admin, LOG, &team.roster);
    let body = vec![8; KIB * 1024];
    for _ in 0..RECORDS {
        writer.push(LOG, vec![author.write(&body)]).await.unwrap();
    }
    let growth = relay.resident_kib().saturating_sub(before);
    assert!(growth < GROWTH_MAX_KIB, "{growth} KiB for readers that never read");
}

#[tokio::test]
async fn presence_goes_to_the_others_and_is_never_kept() {
    let (_home, relay) = fresh().await;
    let mut team = Team::new();
    let other = team.add(Role::Editor);
    let mut ana = Client::founder(relay.address(), &team).await;
    let mut ben = Client::member(relay.address(), &team, &other).await;
    ana.open_all(LOG).await;
    ben.open_all(LOG).await;
    for number in 0..100_u8 {
        ana.send(ToRelay::Ephemeral { log: LOG, sealed: vec![number] }).await;
    }
    assert!(ana.is_quiet().await, "nobody hears himself");
    let sealed = ben.wait_for(|it| match it {
        ToClient::Ephemeral { log: LOG, sealed } => Some(sealed.clone()),
        _ => None,
    });
    let sealed = sealed.await;
    assert_eq!(sealed.device, team.admin.device);
    let mut late = Client::member(relay.address(), &team, &other).await;
    late.open_all(LOG).await;
    drop(ana);
    let mut again = Client::member(relay.address(), &team, &team.admin).await;
    again.open_all(LOG).await;
    assert!(again.is_quiet().await, "a connection that comes later starts from nothing");
}

#[tokio::test]
async fn what_a_device_has_seen_is_told_and_kept() {
    let (home, relay) = fresh().await;
    let mut team = Team::new();
    let other = team.add(Role::Viewer);
    let mut ana = Client::founder(relay.address(), &team).await;
    let mut ben = Client::member(relay.address(), &team, &other).await;
    ana.open_all(LOG).await;
    ana.push(LOG, Author::new(&team.admin, LOG, &team.roster).write_many(1)).await.unwrap();
    ben.open_all(LOG).await;
    ben.send(ToRelay::Seen { log: LOG, statement: b"as of 1".to_vec() }).await;
    let told = ana.wait_for(|it| match it {
        ToClient::Seen { log: LOG, statement } => Some(statement.clone()),
        _ => None,
    });
    let told = told.await;
    assert_eq!((told.device, told.bytes.as_slice()), (other.device, b"as of 1".as_slice()));
    drop((ana, ben));
    relay.drain().await;

    let relay = start(home.config()).await;
    let mut client = Client::member(relay.address(), &team, &team.admin).await;
    client.send(ToRelay::Open { log: LOG, at: custory_wire::Chain::start(&LOG), without: vec![] }).await;
    let ToClient::Opened { seen, .. } = client.next().await else { panic!("not opened") };
    assert_eq!(seen, [told]);
}

#[tokio::test]
async fn new_logs_are_told_to_whoever_asked_for_the_list() {
    let (_home, relay) = fresh().await;
    let team = Team::new();
    let mut client = Client::founder(relay.address(), &team).await;
    client.send(ToRelay::List).await;
    assert_eq!(client.next().await, ToClient::Logs { logs: vec![], is_complete: true });
    let mut other = Client::member(relay.address(), &team, &team.admin).await;
    other.open_all(LOG).await;
    let mut author = Author::new(&team.admin, LOG, &team.roster);
    other.push(LOG, vec![author.write(b"first")]).await.unwrap();
    let ToClient::Logs { logs, is_complete: false } = client.next().await else { panic!("not told") };
    assert_eq!((logs[0].log, logs[0].tip.seq), (LOG, 1));
    other.push(LOG, vec![author.write(b"second")]).await.unwrap();
    assert!(client.is_quiet().await, "a log is new once");
    other.send(ToRelay::List).await;
    let listed = other.wait_for(|it| match it {
        ToClient::Logs { logs, is_complete: true } => Some(logs.clone()),
        _ => None,
    });
    assert_eq!(listed.await[0].tip.seq, 2);
}

/// Asks for a lease: whether it is held, and for how many milliseconds that is so.
async fn lease(client: &mut Client, name: LeaseName) -> (bool, u32) {
    client.send(ToRelay::Lease { name }).await;
    match client.next().await {
        ToClient::Leased { is_held, millis, .. } => (is_held, millis),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_lease_is_one_devices_at_a_time_and_never_a_viewers() {
    let home = Home::new();
    let mut config = home.config();
    config.limits.lease_millis = 1;
    let relay = start(config.clone()).await;
    let mut team = Team::new();
    let (editor, viewer) = (team.add(Role::Editor), team.add(Role::Viewer));
    let name = LeaseName([5; 16]);
    let mut ana = Client::founder(relay.address(), &team).await;
    // As short as it is, it is held once nothing of a life before can be.
    while !lease(&mut ana, name).await.0 {}
    drop(ana);
    relay.kill().await;
    config.limits.lease_millis = 60_000;
    let relay = start(config.clone()).await;
    let mut ana = Client::member(relay.address(), &team, &team.admin).await;
    lease(&mut ana, name).await;
    drop(ana);
    relay.kill().await;
    let relay = start(config).await;
    let mut ben = Client::member(relay.address(), &team, &editor).await;
    let (is_held, millis) = lease(&mut ben, name).await;
    assert!(!is_held && millis > 50_000, "one of the life before may still be held: {millis}");
    let mut vera = Client::member(relay.address(), &team, &viewer).await;
    vera.send(ToRelay::Lease { name }).await;
    let ToClient::Nack { reason, .. } = vera.next().await else { panic!("a viewer got one") };
    assert_eq!(reason, NackReason::Denied);
}

#[tokio::test]
async fn whoever_asks_first_holds_the_lease() {
    let home = Home::new();
    let mut config = home.config();
    config.limits.lease_millis = 20;
    let relay = start(config).await;
    let mut team = Team::new();
    let editor = team.add(Role::Editor);
    let mut ana = Client::founder(relay.address(), &team).await;
    let mut ben = Client::member(relay.address(), &team, &editor).await;
    let name = LeaseName([5; 16]);
    // Asking again is all that waiting needs: it ends with the time of whoever held it.
    while !lease(&mut ana, name).await.0 {}
    while !lease(&mut ben, name).await.0 {}
    while !lease(&mut ana, name).await.0 {}
}

#[tokio::test]
async fn a_reader_that_stops_for_a_while_gets_whole_records_in_order_when_it_goes_on() {
    const RECORDS: usize = 120;
    let (_home, relay) = fresh().await;
    let mut team = Team::new();
    let reader = team.add(Role::Viewer);
    let mut writer = Client::founder(relay.address(), &team).await;
    writer.open_all(LOG).await;
    let mut slow = Client::member(relay.address(), &team, &reader).await;
    slow.open_all(LOG).await;
    // More than sockets hold, so that a record is cut off in the middle.
    slow.send(ToRelay::Credit { bytes: 4 * CREDIT_BYTES }).await;
    writer.send(ToRelay::Credit { bytes: 4 * CREDIT_BYTES }).await;
    let mut author = Author::new(&team.admin, LOG, &team.roster);
    let body = vec![8; 100 * 1024];
    let mut all = Vec::new();
    for _ in 0..RECORDS {
        all.push(author.write(&body));
        writer.push(LOG, all[all.len() - 1..].to_vec()).await.unwrap();
        writer.aside.clear();
    }
    assert_eq!(slow.read(LOG, 1, RECORDS).await, all);
    assert!(slow.is_quiet().await);
    all.push(author.write(b"and it goes on"));
    writer.push(LOG, all[RECORDS..].to_vec()).await.unwrap();
    assert_eq!(slow.read(LOG, RECORDS as u64 + 1, 1).await, all[RECORDS..]);
}

#[tokio::test]
async fn a_ping_in_the_middle_of_records_is_answered_between_them() {
    use futures_util::{SinkExt, StreamExt};
    use tokio_tungstenite::tungstenite::Message;
    let (_home, relay) = fresh().await;
    let team = Team::new();
    let mut writer = Client::founder(relay.address(), &team).await;
    writer.open_all(LOG).await;
    let mut reader = Client::member(relay.address(), &team, &team.admin).await;
    reader.open_all(LOG).await;
    let mut author = Author::new(&team.admin, LOG, &team.roster);
    for number in 1..=50_u64 {
        reader.socket.send(Message::Ping(number.to_be_bytes().to_vec().into())).await.unwrap();
        let record = author.write(b"said");
        writer.send(ToRelay::Push { log: LOG, records: vec![record.clone()] }).await;
        let (mut pong, mut records) = (None, None);
        while pong.is_none() || records.is_none() {
            match reader.socket.next().await.unwrap().unwrap() {
                Message::Pong(bytes) => pong = Some(bytes),
                Message::Binary(bytes) => records = Some(ToClient::from_bytes(&bytes).unwrap()),
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(pong.unwrap().as_ref(), number.to_be_bytes());
        let expected = ToClient::Records { log: LOG, first: number, records: vec![record], tip_seq: number };
        assert_eq!(records.unwrap(), expected);
    }
}
