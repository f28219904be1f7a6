//! What a signal may be about: the steps whose words, items and evidence share its telling words.
//!
//! The full-text index finds what shares a word; the more of them and the rarer they are, the higher it
//! ranks. What was found counts for the steps that it stands on: the best of it whole, the rest less. How
//! sure that is follows from the number of shared words, never from the rank, which has no scale.

use std::collections::{BTreeMap, BTreeSet};

use custory_domain::{Board, EntityKind, EntityRef, InsightId, JourneyId, StepId};
use custory_ipc::{StepMatch, Strength};
use custory_signals::{Stem, stems};

use crate::failure::Fault;
use crate::inbox::Core;

/// Entities that are looked at for one signal.
const FOUND_MAX: usize = 60;
/// Matches that are shown.
const MATCHES_MAX: usize = 3;
/// How much all but the best that was found on a step count.
const REST_WEIGHT: f64 = 0.3;
/// How far ahead of the next step a strong match is.
const AHEAD: f64 = 1.25;

/// What is found on a step.
#[derive(Default)]
struct OnStep {
    best: f64,
    sum: f64,
    words: BTreeSet<String>,
    through: (usize, String),
    insight: Option<(usize, InsightId, String)>,
}

impl OnStep {
    fn score(&self) -> f64 {
        self.best + REST_WEIGHT * (self.sum - self.best)
    }
}

impl Core {
    /// Boards of all journeys that signals may be about.
    pub(crate) fn boards_to_match(&self) -> Result<BTreeMap<JourneyId, Board>, Fault> {
        let journeys = self.summaries()?.into_iter().filter(|it| !it.is_archived);
        journeys.map(|it| Ok((it.id, self.board(it.id.ulid())?))).collect()
    }

    /// Steps that a text may be about, the best first.
    pub(crate) fn matches(
        &self,
        text: &str,
        boards: &BTreeMap<JourneyId, Board>,
    ) -> Result<Vec<StepMatch>, Fault> {
        let stems = stems(text);
        let begins: Vec<&str> = stems.iter().map(|it| it.begins.as_str()).collect();
        let mut steps: BTreeMap<(JourneyId, StepId), OnStep> = BTreeMap::new();
        for (found, rank) in self.store.alike(&begins, FOUND_MAX)? {
            let Some(board) = boards.get(&found.journey) else { continue };
            let Some(told) = told(board, found.entity) else { continue };
            let shared = shared(&stems, &told);
            for step in steps_of(board, found.entity) {
                let on = steps.entry((found.journey, step)).or_default();
                on.best = on.best.max(rank);
                on.sum += rank;
                on.words.extend(shared.iter().cloned());
                if shared.len() > on.through.0 {
                    on.through = (
                        shared.len(),
                        board.get(found.entity).map_or(String::new(), |it| it.title().to_owned()),
                    );
                }
                for (insight, statement) in insights_behind(board, found.entity) {
                    if on.insight.as_ref().is_none_or(|it| it.0 < shared.len()) {
                        on.insight = Some((shared.len(), insight, statement));
                    }
                }
            }
        }
        let mut ranked: Vec<_> = steps.into_iter().filter(|(_, it)| !it.words.is_empty()).collect();
        ranked.sort_by(|(a_id, a), (b_id, b)| b.score().total_cmp(&a.score()).then(a_id.cmp(b_id)));
        let next = ranked.get(1).map_or(0.0, |(_, it)| it.score());
        let shown = ranked.into_iter().take(MATCHES_MAX).enumerate();
        Ok(shown.filter_map(|(at, (id, on))| step_match(boards, id, on, at == 0, next)).collect())
    }
}

fn step_match(
    boards: &BTreeMap<JourneyId, Board>,
    (journey, step): (JourneyId, StepId),
    on: OnStep,
    is_first: bool,
    next: f64,
) -> Option<StepMatch> {
    let board = boards.get(&journey)?;
    let found = board.steps.get(&step)?;
    let strength = match on.words.len() {
        3.. if is_first && on.score() >= next * AHEAD => Strength::Strong,
        2.. => Strength::Some,
        _ => Strength::Weak,
    };
    Some(StepMatch {
        journey,
        journey_title: board.journey()?.title.clone(),
        step,
        step_title: found.title.clone(),
        stage: board.stages_in_order().iter().position(|it| Some(it.id) == found.stage)?,
        strength,
        words: on.words.into_iter().collect(),
        through: on.through.1,
        insight: on.insight.filter(|it| it.0 >= 2).map(|it| (it.1, it.2)),
    })
}

/// The words of an entity that the index knows, as far as they name what it is about.
fn told(board: &Board, entity: EntityRef) -> Option<String> {
    let titles = match board.get(entity)? {
        custory_domain::Entity::Step(it) => format!("{} {}", it.title, it.action),
        custory_domain::Entity::Evidence(it) => it.excerpt,
        other => other.title().to_owned(),
    };
    Some(titles.to_lowercase())
}

fn shared(stems: &[Stem], told: &str) -> BTreeSet<String> {
    let words: Vec<&str> = told.split(|it: char| !it.is_alphanumeric()).collect();
    let is_there = |it: &&Stem| words.iter().any(|word| word.starts_with(&it.begins));
    stems.iter().filter(is_there).map(|it| it.word.clone()).collect()
}

/// The steps that an entity stands on, or that what it speaks about stands on.
fn steps_of(board: &Board, entity: EntityRef) -> BTreeSet<StepId> {
    let of = |it: EntityRef| match it.kind {
        EntityKind::Step => [it.id.into()].into(),
        _ => board.item(it).map(|it| it.steps.clone()).unwrap_or_default(),
    };
    match board.evidence.get(&entity.id.into()).filter(|_| entity.kind == EntityKind::Evidence) {
        Some(evidence) => evidence.claims.keys().flat_map(|it| of(*it)).collect(),
        None => of(entity),
    }
}

fn insights_behind(board: &Board, entity: EntityRef) -> Vec<(InsightId, String)> {
    let ids: Vec<InsightId> = match entity.kind {
        EntityKind::Insight => vec![entity.id.into()],
        EntityKind::Evidence => {
            let claims = board.evidence.get(&entity.id.into()).map(|it| it.claims.keys().copied());
            let insights = claims.into_iter().flatten().filter(|it| it.kind == EntityKind::Insight);
            insights.map(|it| it.id.into()).collect()
        }
        _ => Vec::new(),
    };
    let known = ids.into_iter().filter_map(|id| board.insights.get(&id).filter(|it| it.trashed.is_none()));
    known.map(|it| (it.id, it.statement.clone())).collect()
}
