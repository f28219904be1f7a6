//! Brings the rows of a board up to date, and notes what that means for the list of journeys.

use custory_domain::{Entity, EntityKind, EntityRef, ItemKind, Patch};
use rusqlite::Connection;
use ulid::Ulid;

use super::entity_row::{New, Old};
use super::sight;
use crate::error::Result;
use crate::rows::DocumentRow;
use crate::summaries;

/// Items that are counted up and down one by one; with more of them it is faster to count anew.
const COUNTED_ONE_BY_ONE_MAX: usize = 16;

/// Writes a patch, in the order in which [`custory_domain::Board::apply`] does.
pub(crate) fn apply(conn: &Connection, document: &DocumentRow, patch: &Patch) -> Result<()> {
    let is_small = patch.put.len() + patch.removed.len() <= COUNTED_ONE_BY_ONE_MAX;
    let mut writing = Writing { conn, document, is_small, touched: Touched::default() };
    for entity in &patch.removed {
        writing.remove(*entity)?;
    }
    for entity in &patch.put {
        writing.put(entity)?;
    }
    summaries::refresh(conn, document, &writing.touched)
}

/// What of a board was touched, as far as the summary of its journey depends on it.
#[derive(Debug, Default)]
pub(crate) struct Touched {
    /// The journey itself.
    pub journey: bool,
    /// Steps or stages came, went or moved, and all that is on them may have; or many items did.
    pub places: bool,
    /// How many items more there are on the map; says nothing if places were touched.
    pub items: i64,
    /// When, at the latest; milliseconds since 1970.
    pub at: Option<i64>,
}

struct Writing<'a> {
    conn: &'a Connection,
    document: &'a DocumentRow,
    is_small: bool,
    touched: Touched,
}

impl Writing<'_> {
    fn remove(&mut self, entity: EntityRef) -> Result<()> {
        let Some(old) = Old::find(self.conn, self.document, entity)? else { return Ok(()) };
        self.moves(entity.kind, old.key, old.is_trashed, -1)?;
        self.touched.journey |= entity.kind == EntityKind::Journey;
        old.delete(self.conn, self.document.kind)
    }

    fn put(&mut self, entity: &Entity) -> Result<()> {
        let name = entity.entity_ref();
        let new = New::of(self.document, entity)?;
        let old = Old::find(self.conn, self.document, name)?;
        if old.as_ref().is_some_and(|old| new.is(old)) {
            return Ok(());
        }
        let is_elsewhere = match &old {
            Some(old) => new.is_elsewhere(old, self.conn)?,
            None => true,
        };
        let key = match &old {
            Some(old) => {
                if is_elsewhere {
                    self.moves(name.kind, old.key, old.is_trashed, -1)?;
                }
                new.update(self.conn, self.document.kind, old)?;
                old.key
            }
            None => new.insert(self.conn, self.document)?,
        };
        if is_elsewhere {
            new.hang(self.conn, key)?;
            self.moves(name.kind, key, new.is_trashed, 1)?;
        }
        self.touched.journey |= name.kind == EntityKind::Journey;
        self.touched.at = self.touched.at.max(Some(new.updated_at));
        Ok(())
    }

    /// Notes that an entity comes to where it is now, or is about to leave.
    fn moves(&mut self, kind: EntityKind, key: i64, is_trashed: bool, by: i64) -> Result<()> {
        let is_item = ItemKind::of(kind).is_some();
        if matches!(kind, EntityKind::Stage | EntityKind::Step) || (is_item && !self.is_small) {
            self.touched.places = true;
        } else if is_item && !is_trashed {
            let document = Ulid::from_bytes(self.document.id);
            self.touched.items += i64::from(sight::is_on_map(self.conn, document, key)?) * by;
        }
        Ok(())
    }
}
