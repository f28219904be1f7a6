//! Signals: whole, on this device only, each once however often its source is read.

use custory_domain::{Shelf, Signal, SignalId};
use rusqlite::{Connection, OptionalExtension};

use crate::Store;
use crate::error::{Result, StoreError};

impl Store {
    /// Takes in signals that are not known yet. Answers those that were new.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn add_signals(&mut self, signals: Vec<Signal>) -> Result<Vec<Signal>> {
        let write = self.write()?;
        let mut new = Vec::new();
        for it in signals {
            if insert(&write, "INSERT INTO signal VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", &it)? {
                new.push(it);
            }
        }
        write.commit()?;
        Ok(new)
    }

    /// Keeps what was decided about signals, all or none.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn put_signals(&mut self, signals: &[Signal]) -> Result<()> {
        let write = self.write()?;
        for it in signals {
            insert(&write, "INSERT OR REPLACE INTO signal VALUES (?, ?, ?, ?, ?, ?)", it)?;
        }
        write.commit()?;
        Ok(())
    }

    /// A signal.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn signal(&self, id: SignalId) -> Result<Option<Signal>> {
        let mut query = self.conn.prepare_cached("SELECT json FROM signal WHERE id = ?")?;
        let json: Option<String> = query.query_row([id.ulid().to_bytes()], |row| row.get(0)).optional()?;
        json.map(|it| read(&it)).transpose()
    }

    /// Signals of a shelf, the newest first, at most `limit`.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn signals(&self, shelf: Shelf, limit: usize) -> Result<Vec<Signal>> {
        let mut query = self
            .conn
            .prepare_cached("SELECT json FROM signal WHERE shelf = ? ORDER BY arrived DESC, id LIMIT ?")?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = query.query_map((shelf.as_str(), limit), |row| row.get::<_, String>(0))?;
        rows.map(|it| read(&it?)).collect()
    }

    /// How many signals a shelf holds.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn signals_on(&self, shelf: Shelf) -> Result<usize> {
        let mut query = self.conn.prepare_cached("SELECT count(*) FROM signal WHERE shelf = ?")?;
        Ok(query.query_row([shelf.as_str()], |row| crate::rows::count_in(row, 0))?)
    }
}

fn insert(conn: &Connection, sql: &str, it: &Signal) -> Result<bool> {
    let json = serde_json::to_string(it).expect("a signal is plain data");
    let row = (
        it.id.ulid().to_bytes(),
        &it.source,
        &it.external_id,
        it.state.shelf().as_str(),
        it.arrived_at.0,
        json,
    );
    Ok(conn.prepare_cached(sql)?.execute(row)? > 0)
}

fn read(json: &str) -> Result<Signal> {
    serde_json::from_str(json).map_err(|error| StoreError::Damaged { detail: format!("a signal: {error}") })
}

#[cfg(test)]
mod tests {
    use super::*;
    use custory_domain::{SignalState, Timestamp, WeightClass};

    fn signal(number: u128, text: &str) -> Signal {
        Signal {
            id: SignalId::from_parts(1, number),
            source: "file".to_owned(),
            external_id: number.to_string(),
            author: String::new(),
            account: String::new(),
            text: text.to_owned(),
            locator: "notes.md".to_owned(),
            anchor: String::new(),
            hash: String::new(),
            said_at: None,
            arrived_at: Timestamp(i64::try_from(number).unwrap()),
            weight: WeightClass::Internal,
            state: SignalState::New,
        }
    }

    #[test]
    fn a_signal_is_taken_in_once_and_what_was_decided_stays() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.db");
        let mut store = Store::open(&file).unwrap();
        let (one, two) = (signal(1, "first"), signal(2, "second"));
        assert_eq!(store.add_signals(vec![one.clone(), two.clone()]).unwrap().len(), 2);
        let decided = Signal { state: SignalState::Dismissed, ..one };
        store.put_signals(std::slice::from_ref(&decided)).unwrap();
        drop(store);

        let mut store = Store::open(&file).unwrap();
        assert_eq!(store.add_signals(vec![signal(1, "again"), signal(3, "third")]).unwrap().len(), 1);
        let texts =
            |shelf| store.signals(shelf, 9).unwrap().into_iter().map(|it| it.text).collect::<Vec<_>>();
        assert_eq!(
            (texts(Shelf::Review), texts(Shelf::Dismissed)),
            (vec!["third".to_owned(), "second".to_owned()], vec!["first".to_owned()],)
        );
        assert_eq!(store.signal(two.id).unwrap(), Some(two));
        assert_eq!(
            (store.signals_on(Shelf::Review).unwrap(), store.signals_on(Shelf::Later).unwrap()),
            (2, 0)
        );
    }
}
