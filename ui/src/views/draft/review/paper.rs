//! A source's text as paragraphs, with the cited words marked where they stand.
//!
//! Pure. Citations count in bytes of the text as it was read, so the text is only cut here, never
//! changed: every block keeps the byte ranges that it shows.

use std::ops::Range;

/// Longest block, in bytes. A page can be one endless line, and what is shown is shown in whole
/// blocks: longer ones are cut at a space where there is one.
const BLOCK_BYTES_MAX: usize = 2_000;

/// How a text is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// Every line is a paragraph, as pages and notes are kept.
    Lines,
    /// Lines without an empty one between them are one paragraph, as in Markdown.
    Flowing,
    /// Program text: lines with their numbers, spaces kept.
    Code,
}

impl Layout {
    /// The layout that suits a file or page of that name.
    pub fn of(locator: &str) -> Self {
        const FLOWING: &[&str] = &["md", "markdown", "mdx", "rst", "adoc"];
        const LINES: &[&str] = &["txt", "html", "htm", "pdf"];
        let name = locator.split(['?', '#']).next().unwrap_or_default();
        let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
        let extension = match name.rsplit_once('.') {
            Some((_, extension)) if !locator.contains("://") => extension.to_ascii_lowercase(),
            _ => return Self::Lines,
        };
        match extension.as_str() {
            it if FLOWING.contains(&it) => Self::Flowing,
            it if LINES.contains(&it) => Self::Lines,
            _ => Self::Code,
        }
    }
}

/// What a block of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockKind {
    /// Heads what follows.
    Heading,
    /// A paragraph.
    Text,
    /// One entry of a list.
    Entry,
    /// A line of program text, with its number from 1.
    Code(usize),
}

/// A block of text: pieces of the source that are shown one after the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Byte ranges of the source, in order, one per line.
    pub pieces: Vec<Range<usize>>,
}

/// Words that are marked alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// The words.
    pub text: String,
    /// Which citation they belong to.
    pub mark: Option<usize>,
}

/// Cuts a text into blocks. A first line that says the source's title heads the text.
pub fn blocks(text: &str, layout: Layout, title: &str) -> Vec<Block> {
    let mut blocks = match layout {
        Layout::Code => code(text),
        Layout::Lines | Layout::Flowing => prose(text, layout),
    };
    if let Some(first) = blocks.first_mut().filter(|it| it.kind == BlockKind::Text)
        && let [line] = first.pieces.as_slice()
        && text[line.clone()] == *title
    {
        first.kind = BlockKind::Heading;
    }
    blocks.into_iter().flat_map(|it| bounded(text, it)).collect()
}

/// A block in as many as it takes for none to be too long.
fn bounded(text: &str, block: Block) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut pieces: Vec<Range<usize>> = Vec::new();
    let mut bytes = 0;
    for mut piece in block.pieces {
        loop {
            let room = BLOCK_BYTES_MAX - bytes;
            let cut = if piece.len() > room { cut(text, &piece, room) } else { piece.end };
            if cut > piece.start || piece.is_empty() {
                bytes += cut - piece.start;
                pieces.push(piece.start..cut);
            }
            if cut == piece.end {
                break;
            }
            piece.start = cut;
            blocks.push(Block { kind: block.kind, pieces: std::mem::take(&mut pieces) });
            bytes = 0;
        }
    }
    blocks.push(Block { kind: block.kind, pieces });
    blocks.retain(|it| !it.pieces.is_empty());
    blocks
}

/// Where to cut a piece so that at most `room` bytes stay: after its last space, else between letters.
fn cut(text: &str, piece: &Range<usize>, room: usize) -> usize {
    let mut end = piece.start + room;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    match text[piece.start..end].rfind(' ') {
        Some(space) if space > 0 => piece.start + space + 1,
        _ => end,
    }
}

fn code(text: &str) -> Vec<Block> {
    let line = |(at, line)| Block { kind: BlockKind::Code(at + 1), pieces: vec![line] };
    lines(text).enumerate().map(line).collect()
}

/// Lines of a text without their ends.
fn lines(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut start = 0;
    text.split_inclusive('\n').map(move |line| {
        let begin = start;
        start += line.len();
        begin..begin + line.trim_end_matches(['\n', '\r']).len()
    })
}

fn prose(text: &str, layout: Layout) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut is_open = false;
    let mut is_fenced = false;
    for (at, line) in lines(text).enumerate() {
        let words = &text[line.clone()];
        if words.trim_start().starts_with("```") {
            is_fenced = !is_fenced;
            is_open = false;
            continue;
        }
        if is_fenced {
            blocks.push(Block { kind: BlockKind::Code(at + 1), pieces: vec![line] });
            continue;
        }
        let piece = trimmed(text, line);
        if piece.is_empty() {
            is_open = false;
            continue;
        }
        let (kind, skip) = kind_of(&text[piece.clone()]);
        let piece = piece.start + skip..piece.end;
        let flows = layout == Layout::Flowing && is_open && kind == BlockKind::Text;
        match blocks.last_mut().filter(|_| flows) {
            Some(block) => block.pieces.push(piece),
            None => blocks.push(Block { kind, pieces: vec![piece] }),
        }
        is_open = kind != BlockKind::Heading;
    }
    blocks
}

