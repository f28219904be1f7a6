//! Questions to the assistant: asked apart from the loop about a copy of the board, kept with their
//! answers, and decided about by people.
//!
//! Invariant: an answer changes nothing. What it proposes becomes one command, once a person says which
//! of it, and only where what it would replace is still as it was.

mod kept;

use std::collections::BTreeMap;
use std::sync::Arc;

use custory_assistant::answering::{self, Maker, Progress, is_allowed, is_current, reword};
use custory_assistant::tools::{Desk, Names, Tool};
use custory_assistant::{ModelError, Stop};
use custory_domain::{AskId, Command, EntityKind, EntityRef, JourneyId, Via};
use custory_ipc::{Asked, ErrorCode, Event, Failure, Reply, WantedChange};

pub(crate) use kept::KeptAnswers;
use kept::{KeptSources, TheseSources};

use crate::failure::{Fault, internal, no_such_journey, not_found, refused};
use crate::inbox::{Core, done};

/// Questions at once; a model answers one after the other anyway.
const ASKS_MAX: usize = 2;
/// Questions listed.
const LISTED_MAX: usize = 200;

/// Questions that are being answered.
#[derive(Default)]
pub(crate) struct Asks(BTreeMap<AskId, Stop>);

impl Asks {
    /// Tells every answering to stop.
    pub(crate) fn stop_all(&self) {
        self.0.values().for_each(Stop::tell);
    }
}

impl Core {
    /// Begins to answer a question.
    pub(crate) fn ask(
        &mut self,
        journey: JourneyId,
        question: &str,
        model: Option<String>,
    ) -> Result<Reply, Fault> {
        let question = question.trim().to_owned();
        if question.is_empty() || question.chars().count() > answering::QUESTION_CHARS_MAX {
            let message = format!("Ask something in at most {} characters.", answering::QUESTION_CHARS_MAX);
            return Err(Failure::new(ErrorCode::BadInput, message).into());
        }
        if self.asks.0.len() >= ASKS_MAX {
            return Err(refused("Two questions are being answered already. Wait for one, or stop it."));
        }
        let model = self.model(model)?;
        let board = self.board(journey.ulid())?;
        if board.journey().is_none() {
            return Err(no_such_journey());
        }
        let past = self.past_of(journey)?;
        let (id, stamp) = (AskId::from(self.mint()), self.stamp(Via::Ai));
        // Identifiers for what may be proposed; most are never used.
        let mut ids: Vec<ulid::Ulid> = (0..PROPOSED_MAX).map(|_| self.mint()).collect();
        let stop = Stop::default();
        self.asks.0.insert(id, stop.clone());
        self.apart("ask", move |way| async move {
            let sources = Arc::new(KeptSources(way.clone()));
            let desk = Desk::of(board, stamp.at).with_past(past).with_sources(sources);
            let mut mint = || ids.pop().unwrap_or_default();
            let mut maker = Maker { mint: &mut mint, stamp };
            let mut tell = |progress| {
                let event = match progress {
                    Progress::Looks(now) => Event::Asking { ask: id, now },
                    Progress::Says(words) => Event::Saying { ask: id, words },
                };
                way.hand(move |core| core.emit(event));
            };
            let answer = answering::answer(&model, &desk, &question, &mut maker, &stop, &mut tell).await;
            way.hand(move |core| {
                let asked = |answer| Asked {
                    id,
                    journey,
                    at: stamp.at,
                    question,
                    model: model.name,
                    answer,
                    accepted: Vec::new(),
                    is_decided: false,
                };
                core.asked_ended(id, answer.map(asked));
            });
        })?;
        Ok(Reply::AskStarted { ask: id })
    }

    /// Reads a journey with one of the assistant's tools.
    pub(crate) fn look(
        &mut self,
        journey: JourneyId,
        tool: &str,
        entity: &str,
        query: &str,
    ) -> Result<Reply, Fault> {
        let bad = |message: String| Fault::from(Failure::new(ErrorCode::BadInput, message));
        let tool = Tool::parse(tool).ok_or_else(|| bad("There is no such tool.".to_owned()))?;
        let board = self.board(journey.ulid())?;
        if board.journey().is_none() {
            return Err(no_such_journey());
        }
        let desk = Desk::of(board, self.clock.now());
        let desk = match tool {
            Tool::HistoryAt => desk.with_past(self.past_of(journey)?),
            Tool::ReadSource => desk.with_sources(Arc::new(self.source_of(journey, entity)?)),
            _ => desk,
        };
        let text = desk.answer(tool, entity, query, &mut Names::identifiers()).map_err(bad)?;
        Ok(Reply::Looked { text })
    }

    /// The text behind a quote, if it is one and the text is here.
    fn source_of(&self, journey: JourneyId, entity: &str) -> Result<TheseSources, Fault> {
        let board = self.board(journey.ulid())?;
        let quote = entity.parse::<EntityRef>().ok().filter(|it| it.kind == EntityKind::Evidence);
        let hash = quote.and_then(|it| board.evidence.get(&it.id.into())).map(|it| it.source_hash.clone());
        let mut sources = TheseSources::default();
        if let Some(hash) = hash.filter(|it| !it.is_empty())
            && let Some(text) = self.store.source_text(&hash)?
        {
            sources.0.insert(hash, text);
        }
        Ok(sources)
    }

