//! Promises of the scores of a whole journey.

use proptest::prelude::*;

use super::*;
use crate::id::EntityRef;
use crate::patch::Patch;
use crate::score::fixture::{NOW, World, days_ago};
use crate::score::health::{Cover, HealthBar};

fn of(world: &World) -> Scores {
    Scores::of(&world.board, &world.index(), NOW)
}

fn owner() -> MemberId {
    MemberId::from_parts(0, 77)
}

fn cover(scores: &Scores, bar: HealthBar) -> (usize, usize) {
    let Cover { met, of } = scores.health.bars.iter().find(|it| it.bar == bar).unwrap().cover;
    (met, of)
}

#[test]
fn an_empty_journey_has_scores_with_nothing_in_them() {
    let scores = of(&World::new());
    assert!(scores.steps.is_empty() && scores.ranking.entries.is_empty());
    assert_eq!((scores.funnel.window, scores.health.score), (None, None));
}

#[test]
fn what_hangs_on_hidden_steps_alone_is_out_of_sight() {
    let mut world = World::new();
    let [shown, hidden] = ["a", "b"].map(|title| world.step(title));
    world.edit_step(hidden, |it| it.trashed = Some(Stamp::default()));
    let seen = world.insight(shown, |it| {
        it.steps.insert(hidden);
    });
    world.insight(hidden, |_| {});
    world.opportunity(hidden, |_| {});
    let trashed = world.opportunity(shown, |it| it.trashed = Some(Stamp::default()));
    let scores = of(&world);
    assert_eq!(scores.insights.keys().copied().collect::<Vec<_>>(), [seen]);
    assert!(scores.opportunities.is_empty() && !scores.opportunities.contains_key(&trashed));
    assert_eq!(scores.steps.keys().copied().collect::<Vec<_>>(), [shown]);
}

#[test]
fn new_words_and_comments_touch_no_score() {
    let mut world = World::new();
    let step = world.step("a");
    let insight = world.insight(step, |_| {});
    let opportunity = world.opportunity(step, |_| {});
    let entity = |of: EntityRef| world.board.get(of).unwrap();
    let said = [
        Change::Step { id: step, set: StepField::Title("Hear of it".into()) },
        Change::Insight { id: insight, set: InsightField::Statement("Nobody finds it".into()) },
        Change::Opportunity { id: opportunity, set: OpportunityField::Title("Be found".into()) },
    ];
    for change in said {
        let mut put = entity(change.entity_ref());
        put.set_updated(Stamp { at: NOW, ..Stamp::default() });
        assert!(change.clone().apply_to(&mut put), "{change:?}");
        let patch = Patch { put: vec![put], removed: vec![] };
        assert!(!Scores::depend_on(&world.board, &patch), "{change:?}");
        let mut after = world.board.clone();
        after.apply(&patch);
        let scores = Scores::of(&after, &BoardIndex::of(&after), days_ago(1.0));
        assert!(scores.agrees_with(&Scores::of(&world.board, &world.index(), days_ago(1.0))), "{change:?}");
    }
    let comment = Comment::new(CommentId::from_parts(0, 1));
    assert!(!Scores::depend_on(&world.board, &Patch { put: vec![comment.into()], removed: vec![] }));
}

#[test]
fn whatever_a_score_reads_counts_as_touching_it() {
    let mut world = World::new();
    let step = world.step("a");
    let insight = world.insight(step, |_| {});
    let counted = [
        Change::Insight { id: insight, set: InsightField::Severity(Some(4)) },
        Change::Step { id: step, set: StepField::Owner(Some(owner())) },
        Change::Step { id: step, set: StepField::IsMomentOfTruth(true) },
    ];
    for change in counted {
        let mut put = world.board.get(change.entity_ref()).unwrap();
        assert!(change.clone().apply_to(&mut put), "{change:?}");
        assert!(Scores::depend_on(&world.board, &Patch { put: vec![put], removed: vec![] }), "{change:?}");
    }
    let quote = Evidence::new(EvidenceId::from_parts(0, 5));
    assert!(Scores::depend_on(&world.board, &Patch { put: vec![quote.into()], removed: vec![] }));
    assert!(Scores::depend_on(&world.board, &Patch { put: vec![], removed: vec![insight.into()] }));
}

#[test]
fn only_open_opportunities_are_ranked() {
    let mut world = World::new();
    let step = world.step("a");
    let open = world.opportunity(step, |_| {});
    let reopened = world.opportunity(step, |it| it.state = OpportunityState::Reopened);
    for state in [OpportunityState::Shipped, OpportunityState::Parked, OpportunityState::Closed] {
        world.opportunity(step, |it| it.state = state);
    }
    let scores = of(&world);
    let ranked: Vec<_> = scores.ranking.entries.iter().map(|it| it.opportunity).collect();
    assert_eq!(ranked, [open, reopened]);
    assert_eq!(scores.opportunities.len(), 5);
}

