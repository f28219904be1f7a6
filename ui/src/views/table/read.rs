//! From the board to a cell: what each kind of row says in each column. Everything calculated comes
//! from the journey's scores.

use std::collections::BTreeMap;

use custory_domain::score::freshness::FreshnessState;
use custory_domain::wording::priority_text;
use custory_domain::*;

use super::cell::{Cell, Place};
use super::column::Column;
use crate::components::Status;
use crate::format;
use crate::state::{OpenJourney, stage_colour};
use crate::views::map;
use crate::views::panel::words;

/// A step's place in the journey.
#[derive(Clone, Debug, PartialEq)]
pub struct StepPlace {
    /// Its position in the journey, from 1.
    pub number: usize,
    /// Its stage.
    pub stage: StageId,
    /// That stage's position.
    pub stage_position: usize,
    /// That stage's colour, as a style value.
    pub colour: String,
}

/// Where every step stands.
pub type Places = BTreeMap<StepId, StepPlace>;

/// Where every step stands.
pub fn places(open: &OpenJourney) -> Places {
    let outline = open.outline();
    let count = outline.len();
    let mut places = Places::new();
    for (stage_position, (stage, steps)) in outline.into_iter().enumerate() {
        for step in steps {
            let number = places.len() + 1;
            let colour = stage_colour(stage_position, count);
            places.insert(step.id, StepPlace { number, stage, stage_position, colour });
        }
    }
    places
}

/// The first step that a row is on, as the customer takes them; none if all of them are hidden.
pub fn first_step(places: &Places, board: &Board, row: EntityRef) -> Option<StepId> {
    if row.kind == EntityKind::Step {
        return Some(row.id.into()).filter(|it| places.contains_key(it));
    }
    let steps = board.item(row)?.steps;
    let shown = steps.iter().filter_map(|it| Some((places.get(it)?.number, *it)));
    shown.min().map(|it| it.1)
}

/// Reads cells off a board.
#[derive(Clone, Copy)]
pub struct Reader<'a> {
    /// The journey.
    pub open: &'a OpenJourney,
    /// Where its steps stand.
    pub places: &'a Places,
}

