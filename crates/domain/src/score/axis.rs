//! Axes: what opportunities can be laid out by in a picture, each in five fields from little to much.
//!
//! Ratings have a field for each of their values. What is counted has fields whose edges are round numbers, so that
//! what moves inside one stays where it is: customers and RICE by half powers of ten below the journey's largest, weight
//! of evidence and ICE by doubling, confidence by fifths. What is not known has no field.
//!
//! Some of it a person can set: then a field stands for a value in its middle. The rest follows from what is known, and
//! nothing sets it.

use super::impact::ImpactInput;
use super::opportunity::OpportunityScore;
use super::priority::{HIGH_IMPACT_MIN, LOW_EFFORT_MAX, PriorityFormula, PriorityInputs};
use crate::entity::OpportunityField;

/// Fields of an axis.
pub const FIELDS: u8 = 5;

/// What opportunities can be laid out by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Axis {
    /// How much it matters, 1 to 5.
    Impact,
    /// What it takes, 1 to 5.
    Effort,
    /// Customers it touches in 30 days.
    Reach,
    /// How sure a team can be of it, 0 to 1.
    Confidence,
    /// Effective evidence behind it.
    Evidence,
    /// Worst severity among its insights, 1 to 5.
    Severity,
    /// Customers that stop before its steps.
    Lost,
    /// Its value by the formula of the list.
    Priority,
}

impl Axis {
    /// All of them, those that a person can set first.
    pub const ALL: [Self; 8] = [
        Self::Impact,
        Self::Effort,
        Self::Reach,
        Self::Confidence,
        Self::Evidence,
        Self::Severity,
        Self::Lost,
        Self::Priority,
    ];

    /// What it is kept under.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Impact => "impact",
            Self::Effort => "effort",
            Self::Reach => "reach",
            Self::Confidence => "confidence",
            Self::Evidence => "evidence",
            Self::Severity => "severity",
            Self::Lost => "lost",
            Self::Priority => "priority",
        }
    }

    /// The one that is kept under that.
    pub fn of_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.key() == key)
    }

    /// What people call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Impact => "Impact",
            Self::Effort => "Effort",
            Self::Reach => "Reach",
            Self::Confidence => "Confidence",
            Self::Evidence => "Evidence",
            Self::Severity => "Severity",
            Self::Lost => "Drop-off",
            Self::Priority => "Score",
        }
    }

    /// Whether a person can set it; the rest follows from what is known.
    pub const fn is_set_by_hand(self) -> bool {
        matches!(self, Self::Impact | Self::Effort | Self::Reach | Self::Confidence)
    }

    /// Whether less of it is better.
    pub const fn is_cost(self) -> bool {
        matches!(self, Self::Effort)
    }

    /// The field from which on it is high.
    pub const fn high_from(self) -> u8 {
        match self {
            Self::Effort => LOW_EFFORT_MAX + 1,
            _ => HIGH_IMPACT_MIN,
        }
    }

    /// What counts of an opportunity.
    pub fn value(self, of: &OpportunityScore, formula: PriorityFormula) -> Option<f64> {
        let part = |input| of.impact.inputs.iter().find(|it| it.input == input).map(|it| it.value);
        let value = match self {
            Self::Impact => of.inputs.impact.map(f64::from),
            Self::Effort => of.inputs.effort.map(f64::from),
            Self::Reach => of.inputs.reach,
            Self::Confidence => Some(of.inputs.confidence),
            Self::Evidence => part(ImpactInput::Evidence),
            Self::Severity => part(ImpactInput::Severity),
            Self::Lost => part(ImpactInput::LostUsers),
            Self::Priority => formula.value(&of.inputs),
        };
        value.filter(|it| it.is_finite())
    }

    /// What formulas and solutions say of it, whatever a person set.
    pub fn suggested(self, of: &OpportunityScore) -> Option<f64> {
        match self {
            Self::Impact => of.impact.suggested.map(f64::from),
            Self::Effort => of.effort_suggested.map(|it| f64::from(it.value)),
            Self::Reach => of.reach.suggested,
            Self::Confidence => Some(of.claim.confidence.suggested),
            Self::Evidence | Self::Severity | Self::Lost | Self::Priority => None,
        }
    }

    /// The highest field that a person can give an opportunity: nobody is surer of an assumption than it allows.
    pub fn field_max(self, of: &OpportunityScore, scale: &Scale) -> u8 {
        match self {
            Self::Confidence => scale.field(of.claim.confidence.most()),
            _ => FIELDS,
        }
    }

    /// Its fields, for a journey with those values. Work: one pass for what is counted.
    pub fn scale(self, values: impl IntoIterator<Item = f64>, formula: PriorityFormula) -> Scale {
        match self {
            Self::Impact | Self::Effort | Self::Severity => Scale::RATING,
            Self::Confidence => Scale::FIFTHS,
            Self::Evidence => Scale::doubling(1.0),
            Self::Priority if formula == PriorityFormula::Ice => Scale::doubling(2.0),
            Self::Reach | Self::Lost | Self::Priority => Scale::powers_of_ten(values),
        }
    }

    /// What sets it to the value that a field stands for; none where nobody can.
    pub fn set(self, scale: &Scale, field: u8) -> Option<OpportunityField> {
        let value = scale.middle(field);
        Some(match self {
            Self::Impact => OpportunityField::Impact(Some(field)),
            Self::Effort => OpportunityField::Effort(Some(field)),
            Self::Reach => OpportunityField::Reach(Some(value)),
            Self::Confidence => OpportunityField::Confidence(Some(value)),
            Self::Evidence | Self::Severity | Self::Lost | Self::Priority => return None,
        })
    }

    /// What priority would be worked out from if it were so set.
    pub fn tried(self, inputs: PriorityInputs, scale: &Scale, field: u8) -> PriorityInputs {
        let value = scale.middle(field);
        match self {
            Self::Impact => PriorityInputs { impact: Some(field), ..inputs },
            Self::Effort => PriorityInputs { effort: Some(field), ..inputs },
            Self::Reach => PriorityInputs { reach: Some(value), ..inputs },
            Self::Confidence => PriorityInputs { confidence: value, ..inputs },
            Self::Evidence | Self::Severity | Self::Lost | Self::Priority => inputs,
        }
    }
}

