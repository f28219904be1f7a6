//! Carrying a plan out: changes here, issues there, and the log of both.

use custory_automations::{Automation, Effect, Plan, plan, run_id};
use custory_domain::{Board, Command, EntityRef, JourneyId, Timestamp, Via};
use custory_ipc::{Reply, Run, RunResult};
use serde_json::json;

use super::kind;
use super::views::{check_views, review_view};
use crate::failure::{Fault, not_found, refused};
use crate::inbox::Core;

/// Most that one run does by itself. A run that would do more waits for a person: a broken metric must not
/// fill a map overnight.
const EFFECTS_MAX: usize = 20;

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
        let automation = self.automation(kind(key)?)?;
        let moment = self.clock.now();
        let id = run_id(&automation, moment);
        let run = self.carry_out_run(&automation, id, moment, true, is_unbraked)?;
        Ok(Reply::Ran { run: Box::new(run) })
    }

    /// Plans and does. What fails is in the log; an error is one of the log itself.
    pub(super) fn carry_out_run(
        &mut self,
        automation: &Automation,
        id: String,
        moment: Timestamp,
        is_by_hand: bool,
        is_unbraked: bool,
    ) -> Result<Run, Fault> {
        let mut run = Run {
            id,
            automation: automation.recipe.kind().key().to_owned(),
            version: automation.version,
            moment,
            at: self.clock.now(),
            is_by_hand,
            result: RunResult::Nothing,
            checks: Vec::new(),
            did: Vec::new(),
            added: Vec::new(),
            reviews: Vec::new(),
        };
        let mut plans: Vec<(JourneyId, Plan)> = Vec::new();
        for (journey, board) in self.boards_of(automation)? {
            let found = plan(automation, &board, moment);
            run.checks.extend(check_views(&board, &found));
            run.reviews.extend(found.review.as_ref().map(|it| review_view(journey, &board, it)));
            plans.push((journey, found));
        }
        let would = plans.iter().map(|(_, it)| it.effects.len()).sum();
        let mut to_send = Vec::new();
        if would > EFFECTS_MAX && !is_unbraked {
            run.result = RunResult::Held { would };
        } else {
            for (journey, found) in plans {
                self.carry_out_plan(journey, found, &mut run, &mut to_send);
            }
            if run.result == RunResult::Nothing && !(run.did.is_empty() && run.reviews.is_empty()) {
                run.result = RunResult::Done;
            }
        }
        self.log_run(&run)?;
        for it in to_send {
            self.send_for_run(&run.id, it)?;
        }
        self.summarize_apart(&run);
        Ok(run)
    }

    fn carry_out_plan(&mut self, journey: JourneyId, found: Plan, run: &mut Run, to_send: &mut Vec<ToSend>) {
        for effect in found.effects {
            let says = effect.says().to_owned();
            match effect {
                Effect::Change { adds, command, .. } => match self.change_for_run(journey, &adds, command) {
                    Ok(true) => {
                        run.did.push(says);
                        run.added.push((journey, adds));
                    }
                    Ok(false) => {}
                    Err(fault) => run.result = RunResult::Failed { problem: format!("{says}: {fault}") },
                },
                Effect::Send { entity, vendor, team, .. } => {
                    to_send.push(ToSend { journey, entity, vendor, team, says });
                }
            }
        }
    }

    /// Changes the map, unless what would be added is there: another device, or an earlier try of this run.
    fn change_for_run(
        &mut self,
        journey: JourneyId,
        adds: &[EntityRef],
        command: Command,
    ) -> Result<bool, Fault> {
        let board: Board = self.board(journey.ulid())?;
        if adds.iter().any(|it| board.contains(*it)) {
            return Ok(false);
        }
        self.dispatch(journey.ulid(), command, Via::Automation)?;
        Ok(true)
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

    pub(super) fn log_run(&mut self, run: &Run) -> Result<(), Fault> {
        self.store.put_run(&run.id, &run.automation, run.at, &json!(run).to_string())?;
        self.tell_automations()
    }

    pub(super) fn logged(&self, id: &str) -> Result<Run, Fault> {
        let kept = self.store.run(id)?.and_then(|it| serde_json::from_str(&it).ok());
        kept.ok_or_else(|| not_found("This run is not in the log of this device."))
    }

    /// Puts what a run added into the trash. What it set, and what it sent elsewhere, stays.
    pub(crate) fn undo_run(&mut self, id: &str) -> Result<Reply, Fault> {
        let mut run = self.logged(id)?;
        if run.added.iter().all(|(_, it)| it.is_empty()) {
            return Err(refused("This run added nothing that could be taken away."));
        }
        for (journey, added) in &run.added {
            let board = self.board(journey.ulid())?;
            let is_there = |it: &EntityRef| board.get(*it).is_some_and(|it| it.trashed().is_none());
            let entities: Vec<EntityRef> = added.iter().copied().filter(is_there).collect();
            if !entities.is_empty() {
                self.dispatch(journey.ulid(), Command::Trash { entities }, Via::User)?;
            }
        }
        run.result = RunResult::Undone;
        self.log_run(&run)?;
        self.automations()
    }
}
