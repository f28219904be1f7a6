//! Pieces of a passage that a small model can take in at once, made of units that it can point to.
//!
//! Invariant: a unit is a slice of the source's text, so what a model points to is where it says.

use std::ops::Range;

use custory_drafting::{Block, Passage, Shape};
use sha2::{Digest, Sha256};

use crate::structured::beginning;

/// Longest piece: about 600 tokens of English.
const PIECE_BYTES_MAX: usize = 2_400;
/// Most units of a piece; their names are the only ones that a model may give.
const UNITS_MAX: usize = 40;
/// A longer unit is cut into sentences, for a quote has at most 40 words.
const UNIT_WORDS_MAX: usize = 40;
/// A piece with less says nothing of a customer.
const PIECE_WORDS_MIN: usize = 12;
/// Longest heading line above a piece.
const TRAIL_BYTES_MAX: usize = 300;

/// What a model is shown at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    /// Title of the source and headings above, the nearest last.
    pub trail: String,
    /// Units in their order; the first is `p1`.
    pub units: Vec<Unit>,
    /// Whether the source is in English.
    pub is_english: bool,
}

/// A heading, a sentence, an item of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unit {
    /// Where it stands in the source's text.
    pub span: Range<usize>,
    /// Its words.
    pub text: String,
}

impl Piece {
    /// The name by which a model points to a unit.
    pub fn name(at: usize) -> String {
        format!("p{}", at + 1)
    }

    /// The unit with that name.
    pub fn unit(&self, name: &str) -> Option<&Unit> {
        let number: usize = name.strip_prefix('p')?.parse().ok()?;
        self.units.get(number.checked_sub(1)?)
    }

    /// Where its units stand.
    pub fn span(&self) -> Range<usize> {
        match (self.units.first(), self.units.last()) {
            (Some(first), Some(last)) => first.span.start..last.span.end,
            _ => 0..0,
        }
    }

    /// SHA-256 over all that is shown and `more`, hexadecimal.
    pub fn key(&self, more: &[&str]) -> String {
        let mut hash = Sha256::new();
        let texts = self.units.iter().map(|it| it.text.as_str());
        for part in more.iter().copied().chain([self.trail.as_str()]).chain(texts) {
            hash.update((part.len() as u64).to_le_bytes()); // So that "ab" + "c" is not "a" + "bc".
            hash.update(part.as_bytes());
        }
        hash.finalize().iter().map(|it| format!("{it:02x}")).collect()
    }
}

/// Cuts a passage into pieces; code is left out, for it is no statement.
pub(super) fn pieces(passage: &Passage<'_>) -> Vec<Piece> {
    let doc = passage.doc;
    let mut pieces = Vec::new();
    let mut open: Option<(Piece, usize)> = None;
    for (at, block) in passage.parts() {
        if matches!(block.shape, Shape::Code | Shape::Button) {
            continue;
        }
        for unit in units(&doc.text, block) {
            let is_full = open.as_ref().is_some_and(|(piece, bytes)| {
                bytes + unit.text.len() > PIECE_BYTES_MAX || piece.units.len() >= UNITS_MAX
            });
            if is_full {
                pieces.extend(open.take().map(|it| it.0));
            }
            let (piece, bytes) = open.get_or_insert_with(|| {
                let mut above: Vec<&str> = doc.headings_above(at).map(|it| doc.words(it)).collect();
                above.push(&doc.title);
                above.reverse();
                above.dedup();
                let trail = beginning(&above.join(" › "), TRAIL_BYTES_MAX).to_owned();
                (Piece { trail, units: Vec::new(), is_english: doc.is_english }, 0)
            });
            *bytes += unit.text.len();
            piece.units.push(unit);
        }
    }
    pieces.extend(open.map(|it| it.0));
    let says_enough = |it: &Piece| {
        it.units.iter().map(|it| it.text.split_whitespace().count()).sum::<usize>() >= PIECE_WORDS_MIN
    };
    pieces.retain(says_enough);
    pieces
}

/// A part as one unit, or as its sentences where it is long.
fn units(text: &str, block: &Block) -> Vec<Unit> {
    let words = &text[block.span.clone()];
    if words.split_whitespace().count() <= UNIT_WORDS_MAX {
        return unit(text, block.span.clone()).into_iter().collect();
    }
    let mut units = Vec::new();
    let mut start = block.span.start;
    let mut count = 0;
    for word in words.split_inclusive(char::is_whitespace) {
        let end = word.as_ptr() as usize - text.as_ptr() as usize + word.len();
        count += usize::from(!word.trim().is_empty());
        let ends_sentence =
            word.len() > word.trim_end().len() && word.trim_end().ends_with(['.', '!', '?', '。']);
        if ends_sentence || count >= UNIT_WORDS_MAX {
            units.extend(unit(text, start..end));
            (start, count) = (end, 0);
        }
    }
    units.extend(unit(text, start..block.span.end));
    units
}

/// A unit without white space around it; none of nothing.
fn unit(text: &str, span: Range<usize>) -> Option<Unit> {
    let words = &text[span.clone()];
    let trimmed = words.trim();
    let start = span.start + (words.len() - words.trim_start().len());
    let text = beginning(trimmed, PIECE_BYTES_MAX);
    (!text.is_empty()).then(|| Unit { span: start..start + text.len(), text: text.to_owned() })
}
