//! Pieces of a source small enough to be understood at once: a heading with what is below it.

use std::ops::Range;

use crate::doc::{Block, Doc, Shape};

/// A piece is closed at the next heading once it is this long: about 500 tokens, which even a small
/// model takes in at once.
const CHARS_ENOUGH: usize = 2_000;

/// A piece of a source.
#[derive(Clone, Debug)]
pub struct Passage<'a> {
    /// The source.
    pub doc: &'a Doc,
    /// Its parts in the piece; empty for programs, which are one piece each.
    pub blocks: Range<usize>,
}

impl<'a> Passage<'a> {
    /// The parts with their indexes.
    pub fn parts(&self) -> impl Iterator<Item = (usize, &'a Block)> + use<'a> {
        let doc = self.doc;
        self.blocks.clone().map(|at| (at, &doc.blocks[at]))
    }

    /// Where it stands in the source's text, in bytes.
    pub fn span(&self) -> Range<usize> {
        let parts = &self.doc.blocks[self.blocks.clone()];
        match (parts.first(), parts.last()) {
            (Some(first), Some(last)) => first.span.start..last.span.end,
            _ => 0..self.doc.text.len(),
        }
    }

    /// Its text.
    pub fn text(&self) -> &'a str {
        &self.doc.text[self.span()]
    }
}

/// Cuts a source into pieces.
pub(crate) fn passages(doc: &Doc) -> Vec<Passage<'_>> {
    if doc.blocks.is_empty() {
        return vec![Passage { doc, blocks: 0..0 }];
    }
    let mut passages = Vec::new();
    let mut start = 0;
    let mut chars = 0;
    for (at, block) in doc.blocks.iter().enumerate() {
        if at > start && matches!(block.shape, Shape::Heading(_)) && chars >= CHARS_ENOUGH {
            passages.push(Passage { doc, blocks: start..at });
            (start, chars) = (at, 0);
        }
        chars += block.span.len();
    }
    passages.push(Passage { doc, blocks: start..doc.blocks.len() });
    passages
}
