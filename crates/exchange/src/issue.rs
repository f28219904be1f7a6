//! An item as an issue for a tracker: what it is, where it is, why now, and what that rests on.
//!
//! Only what stands on the map: what goes to a tracker leaves this device and is read by many.

use custory_domain::score::Scores;
use custory_domain::wording::reason_sentence;
use custory_domain::*;

use crate::markdown::text::{block, line};
use crate::markdown::{measured, quote};

/// Pieces of evidence in an issue; the newest count.
const QUOTES_MAX: usize = 5;
/// Numbers in an issue.
const METRICS_MAX: usize = 5;
/// Reasons in an issue.
const REASONS_MAX: usize = 4;

/// Title and text of the issue for an insight, opportunity or solution; `None` if it is none of these or
/// not on the board. `link` leads back to it.
pub fn issue(board: &Board, entity: EntityRef, link: &str, now: Timestamp) -> Option<(String, String)> {
    let view = board.item(entity).filter(|it| it.trashed.is_none())?;
    let (opportunities, insights) = behind(board, entity)?;
    let mut parts = vec![place(board, view)];
    let why = why(board, &opportunities, now);
    if !why.is_empty() {
        parts.push(format!("## Why now\n\n{}", list(why)));
    }
    let problems = opportunities.iter().filter_map(|it| board.opportunities.get(it));
    let problems: Vec<_> = problems
        .filter(|it| entity != it.id.into())
        .map(|it| format!("Solves “{}”.", line(&it.title)))
        .collect();
    let learned = insights.iter().filter_map(|it| board.insights.get(it));
    let learned = learned.filter(|it| entity != it.id.into()).map(|it| line(&it.statement));
    let context: Vec<_> = problems.into_iter().chain(learned).collect();
    if !context.is_empty() {
        parts.push(format!("## Behind it\n\n{}", list(context)));
    }
    let notes = block(notes(board, entity), "");
    if !notes.is_empty() {
        parts.push(format!("## Notes\n\n{}", notes.trim_end()));
    }
    let claims = std::iter::once(entity)
        .chain(opportunities.iter().map(|it| EntityRef::from(*it)))
        .chain(insights.iter().map(|it| EntityRef::from(*it)));
    let quotes = quotes(board, claims);
    if !quotes.is_empty() {
        parts.push(format!("## What it rests on\n\n{}", quotes.trim_end()));
    }
    let numbers = numbers(board, view, entity);
    if !numbers.is_empty() {
        parts.push(format!("## Numbers\n\n{}", list(numbers)));
    }
    parts.push(format!("---\n\nFrom the journey map in Custory: {link}"));
    Some((view.title.trim().to_owned(), parts.join("\n\n")))
}

/// The opportunities and insights that an item answers to, itself included.
fn behind(board: &Board, entity: EntityRef) -> Option<(Vec<OpportunityId>, Vec<InsightId>)> {
    let opportunities: Vec<OpportunityId> = match entity.kind {
        EntityKind::Solution => {
            board.solutions.get(&entity.id.into())?.opportunities.iter().copied().collect()
        }
        EntityKind::Opportunity => vec![entity.id.into()],
        EntityKind::Insight => return Some((Vec::new(), vec![entity.id.into()])),
        _ => return None,
    };
    let shown = |it: &OpportunityId| board.opportunities.get(it).is_some_and(|it| it.trashed.is_none());
    let opportunities: Vec<_> = opportunities.into_iter().filter(shown).collect();
    let mut insights: Vec<InsightId> = opportunities
        .iter()
        .filter_map(|it| board.opportunities.get(it))
        .flat_map(|it| it.insights.iter().copied())
        .filter(|it| board.insights.get(it).is_some_and(|it| it.trashed.is_none()))
        .collect();
    insights.sort_unstable();
    insights.dedup();
    Some((opportunities, insights))
}

fn place(board: &Board, view: board::ItemView<'_>) -> String {
    let journey = board.journey().map_or("", |it| it.title.as_str());
    let step = |it: &Step| {
        let stage = it.stage.and_then(|it| board.stages.get(&it)).map_or("", |it| it.title.as_str());
        format!("“{}” ({})", line(&it.title), line(stage))
    };
    let steps: Vec<_> =
        board.steps_in_order().into_iter().filter(|it| view.steps.contains(&it.id)).map(step).collect();
    format!("**{}** on {} of the journey “{}”.", view.kind.spec().name, steps.join(", "), line(journey))
}

fn why(board: &Board, opportunities: &[OpportunityId], now: Timestamp) -> Vec<String> {
    if opportunities.is_empty() {
        return Vec::new();
    }
    let scores = Scores::of(board, &board::BoardIndex::of(board), now);
    let reasons = opportunities.iter().filter_map(|it| scores.opportunities.get(it));
    let reasons = reasons.flat_map(|it| &it.reasons);
    let mut said: Vec<_> = reasons.map(|it| line(&reason_sentence(board, it))).collect();
    said.dedup();
    said.truncate(REASONS_MAX);
    said
}

fn notes(board: &Board, entity: EntityRef) -> &str {
    match entity.kind {
        EntityKind::Insight => board.insights.get(&entity.id.into()).map_or("", |it| &it.notes),
        EntityKind::Opportunity => board.opportunities.get(&entity.id.into()).map_or("", |it| &it.notes),
        EntityKind::Solution => board.solutions.get(&entity.id.into()).map_or("", |it| &it.notes),
        _ => "",
    }
}

