//! How the store says no, in words that a person can act on.

use std::path::PathBuf;

use rusqlite::ErrorCode;
use ulid::Ulid;

/// What store functions answer.
pub type Result<T> = std::result::Result<T, StoreError>;

/// Why something could not be read or kept. Nothing has changed then, unless it says otherwise.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No document has this id: it was never made, or another program deleted it.
    #[error("This journey is not on this device. It may have been deleted in another window.")]
    NoDocument(Ulid),
    /// A document with this id is there already.
    #[error("This journey is on this device already.")]
    DocumentExists(Ulid),
    /// The changes asked for have been given up for a snapshot: load the document anew.
    #[error("Another program has tidied up this journey in the meantime. Open it again.")]
    Superseded(Ulid),
    /// A snapshot claims to cover changes that the document does not have.
    #[error("A snapshot covers more changes than there are. Please report this.")]
    SnapshotAhead(Ulid),
    /// An entity of the projection cannot be read: rebuild it from the document.
    #[error(
        "The overview of a journey cannot be read ({detail}). It can be made again from the journey itself."
    )]
    Projection {
        /// Which document's.
        document: Ulid,
        /// What is wrong.
        detail: String,
    },
    /// The file holds something that nobody wrote.
    #[error(
        "The file that holds your journeys is damaged ({detail}). Close Custory and open it again; it will offer to save everything that can be read."
    )]
    Damaged {
        /// What is wrong, for a report.
        detail: String,
    },
    /// The disk has no space left.
    #[error("The disk that holds your journeys is full. Free some space and try again; nothing is lost.")]
    DiskFull,
    /// Another program has been writing for too long.
    #[error("Another program has been writing to your journeys for a while. Try again in a moment.")]
    Busy,
    /// The file cannot be written to.
    #[error("The file that holds your journeys cannot be written to. Check its permissions.")]
    ReadOnly,
    /// A copy cannot be written where it was asked for.
    #[error("The file {} cannot be written: {source}", .path.display())]
    Io {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The disk or the database refused for another reason.
    #[error("The file that holds your journeys could not be used: {0}")]
    Sqlite(#[source] rusqlite::Error),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        if let Some(detail) = damage(&error) {
            return Self::Damaged { detail };
        }
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::DiskFull,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            Some(ErrorCode::ReadOnly) => Self::ReadOnly,
            _ => Self::Sqlite(error),
        }
    }
}

/// What is damaged, if that is what the error says. Every column has its type by the schema, so a
/// value of another type, or text that is no text, is damage too.
fn damage(error: &rusqlite::Error) -> Option<String> {
    match error {
        rusqlite::Error::SqliteFailure(code, detail)
            if matches!(code.code, ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase)
                || code.extended_code == rusqlite::ffi::SQLITE_IOERR_SHORT_READ =>
        {
            Some(detail.clone().unwrap_or_else(|| code.to_string()))
        }
        rusqlite::Error::InvalidColumnType(..)
        | rusqlite::Error::IntegralValueOutOfRange(..)
        | rusqlite::Error::FromSqlConversionFailure(..)
        | rusqlite::Error::Utf8Error(..) => Some(error.to_string()),
        _ => None,
    }
}

/// Why a database cannot be opened or rescued. The file is as it was.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The file is damaged; [`crate::rescue()`] brings back what can be read.
    #[error(
        "The file {} is damaged ({detail}). Everything that can be read can be saved into a new file; the damaged one is kept.",
        .path.display()
    )]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// What is wrong, for a report.
        detail: String,
    },
    /// A newer version of the program wrote it.
    #[error(
        "The file {} was written by a newer version of Custory (format {found}; this one knows {known}). Update Custory to open it.",
        .path.display()
    )]
    TooNew {
        /// Which file.
        path: PathBuf,
        /// Its format.
        found: i64,
        /// The newest format that this program knows.
        known: i64,
    },
    /// It is a database, but of another program.
    #[error("The file {} belongs to another program. Choose another folder for Custory.", .path.display())]
    Foreign {
        /// Which file.
        path: PathBuf,
    },
    /// It has to be changed as a whole, and another program has it open.
    #[error("The file {} is open in another window or program. Close it and try again.", .path.display())]
    InUse {
        /// Which file.
        path: PathBuf,
    },
    /// A rescue found nothing at all.
    #[error(
        "Nothing in {} can be read any more. Put a backup in its place, or move it away to begin anew.",
        .path.display()
    )]
    NothingReadable {
        /// Which file.
        path: PathBuf,
    },
    /// The file or its folder cannot be used.
    #[error("The file {} cannot be used: {source}", .path.display())]
    Io {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The database said no for another reason: disk full, no permission, busy for too long.
    #[error("The file {} cannot be opened. {source}", .path.display())]
    Refused {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: StoreError,
    },
}

impl OpenError {
    pub(crate) fn io(path: &std::path::Path) -> impl Fn(std::io::Error) -> Self + '_ {
        move |source| Self::Io { path: path.to_owned(), source }
    }

    pub(crate) fn store(path: &std::path::Path) -> impl Fn(StoreError) -> Self + '_ {
        move |error| match error {
            StoreError::Damaged { detail } => Self::Damaged { path: path.to_owned(), detail },
            // What is asked on opening is always the same. An answer of “no such table” or “unsupported
            // format” says something of the file, not of the question.
            StoreError::Sqlite(error)
                if error.sqlite_error_code() == Some(ErrorCode::Unknown)
                    || matches!(error, rusqlite::Error::SqlInputError { .. }) =>
            {
                Self::Damaged { path: path.to_owned(), detail: error.to_string() }
            }
            source => Self::Refused { path: path.to_owned(), source },
        }
    }

    pub(crate) fn sqlite(path: &std::path::Path) -> impl Fn(rusqlite::Error) -> Self + '_ {
        let map = Self::store(path);
        move |error| map(error.into())
    }
}
