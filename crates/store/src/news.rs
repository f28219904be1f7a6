//! What concerns the person at this device: lines of their inbox, which of them they have read, and what they watch.
//!
//! A line is written in the transaction of the change that it comes from, by whichever program makes it: neither is
//! there without the other, and none comes twice. Invariant: nothing of it is in a document, so no teammate learns of it.

use custory_domain::news::{Choices, News, Notice};
use custory_domain::{Entity, EntityRef, JourneyId, Patch};
use rusqlite::{Connection, OptionalExtension};
use ulid::Ulid;

use crate::Store;
use crate::error::{Result, StoreError};
use crate::projection::parse;
use crate::rows::count_in;

/// Lines that are kept; older ones go, whether they were read or not.
const KEPT_MAX: i64 = 2_000;

/// What a change comes to: on its board, and in the inbox of the person at this device.
#[derive(Clone, Copy, Debug)]
pub struct Effect<'a> {
    /// What differs on the board.
    pub patch: &'a Patch,
    /// What differs in the inbox.
    pub notices: &'a [Notice],
}

impl<'a> From<&'a Patch> for Effect<'a> {
    fn from(patch: &'a Patch) -> Self {
        Self { patch, notices: &[] }
    }
}

/// A line of the inbox.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Names it on this device; a later one has a larger number.
    pub id: i64,
    /// On which journey.
    pub journey: JourneyId,
    /// What it says.
    pub news: News,
    /// Whether the person has seen it.
    pub is_read: bool,
}

/// A line whose thing, or whose comment, is in the trash or gone is out of sight.
const IN_SIGHT: &str = "EXISTS (SELECT 1 FROM entity WHERE entity.document = news.document
         AND entity.kind = news.about_kind AND entity.id = news.about_id AND NOT entity.is_trashed)
     AND (news.said_id IS NULL OR EXISTS (SELECT 1 FROM entity WHERE entity.document = news.document
         AND entity.kind = news.said_kind AND entity.id = news.said_id AND NOT entity.is_trashed))";

