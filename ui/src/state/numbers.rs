//! What the map looks up by step and item, taken from the journey's scores once per change.

use std::collections::{BTreeMap, BTreeSet};

use custory_domain::score::Scores;
use custory_domain::score::interval::Interval;
use custory_domain::score::verdict::Judgement;
use custory_domain::*;

/// Open opportunities that ask for a look: the first so many by priority.
const FIRST_OPPORTUNITIES: usize = 3;

/// How many get to a step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Flow {
    /// Accounts that enter the step.
    pub count: f64,
    /// Share of those at the measured step before; none at the first.
    pub conversion: Option<f64>,
    /// How many stop before it.
    pub lost: f64,
    /// Whether conversion lies clearly under the step's target.
    pub is_below_target: bool,
}

/// How a step feels.
#[derive(Clone, Debug, PartialEq)]
pub struct Feeling {
    /// −1 to 1.
    pub value: f64,
    /// Whether the team guesses; otherwise it is what the evidence says.
    pub is_assumed: bool,
    /// What customers say there, on the worst steps.
    pub quote: Option<String>,
}

/// What a shipped fix did to its number: the verdict, or how it stands until there is one.
#[derive(Clone, Debug, PartialEq)]
pub struct FixResult {
    /// The number.
    pub metric: MetricId,
    /// When the fix reached customers.
    pub shipped_at: Timestamp,
    /// The number before.
    pub before: Option<f64>,
    /// The number after, or since.
    pub after: Option<f64>,
    /// Lower and upper end of the 95 % interval: of the change for a verdict, of the number since
    /// the ship otherwise.
    pub range: Option<(f64, f64)>,
    /// Cases behind the number after.
    pub n: Option<f64>,
    /// What the numbers say.
    pub outcome: VerdictOutcome,
    /// Whether it is too early to say.
    pub is_interim: bool,
    /// Whether it is recorded, and will not be computed again.
    pub is_kept: bool,
    /// What else changed at the same time.
    pub confounders: BTreeSet<String>,
    /// The first day on which there is a verdict; none if there is.
    pub due: Option<jiff::civil::Date>,
}

/// Look-ups by step and item.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Numbers {
    /// Flow into each measured step.
    pub flow: BTreeMap<StepId, Flow>,
    /// Days that the flow covers.
    pub flow_days: Option<u16>,
    /// The step that most are lost at.
    pub largest_leak: Option<StepId>,
    /// How steps feel, where anything is known.
    pub feeling: BTreeMap<StepId, Feeling>,
    /// How much an opportunity matters, 0 to 100.
    pub score: BTreeMap<OpportunityId, f64>,
    /// Effort that counts for an opportunity, its own or its solutions'.
    pub effort: BTreeMap<OpportunityId, u8>,
    /// Opportunities to look at first.
    pub first: BTreeSet<OpportunityId>,
    /// What shipped fixes did.
    pub results: BTreeMap<SolutionId, FixResult>,
}

impl Numbers {
    /// Takes them from the scores of a board.
    pub fn of(board: &Board, scores: &Scores) -> Self {
        let mut numbers = Self { flow_days: scores.funnel.window.map(|it| it.days), ..Self::default() };
        for it in &scores.funnel.steps {
            if let Some(count) = it.entrants {
                let lost = it.lost.unwrap_or(0.0);
                let is_below_target = it.is_below_target;
                numbers
                    .flow
                    .insert(it.step, Flow { count, conversion: it.conversion, lost, is_below_target });
            }
            if it.is_largest_leak && it.is_below_target {
                numbers.largest_leak = Some(it.step);
            }
        }
        for it in &scores.sentiment {
            if let Some(value) = it.value {
                let is_assumed = it.basis != Some(Basis::Observed);
                let quote = it.quote.as_ref().map(|it| it.sentence.clone());
                numbers.feeling.insert(it.step, Feeling { value, is_assumed, quote });
            }
        }
        for (id, it) in &scores.opportunities {
            if let Some(score) = it.impact.score {
                numbers.score.insert(*id, score);
            }
            if let Some(effort) = &it.effort {
                numbers.effort.insert(*id, effort.value);
            }
        }
        let ranked = scores.ranking.entries.iter().filter(|it| it.value.is_some());
        numbers.first = ranked.take(FIRST_OPPORTUNITIES).map(|it| it.opportunity).collect();
        numbers.results = scores.results.iter().map(|(id, it)| (*id, judged(it))).collect();
        for verdict in board.verdicts.values().filter(|it| it.trashed.is_none()) {
            if let (Some(solution), Some(result)) = (verdict.solution, of_verdict(verdict))
                && (!verdict.is_interim || !numbers.results.contains_key(&solution))
            {
                numbers.results.insert(solution, result);
            }
        }
        numbers
    }
}

fn of_verdict(verdict: &Verdict) -> Option<FixResult> {
    let change = verdict.low.zip(verdict.high);
    // Until there is a verdict the number itself is shown, so its range is that of the number.
    let range = match (verdict.is_interim, verdict.before) {
        (true, Some(before)) => change.map(|(low, high)| (before.value + low, before.value + high)),
        (true, None) => None,
        (false, _) => change,
    };
    Some(FixResult {
        metric: verdict.metric?,
        shipped_at: verdict.shipped_at?,
        before: verdict.before.map(|it| it.value),
        after: verdict.after.map(|it| it.value),
        range,
        n: verdict.after.map(|it| it.n as f64),
        outcome: verdict.outcome,
        is_interim: verdict.is_interim,
        is_kept: !verdict.is_interim,
        confounders: verdict.confounders.clone(),
        due: None,
    })
}

fn judged(it: &Judgement) -> FixResult {
    let (since, after) = (it.since_ship, it.after.map(|it| it.value));
    let ends = |it: Interval| (it.low, it.high);
    FixResult {
        metric: it.metric,
        shipped_at: it.shipped_at,
        before: it.before.map(|it| it.value),
        // Until the window is over, everything since the ship is shown; then what the verdict compares.
        after: if it.is_interim { since.map(|it| it.value).or(after) } else { after },
        range: if it.is_interim { since.map(|it| ends(it.interval)) } else { it.interval.map(ends) },
        n: if it.is_interim { since.map(|it| it.n) } else { it.after.map(|it| it.n as f64) },
        outcome: it.outcome,
        is_interim: it.is_interim,
        is_kept: false,
        confounders: it.confounders.clone(),
        due: it.is_interim.then_some(it.due),
    }
}
