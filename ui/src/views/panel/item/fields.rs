//! The fields of each kind of item, each with the editor that fits it.

use custory_domain::*;
use dioxus::prelude::*;

use super::super::edit::{ChoiceRow, DateRow, NumberRow, Row, ScaleRow, TextRow};
use super::super::words;
use super::picture::TouchpointPicture;
use crate::components::{Chip, Entry, Icon, Menu};
use crate::format;
use crate::state::{OpenJourney, Store, use_store};
use crate::views::choices;

/// The fields of an item.
#[component]
pub fn Fields(item: EntityRef) -> Element {
    let store = use_store();
    let open = store.open.read();
    let Some(open) = open.as_ref() else { return rsx! {} };
    let board = &open.board;
    match ItemKind::of(item.kind) {
        Some(ItemKind::Touchpoint) => match board.touchpoints.get(&item.id.into()) {
            Some(it) => rsx! { TouchpointFields { it: it.clone() } },
            None => rsx! {},
        },
        Some(ItemKind::Insight) => match board.insights.get(&item.id.into()) {
            Some(it) => rsx! { InsightFields { it: it.clone() } },
            None => rsx! {},
        },
        Some(ItemKind::Opportunity) => match board.opportunities.get(&item.id.into()) {
            Some(it) => rsx! { OpportunityFields { it: it.clone() } },
            None => rsx! {},
        },
        Some(ItemKind::Solution) => match board.solutions.get(&item.id.into()) {
            Some(it) => rsx! { SolutionFields { it: it.clone() } },
            None => rsx! {},
        },
        Some(ItemKind::Metric) => match board.metrics.get(&item.id.into()) {
            Some(it) => rsx! { MetricFields { it: it.clone() } },
            None => rsx! {},
        },
        None => rsx! {},
    }
}

const NOTES: &str = "What is worth knowing about it";

#[component]
fn TouchpointFields(it: Touchpoint) -> Element {
    let store = use_store();
    let id = it.id;
    let set = move |set: TouchpointField| store.send(Command::set(Change::Touchpoint { id, set }));
    rsx! {
        ChoiceRow { label: "Channel", field: "channel", words: words::CHANNELS, value: it.channel, onchoose: move |to| set(TouchpointField::Channel(to)) }
        ChoiceRow { label: "Seen", field: "side", words: words::SIDES, value: it.side, onchoose: move |to| set(TouchpointField::Side(to)) }
        TextRow { label: "Address", field: "url", value: it.url.clone(), placeholder: "Link", onsave: move |to| set(TouchpointField::Url(to)) }
        TextRow { label: "Notes", field: "notes", value: it.notes.clone(), placeholder: NOTES, multiline: true, onsave: move |to| set(TouchpointField::Notes(to)) }
        TouchpointPicture { it }
    }
}

#[component]
fn InsightFields(it: Insight) -> Element {
    let store = use_store();
    let id = it.id;
    let set = move |set: InsightField| store.send(Command::set(Change::Insight { id, set }));
    let confidence = store.open.read().as_ref().and_then(|open| {
        let score = open.scores.insights.get(&id)?;
        Some((score.confidence.value, score.confidence.is_assumption))
    });
    rsx! {
        ChoiceRow { label: "Status", field: "state", words: words::INSIGHT_STATES, value: it.state, onchoose: move |to| set(InsightField::State(to)) }
        ChoiceRow { label: "Kind", field: "sort", words: words::INSIGHT_SORTS, value: it.sort, onchoose: move |to| set(InsightField::Kind(to)) }
        ChoiceRow { label: "Truth", field: "truth", words: words::TRUTHS, value: it.truth, onchoose: move |to| set(InsightField::Truth(to)) }
        ScaleRow { label: "Severity", field: "severity", value: it.severity, low: "A nuisance", high: "They give up", onchoose: move |to| set(InsightField::Severity(to)) }
        if let Some((confidence, is_assumption)) = confidence {
            Row { label: "Confidence",
                span { class: "plainv",
                    {format::percent(confidence)}
                    if is_assumption {
                        span { class: "tg", title: "Nothing verified speaks for it yet", "Assumption" }
                    }
                }
            }
        }
        TextRow { label: "Who", field: "segment", value: it.segment, placeholder: "Who is affected", onsave: move |to| set(InsightField::Segment(to)) }
        TextRow { label: "Notes", field: "notes", value: it.notes, placeholder: NOTES, multiline: true, onsave: move |to| set(InsightField::Notes(to)) }
    }
}

