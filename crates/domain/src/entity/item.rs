//! What hangs on steps: touchpoints, insights, opportunities, solutions, metrics.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::entity;
use super::source::MetricSource;
use crate::id::{InsightId, MemberId, MetricId, OpportunityId, PersonaId, StepId};
use crate::order::Order;
use crate::time::Timestamp;

entity! {
    /// Where the customer meets the product.
    Touchpoint(TouchpointId), TouchpointField {
        /// Title, at most 120 characters.
        Title => title: String,
        /// Through what they meet.
        Channel => channel: Channel,
        /// Address, where it has one.
        Url => url: String,
        /// Whether the customer sees it.
        Side => side: Side,
        /// The picture of it: SHA-256 of the file, hexadecimal. The file lies beside the documents. Empty without one.
        Picture => picture: String,
        /// What is worth knowing about it. Long text.
        Notes => notes: String,
        /// Who answers for it.
        Owner => owner: Option<MemberId>,
    }
    rules {
        /// The steps it is placed on.
        steps: BTreeSet<StepId>,
        /// Where it stands among its kind on a step.
        order: Order,
    }
}

/// Through what customer and product meet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words are the meaning")]
pub enum Channel {
    Site,
    App,
    Email,
    Chat,
    Call,
    Docs,
    Store,
    Ads,
    Community,
    #[default]
    Other,
}

/// Which side of the line of visibility something is on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The customer sees it.
    #[default]
    Front,
    /// The customer does not.
    Back,
}

entity! {
    /// What was learned about the customer.
    Insight(InsightId), InsightField {
        /// The statement, at most 240 characters.
        Statement => statement: String,
        /// What kind of statement it is.
        Kind => sort: InsightSort,
        /// How sure the team is, apart from where the work on it stands.
        Truth => truth: Truth,
        /// How bad it is, 1 to 5; unknown stays empty.
        Severity => severity: Option<u8>,
        /// Who is affected, in words.
        Segment => segment: String,
        /// Personas affected.
        Personas => personas: BTreeSet<PersonaId>,
        /// What is worth knowing about it. Long text.
        Notes => notes: String,
        /// Where the work on it stands.
        State => state: InsightState,
        /// Who answers for it.
        Owner => owner: Option<MemberId>,
    }
    rules {
        /// The steps it is placed on.
        steps: BTreeSet<StepId>,
        /// Where it stands among its kind on a step.
        order: Order,
    }
}

/// What kind of statement an insight is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InsightSort {
    /// Something hurts.
    #[default]
    Pain,
    /// Something is wanted.
    Need,
    /// Something helps.
    Gain,
    /// Nobody knows yet.
    Question,
}

/// How sure the team is of an insight.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Truth {
    /// A guess.
    #[default]
    Assumption,
    /// Seen at least once.
    Observed,
    /// Confirmed on purpose.
    Validated,
    /// Shown to be wrong.
    Refuted,
}

/// Where the work on an insight stands. That it is linked follows from its opportunities.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InsightState {
    /// Nobody has looked yet.
    #[default]
    New,
    /// Somebody has looked.
    Triaged,
    /// No longer a problem.
    Resolved,
    /// Out of the way.
    Archived,
}

entity! {
    /// A problem worth solving.
    Opportunity(OpportunityId), OpportunityField {
        /// The problem, at most 240 characters; never a solution.
        Title => title: String,
        /// What is worth knowing about it. Long text.
        Notes => notes: String,
        /// Customers or accounts touched in 30 days, as set by a person.
        Reach => reach: Option<f64>,
        /// Impact 1 to 5, as set by a person.
        Impact => impact: Option<u8>,
        /// Effort 1 to 5, as set by a person.
        Effort => effort: Option<u8>,
        /// Confidence 0 to 1, as set by a person.
        Confidence => confidence: Option<f64>,
        /// Why these values.
        Reason => reason: String,
        /// When it should be dealt with.
        Due => due: Option<Date>,
        /// Where the work on it stands.
        State => state: OpportunityState,
        /// Who answers for it.
        Owner => owner: Option<MemberId>,
        /// The opportunity it is a part of.
        Parent => parent: Option<OpportunityId>,
    }
    rules {
        /// The steps it is placed on.
        steps: BTreeSet<StepId>,
        /// Where it stands among its kind on a step.
        order: Order,
        /// The insights it answers to.
        insights: BTreeSet<InsightId>,
    }
}

/// Where the work on an opportunity stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OpportunityState {
    /// Written down.
    #[default]
    Open,
    /// Understood.
    Framed,
    /// Chosen.
    Prioritised,
    /// Being worked on.
    InDelivery,
    /// With customers.
    Shipped,
    /// Shown to have helped.
    Validated,
    /// Later, perhaps.
    Parked,
    /// Not going to happen.
    Closed,
    /// Shipped, yet still a problem.
    Reopened,
}

