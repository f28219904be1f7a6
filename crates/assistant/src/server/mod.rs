//! One Ollama: where it is, which models it has, and what they say.
//!
//! Lists, details, downloads and embeddings go through `ollama-rs`. A model's words are read here
//! ([`chat`]), since version 0.3.6 of that crate loses answers whose characters are split between
//! packets, hides errors in the middle of an answer, and does not tell whether one is complete.
//!
//! Invariant: nothing is sent to another machine unless that was allowed, neither by a redirect nor by
//! a proxy.

mod address;
pub mod chat;
pub mod embed;
mod find;
mod life;
mod lines;

use std::time::Duration;

use ollama_rs::Ollama;
use url::Url;

pub use address::{DEFAULT_ADDRESS, address};
pub use find::is_installed;
pub use life::{Details, Listed, Pulled};

use crate::error::ModelError;

/// Time to be answered at all; a server on this machine takes milliseconds.
const CONNECT_TIME: Duration = Duration::from_secs(3);

/// How long is waited for what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// For lists and details.
    pub short_secs: u64,
    /// For the first word of an answer: the model is loaded from disk and reads the prompt.
    pub first_word_secs: u64,
    /// Between two words.
    pub next_word_secs: u64,
}

impl Default for Patience {
    fn default() -> Self {
        Self { short_secs: 15, first_word_secs: 300, next_word_secs: 60 }
    }
}

/// One Ollama.
#[derive(Clone, Debug)]
pub struct Server {
    address: Url,
    client: reqwest_of_ollama::Client,
    ollama: Ollama,
    patience: Patience,
}

impl Server {
    /// The server at an address. Nothing is sent yet.
    ///
    /// # Errors
    /// When the text is no address, or one of another machine without `is_remote_allowed`.
    pub fn at(text: &str, is_remote_allowed: bool) -> Result<Self, ModelError> {
        let address = address(text, is_remote_allowed)?;
        // Another part of the program may have chosen a provider already; either is fine.
        drop(rustls::crypto::ring::default_provider().install_default());
        let builder = reqwest_of_ollama::Client::builder()
            .connect_timeout(CONNECT_TIME)
            .redirect(reqwest_of_ollama::redirect::Policy::none());
        let builder = if address::is_this_machine(&address) { builder.no_proxy() } else { builder };
        // Certificates are read from the system, which takes a while and is of no use without TLS.
        let client = builder
            .tls_built_in_root_certs(address.scheme() == "https")
            .build()
            .map_err(|error| ModelError::Refused { reason: format!("no connection can be made: {error}") })?;
        let ollama = Ollama::builder().url(address.clone()).reqwest_client(client.clone()).build();
        Ok(Self { address, client, ollama, patience: Patience::default() })
    }

    /// The same server, waited for differently.
    pub fn with_patience(mut self, patience: Patience) -> Self {
        self.patience = patience;
        self
    }

    /// Where it is.
    pub fn address(&self) -> &str {
        self.address.as_str().trim_end_matches('/')
    }

    fn endpoint(&self, path: &str) -> Result<Url, ModelError> {
        self.address.join(path).map_err(|_| ModelError::BadAddress { address: self.address.to_string() })
    }

    /// Nothing answers: because there is no Ollama at all, or because it is not running.
    fn unreachable(&self) -> ModelError {
        if address::is_this_machine(&self.address) && !is_installed() {
            ModelError::NotInstalled
        } else {
            ModelError::NotRunning { address: self.address().to_owned() }
        }
    }

    /// What a failed exchange means. `body` is what the server said, if anything.
    fn refusal(&self, model: &str, context_tokens: u32, body: &str) -> ModelError {
        let reason = said_error(body);
        let lower = reason.to_lowercase();
        let has = |words: &[&str]| words.iter().any(|it| lower.contains(it));
        let model = model.to_owned();
        if has(&["not found", "no such model", "try pulling"]) && lower.contains("model") {
            ModelError::NoSuchModel { model }
        } else if has(&[
            "more system memory",
            "out of memory",
            "cudamalloc",
            "unable to allocate",
            "insufficient memory",
        ]) {
            ModelError::OutOfMemory { model, context_tokens }
        } else if has(&[
            "longer than the context",
            "exceeds the context",
            "exceed_context",
            "context length exceeded",
        ]) {
            ModelError::TooLong { model, context_tokens }
        } else {
            ModelError::Refused { reason }
        }
    }
}

/// The message in `{"error": …}`, or the beginning of whatever else was said.
fn said_error(body: &str) -> String {
    const CHARS_MAX: usize = 300;
    let value: Option<serde_json::Value> = serde_json::from_str(body).ok();
    let error = value.as_ref().and_then(|it| it.get("error"));
    let text = match error {
        Some(serde_json::Value::String(text)) => text.clone(),
        // Some models' errors come as another server's JSON.
        Some(other) => {
            other.get("message").and_then(|it| it.as_str()).map_or_else(|| other.to_string(), str::to_owned)
        }
        None => body.to_owned(),
    };
    let text: String =
        text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(CHARS_MAX).collect();
    if text.is_empty() { "it gave no reason".to_owned() } else { text }
}
