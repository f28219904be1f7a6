//! Priority: which problem first. A list is always ranked by one formula, and says which.
//!
//! - RICE = reach · I · confidence / effort, with reach in customers per 30 days and I = 0.25, 0.5, 1,
//!   2, 3 for an impact of 1 to 5. Source: S. McBride, “RICE: simple prioritization for product
//!   managers” (Intercom, 2016), with effort on a scale of 1 to 5 in place of person-months.
//! - ICE = impact · confidence · ease, with ease = 6 − effort: for lists in which reach is unknown.
//!   Source: S. Ellis, M. Brown, “Hacking Growth” (2017).
//!
//! Values of the two cannot be compared with each other. Nothing here makes up a missing input: an
//! entry without one has no value, stands last, and names what is missing.

use serde::{Deserialize, Serialize};

use crate::id::OpportunityId;

/// Highest effort; ease is one more than it minus effort.
pub const EFFORT_MAX: u8 = 5;
/// Impact from here on is high.
pub const HIGH_IMPACT_MIN: u8 = 4;
/// Effort up to here is low.
pub const LOW_EFFORT_MAX: u8 = 2;
/// Effort from here on is high.
pub const HIGH_EFFORT_MIN: u8 = 4;

/// What priority is worked out from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PriorityInputs {
    /// Customers per 30 days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reach: Option<f64>,
    /// 1 to 5.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub impact: Option<u8>,
    /// 0 to 1.
    pub confidence: f64,
    /// 1 to 5.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effort: Option<u8>,
}

/// An input that can be missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "named as the inputs are")]
pub enum PriorityInput {
    Reach,
    Impact,
    Effort,
}

/// The formula by which a list is ranked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PriorityFormula {
    /// Reach · impact · confidence / effort.
    #[default]
    Rice,
    /// Impact · confidence · ease.
    Ice,
}

impl PriorityFormula {
    /// How people call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rice => "RICE",
            Self::Ice => "ICE",
        }
    }

    /// How it is worked out, in one line.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Rice => "reach × impact × confidence ÷ effort",
            Self::Ice => "impact × confidence × ease",
        }
    }

    /// The formula that fits a list: RICE where reach is known wherever the rest is, else ICE.
    pub fn for_list<'a>(all: impl IntoIterator<Item = &'a PriorityInputs>) -> Self {
        let mut ratable = all.into_iter().filter(|it| it.impact.is_some() && it.effort.is_some()).peekable();
        let is_known = ratable.peek().is_some() && ratable.all(|it| it.reach.is_some());
        if is_known { Self::Rice } else { Self::Ice }
    }

    /// The value by this formula; `None` while an input is missing.
    pub fn value(self, of: &PriorityInputs) -> Option<f64> {
        let (impact, effort) = (of.impact?.clamp(1, 5), of.effort?.clamp(1, EFFORT_MAX));
        Some(match self {
            Self::Rice => of.reach? * rice_impact(impact) * of.confidence / f64::from(effort),
            Self::Ice => f64::from(impact) * of.confidence * f64::from(EFFORT_MAX + 1 - effort),
        })
    }

    /// The inputs that it lacks.
    pub fn missing(self, of: &PriorityInputs) -> Vec<PriorityInput> {
        let lacks = [
            (PriorityInput::Reach, self == Self::Rice && of.reach.is_none()),
            (PriorityInput::Impact, of.impact.is_none()),
            (PriorityInput::Effort, of.effort.is_none()),
        ];
        lacks.into_iter().filter(|(_, is_missing)| *is_missing).map(|(input, _)| input).collect()
    }
}

const fn rice_impact(impact: u8) -> f64 {
    match impact {
        0 | 1 => 0.25,
        2 => 0.5,
        3 => 1.0,
        4 => 2.0,
        _ => 3.0,
    }
}

/// The field of the impact and effort picture in which something lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quadrant {
    /// High impact, low effort.
    QuickWin,
    /// High impact, high effort.
    BigBet,
    /// Low impact, low effort.
    FillIn,
    /// Low impact, high effort.
    Avoid,
}

