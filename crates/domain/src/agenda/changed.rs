//! What was changed in a while, thing by thing: many changes of one thing are one line, with everybody who made them.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::Places;
use crate::board::Board;
use crate::entity::EntityKind;
use crate::id::{EntityRef, MemberId, StepId};
use crate::time::{Timestamp, Via};

/// What became of an entity by a change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// It has other values.
    #[default]
    Changed,
    /// It was added, or taken out of the trash.
    Added,
    /// It was put into the trash, or its adding was taken back.
    Removed,
}

/// What a change left on one thing, as the history tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// Which thing.
    pub about: EntityRef,
    /// What became of it.
    pub how: How,
    /// Names of the fields that were written.
    pub fields: BTreeSet<String>,
    /// When.
    pub at: Timestamp,
    /// Who answers for it, if known.
    pub by: Option<MemberId>,
    /// Through what.
    pub via: Via,
}

/// Somebody who changed a thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Maker {
    /// Who answers for it, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<MemberId>,
    /// Through what.
    pub via: Via,
    /// When last.
    pub at: Timestamp,
}

/// A thing that is otherwise than it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    /// Which thing.
    pub about: EntityRef,
    /// What it is called now.
    pub title: String,
    /// The first step, as shown, that it is on; none for what belongs to the journey as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<StepId>,
    /// What became of it, all changes together.
    pub how: How,
    /// What about it was changed, in words; empty for what is new or gone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<String>,
    /// Who changed it and through what, each once, the last one first.
    pub makers: Vec<Maker>,
    /// When last.
    pub at: Timestamp,
}

impl Changed {
    /// It as a line of a list.
    pub(super) fn line(&self) -> String {
        let verb = match self.how {
            How::Added => "New",
            How::Changed => "Changed",
            How::Removed => "Deleted",
        };
        format!("{verb} {}: {}", self.about.kind.word(), self.title)
    }
}

/// Kinds that are listed as changes. Evidence and verdicts have lists of their own, and a review is no news to itself.
pub(super) const fn is_listed(kind: EntityKind) -> bool {
    match kind {
        EntityKind::Journey
        | EntityKind::Stage
        | EntityKind::Step
        | EntityKind::Touchpoint
        | EntityKind::Insight
        | EntityKind::Opportunity
        | EntityKind::Solution
        | EntityKind::Metric
        | EntityKind::DeliveryLink
        | EntityKind::Comment
        | EntityKind::Decision => true,
        EntityKind::Workspace
        | EntityKind::Member
        | EntityKind::Persona
        | EntityKind::Evidence
        | EntityKind::Verdict
        | EntityKind::Review
        | EntityKind::SharedView => false,
    }
}

/// A field in a word; `None` for what is no change to anybody: that somebody looked at a step, when a tracker was
/// asked.
fn word(field: &str) -> Option<String> {
    let word = match field {
        "last_reviewed" | "last_synced" | "versions" | "is_archived" | "is_sample" => return None,
        "order" | "stage" | "steps" => "place",
        "points" => "values",
        "external_id" | "url" | "provider_status" => "status",
        "opportunities" | "insights" | "assumptions" => "links",
        "cells" => "words on lanes",
        "detail" => "journey that shows it in detail",
        "review_every_days" => "days between reviews",
        other => return Some(other.trim_start_matches("is_").replace('_', " ")),
    };
    Some(word.to_owned())
}

/// What differs by these changes, in the order of the map. What came and went again is not among it.
pub(super) fn changed(board: &Board, traces: &[&Trace], places: &Places<'_>) -> Vec<Changed> {
    let mut by_thing: BTreeMap<EntityRef, Vec<&Trace>> = BTreeMap::new();
    for trace in traces {
        by_thing.entry(trace.about).or_default().push(trace);
    }
    let mut changed: Vec<Changed> =
        by_thing.into_iter().filter_map(|(about, traces)| together(board, about, traces, places)).collect();
    let stages: Vec<EntityRef> = board.stages_in_order().into_iter().map(|it| it.id.into()).collect();
    // The journey, its stages in their order, then the rest; on a step first the step itself, then the newest.
    let within = |about: EntityRef| match about.kind {
        EntityKind::Journey | EntityKind::Step => (0, None),
        EntityKind::Stage => (1, stages.iter().position(|it| *it == about)),
        _ => (2, None),
    };
    changed.sort_by_key(|it| (places.rank(it.step), within(it.about), std::cmp::Reverse(it.at), it.about));
    changed
}

fn together(
    board: &Board,
    about: EntityRef,
    mut traces: Vec<&Trace>,
    places: &Places<'_>,
) -> Option<Changed> {
    traces.sort_by_key(|it| it.at);
    let entity = board.get(about)?;
    let was_there = traces.first()?.how != How::Added;
    let how = match (was_there, entity.trashed().is_none()) {
        (false, true) => How::Added,
        (true, true) => How::Changed,
        (true, false) => How::Removed,
        (false, false) => return None,
    };
    let fields: BTreeSet<String> =
        traces.iter().flat_map(|it| &it.fields).filter_map(|it| word(it)).collect();
    if how == How::Changed && fields.is_empty() {
        return None;
    }
    let counts = |it: &&&Trace| {
        how != How::Changed || it.how == How::Changed && it.fields.iter().any(|field| word(field).is_some())
    };
    let mut makers: Vec<Maker> = Vec::new();
    for trace in traces.iter().rev().filter(counts) {
        if !makers.iter().any(|it| (it.by, it.via) == (trace.by, trace.via)) {
            makers.push(Maker { by: trace.by, via: trace.via, at: trace.at });
        }
    }
    let at = makers.first()?.at;
    Some(Changed {
        about,
        title: entity.title().to_owned(),
        step: if how == How::Removed && about.kind == EntityKind::Step {
            None
        } else {
            places.step_of(about)
        },
        how,
        fields: if how == How::Changed { fields.into_iter().collect() } else { Vec::new() },
        makers,
        at,
    })
}
