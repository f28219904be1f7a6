//! Markdown documents: headings are stages and steps, list items hang on them, quotes are evidence.
//!
//! The only heading of the highest level is the title; the next level are stages, the one below steps. Deeper headings
//! and words before a colon say what the list items under them are. Where no heading is a step, list items are.

use std::ops::Range;

use custory_domain::*;
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use ulid::Ulid;

use super::build::{Builder, clip};
use super::columns::{add_note, kind_of, lane};
use crate::import::{ImportError, Imported};

/// Whether a text has a heading.
pub(super) fn has_headings(text: &str) -> bool {
    Parser::new(text).any(|it| matches!(it, Event::Start(Tag::Heading { .. })))
}

/// Reads a document.
pub(super) fn read(text: &str, title: &str, mint: &mut dyn FnMut() -> Ulid) -> Result<Imported, ImportError> {
    let levels = Levels::of(text);
    let mut reader =
        Reader { builder: Builder::new(title, mint), levels, at: At::default(), lost: Lost::default() };
    let mut lines = Lines { text, byte: 0, line: 1 };
    let mut blocks = Blocks::default();
    for (event, range) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
        reader.builder.line = lines.of(&range);
        if let Some(block) = blocks.take(event) {
            reader.block(block);
        }
    }
    reader.tell_lost();
    reader.builder.finish()
}

/// Which headings mean what.
#[derive(Clone, Copy, Debug)]
struct Levels {
    title: Option<HeadingLevel>,
    stage: Option<HeadingLevel>,
    step: Option<HeadingLevel>,
}

impl Levels {
    fn of(text: &str) -> Self {
        let mut counts = std::collections::BTreeMap::<HeadingLevel, usize>::new();
        for event in Parser::new(text) {
            if let Event::Start(Tag::Heading { level, .. }) = event {
                *counts.entry(level).or_default() += 1;
            }
        }
        let mut levels = counts.iter().map(|(level, count)| (*level, *count)).peekable();
        let title = levels.next_if(|it| it.1 == 1).map(|it| it.0);
        Self { title, stage: levels.next().map(|it| it.0), step: levels.next().map(|it| it.0) }
    }
}

/// Lines of bytes, asked for in rising order.
struct Lines<'a> {
    text: &'a str,
    byte: usize,
    line: usize,
}

impl Lines<'_> {
    fn of(&mut self, range: &Range<usize>) -> usize {
        if range.start > self.byte {
            self.line += self.text[self.byte..range.start].bytes().filter(|it| *it == b'\n').count();
            self.byte = range.start;
        }
        self.line
    }
}

/// A part of a document with its words.
#[derive(Debug, PartialEq)]
enum Block {
    Heading(HeadingLevel, String),
    Paragraph(String),
    /// An entry of a list: how deep it is, what stands out at its start, and the rest.
    Entry(usize, String, String),
    Quote(String),
    Table,
    Code,
}

/// Gathers events into blocks.
#[derive(Default)]
struct Blocks {
    words: String,
    strong: Option<String>,
    is_strong: bool,
    depth: usize,
    quote: usize,
    skips: usize,
    /// Whether the words belong to an entry that has not been told yet.
    is_entry: bool,
}

impl Blocks {
    fn take(&mut self, event: Event<'_>) -> Option<Block> {
        match event {
            Event::Start(Tag::Table(_) | Tag::CodeBlock(_) | Tag::HtmlBlock) => self.skips += 1,
            Event::End(TagEnd::Table) => {
                self.skips -= 1;
                return Some(Block::Table);
            }
            Event::End(TagEnd::CodeBlock) => {
                self.skips -= 1;
                return Some(Block::Code);
            }
            Event::End(TagEnd::HtmlBlock) => self.skips -= 1,
            _ if self.skips > 0 => {}
            Event::Start(Tag::Heading { .. } | Tag::Paragraph) if !self.is_entry && self.quote == 0 => {
                self.words.clear()
            }
            Event::Start(Tag::Item) => {
                let before = self.entry();
                self.is_entry = true;
                self.strong = None;
                return before;
            }
            Event::Start(Tag::List(_)) => {
                let before = self.entry();
                self.depth += 1;
                return before;
            }
            Event::End(TagEnd::List(_)) => self.depth = self.depth.saturating_sub(1),
            Event::End(TagEnd::Item) => return self.entry(),
            Event::Start(Tag::BlockQuote(_)) => {
                let before = self.entry();
                self.quote += 1;
                return before;
            }
            Event::End(TagEnd::BlockQuote(_)) => {
                self.quote -= 1;
                if self.quote == 0 {
                    return self.told().map(Block::Quote);
                }
            }
            Event::Start(Tag::Strong) => self.is_strong = self.words.trim().is_empty() && self.quote == 0,
            Event::End(TagEnd::Strong) if self.is_strong => {
                self.is_strong = false;
                self.strong = Some(std::mem::take(&mut self.words));
            }
            Event::End(TagEnd::Heading(level)) => {
                let strong = self.strong.take().unwrap_or_default();
                return self.told_with(&strong).map(|it| Block::Heading(level, it));
            }
            Event::End(TagEnd::Paragraph) if self.quote > 0 => self.words.push('\n'),
            Event::End(TagEnd::Paragraph) if self.is_entry => return self.entry(),
            Event::End(TagEnd::Paragraph) => {
                let strong = self.strong.take().unwrap_or_default();
                return self.told_with(&strong).map(Block::Paragraph);
            }
            Event::Text(words) | Event::Code(words) => self.words.push_str(&words),
            Event::SoftBreak => self.words.push(' '),
            Event::HardBreak => self.words.push('\n'),
            _ => {}
        }
        None
    }