/// The field for an impact and an effort, each 1 to 5.
pub const fn quadrant(impact: u8, effort: u8) -> Quadrant {
    match (impact >= HIGH_IMPACT_MIN, effort <= LOW_EFFORT_MAX) {
        (true, true) => Quadrant::QuickWin,
        (true, false) => Quadrant::BigBet,
        (false, true) => Quadrant::FillIn,
        (false, false) => Quadrant::Avoid,
    }
}

/// A ranked list.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Ranking {
    /// By what it is ranked.
    pub formula: PriorityFormula,
    /// Highest first; those with missing inputs last.
    pub entries: Vec<Ranked>,
}

/// One place in a ranked list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ranked {
    /// Which problem.
    pub opportunity: OpportunityId,
    /// By the list's formula.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// Share of the first one's value, 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of_first: Option<f64>,
    /// What is missing for a value.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<PriorityInput>,
}

/// Ranks problems by one formula. Equals keep the order of their ids, so that every device shows the
/// same list. Work: one sort.
pub fn rank<'a>(
    all: impl IntoIterator<Item = (OpportunityId, &'a PriorityInputs)>,
    formula: PriorityFormula,
) -> Ranking {
    let mut entries: Vec<Ranked> = all
        .into_iter()
        .map(|(opportunity, of)| Ranked {
            opportunity,
            value: formula.value(of).filter(|it| it.is_finite()),
            of_first: None,
            missing: formula.missing(of),
        })
        .collect();
    entries.sort_by(|a, b| {
        let key = |it: &Ranked| it.value.unwrap_or(f64::NEG_INFINITY);
        key(b)
            .total_cmp(&key(a))
            .then(a.missing.len().cmp(&b.missing.len()))
            .then(a.opportunity.cmp(&b.opportunity))
    });
    if let Some(first) = entries.first().and_then(|it| it.value).filter(|it| *it > 0.0) {
        entries.iter_mut().for_each(|it| it.of_first = it.value.map(|value| value / first));
    }
    Ranking { formula, entries }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn inputs(reach: Option<f64>, impact: Option<u8>, confidence: f64, effort: Option<u8>) -> PriorityInputs {
        PriorityInputs { reach, impact, confidence, effort }
    }

    fn id(number: u128) -> OpportunityId {
        OpportunityId::from_parts(0, number)
    }

    #[test]
    fn formulas_give_known_values() {
        use PriorityFormula::{Ice, Rice};
        for (of, rice, ice) in [
            (inputs(Some(1000.0), Some(5), 0.8, Some(4)), Some(600.0), Some(8.0)),
            (inputs(Some(1000.0), Some(4), 0.8, Some(1)), Some(1600.0), Some(16.0)),
            (inputs(Some(1000.0), Some(3), 0.5, Some(2)), Some(250.0), Some(6.0)),
            (inputs(Some(1000.0), Some(2), 1.0, Some(5)), Some(100.0), Some(2.0)),
            (inputs(Some(1000.0), Some(1), 0.1, Some(5)), Some(5.0), Some(0.1)),
            (inputs(None, Some(5), 0.8, Some(4)), None, Some(8.0)),
            (inputs(Some(1000.0), None, 0.8, Some(4)), None, None),
            (inputs(Some(1000.0), Some(5), 0.8, None), None, None),
        ] {
            for (formula, expected) in [(Rice, rice), (Ice, ice)] {
                let found = formula.value(&of);
                assert_eq!(found.is_some(), expected.is_some(), "{formula:?} of {of:?}");
                assert!(
                    (found.unwrap_or(0.0) - expected.unwrap_or(0.0)).abs() < 1e-9,
                    "{formula:?} of {of:?}"
                );
            }
        }
    }

    #[test]
    fn quadrants_part_at_impact_four_and_effort_two() {
        for (impact, effort, expected) in [
            (4, 2, Quadrant::QuickWin),
            (5, 1, Quadrant::QuickWin),
            (4, 3, Quadrant::BigBet),
            (3, 2, Quadrant::FillIn),
            (3, 3, Quadrant::Avoid),
            (1, 5, Quadrant::Avoid),
        ] {
            assert_eq!(quadrant(impact, effort), expected, "{impact}, {effort}");
        }
    }

    #[test]
    fn a_list_is_ranked_by_reach_only_where_all_reach_is_known() {
        let known = inputs(Some(10.0), Some(3), 0.5, Some(2));
        let unknown = PriorityInputs { reach: None, ..known };
        let unrated = PriorityInputs { impact: None, ..unknown };
        for (list, expected) in [
            (vec![known, known], PriorityFormula::Rice),
            (vec![known, unknown], PriorityFormula::Ice),
            (vec![known, unrated], PriorityFormula::Rice),
            (vec![unrated], PriorityFormula::Ice),
            (vec![], PriorityFormula::Ice),
        ] {
            assert_eq!(PriorityFormula::for_list(&list), expected, "{list:?}");
        }
    }

    #[test]
    fn what_lacks_an_input_stands_last_and_says_which() {
        let list = [
            (id(1), inputs(Some(100.0), None, 0.5, None)),
            (id(2), inputs(None, Some(5), 1.0, Some(1))),
            (id(3), inputs(Some(100.0), Some(3), 0.5, Some(2))),
            (id(4), inputs(Some(200.0), Some(3), 0.5, Some(2))),
            (id(5), inputs(Some(200.0), Some(3), 0.5, Some(2))),
        ];
        let ranking = rank(list.iter().map(|(id, of)| (*id, of)), PriorityFormula::Rice);
        let order: Vec<_> = ranking.entries.iter().map(|it| it.opportunity).collect();
        assert_eq!(order, [id(4), id(5), id(3), id(2), id(1)]);
        let shares: Vec<_> = ranking.entries.iter().map(|it| it.of_first).collect();
        assert_eq!(shares, [Some(1.0), Some(1.0), Some(0.5), None, None]);
        assert_eq!(ranking.entries[3].missing, [PriorityInput::Reach]);
        assert_eq!(ranking.entries[4].missing, [PriorityInput::Impact, PriorityInput::Effort]);
        assert_eq!(
            (ranking.formula.name(), ranking.formula.text()),
            ("RICE", "reach × impact × confidence ÷ effort")
        );
    }

    proptest! {
        /// The order does not depend on the order in which problems come, values fall, and more
        /// impact, more confidence or less effort never lowers a value.
        #[test]
        fn a_ranking_is_an_order(
            list in proptest::collection::vec((proptest::option::of(0.0..5e3_f64), proptest::option::of(1u8..=5), 0.0..=1.0_f64, proptest::option::of(1u8..=5)), 1..12),
        ) {
            let list: Vec<_> = (1..).zip(&list).map(|(at, of)| (id(at), inputs(of.0, of.1, of.2, of.3))).collect();
            for formula in [PriorityFormula::Rice, PriorityFormula::Ice] {
                let ranking = rank(list.iter().map(|(id, of)| (*id, of)), formula);
                prop_assert_eq!(&ranking, &rank(list.iter().rev().map(|(id, of)| (*id, of)), formula));
                prop_assert!(ranking.entries.windows(2).all(|pair| pair[1].value <= pair[0].value));
                for (_, of) in &list {
                    let easier = PriorityInputs { effort: of.effort.map(|it| (it - 1).max(1)), ..*of };
                    let better = PriorityInputs { impact: of.impact.map(|it| (it + 1).min(5)), ..*of };
                    let surer = PriorityInputs { confidence: (of.confidence + 0.1).min(1.0), ..*of };
                    for raised in [easier, better, surer] {
                        prop_assert!(formula.value(&raised) >= formula.value(of));
                    }
                }
            }
        }
    }
}