/// The five fields of an axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    /// From where on the second to the fifth field go.
    edges: [f64; 4],
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Rating,
    Fifths,
    Rounded,
}

impl Default for Scale {
    fn default() -> Self {
        Self::RATING
    }
}

impl Scale {
    /// 1 to 5, a field each.
    pub const RATING: Self = Self { edges: [1.5, 2.5, 3.5, 4.5], kind: Kind::Rating };
    /// Of a whole.
    const FIFTHS: Self = Self { edges: [0.2, 0.4, 0.6, 0.8], kind: Kind::Fifths };

    fn doubling(first: f64) -> Self {
        Self { edges: [first, first * 2.0, first * 4.0, first * 8.0], kind: Kind::Rounded }
    }

    /// By about a third of each other, below the power of ten that nothing exceeds.
    fn powers_of_ten(values: impl IntoIterator<Item = f64>) -> Self {
        const LEAST: f64 = 1_000.0;
        const MOST: f64 = 1e12;
        let largest = values.into_iter().filter(|it| it.is_finite()).fold(LEAST, f64::max).min(MOST);
        let mut top = LEAST;
        while top < largest {
            top *= 10.0;
        }
        Self { edges: [0.01, 0.03, 0.1, 0.3].map(|part| (top * part).round()), kind: Kind::Rounded }
    }

    /// The field of a value, 1 to 5.
    pub fn field(&self, value: f64) -> u8 {
        1 + self.edges.iter().map(|edge| u8::from(value >= *edge)).sum::<u8>()
    }

    /// Where one field ends and the next begins; nothing for ratings, whose fields are their values.
    pub fn edges(&self) -> Option<[f64; 4]> {
        (self.kind != Kind::Rating).then_some(self.edges)
    }

    /// The value that a field stands for.
    pub fn middle(&self, field: u8) -> f64 {
        let field = field.clamp(1, FIELDS);
        match self.kind {
            Kind::Rating => f64::from(field),
            Kind::Fifths => f64::from(2 * field - 1) / 10.0,
            Kind::Rounded => one_digit(match field {
                1 => self.edges[0] / 2.0,
                FIELDS => self.edges[3] * 5.0 / 3.0,
                _ => (self.edges[usize::from(field - 2)] * self.edges[usize::from(field - 1)]).sqrt(),
            }),
        }
    }
}

