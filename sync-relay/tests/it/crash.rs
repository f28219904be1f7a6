//! What was acknowledged outlives a crash. The relay is a process of its own here, ended by `kill -9` in the
//! middle of its work. (That leaves the system's cache: it is a crash of the program, not a power cut; for that
//! the relay syncs before it answers.)

use custory_wire::{Chain, LogId, ToClient, ToRelay};

use crate::home::Home;
use crate::support::{Author, Client, Event, Team};

const LOG: LogId = LogId([3; 16]);
const KILLS: u64 = 24;

#[tokio::test]
async fn p2_no_acknowledged_record_is_lost_in_dozens_of_kills() {
    let home = Home::new();
    let team = Team::new();
    let mut author = Author::new(&team.admin, LOG, &team.roster);
    let mut written: Vec<Vec<u8>> = Vec::new();
    let mut tip = Chain::start(&LOG);
    for round in 0..KILLS {
        let relay = home.process(&[]);
        let mut client = Client::member(relay.address, &team, &team.admin).await;
        if round == 0 {
            client.send(ToRelay::Create { records: team.records.clone(), token: None }).await;
            assert!(matches!(client.next().await, ToClient::Roster { .. }));
        }
        // Everything that was acknowledged is there; what was not may be, as far as it was written.
        let found = client.open(LOG, tip).await;
        assert!(found.seq <= written.len() as u64);
        let rest = client.read(LOG, tip.seq + 1, (found.seq - tip.seq) as usize).await;
        assert_eq!(rest, written[tip.seq as usize..found.seq as usize]);
        tip = rest.iter().fold(tip, |chain, it| chain.then(&custory_wire::Hash::of(it)));
        assert_eq!(tip, found);
        // What was not is pushed again, as a client does, and then more until the kill.
        let mut next = tip.seq as usize;
        let acks_before_kill = 1 + round * 7 % 40;
        let mut acked = 0;
        let mut relay = Some(relay);
        loop {
            while next < tip.seq as usize + 40 && relay.is_some() {
                if next == written.len() {
                    written.push(author.write(format!("{round}/{next}").as_bytes()));
                }
                client.send(ToRelay::Push { log: LOG, records: vec![written[next].clone()] }).await;
                next += 1;
            }
            match client.event().await {
                Event::Message(ToClient::Ack { records, .. }) => {
                    for (dseq, seq) in records {
                        assert_eq!((dseq, seq), (tip.seq + 1, tip.seq + 1));
                        tip = tip.then(&custory_wire::Hash::of(&written[tip.seq as usize]));
                        acked += 1;
                    }
                    if acked >= acks_before_kill
                        && let Some(relay) = relay.take()
                    {
                        relay.kill();
                    }
                }
                Event::Message(ToClient::Records { .. }) => {}
                Event::Message(other) => panic!("{other:?}"),
                Event::End => break,
            }
        }
    }
    let relay = home.process(&[]);
    let mut client = Client::member(relay.address, &team, &team.admin).await;
    let found = client.open_all(LOG).await;
    assert!(found.seq >= tip.seq);
    assert_eq!(client.read(LOG, 1, found.seq as usize).await, written[..found.seq as usize]);
}
