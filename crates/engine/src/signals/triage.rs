//! What is decided about signals: they become evidence, wait, or go out of the way.

use std::collections::BTreeMap;

use custory_domain::{
    Command, EntityKind, EntityRef, Evidence, EvidenceSort, Insight, JourneyId, Signal, SignalId,
    SignalState, Stance, Truth, Via, WeightClass,
};
use custory_ipc::{Reply, Triage};
use custory_signals::{excerpt, pseudonym};

use crate::failure::{Fault, not_found, refused};
use crate::inbox::{Core, done};

impl Core {
    /// Decides about signals. What enters a journey enters it before the decision is noted: whatever breaks
    /// between, deciding again makes no second piece of evidence.
    pub(crate) fn triage(&mut self, ids: &[SignalId], act: Triage) -> Result<Reply, Fault> {
        let mut signals = Vec::with_capacity(ids.len());
        for id in ids {
            let gone = || not_found("This signal is not on this device any more.");
            signals.push(self.store.signal(*id)?.ok_or_else(gone)?);
        }
        let reply = match act {
            Triage::Attach { journey, to } => self.attach(journey, to, Vec::new(), &mut signals)?,
            Triage::AttachSuggested => self.attach_suggested(&mut signals)?,
            Triage::NewInsight { journey, step, statement, sort } => {
                let insight = Insight {
                    statement: statement.trim().to_owned(),
                    sort,
                    truth: Truth::Observed,
                    steps: [step].into(),
                    ..Insight::new(self.mint().into())
                };
                let to = insight.id.into();
                self.attach(journey, to, vec![Command::add(insight)], &mut signals)?
            }
            Triage::Merge { into } => {
                if ids.contains(&into) {
                    return Err(refused("A signal cannot be merged into itself."));
                }
                self.store
                    .signal(into)?
                    .ok_or_else(|| not_found("The other signal is not here any more."))?;
                self.move_on(&mut signals, SignalState::Merged { into })
            }
            Triage::Snooze { until } => self.move_on(&mut signals, SignalState::Snoozed { until }),
            Triage::Dismiss => self.move_on(&mut signals, SignalState::Dismissed),
            Triage::Reopen => self.reopen(&mut signals)?,
        };
        self.store.put_signals(&signals)?;
        self.tell_signals()?;
        Ok(reply)
    }

    fn move_on(&self, signals: &mut [Signal], state: SignalState) -> Reply {
        signals.iter_mut().for_each(|it| it.state = state.clone());
        done()
    }

    /// Makes evidence of signals, after `first`, as one change.
    fn attach(
        &mut self,
        journey: JourneyId,
        to: EntityRef,
        first: Vec<Command>,
        signals: &mut [Signal],
    ) -> Result<Reply, Fault> {
        if !matches!(to.kind, EntityKind::Step | EntityKind::Insight) {
            return Err(refused("A signal is evidence for a step or an insight."));
        }
        let board = self.board(journey.ulid())?;
        if first.is_empty() && board.get(to).is_none_or(|it| it.trashed().is_some()) {
            return Err(not_found("What this should be evidence for is not on the map any more."));
        }
        let mut commands = first;
        for it in signals.iter() {
            let evidence = it.evidence();
            match board.evidence.get(&evidence) {
                None => {
                    let claims = [(to, Stance::Supports)].into();
                    commands.push(Command::add(Evidence { claims, ..self.evidence_of(it) }));
                }
                Some(known) => {
                    if known.trashed.is_some() {
                        commands.push(Command::Restore { entities: vec![evidence.into()] });
                    }
                    commands.push(Command::Weigh { evidence, claim: to, stance: Some(Stance::Supports) });
                }
            }
        }
        let label = match signals.len() {
            1 => "Attach a signal".to_owned(),
            several => format!("Attach {several} signals"),
        };
        let reply = self.dispatch(journey.ulid(), Command::Batch { label, commands }, Via::User)?;
        signals.iter_mut().for_each(|it| it.state = SignalState::Attached { journey, to });
        Ok(reply)
    }

    /// Attaches each to what it is suggested to be about. Those that nothing is suggested for are left.
    fn attach_suggested(&mut self, signals: &mut Vec<Signal>) -> Result<Reply, Fault> {
        let boards = self.boards_to_match()?;
        let mut by_target: BTreeMap<(JourneyId, EntityRef), Vec<Signal>> = BTreeMap::new();
        for it in signals.drain(..) {
            let Some(best) = self.matches(&it.text, &boards)?.into_iter().next() else { continue };
            let to = best.insight.map_or(best.step.into(), |it| it.0.into());
            by_target.entry((best.journey, to)).or_default().push(it);
        }
        for ((journey, to), mut group) in by_target {
            self.attach(journey, to, Vec::new(), &mut group)?;
            signals.extend(group);
        }
        Ok(done())
    }

    /// The evidence that a signal becomes, for nothing yet: its redacted words under pseudonyms.
    pub(crate) fn evidence_of(&self, signal: &Signal) -> Evidence {
        let now = self.clock.now();
        let name = |kind, name: &str| pseudonym(self.device.workspace, kind, name);
        let account = name("Account", &signal.account);
        let author = name("Customer", &signal.author);
        Evidence {
            sort: if signal.weight == WeightClass::Interview {
                EvidenceSort::Interview
            } else {
                EvidenceSort::Quote
            },
            excerpt: excerpt(&signal.text).text,
            // Where no account is known, the person counts as one.
            account: if account.is_empty() { author.clone() } else { account },
            author,
            source: signal.source.clone(),
            locator: signal.locator.clone(),
            anchor: signal.anchor.clone(),
            source_hash: signal.hash.clone(),
            captured_at: Some(signal.said_at.unwrap_or(signal.arrived_at).min(now)),
            weight: signal.weight,
            // Code took the words out of the source.
            is_verified: true,
            ..Evidence::new(signal.evidence())
        }
    }

    fn reopen(&mut self, signals: &mut [Signal]) -> Result<Reply, Fault> {
        let mut gone: BTreeMap<JourneyId, Vec<EntityRef>> = BTreeMap::new();
        for it in signals.iter_mut() {
            if let SignalState::Attached { journey, .. } = std::mem::take(&mut it.state) {
                gone.entry(journey).or_default().push(it.evidence().into());
            }
        }
        for (journey, mut entities) in gone {
            let board = self.board(journey.ulid())?;
            entities.retain(|it| board.get(*it).is_some_and(|it| it.trashed().is_none()));
            if !entities.is_empty() {
                self.dispatch(journey.ulid(), Command::Trash { entities }, Via::User)?;
            }
        }
        Ok(done())
    }
}
