//! Snapshots: stored whole or not at all, confirmed by another, and nothing is given up before that.

use custory_wire::{
    Chain, Context, Hash, Head, LogId, NackReason, Role, Signature, SnapshotHeader, SnapshotInfo, ToClient,
    ToRelay, encode, signing_bytes, snapshot_signing_bytes,
};
use ed25519_dalek::Signer;

use crate::home::fresh;
use crate::support::{Author, Client, Member, Team};

const LOG: LogId = LogId([3; 16]);

fn snapshot(member: &Member, base: Chain, blob: &[u8]) -> SnapshotInfo {
    let (bytes_len, hash) = (blob.len() as u64, Hash::of(blob));
    let header = SnapshotHeader {
        version: 1,
        log: LOG,
        device: member.device,
        base,
        devices: vec![],
        rseq: 1,
        rhead: Head::ZERO,
        epoch: 1,
        bytes_len,
        hash,
        nonce: [0; 24],
    };
    let header = encode(&header);
    let signature = Signature(member.key.sign(&snapshot_signing_bytes(&header)).to_bytes());
    SnapshotInfo { base, bytes_len, hash, header, signature }
}

fn tip_of(records: &[Vec<u8>]) -> Chain {
    records.iter().fold(Chain::start(&LOG), |chain, it| chain.then(&Hash::of(it)))
}

async fn put(client: &mut Client, info: &SnapshotInfo, blob: &[u8]) {
    client.send(ToRelay::SnapshotPut { log: LOG, info: info.clone() }).await;
    let wanted = ToClient::SnapshotWanted { hash: info.hash, offset: 0 };
    client.wait_for(|it| (*it == wanted).then_some(())).await;
    for (number, part) in blob.chunks(200_000).enumerate() {
        let offset = number as u64 * 200_000;
        client.send(ToRelay::SnapshotPart { hash: info.hash, offset, bytes: part.to_vec() }).await;
    }
    stored(client, info).await;
}

async fn stored(client: &mut Client, info: &SnapshotInfo) {
    let stored = ToClient::SnapshotStored { log: LOG, info: info.clone() };
    client.wait_for(|it| (*it == stored).then_some(())).await;
}

async fn confirm(client: &mut Client, member: &Member, hash: Hash) {
    let bytes = signing_bytes(Context::Confirm, &[&LOG.0, &hash.0]);
    let signature = Signature(member.key.sign(&bytes).to_bytes());
    client.send(ToRelay::SnapshotConfirm { log: LOG, hash, signature }).await;
}

/// Confirms and waits until that is done: a push that is answered was behind it in the same queue.
async fn confirm_for_good(client: &mut Client, member: &Member, hash: Hash, known: &[u8]) {
    confirm(client, member, hash).await;
    client.push(LOG, vec![known.to_vec()]).await.unwrap();
}

async fn nack(client: &mut Client) -> NackReason {
    client
        .wait_for(|it| match it {
            ToClient::Nack { reason, .. } => Some(*reason),
            _ => None,
        })
        .await
}

async fn open(client: &mut Client, at: Chain) -> ToClient {
    open_without(client, at, &[]).await
}

async fn open_without(client: &mut Client, at: Chain, without: &[&SnapshotInfo]) -> ToClient {
    let without = without.iter().map(|it| it.hash).collect();
    client.send(ToRelay::Open { log: LOG, at, without }).await;
    client
        .wait_for(|it| match it {
            ToClient::Opened { .. } | ToClient::GoneBelow { .. } | ToClient::RolledBack { .. } => {
                Some(it.clone())
            }
            _ => None,
        })
        .await
}

