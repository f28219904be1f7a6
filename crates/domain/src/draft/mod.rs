//! A journey read from material: a value until somebody accepts it.
//!
//! Invariant: every element cites where it was found, and the cited words stand in the source
//! letter for letter at the place given ([`Draft::unproven`] checks it, whoever made the draft).
//! What the material does not say stays empty.

mod accept;
mod compare;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::entity::{Channel, InsightSort};
use crate::id::{DraftId, JourneyId, StepId};
use serde::{Deserialize, Serialize};

pub use accept::accept;
pub use compare::{Comparison, compare};

/// Names an element of a draft. The same material gives the same keys, so that decisions survive a
/// second reading.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DraftKey(pub String);

/// What a draft is to be read from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DraftRequest {
    /// One or more materials, read together.
    pub materials: Vec<Material>,
    /// One sentence: what the journey is about. May be empty.
    #[serde(default)]
    pub scope: String,
    /// The journey to draft again; only what is new is offered then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub onto: Option<JourneyId>,
}

/// One material.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "from", rename_all = "snake_case")]
pub enum Material {
    /// A website, from this page on.
    Website {
        /// `http` or `https` address; without a scheme `https` is meant.
        url: String,
        /// Whether addresses of this machine and of private networks may be read.
        #[serde(default)]
        allow_private: bool,
    },
    /// A folder or a repository.
    Folder {
        /// Path on this machine.
        path: String,
    },
    /// A single file: Markdown, HTML, text, CSV or PDF.
    File {
        /// Path on this machine.
        path: String,
    },
    /// Text that was pasted or piped in.
    Pasted {
        /// What to call it.
        title: String,
        /// The text.
        text: String,
    },
}

/// A journey read from material.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    /// Title for the journey.
    pub title: String,
    /// What it is about, as asked for.
    #[serde(default)]
    pub scope: String,
    /// Everything that was looked at, in the order of reading; citations point into it.
    pub sources: Vec<DraftSource>,
    /// Stages in the customer's order: at most [`Draft::STAGES_MAX`].
    pub stages: Vec<DraftStage>,
    /// What a reader should know: what was left out and why.
    #[serde(default)]
    pub notes: Vec<String>,
    /// What a model did for it; none where rules read alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<ModelWork>,
}

/// What a model did for a draft and what it took, so that its worth can be judged.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelWork {
    /// Its name.
    pub name: String,
    /// Pieces of text that it read, those kept from before among them.
    pub pieces: usize,
    /// Of those, pieces whose answer was kept from an earlier reading.
    pub kept: usize,
    /// Pieces about which it gave no usable answer, also at the second try.
    pub unusable: usize,
    /// Pieces whose answer took a second try.
    pub mended: usize,
    /// Statements whose words and numbers the text has.
    pub believed: usize,
    /// Statements that were dropped.
    pub disbelieved: usize,
    /// Tokens that it read for the pieces asked about now, as its server counted them.
    pub prompt_tokens: u64,
    /// Tokens that it wrote for them.
    pub answer_tokens: u64,
    /// Time that they took by the server's own clock, in milliseconds.
    pub millis: u64,
}

/// A page or file that was looked at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DraftSource {
    /// Address, or path within the folder.
    pub locator: String,
    /// Title of the page or document.
    pub title: String,
    /// What kind of material it came from.
    pub origin: SourceOrigin,
    /// SHA-256 of its text as read, hexadecimal; names the text kept on this device.
    pub hash: String,
    /// Why it was not read; empty if it was.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub skipped: String,
}

/// What kind of material a source came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words are the meaning")]
pub enum SourceOrigin {
    Website,
    Repository,
    File,
    Pasted,
}

/// A stage of a draft.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DraftStage {
    /// Its key.
    pub key: DraftKey,
    /// Its title.
    pub title: String,
    /// Its steps in the customer's order: at most [`Draft::STEPS_PER_STAGE_MAX`].
    pub steps: Vec<DraftStep>,
}

/// A step of a draft.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DraftStep {
    /// Its key.
    pub key: DraftKey,
    /// Verb and object, in the customer's voice.
    pub title: String,
    /// What the customer does, where the material says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// Where it was found: at least one place.
    pub cites: Vec<Citation>,
    /// What hangs on it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<DraftItem>,
    /// Analytics events found for it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub events: BTreeSet<String>,
    /// Routes found for it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub paths: BTreeSet<String>,
    /// Only a language model found it; rules alone would not have.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_from_model: bool,
}

/// Something on a step of a draft.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DraftItem {
    /// Its key.
    pub key: DraftKey,
    /// What it is.
    #[serde(flatten)]
    pub what: DraftItemKind,
    /// Title or statement.
    pub title: String,
    /// Where it was found: at least one place.
    pub cites: Vec<Citation>,
    /// Only a language model found it; rules alone would not have.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_from_model: bool,
}

/// What an element on a draft's step is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum DraftItemKind {
    /// Where the customer meets the product.
    Touchpoint {
        /// Through what.
        channel: Channel,
        /// Address, where it has one.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        url: String,
    },
    /// Something the material says of the customer. A pain only where it states a problem.
    Insight {
        /// What kind of statement.
        sort: InsightSort,
    },
}

