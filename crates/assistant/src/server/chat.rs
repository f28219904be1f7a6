//! A model's words, read from its server line by line.
//!
//! Invariant: an answer is given only if it is whole: the server said that it is done and that the
//! model stopped by itself, and no more of the prompt was cut off than nothing.

use std::time::Duration;

use futures_util::StreamExt;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::time::timeout;

use super::Server;
use super::lines::Lines;
use crate::error::ModelError;
use crate::stop::Stop;

/// Longest answer, in bytes. Far above what any question here allows; a bound on memory.
const ANSWER_BYTES_MAX: usize = 256 << 10;
/// Longest error page read.
const ERROR_BYTES_MAX: usize = 64 << 10;
/// How long the server keeps the model in memory for the next question.
const KEEP_ALIVE: &str = "10m";
/// How far from the likeliest words chance may go: enough for other answers, not for other languages.
const CHANCE_TEMPERATURE: f32 = 0.5;
/// No writing has fewer tokens than a twelfth of its characters, so a count below it says that the
/// prompt was cut.
const CHARS_PER_TOKEN_MAX: usize = 12;

/// Who says something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The rules.
    System,
    /// Whoever asks.
    User,
    /// The model.
    Assistant,
}

/// Something said.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Message {
    /// By whom.
    pub role: Role,
    /// What.
    pub content: String,
}

impl Message {
    /// Something said by somebody.
    pub fn new(role: Role, content: impl Into<String>) -> Self {
        Self { role, content: content.into() }
    }
}

/// What a model is asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// Which model.
    pub model: String,
    /// What was said so far.
    pub messages: Vec<Message>,
    /// JSON schema of the answer, if it is to have one.
    pub format: Option<Value>,
    /// Context length, in tokens: prompt and answer together.
    pub context_tokens: u32,
    /// Longest answer, in tokens.
    pub answer_tokens: u32,
    /// 0 for the likeliest words, else the seed of a choice among likely ones.
    pub chance: u32,
}

/// What a model said, whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// Its words.
    pub text: String,
    /// Length of the prompt as the server counted it; unknown to some servers.
    pub prompt_tokens: Option<u32>,
    /// Length of the answer.
    pub answer_tokens: Option<u32>,
    /// What it took by the server's own clock, in milliseconds.
    pub millis: Option<u64>,
}

#[derive(Deserialize)]
struct Line {
    #[serde(default)]
    message: Option<Words>,
    #[serde(default)]
    done: bool,
    #[serde(default)]
    done_reason: Option<String>,
    #[serde(default)]
    error: Option<Value>,
    #[serde(default)]
    prompt_eval_count: Option<u32>,
    #[serde(default)]
    eval_count: Option<u32>,
    /// In nanoseconds.
    #[serde(default)]
    total_duration: Option<u64>,
}

#[derive(Deserialize)]
struct Words {
    #[serde(default)]
    content: String,
}

impl Server {
    /// Asks and waits for the whole answer; `heard` is told its words so far as it grows.
    ///
    /// Dropping the connection, which stopping does, makes the server stop as well.
    ///
    /// # Errors
    /// Everything of [`ModelError`] except what concerns the form of the answer.
    pub async fn chat(
        &self,
        question: &Question,
        stop: &Stop,
        heard: &mut (dyn FnMut(&str) + Send),
    ) -> Result<Said, ModelError> {
        tokio::select! {
            biased;
            () = stop.told() => Err(ModelError::Stopped),
            said = self.listen(question, heard) => said,
        }
    }

