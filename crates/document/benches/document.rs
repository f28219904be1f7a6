//! A large journey, 60 steps and 2,000 items: how long everything takes, and how large it is.
//!
//! `cargo bench -p custory-document`. The sizes are printed first.

use std::hint::black_box;

use automerge::Automerge;
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use custory_document::{Actor, Document};
use custory_domain::*;
use custory_testkit::Mint;
use custory_testkit::journey::{Size, commands};
use custory_testkit::replica::Replica;

/// Edits that a colleague has made meanwhile.
const MEANWHILE: usize = 500;
/// Edits of a long history.
const LONG: usize = 100_000;

struct Large {
    /// The journey as it was imported.
    snapshot: Vec<u8>,
    /// A colleague's edits since, one change each.
    edits: Vec<Vec<u8>>,
    /// The journey with these in it.
    after: Vec<u8>,
    step: StepId,
}

impl Large {
    fn new() -> Self {
        let mut replica = Replica::new(1);
        let commands = commands(Size::LARGE, &mut replica.mint);
        replica.run(Command::Batch { label: "Import".to_owned(), commands }).expect("it keeps the rules");
        let snapshot = replica.document.save();
        let import = replica.made.pop().map_or(0, |it| it.len());
        let steps: Vec<StepId> = replica.document.board().steps.keys().copied().collect();
        let insights: Vec<InsightId> = replica.document.board().insights.keys().copied().collect();
        for at in 0..MEANWHILE {
            let command = if at.is_multiple_of(2) {
                retitle(steps[at % steps.len()], at)
            } else {
                let set = InsightField::Statement(format!("People do not see why number {at} is asked for"));
                Command::set(Change::Insight { id: insights[at % insights.len()], set })
            };
            replica.run(command).expect("it keeps the rules");
        }
        let edits = std::mem::take(&mut replica.made);
        let after = replica.document.save();
        println!("board: {} entities, {} bytes as JSON", replica.document.board().len(), json(&replica));
        println!("import of all as one change: {import} bytes");
        println!("snapshot: {} bytes; after {MEANWHILE} edits: {} bytes", snapshot.len(), after.len());
        let sum: usize = edits.iter().map(Vec::len).sum();
        println!("one edit: {} bytes on average, {} at most", sum / edits.len(), longest(&edits));
        Self { snapshot, edits, after, step: steps[0] }
    }

    fn open(&self) -> Document {
        open(&self.snapshot)
    }
}

fn open(snapshot: &[u8]) -> Document {
    Document::load(Some(snapshot), &[], Actor([7; 16])).expect("a saved document opens").document
}

fn retitle(id: StepId, at: usize) -> Command {
    Command::set(Change::Step { id, set: StepField::Title(format!("Set up part {at} of the account now")) })
}

fn json(replica: &Replica) -> usize {
    let bytes = serde_json::to_vec(replica.document.board());
    bytes.map_or(0, |it| it.len())
}

fn longest(chunks: &[Vec<u8>]) -> usize {
    chunks.iter().map(Vec::len).max().unwrap_or_default()
}

fn document(c: &mut Criterion) {
    let large = Large::new();
    c.bench_function("Automerge alone: load", |b| b.iter(|| Automerge::load(black_box(&large.snapshot))));
    c.bench_function("load", |b| b.iter(|| open(black_box(&large.snapshot))));
    c.bench_function("load with 500 edits beside the snapshot", |b| {
        b.iter(|| Document::load(Some(&large.snapshot), black_box(&large.edits), Actor([7; 16])));
    });
    let mut mint = Mint::of(2);
    let mut document = large.open();
    let mut at = 0;
    c.bench_function("edit one field: prepare and adopt", |b| {
        b.iter(|| {
            at += 1;
            let edit = document.prepare(retitle(large.step, at), mint.stamp()).expect("the step is there");
            document.adopt(edit)
        });
    });
    c.bench_function("undo and redo one field", |b| {
        b.iter(|| {
            let edit = document.prepare_undo(mint.stamp()).expect("there is something to take back");
            document.adopt(edit);
            let edit = document.prepare_redo(mint.stamp()).expect("there is something to do again");
            document.adopt(edit)
        });
    });
    for count in [1, MEANWHILE] {
        c.bench_function(&format!("merge {count}"), |b| {
            let merge = |mut document: Document| (document.merge(&large.edits[..count]), document);
            b.iter_batched(|| large.open(), merge, BatchSize::PerIteration);
        });
    }
    let document = open(&large.after);
    c.bench_function("save", |b| b.iter(|| document.save()));
    c.bench_function("save and verify", |b| b.iter(|| document.save_verified()));
    let heads = large.open().heads();
    c.bench_function("save after 500 edits", |b| b.iter(|| document.save_after(&heads)));
    history(c, &document, MEANWHILE / 2, "500 edits of a large journey");
    history(c, &long(), LONG / 2, "100,000 edits of a small one");
}

fn history(c: &mut Criterion, document: &Document, place: usize, of: &str) {
    let past = document.past();
    c.bench_function(&format!("history of {of}: in order"), |b| b.iter(|| document.past()));
    c.bench_function(&format!("history of {of}: the board as it was"), |b| b.iter(|| past.board(place)));
    c.bench_function(&format!("history of {of}: what a change touched"), |b| b.iter(|| past.touched(place)));
}

/// A small journey that a team has worked on for years.
fn long() -> Document {
    let mut replica = Replica::new(3);
    let commands = commands(Size { stages: 4, steps: 12, items: 200 }, &mut replica.mint);
    replica.run(Command::Batch { label: "Import".to_owned(), commands }).expect("it keeps the rules");
    let steps: Vec<StepId> = replica.document.board().steps.keys().copied().collect();
    for at in 0..LONG {
        replica.run(retitle(steps[at % steps.len()], at)).expect("it keeps the rules");
    }
    replica.document
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20);
    targets = document
}
criterion_main!(benches);
