//! Local models in the settings: where their server is, which there are, which one is used.
//!
//! It shows what the engine says of them and asks for what a person wants. That everything works without
//! a model is said wherever there is none.

mod get;
mod list;
mod server;
mod words;

use dioxus::prelude::*;

use crate::components::{Button, Icon, Note};
use crate::host;
use crate::state::{LocalModels, MODELS_ID, use_store};
use get::Get;
use list::List;
use server::ServerSettings;

const STYLE: &str = include_str!("style.css");
/// Where Ollama is to be had.
const DOWNLOAD_PAGE: &str = "https://ollama.com/download";

/// The settings' section about local models.
#[component]
pub fn ModelsSection() -> Element {
    let store = use_store();
    use_hook(move || store.check_models());
    let models = store.models.read().clone();
    let is_running = models.known.as_ref().is_some_and(|it| it.problem.is_empty());
    rsx! {
        section { class: "sec", id: MODELS_ID, tabindex: "-1",
            style { dangerous_inner_html: STYLE }
            h2 { "Local AI" }
            p {
                "The assistant, and drafts that say more, use a model that runs on your own computer through Ollama. \
                 Everything else works without one."
            }
            div { class: "box",
                Standing { models: models.clone() }
                if is_running {
                    List {}
                    Get {}
                }
            }
            ServerSettings {}
        }
    }
}

/// Whether the server answers, and what to do if not.
#[component]
fn Standing(models: LocalModels) -> Element {
    let store = use_store();
    let address = models.settings().map(|it| bare(&it.address)).unwrap_or_default();
    let is_here = models.is_on_this_computer();
    let problem = models.known.as_ref().map(|it| it.problem.clone()).unwrap_or_default();
    let count = models.known.as_ref().map_or(0, |it| it.models.len());
    let (class, label) = match (&models.known, problem.is_empty()) {
        (None, _) => ("ok off", "Looking"),
        (Some(_), true) => ("ok", "Running"),
        (Some(_), false) => ("ok off", "Not found"),
    };
    rsx! {
        div { class: "rw mdl-s",
            span { class: "tile",
                Icon { name: "chip" }
            }
            div { class: "g",
                h3 { if is_here { "Ollama on this computer" } else { "Ollama on another computer" } }
                p {
                    "{address}"
                    if models.known.is_some() && problem.is_empty() {
                        ", "
                        {crate::format::count(count, "model", "models")}
                    }
                }
            }
            span { class, id: "models-standing", role: "status",
                i { class: "dot" }
                "{label}"
            }
            Button {
                label: "Check",
                class: "sm",
                icon: "sync",
                id: "models-check",
                busy: models.is_checking.then(|| "Checking".to_owned()),
                onclick: move |_| store.check_models(),
            }
        }
        if !problem.is_empty() {
            div { class: "rw mdl-no",
                div { class: "g",
                    Note { icon: "info", tone: "warn", "{problem}" }
                    if is_here {
                        ol {
                            li { "Get Ollama. It is free, and models run on your computer only." }
                            li { "Start it, then press Check." }
                            li { "Download a model here. A small one takes about 2.5 GB." }
                        }
                        Button {
                            label: "Open the download page",
                            class: "sm",
                            icon: "ext",
                            onclick: move |_| async move { host::open_external(DOWNLOAD_PAGE).await },
                        }
                    }
                    p { class: "t3",
                        "Without it you draft by rules alone, and edit, prioritize and share as ever. Only the assistant rests."
                    }
                }
            }
        }
    }
}

/// An address without its scheme.
fn bare(address: &str) -> String {
    address.split_once("://").map_or(address, |it| it.1).trim_end_matches('/').to_owned()
}
