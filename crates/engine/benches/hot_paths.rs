//! What a person waits for: opening a big journey, and an edit until it is on disk.
//!
//! 60 steps and 2,000 items, as the promises in `docs/performance.md` have it. Each figure stands
//! beside a baseline measured in the same run: the disk's own cost of appending as many bytes.

#![allow(clippy::disallowed_methods, reason = "measuring is about real time")]

use std::path::Path;
use std::time::{Duration, Instant};

use custory_domain::*;
use custory_engine::{Engine, Options};
use custory_ipc::*;

const STEPS: usize = 60;
const ITEMS: usize = 2_000;
const EDITS: usize = 300;
const OPENINGS: usize = 20;

fn main() {
    let folder = std::env::temp_dir().join(format!("custory-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder to measure in");
    let journey = fill(&folder);
    println!("{STEPS} steps, {ITEMS} items, 1 piece of evidence on every second item\n");
    println!("{:<44}{:>10}{:>10}{:>10}", "", "median", "p95", "max");
    open(&folder, journey);
    edit(&folder, journey);
    search(&folder);
    append(&folder);
    std::fs::remove_dir_all(&folder).expect("the folder can be removed");
}

fn start(folder: &Path) -> Engine {
    Engine::start(Options::system(folder.to_owned())).expect("the engine starts")
}

fn id<T: From<EntityIdParts>>(number: usize) -> T {
    EntityIdParts(number as u128 + 1).into()
}

/// A number on its way to becoming an id.
struct EntityIdParts(u128);

macro_rules! ids {
    ($($id:ident),*) => {$(
        impl From<EntityIdParts> for $id {
            fn from(parts: EntityIdParts) -> Self {
                $id::from_parts(1_764_000_000_000, parts.0)
            }
        }
    )*};
}
ids!(StageId, StepId, TouchpointId, InsightId, OpportunityId, SolutionId, EvidenceId);

fn fill(folder: &Path) -> JourneyId {
    let engine = start(folder);
    let create = Request::CreateJourney { title: "Big".to_owned(), from: Beginning::Blank };
    let Ok(Reply::Made { journey, .. }) = engine.request_blocking(create) else { panic!("a journey") };
    let mut commands = Vec::new();
    for (at, order) in Order::series(None, 6).into_iter().enumerate() {
        commands.push(Command::add(Stage { title: format!("Stage {at}"), order, ..Stage::new(id(at)) }));
    }
    for (at, order) in Order::series(None, STEPS).into_iter().enumerate() {
        let step = Step { title: format!("Do the thing number {at}"), order, ..Step::new(id(at)) };
        commands.push(Command::add(Step { stage: Some(id(at / 10)), ..step }));
    }
    for (at, order) in Order::series(None, ITEMS).into_iter().enumerate() {
        let steps = [id(at % STEPS)].into();
        let title = format!("People say that thing {at} takes them longer than it should");
        let notes = "What is worth knowing about it, in a sentence of middling length.".to_owned();
        let entity: Entity = match at % 4 {
            0 => Touchpoint { title, steps, order, ..Touchpoint::new(id(at)) }.into(),
            1 => Insight { statement: title, notes, steps, order, severity: Some(3), ..Insight::new(id(at)) }
                .into(),
            2 => {
                Opportunity { title, notes, steps, order, impact: Some(4), ..Opportunity::new(id(at)) }.into()
            }
            _ => Solution { title, steps, order, ..Solution::new(id(at)) }.into(),
        };
        let claim = entity.entity_ref();
        commands.push(Command::Add { entity: Box::new(entity), index: None });
        if at % 2 == 1 {
            let excerpt = format!("“It took me {at} minutes and I gave up.”");
            let claims = [(claim, Stance::Supports)].into();
            commands.push(Command::add(Evidence { excerpt, claims, ..Evidence::new(id(at)) }));
        }
    }
    let command = Command::Batch { label: "Fill".to_owned(), commands };
    let filled = engine.request_blocking(Request::Dispatch { journey, command, via: Via::Import });
    filled.expect("the journey is filled");
    journey
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

fn edit(folder: &Path, journey: JourneyId) {
    let engine = start(folder);
    engine.request_blocking(Request::OpenJourney { journey }).expect("the board");
    engine.request_blocking(Request::Undo { journey }).expect("the document is loaded");
    let mut took = Vec::new();
    for at in 0..EDITS {
        let set = InsightField::Statement(format!("Statement number {at}"));
        let command = Command::set(Change::Insight { id: id(1), set });
        let began = Instant::now();
        engine.request_blocking(Request::Dispatch { journey, command, via: Via::User }).expect("an edit");
        took.push(began.elapsed());
    }
    line("edit one field, until it is durable", took);
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
