//! TheyDo's files for items, metrics and responses, by their
//! [published schemas](https://github.com/theydo/theydo-s3-integrations/tree/main/schemas). None of them says where in
//! a journey something belongs, so everything hangs on one step, to be placed from there.

use std::collections::{BTreeMap, BTreeSet};

use custory_domain::*;
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::Value;
use ulid::Ulid;

use super::build::{Builder, clip};
use super::columns::{add_note, kind_of};
use crate::import::{ImportError, Imported};

/// How the name of every format of theirs begins.
const PREFIX: &str = "THEYDO_";

/// Whether a text in JSON says that it is one of them.
pub(super) fn is_one(text: &str) -> bool {
    #[derive(Deserialize)]
    struct Head {
        format: String,
    }
    serde_json::from_str::<Head>(text).is_ok_and(|it| it.format.starts_with(PREFIX))
}

/// Reads one.
pub(super) fn read(text: &str, mint: &mut dyn FnMut() -> Ulid) -> Result<Imported, ImportError> {
    let file: TheydoFile = serde_json::from_str(text).map_err(|error| ImportError::NotJson {
        line: error.line(),
        column: error.column(),
        reason: error.to_string(),
    })?;
    let title = match &file {
        TheydoFile::Survey { about, .. } => about.name.clone(),
        TheydoFile::Feedback { about, .. } => about.name.clone(),
        _ => "Imported from TheyDo".to_owned(),
    };
    let mut builder = Builder::new(&title, mint);
    let step = builder.no_step();
    match file {
        TheydoFile::Insights { insights } => items(&mut builder, step, ItemKind::Insight, insights),
        TheydoFile::Opportunities { opportunities } => {
            items(&mut builder, step, ItemKind::Opportunity, opportunities);
        }
        TheydoFile::Solutions { solutions } => items(&mut builder, step, ItemKind::Solution, solutions),
        TheydoFile::Metrics { metrics } => metrics.into_iter().for_each(|it| metric(&mut builder, step, &it)),
        TheydoFile::Survey { about, responses } => answers(&mut builder, step, &about, &responses),
        TheydoFile::Feedback { about, responses } => answers(&mut builder, step, &about, &responses),
    }
    builder.finish()
}

