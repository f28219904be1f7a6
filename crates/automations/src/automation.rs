//! A recipe with what a person chose about it.

use custory_domain::{JourneyId, Timestamp};
use custory_ipc::{Conditions, Deed, Watched};
use jiff::civil::Weekday;
use serde::{Deserialize, Serialize};

use crate::schedule::{Rhythm, Schedule};

/// A recipe's name in commands, in the store, and in what it adds.
pub type Key = &'static str;

/// Which recipe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RecipeKind {
    /// Adds an insight where conversion fell.
    FunnelWatch,
    /// Keeps verdicts that are final.
    Verdicts,
    /// Notes what is released, and asks about what is done.
    Shipped,
    /// Asks owners whether steps that went stale are still true.
    StaleSteps,
    /// Writes the weekly review.
    WeeklyReview,
    /// Makes issues of opportunities that were prioritised.
    Delivery,
    /// Puts what is marked in a chat onto its step.
    Save,
}

impl RecipeKind {
    /// All recipes, in the order in which they are listed.
    pub const ALL: [Self; 7] = [
        Self::FunnelWatch,
        Self::Verdicts,
        Self::Shipped,
        Self::StaleSteps,
        Self::WeeklyReview,
        Self::Delivery,
        Self::Save,
    ];

    /// Its name in commands.
    pub const fn key(self) -> Key {
        match self {
            Self::FunnelWatch => "funnel-watch",
            Self::Verdicts => "verdicts",
            Self::Shipped => "shipped",
            Self::StaleSteps => "stale-steps",
            Self::WeeklyReview => "weekly-review",
            Self::Delivery => "delivery",
            Self::Save => "save",
        }
    }

    /// Its name for people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::FunnelWatch => "Conversion watch",
            Self::Verdicts => "Did it work?",
            Self::Shipped => "What has shipped",
            Self::StaleSteps => "Steps nobody looked at",
            Self::WeeklyReview => "Weekly review",
            Self::Delivery => "Priority to delivery",
            Self::Save => "Save from chat",
        }
    }

    /// The automation as it is offered: off, with everything as most teams want it.
    pub fn offered(self, zone: &str) -> Automation {
        let recipe = match self {
            Self::FunnelWatch => Recipe::FunnelWatch { points: 5.0, cases: 100 },
            Self::Verdicts => Recipe::Verdicts,
            Self::Shipped => Recipe::Shipped,
            Self::StaleSteps => Recipe::StaleSteps,
            Self::WeeklyReview => Recipe::WeeklyReview,
            Self::Delivery => Recipe::Delivery { vendor: "linear".to_owned(), team: String::new() },
            Self::Save => Recipe::Save,
        };
        let rhythm = match self {
            Self::WeeklyReview => Rhythm::Weekly { day: Weekday::Friday, hour: 15 },
            Self::StaleSteps => Rhythm::Weekly { day: Weekday::Monday, hour: 9 },
            Self::Shipped | Self::Delivery => Rhythm::Hourly,
            Self::FunnelWatch | Self::Verdicts => Rhythm::Daily { hour: 9 },
            Self::Save => Rhythm::Heard,
        };
        Automation {
            recipe,
            journey: None,
            schedule: Schedule { rhythm, zone: zone.to_owned() },
            is_on: false,
            asks_first: false,
            conditions: None,
            channel: None,
            version: 1,
            since: Timestamp(0),
        }
    }
}

/// A recipe with its choices.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "recipe", rename_all = "kebab-case")]
pub enum Recipe {
    /// See [`RecipeKind::FunnelWatch`].
    FunnelWatch {
        /// By how many points a rate has to fall.
        points: f64,
        /// Fewest cases in each of the two weeks.
        cases: u32,
    },
    /// See [`RecipeKind::Verdicts`].
    Verdicts,
    /// See [`RecipeKind::Shipped`].
    Shipped,
    /// See [`RecipeKind::StaleSteps`].
    StaleSteps,
    /// See [`RecipeKind::WeeklyReview`].
    WeeklyReview,
    /// See [`RecipeKind::Delivery`].
    Delivery {
        /// Which tracker.
        vendor: String,
        /// The team's short name there; none is sent before it is chosen.
        team: String,
    },
    /// See [`RecipeKind::Save`].
    Save,
    /// One that a person made.
    Watch {
        /// Its name in commands; unlike any other.
        key: String,
        /// What it watches for.
        watch: Watched,
        /// What it does with what comes in.
        deeds: Vec<Deed>,
    },
}

impl Recipe {
    /// Which of those that are offered it is; `None` for one that a person made.
    pub const fn kind(&self) -> Option<RecipeKind> {
        Some(match self {
            Self::FunnelWatch { .. } => RecipeKind::FunnelWatch,
            Self::Verdicts => RecipeKind::Verdicts,
            Self::Shipped => RecipeKind::Shipped,
            Self::StaleSteps => RecipeKind::StaleSteps,
            Self::WeeklyReview => RecipeKind::WeeklyReview,
            Self::Delivery { .. } => RecipeKind::Delivery,
            Self::Save => RecipeKind::Save,
            Self::Watch { .. } => return None,
        })
    }
}

impl Automation {
    /// Most characters of the name that a person gives one.
    pub const NAME_CHARS_MAX: usize = 60;
    /// Most deeds of one that a person made.
    pub const DEEDS_MAX: usize = 10;

    /// One that a person makes: off, on whatever changes.
    pub fn made(
        key: String,
        journey: Option<JourneyId>,
        watch: Watched,
        deeds: Vec<Deed>,
        zone: &str,
    ) -> Self {
        Self {
            recipe: Recipe::Watch { key, watch, deeds },
            journey,
            schedule: Schedule { rhythm: Rhythm::Changed, zone: zone.to_owned() },
            is_on: false,
            asks_first: false,
            conditions: None,
            channel: None,
            version: 1,
            since: Timestamp(0),
        }
    }

    /// Its name in commands, in the store, and in what it adds.
    pub fn key(&self) -> &str {
        match &self.recipe {
            Recipe::Watch { key, .. } => key,
            other => other.kind().map_or("", RecipeKind::key),
        }
    }

    /// Its name for people.
    pub fn name(&self) -> &str {
        match &self.recipe {
            Recipe::Watch { watch, .. } => &watch.name,
            other => other.kind().map_or("", RecipeKind::name),
        }
    }
}

/// A channel of a chat tool.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Room {
    /// Which tool.
    pub vendor: String,
    /// Its identifier there.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// A recipe, where and when it runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Automation {
    /// What it does.
    #[serde(flatten)]
    pub recipe: Recipe,
    /// On which journey alone; on all that are not archived without one.
    #[serde(default)]
    pub journey: Option<JourneyId>,
    /// When.
    pub schedule: Schedule,
    /// Whether it runs.
    pub is_on: bool,
    /// Whether a run waits for a person before it does anything.
    #[serde(default)]
    pub asks_first: bool,
    /// What else has to hold for what it would do something about.
    #[serde(default)]
    pub conditions: Option<Conditions>,
    /// Where it tells what it did; nowhere without.
    #[serde(default)]
    pub channel: Option<Room>,
    /// Counts its changes: a run belongs to one version.
    pub version: u32,
    /// When it was last changed or switched on; it does not run for times before.
    pub since: Timestamp,
}
