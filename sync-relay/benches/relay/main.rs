//! `cargo xtask bench relay`: the relay beside two floors measured in the same run, a broadcaster that stores
//! nothing and an append to SQLite that sends nothing, both with the same bytes.
//!
//! Servers are processes of their own, so that their processor time is theirs; all load comes from this one, over
//! loopback, without TLS. `quick` makes everything short; `w1` … `w5` or `raw` choose; `kills=1000` sets the
//! rounds of w5.
#![expect(clippy::unwrap_used, reason = "what fails here ends the benchmark")]
#![expect(clippy::disallowed_methods, reason = "it measures")]

mod bare;
mod fanout;
mod history;
mod idle;
mod kills;
mod process;
mod raw;
mod server;
#[path = "../../tests/it/support/mod.rs"]
mod support;
mod throughput;

/// Bytes of a record's body: a sealed change of one field.
pub const BODY_BYTES: usize = 200;

/// What is to be run, and for how long.
#[derive(Clone, Copy)]
pub struct Plan {
    /// Of load, where time is the measure.
    pub seconds: u64,
    /// That are silent.
    pub connections: usize,
    /// In the middle of work.
    pub kills: usize,
}

fn main() {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    // A run of all tests starts benchmarks as well, to see whether they start.
    if arguments.is_empty() || arguments.iter().any(|it| it == "--list" || it == "--test") {
        return;
    }
    arguments.retain(|it| it != "--bench");
    if arguments.first().is_some_and(|it| it == bare::ARGUMENT) {
        return bare::serve();
    }
    let is_quick = arguments.iter().any(|it| it == "quick");
    let kills = arguments.iter().find_map(|it| it.strip_prefix("kills=")?.parse().ok());
    let plan = Plan {
        seconds: if is_quick { 3 } else { 15 },
        connections: if is_quick { 200 } else { 2_000 },
        kills: kills.unwrap_or(if is_quick { 3 } else { 20 }),
    };
    let chosen: Vec<&str> =
        arguments.iter().map(String::as_str).filter(|it| *it == "raw" || it.starts_with('w')).collect();
    let wants = |name| chosen.is_empty() || chosen.contains(&name);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    say(&format!("{} processors, load {}", std::thread::available_parallelism().unwrap(), process::load()));
    runtime.block_on(async {
        if wants("w1") {
            fanout::run(plan).await;
        }
        if wants("w2") {
            throughput::run(plan).await;
        }
        if wants("raw") {
            raw::run(plan);
        }
        if wants("w3") {
            history::run().await;
        }
        if wants("w4") {
            idle::run(plan).await;
        }
        if wants("w5") {
            kills::run(plan).await;
        }
    });
}

/// Prints a line.
pub fn say(line: &str) {
    println!("{line}");
}

/// Prints a table's head.
pub fn head(title: &str, columns: &str) {
    say(&format!("\n{title}\n\n{columns}\n{}", columns.replace(|letter| letter != '|', "-")));
}