    /// The entry whose words have been gathered, if there is one.
    fn entry(&mut self) -> Option<Block> {
        if !std::mem::take(&mut self.is_entry) {
            return None;
        }
        let strong = self.strong.take().unwrap_or_default().trim().to_owned();
        let rest = std::mem::take(&mut self.words).trim().to_owned();
        (!strong.is_empty() || !rest.is_empty()).then_some(Block::Entry(self.depth, strong, rest))
    }

    fn told(&mut self) -> Option<String> {
        let words = std::mem::take(&mut self.words).trim().to_owned();
        (!words.is_empty()).then_some(words)
    }

    fn told_with(&mut self, strong: &str) -> Option<String> {
        let rest = self.told().unwrap_or_default();
        let words = format!("{strong}{}{rest}", if strong.is_empty() || rest.is_empty() { "" } else { " " });
        (!words.trim().is_empty()).then(|| words.trim().to_owned())
    }
}

/// Where in the journey the document is.
#[derive(Default)]
struct At {
    step: Option<StepId>,
    item: Option<EntityRef>,
    /// What list items are, when a heading or a word before them says it.
    kind: Option<(ItemKind, Option<InsightSort>)>,
    /// The part of the document is about people, not about what they do.
    is_people: bool,
}

/// What was left out, counted.
#[derive(Default)]
struct Lost {
    tables: usize,
    codes: usize,
    unnamed: usize,
    branches: usize,
}

struct Reader<'m> {
    builder: Builder<'m>,
    levels: Levels,
    at: At,
    lost: Lost,
}

