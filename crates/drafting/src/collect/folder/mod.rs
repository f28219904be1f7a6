//! A folder or a repository: its documents, and the traces of customers' ways in its programs.
//!
//! Keeps to what `.gitignore` leaves, never follows links out, never opens files that hold secrets,
//! and never runs anything.

mod manifest;
mod order;
mod pick;
mod route;
mod walk;

use std::path::Path;

use custory_domain::draft::{DraftPhase, SourceOrigin};

use super::{Gathered, Skipped};
use crate::error::DraftError;
use crate::find::is_telling;
use crate::genre::Genre;
use crate::limits::Limits;
use crate::read::{Format, Raw};
use crate::watch::{Desk, finished, progress};

pub(crate) use pick::is_secret;
use pick::{Part, Picked};

/// Reads a folder in.
pub(super) fn collect(path: &str, limits: &Limits, desk: &Desk) -> Result<Gathered, DraftError> {
    let unreadable = |reason: String| DraftError::Unreadable { path: path.to_owned(), reason };
    let root = match std::fs::canonicalize(path) {
        Ok(root) => root,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(DraftError::NotFound { path: path.to_owned() });
        }
        Err(error) => return Err(unreadable(error.to_string())),
    };
    if !root.is_dir() {
        return Err(unreadable("it is a file; draft from it as a file".to_owned()));
    }
    let found = walk::files(&root, limits, desk)?;
    let mut picked: Vec<Picked> =
        found.paths.iter().filter_map(|(path, bytes)| pick::pick(path, *bytes)).collect();
    picked.sort_by(|a, b| {
        (a.part, std::cmp::Reverse(weight(a)), depth(&a.path), &a.path).cmp(&(
            b.part,
            std::cmp::Reverse(weight(b)),
            depth(&b.path),
            &b.path,
        ))
    });
    let mut gathered = Gathered { names: manifest::names(&root), ..Gathered::default() };
    gathered.order = order::of_documents(&root, &found.paths);
    gathered.notes.extend(found.note);
    open(&root, picked, limits, desk, &mut gathered)?;
    Ok(gathered)
}

fn weight(picked: &Picked) -> u32 {
    // Genres weigh at most a few units; whole hundredths are enough to sort by.
    (picked.genre.weight() * 100.0) as u32
}

fn depth(path: &str) -> usize {
    path.matches('/').count()
}

/// Opens what was picked, within the limits of each part and of all together.
fn open(
    root: &Path,
    picked: Vec<Picked>,
    limits: &Limits,
    desk: &Desk,
    gathered: &mut Gathered,
) -> Result<(), DraftError> {
    let total = picked.len().min(limits.files_max);
    let (mut opened, mut bytes_read, mut passed) = (0, 0, 0);
    let mut kept = std::collections::BTreeMap::<Part, usize>::new();
    for picked in picked {
        let of_part = kept.get(&picked.part).copied().unwrap_or_default();
        if opened >= limits.files_max
            || bytes_read >= limits.total_bytes_max
            || of_part >= picked.part.files_max(limits)
        {
            passed += 1;
            continue;
        }
        desk.tell(progress(DraftPhase::Reading, opened, Some(total), &picked.path))?;
        opened += 1;
        let bytes_max =
            if picked.format == Format::Pdf { limits.pdf_bytes_max } else { limits.file_bytes_max };
        if picked.bytes > bytes_max as u64 {
            skip(gathered, desk, opened, total, &picked, &format!("larger than {} MB", bytes_max >> 20))?;
            continue;
        }
        let bytes = match std::fs::read(root.join(&picked.path)) {
            Ok(bytes) => bytes,
            Err(error) => {
                skip(gathered, desk, opened, total, &picked, &error.to_string())?;
                continue;
            }
        };
        bytes_read += bytes.len();
        if picked.part == Part::Program && !is_telling(&String::from_utf8_lossy(&bytes)) {
            continue; // Most files of a program say nothing about its customers; they are not listed.
        }
        if picked.part != Part::Document && is_generated(&bytes) {
            continue;
        }
        *kept.entry(picked.part).or_default() += 1;
        desk.tell(finished(
            DraftPhase::Reading,
            opened,
            Some(total),
            &picked.path,
            picked.part.outcome(),
            false,
        ))?;
        gathered.raws.push(Raw {
            locator: picked.path,
            origin: SourceOrigin::Repository,
            format: picked.format,
            genre: picked.genre,
            bytes,
            charset: None,
            route: picked.route,
        });
    }
    if passed > 0 {
        gathered.notes.push(format!(
            "{passed} more files were not opened; the documents and the most telling files come first."
        ));
    }
    Ok(())
}

fn skip(
    gathered: &mut Gathered,
    desk: &Desk,
    done: usize,
    total: usize,
    picked: &Picked,
    reason: &str,
) -> Result<(), DraftError> {
    const SKIPPED_MAX: usize = 60;
    if gathered.skipped.len() < SKIPPED_MAX {
        gathered.skipped.push(Skipped {
            locator: picked.path.clone(),
            origin: SourceOrigin::Repository,
            reason: reason.to_owned(),
        });
    }
    desk.tell(finished(DraftPhase::Reading, done, Some(total), &picked.path, reason, true))
}

/// Minified or generated: lines longer than anybody writes.
fn is_generated(bytes: &[u8]) -> bool {
    const LINE_BYTES_MAX: usize = 6_000;
    bytes.split(|it| *it == b'\n').take(50).any(|it| it.len() > LINE_BYTES_MAX)
}

impl Picked {
    /// A document of the given kind.
    fn document(path: &str, bytes: u64, format: Format, genre: Genre) -> Self {
        Self { path: path.to_owned(), bytes, part: Part::Document, format, genre, route: None }
    }
}
