//! Items on a step with what they rest on, and what was said about them.

use custory_domain::wording::metric_value;
use custory_domain::*;

use super::beside::Beside;
use super::people::name;
use super::quote;
use super::text::{address, block, line};
use crate::facts::{facts, notes, word};

/// Adds an item as an entry of a list, its evidence and comments inside.
pub(super) fn item(out: &mut String, beside: &Beside<'_>, id: EntityRef) {
    let board = beside.board;
    let (Some(view), Some(entity)) = (board.item(id), board.get(id)) else { return };
    let mut facts: Vec<String> = facts(board, &entity).iter().map(|it| line(it)).collect();
    if let Entity::Touchpoint(it) = &entity
        && !it.url.is_empty()
    {
        facts.push(address(&it.url));
    }
    if let Some(owner) = name(beside.workspace, view.owner) {
        facts.push(format!("owner {owner}"));
    }
    let facts = if facts.is_empty() { String::new() } else { format!(": {}", facts.join(", ")) };
    out.push_str(&format!("- **{}**{facts}\n\n", line(view.title)));
    if let Entity::Touchpoint(it) = &entity
        && let Some(at) = Some(&it.picture).filter(|it| !it.is_empty()).and_then(|it| (beside.picture)(it))
    {
        out.push_str(&format!("  ![{}](<{at}>)\n\n", line(view.title)));
    }
    let notes = block(notes(&entity), "  ");
    if !notes.is_empty() {
        out.push_str(&format!("{notes}\n"));
    }
    beside.issues(id).iter().for_each(|it| issue(out, it));
    for verdict in beside.verdicts(id).iter().filter(|it| !it.summary.is_empty()) {
        let interim = if verdict.is_interim { " (still being measured)" } else { "" };
        out.push_str(&format!("  {}{interim}\n\n", line(&verdict.summary)));
    }
    decisions(out, beside, id);
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

/// Adds what was decided about an entity, oldest first: what, why, what it was based on, and what was not chosen.
pub(super) fn decisions(out: &mut String, beside: &Beside<'_>, about: EntityRef) {
    let indent = if ItemKind::of(about.kind).is_some() { "  " } else { "" };
    for it in beside.decisions(about) {
        let who = name(beside.workspace, Some(it.decided_by())).unwrap_or_else(|| "Somebody".to_owned());
        let what = line(&it.what);
        out.push_str(&format!("{indent}Decided by {who}, {}: **{what}**\n\n", it.decided_at().date()));
        let why = block(&it.why, indent);
        if !why.is_empty() {
            out.push_str(&format!("{why}\n"));
        }
        let title = |id: &EntityRef| beside.board.get(*id).map(|it| format!("“{}”", line(it.title())));
        let reasons: Vec<String> = it.based_on.iter().filter_map(title).collect();
        if !reasons.is_empty() {
            out.push_str(&format!("{indent}Based on {}\n\n", reasons.join(", ")));
        }
        let rejected: Vec<String> = it.rejected.lines().map(line).filter(|it| !it.is_empty()).collect();
        if !rejected.is_empty() {
            out.push_str(&format!("{indent}Not chosen: {}\n\n", rejected.join("; ")));
        }
    }
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

/// A value with its unit, as people read it.
pub(crate) fn measured(metric: &Metric, value: f64) -> String {
    line(&metric_value(metric, value))
}
