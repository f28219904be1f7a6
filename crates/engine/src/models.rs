//! Local models: which server, which model, downloads. Asking the server happens apart from the loop.

use std::collections::BTreeMap;

use custory_assistant::server::chat::{Message, Role};
use custory_assistant::structured::{self, Form, ask};
use custory_assistant::{ModelError, Server, Stop};
use custory_ipc::{ErrorCode, Event, Failure, Model, ModelSettings, ModelTrial, Models, PullProgress, Reply};
use serde_json::json;

use crate::apart::Later;
use crate::failure::{Fault, not_found, refused};
use crate::inbox::{Core, done};

/// Setting that holds the model settings.
const MODELS_SETTING: &str = "models";
/// Models of a server whose details are asked for; the rest is listed by name.
const DETAILS_MAX: usize = 60;
/// Downloads at once; more would only make each slower.
const PULLS_MAX: usize = 2;
/// Longest name of a model, in bytes.
const NAME_BYTES_MAX: usize = 200;

/// Downloads under way.
#[derive(Default)]
pub(crate) struct Pulls(BTreeMap<String, Stop>);

impl Pulls {
    /// Tells every download to stop.
    pub(crate) fn stop_all(&self) {
        self.0.values().for_each(Stop::tell);
    }
}

impl From<ModelError> for Fault {
    fn from(error: ModelError) -> Self {
        let code = match error {
            ModelError::BadAddress { .. } | ModelError::RemoteNotAllowed { .. } => ErrorCode::BadInput,
            _ => ErrorCode::Model,
        };
        Self(Failure::new(code, error.to_string()))
    }
}

impl Core {
    /// How models are reached, as set on this device.
    pub(crate) fn model_settings(&self) -> Result<ModelSettings, Fault> {
        let text = self.store.setting(MODELS_SETTING)?;
        Ok(text.and_then(|it| serde_json::from_str(&it).ok()).unwrap_or_default())
    }

    /// Remembers how models are reached.
    pub(crate) fn set_models(&mut self, settings: &ModelSettings) -> Result<Reply, Fault> {
        Server::at(&settings.address, settings.is_remote_allowed)?;
        let tokens = ModelSettings::CONTEXT_TOKENS_MIN..=ModelSettings::CONTEXT_TOKENS_MAX;
        if !tokens.contains(&settings.context_tokens) {
            let message =
                format!("The context length goes from {} to {} tokens.", tokens.start(), tokens.end());
            return Err(Failure::new(ErrorCode::BadInput, message).into());
        }
        for model in [&settings.model, &settings.meaning_model].into_iter().flatten() {
            check_name(model)?;
        }
        self.store.put_setting(MODELS_SETTING, &json!(settings).to_string())?;
        Ok(done())
    }

    /// The model that is meant: the one named, else the one that is set.
    pub(crate) fn model(&self, named: Option<String>) -> Result<structured::Model, Fault> {
        let settings = self.model_settings()?;
        let name = named.or(settings.model).ok_or(ModelError::NoModel)?;
        check_name(&name)?;
        let server = Server::at(&settings.address, settings.is_remote_allowed)?;
        let context_tokens = settings.context_tokens;
        Ok(structured::Model { server, name, digest: None, context_tokens, chance: 0 })
    }

    /// What is known of local models; the server is asked apart from the loop.
    pub(crate) fn models(&mut self) -> Result<Later, Fault> {
        let settings = self.model_settings()?;
        let pulling = self.pulls.0.keys().cloned().collect();
        Ok(Box::new(move || {
            Box::pin(async move {
                let (models, problem) = match listed(&settings).await {
                    Ok(models) => (models, String::new()),
                    Err(error) => (Vec::new(), error.to_string()),
                };
                Ok(Reply::Models { models: Models { settings, problem, models, pulling } })
            })
        }))
    }

    /// Asks a model for an answer in a form, and says whether it could.
    pub(crate) fn try_model(&mut self, name: String) -> Result<Later, Fault> {
        let model = self.model(Some(name))?;
        Ok(Box::new(move || {
            Box::pin(async move {
                let (problem, millis) = match tried(&model).await {
                    Ok(millis) => (String::new(), millis),
                    Err(error) => (error.to_string(), 0),
                };
                Ok(Reply::ModelTried { trial: ModelTrial { model: model.name, problem, millis } })
            })
        }))
    }

