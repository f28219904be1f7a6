//! A damaged file is said to be damaged, and what can be read of it comes back.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use custory_domain::DraftId;
use custory_store::{DocumentKind, OpenError, Rescued, Store, StoreError, rescue};
use proptest::prelude::*;
use ulid::Ulid;

use crate::home::{Change, Home, commit_all, journey, ulid};

const PAGE: usize = 4096;

/// What was put into a database.
struct Filled {
    changes: BTreeMap<Ulid, Vec<Vec<u8>>>,
    text: String,
}

impl Filled {
    fn count(&self) -> usize {
        self.changes.values().map(Vec::len).sum()
    }
}

/// A workspace and three journeys: many small changes, a few that stretch over several pages.
fn fill(store: &mut Store) -> Filled {
    fill_with(store, [(9, 5), (1, 60), (2, 30), (3, 1)])
}

/// So little that it stays in the log.
fn fill_a_little(store: &mut Store) -> Filled {
    fill_with(store, [(9, 2), (1, 20), (2, 2), (3, 1)])
}

fn fill_with(store: &mut Store, counts: [(u32, u32); 4]) -> Filled {
    let mut changes = BTreeMap::new();
    store.create_document(ulid(9), DocumentKind::Workspace).unwrap();
    for number in 1..=3 {
        journey(store, number);
    }
    for (id, count) in counts {
        let made: Vec<Change> = (1..=count)
            .map(|number| {
                let mut change = Change::stage(number);
                if number % 20 == 0 {
                    change.bytes.resize(PAGE * 2 + number as usize, b' ');
                }
                change
            })
            .collect();
        commit_all(store, ulid(id), &made);
        changes.insert(ulid(id), made.into_iter().map(|it| it.bytes).collect());
    }
    let text = "What the source says. ".repeat(1_000);
    store.put_source_text("5a", &text).unwrap();
    store.put_draft(DraftId::from(ulid(4)), "{\"title\":\"Draft\"}").unwrap();
    store.put_setting("theme", "\"dark\"").unwrap();
    Filled { changes, text }
}

/// The file of a filled database, and what is in it.
fn filled() -> (Vec<u8>, Filled) {
    let home = Home::new();
    let mut store = home.open();
    let filled = fill(&mut store);
    drop(store);
    assert!(!home.path().with_extension("db-wal").exists(), "closing empties the log");
    (fs::read(home.path()).unwrap(), filled)
}

/// A home with this file in it.
fn home_with(file: &[u8]) -> Home {
    let home = Home::new();
    fs::write(home.path(), file).unwrap();
    home
}

fn is_damaged(home: &Home) -> bool {
    match Store::open(&home.path()) {
        Err(OpenError::Damaged { path, detail }) => {
            assert_eq!(path, home.path());
            assert!(!detail.is_empty());
            true
        }
        Err(other) => panic!("{other}"),
        Ok(_) => false,
    }
}

/// Rescues and checks what a rescue promises, however much is lost. Answers which changes came back.
fn rescued(home: &Home, filled: &Filled) -> (Rescued, BTreeMap<Ulid, Vec<Vec<u8>>>) {
    let before = fs::read(home.path()).unwrap();
    let rescued = rescue(&home.path()).unwrap();
    assert!(fs::read(&rescued.kept_aside).unwrap() == before, "the damaged file is as it was");

    let store = home.open();
    store.check().unwrap();
    let mut back = BTreeMap::new();
    for kind in [DocumentKind::Workspace, DocumentKind::Journey] {
        for id in store.documents(kind).unwrap() {
            let is_workspace = id == ulid(9);
            assert_eq!(is_workspace, kind == DocumentKind::Workspace, "{id}");
            let changes = store.load(id).unwrap().unwrap().changes;
            let made = &filled.changes[&id];
            let places: Vec<usize> =
                changes.iter().map(|it| made.iter().position(|made| made == it).unwrap()).collect();
            assert!(places.is_sorted(), "in the order in which they were made");
            back.insert(id, changes);
        }
    }
    assert_eq!(rescued.documents, back.len());
    assert_eq!(rescued.changes, back.values().map(Vec::len).sum::<usize>());
    let with_changes: Vec<Ulid> =
        back.iter().filter(|(_, changes)| !changes.is_empty()).map(|(id, _)| *id).collect();
    let mut bare = store.documents_without_board().unwrap();
    bare.sort();
    assert_eq!(bare, with_changes, "boards are the caller's to make anew");
    (rescued, back)
}

