//! What is known about an opportunity from a board: the inputs of reach, impact, confidence and
//! priority, and the reasons to take it up or not.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::claim::{ClaimScore, evidence_behind, insights_of};
use super::confidence::confidence;
use super::evidence::{EvidenceInput, HALF_LIFE_DAYS, decay};
use super::funnel::{ConversionChange, Funnel, FunnelStep};
use super::impact::{Impact, ImpactScale, ImpactValues, impact};
use super::interval::Interval;
use super::priority::{HIGH_EFFORT_MIN, LOW_EFFORT_MAX, PriorityFormula, PriorityInputs, Quadrant, quadrant};
use super::reach::{Reach, ReachInputs, reach};
use crate::board::{Board, BoardIndex};
use crate::entity::*;
use crate::id::{InsightId, OpportunityId, SolutionId, StepId};
use crate::time::Timestamp;

/// Severity from here on is a reason by itself.
pub const SEVERE_MIN: u8 = 4;

/// Everything computed about an opportunity.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OpportunityScore {
    /// How well it is supported.
    #[serde(flatten)]
    pub claim: ClaimScore,
    /// How many it touches.
    pub reach: Reach,
    /// How much it matters.
    pub impact: Impact,
    /// What it takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effort: Option<Effort>,
    /// What its solutions say that it takes, whatever a person set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effort_suggested: Option<Effort>,
    /// What its priority is worked out from.
    pub inputs: PriorityInputs,
    /// Its value by RICE.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rice: Option<f64>,
    /// Its value by ICE.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ice: Option<f64>,
    /// Where it lies between impact and effort.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quadrant: Option<Quadrant>,
    /// What speaks for and against taking it up: first what the funnel says, then what people say, then
    /// what it takes.
    pub reasons: Vec<Reason>,
}

impl OpportunityScore {
    /// Takes over what a person set; without, what is suggested counts. Everything but the reasons is then as [`score`]
    /// would have it.
    pub fn take(&mut self, set: &Opportunity) {
        self.reach.take(set.reach);
        self.impact.take(set.impact);
        self.claim.confidence.take(set.confidence);
        self.effort = set.effort.map(|value| Effort { value, from: None }).or(self.effort_suggested);
        self.work_out();
    }

    /// What follows from what it is worked out from.
    fn work_out(&mut self) {
        self.inputs = PriorityInputs {
            reach: self.reach.value,
            impact: self.impact.value,
            confidence: self.claim.confidence.value,
            effort: self.effort.map(|it| it.value),
        };
        self.quadrant =
            self.inputs.impact.zip(self.inputs.effort).map(|(impact, effort)| quadrant(impact, effort));
        self.rice = PriorityFormula::Rice.value(&self.inputs);
        self.ice = PriorityFormula::Ice.value(&self.inputs);
    }
}

/// Effort 1 to 5, and whose word that is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effort {
    /// 1 to 5.
    pub value: u8,
    /// The solution it was taken from, the least effort among its solutions; `None` if a person set it
    /// on the opportunity itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<SolutionId>,
}

/// A reason to take an opportunity up, or not to. Put into words where it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
#[expect(missing_docs, reason = "the fields are those of the scores they come from")]
pub enum Reason {
    /// More stop before its step than before any other.
    LargestLeak { step: StepId, lost: f64 },
    /// Too few get to its step.
    BelowTarget { step: StepId, conversion: f64, target: f64, lost: f64 },
    /// Fewer get to its step than in the window before.
    Fell { step: StepId, difference: f64, interval: Interval },
    /// People stop before its step, though not more than the target allows.
    Stops { step: StepId, lost: f64 },
    /// It shipped, and the numbers did not move for the better.
    Reopened,
    /// People said so: items that count for it, from so many kinds of source.
    Voices { items: usize, source_kinds: usize },
    /// More or as much speaks against it as for it.
    Doubted { supporting: f64, contradicting: f64 },
    /// An insight behind it is severe.
    Severe { insight: InsightId, severity: u8 },
    /// It takes little.
    LowEffort { effort: u8 },
    /// It takes a lot.
    HighEffort { effort: u8 },
    /// Nothing verified speaks for it yet.
    Assumption,
}

/// Whether work on it is still to be chosen or done.
pub const fn is_open(state: OpportunityState) -> bool {
    match state {
        OpportunityState::Open
        | OpportunityState::Framed
        | OpportunityState::Prioritised
        | OpportunityState::InDelivery
        | OpportunityState::Reopened => true,
        OpportunityState::Shipped
        | OpportunityState::Validated
        | OpportunityState::Parked
        | OpportunityState::Closed => false,
    }
}

/// Scores of the given opportunities, on the scale of all of them together.
///
/// Work: one pass over their evidence and steps, and sorting five lists for the scale.
pub fn score<'a>(
    board: &Board,
    index: &BoardIndex,
    funnel: &Funnel,
    opportunities: impl IntoIterator<Item = &'a Opportunity>,
    now: Timestamp,
) -> BTreeMap<OpportunityId, OpportunityScore> {
    let steps: BTreeMap<StepId, &FunnelStep> = funnel.steps.iter().map(|it| (it.step, it)).collect();
    let efforts = least_efforts(board);
    let known: Vec<_> =
        opportunities.into_iter().map(|it| Known::of(board, index, &steps, &efforts, it, now)).collect();
    let scale = ImpactScale::of(&known.iter().map(|it| it.values).collect::<Vec<_>>());
    let window_days = funnel.window.map_or(0, |it| it.days);
    known.into_iter().map(|it| (it.opportunity.id, it.scored(&scale, window_days))).collect()
}

