//! Everything computed about a journey in one pass: what the map, the step panel and the lists show
//! beside what people wrote.
//!
//! Nothing here is stored: the same board at the same time gives the same scores on every device.
//!
//! Work: with E items of evidence that speak about C claims in all, S steps, I items and P points in
//! the windows looked at, about (C + E) · log E + I · log I + P. Nothing is compared pair by pair.
//! A shipped mean or duration without a final verdict adds two thousand redraws of its points.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::claim::{ClaimScore, evidence_behind, stands};
use super::confidence::confidence;
use super::evidence::said_at;
use super::freshness::{Freshness, FreshnessState, Shipment, freshness, review_days};
use super::funnel::{Funnel, FunnelStep, funnel};
use super::health::{Health, HealthInputs, VERDICT_DUE_DAYS, health};
use super::opportunity::{self, OpportunityScore, is_open};
use super::priority::{PriorityFormula, Ranking, rank};
use super::results::{results, settled, shipped_at};
use super::sentiment::{SentimentPoint, sentiment};
use super::verdict::Judgement;
use super::window::gives_numbers;
use crate::board::{Board, BoardIndex};
use crate::entity::*;
use crate::id::*;
use crate::kind::ItemKind;
use crate::patch::Patch;
use crate::time::{Stamp, Timestamp};

/// Everything computed about a journey.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scores {
    /// As of when.
    pub at: Timestamp,
    /// How many come to each step.
    pub funnel: Funnel,
    /// How each step feels.
    pub sentiment: Vec<SentimentPoint>,
    /// By step, for steps that are shown.
    pub steps: BTreeMap<StepId, StepScore>,
    /// By insight, for insights on steps that are shown.
    pub insights: BTreeMap<InsightId, ClaimScore>,
    /// By opportunity, for opportunities on steps that are shown.
    pub opportunities: BTreeMap<OpportunityId, OpportunityScore>,
    /// Open opportunities, by the formula that fits them.
    pub ranking: Ranking,
    /// Shipped solutions without a final verdict that have a metric to move.
    pub results: BTreeMap<SolutionId, Judgement>,
    /// Whether the journey can be worked with.
    pub health: Health,
}

/// What is computed about one step, beside its place in funnel and curve.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StepScore {
    /// Whether it can still be believed.
    pub freshness: Freshness,
    /// Evidence on it or on anything placed on it, each item once.
    pub evidence: usize,
    /// Friction, drawn as one marker: pains on it that are not resolved, or a drop-off.
    pub friction: Option<Friction>,
}

/// What is in the customer's way at a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Friction {
    /// Pains that are not resolved.
    pub pains: usize,
    /// Worst severity among them, 1 to 5.
    pub severity: Option<u8>,
    /// Whether too few get to the step, or fewer than before.
    pub is_measured: bool,
}

impl Scores {
    /// Computes everything about the journey on `board`. `index` is that board's own.
    pub fn of(board: &Board, index: &BoardIndex, now: Timestamp) -> Self {
        let steps = board.steps_in_order();
        let funnel = funnel(board, index, &steps, now.date());
        let reader = Reader { board, index, now, shown: steps.iter().map(|it| it.id).collect() };
        let insights = reader.insights(&funnel);
        let visible = board.opportunities.values().filter(|it| reader.shows(it.trashed.is_some(), &it.steps));
        let opportunities = opportunity::score(board, index, &funnel, visible, now);
        let ranking = ranking(board, &opportunities);
        let step_scores = reader.steps(&steps, &funnel);
        let settled = settled(board);
        let health = reader.health(&steps, &funnel, &step_scores, &insights, &opportunities, &settled);
        Self {
            at: now,
            sentiment: sentiment(board, index, &steps, now),
            results: results(board, index, &settled, now),
            funnel,
            steps: step_scores,
            insights,
            opportunities,
            ranking,
            health,
        }
    }

    /// Whether a patch to `before` can change any score. Most edits do not: new words for the same thing, a
    /// comment. Time changes scores too; that is for whoever asks to know.
    pub fn depend_on(before: &Board, patch: &Patch) -> bool {
        let counts = |now: &Entity| match before.get(now.entity_ref()) {
            Some(was) => counted(was) != counted(now.clone()),
            None => !matches!(
                now,
                Entity::Comment(_) | Entity::Review(_) | Entity::Decision(_) | Entity::SharedView(_)
            ),
        };
        !patch.removed.is_empty() || patch.put.iter().any(counts)
    }

    /// Takes over impact and effort that a patch set, and ranks anew, where computing everything would take too long
    /// for whoever moves them: see [`OpportunityScore::take`]. `board` is as the patch left it.
    pub fn take_weights(&mut self, board: &Board, patch: &Patch) {
        let mut is_moved = false;
        for entity in &patch.put {
            let Entity::Opportunity(it) = entity else { continue };
            if let Some(score) = self.opportunities.get_mut(&it.id) {
                score.take(it);
                is_moved = true;
            }
        }
        if is_moved {
            self.ranking = ranking(board, &self.opportunities);
        }
    }