/// Where something was found, word for word.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Citation {
    /// Index into [`Draft::sources`].
    pub source: usize,
    /// The exact words.
    pub quote: String,
    /// Where the words begin in the source's text, in bytes.
    pub start: usize,
    /// A place that a person can go to.
    pub locator: Locator,
}

/// A place within a source.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Locator {
    /// Lines of a file, from 1, both included.
    Lines(u32, u32),
    /// Anchor of a section of a page, without `#`.
    Anchor(String),
    /// Page of a document, from 1.
    Page(u32),
    /// The source has no smaller places.
    Whole,
}

impl fmt::Display for Locator {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lines(from, to) if from == to => write!(out, "line {from}"),
            Self::Lines(from, to) => write!(out, "lines {from}–{to}"),
            Self::Anchor(anchor) => write!(out, "#{anchor}"),
            Self::Page(page) => write!(out, "page {page}"),
            Self::Whole => Ok(()),
        }
    }
}

impl Draft {
    /// Most stages: a map that still fits a screen, and what people keep apart in their heads.
    pub const STAGES_MAX: usize = 7;
    /// Most steps in a stage: more are looked through rather than read.
    pub const STEPS_PER_STAGE_MAX: usize = 5;

    /// All steps, in the customer's order.
    pub fn steps(&self) -> impl Iterator<Item = &DraftStep> {
        self.stages.iter().flat_map(|it| &it.steps)
    }

    /// The step with that key.
    pub fn step(&self, key: &DraftKey) -> Option<&DraftStep> {
        self.steps().find(|it| it.key == *key)
    }

    /// Keys of elements whose words do not stand in their source, or that cite nothing.
    ///
    /// `text_of` gives a source's text by its index.
    pub fn unproven<'a>(&self, text_of: impl Fn(usize) -> Option<&'a str>) -> Vec<DraftKey> {
        let stands = |cite: &Citation| {
            let end = cite.start.checked_add(cite.quote.len());
            !cite.quote.trim().is_empty()
                && text_of(cite.source)
                    .zip(end)
                    .and_then(|(text, end)| text.get(cite.start..end))
                    .is_some_and(|found| found == cite.quote)
        };
        let proven = |cites: &[Citation]| !cites.is_empty() && cites.iter().all(stands);
        let mut unproven = Vec::new();
        for step in self.steps() {
            if !proven(&step.cites) {
                unproven.push(step.key.clone());
            }
            unproven.extend(step.items.iter().filter(|it| !proven(&it.cites)).map(|it| it.key.clone()));
        }
        unproven
    }

    /// Takes elements out; stages that have no step left go as well.
    pub fn without(mut self, keys: &[DraftKey]) -> Self {
        for stage in &mut self.stages {
            stage.steps.retain(|it| !keys.contains(&it.key));
            for step in &mut stage.steps {
                step.items.retain(|it| !keys.contains(&it.key));
            }
        }
        self.stages.retain(|it| !it.steps.is_empty());
        self
    }
}

/// A draft with what a person has decided about it so far.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DraftReview {
    /// The draft's name on this device.
    pub id: DraftId,
    /// The draft.
    pub draft: Draft,
    /// Decisions by element; what has none is waiting.
    #[serde(default)]
    pub decisions: BTreeMap<DraftKey, Decision>,
    /// The journey that it drafts again; a new one without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub onto: Option<JourneyId>,
    /// Steps that are on that journey's map already.
    #[serde(default)]
    pub known: BTreeMap<DraftKey, StepId>,
}

/// What a person decided about an element of a draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "decision", rename_all = "snake_case")]
pub enum Decision {
    /// It goes onto the map, under another title if one is given.
    Keep {
        /// The title that a person gave it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        title: Option<String>,
    },
    /// It stays out.
    LeaveOut,
    /// What it cites and holds goes to another step.
    MergeInto {
        /// That step.
        step: DraftKey,
    },
}

/// How far the reading has come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DraftProgress {
    /// What is being done.
    pub phase: DraftPhase,
    /// How much of it is done.
    pub done: usize,
    /// How much there is to do, once known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<usize>,
    /// The page, file or step at hand.
    pub now: String,
    /// Set when a source has just been finished.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<SourceProgress>,
    /// Stages with the titles of their steps, as far as known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stages: Vec<(String, Vec<String>)>,
}

/// What became of one source.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SourceProgress {
    /// Address or path.
    pub locator: String,
    /// What was found in it, or why it was skipped, in a few words.
    pub outcome: String,
    /// Whether it was skipped.
    pub is_skipped: bool,
}

/// What the reading is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DraftPhase {
    /// Reading pages and files.
    Reading,
    /// Finding what customers do, meet and stumble over.
    Finding,
    /// Putting steps into stages and order.
    Ordering,
    /// Checking that every element's words stand in its source.
    Checking,
}

impl DraftPhase {
    /// All phases, in their order.
    pub const ALL: [DraftPhase; 4] = [Self::Reading, Self::Finding, Self::Ordering, Self::Checking];
}
