//! Whether: issues in trackers, and what the numbers said after a fix shipped.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::entity;
use crate::id::{EntityRef, MetricId, SolutionId};
use crate::time::Timestamp;

entity! {
    /// An issue in a tracker, linked to what it delivers.
    DeliveryLink(DeliveryLinkId), DeliveryLinkField {
        /// Which tracker, for example `linear`.
        Provider => provider: String,
        /// The name there, for example `FN-231`.
        ExternalId => external_id: String,
        /// Its address.
        Url => url: String,
        /// Its title there.
        Title => title: String,
        /// Where it stands, in words common to all trackers.
        Status => status: DeliveryStatus,
        /// Where it stands, in the tracker's own word.
        ProviderStatus => provider_status: String,
        /// Who works on it, as named there.
        Assignee => assignee: String,
        /// When its change was merged.
        MergedAt => merged_at: Option<Timestamp>,
        /// When it reached customers.
        ReleasedAt => released_at: Option<Timestamp>,
        /// When the tracker was last asked.
        LastSynced => last_synced: Option<Timestamp>,
        /// What it delivers: a solution, opportunity or insight.
        Delivers => delivers: Option<EntityRef>,
    }
    rules {}
}

/// Where an issue stands, in words common to all trackers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words are the meaning")]
pub enum DeliveryStatus {
    #[default]
    Backlog,
    Todo,
    InProgress,
    InReview,
    Done,
    Released,
    Cancelled,
}

entity! {
    /// Whether a shipped fix moved its metric ([`crate::score::verdict`]).
    Verdict(VerdictId), VerdictField {
        /// What moved after what, in one sentence.
        Summary => summary: String,
        /// The fix.
        Solution => solution: Option<SolutionId>,
        /// The metric that was watched.
        Metric => metric: Option<MetricId>,
        /// When the fix reached customers.
        ShippedAt => shipped_at: Option<Timestamp>,
        /// Before the fix.
        Before => before: Option<VerdictWindow>,
        /// After the fix had settled.
        After => after: Option<VerdictWindow>,
        /// Lower end of the 95 % interval of the change.
        Low => low: Option<f64>,
        /// Upper end of the 95 % interval of the change.
        High => high: Option<f64>,
        /// What the numbers say.
        Outcome => outcome: VerdictOutcome,
        /// What else changed in the windows.
        Confounders => confounders: BTreeSet<String>,
        /// Whether the after-window is still running.
        IsInterim => is_interim: bool,
    }
    rules {}
}

/// One side of a before-and-after comparison.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct VerdictWindow {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// The metric's value in it.
    pub value: f64,
    /// Cases it rests on.
    pub n: u64,
}

/// What the numbers say after a fix shipped. Worded as “moved after”, never “caused”.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VerdictOutcome {
    /// The interval lies on the better side.
    Improved,
    /// The interval holds zero.
    NoChange,
    /// The interval lies on the worse side.
    Worse,
    /// Fewer cases than a comparison needs.
    #[default]
    NotEnough,
    /// Something else changed at the same time.
    Confounded,
}
