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
