//! Why: what a claim rests on, word for word, with where it was found.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::entity;
use crate::id::EntityRef;
use crate::time::Timestamp;

entity! {
    /// What a claim rests on. What it supports or contradicts is in `claims`.
    Evidence(EvidenceId), EvidenceField {
        /// What it is.
        Kind => sort: EvidenceSort,
        /// The exact words, at most 500 characters, personal details removed.
        Excerpt => excerpt: String,
        /// Who said it, as shown; a pseudonym where it came from outside.
        Author => author: String,
        /// Pseudonym of the customer account, to count each account once.
        Account => account: String,
        /// Where it came from, for example `intercom`, `slack`, `web`, `file`.
        Source => source: String,
        /// Address or path of the source.
        Locator => locator: String,
        /// Place within the source: anchor, line range or page.
        Anchor => anchor: String,
        /// SHA-256 of the source's text as it was read, hexadecimal.
        SourceHash => source_hash: String,
        /// When it was said or measured.
        CapturedAt => captured_at: Option<Timestamp>,
        /// How much its kind of source counts.
        Weight => weight: WeightClass,
        /// How it sounds, −1 to 1; unknown stays empty.
        Sentiment => sentiment: Option<f64>,
        /// Whether code or a person found the words in the source.
        IsVerified => is_verified: bool,
    }
    rules {
        /// What it speaks about, and whether for or against.
        claims: BTreeMap<EntityRef, Stance>,
    }
}

impl Evidence {
    /// Longest excerpt, in characters.
    pub const EXCERPT_CHARS_MAX: usize = 500;
}

/// Whether evidence speaks for a claim or against it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words are the meaning")]
pub enum Stance {
    #[default]
    Supports,
    Contradicts,
}

/// What a piece of evidence is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words are the meaning")]
pub enum EvidenceSort {
    #[default]
    Quote,
    Metric,
    Event,
    File,
    Link,
    Interview,
    Observation,
}

/// How much a kind of source counts ([`crate::score::evidence::weight`]).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WeightClass {
    /// What people did: 1.0.
    Behavioural,
    /// What they said when asked: 0.8.
    Interview,
    /// What they wrote to support: 0.5.
    Support,
    /// What they said to sales: 0.4.
    Sales,
    /// What they said in public: 0.3.
    PublicChat,
    /// What the team thinks, or what its own material says: 0.1.
    #[default]
    Internal,
    /// What a model inferred: 0.
    AiInference,
}
