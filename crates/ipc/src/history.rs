//! What a journey was: who changed what and through what, and its board as of any change.

use custory_domain::{Board, Change, EntityRef, JourneyId, MemberId, Timestamp, Via};
use serde::{Deserialize, Serialize};

/// A part of a journey's history.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct History {
    /// Changes, the newest first.
    pub versions: Vec<Version>,
    /// Whether there are older ones.
    #[serde(default)]
    pub has_more: bool,
    /// How many changes there were over time, the oldest first. Only with the newest changes of everything.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub busy: Vec<Busy>,
    /// All versions that have a name, the newest first, however old. Only with the newest changes of everything.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub named: Vec<Version>,
}

/// A change, and with it the journey as it was right after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// Its name for the program, the same on every device.
    pub id: String,
    /// When, to the second.
    pub at: Timestamp,
    /// Who answers for it, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<MemberId>,
    /// Through what.
    pub via: Via,
    /// What was done.
    pub label: String,
    /// The name that somebody gave it; empty without.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// How many things it added.
    pub added: usize,
    /// How many it changed.
    pub changed: usize,
    /// How many it put into the trash or took back.
    pub removed: usize,
    /// Which things, at most a few dozen of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub touched: Vec<EntityRef>,
}

/// How many changes there were in a stretch of time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Busy {
    /// Where it begins.
    pub from: Timestamp,
    /// How many changes.
    pub changes: usize,
    /// The version at its end; where there were no changes, the one before it.
    pub version: String,
}

/// A point in a journey's history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// Right after a change.
    Version(String),
    /// At a moment.
    Time(Timestamp),
}

/// A journey as it was.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PastJourney {
    /// The last change of it.
    pub version: Version,
    /// Everything on it, with values of metrics as known then.
    pub board: Board,
}

/// A thing of a journey.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnJourney {
    /// Which journey.
    pub journey: JourneyId,
    /// Which thing.
    pub about: EntityRef,
}

/// A change of one field of a thing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FieldSet {
    /// The field's name in files and documents.
    pub field: String,
    /// The change's name for the program.
    pub version: String,
    /// When, to the second.
    pub at: Timestamp,
    /// Who answers for it, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<MemberId>,
    /// Through what.
    pub via: Via,
    /// What was done.
    pub label: String,
    /// What sets it back to what it was before; `None` where the thing was made with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Change>,
}
