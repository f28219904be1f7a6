//! Journey health, 0 to 100: whether a journey can be worked with. Always shown with its five bars.
//!
//! 30 · freshness of the steps, weighted by their entrants + 25 · evidence cover (insights and open
//! opportunities that verified evidence speaks for) + 15 · metric cover (steps with a metric that
//! gives numbers) + 10 · ownership (steps, open opportunities and open solutions with an owner) + 20 ·
//! loop closure (solutions shipped more than 45 days ago that have a verdict). A bar with nothing to
//! count is left out and the sum is over the others' weights: nothing shipped yet is no failure. The
//! formula is this product's own.

use serde::{Deserialize, Serialize};

/// After so many days a shipped solution should have its verdict: four weeks of numbers after the
/// ship, its settle time, and two weeks to look.
pub const VERDICT_DUE_DAYS: f64 = 45.0;

/// One of the five bars.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HealthBar {
    /// Steps are looked at; the busiest count most.
    Freshness,
    /// Insights and open opportunities rest on verified evidence.
    Evidence,
    /// Steps are measured.
    Metrics,
    /// Somebody answers for steps and open work.
    Ownership,
    /// Shipped work was checked.
    Closure,
}

impl HealthBar {
    /// Points of the sum that the bar can give; together 100.
    pub const fn weight(self) -> f64 {
        match self {
            Self::Freshness => 30.0,
            Self::Evidence => 25.0,
            Self::Metrics => 15.0,
            Self::Ownership => 10.0,
            Self::Closure => 20.0,
        }
    }
}

/// So many of so many that should.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cover {
    /// That do.
    pub met: usize,
    /// That should.
    pub of: usize,
}

impl Cover {
    /// Counts one that should.
    pub fn count(&mut self, is_met: bool) {
        self.met += usize::from(is_met);
        self.of += 1;
    }

    /// The share that does; `None` of nothing.
    pub fn share(self) -> Option<f64> {
        (self.of > 0).then(|| self.met as f64 / self.of as f64)
    }
}

/// What health is worked out from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HealthInputs {
    /// Of each step that customers take: its freshness 0 to 1, and its entrants where they are known.
    pub steps: Vec<(f64, Option<f64>)>,
    /// Steps that are fresh.
    pub fresh: Cover,
    /// Insights and open opportunities with verified evidence.
    pub evidence: Cover,
    /// Steps with a metric that gives numbers.
    pub metrics: Cover,
    /// Steps, open opportunities and open solutions with an owner.
    pub ownership: Cover,
    /// Solutions shipped more than [`VERDICT_DUE_DAYS`] ago with a verdict.
    pub closure: Cover,
}

/// Whether a journey can be worked with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Health {
    /// 0 to 100; `None` while there is nothing to count.
    pub score: Option<f64>,
    /// The five bars, in their fixed order.
    pub bars: [HealthPart; 5],
}

/// One bar.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct HealthPart {
    /// Which bar.
    pub bar: HealthBar,
    /// How full, 0 to 1; `None` with nothing to count.
    pub share: Option<f64>,
    /// What it counts.
    pub cover: Cover,
}

/// Health of a journey.
pub fn health(inputs: &HealthInputs) -> Health {
    let part = |bar, cover: Cover| HealthPart { bar, share: cover.share(), cover };
    let bars = [
        HealthPart { share: freshness(&inputs.steps), ..part(HealthBar::Freshness, inputs.fresh) },
        part(HealthBar::Evidence, inputs.evidence),
        part(HealthBar::Metrics, inputs.metrics),
        part(HealthBar::Ownership, inputs.ownership),
        part(HealthBar::Closure, inputs.closure),
    ];
    let (mut points, mut weights) = (0.0, 0.0);
    for it in &bars {
        if let Some(share) = it.share {
            points += it.bar.weight() * share;
            weights += it.bar.weight();
        }
    }
    Health { score: (weights > 0.0).then(|| 100.0 * points / weights), bars }
}

/// Mean freshness weighted by entrants. A step whose entrants are unknown counts as the middle one of
/// those that are known, so that it neither vanishes nor decides.
fn freshness(steps: &[(f64, Option<f64>)]) -> Option<f64> {
    let mut known: Vec<f64> = steps.iter().filter_map(|it| it.1).filter(|it| *it > 0.0).collect();
    known.sort_unstable_by(f64::total_cmp);
    let middle = known.get(known.len() / 2).copied().unwrap_or(1.0);
    let weight = |entrants: &Option<f64>| entrants.unwrap_or(middle);
    let weights: f64 = steps.iter().map(|it| weight(&it.1)).sum();
    (weights > 0.0)
        .then(|| steps.iter().map(|(share, entrants)| share * weight(entrants)).sum::<f64>() / weights)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cover(met: usize, of: usize) -> Cover {
        Cover { met, of }
    }

    #[test]
    fn the_bars_come_to_a_hundred() {
        let bars = health(&HealthInputs::default()).bars;
        assert_eq!(bars.iter().map(|it| it.bar.weight()).sum::<f64>(), 100.0);
    }

    /// 30 · .85 + 25 · .75 + 15 · .5 + 10 · .9 + 20 · .25 = 65.75; without the last bar 60.75 of 80.
    #[test]
    fn a_known_journey_gets_its_known_health() {
        let inputs = HealthInputs {
            steps: vec![(1.0, Some(700.0)), (0.5, Some(300.0))],
            fresh: cover(2, 2),
            evidence: cover(15, 20),
            metrics: cover(1, 2),
            ownership: cover(9, 10),
            closure: cover(1, 4),
        };
        assert!((health(&inputs).score.unwrap() - 65.75).abs() < 1e-9);
        let nothing_shipped = HealthInputs { closure: cover(0, 0), ..inputs };
        let found = health(&nothing_shipped);
        assert!((found.score.unwrap() - 75.9375).abs() < 1e-9);
        assert_eq!(found.bars[4].share, None);
    }

    #[test]
    fn the_busiest_steps_count_most() {
        for (steps, expected) in [
            (vec![(1.0, Some(900.0)), (0.0, Some(100.0))], Some(0.9)),
            // 9, 3 and the middle one, 9.
            (vec![(1.0, Some(9.0)), (0.0, Some(3.0)), (1.0, None)], Some(18.0 / 21.0)),
            (vec![(1.0, None), (0.5, None)], Some(0.75)),
            (vec![(0.5, Some(0.0)), (1.0, Some(0.0))], None),
            (vec![], None),
        ] {
            assert_eq!(freshness(&steps), expected, "{steps:?}");
        }
    }

    #[test]
    fn an_empty_journey_has_no_health() {
        assert_eq!(health(&HealthInputs::default()).score, None);
    }

    proptest! {
        /// Health stays on its scale, and one more thing done never lowers it.
        #[test]
        fn doing_more_never_hurts(
            steps in proptest::collection::vec((0.0..=1.0_f64, proptest::option::of(0.0..1e4_f64)), 0..9),
            covers in proptest::array::uniform4((0usize..9, 1usize..9)),
        ) {
            let [evidence, metrics, ownership, closure] = covers.map(|(met, more)| cover(met, met + more));
            let inputs = HealthInputs { steps, fresh: cover(0, 0), evidence, metrics, ownership, closure };
            let score = health(&inputs).score.unwrap();
            prop_assert!((0.0..=100.0 + 1e-9).contains(&score));
            let owned = HealthInputs { ownership: cover(ownership.met + 1, ownership.of), ..inputs };
            prop_assert!(health(&owned).score.unwrap() > score);
        }
    }
}
