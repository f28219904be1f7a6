//! When something happened, who did it, and through what.

use serde::{Deserialize, Serialize};

use crate::id::MemberId;

/// Milliseconds since 1970-01-01 UTC. Shown to people only: no rule and no merge depends on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// Milliseconds in a day.
    pub const DAY_MILLIS: i64 = 86_400_000;

    /// Whole and part days from `earlier` to `self`; negative when `earlier` is later.
    pub fn days_since(self, earlier: Timestamp) -> f64 {
        (self.0 - earlier.0) as f64 / Self::DAY_MILLIS as f64
    }

    /// The calendar day in UTC; the ends of the calendar for times beyond it.
    pub fn date(self) -> jiff::civil::Date {
        jiff::Timestamp::from_millisecond(self.0)
            .map(|at| jiff::tz::TimeZone::UTC.to_datetime(at).date())
            .unwrap_or(if self.0 < 0 { jiff::civil::Date::MIN } else { jiff::civil::Date::MAX })
    }
}

/// Through what a change came about, beside the person who answers for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Via {
    /// A person, by hand.
    #[default]
    User,
    /// An automation's run.
    Automation,
    /// The assistant's proposal, accepted.
    Ai,
    /// An import or an accepted draft.
    Import,
    /// What another tool says: numbers, the state of an issue.
    Connector,
}

/// Who did something, when, and through what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Stamp {
    /// The member who answers for it.
    pub by: MemberId,
    /// When, by that member's own clock.
    pub at: Timestamp,
    /// Through what.
    #[serde(default)]
    pub via: Via,
}

impl Default for Stamp {
    fn default() -> Self {
        Self { by: MemberId::from_parts(0, 0), at: Timestamp(0), via: Via::User }
    }
}