#[test]
fn a_drop_agrees_with_pains_alone() {
    let mut world = World::new();
    let steps =
        world.funnel(&[("a", None, &[1000.0]), ("b", Some(0.9), &[500.0]), ("c", Some(0.9), &[480.0])]);
    let pain = world.insight(steps[1], |_| {});
    let need = world.insight(steps[1], |it| it.sort = InsightSort::Need);
    let elsewhere = world.insight(steps[2], |_| {});
    let scores = of(&world);
    let agrees = |id| scores.insights[&id].confidence.agrees.is_some();
    assert_eq!((agrees(pain), agrees(need), agrees(elsewhere)), (true, false, false));
}

#[test]
fn friction_is_an_open_pain_or_a_drop() {
    let mut world = World::new();
    let steps = world.funnel(&[("a", None, &[1000.0]), ("b", Some(0.9), &[500.0]), ("c", None, &[480.0])]);
    for severity in [Some(2), None, Some(4)] {
        world.insight(steps[0], |it| it.severity = severity);
    }
    let not_in_the_way: [fn(&mut Insight); 4] = [
        |it| it.sort = InsightSort::Gain,
        |it| it.state = InsightState::Resolved,
        |it| it.state = InsightState::Archived,
        |it| it.truth = Truth::Refuted,
    ];
    for edit in not_in_the_way {
        world.insight(steps[2], edit);
    }
    let scores = of(&world);
    let friction = |at: usize| scores.steps[&steps[at]].friction;
    assert_eq!(friction(0), Some(Friction { pains: 3, severity: Some(4), is_measured: false }));
    assert_eq!(friction(1), Some(Friction { pains: 0, severity: None, is_measured: true }));
    assert_eq!(friction(2), None);
    assert_eq!(scores.friction_first(), [steps[1], steps[0]], "where most are lost, then where it hurts");
}

#[test]
fn a_ship_on_a_step_marks_it_changed_until_somebody_looks() {
    let mut world = World::new();
    let steps: Vec<_> = ["a", "b", "c"].map(|title| world.step(title)).into();
    world.solution(steps[0], |it| it.shipped_at = Some(days_ago(3.0)));
    let opportunity = world.opportunity(steps[1], |_| {});
    let link = DeliveryLink {
        delivers: Some(opportunity.into()),
        released_at: Some(days_ago(2.0)),
        ..DeliveryLink::new(world.id())
    };
    let link_ref = link.id.into();
    world.board.put(link.into());
    let states = |world: &World| {
        let scores = of(world);
        steps.iter().map(|it| scores.steps[it].freshness.state).collect::<Vec<_>>()
    };
    use FreshnessState::{Changed, Fresh};
    assert_eq!(states(&world), [Changed, Changed, Fresh]);
    assert_eq!(of(&world).steps[&steps[1]].freshness.changed_by[0].what, link_ref);
    let review = Stamp { at: days_ago(1.0), ..Stamp::default() };
    world.edit_step(steps[0], |it| it.last_reviewed = Some(review));
    assert_eq!(states(&world), [Fresh, Changed, Fresh]);
}

#[test]
fn health_counts_what_it_says_it_counts() {
    let mut world = World::new();
    let steps = world.funnel(&[("a", None, &[1000.0]), ("b", None, &[]), ("retired", None, &[])]);
    world.edit_step(steps[0], |it| it.owner = Some(owner()));
    let long_ago = Stamp { at: days_ago(200.0), ..Stamp::default() };
    world.edit_step(steps[1], |it| it.last_reviewed = Some(long_ago));
    world.edit_step(steps[2], |it| it.lifecycle = StepLifecycle::Retired);

    let proven = world.insight(steps[0], |_| {});
    world.quote(proven, |_| {});
    world.insight(steps[0], |_| {});
    world.insight(steps[0], |it| it.state = InsightState::Archived);
    world.opportunity(steps[0], |it| (it.insights, it.owner) = ([proven].into(), Some(owner())));
    world.opportunity(steps[0], |it| it.state = OpportunityState::Closed);

    world.solution(steps[0], |it| it.state = SolutionState::Planned);
    let old = |it: &mut Solution| (it.state, it.shipped_at) = (SolutionState::Shipped, Some(days_ago(46.0)));
    let judged = world.solution(steps[0], old);
    let interim = world.solution(steps[0], old);
    world.solution(steps[1], |it| (it.state, it.shipped_at) = (SolutionState::Shipped, Some(days_ago(45.0))));
    for (solution, is_interim) in [(judged, false), (interim, true)] {
        let verdict = Verdict { solution: Some(solution), is_interim, ..Verdict::new(world.id()) };
        world.board.put(verdict.into());
    }

    let scores = of(&world);
    assert_eq!(cover(&scores, HealthBar::Evidence), (2, 3), "two insights that stand, one open opportunity");
    assert_eq!(cover(&scores, HealthBar::Metrics), (1, 2), "two steps that customers take");
    assert_eq!(cover(&scores, HealthBar::Ownership), (2, 4), "those steps, the opportunity, the plan");
    assert_eq!(cover(&scores, HealthBar::Closure), (1, 2), "more than 45 days out; interim is no verdict");
    assert_eq!(cover(&scores, HealthBar::Freshness), (1, 2), "made ten days ago; shipped since its review");
    // 30·(1 − 10/90)/2 + 25·2/3 + 15·1/2 + 10·1/2 + 20·1/2
    assert!((scores.health.score.unwrap() - 52.5).abs() < 1e-6, "{:?}", scores.health);
}

