//! What the client wants done, done: sent, kept, taken into documents, told.

use std::time::Duration;

use custory_ipc::{Event, Failure, Reply, Whereabouts};
use custory_seal::Random;
use custory_store::Reading;
use custory_sync::{Edit, Ended, Fork, Input, LogState, Output};
use custory_wire::{ErrorCode, LogId};
use ulid::Ulid;

use super::Pending;
use crate::apart::reply;
use crate::clock::Entropy;
use crate::failure::{Fault, refused};
use crate::inbox::Core;

/// How long to wait, at least and at most, before bringing back what a relay has lost: whoever is
/// first spares the others the work.
const HEAL: (Duration, Duration) = (Duration::from_millis(100), Duration::from_millis(2_500));

/// The engine's randomness, as sealing wants it.
pub(super) struct Dice<'a>(pub &'a mut dyn Entropy);

impl Random for Dice<'_> {
    fn fill(&mut self, bytes: &mut [u8]) {
        self.0.fill(bytes);
    }
}

impl Core {
    /// Tells the client what happened, and does what it wants done.
    pub(crate) fn team_input(&mut self, input: Input) {
        let Some(team) = &mut self.team else { return };
        let is_new_line = matches!(input, Input::Connected);
        let outputs = team.client.handle(input, &mut Dice(&mut *self.entropy));
        if is_new_line {
            team.problem.clear();
        }
        let mut is_news = is_new_line;
        for output in outputs {
            is_news |= !matches!(
                output,
                Output::Send(_) | Output::HealSoon(_) | Output::Presence { .. } | Output::Leased { .. }
            );
            if let Err(fault) = self.carry_out(output) {
                tracing::error!("sync begins anew: {fault}");
                self.begin_anew(&fault);
                return;
            }
        }
        if is_news {
            self.tell_team();
        }
    }

    /// Hands the client what is new in the outbox.
    pub(crate) fn offer_outbox(&mut self) -> Result<(), Fault> {
        let Some(team) = &self.team else { return Ok(()) };
        if team.line.is_none() {
            return Ok(());
        }
        let waiting = self.store.outbox_after(team.offered)?;
        let Some(last) = waiting.last().map(|it| it.id) else { return Ok(()) };
        let workspace = self.device.workspace.ulid();
        let mut by_document: std::collections::BTreeMap<Ulid, Vec<Edit>> = Default::default();
        for it in waiting {
            let edit = Edit { id: it.id.unsigned_abs(), bytes: it.bytes };
            by_document.entry(it.document).or_default().push(edit);
        }
        let mut inputs = Vec::new();
        if let Some(team) = &mut self.team {
            team.offered = last;
            for (document, edits) in by_document {
                let log = team.log_of(document, workspace);
                if !team.is_picture(&log) {
                    team.documents.insert(log, document);
                }
                inputs.push(Input::Edited { log, document: document.to_bytes(), edits });
            }
        }
        inputs.into_iter().for_each(|it| self.team_input(it));
        Ok(())
    }

    fn carry_out(&mut self, output: Output) -> Result<(), Fault> {
        match output {
            Output::Send(message) => {
                if let Some(line) = self.team.as_ref().and_then(|it| it.line.as_ref()) {
                    line.send(message.to_bytes());
                }
            }
            Output::End(why) => self.line_ends(&why),
            Output::KeepRoster { first, records } => self.store.put_team_roster(first, &records)?,
            Output::Take { log, document, changes, settled, state } => {
                let settled: Vec<i64> = settled.into_iter().map(u64::cast_signed).collect();
                self.receive(log, document, &changes, &settled, &state)?;
                if !settled.is_empty() {
                    self.post_what_waited()?;
                }
            }
            Output::HealSoon(log) => {
                let mut chance = [0; 2];
                self.entropy.fill(&mut chance);
                let share = f64::from(u16::from_le_bytes(chance)) / f64::from(u16::MAX);
                let pause = HEAL.0 + (HEAL.1 - HEAL.0).mul_f64(share);
                // A log that is new here, or on the relay, has nobody else to wait for.
                let is_first = self.team.as_ref().is_some_and(|it| {
                    let is_alone = !it.is_picture(&log) || it.is_own_picture(&log);
                    is_alone && it.client.log(&log).is_some_and(|it| it.tip == Some(0))
                });
                let pause = if is_first { Duration::ZERO } else { pause };
                self.later(pause, move |core| core.team_input(Input::HealNow(log)));
            }
            Output::Heal { log, document, has, state } => self.refill(log, document, &has, &state)?,
            Output::Save { log, document, at } => {
                self.save_for_team((log, at), Ulid::from_bytes(document))?
            }
            Output::Recall { log, document, at, since } => {
                let heads = self.heads_before(Ulid::from_bytes(document), since)?;
                self.team_input(Input::Recalled { log, at, heads });
            }
            Output::Glimpse { document, view, .. } => self.show_glimpse(document, &view)?,
            Output::CheckSnapshot { log, hash, whole, to_take } => {
                self.check_snapshot((log, hash), whole, to_take.map(Ulid::from_bytes))?;
            }
            Output::TakeSnapshot(taking) => self.take_snapshot(&taking)?,
            Output::SnapshotRefused(refused) => self.snapshot_refused(&refused),
            Output::Acted { rseq } => self.answer_act(Ok(rseq)),
            Output::NotActed { reason } => self.answer_act(Err(refused(reason).0)),
            Output::TeamChanged => self.team_changed()?,
            Output::LogChanged(log) => {
                if self.team.as_ref().is_some_and(|it| it.is_picture(&log)) {
                    self.picture_moved(log)?;
                }
            }
            Output::PictureThere(_) => self.read_pictures(),
            Output::Skipped(skipped) => {
                let by = skipped.by;
                let who =
                    by.map(|(device, number)| format!(" by {} ({device}-{number})", self.name_of(device)));
                self.note(format!("A change{} was left out: {}.", who.unwrap_or_default(), skipped.reason));
            }
            Output::Forked(fork) => {
                tracing::error!("evidence of a fork: {fork:?}");
                self.note_fork(&fork)?;
            }
            Output::Leased { name, is_held, millis } => self.turn_told(name, is_held, millis),
            Output::Presence { log, device, place } => {
                let journey = self.team.as_ref().and_then(|it| it.documents.get(&log).copied());
                if let (Some(journey), Some(whereabouts)) = (journey, Whereabouts::from_bytes(&place)) {
                    self.emit(Event::Presence { journey: journey.into(), device, whereabouts });
                }
            }
        }
        Ok(())
    }