#[component]
fn OpportunityFields(it: Opportunity) -> Element {
    let store = use_store();
    let id = it.id;
    let set = move |set: OpportunityField| store.send(Command::set(Change::Opportunity { id, set }));
    let score = store.open.read().as_ref().and_then(|open| open.scores.opportunities.get(&id).cloned());
    let impact = score.as_ref().and_then(|it| it.impact.score.map(|score| (score, it.impact.suggested)));
    let reach_hint = score.as_ref().and_then(|it| it.reach.suggested).map(format::whole);
    let confidence_hint = score.as_ref().map(|it| format::percent(it.claim.confidence.suggested));
    rsx! {
        ChoiceRow { label: "Status", field: "state", words: words::OPPORTUNITY_STATES, value: it.state, onchoose: move |to| set(OpportunityField::State(to)) }
        if let Some((score, suggested)) = impact {
            Row { label: "Score",
                span { class: "plainv",
                    span { class: "score", "{score:.0}" }
                    if let Some(suggested) = suggested {
                        span { class: "t3", "suggests impact {suggested}" }
                    }
                }
            }
        }
        ScaleRow { label: "Impact", field: "impact", value: it.impact, low: "Little", high: "A lot", onchoose: move |to| set(OpportunityField::Impact(to)) }
        ScaleRow { label: "Effort", field: "effort", value: it.effort, low: "Hours", high: "Months", onchoose: move |to| set(OpportunityField::Effort(to)) }
        NumberRow {
            label: "Reach",
            field: "reach",
            value: it.reach,
            placeholder: reach_hint.map_or("Accounts in 30 days".to_owned(), |it| format!("{it} suggested")),
            onsave: move |to| set(OpportunityField::Reach(to)),
        }
        NumberRow {
            label: "Confidence",
            field: "confidence",
            value: it.confidence,
            scale: 0.01,
            unit: "%",
            placeholder: confidence_hint.map_or("Per cent".to_owned(), |it| format!("{it} suggested")),
            onsave: move |to| set(OpportunityField::Confidence(to)),
        }
        TextRow { label: "Reason", field: "reason", value: it.reason, placeholder: "Why these values", onsave: move |to| set(OpportunityField::Reason(to)) }
        DateRow { label: "Due", field: "due", value: it.due, onsave: move |to| set(OpportunityField::Due(to)) }
        TextRow { label: "Notes", field: "notes", value: it.notes, placeholder: NOTES, multiline: true, onsave: move |to| set(OpportunityField::Notes(to)) }
    }
}

#[component]
fn SolutionFields(it: Solution) -> Element {
    let store = use_store();
    let id = it.id;
    let set = move |set: SolutionField| store.send(Command::set(Change::Solution { id, set }));
    let metric = it.success_metric;
    let percent = store.open.read().as_ref().and_then(|open| Some(open.board.metrics.get(&metric?)?.formula))
        == Some(MetricFormula::Rate);
    rsx! {
        ChoiceRow { label: "Status", field: "state", words: words::SOLUTION_STATES, value: it.state, onchoose: move |to| settle_state(store, id, to) }
        ChoiceRow { label: "Kind", field: "sort", words: words::SOLUTION_SORTS, value: it.sort, onchoose: move |to| set(SolutionField::Kind(to)) }
        ScaleRow { label: "Effort", field: "effort", value: it.effort, low: "Hours", high: "Months", onchoose: move |to| set(SolutionField::Effort(to)) }
        MetricChoice { solution: id, metric }
        NumberRow {
            label: "By how much",
            field: "expected_change",
            value: it.expected_change,
            scale: if percent { 0.01 } else { 1.0 },
            unit: if percent { " pts" } else { "" },
            placeholder: "Change that it should bring",
            onsave: move |to| set(SolutionField::ExpectedChange(to)),
        }
        DateRow { label: "Target date", field: "target", value: it.target, onsave: move |to| set(SolutionField::Target(to)) }
        DateRow {
            label: "Shipped",
            field: "shipped_at",
            value: it.shipped_at.map(|at| at.date()),
            onsave: move |to: Option<jiff::civil::Date>| set(SolutionField::ShippedAt(to.and_then(noon))),
        }
        TextRow { label: "Notes", field: "notes", value: it.notes, placeholder: NOTES, multiline: true, onsave: move |to| set(SolutionField::Notes(to)) }
    }
}

/// The middle of a day, so that it is that day in most of the world.
pub fn noon(day: jiff::civil::Date) -> Option<Timestamp> {
    let days = jiff::civil::date(1970, 1, 1).until(day).ok()?.get_days();
    Some(Timestamp(i64::from(days) * Timestamp::DAY_MILLIS + Timestamp::DAY_MILLIS / 2))
}

fn settle_state(store: Store, id: SolutionId, state: SolutionState) {
    let open = store.open.peek();
    if let Some(open) = open.as_ref() {
        store.send(state_command(open, id, state));
    }
}