#[derive(Deserialize)]
#[serde(tag = "format")]
enum TheydoFile {
    #[serde(rename = "THEYDO_INSIGHTS_V1")]
    Insights { insights: Vec<Item> },
    #[serde(rename = "THEYDO_OPPORTUNITIES_V1")]
    Opportunities { opportunities: Vec<Item> },
    #[serde(rename = "THEYDO_SOLUTIONS_V1")]
    Solutions { solutions: Vec<Item> },
    #[serde(rename = "THEYDO_METRICS_V1")]
    Metrics { metrics: Vec<Measured> },
    #[serde(rename = "THEYDO_SURVEY_RESPONSES_V1")]
    Survey {
        #[serde(rename = "surveyMetadata")]
        about: Questions,
        responses: Vec<Response>,
    },
    #[serde(rename = "THEYDO_FEEDBACK_RESPONSES_V1")]
    Feedback {
        #[serde(rename = "feedbackMetadata")]
        about: Questions,
        responses: Vec<Response>,
    },
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Item {
    title: String,
    description: Option<String>,
    external_links: Option<Vec<String>>,
    #[serde(rename = "type")]
    sort: Option<String>,
    status: Option<String>,
    tags: Option<Vec<String>>,
    groups: Option<Vec<String>>,
    group_tags: Option<Vec<GroupTag>>,
    priority: Option<String>,
    /// Whatever else there is: named in the losses.
    #[serde(flatten)]
    rest: BTreeMap<String, Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct GroupTag {
    tag_group: String,
    tag: String,
}

/// What is counted and said about a loss: of which field, and how often.
type Rest = BTreeMap<String, usize>;

fn items(builder: &mut Builder<'_>, step: StepId, kind: ItemKind, found: Vec<Item>) {
    let mut rest = Rest::new();
    for it in found {
        let id = builder.item(step, kind, &it.title, it.description.as_deref().unwrap_or_default());
        let mut notes = Vec::new();
        let sort = it.sort.as_deref().unwrap_or_default();
        let is_sort_known = set_sort(builder, id, sort);
        let status = it.status.as_deref().unwrap_or_default();
        let is_status_known = set_state(builder, id, status);
        for (name, value, is_said) in [("Type", sort, is_sort_known), ("Status", status, is_status_known)] {
            if !value.is_empty() && !is_said {
                notes.push(format!("{name}: {value}"));
            }
        }
        if let Some(priority) = &it.priority {
            notes.push(format!("Priority: {}", priority.to_lowercase()));
        }
        let group_tags = it.group_tags.unwrap_or_default();
        let group_tags = group_tags.into_iter().map(|it| format!("{}: {}", it.tag_group, it.tag));
        let tags: Vec<String> = it.tags.unwrap_or_default().into_iter().chain(group_tags).collect();
        for (name, values) in [("Tags", tags), ("Groups", it.groups.unwrap_or_default())] {
            if !values.is_empty() {
                notes.push(format!("{name}: {}", values.join(", ")));
            }
        }
        notes.extend(it.external_links.unwrap_or_default());
        builder.change_item(id, |item| notes.iter().for_each(|it| add_note(item, it)));
        count(&mut rest, &it.rest);
    }
    tell(builder, rest);
}

/// Counts fields that say something and have no place.
fn count(rest: &mut Rest, fields: &BTreeMap<String, Value>) {
    for (name, value) in fields {
        if !value.is_null() && name != "importKey" {
            *rest.entry(name.clone()).or_default() += 1;
        }
    }
}

fn tell(builder: &mut Builder<'_>, rest: Rest) {
    for (name, times) in rest {
        let times = if times == 1 { "once".to_owned() } else { format!("{times} times") };
        builder.lose(format!("“{}” was left out, {times}: a journey has no place for it.", clip(&name, 40)));
    }
}

/// Notes of which sort an item is; answers whether the word is one of ours.
fn set_sort(builder: &mut Builder<'_>, id: EntityRef, word: &str) -> bool {
    let mut is_known = false;
    builder.change_item(id, |item| {
        is_known = match item {
            Entity::Insight(it) => match kind_of(word) {
                Some((ItemKind::Insight, Some(sort))) => {
                    it.sort = sort;
                    true
                }
                _ => false,
            },
            Entity::Solution(it) => named(word).map(|sort| it.sort = sort).is_some(),
            _ => false,
        };
    });
    is_known
}

/// Notes where the work on an item stands; answers whether the word is one of ours.
fn set_state(builder: &mut Builder<'_>, id: EntityRef, word: &str) -> bool {
    // What their delivery tools call it, in our words.
    let word = match word.trim().to_lowercase().replace([' ', '-'], "_").as_str() {
        "completed" | "done" | "released" | "live" => "shipped".to_owned(),
        "in_development" | "doing" | "active" => "in_progress".to_owned(),
        "draft" | "backlog" => "idea".to_owned(),
        other => other.to_owned(),
    };
    let mut is_known = false;
    builder.change_item(id, |item| {
        is_known = match item {
            Entity::Insight(it) => named(&word).map(|state| it.state = state).is_some(),
            Entity::Opportunity(it) => named(&word).map(|state| it.state = state).is_some(),
            Entity::Solution(it) => named(&word).map(|state| it.state = state).is_some(),
            _ => false,
        };
    });
    is_known
}

/// A word of a vocabulary of ours.
fn named<T: serde::de::DeserializeOwned>(word: &str) -> Option<T> {
    serde_json::from_value(Value::String(word.trim().to_lowercase().replace([' ', '-'], "_"))).ok()
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Measured {
    #[serde(rename = "type")]
    sort: String,
    title: String,
    description: Option<String>,
    unit: String,
    target: Option<f64>,
    target_comparison_operator: Option<String>,
    data_points: Vec<Point>,
    #[serde(flatten)]
    rest: BTreeMap<String, Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Point {
    date_of_measurement: String,
    #[serde(default)]
    dimensions: Vec<Dimension>,
    score: Option<f64>,
    respondents: Option<u64>,
    value: Option<f64>,
    numerator: Option<f64>,
    denominator: Option<f64>,
    detractors: Option<u64>,
    passives: Option<u64>,
    promoters: Option<u64>,
    very_unsatisfied: Option<u64>,
    unsatisfied: Option<u64>,
    neutral: Option<u64>,
    satisfied: Option<u64>,
    very_satisfied: Option<u64>,
}

#[derive(Deserialize)]
struct Dimension {
    key: String,
    value: String,
}

/// A metric: one of ours for each set of dimensions, since a day has one value here.
fn metric(builder: &mut Builder<'_>, step: StepId, from: &Measured) {
    let mut parts: BTreeMap<String, BTreeMap<Date, MetricPoint>> = BTreeMap::new();
    let mut damaged = 0;
    for point in &from.data_points {
        let dimensions: Vec<_> =
            point.dimensions.iter().map(|it| format!("{} {}", it.key, it.value)).collect();
        let day = point.date_of_measurement.get(..10).and_then(|it| it.parse::<Date>().ok());
        match (day, point.value_of(&from.sort)) {
            (Some(day), Some(value)) => {
                parts.entry(dimensions.join(", ")).or_default().insert(day, value);
            }
            _ => damaged += 1,
        }
    }
    if damaged > 0 {
        let title = clip(&from.title, 60);
        builder.lose(format!("{damaged} values of “{title}” have no day or no number and were left out."));
    }
    if parts.is_empty() {
        parts.insert(String::new(), BTreeMap::new());
    }
    for (dimensions, points) in parts {
        let title = if dimensions.is_empty() {
            from.title.clone()
        } else {
            format!("{} · {dimensions}", from.title)
        };
        let id =
            builder.item(step, ItemKind::Metric, &title, from.description.as_deref().unwrap_or_default());
        builder.change_item(id, |item| {
            let Entity::Metric(it) = item else { return };
            it.formula = match from.sort.as_str() {
                "NPS" | "CSAT" | "CES" => MetricFormula::Score,
                "RATIO" => MetricFormula::Rate,
                _ => MetricFormula::Count,
            };
            // Shares are from 0 to 1 here, and their target stands in percent there.
            let is_rate = it.formula == MetricFormula::Rate;
            it.unit = if is_rate { "%".to_owned() } else { clip(&from.unit, 20) };
            it.target = from.target.map(|target| if is_rate { target / 100.0 } else { target });
            if from.target_comparison_operator.as_deref() == Some("LESS_THAN_OR_EQUAL_TO") {
                it.direction = Direction::Down;
            }
            it.state = MetricState::Active;
            it.points = points;
        });
    }
    let mut rest = Rest::new();
    count(&mut rest, &from.rest);
    tell(builder, rest);
}

impl Point {
    /// The value of a day, by the formula of its kind of metric; `None` where something is missing.
    fn value_of(&self, sort: &str) -> Option<MetricPoint> {
        let share = |part: u64, all: u64| part as f64 / all as f64;
        match sort {
            "NPS" => {
                let (low, high) = (self.detractors?, self.promoters?);
                let all = low + self.passives? + high;
                let value = (all > 0).then(|| 100.0 * (share(high, all) - share(low, all)))?;
                Some(MetricPoint { value, n: Some(all), ..MetricPoint::default() })
            }
            "CSAT" => {
                let good = self.satisfied? + self.very_satisfied?;
                let all = good + self.neutral? + self.unsatisfied? + self.very_unsatisfied?;
                let value = (all > 0).then(|| 100.0 * share(good, all))?;
                Some(MetricPoint { value, n: Some(all), ..MetricPoint::default() })
            }
            "CES" => Some(MetricPoint { value: self.score?, n: self.respondents, ..MetricPoint::default() }),
            "RATIO" => {
                let (part, all) = (self.numerator?, self.denominator?);
                (all > 0.0).then(|| MetricPoint {
                    value: part / all,
                    n: (all >= 0.0).then_some(all as u64),
                    numerator: Some(part),
                    denominator: Some(all),
                })
            }
            _ => Some(MetricPoint { value: self.value?, ..MetricPoint::default() }),
        }
    }
}

#[derive(Deserialize)]
struct Questions {
    #[serde(alias = "surveyName", alias = "feedbackName")]
    name: String,
    #[serde(alias = "surveyFields", alias = "feedbackFields")]
    fields: Vec<Question>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Question {
    field_id: String,
    field_name: String,
    #[serde(default)]
    field_type: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Response {
    response_date_time: String,
    response_fields: Vec<Answer>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    field_id: String,
    text_value: String,
}

/// Responses: what people wrote is evidence, on the step until somebody says what it speaks for.
fn answers(builder: &mut Builder<'_>, step: StepId, about: &Questions, responses: &[Response]) {
    let texts: BTreeSet<&str> = about
        .fields
        .iter()
        .filter(|it| it.field_type.is_empty() || it.field_type == "TEXT")
        .map(|it| it.field_id.as_str())
        .collect();
    for response in responses {
        let said_at = response.response_date_time.parse::<jiff::Timestamp>().ok();
        let said_at = said_at.map(|it| Timestamp(it.as_millisecond()));
        for answer in &response.response_fields {
            if texts.contains(answer.field_id.as_str()) && !answer.text_value.trim().is_empty() {
                builder.quote(step.into(), &answer.text_value, &about.name, said_at);
            }
        }
    }
    for field in about.fields.iter().filter(|it| !texts.contains(it.field_id.as_str())) {
        let filled =
            responses.iter().flat_map(|it| &it.response_fields).filter(|it| it.field_id == field.field_id);
        match filled.count() {
            0 => {}
            count => {
                builder.lose(format!("“{}” was left out: {count} answers.", clip(&field.field_name, 60)))
            }
        }
    }
}
