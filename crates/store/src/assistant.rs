//! What a local model said: answers about material, and questions about journeys.

use custory_domain::{AskId, JourneyId};
use rusqlite::OptionalExtension;

use crate::Store;
use crate::error::Result;

/// Answers kept: some hundred drafts of usual size. The oldest give way.
const ANSWERS_MAX: i64 = 50_000;

impl Store {
    /// Keeps what a model said about a piece of material.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn put_model_answer(&mut self, key: &str, answer: &str) -> Result<()> {
        let write = self.write()?;
        write
            .prepare_cached(
                "INSERT INTO model_answer (key, answer) VALUES (?, ?)
                 ON CONFLICT (key) DO UPDATE SET answer = excluded.answer",
            )?
            .execute((key, answer))?;
        write
            .prepare_cached("DELETE FROM model_answer WHERE nth <= (SELECT max(nth) FROM model_answer) - ?")?
            .execute([ANSWERS_MAX])?;
        Ok(write.commit()?)
    }

    /// What a model said about a piece of material.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn model_answer(&self, key: &str) -> Result<Option<String>> {
        let mut query = self.conn.prepare_cached("SELECT answer FROM model_answer WHERE key = ?")?;
        Ok(query.query_row([key], |row| row.get(0)).optional()?)
    }

    /// Keeps a question with its answer, in place of an earlier state of it.
    ///
    /// # Errors
    /// When the file cannot be written, or the journey is not here.
    pub fn put_asked(&mut self, id: AskId, journey: JourneyId, json: &str) -> Result<()> {
        self.conn
            .prepare_cached(
                "INSERT INTO asked (id, document, json) VALUES (?, ?, ?)
                 ON CONFLICT (id) DO UPDATE SET json = excluded.json",
            )?
            .execute((id.ulid().to_bytes(), journey.ulid().to_bytes(), json))?;
        Ok(())
    }

    /// A question with its answer.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn asked(&self, id: AskId) -> Result<Option<String>> {
        let mut query = self.conn.prepare_cached("SELECT json FROM asked WHERE id = ?")?;
        Ok(query.query_row([id.ulid().to_bytes()], |row| row.get(0)).optional()?)
    }

    /// Questions with their answers, of one journey or of all, the newest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn all_asked(&self, journey: Option<JourneyId>, limit: usize) -> Result<Vec<String>> {
        let mut query = self.conn.prepare_cached(
            "SELECT json FROM asked WHERE ?1 IS NULL OR document = ?1 ORDER BY id DESC LIMIT ?2",
        )?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = query.query_map((journey.map(|it| it.ulid().to_bytes()), limit), |row| row.get(0))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Forgets a question; does nothing when it is gone already.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn delete_asked(&mut self, id: AskId) -> Result<()> {
        self.conn.prepare_cached("DELETE FROM asked WHERE id = ?")?.execute([id.ulid().to_bytes()])?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::{DocumentKind, Store};
    use custory_domain::{AskId, JourneyId};

    #[test]
    fn what_was_asked_goes_with_its_journey_and_answers_of_models_stay() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.db");
        let mut store = Store::open(&file).unwrap();
        let (journey, other) = (JourneyId::from_parts(1, 1), JourneyId::from_parts(1, 2));
        for id in [journey, other] {
            store.create_document(id.ulid(), DocumentKind::Journey).unwrap();
        }
        for (at, of) in [(1, journey), (2, other), (3, journey)] {
            store.put_asked(AskId::from_parts(at, 0), of, &format!("{at}")).unwrap();
        }
        store.put_model_answer("k", "old").unwrap();
        store.put_model_answer("k", "new").unwrap();
        drop(store);

        let mut store = Store::open(&file).unwrap();
        assert_eq!(store.all_asked(Some(journey), 9).unwrap(), ["3", "1"]);
        assert_eq!(store.all_asked(None, 2).unwrap(), ["3", "2"]);
        store.delete_asked(AskId::from_parts(3, 0)).unwrap();
        store.delete_document(journey.ulid()).unwrap();
        assert_eq!(store.all_asked(None, 9).unwrap(), ["2"]);
        assert_eq!(store.asked(AskId::from_parts(1, 0)).unwrap(), None);
        assert_eq!(store.model_answer("k").unwrap().as_deref(), Some("new"));
        assert!(store.put_asked(AskId::from_parts(9, 0), journey, "x").is_err());
    }
}
