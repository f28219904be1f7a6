//! Opens the database: makes it on the first start, brings it up to date, and says clearly when it
//! cannot be used.
//!
//! A database is made under another name and put in place when it is complete. Invariant: a file
//! at the place that is empty, or that has lost its beginning, is damage and never a first start,
//! so nothing is ever begun anew in silence.

use std::io;
use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::error::OpenError;
use crate::lease::Lease;
use crate::migrations::{self, Migration};
use crate::paths::{beside, log_of, sync_folder, unfinished};
use crate::{Store, backup, check};

/// How long to wait for another program's commit. Commits take milliseconds; a large import on a
/// slow disk takes seconds.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Largest file that is read as a whole when it is opened, which takes about a millisecond per
/// megabyte. Of a larger one only the tables are walked that cannot be made again.
const CHECKED_BYTES_MAX: u64 = 128 << 20;

/// Statements kept ready. The store has about forty.
const STATEMENTS_KEPT: usize = 64;

impl Store {
    /// Opens the database at `path`, making it and its folder when there is none.
    ///
    /// Several programs may have it open at once. It is brought up to date when an older version
    /// wrote it, which only one program may do alone; before a migration that rewrites what
    /// people made, a copy is kept beside it.
    ///
    /// # Errors
    /// See [`OpenError`]; the file is then as it was.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        open(path, migrations::ALL)
    }
}

pub(crate) fn open(path: &Path, migrations: &[Migration]) -> Result<Store, OpenError> {
    let mut check: fn(&Connection) -> crate::Result<()> = check::everything;
    match std::fs::metadata(path) {
        Ok(file) if file.len() == 0 => return Err(damaged(path, "it is empty")),
        Ok(file) if file.len() > CHECKED_BYTES_MAX => check = check::essentials,
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            if log_of(path).exists() {
                return Err(damaged(path, "it is gone, only its log is there"));
            }
            make(path, migrations)?;
        }
        Err(error) => return Err(OpenError::io(path)(error)),
    }
    let lease = Lease::share(path)?;
    let conn = connect(path).map_err(OpenError::sqlite(path))?;
    if conn.is_readonly("main").map_err(OpenError::sqlite(path))? {
        return Err(OpenError::Refused { path: path.to_owned(), source: crate::StoreError::ReadOnly });
    }
    match check_version(&conn, path, migrations)? {
        Version::Current => {
            check(&conn).map_err(OpenError::store(path))?;
            settle(&conn).map_err(OpenError::sqlite(path))?;
            Ok(Store { conn, lease })
        }
        Version::Old => {
            drop((conn, lease));
            migrate(path, migrations)?;
            open(path, migrations)
        }
    }
}

enum Version {
    Current,
    Old,
}

fn check_version(conn: &Connection, path: &Path, migrations: &[Migration]) -> Result<Version, OpenError> {
    let sqlite = OpenError::sqlite(path);
    let application: i64 =
        conn.pragma_query_value(None, "application_id", |row| row.get(0)).map_err(&sqlite)?;
    if application != migrations::APPLICATION_ID {
        let ours = "SELECT count(*) = 2 FROM sqlite_schema WHERE name IN ('change', 'snapshot')";
        let is_ours = conn.query_row(ours, [], |row| row.get(0)).map_err(&sqlite)?;
        return Err(if is_ours {
            damaged(path, "its mark is wrong")
        } else {
            OpenError::Foreign { path: path.to_owned() }
        });
    }
    let (found, known) = (migrations::version(conn).map_err(&sqlite)?, migrations::latest(migrations));
    match found.cmp(&known) {
        std::cmp::Ordering::Greater => Err(OpenError::TooNew { path: path.to_owned(), found, known }),
        std::cmp::Ordering::Equal => Ok(Version::Current),
        std::cmp::Ordering::Less => Ok(Version::Old),
    }
}

fn migrate(path: &Path, migrations: &[Migration]) -> Result<(), OpenError> {
    let sqlite = OpenError::sqlite(path);
    let _alone = Lease::alone(path)?;
    let mut conn = connect(path).map_err(&sqlite)?;
    let version = migrations::version(&conn).map_err(&sqlite)?;
    if migrations::due(version, migrations).iter().any(|it| it.rewrites) {
        let copy = beside(path, &format!(".before-{}", migrations::latest(migrations)));
        backup::copy(&conn, &copy).map_err(OpenError::store(path))?;
    }
    settle(&conn).map_err(&sqlite)?;
    migrations::run(&mut conn, migrations).map_err(&sqlite)
}

/// Makes a database under another name and puts it in place, unless somebody else was first.
fn make(path: &Path, migrations: &[Migration]) -> Result<(), OpenError> {
    let io = OpenError::io(path);
    let file = unfinished(path).map_err(&io)?;
    fill(&file, migrations, |_| Ok(())).map_err(OpenError::sqlite(path))?;
    match file.persist_noclobber(path) {
        Err(error) if error.error.kind() != io::ErrorKind::AlreadyExists => Err(io(error.error)),
        _ => sync_folder(path).map_err(&io),
    }
}

