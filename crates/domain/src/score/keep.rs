//! What follows once a verdict is final: it is kept as it is, and the work that it is about says so.
//!
//! - Improved: the solution is validated, and so are the opportunities it answers that are in delivery or
//!   shipped.
//! - Worse or no change: the solution is not validated; those opportunities are open again.
//! - Not enough data, confounded: the verdict is kept and nothing else moves, for it says nothing.

use super::verdict::Judgement;
use crate::board::Board;
use crate::command::{Change, Command};
use crate::entity::{
    OpportunityField, OpportunityState, Solution, SolutionField, SolutionState, Verdict, VerdictOutcome,
};
use crate::id::VerdictId;
use crate::wording::{metric_value, verdict_sentence};

/// The verdict's identifier: that of its solution, so that two devices that keep it at once keep one.
/// A solution whose verdict was thrown away needs another one.
pub fn verdict_id(solution: &Solution) -> VerdictId {
    solution.id.ulid().into()
}

/// Keeps a verdict. `None` while it is interim, or if its metric is gone.
pub fn keep(board: &Board, solution: &Solution, judgement: &Judgement, id: VerdictId) -> Option<Command> {
    if judgement.is_interim {
        return None;
    }
    let metric = board.metrics.get(&judgement.metric)?;
    let value = |it: f64| metric_value(metric, it);
    let moved = judgement.before.zip(judgement.after).map(|(before, after)| {
        let (before, after) = (value(before.value), value(after.value));
        format!("{} went from {before} to {after} after “{}”. ", metric.name, solution.title)
    });
    let range = judgement.interval.map(|it| (it.low, it.high));
    let cases = judgement.after.map(|it| it.n as f64);
    let said = verdict_sentence(metric, judgement.outcome, range, cases);
    let summary = moved.unwrap_or_default() + &said;
    let verdict = Verdict { summary, ..judgement.clone().into_verdict(id, solution.id) };
    let mut commands = vec![Command::add(verdict)];
    let (solved, problem) = match judgement.outcome {
        VerdictOutcome::Improved => (SolutionState::Validated, OpportunityState::Validated),
        VerdictOutcome::Worse | VerdictOutcome::NoChange => {
            (SolutionState::NotValidated, OpportunityState::Reopened)
        }
        VerdictOutcome::NotEnough | VerdictOutcome::Confounded => return Some(batch(solution, commands)),
    };
    let set = SolutionField::State(solved);
    commands.push(Command::set(Change::Solution { id: solution.id, set }));
    let answered = solution.opportunities.iter().filter_map(|it| board.opportunities.get(it));
    let moves = |state| matches!(state, OpportunityState::InDelivery | OpportunityState::Shipped);
    for it in answered.filter(|it| it.trashed.is_none() && moves(it.state)) {
        let set = OpportunityField::State(problem);
        commands.push(Command::set(Change::Opportunity { id: it.id, set }));
    }
    Some(batch(solution, commands))
}

fn batch(solution: &Solution, commands: Vec<Command>) -> Command {
    Command::Batch { label: format!("Keep the verdict on “{}”", solution.title), commands }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::{MetricFormula, MetricPoint, MetricState, Opportunity};
    use crate::score::fixture::{NOW, World, days_ago};
    use crate::score::results::{results, settled};
    use crate::score::window::plus_days;
    use crate::time::Stamp;

    /// A shipped solution with 40 % before and `after` since, that answers a shipped and a parked opportunity.
    fn world(after: f64) -> (World, Solution, [crate::id::OpportunityId; 2]) {
        let mut world = World::new();
        let step = world.step("Invite crew");
        let metric = world.entrants(step, 1, &[]);
        let ship = days_ago(40.0).date();
        let it = world.board.metrics.get_mut(&metric).unwrap();
        (it.formula, it.state, it.name) = (MetricFormula::Rate, MetricState::Active, "Crew invited".into());
        for day in -35..=39 {
            let hits = if day < 0 { 16.0 } else { 40.0 * after };
            let point =
                MetricPoint { numerator: Some(hits), denominator: Some(40.0), ..MetricPoint::default() };
            it.points.insert(plus_days(ship, day), point);
        }
        let problems = [OpportunityState::Shipped, OpportunityState::Parked].map(|state| {
            let id = world.id();
            let title = "Invitations get lost".to_owned();
            world
                .board
                .put(Opportunity { title, state, steps: [step].into(), ..Opportunity::new(id) }.into());
            id
        });
        let id = world.solution(step, |it| {
            (it.title, it.state) = ("Text invites".into(), SolutionState::Shipped);
            (it.shipped_at, it.success_metric) = (Some(days_ago(40.0)), Some(metric));
            it.opportunities = problems.into();
        });
        let solution = world.board.solutions[&id].clone();
        (world, solution, problems)
    }

    #[test]
    fn a_final_verdict_is_kept_once_and_the_work_says_what_it_says() {
        for (after, solved, problem, says) in [
            (0.55, SolutionState::Validated, OpportunityState::Validated, "went from 40% to 55% after"),
            (0.25, SolutionState::NotValidated, OpportunityState::Reopened, "Worse after the fix"),
            (0.40, SolutionState::NotValidated, OpportunityState::Reopened, "could not be chance"),
        ] {
            let (world, solution, [shipped, parked]) = world(after);
            let judged = &results(&world.board, &world.index(), &settled(&world.board), NOW)[&solution.id];
            let command = keep(&world.board, &solution, judged, verdict_id(&solution)).unwrap();
            let changes = crate::carry_out(&world.board, command, Stamp::default()).unwrap();
            let mut board = world.board.clone();
            changes.after.into_iter().for_each(|it| board.put(it));
            assert_eq!(board.solutions[&solution.id].state, solved, "{after}");
            assert_eq!(board.opportunities[&shipped].state, problem, "{after}");
            assert_eq!(board.opportunities[&parked].state, OpportunityState::Parked);
            let kept = &board.verdicts[&verdict_id(&solution)];
            assert!(kept.summary.contains(says), "{}", kept.summary);
            assert!(settled(&board).contains(&solution.id), "no second verdict is computed");
        }
    }

    #[test]
    fn an_early_look_and_a_verdict_that_says_nothing_move_nothing() {
        let (mut world, solution, [shipped, _]) = world(0.55);
        let mut judged =
            results(&world.board, &world.index(), &settled(&world.board), NOW).remove(&solution.id).unwrap();
        judged.outcome = VerdictOutcome::Confounded;
        let command = keep(&world.board, &solution, &judged, verdict_id(&solution)).unwrap();
        let changes = crate::carry_out(&world.board, command, Stamp::default()).unwrap();
        changes.after.into_iter().for_each(|it| world.board.put(it));
        assert_eq!(world.board.solutions[&solution.id].state, SolutionState::Shipped);
        assert_eq!(world.board.opportunities[&shipped].state, OpportunityState::Shipped);
        judged.is_interim = true;
        assert_eq!(keep(&world.board, &solution, &judged, verdict_id(&solution)), None);
    }
}
