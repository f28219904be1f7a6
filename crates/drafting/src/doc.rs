//! A source as plain text, with a map of what its parts are and where a person finds them.
//!
//! Invariant: every span points into [`Doc::text`] at character boundaries, so a quote is always a
//! slice of the text and its offset is its place.

use std::ops::Range;

use custory_domain::draft::{Locator, SourceOrigin};

use crate::genre::Genre;
use crate::key::sha256;

/// Longest quote, in characters: what a map keeps of it (`Evidence::EXCERPT_CHARS_MAX`).
pub(crate) const QUOTE_CHARS_MAX: usize = 500;

/// What a part of a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shape {
    /// A heading; 1 is the title.
    Heading(u8),
    /// Running text.
    Paragraph,
    /// An item of a list.
    Item {
        /// Its number, in a numbered list.
        number: Option<u32>,
        /// How deep the list is nested, from 0.
        depth: u8,
    },
    /// A button, or a link made to look like one.
    Button,
    /// What a definition or an unfolding part is called.
    Term,
    /// A row of a table.
    Row,
    /// Code.
    Code,
}

/// What a piece of a part is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// Set off at the beginning: bold, or a link.
    Lead,
    /// A table cell that names a step.
    Step,
    /// A table cell that states a problem.
    Problem,
    /// A table cell that asks something.
    Question,
}

/// A link in a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// Its words.
    pub span: Range<usize>,
    /// Where it leads, as written.
    pub href: String,
}

/// A part of a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// What it is.
    pub shape: Shape,
    /// Where it stands.
    pub span: Range<usize>,
    /// Where a person finds it.
    pub place: Locator,
    /// Index of the heading above it; of the heading one level up, for a heading.
    pub section: Option<usize>,
    /// Pieces that say more about themselves.
    pub marks: Vec<(Mark, Range<usize>)>,
    /// Links in it.
    pub links: Vec<Link>,
}

/// A part before its place in the text is known; ranges count from its own beginning.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RawBlock {
    pub shape: Shape,
    pub text: String,
    pub place: Locator,
    pub marks: Vec<(Mark, Range<usize>)>,
    pub links: Vec<Link>,
}

impl RawBlock {
    pub(crate) fn new(shape: Shape, text: impl Into<String>, place: Locator) -> Self {
        Self { shape, text: text.into(), place, marks: Vec::new(), links: Vec::new() }
    }
}

/// What a reader made of one source.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Body {
    /// Parts of a document.
    Blocks(Vec<RawBlock>),
    /// Text of a program, as it is.
    Verbatim(String),
}

/// A source that was read, before the whole material is known.
#[derive(Clone, Debug)]
pub(crate) struct RawDoc {
    pub locator: String,
    pub title: String,
    pub origin: SourceOrigin,
    pub genre: Genre,
    pub body: Body,
    /// Where its links and its site's navigation lead, in order.
    pub navigation: Vec<(String, String)>,
    /// Its site or product, where it names one.
    pub product: Option<String>,
    /// The path that its place in a folder of routes stands for.
    pub route: Option<String>,
}

/// A source as plain text with a map.
#[derive(Clone, Debug)]
pub struct Doc {
    /// Address, or path within the folder.
    pub locator: String,
    /// Title of the page or document.
    pub title: String,
    /// What kind of material it came from.
    pub origin: SourceOrigin,
    /// What kind of text it is.
    pub genre: Genre,
    /// Its plain text.
    pub text: String,
    /// SHA-256 of the text, hexadecimal.
    pub hash: String,
    /// Its parts in order; none for programs.
    pub blocks: Vec<Block>,
    /// The path that its place in a folder of routes stands for.
    pub route: Option<String>,
    /// Whether its running text is English.
    pub is_english: bool,
    /// Its place in the material's own order of reading, if it has one.
    pub rank: Option<usize>,
    /// How many other sources lead here.
    pub inbound: usize,
}

