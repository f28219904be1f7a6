//! What a person waits for: opening a big journey, and an edit until it is on disk.
//!
//! 60 steps and 2,000 items, as the promises in `docs/performance.md` have it. Each figure stands
//! beside a baseline measured in the same run: the disk's own cost of appending as many bytes.

#![allow(clippy::disallowed_methods, reason = "measuring is about real time")]

mod big;

use std::path::Path;
use std::time::{Duration, Instant};

use custory_domain::*;
use custory_engine::{Engine, Options};
use custory_ipc::*;

const EDITS: usize = 300;
const OPENINGS: usize = 20;

fn main() {
    let folder = std::env::temp_dir().join(format!("custory-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder to measure in");
    let journey = big::fill(&start(&folder));
    println!("{} steps, {} items, 1 piece of evidence on every second item\n", big::STEPS, big::ITEMS);
    println!("{:<44}{:>10}{:>10}{:>10}", "", "median", "p95", "max");
    open(&folder, journey);
    edit(&folder, journey, Via::User, "edit one field, until it is durable");
    edit(&folder, journey, Via::Automation, "the same by an automation: looked at for news");
    blame(&folder, journey);
    search(&folder);
    append(&folder);
    std::fs::remove_dir_all(&folder).expect("the folder can be removed");
}

fn start(folder: &Path) -> Engine {
    Engine::start(Options::system(folder.to_owned())).expect("the engine starts")
}

fn open(folder: &Path, journey: JourneyId) {
    let mut cold = Vec::new();
    let mut text = Vec::new();
    for _ in 0..OPENINGS {
        let began = Instant::now();
        let engine = start(folder);
        let reply = engine.request_blocking(Request::OpenJourney { journey }).expect("the board");
        cold.push(began.elapsed());
        let began = Instant::now();
        let bytes = serde_json::to_vec(&reply).expect("a reply is text").len();
        text.push(began.elapsed());
        if text.len() == OPENINGS {
            println!("{:<44}{:>10}", "board as JSON", format!("{} KB", bytes / 1024));
        }
    }
    line("start the engine and answer the board", cold);
    line("write the board as JSON", text);
}

fn edit(folder: &Path, journey: JourneyId, via: Via, name: &str) {
    let engine = start(folder);
    engine.request_blocking(Request::OpenJourney { journey }).expect("the board");
    engine.request_blocking(Request::Undo { journey }).expect("the document is loaded");
    let mut took = Vec::new();
    for at in 0..EDITS {
        let set = InsightField::Statement(format!("Statement number {at}"));
        let command = Command::set(Change::Insight { id: big::id(1), set });
        let began = Instant::now();
        engine.request_blocking(Request::Dispatch { journey, command, via }).expect("an edit");
        took.push(began.elapsed());
    }
    line(name, took);
}

fn blame(folder: &Path, journey: JourneyId) {
    let engine = start(folder);
    let mut took = Vec::new();
    for at in 0..OPENINGS {
        let about = EntityRef::from(big::id::<InsightId>(at * 4 + 1));
        let began = Instant::now();
        engine.request_blocking(Request::Blame(OnJourney { journey, about })).expect("an answer");
        took.push(began.elapsed());
    }
    line("who set the fields of an item", took);
}

fn search(folder: &Path) {
    let engine = start(folder);
    let mut took = Vec::new();
    for at in 0..100 {
        let began = Instant::now();
        let query = format!("thing {at}");
        engine.request_blocking(Request::Search { query, journey: None }).expect("hits");
        took.push(began.elapsed());
    }
    line("search", took);
}

/// The baseline: what the disk takes for appending 400 bytes and making them durable.
fn append(folder: &Path) {
    use std::io::Write;
    let mut file = std::fs::File::create(folder.join("baseline")).expect("a file");
    let mut took = Vec::new();
    for _ in 0..EDITS {
        let began = Instant::now();
        file.write_all(&[7; 400]).expect("an append");
        file.sync_data().expect("a sync");
        took.push(began.elapsed());
    }
    line("baseline: append 400 bytes and sync", took);
}

fn line(name: &str, mut took: Vec<Duration>) {
    took.sort_unstable();
    let at = |share: f64| took[((took.len() - 1) as f64 * share) as usize].as_secs_f64() * 1_000.0;
    println!("{name:<44}{:>7.2} ms{:>7.2} ms{:>7.2} ms", at(0.5), at(0.95), at(1.0));
}
