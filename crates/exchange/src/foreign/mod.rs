//! Journeys from files of other programs: tables, diagrams, documents.
//!
//! What a journey has no place for is not dropped in silence: it is put into notes where that keeps it readable, and
//! else named in the list of losses. As with our own files, nothing is trusted and everything goes through the rules
//! of the domain.

mod build;
mod columns;
mod feeling;
mod lanes;
mod markdown;
mod mermaid;
mod table;
mod theydo;

use std::collections::BTreeMap;

use custory_domain::import::{ColumnRole, FileShape, ImportPreview, TableColumn};
use custory_domain::{Board, Command, EntityKind, ItemKind};
use ulid::Ulid;

use crate::import::{Ids, ImportError, Imported, from_json};
use table::Table;

/// A file that somebody wants to bring in.
#[derive(Clone, Copy, Debug)]
pub struct ForeignFile<'a> {
    /// Its name, for its ending and as the journey's title when it has none of its own; may be empty.
    pub name: &'a str,
    /// What it holds.
    pub bytes: &'a [u8],
}

/// A file that has been read.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadFile {
    /// What kind of file it is.
    pub shape: FileShape,
    /// The columns of a table, each with what it became.
    pub columns: Vec<TableColumn>,
    /// The journey that it is.
    pub imported: Imported,
}

impl ReadFile {
    /// What it comes to.
    pub fn preview(&self) -> ImportPreview {
        let mut counts: BTreeMap<EntityKind, usize> = BTreeMap::new();
        for command in &self.imported.commands {
            if let Command::Add { entity, .. } = command {
                *counts.entry(entity.entity_ref().kind).or_default() += 1;
            }
        }
        let count = |kind| counts.get(&kind).copied().unwrap_or_default();
        let items = ItemKind::ALL.iter().map(|it| (*it, count(it.spec().entity)));
        ImportPreview {
            can_come_back: false,
            shape: self.shape,
            title: self.imported.journey.title.clone(),
            stages: count(EntityKind::Stage),
            steps: count(EntityKind::Step),
            items: items.filter(|it| it.1 > 0).collect(),
            evidence: count(EntityKind::Evidence),
            columns: self.columns.clone(),
            losses: self.imported.losses.clone(),
        }
    }
}

/// Reads a file of any kind that can be a journey.
///
/// `roles` says what the columns of a table become, from the first one on; without it that is guessed from their
/// heads. `workspace` is where the journey will live.
///
/// # Errors
/// When nothing here knows the file, or it is damaged, too large, or breaks a rule; with the line where there is one.
pub fn read_file(
    file: ForeignFile<'_>,
    roles: Option<&[ColumnRole]>,
    workspace: &Board,
    mint: &mut dyn FnMut() -> Ulid,
) -> Result<ReadFile, ImportError> {
    let title = stem(file.name);
    let ending = ending(file.name);
    if table::is_workbook(file.bytes) {
        return fill(&table::from_workbook(file.bytes)?, roles, &title, mint);
    }
    let text = table::decode(file.bytes);
    let start = text.trim_start();
    if start.is_empty() {
        return Err(ImportError::Empty);
    }
    let done = |shape, imported| Ok(ReadFile { shape, columns: Vec::new(), imported });
    match ending.as_str() {
        "csv" | "tsv" | "tab" => return fill(&table::from_text(&text)?, roles, &title, mint),
        "json" if !start.starts_with('{') => {
            return done(FileShape::Custory, from_json(&text, workspace, Ids::Fresh, mint)?);
        }
        "mmd" | "mermaid" => return done(FileShape::Mermaid, mermaid::read(&text, &title, mint)?),
        "md" | "markdown" if mermaid::inside(&text).is_none() => {
            return done(FileShape::Markdown, markdown::read(&text, &title, mint)?);
        }
        _ => {}
    }
    if start.starts_with('{') {
        return match theydo::is_one(start) {
            true => done(FileShape::Theydo, theydo::read(&text, mint)?),
            false => done(FileShape::Custory, from_json(&text, workspace, Ids::Fresh, mint)?),
        };
    }
    if let Some(diagram) = mermaid::inside(&text) {
        return done(FileShape::Mermaid, mermaid::read(diagram, &title, mint)?);
    }
    if markdown::has_headings(&text) {
        return done(FileShape::Markdown, markdown::read(&text, &title, mint)?);
    }
    let table = table::from_text(&text).ok().filter(|it| it.heads.len() > 1);
    match table {
        Some(table) => fill(&table, roles, &title, mint),
        None => Err(ImportError::Unknown),
    }
}

/// Makes a journey of a table, lanes in rows or not.
fn fill(
    table: &Table,
    roles: Option<&[ColumnRole]>,
    title: &str,
    mint: &mut dyn FnMut() -> Ulid,
) -> Result<ReadFile, ImportError> {
    let turned = lanes::turned(table);
    let shape = if turned.is_some() { FileShape::Lanes } else { FileShape::Table };
    let table = turned.as_ref().unwrap_or(table);
    let roles = match roles {
        Some(chosen) => {
            (0..table.heads.len()).map(|at| chosen.get(at).copied().unwrap_or_default()).collect()
        }
        None => columns::guess(table),
    };
    let imported = columns::fill(table, &roles, title, mint)?;
    Ok(ReadFile { shape, columns: table.columns(&roles), imported })
}

/// A file's name without folders and ending.
fn stem(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = name.rsplit_once('.').map_or(name, |it| it.0).replace(['_', '-'], " ");
    let words: Vec<_> = stem.split_whitespace().collect();
    let mut chars = words.join(" ").chars().collect::<Vec<_>>().into_iter();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => "Imported journey".to_owned(),
    }
}

fn ending(name: &str) -> String {
    name.rsplit_once('.').map(|it| it.1.to_lowercase()).unwrap_or_default()
}