entity! {
    /// A way to solve an opportunity.
    Solution(SolutionId), SolutionField {
        /// Title, at most 240 characters.
        Title => title: String,
        /// What kind of solution it is.
        Kind => sort: SolutionSort,
        /// What is worth knowing about it. Long text.
        Notes => notes: String,
        /// Effort 1 to 5.
        Effort => effort: Option<u8>,
        /// When it should be with customers.
        Target => target: Option<Date>,
        /// The metric it should move.
        SuccessMetric => success_metric: Option<MetricId>,
        /// By how much, in the metric's unit; the sign is the direction.
        ExpectedChange => expected_change: Option<f64>,
        /// Where the work on it stands.
        State => state: SolutionState,
        /// When it reached customers.
        ShippedAt => shipped_at: Option<Timestamp>,
        /// Who answers for it.
        Owner => owner: Option<MemberId>,
    }
    rules {
        /// The steps it is placed on.
        steps: BTreeSet<StepId>,
        /// Where it stands among its kind on a step.
        order: Order,
        /// The opportunities it answers.
        opportunities: BTreeSet<OpportunityId>,
        /// What must be true for it to work.
        assumptions: BTreeSet<InsightId>,
    }
}

/// What kind of solution something is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words are the meaning")]
pub enum SolutionSort {
    #[default]
    Idea,
    Experiment,
    Feature,
    Process,
    Content,
    Service,
}

/// Where the work on a solution stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words are the meaning")]
pub enum SolutionState {
    #[default]
    Idea,
    Proposed,
    Planned,
    InProgress,
    Shipped,
    Validated,
    NotValidated,
    Rejected,
}

impl SolutionState {
    /// Whether it is still to be shipped.
    pub const fn is_planned(self) -> bool {
        match self {
            Self::Idea | Self::Proposed | Self::Planned | Self::InProgress => true,
            Self::Shipped | Self::Validated | Self::NotValidated | Self::Rejected => false,
        }
    }
}

entity! {
    /// A number that is watched.
    Metric(MetricId), MetricField {
        /// Name, at most 120 characters.
        Name => name: String,
        /// What it is about.
        Class => class: MetricClass,
        /// How it is calculated.
        Formula => formula: MetricFormula,
        /// What it counts for on the map.
        Use => purpose: MetricPurpose,
        /// Unit of the values, for example `%`, `s`, `USD`.
        Unit => unit: String,
        /// Which way is better.
        Direction => direction: Direction,
        /// Where it stood at first.
        Baseline => baseline: Option<f64>,
        /// Where it should get to.
        Target => target: Option<f64>,
        /// Days that one point covers.
        WindowDays => window_days: u16,
        /// Fewest cases that a comparison needs; 0 means the workspace's 100.
        MinN => min_n: u32,
        /// What exactly is counted. Long text.
        Notes => notes: String,
        /// Where its values are read; without one, people enter them.
        Source => source: Option<MetricSource>,
        /// Whether it is defined, alive or over.
        State => state: MetricState,
        /// Who answers for it.
        Owner => owner: Option<MemberId>,
    }
    rules {
        /// The steps it is placed on.
        steps: BTreeSet<StepId>,
        /// Where it stands among its kind on a step.
        order: Order,
        /// Values by the first day they cover.
        points: BTreeMap<Date, MetricPoint>,
    }
}

impl Metric {
    /// Fewest cases for a comparison when the metric does not say ([`crate::score::funnel`]).
    pub const MIN_N_DEFAULT: u32 = 100;

    /// Fewest cases that a comparison of this metric needs.
    pub fn min_n(&self) -> u32 {
        if self.min_n == 0 { Self::MIN_N_DEFAULT } else { self.min_n }
    }

    /// The newest point.
    pub fn latest(&self) -> Option<(&Date, &MetricPoint)> {
        self.points.last_key_value()
    }
}

/// What a metric is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words are the meaning")]
pub enum MetricClass {
    #[default]
    Customer,
    Business,
    Operational,
}

/// How a metric is calculated; a rate is a share from 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MetricFormula {
    /// Numerator over denominator, 0 to 1.
    Rate,
    /// How many.
    #[default]
    Count,
    /// Average.
    Mean,
    /// Seconds.
    Duration,
    /// In the workspace's currency.
    Money,
    /// A survey score such as NPS.
    Score,
}

/// What a metric counts for on the map.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MetricPurpose {
    /// Watched for itself.
    #[default]
    Watched,
    /// Distinct users or accounts that enter the step in the window: draws the funnel.
    StepEntrants,
}

/// Which way is better.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words are the meaning")]
pub enum Direction {
    #[default]
    Up,
    Down,
}

/// Whether a metric is defined, alive or over. That it is stale or broken is computed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words are the meaning")]
pub enum MetricState {
    #[default]
    Draft,
    Defined,
    Active,
    Retired,
}

/// One value of a metric, for a day or a week.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MetricPoint {
    /// The value, in the metric's unit.
    pub value: f64,
    /// Cases it rests on; unknown stays empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub n: Option<u64>,
    /// Numerator of a rate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub numerator: Option<f64>,
    /// Denominator of a rate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub denominator: Option<f64>,
}
