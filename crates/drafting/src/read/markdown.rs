//! Markdown, with the additions that documentation tools make: front matter, components in angle
//! brackets, notes between `:::`.
//!
//! The plain text has no markup; every part keeps the lines of the file it came from.

use custory_domain::draft::Locator;
use pulldown_cmark::{Event, HeadingLevel, MetadataBlockKind, Options, Parser, Tag, TagEnd};

use super::inline::Inline;
use super::jsx;
use crate::doc::{RawBlock, Shape};
use crate::words::squeeze;

/// What was found in a file.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub title: Option<String>,
    pub blocks: Vec<RawBlock>,
}

/// Reads a file.
pub(super) fn read(source: &str) -> Page {
    let source = jsx::to_markdown(source);
    let lines = Lines::of(&source);
    let mut walk = Walk {
        page: Page::default(),
        inline: Inline::default(),
        shapes: vec![Shape::Paragraph],
        lists: Vec::new(),
        at: 0..0,
        in_meta: false,
        in_image: 0,
        first_in_item: false,
    };
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
    for (event, span) in Parser::new_ext(&source, options).into_offset_iter() {
        walk.event(event, lines.range(&span));
    }
    walk.flush();
    let mut page = walk.page;
    if let Some(title) = &page.title
        && !page.blocks.iter().any(|it| it.shape == Shape::Heading(1) && it.text == *title)
    {
        let has_own = page.blocks.iter().any(|it| it.shape == Shape::Heading(1));
        if !has_own {
            let at = page.blocks.iter().take_while(|it| it.shape == Shape::Heading(1)).count();
            page.blocks.insert(at, RawBlock::new(Shape::Heading(1), title.clone(), Locator::Lines(1, 1)));
        }
    }
    page
}

/// Where lines begin.
struct Lines(Vec<usize>);

impl Lines {
    fn of(text: &str) -> Self {
        Self(text.match_indices('\n').map(|it| it.0).collect())
    }

    fn range(&self, span: &std::ops::Range<usize>) -> std::ops::Range<u32> {
        let line =
            |at: usize| u32::try_from(self.0.partition_point(|it| *it < at)).unwrap_or(u32::MAX - 1) + 1;
        line(span.start)..line(span.end.saturating_sub(1).max(span.start))
    }
}

struct Walk {
    page: Page,
    inline: Inline,
    shapes: Vec<Shape>,
    lists: Vec<Option<u64>>,
    /// Lines of the part at hand, both included.
    at: std::ops::Range<u32>,
    in_meta: bool,
    in_image: usize,
    first_in_item: bool,
}

impl Walk {
    fn flush(&mut self) {
        let shape = self.shapes.last().copied().unwrap_or(Shape::Paragraph);
        let shape = match shape {
            Shape::Item { .. } if !self.first_in_item => Shape::Paragraph,
            other => other,
        };
        if let Some(block) = self.inline.take(shape, Locator::Lines(self.at.start.max(1), self.at.end.max(1)))
        {
            self.first_in_item = false;
            self.page.blocks.push(block);
        }
    }

    fn open(&mut self, shape: Shape, lines: std::ops::Range<u32>) {
        self.flush();
        self.shapes.push(shape);
        self.at = lines;
    }

    fn close(&mut self) {
        self.flush();
        self.shapes.pop();
    }

