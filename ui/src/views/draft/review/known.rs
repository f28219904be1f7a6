//! What a second reading finds that is on the map already.
//!
//! Pure: it compares the draft with the journey's board by the same rules by which acceptance
//! would leave a thing out, so that nobody decides about what would not change anything.

use custory_domain::draft::{Citation, Draft, DraftItem, DraftItemKind, DraftReview, DraftStep};
use custory_domain::{Board, EntityRef, Evidence, ItemKind, StepId};

use super::decisions::OnMap;

/// Elements of the draft that the board has already, each with everything it cites.
pub fn on_map(review: &DraftReview, board: &Board) -> OnMap {
    let mut found = OnMap::new();
    for step in review.draft.steps() {
        let Some(known) = review.known.get(&step.key) else { continue };
        if has_step(&review.draft, step, board, *known) {
            found.insert(step.key.clone());
        }
        let items = step.items.iter().filter(|it| has_item(it, board, *known));
        found.extend(items.map(|it| it.key.clone()));
    }
    found
}

fn has_step(draft: &Draft, step: &DraftStep, board: &Board, known: StepId) -> bool {
    let Some(on_board) = board.steps.get(&known) else { return false };
    step.events.is_subset(&on_board.events)
        && step.paths.is_subset(&on_board.paths)
        && step.cites.iter().all(|it| has_evidence(draft, it, board, known.into()))
}

fn has_evidence(draft: &Draft, cite: &Citation, board: &Board, claim: EntityRef) -> bool {
    let Some(source) = draft.sources.get(cite.source) else { return true };
    let excerpt: String = cite.quote.chars().take(Evidence::EXCERPT_CHARS_MAX).collect();
    board
        .evidence
        .values()
        .any(|it| it.locator == source.locator && it.excerpt == excerpt && it.claims.contains_key(&claim))
}

fn has_item(item: &DraftItem, board: &Board, step: StepId) -> bool {
    let kind = match item.what {
        DraftItemKind::Touchpoint { .. } => ItemKind::Touchpoint,
        DraftItemKind::Insight { .. } => ItemKind::Insight,
    };
    board.items(kind).iter().any(|it| it.steps.contains(&step) && it.title.eq_ignore_ascii_case(&item.title))
}