impl Store {
    /// The newest lines, the newest first, at most `limit`.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn news(&self, limit: usize) -> Result<Vec<Line>> {
        let sql =
            format!("SELECT id, document, is_read, json FROM news WHERE {IN_SIGHT} ORDER BY id DESC LIMIT ?");
        let mut query = self.conn.prepare_cached(&sql)?;
        let mut rows = query.query([i64::try_from(limit).unwrap_or(i64::MAX)])?;
        let mut lines = Vec::new();
        while let Some(row) = rows.next()? {
            let news = read(row.get_ref(3)?.as_str().map_err(rusqlite::Error::from)?)?;
            let journey = Ulid::from_bytes(row.get(1)?).into();
            lines.push(Line { id: row.get(0)?, journey, news, is_read: row.get(2)? });
        }
        Ok(lines)
    }

    /// How many lines the person has not seen.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn unread_news(&self) -> Result<usize> {
        let sql = format!("SELECT count(*) FROM news WHERE is_read = 0 AND {IN_SIGHT}");
        Ok(self.conn.prepare_cached(&sql)?.query_row([], |row| count_in(row, 0))?)
    }

    /// How many lines the person has not seen, and the newest line's number: together they tell whether anything is new.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn news_stand(&self) -> Result<(usize, i64)> {
        let mut query = self.conn.prepare_cached("SELECT coalesce(max(id), 0) FROM news")?;
        Ok((self.unread_news()?, query.query_row([], |row| row.get(0))?))
    }

    /// What an unseen line says.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn unread_line(&self, id: Ulid, key: &str) -> Result<Option<News>> {
        let sql = "SELECT json FROM news WHERE document = ? AND key = ? AND is_read = 0";
        let mut query = self.conn.prepare_cached(sql)?;
        let json: Option<String> = query.query_row((id.to_bytes(), key), |row| row.get(0)).optional()?;
        json.map(|it| read(&it)).transpose()
    }

    /// Notes that the person has seen some lines, or wants them to stand there as unseen; all of them without a list.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn mark_news(&mut self, which: Option<&[i64]>, is_read: bool) -> Result<()> {
        let write = self.write()?;
        match which {
            None => {
                write.execute("UPDATE news SET is_read = ?1 WHERE is_read <> ?1", [is_read])?;
            }
            Some(which) => {
                let mut update = write.prepare_cached("UPDATE news SET is_read = ? WHERE id = ?")?;
                for id in which {
                    update.execute((is_read, id))?;
                }
            }
        }
        Ok(write.commit()?)
    }

    /// What the person watches or not by their own word, on one journey or on all.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn watching(&self, id: Option<Ulid>) -> Result<Choices> {
        let sql = "SELECT entity, is_on FROM watching WHERE ?1 IS NULL OR document = ?1";
        let mut query = self.conn.prepare_cached(sql)?;
        let rows = query.query_map([id.map(|it| it.to_bytes())], |row| {
            Ok((row.get::<_, String>(0)?.parse::<EntityRef>().ok(), row.get::<_, bool>(1)?))
        })?;
        let mut choices = Choices::new();
        for row in rows {
            if let (Some(entity), is_on) = row? {
                choices.insert(entity, is_on);
            }
        }
        Ok(choices)
    }

    /// Keeps whether something is watched; without a choice it is as it would be without the person's word.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn set_watching(&mut self, id: Ulid, entity: EntityRef, choice: Option<bool>) -> Result<()> {
        let (id, entity) = (id.to_bytes(), entity.to_string());
        match choice {
            Some(is_on) => self
                .conn
                .prepare_cached("INSERT OR REPLACE INTO watching (document, entity, is_on) VALUES (?, ?, ?)")?
                .execute((id, entity, is_on))?,
            None => self
                .conn
                .prepare_cached("DELETE FROM watching WHERE document = ? AND entity = ?")?
                .execute((id, entity))?,
        };
        Ok(())
    }

    /// An entity as it stands in the projection.
    ///
    /// # Errors
    /// [`StoreError::Projection`] when its row cannot be understood.
    pub fn entity(&self, id: Ulid, entity: EntityRef) -> Result<Option<Entity>> {
        let sql = "SELECT body FROM entity WHERE document = ? AND kind = ? AND id = ?";
        let mut query = self.conn.prepare_cached(sql)?;
        let named = (id.to_bytes(), entity.kind.as_str(), entity.id.to_bytes());
        let body: Option<String> = query.query_row(named, |row| row.get(0)).optional()?;
        body.map(|it| parse(id, &it)).transpose()
    }
}

/// Writes what a change does to the inbox.
pub(crate) fn note(conn: &Connection, id: Ulid, notices: &[Notice]) -> Result<()> {
    for notice in notices {
        // What takes another line's place comes as the newest one, so that line goes first.
        conn.prepare_cached("DELETE FROM news WHERE document = ? AND key = ?")?
            .execute((id.to_bytes(), &notice.key))?;
        let Some(news) = &notice.news else { continue };
        let json = serde_json::to_string(news).expect("news are plain data");
        conn.prepare_cached(
            "INSERT INTO news (document, key, about_kind, about_id, said_kind, said_id, is_read, json)
             VALUES (?, ?, ?, ?, ?, ?, 0, ?)",
        )?
        .execute((
            id.to_bytes(),
            &notice.key,
            news.about.kind.as_str(),
            news.about.id.to_bytes(),
            news.said.map(|it| it.kind.as_str()),
            news.said.map(|it| it.id.to_bytes()),
            json,
        ))?;
    }
    if !notices.is_empty() {
        let sql = "DELETE FROM news WHERE id <= (SELECT id FROM news ORDER BY id DESC LIMIT 1 OFFSET ?)";
        conn.prepare_cached(sql)?.execute([KEPT_MAX])?;
    }
    Ok(())
}

fn read(json: &str) -> Result<News> {
    serde_json::from_str(json).map_err(|error| StoreError::Damaged { detail: format!("the inbox: {error}") })
}
