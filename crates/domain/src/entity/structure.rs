//! Where: the journey, its stages and its steps.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Basis, entity};
use crate::id::{JourneyId, MemberId, MetricId, PersonaId, StageId, StepId};
use crate::order::Order;
use crate::time::Stamp;

entity! {
    /// How one kind of customer gets from one situation to another.
    Journey(JourneyId), JourneyField {
        /// Title, at most 120 characters.
        Title => title: String,
        /// One sentence: who wants what, in which situation.
        Scenario => scenario: String,
        /// What the customer expects of it.
        Expectation => expectation: String,
        /// Where it begins.
        ScopeFrom => scope_from: String,
        /// Where it ends.
        ScopeTo => scope_to: String,
        /// Whether it shows what is or what should be.
        State => state: JourneyState,
        /// The journey as it is, where this one shows it as it should be.
        ToBeOf => to_be_of: Option<JourneyId>,
        /// The number the journey is there to move.
        OutcomeMetric => outcome_metric: Option<MetricId>,
        /// After how many days a step's review is due; 0 means the workspace's 90.
        ReviewEveryDays => review_every_days: u16,
        /// Who answers for it.
        Owner => owner: Option<MemberId>,
        /// Whom it is about.
        Personas => personas: BTreeSet<PersonaId>,
        /// Lanes of its own, beside those of [`BLUEPRINT`], by their identifiers.
        Lanes => lanes: BTreeMap<String, String>,
        /// Out of the way, still kept.
        IsArchived => is_archived: bool,
        /// The shipped example, which one click removes.
        IsSample => is_sample: bool,
    }
    rules {
        /// The step of another journey that this one shows in detail.
        parent_step: Option<StepId>,
        /// Versions that somebody gave a name, by the change that made them.
        versions: BTreeMap<String, String>,
    }
}

impl Journey {
    /// Versions that can have a name.
    pub const VERSIONS_MAX: usize = 500;
    /// Lanes of a journey's own.
    pub const LANES_MAX: usize = 20;
    /// Longest name of a lane, in characters.
    pub const LANE_NAME_CHARS_MAX: usize = 40;
    /// Longest name of a version, in characters.
    pub const VERSION_NAME_CHARS_MAX: usize = 80;

    /// Days after which a review is due when the journey does not say.
    pub const REVIEW_EVERY_DAYS_DEFAULT: u16 = 90;
}

/// Whether a journey shows what is or what should be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JourneyState {
    /// Today's experience.
    #[default]
    AsIs,
    /// The experience that is wanted.
    ToBe,
}

entity! {
    /// A chapter of a journey.
    Stage(StageId), StageField {
        /// Title, at most 80 characters.
        Title => title: String,
        /// What the customer wants to reach in it.
        Goal => goal: String,
    }
    rules {
        /// Where it stands in the journey.
        order: Order,
    }
}

entity! {
    /// What the customer does next, in the customer's own words.
    Step(StepId), StepField {
        /// Title, at most 120 characters: verb and object.
        Title => title: String,
        /// What the customer does and why, in a sentence or two. Long text.
        Action => action: String,
        /// What the customer thinks.
        Thought => thought: String,
        /// How it feels, −2 to +2; unknown stays empty.
        Emotion => emotion: Option<i8>,
        /// What the feeling rests on.
        EmotionBasis => emotion_basis: Basis,
        /// Here the customer first gets what they came for.
        IsValueMoment => is_value_moment: bool,
        /// Here the customer decides to stay or go.
        IsMomentOfTruth => is_moment_of_truth: bool,
        /// Can be left out.
        IsOptional => is_optional: bool,
        /// Analytics events bound to the step.
        Events => events: BTreeSet<String>,
        /// Routes and file globs bound to the step.
        Paths => paths: BTreeSet<String>,
        /// Share of those at the step before who should reach it, 0 to 1.
        TargetConversion => target_conversion: Option<f64>,
        /// Who answers for it.
        Owner => owner: Option<MemberId>,
        /// Whether it exists yet, or no longer.
        Lifecycle => lifecycle: StepLifecycle,
        /// What happens here on lanes of words, by the lane: what customers see of it, and what they do not.
        Cells => cells: BTreeMap<String, String>,
        /// The journey that shows this step in detail.
        Detail => detail: Option<JourneyId>,
    }
    rules {
        /// The stage it belongs to.
        stage: Option<StageId>,
        /// Where it stands in its stage.
        order: Order,
        /// When somebody last said that it is still true.
        last_reviewed: Option<Stamp>,
        /// Where some customers go from here instead of to the next step. One that leads back makes a loop.
        branches: BTreeMap<StepId, Branch>,
    }
}

/// Lanes of words that every journey has, from what customers see down to what carries it: their identifiers and names.
pub const BLUEPRINT: [(&str, &str); 4] = [
    ("frontstage", "Frontstage"),
    (FIRST_UNSEEN, "Backstage"),
    ("support", "Support processes"),
    ("policy", "Policies"),
];

/// The lane above which the line of visibility runs.
pub const FIRST_UNSEEN: &str = "backstage";

/// Another way on from a step.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Branch {
    /// Who takes it, or when, in a few words: “If a crew member invited them”.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub label: String,
    /// Share of those at the step who take it, 0 to 1; unknown stays empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<f64>,
}

impl Branch {
    /// Longest label, in characters.
    pub const LABEL_CHARS_MAX: usize = 80;
}

impl Step {
    /// Branches that a step can have.
    pub const BRANCHES_MAX: usize = 20;
}

/// Whether a step exists yet, or no longer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepLifecycle {
    /// Drafted or guessed, not yet confirmed.
    Suspected,
    /// Customers take it.
    #[default]
    Live,
    /// Customers no longer take it.
    Retired,
}
