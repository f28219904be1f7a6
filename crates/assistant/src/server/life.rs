//! Which models a server has, what each is and needs, and how another one is brought.

use std::time::Duration;

use futures_util::StreamExt;
use ollama_rs::error::OllamaError;
use ollama_rs::models::ModelInfo;
use serde::Deserialize;
use serde_json::Value;
use tokio::time::timeout;

use super::Server;
use crate::error::ModelError;
use crate::stop::Stop;

/// Most models listed; a server with more is not one of a person.
const MODELS_MAX: usize = 500;
/// Longest name of a model, in characters.
const NAME_CHARS_MAX: usize = 200;
/// Nothing for this long during a download means that the line is dead.
const PULL_SILENCE_SECS: u64 = 120;

/// A model in the server's list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its name with its tag.
    pub name: String,
    /// Size on disk, in bytes.
    pub bytes: u64,
}

/// The server's list, as far as `ollama-rs` does not read it.
#[derive(Deserialize)]
struct Tags {
    models: Vec<Tag>,
}

#[derive(Deserialize)]
struct Tag {
    name: String,
    #[serde(default)]
    digest: String,
}

/// What a model is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Details {
    /// Number of parameters, where known.
    pub parameters: Option<u64>,
    /// Longest context that it was made for, in tokens.
    pub context_tokens: Option<u32>,
    /// It answers questions.
    pub can_chat: bool,
    /// It calls tools by itself.
    pub can_call_tools: bool,
    /// It turns texts into vectors.
    pub can_embed: bool,
    /// It thinks aloud before it answers.
    pub thinks: bool,
    /// Memory that each token of context takes, in bytes, where the model tells its shape.
    pub bytes_per_token: Option<u64>,
}

impl Details {
    /// Memory that the model needs, in bytes: weights, context, and a tenth for what the server adds.
    /// An estimate; unknown shapes count 128 KiB per token, as a model of 8 billion parameters has.
    pub fn memory_bytes(&self, file_bytes: u64, context_tokens: u32) -> u64 {
        const PER_TOKEN_DEFAULT: u64 = 128 << 10;
        let context = self.bytes_per_token.unwrap_or(PER_TOKEN_DEFAULT).saturating_mul(context_tokens.into());
        let sum = file_bytes.saturating_add(context);
        sum.saturating_add(sum / 10)
    }
}

/// How far a download is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pulled {
    /// What is being done, in the server's words.
    pub status: String,
    /// Bytes of the current part that are here.
    pub done_bytes: u64,
    /// Bytes of the current part; 0 while unknown.
    pub total_bytes: u64,
}

impl Server {
    /// The models it has, by name.
    ///
    /// # Errors
    /// When it is not there or not an Ollama.
    pub async fn list(&self) -> Result<Vec<Listed>, ModelError> {
        let found = self.brief(self.ollama.list_local_models()).await?;
        let listed = found.map_err(|error| self.meaning("", error))?;
        let mut models: Vec<Listed> = listed
            .into_iter()
            .take(MODELS_MAX)
            .map(|it| Listed { name: it.name.chars().take(NAME_CHARS_MAX).collect(), bytes: it.size })
            .collect();
        models.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(models)
    }

    /// What a model's weights are, as a digest: another one under the same name has another. `None` where the
    /// server does not tell, or has no such model. Read here, since `ollama-rs` leaves it out of its list.
    ///
    /// # Errors
    /// When the server is not there.
    pub async fn digest(&self, model: &str) -> Result<Option<String>, ModelError> {
        let request = self.client.get(self.endpoint("api/tags")?).send();
        let unfit = |error: reqwest_of_ollama::Error| self.meaning(model, OllamaError::ReqwestError(error));
        let response = self.brief(request).await?.map_err(unfit)?;
        let tags: Tags = self.brief(response.json()).await?.map_err(unfit)?;
        // Ollama takes a name without a tag for its latest.
        let is_meant = |it: &Tag| it.name == model || it.name.strip_suffix(":latest") == Some(model);
        let found = tags.models.into_iter().find(is_meant).map(|it| it.digest);
        Ok(found.filter(|it| !it.is_empty()))
    }

    /// What a model is and can.
    ///
    /// # Errors
    /// When the server or the model is not there.
    pub async fn show(&self, model: &str) -> Result<Details, ModelError> {
        let shown = self.brief(self.ollama.show_model_info(model.to_owned())).await?;
        shown.map(|it| details(&it)).map_err(|error| self.meaning(model, error))
    }

