//! What an item's card says, read from the board: plain values, so that a card is drawn again only
//! when what it says has changed.

use std::collections::BTreeSet;

use custory_domain::*;

use crate::components::Status;
use crate::format;
use crate::state::{FixResult, OpenJourney};

/// Severity from which an open insight asks for a look.
const SEVERITY_HOT: u8 = 4;
/// Days for which a fix that moved its number is shown as news.
const NEWS_DAYS: f64 = 14.0;
/// Kinds of source named on a card.
const SOURCES_MAX: usize = 3;
/// Values in the small curve of a metric.
const SPARK_POINTS: usize = 12;

/// What a card says.
#[derive(Clone, Debug, PartialEq)]
pub struct Face {
    /// Which item.
    pub id: EntityRef,
    /// Of which kind.
    pub kind: ItemKind,
    /// Its title.
    pub title: String,
    /// Who answers for it.
    pub owner: Option<MemberId>,
    /// It asks for a look today.
    pub is_hot: bool,
    /// It needs nothing any more.
    pub is_done: bool,
    /// What its kind adds.
    pub body: Body,
}

/// What an item's kind adds to its card.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// Nothing more.
    Touchpoint,
    /// What was learned, and from how much.
    Insight {
        /// Pieces of evidence.
        evidence: usize,
        /// Where they come from.
        sources: Vec<String>,
        /// How bad, 1 to 5.
        severity: Option<u8>,
        /// The word that stands in for the details once it is dealt with.
        settled: Option<&'static str>,
    },
    /// A problem, and how much it deserves attention.
    Opportunity {
        /// 0 to 100.
        score: Option<f64>,
        /// 1 to 5.
        effort: Option<u8>,
        /// Pieces of evidence, through its insights as well.
        evidence: usize,
        /// The word that stands in for the details once it is dealt with.
        settled: Option<&'static str>,
    },
    /// A fix, and how far it is.
    Solution {
        /// The issue's name in its tracker.
        issue: Option<String>,
        /// Where the work stands.
        status: Status,
        /// The word for it.
        word: &'static str,
        /// What the number did afterwards.
        outcome: Option<Outcome>,
    },
    /// A number.
    Metric {
        /// The newest value.
        value: Option<String>,
        /// What changed, with its sign.
        change: Option<(String, Tone)>,
        /// The last values, for the small curve.
        spark: Vec<f64>,
    },
}

/// Whether a change is welcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// It is.
    Good,
    /// It is not.
    Bad,
    /// Neither.
    Neutral,
}

impl Tone {
    /// Its class in the style sheet.
    pub const fn style(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Bad => "bad",
            Self::Neutral => "t3",
        }
    }
}

/// What a number did after a fix shipped.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// By how much.
    pub change: String,
    /// From what to what.
    pub detail: String,
    /// Whether that is welcome.
    pub tone: Tone,
}

/// Reads what a card says; `None` for what is not an item, or not there.
pub fn face(open: &OpenJourney, id: EntityRef, now: Timestamp) -> Option<Face> {
    let board = &open.board;
    let view = board.item(id)?;
    let mut face = Face {
        id,
        kind: view.kind,
        title: view.title.to_owned(),
        owner: view.owner,
        is_hot: false,
        is_done: false,
        body: Body::Touchpoint,
    };
    match view.kind {
        ItemKind::Touchpoint => {}
        ItemKind::Insight => insight(&mut face, open, board.insights.get(&id.id.into())?),
        ItemKind::Opportunity => opportunity(&mut face, open, board.opportunities.get(&id.id.into())?),
        ItemKind::Solution => solution(&mut face, open, board.solutions.get(&id.id.into())?, now),
        ItemKind::Metric => metric(&mut face, board.metrics.get(&id.id.into())?),
    }
    Some(face)
}

fn insight(face: &mut Face, open: &OpenJourney, it: &Insight) {
    let settled = match it.state {
        InsightState::New | InsightState::Triaged => None,
        InsightState::Resolved => Some("Resolved"),
        InsightState::Archived => Some("Archived"),
    };
    face.is_done = settled.is_some();
    face.is_hot = settled.is_none() && it.severity.is_some_and(|it| it >= SEVERITY_HOT);
    let sources: BTreeSet<_> = open
        .index
        .evidence_of(it.id.into())
        .filter_map(|id| open.board.evidence.get(&id))
        .map(|it| it.source.clone())
        .filter(|it| !it.is_empty())
        .collect();
    face.body = Body::Insight {
        evidence: open.index.evidence_count(it.id.into()),
        sources: sources.into_iter().take(SOURCES_MAX).collect(),
        severity: it.severity,
        settled,
    };
}

fn opportunity(face: &mut Face, open: &OpenJourney, it: &Opportunity) {
    let settled = match it.state {
        OpportunityState::Open
        | OpportunityState::Framed
        | OpportunityState::Prioritised
        | OpportunityState::InDelivery
        | OpportunityState::Reopened => None,
        OpportunityState::Shipped | OpportunityState::Validated => Some("Done"),
        OpportunityState::Parked => Some("Parked"),
        OpportunityState::Closed => Some("Closed"),
    };
    let score = open.numbers.score.get(&it.id).copied();
    face.is_done = settled.is_some();
    face.is_hot = settled.is_none() && open.numbers.first.contains(&it.id);
    face.body = Body::Opportunity {
        score,
        effort: open.numbers.effort.get(&it.id).copied(),
        evidence: open.index.evidence_behind(it),
        settled,
    };
}

