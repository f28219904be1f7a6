//! Other tools that this device is connected to, and what is on its way to them. Never a key.

use custory_domain::{DeliveryLinkId, JourneyId};

use crate::Store;
use crate::error::Result;

impl Store {
    /// Keeps a connection, in place of an earlier state of it.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn put_connection(&mut self, vendor: &str, json: &str) -> Result<()> {
        self.conn
            .prepare_cached(
                "INSERT INTO connection (vendor, json) VALUES (?, ?)
                 ON CONFLICT (vendor) DO UPDATE SET json = excluded.json",
            )?
            .execute((vendor, json))?;
        Ok(())
    }

    /// All connections, by vendor.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn connections(&self) -> Result<Vec<(String, String)>> {
        let mut query = self.conn.prepare_cached("SELECT vendor, json FROM connection ORDER BY vendor")?;
        let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Forgets a connection; does nothing when it is gone already.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn delete_connection(&mut self, vendor: &str) -> Result<()> {
        self.conn.prepare_cached("DELETE FROM connection WHERE vendor = ?")?.execute([vendor])?;
        Ok(())
    }

    /// Keeps what is about to be sent, in place of an earlier state of it.
    ///
    /// # Errors
    /// When the file cannot be written, or the journey is not here.
    pub fn put_sending(&mut self, link: DeliveryLinkId, journey: JourneyId, json: &str) -> Result<()> {
        self.conn
            .prepare_cached(
                "INSERT INTO sending (link, document, json) VALUES (?, ?, ?)
                 ON CONFLICT (link) DO UPDATE SET json = excluded.json",
            )?
            .execute((link.ulid().to_bytes(), journey.ulid().to_bytes(), json))?;
        Ok(())
    }

    /// Everything that was about to be sent and is not known to have arrived.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn sendings(&self) -> Result<Vec<String>> {
        let mut query = self.conn.prepare_cached("SELECT json FROM sending ORDER BY link")?;
        let rows = query.query_map([], |row| row.get(0))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// It arrived, or never will.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn delete_sending(&mut self, link: DeliveryLinkId) -> Result<()> {
        self.conn.prepare_cached("DELETE FROM sending WHERE link = ?")?.execute([link.ulid().to_bytes()])?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::{DocumentKind, Store};
    use custory_domain::{DeliveryLinkId, JourneyId};

    #[test]
    fn connections_and_what_is_on_its_way_outlive_the_program_and_leave_with_their_journey() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.db");
        let mut store = Store::open(&file).unwrap();
        let journey = JourneyId::from_parts(1, 1);
        store.create_document(journey.ulid(), DocumentKind::Journey).unwrap();
        store.put_connection("posthog", "old").unwrap();
        store.put_connection("posthog", "new").unwrap();
        store.put_connection("linear", "x").unwrap();
        let link = |number| DeliveryLinkId::from_parts(1, number);
        for number in [1, 2] {
            store.put_sending(link(number), journey, &format!("{number}")).unwrap();
        }
        drop(store);

        let mut store = Store::open(&file).unwrap();
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(store.connections().unwrap(), [pair("linear", "x"), pair("posthog", "new")]);
        store.delete_connection("linear").unwrap();
        assert_eq!(store.connections().unwrap().len(), 1);
        store.delete_sending(link(1)).unwrap();
        assert_eq!(store.sendings().unwrap(), ["2"]);
        store.delete_document(journey.ulid()).unwrap();
        assert!(store.sendings().unwrap().is_empty());
        assert!(store.put_sending(link(3), journey, "x").is_err());
    }
}
