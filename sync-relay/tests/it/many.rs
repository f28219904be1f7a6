//! How many journeys a relay keeps is the disk's business alone.

use std::time::Duration;

use custory_wire::LogId;
use rusqlite::{Connection, params};
use tokio::time::Instant;

use crate::home::Home;
use crate::support::{Author, Client, Team};

const LOG: LogId = LogId([3; 16]);
const TEAMS: usize = 10;

/// How long a start may take.
const START_MAX: Duration = Duration::from_secs(2);

/// What the kernel and the allocator may do differently from one run to the next. With as little as 100 bytes for
/// each journey it would be more.
const DIFFERENCE_MAX_KIB: u64 = 6 * 1024;

/// How often each relay is started. Who happens to come at the same time decides how many threads it makes, each with
/// a piece of the allocator's memory for itself, and one start can take 8 MiB more than the next: the least is what it
/// needs.
const STARTS: usize = 5;

/// A relay with so many journeys: how long it took to start at the most, and its memory at the least, when everybody
/// has connected and written.
async fn measure(journeys: usize) -> (Duration, u64) {
    let home = Home::new();
    let relay = home.process(&[]);
    let teams: Vec<Team> = (0..TEAMS).map(|_| Team::new()).collect();
    let mut authors = Vec::new();
    for team in &teams {
        let mut client = Client::founder(relay.address, team).await;
        client.open_all(LOG).await;
        let mut author = Author::new(&team.admin, LOG, &team.roster);
        client.push(LOG, vec![author.write(&[7; 200])]).await.unwrap();
        authors.push(author);
    }
    relay.kill();
    multiply(&home.path().join("data").join("relay.db"), journeys / TEAMS);

    let (mut start, mut memory) = (Duration::ZERO, u64::MAX);
    for written in 1..=STARTS as u64 {
        let begun = Instant::now();
        let relay = home.process(&[]);
        start = start.max(begun.elapsed());
        for (team, author) in teams.iter().zip(&mut authors) {
            let mut client = Client::member(relay.address, team, &team.admin).await;
            assert_eq!(client.open_all(LOG).await.seq, written);
            client.push(LOG, vec![author.write(b"one more")]).await.unwrap();
        }
        memory = memory.min(relay.resident_kib());
        relay.kill();
    }
    (start, memory)
}

/// Gives each workspace as many journeys as that, all with the records of its one.
fn multiply(database: &std::path::Path, each: usize) {
    let mut conn = Connection::open(database).unwrap();
    let transaction = conn.transaction().unwrap();
    let made = transaction.execute(
        "WITH RECURSIVE number (n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM number WHERE n < ?1)
         INSERT INTO log (workspace, name) SELECT workspace.id, randomblob(16) FROM workspace, number",
        params![each as i64],
    );
    let copied = transaction.execute(
        "INSERT INTO chunk
         SELECT log.id << 38 | 1, log.id, dev, dseq, count, head, tip, last, start, records
         FROM log, (SELECT * FROM chunk LIMIT 1) WHERE log.id NOT IN (SELECT log FROM chunk)",
        [],
    );
    assert_eq!((made.unwrap(), copied.unwrap()), (TEAMS * (each - 1), TEAMS * (each - 1)));
    transaction.commit().unwrap();
}

#[tokio::test]
async fn p18_a_relay_with_a_hundred_thousand_journeys_starts_at_once_in_no_more_memory() {
    let (_, few) = measure(20_000).await;
    let (start, many) = measure(100_000).await;
    eprintln!("P18: {start:.1?} to start; {few} KiB with 20,000 journeys, {many} KiB with 100,000");
    assert!(start <= START_MAX, "it took {start:.1?}");
    assert!(many.saturating_sub(few) <= DIFFERENCE_MAX_KIB, "{few} KiB and {many} KiB");
}
