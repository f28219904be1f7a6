//! The models that the server has: one is chosen, each can be tried.

use std::collections::BTreeMap;

use custory_ipc::{Model, ModelTrial, Reply, Request};
use dioxus::prelude::*;

use super::words;
use crate::components::Button;
use crate::host;
use crate::state::{is_named, use_store};

/// How a trial stands.
#[derive(Clone, Debug, PartialEq)]
enum Trial {
    /// The model has been asked.
    Running,
    /// It answered so, or why it did not.
    Ended(Result<u64, String>),
}

/// All models, and none.
#[component]
pub fn List() -> Element {
    let store = use_store();
    let trials: Signal<BTreeMap<String, Trial>> = use_signal(BTreeMap::new);
    let models = store.models.read();
    let Some(known) = models.known.as_ref() else { return rsx! {} };
    let chosen = known.settings.model.clone();
    let is_chosen = |it: &Model| chosen.as_deref().is_some_and(|name| is_named(it, name));
    let missing = chosen.clone().filter(|name| !known.models.iter().any(|it| is_named(it, name)));
    let is_loading = missing.as_ref().is_some_and(|it| models.pulls.contains_key(it));
    rsx! {
        div { class: "mdl-r", role: "radiogroup", "aria-label": "Model that is used",
            for model in known.models.iter() {
                Row { key: "{model.name}", model: model.clone(), is_chosen: is_chosen(model), trials }
            }
            if let Some(name) = missing.filter(|_| !is_loading) {
                div { class: "rw",
                    span { class: "rdo on", role: "radio", "aria-checked": "true", "aria-label": "{name}" }
                    div { class: "g",
                        h3 { "{name}" }
                        p { "Chosen, but not on this server yet. Download it, or choose another one." }
                    }
                    Button {
                        label: "Download",
                        class: "sm",
                        onclick: {
                            let name = name.clone();
                            move |_| store.pull_model(name.clone())
                        },
                    }
                }
            }
            if !known.models.is_empty() {
                label { class: "rw",
                    button {
                        class: if chosen.is_none() { "rdo on" } else { "rdo" },
                        r#type: "button",
                        role: "radio",
                        "aria-checked": chosen.is_none(),
                        "aria-label": "No model",
                        onclick: move |_| store.choose_model(None),
                    }
                    div { class: "g",
                        h3 { "No model" }
                        p { "Drafts are read by rules alone, and the assistant rests." }
                    }
                }
            }
        }
    }
}

#[component]
fn Row(model: Model, is_chosen: bool, trials: Signal<BTreeMap<String, Trial>>) -> Element {
    let store = use_store();
    let trial = trials.read().get(&model.name).cloned();
    let name = model.name.clone();
    rsx! {
        label { class: "rw",
            button {
                class: if is_chosen { "rdo on" } else { "rdo" },
                r#type: "button",
                role: "radio",
                disabled: !model.can_chat,
                "aria-checked": is_chosen,
                "aria-label": "Use {model.name}",
                onclick: {
                    let name = name.clone();
                    move |_| store.choose_model(Some(name.clone()))
                },
            }
            div { class: "g",
                h3 { "{model.name}" }
                p { {words::about(&model)} }
                match &trial {
                    Some(Trial::Ended(Ok(millis))) => rsx! {
                        p { class: "good", role: "status", {said(*millis)} }
                    },
                    Some(Trial::Ended(Err(problem))) => rsx! {
                        p { class: "bad", role: "alert", "{problem}" }
                    },
                    _ => rsx! {},
                }
            }
            if is_chosen {
                span { class: "tag", "In use" }
            }
            if model.can_chat {
                Button {
                    label: "Test",
                    class: "sm",
                    id: is_chosen.then(|| "model-test".to_owned()),
                    busy: (trial == Some(Trial::Running)).then(|| "Testing".to_owned()),
                    onclick: {
                        let name = name.clone();
                        move |event: MouseEvent| {
                            event.prevent_default();
                            try_out(trials, name.clone());
                        }
                    },
                }
            }
        }
    }
}

/// Asks the model a small question in the form that drafts need.
fn try_out(mut trials: Signal<BTreeMap<String, Trial>>, model: String) {
    trials.write().insert(model.clone(), Trial::Running);
    spawn(async move {
        let ended = match host::request(Request::TryModel { model: model.clone() }).await {
            Ok(Reply::ModelTried { trial: ModelTrial { problem, millis, .. } }) if problem.is_empty() => {
                Ok(millis)
            }
            Ok(Reply::ModelTried { trial }) => Err(trial.problem),
            Ok(_) => Err("The program gave an answer to another question.".to_owned()),
            Err(failure) => Err(failure.message),
        };
        trials.write().insert(model, Trial::Ended(ended));
    });
}

fn said(millis: u64) -> String {
    if millis == 0 {
        return "It answers in the form that drafts need.".to_owned();
    }
    format!("It answers in the form that drafts need. A short answer took {:.1} s.", millis as f64 / 1000.0)
}
