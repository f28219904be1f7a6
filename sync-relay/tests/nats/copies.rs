//! What a host does with a cluster: copy, bring back, examine; and what becomes of a cluster that is lost altogether.

use custory_sync_relay::{backup_cluster, check_cluster, restore_cluster};
use custory_wire::LogId;

use crate::home::{Home, fresh, share_key};
use crate::server;
use crate::support::{Author, Client, Team, expect_brought, start};

const LOG: LogId = LogId([3; 16]);

#[tokio::test]
async fn a_copy_of_a_cluster_made_while_relays_work_comes_back_on_another_as_a_new_life_of_it() {
    let (home, relay) = fresh().await;
    let config = home.config();
    let copies = tempfile::tempdir().unwrap();
    let copy = copies.path().join("today");
    let team = Team::new();
    let mut client = Client::founder(relay.address(), &team).await;
    client.open_all(LOG).await;
    let mut author = Author::new(&team.admin, LOG, &team.roster);
    let records = author.write_many(10);
    client.push(LOG, records.clone()).await.unwrap();
    backup_cluster(&config, &copy).await.unwrap();
    assert!(backup_cluster(&config, &copy).await.is_err(), "a copy never replaces another");
    let later = author.write(b"after the copy");
    client.push(LOG, vec![later.clone()]).await.unwrap();
    let (key, incarnation) = (relay.key(), client.incarnation);
    drop(client);
    relay.drain().await;
    let refused = restore_cluster(&config, &copy).await.unwrap_err().to_string();
    assert!(refused.contains("a relay on this cluster already"), "{refused}");
    drop(home);

    let home = Home::new();
    let config = home.config();
    assert!(check_cluster(&config).await.is_err(), "there is nothing on it yet");
    restore_cluster(&config, &copy).await.unwrap();
    drop(copies);
    let found = check_cluster(&config).await.unwrap();
    assert_eq!((found.problems, found.workspaces, found.logs, found.records), (vec![], 1, 1, 10));
    let relay = start(config).await;
    assert_eq!(relay.key(), key, "clients know it again");
    expect_brought(&relay, &team, LOG, incarnation, records, later).await;
}

#[tokio::test]
async fn damage_in_a_cluster_is_found_and_named() {
    let (home, relay) = fresh().await;
    let config = home.config();
    let team = Team::new();
    let mut client = Client::founder(relay.address(), &team).await;
    client.open_all(LOG).await;
    let mut author = Author::new(&team.admin, LOG, &team.roster);
    for _ in 0..3 {
        client.push(LOG, author.write_many(4)).await.unwrap();
    }
    let sound = check_cluster(&config).await.unwrap();
    assert_eq!((sound.workspaces, sound.logs, sound.records, sound.problems.len()), (1, 1, 12, 0));

    // A message of the log goes that is neither the first nor the last.
    let jet = async_nats::jetstream::new(server::connect(config.store.as_deref().unwrap()).await);
    let partition = u16::from_be_bytes([team.space().0[0], team.space().0[1]]) % crate::home::PARTITIONS;
    let stream = jet.get_stream_no_info(format!("CST_{partition:02}")).await.unwrap();
    let subject = format!("cst.{partition:02}.{}.log.{LOG}", team.space());
    let first = stream.direct_get_next_for_subject(&subject, Some(1)).await.unwrap();
    let second = stream.direct_get_next_for_subject(&subject, Some(first.sequence + 1)).await.unwrap();
    stream.delete_message(second.sequence).await.unwrap();
    let problems = check_cluster(&config).await.unwrap().problems;
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(problems[0].contains(&LOG.to_string()) && problems[0].contains("chain breaks"), "{problems:?}");
}

#[tokio::test]
async fn a_cluster_that_is_lost_is_begun_anew_by_its_key_and_filled_by_those_who_have_the_records() {
    let (home, relay) = fresh().await;
    let team = Team::new();
    let mut client = Client::founder(relay.address(), &team).await;
    client.open_all(LOG).await;
    let mut author = Author::new(&team.admin, LOG, &team.roster);
    let mut records = author.write_many(10);
    client.push(LOG, records.clone()).await.unwrap();
    let (key, incarnation) = (relay.key(), client.incarnation);
    drop(client);
    relay.drain().await;

    // All servers and disks are gone; of the relay only its key is left.
    let anew = Home::new();
    share_key(&home.config().data_dir, &anew.config().data_dir);
    drop(home);
    let relay = start(anew.config()).await;
    assert_eq!(relay.key(), key);
    let mut client = Client::founder(relay.address(), &team).await;
    assert_ne!(client.incarnation, incarnation);
    client.open_all(LOG).await;
    client.push(LOG, records.clone()).await.unwrap();
    records.push(author.write(b"and they go on"));
    client.push(LOG, vec![records[10].clone()]).await.unwrap();
    let mut reader = Client::member(relay.address(), &team, &team.admin).await;
    reader.open_all(LOG).await;
    assert_eq!(reader.read(LOG, 1, 11).await, records);
}
