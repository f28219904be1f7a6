//! The signals, one beneath the other.

use custory_domain::Shelf;
use custory_domain::wording::quoted;
use custory_ipc::{SignalTheme, SignalView, StepMatch, Strength};
use dioxus::prelude::*;

use super::LIST_ID;
use crate::components::{Button, Icon, IconButton};
use crate::format;
use crate::host;
use crate::state::{stage_colour, use_store};
use crate::views::map::source_icon;

/// The list of signals.
#[component]
pub fn List() -> Element {
    let store = use_store();
    let inbox = store.inbox.read();
    let strong = inbox.strong();
    let shown = inbox.signals.len();
    let counted = if inbox.shelf == Shelf::Review && inbox.to_review > shown {
        format!("The newest {shown} of {}", format::count(inbox.to_review, "signal", "signals"))
    } else {
        format::count(shown, "signal", "signals")
    };
    let active = inbox.at.map(|it| row_id(&it.to_string()));
    rsx! {
        div { class: "lst",
            div { class: "lst-h",
                span { "{counted}" }
                if !inbox.marked.is_empty() {
                    span { class: "t3", "{inbox.marked.len()} marked" }
                }
                span { class: "sp" }
                if inbox.shelf == Shelf::Review && shown > 1 {
                    if inbox.is_grouping {
                        span { class: "spin", role: "status", "aria-label": "Looking for themes" }
                        Button {
                            label: "Stop looking for themes",
                            class: "xs",
                            id: "stop-themes",
                            onclick: move |_| store.order(custory_ipc::Request::StopThemes),
                        }
                    } else {
                        Button { label: "Themes", class: "xs", id: "themes", onclick: move |_| store.find_themes() }
                    }
                }
                if !strong.is_empty() {
                    Button {
                        label: format!("Attach {} strong", strong.len()),
                        class: "xs",
                        id: "attach-strong",
                        onclick: {
                            let strong = strong.clone();
                            move |_| {
                                let said = format!("Attached {}", format::count(strong.len(), "signal", "signals"));
                                store.decide(strong.clone(), custory_ipc::Triage::AttachSuggested, said);
                            }
                        },
                    }
                }
            }
            if let Some(themes) = inbox.themes.clone() {
                Themes { themes }
            }
            div {
                class: "scroll grow",
                id: LIST_ID,
                role: "listbox",
                tabindex: "0",
                "aria-label": "Signals",
                "aria-multiselectable": "true",
                "aria-activedescendant": active,
                for signal in inbox.signals.iter().cloned() {
                    Row { key: "{signal.signal.id}", signal }
                }
            }
        }
    }
}

/// What several signals speak of: a press marks them, to be decided about together.
#[component]
fn Themes(themes: Vec<SignalTheme>) -> Element {
    let mut store = use_store();
    let marked = store.inbox.read().marked.clone();
    rsx! {
        section { class: "thm", id: "theme-list", "aria-label": "Themes",
            div { class: "thm-h",
                h3 { "Themes" }
                span { class: "sp" }
                IconButton {
                    icon: "x",
                    class: "xs",
                    label: "Hide themes",
                    onclick: move |_| store.inbox.write().themes = None,
                }
            }
            if themes.is_empty() {
                p { class: "t3", "No two signals speak of the same." }
            }
            for theme in themes {
                button {
                    key: "{theme.name}{theme.signals[0]}",
                    class: "thm-i",
                    r#type: "button",
                    "aria-pressed": !marked.is_empty() && theme.signals.iter().all(|it| marked.contains(it)),
                    title: if theme.named_by.is_some() { "Named by the local model" } else { "Named by the words that they share" },
                    onclick: {
                        let theme = theme.clone();
                        move |_| store.mark_theme(&theme)
                    },
                    if theme.named_by.is_some() {
                        Icon { name: "spark", class: "sm" }
                    }
                    b { "{theme.name}" }
                    span { class: "t3", {format::count(theme.signals.len(), "signal", "signals")} }
                    if let Some(found) = theme.found.clone() {
                        Chance { found }
                    }
                }
            }
        }
    }
}

/// The element of a signal's row.
pub fn row_id(signal: &str) -> String {
    format!("signal-{signal}")
}

#[component]
fn Row(signal: SignalView) -> Element {
    let mut store = use_store();
    let inbox = store.inbox.read();
    let id = signal.signal.id;
    let is_on = inbox.at == Some(id);
    let is_marked = inbox.marked.contains(&id);
    let it = &signal.signal;
    let file = it.locator.rsplit('/').next().unwrap_or_default();
    let (who, place) = if it.author.is_empty() {
        (file.to_owned(), it.anchor.clone())
    } else {
        (it.author.clone(), if it.account.is_empty() { file.to_owned() } else { it.account.clone() })
    };
    let best = signal.matches.first();
    rsx! {
        div {
            class: match (is_on, is_marked) {
                (true, true) => "sig on marked",
                (true, false) => "sig on",
                (false, true) => "sig marked",
                (false, false) => "sig",
            },
            id: row_id(&id.to_string()),
            role: "option",
            "aria-selected": is_on || is_marked,
            onclick: move |_| {
                let mut inbox = store.inbox.write();
                (inbox.at, inbox.picked, inbox.is_writing) = (Some(id), 0, false);
            },
            span { class: "tile", Icon { name: source_icon(&it.source) } }
            h3 { "{who} " span { "{place}" } }
            time { {format::ago(it.said_at.unwrap_or(it.arrived_at), host::now())} }
            p { class: "q voice", "{quoted(&signal.excerpt)}" }
            if let Some(best) = best {
                div { class: "m", Chance { found: best.clone() } }
            }
        }
    }
}

/// A step with how sure it is that it is meant: in words, and as a bar.
#[component]
pub fn Chance(found: StepMatch) -> Element {
    let (class, width, word) = match found.strength {
        Strength::Strong => ("cf", 100, "strong"),
        Strength::Some => ("cf mid", 60, "likely"),
        Strength::Weak => ("cf lo", 25, "weak"),
    };
    let colour = stage_colour(found.stage, found.stage + 1);
    rsx! {
        span { class: "stepchip", style: "--c:{colour}", i {} "{found.step_title}" }
        span { class: "{class}", title: "Shares: {found.words.join(\", \")}",
            u { i { style: "width:{width}%" } }
            "{word}"
        }
    }
}
