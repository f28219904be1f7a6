//! Plain text, and the light markup that reads as plain text: underlined or numbered headings,
//! lists, paragraphs over several lines.

use std::sync::LazyLock;

use custory_domain::draft::Locator;
use regex::Regex;

use crate::doc::{RawBlock, Shape};
use crate::words::squeeze;

static NUMBERED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^\s*(?:[Ss]tep\s+)?(\d{1,3})[.):]\s+(.+)$").expect("the pattern is a constant and compiles")
});
static BULLET: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^\s*[-*•–+▪◦]\s+(.+)$").expect("the pattern is a constant and compiles"));
static MARKED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(#{1,6}|={1,6})\s+(.+?)\s*[#=]*$").expect("the pattern is a constant and compiles")
});

/// Reads a text; parts are placed by their lines.
pub(super) fn read(text: &str) -> Vec<RawBlock> {
    read_from(text, Locator::Lines)
}

/// Reads a text; `place` says where lines (from 1) are found.
pub(super) fn read_from(text: &str, place: impl Fn(u32, u32) -> Locator) -> Vec<RawBlock> {
    let lines: Vec<&str> = text.lines().collect();
    let mut blocks = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let line = lines[at].trim();
        let number = u32::try_from(at + 1).unwrap_or(u32::MAX);
        if line.is_empty() || is_rule(line) {
            at += 1;
            continue;
        }
        if let Some(shape) = heading(&lines, at) {
            let words = MARKED.captures(line).map_or(line, |it| it.get(2).map_or(line, |it| it.as_str()));
            blocks.push(RawBlock::new(shape, squeeze(words.trim_end_matches(':')), place(number, number)));
            at += 1;
            continue;
        }
        let (shape, first) = item(lines[at]).unwrap_or((Shape::Paragraph, line));
        let mut words = first.to_owned();
        let mut end = at + 1;
        while end < lines.len() && goes_on(&lines, end, shape) {
            words.push(' ');
            words.push_str(lines[end].trim());
            end += 1;
        }
        let last = u32::try_from(end).unwrap_or(u32::MAX);
        blocks.push(RawBlock::new(shape, squeeze(&words), place(number, last)));
        at = end;
    }
    blocks
}

fn item(line: &str) -> Option<(Shape, &str)> {
    let indent = line.len() - line.trim_start().len();
    let depth = u8::try_from(indent / 2).unwrap_or(u8::MAX);
    if let Some(found) = NUMBERED.captures(line) {
        let number = found.get(1)?.as_str().parse().ok();
        return Some((Shape::Item { number, depth }, found.get(2)?.as_str()));
    }
    let found = BULLET.captures(line)?;
    Some((Shape::Item { number: None, depth }, found.get(1)?.as_str()))
}

/// A rule, or the underline of a heading.
fn is_rule(line: &str) -> bool {
    let mark = line.chars().next().unwrap_or(' ');
    line.len() >= 3
        && matches!(mark, '=' | '-' | '~' | '^' | '*' | '_' | '"' | '#' | '+')
        && line.chars().all(|it| it == mark)
}

fn heading(lines: &[&str], at: usize) -> Option<Shape> {
    let line = lines[at].trim();
    if let Some(found) = MARKED.captures(line) {
        let level = found.get(1)?.as_str().len();
        return Some(Shape::Heading(u8::try_from(level).unwrap_or(6)));
    }
    let next = lines.get(at + 1).map_or("", |it| it.trim());
    const HEADING_CHARS_MAX: usize = 90;
    if is_rule(next)
        && next.len() + 2 >= line.chars().count()
        && item(lines[at]).is_none()
        && line.len() < HEADING_CHARS_MAX
    {
        let level = match next.chars().next() {
            Some('=' | '#') => 1,
            Some('-' | '*') => 2,
            _ => 3,
        };
        return Some(Shape::Heading(level));
    }
    let stands_alone = at == 0 || lines[at - 1].trim().is_empty();
    let is_short = line.chars().count() <= 60 && line.split(' ').count() <= 8;
    let letters: Vec<char> = line.chars().filter(|it| it.is_alphabetic()).collect();
    let shouts = letters.len() > 3 && letters.iter().all(|it| it.is_uppercase());
    let is_question = line.ends_with('?') && next.is_empty();
    let opens = line.ends_with(':') && item(next).is_some();
    let titled = next.is_empty()
        && !line.ends_with(['.', ',', ';', '!'])
        && lines.get(at + 2).is_some_and(|it| !it.trim().is_empty());
    (stands_alone && is_short && item(lines[at]).is_none() && (shouts || is_question || opens || titled))
        .then_some(Shape::Heading(2))
}

/// Whether a line goes on with the part before it.
fn goes_on(lines: &[&str], at: usize, shape: Shape) -> bool {
    let line = lines[at];
    let before = lines[at - 1];
    if line.trim().is_empty() || is_rule(line.trim()) || item(line).is_some() || MARKED.is_match(line.trim())
    {
        return false;
    }
    const FULL_LINE_CHARS: usize = 50;
    let was_full = before.trim().chars().count() >= FULL_LINE_CHARS;
    match shape {
        Shape::Item { .. } => line.starts_with([' ', '\t']) || was_full,
        _ => was_full || line.trim().starts_with(char::is_lowercase),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_become_parts() {
        let text = "Getting started\n===============\n\n1. Create an account with the address that your company gave\n   you\n2. Invite people\n\nWhy can't I log in?\n\nAsk the one who invited you.\nThat is all.\n";
        let item = |number| Shape::Item { number: Some(number), depth: 0 };
        let found: Vec<_> = read(text).into_iter().map(|it| (it.shape, it.text, it.place)).collect();
        assert_eq!(
            found,
            [
                (Shape::Heading(1), "Getting started".to_owned(), Locator::Lines(1, 1)),
                (
                    item(1),
                    "Create an account with the address that your company gave you".to_owned(),
                    Locator::Lines(4, 5)
                ),
                (item(2), "Invite people".to_owned(), Locator::Lines(6, 6)),
                (Shape::Heading(2), "Why can't I log in?".to_owned(), Locator::Lines(8, 8)),
                (Shape::Paragraph, "Ask the one who invited you.".to_owned(), Locator::Lines(10, 10)),
                (Shape::Paragraph, "That is all.".to_owned(), Locator::Lines(11, 11)),
            ]
        );
    }
}