#[test]
fn evidence_on_a_step_is_counted_once() {
    let mut world = World::new();
    let step = world.step("a");
    let [first, second] = [(); 2].map(|()| world.insight(step, |_| {}));
    world.quote(first, |it| {
        it.claims.insert(second.into(), Stance::Supports);
        it.claims.insert(step.into(), Stance::Supports);
    });
    world.quote(second, |_| {});
    assert_eq!(of(&world).steps[&step].evidence, 2);
}

proptest! {
    /// Whatever is on the board: scores exist for all that is shown, numbers are numbers, and the same
    /// board at the same time gives the same bytes.
    #[test]
    fn scores_are_numbers_and_repeat(
        steps in proptest::collection::vec((0.0..5e3_f64, 0.0..5e3_f64, proptest::option::of(0.0..=1.0_f64)), 1..6),
        quotes in proptest::collection::vec((any::<prop::sample::Index>(), -1.0..=1.0_f64, 0.0..900.0_f64, any::<bool>()), 0..20),
        problems in proptest::collection::vec((any::<prop::sample::Index>(), proptest::option::of(1u8..=5), proptest::option::of(1u8..=5)), 0..8),
    ) {
        let mut world = World::new();
        let numbers: Vec<_> = steps.iter().map(|(now, before, target)| ([*now, *before], *target)).collect();
        let numbers: Vec<_> = numbers.iter().map(|(values, target)| ("step", *target, values.as_slice())).collect();
        let steps = world.funnel(&numbers);
        for (at, impact, effort) in &problems {
            world.opportunity(*at.get(&steps), |it| (it.impact, it.effort) = (*impact, *effort));
        }
        let mut claims: Vec<EntityRef> = steps.iter().map(|it| (*it).into()).collect();
        claims.extend(world.board.opportunities.keys().map(|it| EntityRef::from(*it)));
        for (at, feeling, age_days, is_verified) in &quotes {
            world.quote(*at.get(&claims), |it| {
                (it.sentiment, it.is_verified) = (Some(*feeling), *is_verified);
                it.captured_at = Some(days_ago(*age_days));
            });
        }
        let scores = of(&world);
        prop_assert_eq!(scores.steps.len(), steps.len());
        prop_assert_eq!(scores.funnel.steps.len(), scores.sentiment.len());
        prop_assert_eq!(scores.ranking.entries.len(), problems.len());
        prop_assert!(scores.health.score.is_some_and(|it| (0.0..=100.0 + 1e-9).contains(&it)));
        let json = serde_json::to_string(&scores).unwrap();
        prop_assert_eq!(&json, &serde_json::to_string(&of(&world)).unwrap());
        // A number that is none is written as null and would not come back as one.
        let back: Scores = serde_json::from_str(&json).unwrap();
        prop_assert_eq!(back.opportunities.len(), scores.opportunities.len());
    }
}

proptest! {
    /// Whatever a person sets, what is taken over at once is what computing everything says, but for the reasons.
    #[test]
    fn what_a_person_weighs_is_ranked_at_once_as_it_will_be(
        set in proptest::collection::vec(
            (0_usize..4, proptest::option::of(1_u8..=5), proptest::option::of(1_u8..=5), proptest::option::of(0.0..1.0_f64), any::<bool>()),
            1..8,
        ),
    ) {
        let mut world = World::new();
        let step = world.step("a");
        let ids: Vec<_> = (0..4).map(|at| world.opportunity(step, |it| it.impact = Some(at % 5 + 1))).collect();
        world.quote(ids[1], |_| {});
        world.solution(step, |it| {
            it.effort = Some(2);
            it.opportunities.insert(ids[2]);
        });
        let mut scores = of(&world);
        for (at, impact, effort, share, is_open) in set {
            let mut it = world.board.opportunities[&ids[at]].clone();
            (it.impact, it.effort) = (impact, effort);
            (it.confidence, it.reach) = (share, share.map(|it| it * 900.0));
            it.state = if is_open { OpportunityState::Open } else { OpportunityState::Parked };
            let patch = Patch { put: vec![it.into()], removed: Vec::new() };
            world.board.apply(&patch);
            scores.take_weights(&world.board, &patch);
        }
        let mut whole = of(&world);
        prop_assert_eq!(&scores.ranking, &whole.ranking);
        for (id, score) in &mut whole.opportunities {
            score.reasons.clone_from(&scores.opportunities[id].reasons);
        }
        prop_assert_eq!(scores.opportunities, whole.opportunities);
    }
}
