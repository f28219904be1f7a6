//! Journeys as the list of journeys shows them.
//!
//! The list is read after every edit, so its counts are made when a journey changes its shape and
//! not when they are read. Counted is what the map shows: a step whose stage is in the trash is
//! out of sight with it, and so is an item all of whose steps are.

use custory_domain::{Entity, ItemKind, JourneyId, StepId, Timestamp};
use rusqlite::{Connection, OptionalExtension};
use ulid::Ulid;

use crate::Store;
use crate::error::Result;
use crate::projection::{Touched, parse};
use crate::rows::{DocumentRow, count_in};

/// A journey in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Which one.
    pub id: JourneyId,
    /// Its title.
    pub title: String,
    /// Out of the way.
    pub is_archived: bool,
    /// The shipped example.
    pub is_sample: bool,
    /// Steps on its map.
    pub steps: usize,
    /// Items on these steps, each once.
    pub items: usize,
    /// When anything on it was last changed.
    pub updated_at: Timestamp,
}

impl Store {
    /// All journeys that are not in the trash, the oldest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn summaries(&self) -> Result<Vec<Summary>> {
        let mut query = self.conn.prepare_cached(
            "SELECT document, title, is_archived, is_sample, steps, items, updated_at FROM summary
             WHERE NOT is_trashed ORDER BY document",
        )?;
        let rows = query.query_map([], |row| {
            Ok(Summary {
                id: Ulid::from_bytes(row.get(0)?).into(),
                title: row.get(1)?,
                is_archived: row.get(2)?,
                is_sample: row.get(3)?,
                steps: count_in(row, 4)?,
                items: count_in(row, 5)?,
                updated_at: Timestamp(row.get(6)?),
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

impl Store {
    /// The steps that a journey shows in detail: whose journey, which step, and its title.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn steps_detailed_by(&self, journey: JourneyId) -> Result<Vec<(JourneyId, StepId, String)>> {
        let mut query = self.conn.prepare_cached(
            "SELECT document, id, title FROM entity
             WHERE kind = 'step' AND NOT is_trashed AND json_extract(body, '$.detail') = ? ORDER BY document, id",
        )?;
        let rows = query.query_map([journey.to_string()], |row| {
            Ok((Ulid::from_bytes(row.get(0)?).into(), Ulid::from_bytes(row.get(1)?).into(), row.get(2)?))
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The journeys that show one as it should be, the newest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn to_be_of(&self, journey: JourneyId) -> Result<Vec<JourneyId>> {
        let mut query = self.conn.prepare_cached(
            "SELECT document FROM entity
             WHERE kind = 'journey' AND NOT is_trashed AND json_extract(body, '$.to_be_of') = ? ORDER BY document DESC",
        )?;
        let rows = query.query_map([journey.to_string()], |row| Ok(Ulid::from_bytes(row.get(0)?).into()))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

/// Brings a journey's summary up to date with its entities.
pub(crate) fn refresh(conn: &Connection, document: &DocumentRow, touched: &Touched) -> Result<()> {
    let mut is_new = false;
    if touched.journey {
        is_new = describe(conn, document)?;
    }
    if touched.places || is_new {
        count(conn, document)?;
    } else if touched.items != 0 {
        let mut update = conn.prepare_cached("UPDATE summary SET items = items + ? WHERE document = ?")?;
        update.execute((touched.items, document.id))?;
    }
    if is_new {
        let mut update = conn.prepare_cached(
            "UPDATE summary SET updated_at =
                 (SELECT max(updated_at) FROM entity WHERE entity.document = summary.document)
             WHERE document = ?",
        )?;
        update.execute([document.id])?;
    } else if let Some(at) = touched.at {
        let mut update =
            conn.prepare_cached("UPDATE summary SET updated_at = max(updated_at, ?) WHERE document = ?")?;
        update.execute((at, document.id))?;
    }
    Ok(())
}

/// Takes over what the journey says of itself; answers whether it was not in the list before.
fn describe(conn: &Connection, document: &DocumentRow) -> Result<bool> {
    let mut query = conn.prepare_cached(
        "SELECT body FROM entity WHERE document = ? AND kind = 'journey' ORDER BY id LIMIT 1",
    )?;
    let body: Option<String> = query.query_row([document.id], |row| row.get(0)).optional()?;
    let entity = body.map(|it| parse(Ulid::from_bytes(document.id), &it)).transpose()?;
    let Some(Entity::Journey(journey)) = entity else {
        conn.prepare_cached("DELETE FROM summary WHERE document = ?")?.execute([document.id])?;
        return Ok(false);
    };
    let mut known = conn.prepare_cached("SELECT 1 FROM summary WHERE document = ?")?;
    let is_new = !known.exists([document.id])?;
    let mut upsert = conn.prepare_cached(
        "INSERT INTO summary (document, title, is_archived, is_sample, is_trashed, steps, items, updated_at)
         VALUES (?, ?, ?, ?, ?, 0, 0, 0)
         ON CONFLICT (document) DO UPDATE SET title = excluded.title, is_archived = excluded.is_archived,
             is_sample = excluded.is_sample, is_trashed = excluded.is_trashed",
    )?;
    let is_trashed = journey.trashed.is_some();
    upsert.execute((document.id, journey.title, journey.is_archived, journey.is_sample, is_trashed))?;
    Ok(is_new)
}

/// Counts what the map shows. The plus keeps SQLite from trying every step on every item.
fn count(conn: &Connection, document: &DocumentRow) -> Result<()> {
    let kinds: Vec<String> =
        ItemKind::ALL.iter().map(|it| format!("'{}'", it.spec().entity.as_str())).collect();
    let mut update = conn.prepare_cached(&format!(
        "WITH
         shown_step AS MATERIALIZED (
             SELECT step.key, step.id FROM entity AS step
             JOIN hangs ON hangs.child = step.key
             JOIN entity AS stage
                 ON stage.document = step.document AND stage.kind = 'stage' AND stage.id = hangs.parent_id
             WHERE step.document = ?1 AND step.kind = 'step' AND NOT step.is_trashed AND NOT stage.is_trashed
         ),
         shown_item AS (
             SELECT DISTINCT item.key FROM entity AS item
             JOIN hangs ON hangs.child = item.key AND hangs.parent_kind = 'step'
             WHERE item.document = ?1 AND item.kind IN ({}) AND NOT item.is_trashed
                 AND +hangs.parent_id IN (SELECT id FROM shown_step)
         )
         UPDATE summary SET
             steps = (SELECT count(*) FROM shown_step), items = (SELECT count(*) FROM shown_item)
         WHERE document = ?1",
        kinds.join(", ")
    ))?;
    update.execute([document.id])?;
    Ok(())
}
