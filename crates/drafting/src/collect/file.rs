//! A single file, and text that was pasted.

use std::path::Path;

use custory_domain::draft::{DraftPhase, SourceOrigin};

use super::Gathered;
use crate::error::DraftError;
use crate::genre::Genre;
use crate::limits::Limits;
use crate::read::{Format, Raw};
use crate::watch::{Desk, progress};

/// Longest pasted text, in bytes.
const PASTED_BYTES_MAX: usize = 4 << 20;

/// Reads a file in.
pub(super) fn collect(path: &str, limits: &Limits, desk: &Desk) -> Result<Gathered, DraftError> {
    let unreadable =
        |reason: &str| DraftError::Unreadable { path: path.to_owned(), reason: reason.to_owned() };
    desk.tell(progress(DraftPhase::Reading, 0, Some(1), path))?;
    let meta = match std::fs::metadata(path) {
        Ok(meta) => meta,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(DraftError::NotFound { path: path.to_owned() });
        }
        Err(error) => return Err(unreadable(&error.to_string())),
    };
    if meta.is_dir() {
        return Err(unreadable("it is a folder; draft from it as a folder"));
    }
    if !meta.is_file() {
        return Err(unreadable("it is not an ordinary file"));
    }
    let name = Path::new(path)
        .file_name()
        .map(|it| it.to_string_lossy().into_owned())
        .unwrap_or_else(|| path.to_owned());
    if super::folder::is_secret(&name) {
        return Err(unreadable("files of that name hold secrets"));
    }
    let format = Format::of_name(&name).unwrap_or(Format::Plain);
    let bytes_max =
        if format == Format::Pdf { limits.pdf_bytes_max } else { limits.total_bytes_max.min(16 << 20) };
    if meta.len() > bytes_max as u64 {
        return Err(unreadable(&format!("it is larger than {} MB", bytes_max >> 20)));
    }
    let bytes = std::fs::read(path).map_err(|it| unreadable(&it.to_string()))?;
    let genre = match format {
        Format::Csv => Genre::Data,
        _ => Genre::of_path(&name).unwrap_or(Genre::Guide),
    };
    Ok(single(Raw {
        locator: name,
        origin: SourceOrigin::File,
        format,
        genre,
        bytes,
        charset: None,
        route: None,
    }))
}

/// Takes pasted text.
pub(super) fn pasted(title: &str, text: &str) -> Result<Gathered, DraftError> {
    if text.len() > PASTED_BYTES_MAX {
        let reason = format!("it is longer than {} MB; save it as a file", PASTED_BYTES_MAX >> 20);
        return Err(DraftError::Unreadable { path: title.to_owned(), reason });
    }
    let start = text.trim_start().get(..15).unwrap_or_default().to_lowercase();
    let format = if start.starts_with("<!doctype html") || start.starts_with("<html") {
        Format::Html
    } else if text.lines().any(|it| it.starts_with("# ") || it.starts_with("## ") || it.starts_with("**"))
        || text.contains("](")
    {
        Format::Markdown
    } else {
        Format::Plain
    };
    let locator = if title.trim().is_empty() { "Pasted text".to_owned() } else { title.trim().to_owned() };
    let genre = Genre::of_title(&locator).unwrap_or(Genre::Guide);
    let bytes = text.as_bytes().to_vec();
    Ok(single(Raw {
        locator,
        origin: SourceOrigin::Pasted,
        format,
        genre,
        bytes,
        charset: None,
        route: None,
    }))
}

fn single(raw: Raw) -> Gathered {
    Gathered { raws: vec![raw], ..Gathered::default() }
}