/// Makes the tables in an empty file and fills them; complete and on disk when it returns.
pub(crate) fn fill(
    file: &Path,
    migrations: &[Migration],
    rows: impl FnOnce(&Connection) -> rusqlite::Result<()>,
) -> rusqlite::Result<()> {
    let mut conn = connect(file)?;
    settle(&conn)?;
    migrations::run(&mut conn, migrations)?;
    let transaction = conn.transaction()?;
    rows(&transaction)?;
    transaction.commit()?;
    // Closing moves the log into the file and removes it.
    conn.close().map_err(|(_, error)| error)
}

/// A connection that leaves the file as it is until it has been found to be sound.
fn connect(path: &Path) -> rusqlite::Result<Connection> {
    // Never CREATE: a file that vanishes between the look and this must not come back empty.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags)?;
    // A rescue needs the log of a damaged file, which closing would move into it.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    conn.busy_timeout(BUSY_TIMEOUT)?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
    conn.execute_batch(
        "-- Every commit is on disk before it is acknowledged; on macOS that takes a stronger call.
         PRAGMA synchronous = FULL;
         PRAGMA fullfsync = ON;
         PRAGMA checkpoint_fullfsync = ON;
         PRAGMA foreign_keys = ON;
         -- What was deleted is gone from the file, and no rescue brings it back.
         PRAGMA secure_delete = ON;
         -- Notice damaged pages when they are read rather than later.
         PRAGMA cell_size_check = ON;
         PRAGMA trusted_schema = OFF;
         -- A large board and its index, in KiB.
         PRAGMA cache_size = -16384;
         PRAGMA temp_store = MEMORY;",
    )?;
    Ok(conn)
}

/// Lets a connection to a sound file work as it should: readers and a writer side by side, and the log
/// moved into the file at the end.
fn settle(conn: &Connection) -> rusqlite::Result<()> {
    conn.pragma_update(None, "journal_mode", "wal")?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
    Ok(())
}

fn damaged(path: &Path, detail: &str) -> OpenError {
    OpenError::Damaged { path: path.to_owned(), detail: detail.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEEPS: Migration = Migration { sql: "CREATE TABLE later (x INTEGER) STRICT;", rewrites: false };
    const REWRITES: Migration =
        Migration { sql: "UPDATE setting SET json = '\"new\"', seal = 0;", rewrites: true };

    fn first() -> Migration {
        Migration { sql: migrations::ALL[0].sql, rewrites: false }
    }

    #[test]
    fn an_old_database_is_brought_up_to_date_and_kept_where_it_is_rewritten() {
        for (later, is_kept) in [(KEEPS, false), (REWRITES, true)] {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("custory.db");
            let mut store = open(&path, &[first()]).unwrap();
            store.put_setting("theme", "\"old\"").unwrap();
            drop(store);

            let json = |path: &Path| -> String {
                let conn = Connection::open(path).unwrap();
                conn.query_row("SELECT json FROM setting", [], |row| row.get(0)).unwrap()
            };
            // The rewritten row has no right seal, so that opening says so afterwards.
            assert_eq!(open(&path, &[first(), later]).is_err(), is_kept);
            let copy = beside(&path, ".before-2");
            assert_eq!(copy.exists(), is_kept);
            if is_kept {
                assert_eq!((json(&copy), json(&path)), ("\"old\"".to_owned(), "\"new\"".to_owned()));
                let old = open(&copy, &[first()]).unwrap();
                assert_eq!(old.setting("theme").unwrap().as_deref(), Some("\"old\""));
            }
        }
    }

    #[test]
    fn a_database_in_use_is_not_changed_under_those_who_use_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("custory.db");
        let older = open(&path, &[first()]).unwrap();
        let refused = open(&path, &[first(), KEEPS]);
        assert!(matches!(refused, Err(OpenError::InUse { .. })), "{refused:?}");
        drop(older);
        let newer = open(&path, &[first(), KEEPS]).unwrap();
        let refused = open(&path, &[first()]);
        assert!(matches!(refused, Err(OpenError::TooNew { found: 2, known: 1, .. })), "{refused:?}");
        drop(newer);
    }

    #[test]
    fn of_the_largest_files_that_is_checked_which_cannot_be_made_again() {
        let folder = tempfile::tempdir().unwrap();
        for (table, is_found) in [("change", true), ("draft", true), ("entity", false), ("hangs", false)] {
            let path = folder.path().join(table);
            let store = open(&path, migrations::ALL).unwrap();
            let query = "SELECT rootpage FROM sqlite_schema WHERE name = ?";
            let page: usize =
                store.conn.query_row(query, [table], |row| row.get(0).map(|it: u32| it as usize)).unwrap();
            drop(store);
            let mut file = std::fs::read(&path).unwrap();
            file[(page - 1) * 4096..page * 4096].fill(0xa5);
            std::fs::write(&path, file).unwrap();
            let conn = connect(&path).unwrap();
            assert_eq!(check::essentials(&conn).is_err(), is_found, "{table}");
            assert!(check::everything(&conn).is_err(), "{table}");
        }
    }
}
