//! What a kind of file has no place for, a sentence each: said after writing it, so that nobody takes it for everything.

use custory_domain::{Board, ItemKind};

/// What a Mermaid diagram does not show of a journey.
pub fn of_mermaid(board: &Board) -> Vec<String> {
    let items: usize = ItemKind::ALL.iter().map(|kind| shown(board, *kind)).sum();
    let steps = board.steps_in_order();
    let branches: usize = steps.iter().map(|it| board.branches_of(it).len()).sum();
    let details = steps.iter().filter(|it| it.detail.is_some()).count();
    sentences([
        (items, "item", "Mermaid draws stages and steps alone"),
        (branches, "branch", "Mermaid draws one way; they stand as comments"),
        (
            steps.iter().map(|it| it.cells.len()).sum(),
            "cell of words",
            "Mermaid draws stages and steps alone",
        ),
        (details, "journey of a step’s own", "a diagram shows one journey"),
        (
            board.decisions.values().filter(|it| it.trashed.is_none()).count(),
            "decision",
            "there is no place for them",
        ),
    ])
}

/// What a table does not show of a journey.
pub fn of_table(board: &Board) -> Vec<String> {
    let quotes = board.evidence.values().filter(|it| it.trashed.is_none()).count();
    sentences([
        (quotes, "piece of evidence", "a table counts them; their words are in Markdown and HTML"),
        (
            board.comments.values().filter(|it| it.trashed.is_none()).count(),
            "comment",
            "there is no column for them",
        ),
        (
            board.decisions.values().filter(|it| it.trashed.is_none()).count(),
            "decision",
            "there is no column for them",
        ),
        (crate::pictures_of(board).len(), "picture", "a table holds words"),
    ])
}

/// What a document of text alone does not show.
pub fn of_text(board: &Board) -> Vec<String> {
    sentences([(crate::pictures_of(board).len(), "picture", "text has none; the folder and the web page do")])
}

fn shown(board: &Board, kind: ItemKind) -> usize {
    board.items(kind).iter().filter(|it| it.trashed.is_none()).count()
}

fn sentences<const N: usize>(counts: [(usize, &str, &str); N]) -> Vec<String> {
    let some = counts.into_iter().filter(|it| it.0 > 0);
    some.map(|(count, thing, why)| format!("{count} {}: {why}", several(count, thing))).collect()
}

fn several(count: usize, thing: &str) -> String {
    match thing {
        one if count == 1 => one.to_owned(),
        "branch" => "branches".to_owned(),
        "piece of evidence" => "pieces of evidence".to_owned(),
        "cell of words" => "cells of words".to_owned(),
        "journey of a step’s own" => "journeys of steps’ own".to_owned(),
        other => format!("{other}s"),
    }
}