fn has_everything(home: &Home, filled: &Filled) {
    let (report, back) = rescued(home, filled);
    assert_eq!((report.lost, &back), (0, &filled.changes));
    let store = home.open();
    assert_eq!(store.source_text("5a").unwrap().as_deref(), Some(filled.text.as_str()));
    assert_eq!(store.draft(DraftId::from(ulid(4))).unwrap().as_deref(), Some("{\"title\":\"Draft\"}"));
    assert_eq!(store.setting("theme").unwrap().as_deref(), Some("\"dark\""));
}

#[test]
fn a_lost_beginning_costs_nothing() {
    let (file, filled) = filled();
    for length in [1, 16, 100, PAGE] {
        let mut damaged = file.clone();
        damaged[..length].fill(0xa5);
        let home = home_with(&damaged);
        assert!(is_damaged(&home), "{length}");
        has_everything(&home, &filled);
    }
}

#[test]
fn a_lost_page_costs_what_stood_on_it_and_no_more() {
    let (file, filled) = filled();
    let pages = file.len() / PAGE;
    let mut lost = 0;
    for page in 0..pages {
        let mut damaged = file.clone();
        damaged[page * PAGE..(page + 1) * PAGE].fill(0xa5);
        let home = home_with(&damaged);
        if !is_damaged(&home) {
            // The page holds nothing that could not be made again; everything else is sound.
            let store = home.open();
            for (id, changes) in &filled.changes {
                assert!(store.load(*id).unwrap().unwrap().changes == *changes, "page {page}");
            }
            continue;
        }
        let (report, _) = rescued(&home, &filled);
        lost += filled.count() - report.changes;
        if report.documents == filled.changes.len() && page != 0 {
            assert_eq!(report.changes + report.lost, filled.count(), "page {page}");
        }
    }
    // Every change stands on one page; one of the large ones on three.
    let large = filled.changes.values().flatten().filter(|it| it.len() > PAGE).count();
    assert_eq!(lost, filled.count() + 2 * large, "over all pages, each lost once");
}

#[test]
fn a_file_that_was_cut_off_gives_back_what_is_left() {
    let (file, filled) = filled();
    let pages = file.len() / PAGE;
    let mut before = 0;
    for kept in [0, PAGE - 1, PAGE, PAGE * 3 + 7, file.len() / 2, (pages - 1) * PAGE, file.len() - 1] {
        let home = home_with(&file[..kept]);
        assert!(is_damaged(&home), "{kept}");
        match rescue(&home.path()) {
            Err(OpenError::NothingReadable { .. }) => {
                assert!(kept <= 3 * PAGE + 7);
                assert!(fs::read(home.path()).unwrap() == file[..kept], "left as it was");
            }
            Ok(report) => {
                assert!(report.changes >= before, "the more there is, the more comes back");
                before = report.changes;
            }
            Err(other) => panic!("{other}"),
        }
    }
    let home = home_with(&file[..file.len() - 1]);
    let (report, _) = rescued(&home, &filled);
    assert!(report.changes > filled.count() * 9 / 10, "{report:?}");
}

#[test]
fn one_wrong_bit_in_a_change_is_noticed_and_costs_that_change() {
    let (file, filled) = filled();
    for (id, number) in [(1, 7), (1, 20), (2, 30), (3, 1)] {
        let bytes = &filled.changes[&ulid(id)][number - 1];
        // A large change stretches over pages; its end is text like any other then.
        let end = &bytes[..bytes.len().min(100)];
        let places: Vec<usize> =
            (0..file.len() - end.len()).filter(|at| file[*at..].starts_with(end)).collect();
        for place in places {
            let mut damaged = file.clone();
            damaged[place + 3] ^= 1;
            let home = home_with(&damaged);
            assert!(is_damaged(&home));
            let (report, _) = rescued(&home, &filled);
            assert_eq!((report.changes, report.lost), (filled.count() - 1, 1));
        }
    }
}

