//! How the model server is reached: its address, whether it may be another computer, and how much text
//! it takes in at once.

use custory_ipc::ModelSettings;
use dioxus::prelude::*;

use crate::components::{Button, Chip, Entry, Icon, Menu, SettingRow, TextField};
use crate::format;
use crate::state::{Store, is_this_computer, use_store};

/// Context lengths that are offered, in tokens.
const LENGTHS: [u32; 5] = [4_096, 8_192, 16_384, 32_768, 65_536];

/// Address and context length.
#[component]
pub fn ServerSettings() -> Element {
    let store = use_store();
    let Some(settings) = store.models.read().settings().cloned() else { return rsx! {} };
    rsx! {
        div { class: "box",
            Address { key: "{settings.address}", settings: settings.clone() }
            Length { settings: settings.clone() }
            Meaning { settings }
        }
    }
}

#[component]
fn Address(settings: ModelSettings) -> Element {
    let store = use_store();
    let mut typed = use_signal(|| settings.address.clone());
    let mut allows = use_signal(|| settings.is_remote_allowed);
    let mut is_busy = use_signal(|| false);
    let mut refused = use_signal(|| None::<String>);
    let standard = ModelSettings::default().address;
    let is_changed = typed.read().trim() != settings.address;
    let is_remote = !typed.read().trim().is_empty() && !is_this_computer(typed.read().trim());
    let is_dirty = is_changed || is_remote && allows() != settings.is_remote_allowed;
    let now = settings.clone();
    let mut save = move |address: String| {
        if *is_busy.peek() {
            return;
        }
        is_busy.set(true);
        refused.set(None);
        // Said anew for every address: what was allowed for one server is not for another.
        let is_remote_allowed = *allows.peek() && !is_this_computer(&address);
        let settings = ModelSettings { address, is_remote_allowed, ..now.clone() };
        spawn(async move {
            if let Err(failure) = store.set_models(settings).await {
                refused.set(Some(failure.message));
            }
            is_busy.set(false);
        });
    };
    let mut submit = save.clone();
    let mut standard_again = save.clone();
    let is_standard = settings.address == standard;
    rsx! {
        div { class: "rw mdl-a",
            Icon { name: "globe" }
            div { class: "g",
                h3 { "Address of the server" }
                p { "Where Ollama listens. As a rule on this computer." }
            }
            div { class: "mdl-f",
                div { class: "mdl-l",
                    TextField {
                        id: "model-address",
                        value: typed(),
                        label: "Address of the model server",
                        placeholder: standard.clone(),
                        oninput: move |text| {
                            typed.set(text);
                            allows.set(false);
                            refused.set(None);
                        },
                        onsubmit: move |()| submit(typed.peek().trim().to_owned()),
                    }
                    if !is_standard && !is_dirty {
                        Button {
                            label: "Use the default",
                            class: "sm ghost",
                            onclick: {
                                let standard = standard.clone();
                                move |_| standard_again(standard.clone())
                            },
                        }
                    } else {
                        Button {
                            label: "Save",
                            class: "sm",
                            id: "model-address-save",
                            disabled: !is_dirty || typed.read().trim().is_empty(),
                            busy: is_busy().then(|| "Saving".to_owned()),
                            onclick: move |_| save(typed.peek().trim().to_owned()),
                        }
                    }
                }
                if is_remote {
                    label { class: "mdl-c",
                        button {
                            class: if allows() { "cb show on" } else { "cb show" },
                            r#type: "button",
                            role: "checkbox",
                            id: "model-remote",
                            "aria-checked": allows(),
                            onclick: move |_| allows.set(!allows()),
                            if allows() {
                                Icon { name: "check" }
                            }
                        }
                        span { "This is another computer. What is read and asked may be sent there." }
                    }
                }
                if let Some(message) = refused() {
                    small { class: "fld-e", role: "alert", "{message}" }
                }
            }
        }
    }
}

#[component]
fn Length(settings: ModelSettings) -> Element {
    let mut store = use_store();
    let now = settings.context_tokens;
    rsx! {
        SettingRow {
            icon: "doc",
            title: "Context length",
            about: "How much text the model takes in at once. More needs more memory; answers see more of the journey.",
            Chip {
                id: "model-context",
                label: "Context length, {tokens(now)}",
                opens_menu: true,
                onclick: move |event| {
                    let entries = entries(store, &settings);
                    store.menu.set(Some(Menu::below(&event, "Context length", entries)));
                },
                {tokens(now)}
                Icon { name: "down", class: "xs" }
            }
        }
    }
}

fn entries(store: Store, settings: &ModelSettings) -> Vec<Entry> {
    let longest = store.models.peek().chosen_model().and_then(|it| it.context_tokens);
    let fits = |it: &u32| longest.is_none_or(|longest| *it <= longest) || *it == LENGTHS[0];
    let entry = |length: u32| {
        let wanted = ModelSettings { context_tokens: length, ..settings.clone() };
        Entry::act(tokens(length), move || set(store, wanted.clone())).on(length == settings.context_tokens)
    };
    LENGTHS.into_iter().filter(fits).map(entry).collect()
}

/// Which model finds what means the same.
#[component]
fn Meaning(settings: ModelSettings) -> Element {
    let mut store = use_store();
    let now = settings.meaning_model.clone().unwrap_or_else(|| "Choose by itself".to_owned());
    rsx! {
        SettingRow {
            icon: "search",
            title: "Search by meaning",
            about: "Which model compares texts, so that other words for the same thing are found. Words alone count without one.",
            Chip {
                id: "model-meaning",
                label: "Model for search by meaning, {now}",
                opens_menu: true,
                onclick: move |event| {
                    let entries = meaning_entries(store, &settings);
                    store.menu.set(Some(Menu::below(&event, "Search by meaning", entries)));
                },
                "{now}"
                Icon { name: "down", class: "xs" }
            }
        }
    }
}

fn meaning_entries(store: Store, settings: &ModelSettings) -> Vec<Entry> {
    let models = store.models.peek();
    let known = models.known.as_ref().map(|it| it.models.as_slice()).unwrap_or_default();
    let names = known.iter().filter(|it| it.can_embed).map(|it| Some(it.name.clone()));
    let entry = |meaning_model: Option<String>| {
        let label = meaning_model.clone().unwrap_or_else(|| "Choose by itself".to_owned());
        let is_on = meaning_model == settings.meaning_model;
        let wanted = ModelSettings { meaning_model, ..settings.clone() };
        Entry::act(label, move || set(store, wanted.clone())).on(is_on)
    };
    let mut entries: Vec<Entry> = [None].into_iter().chain(names).map(entry).collect();
    if entries.len() == 1 {
        entries.push(Entry::Heading("No model here is made for it; bge-m3 is one".to_owned()));
    }
    entries
}

fn set(store: Store, wanted: ModelSettings) {
    dioxus::core::spawn_forever(async move {
        if let Err(failure) = store.set_models(wanted).await {
            store.fail(failure);
        }
    });
}

fn tokens(number: u32) -> String {
    format!("{} tokens", format::whole(f64::from(number)))
}
