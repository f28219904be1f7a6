//! Reads everything and says whether it is as it was written.

use rusqlite::Connection;
use rusqlite::types::ValueRef;

use crate::Store;
use crate::error::{Result, StoreError};
use crate::rows::Row;
use crate::seal::Field;

impl Store {
    /// Reads the whole file and says whether it is sound. Takes about a second for 1 GB; opening does
    /// the same with files of a usual size.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] with the first thing found.
    pub fn check(&self) -> Result<()> {
        everything(&self.conn)
    }
}

/// The structure of all tables, and all rows that exist nowhere else.
pub(crate) fn everything(conn: &Connection) -> Result<()> {
    structure(conn, "PRAGMA quick_check(1)")?;
    Row::TABLES.iter().try_for_each(|table| rows(conn, table))
}

/// Only the tables whose rows exist nowhere else, and only that they can be walked through.
pub(crate) fn essentials(conn: &Connection) -> Result<()> {
    Row::TABLES.iter().try_for_each(|table| structure(conn, &format!("PRAGMA quick_check({table})")))
}

fn structure(conn: &Connection, pragma: &str) -> Result<()> {
    let found: String = conn.query_row(pragma, [], |row| row.get(0))?;
    if found == "ok" { Ok(()) } else { Err(StoreError::Damaged { detail: found }) }
}

/// The seals of all rows of a table.
fn rows(conn: &Connection, table: &'static str) -> Result<()> {
    let mut query = conn.prepare(&format!("SELECT rowid, * FROM {table}"))?;
    let columns = query.column_count();
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let number: i64 = row.get(0)?;
        let mut fields = Vec::with_capacity(columns);
        for column in 1..columns {
            fields.push(match row.get_ref(column)? {
                ValueRef::Null => Field::Null,
                ValueRef::Integer(it) => Field::Int(it),
                ValueRef::Real(_) => Field::Real,
                ValueRef::Text(it) => Field::Text(std::str::from_utf8(it).unwrap_or_default()),
                ValueRef::Blob(it) => Field::Blob(it),
            });
        }
        if Row::recognise(number, &fields).is_none_or(|it| it.table() != table) {
            return Err(StoreError::Damaged { detail: format!("row {number} of table {table}") });
        }
    }
    Ok(())
}
