//! What a shipped fix did to the step's number; without a fix, the number itself.

use custory_domain::wording::{verdict_sentence, verdict_word};
use custory_domain::*;
use custory_ipc::Request;
use dioxus::prelude::*;

use super::chart::{Chart, Mark};
use crate::components::{Button, Icon};
use crate::format;
use crate::host;
use crate::state::{FixResult, OpenJourney, use_store};
use crate::views::map::{Tone, change, delivery_of, outcome};

/// The newest result on a step, as a chart; else its first metric with a line to draw.
#[component]
pub fn StepResult(step: StepId) -> Element {
    let store = use_store();
    let open = store.open.read();
    let Some(open) = open.as_ref() else { return rsx! {} };
    let solutions = open.index.cell(step, ItemKind::Solution).iter();
    let newest = solutions
        .filter_map(|it| Some((SolutionId::from(it.id), open.numbers.results.get(&it.id.into())?)))
        .filter(|it| is_shown(it.1))
        .max_by_key(|it| it.1.shipped_at);
    if let Some((solution, result)) = newest {
        return rsx! {
            div { class: "blk",
                Fix { solution, result: result.clone() }
            }
        };
    }
    let metrics = open.index.cell(step, ItemKind::Metric).iter();
    let drawn = metrics.filter_map(|it| open.board.metrics.get(&it.id.into())).find(|it| it.points.len() > 2);
    match drawn {
        Some(metric) => rsx! {
            div { class: "blk",
                Watched { metric: metric.clone() }
            }
        },
        None => rsx! {},
    }
}

/// A fix and what it did.
#[component]
pub fn Fix(solution: SolutionId, result: FixResult) -> Element {
    let store = use_store();
    let open = store.open.read();
    let Some(open) = open.as_ref() else { return rsx! {} };
    let Some(metric) = open.board.metrics.get(&result.metric) else { return rsx! {} };
    let Some(fix) = open.board.solutions.get(&solution) else { return rsx! {} };
    let Some(outcome) = outcome(&open.board, &result) else { return rsx! {} };
    let journey = open.id;
    let confounders = result.confounders.iter().cloned().collect::<Vec<_>>().join(", ");
    let now = host::now();
    let value = |value: Option<f64>| value.map(|it| format::metric_value(metric, it)).unwrap_or_default();
    let issue = delivery_of(&open.board, solution.into()).map(|it| it.external_id.clone());
    let mark = Mark {
        on: result.shipped_at.date(),
        what: format!("{} shipped", issue.clone().unwrap_or_else(|| "Fix".to_owned())),
        is_watched: true,
        is_good: outcome.tone == Tone::Good,
    };
    rsx! {
        div { class: "result",
            div { class: "result-h",
                div { class: "big {outcome.tone.style()}",
                    s { {value(result.before)} }
                    Icon { name: "arrow" }
                    b { {value(result.after)} }
                }
                p {
                    "{metric.name} since "
                    b { "{fix.title}" }
                    br {}
                    "shipped {format::days_ago(result.shipped_at, now)}"
                }
            }
            Chart { metric: metric.clone(), marks: marks(open, metric, mark), today: now.date() }
            div { class: "result-f",
                Icon { name: "k-metric", class: "sm" }
                span { {judge(metric, &result, now)} }
            }
            if !result.confounders.is_empty() {
                div { class: "result-f",
                    Icon { name: "warn", class: "sm" }
                    span { "At the same time: {confounders}" }
                }
            }
            if !result.is_interim {
                div { class: "result-f result-k",
                    span { class: "res {outcome.tone.result_style()}", {verdict_word(result.outcome)} }
                    span { class: "sp" }
                    if result.is_kept {
                        span { class: "t3", "Verdict kept" }
                    } else {
                        Button {
                            label: "Keep this verdict",
                            class: "xs",
                            id: "keep-verdict",
                            onclick: move |_| store.order(Request::KeepVerdict { journey, solution }),
                        }
                    }
                }
            }
        }
    }
}

/// The newest result that a metric was watched for.
pub fn watched_for(open: &OpenJourney, metric: MetricId) -> Option<(SolutionId, FixResult)> {
    let results = open.numbers.results.iter().filter(|(_, it)| it.metric == metric && is_shown(it));
    results.max_by_key(|(_, it)| it.shipped_at).map(|(id, it)| (*id, it.clone()))
}

/// Whether there is anything to show of a result.
pub fn is_shown(result: &FixResult) -> bool {
    result.before.is_some() && result.after.is_some()
}

/// The ship that is watched, and other ships that should move the same number.
fn marks(open: &OpenJourney, metric: &Metric, watched: Mark) -> Vec<Mark> {
    let others = open
        .board
        .solutions
        .values()
        .filter(|it| it.trashed.is_none() && it.success_metric == Some(metric.id));
    let mut marks: Vec<Mark> = others
        .filter_map(|it| Some((it, it.shipped_at?)))
        .filter(|it| it.1.date() != watched.on)
        .map(|(it, at)| Mark { on: at.date(), what: it.title.clone(), is_watched: false, is_good: false })
        .collect();
    marks.push(watched);
    marks
}

/// What the numbers allow to say, in a sentence. “Moved after”, never “caused”.
fn judge(metric: &Metric, result: &FixResult, now: Timestamp) -> String {
    if result.is_interim {
        let cases = result.n.map(|it| format!("{} cases. ", format::whole(it))).unwrap_or_default();
        let range = result.range.map(|(low, high)| {
            format!(
                "Likely range {} to {}. ",
                format::metric_value(metric, low),
                format::metric_value(metric, high)
            )
        });
        let due =
            result.due.map(|it| format!("Verdict on {}.", format::day(it, now.date()))).unwrap_or_default();
        return format!("{cases}{}{due}", range.unwrap_or_default());
    }
    verdict_sentence(metric, result.outcome, result.range, result.n)
}

/// A metric by itself.
#[component]
pub fn Watched(metric: Metric) -> Element {
    let now = host::now();
    let latest = metric.latest().map(|(_, it)| format::metric_value(&metric, it.value));
    let change = change(&metric);
    let has_line = metric.points.len() > 1;
    rsx! {
        div { class: "result",
            div { class: "result-h",
                div { class: "big plain",
                    b { {latest.unwrap_or_else(|| "No values yet".to_owned())} }
                }
                p {
                    b { "{metric.name}" }
                    if let Some((change, tone)) = change {
                        br {}
                        span { class: "delta {tone.style()}", "{change}" }
                        " against the time before"
                    }
                }
            }
            if has_line {
                Chart { metric: metric.clone(), marks: Vec::new(), today: now.date() }
            }
        }
    }
}
