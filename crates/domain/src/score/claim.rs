//! What is said for and against a claim on a board, its own evidence and what it takes over.
//!
//! An opportunity rests on its own evidence and on that of the insights it answers; everything else
//! on its own. An item that speaks about several of them counts once: what it says about the claim
//! itself goes first, and of two insights that it judges differently the doubt goes first.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::confidence::Confidence;
use super::evidence::{EffectiveEvidence, EvidenceSum, effective};
use crate::board::{Board, BoardIndex};
use crate::entity::*;
use crate::id::{EntityRef, EvidenceId};
use crate::time::Timestamp;

/// How well a claim is supported.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClaimScore {
    /// What is said for and against it.
    pub evidence: EvidenceSum,
    /// How sure that makes.
    pub confidence: Confidence,
}

/// All evidence behind a claim with what each item comes to, for showing on demand.
///
/// Work: the items that speak about it, and for an opportunity about its insights.
pub fn evidence_behind(
    board: &Board,
    index: &BoardIndex,
    claim: EntityRef,
    now: Timestamp,
) -> EffectiveEvidence {
    let mut stances: BTreeMap<EvidenceId, Stance> = BTreeMap::new();
    let said = |about: EntityRef| {
        index
            .evidence_of(about)
            .filter_map(move |id| Some((id, *board.evidence.get(&id)?.claims.get(&about)?)))
    };
    for insight in taken_over(board, claim) {
        for (id, stance) in said(insight.id.into()) {
            let known = stances.entry(id).or_insert(stance);
            if stance == Stance::Contradicts {
                *known = stance;
            }
        }
    }
    stances.extend(said(claim));
    let items = stances.iter().filter_map(|(id, stance)| Some((board.evidence.get(id)?, *stance)));
    effective(items, now)
}

/// The insights that speak for an opportunity; none for other claims.
fn taken_over(board: &Board, claim: EntityRef) -> impl Iterator<Item = &Insight> {
    let opportunity =
        (claim.kind == EntityKind::Opportunity).then(|| board.opportunities.get(&claim.id.into())).flatten();
    opportunity.into_iter().flat_map(|it| insights_of(board, it))
}

/// The insights that an opportunity answers and that still stand.
pub fn insights_of<'a>(board: &'a Board, opportunity: &'a Opportunity) -> impl Iterator<Item = &'a Insight> {
    opportunity.insights.iter().filter_map(|it| board.insights.get(it)).filter(|it| stands(it))
}

/// Whether an insight is still claimed: neither in the trash nor refuted nor put away.
pub fn stands(insight: &Insight) -> bool {
    insight.trashed.is_none() && insight.truth != Truth::Refuted && insight.state != InsightState::Archived
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::score::fixture::{NOW, World};

    #[test]
    fn an_opportunity_rests_on_its_insights_and_each_item_counts_once() {
        let mut world = World::new();
        let step = world.step("Invite crew");
        let [first, second] = [(); 2].map(|()| world.insight(step, |_| {}));
        let opportunity = world.opportunity(step, |it| it.insights = [first, second].into());
        let supports = |about: &[EntityRef]| about.iter().map(|it| (*it, Stance::Supports)).collect();
        world.quote(first, |it| it.claims = supports(&[first.into(), second.into(), opportunity.into()]));
        world.quote(second, |_| {});
        world.quote(opportunity, |_| {});
        // For one insight and against the other: the doubt counts.
        world.quote(first, |it| {
            it.claims.insert(second.into(), Stance::Contradicts);
        });
        // The opportunity's own word goes first.
        world.quote(second, |it| {
            it.claims = [(second.into(), Stance::Contradicts), (opportunity.into(), Stance::Supports)].into();
        });
        let sum = |world: &World, claim: EntityRef| {
            let found = evidence_behind(&world.board, &world.index(), claim, NOW).sum;
            (found.supporting, found.contradicting)
        };
        assert_eq!(sum(&world, opportunity.into()), (2.0, 0.5));
        assert_eq!(sum(&world, first.into()), (1.0, 0.0));
        assert_eq!(sum(&world, second.into()), (1.0, 1.0));

        for truth in [Truth::Refuted, Truth::Observed] {
            world.board.insights.get_mut(&second).unwrap().truth = truth;
            let expected = if truth == Truth::Refuted { (2.0, 0.0) } else { (2.0, 0.5) };
            assert_eq!(sum(&world, opportunity.into()), expected, "{truth:?}");
        }
    }
}
