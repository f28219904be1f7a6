//! What was heard elsewhere, as recipes look at it: with the step that it may be about.

use std::collections::BTreeMap;

use custory_automations::{Automation, BACKTEST_DAYS, Heard, Recipe, RecipeKind, signal_run_id};
use custory_domain::{Board, JourneyId, Shelf, Signal, SignalId, SignalState, Timestamp};
use custory_ipc::{RunResult, Strength};

use super::run::Occasion;
use crate::failure::Fault;
use crate::inbox::Core;

/// Signals that are looked at.
const SIGNALS_MAX: usize = 500;

/// What was heard, by the journey that it may be about.
#[derive(Default)]
pub(super) struct Ears(BTreeMap<JourneyId, Vec<Heard>>);

impl Ears {
    pub fn on(&self, journey: JourneyId) -> &[Heard] {
        self.0.get(&journey).map_or(&[], Vec::as_slice)
    }
}

fn is_from_chat(signal: &Signal) -> bool {
    custory_connectors::find(&signal.source).is_some_and(|it| it.is_chat())
}

impl Core {
    /// What waits for a decision, as far as the automation looks at it; one signal alone if it is named.
    pub(super) fn heard_for(
        &self,
        automation: &Automation,
        boards: &[(JourneyId, Board)],
        only: Option<SignalId>,
    ) -> Result<Ears, Fault> {
        if automation.recipe != Recipe::Save {
            return Ok(Ears::default());
        }
        let mut signals = match only {
            Some(id) => self.store.signal(id)?.into_iter().collect(),
            None => self.store.signals(Shelf::Review, SIGNALS_MAX)?,
        };
        signals.retain(|it| it.state == SignalState::New);
        self.ears(signals, boards)
    }

    /// What was heard in the time that is played again, whatever was decided about it.
    pub(super) fn heard_lately(
        &self,
        automation: &Automation,
        boards: &[(JourneyId, Board)],
    ) -> Result<Ears, Fault> {
        if automation.recipe != Recipe::Save {
            return Ok(Ears::default());
        }
        let oldest = Timestamp(self.clock.now().0 - BACKTEST_DAYS * Timestamp::DAY_MILLIS);
        let mut signals = Vec::new();
        for shelf in [Shelf::Review, Shelf::Later, Shelf::Attached, Shelf::Dismissed] {
            signals.extend(self.store.signals(shelf, SIGNALS_MAX)?);
        }
        signals.retain(|it| it.arrived_at >= oldest);
        self.ears(signals, boards)
    }

    fn ears(&self, signals: Vec<Signal>, boards: &[(JourneyId, Board)]) -> Result<Ears, Fault> {
        let by_id: BTreeMap<JourneyId, Board> = boards.iter().cloned().collect();
        let mut ears = Ears::default();
        for signal in signals.into_iter().filter(is_from_chat) {
            let found = self.matches(&signal.text, &by_id)?.into_iter().next();
            let found = found.filter(|it| it.strength >= Strength::Some);
            // What is about none is looked at once, on whichever journey.
            let Some(journey) = found.as_ref().map(|it| it.journey).or(boards.first().map(|it| it.0)) else {
                continue;
            };
            let heard = Heard {
                signal: signal.id,
                at: signal.arrived_at,
                evidence: self.evidence_of(&signal),
                step: found.as_ref().map(|it| it.step),
                insight: found.and_then(|it| it.insight).map(|it| it.0),
            };
            ears.0.entry(journey).or_default().push(heard);
        }
        Ok(ears)
    }

    /// Runs the automation that puts what is marked in a chat onto the map, for one signal, if it is switched on.
    pub(crate) fn run_for_signal(&mut self, id: SignalId) -> Result<(), Fault> {
        let automation = self.automation(RecipeKind::Save.key())?;
        let is_new = self.store.signal(id)?.is_some_and(|it| it.state == SignalState::New);
        if !automation.is_on || !is_new {
            return Ok(());
        }
        let occasion = Occasion {
            id: signal_run_id(&automation, id),
            moment: self.clock.now(),
            signal: Some(id),
            ..Occasion::default()
        };
        // An earlier try may have ended between the map and the log; then the map has it, and the plan says so.
        let is_done = self.store.run(&occasion.id)?.is_some();
        if !is_done {
            self.settle_known(id)?;
            let run = self.carry_out_run(&automation, occasion)?;
            if let RunResult::Failed { problem } = run.result {
                tracing::warn!("a signal waits in the inbox: {problem}");
            }
        }
        Ok(())
    }

    /// Notes that a signal is on a map already.
    fn settle_known(&mut self, id: SignalId) -> Result<(), Fault> {
        let Some(mut signal) = self.store.signal(id)? else { return Ok(()) };
        for journey in self.summaries()? {
            let board = self.board(journey.id.ulid())?;
            let known = board.evidence.get(&signal.evidence()).filter(|it| it.trashed.is_none());
            if let Some(to) = known.and_then(|it| it.claims.keys().next()) {
                signal.state = SignalState::Attached { journey: journey.id, to: *to };
                self.store.put_signals(&[signal])?;
                return self.tell_signals();
            }
        }
        Ok(())
    }
}
