//! What is known of local models: asked for where they are shown, kept up to date by events.

use std::collections::{BTreeMap, BTreeSet};

use custory_ipc::{Failure, Model, ModelSettings, Models, PullProgress, Reply, Request};
use dioxus::core::spawn_forever;
use dioxus::prelude::*;

use super::Store;
use crate::app::Screen;
use crate::{dom, host};

/// Where the settings of local models begin on the page.
pub const MODELS_ID: &str = "local-ai";

/// What is known of local models.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LocalModels {
    /// The newest word of the engine; none before it was asked.
    pub known: Option<Models>,
    /// The engine is asking the server.
    pub is_checking: bool,
    /// Downloads under way.
    pub pulls: BTreeMap<String, PullProgress>,
    /// Downloads that the person has stopped and the engine has not ended yet.
    pub stopping: BTreeSet<String>,
    /// The download that failed last, and why.
    pub failed: Option<(String, String)>,
}

impl LocalModels {
    /// The settings, once they are known.
    pub fn settings(&self) -> Option<&ModelSettings> {
        self.known.as_ref().map(|it| &it.settings)
    }

    /// Name of the model that is chosen.
    pub fn chosen(&self) -> Option<&str> {
        self.settings()?.model.as_deref()
    }

    /// Whether models run on this computer, as far as their server's address tells.
    pub fn is_on_this_computer(&self) -> bool {
        self.settings().is_none_or(|it| is_this_computer(&it.address))
    }

    /// The chosen model, if the server has it.
    pub fn chosen_model(&self) -> Option<&Model> {
        let chosen = self.chosen()?;
        self.known.as_ref()?.models.iter().find(|it| is_named(it, chosen))
    }

    fn take(&mut self, models: Models) {
        self.pulls.retain(|name, _| models.pulling.contains(name));
        for name in &models.pulling {
            self.pulls.entry(name.clone()).or_default();
        }
        self.known = Some(models);
    }
}

/// Ollama takes a name without a tag for its latest.
pub fn is_named(model: &Model, name: &str) -> bool {
    model.name == name || model.name.strip_suffix(":latest") == Some(name)
}

/// Whether an address leads to this computer. Only to say so: what may leave it is decided by the engine.
pub fn is_this_computer(address: &str) -> bool {
    let rest = address.split_once("://").map_or(address, |it| it.1);
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = match host.strip_prefix('[') {
        Some(six) => six.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    let is_four = host.starts_with("127.") && host.parse::<std::net::Ipv4Addr>().is_ok();
    host.eq_ignore_ascii_case("localhost") || host == "::1" || is_four
}

impl Store {
    /// Asks what is known of local models; the answer comes into the store.
    pub fn check_models(self) {
        spawn_forever(async move { self.models_checked().await });
    }

    /// The same, and waits for it.
    pub async fn models_checked(mut self) {
        self.models.write().is_checking = true;
        let answer = host::request(Request::Models).await;
        let mut models = self.models.write();
        models.is_checking = false;
        match answer {
            Ok(Reply::Models { models: known }) => models.take(known),
            Ok(_) => {}
            Err(failure) => {
                drop(models);
                self.fail(failure);
            }
        }
    }

    /// Remembers how models are reached and which one is used, then asks what that brings.
    ///
    /// # Errors
    /// The engine's own no.
    pub async fn set_models(mut self, settings: ModelSettings) -> Result<(), Failure> {
        host::request(Request::SetModels { settings: settings.clone() }).await?;
        // Seen at once; asking the server may take a while.
        if let Some(known) = self.models.write().known.as_mut() {
            known.settings = settings;
        }
        self.models_checked().await;
        Ok(())
    }

    /// Chooses a model, or none.
    pub fn choose_model(self, model: Option<String>) {
        let Some(settings) = self.models.peek().settings().cloned() else { return };
        spawn_forever(async move {
            if let Err(failure) = self.set_models(ModelSettings { model, ..settings }).await {
                self.fail(failure);
            }
        });
    }

    /// Begins a download.
    pub fn pull_model(mut self, model: String) {
        spawn_forever(async move {
            match host::request(Request::PullModel { model: model.clone() }).await {
                Ok(_) => {
                    let mut models = self.models.write();
                    models.failed = None;
                    models.pulls.entry(model).or_default();
                }
                Err(failure) => self.models.write().failed = Some((model, failure.message)),
            }
        });
    }

    /// Stops a download. What is here of it is used when it is begun again.
    pub fn stop_pull(mut self, model: String) {
        self.models.write().stopping.insert(model.clone());
        self.order(Request::CancelPull { model });
    }

    /// A download ended.
    pub(super) fn model_pulled(mut self, model: String, problem: String) {
        let mut models = self.models.write();
        models.pulls.remove(&model);
        // That it was stopped is no news to whoever stopped it.
        if !models.stopping.remove(&model) && !problem.is_empty() {
            models.failed = Some((model, problem));
        }
        drop(models);
        self.check_models();
    }

    /// Shows the settings of local models.
    pub fn go_to_models(self) {
        self.go(Screen::Settings);
        spawn_forever(async move {
            dom::next_frame().await;
            dom::next_frame().await;
            if let Some(section) = dom::by_id(MODELS_ID) {
                section.scroll_into_view();
                dom::focus(MODELS_ID);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_this_computer_count_as_this_computer() {
        for address in ["http://127.0.0.1:11434", "localhost:11434", "http://[::1]:1/", "https://LOCALHOST/x"]
        {
            assert!(is_this_computer(address), "{address}");
        }
        for address in
            ["http://127.0.0.1.example.com", "http://10.0.0.2:11434", "http://example.com/localhost", ""]
        {
            assert!(!is_this_computer(address), "{address}");
        }
    }
}
