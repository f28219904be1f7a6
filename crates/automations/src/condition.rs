//! Whether the conditions that a person set hold for what something would be done about.

use std::collections::BTreeSet;

use custory_domain::{Board, EvidenceId, InsightId, MemberId, Solution, Stance, StepId};
use custory_ipc::{Condition, Conditions};

/// What something would be done about.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct About {
    /// The steps that it stands on.
    pub steps: BTreeSet<StepId>,
    /// Whose it is; of what has no owner of its own, whose its step is.
    pub owner: Option<MemberId>,
    /// What it rests on: where that was said, people hear of it.
    pub evidence: Vec<EvidenceId>,
}

impl About {
    /// Something on steps, with an owner of its own or without.
    pub(crate) fn of(board: &Board, steps: &BTreeSet<StepId>, owner: Option<MemberId>) -> Self {
        let of_step = || steps.iter().find_map(|it| board.steps.get(it)?.owner);
        Self { steps: steps.clone(), owner: owner.or_else(of_step), evidence: Vec::new() }
    }

    /// A solution, with the evidence for the problems that it solves.
    pub(crate) fn of_solution(board: &Board, solution: &Solution) -> Self {
        let opportunities = solution.opportunities.iter().filter_map(|it| board.opportunities.get(it));
        let insights: BTreeSet<InsightId> =
            opportunities.flat_map(|it| it.insights.iter().copied()).collect();
        let supports = |it: &InsightId| board.evidence_for((*it).into());
        let behind = insights.iter().flat_map(supports).filter(|it| it.1 == Stance::Supports);
        let evidence: BTreeSet<EvidenceId> = behind.map(|it| it.0.id).collect();
        Self { evidence: evidence.into_iter().collect(), ..Self::of(board, &solution.steps, solution.owner) }
    }
}

/// Whether they hold; `hour` is that of the automation's clock.
pub(crate) fn hold(conditions: &Conditions, board: &Board, about: &About, hour: i8) -> bool {
    conditions.join.holds(conditions.of.iter().map(|it| holds(it, board, about, hour)))
}

fn holds(condition: &Condition, board: &Board, about: &About, hour: i8) -> bool {
    match condition {
        Condition::OnStage { stage, .. } => {
            let on = |it: &StepId| board.steps.get(it).is_some_and(|it| it.stage == Some(*stage));
            about.steps.iter().any(on)
        }
        Condition::OnStep { step, .. } => about.steps.contains(step),
        Condition::OwnedBy { member, .. } => about.owner == *member,
        Condition::Between { from, to } if from < to => (*from..*to).contains(&hour),
        Condition::Between { from, to } => hour >= *from || hour < *to,
        Condition::Not { not } => !holds(not, board, about, hour),
        Condition::Group { group } => hold(group, board, about, hour),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use custory_domain::filter::Join;
    use custory_domain::*;
    use proptest::prelude::*;

    const STAGES: [StageId; 2] = [StageId::from_parts(1, 1), StageId::from_parts(1, 2)];
    const STEPS: [StepId; 2] = [StepId::from_parts(2, 1), StepId::from_parts(2, 2)];

    fn board() -> Board {
        let mut board = Board::default();
        for (stage, step) in STAGES.into_iter().zip(STEPS) {
            board.put(Stage::new(stage).into());
            board.put(Step { stage: Some(stage), ..Step::new(step) }.into());
        }
        board
    }

    fn conditions() -> impl Strategy<Value = Conditions> {
        let title = String::new;
        let leaf = prop_oneof![
            (0..2usize).prop_map(move |at| Condition::OnStage { stage: STAGES[at], title: title() }),
            (0..2usize).prop_map(move |at| Condition::OnStep { step: STEPS[at], title: title() }),
            Just(Condition::OwnedBy { member: None, name: String::new() }),
            (0i8..24, 1i8..25).prop_map(|(from, to)| Condition::Between { from, to }),
        ];
        let group =
            |of: Vec<Condition>, any: bool| Conditions { join: if any { Join::Any } else { Join::All }, of };
        let one = leaf.prop_recursive(3, 12, 4, move |inner| {
            prop_oneof![
                inner.clone().prop_map(|it| Condition::Not { not: Box::new(it) }),
                (proptest::collection::vec(inner, 1..4), any::<bool>())
                    .prop_map(move |(of, any)| Condition::Group { group: group(of, any) }),
            ]
        });
        (proptest::collection::vec(one, 0..4), any::<bool>()).prop_map(move |(of, any)| group(of, any))
    }

    #[test]
    fn each_condition_says_what_it_says() {
        let board = board();
        let about = About { steps: [STEPS[0]].into(), ..About::default() };
        let title = String::new;
        for (condition, hour, expected) in [
            (Condition::OnStage { stage: STAGES[0], title: title() }, 9, true),
            (Condition::OnStage { stage: STAGES[1], title: title() }, 9, false),
            (Condition::OnStep { step: STEPS[0], title: title() }, 9, true),
            (Condition::OnStep { step: STEPS[1], title: title() }, 9, false),
            (Condition::OwnedBy { member: None, name: title() }, 9, true),
            (Condition::OwnedBy { member: Some(MemberId::from_parts(1, 1)), name: title() }, 9, false),
            (Condition::Between { from: 9, to: 17 }, 9, true),
            (Condition::Between { from: 9, to: 17 }, 17, false),
            (Condition::Between { from: 22, to: 6 }, 23, true),
            (Condition::Between { from: 22, to: 6 }, 5, true),
            (Condition::Between { from: 22, to: 6 }, 6, false),
        ] {
            assert_eq!(holds(&condition, &board, &about, hour), expected, "{condition:?} at {hour}");
        }
    }

    proptest! {
        /// De Morgan: not all of them is any of their opposites.
        #[test]
        fn groups_follow_logic(it in conditions(), hour in 0i8..24, at in 0..2usize) {
            let (board, about) = (board(), About { steps: [STEPS[at]].into(), ..About::default() });
            let opposite = Conditions {
                join: if it.join == Join::All { Join::Any } else { Join::All },
                of: it.of.iter().map(|it| Condition::Not { not: Box::new(it.clone()) }).collect(),
            };
            if !it.of.is_empty() {
                prop_assert_ne!(hold(&it, &board, &about, hour), hold(&opposite, &board, &about, hour));
            } else {
                prop_assert!(hold(&it, &board, &about, hour));
            }
        }
    }
}
