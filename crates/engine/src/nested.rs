//! Journeys that belong together: one that shows a step of another in detail, and one that shows another as it should
//! be. Which may, and where each is shown.
//!
//! One of the two says so, in its own document: the step, and the to-be. Nothing is written down on the other side. Two
//! people can make a circle of it at once, so whoever walks from journey to journey notes where they have been.

use std::collections::BTreeSet;

use custory_domain::{Change, Command, CommandError, JourneyField, JourneyId, StepField};
use custory_ipc::{Reply, ShownIn};
use custory_store::DocumentKind;
use ulid::Ulid;

use crate::failure::{Fault, not_found};
use crate::inbox::Core;

impl Core {
    /// The steps of other journeys that a journey shows in detail.
    pub(crate) fn shown_in(&self, journey: JourneyId) -> Result<Vec<ShownIn>, Fault> {
        let found = self.store.steps_detailed_by(journey)?;
        let titles = self.store.summaries()?;
        let shown = found.into_iter().filter_map(|(parent, step, step_title)| {
            let title = titles.iter().find(|it| it.id == parent)?.title.clone();
            Some(ShownIn { journey: parent, title, step, step_title })
        });
        Ok(shown.collect())
    }

    /// The journey that another one shows as it should be, under the ids of that one.
    pub(crate) fn as_is(&self, journey: JourneyId) -> Result<Reply, Fault> {
        let to_be = self.board(journey.ulid())?;
        let as_is = to_be.journey().and_then(|it| it.to_be_of);
        let Some(as_is) = as_is else {
            return Err(not_found("This journey does not say what it shows as it should be."));
        };
        let here = self.store.documents(DocumentKind::Journey)?;
        if !here.contains(&as_is.ulid()) {
            return Err(not_found("The journey as it is is not on this device."));
        }
        let aligned = custory_exchange::aligned(&self.board(as_is.ulid())?, &to_be);
        // Whoever compares the two sees what others do to it.
        self.load_soon(as_is);
        Ok(Reply::AsIs { board: aligned.board, own: aligned.own })
    }

    /// Refuses to tie a journey to one that is not here, and to close a circle: to nest one in which this one is nested
    /// itself, or to show as it should be what shows this one so.
    pub(crate) fn may_tie(&self, journey: Ulid, command: &Command) -> Result<(), Fault> {
        let (mut wanted, mut as_is) = (Vec::new(), Vec::new());
        tied(command, &mut wanted, &mut as_is);
        if wanted.is_empty() && as_is.is_empty() {
            return Ok(());
        }
        let here: BTreeSet<Ulid> = self.store.documents(DocumentKind::Journey)?.into_iter().collect();
        let refuse = |reason: &str| Err(CommandError::Unfit { reason: reason.to_owned() }.into());
        if wanted.iter().chain(&as_is).any(|it| !here.contains(&it.ulid())) {
            return refuse("This journey is not on this device.");
        }
        let mut seen = BTreeSet::new();
        while let Some(next) = as_is.pop() {
            if next.ulid() == journey {
                return refuse("A journey cannot be the to-be of itself.");
            }
            if seen.insert(next) && here.contains(&next.ulid()) {
                as_is.extend(self.board(next.ulid())?.journey().and_then(|it| it.to_be_of));
            }
        }
        let mut seen = BTreeSet::new();
        while let Some(next) = wanted.pop() {
            if next.ulid() == journey {
                return refuse("A step cannot be shown in detail by the journey that it is part of.");
            }
            if seen.insert(next) && here.contains(&next.ulid()) {
                let board = self.board(next.ulid())?;
                let steps = board.steps.values().filter(|it| it.trashed.is_none());
                wanted.extend(steps.filter_map(|it| it.detail));
            }
        }
        Ok(())
    }
}

/// The journeys that a command makes the detail of a step, and those of which it makes a journey the to-be.
fn tied(command: &Command, details: &mut Vec<JourneyId>, as_is: &mut Vec<JourneyId>) {
    match command {
        Command::Set { change: Change::Step { set: StepField::Detail(Some(journey)), .. } } => {
            details.push(*journey);
        }
        Command::Set { change: Change::Journey { set: JourneyField::ToBeOf(Some(journey)), .. } } => {
            as_is.push(*journey);
        }
        Command::Batch { commands, .. } => commands.iter().for_each(|it| tied(it, details, as_is)),
        _ => {}
    }
}
