//! Drafts in review, and the texts that they and evidence were read from.

use custory_domain::DraftId;
use rusqlite::OptionalExtension;
use ulid::Ulid;

use crate::Store;
use crate::error::{Result, StoreError};
use crate::rows::Row;

impl Store {
    /// Keeps a draft, in place of an earlier state of it.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn put_draft(&mut self, id: DraftId, json: &str) -> Result<()> {
        Ok(Row::Draft { id: id.ulid().to_bytes(), json }.write(&self.conn)?)
    }

    /// A draft as it was last kept.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn draft(&self, id: DraftId) -> Result<Option<String>> {
        let key = id.ulid().to_bytes();
        let mut query = self.conn.prepare_cached("SELECT json, seal FROM draft WHERE id = ?")?;
        let found: Option<(String, i64)> =
            query.query_row([key], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        match found {
            Some((json, seal)) if (Row::Draft { id: key, json: &json }).seal() != seal => {
                Err(StoreError::Damaged { detail: format!("draft {id}") })
            }
            found => Ok(found.map(|(json, _)| json)),
        }
    }

    /// All drafts, the oldest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn drafts(&self) -> Result<Vec<DraftId>> {
        let mut query = self.conn.prepare_cached("SELECT id FROM draft ORDER BY id")?;
        let ids = query.query_map([], |row| Ok(Ulid::from_bytes(row.get(0)?).into()))?;
        Ok(ids.collect::<rusqlite::Result<_>>()?)
    }

    /// Throws a draft away; does nothing when it is gone already.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn delete_draft(&mut self, id: DraftId) -> Result<()> {
        let key = id.ulid().to_bytes();
        self.conn.prepare_cached("DELETE FROM draft WHERE id = ?")?.execute([key])?;
        Ok(())
    }

    /// Keeps the text of a source under the hash of its bytes.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn put_source_text(&mut self, hash: &str, text: &str) -> Result<()> {
        Ok(Row::SourceText { hash, text }.write(&self.conn)?)
    }

    /// The text of a source.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn source_text(&self, hash: &str) -> Result<Option<String>> {
        let mut query = self.conn.prepare_cached("SELECT text, seal FROM source_text WHERE hash = ?")?;
        let found: Option<(String, i64)> =
            query.query_row([hash], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        match found {
            Some((text, seal)) if Row::SourceText { hash, text: &text }.seal() != seal => {
                Err(StoreError::Damaged { detail: format!("the text of source {hash}") })
            }
            found => Ok(found.map(|(text, _)| text)),
        }
    }
}
