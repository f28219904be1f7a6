//! Who reads the material: rules alone, or a local model beside them. What a model costs is said before.

use custory_domain::DraftId;
use custory_domain::draft::DraftRequest;
use custory_ipc::{ModelSettings, Request};
use dioxus::prelude::*;

use super::FORM;
use super::form::Reader;
use crate::components::{Button, Chip, Entry, Icon, Menu};
use crate::state::{Store, use_store};

/// The model that is to read, if one is.
pub(super) fn wanted(store: Store) -> Option<String> {
    match &FORM.peek().reader {
        Reader::Rules => None,
        Reader::Model(name) => Some(name.clone()),
        Reader::AsSet => {
            store.models.peek().chosen_model().filter(|it| it.can_chat).map(|it| it.name.clone())
        }
    }
}

/// What to ask the engine for.
pub(super) fn order(request: DraftRequest, model: Option<String>) -> Request {
    match model {
        None => Request::StartDraft { request },
        Some(_) => Request::StartDraftWithModel { request, model, chance: 0 },
    }
}

/// Remembers who reads a draft, to say so while it is read.
pub(super) fn note(mut store: Store, draft: DraftId, model: Option<String>) {
    store.readings.write().entry(draft).or_default().model = model;
}

/// The choice.
#[component]
pub(super) fn ModelRow() -> Element {
    let mut store = use_store();
    use_hook(move || store.check_models());
    let models = store.models.read();
    let is_running = models.known.as_ref().is_some_and(|it| it.problem.is_empty());
    let has_any = models.known.iter().flat_map(|it| &it.models).any(|it| it.can_chat);
    let reader = FORM.read().reader.clone();
    let name = match &reader {
        Reader::Rules => None,
        Reader::Model(name) => Some(name.clone()),
        Reader::AsSet => models.chosen_model().filter(|it| it.can_chat).map(|it| it.name.clone()),
    };
    let about = match &name {
        None if has_any => "Rules alone take seconds. A model finds steps that rules do not see.".to_owned(),
        None => {
            "Rules alone read it, in seconds. A model on your computer finds steps that rules do not see."
                .to_owned()
        }
        Some(_) => cost(models.is_on_this_computer()),
    };
    rsx! {
        div { class: "rw",
            div { class: "g",
                h3 { "Model" }
                p { "{about}" }
            }
            if has_any {
                Chip {
                    id: "draft-model",
                    class: "big",
                    label: "Who reads the material",
                    opens_menu: true,
                    onclick: move |event| store.menu.set(Some(Menu::below(&event, "Model", entries(store)))),
                    Icon { name: "chip", class: "sm" }
                    match &name {
                        Some(name) => rsx! {
                            b { "{name}" }
                            span { class: "t3", if is_running { "Ollama, ready" } else { "Ollama does not answer" } }
                        },
                        None => rsx! {
                            b { "Rules alone" }
                        },
                    }
                    Icon { name: "down", class: "xs" }
                }
            } else {
                span { class: "t3", "Rules alone" }
                Button { label: "Set up local AI", class: "sm", onclick: move |_| store.go_to_models() }
            }
        }
    }
}

/// How long it takes at most, and where the material goes. How long it takes here is known only once the
/// model has read something.
fn cost(is_on_this_computer: bool) -> String {
    let most = ModelSettings::DRAFT_PIECES_MAX;
    let place = if is_on_this_computer {
        "Pages never leave this computer."
    } else {
        "Pages are sent to the other computer that you allowed."
    };
    format!(
        "Asks it about at most {most} pieces of text, some seconds each; the time left shows after the first. {place}"
    )
}

fn entries(store: Store) -> Vec<Entry> {
    let models = store.models.peek();
    let now = wanted(store);
    let entry = |name: String| {
        let wanted = name.clone();
        let is_on = now.as_deref() == Some(&name);
        Entry::act(name, move || FORM.write().reader = Reader::Model(wanted.clone())).icon("chip").on(is_on)
    };
    let able = models.known.iter().flat_map(|it| &it.models).filter(|it| it.can_chat);
    let mut entries: Vec<_> = able.map(|it| entry(it.name.clone())).collect();
    entries.push(Entry::Line);
    entries
        .push(Entry::act("Rules alone".to_owned(), || FORM.write().reader = Reader::Rules).on(now.is_none()));
    entries
}
