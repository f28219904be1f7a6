//! The inbox: what was heard, what it may be about, what can be decided.

use custory_domain::{EntityRef, InsightId, InsightSort, JourneyId, Signal, SignalId, StepId, Timestamp};
use serde::{Deserialize, Serialize};

/// A signal as the inbox shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SignalView {
    /// The signal, whole: for this device's windows only.
    pub signal: Signal,
    /// The words that attaching shares.
    pub excerpt: String,
    /// What is taken out of them, in words: “1 e-mail address”.
    pub removed: Vec<String>,
    /// Whether they are the beginning of more.
    pub is_cut: bool,
    /// What its author is called where it is shared; empty if unknown.
    pub shared_author: String,
    /// Steps that it may be about, the best first; at most three.
    pub matches: Vec<StepMatch>,
}

/// A step that a signal may be about, and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StepMatch {
    /// On which journey.
    pub journey: JourneyId,
    /// The journey's title.
    pub journey_title: String,
    /// The step.
    pub step: StepId,
    /// Its title.
    pub step_title: String,
    /// Place of its stage among the stages, from 0: its colour.
    pub stage: usize,
    /// How sure that is.
    pub strength: Strength,
    /// Words that both share, as they stand in the signal.
    pub words: Vec<String>,
    /// The title that shares most of them.
    pub through: String,
    /// The insight on the step that says something alike.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub insight: Option<(InsightId, String)>,
}

/// What several signals speak of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SignalTheme {
    /// What it is called.
    pub name: String,
    /// The model that named it; words that the signals share name it without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub named_by: Option<String>,
    /// The signals, the most typical one first.
    pub signals: Vec<SignalId>,
    /// How many people said it, as far as they are known.
    pub voices: usize,
    /// Telling words that they share.
    pub words: Vec<String>,
    /// The step that the most typical one may be about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<StepMatch>,
}

/// How sure a match is, by the words that are shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strength {
    /// One word.
    Weak,
    /// Two, or more with another step close behind.
    Some,
    /// Three or more, and clearly ahead of the next step.
    Strong,
}

/// What is decided about signals.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Triage {
    /// They are evidence for a step or an insight.
    Attach {
        /// On which journey.
        journey: JourneyId,
        /// For what.
        to: EntityRef,
    },
    /// They are evidence for what each is suggested to be about: the insight, else the step.
    AttachSuggested,
    /// They are evidence for a new insight.
    NewInsight {
        /// On which journey.
        journey: JourneyId,
        /// On which step.
        step: StepId,
        /// What was learned.
        statement: String,
        /// What kind of statement that is.
        sort: InsightSort,
    },
    /// They say what another one says.
    Merge {
        /// Which one.
        into: SignalId,
    },
    /// They come back later.
    Snooze {
        /// When.
        until: Timestamp,
    },
    /// They say nothing of use.
    Dismiss,
    /// What was decided is taken back, and evidence made of them goes into the trash.
    Reopen,
}

/// A folder whose files become signals.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WatchedFolder {
    /// Where it is on this device.
    pub path: String,
    /// Why it could not be read last; empty if it could.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub problem: String,
}

/// What reading files brought.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilesRead {
    /// Files that were read; those that have not changed since are not.
    pub files: usize,
    /// Signals that are new.
    pub new: usize,
    /// What could not be read and why, a sentence each.
    pub problems: Vec<String>,
}
