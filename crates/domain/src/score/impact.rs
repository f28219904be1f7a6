//! Impact: how much a problem matters, 0 to 100, and the 1 to 5 it suggests.
//!
//! Impact = 100 · Σ wᵢxᵢ / Σ wᵢ, over the inputs that are present: lost users 0.35, affected revenue
//! 0.25, effective evidence 0.20, severity 0.10, recency 0.10. Each is log-scaled to the journey's
//! 90th percentile of that input and capped: x = min(1, ln(1 + v) / ln(1 + p₉₀)), so that one huge
//! step does not flatten the others. A missing input is dropped, never taken for zero; how many of
//! the five are present is part of the answer. The suggested 1 to 5 cuts at 20, 40, 60 and 80. What a
//! person sets wins, and the gap is shown. Formula and weights are this product's own.

use serde::{Deserialize, Serialize};

/// An input of impact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImpactInput {
    /// Users that stop before the problem's steps, in the funnel's window.
    LostUsers,
    /// Monthly recurring revenue of the accounts concerned, in the workspace's currency.
    Revenue,
    /// Effective evidence; see [`super::evidence`].
    Evidence,
    /// Worst severity among its insights, 1 to 5.
    Severity,
    /// What is left of its newest counted item after its age: 1 for today, a half after 90 days.
    Recency,
}

impl ImpactInput {
    /// All inputs, the heaviest first.
    pub const ALL: [Self; 5] =
        [Self::LostUsers, Self::Revenue, Self::Evidence, Self::Severity, Self::Recency];

    /// How much it weighs; together 1.
    pub const fn weight(self) -> f64 {
        match self {
            Self::LostUsers => 0.35,
            Self::Revenue => 0.25,
            Self::Evidence => 0.20,
            Self::Severity | Self::Recency => 0.10,
        }
    }
}

/// What is known about one problem; missing is not zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "named as the inputs are")]
pub struct ImpactValues {
    pub lost_users: Option<f64>,
    pub revenue: Option<f64>,
    pub evidence: Option<f64>,
    pub severity: Option<f64>,
    pub recency: Option<f64>,
}

impl ImpactValues {
    /// One of them; numbers that are none count as missing, negative ones as zero.
    pub fn get(&self, input: ImpactInput) -> Option<f64> {
        let value = match input {
            ImpactInput::LostUsers => self.lost_users,
            ImpactInput::Revenue => self.revenue,
            ImpactInput::Evidence => self.evidence,
            ImpactInput::Severity => self.severity,
            ImpactInput::Recency => self.recency,
        };
        value.filter(|it| it.is_finite()).map(|it| it.max(0.0))
    }
}

/// The 90th percentile of each input over a journey: what counts as much there.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ImpactScale([Option<f64>; 5]);

impl ImpactScale {
    /// Share of the values that are at most at the top of the scale.
    pub const PERCENTILE: f64 = 0.9;

    /// Reads the scale off all problems of a journey. Work: sorting five lists.
    pub fn of(all: &[ImpactValues]) -> Self {
        Self(ImpactInput::ALL.map(|input| {
            let mut values: Vec<f64> = all.iter().filter_map(|it| it.get(input)).collect();
            values.sort_unstable_by(f64::total_cmp);
            // Nearest rank: the smallest value that nine tenths do not exceed, always one that is there.
            let rank = (values.len() as f64 * Self::PERCENTILE).ceil() as usize;
            values.get(rank.checked_sub(1)?).copied()
        }))
    }

    fn scaled(&self, input: ImpactInput, value: f64) -> f64 {
        match self.0[input as usize] {
            Some(top) if top > 0.0 => (value.ln_1p() / top.ln_1p()).min(1.0),
            _ => f64::from(u8::from(value > 0.0)),
        }
    }
}

/// How much a problem matters, and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Impact {
    /// 0 to 100; `None` if no input is known.
    pub score: Option<f64>,
    /// 1 to 5 from the score.
    pub suggested: Option<u8>,
    /// 1 to 5 as set by a person.
    pub set: Option<u8>,
    /// What counts: set, else suggested.
    pub value: Option<u8>,
    /// Set minus suggested.
    pub gap: Option<i8>,
    /// The inputs that are present, the heaviest first. Completeness is their number of five.
    pub inputs: Vec<ImpactPart>,
    /// The inputs that are missing.
    pub missing: Vec<ImpactInput>,
}

/// One input and what it adds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ImpactPart {
    /// Which input.
    pub input: ImpactInput,
    /// Its value, in its own unit.
    pub value: f64,
    /// On the journey's scale, 0 to 1.
    pub scaled: f64,
    /// What it adds to the score; together they are the score.
    pub points: f64,
}

/// Impact of one problem on its journey's scale; `set` is a person's 1 to 5.
pub fn impact(values: &ImpactValues, scale: &ImpactScale, set: Option<u8>) -> Impact {
    let mut inputs = Vec::with_capacity(ImpactInput::ALL.len());
    let mut missing = Vec::new();
    for input in ImpactInput::ALL {
        match values.get(input) {
            Some(value) => {
                let scaled = scale.scaled(input, value);
                inputs.push(ImpactPart { input, value, scaled, points: 0.0 });
            }
            None => missing.push(input),
        }
    }
    let present: f64 = inputs.iter().map(|it| it.input.weight()).sum();
    for part in &mut inputs {
        part.points = 100.0 * part.input.weight() * part.scaled / present;
    }
    let score = (!inputs.is_empty()).then(|| inputs.iter().map(|it| it.points).sum());
    let suggested = score.map(suggested);
    let mut impact = Impact { score, suggested, set: None, value: None, gap: None, inputs, missing };
    impact.take(set);
    impact
}