/// The least effort among an opportunity's solutions that are not rejected.
fn least_efforts(board: &Board) -> BTreeMap<OpportunityId, Effort> {
    let mut least: BTreeMap<OpportunityId, Effort> = BTreeMap::new();
    let open = |it: &&Solution| it.trashed.is_none() && it.state != SolutionState::Rejected;
    for solution in board.solutions.values().filter(open) {
        let Some(value) = solution.effort else { continue };
        for opportunity in &solution.opportunities {
            let effort = Effort { value, from: Some(solution.id) };
            let known = least.entry(*opportunity).or_insert(effort);
            if value < known.value {
                *known = effort;
            }
        }
    }
    least
}

/// What a board says about an opportunity, before it is put on the journey's scale.
struct Known<'a> {
    opportunity: &'a Opportunity,
    claim: ClaimScore,
    values: ImpactValues,
    /// Items that count for it.
    voices: usize,
    steps: Vec<&'a FunnelStep>,
    severe: Option<(u8, InsightId)>,
    effort: Option<Effort>,
    effort_suggested: Option<Effort>,
}

impl<'a> Known<'a> {
    fn of(
        board: &Board,
        index: &BoardIndex,
        funnel: &BTreeMap<StepId, &'a FunnelStep>,
        efforts: &BTreeMap<OpportunityId, Effort>,
        opportunity: &'a Opportunity,
        now: Timestamp,
    ) -> Self {
        let evidence = evidence_behind(board, index, opportunity.id.into(), now);
        let steps: Vec<_> = opportunity.steps.iter().filter_map(|it| funnel.get(it).copied()).collect();
        let severe = insights_of(board, opportunity).filter_map(|it| Some((it.severity?, it.id))).max();
        let lost: Vec<f64> = steps.iter().filter_map(|it| it.lost).collect();
        let has_counted = evidence.sum.counted > 0;
        let newest = evidence.inputs.iter().find(|it| it.supports()).map(|it: &EvidenceInput| it.age_days);
        let values = ImpactValues {
            lost_users: (!lost.is_empty()).then(|| lost.iter().sum()),
            // Needs to know which accounts pay: only a billing connection can tell.
            revenue: None,
            // Until somebody has looked, no evidence is not the same as evidence of nothing.
            evidence: has_counted.then_some(evidence.sum.total),
            severity: severe.map(|it| f64::from(it.0)),
            recency: newest.map(|age_days| decay(age_days, HALF_LIFE_DAYS)),
        };
        let troubled = steps.iter().find(|it| it.is_below_target || it.has_fallen()).map(|it| it.step);
        let confidence = confidence(&evidence, troubled, opportunity.confidence);
        let set = opportunity.effort.map(|value| Effort { value, from: None });
        let effort_suggested = efforts.get(&opportunity.id).copied();
        Self {
            opportunity,
            claim: ClaimScore { evidence: evidence.sum, confidence },
            values,
            voices: evidence.inputs.iter().filter(|it| it.supports()).count(),
            steps,
            severe,
            effort: set.or(effort_suggested),
            effort_suggested,
        }
    }

    fn scored(self, scale: &ImpactScale, window_days: u16) -> OpportunityScore {
        // Whoever enters a later step was at the earlier one: the most is all of them.
        let entrants = self.steps.iter().filter_map(|it| it.entrants).max_by(f64::total_cmp);
        let reach = reach(ReachInputs { entrants, window_days, share: None, set: self.opportunity.reach });
        let impact = impact(&self.values, scale, self.opportunity.impact);
        let mut score = OpportunityScore {
            reasons: self.reasons(),
            claim: self.claim,
            reach,
            impact,
            effort: self.effort,
            effort_suggested: self.effort_suggested,
            inputs: PriorityInputs::default(),
            rice: None,
            ice: None,
            quadrant: None,
        };
        score.work_out();
        score
    }

    fn reasons(&self) -> Vec<Reason> {
        let mut reasons = Vec::new();
        for step in &self.steps {
            let lost = step.lost.unwrap_or(0.0);
            if step.is_largest_leak {
                reasons.push(Reason::LargestLeak { step: step.step, lost });
            }
            if let (true, Some(conversion), Some(target)) =
                (step.is_below_target, step.conversion, step.target)
            {
                reasons.push(Reason::BelowTarget { step: step.step, conversion, target, lost });
            } else if lost > 0.0 && !step.is_largest_leak {
                reasons.push(Reason::Stops { step: step.step, lost });
            }
            if let (true, Some(ConversionChange::Measured { difference, interval, .. })) =
                (step.has_fallen(), step.change)
            {
                reasons.push(Reason::Fell { step: step.step, difference, interval });
            }
        }
        let (evidence, confidence) = (&self.claim.evidence, &self.claim.confidence);
        let voices = Reason::Voices { items: self.voices, source_kinds: confidence.source_kinds };
        let doubted =
            Reason::Doubted { supporting: evidence.supporting, contradicting: evidence.contradicting };
        let effort = self.effort.map(|it| it.value);
        let is_doubted = evidence.contradicting > 0.0 && evidence.total <= 0.0;
        let others = [
            (self.opportunity.state == OpportunityState::Reopened).then_some(Reason::Reopened),
            (self.voices > 0).then_some(voices),
            is_doubted.then_some(doubted),
            self.severe
                .filter(|it| it.0 >= SEVERE_MIN)
                .map(|(severity, insight)| Reason::Severe { insight, severity }),
            effort.filter(|it| *it <= LOW_EFFORT_MAX).map(|effort| Reason::LowEffort { effort }),
            effort.filter(|it| *it >= HIGH_EFFORT_MIN).map(|effort| Reason::HighEffort { effort }),
            confidence.is_assumption.then_some(Reason::Assumption),
        ];
        reasons.extend(others.into_iter().flatten());
        reasons
    }
}

#[cfg(test)]
mod tests;
