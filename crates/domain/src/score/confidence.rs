//! Confidence: how sure a team can be of a claim, 0 to 1.
//!
//! C = min(1, 0.1 + 0.6 · (1 − e^(−n/3)) + 0.15 if two or more kinds of source speak for it + 0.15
//! if a measured metric agrees), with n the effective evidence ([`super::evidence`]). While no
//! verified item speaks for the claim, C is at most 0.3 and the claim is an assumption, whatever
//! anybody set. The formula is this product's own: the first voices teach most (three of them give
//! 63 % of what evidence can give), and no number of quotes replaces a second way of looking.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::evidence::EffectiveEvidence;
use crate::entity::EvidenceSort;
use crate::id::{EvidenceId, StepId};

/// What is left to a claim that nothing speaks for or against.
pub const BASE: f64 = 0.1;
/// The most that evidence alone adds.
pub const EVIDENCE_MAX: f64 = 0.6;
/// Effective evidence that gives 63 % of that.
pub const EVIDENCE_SCALE: f64 = 3.0;
/// What a second kind of source adds.
pub const KINDS_BONUS: f64 = 0.15;
/// What a metric that agrees adds.
pub const METRIC_BONUS: f64 = 0.15;
/// The most that an assumption can have.
pub const ASSUMPTION_MAX: f64 = 0.3;

/// How sure a team can be, and why.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Confidence {
    /// What counts: the value that a person set, else the suggested one; capped for an assumption.
    pub value: f64,
    /// What the formula gives.
    pub suggested: f64,
    /// What a person set, as they set it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set: Option<f64>,
    /// Set minus suggested.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gap: Option<f64>,
    /// No verified item speaks for it: shown as a badge.
    pub is_assumption: bool,
    /// Whether the cap holds the set or the suggested value down.
    pub is_capped: bool,
    /// What evidence adds, 0 to 0.6.
    pub from_evidence: f64,
    /// Kinds of source that speak for it; two or more add 0.15.
    pub source_kinds: usize,
    /// The measurement that agrees, which adds 0.15.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agrees: Option<Agreement>,
}

/// A measurement that says the same as the claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Agreement {
    /// A counted metric or event among the evidence.
    Measured {
        /// Which one.
        evidence: EvidenceId,
    },
    /// Too few get to the step, or fewer than before; for claims that something hurts.
    Funnel {
        /// Which step.
        step: StepId,
    },
}

/// Confidence in a claim with that evidence.
///
/// `funnel` is the step of the claim at which the funnel shows the trouble, if one does; `set` is
/// the value of a person.
pub fn confidence(evidence: &EffectiveEvidence, funnel: Option<StepId>, set: Option<f64>) -> Confidence {
    let supporting = || evidence.inputs.iter().filter(|it| it.supports());
    let source_kinds = supporting().map(|it| it.class).collect::<BTreeSet<_>>().len();
    let measured = supporting()
        .find(|it| matches!(it.sort, EvidenceSort::Metric | EvidenceSort::Event))
        .map(|it| it.evidence);
    let agrees = measured
        .map(|evidence| Agreement::Measured { evidence })
        .or(funnel.map(|step| Agreement::Funnel { step }));

    let mut confidence = Confidence {
        value: 0.0,
        suggested: 0.0,
        set: None,
        gap: None,
        is_assumption: source_kinds == 0,
        is_capped: false,
        from_evidence: EVIDENCE_MAX * (1.0 - (-evidence.sum.total / EVIDENCE_SCALE).exp()),
        source_kinds,
        agrees,
    };
    confidence.take(set);
    confidence
}

impl Confidence {
    /// Takes over a person's value; without one the suggestion counts.
    pub fn take(&mut self, set: Option<f64>) {
        let bonus = |is_given: bool, bonus: f64| if is_given { bonus } else { 0.0 };
        let uncapped = BASE
            + self.from_evidence
            + bonus(self.source_kinds >= 2, KINDS_BONUS)
            + bonus(self.agrees.is_some(), METRIC_BONUS);
        let wanted = set.unwrap_or(uncapped);
        self.suggested = uncapped.min(self.most());
        self.value = wanted.min(self.most());
        self.set = set;
        self.gap = set.map(|it| it - self.suggested);
        self.is_capped = self.is_assumption && wanted > self.most();
    }

