//! Records: what is taken, what is refused, and what everybody gets to see.

use custory_wire::{Chain, Hash, LogId, NackReason, Role, ToClient, ToRelay};

use crate::home::fresh;
use crate::support::{Author, Client, Event, Team, start};

const LOG: LogId = LogId([3; 16]);

fn tip_of(records: &[Vec<u8>]) -> Chain {
    records.iter().fold(Chain::start(&LOG), |chain, it| chain.then(&Hash::of(it)))
}

#[tokio::test]
async fn what_is_acknowledged_is_read_back_by_all_in_one_order() {
    let (_home, relay) = fresh().await;
    let mut team = Team::new();
    let other = team.add(Role::Editor);
    let mut ana = Client::founder(relay.address(), &team).await;
    let mut ben = Client::member(relay.address(), &team, &other).await;
    for client in [&mut ana, &mut ben] {
        assert_eq!(client.open_all(LOG).await, Chain::start(&LOG), "a log that does not exist is empty");
    }
    let (mut by_ana, mut by_ben) =
        (Author::new(&team.admin, LOG, &team.roster), Author::new(&other, LOG, &team.roster));
    let (from_ana, from_ben) = (by_ana.write_many(5), by_ben.write_many(5));
    assert_eq!(ana.push(LOG, from_ana.clone()).await.unwrap(), [(1, 1), (2, 2), (3, 3), (4, 4), (5, 5)]);
    assert_eq!(ben.push(LOG, from_ben.clone()).await.unwrap(), [(1, 6), (2, 7), (3, 8), (4, 9), (5, 10)]);
    let all = [from_ana, from_ben].concat();
    assert_eq!(ana.read(LOG, 1, 10).await, all);
    assert_eq!(ben.read(LOG, 1, 10).await, all);

    // Whoever comes later reads the same, from any place, and its chain is the relay's.
    for seq in [0, 3, 9] {
        let mut late = Client::member(relay.address(), &team, &other).await;
        assert_eq!(late.open(LOG, tip_of(&all[..seq])).await, tip_of(&all));
        assert_eq!(late.read(LOG, seq as u64 + 1, 10 - seq).await, all[seq..]);
    }
}

#[tokio::test]
async fn a_push_that_is_repeated_is_one_record() {
    let (home, relay) = fresh().await;
    let team = Team::new();
    let mut client = Client::founder(relay.address(), &team).await;
    client.open_all(LOG).await;
    let mut author = Author::new(&team.admin, LOG, &team.roster);
    let records = author.write_many(20);
    let acks = client.push(LOG, records.clone()).await.unwrap();
    for _ in 0..50 {
        assert_eq!(client.push(LOG, records.clone()).await.unwrap(), acks);
        assert_eq!(client.push(LOG, records[7..9].to_vec()).await.unwrap(), acks[7..9]);
    }
    drop(client);
    relay.drain().await;

    // No window of time: a new life of the program knows them as well.
    let relay = start(home.config()).await;
    let mut client = Client::member(relay.address(), &team, &team.admin).await;
    assert_eq!(client.open_all(LOG).await, tip_of(&records));
    assert_eq!(client.push(LOG, records.clone()).await.unwrap(), acks);
    assert_eq!(client.push(LOG, vec![author.write(b"next")]).await.unwrap(), [(21, 21)]);
}

