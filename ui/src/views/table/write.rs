//! From what was typed or chosen to the command that keeps it: which editor a cell has, how text is
//! read for it, and which field it sets. What the rules allow, the engine says.

use custory_domain::*;
use jiff::civil::Date;

use super::column::Column;
use super::read::{Places, first_step};
use crate::state::OpenJourney;
use crate::views::map::rename;
use crate::views::panel::{noon, read_number, state_command, words};

/// What a cell is edited with.
#[derive(Clone, Debug, PartialEq)]
pub enum Editor {
    /// A line of text. `may_be_empty` says whether it can say nothing.
    Text {
        /// Whether it can say nothing.
        may_be_empty: bool,
    },
    /// A number. `scale` is what one unit on screen is in the field: 0.01 for per cent.
    Number {
        /// What one unit on screen is.
        scale: f64,
        /// What stands behind it.
        unit: &'static str,
    },
    /// 1 to 5, or unknown.
    Rating {
        /// What the least means.
        low: &'static str,
        /// What the most means.
        high: &'static str,
    },
    /// One of several words.
    Choice(Vec<&'static str>),
    /// A day, or none.
    Day,
    /// A member of the team, or nobody.
    Person,
    /// The step that a row stands on.
    Step,
    /// A metric, or none.
    Metric,
}

/// What was typed or chosen.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    Text(String),
    Number(Option<f64>),
    Rating(Option<u8>),
    Choice(usize),
    Day(Option<Date>),
    Person(Option<MemberId>),
    Step(StepId),
    Metric(Option<MetricId>),
}

/// Why a text does not fit a cell, for people.
#[derive(Clone, Debug, PartialEq)]
pub struct Misfit(pub String);

fn choice<T>(words: &'static [(T, &'static str)]) -> Editor {
    Editor::Choice(words.iter().map(|it| it.1).collect())
}

/// What a row's cell is edited with; `None` for what follows from others.
pub fn editor(open: &OpenJourney, row: EntityRef, column: Column) -> Option<Editor> {
    let metrics = &open.board.metrics;
    let formula = match row.kind {
        EntityKind::Solution => {
            let metric = open.board.solutions.get(&row.id.into()).and_then(|it| it.success_metric);
            metric.and_then(|it| metrics.get(&it)).map(|it| it.formula)
        }
        EntityKind::Metric => metrics.get(&row.id.into()).map(|it| it.formula),
        _ => None,
    };
    editor_of(row.kind, column, formula)
}

/// What such a cell is edited with. `formula` is that of the metric whose values stand in it: rates
/// are typed in per cent.
pub fn editor_of(kind: EntityKind, column: Column, formula: Option<MetricFormula>) -> Option<Editor> {
    use EntityKind::{Insight, Metric, Opportunity, Solution, Step, Touchpoint};
    const SEVERITY: Editor = Editor::Rating { low: "A nuisance", high: "They give up" };
    const IMPACT: Editor = Editor::Rating { low: "Little", high: "A lot" };
    const EFFORT: Editor = Editor::Rating { low: "Hours", high: "Months" };
    const SHARE: Editor = Editor::Number { scale: 0.01, unit: "%" };
    const FREE: Editor = Editor::Text { may_be_empty: true };
    Some(match (kind, column) {
        (_, Column::Title) => Editor::Text { may_be_empty: false },
        (_, Column::Owner) => Editor::Person,
        (Step, Column::Step) => return None,
        (_, Column::Step) => Editor::Step,
        (Step, Column::Feeling) => choice(words::EMOTIONS),
        (Step, Column::Aim) => SHARE,
        (Step, Column::Life) => choice(words::LIFECYCLES),
        (Step, Column::Thought) => FREE,
        (Touchpoint, Column::Channel) => choice(words::CHANNELS),
        (Touchpoint, Column::Side) => choice(words::SIDES),
        (Touchpoint, Column::Address) => FREE,
        (Insight, Column::Sort) => choice(words::INSIGHT_SORTS),
        (Insight, Column::Truth) => choice(words::TRUTHS),
        (Insight, Column::Severity) => SEVERITY,
        (Insight, Column::Segment) => FREE,
        (Insight, Column::Status) => choice(words::INSIGHT_STATES),
        (Opportunity, Column::Impact) => IMPACT,
        (Opportunity | Solution, Column::Effort) => EFFORT,
        (Opportunity, Column::Reach) => Editor::Number { scale: 1.0, unit: "" },
        (Opportunity, Column::Confidence) => SHARE,
        (Opportunity, Column::Reason) => FREE,
        (Opportunity, Column::Due) => Editor::Day,
        (Opportunity, Column::Status) => choice(words::OPPORTUNITY_STATES),
        (Solution, Column::Sort) => choice(words::SOLUTION_SORTS),
        (Solution, Column::Moves) => Editor::Metric,
        (Solution, Column::Expected) => number_of(formula),
        (Solution, Column::Target | Column::Shipped) => Editor::Day,
        (Solution, Column::Status) => choice(words::SOLUTION_STATES),
        (Metric, Column::Goal | Column::Baseline) => number_of(formula),
        (Metric, Column::Formula) => choice(words::METRIC_FORMULAS),
        (Metric, Column::Direction) => choice(words::DIRECTIONS),
        (Metric, Column::Class) => choice(words::METRIC_CLASSES),
        (Metric, Column::Unit) => FREE,
        (Metric, Column::Status) => choice(words::METRIC_STATES),
        _ => return None,
    })
}