/// Moves a solution on. One that ships today has shipped today, in one gesture.
pub fn state_command(open: &OpenJourney, id: SolutionId, state: SolutionState) -> Command {
    let change = |set| Command::set(Change::Solution { id, set });
    let is_dated = open.board.solutions.get(&id).is_some_and(|it| it.shipped_at.is_some());
    if state != SolutionState::Shipped || is_dated {
        return change(SolutionField::State(state));
    }
    Command::Batch {
        label: "Ship solution".to_owned(),
        commands: vec![
            change(SolutionField::State(state)),
            change(SolutionField::ShippedAt(Some(crate::host::now()))),
        ],
    }
}

/// The metric that a solution should move.
#[component]
fn MetricChoice(solution: SolutionId, metric: Option<MetricId>) -> Element {
    let mut store = use_store();
    let open = store.open.read();
    let Some(open) = open.as_ref() else { return rsx! {} };
    let name =
        metric.and_then(|it| open.board.metrics.get(&it)).map_or("Not set".to_owned(), |it| it.name.clone());
    rsx! {
        Row { label: "Should move", field: "success_metric",
            Chip {
                class: "val",
                opens_menu: true,
                onclick: move |event| {
                    let entries = metric_entries(store, solution);
                    store.menu.set(Some(Menu::below(&event, "Metric", entries)));
                },
                "{name}"
                Icon { name: "down", class: "xs" }
            }
        }
    }
}

fn metric_entries(store: Store, solution: SolutionId) -> Vec<Entry> {
    let open = store.open.peek();
    let Some(open) = open.as_ref() else { return Vec::new() };
    let now = open.board.solutions.get(&solution).and_then(|it| it.success_metric);
    let set = move |metric: Option<MetricId>| {
        store
            .send(Command::set(Change::Solution { id: solution, set: SolutionField::SuccessMetric(metric) }));
    };
    let metrics: Vec<_> =
        in_order(open).into_iter().filter_map(|it| open.board.metrics.get(&it.id.into())).collect();
    choices::metrics(metrics, now, set)
}

/// All metrics, in the order of the map, each once.
fn in_order(open: &OpenJourney) -> Vec<EntityRef> {
    let mut all = Vec::new();
    for step in open.board.steps_in_order() {
        for item in open.index.cell(step.id, ItemKind::Metric) {
            if !all.contains(item) {
                all.push(*item);
            }
        }
    }
    all
}

#[component]
fn MetricFields(it: Metric) -> Element {
    let store = use_store();
    let id = it.id;
    let set = move |set: MetricField| store.send(Command::set(Change::Metric { id, set }));
    let is_rate = it.formula == MetricFormula::Rate;
    let scale = if is_rate { 0.01 } else { 1.0 };
    let unit = if is_rate { "%" } else { "" };
    rsx! {
        ChoiceRow { label: "Formula", field: "formula", words: words::METRIC_FORMULAS, value: it.formula, onchoose: move |to| set(MetricField::Formula(to)) }
        ChoiceRow { label: "Use", field: "purpose", words: words::METRIC_PURPOSES, value: it.purpose, onchoose: move |to| set(MetricField::Use(to)) }
        ChoiceRow { label: "Better", field: "direction", words: words::DIRECTIONS, value: it.direction, onchoose: move |to| set(MetricField::Direction(to)) }
        if !is_rate {
            TextRow { label: "Unit", field: "unit", value: it.unit, placeholder: "For example s, USD", onsave: move |to| set(MetricField::Unit(to)) }
        }
        NumberRow { label: "Target", field: "target", value: it.target, scale, unit, placeholder: "Where it should get to", onsave: move |to| set(MetricField::Target(to)) }
        NumberRow { label: "Baseline", field: "baseline", value: it.baseline, scale, unit, placeholder: "Where it stood at first", onsave: move |to| set(MetricField::Baseline(to)) }
        NumberRow {
            label: "Window",
            field: "window_days",
            value: (it.window_days > 0).then_some(f64::from(it.window_days)),
            unit: " days",
            placeholder: "Days that one value covers",
            onsave: move |to: Option<f64>| set(MetricField::WindowDays(to.unwrap_or(0.0).clamp(0.0, 365.0) as u16)),
        }
        ChoiceRow { label: "About", field: "class", words: words::METRIC_CLASSES, value: it.class, onchoose: move |to| set(MetricField::Class(to)) }
        ChoiceRow { label: "Life", field: "state", words: words::METRIC_STATES, value: it.state, onchoose: move |to| set(MetricField::State(to)) }
        TextRow { label: "Counts", field: "notes", value: it.notes, placeholder: "What exactly is counted", multiline: true, onsave: move |to| set(MetricField::Notes(to)) }
    }
}
