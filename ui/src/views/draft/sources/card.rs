//! One place that material comes from: chosen or not, its field, and what is wrong with it.

use dioxus::prelude::*;

use super::FORM;
use super::form::{Card, Form};
use crate::components::{Button, Icon, TextField};
use crate::{dom, host};

impl Card {
    const fn icon(self) -> &'static str {
        match self {
            Self::Website => "globe",
            Self::Folder => "repo",
            Self::Files => "folder",
            Self::Pasted => "paste",
        }
    }

    const fn title(self) -> &'static str {
        match self {
            Self::Website => "Website",
            Self::Folder => "Repository or folder",
            Self::Files => "Documents",
            Self::Pasted => "Paste text",
        }
    }

    const fn about(self) -> &'static str {
        match self {
            Self::Website => "Your product’s site, help center or documentation.",
            Self::Folder => "Code, docs, screen texts and emails that live in one place.",
            Self::Files => "PDF, Markdown, HTML, text or CSV.",
            Self::Pasted => "Interview notes, a sales script, an onboarding email sequence.",
        }
    }

    /// Where the person goes on once the card is chosen, or has something wrong.
    pub(super) fn field(self, form: &Form) -> &'static str {
        match self {
            Self::Website if form.needs_allowance() && !form.allow_private => "src-allow",
            Self::Website => "src-url",
            Self::Folder => "src-folder",
            Self::Files => "src-add",
            Self::Pasted => "src-text",
        }
    }
}

/// A card. `shows_all` says everything that is wrong, not only what was typed.
#[component]
pub(super) fn SourceCard(card: Card, shows_all: bool, onsubmit: EventHandler<()>) -> Element {
    // What was typed is judged once it was left, not while it grows.
    let mut is_left = use_signal(|| false);
    let is_on = FORM.read().is_on(card);
    let turn = move |on: bool| {
        FORM.write().turn(card, on);
        if on {
            dom::focus_soon(card.field(&FORM.peek()));
        }
    };
    let problem = FORM.read().problems().remove(&card).filter(|_| shows_all || is_left());
    rsx! {
        section {
            class: if is_on { "sp-c on" } else { "sp-c" },
            "aria-label": card.title(),
            onclick: move |_| {
                let was_on = FORM.peek().is_on(card);
                if !was_on {
                    turn(true);
                }
            },
            onfocusout: move |_| is_left.set(is_typed(card)),
            div {
                class: "h",
                onclick: move |event| {
                    event.stop_propagation();
                    let was_on = FORM.peek().is_on(card);
                    turn(!was_on);
                },
                span { class: "tile",
                    Icon { name: card.icon() }
                }
                h3 { {card.title()} }
                button {
                    class: if is_on { "cb on" } else { "cb" },
                    r#type: "button",
                    role: "checkbox",
                    "aria-checked": is_on,
                    "aria-label": "Read: {card.title()}",
                    if is_on {
                        Icon { name: "check" }
                    }
                }
            }
            if is_on {
                match card {
                    Card::Website => rsx! { Website { problem, onsubmit } },
                    Card::Folder => rsx! { Folder { problem, onsubmit } },
                    Card::Files => rsx! { Files { problem } },
                    Card::Pasted => rsx! { Pasted { problem } },
                }
            } else {
                p { {card.about()} }
            }
        }
    }
}

/// Whether there is anything in a card's field that could be wrong.
fn is_typed(card: Card) -> bool {
    let form = FORM.peek();
    match card {
        Card::Website => !form.url.trim().is_empty(),
        Card::Folder => !form.folder.trim().is_empty(),
        Card::Files => !form.files.is_empty(),
        Card::Pasted => !form.pasted.trim().is_empty(),
    }
}

#[component]
fn Website(problem: Option<String>, onsubmit: EventHandler<()>) -> Element {
    let needs_allowance = FORM.read().needs_allowance();
    let is_allowed = FORM.read().allow_private;
    rsx! {
        TextField {
            id: "src-url",
            value: FORM.read().url.clone(),
            label: "Address of the website",
            placeholder: "fieldnote.app",
            // The line below the field says it already, with the box to tick.
            error: problem.filter(|_| !needs_allowance),
            oninput: move |text| {
                let mut form = FORM.write();
                form.url = text;
                form.allow_private = false;
                form.asks_private = false;
            },
            onsubmit,
        }
        if needs_allowance {
            label { class: "allow",
                input {
                    r#type: "checkbox",
                    id: "src-allow",
                    checked: is_allowed,
                    onchange: move |event| FORM.write().allow_private = event.checked(),
                }
                span {
                    "This address is on your own computer or network. "
                    b { "Allow it to be read" }
                }
            }
        }
    }
}

#[component]
fn Folder(problem: Option<String>, onsubmit: EventHandler<()>) -> Element {
    rsx! {
        div { class: "pick is-path",
            div { class: "g",
                TextField {
                    id: "src-folder",
                    icon: "folder",
                    value: FORM.read().folder.clone(),
                    label: "Path of the folder",
                    placeholder: "Path of a folder",
                    error: problem,
                    oninput: move |text| FORM.write().folder = text,
                    onsubmit,
                }
            }
            Button {
                label: "Choose…",
                onclick: move |_| async move {
                    if let Some(path) = host::pick_folder().await {
                        FORM.write().folder = path;
                    }
                },
            }
        }
    }
}

#[component]
fn Files(problem: Option<String>) -> Element {
    let files = FORM.read().files.clone();
    rsx! {
        div { class: "tags files",
            for path in files {
                span { key: "{path}", class: "tg", title: "{path}",
                    Icon { name: "doc" }
                    span { class: "n", {name(&path)} }
                    button {
                        r#type: "button",
                        "aria-label": "Take out {name(&path)}",
                        title: "Take out",
                        onclick: move |event| {
                            event.stop_propagation();
                            FORM.write().remove_file(&path);
                        },
                        Icon { name: "x", class: "xs" }
                    }
                }
            }
            Button {
                label: "Add documents…",
                class: "xs",
                id: "src-add",
                icon: "plus",
                onclick: move |_| async move {
                    for path in host::pick_files().await {
                        FORM.write().add_file(path);
                    }
                },
            }
        }
        if let Some(problem) = problem {
            small { class: "fld-e", role: "alert", "{problem}" }
        }
    }
}

/// A file's name without the folders before it.
fn name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

#[component]
fn Pasted(problem: Option<String>) -> Element {
    rsx! {
        label { class: if problem.is_some() { "fld ta bad-f" } else { "fld ta" },
            textarea {
                id: "src-text",
                "aria-label": "Text to read",
                "aria-invalid": problem.is_some(),
                placeholder: "Paste or type the text",
                value: "{FORM.read().pasted}",
                oninput: move |event| FORM.write().pasted = event.value(),
            }
        }
        if let Some(problem) = &problem {
            small { class: "fld-e", role: "alert", "{problem}" }
        }
    }
}
