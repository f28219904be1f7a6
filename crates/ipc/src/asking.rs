//! Questions to the assistant: their answers with what they rest on, and what they propose.

use custory_domain::{AskId, Command, EntityRef, JourneyId, Timestamp};
use serde::{Deserialize, Serialize};

/// A question with its answer, as kept on this device.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Asked {
    /// Which one.
    pub id: AskId,
    /// About which journey.
    pub journey: JourneyId,
    /// When.
    pub at: Timestamp,
    /// In the person's words.
    pub question: String,
    /// By which model.
    pub model: String,
    /// The answer.
    pub answer: Answer,
    /// Proposed changes that were accepted, by their place in the proposal.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accepted: Vec<usize>,
    /// Whether the proposal has been decided about.
    #[serde(default)]
    pub is_decided: bool,
}

/// What the assistant says.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// Statements in their order, each with what it rests on. None: it is not in the journey.
    pub claims: Vec<Claim>,
    /// Changes that it proposes; nothing is changed until somebody accepts them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub proposal: Vec<Proposed>,
    /// What it looked at, in a few words each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub looked_at: Vec<String>,
    /// What was dropped since nothing in the journey bears it out, and why, a sentence each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dropped: Vec<String>,
}

impl Answer {
    /// Whether the journey says nothing of what was asked.
    pub fn is_empty(&self) -> bool {
        self.claims.is_empty() && self.proposal.is_empty()
    }
}

/// One statement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Claim {
    /// In words.
    pub text: String,
    /// What it rests on: at least one, each on the journey's board.
    pub cites: Vec<Cited>,
}

/// Something on the board that a statement rests on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Cited {
    /// Which one.
    pub entity: EntityRef,
    /// What it is called.
    pub title: String,
}

/// One change that is proposed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Proposed {
    /// What it does, in words: "Rename step “Sign up”".
    pub label: String,
    /// What it is now; empty where something new is added.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub before: String,
    /// What it would be.
    pub after: String,
    /// Why, in the assistant's words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub why: String,
    /// What it rests on: at least one.
    pub cites: Vec<Cited>,
    /// What is done when it is accepted.
    pub command: Command,
}

/// What a wanted change does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words are the meaning")]
pub enum WantedKind {
    Rename,
    Describe,
    AddPain,
    AddNeed,
    AddGain,
    AddQuestion,
    AddTouchpoint,
    AddOpportunity,
    AddSolution,
}

impl WantedKind {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Rename,
        Self::Describe,
        Self::AddPain,
        Self::AddNeed,
        Self::AddGain,
        Self::AddQuestion,
        Self::AddTouchpoint,
        Self::AddOpportunity,
        Self::AddSolution,
    ];
}

/// A change as a model or another program wants it: nothing of it is believed yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WantedChange {
    /// Names of what it rests on.
    pub cites: Vec<String>,
    /// What it does.
    pub kind: WantedKind,
    /// Name of what is changed, or of what something is added to.
    pub target: String,
    /// The new text.
    pub text: String,
    /// Why, in a sentence; may be empty.
    #[serde(default)]
    pub why: String,
}
