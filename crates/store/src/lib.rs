//! What this device keeps, in one SQLite file: changes and snapshots of each document, a
//! projection of each board to draw from at once, a full-text index, drafts, source texts, settings, news.
//!
//! It does not know what a change says: changes are bytes with a hash. Boards reach it as
//! [`custory_domain::Patch`]es, in the same transaction as the changes they come from, so that both
//! are there or neither.
//!
//! Several programs may have the file open, each a replica of its own. They meet in
//! [`Store::commit`]: it writes nothing while another program's changes have not been seen, and
//! hands them over instead. Invariant: what a function has acknowledged survives a crash and a power
//! cut. Invariant: a damaged file is said to be damaged; nothing is ever begun anew in silence.

mod assistant;
mod automations;
mod backup;
mod changes;
mod chat;
mod check;
mod connections;
mod documents;
mod drafts;
mod error;
mod lease;
mod meaning;
mod migrations;
mod news;
mod open;
mod paths;
mod pictures;
mod projection;
mod rescue;
mod rows;
mod seal;
mod search;
mod settings;
mod signals;
mod snapshots;
mod summaries;
mod team;

use lease::Lease;
use rusqlite::{Connection, Transaction, TransactionBehavior};

pub use changes::{Committed, NewChange, Seq, Stored};
pub use documents::DocumentKind;
pub use error::{OpenError, Result, StoreError};
pub use meaning::Worded;
pub use news::{Effect, Line};
pub use pictures::Pictures;
pub use rescue::{Rescued, rescue};
pub use search::Found;
pub use summaries::Summary;
pub use team::{LogKey, Reading, TeamLog, Waiting};

/// One connection to the database of this device. Not shared between threads; a thread that needs
/// one opens its own.
#[derive(Debug)]
pub struct Store {
    conn: Connection,
    // Below the connection, so that it is given back after the connection has closed.
    lease: Lease,
}

impl Store {
    /// A number that changes when another connection has written, and only then.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn data_version(&self) -> Result<i64> {
        Ok(self.conn.pragma_query_value(None, "data_version", |row| row.get(0))?)
    }

    /// Reads of one moment.
    fn read(&self) -> Result<Transaction<'_>> {
        Ok(self.conn.unchecked_transaction()?)
    }

    /// Writes that nobody comes in between of: the lock is taken before the first look.
    fn write(&mut self) -> Result<Transaction<'_>> {
        Ok(self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?)
    }
}
