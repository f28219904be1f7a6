//! Opening: the first start, files of others, files of the future, copies.

use std::fs;

use custory_store::{OpenError, Seq, Store};

use crate::home::{Change, Home, commit, journey};

#[test]
fn the_first_start_makes_the_folder_and_leaves_nothing_half_done() {
    let home = Home::new();
    let path = home.path().with_file_name("deep").join("er").join("custory.db");
    drop(Store::open(&path).unwrap());
    let mut names: Vec<_> = fs::read_dir(path.parent().unwrap())
        .unwrap()
        .map(|it| it.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["custory.db", "custory.db.lock"]);
}

#[cfg(unix)]
#[test]
fn nobody_else_can_read_what_is_kept() {
    use std::os::unix::fs::PermissionsExt;
    let home = Home::new();
    let mut store = home.open();
    journey(&mut store, 1);
    let backup = home.path().with_file_name("backup.db");
    store.backup_to(&backup).unwrap();
    let names = home.files().into_iter().filter(|it| !it.ends_with(".lock"));
    for name in names {
        let mode = fs::metadata(home.path().with_file_name(&name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{name}: {mode:o}");
    }
}

#[test]
fn programs_that_start_at_once_share_one_database() {
    let home = Home::new();
    let path = home.path();
    std::thread::scope(|scope| {
        for number in 1..=8 {
            let path = &path;
            scope.spawn(move || {
                let mut store = Store::open(path).unwrap();
                let id = journey(&mut store, number);
                commit(&mut store, id, Seq(0), &Change::stage(number));
            });
        }
    });
    assert_eq!(home.open().documents(custory_store::DocumentKind::Journey).unwrap().len(), 8);
    assert_eq!(home.files(), ["custory.db", "custory.db.lock"]);
}

#[test]
fn what_cannot_be_opened_is_said_and_left_alone() {
    type Make = fn(&Home);
    type Is = fn(&OpenError) -> bool;
    let cases: [(&str, Make, Is, &str); 4] = [
        (
            "an empty file",
            |home| fs::write(home.path(), "").unwrap(),
            |it| matches!(it, OpenError::Damaged { .. }),
            "is damaged (it is empty)",
        ),
        (
            "a text",
            |home| fs::write(home.path(), "Dear diary, ".repeat(100)).unwrap(),
            |it| matches!(it, OpenError::Damaged { .. }),
            "is damaged",
        ),
        (
            "another program's database",
            |home| {
                let conn = rusqlite::Connection::open(home.path()).unwrap();
                conn.execute_batch("CREATE TABLE diary (day TEXT); PRAGMA user_version = 1").unwrap();
            },
            |it| matches!(it, OpenError::Foreign { .. }),
            "belongs to another program",
        ),
        (
            "a database of the future",
            |home| {
                drop(home.open());
                let conn = rusqlite::Connection::open(home.path()).unwrap();
                conn.pragma_update(None, "user_version", 99).unwrap();
            },
            |it| matches!(it, OpenError::TooNew { found: 99, .. }),
            "Update Custory",
        ),
    ];
    for (what, make, is, says) in cases {
        let home = Home::new();
        make(&home);
        let before = fs::read(home.path()).unwrap();
        let error = Store::open(&home.path()).unwrap_err();
        assert!(is(&error), "{what}: {error:?}");
        assert!(error.to_string().contains(says), "{what}: {error}");
        assert!(fs::read(home.path()).unwrap() == before, "{what}: left as it was");
    }
    let home = Home::new();
    let under_a_file = home.path().join("custory.db");
    fs::write(home.path(), "x").unwrap();
    let error = Store::open(&under_a_file).unwrap_err();
    assert!(matches!(error, OpenError::Io { .. }), "{error:?}");
}

#[test]
fn a_backup_is_of_one_moment_and_opens_like_the_original() {
    let home = Home::new();
    let (mut store, other) = (home.open(), home.open());
    let id = journey(&mut store, 1);
    let seen = commit(&mut store, id, Seq(0), &Change::stage(1));
    let place = Home::new();
    fs::write(place.path(), "an older backup").unwrap();
    other.backup_to(&place.path()).unwrap();
    commit(&mut store, id, seen, &Change::stage(2));
    assert_eq!(place.files(), ["custory.db"]);

    let mut backup = place.open();
    assert_eq!(backup.load(id).unwrap().unwrap().changes, [Change::stage(1).bytes]);
    assert_eq!(backup.board(id).unwrap().stages.len(), 1);
    commit(&mut backup, id, seen, &Change::stage(3));

    let nowhere = home.path().join("backup.db");
    let refused = store.backup_to(&nowhere).unwrap_err();
    assert!(refused.to_string().contains("backup.db cannot be written"), "{refused}");
}
