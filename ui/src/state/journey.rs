//! The journey on screen: its board, and what is computed from it once per change.

use custory_domain::board::BoardIndex;
use custory_domain::filter::Filter;
use custory_domain::score::Scores;
use custory_domain::{Board, Entity, EntityRef, JourneyId, Patch, StageId, Stamp, Step, StepId, Timestamp};

use super::Numbers;
use crate::host;

/// Stage colours in the style sheet: one ordered ramp.
const STAGE_COLOURS: usize = 6;

/// A journey's board with everything that is read from it many times.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenJourney {
    /// Which one.
    pub id: JourneyId,
    /// Everything on it.
    pub board: Board,
    /// Which items and how much evidence hang on which step.
    pub index: BoardIndex,
    /// Everything that the formulas say about it.
    pub scores: Scores,
    /// The same by step and item.
    pub numbers: Numbers,
    /// Counts changes, so that whoever computes something from the board can tell whether to do it anew.
    pub revision: u64,
    /// The last change that a formula reads.
    pub counted: u64,
}

impl OpenJourney {
    /// Takes over a board.
    pub fn new(id: JourneyId, board: Board) -> Self {
        Self::as_of(id, board, host::now())
    }

    /// Takes over a board, with scores as they were at a moment.
    pub fn as_of(id: JourneyId, board: Board, at: Timestamp) -> Self {
        let index = BoardIndex::of(&board);
        let scores = Scores::of(&board, &index, at);
        let numbers = Numbers::of(&board, &scores);
        Self { id, board, index, scores, numbers, revision: 0, counted: 0 }
    }

    /// Brings the board up to date. What the formulas say follows with [`OpenJourney::rescored`], so that
    /// an edit is seen before everything that it counts towards has been computed anew; only what a person weighs
    /// is weighed at once.
    ///
    /// Answers whether anything that a formula reads has changed.
    pub fn apply(&mut self, patch: &Patch) -> bool {
        let counts = Scores::depend_on(&self.board, patch);
        let is_moved = BoardIndex::is_moved_by(&self.board, patch);
        self.board.apply(patch);
        if is_moved {
            self.index = BoardIndex::of(&self.board);
        }
        self.revision += 1;
        if counts {
            self.counted = self.revision;
            self.scores.take_weights(&self.board, patch);
        }
        counts
    }

    /// Whether the board is already as a patch says, but for when it became so.
    pub fn shows(&self, patch: &Patch) -> bool {
        shows(&self.board, patch)
    }

    /// What the formulas say of the board as it is now; `None` if that is what is known already, and still of today.
    pub fn rescored(&self) -> Option<(Scores, Numbers)> {
        let scores = Scores::of(&self.board, &self.index, host::now());
        if scores.agrees_with(&self.scores) && scores.at.date() == self.scores.at.date() {
            return None;
        }
        let numbers = Numbers::of(&self.board, &scores);
        Some((scores, numbers))
    }

    /// Takes over what the formulas say.
    pub fn take_scores(&mut self, (scores, numbers): (Scores, Numbers)) {
        (self.scores, self.numbers) = (scores, numbers);
        self.revision += 1;
    }

    /// Whether a filter leaves an item or a step in sight, at the moment as of which the scores are.
    pub fn passes(&self, filter: &Filter, item: EntityRef) -> bool {
        filter.passes(&self.board, &self.index, self.scores.at, item)
    }

    /// The journey's title.
    pub fn title(&self) -> &str {
        self.board.journey().map_or("", |it| it.title.as_str())
    }

    /// The first step, as shown, that an item is on.
    pub fn first_step_of(&self, item: EntityRef) -> Option<StepId> {
        let on = self.board.item(item)?.steps;
        self.board.steps_in_order().into_iter().map(|it| it.id).find(|it| on.contains(it))
    }

    /// Stages with their steps, as shown.
    pub fn outline(&self) -> Vec<(StageId, Vec<&Step>)> {
        let steps = self.board.steps_in_order();
        self.board
            .stages_in_order()
            .into_iter()
            .map(|stage| (stage.id, steps.iter().filter(|it| it.stage == Some(stage.id)).copied().collect()))
            .collect()
    }
}

fn shows(board: &Board, patch: &Patch) -> bool {
    let is_shown = |now: &Entity| {
        board.get(now.entity_ref()).is_some_and(|shown| timeless(shown) == timeless(now.clone()))
    };
    patch.put.iter().all(is_shown) && !patch.removed.iter().any(|it| board.contains(*it))
}

fn timeless(mut entity: Entity) -> Entity {
    let at = |stamp: Stamp| Stamp { at: Timestamp(0), ..stamp };
    let (created, updated, trashed) = (entity.created(), entity.updated(), entity.trashed());
    entity.set_created(at(created));
    entity.set_updated(at(updated));
    entity.set_trashed(trashed.map(at));
    entity
}

/// A stage's colour, as a style value. With more stages than colours neighbours share one, and the
/// ramp still runs from its first colour to its last.
pub fn stage_colour(position: usize, count: usize) -> String {
    let step = if count > STAGE_COLOURS { position * STAGE_COLOURS / count } else { position };
    format!("var(--stage-{})", step.min(STAGE_COLOURS - 1) + 1)
}

#[cfg(test)]
mod tests {
    use custory_domain::{Change, Command, MemberId, Stage, StageId, StepField, StepId, Via, carry_out};

    use super::*;

    const STEP: StepId = StepId::from_parts(1, 1);

    fn stamp(millis: i64) -> Stamp {
        Stamp { by: MemberId::from_parts(0, 1), at: Timestamp(millis), via: Via::User }
    }

    fn renamed(board: &Board, title: &str, millis: i64) -> Patch {
        let command = Command::set(Change::Step { id: STEP, set: StepField::Title(title.to_owned()) });
        Patch { put: carry_out(board, command, stamp(millis)).expect("allowed").after, removed: Vec::new() }
    }

    #[test]
    fn what_was_foreseen_is_not_drawn_twice_and_anything_else_is() {
        let mut board = Board::default();
        let stage = StageId::from_parts(0, 1);
        board.put(Stage::new(stage).into());
        board.put(Step { title: "Sign up".to_owned(), stage: Some(stage), ..Step::new(STEP) }.into());
        let foreseen = renamed(&board, "Join", 10);
        let done = renamed(&board, "Join", 25);
        let otherwise = renamed(&board, "Come in", 25);
        board.apply(&foreseen);
        assert!(shows(&board, &done), "the engine said the same, a little later");
        assert!(!shows(&board, &otherwise), "the engine said otherwise");
        assert!(!shows(&board, &Patch { put: Vec::new(), removed: vec![STEP.into()] }));
    }
}
