//! Downloads: a model by its name, how far each is, and stopping.

use dioxus::prelude::*;

use super::words;
use crate::components::{Button, Chip, Icon, IconButton, Note, TextField};
use crate::state::use_store;

/// Models that are known to draft and answer, with the size of their download, smallest first.
const SUGGESTED: [(&str, &str); 3] =
    [("llama3.2:3b", "2.0 GB"), ("qwen3:4b", "2.5 GB"), ("qwen3:8b", "5.2 GB")];

/// Downloads under way, and the way to begin one.
#[component]
pub fn Get() -> Element {
    let store = use_store();
    let mut name = use_signal(String::new);
    let models = store.models.read();
    let has_none = models.known.as_ref().is_some_and(|it| it.models.is_empty());
    let is_there = |wanted: &str| models.known.iter().flat_map(|it| &it.models).any(|it| it.name == wanted);
    let suggested: Vec<_> = SUGGESTED.into_iter().filter(|it| !is_there(it.0)).collect();
    let failed = models.failed.clone();
    let mut begin = move || {
        let wanted = name.peek().trim().to_owned();
        if !wanted.is_empty() {
            store.pull_model(wanted);
            name.set(String::new());
        }
    };
    rsx! {
        for (name , progress) in models.pulls.clone() {
            div { key: "{name}", class: "rw mdl-p",
                Icon { name: "chip", class: "sm" }
                div { class: "g",
                    h3 { "{name}" }
                    p { {if progress.status.is_empty() { "Starting the download".to_owned() } else { format!("Ollama says: {}", progress.status) }} }
                }
                div {
                    class: if words::part(&progress).is_some() { "mdl-b" } else { "mdl-b open" },
                    role: "progressbar",
                    "aria-label": "Download of {name}",
                    "aria-valuemin": "0",
                    "aria-valuemax": "100",
                    "aria-valuenow": words::part(&progress).map(|it| format!("{:.0}", it * 100.0)),
                    i { style: words::part(&progress).map(|it| format!("transform:scaleX({it:.4})")) }
                }
                span { class: "t3 num", {words::far(&progress)} }
                IconButton {
                    icon: "x",
                    class: "xs",
                    label: "Stop the download of {name}",
                    disabled: models.stopping.contains(&name),
                    onclick: {
                        let name = name.clone();
                        move |_| store.stop_pull(name.clone())
                    },
                }
            }
        }
        if let Some((of, problem)) = failed {
            div { class: "rw",
                div { class: "g",
                    Note { icon: "warn", tone: "warn", "{of}: {problem}" }
                }
                Button { label: "Try again", class: "sm", onclick: move |_| store.pull_model(of.clone()) }
            }
        }
        div { class: "rw sub mdl-g",
            Icon { name: "plus", class: "sm" }
            span { class: "g",
                if has_none {
                    "No model yet. Add one"
                } else {
                    "Add by name"
                }
            }
            for (suggestion , size) in suggested {
                Chip { key: "{suggestion}", label: "Put in {suggestion}", onclick: move |_| name.set(suggestion.to_owned()),
                    "{suggestion}"
                    span { class: "t3", "{size}" }
                }
            }
            TextField {
                id: "model-name",
                value: name(),
                label: "Name of a model",
                placeholder: "qwen3:4b",
                oninput: move |text| name.set(text),
                onsubmit: move |()| begin(),
            }
            Button {
                label: "Download",
                class: "sm",
                id: "model-pull",
                disabled: name.read().trim().is_empty(),
                onclick: move |_| begin(),
            }
        }
    }
}
