//! What a team decided about an item: what, why, what it rested on, and what was not chosen.

use std::collections::BTreeSet;

use super::entity;
use crate::entity::EntityKind;
use crate::id::{EntityRef, MemberId};
use crate::kind::ItemKind;
use crate::time::Timestamp;

entity! {
    /// What was decided about an item, a step or the journey. It is a record: going back in history keeps it.
    Decision(DecisionId), DecisionField {
        /// What was decided, at most 240 characters.
        What => what: String,
        /// Why.
        Why => why: String,
        /// What was not chosen, one a line.
        Rejected => rejected: String,
        /// What it is about.
        About => about: Option<EntityRef>,
        /// What it was based on: insights, metrics, evidence, verdicts.
        BasedOn => based_on: BTreeSet<EntityRef>,
        /// Who decided, where that is somebody else than who wrote it down.
        Author => author: Option<MemberId>,
        /// When it was decided, where that is not when it was written down.
        DecidedAt => decided_at: Option<Timestamp>,
    }
    rules {}
}

impl Decision {
    /// Longest text of what was decided, in characters.
    pub const WHAT_CHARS_MAX: usize = 240;
    /// Things that a decision can be based on.
    pub const BASED_ON_MAX: usize = 100;

    /// Who decided.
    pub fn decided_by(&self) -> MemberId {
        self.author.unwrap_or(self.created.by)
    }

    /// When it was decided.
    pub fn decided_at(&self) -> Timestamp {
        self.decided_at.unwrap_or(self.created.at)
    }

    /// Whether something can be decided about.
    pub fn can_be_about(kind: EntityKind) -> bool {
        ItemKind::of(kind).is_some()
            || matches!(kind, EntityKind::Journey | EntityKind::Stage | EntityKind::Step)
    }
}