fn trimmed(text: &str, line: Range<usize>) -> Range<usize> {
    let words = &text[line.clone()];
    let start = line.start + (words.len() - words.trim_start().len());
    start..start + words.trim().len()
}

/// What a line begins, and how many bytes say so.
fn kind_of(words: &str) -> (BlockKind, usize) {
    let hashes = words.len() - words.trim_start_matches('#').len();
    if (1..=6).contains(&hashes) && words[hashes..].starts_with(' ') {
        let space = words[hashes..].len() - words[hashes..].trim_start().len();
        return (BlockKind::Heading, hashes + space);
    }
    for bullet in ["- ", "* ", "+ ", "• "] {
        if words.starts_with(bullet) {
            return (BlockKind::Entry, bullet.len());
        }
    }
    (BlockKind::Text, 0)
}

/// A block's words, cut where a mark begins or ends. Marks that overlap: the first one wins.
pub fn runs(text: &str, block: &Block, marks: &[Range<usize>]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for piece in &block.pieces {
        if let Some(last) = runs.last_mut() {
            // Between two lines of one paragraph stands a space; it is marked if both sides are.
            let before = mark_at(marks, piece.start.saturating_sub(1));
            let mark = mark_at(marks, piece.start).filter(|it| last.mark == Some(*it) && before == Some(*it));
            push(&mut runs, " ", mark);
        }
        let mut at = piece.start;
        while at < piece.end {
            let end = next_edge(marks, at).min(piece.end);
            let Some(words) = text.get(at..end) else { break };
            push(&mut runs, words, mark_at(marks, at));
            at = end;
        }
    }
    runs
}

fn push(runs: &mut Vec<Run>, words: &str, mark: Option<usize>) {
    match runs.last_mut().filter(|it| it.mark == mark) {
        Some(last) => last.text.push_str(words),
        None => runs.push(Run { text: words.to_owned(), mark }),
    }
}

fn mark_at(marks: &[Range<usize>], at: usize) -> Option<usize> {
    marks.iter().position(|it| it.contains(&at))
}

/// The next place after `at` where a mark begins or ends.
fn next_edge(marks: &[Range<usize>], at: usize) -> usize {
    let edges = marks.iter().flat_map(|it| [it.start, it.end]);
    edges.filter(|it| *it > at).min().unwrap_or(usize::MAX)
}

/// The blocks to show around a mark: at least `bytes` on either side of it, where there are so many.
pub fn around(blocks: &[Block], mark: &Range<usize>, bytes: usize) -> Range<usize> {
    let is_near = |block: &Block| {
        let (Some(first), Some(last)) = (block.pieces.first(), block.pieces.last()) else { return false };
        last.end.saturating_add(bytes) >= mark.start && first.start <= mark.end.saturating_add(bytes)
    };
    let first = blocks.iter().position(is_near).unwrap_or_default();
    let last = blocks.iter().rposition(is_near).map_or(first, |it| it + 1);
    first..last
}

