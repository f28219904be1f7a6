//! The floor for durable storage on this disk: rows of the same bytes appended to SQLite, `synchronous=FULL`, in
//! groups, by one thread that does nothing else.

use std::time::{Duration, Instant};

use rusqlite::{Connection, params};

use crate::server::record_bytes;
use crate::{Plan, head, process, say};

/// More than the thousand pages that SQLite's log has before it begins anew.
const WARM_PAGES: u64 = 1_200;

pub fn run(plan: Plan) {
    head(
        "Raw SQLite append of the same bytes",
        "| rows per commit | rows/s | commit p50 ms | p99 | CPU ms/1k rows |",
    );
    for group in [1, 16, 64, 256] {
        measure(group, Duration::from_secs(plan.seconds.min(5)));
    }
}

fn measure(group: u64, limit: Duration) {
    let folder = tempfile::tempdir().unwrap();
    let mut conn = Connection::open(folder.path().join("raw.db")).unwrap();
    conn.pragma_update(None, "journal_mode", "WAL").unwrap();
    conn.pragma_update(None, "synchronous", "FULL").unwrap();
    conn.execute_batch(
        "CREATE TABLE log (doc INTEGER, seq INTEGER, body BLOB, PRIMARY KEY (doc, seq)) WITHOUT ROWID",
    )
    .unwrap();
    let body = vec![7_u8; record_bytes()];
    let mut rows = 0_u64;
    let mut commit = || {
        let began = Instant::now();
        let transaction = conn.transaction().unwrap();
        let mut insert = transaction.prepare_cached("INSERT INTO log VALUES (?1, ?2, ?3)").unwrap();
        for _ in 0..group {
            insert.execute(params![(rows % 50) as i64, rows as i64, body]).unwrap();
            rows += 1;
        }
        drop(insert);
        transaction.commit().unwrap();
        began.elapsed().as_secs_f64() * 1e3
    };
    // Each writes at least a page for each row, or for each document: the log is then as long as it gets, and is
    // written over, as that of a relay is that has run for a while.
    for _ in 0..WARM_PAGES / group.min(16) {
        commit();
    }
    let (start, cpu) = (Instant::now(), process::cpu_seconds(std::process::id()));
    let mut commits = Vec::new();
    while start.elapsed() < limit {
        commits.push(commit());
    }
    let rows = commits.len() as u64 * group;
    let seconds = start.elapsed().as_secs_f64();
    let cpu = process::cpu_seconds(std::process::id()) - cpu;
    commits.sort_by(f64::total_cmp);
    let at = |share: f64| commits[((commits.len() - 1) as f64 * share) as usize];
    say(&format!(
        "| {group} | {:.0} | {:.2} | {:.1} | {:.1} |",
        rows as f64 / seconds,
        at(0.5),
        at(0.99),
        cpu * 1e6 / rows as f64
    ));
}
