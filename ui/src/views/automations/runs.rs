//! What an automation did: its last runs, and what each looked at.

use custory_domain::wording::quoted;
use custory_ipc::{
    AutomationView, AutomationsRequest, Claim, JourneyReview, Request, ReviewSummary, Run, RunResult,
};
use dioxus::prelude::*;

use super::outcome;
use crate::app::Screen;
use crate::components::{Button, Icon, Note};
use crate::format;
use crate::host;
use crate::state::{is_trouble, use_store};

/// The last runs.
#[component]
pub fn Runs(automation: AutomationView) -> Element {
    let mut open = use_signal(|| None::<String>);
    let runs = automation.runs.clone();
    rsx! {
        div { class: "sech",
            h3 { "Last runs" }
        }
        if runs.is_empty() {
            p { class: "t3", "It has not run yet." }
        }
        div { class: "au-runs", id: "runs",
            for run in runs {
                div { key: "{run.id}",
                    button {
                        class: "au-run",
                        r#type: "button",
                        "aria-expanded": open.read().as_deref() == Some(run.id.as_str()),
                        onclick: {
                            let id = run.id.clone();
                            move |_| {
                                let is_open = open.peek().as_deref() == Some(id.as_str());
                                open.set((!is_open).then(|| id.clone()));
                            }
                        },
                        Icon { name: face(&run.result), class: "sm" }
                        span { class: "t3", {format::days_ago(run.at, host::now())} }
                        span { class: "g", {outcome(&run)} }
                        if run.is_by_hand {
                            span { class: "t3", "by hand" }
                        }
                    }
                    if open.read().as_deref() == Some(run.id.as_str()) {
                        Opened { run: run.clone() }
                    }
                }
            }
        }
    }
}

#[component]
fn Opened(run: Run) -> Element {
    let store = use_store();
    let has_changed = !run.back.is_empty() || run.added.iter().any(|it| !it.1.is_empty());
    let can_undo = run.result != RunResult::Undone && has_changed;
    let is_held = matches!(run.result, RunResult::Held { .. } | RunResult::Asks { .. });
    let (id, key) = (run.id.clone(), run.automation.clone());
    rsx! {
        div { class: "au-o",
            for (at , check) in run.checks.iter().enumerate() {
                div { key: "{at}", class: "au-c",
                    Icon { name: mark(check.holds), class: "sm" }
                    span { b { "{check.what}" } " {check.found}" }
                }
            }
            Reviews { reviews: run.reviews.clone() }
            if !run.reviews.is_empty() {
                Summarize { run: run.id.clone(), is_done: run.reviews.iter().any(|it| it.summary.is_some()) }
            }
            if can_undo {
                Button {
                    label: "Undo what it did on the map",
                    icon: "undo",
                    class: "xs",
                    id: "undo-run",
                    onclick: move |_| store.order(Request::Automations(AutomationsRequest::UndoRun { run: id.clone() })),
                }
            }
            if is_held {
                Button {
                    label: "Do it all",
                    icon: "play",
                    class: "xs",
                    onclick: move |_| store.run_automation(key.clone(), true),
                }
            }
        }
    }
}

/// Lets the local model write the beginning of the reviews, where one is chosen.
#[component]
fn Summarize(run: String, is_done: bool) -> Element {
    let store = use_store();
    let mut is_busy = use_signal(|| false);
    let mut refused = use_signal(|| None::<String>);
    rsx! {
        if let Some(message) = refused() {
            Note { icon: "warn", tone: "bad", "{message}" }
        }
        Button {
            label: if is_done { "Write the beginning anew" } else { "Let the model write a beginning" },
            icon: "spark",
            class: "xs",
            id: "summarize",
            busy: is_busy().then(|| "Writing".to_owned()),
            onclick: move |_| {
                let run = run.clone();
                is_busy.set(true);
                refused.set(None);
                spawn(async move {
                    if let Err(failure) = host::request(Request::Automations(AutomationsRequest::SummarizeRun { run })).await {
                        refused.set(Some(failure.message));
                    }
                    is_busy.set(false);
                    store.fetch_automations().await;
                });
            },
        }
    }
}

/// The beginning of a review: each sentence with what it rests on.
#[component]
fn Beginning(summary: ReviewSummary) -> Element {
    rsx! {
        div { class: "au-sm",
            for (at , claim) in summary.claims.iter().enumerate() {
                p { key: "{at}",
                    "{claim.text} "
                    span { class: "t3", {on_what(claim)} }
                }
            }
            p { class: "t3",
                "Written by {summary.model} from the lines below, and held against them."
                if summary.dropped > 0 {
                    " {dropped(summary.dropped)}"
                }
            }
        }
    }
}

fn on_what(claim: &Claim) -> String {
    let titles: Vec<String> = claim.cites.iter().map(|it| quoted(&it.title)).collect();
    format!("({})", titles.join(", "))
}

fn dropped(count: usize) -> String {
    let sentences = format::count(count, "sentence was", "sentences were");
    format!("{sentences} left out: the lines do not bear them out.")
}

/// Reviews, list by list; their lines lead to the map.
#[component]
pub fn Reviews(reviews: Vec<JourneyReview>) -> Element {
    let store = use_store();
    rsx! {
        for review in reviews {
            section { key: "{review.journey}", class: "au-rv",
                button {
                    class: "lk",
                    r#type: "button",
                    onclick: move |_| store.go(Screen::Journey(review.journey)),
                    h3 { "{review.title}" }
                }
                Button {
                    label: "Open the review",
                    icon: "doc",
                    class: "xs",
                    onclick: move |_| {
                        store.go(Screen::Journey(review.journey));
                        store.open_review();
                    },
                }
                if let Some(summary) = review.summary.clone() {
                    Beginning { summary }
                }
                for list in review.lists.into_iter().filter(|it| !it.lines.is_empty()) {
                    h4 { key: "{list.heading}", "{list.heading}" }
                    ul {
                        for (entity , says) in list.lines {
                            li { key: "{entity}", "{says}" }
                        }
                        if list.more > 0 {
                            li { class: "t3", "and {list.more} more" }
                        }
                    }
                }
            }
        }
    }
}

/// The icon of a condition that was looked at.
pub const fn mark(holds: bool) -> &'static str {
    if holds { "check" } else { "minus" }
}

const fn face(result: &RunResult) -> &'static str {
    if is_trouble(result) { "warn" } else { "check" }
}
