//! The rows that exist nowhere else: how each is written, sealed, and recognised again.
//!
//! One description for two readers: everyday work and a rescue, which finds rows without their
//! tables. Invariant: the columns here stand in the order of migrations/*.sql, the seal last.

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ToSql, params_from_iter};

use crate::DocumentKind;
use crate::seal::{Field, seal};

/// An id as it is stored.
pub(crate) type Id = [u8; 16];

/// A row of one of the sealed tables.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Row<'a> {
    Document(DocumentRow),
    Change(ChangeRow<'a>),
    Snapshot(SnapshotRow<'a>),
    Draft { id: Id, json: &'a str },
    SourceText { hash: &'a str, text: &'a str },
    Setting { key: &'a str, json: &'a str },
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct DocumentRow {
    pub id: Id,
    pub kind: DocumentKind,
    pub seq: i64,
    pub changes: i64,
    pub pruned: i64,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct ChangeRow<'a> {
    pub seq: i64,
    pub document: Id,
    pub kind: DocumentKind,
    pub nth: i64,
    pub hash: [u8; 32],
    pub bytes: &'a [u8],
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct SnapshotRow<'a> {
    pub document: Id,
    pub kind: DocumentKind,
    pub upto: i64,
    pub nth: i64,
    pub bytes: &'a [u8],
}

impl<'a> Row<'a> {
    /// Names of all sealed tables.
    pub const TABLES: [&'static str; 6] =
        ["document", "change", "snapshot", "draft", "source_text", "setting"];

    /// Name of its table.
    pub fn table(&self) -> &'static str {
        match self {
            Self::Document(_) => "document",
            Self::Change(_) => "change",
            Self::Snapshot(_) => "snapshot",
            Self::Draft { .. } => "draft",
            Self::SourceText { .. } => "source_text",
            Self::Setting { .. } => "setting",
        }
    }

    fn insert(&self) -> &'static str {
        match self {
            Self::Document(_) => {
                "INSERT INTO document (id, kind, seq, changes, pruned, seal) VALUES (?, ?, ?, ?, ?, ?)
                 ON CONFLICT (id) DO UPDATE SET
                     seq = excluded.seq, changes = excluded.changes, pruned = excluded.pruned, seal = excluded.seal"
            }
            Self::Change(_) => {
                "INSERT INTO change (seq, document, kind, nth, hash, bytes, seal) VALUES (?, ?, ?, ?, ?, ?, ?)"
            }
            Self::Snapshot(_) => {
                "INSERT INTO snapshot (document, kind, upto, nth, bytes, seal) VALUES (?, ?, ?, ?, ?, ?)"
            }
            Self::Draft { .. } => {
                "INSERT INTO draft (id, json, seal) VALUES (?, ?, ?)
                 ON CONFLICT (id) DO UPDATE SET json = excluded.json, seal = excluded.seal"
            }
            Self::SourceText { .. } => {
                "INSERT INTO source_text (hash, text, seal) VALUES (?, ?, ?)
                 ON CONFLICT (hash) DO UPDATE SET text = excluded.text, seal = excluded.seal"
            }
            Self::Setting { .. } => {
                "INSERT INTO setting (key, json, seal) VALUES (?, ?, ?)
                 ON CONFLICT (key) DO UPDATE SET json = excluded.json, seal = excluded.seal"
            }
        }
    }

    fn fields(&self) -> Vec<Field<'_>> {
        use Field::{Blob, Int, Text};
        match self {
            Self::Document(it) => {
                vec![Blob(&it.id), Text(it.kind.as_str()), Int(it.seq), Int(it.changes), Int(it.pruned)]
            }
            Self::Change(it) => vec![
                Int(it.seq),
                Blob(&it.document),
                Text(it.kind.as_str()),
                Int(it.nth),
                Blob(&it.hash),
                Blob(it.bytes),
            ],
            Self::Snapshot(it) => {
                vec![Blob(&it.document), Text(it.kind.as_str()), Int(it.upto), Int(it.nth), Blob(it.bytes)]
            }
            Self::Draft { id, json } => vec![Blob(id), Text(json)],
            Self::SourceText { hash, text } => vec![Text(hash), Text(text)],
            Self::Setting { key, json } => vec![Text(key), Text(json)],
        }
    }

    /// The seal that ends the row.
    pub fn seal(&self) -> i64 {
        seal(self.table(), &self.fields())
    }

    /// Writes the row; one that may change replaces its predecessor.
    pub fn write(&self, conn: &Connection) -> rusqlite::Result<()> {
        let seal = Field::Int(self.seal());
        let mut insert = conn.prepare_cached(self.insert())?;
        insert.execute(params_from_iter(self.fields().into_iter().chain([seal])))?;
        Ok(())
    }

    /// The row that was stored as these columns, if its seal says that it was stored as one.
    ///
    /// In the file, SQLite keeps a `change`'s seq as the number of the record and leaves its column
    /// empty.
    pub fn recognise(number: i64, fields: &[Field<'a>]) -> Option<Self> {
        use Field::{Blob, Int, Null, Text};
        let (Int(stored), fields) = fields.split_last()? else { return None };
        let id = |it: &[u8]| Id::try_from(it).ok();
        let candidates = match *fields {
            [Blob(document), Text(kind), Int(seq), Int(changes), Int(pruned)] => {
                let kind = DocumentKind::parse(kind)?;
                [Some(Self::Document(DocumentRow { id: id(document)?, kind, seq, changes, pruned })), None]
            }
            [Null | Int(_), Blob(document), Text(kind), Int(nth), Blob(hash), Blob(bytes)] => {
                let (document, kind) = (id(document)?, DocumentKind::parse(kind)?);
                let hash = hash.try_into().ok()?;
                [Some(Self::Change(ChangeRow { seq: number, document, kind, nth, hash, bytes })), None]
            }
            [Blob(document), Text(kind), Int(upto), Int(nth), Blob(bytes)] => {
                let (document, kind) = (id(document)?, DocumentKind::parse(kind)?);
                [Some(Self::Snapshot(SnapshotRow { document, kind, upto, nth, bytes })), None]
            }
            [Blob(draft), Text(json)] => [Some(Self::Draft { id: id(draft)?, json }), None],
            [Text(key), Text(text)] => {
                [Some(Self::SourceText { hash: key, text }), Some(Self::Setting { key, json: text })]
            }
            _ => return None,
        };
        candidates.into_iter().flatten().find(|it| it.seal() == *stored)
    }
}

/// A column that counts something.
pub(crate) fn count_in(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<usize> {
    let count: i64 = row.get(column)?;
    usize::try_from(count).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(column, count))
}

impl ToSql for Field<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null | Self::Real => ValueRef::Null,
            Self::Int(it) => ValueRef::Integer(*it),
            Self::Text(it) => ValueRef::Text(it.as_bytes()),
            Self::Blob(it) => ValueRef::Blob(it),
        }))
    }
}