impl Doc {
    /// Lays the parts out as text: parts on lines of their own, headings and entries of lists, tables and menus
    /// marked as in Markdown, so that whoever shows the text can tell them apart. No span holds a mark.
    pub(crate) fn assemble(raw: RawDoc) -> Self {
        let mut text = String::new();
        let mut blocks: Vec<Block> = Vec::new();
        match raw.body {
            Body::Verbatim(code) => text = code,
            Body::Blocks(parts) => {
                let mut open: Vec<(u8, usize)> = Vec::new();
                for part in parts {
                    if !text.is_empty() {
                        text.push_str(gap(blocks.last().map(|it| it.shape), part.shape));
                    }
                    text.push_str(mark_before(part.shape));
                    let start = text.len();
                    text.push_str(&part.text);
                    let shift = |span: Range<usize>| span.start + start..span.end + start;
                    if let Shape::Heading(level) = part.shape {
                        open.retain(|it| it.0 < level);
                    }
                    let section = open.last().map(|it| it.1);
                    if let Shape::Heading(level) = part.shape {
                        open.push((level, blocks.len()));
                    }
                    blocks.push(Block {
                        shape: part.shape,
                        span: start..text.len(),
                        place: part.place,
                        section,
                        marks: part.marks.into_iter().map(|(mark, span)| (mark, shift(span))).collect(),
                        links: (part.links.into_iter())
                            .map(|it| Link { span: shift(it.span), href: it.href })
                            .collect(),
                    });
                }
            }
        }
        let prose: String = if blocks.is_empty() {
            String::new()
        } else {
            let is_prose =
                |it: &&Block| matches!(it.shape, Shape::Paragraph | Shape::Item { .. } | Shape::Heading(_));
            blocks.iter().filter(is_prose).map(|it| &text[it.span.clone()]).collect::<Vec<_>>().join(" ")
        };
        Self {
            is_english: crate::words::looks_english(&prose),
            inbound: 0,
            hash: sha256(&text),
            locator: raw.locator,
            title: raw.title,
            origin: raw.origin,
            genre: raw.genre,
            route: raw.route,
            rank: None,
            text,
            blocks,
        }
    }

    /// The words of a part.
    pub fn words(&self, block: &Block) -> &str {
        &self.text[block.span.clone()]
    }

    /// Where a person finds the text at an offset.
    pub fn place(&self, span: &Range<usize>) -> Locator {
        match self.blocks.iter().rfind(|it| it.span.start <= span.start) {
            Some(block) => block.place.clone(),
            None => {
                let line = |at: usize| self.text[..at].matches('\n').count() as u32 + 1;
                let last = span.end.saturating_sub(1).max(span.start);
                let end =
                    (span.start..=last).rfind(|it| self.text.is_char_boundary(*it)).unwrap_or(span.start);
                Locator::Lines(line(span.start), line(end))
            }
        }
    }

    /// Headings above a part, nearest first.
    pub fn headings_above(&self, index: usize) -> impl Iterator<Item = &Block> {
        let first = self.blocks.get(index).and_then(|it| it.section);
        std::iter::successors(first, |at| self.blocks[*at].section).map(|at| &self.blocks[at])
    }
}

fn gap(before: Option<Shape>, after: Shape) -> &'static str {
    match (before, after) {
        (Some(Shape::Item { .. }), Shape::Item { .. })
        | (Some(Shape::Row), Shape::Row)
        | (Some(Shape::Button), Shape::Button) => "\n",
        _ => "\n\n",
    }
}

/// What stands before a part in the text.
fn mark_before(shape: Shape) -> &'static str {
    match shape {
        Shape::Heading(1) => "# ",
        Shape::Heading(2) => "## ",
        Shape::Heading(_) => "### ",
        Shape::Item { .. } | Shape::Row | Shape::Button => "- ",
        Shape::Paragraph | Shape::Term | Shape::Code => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_and_headings_can_be_told_from_running_text_and_no_quote_holds_their_marks() {
        let place = Locator::Lines(1, 1);
        let part = |shape, text: &str| RawBlock::new(shape, text, place.clone());
        let numbered = |number| Shape::Item { number: Some(number), depth: 0 };
        let doc = Doc::assemble(RawDoc {
            locator: "guide.md".to_owned(),
            title: "Boards".to_owned(),
            origin: SourceOrigin::File,
            genre: Genre::Guide,
            body: Body::Blocks(vec![
                part(Shape::Heading(1), "Boards"),
                part(Shape::Paragraph, "Two things to do."),
                part(numbered(1), "Create a board."),
                part(numbered(2), "Invite your team."),
            ]),
            navigation: Vec::new(),
            product: None,
            route: None,
        });
        assert_eq!(doc.text, "# Boards\n\nTwo things to do.\n\n- Create a board.\n- Invite your team.");
        let quotes: Vec<_> = doc.blocks.iter().map(|it| &doc.text[it.span.clone()]).collect();
        assert_eq!(quotes, ["Boards", "Two things to do.", "Create a board.", "Invite your team."]);
    }
}
