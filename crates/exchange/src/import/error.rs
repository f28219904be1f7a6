//! Why a file is not imported, and what was left out of one that is; always with the place.

use std::fmt;

use custory_domain::Entity;

use super::limits;

/// Why a file is not imported, in words for a person.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ImportError {
    /// The file is longer than any journey can be.
    #[error("This file has {bytes} bytes; a journey has at most {bytes_max}.")]
    TooLarge {
        /// How long it is.
        bytes: usize,
        /// How long it may be.
        bytes_max: usize,
    },
    /// The text is not JSON.
    #[error("Line {line}, column {column}: this is not JSON: {reason}.")]
    NotJson {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What is wrong.
        reason: String,
    },
    /// JSON, but not an exported journey.
    #[error("This is not an exported journey: it does not begin with {{ \"custory\": 1, … }}.")]
    Foreign,
    /// Written by a newer program.
    #[error(
        "This journey was exported in format {version}; this program reads up to {}. Update it first.",
        crate::FORMAT_VERSION
    )]
    Newer {
        /// The file's format.
        version: u64,
    },
    /// There is no journey in it.
    #[error("There is no journey in this file.")]
    NoJourney,
    /// Something in it has the wrong shape or breaks a rule.
    #[error("{place}: {reason}")]
    Wrong {
        /// Where.
        place: Place,
        /// What is wrong.
        reason: String,
    },
    /// No file that can be a journey.
    #[error(
        "Nothing here can read this file. What can be imported: journeys exported as JSON, tables as CSV or Excel, \
         Markdown with headings, Mermaid journey diagrams, and TheyDo’s JSON files."
    )]
    Unknown,
    /// A file of a folder that is not JSON.
    #[error("{path}: this is not JSON: {reason}.")]
    BrokenFile {
        /// Its path in the folder.
        path: String,
        /// What is wrong.
        reason: String,
    },
    /// Nothing is in it.
    #[error("This file is empty.")]
    Empty,
    /// A table or workbook that is damaged.
    #[error("This table cannot be read: {reason}.")]
    NotATable {
        /// What is wrong.
        reason: String,
    },
    /// A table with more columns than anybody maps.
    #[error("This table has {columns} columns; at most {columns_max} can be imported.")]
    TooWide {
        /// How many it has.
        columns: usize,
        /// How many it may have.
        columns_max: usize,
    },
    /// Named as a diagram, but not one of a journey.
    #[error("This is not a Mermaid journey diagram: its first line is not “journey”.")]
    NotMermaid,
    /// More things than can be added at once.
    #[error("There are {things} things in this file, more than can be imported at once.")]
    TooMuch {
        /// How many.
        things: usize,
    },
}

/// A place in a file: its line and what stands there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Line, from 1; 0 where it is not known.
    pub line: usize,
    /// What stands there: “step “Invite crew””. May be empty.
    pub what: String,
}

impl Place {
    /// An entity's place.
    pub(crate) fn of(line: Option<&usize>, entity: &Entity) -> Self {
        let word = entity.entity_ref().kind.word();
        Self::named(line.copied().unwrap_or_default(), word, entity.title())
    }

    /// The place of something of a kind, with its name as far as it has one.
    pub(super) fn named(line: usize, word: &str, name: &str) -> Self {
        let (word, name) = (short(word), short(name));
        let what = if name.is_empty() { word } else { format!("{word} “{name}”") };
        Self { line, what }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.line, self.what.is_empty()) {
            (0, true) => write!(out, "The file"),
            (0, false) => write!(out, "{}", self.what),
            (line, true) => write!(out, "Line {line}"),
            (line, false) => write!(out, "Line {line} ({})", self.what),
        }
    }
}

/// A name from a file, fit for a message: one short line without control characters.
pub(super) fn short(text: &str) -> String {
    const CHARS_MAX: usize = 60;
    one_line(text, CHARS_MAX)
}

/// A text on one line without control characters, cut after so many characters.
pub(super) fn one_line(text: &str, chars_max: usize) -> String {
    let mut chars = text.chars().map(|it| if it.is_control() { ' ' } else { it });
    let mut short: String = chars.by_ref().take(chars_max).collect();
    if chars.next().is_some() {
        short.push('…');
    }
    short.trim().to_owned()
}

/// What was left out, the first so many of it in words.
#[derive(Debug, Default)]
pub(crate) struct Losses {
    listed: Vec<String>,
    more: usize,
}

impl Losses {
    pub fn add(&mut self, loss: String) {
        if self.listed.len() < limits::LOSSES_MAX {
            self.listed.push(loss);
        } else {
            self.more += 1;
        }
    }

    pub fn list(mut self) -> Vec<String> {
        if self.more > 0 {
            self.listed.push(format!("{} more things were left out.", self.more));
        }
        self.listed
    }
}