#[tokio::test]
async fn records_are_given_up_only_below_the_confirmed_snapshot_before() {
    let (home, relay) = fresh().await;
    let mut team = Team::new();
    let other = team.add(Role::Editor);
    let mut ana = Client::founder(relay.address(), &team).await;
    let mut ben = Client::member(relay.address(), &team, &other).await;
    ana.open_all(LOG).await;
    ben.open_all(LOG).await;
    let mut author = Author::new(&team.admin, LOG, &team.roster);
    let all: Vec<_> = (0..30).map(|_| author.write(&[1; 3_000])).collect();
    let of_ben = Author::new(&other, LOG, &team.roster).write(b"by Ben");
    for records in all.chunks(5) {
        ana.push(LOG, records.to_vec()).await.unwrap();
    }
    ben.push(LOG, vec![of_ben.clone()]).await.unwrap();
    // Larger than the records it stands for, so that nobody is sent to it without need.
    let (first_blob, second_blob) = (vec![1; 450_000], vec![2; 450_000]);
    let first = snapshot(&team.admin, tip_of(&all[..10]), &first_blob);
    let second = snapshot(&team.admin, tip_of(&all[..20]), &second_blob);
    put(&mut ana, &first, &first_blob).await;
    stored(&mut ben, &first).await;

    // Its maker's own word is not enough as long as there is somebody else.
    confirm(&mut ana, &team.admin, first.hash).await;
    assert_eq!(nack(&mut ana).await, NackReason::Denied);
    confirm_for_good(&mut ben, &other, first.hash, &of_ben).await;
    assert!(
        matches!(open(&mut ben, Chain::start(&LOG)).await, ToClient::Opened { .. }),
        "all is still there"
    );

    put(&mut ana, &second, &second_blob).await;
    let ToClient::Opened { snapshot: newest, .. } = open(&mut ben, Chain::start(&LOG)).await else {
        panic!("an unconfirmed snapshot gives nothing up")
    };
    assert_eq!(newest, Some(second.clone()));
    confirm_for_good(&mut ben, &other, second.hash, &of_ben).await;
    assert_eq!(
        open(&mut ben, Chain::start(&LOG)).await,
        ToClient::GoneBelow { log: LOG, snapshot: second.clone() }
    );
    // Whoever does not take the newest is given the one before; whoever takes none learns that there is no more.
    for (without, offered) in [(&[&second][..], &first), (&[&second, &first], &second)] {
        let answer = open_without(&mut ben, Chain::start(&LOG), without).await;
        assert_eq!(answer, ToClient::GoneBelow { log: LOG, snapshot: offered.clone() });
    }
    ben.open(LOG, second.base).await;
    // The one before and its tail stay, and so does what it stands for: a push from then is still known.
    assert!(matches!(open(&mut ben, first.base).await, ToClient::Opened { .. }));
    let mut late = Client::member(relay.address(), &team, &other).await;
    assert!(matches!(open(&mut late, first.base).await, ToClient::Opened { .. }));
    assert_eq!(late.read(LOG, 11, 21).await[..20], all[10..]);
    assert_eq!(ana.push(LOG, all[3..4].to_vec()).await.unwrap(), [(4, 0)]);
    assert_eq!(ana.push(LOG, all[12..13].to_vec()).await.unwrap(), [(13, 13)]);

    for (info, blob) in [(&first, &first_blob), (&second, &second_blob)] {
        late.send(ToRelay::SnapshotGet { log: LOG, hash: info.hash, offset: 100 }).await;
        let mut got = Vec::new();
        while got.len() < blob.len() - 100 {
            let part = late.wait_for(|it| match it {
                ToClient::SnapshotPart { hash, offset, bytes } if *hash == info.hash => {
                    Some((*offset, bytes.clone()))
                }
                _ => None,
            });
            let (offset, bytes) = part.await;
            assert_eq!(offset as usize, 100 + got.len());
            got.extend(bytes);
        }
        assert_eq!(got, blob[100..]);
    }
    drop((ana, ben, late));
    relay.drain().await;
    home.expect_kept(2, 21).await;
}