#[test]
fn one_wrong_byte_in_the_beginning_costs_nothing() {
    let (file, filled) = filled();
    for at in 0..100 {
        let mut damaged = file.clone();
        damaged[at] ^= 0xff;
        let home = home_with(&damaged);
        match Store::open(&home.path()) {
            Ok(store) => assert_eq!(store.load(ulid(1)).unwrap().unwrap().changes, filled.changes[&ulid(1)]),
            Err(OpenError::Damaged { .. }) => {}
            // Where the version stands, a wrong byte cannot be told from a right one.
            Err(OpenError::TooNew { .. }) => assert!((60..64).contains(&at), "{at}"),
            // Here SQLite keeps formats of the future that may be read and not written.
            Err(OpenError::Refused { source: StoreError::ReadOnly, .. }) => assert_eq!(at, 18),
            Err(other) => panic!("{at}: {other}"),
        }
        has_everything(&home, &filled);
    }
}

#[test]
fn what_still_stands_in_the_log_comes_back_too() {
    let source = Home::new();
    let mut store = source.open();
    let filled = fill_a_little(&mut store);
    let (file, log) = (fs::read(source.path()).unwrap(), fs::read(wal(&source.path())).unwrap());
    assert!(log.len() > 20 * PAGE && log.len() < 1_000 * PAGE, "all of it is in the log only");
    let mut headless = file.clone();
    headless[..PAGE].fill(0xa5);
    let mut footless = headless.clone();
    footless.truncate(PAGE * 2);
    // The log has the first page too, so that its loss alone is none.
    for (main, is_sound) in [(headless, true), (footless, false), (Vec::new(), false)] {
        let home = home_with(&main);
        fs::write(wal(&home.path()), &log).unwrap();
        if is_sound {
            assert!(home.open().load(ulid(1)).unwrap().unwrap().changes == filled.changes[&ulid(1)]);
            continue;
        }
        assert!(is_damaged(&home), "{}", main.len());
        assert!(is_damaged(&home), "and looking at it leaves it as it is");
        assert!(fs::read(wal(&home.path())).unwrap() == log);
        let (report, back) = rescued(&home, &filled);
        assert_eq!((report.lost, &back), (0, &filled.changes));
        assert!(fs::read(wal(&report.kept_aside)).unwrap() == log, "kept with the damaged file");
    }
}

#[test]
fn a_log_without_its_file_is_no_first_start() {
    let source = Home::new();
    let mut store = source.open();
    let filled = fill_a_little(&mut store);
    let home = Home::new();
    fs::copy(wal(&source.path()), wal(&home.path())).unwrap();
    assert!(is_damaged(&home));
    assert!(!home.path().exists(), "looking does not make one");
    let report = rescue(&home.path()).unwrap();
    assert_eq!((report.changes, report.lost), (filled.count(), 0));
}

#[test]
fn a_damaged_page_in_the_log_does_not_hide_those_after_it() {
    const FRAME: usize = PAGE + 24;
    let source = Home::new();
    let mut store = source.open();
    let filled = fill_a_little(&mut store);
    let log = fs::read(wal(&source.path())).unwrap();
    let frames = (log.len() - 32) / FRAME;
    for frame in (0..frames).step_by(11) {
        let mut damaged = log.clone();
        damaged[32 + frame * FRAME + 24..][..PAGE].fill(0xa5);
        let home = Home::new();
        fs::write(wal(&home.path()), &damaged).unwrap();
        let report = rescue(&home.path()).unwrap();
        // The state of that page one commit earlier stands in for it.
        assert!(report.changes + 2 >= filled.count(), "{report:?} of {}", filled.count());
    }
}