impl Reader<'_> {
    /// What a row says in a column.
    pub fn cell(self, row: EntityRef, column: Column) -> Cell {
        let board = &self.open.board;
        match column {
            Column::Kind => return ItemKind::of(row.kind).map_or(Cell::Absent, Cell::Kind),
            Column::Step | Column::Stage => return self.place(row, column),
            Column::Linked => return self.issue(row),
            Column::Owner => return self.owner(row).map_or(Cell::Absent, Cell::Person),
            Column::Updated => return self.updated(row).map_or(Cell::Absent, Cell::At),
            _ => {}
        }
        let id = row.id;
        let cell = match row.kind {
            EntityKind::Step => board.steps.get(&id.into()).map(|it| self.step(it, column)),
            EntityKind::Touchpoint => board.touchpoints.get(&id.into()).map(|it| touchpoint(it, column)),
            EntityKind::Insight => board.insights.get(&id.into()).map(|it| self.insight(it, column)),
            EntityKind::Opportunity => {
                board.opportunities.get(&id.into()).map(|it| self.opportunity(it, column))
            }
            EntityKind::Solution => board.solutions.get(&id.into()).map(|it| self.solution(it, column)),
            EntityKind::Metric => board.metrics.get(&id.into()).map(|it| metric(it, column)),
            _ => None,
        };
        cell.unwrap_or(Cell::Absent)
    }

    fn owner(self, row: EntityRef) -> Option<Option<MemberId>> {
        let board = &self.open.board;
        match row.kind {
            EntityKind::Step => board.steps.get(&row.id.into()).map(|it| it.owner),
            _ => board.item(row).map(|it| it.owner),
        }
    }

    fn updated(self, row: EntityRef) -> Option<Timestamp> {
        let board = &self.open.board;
        let id = row.id;
        let stamp = match row.kind {
            EntityKind::Step => board.steps.get(&id.into())?.updated,
            EntityKind::Touchpoint => board.touchpoints.get(&id.into())?.updated,
            EntityKind::Insight => board.insights.get(&id.into())?.updated,
            EntityKind::Opportunity => board.opportunities.get(&id.into())?.updated,
            EntityKind::Solution => board.solutions.get(&id.into())?.updated,
            EntityKind::Metric => board.metrics.get(&id.into())?.updated,
            _ => return None,
        };
        Some(stamp.at)
    }

    fn place(self, row: EntityRef, column: Column) -> Cell {
        let board = &self.open.board;
        let Some(step) = first_step(self.places, board, row) else { return Cell::Absent };
        let Some(place) = self.places.get(&step) else { return Cell::Absent };
        let on = board.item(row).map_or(1, |it| it.steps.len());
        let (shown, title) = match column {
            Column::Stage => (None, board.stages.get(&place.stage).map(|it| &it.title)),
            _ => (Some(step), board.steps.get(&step).map(|it| &it.title)),
        };
        Cell::Place(Place {
            step: shown,
            title: title.cloned().unwrap_or_default(),
            colour: place.colour.clone(),
            number: place.number,
            more: on.saturating_sub(1),
        })
    }

    fn issue(self, row: EntityRef) -> Cell {
        match row.kind {
            EntityKind::Opportunity | EntityKind::Solution => {
                Cell::Issue(map::delivery_of(&self.open.board, row).map(|it| it.external_id.clone()))
            }
            _ => Cell::Absent,
        }
    }

    fn step(self, it: &Step, column: Column) -> Cell {
        let (index, numbers) = (&self.open.index, &self.open.numbers);
        let flow = numbers.flow.get(&it.id);
        match column {
            Column::Title => Cell::Text(it.title.clone()),
            Column::Evidence => Cell::Quotes(index.evidence_on(it.id).count()),
            Column::Items => {
                Cell::Count(ItemKind::ALL.iter().map(|kind| index.cell(it.id, *kind).len()).sum())
            }
            Column::Feeling => match it.emotion {
                Some(emotion) => Cell::choice(words::EMOTIONS, emotion),
                None => match numbers.feeling.get(&it.id) {
                    Some(feeling) => {
                        Cell::computed(Some(feeling.value), Some(format::number(feeling.value, 1)))
                    }
                    None => Cell::computed(None, None),
                },
            },
            Column::Accounts => {
                Cell::computed(flow.map(|it| it.count), flow.map(|it| format::whole(it.count)))
            }
            Column::Conversion => {
                let share = flow.and_then(|it| it.conversion);
                Cell::Number {
                    value: share,
                    text: share.map(format::percent).unwrap_or_default(),
                    is_set: false,
                    is_bad: flow.is_some_and(|it| it.is_below_target),
                }
            }
            Column::Aim => Cell::number(it.target_conversion, it.target_conversion.map(format::percent)),
            Column::Freshness => {
                let score = self.open.scores.steps.get(&it.id);
                Cell::Fresh(score.map_or(FreshnessState::Fresh, |it| it.freshness.state))
            }
            Column::Life => Cell::choice(words::LIFECYCLES, it.lifecycle),
            Column::Branches => Cell::Text(self.branches(it)),
            Column::Thought => Cell::Text(it.thought.clone()),
            _ => Cell::Absent,
        }
    }

    /// `→ 7 Pay, 30%`: where some go from a step.
    fn branches(self, step: &Step) -> String {
        let way = |(to, branch): (StepId, &Branch)| {
            let title = &self.open.board.steps.get(&to)?.title;
            let share = branch.share.map(|it| format!(", {}", format::percent(it))).unwrap_or_default();
            let label = if branch.label.is_empty() { String::new() } else { format!(", {}", branch.label) };
            Some(format!("→ {} {title}{share}{label}", self.places.get(&to)?.number))
        };
        self.open.board.branches_of(step).into_iter().filter_map(way).collect::<Vec<_>>().join("; ")
    }

    fn insight(self, it: &Insight, column: Column) -> Cell {
        match column {
            Column::Title => Cell::Text(it.statement.clone()),
            Column::Evidence => Cell::Quotes(self.open.index.evidence_count(it.id.into())),
            Column::Confidence => {
                Cell::share(self.open.scores.insights.get(&it.id).map(|it| it.confidence.value))
            }
            Column::Sort => Cell::choice(words::INSIGHT_SORTS, it.sort),
            Column::Truth => Cell::choice(words::TRUTHS, it.truth),
            Column::Severity => Cell::Severity(it.severity),
            Column::Segment => Cell::Text(it.segment.clone()),
            Column::Status => {
                let status = match it.state {
                    InsightState::New => Status::Open,
                    InsightState::Triaged => Status::Planned,
                    InsightState::Resolved => Status::Shipped,
                    InsightState::Archived => Status::Blocked,
                };
                Cell::Status(status, words::word(words::INSIGHT_STATES, it.state))
            }
            _ => Cell::Absent,
        }
    }

    fn opportunity(self, it: &Opportunity, column: Column) -> Cell {
        let score = self.open.scores.opportunities.get(&it.id);
        match column {
            Column::Title => Cell::Text(it.title.clone()),
            Column::Evidence => Cell::Quotes(self.open.index.evidence_behind(it)),
            Column::Confidence => {
                let value = score.map(|it| it.claim.confidence.value);
                Cell::Number {
                    value,
                    text: value.map(format::percent).unwrap_or_default(),
                    is_set: it.confidence.is_some(),
                    is_bad: false,
                }
            }
            Column::Reach => {
                let value = score.and_then(|it| it.reach.value);
                Cell::Number {
                    value,
                    text: value.map(format::whole).unwrap_or_default(),
                    is_set: it.reach.is_some(),
                    is_bad: false,
                }
            }
            Column::Impact => {
                Cell::Rating { set: it.impact, suggested: score.and_then(|it| it.impact.suggested) }
            }
            Column::Effort => {
                Cell::Rating { set: it.effort, suggested: score.and_then(|it| it.effort).map(|it| it.value) }
            }
            Column::Score => Cell::Score(score.and_then(|it| it.impact.score)),
            Column::Rank => {
                let ranking = &self.open.scores.ranking;
                let value = score.and_then(|it| ranking.formula.value(&it.inputs));
                Cell::computed(value, value.map(|it| priority_text(ranking.formula, it)))
            }
            Column::Reason => Cell::Text(it.reason.clone()),
            Column::Due => Cell::Day(it.due),
            Column::Status => {
                Cell::Status(opportunity_status(it.state), words::word(words::OPPORTUNITY_STATES, it.state))
            }
            _ => Cell::Absent,
        }
    }

    fn solution(self, it: &Solution, column: Column) -> Cell {
        let board = &self.open.board;
        let metric = it.success_metric.and_then(|it| board.metrics.get(&it));
        match column {
            Column::Title => Cell::Text(it.title.clone()),
            Column::Sort => Cell::choice(words::SOLUTION_SORTS, it.sort),
            Column::Effort => Cell::Rating { set: it.effort, suggested: None },
            Column::Moves => Cell::Text(metric.map(|it| it.name.clone()).unwrap_or_default()),
            Column::Expected => {
                let text = it.expected_change.map(|change| match metric {
                    Some(metric) => format::metric_change(metric, change),
                    None => format::number(change, 2),
                });
                Cell::number(it.expected_change, text)
            }
            Column::Target => Cell::Day(it.target),
            Column::Shipped => Cell::Day(it.shipped_at.map(|at| at.date())),
            Column::Result => {
                let result = self.open.numbers.results.get(&it.id);
                let outcome = result.and_then(|it| map::outcome(board, it));
                Cell::Moved(outcome.map(|it| (it.change, it.tone)))
            }
            Column::Status => {
                let (status, word) = map::solution_status(it.state);
                Cell::Status(status, word)
            }
            _ => Cell::Absent,
        }
    }
}

