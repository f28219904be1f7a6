//! Each board as rows, so that it can be drawn before its document is loaded.
//!
//! An entity is one row with all its fields as JSON; beside it stand what search reads, what it
//! goes out of sight with, and the counts for the list of journeys. Invariant: the rows are written in
//! the transaction of the changes they come from. They hold nothing that could not be made again.

mod entity_row;
mod reading;
pub(crate) mod sight;
mod write;

use custory_domain::{Board, Entity, EntityKind, EntityRef, Patch};
use rusqlite::Connection;
use ulid::Ulid;

use crate::changes::Seq;
use crate::error::{Result, StoreError};
use crate::rows::DocumentRow;
use crate::{Store, documents};
pub(crate) use write::{Touched, apply};

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

/// Takes everything of a document out, before the document goes.
pub(crate) fn forget(conn: &Connection, id: Ulid) -> Result<()> {
    let Some(document) = documents::find(conn, id)? else { return Ok(()) };
    apply(conn, &document, &Patch { put: Vec::new(), removed: entities(conn, &document)? })
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
    let kind = EntityKind::parse(kind).ok_or_else(|| StoreError::Projection {
        document,
        detail: format!("“{kind}” is no kind of entity"),
    })?;
    Ok(EntityRef { kind, id: Ulid::from_bytes(id) })
}

/// The entity whose row this is.
pub(crate) fn parse(document: Ulid, body: &str) -> Result<Entity> {
    serde_json::from_str(body).map_err(|error| StoreError::Projection { document, detail: error.to_string() })
}
