//! What a review leaves: which one is open, which was the last, and the commands that write them.

use super::Agenda;
use crate::board::Board;
use crate::command::{Change, Command};
use crate::entity::{Review, ReviewAgenda, ReviewField};
use crate::id::ReviewId;
use crate::time::Timestamp;

/// The review that was finished last, up to now.
pub fn last_review(board: &Board, now: Timestamp) -> Option<&Review> {
    let kept = board.reviews.values().filter(|it| it.trashed.is_none());
    let finished = kept.filter_map(|it| Some((it.finished?.at, it)));
    finished.filter(|(at, _)| *at <= now).max_by_key(|(at, it)| (*at, it.id)).map(|(_, it)| it)
}

/// The review that is open. Where two people began one each before they heard of the other, it is the one that was
/// begun first; the other stays, and can be read.
pub fn open_review(board: &Board) -> Option<&Review> {
    let open = board.reviews.values().filter(|it| it.trashed.is_none() && it.finished.is_none());
    open.min_by_key(|it| (it.created.at, it.id))
}

/// Writes into the open review, and begins one under a fresh identifier where none is.
pub fn write_review(board: &Board, fresh: ReviewId, set: ReviewField) -> Command {
    if let Some(open) = open_review(board) {
        return Command::set(Change::Review { id: open.id, set });
    }
    let mut review = Review::new(fresh);
    review.set(set);
    Command::Batch { label: "Begin a review".to_owned(), commands: vec![Command::add(review)] }
}

impl Agenda {
    /// Finishes the open review with these lists; where nothing was written, one under a fresh identifier.
    pub fn finish(&self, board: &Board, fresh: ReviewId) -> Command {
        let open = open_review(board).map(|it| it.id);
        let add = open.is_none().then(|| Command::add(Review::new(fresh)));
        let lists = self.lists(Review::LINES_MAX);
        let finish = Command::FinishReview {
            review: open.unwrap_or(fresh),
            since: self.period.since,
            agenda: ReviewAgenda { lists },
        };
        let commands = add.into_iter().chain([finish]).collect();
        Command::Batch { label: "Finish the review".to_owned(), commands }
    }
}