#[tokio::test]
async fn a_large_history_begins_with_its_confirmed_snapshot() {
    let (_home, relay) = fresh().await;
    let team = Team::new();
    let mut solo = Client::founder(relay.address(), &team).await;
    solo.open_all(LOG).await;
    let mut author = Author::new(&team.admin, LOG, &team.roster);
    let all: Vec<_> = (0..20).map(|_| author.write(&[1; 1_000])).collect();
    solo.push(LOG, all.clone()).await.unwrap();
    let blob = vec![5; 4_000];
    let info = snapshot(&team.admin, tip_of(&all[..18]), &blob);
    put(&mut solo, &info, &blob).await;
    // Who is alone can only confirm it alone.
    confirm_for_good(&mut solo, &team.admin, info.hash, &all[0]).await;
    let mut fresh = Client::member(relay.address(), &team, &team.admin).await;
    assert_eq!(
        open(&mut fresh, Chain::start(&LOG)).await,
        ToClient::GoneBelow { log: LOG, snapshot: info.clone() }
    );
    let mut wary = Client::member(relay.address(), &team, &team.admin).await;
    let whole = open_without(&mut wary, Chain::start(&LOG), &[&info]).await;
    assert!(matches!(whole, ToClient::Opened { .. }), "its records are there for whoever does not take it");
    assert!(
        matches!(open(&mut fresh, tip_of(&all[..15])).await, ToClient::Opened { .. }),
        "a short tail is less"
    );
    assert!(matches!(open(&mut fresh, info.base).await, ToClient::Opened { .. }));
    assert_eq!(fresh.read(LOG, 16, 5).await.len(), 5);
}

#[tokio::test]
async fn snapshots_that_are_not_what_they_say_are_refused() {
    let (_home, relay) = fresh().await;
    let mut team = Team::new();
    let (other, viewer) = (team.add(Role::Editor), team.add(Role::Viewer));
    let mut ana = Client::founder(relay.address(), &team).await;
    ana.open_all(LOG).await;
    let records = Author::new(&team.admin, LOG, &team.roster).write_many(3);
    ana.push(LOG, records.clone()).await.unwrap();
    let (tip, blob) = (tip_of(&records), vec![1; 1_000]);
    let good = snapshot(&team.admin, tip, &blob);

    let mut unsigned = good.clone();
    unsigned.signature = Signature([1; 64]);
    let mut other_length = good.clone();
    other_length.bytes_len += 1;
    let ahead = snapshot(&team.admin, tip.then(&Hash::of(b"not there")), &blob);
    for (info, reason) in [
        (unsigned, NackReason::Malformed),
        (other_length, NackReason::Malformed),
        (ahead, NackReason::NotFound),
        (snapshot(&team.admin, Chain { seq: 0, ..tip }, &blob), NackReason::Malformed),
        (snapshot(&Member { device: other.device, ..team.admin.clone() }, tip, &blob), NackReason::Denied),
    ] {
        ana.send(ToRelay::SnapshotPut { log: LOG, info }).await;
        assert_eq!(nack(&mut ana).await, reason);
    }
    let mut reader = Client::member(relay.address(), &team, &viewer).await;
    reader.open_all(LOG).await;
    reader.send(ToRelay::SnapshotPut { log: LOG, info: snapshot(&viewer, tip, &blob) }).await;
    assert_eq!(nack(&mut reader).await, NackReason::Denied);

    // A place that the log never had is found out at the latest when the blob is complete.
    let elsewhere = snapshot(&team.admin, Chain { seq: 2, head: Hash::of(b"another past").head() }, &blob);
    ana.send(ToRelay::SnapshotPut { log: LOG, info: elsewhere.clone() }).await;
    ana.send(ToRelay::SnapshotPart { hash: elsewhere.hash, offset: 0, bytes: blob.clone() }).await;
    assert_eq!(nack(&mut ana).await, NackReason::NotFound);
    // Other bytes than announced.
    ana.send(ToRelay::SnapshotPut { log: LOG, info: good.clone() }).await;
    ana.send(ToRelay::SnapshotPart { hash: good.hash, offset: 0, bytes: vec![2; 1_000] }).await;
    assert_eq!(nack(&mut ana).await, NackReason::Malformed);
    put(&mut ana, &good, &blob).await;
}
