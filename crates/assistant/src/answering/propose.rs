//! What a model wants changed, as commands that a person may accept. Pure.
//!
//! Closed on purpose: texts of what is there, and new items. Nothing is ever deleted, moved, linked
//! away or sent by a proposal. Each change is carried out on a copy of the board to see that the rules
//! allow it, and waits as a value.

use custory_domain::{
    Change, Command, Entity, EntityKind, EntityRef, Insight, InsightField, InsightSort, Opportunity,
    OpportunityField, Solution, SolutionField, StageField, StepField, StepId, Touchpoint, TouchpointField,
    carry_out,
};
use custory_ipc::{Answer, Proposed, WantedChange, WantedKind as Kind};

use super::Maker;
use super::check::cited;
use crate::fence::plain;
use crate::tools::{Desk, Names};
use crate::words::numbers;

/// Adds the changes that are possible to an answer.
pub(super) fn changes(
    desk: &Desk,
    names: &Names,
    told: &[WantedChange],
    maker: &mut Maker<'_>,
    answer: &mut Answer,
) {
    for change in told {
        match possible(desk, names, change, maker) {
            Ok(change) if answer.proposal.iter().any(|it| is_same(it, &change)) => {
                answer.dropped.push("A change was proposed more than once.".to_owned());
            }
            Ok(change) => answer.proposal.push(change),
            Err(reason) => answer.dropped.push(reason),
        }
    }
}

/// Whether two changes are for one text, or add the same: small models repeat themselves.
fn is_same(known: &Proposed, new: &Proposed) -> bool {
    match (&known.command, &new.command) {
        (Command::Set { change: a }, Command::Set { change: b }) => {
            a.entity_ref() == b.entity_ref() && a.field_name() == b.field_name()
        }
        (Command::Add { entity: a, .. }, Command::Add { entity: b, .. }) => {
            a.entity_ref().kind == b.entity_ref().kind && known.after.eq_ignore_ascii_case(&new.after)
        }
        _ => false,
    }
}

fn possible(
    desk: &Desk,
    names: &Names,
    told: &WantedChange,
    maker: &mut Maker<'_>,
) -> Result<Proposed, String> {
    let cites = cited(desk, names, &told.cites).ok_or("A change named nothing that it rests on.")?;
    let target =
        names.find(&told.target).filter(|it| desk.board.get(*it).is_some_and(|it| it.trashed().is_none()));
    let target = target.ok_or("A change was for something that is not in the journey.")?;
    let text = names.spelled_out(&plain(&told.text), |it| desk.title(it));
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let shown: String = cites
        .iter()
        .map(|it| it.entity)
        .chain([target])
        .map(|it| names.shown_of(it))
        .collect::<Vec<_>>()
        .join("\n");
    if !numbers(&text).is_subset(&numbers(&shown)) {
        return Err("A change had a number that is not in what it named.".to_owned());
    }
    let (before, command) = match told.kind {
        Kind::Rename => renamed(desk, target, text.clone())?,
        Kind::Describe => described(desk, target, text.clone())?,
        _ => {
            let rests_on = cites.iter().map(|it| it.entity).chain([target]).collect();
            (String::new(), added(desk, target, told.kind, text.clone(), rests_on, maker)?)
        }
    };
    if before == text {
        return Err("A change would have changed nothing.".to_owned());
    }
    let carried = carry_out(&desk.board, command.clone(), maker.stamp).map_err(|error| error.to_string())?;
    let place = if before.is_empty() { format!(" at “{}”", desk.title(target)) } else { String::new() };
    let why = names.spelled_out(&plain(&told.why), |it| desk.title(it));
    let label = format!("{}{place}", carried.label);
    Ok(Proposed { label, before, after: text, why, cites, command })
}

/// Sets a title, and gives the one that it is now.
fn renamed(desk: &Desk, target: EntityRef, text: String) -> Result<(String, Command), String> {
    let before = desk.board.get(target).map(|it| it.title().to_owned()).unwrap_or_default();
    let change = match target.kind {
        EntityKind::Stage => Change::Stage { id: target.id.into(), set: StageField::Title(text) },
        EntityKind::Step => Change::Step { id: target.id.into(), set: StepField::Title(text) },
        EntityKind::Touchpoint => {
            Change::Touchpoint { id: target.id.into(), set: TouchpointField::Title(text) }
        }
        EntityKind::Insight => Change::Insight { id: target.id.into(), set: InsightField::Statement(text) },
        EntityKind::Opportunity => {
            Change::Opportunity { id: target.id.into(), set: OpportunityField::Title(text) }
        }
        EntityKind::Solution => Change::Solution { id: target.id.into(), set: SolutionField::Title(text) },
        other => return Err(format!("A {} is not renamed by a proposal.", other.word())),
    };
    Ok((before, Command::set(change)))
}

/// Sets what describes something, and gives what it is now.
fn described(desk: &Desk, target: EntityRef, text: String) -> Result<(String, Command), String> {
    let before = desk.board.get(target).map(|it| description(&it)).unwrap_or_default();
    let change = match target.kind {
        EntityKind::Stage => Change::Stage { id: target.id.into(), set: StageField::Goal(text) },
        EntityKind::Step => Change::Step { id: target.id.into(), set: StepField::Action(text) },
        EntityKind::Touchpoint => {
            Change::Touchpoint { id: target.id.into(), set: TouchpointField::Notes(text) }
        }
        EntityKind::Insight => Change::Insight { id: target.id.into(), set: InsightField::Notes(text) },
        EntityKind::Opportunity => {
            Change::Opportunity { id: target.id.into(), set: OpportunityField::Notes(text) }
        }
        EntityKind::Solution => Change::Solution { id: target.id.into(), set: SolutionField::Notes(text) },
        other => return Err(format!("A {} is not described by a proposal.", other.word())),
    };
    Ok((before, Command::set(change)))
}

