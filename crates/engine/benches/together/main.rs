//! What people in a team wait for: to be let in, to see each other's edits, to read a journey with a long
//! history, through a network as there are. And opening such a journey alone.
//!
//! `cargo xtask bench together`. Promises P13 to P15 of `docs/performance.md`.

#![expect(clippy::disallowed_methods, reason = "measuring is about real time")]

#[path = "../big/mod.rs"]
#[allow(dead_code, reason = "it is shared with another benchmark")]
mod big;
mod way;

use std::path::Path;
use std::time::{Duration, Instant};

use custory_domain::*;
use custory_engine::{Engine, Options, SystemClock, SystemEntropy, secrets};
use custory_ipc::*;
use custory_store::{DocumentKind, Reading, Store};
use custory_testkit::journey::{Size, commands};
use custory_testkit::relay::TestRelay;
use custory_testkit::replica::Replica;
use tempfile::TempDir;
use way::{Network, Way};

/// How long anything may take before the benchmark gives up.
const PATIENCE: Duration = Duration::from_secs(300);

/// A network within a house.
const LAN: Network = Network { one_way: Duration::from_micros(250), bytes_per_sec: 12_500_000.0 };
/// Another town.
const FAR: Network = Network { one_way: Duration::from_millis(25), bytes_per_sec: 12_500_000.0 };
/// 10 Mbit/s, and some way to go.
const SLOW: Network = Network { one_way: Duration::from_millis(10), bytes_per_sec: 1_250_000.0 };

const EDITS: usize = 200;
const NEWCOMERS: usize = 5;

