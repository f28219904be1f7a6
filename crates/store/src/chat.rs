//! What was heard in chat tools and is to be dealt with, and posts with what became of them.

use custory_domain::Timestamp;
use rusqlite::OptionalExtension;

use crate::Store;
use crate::error::Result;

/// Names of things that were dealt with that are remembered; vendors repeat themselves for an hour or so.
const DEALT_WITH_MAX: i64 = 5_000;
/// Posts that were made that are remembered.
const POSTS_MAX: i64 = 1_000;

impl Store {
    /// Keeps something that was heard. `false` if it was known, dealt with or not.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn hear(&mut self, vendor: &str, id: &str, at: Timestamp, json: &str) -> Result<bool> {
        let mut insert =
            self.conn.prepare_cached("INSERT INTO heard VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING")?;
        Ok(insert.execute((vendor, id, at.0, json))? > 0)
    }

    /// What was heard and is to be dealt with, the oldest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn heard(&self, vendor: &str) -> Result<Vec<String>> {
        let mut query = self
            .conn
            .prepare_cached("SELECT json FROM heard WHERE vendor = ? AND json IS NOT NULL ORDER BY at, id")?;
        let rows = query.query_map([vendor], |row| row.get(0))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// It is dealt with: only its name is kept.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn dealt_with(&mut self, vendor: &str, id: &str) -> Result<()> {
        let write = self.write()?;
        write
            .prepare_cached("UPDATE heard SET json = NULL WHERE vendor = ? AND id = ?")?
            .execute((vendor, id))?;
        write
            .prepare_cached(
                "DELETE FROM heard WHERE vendor = ?1 AND json IS NULL AND id NOT IN
                     (SELECT id FROM heard WHERE vendor = ?1 AND json IS NULL ORDER BY at DESC, id LIMIT ?2)",
            )?
            .execute((vendor, DEALT_WITH_MAX))?;
        write.commit()?;
        Ok(())
    }

    /// Keeps a post, in place of an earlier state of it.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn put_post(
        &mut self,
        id: &str,
        vendor: &str,
        at: Timestamp,
        is_open: bool,
        json: &str,
    ) -> Result<()> {
        let write = self.write()?;
        write
            .prepare_cached(
                "INSERT INTO post VALUES (?, ?, ?, ?, ?)
                 ON CONFLICT (id) DO UPDATE SET is_open = excluded.is_open, json = excluded.json",
            )?
            .execute((id, vendor, at.0, is_open, json))?;
        write
            .prepare_cached(
                "DELETE FROM post WHERE NOT is_open AND id NOT IN
                     (SELECT id FROM post WHERE NOT is_open ORDER BY at DESC, id LIMIT ?)",
            )?
            .execute([POSTS_MAX])?;
        write.commit()?;
        Ok(())
    }

    /// Forgets a post that is not to be made after all.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn delete_post(&mut self, id: &str) -> Result<()> {
        self.conn.prepare_cached("DELETE FROM post WHERE id = ?")?.execute([id])?;
        Ok(())
    }

    /// A post: whether it is open, and what it is.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn post(&self, id: &str) -> Result<Option<(bool, String)>> {
        let mut query = self.conn.prepare_cached("SELECT is_open, json FROM post WHERE id = ?")?;
        Ok(query.query_row([id], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
    }

    /// Posts that are open, the oldest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn open_posts(&self, vendor: &str) -> Result<Vec<String>> {
        let mut query =
            self.conn.prepare_cached("SELECT json FROM post WHERE vendor = ? AND is_open ORDER BY at, id")?;
        let rows = query.query_map([vendor], |row| row.get(0))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_heard_is_dealt_with_once_and_posts_outlive_the_program() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.db");
        let mut store = Store::open(&file).unwrap();
        assert!(store.hear("slack", "b", Timestamp(2), "second").unwrap());
        assert!(store.hear("slack", "a", Timestamp(1), "first").unwrap());
        assert!(store.hear("discord", "a", Timestamp(1), "elsewhere").unwrap());
        assert!(!store.hear("slack", "a", Timestamp(3), "again").unwrap());
        store.dealt_with("slack", "a").unwrap();
        assert!(!store.hear("slack", "a", Timestamp(4), "once more").unwrap());
        store.put_post("p", "slack", Timestamp(1), true, "to be made").unwrap();
        store.put_post("q", "slack", Timestamp(2), true, "also").unwrap();
        store.put_post("p", "slack", Timestamp(1), false, "made").unwrap();
        store.put_post("r", "slack", Timestamp(3), true, "not after all").unwrap();
        store.delete_post("r").unwrap();
        drop(store);

        let store = Store::open(&file).unwrap();
        assert_eq!(store.heard("slack").unwrap(), ["second"]);
        assert_eq!(store.open_posts("slack").unwrap(), ["also"]);
        assert_eq!(store.post("p").unwrap(), Some((false, "made".to_owned())));
        assert_eq!(store.post("x").unwrap(), None);
    }
}