#[test]
fn a_rescue_needs_the_database_for_itself() {
    let home = Home::new();
    let store = home.open();
    let refused = rescue(&home.path());
    assert!(matches!(refused, Err(OpenError::InUse { .. })), "{refused:?}");
    drop(store);
}

#[test]
fn two_rescues_keep_two_damaged_files() {
    let (file, filled) = filled();
    let home = home_with(&file);
    let mut aside = BTreeSet::new();
    for _ in 0..2 {
        let (report, back) = rescued(&home, &filled);
        assert_eq!(back, filled.changes, "a rescue of a sound file loses nothing");
        aside.insert(report.kept_aside);
    }
    assert_eq!(aside.len(), 2);
}

#[test]
fn after_a_rescue_work_goes_on() {
    let (mut file, filled) = filled();
    file[..100].fill(0);
    let home = home_with(&file);
    rescue(&home.path()).unwrap();
    let mut store = home.open();
    let seq = commit_all(&mut store, ulid(1), &[Change::stage(1_000)]);
    assert!(seq.0 > filled.count() as i64, "after everything that was there");
    assert_eq!(store.load(ulid(1)).unwrap().unwrap().changes.len(), filled.changes[&ulid(1)].len() + 1);
}

#[test]
fn snapshots_come_back_and_stand_for_their_changes() {
    let home = Home::new();
    let mut store = home.open();
    let id = journey(&mut store, 1);
    let mut seen = custory_store::Seq(0);
    for number in 1..=30 {
        seen = crate::home::commit(&mut store, id, seen, &Change::stage(number));
        if number % 10 == 0 {
            store.put_snapshot(id, seen, format!("snapshot of {number}").repeat(500).as_bytes()).unwrap();
        }
    }
    seen = crate::home::commit(&mut store, id, seen, &Change::stage(31));
    let stored = store.load(id).unwrap();
    drop(store);
    let mut file = fs::read(home.path()).unwrap();
    file[..PAGE].fill(0);
    fs::write(home.path(), &file).unwrap();
    let report = rescue(&home.path()).unwrap();
    assert_eq!((report.documents, report.changes, report.lost), (1, 31, 0));
    let store = home.open();
    assert_eq!(store.load(id).unwrap(), stored);
    assert_eq!(store.load(id).unwrap().unwrap().seq, seen);
    assert!(store.load_without_newest_snapshot(id).unwrap().unwrap().snapshot.is_some());
}

fn wal(path: &Path) -> std::path::PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("-wal");
    name.into()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whatever happens to a file, nothing comes back that was never written, and nothing panics.
    #[test]
    fn whatever_happens_only_what_was_written_comes_back(
        damages in proptest::collection::vec((any::<prop::sample::Index>(), 1..9_000_usize, any::<u64>()), 1..12),
        keep in any::<prop::sample::Index>(),
        cut in any::<bool>(),
    ) {
        let (mut file, filled) = filled();
        for (at, length, mut noise) in damages {
            let at = at.index(file.len());
            for byte in file[at..].iter_mut().take(length) {
                noise = noise.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                *byte = (noise >> 56) as u8;
            }
        }
        if cut {
            file.truncate(keep.index(file.len()));
        }
        let home = home_with(&file);
        match rescue(&home.path()) {
            Err(OpenError::NothingReadable { .. }) => {}
            Err(other) => panic!("{other}"),
            Ok(_) => {
                fs::write(home.path(), &file).unwrap();
                rescued(&home, &filled);
            }
        }
    }

    /// Noise is no database.
    #[test]
    fn nothing_comes_of_noise(mut noise in proptest::collection::vec(any::<u8>(), 0..20_000), starts_right in any::<bool>()) {
        if starts_right {
            noise.splice(..0, *b"SQLite format 3\0");
        }
        let home = home_with(&noise);
        prop_assert!(is_damaged(&home));
        let refused = rescue(&home.path());
        prop_assert!(matches!(refused, Err(OpenError::NothingReadable { .. })), "{:?}", refused);
    }
}