/// The text that [`described`] would replace.
fn description(entity: &Entity) -> String {
    match entity {
        Entity::Stage(it) => it.goal.clone(),
        Entity::Step(it) => it.action.clone(),
        Entity::Touchpoint(it) => it.notes.clone(),
        Entity::Insight(it) => it.notes.clone(),
        Entity::Opportunity(it) => it.notes.clone(),
        Entity::Solution(it) => it.notes.clone(),
        _ => String::new(),
    }
}

/// Adds an item to the step that is meant: the target itself, or the steps that the target is on. An opportunity
/// is linked to all insights that it rests on, a solution to all opportunities.
fn added(
    desk: &Desk,
    target: EntityRef,
    kind: Kind,
    text: String,
    rests_on: Vec<EntityRef>,
    maker: &mut Maker<'_>,
) -> Result<Command, String> {
    let steps: std::collections::BTreeSet<StepId> = match target.kind {
        EntityKind::Step => [target.id.into()].into(),
        _ => desk.board.item(target).map(|it| it.steps.clone()).unwrap_or_default(),
    };
    if steps.is_empty() {
        return Err("A new item needs a step to be on.".to_owned());
    }
    let id = (maker.mint)();
    let linked = |kind| rests_on.iter().filter(move |it| it.kind == kind).map(|it| it.id);
    let insight = |sort: InsightSort, statement: String, steps| Insight {
        statement,
        sort,
        steps,
        ..Insight::new(id.into())
    };
    Ok(match kind {
        Kind::AddPain => Command::add(insight(InsightSort::Pain, text, steps)),
        Kind::AddNeed => Command::add(insight(InsightSort::Need, text, steps)),
        Kind::AddGain => Command::add(insight(InsightSort::Gain, text, steps)),
        Kind::AddQuestion => Command::add(insight(InsightSort::Question, text, steps)),
        Kind::AddTouchpoint => Command::add(Touchpoint { title: text, steps, ..Touchpoint::new(id.into()) }),
        Kind::AddOpportunity => {
            let insights = linked(EntityKind::Insight).map(Into::into).collect();
            Command::add(Opportunity { title: text, steps, insights, ..Opportunity::new(id.into()) })
        }
        Kind::AddSolution => {
            let opportunities = linked(EntityKind::Opportunity).map(Into::into).collect();
            Command::add(Solution { title: text, steps, opportunities, ..Solution::new(id.into()) })
        }
        Kind::Rename | Kind::Describe => return Err("A new item has a kind.".to_owned()),
    })
}

/// Whether a command is one that proposals may hold, whoever made it.
pub fn is_allowed(command: &Command) -> bool {
    match command {
        Command::Add { entity, index: None } => matches!(
            **entity,
            Entity::Insight(_) | Entity::Opportunity(_) | Entity::Solution(_) | Entity::Touchpoint(_)
        ),
        Command::Set { change } => matches!(
            change,
            Change::Stage { set: StageField::Title(_) | StageField::Goal(_), .. }
                | Change::Step { set: StepField::Title(_) | StepField::Action(_), .. }
                | Change::Touchpoint { set: TouchpointField::Title(_) | TouchpointField::Notes(_), .. }
                | Change::Insight { set: InsightField::Statement(_) | InsightField::Notes(_), .. }
                | Change::Opportunity { set: OpportunityField::Title(_) | OpportunityField::Notes(_), .. }
                | Change::Solution { set: SolutionField::Title(_) | SolutionField::Notes(_), .. }
        ),
        _ => false,
    }
}

/// Whether what a change would replace is still what it was when it was proposed.
pub fn is_current(board: &custory_domain::Board, proposed: &Proposed) -> bool {
    let Command::Set { change } = &proposed.command else { return true };
    let Some(entity) = board.get(change.entity_ref()) else { return false };
    let now = match change.field_name() {
        "title" | "statement" => entity.title().to_owned(),
        _ => description(&entity),
    };
    now == proposed.before
}

/// Puts a person's words in place of those that were proposed; `None` where that leaves nothing.
pub fn reword(proposed: &mut Proposed, text: &str) -> Option<()> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.is_empty() {
        return None;
    }
    let told = text.clone();
    match &mut proposed.command {
        Command::Add { entity, .. } => match &mut **entity {
            Entity::Insight(it) => it.statement = told,
            Entity::Opportunity(it) => it.title = told,
            Entity::Solution(it) => it.title = told,
            Entity::Touchpoint(it) => it.title = told,
            _ => return None,
        },
        Command::Set {
            change:
                Change::Stage { set: StageField::Title(it) | StageField::Goal(it), .. }
                | Change::Step { set: StepField::Title(it) | StepField::Action(it), .. }
                | Change::Touchpoint { set: TouchpointField::Title(it) | TouchpointField::Notes(it), .. }
                | Change::Insight { set: InsightField::Statement(it) | InsightField::Notes(it), .. }
                | Change::Opportunity { set: OpportunityField::Title(it) | OpportunityField::Notes(it), .. }
                | Change::Solution { set: SolutionField::Title(it) | SolutionField::Notes(it), .. },
        } => *it = told,
        _ => return None,
    }
    proposed.after = text;
    Some(())
}
