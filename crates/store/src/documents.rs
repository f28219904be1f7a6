//! Which documents there are.

use rusqlite::{Connection, OptionalExtension};
use ulid::Ulid;

use crate::error::{Result, StoreError};
use crate::rows::{DocumentRow, Id, Row};
use crate::{Store, projection};

/// What a document is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DocumentKind {
    /// A workspace with its members and personas.
    Workspace,
    /// A journey with everything on it.
    Journey,
}

impl DocumentKind {
    pub(crate) const ALL: [Self; 2] = [Self::Workspace, Self::Journey];

    /// Its name in the database.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Workspace => "workspace",
            Self::Journey => "journey",
        }
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == text)
    }
}

impl Store {
    /// Makes a document that has no changes yet.
    ///
    /// # Errors
    /// [`StoreError::DocumentExists`] when the id is taken.
    pub fn create_document(&mut self, id: Ulid, kind: DocumentKind) -> Result<()> {
        let write = self.write()?;
        if find(&write, id)?.is_some() {
            return Err(StoreError::DocumentExists(id));
        }
        Row::Document(DocumentRow { id: id.to_bytes(), kind, seq: 0, changes: 0, pruned: 0 })
            .write(&write)?;
        Ok(write.commit()?)
    }

    /// All documents of a kind, the oldest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn documents(&self, kind: DocumentKind) -> Result<Vec<Ulid>> {
        let mut query = self.conn.prepare_cached("SELECT id FROM document WHERE kind = ? ORDER BY id")?;
        let ids = query.query_map([kind.as_str()], |row| row.get(0).map(Ulid::from_bytes))?;
        Ok(ids.collect::<rusqlite::Result<_>>()?)
    }

    /// Documents that have changes and no projection, as after a rescue: to be loaded and handed to
    /// [`Store::replace_board`].
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn documents_without_board(&self) -> Result<Vec<Ulid>> {
        let mut query = self.conn.prepare_cached(
            "SELECT id FROM document WHERE seq > 0
                 AND NOT EXISTS (SELECT 1 FROM entity WHERE entity.document = document.id)
             ORDER BY id",
        )?;
        let ids = query.query_map([], |row| row.get(0).map(Ulid::from_bytes))?;
        Ok(ids.collect::<rusqlite::Result<_>>()?)
    }

    /// Deletes a document and everything that belongs to it, for good: it is overwritten in the file
    /// as well. Does nothing when it is gone already.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn delete_document(&mut self, id: Ulid) -> Result<()> {
        let write = self.write()?;
        projection::forget(&write, id)?;
        write.prepare_cached("DELETE FROM document WHERE id = ?")?.execute([id.to_bytes()])?;
        write.commit()?;
        // What was deleted still stands in the log until that is moved into the file. Another
        // program that is reading may prevent it; then it happens at the next occasion.
        let moved = self.conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0));
        if let Err(error) = moved {
            tracing::debug!("the log could not be emptied now: {error}");
        }
        Ok(())
    }
}

/// The document's row, if there is such a document.
pub(crate) fn find(conn: &Connection, id: Ulid) -> Result<Option<DocumentRow>> {
    let mut query =
        conn.prepare_cached("SELECT id, kind, seq, changes, pruned, seal FROM document WHERE id = ?")?;
    let found = query
        .query_row([id.to_bytes()], |row| {
            let (id, kind): (Id, String) = (row.get(0)?, row.get(1)?);
            let (seq, changes, pruned) = (row.get(2)?, row.get(3)?, row.get(4)?);
            let kind = DocumentKind::parse(&kind);
            Ok((kind.map(|kind| DocumentRow { id, kind, seq, changes, pruned }), row.get::<_, i64>(5)?))
        })
        .optional()?;
    match found {
        None => Ok(None),
        Some((Some(document), seal)) if Row::Document(document).seal() == seal => Ok(Some(document)),
        Some(_) => Err(StoreError::Damaged { detail: format!("the entry of document {id}") }),
    }
}

/// The document's row.
pub(crate) fn get(conn: &Connection, id: Ulid) -> Result<DocumentRow> {
    find(conn, id)?.ok_or(StoreError::NoDocument(id))
}
