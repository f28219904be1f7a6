//! W3: what the relay's part of catching up takes. A log of 20,000 edits whose confirmed snapshot stands for all
//! but the last 500; a fresh device gets snapshot and tail, one that was away gets the tail.
//!
//! The snapshot is opaque here, of the size that Automerge saves such a document in; loading it is the device's
//! part and not in these figures.

use std::time::Instant;

use custory_wire::{
    Chain, Context, Hash, Head, LogId, Signature, SnapshotHeader, SnapshotInfo, ToClient, ToRelay, encode,
    limits, signing_bytes, snapshot_signing_bytes,
};
use ed25519_dalek::Signer;

use crate::server::SETTINGS;
use crate::support::{Author, Client, Process, Team};
use crate::{BODY_BYTES, head, say};

const EDITS: usize = 20_000;
const TAIL: usize = 500;
const SNAPSHOT_BYTES: usize = 120_000;
const REPEATS: usize = 9;
const LOG: LogId = LogId([1; 16]);

pub async fn run() {
    let folder = tempfile::tempdir().unwrap();
    let process = Process::start(folder.path(), SETTINGS);
    let team = Team::new();
    let mut client = Client::founder(process.address, &team).await;
    client.open_all(LOG).await;
    let mut author = Author::new(&team.admin, LOG, &team.roster);
    let mut tip = Chain::start(&LOG);
    let mut base = tip;
    let mut pushed = 0;
    while pushed < EDITS {
        if pushed == EDITS - TAIL {
            base = tip;
        }
        let count =
            limits::RECORDS_MAX.min(EDITS - TAIL - pushed.min(EDITS - TAIL)).max(1).min(EDITS - pushed);
        let records: Vec<_> = (0..count).map(|_| author.write_unsigned(&[7; BODY_BYTES])).collect();
        tip = records.iter().fold(tip, |chain, it| chain.then(&Hash::of(it)));
        pushed += count;
        client.send(ToRelay::Credit { bytes: 1 << 20 }).await;
        client.push(LOG, records).await.unwrap();
        client.aside.clear();
    }
    let info = put_snapshot(&mut client, &team, base).await;
    head("W3 catch-up, 20,000 edits", "| who | median ms | bytes |");
    measure("fresh: snapshot and 500 edits", &process, &team, Chain::start(&LOG), tip, Some(&info)).await;
    measure("back: 500 edits", &process, &team, base, tip, None).await;
}

async fn put_snapshot(client: &mut Client, team: &Team, base: Chain) -> SnapshotInfo {
    let blob = vec![9; SNAPSHOT_BYTES];
    let (bytes_len, hash) = (blob.len() as u64, Hash::of(&blob));
    let (device, nonce) = (team.admin.device, [0; 24]);
    let header = SnapshotHeader {
        version: 1,
        log: LOG,
        device,
        base,
        devices: vec![],
        rseq: 1,
        rhead: Head::ZERO,
        epoch: 1,
        bytes_len,
        hash,
        nonce,
    };
    let header = encode(&header);
    let sign = |bytes: &[u8]| Signature(team.admin.key.sign(bytes).to_bytes());
    let signature = sign(&snapshot_signing_bytes(&header));
    let info = SnapshotInfo { base, bytes_len, hash, header, signature };
    client.send(ToRelay::SnapshotPut { log: LOG, info: info.clone() }).await;
    client.send(ToRelay::SnapshotPart { hash, offset: 0, bytes: blob }).await;
    client.wait_for(|it| matches!(it, ToClient::SnapshotStored { .. }).then_some(())).await;
    let signature = sign(&signing_bytes(Context::Confirm, &[&LOG.0, &hash.0]));
    client.send(ToRelay::SnapshotConfirm { log: LOG, hash, signature }).await;
    client.is_quiet().await;
    info
}

async fn measure(
    who: &str,
    process: &Process,
    team: &Team,
    from: Chain,
    tip: Chain,
    snapshot: Option<&SnapshotInfo>,
) {
    let (mut times, mut bytes) = (Vec::new(), 0);
    for _ in 0..REPEATS {
        let start = Instant::now();
        let mut client = Client::member(process.address, team, &team.admin).await;
        client.send(ToRelay::Open { log: LOG, at: from, without: vec![] }).await;
        bytes = 0;
        let mut seq = from.seq;
        let mut blob_left = snapshot.map_or(0, |it| it.bytes_len);
        while seq < tip.seq || blob_left > 0 {
            match client.next().await {
                ToClient::GoneBelow { snapshot, .. } => {
                    seq = snapshot.base.seq;
                    client.send(ToRelay::SnapshotGet { log: LOG, hash: snapshot.hash, offset: 0 }).await;
                    client.send(ToRelay::Open { log: LOG, at: snapshot.base, without: vec![] }).await;
                }
                ToClient::SnapshotPart { bytes: part, .. } => {
                    blob_left -= part.len() as u64;
                    bytes += part.len();
                }
                ToClient::Records { records, .. } => {
                    seq += records.len() as u64;
                    bytes += records.iter().map(Vec::len).sum::<usize>();
                }
                ToClient::Opened { .. } => {}
                other => panic!("{other:?}"),
            }
        }
        times.push(start.elapsed().as_secs_f64() * 1e3);
    }
    times.sort_by(f64::total_cmp);
    say(&format!("| {who} | {:.1} | {bytes} |", times[times.len() / 2]));
}