    /// The most that it can be, whatever anybody sets.
    pub const fn most(&self) -> f64 {
        if self.is_assumption { ASSUMPTION_MAX } else { 1.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::{Evidence, Stance, WeightClass};
    use crate::score::evidence::effective;
    use crate::time::Timestamp;
    use proptest::prelude::*;

    const NOW: Timestamp = Timestamp(1_763_640_000_000);

    fn fresh(classes: &[WeightClass]) -> Vec<Evidence> {
        (1..)
            .zip(classes)
            .map(|(id, class)| Evidence {
                account: format!("account {id}"),
                weight: *class,
                captured_at: Some(NOW),
                is_verified: true,
                ..Evidence::new(EvidenceId::from_parts(0, id))
            })
            .collect()
    }

    fn of(items: &[Evidence], funnel: Option<StepId>, set: Option<f64>) -> Confidence {
        confidence(&effective(items.iter().map(|it| (it, Stance::Supports)), NOW), funnel, set)
    }

    /// 1 − e^(−n/3) worked out apart for n = 0.5, 3, 6.8 and 60.
    #[test]
    fn the_formula_gives_known_values() {
        use WeightClass::{Behavioural, Interview, Support};
        let step = Some(StepId::from_parts(0, 1));
        for (classes, funnel, expected) in [
            (vec![], None, 0.1),
            (vec![], step, 0.25),
            (vec![Support], None, 0.1 + 0.6 * 0.153_518_275_1),
            (vec![Behavioural; 3], None, 0.1 + 0.6 * 0.632_120_558_8),
            ([vec![Behavioural; 6], vec![Interview]].concat(), None, 0.1 + 0.6 * 0.896_342_871_4 + 0.15),
            ([vec![Behavioural; 60], vec![Interview]].concat(), step, 1.0),
        ] {
            let found = of(&fresh(&classes), funnel, None).value;
            assert!((found - expected).abs() < 1e-8, "{classes:?}, {funnel:?}: {found} is not {expected}");
        }
    }

    #[test]
    fn without_verified_evidence_nobody_can_be_surer_than_the_cap() {
        let mut items = fresh(&[WeightClass::Interview, WeightClass::Behavioural]);
        items.iter_mut().for_each(|it| it.is_verified = false);
        let found = of(&items, None, Some(0.9));
        assert!(found.is_assumption && found.is_capped);
        assert_eq!((found.value, found.set), (0.3, Some(0.9)));
        items[0].is_verified = true;
        let found = of(&items, None, Some(0.9));
        assert!(!found.is_assumption && !found.is_capped);
        assert_eq!(found.value, 0.9);
        // 0.9 − (0.1 + 0.6·(1 − e^(−0.8/3)))
        assert!((found.gap.unwrap() - 0.659_557_003_0).abs() < 1e-8, "{found:?}");
    }

    #[test]
    fn a_counted_measurement_agrees_and_goes_before_the_funnel() {
        let mut items = fresh(&[WeightClass::Behavioural]);
        let step = StepId::from_parts(0, 9);
        assert_eq!(of(&items, Some(step), None).agrees, Some(Agreement::Funnel { step }));
        items[0].sort = EvidenceSort::Metric;
        let evidence = items[0].id;
        assert_eq!(of(&items, Some(step), None).agrees, Some(Agreement::Measured { evidence }));
        items[0].is_verified = false;
        assert_eq!(of(&items, None, None).agrees, None);
    }

    proptest! {
        /// Confidence is a share, and what a person says counts as they say it once there is proof.
        #[test]
        fn confidence_is_a_share(count in 0usize..40, set in proptest::option::of(0.0..=1.0_f64)) {
            let found = of(&fresh(&vec![WeightClass::Interview; count]), None, set);
            prop_assert!((0.0..=1.0).contains(&found.value) && (BASE..=1.0).contains(&found.suggested));
            match set {
                Some(set) if count > 0 => prop_assert_eq!(found.value, set),
                Some(set) => prop_assert_eq!(found.value, set.min(ASSUMPTION_MAX)),
                None => prop_assert_eq!(found.value, found.suggested),
            }
        }
    }
}
