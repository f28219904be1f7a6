//! W3 from a device's side: what a newcomer reads of a journey of 2,000 items with 20,000 edits of
//! history, as a snapshot and as records, and how long it takes from sealed bytes to a journey that can be
//! read, to a document that has been checked, and to one that is on the disk.
//!
//! `cargo xtask bench catch_up`.

#![expect(clippy::disallowed_methods, reason = "a benchmark takes the time")]

use std::time::Instant;

use custory_document::{Actor, Whole};
use custory_domain::*;
use custory_seal::{
    DeviceKeys, DeviceSecret, Epochs, Payload, Profile, Random, Snapshot, begin_space, open_snapshot,
    seal_record, seal_snapshot,
};
use custory_store::{DocumentKind, Reading, Store};
use custory_testkit::journey::{Size, commands};
use custory_testkit::replica::Replica;
use custory_wire::{Chain, DeviceChain, Hash, Header, Kind, Roster, SUITE, SnapshotHeader, decode, limits};

const EDITS: usize = 20_000;
const REPEATS: usize = 5;

/// In place of randomness: figures that are the same on every run.
struct Counting(u64);

impl Random for Counting {
    fn fill(&mut self, bytes: &mut [u8]) {
        bytes.iter_mut().for_each(|it| {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            *it = (self.0 >> 33) as u8;
        });
    }
}

fn main() {
    // `cargo test` builds and runs every benchmark once, to see that it works.
    let edits = if std::env::args().any(|it| it == "--test") { 500 } else { EDITS };
    let replica = worked_on(edits);
    let dice = &mut Counting(7);
    let keys = DeviceKeys::of(&DeviceSecret::from_bytes([1; 32]));
    let profile = Profile { member: [0; 16], person: "Ana".to_owned(), device: "laptop".to_owned() };
    let roster = Roster::begin(&begin_space(&keys, &profile, dice)).expect("a roster begins");
    let epochs = Epochs::of(&roster, 1, &keys);
    let epoch = epochs.get(1).expect("the first epoch's key");
    let document = [9; 16];
    let log = roster.space().journey_log(&document);
    let (mut at, mut mine, mut record_bytes) = (Chain::start(&log), DeviceChain::default(), 0);
    for change in &replica.made {
        let mut nonce = [0; 16];
        dice.fill(&mut nonce);
        let header = Header {
            version: Header::VERSION,
            suite: SUITE,
            log,
            device: 1,
            dseq: mine.dseq + 1,
            prev: mine.last,
            seen_seq: at.seq,
            seen_head: at.head,
            rseq: 1,
            rhead: roster.rhead(),
            epoch: 1,
            kind: Kind::Changes,
            nonce,
        };
        let record = seal_record(&keys, epoch, &header, Payload { document, changes: vec![change.clone()] });
        (at, mine) = (at.then(&Hash::of(&record)), mine.then(&Hash::of(&record)));
        record_bytes += record.len();
    }
    let (heads, saved) = (replica.document.heads(), replica.document.save());
    let saved_bytes = saved.len();
    let header = SnapshotHeader {
        version: SnapshotHeader::VERSION,
        log,
        device: 1,
        base: at,
        devices: vec![(1, mine)],
        rseq: 1,
        rhead: roster.rhead(),
        epoch: 1,
        bytes_len: 0,
        hash: Hash([0; 32]),
        nonce: [3; 24],
    };
    let view = serde_json::to_vec(replica.document.board()).expect("a board is JSON");
    let view_bytes = view.len();
    let (info, blob) =
        seal_snapshot(&keys, epoch, header, Snapshot { document, heads, rseq: 1, saved, view });
    println!("| {edits} edits, 2,000 items | bytes |\n|---|---|");
    println!("| records | {record_bytes} |");
    println!("| saved document, view of it | {saved_bytes}, {view_bytes} |");
    println!("| snapshot, sealed, with its header | {} |", blob.len() + info.header.len());
    let header: SnapshotHeader =
        decode(&info.header, limits::SNAPSHOT_HEADER_BYTES_MAX).expect("it was just made");
    let mut times: [Vec<_>; 4] = Default::default();
    for _ in 0..REPEATS {
        let start = Instant::now();
        let content = open_snapshot(&epochs, &header, &blob).expect("it was just sealed");
        let board: Board = serde_json::from_slice(&content.view).expect("it was just written");
        times[0].push(start.elapsed());
        let whole = Whole::open(&content.saved).expect("it was just saved");
        times[1].push(start.elapsed());
        let (document, saved) = whole.to_document(&content.saved, Actor([4; 16])).expect("it is sound");
        times[2].push(start.elapsed());
        let folder = tempfile::tempdir().expect("a folder");
        let mut store = Store::open(&folder.path().join("custory.db")).expect("a store");
        let id = ulid::Ulid::from_bytes([9; 16]);
        store.create_document(id, DocumentKind::Journey).expect("room for it");
        let before_disk = Instant::now();
        let patch = Patch { put: document.board().entities().collect(), removed: Vec::new() };
        let reading = Reading { log: log.0, state: &[], settled: &[] };
        store.commit_whole(id, (whole.count(), &saved), &patch, reading).expect("it is kept");
        times[3].push(before_disk.elapsed());
        assert_eq!(&board, document.board());
        assert_eq!((whole.count(), document.heads()), (replica.made.len(), content.heads));
        assert_eq!(saved, content.saved, "what is kept here is what was saved there");
    }
    println!("\n| from sealed bytes until | median ms |\n|---|---|");
    let what = [
        "a journey to read (in the loop)",
        "taken apart (beside it)",
        "a document, each change checked, and its saved form (beside it)",
        "on the disk, alone (in the loop)",
    ];
    for (what, mut times) in what.into_iter().zip(times) {
        times.sort();
        println!("| {what} | {:.1} |", times[REPEATS / 2].as_secs_f64() * 1e3);
    }
}

/// A large journey and a history of edits, each a change of its own.
fn worked_on(edits: usize) -> Replica {
    let mut replica = Replica::new(1);
    let commands = commands(Size::LARGE, &mut replica.mint);
    replica.run(Command::Batch { label: "Import".to_owned(), commands }).expect("it keeps the rules");
    let steps: Vec<StepId> = replica.document.board().steps.keys().copied().collect();
    let insights: Vec<InsightId> = replica.document.board().insights.keys().copied().collect();
    for at in 0..edits {
        let change = if at.is_multiple_of(2) {
            let set = StepField::Title(format!("Step as it is called the {at}th time"));
            Change::Step { id: steps[at % steps.len()], set }
        } else {
            let set = InsightField::Statement(format!("People do not see why number {at} is asked for"));
            Change::Insight { id: insights[at % insights.len()], set }
        };
        replica.run(Command::set(change)).expect("it keeps the rules");
    }
    replica
}
