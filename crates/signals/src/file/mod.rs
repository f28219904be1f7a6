//! Files in passages: notes by paragraph, tables by row, transcripts by turn.

mod note;
mod table;
mod transcript;

use custory_domain::{Timestamp, WeightClass};

/// Largest file that is read, in bytes: far above any note, low enough to read at once.
pub const FILE_BYTES_MAX: u64 = 8 << 20;
/// Passages taken of one file; whoever drops a year of answers triages in bulk.
pub const PASSAGES_MAX: usize = 2_000;
/// Fewest words of a passage: shorter ones are headings, greetings and “mm-hm”.
const WORDS_MIN: usize = 4;

/// Something that somebody said, as it stands in a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Passage {
    /// The words.
    pub text: String,
    /// Who said it; empty if the file does not say.
    pub author: String,
    /// For which account; empty if the file does not say.
    pub account: String,
    /// Where in the file.
    pub anchor: String,
    /// When it was said, if the file says so.
    pub said_at: Option<Timestamp>,
    /// How much words of this kind count.
    pub weight: WeightClass,
    /// What the file calls it, if it names its rows.
    pub key: String,
}

/// Why a file gives no passages.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// Another kind of file.
    #[error("“{0}” is none of .md, .txt, .csv, .vtt and .srt")]
    Kind(String),
    /// A table that is none.
    #[error("it is no table: {0}")]
    Table(String),
}

/// Kinds of file that are read, by the end of their name.
pub const KINDS: [&str; 6] = ["md", "markdown", "txt", "csv", "vtt", "srt"];

/// Whether a file of that name is read.
pub fn is_read(name: &str) -> bool {
    KINDS.contains(&kind(name).as_str())
}

/// The passages of a file.
///
/// # Errors
/// For other kinds of files, and tables that are none.
pub fn passages(name: &str, bytes: &[u8]) -> Result<Vec<Passage>, FileError> {
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    let mut passages = match kind(name).as_str() {
        "md" | "markdown" | "txt" => note::passages(&text),
        "csv" => table::passages(&text)?,
        "vtt" | "srt" => transcript::passages(&text),
        _ => return Err(FileError::Kind(name.to_owned())),
    };
    passages.retain(|it| it.text.split_whitespace().count() >= WORDS_MIN);
    passages.truncate(PASSAGES_MAX);
    Ok(passages)
}

fn kind(name: &str) -> String {
    name.rsplit_once('.').map(|it| it.1.to_lowercase()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_kinds_that_are_known_are_read() {
        for (name, expected) in
            [("Notes.MD", true), ("a.b.vtt", true), ("photo.png", false), ("README", false), (".csv", true)]
        {
            assert_eq!(is_read(name), expected, "{name}");
        }
        assert_eq!(passages("x.pdf", b""), Err(FileError::Kind("x.pdf".to_owned())));
    }

    #[test]
    fn short_passages_and_bytes_that_are_no_text_do_no_harm() {
        assert_eq!(passages("a.md", b"Thanks!\n\nMm-hm, ok.\n").unwrap(), []);
        assert_eq!(passages("a.txt", &[0xff, 0xfe, b'a', 0]).unwrap(), []);
    }
}
