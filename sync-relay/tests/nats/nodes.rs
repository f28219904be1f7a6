//! Several relays on one cluster are one relay to everybody.

use custory_wire::{Chain, ErrorCode, Hash, LeaseName, LogId, NackReason, Role, ToClient, ToRelay};

use crate::home::{fresh, two};
use crate::support::{Author, Client, Event, Team};

const LOG: LogId = LogId([3; 16]);

fn tip_of(records: &[Vec<u8>]) -> Chain {
    records.iter().fold(Chain::start(&LOG), |chain, it| chain.then(&Hash::of(it)))
}

#[tokio::test]
async fn what_is_written_through_one_relay_is_read_through_another_in_one_order() {
    let (_home, first, second) = two().await;
    assert_eq!(first.key(), second.key(), "clients know both as the same relay");
    let mut team = Team::new();
    let other = team.add(Role::Editor);
    let mut ana = Client::founder(first.address(), &team).await;
    let mut ben = Client::member(second.address(), &team, &other).await;
    assert_eq!(ana.incarnation, ben.incarnation);
    ana.open_all(LOG).await;
    ben.open_all(LOG).await;
    // Both write as fast as they can, so that one overtakes the other again and again.
    let (mut by_ana, mut by_ben) =
        (Author::new(&team.admin, LOG, &team.roster), Author::new(&other, LOG, &team.roster));
    let (mut acked, mut all) = (Vec::new(), Vec::new());
    for _ in 0..20 {
        let (from_ana, from_ben) = (by_ana.write_many(3), by_ben.write_many(3));
        let (acks_of_ana, acks_of_ben) =
            tokio::join!(ana.push(LOG, from_ana.clone()), ben.push(LOG, from_ben.clone()));
        acked.extend(acks_of_ana.unwrap().into_iter().map(|it| it.1).zip(from_ana));
        acked.extend(acks_of_ben.unwrap().into_iter().map(|it| it.1).zip(from_ben));
    }
    acked.sort_by_key(|it| it.0);
    assert_eq!(acked.iter().map(|it| it.0).collect::<Vec<_>>(), (1..=120).collect::<Vec<_>>());
    all.extend(acked.into_iter().map(|it| it.1));
    assert_eq!(ana.read(LOG, 1, 120).await, all);
    assert_eq!(ben.read(LOG, 1, 120).await, all);
    // A push that comes again through the other relay is the same record.
    let again = ben.push(LOG, vec![all[0].clone()]).await;
    assert!(again == Err(NackReason::Denied) || again == Ok(vec![(1, 1)]));
    let mut late = Client::member(second.address(), &team, &team.admin).await;
    assert_eq!(late.open(LOG, tip_of(&all[..70])).await, tip_of(&all));
    assert_eq!(late.read(LOG, 71, 50).await, all[70..]);
    let of_ana: Vec<_> = all.iter().filter(|it| late_is_by(it, team.admin.device)).cloned().collect();
    let acks = late.push(LOG, of_ana.clone()).await.unwrap();
    let places = of_ana.iter().map(|it| all.iter().position(|other| other == it).unwrap() as u64 + 1);
    assert_eq!(acks.into_iter().map(|it| it.1).collect::<Vec<_>>(), places.collect::<Vec<_>>());
}

fn late_is_by(record: &[u8], device: u32) -> bool {
    custory_wire::Parsed::parse(record).unwrap().header.device == device
}

#[tokio::test]
async fn a_device_removed_through_one_relay_is_out_on_all() {
    let (_home, first, second) = two().await;
    let mut team = Team::new();
    let lost = team.add(Role::Editor);
    let mut admin = Client::founder(first.address(), &team).await;
    let mut stolen = Client::member(second.address(), &team, &lost).await;
    stolen.open_all(LOG).await;
    let removal = team.remove(lost.device);
    admin.send(ToRelay::RosterPut { records: vec![removal] }).await;
    let told = stolen.wait_for(|it| match it {
        ToClient::Error { code, .. } => Some(*code),
        _ => None,
    });
    assert_eq!(told.await, ErrorCode::Removed);
    assert_eq!(stolen.event().await, Event::End);
    let again = Client::connect(second.address(), team.space(), &lost.key).await;
    assert_eq!(again.err(), Some(ErrorCode::Removed));
}

#[tokio::test]
async fn presence_and_what_was_seen_reach_those_on_other_relays() {
    let (_home, first, second) = two().await;
    let mut team = Team::new();
    let other = team.add(Role::Editor);
    let mut ana = Client::founder(first.address(), &team).await;
    let mut ben = Client::member(second.address(), &team, &other).await;
    for client in [&mut ana, &mut ben] {
        client.open_all(LOG).await;
    }
    ana.push(LOG, Author::new(&team.admin, LOG, &team.roster).write_many(1)).await.unwrap();
    ana.send(ToRelay::Seen { log: LOG, statement: b"as of 1".to_vec() }).await;
    ana.send(ToRelay::Ephemeral { log: LOG, sealed: b"here".to_vec() }).await;
    let heard = ben.wait_for(|it| match it {
        ToClient::Ephemeral { log: LOG, sealed } => Some((sealed.device, sealed.bytes.clone())),
        _ => None,
    });
    assert_eq!(heard.await, (team.admin.device, b"here".to_vec()));
    let told = ben.wait_for(|it| match it {
        ToClient::Seen { log: LOG, statement } => Some((statement.device, statement.bytes.clone())),
        _ => None,
    });
    assert_eq!(told.await, (team.admin.device, b"as of 1".to_vec()));
}

#[tokio::test]
async fn a_lease_is_one_devices_on_all_relays_and_goes_with_it_from_one_to_another() {
    let (_home, first, second) = two().await;
    let mut team = Team::new();
    let other = team.add(Role::Editor);
    let mut ana = Client::founder(first.address(), &team).await;
    let mut ben = Client::member(second.address(), &team, &other).await;
    let ask = async |client: &mut Client| {
        client.send(ToRelay::Lease { name: LeaseName([5; 16]) }).await;
        let leased = client.wait_for(|it| match it {
            ToClient::Leased { is_held, .. } => Some(*is_held),
            _ => None,
        });
        leased.await
    };
    assert!(ask(&mut ana).await);
    assert!(!ask(&mut ben).await, "the other relay knows");
    let mut moved = Client::member(second.address(), &team, &team.admin).await;
    assert!(ask(&mut moved).await, "whoever holds it holds it through any relay");
    assert!(!ask(&mut ben).await);
}

#[tokio::test]
async fn a_relay_with_another_key_is_kept_off_the_cluster() {
    let (home, first) = fresh().await;
    let mut config = home.config_in("second");
    for (key, said) in [(None, "copy its relay.key"), (Some([7; 32]), "belongs to relay")] {
        let file = config.data_dir.join("relay.key");
        std::fs::remove_file(&file).unwrap();
        if let Some(key) = key {
            std::fs::write(&file, key).unwrap();
        }
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let error = custory_sync_relay::Relay::start_on(config.clone(), listener).await.err().unwrap();
        assert!(error.to_string().contains(said), "{error}");
        config.data_dir = config.data_dir.with_file_name("third");
        std::fs::create_dir_all(&config.data_dir).unwrap();
        std::fs::write(config.data_dir.join("relay.key"), [1; 32]).unwrap();
    }
    drop(first);
}
