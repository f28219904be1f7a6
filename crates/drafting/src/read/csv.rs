//! Tables: exports of tickets, of feedback, of journeys drawn elsewhere. Columns whose heading says
//! what they hold are marked.

use custory_domain::draft::Locator;

use crate::doc::{Mark, RawBlock, Shape};
use crate::words::squeeze;

/// Rows read of one table; the first ones tell what it is about.
const ROWS_MAX: usize = 2_000;

/// Reads a table.
pub(super) fn read(text: &str, is_tabbed: bool) -> Result<Vec<RawBlock>, String> {
    let first = text.lines().next().unwrap_or_default();
    let delimiter = if is_tabbed || first.matches('\t').count() > 1 {
        b'\t'
    } else if first.matches(';').count() > first.matches(',').count() {
        b';'
    } else {
        b','
    };
    let mut table = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut marks: Vec<Option<Mark>> = Vec::new();
    let mut blocks = Vec::new();
    for (at, record) in table.records().take(ROWS_MAX).enumerate() {
        let Ok(record) = record else { continue };
        if at == 0 {
            marks = record.iter().map(mark_of).collect();
        }
        let line = record.position().map_or(1, csv::Position::line);
        let line = u32::try_from(line).unwrap_or(u32::MAX);
        let mut row = RawBlock::new(Shape::Row, "", Locator::Lines(line, line));
        for (column, cell) in record.iter().enumerate() {
            if column > 0 {
                row.text.push_str(" | ");
            }
            let start = row.text.len();
            row.text.push_str(&squeeze(cell));
            if at > 0
                && let Some(mark) = marks.get(column).copied().flatten()
                && row.text.len() > start
            {
                row.marks.push((mark, start..row.text.len()));
            }
        }
        blocks.push(row);
    }
    if blocks.is_empty() { Err("it has no rows".to_owned()) } else { Ok(blocks) }
}

fn mark_of(heading: &str) -> Option<Mark> {
    let heading = heading.to_lowercase();
    let has = |words: &[&str]| {
        words.iter().any(|it| heading.split(|c: char| !c.is_alphanumeric()).any(|word| word == *it))
    };
    if has(&["step", "action", "task", "activity"]) {
        Some(Mark::Step)
    } else if has(&["pain", "problem", "issue", "complaint", "friction", "bug", "blocker"]) {
        Some(Mark::Problem)
    } else if has(&["question", "questions"]) {
        Some(Mark::Question)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn telling_columns_are_marked() {
        let rows = read("Stage;Step;Pain points\nJoin;Create an account;\"No mail; twice\"\n", false)
            .expect("a table");
        assert_eq!(rows[1].text, "Join | Create an account | No mail; twice");
        let marked: Vec<_> =
            rows[1].marks.iter().map(|(mark, span)| (*mark, &rows[1].text[span.clone()])).collect();
        assert_eq!(marked, [(Mark::Step, "Create an account"), (Mark::Problem, "No mail; twice")]);
        assert_eq!(rows[1].place, Locator::Lines(2, 2));
    }
}