    fn note_fork(&mut self, fork: &Fork) -> Result<(), Fault> {
        let (device, number) = fork.by;
        let document = self.team.as_ref().and_then(|it| it.documents.get(&fork.log).copied());
        let title = match document {
            Some(it) => self.board(it)?.journey().map(|it| it.title.clone()),
            None => None,
        };
        let journey = title.map(|it| format!(" --journey \"{it}\"")).unwrap_or_default();
        let who = self.name_of(device);
        self.note(format!(
            "The relay has shown {who} another history of a journey, or {who} says so. Nothing more is taken from \
             it; your work stays here. Ask {who} and whoever runs the relay. If it was {who}, an admin has \
             everybody go on without that change by `custory team quarantine {device}-{number}{journey}`."
        ));
        Ok(())
    }

    fn line_ends(&mut self, why: &Ended) {
        let Some(team) = &mut self.team else { return };
        if let Ended::Told { code: ErrorCode::Removed, .. } = why {
            team.is_removed = true;
        } else if !matches!(why, Ended::Again | Ended::GoingAway) {
            let text = why.to_string();
            let mut letters = text.chars();
            let first = letters.next().map(|it| it.to_uppercase().to_string()).unwrap_or_default();
            team.problem = format!("{first}{}.", letters.as_str());
        }
        if let Some(line) = &team.line {
            line.end(why.may_pass());
            if matches!(why, Ended::Again) {
                line.wake();
            }
        }
    }

    /// Puts into the outbox what a log lacks of a document.
    fn refill(
        &mut self,
        log: LogId,
        picture: Option<[u8; 16]>,
        has: &std::collections::BTreeSet<custory_wire::Hash>,
        state: &LogState,
    ) -> Result<(), Fault> {
        let bytes = state.to_bytes();
        let reading = Reading { log: log.0, state: &bytes, settled: &[] };
        let team = self.team.as_ref();
        let (document, changes) = if team.is_some_and(|it| it.is_picture(&log)) {
            let sent = picture.filter(|_| team.is_some_and(|it| it.is_being_sent(&log)));
            let Some(picture) = sent else { return Ok(()) };
            (Ulid::from_bytes(picture), self.parts_of_picture(picture)?)
        } else {
            let document = team.and_then(|it| it.documents.get(&log).copied());
            let Some(document) = document else { return Ok(self.store.put_log_state(reading)?) };
            (document, self.opened(document)?.document.changes())
        };
        let missing = changes.iter().filter(|it| !has.contains(&custory_wire::Hash::of(it)));
        self.store.refill_outbox(document, missing.map(Vec::as_slice), reading)?;
        self.offer_outbox()
    }

    fn answer_act(&mut self, done: Result<u32, Failure>) {
        let Some(team) = &mut self.team else { return };
        let Some(Pending { answer, link, recovery }) = team.pending.take() else { return };
        let answered = done.map(|rseq| match (link, recovery) {
            (Some(link), _) => Reply::Invitation { invite: rseq, link },
            (None, Some(file)) => {
                use base64ct::{Base64, Encoding};
                let file_name = "custory-recovery.key".to_owned();
                Reply::Recovery { file_name, file: Base64::encode_string(&file) }
            }
            (None, None) => Reply::Team { team: self.team_view().map(Box::new) },
        });
        reply(answer, answered);
    }

    pub(super) fn note(&mut self, notice: String) {
        if let Some(team) = &mut self.team {
            team.note(notice);
        }
    }
}
