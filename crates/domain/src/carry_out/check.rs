//! What must be true of an entity, whoever changes it.

use std::collections::BTreeSet;

use super::staged::{Staged, placed_on};
use crate::command::CommandError;
use crate::entity::*;
use crate::filter;
use crate::id::{EntityRef, StepId};
use crate::order::Order;

/// How much of everything there can be. Far above what a team needs, low enough that a hostile or
/// mistaken import cannot make a journey that no machine opens.
pub mod limits {
    use crate::entity::{EntityKind, SharedView};

    /// Stages in a journey.
    pub const STAGES_MAX: usize = 60;
    /// Steps in a journey.
    pub const STEPS_MAX: usize = 500;
    /// Items of one kind in a journey.
    pub const ITEMS_MAX: usize = 20_000;
    /// Pieces of evidence in a journey.
    pub const EVIDENCE_MAX: usize = 100_000;
    /// Comments in a journey.
    pub const COMMENTS_MAX: usize = 100_000;
    /// Decisions in a journey.
    pub const DECISIONS_MAX: usize = 20_000;
    /// Commands in one batch.
    pub const BATCH_COMMANDS_MAX: usize = 200_000;
    /// Days for which a metric has values: ten years.
    pub const POINTS_MAX: usize = 3_660;
    /// Characters of a long text.
    pub const LONG_TEXT_CHARS_MAX: usize = 20_000;
    /// Characters of a comment.
    pub const COMMENT_CHARS_MAX: usize = 10_000;
    /// Characters of an address or path.
    pub const ADDRESS_CHARS_MAX: usize = 2_000;
    /// Characters of a hash: SHA-256, hexadecimal.
    pub const HASH_CHARS: usize = 64;
    /// Characters of a short text that has no limit of its own.
    pub const SHORT_TEXT_CHARS_MAX: usize = 1_000;
    /// Elements of a set such as the steps of an item.
    pub const SET_MAX: usize = 1_000;

    /// How many entities of a kind a document can hold; `None` where nothing grows by hand.
    pub const fn of(kind: EntityKind) -> Option<usize> {
        match kind {
            EntityKind::Stage => Some(STAGES_MAX),
            EntityKind::Step => Some(STEPS_MAX),
            EntityKind::Touchpoint
            | EntityKind::Insight
            | EntityKind::Opportunity
            | EntityKind::Solution
            | EntityKind::Metric => Some(ITEMS_MAX),
            EntityKind::Evidence => Some(EVIDENCE_MAX),
            EntityKind::Comment => Some(COMMENTS_MAX),
            EntityKind::Decision => Some(DECISIONS_MAX),
            EntityKind::SharedView => Some(SharedView::VIEWS_MAX),
            EntityKind::Workspace
            | EntityKind::Member
            | EntityKind::Persona
            | EntityKind::Journey
            | EntityKind::DeliveryLink
            | EntityKind::Verdict
            | EntityKind::Review => None,
        }
    }
}

