//! The review's part of the store: what there is to talk about, what of it is shown, and what is written down.
//!
//! The lists come from the engine, which knows the history; notes and decisions are on the board, so that teammates
//! write into the same review.

use std::collections::BTreeSet;

use custory_domain::agenda::{Changed, last_review, write_review};
use custory_domain::{Agenda, Board, EntityKind, EntityRef, MemberId, ReviewField, ReviewId, Via};
use custory_ipc::{Reply, Request, Run as AutomationRun};
use dioxus::core::spawn_forever;
use dioxus::prelude::*;

use super::{Run, Store, Toast, ToastAction};
use crate::{dom, host};

/// Milliseconds without a change before the lists are asked for anew.
const QUIET_MILLIS: i32 = 150;

/// A list of the review.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum List {
    /// What was changed.
    Changed,
    /// Steps to look at again.
    Stale,
    /// New evidence.
    Evidence,
    /// What to fix first.
    First,
    /// What nobody owns.
    Unowned,
    /// Verdicts.
    Verdicts,
}

/// A line that the keyboard can be on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Row {
    /// In which list.
    pub list: List,
    /// What it is about.
    pub about: EntityRef,
}

/// Whose changes are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// A person's, by hand or through something.
    Person(MemberId),
    /// Those that came about through something, whoever answers for them.
    Through(Via),
}

impl Who {
    fn made(self, it: &Changed) -> bool {
        it.makers.iter().any(|maker| match self {
            Self::Person(person) => maker.by == Some(person),
            Self::Through(via) => maker.via == via,
        })
    }
}

/// The review on screen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Review {
    /// Its lists, once they are there.
    pub agenda: Option<Agenda>,
    /// The line that the keyboard is on.
    pub at: Option<Row>,
    /// Only changes of things of this kind.
    pub kind: Option<EntityKind>,
    /// Only changes of theirs.
    pub who: Option<Who>,
    /// Long lists of which everything is shown.
    pub whole: BTreeSet<String>,
    /// The earlier review that is read.
    pub earlier: Option<ReviewId>,
    /// It is being finished.
    is_finishing: bool,
    /// Counts what made the lists old, so that of many changes in a row the last one asks.
    moved: u32,
}

impl Review {
    /// The changes that pass the filter.
    pub fn changes(&self) -> Vec<&Changed> {
        let all = self.agenda.iter().flat_map(|it| &it.changed);
        let passes = |it: &&Changed| {
            self.kind.is_none_or(|kind| it.about.kind == kind) && self.who.is_none_or(|who| who.made(it))
        };
        all.filter(passes).collect()
    }
}

impl Store {
    /// Opens the review of the journey on screen.
    pub fn open_review(mut self) {
        self.leave_history();
        self.panel.set(None);
        self.assistant.write().is_open = false;
        if self.review.peek().is_none() {
            self.review.set(Some(Review::default()));
        }
        self.fetch_agenda();
    }

    /// Opens the review, or goes back to the journey.
    pub fn toggle_review(self) {
        if self.review.peek().is_some() {
            self.leave_review();
        } else {
            self.open_review();
        }
    }

    /// From an earlier review back to the one that is open, from there to the journey.
    pub fn step_out_of_review(self) {
        if self.review.peek().as_ref().is_some_and(|it| it.earlier.is_some()) {
            self.read_review(None);
            return;
        }
        self.leave_review();
    }

    /// Reads an earlier review, or goes back to the one that is open.
    pub fn read_review(mut self, earlier: Option<ReviewId>) {
        if let Some(review) = self.review.write().as_mut() {
            review.earlier = earlier;
        }
        dom::focus_soon(crate::views::review::REVIEW_ID);
    }

    /// Back to the journey.
    pub fn leave_review(mut self) {
        if self.review.peek().is_some() {
            self.review.set(None);
        }
    }

    /// Asks for the lists.
    pub fn fetch_agenda(self) {
        let Some(journey) = self.journey_on_screen() else { return };
        let mut store = self;
        spawn_forever(async move {
            let Some(Reply::Agenda { agenda }) = self.ask(Request::Agenda { journey }).await else { return };
            if self.journey_on_screen() == Some(journey)
                && let Some(review) = store.review.write().as_mut()
            {
                review.agenda = Some(*agenda);
            }
        });
    }

    /// Something was changed: the lists are asked for anew once nothing more is for a moment.
    pub(super) fn agenda_moved(mut self) {
        let moved = match self.review.write().as_mut() {
            Some(review) => {
                review.moved += 1;
                review.moved
            }
            None => return,
        };
        spawn_forever(async move {
            dom::sleep(QUIET_MILLIS).await;
            if self.review.peek().as_ref().is_some_and(|it| it.moved == moved) {
                self.fetch_agenda();
            }
        });
    }

    /// Writes into the open review; where none is, one begins.
    pub fn write_review(self, set: ReviewField) {
        let fresh = host::fresh(ReviewId::from_parts);
        let command = self.open.peek().as_ref().map(|it| write_review(&it.board, fresh, set));
        if let Some(command) = command {
            self.send(command);
        }
    }

    /// Finishes the review with its lists as they are now.
    pub fn finish_review(mut self) {
        let Some(journey) = self.journey_on_screen() else { return };
        let is_busy =
            self.review.write().as_mut().is_none_or(|it| std::mem::replace(&mut it.is_finishing, true));
        if is_busy {
            return;
        }
        spawn_forever(async move {
            if let Some(Reply::Agenda { agenda }) = self.ask(Request::Agenda { journey }).await {
                let fresh = host::fresh(ReviewId::from_parts);
                let command = self.open.peek().as_ref().map(|it| agenda.finish(&it.board, fresh));
                if let Some(command) = command
                    && self.dispatch(command).await
                {
                    let undo = ToastAction {
                        label: "Undo".to_owned(),
                        keys: vec!["mod", "Z"],
                        run: Run::new(move || self.undo_last()),
                    };
                    let said = "Review finished. The next one looks at what changes from now on.";
                    self.toast(Toast::plain("check", said.to_owned()).with(undo));
                }
            }
            if let Some(review) = self.review.write().as_mut() {
                review.is_finishing = false;
            }
        });
    }

    /// Whether the weekly review of the journey on screen was written, and nobody has finished one since.
    pub fn review_waits(self) -> bool {
        let open = self.open.read();
        let Some(open) = open.as_ref() else { return false };
        let automations = self.automations.read();
        automations.newest_review().is_some_and(|run| {
            let is_of_this = run.reviews.iter().any(|it| it.journey == open.id);
            is_of_this && finished_at(&open.board).is_none_or(|at| at < run.at)
        })
    }

    /// Says that a review was written by itself, and leads there.
    pub(super) fn tell_review(self, run: &AutomationRun) {
        let Some(review) = run.reviews.first() else { return };
        let (journey, title) = (review.journey, review.title.clone());
        let open = ToastAction {
            label: "Open".to_owned(),
            keys: Vec::new(),
            run: Run::new(move || {
                self.go(crate::app::Screen::Journey(journey));
                self.open_review();
            }),
        };
        self.toast(Toast::plain("doc", format!("The weekly review of {title} is written.")).with(open));
    }
}

fn finished_at(board: &Board) -> Option<custory_domain::Timestamp> {
    last_review(board, host::now())?.finished.map(|it| it.at)
}