/// The place of a citation in a text; `None` if the words are not there.
pub fn mark(text: &str, start: usize, quote: &str) -> Option<Range<usize>> {
    let range = start..start.checked_add(quote.len())?;
    (text.get(range.clone()) == Some(quote)).then_some(range)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(text: &str, layout: Layout, marks: &[Range<usize>]) -> Vec<(BlockKind, String)> {
        let written = |run: Run| match run.mark {
            Some(mark) => format!("[{mark}:{}]", run.text),
            None => run.text,
        };
        let words = |it: &Block| runs(text, it, marks).into_iter().map(written).collect();
        blocks(text, layout, "").iter().map(|it| (it.kind, words(it))).collect()
    }

    fn at(text: &str, words: &str) -> Range<usize> {
        let start = text.find(words).expect("the words are in the text");
        start..start + words.len()
    }

    #[test]
    fn markdown_is_shown_as_headings_paragraphs_and_lists() {
        let text = "# Before you upgrade\n\nMost owners check\r\nwith payroll.\n\n- Send a sample\n- Wait\n";
        let marks = [at(text, "check\r\nwith"), at(text, "Send")];
        let blocks = shown(text, Layout::Flowing, &marks);
        assert_eq!(
            blocks,
            [
                (BlockKind::Heading, "Before you upgrade".into()),
                (BlockKind::Text, "Most owners [0:check with] payroll.".into()),
                (BlockKind::Entry, "[1:Send] a sample".into()),
                (BlockKind::Entry, "Wait".into()),
            ]
        );
    }

    #[test]
    fn pages_and_notes_keep_their_lines() {
        let text = "Ana: it stops\nBen: yes";
        let lines = shown(text, Layout::Lines, &[]);
        assert_eq!(lines, [(BlockKind::Text, "Ana: it stops".into()), (BlockKind::Text, "Ben: yes".into())]);
    }

    #[test]
    fn a_first_line_with_the_title_is_a_heading() {
        let text = "Pricing\nPricing is per person.";
        let kinds =
            |title: &str| blocks(text, Layout::Lines, title).iter().map(|it| it.kind).collect::<Vec<_>>();
        assert_eq!(kinds("Pricing"), [BlockKind::Heading, BlockKind::Text]);
        assert_eq!(kinds("Prices"), [BlockKind::Text, BlockKind::Text]);
    }

    #[test]
    fn program_text_keeps_its_spaces_and_counts_its_lines() {
        let text = "fn main() {\n    capture(\"signed_up\");\n}";
        let marks = [at(text, "capture(\"signed_up\")")];
        let lines = shown(text, Layout::Code, &marks);
        assert_eq!(lines[1], (BlockKind::Code(2), "    [0:capture(\"signed_up\")];".into()));
        let fenced = shown("Run:\n```\nnpx x\n```\nDone", Layout::Flowing, &[]);
        assert_eq!(fenced[1], (BlockKind::Code(3), "npx x".into()));
    }

    #[test]
    fn the_layout_follows_the_name() {
        for (locator, layout) in [
            ("https://fieldnote.app/help.php?x=1", Layout::Lines),
            ("docs/start.md", Layout::Flowing),
            ("src/billing/limits.ts", Layout::Code),
            ("C:\\docs\\Notes.TXT", Layout::Lines),
            ("README", Layout::Lines),
            ("Interview with Ana", Layout::Lines),
        ] {
            assert_eq!(Layout::of(locator), layout, "{locator}");
        }
    }

    #[test]
    fn a_citation_marks_nothing_unless_its_words_stand_there() {
        let text = "zwölf Plätze";
        assert_eq!(mark(text, 7, "Plätze"), Some(7..14));
        for (start, quote) in [(6, "Plätze"), (3, "ölf"), (99, "Plätze"), (usize::MAX, "Plätze")] {
            assert_eq!(mark(text, start, quote), None, "{start} {quote}");
        }
    }

    #[test]
    fn no_block_is_endless_and_none_of_the_text_is_lost() {
        let lines = "a line of a page without any empty one\n".repeat(500);
        let letters = "ä".repeat(5_000);
        for (text, layout) in [
            (lines.as_str(), Layout::Flowing),
            (&lines.replace('\n', " "), Layout::Lines),
            (&letters, Layout::Code),
        ] {
            let blocks = blocks(text, layout, "");
            let bytes = |it: &Block| it.pieces.iter().map(|it| it.len()).sum::<usize>();
            assert!(blocks.len() > 1 && blocks.iter().all(|it| bytes(it) <= BLOCK_BYTES_MAX), "{layout:?}");
            let shown: String = blocks.iter().flat_map(|it| &it.pieces).map(|it| &text[it.clone()]).collect();
            assert_eq!(shown.replace(' ', ""), text.replace(['\n', ' '], ""), "{layout:?}");
        }
    }

    #[test]
    fn only_the_neighbourhood_of_a_mark_is_shown() {
        let text = (0..100).map(|it| format!("line {it:03}\n")).collect::<String>();
        let blocks = blocks(&text, Layout::Lines, "");
        let shown = around(&blocks, &at(&text, "line 050"), 18);
        assert_eq!(shown, 48..53);
        assert_eq!(around(&blocks, &at(&text, "line 000"), usize::MAX), 0..100);
        assert_eq!(around(&[], &(0..1), 10), 0..0);
    }

    proptest! {
        /// However the text is cut, every marked byte that is shown is marked, and none besides.
        #[test]
        fn marks_cover_exactly_the_cited_words(
            text in "[a-zäß #\\-\n]{0,80}",
            places in proptest::collection::vec((0usize..80, 1usize..20), 0..4),
            flowing in any::<bool>(),
        ) {
            let marks: Vec<_> = places.iter()
                .map(|(start, len)| *start..(start + len).min(text.len()))
                .filter(|it| it.start < it.end && text.get(it.clone()).is_some())
                .collect();
            let layout = if flowing { Layout::Flowing } else { Layout::Lines };
            for block in blocks(&text, layout, "") {
                let marked: String = runs(&text, &block, &marks).into_iter()
                    .filter(|it| it.mark.is_some()).map(|it| it.text).collect();
                let expected: String = block.pieces.iter()
                    .flat_map(|it| text[it.clone()].char_indices().map(move |(at, char)| (it.start + at, char)))
                    .filter(|(at, _)| marks.iter().any(|it| it.contains(at)))
                    .map(|(_, char)| char).collect();
                prop_assert_eq!(marked.replace(' ', ""), expected.replace(' ', ""));
            }
        }
    }
}