impl Reader<'_> {
    fn block(&mut self, block: Block) {
        match block {
            Block::Heading(level, words) => self.heading(level, &words),
            Block::Paragraph(words) => self.paragraph(&words),
            Block::Entry(depth, strong, rest) => self.entry(depth, &strong, &rest),
            Block::Quote(words) => self.quote(&words),
            Block::Table => self.lost.tables += 1,
            Block::Code => self.lost.codes += 1,
        }
    }

    fn heading(&mut self, level: HeadingLevel, words: &str) {
        let at = Some(level);
        if at == self.levels.title {
            self.builder.journey.title = clip(words, 120);
        } else if at == self.levels.stage {
            self.at = At { is_people: is_people(words), ..At::default() };
            if !self.at.is_people {
                self.builder.stage(without_number(words));
            }
        } else if self.at.is_people {
            self.builder.persona(words);
        } else if at == self.levels.step {
            let stage = self.builder.last_stage();
            self.at = At { step: Some(self.builder.step(stage, without_number(words))), ..At::default() };
        } else {
            self.at.item = None;
            self.at.kind = kind_of(words).or_else(|| Some((lane(words)?.items()?, None)));
            if self.at.kind.is_none() {
                self.paragraph(words);
            }
        }
    }

    fn paragraph(&mut self, words: &str) {
        if self.at.is_people {
            return self.builder.tell_persona(words);
        }
        // “Pain points:” before a list.
        if let Some(label) = words.strip_suffix(':')
            && let Some(kind) = kind_of(label).or_else(|| Some((lane(label)?.items()?, None)))
        {
            self.at.kind = Some(kind);
            self.at.item = None;
            return;
        }
        match (self.at.item, self.at.step) {
            (Some(item), _) => self.builder.change_item(item, |it| add_note(it, words)),
            (None, Some(step)) => self.builder.change_step(step, |it| {
                let more =
                    if it.action.is_empty() { words.to_owned() } else { format!("{}\n{words}", it.action) };
                it.action = clip(&more, carry_out::limits::LONG_TEXT_CHARS_MAX);
            }),
            (None, None) => {
                let journey = &mut self.builder.journey;
                let more = format!("{} {words}", journey.scenario);
                journey.scenario = clip(more.trim(), carry_out::limits::SHORT_TEXT_CHARS_MAX);
            }
        }
    }

    fn entry(&mut self, depth: usize, strong: &str, rest: &str) {
        if self.at.is_people {
            return self.builder.tell_persona(&[strong, rest].join(" "));
        }
        let has_step_headings = self.levels.step.is_some();
        if !has_step_headings && depth == 1 && self.at.kind.is_none() {
            let stage = self.builder.last_stage();
            let step = self.builder.step(stage, if strong.is_empty() { rest } else { strong });
            if !strong.is_empty() && !rest.is_empty() {
                self.builder.change_step(step, |it| it.action = without_colon(rest).to_owned());
            }
            self.at = At { step: Some(step), ..At::default() };
            return;
        }
        // As our own documents write a branch. Which step it leads to is only clear once all are there.
        if strong.is_empty() && self.at.kind.is_none() && rest.starts_with(crate::markdown::BRANCH) {
            self.lost.branches += 1;
            return;
        }
        // “Pain: the code does not arrive” says itself what it is.
        let own = match strong.is_empty() {
            true => rest.split_once(':').map(|it| (it.0, it.1.trim())),
            false => Some((strong.trim_end_matches(':'), without_colon(rest))),
        };
        if let Some((label, words)) = own
            && let Some((kind, sort)) = kind_of(label)
            && !words.is_empty()
        {
            self.item(kind, sort, words, "");
            return;
        }
        if depth > if has_step_headings { 1 } else { 2 }
            && let Some(item) = self.at.item
        {
            let words = [strong, rest].join(" ");
            self.builder.change_item(item, |it| add_note(it, words.trim()));
            return;
        }
        let (title, notes) = if strong.is_empty() { (rest, "") } else { (strong, without_colon(rest)) };
        let (kind, sort) = self.at.kind.unwrap_or_else(|| {
            self.lost.unnamed += 1;
            (ItemKind::Insight, None)
        });
        self.item(kind, sort, title, notes);
    }

    fn item(&mut self, kind: ItemKind, sort: Option<InsightSort>, title: &str, notes: &str) {
        let step = self.step();
        let id = self.builder.item(step, kind, title, notes);
        if let Some(sort) = sort {
            self.builder.change_item(id, |item| {
                if let Entity::Insight(it) = item {
                    it.sort = sort;
                }
            });
        }
        self.at.item = Some(id);
    }

    /// A quote of a person is told of them. A last line with a dash says whose it is.
    fn quote(&mut self, words: &str) {
        if self.at.is_people {
            return self.builder.tell_persona(words);
        }
        let (words, from) = match words.rsplit_once('\n') {
            Some((words, last)) if last.trim_start().starts_with(['—', '–']) => {
                (words, last.trim_start().trim_start_matches(['—', '–', ' ']))
            }
            _ => (words, ""),
        };
        let about = match self.at.item {
            Some(item) => item,
            None => self.step().into(),
        };
        if !words.trim().is_empty() {
            self.builder.quote(about, words, from, None);
        }
    }

    fn step(&mut self) -> StepId {
        if let Some(step) = self.at.step {
            return step;
        }
        let stage = self.builder.last_stage();
        let step = self.builder.no_step_in(stage);
        self.at.step = Some(step);
        step
    }

    fn tell_lost(&mut self) {
        for (count, one, many) in [
            (self.lost.branches, "1 branch was left out.", "branches were left out."),
            (self.lost.tables, "1 table was left out.", "tables were left out."),
            (self.lost.codes, "1 block of code was left out.", "blocks of code were left out."),
            (
                self.lost.unnamed,
                "1 list item does not say what it is and came in as an insight.",
                "list items do not say what they are and came in as insights.",
            ),
        ] {
            match count {
                0 => {}
                1 => self.builder.lose(one),
                more => self.builder.lose(format!("{more} {many}")),
            }
        }
    }
}

/// Whether a heading is above people: as our own documents write it, or as others do.
fn is_people(words: &str) -> bool {
    let words = words.trim().to_lowercase();
    ["who it is about", "personas", "persona", "actors", "who"].contains(&words.as_str())
}

/// A heading without the number before it.
fn without_number(words: &str) -> &str {
    let rest = words.trim_start_matches(|it: char| it.is_ascii_digit());
    match rest.strip_prefix(['.', ')']) {
        Some(rest) if rest.starts_with(' ') && words.starts_with(|it: char| it.is_ascii_digit()) => {
            rest.trim()
        }
        _ => words,
    }
}

fn without_colon(words: &str) -> &str {
    words.trim_start_matches([':', '–', '—', ' ']).trim()
}