fn touchpoint(it: &Touchpoint, column: Column) -> Cell {
    match column {
        Column::Title => Cell::Text(it.title.clone()),
        Column::Channel => Cell::choice(words::CHANNELS, it.channel),
        Column::Side => Cell::choice(words::SIDES, it.side),
        Column::Address => Cell::Text(it.url.clone()),
        _ => Cell::Absent,
    }
}

fn metric(it: &Metric, column: Column) -> Cell {
    let value = |value: Option<f64>| value.map(|value| format::metric_value(it, value));
    match column {
        Column::Title => Cell::Text(it.name.clone()),
        Column::Value => {
            let latest = it.latest().map(|(_, point)| point.value);
            Cell::computed(latest, value(latest))
        }
        Column::Change => Cell::Moved(map::change(it)),
        Column::Goal => Cell::number(it.target, value(it.target)),
        Column::Baseline => Cell::number(it.baseline, value(it.baseline)),
        Column::Formula => Cell::choice(words::METRIC_FORMULAS, it.formula),
        Column::Direction => Cell::choice(words::DIRECTIONS, it.direction),
        Column::Class => Cell::choice(words::METRIC_CLASSES, it.class),
        Column::Unit => Cell::Text(it.unit.clone()),
        Column::Status => {
            let status = match it.state {
                MetricState::Draft => Status::Open,
                MetricState::Defined => Status::Planned,
                MetricState::Active => Status::Shipped,
                MetricState::Retired => Status::Blocked,
            };
            Cell::Status(status, words::word(words::METRIC_STATES, it.state))
        }
        _ => Cell::Absent,
    }
}

/// An opportunity's state as a ring.
pub const fn opportunity_status(state: OpportunityState) -> Status {
    match state {
        OpportunityState::Open | OpportunityState::Framed | OpportunityState::Reopened => Status::Open,
        OpportunityState::Prioritised => Status::Planned,
        OpportunityState::InDelivery => Status::Progress,
        OpportunityState::Shipped | OpportunityState::Validated => Status::Shipped,
        OpportunityState::Parked | OpportunityState::Closed => Status::Blocked,
    }
}
