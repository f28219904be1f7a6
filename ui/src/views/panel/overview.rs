//! The overview of a step: what a fix did, whether the step is still true, and everything on it.

use custory_domain::score::freshness::{Freshness, FreshnessState};
use custory_domain::wording::{fresh_reason, fresh_word};
use custory_domain::*;
use dioxus::prelude::*;

use super::decisions::Decisions;
use super::evidence::Quote;
use super::result::StepResult;
use super::rows::{AddRow, ItemRow};
use super::ways::Ways;
use crate::components::{Avatar, Button, Icon, KindIcon, Severity};
use crate::format;
use crate::host;
use crate::state::{OpenJourney, Panel, use_store};

/// Quotes shown under an insight.
const QUOTES_MAX: usize = 1;

/// The overview of a step.
#[component]
pub fn Overview(step: StepId, onmore: EventHandler<()>) -> Element {
    let store = use_store();
    let open = store.open.read();
    let Some(open) = open.as_ref() else { return rsx! {} };
    let thought = open.board.steps.get(&step).map(|it| it.thought.clone()).unwrap_or_default();
    rsx! {
        StepResult { step }
        if !thought.is_empty() {
            div { class: "blk", p { class: "thought", "{thought}" } }
        }
        Freshly { step }
        Ways { step }
        Block { step, kind: ItemKind::Insight,
            for item in open.index.cell(step, ItemKind::Insight).iter().copied() {
                InsightBlock { key: "{item}", step, item, onmore }
            }
        }
        for kind in [ItemKind::Opportunity, ItemKind::Solution] {
            Block { key: "{kind:?}", step, kind,
                for item in open.index.cell(step, kind).iter().copied() {
                    ItemRow { key: "{item}", step, item }
                }
            }
        }
        Block { step, kind: ItemKind::Touchpoint,
            div { class: "tps",
                for item in open.index.cell(step, ItemKind::Touchpoint).iter().copied() {
                    TouchpointChip { key: "{item}", step, item }
                }
            }
        }
        Block { step, kind: ItemKind::Metric,
            for item in open.index.cell(step, ItemKind::Metric).iter().copied() {
                ItemRow { key: "{item}", step, item }
            }
        }
        Decisions { about: EntityRef::from(step) }
        div { class: "pn-end" }
    }
}

/// A group with its title, how many there are, and a way to add one.
#[component]
pub fn Block(step: StepId, kind: ItemKind, children: Element) -> Element {
    let store = use_store();
    let count = store.open.read().as_ref().map_or(0, |it| it.index.cell(step, kind).len());
    let spec = kind.spec();
    rsx! {
        div { class: "blk",
            AddRow { step, kind, title: spec.plural, count }
            {children}
        }
    }
}

#[component]
fn TouchpointChip(step: StepId, item: EntityRef) -> Element {
    let mut store = use_store();
    let open = store.open.read();
    let title = open.as_ref().and_then(|it| Some(it.board.item(item)?.title.to_owned())).unwrap_or_default();
    rsx! {
        button {
            class: "tp",
            r#type: "button",
            onclick: move |_| store.panel.set(Some(Panel { step, item: Some(item) })),
            KindIcon { kind: ItemKind::Touchpoint }
            "{title}"
        }
    }
}

/// An insight with its strongest quote.
#[component]
fn InsightBlock(step: StepId, item: EntityRef, onmore: EventHandler<()>) -> Element {
    let mut store = use_store();
    let open = store.open.read();
    let Some(open) = open.as_ref() else { return rsx! {} };
    let Some(it) = open.board.insights.get(&item.id.into()) else { return rsx! {} };
    let found = open.board.evidence_for(item);
    let count = found.len();
    let shown: Vec<Evidence> = strongest(&found).into_iter().take(QUOTES_MAX).cloned().collect();
    let more = count.saturating_sub(shown.len());
    rsx! {
        article { class: "ins",
            div { class: "ins-h",
                KindIcon { kind: ItemKind::Insight }
                h4 {
                    button {
                        class: "lk",
                        r#type: "button",
                        onclick: move |_| store.panel.set(Some(Panel { step, item: Some(item) })),
                        "{it.statement}"
                    }
                }
                if count > 0 {
                    span { class: "ev t3 e12",
                        Icon { name: "quote" }
                        "{count}"
                    }
                }
                if let Some(severity) = it.severity {
                    Severity { of_five: severity }
                }
                Avatar { member: it.owner }
            }
            for evidence in shown {
                Quote { key: "{evidence.id}", evidence }
            }
            if more > 0 {
                button { class: "lnk", r#type: "button", onclick: move |_| onmore.call(()), "{more} more" }
            }
        }
    }
}

/// Supporting quotes, longest sayings of customers first.
fn strongest<'a>(found: &[(&'a Evidence, Stance)]) -> Vec<&'a Evidence> {
    let mut quotes: Vec<&Evidence> = found
        .iter()
        .filter(|(it, stance)| {
            *stance == Stance::Supports && matches!(it.sort, EvidenceSort::Quote | EvidenceSort::Interview)
        })
        .map(|it| it.0)
        .collect();
    quotes.sort_by_key(|it| {
        std::cmp::Reverse((it.is_verified, it.excerpt.chars().count().min(200), it.captured_at))
    });
    quotes
}

/// Whether the step can still be believed, and the button that says so.
#[component]
fn Freshly(step: StepId) -> Element {
    let store = use_store();
    let open = store.open.read();
    let Some(open) = open.as_ref() else { return rsx! {} };
    let Some(score) = open.scores.steps.get(&step) else { return rsx! {} };
    let (words, tone) = explain(open, step, &score.freshness);
    rsx! {
        div { class: "fresh {tone}",
            i { class: "dot" }
            span { class: "g", "{words}" }
            Button { label: "Still true", class: "xs", icon: "check", onclick: move |_| store.send(Command::StillTrue { step }) }
        }
    }
}

fn explain(open: &OpenJourney, step: StepId, freshness: &Freshness) -> (String, &'static str) {
    let now = host::now();
    let reviewed = open.board.steps.get(&step).and_then(|it| it.last_reviewed).map(|it| it.at);
    let checked = match reviewed {
        Some(at) => format!("Checked {}", format::days_ago(at, now)),
        None => "Not checked yet".to_owned(),
    };
    let why = || format!("{}: {}", fresh_word(freshness.state), fresh_reason(&open.board, freshness, now));
    match freshness.state {
        FreshnessState::Fresh => (checked, "is-fresh"),
        FreshnessState::Ageing | FreshnessState::Changed => (why(), "is-ageing"),
        FreshnessState::Stale => (why(), "is-stale"),
    }
}
