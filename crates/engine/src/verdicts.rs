//! What shipped fixes did: asked for, and kept once it is final.

use std::cmp::Reverse;

use custory_domain::board::BoardIndex;
use custory_domain::score::keep::{keep, verdict_id};
use custory_domain::score::results::{results, settled};
use custory_domain::score::verdict::Judgement;
use custory_domain::wording::{day, verdict_sentence};
use custory_domain::{Board, JourneyId, Metric, Solution, SolutionId, Timestamp, Verdict, Via};
use custory_ipc::{Reply, VerdictView};

use crate::failure::{Fault, no_such_journey, not_found, refused};
use crate::inbox::{Core, done};

impl Core {
    /// What shipped solutions of a journey did to their metrics.
    pub(crate) fn verdicts(&self, journey: JourneyId) -> Result<Reply, Fault> {
        let board = self.board(journey.ulid())?;
        if board.journey().is_none() {
            return Err(no_such_journey());
        }
        Ok(Reply::Verdicts { verdicts: views(&board, self.clock.now()) })
    }

    /// Keeps a final verdict that a person asks for.
    pub(crate) fn keep_verdict(&mut self, journey: JourneyId, solution: SolutionId) -> Result<Reply, Fault> {
        let board = self.board(journey.ulid())?;
        let now = self.clock.now();
        let judged = results(&board, &BoardIndex::of(&board), &settled(&board), now).remove(&solution);
        let judged = judged.ok_or_else(|| {
            not_found(
                "There is no verdict to keep: the solution has not shipped, moves no metric, or has one.",
            )
        })?;
        match self.keep_judged(journey, &board, solution, &judged, Via::User)? {
            Some(reply) => Ok(reply),
            None => Err(refused(&format!(
                "This is an early look. The verdict is there on {}.",
                day(judged.due, now.date())
            ))),
        }
    }

    /// Keeps a verdict if it is final. `None` if it is not.
    pub(crate) fn keep_judged(
        &mut self,
        journey: JourneyId,
        board: &Board,
        solution: SolutionId,
        judged: &Judgement,
        via: Via,
    ) -> Result<Option<Reply>, Fault> {
        let Some(solution) = board.solutions.get(&solution) else { return Ok(Some(done())) };
        let id = verdict_id(solution);
        let is_free = !board.verdicts.contains_key(&id);
        let id = if is_free { id } else { self.mint().into() };
        let Some(command) = keep(board, solution, judged, id) else { return Ok(None) };
        self.dispatch(journey.ulid(), command, via).map(Some)
    }
}

fn views(board: &Board, now: Timestamp) -> Vec<VerdictView> {
    let judged = results(board, &BoardIndex::of(board), &settled(board), now);
    let early = judged.iter().filter_map(|(id, it)| {
        let solution = board.solutions.get(id)?;
        Some(looked(solution, board.metrics.get(&it.metric)?, it, now))
    });
    let is_kept = |it: &&Verdict| it.trashed.is_none() && !it.is_interim;
    let kept = board.verdicts.values().filter(is_kept).filter_map(|it| kept(board, it));
    let mut views: Vec<VerdictView> = early.chain(kept).collect();
    views.sort_by_key(|it| (Reverse(it.shipped_at), it.solution));
    views
}

fn looked(solution: &Solution, metric: &Metric, judged: &Judgement, now: Timestamp) -> VerdictView {
    let change = judged.interval.map(|it| (it.low, it.high));
    let cases = judged.after.map(|it| it.n as f64);
    let says = verdict_sentence(metric, judged.outcome, change, cases);
    let early = format!("An early look; the verdict is there on {}. ", day(judged.due, now.date()));
    VerdictView {
        solution: solution.id,
        title: solution.title.clone(),
        metric: metric.name.clone(),
        shipped_at: Some(judged.shipped_at),
        before: judged.before,
        after: judged.after,
        low: change.map(|it| it.0),
        high: change.map(|it| it.1),
        outcome: judged.outcome,
        confounders: judged.confounders.clone(),
        is_interim: judged.is_interim,
        due: Some(judged.due),
        is_kept: false,
        says: if judged.is_interim { early + &says } else { says },
    }
}

fn kept(board: &Board, verdict: &Verdict) -> Option<VerdictView> {
    let solution = board.solutions.get(&verdict.solution?).filter(|it| it.trashed.is_none())?;
    Some(VerdictView {
        solution: solution.id,
        title: solution.title.clone(),
        metric: verdict
            .metric
            .and_then(|it| board.metrics.get(&it))
            .map_or(String::new(), |it| it.name.clone()),
        shipped_at: verdict.shipped_at,
        before: verdict.before,
        after: verdict.after,
        low: verdict.low,
        high: verdict.high,
        outcome: verdict.outcome,
        confounders: verdict.confounders.clone(),
        is_interim: false,
        due: None,
        is_kept: true,
        says: verdict.summary.clone(),
    })
}
