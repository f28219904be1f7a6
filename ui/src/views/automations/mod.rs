//! Automations: a list, each one as a sentence whose words are chosen, its runs, and what it would do now.

mod choose;
mod conditions;
mod own;
mod rehearsal;
mod runs;

use custory_ipc::{AutomationView, Choice, Run, RunResult};
use dioxus::prelude::*;

use crate::components::{Button, Icon};
use crate::format;
use crate::host;
use crate::state::{is_trouble, use_store};
use crate::views::map::use_map;
use crate::views::palette::Find;
use crate::views::team::SyncChip;
use choose::{choice_id, open_choice};
use conditions::ConditionsEditor;
use own::{NewAutomation, OwnPart};
use rehearsal::DryRun;
use runs::Runs;

const STYLE: &str = include_str!("style.css");

/// The automations.
#[component]
pub fn AutomationsScreen() -> Element {
    let store = use_store();
    use_hook(|| {
        spawn(async move {
            store.fetch_automations().await;
            store.rehearse();
        });
    });
    let automations = store.automations.read();
    let shown = automations.shown().cloned();
    let at = shown.as_ref().map(|it| it.key.clone());
    rsx! {
        main { class: "sheet",
            style { dangerous_inner_html: STYLE }
            header { class: "top", "data-tauri-drag-region": "true",
                div { class: "top-l", "data-tauri-drag-region": "true", h1 { class: "pt", "Automations" } }
                div { class: "top-r", "data-tauri-drag-region": "true",
                    Find {}
                    SyncChip {}
                }
            }
            div { class: "agrid grow au-g",
                nav { class: "lst scroll", "aria-label": "Automations",
                    for automation in automations.all.iter().cloned() {
                        Line { key: "{automation.key}", is_on: at.as_deref() == Some(automation.key.as_str()), automation }
                    }
                    NewAutomation {}
                }
                if let Some(automation) = shown {
                    div { class: "agrid-r au-r",
                        Editor { automation: automation.clone() }
                        DryRun { automation }
                    }
                }
            }
        }
    }
}

#[component]
fn Line(automation: AutomationView, is_on: bool) -> Element {
    let store = use_store();
    let key = automation.key.clone();
    let last = automation.runs.first();
    let (state, class) = match (automation.is_on, last) {
        (_, Some(run)) if automation.is_on && is_trouble(&run.result) => (outcome(run), "bad"),
        (true, Some(run)) => (format!("{}, {}", format::days_ago(run.at, host::now()), short(run)), ""),
        (true, None) => ("Has not run yet".to_owned(), ""),
        (false, _) => ("Off".to_owned(), ""),
    };
    rsx! {
        div { class: if is_on { "au on" } else { "au" },
            span { class: "tile", Icon { name: icon(&automation.key) } }
            button {
                class: "au-n",
                r#type: "button",
                id: "automation-{automation.key}",
                "aria-current": if is_on { "page" },
                onclick: {
                    let key = key.clone();
                    move |_| store.look_at_automation(key.clone())
                },
                h3 { "{automation.name}" }
            }
            Switch { automation: automation.clone() }
            p { class: "{class}", "{state}" }
        }
    }
}

fn icon(key: &str) -> &'static str {
    match key {
        "funnel-watch" => "k-metric",
        "verdicts" => "ship",
        "shipped" => "check",
        "stale-steps" => "clock",
        "weekly-review" => "doc",
        "save" => "s-slack",
        own if own.starts_with("own-") => "flow",
        _ => "send",
    }
}

/// Switches an automation on and off.
#[component]
fn Switch(automation: AutomationView) -> Element {
    let store = use_store();
    let is_on = automation.is_on;
    rsx! {
        button {
            class: if is_on { "sw on" } else { "sw" },
            r#type: "button",
            role: "switch",
            id: "switch-{automation.key}",
            "aria-checked": is_on,
            "aria-label": "{automation.name}",
            onclick: {
                let it = automation.clone();
                move |_| store.set_automation(it.key.clone(), !it.is_on, it.choices.clone())
            },
            i {}
        }
    }
}

/// The sentence, and what the automation did.
#[component]
fn Editor(automation: AutomationView) -> Element {
    let store = use_store();
    let map = use_map();
    let mut has_conditions = use_signal(|| false);
    let key = automation.key.clone();
    let next = match automation.next {
        Some(at) => {
            format!("Next {}, while Custory is open on this computer", format::ahead(at, host::now()))
        }
        None if automation.is_on && automation.is_own => {
            "It watches while Custory is open on this computer".to_owned()
        }
        None if automation.is_on => "It listens while Custory is open on this computer".to_owned(),
        None => "Switch it on, and it runs while Custory is open on this computer".to_owned(),
    };
    rsx! {
        div { class: "ed scroll",
            div { class: "ed-h",
                h2 { class: "txt", "{automation.name}" }
                Button {
                    label: "Run now",
                    icon: "play",
                    class: "sm",
                    id: "run-now",
                    onclick: move |_| store.run_automation(key.clone(), false),
                }
            }
            dl { class: "sent",
                for clause in automation.sentence.clone() {
                    dt { "{clause.word}" }
                    dd {
                        for (at , piece) in clause.pieces.into_iter().enumerate() {
                            if let Some(choice) = piece.choice {
                                button {
                                    key: "{at}",
                                    class: "tok",
                                    id: choice_id(choice),
                                    r#type: "button",
                                    "aria-haspopup": (choice != Choice::Conditions).then_some("menu"),
                                    "aria-expanded": (choice == Choice::Conditions).then_some(has_conditions()),
                                    onclick: {
                                        let it = automation.clone();
                                        move |event| {
                                            if choice == Choice::Conditions {
                                                has_conditions.toggle();
                                            } else {
                                                open_choice(store, map, &event, &it, choice);
                                            }
                                        }
                                    },
                                    "{piece.text}"
                                }
                            } else {
                                span { key: "{at}", "{piece.text}" }
                            }
                        }
                    }
                }
            }
            if has_conditions() {
                ConditionsEditor { automation: automation.clone() }
            }
            if automation.is_own {
                OwnPart { key: "{automation.key}", automation: automation.clone() }
            }
            if let Some(reason) = automation.waits.clone() {
                p { class: "note warn au-own", role: "status", "{reason}" }
            }
            p { class: "t3 au-next", "{next}." }
            Runs { automation }
        }
    }
}

/// How a run went, as a sentence.
pub fn outcome(run: &Run) -> String {
    match &run.result {
        RunResult::Done if run.did.is_empty() => "The review is written.".to_owned(),
        RunResult::Done => run.did.join(". "),
        RunResult::Nothing if run.looks > 1 => {
            format!("Looked {} times, and nothing was called for.", run.looks)
        }
        RunResult::Nothing => "Nothing was called for.".to_owned(),
        RunResult::Asks { would } => format!("Waits for you: {}", would.join(". ")),
        RunResult::Held { would } => format!("Stopped: it would do {would} things at once."),
        RunResult::Check { problem } | RunResult::Failed { problem } => problem.clone(),
        RunResult::Undone => "Undone.".to_owned(),
    }
}

fn short(run: &Run) -> String {
    match run.did.len() {
        0 => outcome(run).trim_end_matches('.').to_lowercase(),
        1 => "did 1 thing".to_owned(),
        several => format!("did {several} things"),
    }
}