fn main() {
    // `cargo test` builds and runs every benchmark once, to see that it works.
    let is_test = std::env::args().any(|it| it == "--test");
    let (edits, long, longest) = if is_test { (5, 300, 300) } else { (EDITS, 20_000, 100_000) };
    println!("{:<60}{:>10}{:>10}{:>10}{:>10}", "", "median", "p95", "p99", "max");
    alone(longest);

    let (relay, folder) = (TestRelay::start(), folder());
    let big = big::fill(&start(folder.path(), "Ana"));
    let history = keep_history(folder.path(), long);
    let far = Way::to(&relay.address(), FAR);
    let ana = start(folder.path(), "Ana");
    ask(
        &ana,
        Request::Team(TeamRequest::CreateTeam {
            relay: far.address(),
            token: None,
            device: "Ana's".to_owned(),
        }),
    );
    // Alone in her team, Ana saves the long history for those who come, and confirms it herself.
    until(&ana, "a saved state", || (is_test || relay.kept().snapshots > 0).then_some(()));
    until(&ana, "all sent", || in_step(&ana).then_some(()));

    joins(&ana, &relay, LAN, big, history, "on a local network");
    joins(&ana, &relay, SLOW, big, history, "at 10 Mbit/s, 20 ms there and back");
    together(&ana, &relay, big, edits);
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

fn start(folder: &Path, person: &str) -> Engine {
    let options = Options {
        data_dir: folder.to_owned(),
        clock: std::sync::Arc::new(SystemClock),
        entropy: Box::new(SystemEntropy),
        secrets: secrets::file(folder),
        person: person.to_owned(),
    };
    Engine::start(options).expect("the engine starts")
}

fn ask(engine: &Engine, request: Request) -> Reply {
    engine.request_blocking(request).expect("a yes")
}

fn team(engine: &Engine) -> Option<Team> {
    match ask(engine, Request::Team(TeamRequest::Standing)) {
        Reply::Team { team } => team.map(|it| *it),
        _ => None,
    }
}

fn in_step(engine: &Engine) -> bool {
    team(engine).is_some_and(|it| it.state == TeamState::InStep)
}

/// Looks again and again; `engine` wakes it when something happens.
fn until<T>(engine: &Engine, what: &str, is_so: impl Fn() -> Option<T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    let mut events = engine.events();
    let began = Instant::now();
    while began.elapsed() < PATIENCE {
        if let Some(so) = is_so() {
            return so;
        }
        drop(
            runtime.block_on(async { tokio::time::timeout(Duration::from_millis(50), events.next()).await }),
        );
    }
    panic!("waited in vain: {what}")
}

fn edit(engine: &Engine, journey: JourneyId, insight: InsightId, at: usize) -> bool {
    let set = InsightField::Statement(format!("Statement number {at}"));
    let command = Command::set(Change::Insight { id: insight, set });
    engine.request_blocking(Request::Dispatch { journey, command, via: Via::User }).is_ok()
}

fn open(engine: &Engine, journey: JourneyId) -> Option<Board> {
    match engine.request_blocking(Request::OpenJourney { journey }) {
        Ok(Reply::Board { board, .. }) => Some(board),
        _ => None,
    }
}

/// A journey with a long history, as if it had been worked on here.
fn keep_history(folder: &Path, edits: usize) -> JourneyId {
    let mut replica = Replica::new(1);
    let journey: JourneyId = replica.mint.id();
    let titled = Journey { title: "A long history".to_owned(), ..Journey::new(journey) };
    replica.run(Command::add(titled)).expect("it keeps the rules");
    let commands = commands(Size::LARGE, &mut replica.mint);
    replica.run(Command::Batch { label: "Import".to_owned(), commands }).expect("it keeps the rules");
    let insights: Vec<InsightId> = replica.document.board().insights.keys().copied().collect();
    for at in 0..edits {
        let set = InsightField::Statement(format!("People do not see why number {at} is asked for"));
        let id = insights[at % insights.len()];
        replica.run(Command::set(Change::Insight { id, set })).expect("it keeps the rules");
    }
    let mut store = Store::open(&folder.join("custory.db")).expect("the store");
    let id = journey.ulid();
    store.create_document(id, DocumentKind::Journey).expect("room for it");
    let saved = replica.document.save_verified().expect("it reads back");
    let patch = Patch { put: replica.document.board().entities().collect(), removed: Vec::new() };
    // It is shared with nobody yet: the reading is of a log that is dropped again.
    let reading = Reading { log: [0; 16], state: &[], settled: &[] };
    store.commit_whole(id, (replica.made.len(), &saved), &patch, reading).expect("it is kept");
    store.drop_log([0; 16]).expect("it is dropped");
    journey
}

/// P15: opening, alone.
fn alone(longest: usize) {
    let folder = folder();
    let big = big::fill(&start(folder.path(), "Ana"));
    let history = keep_history(folder.path(), longest);
    for (journey, what) in
        [(big, "2,000 items".to_owned()), (history, format!("2,000 items, {longest} changes of history"))]
    {
        let (mut board, mut editable) = (Vec::new(), Vec::new());
        for at in 0..NEWCOMERS {
            let engine = start(folder.path(), "Ana");
            let began = Instant::now();
            let insight =
                *open(&engine, journey).expect("a board").insights.keys().next().expect("an insight");
            board.push(began.elapsed());
            assert!(edit(&engine, journey, insight, at));
            editable.push(began.elapsed());
        }
        line(&format!("{what}: the board"), board);
        line(&format!("{what}: the first edit is durable"), editable);
    }
}

/// P13 and P15: somebody is let in.
fn joins(ana: &Engine, relay: &TestRelay, network: Network, big: JourneyId, history: JourneyId, how: &str) {
    let (mut big_read, mut read, mut editable) = (Vec::new(), Vec::new(), Vec::new());
    for at in 0..NEWCOMERS {
        let (folder, way) = (folder(), Way::to(&relay.address(), network));
        let newcomer = start(folder.path(), "Ben");
        let Reply::Invitation { link, .. } =
            ask(ana, Request::Team(TeamRequest::Invite { role: TeamRole::Editor, uses: 1 }))
        else {
            panic!("no invitation")
        };
        let begin = link.find("join/").expect("a link") + 5;
        let end = begin + link[begin..].find('/').expect("a link");
        let link = format!("{}{}{}", &link[..begin], way.address(), &link[end..]);
        ask(&newcomer, Request::Team(TeamRequest::JoinTeam { link, device: format!("Ben's {at}") }));
        let request = until(ana, "a request", || team(ana)?.requests.first().map(|it| it.request));
        let began = Instant::now();
        ask(ana, Request::Team(TeamRequest::ApproveJoin { request }));
        let insight = until(&newcomer, "the long one to read", || {
            open(&newcomer, history)?.insights.keys().next().copied()
        });
        read.push(began.elapsed());
        until(&newcomer, "the long one to edit", || edit(&newcomer, history, insight, at).then_some(()));
        editable.push(began.elapsed());
        until(&newcomer, "the other", || open(&newcomer, big));
        big_read.push(began.elapsed());
        until(&newcomer, "all read", || in_step(&newcomer).then_some(()));
    }
    line(&format!("let in until the long one can be read, {how}"), read);
    line(&format!("let in until it can be edited, {how}"), editable);
    line(&format!("let in until both are there, {how}"), big_read);
}

/// P14: one edits, the other sees it.
fn together(ana: &Engine, relay: &TestRelay, journey: JourneyId, edits: usize) {
    let (folder, way) = (folder(), Way::to(&relay.address(), FAR));
    let ben = start(folder.path(), "Ben");
    let Reply::Invitation { link, .. } =
        ask(ana, Request::Team(TeamRequest::Invite { role: TeamRole::Editor, uses: 1 }))
    else {
        panic!("no invitation")
    };
    let begin = link.find("join/").expect("a link") + 5;
    let end = begin + link[begin..].find('/').expect("a link");
    let link = format!("{}{}{}", &link[..begin], way.address(), &link[end..]);
    ask(&ben, Request::Team(TeamRequest::JoinTeam { link, device: "Ben's".to_owned() }));
    let request = until(ana, "a request", || team(ana)?.requests.first().map(|it| it.request));
    ask(ana, Request::Team(TeamRequest::ApproveJoin { request }));
    until(&ben, "the journey", || open(&ben, journey));
    until(&ben, "all read", || in_step(&ben).then_some(()));

    let (mut durable, mut seen) = (Vec::new(), Vec::new());
    let mut events = ben.events();
    for at in 0..edits {
        let began = Instant::now();
        assert!(edit(ana, journey, big::id(1), 10_000 + at));
        durable.push(began.elapsed());
        let wanted = format!("Statement number {}", 10_000 + at);
        let shows = |it: &Entity| matches!(it, Entity::Insight(it) if it.statement == wanted);
        while let Some(event) = events.next_blocking() {
            if matches!(&event, Event::Patched { patch, .. } if patch.put.iter().any(shows)) {
                break;
            }
        }
        seen.push(began.elapsed());
    }
    line("an edit until it is durable here", durable);
    line("an edit until a teammate is told, 50 ms there and back", seen);
}

fn line(name: &str, mut took: Vec<Duration>) {
    took.sort_unstable();
    let at = |share: f64| took[((took.len() - 1) as f64 * share).ceil() as usize].as_secs_f64() * 1_000.0;
    println!("{name:<60}{:>7.1} ms{:>7.1} ms{:>7.1} ms{:>7.1} ms", at(0.5), at(0.95), at(0.99), at(1.0));
}