    /// Steps where something is in the customer's way, the worst first: where most are lost counts most, then that too
    /// few come through, how bad the worst pain is, and how many pains there are.
    pub fn friction_first(&self) -> Vec<StepId> {
        const LEAK: u32 = 30;
        const DROP: u32 = 20;
        const SEVERITY: u32 = 10;
        const PAINS_MAX: usize = 50;
        let weight = |it: &FunnelStep| {
            let friction = self.steps.get(&it.step)?.friction?;
            let leak = if it.is_largest_leak { LEAK } else { 0 };
            let drop = if friction.is_measured { DROP } else { 0 };
            let pains = friction.pains.min(PAINS_MAX) as u32;
            Some(leak + drop + SEVERITY * u32::from(friction.severity.unwrap_or(1)) + pains)
        };
        let mut steps: Vec<(u32, StepId)> =
            self.funnel.steps.iter().filter_map(|it| Some((weight(it)?, it.step))).collect();
        steps.sort_by_key(|it| std::cmp::Reverse(it.0));
        steps.into_iter().map(|it| it.1).collect()
    }

    /// Whether everything but the time is the same.
    pub fn agrees_with(&self, other: &Self) -> bool {
        let Self { at: _, funnel, sentiment, steps, insights, opportunities, ranking, results, health } =
            self;
        funnel == &other.funnel
            && sentiment == &other.sentiment
            && steps == &other.steps
            && insights == &other.insights
            && opportunities == &other.opportunities
            && ranking == &other.ranking
            && results == &other.results
            && health == &other.health
    }
}

/// What the formulas read of an entity: everything but who changed it last, and its words. A solution's title
/// is read, since a shipped one is named beside what it may have moved.
fn counted(mut entity: Entity) -> Entity {
    entity.set_updated(Stamp::default());
    match &mut entity {
        Entity::Journey(it) => {
            it.title.clear();
            it.lanes.clear();
        }
        Entity::Stage(it) => it.title.clear(),
        Entity::Step(it) => {
            it.title.clear();
            it.branches.clear();
            it.cells.clear();
            it.detail = None;
        }
        Entity::Touchpoint(it) => it.title.clear(),
        Entity::Insight(it) => it.statement.clear(),
        Entity::Opportunity(it) => it.title.clear(),
        Entity::Metric(it) => it.name.clear(),
        Entity::Comment(it) => *it = Comment::new(it.id),
        Entity::Review(it) => *it = Review::new(it.id),
        Entity::Decision(it) => *it = Decision::new(it.id),
        Entity::SharedView(it) => *it = SharedView::new(it.id),
        Entity::Workspace(_)
        | Entity::Member(_)
        | Entity::Persona(_)
        | Entity::Solution(_)
        | Entity::Evidence(_)
        | Entity::DeliveryLink(_)
        | Entity::Verdict(_) => {}
    }
    entity
}

fn ranking(board: &Board, scores: &BTreeMap<OpportunityId, OpportunityScore>) -> Ranking {
    let is_listed = |id: &OpportunityId| board.opportunities.get(id).is_some_and(|it| is_open(it.state));
    let open = || scores.iter().filter(|(id, _)| is_listed(id));
    let formula = PriorityFormula::for_list(open().map(|it| &it.1.inputs));
    rank(open().map(|(id, it)| (*id, &it.inputs)), formula)
}

struct Reader<'a> {
    board: &'a Board,
    index: &'a BoardIndex,
    now: Timestamp,
    shown: BTreeSet<StepId>,
}

