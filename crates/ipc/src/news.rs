//! What concerns the person at this device: their part of the inbox, and what they watch.

use custory_domain::news::News;
use custory_domain::{EntityRef, JourneyId};
use serde::{Deserialize, Serialize};

/// What is wanted of the news for this person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "wish", rename_all = "snake_case")]
pub enum NewsWish {
    /// What there is, the newest first. → `News`
    List,
    /// Some of it seen, or as if it was not; all of it without a list. → `News`
    Mark {
        /// By the numbers of their lines.
        which: Option<Vec<i64>>,
        /// Whether it is seen.
        is_read: bool,
    },
    /// What this person watches and mutes by their own word. → `Watching`
    Watching,
    /// Something watched, or not any more; a journey muted, or heard again. → `Watching`
    Watch {
        /// On which journey.
        journey: JourneyId,
        /// What: a step, an item, or the journey itself.
        about: EntityRef,
        /// Whether it is watched; `None` leaves it to what this person has to do with it.
        choice: Option<bool>,
    },
}

/// A line of the inbox, with the words to show it by.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NewsView {
    /// Its number on this device; a later one is larger.
    pub id: i64,
    /// On which journey.
    pub journey: JourneyId,
    /// The journey's title.
    pub journey_title: String,
    /// What it says.
    pub news: News,
    /// The title of what it is about.
    pub title: String,
    /// The title of the step on which that stands; empty for a step.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub step_title: String,
    /// What was said or found, in the words of whoever did; empty without any.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub words: String,
    /// Whether the person has seen it.
    pub is_read: bool,
}
