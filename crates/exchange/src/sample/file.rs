//! The shape of the example's data files.
//!
//! Things refer to one another by short keys; who and when are keys of people and days before
//! today. The words of the domain (`in_progress`, `validated`) are used as they are.

use std::collections::{BTreeMap, BTreeSet};

use custory_domain::*;
use serde::Deserialize;

const MAP: &str = include_str!("../../../../assets/sample/fieldnote.json");
const QUOTES: &str = include_str!("../../../../assets/sample/quotes.json");
const METRICS: &str = include_str!("../../../../assets/sample/metrics.json");

/// Everything in the example.
pub(super) struct Content {
    pub map: Map,
    pub quotes: Quotes,
    pub metrics: Metrics,
}

/// Reads the data files, which are part of the program.
pub(super) fn content() -> Content {
    const SOUND: &str = "the files are part of the program, and a test reads them";
    Content {
        map: serde_json::from_str(MAP).expect(SOUND),
        quotes: serde_json::from_str(QUOTES).expect(SOUND),
        metrics: serde_json::from_str(METRICS).expect(SOUND),
    }
}

/// Names something within the files.
pub(super) type Key = String;
/// Days before today; parts of a day are hours.
pub(super) type DaysAgo = f64;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Map {
    pub people: Vec<Colleague>,
    pub persona: PersonaText,
    pub journey: JourneyText,
    pub stages: Vec<StageText>,
    pub verdicts: Vec<VerdictText>,
    pub comments: Vec<Said>,
    pub branches: Vec<BranchText>,
    pub decisions: Vec<Decided>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Colleague {
    pub key: Key,
    pub name: String,
    pub title: String,
    pub colour: u8,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PersonaText {
    pub name: String,
    pub description: String,
    pub part: PersonaPart,
    pub basis: Basis,
    pub goals: String,
    pub frustrations: String,
    pub job_when: String,
    pub job_want: String,
    pub job_so: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct JourneyText {
    pub title: String,
    pub scenario: String,
    pub expectation: String,
    pub scope_from: String,
    pub scope_to: String,
    pub owner: Key,
    /// The outcome metric.
    pub outcome: Key,
    pub review_every_days: u16,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StageText {
    pub title: String,
    pub goal: String,
    pub steps: Vec<StepText>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StepText {
    pub key: Key,
    pub title: String,
    pub action: String,
    pub thought: String,
    pub emotion: i8,
    pub owner: Key,
    pub target_conversion: Option<f64>,
    pub reviewed_days_ago: DaysAgo,
    #[serde(default)]
    pub is_value_moment: bool,
    #[serde(default)]
    pub is_moment_of_truth: bool,
    pub events: BTreeSet<String>,
    pub paths: BTreeSet<String>,
    pub touchpoints: Vec<TouchpointText>,
    pub insights: Vec<InsightText>,
    pub opportunities: Vec<OpportunityText>,
    #[serde(default)]
    pub solutions: Vec<SolutionText>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TouchpointText {
    pub title: String,
    pub channel: Channel,
    #[serde(default)]
    pub url: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct InsightText {
    pub key: Key,
    pub statement: String,
    pub sort: InsightSort,
    pub severity: u8,
    pub truth: Truth,
    pub state: InsightState,
    pub owner: Key,
    #[serde(default)]
    pub segment: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OpportunityText {
    pub key: Key,
    pub title: String,
    pub impact: u8,
    pub effort: u8,
    pub state: OpportunityState,
    pub owner: Key,
    pub insights: Vec<Key>,
    #[serde(default)]
    pub reason: String,
    pub due_in_days: Option<f64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SolutionText {
    pub key: Key,
    pub title: String,
    pub sort: SolutionSort,
    pub state: SolutionState,
    pub owner: Key,
    pub effort: u8,
    pub opportunities: Vec<Key>,
    pub target_in_days: Option<f64>,
    pub shipped_days_ago: Option<DaysAgo>,
    pub success_metric: Key,
    pub expected_change: f64,
    #[serde(default)]
    pub notes: String,
    pub issue: IssueText,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct IssueText {
    pub id: String,
    pub title: String,
    pub url: String,
    pub status: DeliveryStatus,
    pub provider_status: String,
    #[serde(default)]
    pub assignee: String,
    pub merged_days_ago: Option<DaysAgo>,
    pub released_days_ago: Option<DaysAgo>,
    pub synced_days_ago: DaysAgo,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct VerdictText {
    pub solution: Key,
    pub metric: Key,
    pub outcome: VerdictOutcome,
    #[serde(default)]
    pub is_interim: bool,
    pub summary: String,
    pub before: WindowText,
    pub after: WindowText,
    pub low: f64,
    pub high: f64,
    #[serde(default)]
    pub confounders: BTreeSet<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WindowText {
    pub from_days_ago: DaysAgo,
    pub to_days_ago: DaysAgo,
    pub value: f64,
    pub n: u64,
}

/// Where some go instead of to the next step.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BranchText {
    pub from: Key,
    pub to: Key,
    pub label: String,
    pub share: f64,
}

/// A decision about a step or item.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Decided {
    pub on: Key,
    pub by: Key,
    pub days_ago: DaysAgo,
    pub what: String,
    pub why: String,
    /// What was not chosen, one a line.
    pub rejected: String,
    pub based_on: Vec<Key>,
}

/// A comment with its answers.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Said {
    /// What it is about; an answer is about the same.
    #[serde(default)]
    pub on: Key,
    pub by: Key,
    pub days_ago: DaysAgo,
    pub body: String,
    #[serde(default)]
    pub mentions: Vec<Key>,
    #[serde(default)]
    pub is_resolved: bool,
    #[serde(default)]
    pub replies: Vec<Said>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Quotes {
    /// What a source's evidence usually is.
    pub sources: BTreeMap<String, SourceText>,
    /// Evidence by the insight or step that it speaks about.
    pub quotes: BTreeMap<Key, Vec<QuoteText>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SourceText {
    pub sort: EvidenceSort,
    pub weight: WeightClass,
    /// Beginning of the address under which a piece of it is found.
    pub address: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct QuoteText {
    pub text: String,
    pub source: String,
    pub days_ago: DaysAgo,
    pub sentiment: Option<f64>,
    /// Who said it; nobody in a measured fact.
    #[serde(default)]
    pub by: String,
    /// The customer's company.
    #[serde(default)]
    pub company: String,
    /// The channel it was said in, for the team's own words and public chats.
    #[serde(default)]
    pub channel: String,
    /// What it weighs where that is not what its source usually weighs.
    pub weight: Option<WeightClass>,
    /// Speaks against the insight.
    #[serde(default)]
    pub against: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Metrics {
    /// Accounts that entered each step in 28 days, week by week, oldest first.
    pub entrants: BTreeMap<Key, Vec<u64>>,
    pub watched: Vec<MetricText>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MetricText {
    pub key: Key,
    pub step: Key,
    pub name: String,
    pub class: MetricClass,
    pub formula: MetricFormula,
    pub unit: String,
    pub direction: Direction,
    pub owner: Key,
    pub target: Option<f64>,
    pub notes: String,
    /// Days that one value covers.
    #[serde(default = "month_days")]
    pub window_days: u16,
    /// Days from one value to the next.
    #[serde(default = "week_days")]
    pub every_days: u16,
    /// When the last value ends; today without it.
    #[serde(default)]
    pub until_days_ago: DaysAgo,
    /// Values, oldest first; a rate has `hits` and `of` instead.
    #[serde(default)]
    pub values: Vec<f64>,
    /// Cases behind each value.
    #[serde(default)]
    pub n: Vec<u64>,
    /// Numerators of a rate.
    #[serde(default)]
    pub hits: Vec<u64>,
    /// Denominators of a rate.
    #[serde(default)]
    pub of: Vec<u64>,
}

/// Most values cover four weeks, so that every weekday is in them equally often.
pub(super) const fn month_days() -> u16 {
    28
}

/// Most values are taken once a week.
pub(super) const fn week_days() -> u16 {
    7
}
