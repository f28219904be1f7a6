//! Reviews: a team looks at a journey together, and keeps what it saw, noted and decided.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::entity;
use crate::id::EntityRef;
use crate::time::{Stamp, Timestamp};

entity! {
    /// A weekly look at a journey. It is open until somebody finishes it; from then on it is the last one.
    Review(ReviewId), ReviewField {
        /// What was said, in the team's own words.
        Notes => notes: String,
        /// What was decided, by the identifier of each decision, which sorts by when it was written.
        Decisions => decisions: BTreeMap<String, String>,
    }
    rules {
        /// From when on changes were looked at.
        since: Option<Timestamp>,
        /// Who finished it, and when.
        finished: Option<Stamp>,
        /// What was there to look at when it was finished.
        agenda: Option<ReviewAgenda>,
    }
}

impl Review {
    /// Decisions of one review.
    pub const DECISIONS_MAX: usize = 100;
    /// Lists that a review keeps.
    pub const LISTS_MAX: usize = 12;
    /// Lines of a list that a review keeps; the rest is counted.
    pub const LINES_MAX: usize = 30;
}

/// What there was to look at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewAgenda {
    /// List by list, in the order in which they are walked through.
    pub lists: Vec<AgendaList>,
}

/// A list of a review, in words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgendaList {
    /// What it lists.
    pub heading: String,
    /// What each line is about, and what it says.
    pub lines: Vec<(EntityRef, String)>,
    /// How many more there are.
    pub more: usize,
}
