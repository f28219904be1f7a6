//! Tables: CSV of any usual separator and encoding, and the first sheet of a workbook.

use std::io::Cursor;

use calamine::{Data, Reader};
use custory_domain::import::{ColumnRole, TableColumn};

use super::build::clip;
use crate::import::ImportError;

/// Most rows of a table.
pub(super) const ROWS_MAX: usize = 50_000;
/// Most columns of a table.
pub(super) const COLUMNS_MAX: usize = 200;
/// Most bytes of a workbook: it is packed, and unpacks to many times as much.
const WORKBOOK_BYTES_MAX: usize = 16 << 20;
/// Characters of a cell that is shown as a sample.
const SAMPLE_CHARS_MAX: usize = 60;
/// Cells shown of each column.
const SAMPLES_MAX: usize = 3;

/// A table as it stands in its file.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Table {
    /// Heads of its columns.
    pub heads: Vec<String>,
    /// Its rows, each as long as there are heads.
    pub rows: Vec<Vec<String>>,
    /// Line or row of its file on which each row stands, from 1.
    pub lines: Vec<usize>,
}

impl Table {
    /// A table of cells, the first row that says something being its heads.
    fn of(rows: impl IntoIterator<Item = (usize, Vec<String>)>) -> Result<Self, ImportError> {
        let says = |row: &[String]| row.iter().any(|it| !it.is_empty());
        let mut rows = rows.into_iter().filter(|it| says(&it.1));
        let (_, heads) = rows.next().ok_or(ImportError::Empty)?;
        let width = heads.iter().rposition(|it| !it.is_empty()).map_or(0, |it| it + 1);
        let mut table = Self { heads, ..Self::default() };
        for (line, row) in rows {
            if table.rows.len() == ROWS_MAX {
                return Err(ImportError::TooMuch { things: ROWS_MAX + 1 });
            }
            table.rows.push(row);
            table.lines.push(line);
        }
        let widest =
            table.rows.iter().map(|row| row.iter().rposition(|it| !it.is_empty()).map_or(0, |it| it + 1));
        let width = widest.max().unwrap_or_default().max(width);
        if width > COLUMNS_MAX {
            return Err(ImportError::TooWide { columns: width, columns_max: COLUMNS_MAX });
        }
        table.heads.resize(width, String::new());
        table.rows.iter_mut().for_each(|row| row.resize(width, String::new()));
        Ok(table)
    }

    /// Its columns with what they become.
    pub fn columns(&self, roles: &[ColumnRole]) -> Vec<TableColumn> {
        let column = |at: usize| {
            let cells = || self.rows.iter().map(move |row| row[at].as_str()).filter(|it| !it.is_empty());
            TableColumn {
                head: self.heads[at].clone(),
                samples: cells().take(SAMPLES_MAX).map(|it| clip(it, SAMPLE_CHARS_MAX)).collect(),
                filled: cells().count(),
                role: roles.get(at).copied().unwrap_or_default(),
            }
        };
        (0..self.heads.len()).map(column).collect()
    }
}

/// A text in whichever encoding its bytes are: as its mark says, else UTF-8, else what spreadsheets on Windows write.
pub(super) fn decode(bytes: &[u8]) -> String {
    if let Some((encoding, _)) = encoding_rs::Encoding::for_bom(bytes) {
        return encoding.decode(bytes).0.into_owned();
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => encoding_rs::WINDOWS_1252.decode(bytes).0.into_owned(),
    }
}

/// A table from separated values.
pub(super) fn from_text(text: &str) -> Result<Table, ImportError> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator(text))
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| ImportError::NotATable { reason: error.to_string() })?;
        if rows.len() > ROWS_MAX {
            return Err(ImportError::TooMuch { things: rows.len() });
        }
        let line = record.position().map_or(0, |it| usize::try_from(it.line()).unwrap_or_default());
        rows.push((line, record.iter().map(cell).collect()));
    }
    Table::of(rows)
}

/// What separates the cells of the first line.
fn separator(text: &str) -> u8 {
    let line = text.lines().find(|it| !it.trim().is_empty()).unwrap_or_default();
    let mut counts = [(b',', 0_usize), (b';', 0), (b'\t', 0)];
    let mut is_quoted = false;
    for byte in line.bytes() {
        is_quoted ^= byte == b'"';
        if !is_quoted && let Some(it) = counts.iter_mut().find(|it| it.0 == byte) {
            it.1 += 1;
        }
    }
    // The first of those that are as many wins: a comma.
    counts.iter().rev().max_by_key(|it| it.1).map_or(b',', |it| it.0)
}

/// Whether a file is a workbook: a ZIP archive, or the older compound file.
pub(super) fn is_workbook(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0])
}

/// A table from the first sheet of a workbook that has anything on it.
pub(super) fn from_workbook(bytes: &[u8]) -> Result<Table, ImportError> {
    if bytes.len() > WORKBOOK_BYTES_MAX {
        return Err(ImportError::TooLarge { bytes: bytes.len(), bytes_max: WORKBOOK_BYTES_MAX });
    }
    let broken = |error: calamine::Error| ImportError::NotATable { reason: error.to_string() };
    let mut book = calamine::open_workbook_auto_from_rs(Cursor::new(bytes)).map_err(broken)?;
    for name in book.sheet_names() {
        let sheet = book.worksheet_range(&name).map_err(broken)?;
        if sheet.height() > ROWS_MAX + 1 {
            return Err(ImportError::TooMuch { things: sheet.height() });
        }
        if sheet.width() > COLUMNS_MAX {
            return Err(ImportError::TooWide { columns: sheet.width(), columns_max: COLUMNS_MAX });
        }
        let first = sheet.start().map_or(1, |it| it.0 as usize + 1);
        let rows = sheet.rows().enumerate();
        let rows = rows.map(|(at, row)| (first + at, row.iter().map(written).collect()));
        match Table::of(rows) {
            Err(ImportError::Empty) => {}
            other => return other,
        }
    }
    Err(ImportError::Empty)
}

/// A cell of a workbook as a person would read it.
fn written(data: &Data) -> String {
    match data {
        Data::Empty | Data::Error(_) => String::new(),
        Data::DateTime(it) => {
            let (year, month, day, ..) = it.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        other => cell(&other.to_string()),
    }
}

/// A cell's text without what only keeps spreadsheets from calculating.
fn cell(text: &str) -> String {
    let text = text.trim();
    match text.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@', '\t', '\r']) => rest.to_owned(),
        _ => text.to_owned(),
    }
}
