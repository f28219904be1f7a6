//! Journeys that show a step of another journey in detail: which may, and where each is shown.
//!
//! The step says so, in its own journey's document; nothing is written down on the other side. Two people can make a
//! circle of it at once, so whoever walks from journey to journey notes where they have been.

use std::collections::BTreeSet;

use custory_domain::{Change, Command, CommandError, JourneyId, StepField};
use custory_ipc::ShownIn;
use custory_store::DocumentKind;
use ulid::Ulid;

use crate::failure::Fault;
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

    /// Refuses to nest a journey that is not here, and one in which this one is nested itself.
    pub(crate) fn may_nest(&self, journey: Ulid, command: &Command) -> Result<(), Fault> {
        let mut wanted = Vec::new();
        nested(command, &mut wanted);
        if wanted.is_empty() {
            return Ok(());
        }
        let here: BTreeSet<Ulid> = self.store.documents(DocumentKind::Journey)?.into_iter().collect();
        let refuse = |reason: &str| Err(CommandError::Unfit { reason: reason.to_owned() }.into());
        if wanted.iter().any(|it| !here.contains(&it.ulid())) {
            return refuse("This journey is not on this device.");
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

/// The journeys that a command makes the detail of a step.
fn nested(command: &Command, found: &mut Vec<JourneyId>) {
    match command {
        Command::Set { change: Change::Step { set: StepField::Detail(Some(journey)), .. } } => {
            found.push(*journey);
        }
        Command::Batch { commands, .. } => commands.iter().for_each(|it| nested(it, found)),
        _ => {}
    }
}
