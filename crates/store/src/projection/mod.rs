//! Each board as rows, so that it can be drawn before its document is loaded.
//!
//! An entity is one row with all its fields as JSON; beside it stand what search reads, what it
//! goes out of sight with, and the counts for the list of journeys. Invariant: the rows are written in
//! the transaction of the changes they come from. They hold nothing that could not be made again.

mod reading;

use custory_domain::{Board, Entity, EntityRef, Patch};
use rusqlite::{Connection, OptionalExtension};
use ulid::Ulid;

use crate::changes::Seq;
use crate::error::{Result, StoreError};
use crate::rows::DocumentRow;
use crate::{DocumentKind, Store, documents, search, summaries};

impl Store {
    /// The board of a document; an empty one if there is no such document.
    ///
    /// # Errors
    /// [`StoreError::Projection`] when a row cannot be understood; the document itself is unharmed.
    pub fn board(&self, id: Ulid) -> Result<Board> {
        let mut query = self.conn.prepare_cached("SELECT body FROM entity WHERE document = ?")?;
        let mut rows = query.query([id.to_bytes()])?;
        let mut board = Board::default();
        while let Some(row) = rows.next()? {
            board.put(parse(id, row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?)?);
        }
        Ok(board)
    }

    /// Makes the projection of a document anew from its board, if the caller has read the document
    /// up to its end. Answers whether it has; if not, merge what came since and try again.
    ///
    /// # Errors
    /// [`StoreError::NoDocument`] when it is gone.
    pub fn replace_board(&mut self, id: Ulid, seen: Seq, board: &Board) -> Result<bool> {
        let write = self.write()?;
        let document = documents::get(&write, id)?;
        if document.seq > seen.0 {
            return Ok(false);
        }
        let removed = entities(&write, &document)?.into_iter().filter(|it| !board.contains(*it)).collect();
        apply(&write, &document, &Patch { put: board.entities().collect(), removed })?;
        write.commit()?;
        Ok(true)
    }
}

/// Brings the projection up to date, in the order in which [`Board::apply`] does.
pub(crate) fn apply(conn: &Connection, document: &DocumentRow, patch: &Patch) -> Result<()> {
    let mut touched = Touched::default();
    for entity in &patch.removed {
        if let Some(old) = Stored::find(conn, document, *entity)? {
            old.remove(conn, document.kind)?;
            touched.places = true;
            touched.journey |= matches!(entity.kind, custory_domain::EntityKind::Journey);
        }
    }
    for entity in &patch.put {
        touched.by(put(conn, document, entity)?, entity);
    }
    summaries::refresh(conn, document, &touched)
}

/// What of a board was touched, as far as the summary of its journey depends on it.
#[derive(Debug, Default)]
pub(crate) struct Touched {
    /// The journey itself.
    pub journey: bool,
    /// Who is there, who is in the trash, and what hangs where.
    pub places: bool,
    /// When, at the latest; milliseconds since 1970.
    pub at: Option<i64>,
}

impl Touched {
    fn by(&mut self, what: Put, entity: &Entity) {
        if matches!(what, Put::Nothing) {
            return;
        }
        self.journey |= matches!(entity, Entity::Journey(_));
        self.places |= matches!(what, Put::Place);
        self.at = self.at.max(Some(entity.updated().at.0));
    }
}

/// What putting an entity came to.
enum Put {
    /// It was there already, the same in every field.
    Nothing,
    /// Fields differ.
    Fields,
    /// It is new, came out of the trash or went there, or hangs elsewhere.
    Place,
}

/// An entity's row as it is before a change.
struct Stored {
    key: i64,
    title: String,
    words: String,
    is_trashed: bool,
    body: String,
}

impl Stored {
    fn find(conn: &Connection, document: &DocumentRow, entity: EntityRef) -> Result<Option<Self>> {
        let mut query = conn.prepare_cached(
            "SELECT key, title, words, is_trashed, body FROM entity
             WHERE document = ? AND kind = ? AND id = ?",
        )?;
        let found = query.query_row((document.id, entity.kind.as_str(), entity.id.to_bytes()), |row| {
            Ok(Self {
                key: row.get(0)?,
                title: row.get(1)?,
                words: row.get(2)?,
                is_trashed: row.get(3)?,
                body: row.get(4)?,
            })
        });
        Ok(found.optional()?)
    }

    fn remove(&self, conn: &Connection, kind: DocumentKind) -> Result<()> {
        search::forget(conn, kind, self.key, &self.title, &self.words)?;
        conn.prepare_cached("DELETE FROM entity WHERE key = ?")?.execute([self.key])?;
        Ok(())
    }
}

