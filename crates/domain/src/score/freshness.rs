//! Freshness: whether a step can still be believed.
//!
//! A step is as fresh as its oldest support: the least of 1 − age/limit over
//!
//! - its last review, or its making if nobody has reviewed it, against the journey's review interval;
//! - its newest evidence, against 90 days;
//! - each of its metrics' newest value, against twice the span that a value covers.
//!
//! What a step does not have is left out here; [`super::health`] counts that it is missing. If
//! something shipped on the step after its last review, it is *changed* and its freshness 0, whatever
//! the rest says. The formula is this product's own.

use serde::{Deserialize, Serialize};

use super::window::{Window, days_between, gives_numbers, window_days};
use crate::entity::{Journey, Metric, Step};
use crate::id::{EntityRef, MetricId};
use crate::time::Timestamp;

/// Evidence this old no longer supports anything.
pub const EVIDENCE_DAYS_MAX: f64 = 90.0;
/// A metric may miss one value; when it misses two it has stopped.
pub const METRIC_SPANS_MAX: f64 = 2.0;
/// Under this a step is ageing: the last third of its time has begun, early enough to look again.
pub const AGEING_UNDER: f64 = 1.0 / 3.0;

/// Whether a step can still be believed, and what says so.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Freshness {
    /// In one word.
    pub state: FreshnessState,
    /// 0 to 1: 1 is from today, 0 is past its limit or changed.
    pub share: f64,
    /// Every support with its age, the least fresh first.
    pub supports: Vec<Support>,
    /// What shipped on the step after its last review, newest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changed_by: Vec<Shipment>,
}

/// Whether a step can still be believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FreshnessState {
    /// All supports are in their first two thirds.
    Fresh,
    /// One is in its last third.
    Ageing,
    /// One is past its limit.
    Stale,
    /// Something shipped here that nobody has looked at since.
    Changed,
}

/// Something that a step rests on, and how old it is.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Support {
    /// What it is.
    pub by: SupportKind,
    /// How old, in days, at least 0.
    pub age_days: f64,
    /// How old it may be, in days.
    pub limit_days: f64,
}

impl Support {
    /// What is left of it, 0 to 1.
    pub fn share(&self) -> f64 {
        (1.0 - self.age_days.max(0.0) / self.limit_days).clamp(0.0, 1.0)
    }
}

/// What a step rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum SupportKind {
    /// Somebody said that it is still true.
    Review,
    /// Nobody has yet: since it was made.
    Making,
    /// Its newest evidence.
    Evidence,
    /// A metric's newest value.
    Metric {
        /// Which metric.
        metric: MetricId,
    },
}

/// Something that reached customers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Shipment {
    /// When.
    pub at: Timestamp,
    /// The solution or linked issue.
    pub what: EntityRef,
}

/// Days after which a step's review is due in this journey.
pub fn review_days(journey: Option<&Journey>) -> u16 {
    let set = journey.map_or(0, |it| it.review_every_days);
    if set == 0 { Journey::REVIEW_EVERY_DAYS_DEFAULT } else { set }
}

/// Freshness of a step.
///
/// `review_days` as from [`review_days`]; `newest_evidence` is when the newest verified item on the
/// step was said; `metrics` and `shipments` are those on the step.
pub fn freshness<'a>(
    step: &Step,
    review_days: u16,
    newest_evidence: Option<Timestamp>,
    metrics: impl IntoIterator<Item = &'a Metric>,
    shipments: impl IntoIterator<Item = Shipment>,
    now: Timestamp,
) -> Freshness {
    let (reviewed, by) = match step.last_reviewed {
        Some(review) => (review.at, SupportKind::Review),
        None => (step.created.at, SupportKind::Making),
    };
    let age = |at: Timestamp| now.days_since(at).max(0.0);
    let mut supports =
        vec![Support { by, age_days: age(reviewed), limit_days: f64::from(review_days.max(1)) }];
    supports.extend(newest_evidence.map(|at| Support {
        by: SupportKind::Evidence,
        age_days: age(at),
        limit_days: EVIDENCE_DAYS_MAX,
    }));
    supports
        .extend(metrics.into_iter().filter(|it| gives_numbers(it)).filter_map(|it| metric_support(it, now)));
    supports.sort_by(|a, b| a.share().total_cmp(&b.share()).then(a.by.cmp(&b.by)));

    let mut changed_by: Vec<_> =
        shipments.into_iter().filter(|it| reviewed < it.at && it.at <= now).collect();
    changed_by.sort_by(|a, b| b.cmp(a));
    let oldest = supports.first().map_or(0.0, Support::share);
    let state = match oldest {
        _ if !changed_by.is_empty() => FreshnessState::Changed,
        share if share <= 0.0 => FreshnessState::Stale,
        share if share < AGEING_UNDER => FreshnessState::Ageing,
        _ => FreshnessState::Fresh,
    };
    let share = if state == FreshnessState::Changed { 0.0 } else { oldest };
    Freshness { state, share, supports, changed_by }
}

