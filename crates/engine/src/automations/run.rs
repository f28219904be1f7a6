//! Carrying a plan out: changes here, issues there, and the log of both.

use custory_automations::{Automation, Effect, Known, Plan, back, plan, run_id};
use custory_domain::{
    Board, Command, EntityKind, EntityRef, JourneyId, SignalId, SignalState, Timestamp, Via, carry_out,
};
use custory_ipc::{PutBack, Reply, Run, RunResult};
use serde_json::json;

use super::views::{check_views, review_view};
use crate::failure::{Fault, not_found, refused};
use crate::inbox::Core;

/// Most that one run does by itself. A run that would do more waits for a person: a broken metric must not
/// fill a map overnight.
const EFFECTS_MAX: usize = 20;

/// Most that one automation does by itself in a day, over all its runs.
const EFFECTS_A_DAY_MAX: usize = 100;
/// Runs of a day that are counted.
const RUNS_A_DAY_MAX: usize = 400;

/// What a run is for.
#[derive(Default)]
pub(super) struct Occasion {
    /// The run's identifier.
    pub id: String,
    /// The moment of the schedule that it stands for, or when it was asked for.
    pub moment: Timestamp,
    /// Whether a person asks for it.
    pub is_by_hand: bool,
    /// Also where it would do a lot, or waits for a person.
    pub is_unbraked: bool,
    /// The signal alone that it is about.
    pub signal: Option<SignalId>,
}

/// An issue to be sent, once the run is logged.
struct ToSend {
    journey: JourneyId,
    entity: EntityRef,
    vendor: String,
    team: String,
    says: String,
}

impl Core {
    /// Runs an automation because a person asks for it; `is_unbraked` also where it would do a lot.
    pub(crate) fn run_automation(&mut self, key: &str, is_unbraked: bool) -> Result<Reply, Fault> {
        let automation = self.automation(key)?;
        let moment = self.clock.now();
        let id = run_id(&automation, moment);
        let occasion = Occasion { id, moment, is_by_hand: true, is_unbraked, signal: None };
        let run = self.carry_out_run(&automation, occasion)?;
        Ok(Reply::Ran { run: Box::new(run) })
    }

    /// Plans and does. What fails is in the log; an error is one of the log itself.
    pub(super) fn carry_out_run(
        &mut self,
        automation: &Automation,
        occasion: Occasion,
    ) -> Result<Run, Fault> {
        let Occasion { id, moment, is_by_hand, is_unbraked, signal } = occasion;
        let mut run = Run {
            id,
            automation: automation.key().to_owned(),
            version: automation.version,
            moment,
            at: self.clock.now(),
            is_by_hand,
            looks: 1,
            result: RunResult::Nothing,
            checks: Vec::new(),
            did: Vec::new(),
            added: Vec::new(),
            back: Vec::new(),
            reviews: Vec::new(),
        };
        let mut plans: Vec<(JourneyId, Plan)> = Vec::new();
        let boards = self.boards_of(automation)?;
        let heard = self.heard_for(automation, &boards, signal)?;
        for (journey, board) in boards {
            let traces = self.traces_for(automation, journey, &board, moment)?;
            let found = self.store.watched(automation.key(), journey)?;
            let known = Known { heard: heard.on(journey), traces: &traces, found: found.as_ref() };
            let found = plan(automation, &board, known, moment);
            run.checks.extend(check_views(&board, &found));
            run.reviews.extend(found.review.as_ref().map(|it| review_view(journey, &board, it)));
            plans.push((journey, found));
        }
        let would: usize = plans.iter().map(|(_, it)| it.effects.len()).sum();
        let mut to_send = Vec::new();
        let mut telling = None;
        if automation.asks_first && would > 0 && !is_unbraked {
            let effects = plans.iter().flat_map(|(_, it)| &it.effects);
            run.result = RunResult::Asks { would: effects.map(|it| it.says().to_owned()).collect() };
        } else if !is_unbraked && (would > EFFECTS_MAX || self.is_spent(automation, would)?) {
            run.result = RunResult::Held { would };
        } else {
            let effects = plans.iter().flat_map(|(_, it)| &it.effects);
            let changes = effects.filter(|it| matches!(it, Effect::Change { .. } | Effect::Tell { .. }));
            let says = changes.map(|it| it.says().to_owned()).collect();
            telling = Some(self.begin_telling(automation, &run, says));
            for (journey, mut planned) in plans {
                let found = planned.found.take();
                self.carry_out_plan(automation, journey, planned, &mut run, &mut to_send);
                if let Some(found) = found {
                    self.store.put_watched(automation.key(), journey, &found)?;
                }
            }
            if run.result == RunResult::Nothing && !(run.did.is_empty() && run.reviews.is_empty()) {
                run.result = RunResult::Done;
            }
        }
        self.forget_quiet_run(&mut run)?;
        self.log_run(&run)?;
        for it in to_send {
            self.send_for_run(&run.id, it)?;
        }
        let told = match telling {
            Some(Ok(Some(telling))) => self.finish_telling(automation, &run, telling),
            Some(Err(fault)) => Err(fault),
            Some(Ok(None)) | None => Ok(()),
        };
        // What is done is done: that nobody was told of it stands in the log.
        if let Err(fault) = told {
            run.result = RunResult::Check { problem: fault.0.message };
            self.log_run(&run)?;
        }
        self.summarize_apart(&run);
        Ok(run)
    }