fn put(conn: &Connection, document: &DocumentRow, entity: &Entity) -> Result<Put> {
    let name = entity.entity_ref();
    let body = serde_json::to_string(entity).map_err(|error| StoreError::Projection {
        document: Ulid::from_bytes(document.id),
        detail: format!("{name} cannot be written: {error}"),
    })?;
    let (title, words) = (entity.title(), reading::words(entity));
    let (is_trashed, updated_at) = (entity.trashed().is_some(), entity.updated().at.0);
    let Some(old) = Stored::find(conn, document, name)? else {
        let mut insert = conn.prepare_cached(
            "INSERT INTO entity (document, kind, id, title, words, is_trashed, updated_at, body)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        )?;
        let (kind, id) = (name.kind.as_str(), name.id.to_bytes());
        insert.execute((document.id, kind, id, title, &words, is_trashed, updated_at, &body))?;
        let key = conn.last_insert_rowid();
        search::learn(conn, document.kind, key, title, &words)?;
        hang(conn, key, entity)?;
        return Ok(Put::Place);
    };
    if old.body == body {
        return Ok(Put::Nothing);
    }
    if old.title != title || old.words != words {
        search::forget(conn, document.kind, old.key, &old.title, &old.words)?;
        search::learn(conn, document.kind, old.key, title, &words)?;
    }
    let mut update = conn.prepare_cached(
        "UPDATE entity SET title = ?, words = ?, is_trashed = ?, updated_at = ?, body = ? WHERE key = ?",
    )?;
    update.execute((title, &words, is_trashed, updated_at, &body, old.key))?;
    let hangs_elsewhere = hang(conn, old.key, entity)?;
    Ok(if hangs_elsewhere || old.is_trashed != is_trashed { Put::Place } else { Put::Fields })
}

/// Notes what the entity hangs on; answers whether that differs from before.
fn hang(conn: &Connection, key: i64, entity: &Entity) -> Result<bool> {
    let mut query = conn.prepare_cached("SELECT parent_kind, parent_id FROM hangs WHERE child = ?")?;
    let mut before: Vec<(String, [u8; 16])> =
        query.query_map([key], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<rusqlite::Result<_>>()?;
    let mut now: Vec<(String, [u8; 16])> = reading::hangs_on(entity)
        .into_iter()
        .map(|it| (it.kind.as_str().to_owned(), it.id.to_bytes()))
        .collect();
    before.sort();
    now.sort();
    if before == now {
        return Ok(false);
    }
    conn.prepare_cached("DELETE FROM hangs WHERE child = ?")?.execute([key])?;
    let mut insert =
        conn.prepare_cached("INSERT OR IGNORE INTO hangs (child, parent_kind, parent_id) VALUES (?, ?, ?)")?;
    for (kind, id) in now {
        insert.execute((key, kind, id))?;
    }
    Ok(true)
}

/// Takes everything of a document out of the index, before its rows go with the document.
pub(crate) fn forget(conn: &Connection, id: Ulid) -> Result<()> {
    let Some(document) = documents::find(conn, id)? else { return Ok(()) };
    for entity in entities(conn, &document)? {
        if let Some(old) = Stored::find(conn, &document, entity)? {
            old.remove(conn, document.kind)?;
        }
    }
    Ok(())
}

fn entities(conn: &Connection, document: &DocumentRow) -> Result<Vec<EntityRef>> {
    let mut query = conn.prepare_cached("SELECT kind, id FROM entity WHERE document = ?")?;
    let mut rows = query.query([document.id])?;
    let mut entities = Vec::new();
    while let Some(row) = rows.next()? {
        let kind: String = row.get(0)?;
        entities.push(entity_ref(Ulid::from_bytes(document.id), &kind, row.get(1)?)?);
    }
    Ok(entities)
}

/// Names an entity by what stands in its row.
pub(crate) fn entity_ref(document: Ulid, kind: &str, id: [u8; 16]) -> Result<EntityRef> {
    let kind = custory_domain::EntityKind::parse(kind).ok_or_else(|| StoreError::Projection {
        document,
        detail: format!("“{kind}” is no kind of entity"),
    })?;
    Ok(EntityRef { kind, id: Ulid::from_bytes(id) })
}

/// The entity whose row this is.
pub(crate) fn parse(document: Ulid, body: &str) -> Result<Entity> {
    serde_json::from_str(body).map_err(|error| StoreError::Projection { document, detail: error.to_string() })
}
