//! A second reading against the map that grew from the first: what is known, what is new, what
//! the material no longer says.

use std::collections::{BTreeMap, BTreeSet};

use super::{Draft, DraftKey, DraftStep};
use crate::board::Board;
use crate::entity::Evidence;
use crate::id::{EntityRef, EvidenceId, StepId};

/// How a draft differs from a map.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Comparison {
    /// Drafted steps that are on the map, whatever people call them by now.
    pub known: BTreeMap<DraftKey, StepId>,
    /// Evidence whose source was read again and no longer has its words.
    pub gone: Vec<EvidenceId>,
}

/// Compares a draft with a map.
///
/// A drafted step is known when a step on the map cites one of the same passages, or has the same
/// title. Each step on the map is known once. `text_of` gives a source's text by its index.
pub fn compare<'a>(board: &Board, draft: &Draft, text_of: impl Fn(usize) -> Option<&'a str>) -> Comparison {
    let mut passages: BTreeMap<(&str, &str), StepId> = BTreeMap::new();
    for evidence in board.evidence.values() {
        for step in steps_of(evidence) {
            passages.insert((&evidence.locator, &evidence.excerpt), step);
        }
    }
    let titles: BTreeMap<String, StepId> =
        board.steps_in_order().iter().map(|it| (it.title.to_lowercase(), it.id)).collect();
    let mut taken = BTreeSet::new();
    let mut known = BTreeMap::new();
    for step in draft.steps() {
        let by_passage = || cited(draft, step).find_map(|it| passages.get(&it).copied());
        let found = titles.get(&step.title.to_lowercase()).copied().or_else(by_passage);
        if let Some(found) = found.filter(|it| board.steps.contains_key(it) && taken.insert(*it)) {
            known.insert(step.key.clone(), found);
        }
    }
    Comparison { known, gone: gone(board, draft, text_of) }
}

fn steps_of(evidence: &Evidence) -> impl Iterator<Item = StepId> + '_ {
    let of_step = |it: &&EntityRef| it.kind == crate::EntityKind::Step;
    evidence.claims.keys().filter(of_step).map(|it| it.id.into())
}

fn cited<'a>(draft: &'a Draft, step: &'a DraftStep) -> impl Iterator<Item = (&'a str, &'a str)> {
    step.cites.iter().filter_map(|cite| {
        let source = draft.sources.get(cite.source)?;
        Some((source.locator.as_str(), cite.quote.as_str()))
    })
}

fn gone<'a>(board: &Board, draft: &Draft, text_of: impl Fn(usize) -> Option<&'a str>) -> Vec<EvidenceId> {
    let read: BTreeMap<&str, &str> = (draft.sources.iter().enumerate())
        .filter(|(_, it)| it.skipped.is_empty())
        .filter_map(|(at, it)| text_of(at).map(|text| (it.locator.as_str(), text)))
        .collect();
    let is_gone = |it: &&Evidence| {
        it.trashed.is_none()
            && !it.source_hash.is_empty()
            && read.get(it.locator.as_str()).is_some_and(|text| !text.contains(&it.excerpt))
    };
    board.evidence.values().filter(is_gone).map(|it| it.id).collect()
}
