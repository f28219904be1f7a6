//! Small things that this device remembers, by name.

use rusqlite::OptionalExtension;

use crate::Store;
use crate::error::{Result, StoreError};
use crate::rows::Row;

impl Store {
    /// Remembers something, in place of what went by that name.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn put_setting(&mut self, key: &str, json: &str) -> Result<()> {
        Ok(Row::Setting { key, json }.write(&self.conn)?)
    }

    /// What goes by that name.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn setting(&self, key: &str) -> Result<Option<String>> {
        let mut query = self.conn.prepare_cached("SELECT json, seal FROM setting WHERE key = ?")?;
        let found: Option<(String, i64)> =
            query.query_row([key], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        match found {
            Some((json, seal)) if Row::Setting { key, json: &json }.seal() != seal => {
                Err(StoreError::Damaged { detail: format!("the setting “{key}”") })
            }
            found => Ok(found.map(|(json, _)| json)),
        }
    }
}