/// Rates are typed in per cent.
const fn number_of(formula: Option<MetricFormula>) -> Editor {
    match formula {
        Some(MetricFormula::Rate) => Editor::Number { scale: 0.01, unit: "%" },
        _ => Editor::Number { scale: 1.0, unit: "" },
    }
}

/// What reading a text needs to know beside the text.
pub struct Names<'a> {
    /// The team.
    pub members: &'a [Member],
    /// The journey.
    pub open: &'a OpenJourney,
    /// Where its steps stand.
    pub places: &'a Places,
}

/// Reads a text as an editor would take it.
///
/// # Errors
/// When the text says nothing that fits, with words for people.
pub fn parse(editor: &Editor, text: &str, names: &Names<'_>) -> Result<Input, Misfit> {
    let text = text.trim();
    let misfit = |what: &str| Err(Misfit(format!("“{text}” is not {what}")));
    match editor {
        Editor::Text { may_be_empty } if text.is_empty() && !may_be_empty => {
            Err(Misfit("A title cannot be empty".to_owned()))
        }
        Editor::Text { .. } => Ok(Input::Text(text.to_owned())),
        Editor::Number { scale, unit } => match read_number(text, unit) {
            Ok(number) => Ok(Input::Number(number.map(|it| it * scale))),
            Err(_) => misfit("a number"),
        },
        Editor::Rating { .. } => match text {
            "" | "-" | "–" => Ok(Input::Rating(None)),
            _ => match text.parse() {
                Ok(value @ 1..=5) => Ok(Input::Rating(Some(value))),
                _ => misfit("one of 1 to 5"),
            },
        },
        Editor::Choice(words) => match words.iter().position(|it| it.eq_ignore_ascii_case(text)) {
            Some(at) => Ok(Input::Choice(at)),
            None => misfit(&format!("one of {}", words.join(", "))),
        },
        Editor::Day if text.is_empty() => Ok(Input::Day(None)),
        Editor::Day => match read_day(text) {
            Some(day) => Ok(Input::Day(Some(day))),
            None => misfit("a day such as 2026-11-18"),
        },
        Editor::Person if text.is_empty() => Ok(Input::Person(None)),
        Editor::Person => match names.members.iter().find(|it| same(&it.name, text)) {
            Some(member) => Ok(Input::Person(Some(member.id))),
            None => misfit("somebody of the team"),
        },
        Editor::Step => match step_named(names, text) {
            Some(step) => Ok(Input::Step(step)),
            None => misfit("a step of this journey"),
        },
        Editor::Metric if text.is_empty() => Ok(Input::Metric(None)),
        Editor::Metric => {
            let mut metrics = names.open.board.metrics.values().filter(|it| it.trashed.is_none());
            match metrics.find(|it| same(&it.name, text)) {
                Some(metric) => Ok(Input::Metric(Some(metric.id))),
                None => misfit("a metric of this journey"),
            }
        }
    }
}