    async fn listen(
        &self,
        question: &Question,
        heard: &mut (dyn FnMut(&str) + Send),
    ) -> Result<Said, ModelError> {
        let silent = |secs| ModelError::Silent { model: question.model.clone(), secs };
        let first = Duration::from_secs(self.patience.first_word_secs);
        let request = self.client.post(self.endpoint("api/chat")?).json(&body(question)).send();
        let response = timeout(first, request)
            .await
            .map_err(|_| silent(self.patience.first_word_secs))?
            .map_err(|error| if error.is_connect() { self.unreachable() } else { broke(&error) })?;
        let status = response.status();
        let mut stream = response.bytes_stream();
        if !status.is_success() {
            let mut page = Vec::new();
            while let Ok(Some(Ok(bytes))) = timeout(first, stream.next()).await {
                page.extend_from_slice(&bytes);
                if page.len() > ERROR_BYTES_MAX {
                    break;
                }
            }
            let page = String::from_utf8_lossy(&page);
            return Err(self.refusal(&question.model, question.context_tokens, &page));
        }
        let mut answer = Growing { server: self, question, said: Said::default() };
        let mut lines = Lines::default();
        let mut patience_secs = self.patience.first_word_secs;
        loop {
            let piece = timeout(Duration::from_secs(patience_secs), stream.next());
            let Some(bytes) = piece.await.map_err(|_| silent(patience_secs))? else { break };
            let bytes = bytes.map_err(|error| broke(&error))?;
            if !lines.feed(&bytes) {
                return Err(ModelError::Broke { reason: "a line has no end".to_owned() });
            }
            while let Some(line) = lines.next() {
                if answer.take(&line)? {
                    return Ok(answer.said);
                }
            }
            heard(&answer.said.text);
            patience_secs = self.patience.next_word_secs;
        }
        if answer.take(&lines.rest())? {
            return Ok(answer.said);
        }
        Err(ModelError::Broke { reason: "the connection ended before the answer did".to_owned() })
    }
}

/// An answer as it comes.
struct Growing<'a> {
    server: &'a Server,
    question: &'a Question,
    said: Said,
}

impl Growing<'_> {
    /// Takes a line in; `true` once the answer is whole.
    fn take(&mut self, line: &[u8]) -> Result<bool, ModelError> {
        if line.iter().all(u8::is_ascii_whitespace) {
            return Ok(false);
        }
        let line: Line = serde_json::from_slice(line)
            .map_err(|error| ModelError::Broke { reason: format!("a line is not JSON: {error}") })?;
        let Question { model, context_tokens, answer_tokens, .. } = self.question;
        if let Some(error) = line.error {
            let body = json!({ "error": error }).to_string();
            return Err(match self.server.refusal(model, *context_tokens, &body) {
                ModelError::Refused { reason } => ModelError::Broke { reason },
                known => known,
            });
        }
        if let Some(words) = line.message {
            self.said.text.push_str(&words.content);
        }
        if self.said.text.len() > ANSWER_BYTES_MAX {
            return Err(ModelError::Cut { model: model.clone(), tokens: *answer_tokens });
        }
        if !line.done {
            return Ok(false);
        }
        self.said.prompt_tokens = line.prompt_eval_count;
        self.said.answer_tokens = line.eval_count;
        self.said.millis = line.total_duration.map(|it| it / 1_000_000);
        match line.done_reason.as_deref() {
            Some("length") => return Err(ModelError::Cut { model: model.clone(), tokens: *answer_tokens }),
            // Servers before 0.2 give no reason.
            Some("stop") | None => {}
            Some(other) => {
                return Err(ModelError::Broke { reason: format!("the model ended with “{other}”") });
            }
        }
        if was_cut(self.question, line.prompt_eval_count) {
            return Err(ModelError::TooLong { model: model.clone(), context_tokens: *context_tokens });
        }
        Ok(true)
    }
}

/// Whether the server read less of the prompt than there is. Zero means that it did not count.
fn was_cut(question: &Question, prompt_tokens: Option<u32>) -> bool {
    let chars: usize = question.messages.iter().map(|it| it.content.chars().count()).sum();
    prompt_tokens.is_some_and(|it| it > 0 && (it as usize) < chars / CHARS_PER_TOKEN_MAX)
}

fn body(question: &Question) -> Value {
    let mut body = json!({
        "model": question.model,
        "messages": question.messages,
        "stream": true,
        // An error instead of a prompt without its beginning, where the server knows these words.
        "truncate": false,
        "shift": false,
        "keep_alive": KEEP_ALIVE,
        "options": {
            "num_ctx": question.context_tokens,
            "num_predict": question.answer_tokens,
            "temperature": if question.chance == 0 { 0.0 } else { CHANCE_TEMPERATURE },
            "seed": question.chance,
        },
    });
    if let (Some(format), Some(object)) = (&question.format, body.as_object_mut()) {
        object.insert("format".to_owned(), format.clone());
    }
    body
}

fn broke(error: &reqwest_of_ollama::Error) -> ModelError {
    let mut reason = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        reason = inner.to_string();
        cause = inner.source();
    }
    ModelError::Broke { reason }
}
