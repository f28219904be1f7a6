//! What texts mean, as vectors that a local model made of them: kept by the text, so that what was edited,
//! copied or undone is never taken for something else, and the same words are asked about once.

use custory_domain::{EntityRef, JourneyId};
use rusqlite::OptionalExtension;
use ulid::Ulid;

use crate::Store;
use crate::error::{Result, StoreError};
use crate::projection::{entity_ref, sight};

/// Vectors kept: several journeys of the largest usual size. The oldest give way.
const VECTORS_MAX: i64 = 100_000;

/// Something with words that can be searched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Worded {
    /// In which journey.
    pub journey: JourneyId,
    /// What it is.
    pub entity: EntityRef,
    /// Its title.
    pub title: String,
    /// Its other texts.
    pub words: String,
}

impl Store {
    /// Everything in sight that has a title, of one journey or of all, at most `limit`.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn worded(&self, journey: Option<JourneyId>, limit: usize) -> Result<Vec<Worded>> {
        let read = self.read()?;
        let mut statement = read.prepare_cached(
            "SELECT entity.key, entity.document, entity.kind, entity.id, entity.title, entity.words
             FROM entity
             JOIN summary ON summary.document = entity.document
             WHERE NOT entity.is_trashed AND NOT summary.is_trashed AND trim(entity.title) <> ''
                 AND (?1 IS NULL OR entity.document = ?1)
             ORDER BY entity.key",
        )?;
        let mut rows = statement.query([journey.map(|it| it.ulid().to_bytes())])?;
        let mut found = Vec::new();
        while found.len() < limit
            && let Some(row) = rows.next()?
        {
            let (key, document) = (row.get(0)?, Ulid::from_bytes(row.get(1)?));
            let kind: String = row.get(2)?;
            let entity = entity_ref(document, &kind, row.get(3)?)?;
            if sight::is_in_sight(&read, document, entity.kind, key)? {
                let (title, words) = (row.get(4)?, row.get(5)?);
                found.push(Worded { journey: document.into(), entity, title, words });
            }
        }
        Ok(found)
    }

    /// The vector that a model made of a text, if it is kept.
    ///
    /// # Errors
    /// When the file cannot be read, or what is kept is no vector.
    pub fn vector(&self, model: &str, text: &str) -> Result<Option<Vec<f32>>> {
        let mut query =
            self.conn.prepare_cached("SELECT vector FROM meaning WHERE model = ? AND hash = ?")?;
        let found: Option<Vec<u8>> = query.query_row((model, hash(text)), |row| row.get(0)).optional()?;
        found.map(|it| numbers(&it)).transpose()
    }

    /// Keeps the vectors that a model made of texts.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn put_vectors(&mut self, model: &str, vectors: &[(String, Vec<f32>)]) -> Result<()> {
        let write = self.write()?;
        for (text, vector) in vectors {
            let bytes: Vec<u8> = vector.iter().flat_map(|it| it.to_le_bytes()).collect();
            write
                .prepare_cached(
                    "INSERT INTO meaning (model, hash, vector) VALUES (?, ?, ?)
                     ON CONFLICT (model, hash) DO UPDATE SET vector = excluded.vector",
                )?
                .execute((model, hash(text), bytes))?;
        }
        write
            .prepare_cached("DELETE FROM meaning WHERE nth <= (SELECT max(nth) FROM meaning) - ?")?
            .execute([VECTORS_MAX])?;
        Ok(write.commit()?)
    }
}

fn hash(text: &str) -> [u8; 32] {
    *blake3::hash(text.as_bytes()).as_bytes()
}

fn numbers(bytes: &[u8]) -> Result<Vec<f32>> {
    let (numbers, rest) = bytes.as_chunks::<4>();
    if rest.is_empty() {
        Ok(numbers.iter().map(|it| f32::from_le_bytes(*it)).collect())
    } else {
        Err(StoreError::Damaged { detail: "what a text means".to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use crate::Store;

    #[test]
    fn a_vector_belongs_to_a_text_and_a_model() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.db");
        let vector = vec![0.6, -0.8];
        Store::open(&file).unwrap().put_vectors("m", &[("Sign up".to_owned(), vector.clone())]).unwrap();
        let mut store = Store::open(&file).unwrap();
        for (model, text, expected) in
            [("m", "Sign up", Some(vector)), ("m", "Sign up!", None), ("other", "Sign up", None)]
        {
            assert_eq!(store.vector(model, text).unwrap(), expected, "{model}: {text}");
        }
        store.put_vectors("m", &[("Sign up".to_owned(), vec![1.0])]).unwrap();
        assert_eq!(store.vector("m", "Sign up").unwrap(), Some(vec![1.0]));
    }
}
