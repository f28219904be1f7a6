//! Whatever comes over a connection, the relay goes on and no part of it panics.

use std::sync::atomic::{AtomicUsize, Ordering};

use custory_wire::{
    Chain, Hash, LogId, Nonce, Signature, SnapshotInfo, SpaceId, ToClient, ToRelay, limits::MESSAGE_BYTES_MAX,
};
use futures_util::SinkExt;
use proptest::prelude::*;
use tokio_tungstenite::tungstenite::Message;

use crate::home::fresh;
use crate::support::{Author, Client, Event, Team};

const LOG: LogId = LogId([3; 16]);

static PANICS: AtomicUsize = AtomicUsize::new(0);

/// Counts panics anywhere in the program: one of a connection's task would go by in silence.
fn count_panics() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            PANICS.fetch_add(1, Ordering::SeqCst);
            usual(info);
        }));
    });
}

/// A message that is well formed, of every kind.
fn messages() -> impl Strategy<Value = ToRelay> {
    let log = prop_oneof![3 => Just(LOG), 1 => any::<[u8; 16]>().prop_map(LogId)];
    let bytes = prop::collection::vec(any::<u8>(), 0..300);
    let list = prop::collection::vec(bytes.clone(), 0..5);
    let place = (any::<u64>(), any::<[u8; 16]>())
        .prop_map(|(seq, head)| Chain { seq, head: custory_wire::Head(head) });
    (0..16_u8, log, bytes, list, place, any::<u64>(), any::<[u8; 32]>()).prop_map(
        |(kind, log, bytes, records, at, number, hash)| {
            let hash = Hash(hash);
            let signature = Signature([7; 64]);
            match kind {
                0 => ToRelay::Create { records, token: Some(String::new()) },
                1 => ToRelay::RosterPut { records },
                2 => ToRelay::RosterGet { after: number as u32 },
                3 => ToRelay::List,
                4 => ToRelay::Open { log, at, without: vec![] },
                5 => ToRelay::Close { log },
                6 => ToRelay::Push { log, records },
                7 => ToRelay::Seen { log, statement: bytes },
                8 => ToRelay::Credit { bytes: number },
                9 => ToRelay::Ephemeral { log, sealed: bytes },
                10 => {
                    let info = SnapshotInfo { base: at, bytes_len: number, hash, header: bytes, signature };
                    ToRelay::SnapshotPut { log, info }
                }
                11 => ToRelay::SnapshotPart { hash, offset: number, bytes },
                12 => ToRelay::SnapshotGet { log, hash, offset: number },
                13 => ToRelay::SnapshotConfirm { log, hash, signature },
                14 => ToRelay::Lease { name: custory_wire::LeaseName(log.0) },
                _ => ToRelay::Auth {
                    version: 1,
                    space: SpaceId(hash.0),
                    key: custory_wire::PublicKey(hash.0),
                    nonce: Nonce(hash.0),
                    signature,
                },
            }
        },
    )
}

/// What a hostile client sends: noise, messages, and messages with a byte changed or the end cut off.
fn frames() -> impl Strategy<Value = Vec<u8>> {
    let noise = prop::collection::vec(any::<u8>(), 0..200);
    let bent = (messages(), any::<prop::sample::Index>(), any::<u8>(), any::<bool>()).prop_map(
        |(message, at, value, is_cut)| {
            let mut bytes = message.to_bytes();
            let at = at.index(bytes.len());
            if is_cut {
                bytes.truncate(at);
            } else {
                bytes[at] = value;
            }
            bytes
        },
    );
    prop_oneof![1 => noise, 3 => messages().prop_map(|it| it.to_bytes()), 3 => bent]
}

#[test]
fn hostile_frames_of_members_and_strangers_do_no_harm() {
    count_panics();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (_home, relay, team, witness) = runtime.block_on(async {
        let (home, relay) = fresh().await;
        let team = Team::new();
        let mut witness = Client::founder(relay.address(), &team).await;
        witness.open_all(LOG).await;
        let records = Author::new(&team.admin, LOG, &team.roster).write_many(5);
        witness.push(LOG, records).await.unwrap();
        witness.read(LOG, 1, 5).await;
        (home, relay, team, witness)
    });
    let witness = tokio::sync::Mutex::new(witness);
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(120));
    let frames = (prop::collection::vec(frames(), 1..12), any::<bool>());
    let result = runner.run(&frames, |(frames, is_member)| {
        runtime.block_on(async {
            let mut socket = if is_member {
                let mut client = Client::member(relay.address(), &team, &team.admin).await;
                client.open_all(LOG).await;
                client.socket
            } else {
                let url = format!("ws://{}{}", relay.address(), custory_wire::SYNC_PATH);
                let stream = tokio::net::TcpStream::connect(relay.address()).await.unwrap();
                tokio_tungstenite::client_async(url, stream).await.unwrap().0
            };
            for frame in frames {
                if socket.send(Message::Binary(frame.into())).await.is_err() {
                    break;
                }
            }
            drop(socket);
            // The others notice nothing.
            let mut witness = witness.lock().await;
            witness.send(ToRelay::Ping { number: 5 }).await;
            witness.wait_for(|it| (*it == ToClient::Pong { number: 5 }).then_some(())).await;
            witness.aside.clear();
        });
        prop_assert_eq!(PANICS.load(Ordering::SeqCst), 0);
        Ok(())
    });
    result.unwrap();
    runtime.block_on(async {
        drop(witness);
        relay.drain().await;
    });
    assert_eq!(PANICS.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_message_that_is_too_long_ends_its_connection_only() {
    let (_home, relay) = fresh().await;
    let team = Team::new();
    let mut witness = Client::founder(relay.address(), &team).await;
    let mut hostile = Client::member(relay.address(), &team, &team.admin).await;
    hostile.socket.send(Message::Binary(vec![0; MESSAGE_BYTES_MAX + 1].into())).await.ok();
    assert_eq!(hostile.event().await, Event::End);
    assert!(witness.is_quiet().await);
}
