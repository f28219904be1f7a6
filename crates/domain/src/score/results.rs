//! What the numbers say about shipped solutions whose verdict nobody has recorded yet.
//!
//! A recorded verdict that is final stands as it is: a verdict is computed once.

use std::collections::{BTreeMap, BTreeSet};

use super::bootstrap::SplitMix64;
use super::verdict::{Confounder, Judgement, VerdictPlan, judge};
use super::window::gives_numbers;
use crate::board::{Board, BoardIndex};
use crate::entity::{Metric, Solution, SolutionState};
use crate::id::{MetricId, SolutionId, StepId};
use crate::kind::ItemKind;
use crate::time::Timestamp;

/// When a solution reached customers; `None` if it has not by `now`, or was rejected.
pub fn shipped_at(solution: &Solution, now: Timestamp) -> Option<Timestamp> {
    let is_out = solution.trashed.is_none() && solution.state != SolutionState::Rejected;
    solution.shipped_at.filter(|it| is_out && *it <= now)
}

/// The solutions that have a final verdict.
pub fn settled(board: &Board) -> BTreeSet<SolutionId> {
    let is_final = |it: &&crate::entity::Verdict| it.trashed.is_none() && !it.is_interim;
    board.verdicts.values().filter(is_final).filter_map(|it| it.solution).collect()
}

/// Judges every shipped solution that has a metric to move and no final verdict.
///
/// Another solution that shipped on a step of the solution or of its metric, or that should move the
/// same metric, confounds. Work: per solution one pass over its metric's points and its neighbours.
pub fn results(
    board: &Board,
    index: &BoardIndex,
    settled: &BTreeSet<SolutionId>,
    now: Timestamp,
) -> BTreeMap<SolutionId, Judgement> {
    let shipped: Vec<(&Solution, Timestamp)> =
        board.solutions.values().filter_map(|it| Some((it, shipped_at(it, now)?))).collect();
    let mut moving: BTreeMap<MetricId, Vec<SolutionId>> = BTreeMap::new();
    for (solution, _) in &shipped {
        if let Some(metric) = solution.success_metric {
            moving.entry(metric).or_default().push(solution.id);
        }
    }
    let open = shipped.iter().filter(|(it, _)| !settled.contains(&it.id));
    open.filter_map(|(solution, at)| {
        let metric = board.metrics.get(&solution.success_metric?).filter(|it| gives_numbers(it))?;
        let rivals = moving.get(&metric.id).into_iter().flatten().copied();
        let others = confounders(board, solution, rivals.chain(neighbours(index, solution, metric)), now);
        let mut random = seeded(solution.id);
        Some((solution.id, judge(metric, *at, VerdictPlan::default(), &others, now, &mut random)))
    })
    .collect()
}

/// The generator for a solution's intervals: the same on every device.
pub fn seeded(solution: SolutionId) -> SplitMix64 {
    let bits = u128::from(solution.ulid());
    SplitMix64::seeded((bits >> 64) as u64 ^ bits as u64)
}

fn neighbours<'a>(
    index: &'a BoardIndex,
    solution: &'a Solution,
    metric: &'a Metric,
) -> impl Iterator<Item = SolutionId> + 'a {
    let steps: BTreeSet<StepId> = solution.steps.union(&metric.steps).copied().collect();
    steps.into_iter().flat_map(|it| index.cell(it, ItemKind::Solution)).map(|it| it.id.into())
}

fn confounders(
    board: &Board,
    solution: &Solution,
    others: impl Iterator<Item = SolutionId>,
    now: Timestamp,
) -> Vec<Confounder> {
    let others: BTreeSet<SolutionId> = others.filter(|it| *it != solution.id).collect();
    let shipped = others
        .iter()
        .filter_map(|it| board.solutions.get(it))
        .filter_map(|it| Some((it, shipped_at(it, now)?)));
    shipped.map(|(it, at)| Confounder { on: at.date(), what: it.title.clone() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::{MetricFormula, MetricPoint, MetricState, Verdict, VerdictOutcome};
    use crate::id::VerdictId;
    use crate::score::fixture::{NOW, World, days_ago};
    use crate::score::window::plus_days;

    /// A step with a rate of 40 % until 40 days ago and 55 % since, and a solution that shipped then.
    fn shipped(world: &mut World) -> (StepId, SolutionId) {
        let step = world.step("Invite crew");
        let metric = world.entrants(step, 1, &[]);
        let ship = days_ago(40.0).date();
        let it = world.board.metrics.get_mut(&metric).unwrap();
        (it.formula, it.state) = (MetricFormula::Rate, MetricState::Active);
        for day in -35..=39 {
            let hits = if day < 0 { 16.0 } else { 22.0 };
            let point =
                MetricPoint { numerator: Some(hits), denominator: Some(40.0), ..MetricPoint::default() };
            it.points.insert(plus_days(ship, day), point);
        }
        let solution = world.solution(step, |it| {
            it.shipped_at = Some(days_ago(40.0));
            it.success_metric = Some(metric);
        });
        (step, solution)
    }

    fn of(world: &World) -> BTreeMap<SolutionId, Judgement> {
        results(&world.board, &world.index(), &settled(&world.board), NOW)
    }

    #[test]
    fn a_shipped_solution_is_judged_until_its_verdict_is_final() {
        let mut world = World::new();
        let (_, solution) = shipped(&mut world);
        assert_eq!(of(&world)[&solution].outcome, VerdictOutcome::Improved);

        let verdict: VerdictId = world.id();
        for (is_interim, is_judged) in [(true, true), (false, false)] {
            let it = Verdict { solution: Some(solution), is_interim, ..Verdict::new(verdict) };
            world.board.put(it.into());
            assert_eq!(of(&world).contains_key(&solution), is_judged, "interim: {is_interim}");
        }
    }

    #[test]
    fn what_has_not_shipped_or_moves_nothing_is_not_judged() {
        let edits: [fn(&mut Solution); 4] = [
            |it| it.shipped_at = None,
            |it| it.shipped_at = Some(Timestamp(NOW.0 + 1)),
            |it| it.state = SolutionState::Rejected,
            |it| it.success_metric = None,
        ];
        for edit in edits {
            let mut world = World::new();
            let (_, solution) = shipped(&mut world);
            edit(world.board.solutions.get_mut(&solution).unwrap());
            assert!(of(&world).is_empty());
        }
    }

    #[test]
    fn another_ship_nearby_confounds_and_one_elsewhere_does_not() {
        let mut world = World::new();
        let (step, solution) = shipped(&mut world);
        let elsewhere = world.step("Pick a plan");
        let other = |it: &mut Solution| {
            (it.title, it.shipped_at) = ("New prices".into(), Some(days_ago(30.0)));
        };
        world.solution(elsewhere, other);
        assert_eq!(of(&world)[&solution].outcome, VerdictOutcome::Improved);
        let near = world.solution(step, other);
        let found = &of(&world)[&solution];
        assert_eq!(found.outcome, VerdictOutcome::Confounded);
        assert_eq!(found.confounders, ["New prices".to_owned()].into());
        // Long before, on the same step.
        world.board.solutions.get_mut(&near).unwrap().shipped_at = Some(days_ago(90.0));
        assert_eq!(of(&world)[&solution].outcome, VerdictOutcome::Improved);
        // Elsewhere, yet meant to move the same metric.
        let metric = world.board.solutions[&solution].success_metric;
        world.solution(elsewhere, |it| {
            other(it);
            it.success_metric = metric;
        });
        assert_eq!(of(&world)[&solution].outcome, VerdictOutcome::Confounded);
    }
}
