//! How fast the store is with a journey of 60 steps and 2,000 items, on the disk of `target/`.
//!
//! `cargo bench -p custory-store` prints means, and for commits also how the slowest ones fare: an
//! edit has to be durable within 10 ms for 95 of 100.

#![allow(clippy::unwrap_used, reason = "a benchmark that cannot go on should stop")]

use std::io::Write;
use std::time::{Duration, Instant};

use criterion::{Criterion, criterion_group, criterion_main};
use custory_domain::{Board, Command, Insight, InsightField, Patch, carry_out};
use custory_store::{Committed, DocumentKind, NewChange, Seq, Store};
use custory_testkit::{Mint, journey};
use tempfile::TempDir;
use ulid::Ulid;

/// Commits timed one by one; enough to meet several moves of the log into the file.
const COMMITS: usize = 2_000;
/// An Automerge change of one field, in bytes (docs: 131 to 148).
const CHANGE_BYTES: usize = 140;
/// What a commit of one edit writes to the log, in bytes: about ten pages.
const COMMIT_BYTES: usize = 40_960;

struct Bench {
    _dir: TempDir,
    store: Store,
    id: Ulid,
    seen: Seq,
    board: Board,
    mint: Mint,
    made: u64,
}

impl Bench {
    fn new() -> Self {
        let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let mut store = Store::open(&dir.path().join("custory.db")).unwrap();
        let mut mint = Mint::of(1);
        let stamp = mint.stamp();
        let commands = journey::commands(journey::Size::LARGE, &mut mint);
        let board = journey::board(commands, stamp);
        let id = board.journey().unwrap().id.ulid();
        store.create_document(id, DocumentKind::Journey).unwrap();
        let mut bench = Self { _dir: dir, store, id, seen: Seq(0), board, mint, made: 0 };
        let patch = Patch { put: bench.board.entities().collect(), removed: Vec::new() };
        bench.commit(&patch);
        bench
    }

    fn commit(&mut self, patch: &Patch) {
        self.made += 1;
        let mut hash = [0; 32];
        hash[..8].copy_from_slice(&self.made.to_be_bytes());
        let change = NewChange { hash: &hash, bytes: &[7; CHANGE_BYTES] };
        let Committed::Done(seq) = self.store.commit(self.id, self.seen, &[change], patch).unwrap() else {
            panic!("nobody else is here")
        };
        self.seen = seq;
    }

    /// What one gesture does, as the rules of the domain say.
    fn gesture(&mut self, command: Command) -> Patch {
        let after = carry_out(&self.board, command, self.mint.stamp()).unwrap().after;
        let patch = Patch { put: after, removed: Vec::new() };
        self.board.apply(&patch);
        patch
    }

    /// Another title for one of the insights, which is also another entry in the index.
    fn rename(&mut self) -> Patch {
        let at = self.made as usize * 7 % self.board.insights.len();
        let id = *self.board.insights.keys().nth(at).unwrap();
        let title = format!("Title number {} which nobody has seen before", self.made);
        self.gesture(Command::set(custory_domain::Change::Insight {
            id,
            set: InsightField::Statement(title),
        }))
    }

    /// A new insight on one of the steps, which also counts anew.
    fn add(&mut self) -> Patch {
        let at = self.made as usize * 7 % self.board.steps.len();
        let step = *self.board.steps.keys().nth(at).unwrap();
        let insight = Insight::new(self.mint.id());
        let statement = format!("Added as number {}", self.made);
        self.gesture(Command::add(Insight { statement, steps: [step].into(), ..insight }))
    }

    /// One of the steps to the front of its stage: nothing in it that search reads.
    fn move_step(&mut self) -> Patch {
        let at = self.made as usize * 7 % self.board.steps.len();
        let (step, stage) = self.board.steps.values().map(|it| (it.id, it.stage.unwrap())).nth(at).unwrap();
        self.gesture(Command::MoveStep { step, stage, index: 0 })
    }
}

#[expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
fn timed(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

/// A gesture of a person: what it does to the board.
type Gesture = fn(&mut Bench) -> Patch;

/// The slowest of many, which a mean does not show, beside what the disk takes by itself.
fn percentiles(_: &mut Criterion) {
    let mut bench = Bench::new();
    let file = bench._dir.path().join("disk");
    let mut file = std::fs::File::create(file).unwrap();
    print("disk/write_and_sync", |_| {
        timed(|| {
            file.write_all(&[7; COMMIT_BYTES]).unwrap();
            file.sync_data().unwrap();
        })
    });
    let gestures: [(&str, Gesture); 3] =
        [("rename", Bench::rename), ("add", Bench::add), ("move_step", Bench::move_step)];
    for (name, gesture) in gestures {
        print(&format!("commit/{name}"), |_| {
            let patch = gesture(&mut bench);
            timed(|| bench.commit(&patch))
        });
    }
}

fn print(name: &str, time: impl FnMut(usize) -> Duration) {
    let mut times: Vec<Duration> = (0..COMMITS).map(time).collect();
    times.sort();
    let at = |share: f64| times[((COMMITS - 1) as f64 * share) as usize];
    println!(
        "{name}: p50 {:.2?}, p95 {:.2?}, p99 {:.2?}, slowest {:.2?} of {COMMITS}",
        at(0.5),
        at(0.95),
        at(0.99),
        at(1.0)
    );
}

fn means(criterion: &mut Criterion) {
    let mut bench = Bench::new();
    let (id, title) = (bench.id, "see part 12");
    criterion.bench_function("board", |it| it.iter(|| bench.store.board(id).unwrap()));
    criterion.bench_function("summaries", |it| it.iter(|| bench.store.summaries().unwrap()));
    criterion.bench_function("data_version", |it| it.iter(|| bench.store.data_version().unwrap()));
    criterion.bench_function("search/few", |it| it.iter(|| bench.store.search(title, None, 50).unwrap()));
    criterion.bench_function("search/many", |it| it.iter(|| bench.store.search("p", None, 50).unwrap()));
    criterion.bench_function("check", |it| it.iter(|| bench.store.check().unwrap()));
    let everything = Patch { put: bench.board.entities().collect(), removed: Vec::new() };
    criterion.bench_function("commit/everything_unchanged", |it| it.iter(|| bench.commit(&everything)));
    criterion.bench_function("commit/rename", |it| {
        it.iter_batched(
            || (),
            |()| {
                let patch = bench.rename();
                bench.commit(&patch);
            },
            criterion::BatchSize::PerIteration,
        );
    });
    let path = bench._dir.path().join("custory.db");
    criterion.bench_function("open", |it| it.iter(|| Store::open(&path).unwrap()));
}

criterion_group!(benches, percentiles, means);
criterion_main!(benches);
