//! What is in sight: not in the trash, and not hanging on things that all are out of sight.
//!
//! The same as [`custory_domain::Board`] shows: a step goes with its stage, an item with its steps.

use custory_domain::EntityKind;
use rusqlite::{Connection, OptionalExtension};
use ulid::Ulid;

use crate::error::Result;

/// How far up a thing's place is followed: comment, evidence, item, step, stage.
const DEPTH_MAX: usize = 8;

/// Kind and id of an entity that another one hangs on.
pub(super) type Parent = (String, [u8; 16]);

/// Whether an entity that is not in the trash itself is in sight.
pub(crate) fn is_in_sight(conn: &Connection, document: Ulid, kind: EntityKind, key: i64) -> Result<bool> {
    let parents = parents(conn, key)?;
    if parents.is_empty() {
        return Ok(stands_alone(kind.as_str()));
    }
    is_any_in_sight(conn, document, parents, DEPTH_MAX)
}

/// Whether an item that is not in the trash itself stands on a step that is in sight.
pub(super) fn is_on_map(conn: &Connection, document: Ulid, key: i64) -> Result<bool> {
    is_any_in_sight(conn, document, parents(conn, key)?, DEPTH_MAX)
}

/// Whether something of this kind is in sight when it hangs on nothing. A step without a stage has no
/// place on the map.
fn stands_alone(kind: &str) -> bool {
    kind != EntityKind::Step.as_str()
}

/// What an entity hangs on, in the order of the database.
pub(super) fn parents(conn: &Connection, key: i64) -> Result<Vec<Parent>> {
    let mut query = conn.prepare_cached(
        "SELECT parent_kind, parent_id FROM hangs WHERE child = ? ORDER BY parent_kind, parent_id",
    )?;
    let parents = query.query_map([key], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(parents.collect::<rusqlite::Result<_>>()?)
}

fn is_any_in_sight(conn: &Connection, document: Ulid, parents: Vec<Parent>, depth: usize) -> Result<bool> {
    let mut query = conn.prepare_cached(
        "SELECT key FROM entity WHERE document = ? AND kind = ? AND id = ? AND NOT is_trashed",
    )?;
    for (kind, id) in parents {
        let stands_alone = stands_alone(&kind);
        let key: Option<i64> =
            query.query_row((document.to_bytes(), kind, id), |row| row.get(0)).optional()?;
        let Some(key) = key else { continue };
        let above = self::parents(conn, key)?;
        let is_in_sight = match above.is_empty() {
            true => stands_alone,
            false => depth > 0 && is_any_in_sight(conn, document, above, depth - 1)?,
        };
        if is_in_sight {
            return Ok(true);
        }
    }
    Ok(false)
}