impl Reader<'_> {
    fn shows(&self, is_trashed: bool, steps: &BTreeSet<StepId>) -> bool {
        !is_trashed && steps.iter().any(|it| self.shown.contains(it))
    }

    fn insights(&self, funnel: &Funnel) -> BTreeMap<InsightId, ClaimScore> {
        let troubled: BTreeSet<StepId> =
            funnel.steps.iter().filter(|it| is_drop(it)).map(|it| it.step).collect();
        let visible = self.board.insights.values().filter(|it| self.shows(it.trashed.is_some(), &it.steps));
        let score = |insight: &Insight| {
            let evidence = evidence_behind(self.board, self.index, insight.id.into(), self.now);
            // A drop-off says that something hurts; it says nothing about needs, gains and questions.
            let is_pain = insight.sort == InsightSort::Pain;
            let funnel = insight.steps.iter().find(|it| is_pain && troubled.contains(it)).copied();
            ClaimScore { evidence: evidence.sum, confidence: confidence(&evidence, funnel, None) }
        };
        visible.map(|it| (it.id, score(it))).collect()
    }

    fn steps(&self, steps: &[&Step], funnel: &Funnel) -> BTreeMap<StepId, StepScore> {
        let review_days = review_days(self.board.journey());
        let shipments = self.shipments();
        let score = |step: &Step, drawn: &FunnelStep| {
            let said = self.index.evidence_on(step.id).filter_map(|it| self.board.evidence.get(&it));
            let is_counted = |it: &&Evidence| it.is_verified && it.weight != WeightClass::AiInference;
            let newest = said.filter(is_counted).map(said_at).max();
            let items = [ItemKind::Solution, ItemKind::Opportunity, ItemKind::Insight];
            let here = items.into_iter().flat_map(|kind| self.index.cell(step.id, kind));
            let shipped = here.filter_map(|it| shipments.get(it)).flatten().copied();
            StepScore {
                freshness: freshness(step, review_days, newest, self.metrics(step.id), shipped, self.now),
                evidence: self.index.evidence_on(step.id).count(),
                friction: self.friction(step.id, drawn),
            }
        };
        steps.iter().zip(&funnel.steps).map(|(step, drawn)| (step.id, score(step, drawn))).collect()
    }

    /// What reached customers, by the item that it was: solutions, and linked issues by what they
    /// deliver.
    fn shipments(&self) -> BTreeMap<EntityRef, Vec<Shipment>> {
        let mut shipments: BTreeMap<EntityRef, Vec<Shipment>> = BTreeMap::new();
        for solution in self.board.solutions.values() {
            if let Some(at) = shipped_at(solution, self.now) {
                let what = solution.id.into();
                shipments.entry(what).or_default().push(Shipment { at, what });
            }
        }
        for link in self.board.delivery_links.values().filter(|it| it.trashed.is_none()) {
            if let (Some(item), Some(at)) = (link.delivers, link.released_at.or(link.merged_at)) {
                shipments.entry(item).or_default().push(Shipment { at, what: link.id.into() });
            }
        }
        shipments
    }

    fn metrics(&self, step: StepId) -> impl Iterator<Item = &Metric> {
        self.index.cell(step, ItemKind::Metric).iter().filter_map(|it| self.board.metrics.get(&it.id.into()))
    }

    fn friction(&self, step: StepId, drawn: &FunnelStep) -> Option<Friction> {
        let insights = self.index.cell(step, ItemKind::Insight).iter();
        let hurts =
            |it: &&Insight| it.sort == InsightSort::Pain && it.state != InsightState::Resolved && stands(it);
        let pains: Vec<_> =
            insights.filter_map(|it| self.board.insights.get(&it.id.into())).filter(hurts).collect();
        let is_measured = is_drop(drawn);
        let severity = pains.iter().filter_map(|it| it.severity).max();
        (is_measured || !pains.is_empty()).then_some(Friction { pains: pains.len(), severity, is_measured })
    }

    fn health(
        &self,
        steps: &[&Step],
        funnel: &Funnel,
        scores: &BTreeMap<StepId, StepScore>,
        insights: &BTreeMap<InsightId, ClaimScore>,
        opportunities: &BTreeMap<OpportunityId, OpportunityScore>,
        settled: &BTreeSet<SolutionId>,
    ) -> Health {
        let mut inputs = HealthInputs::default();
        for (step, drawn) in steps.iter().zip(&funnel.steps) {
            if step.lifecycle == StepLifecycle::Retired {
                continue;
            }
            if let Some(StepScore { freshness, .. }) = scores.get(&step.id) {
                inputs.steps.push((freshness.share, drawn.entrants));
                inputs.fresh.count(freshness.state == FreshnessState::Fresh);
            }
            inputs.metrics.count(self.metrics(step.id).any(gives_numbers));
            inputs.ownership.count(step.owner.is_some());
        }
        for (id, score) in insights {
            if self.board.insights.get(id).is_some_and(stands) {
                inputs.evidence.count(!score.confidence.is_assumption);
            }
        }
        for (id, score) in opportunities {
            if let Some(it) = self.board.opportunities.get(id).filter(|it| is_open(it.state)) {
                inputs.evidence.count(!score.claim.confidence.is_assumption);
                inputs.ownership.count(it.owner.is_some());
            }
        }
        for it in self.board.solutions.values().filter(|it| self.shows(it.trashed.is_some(), &it.steps)) {
            if it.state.is_planned() {
                inputs.ownership.count(it.owner.is_some());
            }
            let is_due = |at| self.now.days_since(at) > VERDICT_DUE_DAYS;
            if shipped_at(it, self.now).is_some_and(is_due) {
                inputs.closure.count(settled.contains(&it.id));
            }
        }
        health(&inputs)
    }
}

/// Whether the funnel shows trouble at a step.
fn is_drop(step: &FunnelStep) -> bool {
    step.is_below_target || step.has_fallen()
}

#[cfg(test)]
mod tests;
