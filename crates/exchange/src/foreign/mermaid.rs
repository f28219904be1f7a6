//! Mermaid `journey` diagrams ([their syntax](https://mermaid.js.org/syntax/userJourney.html)): sections are stages,
//! tasks are steps, scores from 1 to 5 are how they feel.

use std::collections::BTreeSet;

use custory_domain::StepId;
use ulid::Ulid;

use super::build::{Builder, clip};
use crate::import::{ImportError, Imported};
use crate::mermaid::NOT_KNOWN;

/// Mermaid's scale is 1 to 5.
const MIDDLE: f64 = 3.0;

/// The diagram in a text: all of it, or the first one in a fence of a document.
pub(super) fn inside(text: &str) -> Option<&str> {
    if is_diagram(text) {
        return Some(text);
    }
    let mut rest = text;
    while let Some(at) = rest.find("```mermaid") {
        let body = &rest[at + "```mermaid".len()..];
        let end = body.find("```").unwrap_or(body.len());
        if is_diagram(&body[..end]) {
            return Some(&body[..end]);
        }
        rest = &body[end..];
    }
    None
}

fn is_diagram(text: &str) -> bool {
    lines(text).next().is_some_and(|(_, it)| it == "journey")
}

/// Lines that say something, with their numbers: without comments and settings.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut is_settings = false;
    text.lines().enumerate().map(|(at, line)| (at + 1, line.trim())).filter(move |(at, line)| {
        if *line == "---" && (*at == 1 || is_settings) {
            is_settings = !is_settings;
            return false;
        }
        !is_settings && !line.is_empty() && (!line.starts_with("%%") || *line == NOT_KNOWN)
    })
}

/// Reads a diagram.
pub(super) fn read(text: &str, title: &str, mint: &mut dyn FnMut() -> Ulid) -> Result<Imported, ImportError> {
    let mut lines = lines(text);
    if lines.next().is_none_or(|it| it.1 != "journey") {
        return Err(ImportError::NotMermaid);
    }
    let mut builder = Builder::new(title, mint);
    let mut actors = BTreeSet::new();
    let mut is_unknown = false;
    for (line, words) in lines {
        builder.line = line;
        let (first, rest) = words.split_once(char::is_whitespace).unwrap_or((words, ""));
        match first {
            "title" => builder.journey.title = clip(rest.trim(), 120),
            "section" => drop(builder.stage(rest)),
            "accTitle:" | "accDescr:" | "accTitle" | "accDescr" => {
                builder.lose_here("a description for screen readers was left out.");
            }
            _ if words == NOT_KNOWN => {
                is_unknown = true;
                continue;
            }
            _ => task(&mut builder, words, is_unknown, &mut actors),
        }
        is_unknown = false;
    }
    builder.line = 0;
    // A diagram that names nobody in particular says nothing about people.
    actors.remove("Customer");
    if !actors.is_empty() {
        let names: Vec<_> = actors.iter().map(|it| clip(it, 40)).collect();
        builder.lose(format!("Who does what was left out: {}. Personas say it here.", names.join(", ")));
    }
    builder.finish()
}

/// A task: `name: score: actor, actor`.
fn task(builder: &mut Builder<'_>, words: &str, is_unknown: bool, actors: &mut BTreeSet<String>) {
    let mut parts = words.split(':').map(str::trim);
    let name = parts.next().unwrap_or_default();
    let score = parts.next().unwrap_or_default();
    let stage = builder.last_stage();
    let step: StepId = builder.step(stage, name);
    match score.parse::<f64>() {
        Ok(score) if (1.0..=5.0).contains(&score) => {
            let emotion = (score - MIDDLE).round() as i8;
            builder.change_step(step, |it| it.emotion = (!is_unknown).then_some(emotion));
        }
        _ if score.is_empty() => {}
        _ => builder.lose_here(&format!("“{}” is no score from 1 to 5.", clip(score, 40))),
    }
    let named = parts.flat_map(|it| it.split(',')).map(str::trim).filter(|it| !it.is_empty());
    actors.extend(named.map(str::to_owned));
}