    /// Starts a download.
    pub(crate) fn pull_model(&mut self, model: String) -> Result<Reply, Fault> {
        check_name(&model)?;
        if self.pulls.0.contains_key(&model) {
            return Ok(done());
        }
        if self.pulls.0.len() >= PULLS_MAX {
            return Err(refused("Two models are being downloaded already. Wait for one, or stop it."));
        }
        let settings = self.model_settings()?;
        let server = Server::at(&settings.address, settings.is_remote_allowed)?;
        let stop = Stop::default();
        self.pulls.0.insert(model.clone(), stop.clone());
        self.apart("pull model", move |way| async move {
            let mut told = |it: custory_assistant::server::Pulled| {
                let progress = PullProgress {
                    status: it.status,
                    done_bytes: it.done_bytes,
                    total_bytes: it.total_bytes,
                };
                let model = model.clone();
                way.hand(move |core| core.emit(Event::ModelPulling { model, progress }));
            };
            let pulled = server.pull(&model, &stop, &mut told).await;
            let problem = pulled.err().map_or_else(String::new, |it| it.to_string());
            way.hand(move |core| {
                core.pulls.0.remove(&model);
                core.emit(Event::ModelPulled { model, problem });
            });
        })?;
        Ok(done())
    }

    /// Stops a download. What is here of it is used when it is started again.
    pub(crate) fn cancel_pull(&mut self, model: &str) -> Result<Reply, Fault> {
        let stop = self.pulls.0.get(model).ok_or_else(|| not_found("This model is not being downloaded."))?;
        stop.tell();
        Ok(done())
    }
}

fn check_name(name: &str) -> Result<(), Fault> {
    let is_name = !name.is_empty()
        && name.len() <= NAME_BYTES_MAX
        && name.chars().all(|it| it.is_ascii_alphanumeric() || "._-:/@".contains(it));
    let message = || format!("“{name}” is not the name of a model; they look like qwen3:4b.");
    if is_name { Ok(()) } else { Err(Failure::new(ErrorCode::BadInput, message()).into()) }
}

async fn listed(settings: &ModelSettings) -> Result<Vec<Model>, ModelError> {
    let server = Server::at(&settings.address, settings.is_remote_allowed)?;
    let mut models = Vec::new();
    for (at, listed) in server.list().await?.into_iter().enumerate() {
        // A model whose details cannot be read is listed without them.
        let details = if at < DETAILS_MAX { server.show(&listed.name).await.ok() } else { None };
        let known = details.clone().unwrap_or_default();
        models.push(Model {
            memory_bytes: known.memory_bytes(listed.bytes, settings.context_tokens),
            name: listed.name,
            bytes: listed.bytes,
            parameters: known.parameters,
            context_tokens: known.context_tokens,
            can_chat: known.can_chat || details.is_none(),
            can_embed: known.can_embed,
        });
    }
    Ok(models)
}

/// A small question in a form; answers the time that it took.
async fn tried(model: &structured::Model) -> Result<u64, ModelError> {
    const ANSWER_TOKENS: u32 = 60;
    let schema = json!({
        "type": "object",
        "properties": { "colour": { "type": "string", "enum": ["red", "green", "blue"] } },
        "required": ["colour"],
        "additionalProperties": false,
    });
    let question = format!("Which colour has grass? Answer with JSON that follows this schema: {schema}");
    let read = |text: &str| {
        let value: serde_json::Value = serde_json::from_str(text).map_err(|it| it.to_string())?;
        let is_colour = value["colour"].as_str().is_some_and(|it| matches!(it, "red" | "green" | "blue"));
        if is_colour { Ok(()) } else { Err("colour is not one of the three".to_owned()) }
    };
    let messages = [Message::new(Role::User, question)];
    let ((), spent) =
        ask(model, &messages, &Form::small(schema), ANSWER_TOKENS, &Stop::default(), &mut |_| {}, read)
            .await?;
    Ok(spent.millis)
}
