//! Reach: how many customers a problem touches in thirty days.
//!
//! Reach = distinct users (or accounts) that enter the step per 30 days × the share of them that is
//! affected. An observed share makes it a measurement, a share or number that a person set makes it
//! an estimate; while neither is known, everybody at the step is the upper bound, and says so.
//! Counts from windows of other lengths are scaled to 30 days in proportion.

use serde::{Deserialize, Serialize};

/// Days that reach is counted in.
pub const REACH_DAYS: f64 = 30.0;

/// What is known about how many are touched.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ReachInputs {
    /// Users or accounts that enter the step in the funnel's window.
    pub entrants: Option<f64>,
    /// Days of that window.
    pub window_days: u16,
    /// Share of them that is affected, 0 to 1.
    pub share: Option<AffectedShare>,
    /// Customers in 30 days, as set by a person.
    pub set: Option<f64>,
}

/// The share of those at a step that a problem touches, 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "is", content = "share", rename_all = "snake_case")]
pub enum AffectedShare {
    /// Measured.
    Observed(f64),
    /// A person's guess.
    Set(f64),
}

/// How many customers are touched in 30 days.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reach {
    /// What counts: the number a person set, else the calculated one. `None` if neither is known.
    pub value: Option<f64>,
    /// What the formula gives.
    pub suggested: Option<f64>,
    /// What a person set.
    pub set: Option<f64>,
    /// Set minus suggested.
    pub gap: Option<f64>,
    /// What `value` rests on.
    pub basis: ReachBasis,
}

/// What a reach rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReachBasis {
    /// Measured entrants and a measured share.
    Observed,
    /// A person set the share or the number itself.
    Estimate,
    /// Measured entrants, as if all were affected.
    UpperBound,
    /// Nothing is known.
    Unknown,
}

/// Reach from what is known.
pub fn reach(inputs: ReachInputs) -> Reach {
    let entering = inputs
        .entrants
        .filter(|_| inputs.window_days > 0)
        .map(|it| it * REACH_DAYS / f64::from(inputs.window_days));
    let share = match inputs.share {
        Some(AffectedShare::Observed(share) | AffectedShare::Set(share)) => share.clamp(0.0, 1.0),
        None => 1.0,
    };
    let suggested = entering.map(|it| it * share);
    let basis = match (inputs.set, suggested, inputs.share) {
        (Some(_), _, _) | (None, Some(_), Some(AffectedShare::Set(_))) => ReachBasis::Estimate,
        (None, Some(_), Some(AffectedShare::Observed(_))) => ReachBasis::Observed,
        (None, Some(_), None) => ReachBasis::UpperBound,
        (None, None, _) => ReachBasis::Unknown,
    };
    let mut reach = Reach { value: None, suggested, set: None, gap: None, basis };
    reach.weigh(inputs.set);
    reach
}

impl Reach {
    /// The number that a person set is what counts, without one the calculated one; what the latter rests on is as it is.
    fn weigh(&mut self, set: Option<f64>) {
        self.set = set;
        self.value = set.or(self.suggested);
        self.gap = set.zip(self.suggested).map(|(set, suggested)| set - suggested);
    }

    /// Takes over a person's number for an opportunity, of whose share nothing is known; without one the calculated
    /// number counts.
    pub fn take(&mut self, set: Option<f64>) {
        self.weigh(set);
        self.basis = match (set, self.suggested) {
            (Some(_), _) => ReachBasis::Estimate,
            (None, Some(_)) => ReachBasis::UpperBound,
            (None, None) => ReachBasis::Unknown,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reach_says_what_it_rests_on() {
        use AffectedShare::{Observed, Set};
        // 454 in 28 days are 486.43 in 30; a quarter of those 121.61.
        for (entrants, share, set, value, basis) in [
            (Some(454.0), Some(Observed(0.25)), None, Some(121.607_142_857), ReachBasis::Observed),
            (Some(454.0), Some(Set(0.25)), None, Some(121.607_142_857), ReachBasis::Estimate),
            (Some(454.0), None, None, Some(486.428_571_429), ReachBasis::UpperBound),
            (Some(454.0), Some(Observed(0.25)), Some(90.0), Some(90.0), ReachBasis::Estimate),
            (None, Some(Observed(0.25)), None, None, ReachBasis::Unknown),
            (None, None, Some(90.0), Some(90.0), ReachBasis::Estimate),
        ] {
            let found = reach(ReachInputs { entrants, window_days: 28, share, set });
            assert_eq!(found.basis, basis, "{found:?}");
            assert_eq!(found.value.is_some(), value.is_some(), "{found:?}");
            assert!((found.value.unwrap_or(0.0) - value.unwrap_or(0.0)).abs() < 1e-8, "{found:?}");
        }
    }

    #[test]
    fn a_set_number_shows_its_gap() {
        let found =
            reach(ReachInputs { entrants: Some(60.0), window_days: 30, share: None, set: Some(45.0) });
        assert_eq!((found.suggested, found.gap), (Some(60.0), Some(-15.0)));
        let unknown = reach(ReachInputs { entrants: Some(60.0), window_days: 0, ..ReachInputs::default() });
        assert_eq!(unknown.basis, ReachBasis::Unknown);
    }
}
