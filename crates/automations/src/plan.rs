//! What a run would do, and why.

use std::collections::BTreeSet;

use custory_domain::{Agenda, Command, EntityRef, Evidence, InsightId, SignalId, StepId, Timestamp, Trace};
use serde::{Deserialize, Serialize};

use crate::condition::About;

/// A condition that was looked at, with what it came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Check {
    /// What was looked at, for example a metric's name.
    pub what: String,
    /// What was found, in a sentence.
    pub found: String,
    /// Whether it calls for something to be done.
    pub holds: bool,
}

/// Something to be done.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// A change of the map.
    Change {
        /// What it is, in a sentence.
        says: String,
        /// What it adds; what is there already is not added again.
        adds: Vec<EntityRef>,
        /// What to do.
        command: Command,
        /// What it is about.
        about: About,
        /// The signal that is decided about by it, and for what it is evidence then.
        settles: Option<(SignalId, EntityRef)>,
    },
    /// Nothing but a word of it, in the log and where the automation tells what it did.
    Tell {
        /// The word.
        says: String,
        /// What it is about.
        about: About,
    },
    /// An issue for a tracker.
    Send {
        /// What it is, in a sentence.
        says: String,
        /// What the issue is about.
        entity: EntityRef,
        /// Where that stands and whose it is.
        about: About,
        /// Which tracker.
        vendor: String,
        /// The team's short name there.
        team: String,
    },
}

impl Effect {
    /// What it is, in a sentence.
    pub fn says(&self) -> &str {
        match self {
            Self::Change { says, .. } | Self::Tell { says, .. } | Self::Send { says, .. } => says,
        }
    }

    pub(crate) fn about(&self) -> &About {
        match self {
            Self::Change { about, .. } | Self::Tell { about, .. } | Self::Send { about, .. } => about,
        }
    }
}

/// Something that was heard elsewhere, with what it may be about on the journey.
#[derive(Clone, Debug, PartialEq)]
pub struct Heard {
    /// The signal.
    pub signal: SignalId,
    /// When it was heard.
    pub at: Timestamp,
    /// The evidence that it becomes: redacted, under pseudonyms, for nothing yet.
    pub evidence: Evidence,
    /// The step that it may be about; `None` if none is near enough.
    pub step: Option<StepId>,
    /// The insight there that says something alike.
    pub insight: Option<InsightId>,
}

/// What a run knows of a journey beside its board.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known<'a> {
    /// What was heard elsewhere.
    pub heard: &'a [Heard],
    /// What was changed since the last review; only the weekly review looks at it.
    pub traces: &'a [Trace],
    /// What was found by what it watches for when it looked last; nothing if it never did.
    pub found: Option<&'a BTreeSet<EntityRef>>,
}

/// What a run on one journey would do.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// Everything that was looked at.
    pub checks: Vec<Check>,
    /// Everything that is to be done.
    pub effects: Vec<Effect>,
    /// What there is to talk about, for the recipe that writes the review.
    pub review: Option<Agenda>,
    /// What is found by what it watches for, for an automation that watches.
    pub found: Option<BTreeSet<EntityRef>>,
    /// What of it came in since it looked last, with when it was changed to be so.
    pub incoming: Vec<(EntityRef, Timestamp)>,
}

impl Plan {
    pub(crate) fn check(&mut self, what: &str, found: String, holds: bool) {
        self.checks.push(Check { what: what.to_owned(), found, holds });
    }
}