/// Checks that `entity` may be as it is.
pub(super) fn check(staged: &Staged<'_>, entity: &Entity) -> Result<(), CommandError> {
    let rule = Rule { kind: entity.entity_ref().kind };
    match entity {
        Entity::Workspace(it) => rule.name("name", &it.name, 80),
        Entity::Member(it) => rule.name("name", &it.name, 80),
        Entity::Persona(it) => {
            rule.name("name", &it.name, 80)?;
            let texts =
                [&it.description, &it.goals, &it.frustrations, &it.job_when, &it.job_want, &it.job_so];
            texts.into_iter().try_for_each(|text| rule.short("description", text))
        }
        Entity::Journey(it) => {
            rule.name("title", &it.title, 120)?;
            rule.short("scenario", &it.scenario)?;
            rule.short("expectation", &it.expectation)?;
            rule.short("start", &it.scope_from)?;
            rule.short("end", &it.scope_to)?;
            rule.many("lanes", it.lanes.len(), Journey::LANES_MAX)?;
            lane_ids(it.lanes.keys())?;
            it.lanes
                .values()
                .try_for_each(|name| rule.name("lane’s name", name, Journey::LANE_NAME_CHARS_MAX))?;
            rule.many("named versions", it.versions.len(), Journey::VERSIONS_MAX)?;
            let mut names = it.versions.values();
            names.try_for_each(|name| rule.name("version’s name", name, Journey::VERSION_NAME_CHARS_MAX))
        }
        Entity::Stage(it) => {
            rule.name("title", &it.title, 80)?;
            rule.short("goal", &it.goal)?;
            rule.order(&it.order)
        }
        Entity::Step(it) => check_step(staged, rule, it),
        Entity::Touchpoint(it) => {
            rule.name("title", &it.title, 120)?;
            rule.text("address", &it.url, limits::ADDRESS_CHARS_MAX)?;
            rule.text("picture", &it.picture, limits::HASH_CHARS)?;
            rule.text("notes", &it.notes, limits::LONG_TEXT_CHARS_MAX)?;
            rule.item(staged, entity)
        }
        Entity::Insight(it) => {
            rule.name("statement", &it.statement, 240)?;
            rule.scale("severity", it.severity.map(f64::from), 1.0, 5.0)?;
            rule.short("segment", &it.segment)?;
            rule.text("notes", &it.notes, limits::LONG_TEXT_CHARS_MAX)?;
            rule.item(staged, entity)
        }
        Entity::Opportunity(it) => check_opportunity(staged, rule, it, entity),
        Entity::Solution(it) => {
            rule.name("title", &it.title, 240)?;
            rule.scale("effort", it.effort.map(f64::from), 1.0, 5.0)?;
            rule.text("notes", &it.notes, limits::LONG_TEXT_CHARS_MAX)?;
            rule.item(staged, entity)
        }
        Entity::Metric(it) => {
            rule.name("name", &it.name, 120)?;
            rule.text("notes", &it.notes, limits::LONG_TEXT_CHARS_MAX)?;
            rule.many("values", it.points.len(), limits::POINTS_MAX)?;
            if it.points.values().any(|point| !point.value.is_finite()) {
                return Err(CommandError::Unfit { reason: "A value must be a number.".to_owned() });
            }
            it.source.as_ref().map_or(Ok(()), |source| check_source(rule, source))?;
            rule.item(staged, entity)
        }
        Entity::Evidence(it) => {
            rule.name("quote", &it.excerpt, Evidence::EXCERPT_CHARS_MAX)?;
            rule.text("source", &it.locator, limits::ADDRESS_CHARS_MAX)?;
            rule.short("author", &it.author)?;
            rule.scale("sentiment", it.sentiment, -1.0, 1.0)?;
            rule.many("claims", it.claims.len(), limits::SET_MAX)
        }
        Entity::DeliveryLink(it) => {
            rule.name("issue", &it.external_id, 200)?;
            rule.text("address", &it.url, limits::ADDRESS_CHARS_MAX)
        }
        Entity::Verdict(it) => rule.many("confounders", it.confounders.len(), limits::SET_MAX),
        Entity::Comment(it) => {
            rule.name("text", &it.body, limits::COMMENT_CHARS_MAX)?;
            it.about.map_or(Ok(()), |about| staged.get(about).map(|_| ()))
        }
        Entity::Review(it) => check_review(rule, it),
        Entity::Decision(it) => check_decision(staged, rule, it),
        Entity::SharedView(it) => {
            rule.name("name", &it.name, SharedView::NAME_CHARS_MAX)?;
            rule.short("lens", &it.lens)?;
            rule.text("table", &it.table, limits::LONG_TEXT_CHARS_MAX)?;
            rule.short("picture", &it.picture)?;
            rule.many("conditions", it.filter.tests(), filter::TESTS_MAX)
        }
    }
}

