//! A program that is killed at any moment has lost nothing that it was told is kept.
//!
//! Another process commits and says so; it is killed in the midst of it. The moment is chosen by a
//! fixed sequence of numbers: after so many acknowledgements, and so many turns of an idle loop.

use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use custory_domain::{Board, Entity, Patch, Stage, StageId};
use custory_store::{Committed, DocumentKind, NewChange, Seq, Store};
use serde::{Deserialize, Serialize};

use crate::home::{Home, board_of, ulid};

const ROUNDS: u64 = 100;
/// After so many rounds with one database another one is begun, so that some die at its making.
const ROUNDS_EACH: u64 = 10;
/// Most commits that a round waits for.
const COMMITS_MAX: u64 = 24;
/// Most turns of the idle loop: some milliseconds, longer than a commit takes.
const TURNS_MAX: u64 = 6_000_000;
/// Commits between snapshots.
const SNAPSHOT_EVERY: u32 = 7;
/// Names the database to the process that is to be killed.
const PLACE: &str = "CUSTORY_STORE_CRASH_PLACE";

/// All changes up to one, as a snapshot holds them.
#[derive(Serialize, Deserialize)]
struct Snapshot {
    upto: u32,
    board: Board,
}

/// Change `number`: adds a stage, and renames the one before.
fn patch(number: u32) -> Patch {
    let stage = |it: u32, title: &str| -> Entity {
        Stage { title: format!("{title} {it}"), ..Stage::new(StageId::from(ulid(it))) }.into()
    };
    Patch { put: vec![stage(number, "Stage"), stage(number / 2, "Renamed by")], removed: Vec::new() }
}

/// Where a document stands: its board by snapshot and changes, and its last change.
fn read(store: &Store) -> (Board, u32, Seq) {
    let Some(stored) = store.load(ulid(1)).unwrap() else { return (Board::default(), 0, Seq(0)) };
    let snapshot = stored.snapshot.map(|it| serde_json::from_slice::<Snapshot>(&it).unwrap());
    let (mut board, upto) = snapshot.map_or((Board::default(), 0), |it| (it.board, it.upto));
    let made = board_of(&stored.changes);
    board.apply(&Patch { put: made.entities().collect(), removed: Vec::new() });
    (board, upto + stored.changes.len() as u32, stored.seq)
}

/// What the process does that is to be killed; nothing in any other one.
#[test]
fn commit_until_killed() {
    let Some(path) = std::env::var_os(PLACE).map(PathBuf::from) else { return };
    let mut store = Store::open(&path).unwrap();
    if store.load(ulid(1)).unwrap().is_none() {
        store.create_document(ulid(1), DocumentKind::Journey).unwrap();
    }
    let (mut board, last, mut seen) = read(&store);
    let mut out = std::io::stdout();
    for number in last + 1.. {
        let patch = patch(number);
        let bytes = serde_json::to_vec(&patch).unwrap();
        let mut hash = [0; 32];
        hash[..4].copy_from_slice(&number.to_be_bytes());
        let change = NewChange { hash: &hash, bytes: &bytes };
        let Committed::Done(seq) = store.commit(ulid(1), seen, &[change], &patch).unwrap() else {
            panic!("nobody else is here")
        };
        seen = seq;
        board.apply(&patch);
        writeln!(out, "kept {number}").unwrap();
        if number % SNAPSHOT_EVERY == 0 {
            let snapshot = serde_json::to_vec(&Snapshot { upto: number, board: board.clone() }).unwrap();
            store.put_snapshot(ulid(1), seen, &snapshot).unwrap();
        }
    }
}

fn start(home: &Home) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["crash::commit_until_killed", "--exact", "--nocapture"])
        .env(PLACE, home.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Numbers that are the same on every run (SplitMix64).
fn number(seed: u64) -> u64 {
    let mut it = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    it = (it ^ (it >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    it = (it ^ (it >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    it ^ (it >> 31)
}

/// The number in a line that says that a change is kept.
fn kept(line: &str) -> Option<u32> {
    // The test harness may print its own words before ours on the same line.
    line.rsplit_once("kept ")?.1.trim().parse().ok()
}

/// Kills a writer in the midst of its work. Answers the last change that it said is kept.
fn killed(home: &Home, round: u64) -> Option<u32> {
    let mut writer = start(home);
    let mut lines = BufReader::new(writer.stdout.take().unwrap()).lines();
    let mut last = None;
    let mut waited_for = number(2 * round) % COMMITS_MAX;
    while waited_for > 0
        && let Some(line) = lines.next()
    {
        if let Some(number) = kept(&line.unwrap()) {
            last = Some(number);
            waited_for -= 1;
        }
    }
    for _ in 0..number(2 * round + 1) % TURNS_MAX {
        std::hint::spin_loop();
    }
    writer.kill().unwrap();
    writer.wait().unwrap();
    if waited_for > 0 {
        let mut said = String::new();
        std::io::Read::read_to_string(&mut writer.stderr.take().unwrap(), &mut said).unwrap();
        panic!("the writer stopped by itself: {said}");
    }
    // What it said before it died is in the pipe, and counts.
    let rest = lines.map_while(Result::ok).filter_map(|it| kept(&it)).last();
    rest.or(last)
}

#[test]
fn a_killed_program_has_lost_nothing_it_was_told_is_kept() {
    let mut home = Home::new();
    let (mut commits, mut unsaid) = (0, 0);
    for round in 0..ROUNDS {
        if round % ROUNDS_EACH == 0 {
            home = Home::new();
        }
        let kept = killed(&home, round);
        let store = home.open();
        let (board, last, _) = read(&store);
        // One more may have been kept than it had time to say.
        assert!(kept.is_none_or(|kept| kept == last || kept + 1 == last), "round {round}: {kept:?}, {last}");
        let expected = (1..=last).fold(Board::default(), |mut board, number| {
            board.apply(&patch(number));
            board
        });
        assert_eq!(board, expected, "round {round}: the changes");
        assert_eq!(store.board(ulid(1)).unwrap(), expected, "round {round}: the projection");
        store.check().unwrap();
        commits += u64::from(last);
        unsaid += u64::from(kept.is_some_and(|kept| kept < last));
    }
    assert!(commits > ROUNDS, "the writers did write: {commits}");
    println!("{unsaid} of {ROUNDS} died between keeping a change and saying so");
}