fn metric_support(metric: &Metric, now: Timestamp) -> Option<Support> {
    let days = window_days(metric);
    let last_day = Window { from: *metric.latest()?.0, days }.to();
    Some(Support {
        by: SupportKind::Metric { metric: metric.id },
        age_days: days_between(last_day, now.date()).max(0) as f64,
        limit_days: METRIC_SPANS_MAX * f64::from(days),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::MetricState;
    use crate::id::SolutionId;
    use crate::score::fixture::{NOW, World, days_ago};
    use crate::time::Stamp;
    use proptest::prelude::*;

    /// A step with a review, evidence and a metric of weekly values, by their age in days.
    struct Case {
        review: Option<f64>,
        evidence: Option<f64>,
        metric: Option<i64>,
        shipped: Option<f64>,
    }

    fn of(case: &Case) -> Freshness {
        let mut world = World::new();
        let step = world.step("Invite crew");
        let reviewed = |days| Stamp { at: days_ago(days), ..Stamp::default() };
        world.edit_step(step, |it| it.last_reviewed = case.review.map(reviewed));
        if let Some(age) = case.metric {
            let metric = world.entrants(step, 7, &[]);
            let from = super::super::window::plus_days(NOW.date(), -age - 6);
            world.board.metrics.get_mut(&metric).unwrap().points.insert(from, Default::default());
        }
        let shipment = |days| Shipment { at: days_ago(days), what: SolutionId::from_parts(0, 9).into() };
        freshness(
            &world.board.steps[&step],
            90,
            case.evidence.map(days_ago),
            world.board.metrics.values(),
            case.shipped.map(shipment),
            NOW,
        )
    }

    #[test]
    fn a_step_is_as_fresh_as_its_oldest_support() {
        use FreshnessState::{Ageing, Changed, Fresh, Stale};
        let none = Case { review: None, evidence: None, metric: None, shipped: None };
        for (case, state, share) in [
            // Made ten days ago and never reviewed.
            (none, Fresh, 80.0 / 90.0),
            (Case { review: Some(0.0), evidence: None, metric: None, shipped: None }, Fresh, 1.0),
            (Case { review: Some(60.0), evidence: None, metric: None, shipped: None }, Fresh, 1.0 / 3.0),
            (Case { review: Some(61.0), evidence: None, metric: None, shipped: None }, Ageing, 29.0 / 90.0),
            (Case { review: Some(90.0), evidence: None, metric: None, shipped: None }, Stale, 0.0),
            (Case { review: Some(9.0), evidence: Some(72.0), metric: None, shipped: None }, Ageing, 0.2),
            (Case { review: Some(9.0), evidence: Some(300.0), metric: None, shipped: None }, Stale, 0.0),
            (Case { review: Some(9.0), evidence: Some(9.0), metric: Some(7), shipped: None }, Fresh, 0.5),
            (Case { review: Some(9.0), evidence: Some(9.0), metric: Some(14), shipped: None }, Stale, 0.0),
            (
                Case { review: Some(9.0), evidence: Some(9.0), metric: Some(1), shipped: Some(3.0) },
                Changed,
                0.0,
            ),
            (Case { review: Some(9.0), evidence: None, metric: None, shipped: Some(12.0) }, Fresh, 0.9),
            // Not out yet.
            (Case { review: Some(9.0), evidence: None, metric: None, shipped: Some(-1.0) }, Fresh, 0.9),
        ] {
            let found = of(&case);
            assert_eq!(found.state, state, "{found:?}");
            assert!((found.share - share).abs() < 1e-9, "{found:?}");
            assert_eq!(found.changed_by.is_empty(), state != Changed);
        }
    }

    #[test]
    fn the_oldest_support_is_named_first() {
        let found = of(&Case { review: Some(9.0), evidence: Some(72.0), metric: Some(7), shipped: None });
        let kinds: Vec<_> = found.supports.iter().map(|it| it.by).collect();
        let [SupportKind::Evidence, SupportKind::Metric { .. }, SupportKind::Review] = kinds[..] else {
            panic!("{kinds:?}");
        };
    }

    #[test]
    fn a_retired_metric_makes_nothing_stale() {
        let mut world = World::new();
        let step = world.step("Invite crew");
        let metric = world.entrants(step, 7, &[]);
        let metric = world.board.metrics.get_mut(&metric).unwrap();
        metric.points.insert(super::super::window::plus_days(NOW.date(), -100), Default::default());
        metric.state = MetricState::Retired;
        let found = freshness(&world.board.steps[&step], 90, None, world.board.metrics.values(), [], NOW);
        assert_eq!((found.state, found.supports.len()), (FreshnessState::Fresh, 1));
    }

    #[test]
    fn a_journey_says_when_reviews_are_due() {
        let mut journey = Journey::new(crate::id::JourneyId::from_parts(0, 1));
        assert_eq!((review_days(None), review_days(Some(&journey))), (90, 90));
        journey.review_every_days = 30;
        assert_eq!(review_days(Some(&journey)), 30);
    }

    proptest! {
        /// Saying “still true” now never leaves a step changed, nor older than its other supports.
        #[test]
        fn a_review_clears_what_changed(evidence in proptest::option::of(0.0..200.0_f64), shipped in 0.0..50.0_f64) {
            let before = of(&Case { review: Some(60.0), evidence, metric: None, shipped: Some(shipped) });
            let after = of(&Case { review: Some(0.0), evidence, metric: None, shipped: Some(shipped) });
            prop_assert_eq!(before.state, FreshnessState::Changed);
            prop_assert_ne!(after.state, FreshnessState::Changed);
            let left = evidence.map_or(1.0, |age| (1.0 - age / 90.0).max(0.0));
            prop_assert!((after.share - left).abs() < 1e-6);
        }
    }
}