fn check_review(rule: Rule, it: &Review) -> Result<(), CommandError> {
    rule.text("notes", &it.notes, limits::LONG_TEXT_CHARS_MAX)?;
    rule.many("decisions", it.decisions.len(), Review::DECISIONS_MAX)?;
    let is_plain =
        |key: &String| (1..=26).contains(&key.len()) && key.chars().all(|it| it.is_ascii_alphanumeric());
    if !it.decisions.keys().all(is_plain) {
        let reason = "A decision’s identifier is made of letters and digits.".to_owned();
        return Err(CommandError::Unfit { reason });
    }
    it.decisions.values().try_for_each(|text| rule.name("decision", text, limits::SHORT_TEXT_CHARS_MAX))?;
    let lists = it.agenda.iter().flat_map(|it| &it.lists);
    rule.many("lists", lists.clone().count(), Review::LISTS_MAX)?;
    lists.clone().try_for_each(|list| rule.many("lines", list.lines.len(), Review::LINES_MAX))?;
    lists.flat_map(|it| &it.lines).try_for_each(|(_, says)| rule.short("line", says))
}

/// Identifiers of lanes are plain: they become names of fields.
fn lane_ids<'a>(mut ids: impl Iterator<Item = &'a String>) -> Result<(), CommandError> {
    let is_plain =
        |it: &String| (1..=26).contains(&it.len()) && it.bytes().all(|it| it.is_ascii_alphanumeric());
    if ids.all(is_plain) {
        return Ok(());
    }
    let reason = "A lane’s identifier is made of letters and digits.".to_owned();
    Err(CommandError::Unfit { reason })
}

fn check_decision(staged: &Staged<'_>, rule: Rule, it: &Decision) -> Result<(), CommandError> {
    rule.name("text", &it.what, Decision::WHAT_CHARS_MAX)?;
    rule.text("reason", &it.why, limits::LONG_TEXT_CHARS_MAX)?;
    rule.short("options not chosen", &it.rejected)?;
    rule.many("reasons", it.based_on.len(), Decision::BASED_ON_MAX)?;
    match it.about {
        Some(about) if !Decision::can_be_about(about.kind) => {
            let reason = "A decision is about an item, a step, a stage or the journey.".to_owned();
            Err(CommandError::Unfit { reason })
        }
        Some(about) => staged.get(about).map(|_| ()),
        None => Ok(()),
    }
}

fn check_step(staged: &Staged<'_>, rule: Rule, step: &Step) -> Result<(), CommandError> {
    rule.name("title", &step.title, 120)?;
    rule.text("action", &step.action, limits::LONG_TEXT_CHARS_MAX)?;
    rule.short("thought", &step.thought)?;
    rule.scale("emotion", step.emotion.map(f64::from), -2.0, 2.0)?;
    rule.scale("target conversion", step.target_conversion, 0.0, 1.0)?;
    rule.many("events", step.events.len(), limits::SET_MAX)?;
    rule.many("paths", step.paths.len(), limits::SET_MAX)?;
    rule.order(&step.order)?;
    rule.many("branches", step.branches.len(), Step::BRANCHES_MAX)?;
    for branch in step.branches.values() {
        rule.text("branch’s label", &branch.label, Branch::LABEL_CHARS_MAX)?;
        rule.scale("branch’s share", branch.share, 0.0, 1.0)?;
    }
    rule.many("lanes", step.cells.len(), Journey::LANES_MAX + BLUEPRINT.len())?;
    lane_ids(step.cells.keys())?;
    step.cells.values().try_for_each(|text| rule.name("text", text, limits::SHORT_TEXT_CHARS_MAX))?;
    if step.branches.contains_key(&step.id) {
        return Err(CommandError::Unfit { reason: "A step cannot branch to itself.".to_owned() });
    }
    match step.stage {
        Some(stage) => staged.get(stage.into()).map(|_| ()),
        None => Err(CommandError::Unfit { reason: "A step belongs to a stage.".to_owned() }),
    }
}