    fn event(&mut self, event: Event<'_>, lines: std::ops::Range<u32>) {
        if self.inline.is_empty() && !matches!(event, Event::End(_)) {
            self.at = lines.clone();
        } else if !matches!(event, Event::End(_) | Event::Start(_)) {
            self.at.end = self.at.end.max(lines.end);
        }
        match event {
            Event::Start(tag) => self.start(tag, lines),
            Event::End(tag) => self.end(tag),
            Event::Text(text) if self.in_meta => self.meta(&text),
            Event::Text(text) if self.in_image == 0 => self.inline.push(&text),
            // The marks stay: they tell names of programs from words.
            Event::Code(text) if self.in_image == 0 => self.inline.push(&format!("`{text}`")),
            Event::SoftBreak | Event::HardBreak => self.inline.space(),
            Event::Html(html) => self.html(&html, lines),
            Event::InlineHtml(html) if html.to_lowercase().starts_with("<br") => self.inline.space(),
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>, lines: std::ops::Range<u32>) {
        match tag {
            Tag::Heading { level, .. } => self.open(Shape::Heading(level_number(level)), lines),
            Tag::CodeBlock(_) => self.open(Shape::Code, lines),
            Tag::List(number) => {
                self.flush();
                self.lists.push(number);
            }
            Tag::Item => {
                let number = self.lists.last().copied().flatten();
                if let Some(Some(next)) = self.lists.last_mut() {
                    *next += 1;
                }
                let depth = u8::try_from(self.lists.len().saturating_sub(1)).unwrap_or(u8::MAX);
                let number = number.map(|it| u32::try_from(it).unwrap_or(u32::MAX));
                self.open(Shape::Item { number, depth }, lines);
                self.first_in_item = true;
            }
            Tag::Table(_) => self.flush(),
            Tag::TableHead | Tag::TableRow => self.open(Shape::Row, lines),
            Tag::TableCell if !self.inline.is_empty() => self.inline.push(" | "),
            Tag::Link { dest_url, .. } => self.inline.begin_link(&dest_url),
            Tag::Image { .. } => self.in_image += 1,
            Tag::Strong => self.inline.begin_strong(),
            Tag::MetadataBlock(MetadataBlockKind::YamlStyle) => self.in_meta = true,
            Tag::Paragraph | Tag::BlockQuote(_) | Tag::HtmlBlock => self.flush(),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_) | TagEnd::CodeBlock | TagEnd::Item | TagEnd::TableHead | TagEnd::TableRow => {
                self.close()
            }
            TagEnd::List(_) => {
                self.flush();
                self.lists.pop();
            }
            TagEnd::Link => self.inline.end_link(),
            TagEnd::Image => self.in_image = self.in_image.saturating_sub(1),
            TagEnd::Strong => self.inline.end_strong(),
            TagEnd::MetadataBlock(_) => self.in_meta = false,
            TagEnd::Paragraph | TagEnd::BlockQuote(_) | TagEnd::HtmlBlock | TagEnd::Table => self.flush(),
            _ => {}
        }
    }

    /// Front matter: only title and description are for readers.
    fn meta(&mut self, yaml: &str) {
        for (line, number) in yaml.lines().zip(2u32..) {
            let Some((key, value)) = line.split_once(':') else { continue };
            let value = squeeze(value.trim().trim_matches(['"', '\'']));
            if value.is_empty() || value.starts_with(['{', '[', '|', '>']) {
                continue;
            }
            let place = Locator::Lines(number, number);
            match key.trim() {
                "title" | "Title" => {
                    self.page.title = Some(value.clone());
                    self.page.blocks.push(RawBlock::new(Shape::Heading(1), value, place));
                }
                "description" => self.page.blocks.push(RawBlock::new(Shape::Paragraph, value, place)),
                _ => {}
            }
        }
    }

    /// A block of HTML inside: its words, line by line.
    fn html(&mut self, html: &str, lines: std::ops::Range<u32>) {
        for mut block in super::html::read(html).blocks {
            block.place = Locator::Lines(lines.start, lines.end);
            self.page.blocks.push(block);
        }
    }
}

fn level_number(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_keep_their_lines() {
        let page = read(
            "---\ntitle: \"Start here\"\nicon: x\n---\n\n## Steps\n\n1. **Create** a [space](/s)\n   together\n2. Invite\n\n   They get mail.\n\n| A | B |\n|---|---|\n| 1 | 2 |\n",
        );
        let item = |number| Shape::Item { number: Some(number), depth: 0 };
        let found: Vec<_> =
            page.blocks.iter().map(|it| (it.shape, it.text.as_str(), it.place.clone())).collect();
        assert_eq!(
            found,
            [
                (Shape::Heading(1), "Start here", Locator::Lines(2, 2)),
                (Shape::Heading(2), "Steps", Locator::Lines(6, 6)),
                (item(1), "Create a space together", Locator::Lines(8, 9)),
                (item(2), "Invite", Locator::Lines(10, 10)),
                (Shape::Paragraph, "They get mail.", Locator::Lines(12, 12)),
                (Shape::Row, "A | B", Locator::Lines(14, 14)),
                (Shape::Row, "1 | 2", Locator::Lines(16, 16)),
            ]
        );
        assert_eq!(page.blocks[2].links[0].href, "/s");
        assert_eq!(&page.blocks[2].text[page.blocks[2].links[0].span.clone()], "space");
    }

    #[test]
    fn components_of_documentation_tools_are_read_through() {
        let page = read(
            "import X from 'x'\n\n<Steps>\n  <Step title=\"Create a form\">\n    Pick a template.\n\n    ### Share it\n  </Step>\n</Steps>\n\n:::tip Good to know\nIt is free.\n:::\n",
        );
        let found: Vec<_> = page.blocks.iter().map(|it| (it.shape, it.text.as_str())).collect();
        assert_eq!(
            found,
            [
                (Shape::Heading(4), "Create a form"),
                (Shape::Paragraph, "Pick a template."),
                (Shape::Heading(3), "Share it"),
                (Shape::Paragraph, "Good to know It is free."),
            ]
        );
    }
}
