//! A transaction that writes, by statements that are kept.
//!
//! The library's own reads the words `BEGIN` and `COMMIT` anew each time. Beside a commit of hundreds of records
//! that is nothing; beside a single edit after a pause, when nothing is in the processor's caches, SQLite's parser
//! costs about as much as all it is asked to do.
//!
//! Invariant: what is not committed has not happened.

use std::ops::Deref;

use rusqlite::{Connection, Result};

/// A transaction that has begun. Without a commit it is taken back.
pub(super) struct Transaction<'a> {
    conn: &'a Connection,
}

impl<'a> Transaction<'a> {
    /// Begins, with the right to write. There can be only one: it has the connection for itself.
    pub(super) fn begin(conn: &'a mut Connection) -> Result<Self> {
        conn.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        Ok(Self { conn })
    }

    /// Makes it durable.
    pub(super) fn commit(self) -> Result<()> {
        self.conn.prepare_cached("COMMIT")?.execute([]).map(|_| ())
    }
}

impl Deref for Transaction<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        self.conn
    }
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        // After a commit there is none any more; nor after some faults, which take it back by themselves.
        if !self.conn.is_autocommit() {
            // A connection that cannot take it back cannot commit it either.
            self.conn.execute_batch("ROLLBACK").ok();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_committed_has_happened() {
        let mut conn = Connection::open_in_memory().unwrap();
        conn.execute_batch("CREATE TABLE it (number INTEGER)").unwrap();
        for (number, is_committed) in [(1, true), (2, false), (3, true)] {
            let transaction = Transaction::begin(&mut conn).unwrap();
            transaction.execute("INSERT INTO it VALUES (?1)", [number]).unwrap();
            if is_committed {
                transaction.commit().unwrap();
            }
        }
        let sum: i64 = conn.query_row("SELECT SUM(number) FROM it", [], |row| row.get(0)).unwrap();
        assert_eq!(sum, 4);
    }
}
