//! Finds titles, texts and quotes in journeys.
//!
//! The index (FTS5) reads `title` and `words` from the rows of the projection and keeps no copy of
//! its own, so taking something out needs the very words that went in. What people type is never
//! read as a query language: every word is looked for as it stands, the last one as a beginning.

use custory_domain::{EntityRef, JourneyId};
use rusqlite::Connection;
use ulid::Ulid;

use crate::error::Result;
use crate::projection::{entity_ref, sight};
use crate::{DocumentKind, Store};

/// Words of a query that are used; nobody finds more by adding an eighteenth.
const WORDS_MAX: usize = 16;
/// Characters of a query that are read.
const QUERY_CHARS_MAX: usize = 1_000;
/// How much more a word in a title counts than one in a text.
const TITLE_WEIGHT: f64 = 4.0;
/// Words in an excerpt; about one line.
const EXCERPT_WORDS: usize = 12;
/// Marks around what was found until it is known whether anything was. No text holds them.
const MARKS: [&str; 2] = ["\u{2}", "\u{3}"];

/// Something that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// In which journey.
    pub journey: JourneyId,
    /// What it is.
    pub entity: EntityRef,
    /// Its title.
    pub title: String,
    /// The place in its text, with what was found between `[` and `]`; empty if only the title has it.
    pub excerpt: String,
}

impl Store {
    /// What holds all words of `query`, best first, at most `limit`; in one journey or in all.
    ///
    /// Case and accents do not matter. The last word may be a beginning. What is in the trash, or
    /// out of sight with something there, is not found.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn search(&self, query: &str, journey: Option<JourneyId>, limit: usize) -> Result<Vec<Found>> {
        let Some(expression) = expression(query) else { return Ok(Vec::new()) };
        let found = self.matching(&expression, journey, limit)?;
        Ok(found.into_iter().map(|(it, _)| it).collect())
    }

    /// What an expression of FTS5 finds, best first, with how well it fits.
    fn matching(
        &self,
        expression: &str,
        journey: Option<JourneyId>,
        limit: usize,
    ) -> Result<Vec<(Found, f64)>> {
        let read = self.read()?;
        let mut statement = read.prepare_cached(&format!(
            "SELECT search.rowid, entity.document, entity.kind, entity.id, entity.title,
                 snippet(search, 1, '{}', '{}', '…', {EXCERPT_WORDS}), rank
             FROM search
             JOIN entity ON entity.key = search.rowid
             JOIN summary ON summary.document = entity.document
             WHERE search MATCH ?1 AND rank MATCH 'bm25({TITLE_WEIGHT:?}, 1.0)'
                 AND NOT entity.is_trashed AND NOT summary.is_trashed
                 AND (?2 IS NULL OR entity.document = ?2)
             ORDER BY rank",
            MARKS[0], MARKS[1],
        ))?;
        let mut rows = statement.query((expression, journey.map(|it| it.ulid().to_bytes())))?;
        let mut found = Vec::new();
        while found.len() < limit
            && let Some(row) = rows.next()?
        {
            let (key, document) = (row.get(0)?, Ulid::from_bytes(row.get(1)?));
            let (kind, snippet): (String, String) = (row.get(2)?, row.get(5)?);
            let entity = entity_ref(document, &kind, row.get(3)?)?;
            if sight::is_in_sight(&read, document, entity.kind, key)? {
                let (title, excerpt) = (row.get(4)?, excerpt(&snippet));
                // FTS5's rank is the smaller the better, and below zero.
                let fit = -row.get::<_, f64>(6)?;
                found.push((Found { journey: document.into(), entity, title, excerpt }, fit));
            }
        }
        Ok(found)
    }
}

impl Store {
    /// What holds any word that begins with one of `begins`, best first, at most `limit`, in all journeys.
    /// With each how well it fits: more is better, and only an order.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn alike(&self, begins: &[&str], limit: usize) -> Result<Vec<(Found, f64)>> {
        let words: Vec<String> =
            begins.iter().map(|it| format!("\"{}\"*", it.replace('"', "\"\""))).collect();
        if words.is_empty() {
            return Ok(Vec::new());
        }
        self.matching(&words.join(" OR "), None, limit)
    }
}

/// What FTS5 is asked: every word as a text of its own, the last one as a beginning. `None` when
/// there is no word.
fn expression(query: &str) -> Option<String> {
    let query: String = query.chars().take(QUERY_CHARS_MAX).collect();
    let words: Vec<String> = query
        .split(|it: char| it.is_whitespace() || it.is_control())
        .filter(|it| it.chars().any(char::is_alphanumeric))
        .take(WORDS_MAX)
        .map(|it| format!("\"{}\"", it.replace('"', "\"\"")))
        .collect();
    if words.is_empty() { None } else { Some(words.join(" ") + "*") }
}

/// The text around what was found in it; empty if nothing was.
fn excerpt(snippet: &str) -> String {
    if !snippet.contains(MARKS[0]) {
        return String::new();
    }
    let line: String = snippet.chars().map(|it| if it == '\n' { ' ' } else { it }).collect();
    line.replace(MARKS[0], "[").replace(MARKS[1], "]")
}

/// Puts an entity into the index. A workspace's entities are not searched.
pub(crate) fn learn(conn: &Connection, kind: DocumentKind, key: i64, title: &str, words: &str) -> Result<()> {
    if kind == DocumentKind::Journey {
        let mut insert = conn.prepare_cached("INSERT INTO search (rowid, title, words) VALUES (?, ?, ?)")?;
        insert.execute((key, title, words))?;
    }
    Ok(())
}

/// Takes an entity out of the index, by the words with which it went in.
pub(crate) fn forget(
    conn: &Connection,
    kind: DocumentKind,
    key: i64,
    title: &str,
    words: &str,
) -> Result<()> {
    if kind == DocumentKind::Journey {
        let mut delete = conn
            .prepare_cached("INSERT INTO search (search, rowid, title, words) VALUES ('delete', ?, ?, ?)")?;
        delete.execute((key, title, words))?;
    }
    Ok(())
}