fn check_source(rule: Rule, source: &MetricSource) -> Result<(), CommandError> {
    let events = source.counted.events();
    rule.many("events", events.len(), Counted::EVENTS_MAX)?;
    rule.name("source", &source.provider, 80)?;
    rule.short("project", &source.project)?;
    for event in &events {
        rule.name("event", event, 400)?;
    }
    let is_funnel = matches!(source.counted, Counted::Funnel { .. });
    if is_funnel && events.len() < 2 {
        let reason = "A funnel goes through at least two events.".to_owned();
        return Err(CommandError::Unfit { reason });
    }
    Ok(())
}

fn check_opportunity(
    staged: &Staged<'_>,
    rule: Rule,
    it: &Opportunity,
    entity: &Entity,
) -> Result<(), CommandError> {
    rule.name("title", &it.title, 240)?;
    rule.text("notes", &it.notes, limits::LONG_TEXT_CHARS_MAX)?;
    rule.short("reason", &it.reason)?;
    rule.scale("reach", it.reach, 0.0, 1e12)?;
    rule.scale("impact", it.impact.map(f64::from), 1.0, 5.0)?;
    rule.scale("effort", it.effort.map(f64::from), 1.0, 5.0)?;
    rule.scale("confidence", it.confidence, 0.0, 1.0)?;
    if it.parent == Some(it.id) {
        let reason = "An opportunity cannot be a part of itself.".to_owned();
        return Err(CommandError::Unfit { reason });
    }
    rule.item(staged, entity)
}

/// The rules of one kind of entity, for messages that name it.
#[derive(Clone, Copy)]
struct Rule {
    kind: EntityKind,
}

impl Rule {
    fn name(self, field: &str, text: &str, chars_max: usize) -> Result<(), CommandError> {
        if text.trim().is_empty() {
            return Err(CommandError::Empty { kind: self.kind, field: field.to_owned() });
        }
        self.text(field, text, chars_max)
    }

    fn short(self, field: &str, text: &str) -> Result<(), CommandError> {
        self.text(field, text, limits::SHORT_TEXT_CHARS_MAX)
    }

    fn text(self, field: &str, text: &str, max: usize) -> Result<(), CommandError> {
        // Bytes are at least characters: only a text that could be too long is counted.
        let is = if text.len() > max { text.chars().count() } else { 0 };
        if is <= max {
            return Ok(());
        }
        Err(CommandError::TooLong { kind: self.kind, field: field.to_owned(), max, is })
    }

    fn scale(self, field: &str, value: Option<f64>, min: f64, max: f64) -> Result<(), CommandError> {
        match value {
            Some(is) if !(min..=max).contains(&is) => {
                Err(CommandError::OffScale { kind: self.kind, field: field.to_owned(), min, max, is })
            }
            _ => Ok(()),
        }
    }

    fn many(self, things: &str, count: usize, max: usize) -> Result<(), CommandError> {
        if count <= max { Ok(()) } else { Err(CommandError::TooMany { things: things.to_owned(), max }) }
    }

    fn order(self, order: &Order) -> Result<(), CommandError> {
        if !order.is_placed() || order.is_valid() {
            return Ok(());
        }
        Err(CommandError::Unfit { reason: format!("The position of this {} is damaged.", self.kind.word()) })
    }

    /// An item is on at least one step, and every step it is on is there.
    fn item(self, staged: &Staged<'_>, entity: &Entity) -> Result<(), CommandError> {
        let Some((steps, order)) = placed_on(entity) else { return Ok(()) };
        if steps.is_empty() {
            let reason = format!("Choose at least one step for the {}.", self.kind.word());
            return Err(CommandError::Unfit { reason });
        }
        self.many("steps", steps.len(), limits::SET_MAX)?;
        self.order(order)?;
        missing_step(staged, steps).map_or(Ok(()), |entity| Err(CommandError::Missing { entity }))
    }
}

fn missing_step(staged: &Staged<'_>, steps: &BTreeSet<StepId>) -> Option<EntityRef> {
    steps.iter().map(|it| EntityRef::from(*it)).find(|it| !staged.contains(*it))
}