/// A number with all digits but its first one zero.
fn one_digit(value: f64) -> f64 {
    let unit = 10_f64.powf(value.log10().floor());
    (value / unit).round() * unit
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::score::Scores;
    use crate::score::fixture::{NOW, World};

    #[test]
    fn each_axis_has_its_fields() {
        let ice = PriorityFormula::Ice;
        let rice = PriorityFormula::Rice;
        for (axis, formula, largest, value, field) in [
            (Axis::Impact, ice, 5.0, 4.0, 4),
            (Axis::Effort, ice, 5.0, 1.0, 1),
            (Axis::Severity, ice, 5.0, 5.0, 5),
            (Axis::Confidence, ice, 1.0, 0.19, 1),
            (Axis::Confidence, ice, 1.0, 0.2, 2),
            (Axis::Confidence, ice, 1.0, 1.0, 5),
            (Axis::Evidence, ice, 50.0, 0.0, 1),
            (Axis::Evidence, ice, 50.0, 3.9, 3),
            (Axis::Evidence, ice, 50.0, 50.0, 5),
            (Axis::Reach, ice, 9_900.0, 99.0, 1),
            (Axis::Reach, ice, 9_900.0, 100.0, 2),
            (Axis::Reach, ice, 9_900.0, 9_900.0, 5),
            (Axis::Reach, ice, 10_001.0, 9_999.0, 3),
            (Axis::Reach, ice, 3.0, 3.0, 1),
            (Axis::Lost, ice, 700.0, 454.0, 5),
            (Axis::Priority, ice, 20.0, 3.0, 2),
            (Axis::Priority, rice, 4_246.0, 433.0, 3),
        ] {
            let scale = axis.scale([largest], formula);
            assert_eq!(scale.field(value), field, "{value} of {axis:?} below {largest}");
        }
        let strange = Axis::Reach.scale([f64::NAN, f64::INFINITY, -3.0], ice);
        assert_eq!(strange, Axis::Reach.scale([], ice), "what is no number makes no field");
    }

    #[test]
    fn what_a_person_can_set_is_set_to_what_a_field_stands_for() {
        use OpportunityField::{Confidence, Effort, Impact, Reach};
        for (axis, field, expected) in [
            (Axis::Impact, 4, Some(Impact(Some(4)))),
            (Axis::Effort, 1, Some(Effort(Some(1)))),
            (Axis::Reach, 1, Some(Reach(Some(50.0)))),
            (Axis::Reach, 3, Some(Reach(Some(500.0)))),
            (Axis::Reach, 5, Some(Reach(Some(5_000.0)))),
            (Axis::Confidence, 4, Some(Confidence(Some(0.7)))),
            (Axis::Evidence, 4, None),
            (Axis::Severity, 4, None),
            (Axis::Lost, 4, None),
            (Axis::Priority, 4, None),
        ] {
            let scale = axis.scale([9_900.0], PriorityFormula::Rice);
            let set = axis.set(&scale, field);
            assert_eq!(set.is_some(), axis.is_set_by_hand(), "{axis:?}");
            assert_eq!(set, expected, "{axis:?}");
        }
    }

    #[test]
    fn what_is_not_known_has_no_value_and_an_assumption_gets_no_surer_than_it_may() {
        let mut world = World::new();
        let step = world.step("Invite crew");
        let insight = world.insight(step, |it| it.severity = Some(4));
        let bare = world.opportunity(step, |_| {});
        let known = world.opportunity(step, |it| {
            it.insights = [insight].into();
            (it.impact, it.effort, it.reach) = (Some(4), Some(2), Some(300.0));
        });
        world.quote(insight, |_| {});
        let scores = Scores::of(&world.board, &world.index(), NOW);
        let of =
            |id| Axis::ALL.map(|it| it.value(&scores.opportunities[id], PriorityFormula::Rice).is_some());
        //                      impact, effort, reach, confidence, evidence, severity, lost, score
        assert_eq!(of(&bare), [false, false, false, true, false, false, false, false]);
        assert_eq!(of(&known), [true, true, true, true, true, true, false, true]);
        let scale = Axis::Confidence.scale([], PriorityFormula::Rice);
        assert_eq!(Axis::Confidence.field_max(&scores.opportunities[&bare], &scale), 2);
        assert_eq!(Axis::Confidence.field_max(&scores.opportunities[&known], &scale), FIELDS);
    }

    #[test]
    fn every_axis_is_found_under_its_key() {
        for axis in Axis::ALL {
            assert_eq!(Axis::of_key(axis.key()), Some(axis));
        }
        assert_eq!(Axis::of_key("colour"), None);
    }

    proptest! {
        /// What a field stands for lies in it, and more is never in a lower field.
        #[test]
        fn a_field_and_what_it_stands_for_agree(largest in 0.0..1e15_f64, more in 0.0..1e6_f64, field in 1_u8..=FIELDS) {
            for axis in Axis::ALL {
                for formula in [PriorityFormula::Rice, PriorityFormula::Ice] {
                    let scale = axis.scale([largest], formula);
                    let middle = scale.middle(field);
                    prop_assert_eq!(scale.field(middle), field, "{:?} {}", axis, middle);
                    prop_assert!(scale.field(middle + more) >= field);
                }
            }
        }
    }
}
