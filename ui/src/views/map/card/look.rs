//! How cards look. The values come from [`mod@super::face`]; nothing here reads the board. These are functions and not
//! components: a map in motion draws dozens of cards per frame, and a component for each part of one would cost more
//! than it shows.

use dioxus::prelude::*;

use super::face::{Body, Face, Tone};
use crate::components::{Status, avatar, icon, kind_icon, severity, status_mark};
use crate::state::Store;

/// A full card's content: title and details.
pub fn card(store: Store, face: &Face) -> Element {
    match &face.body {
        Body::Metric { value, change, spark } => {
            number(&face.title, value.as_deref(), change.as_ref(), spark)
        }
        Body::Touchpoint => rsx! {
            {kind_icon(face.kind)}
            span { class: "tp-t", "{face.title}" }
        },
        Body::Insight { .. } | Body::Opportunity { .. } | Body::Solution { .. } => rsx! {
            div { class: "card-t", "{face.title}" }
            div { class: "card-m",
                {details(&face.body)}
                {avatar(store, face.owner, "")}
            }
        },
    }
}

/// A card on one line: icon and title.
pub fn card_line(face: &Face) -> Element {
    rsx! {
        {kind_icon(face.kind)}
        span { "{face.title}" }
    }
}

/// What an item is worth a look for, in a word or a number: beside its title in a list.
#[component]
pub fn Worth(face: Face) -> Element {
    match &face.body {
        Body::Insight { settled: Some(word), .. } | Body::Opportunity { settled: Some(word), .. } => {
            status_mark(Status::Shipped, Some(word))
        }
        Body::Insight { evidence, .. } if *evidence > 0 => evidence_count(*evidence),
        Body::Opportunity { score: Some(score), .. } => rsx! {
            span { class: "score", title: "Score", "{score:.0}" }
        },
        Body::Solution { outcome: Some(outcome), .. } => rsx! {
            span { class: "res {outcome.tone.result_style()}", title: "{outcome.detail}", "{outcome.change}" }
        },
        Body::Solution { status, word, .. } => status_mark(*status, Some(word)),
        Body::Metric { value: Some(value), .. } => rsx! {
            b { class: "tn", "{value}" }
        },
        Body::Insight { .. } | Body::Opportunity { .. } | Body::Metric { .. } | Body::Touchpoint => rsx! {},
    }
}

fn details(body: &Body) -> Element {
    match body {
        Body::Touchpoint | Body::Metric { .. } => rsx! {},
        Body::Insight { evidence, sources, severity: of_five, settled } => rsx! {
            if *evidence > 0 {
                {evidence_count(*evidence)}
            }
            if let Some(word) = settled {
                {status_mark(Status::Shipped, Some(word))}
            } else {
                span { class: "srcs",
                    for source in sources {
                        span { key: "{source}", title: source_name(source), {icon(source_icon(source), "")} }
                    }
                }
                if let Some(of_five) = of_five {
                    {severity(*of_five)}
                }
            }
        },
        Body::Opportunity { score, effort, evidence, settled } => rsx! {
            if let Some(word) = settled {
                {status_mark(Status::Shipped, Some(word))}
            } else {
                if let Some(score) = score {
                    span { class: "score", title: "Score", "{score:.0}" }
                }
                if let Some(effort) = effort {
                    span { class: "tn", "Effort {effort}" }
                } else if *evidence > 0 {
                    {evidence_count(*evidence)}
                }
            }
        },
        Body::Solution { issue, status, word, outcome } => rsx! {
            if let Some(issue) = issue {
                span { class: "iss",
                    {status_mark(*status, None)}
                    span { "{issue}" }
                }
                if outcome.is_none() {
                    span { class: "t2", "{word}" }
                }
            } else {
                {status_mark(*status, Some(word))}
            }
            if let Some(outcome) = outcome {
                span { class: "res {outcome.tone.result_style()}", title: "{outcome.detail}", "{outcome.change}" }
            }
        },
    }
}

impl Tone {
    /// Its class on a result, which is green unless it says otherwise.
    pub const fn result_style(self) -> &'static str {
        match self {
            Self::Good => "",
            Self::Bad => "worse",
            Self::Neutral => "even",
        }
    }
}

/// How much evidence there is.
fn evidence_count(count: usize) -> Element {
    rsx! {
        span { class: "ev", title: crate::format::count(count, "piece of evidence", "pieces of evidence"),
            {icon("quote", "")}
            "{count}"
        }
    }
}

fn number(title: &str, value: Option<&str>, change: Option<&(String, Tone)>, spark: &[f64]) -> Element {
    rsx! {
        div { class: "mt-t", "{title}" }
        div { class: "mt-v",
            match value {
                Some(value) => rsx! { "{value}" },
                None => rsx! { span { class: "mt-n", "No values yet" } },
            }
            if let Some((change, tone)) = change {
                span { class: "delta {tone.style()}", "{change}" }
            }
            if spark.len() > 1 {
                Spark { values: spark.to_vec() }
            }
        }
    }
}

#[component]
fn Spark(values: Vec<f64>) -> Element {
    const WIDTH: f64 = 46.0;
    const HEIGHT: f64 = 18.0;
    let points = spark_points(&values, WIDTH, HEIGHT);
    let line: Vec<_> = points.iter().map(|(x, y)| format!("{x:.1} {y:.1}")).collect();
    let line = format!("M{}", line.join(" L"));
    let (first, last) = (points[0], points[points.len() - 1]);
    rsx! {
        svg { class: "spark", view_box: "0 0 {WIDTH} {HEIGHT}", width: "{WIDTH}", height: "{HEIGHT}", "aria-hidden": "true",
            path { class: "sp-a", d: "{line} L{last.0:.1} {HEIGHT} L{first.0:.1} {HEIGHT}Z" }
            path { class: "sp-l", d: "{line}" }
            circle { class: "sp-d", cx: "{last.0:.1}", cy: "{last.1:.1}", r: "2" }
        }
    }
}

fn spark_points(values: &[f64], width: f64, height: f64) -> Vec<(f64, f64)> {
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let range = if high > low { high - low } else { 1.0 };
    let gap = (width - 3.0) / (values.len().max(2) - 1) as f64;
    values
        .iter()
        .enumerate()
        .map(|(at, value)| (1.5 + at as f64 * gap, height - 2.5 - (value - low) / range * (height - 5.0)))
        .collect()
}

/// The icon of where evidence comes from.
pub fn source_icon(source: &str) -> &'static str {
    match source {
        "posthog" => "s-posthog",
        "intercom" => "s-intercom",
        "slack" => "s-slack",
        "stripe" => "s-stripe",
        "linear" => "s-linear",
        "jira" => "s-jira",
        "github" => "s-github",
        "notion" => "s-notion",
        "discord" => "s-discord",
        "figma" => "s-figma",
        "web" | "website" => "s-web",
        "file" | "files" => "doc",
        "folder" | "repository" => "folder",
        "paste" | "pasted" => "paste",
        "email" | "mail" => "mail",
        "interview" | "call" => "peers",
        _ => "quote",
    }
}

/// The name of where evidence comes from.
pub fn source_name(source: &str) -> String {
    match source {
        "posthog" => "PostHog".to_owned(),
        "github" => "GitHub".to_owned(),
        "web" => "Website".to_owned(),
        other => {
            let mut letters = other.chars();
            letters.next().map(|it| it.to_uppercase().chain(letters).collect()).unwrap_or_default()
        }
    }
}
