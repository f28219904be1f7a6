//! An issue's opening, phrased by a local model out of what stands on the map. Nothing is sent here: what comes of
//! it is shown like every issue before somebody sends it.

use custory_assistant::Stop;
use custory_assistant::answering::{Wanted, summarize};
use custory_assistant::tools::Desk;
use custory_domain::{Board, EntityKind, EntityRef, JourneyId, Stance};
use custory_ipc::{ErrorCode, Failure, IssueText, Reply};

use crate::apart::Later;
use crate::failure::Fault;
use crate::inbox::Core;

/// Verified quotes that the model is shown.
const QUOTES_MAX: usize = 6;

impl Core {
    /// The issue of an item with an opening.
    pub(crate) fn phrase_issue(&mut self, journey: JourneyId, entity: EntityRef) -> Result<Later, Fault> {
        let model = self.model(None)?;
        let issue = self.issue_text(journey, entity)?;
        let board = self.board(journey.ulid())?;
        let (lines, now) = (about(&board, entity), self.clock.now());
        Ok(Box::new(move || {
            Box::pin(async move {
                let desk = Desk::of(board, now);
                let answer = summarize(&model, &desk, Wanted::Issue, &lines, &Stop::default()).await;
                let answer = answer.map_err(|it| Fault::from(it).0)?;
                let sentences: Vec<&str> = answer.claims.iter().map(|it| it.text.as_str()).collect();
                if sentences.is_empty() {
                    let message = "The model said nothing that the map bears out. The issue stays as it is.";
                    return Err(Failure::new(ErrorCode::Model, message));
                }
                let body = format!("{}\n\n{}", sentences.join(" "), issue.body);
                Ok(Reply::IssuePreview { issue: IssueText { body, ..issue } })
            })
        }))
    }
}

/// What is known about an item: itself, its steps, what is behind it, verified words.
fn about(board: &Board, entity: EntityRef) -> Vec<(EntityRef, String)> {
    let mut claims = vec![entity];
    if entity.kind == EntityKind::Solution
        && let Some(solution) = board.solutions.get(&entity.id.into())
    {
        claims.extend(solution.opportunities.iter().map(|it| EntityRef::from(*it)));
    }
    let opportunities = claims.clone();
    for id in opportunities.iter().filter(|it| it.kind == EntityKind::Opportunity) {
        if let Some(opportunity) = board.opportunities.get(&id.id.into()) {
            claims.extend(opportunity.insights.iter().map(|it| EntityRef::from(*it)));
        }
    }
    let steps = board.item(entity).map(|it| it.steps.clone()).unwrap_or_default();
    let places = board.steps_in_order().into_iter().filter(|it| steps.contains(&it.id));
    let mut lines: Vec<(EntityRef, String)> =
        places.map(|it| (it.id.into(), format!("step: {}", it.title))).collect();
    let is_there = |it: &EntityRef| board.get(*it).is_some_and(|it| it.trashed().is_none());
    for claim in claims.iter().filter(|it| is_there(it)) {
        let title = board.get(*claim).map(|it| it.title().to_owned()).unwrap_or_default();
        lines.push((*claim, format!("{}: {title}", claim.kind.word())));
    }
    let quotes = claims.iter().flat_map(|it| board.evidence_for(*it));
    let quotes = quotes.filter(|(it, stance)| it.is_verified && *stance == Stance::Supports);
    lines.extend(
        quotes.take(QUOTES_MAX).map(|(it, _)| (it.id.into(), format!("a customer: “{}”", it.excerpt))),
    );
    lines
}
