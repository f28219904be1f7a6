//! The document: the journey, then its stages and steps in the customer's order.

use std::collections::{BTreeMap, BTreeSet};

use custory_domain::board::BoardIndex;
use custory_domain::{Board, EntityRef, ItemKind, Journey, JourneyState, Stage, Step};

use super::beside::Beside;
use super::item::{decisions, evidence, item, thread};
use super::people::{name, personas};
use super::text::{block, line};
use crate::facts::{branches, cells};

/// Writes a journey as Markdown. Names of people come from `workspace`.
pub fn to_markdown(board: &Board, workspace: &Board) -> String {
    illustrated(board, workspace, &|_| None)
}

/// The same with pictures, where `picture` says where one is to be found.
pub(crate) fn illustrated(
    board: &Board,
    workspace: &Board,
    picture: &dyn Fn(&str) -> Option<String>,
) -> String {
    let Some(journey) = board.journey() else { return String::new() };
    let mut out = format!("# {}\n\n", line(&journey.title));
    front(&mut out, journey, workspace);
    personas(&mut out, board, workspace);
    let (index, beside) = (BoardIndex::of(board), Beside::of(board, workspace, picture));
    decisions(&mut out, &beside, journey.id.into());
    let mut number = 0;
    for stage in board.stages_in_order() {
        stage_head(&mut out, stage);
        decisions(&mut out, &beside, stage.id.into());
        for step in board.steps_of(stage.id) {
            number += 1;
            step_alone(&mut out, &beside, number, step);
            items(&mut out, &beside, &|kind| index.cell(step.id, kind).to_vec());
        }
    }
    ended(out)
}

/// Writes parts of a journey as Markdown: a step with all that is on it, an item under the step that it is on, each
/// once; a stage with all its steps.
pub fn these_to_markdown(board: &Board, workspace: &Board, these: &[EntityRef]) -> String {
    let (index, beside) = (BoardIndex::of(board), Beside::of(board, workspace, &|_| None));
    let is_wanted = |it: EntityRef| these.contains(&it);
    let mut written = BTreeSet::new();
    let (mut out, mut number) = (String::new(), 0);
    for stage in board.stages_in_order() {
        let is_whole = is_wanted(stage.id.into());
        if is_whole {
            stage_head(&mut out, stage);
            decisions(&mut out, &beside, stage.id.into());
        }
        for step in board.steps_of(stage.id) {
            number += 1;
            let is_here = is_whole || is_wanted(step.id.into());
            let mut wanted = |kind| -> Vec<EntityRef> {
                let cell = index.cell(step.id, kind).iter().copied();
                cell.filter(|it| is_here || is_wanted(*it) && written.insert(*it)).collect()
            };
            let on_it: BTreeMap<ItemKind, Vec<EntityRef>> =
                ItemKind::ALL.iter().map(|kind| (*kind, wanted(*kind))).collect();
            if is_here {
                step_alone(&mut out, &beside, number, step);
            } else if on_it.values().any(|it| !it.is_empty()) {
                out.push_str(&format!("### {number}. {}\n\n", line(&step.title)));
            }
            items(&mut out, &beside, &|kind| on_it[&kind].clone());
        }
    }
    if out.is_empty() { out } else { ended(out) }
}

/// A step without what is placed on it.
fn step_alone(out: &mut String, beside: &Beside<'_>, number: usize, step: &Step) {
    step_head(out, number, step, beside.workspace);
    out.push_str(&ways_on(beside.board, step));
    for (found, stance) in beside.evidence(step.id.into()) {
        evidence(out, "", found, *stance);
    }
    decisions(out, beside, step.id.into());
    thread(out, beside, step.id.into());
}

/// Items by kind, those that there are.
fn items(out: &mut String, beside: &Beside<'_>, of: &dyn Fn(ItemKind) -> Vec<EntityRef>) {
    for kind in ItemKind::ALL {
        let these = of(*kind);
        if !these.is_empty() {
            out.push_str(&format!("#### {}\n\n", kind.spec().plural));
            these.iter().for_each(|it| item(out, beside, *it));
        }
    }
}

fn ended(mut out: String) -> String {
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

fn front(out: &mut String, journey: &Journey, workspace: &Board) {
    out.push_str(&paragraph(&journey.scenario));
    let mut facts = vec![match journey.state {
        JourneyState::AsIs => "As it is today".to_owned(),
        JourneyState::ToBe => "As it should be".to_owned(),
    }];
    if !journey.scope_from.is_empty() || !journey.scope_to.is_empty() {
        facts.push(format!("from {} to {}", line(&journey.scope_from), line(&journey.scope_to)));
    }
    if let Some(owner) = name(workspace, journey.owner) {
        facts.push(format!("owner {owner}"));
    }
    out.push_str(&format!("{}.\n\n", facts.join(", ")));
    if !journey.expectation.is_empty() {
        out.push_str(&format!("What the customer expects: {}\n\n", line(&journey.expectation)));
    }
}

fn stage_head(out: &mut String, stage: &Stage) {
    out.push_str(&format!("## {}\n\n", line(&stage.title)));
    out.push_str(&paragraph(&stage.goal));
}

fn step_head(out: &mut String, number: usize, step: &Step, workspace: &Board) {
    out.push_str(&format!("### {number}. {}\n\n", line(&step.title)));
    out.push_str(&paragraph(&step.action));
    let mut facts = Vec::new();
    if let Some(owner) = name(workspace, step.owner) {
        facts.push(format!("Owner {owner}"));
    }
    if let Some(target) = step.target_conversion {
        facts.push(format!("{}% of those at the step before should get here", (target * 100.0).round()));
    }
    for (is_true, words) in [
        (step.is_value_moment, "here customers first get what they came for"),
        (step.is_moment_of_truth, "here customers decide to stay or go"),
        (step.is_optional, "can be left out"),
    ] {
        if is_true {
            facts.push(words.to_owned());
        }
    }
    if !facts.is_empty() {
        out.push_str(&format!("{}.\n\n", facts.join("; ")));
    }
    if !step.thought.is_empty() {
        out.push_str(&format!("The customer thinks: {}\n\n", line(&step.thought)));
    }
}

/// How a line about a branch begins.
pub(crate) const BRANCH: &str = "Some go on to";

/// Where some go from a step instead of to the next one, what happens on lanes of words, and that it has a journey of
/// its own.
fn ways_on(board: &Board, step: &Step) -> String {
    let mut out = String::new();
    for way in branches(board, step) {
        out.push_str(&format!("- {BRANCH} {}\n", line(&way)));
    }
    if !out.is_empty() {
        out.push('\n');
    }
    for (lane, words) in cells(board, step) {
        out.push_str(&format!("{}: {}\n\n", line(&lane), line(&words)));
    }
    if step.detail.is_some() {
        out.push_str("Shown in detail by a journey of its own.\n\n");
    }
    out
}

fn paragraph(text: &str) -> String {
    let text = block(text, "");
    if text.is_empty() { text } else { format!("{}\n\n", text.trim_end()) }
}