#[tokio::test]
async fn a_gap_a_conflict_and_a_stale_roster_are_told_apart() {
    let (_home, relay) = fresh().await;
    let mut team = Team::new();
    let mut client = Client::founder(relay.address(), &team).await;
    client.open_all(LOG).await;
    let mut author = Author::new(&team.admin, LOG, &team.roster);
    client.push(LOG, author.write_many(3)).await.unwrap();
    let mine = author.mine;

    let mut ahead = author.clone();
    ahead.write(b"lost");
    let after_gap = ahead.write(b"after the gap");
    assert_eq!(client.push(LOG, vec![after_gap]).await, Err(NackReason::ChainGap { mine }));

    let mut twin = Author::new(&team.admin, LOG, &team.roster);
    let other_first = twin.write(b"another first record");
    assert_eq!(client.push(LOG, vec![other_first]).await, Err(NackReason::ChainConflict { mine }));
    // The number is next, but it does not continue what the relay has.
    let mut forked = author.clone();
    forked.mine.last = Hash::of(b"another past").head();
    let fork = forked.write(b"fork");
    assert_eq!(client.push(LOG, vec![fork]).await, Err(NackReason::ChainGap { mine }));

    let news = team.act(custory_wire::Action::Rename { profile: vec![9] });
    client.send(ToRelay::RosterPut { records: vec![news] }).await;
    client.wait_for(|it| matches!(it, ToClient::Roster { first: 2, .. }).then_some(())).await;
    let mut late = author.clone();
    let stale = late.write(b"cites the old roster");
    assert_eq!(client.push(LOG, vec![stale]).await, Err(NackReason::RosterStale { rseq: 2 }));
    author.cite(&team.roster);
    assert_eq!(client.push(LOG, vec![author.write(b"sealed anew")]).await.unwrap(), [(4, 4)]);
}

#[tokio::test]
async fn of_a_push_everything_before_the_first_fault_is_taken() {
    let (_home, relay) = fresh().await;
    let team = Team::new();
    let mut client = Client::founder(relay.address(), &team).await;
    client.open_all(LOG).await;
    let mut author = Author::new(&team.admin, LOG, &team.roster);
    let mut records = author.write_many(3);
    records.insert(2, b"not a record".to_vec());
    client.send(ToRelay::Push { log: LOG, records }).await;
    let acked = client.wait_for(|it| match it {
        ToClient::Ack { records, .. } => Some(records.clone()),
        _ => None,
    });
    assert_eq!(acked.await, [(1, 1), (2, 2)]);
    let reason = client.wait_for(|it| match it {
        ToClient::Nack { log, reason, .. } => Some((*log, *reason)),
        _ => None,
    });
    assert_eq!(reason.await, (Some(LOG), NackReason::Malformed));
}

#[tokio::test]
async fn records_of_another_device_log_or_size_are_refused() {
    let (_home, relay) = fresh().await;
    let mut team = Team::new();
    let other = team.add(Role::Editor);
    let mut client = Client::founder(relay.address(), &team).await;
    client.open_all(LOG).await;
    let foreign = Author::new(&other, LOG, &team.roster).write(b"by Ben");
    assert_eq!(client.push(LOG, vec![foreign]).await, Err(NackReason::Denied));
    let elsewhere = Author::new(&team.admin, LogId([4; 16]), &team.roster).write(b"of another log");
    assert_eq!(client.push(LOG, vec![elsewhere.clone()]).await, Err(NackReason::Denied));
    assert_eq!(client.push(LogId([4; 16]), vec![elsewhere]).await, Err(NackReason::NotOpen));
    let huge = Author::new(&team.admin, LOG, &team.roster).write(&vec![0; 330 * 1024]);
    assert_eq!(client.push(LOG, vec![huge]).await, Err(NackReason::TooBig));
    assert!(client.is_quiet().await, "nothing of it was stored");
}

#[tokio::test]
async fn a_client_that_is_ahead_learns_that_the_relay_was_rolled_back() {
    let (_home, relay) = fresh().await;
    let team = Team::new();
    let mut client = Client::founder(relay.address(), &team).await;
    client.open_all(LOG).await;
    let records = Author::new(&team.admin, LOG, &team.roster).write_many(4);
    client.push(LOG, records[..2].to_vec()).await.unwrap();
    let tip = tip_of(&records[..2]);
    let elsewhere = Chain { seq: 1, head: Hash::of(b"another past").head() };
    for at in [tip_of(&records), elsewhere, Chain { seq: 2, ..elsewhere }] {
        let mut late = Client::member(relay.address(), &team, &team.admin).await;
        late.send(ToRelay::Open { log: LOG, at, without: vec![] }).await;
        assert_eq!(late.event().await, Event::Message(ToClient::RolledBack { log: LOG, tip }));
    }
}