    /// Keeps what another program wants changed, for a person to decide about.
    pub(crate) fn propose(
        &mut self,
        journey: JourneyId,
        by: &str,
        changes: &[WantedChange],
    ) -> Result<Reply, Fault> {
        if changes.is_empty() || changes.len() > answering::CHANGES_MAX {
            let message = format!("Propose 1 to {} changes.", answering::CHANGES_MAX);
            return Err(Failure::new(ErrorCode::BadInput, message).into());
        }
        let board = self.board(journey.ulid())?;
        if board.journey().is_none() {
            return Err(no_such_journey());
        }
        let (id, stamp) = (AskId::from(self.mint()), self.stamp(Via::Ai));
        let desk = Desk::of(board, stamp.at);
        let mut ids: Vec<ulid::Ulid> = changes.iter().map(|_| self.mint()).collect();
        let mut mint = || ids.pop().unwrap_or_default();
        let answer = answering::proposed(&desk, changes, &mut Maker { mint: &mut mint, stamp });
        let asked = Asked {
            id,
            journey,
            at: stamp.at,
            question: format!("{by} proposes"),
            model: by.to_owned(),
            answer,
            accepted: Vec::new(),
            is_decided: false,
        };
        if !asked.answer.proposal.is_empty() {
            self.put_asked(&asked)?;
            self.emit(Event::Answered { asked: Box::new(asked.clone()) });
        }
        Ok(Reply::Proposed { asked: Box::new(asked) })
    }

    fn asked_ended(&mut self, id: AskId, answered: Result<Asked, ModelError>) {
        self.asks.0.remove(&id);
        let kept = answered.map_err(Fault::from).and_then(|asked| self.put_asked(&asked).map(|()| asked));
        let event = match kept {
            Ok(asked) => Event::Answered { asked: Box::new(asked) },
            Err(fault) => Event::AskFailed { ask: id, message: fault.0.message },
        };
        self.tell_who_asked(&event);
        self.emit(event);
    }

    fn put_asked(&mut self, asked: &Asked) -> Result<(), Fault> {
        let text = serde_json::to_string(asked)
            .map_err(|error| internal(&format!("An answer cannot be written: {error}.")))?;
        Ok(self.store.put_asked(asked.id, asked.journey, &text)?)
    }

    /// Stops answering.
    pub(crate) fn cancel_ask(&mut self, id: AskId) -> Result<Reply, Fault> {
        self.asks.0.get(&id).ok_or_else(no_such_question)?.tell();
        Ok(done())
    }

    /// Questions with their answers, the newest first.
    pub(crate) fn asked_so_far(&self, journey: Option<JourneyId>) -> Result<Reply, Fault> {
        let all = self.store.all_asked(journey, LISTED_MAX)?;
        // One that a newer version wrote is left out rather than in the way of the others.
        let asked = all.iter().filter_map(|it| serde_json::from_str(it).ok()).collect();
        Ok(Reply::AskedSoFar { asked })
    }

    /// Makes one change of what was accepted, and remembers the decision.
    pub(crate) fn decide_proposal(
        &mut self,
        id: AskId,
        accept: &[usize],
        texts: &BTreeMap<usize, String>,
    ) -> Result<Reply, Fault> {
        let mut asked = self.one_asked(id)?;
        if asked.is_decided {
            return Err(refused("This proposal has been decided about already."));
        }
        let board = self.board(asked.journey.ulid())?;
        let mut commands = Vec::new();
        for at in accept {
            let proposed = asked
                .answer
                .proposal
                .get_mut(*at)
                .ok_or_else(|| not_found("There is no such change in it."))?;
            if !is_allowed(&proposed.command) {
                return Err(refused("This change is not one that the assistant may propose."));
            }
            if !is_current(&board, proposed) {
                return Err(refused(&format!(
                    "Somebody changed this since it was proposed: {}. Ask again, or leave it out.",
                    proposed.label
                )));
            }
            if let Some(text) = texts.get(at) {
                reword(proposed, text)
                    .ok_or_else(|| refused("A change needs a text. Write one, or leave it out."))?;
            }
            commands.push(proposed.command.clone());
        }
        let reply = if commands.is_empty() {
            done()
        } else {
            let label = format!("Accept proposal “{}”", title(&asked));
            self.dispatch(asked.journey.ulid(), Command::Batch { label, commands }, Via::Ai)?
        };
        asked.accepted = accept.to_vec();
        asked.is_decided = true;
        self.put_asked(&asked)?;
        Ok(reply)
    }

    /// Forgets a question, also one that is being answered.
    pub(crate) fn forget_ask(&mut self, id: AskId) -> Result<Reply, Fault> {
        if let Some(stop) = self.asks.0.get(&id) {
            stop.tell();
        }
        self.store.delete_asked(id)?;
        Ok(done())
    }

    fn one_asked(&self, id: AskId) -> Result<Asked, Fault> {
        let text = self.store.asked(id)?.ok_or_else(no_such_question)?;
        serde_json::from_str(&text).map_err(|error| internal(&format!("An answer cannot be read: {error}.")))
    }
}

/// Most changes of one proposal, as far as identifiers go.
const PROPOSED_MAX: usize = 16;

/// The question, short enough for a line of history.
fn title(asked: &Asked) -> String {
    const CHARS_MAX: usize = 60;
    asked.question.chars().take(CHARS_MAX).collect()
}

fn no_such_question() -> Fault {
    not_found("This question is not here any more.")
}
