//! A journey as a Mermaid `journey` diagram, for a README or a wiki
//! ([its syntax](https://mermaid.js.org/syntax/userJourney.html)).

use std::collections::BTreeMap;

use custory_domain::board::BoardIndex;
use custory_domain::score::Scores;
use custory_domain::{Board, StepId, Timestamp};

use crate::facts::branches;

/// The line before a task of which nothing is known.
pub(crate) const NOT_KNOWN: &str = "%% How this feels is not known";

/// The line before a task from which some go elsewhere: Mermaid's diagram has no place for that.
const SOME_GO: &str = "%% From here some go to";

/// Mermaid's scale is 1 to 5.
const MIDDLE: f64 = 3.0;

/// Writes a journey as a Mermaid diagram: sections are stages, tasks are steps, scores are how steps feel, actors
/// are the journey's personas.
///
/// Mermaid demands a score of every task. A step of which nothing is known gets the middle one, and a comment that
/// says so.
pub fn to_mermaid(board: &Board, workspace: &Board, now: Timestamp) -> String {
    let Some(journey) = board.journey() else { return String::new() };
    let scores = Scores::of(board, &BoardIndex::of(board), now);
    let feeling: BTreeMap<StepId, f64> =
        scores.sentiment.iter().filter_map(|it| Some((it.step, it.value?))).collect();
    let personas = journey.personas.iter().filter_map(|it| workspace.personas.get(it));
    let actors: Vec<String> = personas.map(|it| plain(&it.name)).filter(|it| !it.is_empty()).collect();
    let actors = if actors.is_empty() { "Customer".to_owned() } else { actors.join(", ") };
    let mut out = format!("journey\n    title {}\n", plain(&journey.title));
    for stage in board.stages_in_order() {
        out.push_str(&format!("    section {}\n", plain(&stage.title)));
        for step in board.steps_of(stage.id) {
            let value = feeling.get(&step.id);
            if value.is_none() {
                out.push_str(&format!("      {NOT_KNOWN}\n"));
            }
            for way in branches(board, step) {
                out.push_str(&format!("      {SOME_GO} {}\n", plain(&way)));
            }
            let score = value.map_or(MIDDLE, |it| (MIDDLE + 2.0 * it).round());
            out.push_str(&format!("      {}: {score}: {actors}\n", plain(&step.title)));
        }
    }
    out
}

/// A text on one line without the characters that end a name in Mermaid; never empty.
fn plain(text: &str) -> String {
    let text: String = text
        .chars()
        .map(|it| match it {
            ':' | ';' | ',' | '#' | '%' => ' ',
            other if other.is_control() => ' ',
            other => other,
        })
        .collect();
    let words: Vec<&str> = text.split_whitespace().collect();
    if words.is_empty() { "Untitled".to_owned() } else { words.join(" ") }
}
