//! Items on a step with what they rest on, and what was said about them.

use custory_domain::*;

use super::beside::Beside;
use super::people::name;
use super::text::{address, block, line};
use super::{quote, word};

/// Adds an item as an entry of a list, its evidence and comments inside.
pub(super) fn item(out: &mut String, beside: &Beside<'_>, id: EntityRef) {
    let board = beside.board;
    let (Some(view), Some(entity)) = (board.item(id), board.get(id)) else { return };
    let mut facts = facts(board, &entity);
    if let Some(owner) = name(beside.workspace, view.owner) {
        facts.push(format!("owner {owner}"));
    }
    let facts = if facts.is_empty() { String::new() } else { format!(": {}", facts.join(", ")) };
    out.push_str(&format!("- **{}**{facts}\n\n", line(view.title)));
    let notes = block(notes(&entity), "  ");
    if !notes.is_empty() {
        out.push_str(&format!("{notes}\n"));
    }
    beside.issues(id).iter().for_each(|it| issue(out, it));
    for verdict in beside.verdicts(id).iter().filter(|it| !it.summary.is_empty()) {
        let interim = if verdict.is_interim { " (still being measured)" } else { "" };
        out.push_str(&format!("  {}{interim}\n\n", line(&verdict.summary)));
    }
    beside.evidence(id).iter().for_each(|(found, stance)| evidence(out, "  ", found, *stance));
    thread(out, beside, id);
}

/// Adds a piece of evidence: its words, who said them, and where they are found.
pub(super) fn evidence(out: &mut String, indent: &str, it: &Evidence, stance: Stance) {
    let mut from = Vec::new();
    if stance == Stance::Contradicts {
        from.push("against this".to_owned());
    }
    let place = match (it.locator.is_empty(), it.anchor.is_empty()) {
        (false, false) => format!("{}, {}", address(&it.locator), line(&it.anchor)),
        (false, true) => address(&it.locator),
        (true, _) => line(&it.anchor),
    };
    let day = it.captured_at.map(|at| at.date().to_string());
    let checked = if it.is_verified { "" } else { "not checked" };
    from.extend([line(&it.author), line(&it.source), day.unwrap_or_default(), place, checked.to_owned()]);
    from.retain(|it| !it.is_empty());
    quote(out, indent, &it.excerpt, &from.join(", "));
}

/// Adds the comments on an entity, oldest first.
pub(super) fn thread(out: &mut String, beside: &Beside<'_>, about: EntityRef) {
    let indent = if ItemKind::of(about.kind).is_some() { "  " } else { "" };
    for comment in beside.comments(about) {
        let who = name(beside.workspace, Some(comment.said_by())).unwrap_or_else(|| "Somebody".to_owned());
        let settled = if comment.is_resolved { ", settled" } else { "" };
        let head = format!("{indent}{who}, {}{settled}:", comment.said_at().date());
        out.push_str(&format!("{head}\n\n{}\n", block(&comment.body, indent)));
    }
}

fn issue(out: &mut String, link: &DeliveryLink) {
    let at = if link.url.is_empty() { String::new() } else { format!(", {}", address(&link.url)) };
    let (provider, issue) = (line(&link.provider), line(&link.external_id));
    out.push_str(&format!("  {issue} in {provider}: {}{at}\n\n", word(link.status)));
}

/// What is worth saying about an item beside its title.
fn facts(board: &Board, entity: &Entity) -> Vec<String> {
    let scale = |name: &str, value: Option<u8>| value.map(|it| format!("{name} {it} of 5"));
    let facts = match entity {
        Entity::Touchpoint(it) => vec![Some(word(it.channel)), some(address(&it.url))],
        Entity::Insight(it) => vec![
            Some(word(it.sort)),
            Some(word(it.truth)),
            Some(word(it.state)),
            scale("severity", it.severity),
            some(line(&it.segment)),
        ],
        Entity::Opportunity(it) => vec![
            Some(word(it.state)),
            scale("impact", it.impact),
            scale("effort", it.effort),
            it.due.map(|it| format!("due {it}")),
        ],
        Entity::Solution(it) => vec![
            Some(word(it.sort)),
            // The date says it already.
            some(word(it.state)).filter(|_| it.state != SolutionState::Shipped || it.shipped_at.is_none()),
            it.shipped_at.map(|it| format!("shipped {}", it.date())),
            it.target.map(|it| format!("planned for {it}")),
            it.success_metric
                .and_then(|it| board.metrics.get(&it))
                .map(|it| format!("to move “{}”", line(&it.name))),
        ],
        Entity::Metric(it) => vec![
            it.latest().map(|(_, point)| measured(it, point.value)),
            it.target.map(|value| format!("target {}", measured(it, value))),
        ],
        _ => Vec::new(),
    };
    facts.into_iter().flatten().collect()
}

fn some(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

fn notes(entity: &Entity) -> &str {
    match entity {
        Entity::Touchpoint(it) => &it.notes,
        Entity::Insight(it) => &it.notes,
        Entity::Opportunity(it) => &it.notes,
        Entity::Solution(it) => &it.notes,
        Entity::Metric(it) => &it.notes,
        _ => "",
    }
}

/// A value with its unit, as people read it.
pub(crate) fn measured(metric: &Metric, value: f64) -> String {
    const PERCENT: f64 = 100.0;
    match metric.formula {
        MetricFormula::Rate => format!("{}%", round(value * PERCENT)),
        MetricFormula::Duration if value.abs() >= 60.0 => {
            let secs = value.round();
            format!("{} m {} s", (secs / 60.0).trunc(), secs % 60.0)
        }
        MetricFormula::Count
        | MetricFormula::Mean
        | MetricFormula::Duration
        | MetricFormula::Money
        | MetricFormula::Score => format!("{} {}", round(value), line(&metric.unit)).trim_end().to_owned(),
    }
}

/// At most one decimal place.
fn round(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}