    /// Brings a model from Ollama's library; `told` hears how far it is. What is here already is not
    /// fetched again when it is asked for a second time.
    ///
    /// # Errors
    /// When there is no such model, the line breaks, or it was stopped.
    pub async fn pull(
        &self,
        model: &str,
        stop: &Stop,
        told: &mut (dyn FnMut(Pulled) + Send),
    ) -> Result<(), ModelError> {
        tokio::select! {
            biased;
            () = stop.told() => Err(ModelError::Stopped),
            pulled = self.fetch(model, told) => pulled,
        }
    }

    async fn fetch(&self, model: &str, told: &mut (dyn FnMut(Pulled) + Send)) -> Result<(), ModelError> {
        let silence = Duration::from_secs(PULL_SILENCE_SECS);
        let silent = || ModelError::Silent { model: model.to_owned(), secs: PULL_SILENCE_SECS };
        let begun = timeout(silence, self.ollama.pull_model_stream(model.to_owned(), false));
        let mut stream = begun.await.map_err(|_| silent())?.map_err(|error| self.meaning(model, error))?;
        let mut last = String::new();
        while let Some(status) = timeout(silence, stream.next()).await.map_err(|_| silent())? {
            let status = status.map_err(|error| self.meaning(model, error))?;
            last.clone_from(&status.message);
            told(Pulled {
                status: status.message,
                done_bytes: status.completed.unwrap_or_default(),
                total_bytes: status.total.unwrap_or_default(),
            });
        }
        if last == "success" {
            return Ok(());
        }
        Err(ModelError::Broke {
            reason: "the download ended early; start it again and it goes on".to_owned(),
        })
    }

    async fn brief<T>(&self, work: impl Future<Output = T>) -> Result<T, ModelError> {
        let time = Duration::from_secs(self.patience.short_secs);
        timeout(time, work).await.map_err(|_| ModelError::NotRunning { address: self.address().to_owned() })
    }

    /// What an error of `ollama-rs` means.
    pub(super) fn meaning(&self, model: &str, error: OllamaError) -> ModelError {
        let stranger = |reason: String| ModelError::NotOllama { address: self.address().to_owned(), reason };
        match error {
            OllamaError::ReqwestError(error) if error.is_connect() => self.unreachable(),
            OllamaError::ReqwestError(error) => stranger(error.to_string()),
            OllamaError::JsonError(_) => stranger("its answer is not understood".to_owned()),
            OllamaError::InternalError(error) => {
                let body = serde_json::json!({ "error": error.message }).to_string();
                match self.refusal(model, 0, &body) {
                    // Ollama's words for a name that its library does not have.
                    ModelError::Refused { reason } if reason.contains("file does not exist") => {
                        ModelError::Refused { reason: format!("there is no model called {model}") }
                    }
                    other => other,
                }
            }
            OllamaError::ToolCallError(error) => stranger(error.to_string()),
            OllamaError::Other(body) => {
                let is_ollamas =
                    serde_json::from_str::<Value>(&body).is_ok_and(|it| it.get("error").is_some());
                match self.refusal(model, 0, &body) {
                    ModelError::Refused { reason } if !is_ollamas => stranger(reason),
                    known => known,
                }
            }
        }
    }
}

fn details(info: &ModelInfo) -> Details {
    let field = |name: &str| {
        let wanted = format!(".{name}");
        let found =
            info.model_info.iter().find(|(key, _)| key.ends_with(&wanted) && key.matches('.').count() <= 2);
        found.and_then(|it| it.1.as_u64())
    };
    let can = |name: &str| info.capabilities.iter().any(|it| it == name);
    let head_bytes = field("attention.key_length").or_else(|| {
        let (width, heads) = (field("embedding_length")?, field("attention.head_count")?);
        (heads > 0).then(|| width / heads)
    });
    // Keys and values, two bytes each, for every layer.
    let bytes_per_token = (|| {
        let heads = field("attention.head_count_kv").or_else(|| field("attention.head_count"))?;
        Some(4u64.saturating_mul(field("block_count")?).saturating_mul(heads).saturating_mul(head_bytes?))
    })();
    let knows_itself = !info.capabilities.is_empty();
    Details {
        parameters: info.model_info.get("general.parameter_count").and_then(Value::as_u64),
        context_tokens: field("context_length").and_then(|it| u32::try_from(it).ok()),
        can_chat: can("completion") || !knows_itself,
        can_call_tools: can("tools"),
        can_embed: can("embedding"),
        thinks: can("thinking"),
        bytes_per_token,
    }
}