/// Words that support any of the claims, each once. What nobody found in its source is left out.
fn quotes(board: &Board, claims: impl Iterator<Item = EntityRef>) -> String {
    let mut found: Vec<&Evidence> = claims
        .flat_map(|it| board.evidence_for(it))
        .filter(|(it, stance)| *stance == Stance::Supports && it.is_verified)
        .map(|(it, _)| it)
        .collect();
    found.sort_by_key(|it| (std::cmp::Reverse(it.captured_at), it.id));
    found.dedup_by_key(|it| it.id);
    let mut out = String::new();
    for it in found.into_iter().take(QUOTES_MAX) {
        let day = it.captured_at.map_or_else(String::new, |at| at.date().to_string());
        let mut from = vec![line(&it.author), line(&it.source), day];
        from.retain(|it| !it.is_empty());
        quote(&mut out, "", &it.excerpt, &from.join(", "));
    }
    out
}

/// The metric that a solution should move, and those on its steps.
fn numbers(board: &Board, view: board::ItemView<'_>, entity: EntityRef) -> Vec<String> {
    let aimed = board.solutions.get(&entity.id.into()).and_then(|it| it.success_metric);
    let shown = |it: &&Metric| {
        let is_near = aimed == Some(it.id) || it.steps.iter().any(|step| view.steps.contains(step));
        is_near && it.trashed.is_none() && it.state != MetricState::Retired
    };
    let mut metrics: Vec<_> = board.metrics.values().filter(shown).collect();
    metrics.sort_by_key(|it| (aimed != Some(it.id), it.id));
    let said = |it: &Metric| {
        let (day, point) = it.latest()?;
        let cases = point.n.map_or_else(String::new, |n| format!(", n = {n}"));
        let target =
            it.target.map_or_else(String::new, |target| format!("; target {}", measured(it, target)));
        Some(format!("{}: {} from {day} on{cases}{target}", line(&it.name), measured(it, point.value)))
    };
    metrics.into_iter().filter_map(said).take(METRICS_MAX).collect()
}

fn list(lines: impl IntoIterator<Item = String>) -> String {
    lines.into_iter().map(|it| format!("- {it}")).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issue_says_where_why_and_what_it_rests_on_and_nothing_that_is_not_on_the_map() {
        let (stage, step) = (StageId::from_parts(1, 1), StepId::from_parts(1, 2));
        let (insight, opportunity) = (InsightId::from_parts(1, 3), OpportunityId::from_parts(1, 4));
        let mut board = Board::default();
        let on = [step].into();
        let evidence = |number, words: &str, is_verified| Evidence {
            excerpt: words.to_owned(),
            author: "Customer 7".to_owned(),
            source: "intercom".to_owned(),
            captured_at: Some(Timestamp(1_763_000_000_000)),
            is_verified,
            claims: [(insight.into(), Stance::Supports)].into(),
            ..Evidence::new(EvidenceId::from_parts(1, number))
        };
        let point = MetricPoint { value: 0.25, n: Some(400), ..MetricPoint::default() };
        for entity in [
            Entity::from(Journey {
                title: "Get a crew aboard".to_owned(),
                ..Journey::new(JourneyId::from_parts(1, 0))
            }),
            Stage { title: "Set up".to_owned(), ..Stage::new(stage) }.into(),
            Step { title: "Invite crew".to_owned(), stage: Some(stage), ..Step::new(step) }.into(),
            Insight {
                statement: "Invitations land in spam".to_owned(),
                severity: Some(5),
                steps: Clone::clone(&on),
                ..Insight::new(insight)
            }
            .into(),
            Opportunity {
                title: "Crew invitations get lost".to_owned(),
                notes: "Since *June*.".to_owned(),
                steps: Clone::clone(&on),
                insights: [insight].into(),
                ..Opportunity::new(opportunity)
            }
            .into(),
            evidence(5, "Nobody got my invite", true).into(),
            evidence(6, "An unchecked rumour", false).into(),
            Metric {
                name: "Crew joined".to_owned(),
                formula: MetricFormula::Rate,
                target: Some(0.4),
                steps: on,
                points: [(jiff::civil::date(2026, 11, 16), point)].into(),
                ..Metric::new(MetricId::from_parts(1, 7))
            }
            .into(),
        ] {
            board.put(entity);
        }
        let (title, body) =
            issue(&board, opportunity.into(), "custory://x", Timestamp(1_764_000_000_000)).unwrap();
        assert_eq!(title, "Crew invitations get lost");
        for expected in [
            "**Opportunity** on “Invite crew” (Set up) of the journey “Get a crew aboard”.",
            "## Why now\n\n- ",
            "“Invitations land in spam” is severe, 5 of 5.",
            "Since \\*June\\*.",
            "> Nobody got my invite\n>\n> — Customer 7, intercom, 2025-11-13",
            "- Crew joined: 25% from 2026-11-16 on, n = 400; target 40%",
            "custory://x",
        ] {
            assert!(body.contains(expected), "{expected} in\n{body}");
        }
        assert!(!body.contains("rumour"), "{body}");
        assert_eq!(issue(&board, step.into(), "x", Timestamp(0)), None);
    }
}
