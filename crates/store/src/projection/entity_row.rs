//! The row of one entity, with what search and sight need beside it.

use custory_domain::{Entity, EntityRef};
use rusqlite::{Connection, OptionalExtension};
use ulid::Ulid;

use super::{reading, sight};
use crate::error::{Result, StoreError};
use crate::rows::DocumentRow;
use crate::{DocumentKind, search};

/// A row as it is before a change.
pub(super) struct Old {
    pub key: i64,
    pub is_trashed: bool,
    title: String,
    words: String,
    body: String,
}

impl Old {
    pub fn find(conn: &Connection, document: &DocumentRow, entity: EntityRef) -> Result<Option<Self>> {
        let mut query = conn.prepare_cached(
            "SELECT key, is_trashed, title, words, body FROM entity
             WHERE document = ? AND kind = ? AND id = ?",
        )?;
        let found = query.query_row((document.id, entity.kind.as_str(), entity.id.to_bytes()), |row| {
            Ok(Self {
                key: row.get(0)?,
                is_trashed: row.get(1)?,
                title: row.get(2)?,
                words: row.get(3)?,
                body: row.get(4)?,
            })
        });
        Ok(found.optional()?)
    }

    pub fn delete(&self, conn: &Connection, kind: DocumentKind) -> Result<()> {
        search::forget(conn, kind, self.key, &self.title, &self.words)?;
        conn.prepare_cached("DELETE FROM entity WHERE key = ?")?.execute([self.key])?;
        Ok(())
    }
}

/// A row as it will be.
pub(super) struct New<'a> {
    pub is_trashed: bool,
    pub updated_at: i64,
    name: EntityRef,
    title: &'a str,
    words: String,
    body: String,
    /// As [`sight::parents`] answers them once they are written.
    parents: Vec<sight::Parent>,
}

impl<'a> New<'a> {
    pub fn of(document: &DocumentRow, entity: &'a Entity) -> Result<Self> {
        let name = entity.entity_ref();
        let body = serde_json::to_string(entity).map_err(|error| StoreError::Projection {
            document: Ulid::from_bytes(document.id),
            detail: format!("{name} cannot be written: {error}"),
        })?;
        let parents = reading::hangs_on(entity).into_iter();
        let mut parents: Vec<sight::Parent> =
            parents.map(|it| (it.kind.as_str().to_owned(), it.id.to_bytes())).collect();
        parents.sort();
        Ok(Self {
            is_trashed: entity.trashed().is_some(),
            updated_at: entity.updated().at.0,
            name,
            title: entity.title(),
            words: reading::words(entity),
            body,
            parents,
        })
    }

    /// Whether nothing at all would change.
    pub fn is(&self, old: &Old) -> bool {
        self.body == old.body
    }

    /// Whether it goes to the trash, comes out of it, or hangs on other things than before.
    pub fn is_elsewhere(&self, old: &Old, conn: &Connection) -> Result<bool> {
        Ok(self.is_trashed != old.is_trashed || self.parents != sight::parents(conn, old.key)?)
    }

    /// Writes a first row and answers its key.
    pub fn insert(&self, conn: &Connection, document: &DocumentRow) -> Result<i64> {
        let mut insert = conn.prepare_cached(
            "INSERT INTO entity (document, kind, id, title, words, is_trashed, updated_at, body)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        )?;
        let (kind, id) = (self.name.kind.as_str(), self.name.id.to_bytes());
        let (title, words, body) = (self.title, &self.words, &self.body);
        insert.execute((document.id, kind, id, title, words, self.is_trashed, self.updated_at, body))?;
        let key = conn.last_insert_rowid();
        search::learn(conn, document.kind, key, title, words)?;
        Ok(key)
    }

    /// Writes over the row that was there.
    pub fn update(&self, conn: &Connection, kind: DocumentKind, old: &Old) -> Result<()> {
        if self.title != old.title || self.words != old.words {
            search::forget(conn, kind, old.key, &old.title, &old.words)?;
            search::learn(conn, kind, old.key, self.title, &self.words)?;
        }
        let mut update = conn.prepare_cached(
            "UPDATE entity SET title = ?, words = ?, is_trashed = ?, updated_at = ?, body = ? WHERE key = ?",
        )?;
        update.execute((self.title, &self.words, self.is_trashed, self.updated_at, &self.body, old.key))?;
        Ok(())
    }

    /// Notes what the entity hangs on.
    pub fn hang(&self, conn: &Connection, key: i64) -> Result<()> {
        conn.prepare_cached("DELETE FROM hangs WHERE child = ?")?.execute([key])?;
        let mut insert =
            conn.prepare_cached("INSERT INTO hangs (child, parent_kind, parent_id) VALUES (?, ?, ?)")?;
        for (kind, id) in &self.parents {
            insert.execute((key, kind, id))?;
        }
        Ok(())
    }
}
