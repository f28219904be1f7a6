//! Automations as they are set on this device, and what their runs did.

use std::collections::BTreeSet;

use custory_domain::{EntityRef, JourneyId, Timestamp};
use rusqlite::OptionalExtension;

use crate::Store;
use crate::error::Result;

/// Runs of one automation that are kept; older ones make room.
const RUNS_MAX: i64 = 400;

impl Store {
    /// Keeps an automation, in place of an earlier state of it.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn put_automation(&mut self, key: &str, json: &str) -> Result<()> {
        self.conn
            .prepare_cached(
                "INSERT INTO automation VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET json = excluded.json",
            )?
            .execute((key, json))?;
        Ok(())
    }

    /// All automations that were ever set, by key.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn automations(&self) -> Result<Vec<(String, String)>> {
        let mut query = self.conn.prepare_cached("SELECT key, json FROM automation ORDER BY key")?;
        let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Deletes an automation, and what it found.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn delete_automation(&mut self, key: &str) -> Result<()> {
        self.conn.prepare_cached("DELETE FROM automation WHERE key = ?")?.execute([key])?;
        self.forget_watched(key)
    }

    /// What an automation found on a journey when it looked last; `None` if it never did.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn watched(&self, automation: &str, journey: JourneyId) -> Result<Option<BTreeSet<EntityRef>>> {
        let mut query =
            self.conn.prepare_cached("SELECT entity FROM watched WHERE automation = ? AND journey = ?")?;
        let rows = query.query_map((automation, journey.ulid().to_bytes()), |row| row.get::<_, String>(0))?;
        let rows: Vec<String> = rows.collect::<rusqlite::Result<_>>()?;
        // A kind that a newer version knows is found anew by it.
        let found = rows.iter().filter_map(|it| it.parse().ok()).collect();
        Ok((!rows.is_empty()).then_some(found))
    }

    /// Keeps what an automation finds on a journey now.
    ///
    /// # Errors
    /// When the file cannot be written; nothing was then.
    pub fn put_watched(
        &mut self,
        automation: &str,
        journey: JourneyId,
        found: &BTreeSet<EntityRef>,
    ) -> Result<()> {
        let id = journey.ulid().to_bytes();
        let tx = self.conn.transaction()?;
        tx.prepare_cached("DELETE FROM watched WHERE automation = ? AND journey = ?")?
            .execute((automation, id))?;
        {
            let mut put = tx.prepare_cached("INSERT INTO watched VALUES (?, ?, ?)")?;
            put.execute((automation, id, ""))?;
            for it in found {
                put.execute((automation, id, it.to_string()))?;
            }
        }
        Ok(tx.commit()?)
    }

    /// Forgets what an automation found, so that its next look is its first.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn forget_watched(&mut self, automation: &str) -> Result<()> {
        self.conn.prepare_cached("DELETE FROM watched WHERE automation = ?")?.execute([automation])?;
        Ok(())
    }

    /// Keeps a run, in place of an earlier state of it, and lets the oldest go.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn put_run(&mut self, id: &str, automation: &str, at: Timestamp, json: &str) -> Result<()> {
        let write = self.write()?;
        write
            .prepare_cached(
                "INSERT INTO run VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET json = excluded.json",
            )?
            .execute((id, automation, at.0, json))?;
        write
            .prepare_cached(
                "DELETE FROM run WHERE automation = ?1 AND id NOT IN
                     (SELECT id FROM run WHERE automation = ?1 ORDER BY at DESC, id LIMIT ?2)",
            )?
            .execute((automation, RUNS_MAX))?;
        write.commit()?;
        Ok(())
    }

    /// Forgets a run that another one stands for.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn delete_run(&mut self, id: &str) -> Result<()> {
        self.conn.prepare_cached("DELETE FROM run WHERE id = ?")?.execute([id])?;
        Ok(())
    }

    /// A run.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn run(&self, id: &str) -> Result<Option<String>> {
        let mut query = self.conn.prepare_cached("SELECT json FROM run WHERE id = ?")?;
        Ok(query.query_row([id], |row| row.get(0)).optional()?)
    }

    /// Runs of an automation, the newest first, at most `limit`.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn runs(&self, automation: &str, limit: usize) -> Result<Vec<String>> {
        let mut query = self
            .conn
            .prepare_cached("SELECT json FROM run WHERE automation = ? ORDER BY at DESC, id LIMIT ?")?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = query.query_map((automation, limit), |row| row.get(0))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn automations_and_the_newest_runs_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.db");
        let mut store = Store::open(&file).unwrap();
        store.put_automation("watch", "old").unwrap();
        store.put_automation("watch", "new").unwrap();
        for at in 0..RUNS_MAX + 5 {
            store.put_run(&format!("r{at}"), "watch", Timestamp(at), &at.to_string()).unwrap();
        }
        store.put_run("r404", "watch", Timestamp(404), "changed").unwrap();
        store.put_run("gone", "review", Timestamp(9), "x").unwrap();
        store.delete_run("gone").unwrap();
        store.put_run("other", "review", Timestamp(1), "x").unwrap();
        drop(store);

        let store = Store::open(&file).unwrap();
        assert_eq!(store.automations().unwrap(), [("watch".to_owned(), "new".to_owned())]);
        assert_eq!(store.runs("watch", 2).unwrap(), ["changed", "403"]);
        assert_eq!(store.runs("watch", 999).unwrap().len(), 400);
        assert_eq!((store.run("r0").unwrap(), store.run("other").unwrap()), (None, Some("x".to_owned())));
    }

    #[test]
    fn what_an_automation_found_is_kept_by_journey_until_it_is_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open(&folder.path().join("a.db")).unwrap();
        let (one, two) = (JourneyId::from_parts(1, 1), JourneyId::from_parts(1, 2));
        let items: BTreeSet<EntityRef> =
            (1..4).map(|it| custory_domain::InsightId::from_parts(2, it).into()).collect();
        assert_eq!(store.watched("watch", one).unwrap(), None);
        store.put_watched("watch", one, &BTreeSet::new()).unwrap();
        store.put_watched("watch", two, &items).unwrap();
        assert_eq!(store.watched("watch", one).unwrap(), Some(BTreeSet::new()), "it has looked");
        assert_eq!(store.watched("watch", two).unwrap(), Some(items));
        store.put_automation("watch", "{}").unwrap();
        store.delete_automation("watch").unwrap();
        assert_eq!((store.watched("watch", two).unwrap(), store.automations().unwrap()), (None, Vec::new()));
    }
}
