//! Brings a database's tables up to what this version of the program expects.
//!
//! Each migration is a file in migrations/ that never changes once it has been released. All that
//! are due run in one transaction: a database is at the old version or at the new one.

use rusqlite::{Connection, TransactionBehavior};

/// One step from a version to the next.
pub(crate) struct Migration {
    /// What to run.
    pub sql: &'static str,
    /// Whether it rewrites what exists nowhere else, so that a copy is kept of what was.
    pub rewrites: bool,
}

/// All migrations; the first one makes version 1.
pub(crate) const ALL: &[Migration] = &[
    Migration { sql: include_str!("../migrations/001_first.sql"), rewrites: false },
    Migration { sql: include_str!("../migrations/002_assistant.sql"), rewrites: false },
    Migration { sql: include_str!("../migrations/003_team.sql"), rewrites: false },
    Migration { sql: include_str!("../migrations/004_connectors.sql"), rewrites: false },
    Migration { sql: include_str!("../migrations/005_signals.sql"), rewrites: false },
    Migration { sql: include_str!("../migrations/006_automations.sql"), rewrites: false },
    Migration { sql: include_str!("../migrations/007_meaning.sql"), rewrites: false },
    Migration { sql: include_str!("../migrations/008_chat.sql"), rewrites: false },
    Migration { sql: include_str!("../migrations/009_watches.sql"), rewrites: false },
    Migration { sql: include_str!("../migrations/010_news.sql"), rewrites: false },
];

/// Marks a database as one of this program: “Cust” in ASCII.
pub(crate) const APPLICATION_ID: i64 = 0x4375_7374;

/// The version that a list of migrations leads to.
pub(crate) fn latest(migrations: &[Migration]) -> i64 {
    i64::try_from(migrations.len()).expect("a program has few migrations")
}

/// The version that a database is at; 0 for an empty one.
pub(crate) fn version(conn: &Connection) -> rusqlite::Result<i64> {
    conn.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// The migrations that a database at `version` still needs.
pub(crate) fn due(version: i64, migrations: &[Migration]) -> &[Migration] {
    usize::try_from(version).ok().and_then(|done| migrations.get(done..)).unwrap_or_default()
}

/// Runs what is due; does nothing when nothing is.
pub(crate) fn run(conn: &mut Connection, migrations: &[Migration]) -> rusqlite::Result<()> {
    // Tables are rebuilt by dropping the old one, which must not take its children along. The
    // pragma has no effect inside a transaction.
    conn.pragma_update(None, "foreign_keys", false)?;
    let done = run_in_transaction(conn, migrations);
    conn.pragma_update(None, "foreign_keys", true)?;
    done
}

fn run_in_transaction(conn: &mut Connection, migrations: &[Migration]) -> rusqlite::Result<()> {
    let transaction = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for migration in due(version(&transaction)?, migrations) {
        transaction.execute_batch(migration.sql)?;
    }
    let orphans = transaction.prepare("PRAGMA foreign_key_check")?.exists([])?;
    if orphans {
        let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CONSTRAINT_FOREIGNKEY);
        let detail = "a migration left rows without their document".to_owned();
        return Err(rusqlite::Error::SqliteFailure(code, Some(detail)));
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", latest(migrations))?;
    transaction.commit()
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEPS: &[Migration] = &[
        Migration { sql: "CREATE TABLE a (x INTEGER) STRICT; INSERT INTO a VALUES (1);", rewrites: false },
        Migration { sql: "UPDATE a SET x = x + 1;", rewrites: true },
        Migration { sql: "UPDATE a SET x = x * 10;", rewrites: true },
    ];

    fn value(conn: &Connection) -> i64 {
        conn.query_row("SELECT x FROM a", [], |row| row.get(0)).unwrap()
    }

    #[test]
    fn every_version_arrives_at_the_newest_and_each_step_runs_once() {
        for start in 0..=STEPS.len() {
            let mut conn = Connection::open_in_memory().unwrap();
            run(&mut conn, &STEPS[..start]).unwrap();
            run(&mut conn, STEPS).unwrap();
            run(&mut conn, STEPS).unwrap();
            assert_eq!((version(&conn).unwrap(), value(&conn)), (3, 20), "from version {start}");
        }
    }

    #[test]
    fn a_migration_that_fails_leaves_everything_as_it_was() {
        let mut conn = Connection::open_in_memory().unwrap();
        run(&mut conn, &STEPS[..1]).unwrap();
        let broken = [
            Migration { sql: STEPS[0].sql, rewrites: false },
            Migration { sql: STEPS[1].sql, rewrites: true },
            Migration { sql: "UPDATE nothing SET x = 0;", rewrites: true },
        ];
        assert!(run(&mut conn, &broken).is_err());
        assert_eq!((version(&conn).unwrap(), value(&conn)), (1, 1));
    }
}