fn same(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

/// The step with that title.
pub fn step_named(names: &Names<'_>, title: &str) -> Option<StepId> {
    let mut found: Vec<_> = names
        .places
        .iter()
        .filter(|(id, _)| names.open.board.steps.get(id).is_some_and(|it| same(&it.title, title)))
        .map(|(id, place)| (place.number, *id))
        .collect();
    found.sort_unstable();
    found.first().map(|it| it.1)
}

/// Reads a day as spreadsheets write it without leaving doubt which part is the month.
fn read_day(text: &str) -> Option<Date> {
    ["%Y-%m-%d", "%d %b %Y", "%d %B %Y", "%b %d, %Y", "%d.%m.%Y"]
        .into_iter()
        .find_map(|layout| Date::strptime(layout, text).ok())
}

fn pick<T: Copy>(words: &[(T, &'static str)], at: usize) -> Option<T> {
    words.get(at).map(|it| it.0)
}

/// What keeps an input; `None` if it does not fit the cell, or if nothing would change place.
pub fn command(
    open: &OpenJourney,
    places: &Places,
    row: EntityRef,
    column: Column,
    input: Input,
) -> Option<Command> {
    let id = row.id;
    match (column, input) {
        (Column::Title, Input::Text(text)) if row.kind != EntityKind::Step => {
            rename(row, text).map(Command::set)
        }
        (Column::Owner, Input::Person(owner)) => owner_change(row, owner).map(Command::set),
        (Column::Step, Input::Step(to)) => move_to(open, places, row, to),
        (Column::Status, Input::Choice(at)) if row.kind == EntityKind::Solution => {
            Some(state_command(open, id.into(), pick(words::SOLUTION_STATES, at)?))
        }
        (column, input) => change(row, column, input).map(Command::set),
    }
}

/// Moves an item from its first step to another one; on that one already, it stays.
pub fn move_to(open: &OpenJourney, places: &Places, row: EntityRef, to: StepId) -> Option<Command> {
    let kind = ItemKind::of(row.kind)?;
    if open.board.item(row)?.steps.contains(&to) {
        return None;
    }
    let from = first_step(places, &open.board, row);
    let index = open.index.cell(to, kind).len();
    Some(Command::MoveItem { item: row, from, to, index })
}

fn change(row: EntityRef, column: Column, input: Input) -> Option<Change> {
    let id = row.id;
    Some(match row.kind {
        EntityKind::Step => Change::Step { id: id.into(), set: step(column, input)? },
        EntityKind::Touchpoint => Change::Touchpoint { id: id.into(), set: touchpoint(column, input)? },
        EntityKind::Insight => Change::Insight { id: id.into(), set: insight(column, input)? },
        EntityKind::Opportunity => Change::Opportunity { id: id.into(), set: opportunity(column, input)? },
        EntityKind::Solution => Change::Solution { id: id.into(), set: solution(column, input)? },
        EntityKind::Metric => Change::Metric { id: id.into(), set: metric(column, input)? },
        _ => return None,
    })
}

fn step(column: Column, input: Input) -> Option<StepField> {
    Some(match (column, input) {
        (Column::Title, Input::Text(text)) => StepField::Title(text),
        (Column::Thought, Input::Text(text)) => StepField::Thought(text),
        (Column::Feeling, Input::Choice(at)) => StepField::Emotion(Some(pick(words::EMOTIONS, at)?)),
        (Column::Aim, Input::Number(share)) => StepField::TargetConversion(share),
        (Column::Life, Input::Choice(at)) => StepField::Lifecycle(pick(words::LIFECYCLES, at)?),
        _ => return None,
    })
}

fn touchpoint(column: Column, input: Input) -> Option<TouchpointField> {
    Some(match (column, input) {
        (Column::Channel, Input::Choice(at)) => TouchpointField::Channel(pick(words::CHANNELS, at)?),
        (Column::Side, Input::Choice(at)) => TouchpointField::Side(pick(words::SIDES, at)?),
        (Column::Address, Input::Text(text)) => TouchpointField::Url(text),
        _ => return None,
    })
}

fn insight(column: Column, input: Input) -> Option<InsightField> {
    Some(match (column, input) {
        (Column::Sort, Input::Choice(at)) => InsightField::Kind(pick(words::INSIGHT_SORTS, at)?),
        (Column::Truth, Input::Choice(at)) => InsightField::Truth(pick(words::TRUTHS, at)?),
        (Column::Severity, Input::Rating(value)) => InsightField::Severity(value),
        (Column::Segment, Input::Text(text)) => InsightField::Segment(text),
        (Column::Status, Input::Choice(at)) => InsightField::State(pick(words::INSIGHT_STATES, at)?),
        _ => return None,
    })
}

fn opportunity(column: Column, input: Input) -> Option<OpportunityField> {
    Some(match (column, input) {
        (Column::Impact, Input::Rating(value)) => OpportunityField::Impact(value),
        (Column::Effort, Input::Rating(value)) => OpportunityField::Effort(value),
        (Column::Reach, Input::Number(value)) => OpportunityField::Reach(value),
        (Column::Confidence, Input::Number(share)) => OpportunityField::Confidence(share),
        (Column::Reason, Input::Text(text)) => OpportunityField::Reason(text),
        (Column::Due, Input::Day(day)) => OpportunityField::Due(day),
        (Column::Status, Input::Choice(at)) => OpportunityField::State(pick(words::OPPORTUNITY_STATES, at)?),
        _ => return None,
    })
}

fn solution(column: Column, input: Input) -> Option<SolutionField> {
    Some(match (column, input) {
        (Column::Sort, Input::Choice(at)) => SolutionField::Kind(pick(words::SOLUTION_SORTS, at)?),
        (Column::Effort, Input::Rating(value)) => SolutionField::Effort(value),
        (Column::Moves, Input::Metric(metric)) => SolutionField::SuccessMetric(metric),
        (Column::Expected, Input::Number(value)) => SolutionField::ExpectedChange(value),
        (Column::Target, Input::Day(day)) => SolutionField::Target(day),
        (Column::Shipped, Input::Day(day)) => SolutionField::ShippedAt(day.and_then(noon)),
        _ => return None,
    })
}

fn metric(column: Column, input: Input) -> Option<MetricField> {
    Some(match (column, input) {
        (Column::Goal, Input::Number(value)) => MetricField::Target(value),
        (Column::Baseline, Input::Number(value)) => MetricField::Baseline(value),
        (Column::Formula, Input::Choice(at)) => MetricField::Formula(pick(words::METRIC_FORMULAS, at)?),
        (Column::Direction, Input::Choice(at)) => MetricField::Direction(pick(words::DIRECTIONS, at)?),
        (Column::Class, Input::Choice(at)) => MetricField::Class(pick(words::METRIC_CLASSES, at)?),
        (Column::Unit, Input::Text(text)) => MetricField::Unit(text),
        (Column::Status, Input::Choice(at)) => MetricField::State(pick(words::METRIC_STATES, at)?),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::table::fixture::fixture;

    #[test]
    fn text_is_read_as_the_editor_would_take_it() {
        let it = fixture();
        let names = Names { members: &it.members, open: &it.open, places: &it.places };
        let share = Editor::Number { scale: 0.01, unit: "%" };
        let rating = Editor::Rating { low: "", high: "" };
        let words = Editor::Choice(vec!["New", "Triaged"]);
        let maya = it.members[0].id;
        for (editor, text, expected) in [
            (&share, " 55 %", Some(Input::Number(Some(0.55)))),
            (&share, "", Some(Input::Number(None))),
            (&share, "many", None),
            (&rating, "5", Some(Input::Rating(Some(5)))),
            (&rating, "–", Some(Input::Rating(None))),
            (&rating, "6", None),
            (&words, "triaged", Some(Input::Choice(1))),
            (&words, "done", None),
            (&Editor::Day, "2026-11-18", Some(Input::Day(Some(jiff::civil::date(2026, 11, 18))))),
            (&Editor::Day, "18 Nov 2026", Some(Input::Day(Some(jiff::civil::date(2026, 11, 18))))),
            // Nobody knows which of the two is the month.
            (&Editor::Day, "11/12/2026", None),
            (&Editor::Person, "MAYA LINDQVIST", Some(Input::Person(Some(maya)))),
            (&Editor::Person, "Nobody", None),
            (&Editor::Step, " pay", Some(Input::Step(it.steps[1]))),
            (&Editor::Text { may_be_empty: false }, "  ", None),
        ] {
            assert_eq!(parse(editor, text, &names).ok(), expected, "{editor:?} of “{text}”");
        }
    }

    #[test]
    fn what_can_be_typed_can_be_kept() {
        let it = fixture();
        let rows = it
            .opportunities
            .iter()
            .chain([&it.insight])
            .copied()
            .chain(it.steps.iter().map(|it| (*it).into()));
        for row in rows {
            for column in Column::ALL {
                let input = match editor(&it.open, row, *column) {
                    None => continue,
                    Some(Editor::Text { .. }) => Input::Text("x".into()),
                    Some(Editor::Number { .. }) => Input::Number(Some(0.5)),
                    Some(Editor::Rating { .. }) => Input::Rating(Some(5)),
                    Some(Editor::Choice(words)) => Input::Choice(words.len() - 1),
                    Some(Editor::Day) => Input::Day(None),
                    Some(Editor::Person) => Input::Person(None),
                    // The one that an item stands on already changes nothing.
                    Some(Editor::Step) => continue,
                    Some(Editor::Metric) => Input::Metric(None),
                };
                let found = command(&it.open, &it.places, row, *column, input);
                assert!(found.is_some(), "{column:?} of {row}");
            }
        }
    }

    #[test]
    fn an_item_moves_from_its_first_step_and_not_to_where_it_is() {
        let it = fixture();
        let [first, second] = [it.steps[0], it.steps[1]];
        let row = it.opportunities[0];
        assert_eq!(
            move_to(&it.open, &it.places, row, second),
            Some(Command::MoveItem { item: row, from: Some(first), to: second, index: 1 })
        );
        assert_eq!(move_to(&it.open, &it.places, row, first), None);
    }
}
