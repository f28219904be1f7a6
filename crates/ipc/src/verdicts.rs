//! Whether shipped fixes moved their metric, as it stands now.

use std::collections::BTreeSet;

use custory_domain::{SolutionId, Timestamp, VerdictOutcome, VerdictWindow};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A shipped solution that should move a metric, and what the numbers say.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VerdictView {
    /// Which solution.
    pub solution: SolutionId,
    /// Its title.
    pub title: String,
    /// The metric's name.
    pub metric: String,
    /// When the solution reached customers.
    pub shipped_at: Option<Timestamp>,
    /// Before; none without numbers.
    pub before: Option<VerdictWindow>,
    /// After its settle time; none without numbers.
    pub after: Option<VerdictWindow>,
    /// Lower end of the 95 % interval of the change, in the metric's unit.
    pub low: Option<f64>,
    /// Upper end of it.
    pub high: Option<f64>,
    /// In one word.
    pub outcome: VerdictOutcome,
    /// What else changed in the windows.
    pub confounders: BTreeSet<String>,
    /// Whether the after-window still runs: such a look is not a verdict.
    pub is_interim: bool,
    /// The first day on which there is a verdict; none for one that is kept.
    pub due: Option<Date>,
    /// Whether it is kept and will not be computed again.
    pub is_kept: bool,
    /// What that allows to say.
    pub says: String,
}
