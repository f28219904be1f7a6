//! Verdicts in words. “Moved after”, never “caused by”.

use super::number;
use crate::entity::{Metric, VerdictOutcome};

/// An outcome in a word or three.
pub const fn verdict_word(outcome: VerdictOutcome) -> &'static str {
    match outcome {
        VerdictOutcome::Improved => "Improved",
        VerdictOutcome::NoChange => "No change detected",
        VerdictOutcome::Worse => "Worse",
        VerdictOutcome::NotEnough => "Not enough data",
        VerdictOutcome::Confounded => "Confounded",
    }
}

/// What the numbers allow to say once the windows are over. `change` is the 95 % interval of the change in
/// the metric's unit, `cases` the number of them after the ship.
pub fn verdict_sentence(
    metric: &Metric,
    outcome: VerdictOutcome,
    change: Option<(f64, f64)>,
    cases: Option<f64>,
) -> String {
    let cases = cases.map(|it| format!("{} cases. ", number::whole(it))).unwrap_or_default();
    let range = change.map(|(low, high)| {
        format!(" (likely {} to {})", number::metric_change(metric, low), number::metric_change(metric, high))
    });
    let range = range.unwrap_or_default();
    match outcome {
        VerdictOutcome::Improved => format!("{cases}Better after the fix{range}."),
        VerdictOutcome::Worse => format!("{cases}Worse after the fix{range}."),
        VerdictOutcome::NoChange => format!("{cases}No change that could not be chance{range}."),
        VerdictOutcome::NotEnough => {
            format!("{cases}Too few to compare: each side needs {}.", number::whole(metric.min_n().into()))
        }
        VerdictOutcome::Confounded => {
            format!("{cases}Something else changed at the same time, so this cannot say what did it.")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::MetricFormula;
    use crate::id::MetricId;

    #[test]
    fn a_verdict_says_its_cases_and_its_range_and_what_is_missing() {
        let metric = Metric { formula: MetricFormula::Rate, ..Metric::new(MetricId::from_parts(0, 1)) };
        for (outcome, change, cases, expected) in [
            (
                VerdictOutcome::Improved,
                Some((0.02, 0.09)),
                Some(1120.0),
                "1,120 cases. Better after the fix (likely +2 to +9).",
            ),
            (
                VerdictOutcome::NotEnough,
                None,
                Some(40.0),
                "40 cases. Too few to compare: each side needs 100.",
            ),
            (VerdictOutcome::NotEnough, None, None, "Too few to compare: each side needs 100."),
        ] {
            assert_eq!(verdict_sentence(&metric, outcome, change, cases), expected);
        }
    }
}
