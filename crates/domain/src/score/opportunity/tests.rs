//! Promises of what is known about an opportunity.

use super::*;
use crate::score::fixture::{NOW, World, days_ago};
use crate::score::funnel::funnel;
use crate::score::impact::ImpactInput;
use crate::score::reach::ReachBasis;

fn of(world: &World) -> BTreeMap<OpportunityId, OpportunityScore> {
    let index = world.index();
    let funnel = funnel(&world.board, &index, &world.board.steps_in_order(), NOW.date());
    score(&world.board, &index, &funnel, world.board.opportunities.values(), NOW)
}

/// Four steps; most stop before the third, which is also under target and has fallen.
fn leaking(world: &mut World) -> Vec<StepId> {
    world.funnel(&[
        ("Add first job site", None, &[1200.0, 1200.0]),
        ("Verify phone", Some(0.9), &[1081.0, 1102.0]),
        ("Invite crew", Some(0.6), &[454.0, 551.0]),
        ("Crew installs app", None, &[331.0, 400.0]),
    ])
}

#[test]
fn the_funnel_the_voices_and_the_effort_give_reasons() {
    let mut world = World::new();
    let steps = leaking(&mut world);
    let insight = world.insight(steps[2], |it| it.severity = Some(4));
    for _ in 0..3 {
        world.quote(insight, |_| {});
    }
    let opportunity = world.opportunity(steps[2], |it| {
        it.insights = [insight].into();
        it.effort = Some(2);
        it.state = OpportunityState::Reopened;
    });
    let reasons = of(&world)[&opportunity].reasons.clone();
    let step = steps[2];
    let [
        Reason::LargestLeak { step: leak, lost },
        Reason::BelowTarget { conversion, target, .. },
        Reason::Fell { difference, interval, .. },
        ref rest @ ..,
    ] = reasons[..]
    else {
        panic!("{reasons:?}");
    };
    assert_eq!((leak, lost, conversion, target), (step, 627.0, 454.0 / 1081.0, 0.6));
    assert!((difference - (454.0 / 1081.0 - 0.5)).abs() < 1e-12 && interval.high < 0.0);
    let expected = [
        Reason::Reopened,
        Reason::Voices { items: 3, source_kinds: 1 },
        Reason::Severe { insight, severity: 4 },
        Reason::LowEffort { effort: 2 },
    ];
    assert_eq!(rest, expected);
}

#[test]
fn an_opportunity_without_proof_says_so() {
    let mut world = World::new();
    let steps = leaking(&mut world);
    let opportunity = world.opportunity(steps[3], |it| {
        it.confidence = Some(0.9);
        it.effort = Some(4);
    });
    world.quote(opportunity, |it| it.is_verified = false);
    let found = &of(&world)[&opportunity];
    assert_eq!(
        found.reasons,
        [Reason::Stops { step: steps[3], lost: 123.0 }, Reason::HighEffort { effort: 4 }, Reason::Assumption]
    );
    assert_eq!(found.inputs.confidence, 0.3);
    assert_eq!(
        found.impact.missing,
        [ImpactInput::Revenue, ImpactInput::Evidence, ImpactInput::Severity, ImpactInput::Recency]
    );
}

#[test]
fn as_much_against_as_for_is_doubt() {
    let mut world = World::new();
    let steps = leaking(&mut world);
    let opportunity = world.opportunity(steps[0], |_| {});
    world.quote(opportunity, |_| {});
    world.quote(opportunity, |it| it.claims = [(opportunity.into(), Stance::Contradicts)].into());
    let found = &of(&world)[&opportunity];
    assert_eq!(
        found.reasons,
        [
            Reason::Voices { items: 1, source_kinds: 1 },
            Reason::Doubted { supporting: 0.5, contradicting: 0.5 }
        ]
    );
    // It was looked at, and came to nothing: that is a zero, not a gap.
    assert!(!found.impact.missing.contains(&ImpactInput::Evidence));
}

#[test]
fn losses_add_up_over_steps_and_reach_does_not() {
    let mut world = World::new();
    let steps = leaking(&mut world);
    let opportunity = world.opportunity(steps[2], |it| {
        it.steps.insert(steps[3]);
    });
    let found = &of(&world)[&opportunity];
    let lost = found.impact.inputs.iter().find(|it| it.input == ImpactInput::LostUsers).unwrap();
    assert_eq!(lost.value, 627.0 + 123.0);
    // Whoever installs the app was at the invitation: 454 in 28 days.
    assert!((found.reach.value.unwrap() - 454.0 * 30.0 / 28.0).abs() < 1e-9);
    assert_eq!(found.reach.basis, ReachBasis::UpperBound);
}

#[test]
fn the_cheapest_solution_stands_in_for_a_missing_effort() {
    let mut world = World::new();
    let steps = leaking(&mut world);
    let opportunity = world.opportunity(steps[2], |it| it.impact = Some(5));
    let answers = |effort: u8| {
        move |it: &mut Solution| (it.effort, it.opportunities) = (Some(effort), [opportunity].into())
    };
    world.solution(steps[2], answers(4));
    let cheap = world.solution(steps[2], answers(2));
    let rejected = world.solution(steps[2], answers(1));
    world.board.solutions.get_mut(&rejected).unwrap().state = SolutionState::Rejected;
    let found = of(&world)[&opportunity].clone();
    assert_eq!(found.effort, Some(Effort { value: 2, from: Some(cheap) }));
    assert_eq!(found.quadrant, Some(Quadrant::QuickWin));
    world.board.opportunities.get_mut(&opportunity).unwrap().effort = Some(5);
    let found = of(&world)[&opportunity].clone();
    assert_eq!(found.effort, Some(Effort { value: 5, from: None }));
    assert_eq!(found.effort_suggested, Some(Effort { value: 2, from: Some(cheap) }));
    assert_eq!(found.quadrant, Some(Quadrant::BigBet));
}

/// Lost users 627 of at most 627 and evidence 1.5 of 1.5 are full; severity and recency too. The
/// other loses 119 and has nothing else: ln 120 / ln 628 = 0.743106.
#[test]
fn impact_is_on_the_scale_of_all_opportunities() {
    let mut world = World::new();
    let steps = leaking(&mut world);
    let insight = world.insight(steps[2], |it| it.severity = Some(5));
    for _ in 0..3 {
        world.quote(insight, |_| {});
    }
    let big = world.opportunity(steps[2], |it| it.insights = [insight].into());
    let small = world.opportunity(steps[1], |_| {});
    let found = of(&world);
    assert!((found[&big].impact.score.unwrap() - 100.0).abs() < 1e-9);
    assert!((found[&small].impact.score.unwrap() - 74.310_623_1).abs() < 1e-6, "{:?}", found[&small].impact);
    assert_eq!((found[&big].impact.inputs.len(), found[&small].impact.inputs.len()), (4, 1));
}

#[test]
fn recency_is_that_of_the_newest_item_that_counts() {
    let mut world = World::new();
    let steps = leaking(&mut world);
    let opportunity = world.opportunity(steps[2], |_| {});
    world.quote(opportunity, |it| it.captured_at = Some(days_ago(90.0)));
    world.quote(opportunity, |it| it.is_verified = false);
    let found = of(&world)[&opportunity].clone();
    let recency = found.impact.inputs.iter().find(|it| it.input == ImpactInput::Recency).unwrap();
    assert_eq!(recency.value, 0.5);
}
