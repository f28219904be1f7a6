//! Local models: where they are, which one is used, what each needs.

use serde::{Deserialize, Serialize};

/// How local models are reached and which one is used. Kept on this device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ModelSettings {
    /// Address of the model server.
    pub address: String,
    /// Whether it may be another machine; what is read is then sent there.
    pub is_remote_allowed: bool,
    /// The model that is used; none without.
    pub model: Option<String>,
    /// The model that finds what means the same; without, the server's smallest one made for it.
    pub meaning_model: Option<String>,
    /// Context length asked for on every call, in tokens.
    pub context_tokens: u32,
}

impl ModelSettings {
    /// Least context length that drafts and answers fit into, in tokens.
    pub const CONTEXT_TOKENS_MIN: u32 = 4_096;
    /// Most that is asked for; it takes memory for every token.
    pub const CONTEXT_TOKENS_MAX: u32 = 131_072;
    /// Most pieces of text that a model is asked about in one draft: at 15 seconds each, an hour.
    pub const DRAFT_PIECES_MAX: usize = 240;
}

impl Default for ModelSettings {
    fn default() -> Self {
        Self {
            address: "http://127.0.0.1:11434".to_owned(),
            is_remote_allowed: false,
            model: None,
            meaning_model: None,
            context_tokens: 8_192,
        }
    }
}

/// What is known of local models now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Models {
    /// As set on this device.
    pub settings: ModelSettings,
    /// Why there are none, and what to do; empty if the server answers.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub problem: String,
    /// The models that the server has, by name.
    pub models: Vec<Model>,
    /// Models that are being downloaded.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pulling: Vec<String>,
}

/// A model that the server has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Model {
    /// Its name with its tag.
    pub name: String,
    /// Size on disk, in bytes.
    pub bytes: u64,
    /// Memory that it needs with the context length that is set, in bytes; an estimate.
    pub memory_bytes: u64,
    /// Number of parameters, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parameters: Option<u64>,
    /// Longest context that it was made for, in tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context_tokens: Option<u32>,
    /// It can draft and answer.
    pub can_chat: bool,
    /// It can find what means the same.
    pub can_embed: bool,
}

/// How far a download is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PullProgress {
    /// What is being done, in the server's words.
    pub status: String,
    /// Bytes of the current part that are here.
    pub done_bytes: u64,
    /// Bytes of the current part; 0 while unknown.
    pub total_bytes: u64,
}

/// What trying a model showed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelTrial {
    /// The model.
    pub model: String,
    /// What is wrong with it, and what to do; empty if it does what is needed.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub problem: String,
    /// Time that a short answer took by the server's own clock, in milliseconds; 0 if unknown.
    pub millis: u64,
}