    /// Whether an automation has done by itself today what it may.
    fn is_spent(&self, automation: &Automation, would: usize) -> Result<bool, Fault> {
        if would == 0 {
            return Ok(false);
        }
        let since = Timestamp(self.clock.now().0 - Timestamp::DAY_MILLIS);
        let runs = self.store.runs(automation.key(), RUNS_A_DAY_MAX)?;
        let today = runs.iter().filter_map(|it| serde_json::from_str::<Run>(it).ok());
        let done: usize =
            today.filter(|it| it.at > since && !it.is_by_hand).map(|it| it.added.len() + it.back.len()).sum();
        Ok(done + would > EFFECTS_A_DAY_MAX)
    }

    fn carry_out_plan(
        &mut self,
        automation: &Automation,
        journey: JourneyId,
        found: Plan,
        run: &mut Run,
        to_send: &mut Vec<ToSend>,
    ) {
        for effect in found.effects {
            let says = effect.says().to_owned();
            match effect {
                Effect::Change { adds, command, settles, about, .. } => {
                    let changed = self.change_for_run(journey, &adds, command).and_then(|it| {
                        if let Some((signal, to)) = settles {
                            self.settle(signal, journey, to)?;
                        }
                        if it.is_some() {
                            self.tell_threads(automation, &says, &about.evidence)?;
                        }
                        Ok(it)
                    });
                    match changed {
                        Ok(Some(back)) => {
                            run.did.push(says);
                            run.added.push((journey, adds));
                            let back = back.into_iter().map(|(was, is)| PutBack { journey, was, is });
                            run.back.splice(0..0, back);
                        }
                        Ok(None) => {}
                        Err(fault) => {
                            run.result = RunResult::Failed { problem: format!("{says}: {fault}") };
                        }
                    }
                }
                Effect::Tell { .. } => run.did.push(says),
                Effect::Send { entity, vendor, team, .. } => {
                    to_send.push(ToSend { journey, entity, vendor, team, says });
                }
            }
        }
    }

    fn settle(&mut self, signal: SignalId, journey: JourneyId, to: EntityRef) -> Result<(), Fault> {
        if let Some(mut signal) = self.store.signal(signal)? {
            signal.state = SignalState::Attached { journey, to };
            self.store.put_signals(&[signal])?;
            self.tell_signals()?;
        }
        Ok(())
    }

    /// Changes the map, unless what would be added is there: another device, or an earlier try of this run. Answers
    /// what it set and how that was.
    fn change_for_run(
        &mut self,
        journey: JourneyId,
        adds: &[EntityRef],
        command: Command,
    ) -> Result<Option<Vec<(Command, Command)>>, Fault> {
        let board: Board = self.board(journey.ulid())?;
        if adds.iter().any(|it| board.contains(*it)) {
            return Ok(None);
        }
        let cannot = || refused("It does something that could not be undone.");
        let back = back(&board, &command).ok_or_else(cannot)?;
        self.dispatch(journey.ulid(), command, Via::Automation)?;
        Ok(Some(back))
    }