impl Impact {
    /// Takes over a person's 1 to 5; without one the suggestion counts.
    pub fn take(&mut self, set: Option<u8>) {
        self.set = set;
        self.value = set.or(self.suggested);
        self.gap = set.zip(self.suggested).map(|(set, suggested)| set as i8 - suggested as i8);
    }
}

/// 1 to 5 for a score, by fixed cuts, so that a suggestion means the same in every journey.
pub fn suggested(score: f64) -> u8 {
    1 + [20.0, 40.0, 60.0, 80.0].into_iter().map(|cut| u8::from(score >= cut)).sum::<u8>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn values(lost_users: f64) -> ImpactValues {
        ImpactValues { lost_users: Some(lost_users), ..ImpactValues::default() }
    }

    fn all_of(lost_users: f64, revenue: f64, evidence: f64, severity: f64, recency: f64) -> ImpactValues {
        let [lost_users, revenue, evidence, severity, recency] =
            [lost_users, revenue, evidence, severity, recency].map(Some);
        ImpactValues { lost_users, revenue, evidence, severity, recency }
    }

    #[test]
    fn the_weights_come_to_one() {
        let sum: f64 = ImpactInput::ALL.iter().map(|it| it.weight()).sum();
        assert!((sum - 1.0).abs() < 1e-12);
        assert!(ImpactInput::ALL.iter().enumerate().all(|(at, it)| *it as usize == at));
    }

    #[test]
    fn the_scale_is_the_value_that_nine_tenths_do_not_exceed() {
        for (count, top) in [(1_u32, 1.0), (4, 4.0), (9, 9.0), (10, 9.0), (11, 10.0), (20, 18.0), (100, 90.0)]
        {
            let all: Vec<_> = (1..=count).map(|it| values(f64::from(it))).collect();
            assert_eq!(ImpactScale::of(&all).0, [Some(top), None, None, None, None], "{count}");
        }
    }

    /// Against a scale of 627 users, $1,218, n = 12, severity 4 and recency 1:
    /// ln 103/ln 628, ln 301/ln 1219, ln 4/ln 13, ln 4/ln 5, ln 1.5/ln 2 = .719395, .803164,
    /// .540476, .861353, .584963; weighted .35, .25, .20, .10, .10.
    #[test]
    fn a_known_problem_gets_its_known_score() {
        let scale = ImpactScale([627.0, 1218.0, 12.0, 4.0, 1.0].map(Some));
        let full = all_of(102.0, 300.0, 3.0, 3.0, 0.5);
        let without_revenue = ImpactValues { revenue: None, ..full };
        for (values, score, completeness) in [
            (full, 70.530_590_7, 5),
            (without_revenue, 67.268_660_6, 4),
            (ImpactValues { severity: Some(3.0), ..ImpactValues::default() }, 86.135_311_6, 1),
        ] {
            let found = impact(&values, &scale, None);
            assert!((found.score.unwrap() - score).abs() < 1e-6, "{found:?}");
            assert_eq!(found.inputs.len(), completeness);
            assert_eq!(found.missing.len(), 5 - completeness);
        }
    }

    #[test]
    fn suggestions_cut_at_twenty_forty_sixty_eighty() {
        for (score, suggestion) in [
            (0.0, 1),
            (19.99, 1),
            (20.0, 2),
            (39.99, 2),
            (40.0, 3),
            (60.0, 4),
            (79.99, 4),
            (80.0, 5),
            (100.0, 5),
        ] {
            assert_eq!(suggested(score), suggestion, "{score}");
        }
    }

    #[test]
    fn what_a_person_sets_wins_and_the_gap_shows() {
        let scale = ImpactScale::of(&[values(10.0)]);
        let found = impact(&values(10.0), &scale, Some(2));
        assert_eq!((found.value, found.suggested, found.gap), (Some(2), Some(5), Some(-3)));
        let unknown = impact(&ImpactValues::default(), &scale, None);
        assert_eq!((unknown.score, unknown.value, unknown.missing.len()), (None, None, 5));
        assert_eq!(impact(&ImpactValues::default(), &scale, Some(4)).value, Some(4));
    }

    #[test]
    fn where_all_are_zero_nothing_is_on_the_scale() {
        let scale = ImpactScale::of(&[values(0.0), values(0.0)]);
        assert_eq!(impact(&values(0.0), &scale, None).score, Some(0.0));
        assert_eq!(impact(&values(1.0), &scale, None).score, Some(100.0));
    }

    fn any_values() -> impl Strategy<Value = ImpactValues> {
        let one = || proptest::option::of(0.0..1e6_f64);
        (one(), one(), one(), one(), one()).prop_map(|(lost_users, revenue, evidence, severity, recency)| {
            ImpactValues { lost_users, revenue, evidence, severity, recency }
        })
    }

    proptest! {
        /// Points add up to the score, the score stays on its scale, and more of anything that is
        /// known never makes a problem matter less.
        #[test]
        fn scores_stay_on_their_scale(all in proptest::collection::vec(any_values(), 1..20), more in 0.0..1e5_f64) {
            let scale = ImpactScale::of(&all);
            for values in &all {
                let found = impact(values, &scale, None);
                prop_assert_eq!(found.inputs.len() + found.missing.len(), 5);
                let Some(score) = found.score else { continue };
                prop_assert!((0.0..=100.0 + 1e-9).contains(&score));
                let points: f64 = found.inputs.iter().map(|it| it.points).sum();
                prop_assert!((points - score).abs() < 1e-9);
                let raised = ImpactValues { lost_users: values.lost_users.map(|it| it + more), ..*values };
                prop_assert!(impact(&raised, &scale, None).score.unwrap() >= score - 1e-9);
            }
        }
    }
}