fn solution(face: &mut Face, open: &OpenJourney, it: &Solution, now: Timestamp) {
    let link = delivery_of(&open.board, it.id.into());
    let (status, word) = match link {
        Some(link) => delivery_status(link.status),
        None => solution_status(it.state),
    };
    let result = open.numbers.results.get(&it.id);
    let outcome = result.and_then(|it| outcome(&open.board, it));
    let is_new = result.is_some_and(|it| now.days_since(it.shipped_at) < NEWS_DAYS);
    face.is_hot = is_new && outcome.as_ref().is_some_and(|it| it.tone == Tone::Good);
    face.is_done = matches!(it.state, SolutionState::Rejected);
    face.body = Body::Solution { issue: link.map(|it| it.external_id.clone()), status, word, outcome };
}

/// The issue that delivers something: the newest of them.
pub fn delivery_of(board: &Board, what: EntityRef) -> Option<&DeliveryLink> {
    board
        .delivery_links
        .values()
        .filter(|it| it.trashed.is_none() && it.delivers == Some(what))
        .max_by_key(|it| it.id)
}

/// What a fix did to its number, in a few words; `None` before there are two sides to compare.
pub fn outcome(board: &Board, result: &FixResult) -> Option<Outcome> {
    let metric = board.metrics.get(&result.metric)?;
    let (before, after) = (result.before?, result.after?);
    let change = format::metric_change(metric, after - before);
    let unit = if metric.formula == MetricFormula::Rate { " pts" } else { "" };
    let is_better = (after > before) == (metric.direction == Direction::Up);
    let tone = match result.outcome {
        VerdictOutcome::Improved => Tone::Good,
        VerdictOutcome::Worse => Tone::Bad,
        VerdictOutcome::NotEnough if result.is_interim && is_better => Tone::Good,
        VerdictOutcome::NoChange | VerdictOutcome::NotEnough | VerdictOutcome::Confounded => Tone::Neutral,
    };
    let value = |value| format::metric_value(metric, value);
    let so_far = if result.is_interim { " so far" } else { "" };
    Some(Outcome {
        change: format!("{change}{unit}"),
        detail: format!("{} to {}{so_far}", value(before), value(after)),
        tone,
    })
}

/// An issue's status in the map's words.
pub const fn delivery_status(status: DeliveryStatus) -> (Status, &'static str) {
    match status {
        DeliveryStatus::Backlog => (Status::Open, "Backlog"),
        DeliveryStatus::Todo => (Status::Planned, "Planned"),
        DeliveryStatus::InProgress => (Status::Progress, "In progress"),
        DeliveryStatus::InReview => (Status::Review, "In review"),
        DeliveryStatus::Done => (Status::Shipped, "Done"),
        DeliveryStatus::Released => (Status::Shipped, "Shipped"),
        DeliveryStatus::Cancelled => (Status::Blocked, "Cancelled"),
    }
}

/// A solution's state in the map's words.
pub const fn solution_status(state: SolutionState) -> (Status, &'static str) {
    match state {
        SolutionState::Idea => (Status::Open, "Idea"),
        SolutionState::Proposed => (Status::Open, "Proposed"),
        SolutionState::Planned => (Status::Planned, "Planned"),
        SolutionState::InProgress => (Status::Progress, "In progress"),
        SolutionState::Shipped => (Status::Shipped, "Shipped"),
        SolutionState::Validated => (Status::Shipped, "Validated"),
        SolutionState::NotValidated => (Status::Blocked, "Did not help"),
        SolutionState::Rejected => (Status::Blocked, "Rejected"),
    }
}

fn metric(face: &mut Face, it: &Metric) {
    let latest = it.latest();
    face.is_done = it.state == MetricState::Retired;
    face.body = Body::Metric {
        value: latest.map(|(_, point)| format::metric_value(it, point.value)),
        change: change(it),
        spark: spark(it),
    };
}

/// The newest value against the newest one at least a window, and at least a week, before it.
pub fn change(metric: &Metric) -> Option<(String, Tone)> {
    let (day, point) = metric.latest()?;
    let gap = i64::from(metric.window_days.max(7));
    let before = jiff::Span::new().try_days(gap).ok().and_then(|gap| day.checked_sub(gap).ok())?;
    let (_, earlier) = metric.points.range(..=before).next_back()?;
    let change = point.value - earlier.value;
    let text = format::metric_change(metric, change);
    let tone = if text == "0" {
        Tone::Neutral
    } else if (change > 0.0) == (metric.direction == Direction::Up) {
        Tone::Good
    } else {
        Tone::Bad
    };
    Some((text, tone))
}

/// At most twelve values, evenly taken from the last four weeks' worth of points.
fn spark(metric: &Metric) -> Vec<f64> {
    let recent: Vec<f64> = metric.points.values().rev().take(28).map(|it| it.value).collect();
    let count = recent.len();
    let mut picked: Vec<f64> = if count <= SPARK_POINTS {
        recent
    } else {
        (0..SPARK_POINTS).map(|at| recent[at * (count - 1) / (SPARK_POINTS - 1)]).collect()
    };
    picked.reverse();
    picked
}