    /// Sends an issue apart from the loop, and completes the log when it is known how that went. The tracker's
    /// own way of sending sees to it that there is one issue.
    fn send_for_run(&mut self, run: &str, it: ToSend) -> Result<(), Fault> {
        let id = run.to_owned();
        let sending = match self.send_to_tracker(it.journey, it.entity, &it.vendor, it.team, None) {
            Ok(sending) => sending,
            Err(fault) => return self.complete_run(&id, Err(format!("{}: {fault}", it.says))),
        };
        self.apart("automation", move |way| async move {
            let sent = match sending().await {
                Ok(Reply::Sent { name, .. }) => Ok(format!("{}: {name}", it.says)),
                Ok(_) => Ok(it.says),
                Err(failure) => Err(format!("{}: {failure}", it.says)),
            };
            way.hand(move |core| {
                if let Err(fault) = core.complete_run(&id, sent) {
                    tracing::error!("a run's log is not complete: {fault}");
                }
            });
        })
    }

    fn complete_run(&mut self, id: &str, sent: Result<String, String>) -> Result<(), Fault> {
        let mut run = self.logged(id)?;
        match sent {
            Ok(says) => {
                run.did.push(says);
                if run.result == RunResult::Nothing {
                    run.result = RunResult::Done;
                }
            }
            Err(problem) => run.result = RunResult::Check { problem },
        }
        self.log_run(&run)
    }

    /// Of looks one after the other that found nothing, the newest stands for all: they must not hide what was done.
    fn forget_quiet_run(&mut self, run: &mut Run) -> Result<(), Fault> {
        let is_quiet = |it: &Run| it.result == RunResult::Nothing && !it.is_by_hand;
        if !is_quiet(run) {
            return Ok(());
        }
        let newest = self.store.runs(&run.automation, 1)?;
        let before = newest.first().and_then(|it| serde_json::from_str::<Run>(it).ok());
        if let Some(before) = before.filter(|it| is_quiet(it) && it.id != run.id) {
            run.looks = before.looks.max(1).saturating_add(1);
            self.store.delete_run(&before.id)?;
        }
        Ok(())
    }

    pub(super) fn log_run(&mut self, run: &Run) -> Result<(), Fault> {
        self.store.put_run(&run.id, &run.automation, run.at, &json!(run).to_string())?;
        self.tell_automations()
    }

    pub(super) fn logged(&self, id: &str) -> Result<Run, Fault> {
        let kept = self.store.run(id)?.and_then(|it| serde_json::from_str(&it).ok());
        kept.ok_or_else(|| not_found("This run is not in the log of this device."))
    }

    /// Puts what a run added into the trash, and back what it set where nobody has set something else since. What it
    /// sent elsewhere stays.
    pub(crate) fn undo_run(&mut self, id: &str) -> Result<Reply, Fault> {
        let mut run = self.logged(id)?;
        if run.added.iter().all(|(_, it)| it.is_empty()) && run.back.is_empty() {
            return Err(refused("This run changed nothing that could be taken back."));
        }
        if run.result == RunResult::Undone {
            return Err(refused("This run is undone already."));
        }
        let mut journeys: Vec<JourneyId> =
            run.added.iter().map(|it| it.0).chain(run.back.iter().map(|it| it.journey)).collect();
        journeys.sort_unstable();
        journeys.dedup();
        for journey in journeys {
            let board = self.board(journey.ulid())?;
            let stamp = self.stamp(Via::User);
            let is_as_set = |it: &&PutBack| {
                carry_out(&board, it.is.clone(), stamp).is_ok_and(|changes| changes.after.is_empty())
            };
            let set = run.back.iter().filter(|it| it.journey == journey).filter(is_as_set);
            let mut commands: Vec<Command> = set.map(|it| it.was.clone()).collect();
            let is_there = |it: &EntityRef| board.get(*it).is_some_and(|it| it.trashed().is_none());
            let added = run.added.iter().filter(|it| it.0 == journey).flat_map(|it| &it.1);
            let entities: Vec<EntityRef> = added.copied().filter(is_there).collect();
            if !entities.is_empty() {
                commands.push(Command::Trash { entities });
            }
            if !commands.is_empty() {
                let label = "Undo what an automation did".to_owned();
                self.dispatch(journey.ulid(), Command::Batch { label, commands }, Via::User)?;
            }
        }
        self.unsettle(&run)?;
        run.result = RunResult::Undone;
        self.log_run(&run)?;
        self.automations()
    }

    /// Signals that a run decided about wait for a decision again.
    fn unsettle(&mut self, run: &Run) -> Result<(), Fault> {
        let evidence = run.added.iter().flat_map(|it| &it.1).filter(|it| it.kind == EntityKind::Evidence);
        for it in evidence {
            if let Some(mut signal) = self.store.signal(it.id.into())? {
                signal.state = SignalState::New;
                self.store.put_signals(&[signal])?;
            }
        }
        self.tell_signals()
    }
}
