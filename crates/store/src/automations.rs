//! Automations as they are set on this device, and what their runs did.

use custory_domain::Timestamp;
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
}
