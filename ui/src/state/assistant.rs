//! The assistant's panel: what was asked about the journey on screen, what is being answered, and what
//! a person has chosen of each proposal. Questions and answers are kept by the engine; this is a copy.

use std::collections::BTreeMap;

use custory_domain::{AskId, JourneyId};
use custory_ipc::{Asked, Reply, Request};
use dioxus::core::spawn_forever;
use dioxus::prelude::*;

use super::{Run, Store, Toast, ToastAction};
use crate::{dom, format, host};

/// Where questions are typed.
pub const QUESTION_ID: &str = "assistant-q";

/// A question that is being answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Running {
    /// Which one; unknown until the engine has said so.
    pub ask: Option<AskId>,
    /// In the person's words.
    pub question: String,
    /// What has been looked at, in a few words each.
    pub looked: Vec<String>,
    /// What it has written of its answer so far; nothing of it is checked yet.
    pub words: Vec<String>,
    /// The person does not want the answer any more.
    pub is_stopping: bool,
}

/// What a person has chosen of a proposal so far. Nothing of it is done before it is applied.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Choices {
    /// Accepted or rejected, by place.
    pub by_place: BTreeMap<usize, bool>,
    /// Words in place of those that were proposed, by place.
    pub texts: BTreeMap<usize, String>,
    /// Why it was not applied.
    pub refused: Option<String>,
}

/// The panel.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Assistant {
    /// It is on screen.
    pub is_open: bool,
    /// It lists what was asked before, instead of the conversation.
    pub is_past: bool,
    /// The journey that it is about.
    pub journey: Option<JourneyId>,
    /// All that was asked about it, newest first.
    pub asked: Vec<Asked>,
    /// The conversation in sight, oldest first.
    pub shown: Vec<AskId>,
    /// What is being answered.
    pub running: Option<Running>,
    /// The question that got no answer, and why.
    pub failed: Option<(String, String)>,
    /// What is being typed.
    pub typed: String,
    /// By question.
    pub choices: BTreeMap<AskId, Choices>,
}

impl Assistant {
    /// The conversation in sight.
    pub fn conversation(&self) -> Vec<Asked> {
        let find = |id: &AskId| self.asked.iter().find(|it| it.id == *id).cloned();
        self.shown.iter().filter_map(find).collect()
    }

    /// The newest proposal in sight that nobody has decided about.
    pub fn waiting(&self) -> Option<AskId> {
        let conversation = self.conversation();
        conversation.iter().rev().find(|it| is_waiting(it)).map(|it| it.id)
    }

    fn answered(&mut self, asked: Asked) {
        if self.running.as_ref().is_some_and(|it| it.ask.is_none_or(|id| id == asked.id)) {
            self.running = None;
        }
        if self.journey == Some(asked.journey) {
            self.shown.push(asked.id);
            self.asked.insert(0, asked);
        }
    }

    fn forget(&mut self, id: AskId) {
        self.asked.retain(|it| it.id != id);
        self.shown.retain(|it| *it != id);
        self.choices.remove(&id);
    }
}

/// Whether a proposal waits for a decision.
pub fn is_waiting(asked: &Asked) -> bool {
    !asked.is_decided && !asked.answer.proposal.is_empty()
}

impl Store {
    /// Opens the panel, or goes to where one types; from there closes it.
    pub fn toggle_assistant(mut self) {
        let is_open = self.assistant.peek().is_open;
        let is_inside = || dom::by_id("assistant").is_some_and(|it| dom::holds_focus(&it));
        if is_open && (is_inside() || dom::by_id(QUESTION_ID).is_none()) {
            self.assistant.write().is_open = false;
        } else if is_open {
            dom::focus_soon(QUESTION_ID);
        } else {
            self.open_assistant();
        }
    }

    /// Opens the panel in the place of a step's.
    pub fn open_assistant(mut self) {
        self.panel.set(None);
        self.assistant.write().is_open = true;
    }

    /// Opens the panel and asks there.
    pub fn put_to_assistant(self, question: String) {
        self.open_assistant();
        if let Some(journey) = self.journey_on_screen() {
            self.turn_assistant_to(journey);
            self.ask_assistant(question);
        }
    }

    /// Makes the panel one about a journey.
    pub fn turn_assistant_to(mut self, journey: JourneyId) {
        if self.assistant.peek().journey == Some(journey) {
            return;
        }
        {
            let mut assistant = self.assistant.write();
            assistant.journey = Some(journey);
            assistant.asked.clear();
            assistant.shown.clear();
            assistant.choices.clear();
            assistant.failed = None;
            assistant.is_past = false;
        }
        spawn_forever(async move {
            let request = Request::AskedSoFar { journey: Some(journey) };
            if let Some(Reply::AskedSoFar { asked }) = self.ask(request).await
                && self.assistant.peek().journey == Some(journey)
            {
                self.assistant.write().asked = asked;
            }
        });
    }

    /// Asks about the journey that the panel is about.
    pub fn ask_assistant(mut self, question: String) {
        let question = question.trim().to_owned();
        let Some(journey) = self.assistant.peek().journey else { return };
        if question.is_empty() || self.assistant.peek().running.is_some() {
            return;
        }
        {
            let mut assistant = self.assistant.write();
            let running = Running {
                ask: None,
                question: question.clone(),
                looked: vec![],
                words: vec![],
                is_stopping: false,
            };
            assistant.running = Some(running);
            assistant.failed = None;
            assistant.is_past = false;
            assistant.typed.clear();
        }
        spawn_forever(async move {
            let request = Request::Ask { journey, question: question.clone(), model: None };
            match host::request(request).await {
                Ok(Reply::AskStarted { ask }) => {
                    if let Some(running) = self.assistant.write().running.as_mut() {
                        running.ask = Some(ask);
                    }
                }
                Ok(_) => self.ask_ended("The program gave an answer to another question.".to_owned()),
                Err(failure) => self.ask_ended(failure.message),
            }
        });
    }

    /// Stops answering; the question is put back to where it was typed.
    pub fn stop_assistant(mut self) {
        let ask = {
            let mut assistant = self.assistant.write();
            let Some(running) = assistant.running.as_mut() else { return };
            running.is_stopping = true;
            running.ask
        };
        if let Some(asked) = ask {
            self.order(Request::CancelAsk { asked });
        }
    }

    pub(super) fn assistant_looks(mut self, ask: AskId, now: String) {
        if let Some(running) = self.assistant.write().running.as_mut()
            && running.ask.is_none_or(|it| it == ask)
        {
            running.ask = Some(ask);
            running.looked.push(now);
        }
    }

    pub(super) fn assistant_says(mut self, ask: AskId, words: Vec<String>) {
        if let Some(running) = self.assistant.write().running.as_mut()
            && running.ask.is_none_or(|it| it == ask)
        {
            running.ask = Some(ask);
            running.words = words;
        }
    }

    pub(super) fn assistant_answered(mut self, asked: Asked) {
        self.assistant.write().answered(asked);
    }

    pub(super) fn assistant_failed(self, ask: AskId, message: String) {
        let is_it =
            self.assistant.peek().running.as_ref().is_some_and(|it| it.ask.is_none_or(|id| id == ask));
        if is_it {
            self.ask_ended(message);
        }
    }

    fn ask_ended(mut self, message: String) {
        let mut assistant = self.assistant.write();
        let Some(running) = assistant.running.take() else { return };
        if assistant.typed.is_empty() {
            assistant.typed.clone_from(&running.question);
        }
        if !running.is_stopping {
            assistant.failed = Some((running.question, message));
        }
    }

    /// Chooses about a change; `None` takes a choice back.
    pub fn choose_change(mut self, ask: AskId, at: usize, choice: Option<bool>) {
        let mut assistant = self.assistant.write();
        let choices = assistant.choices.entry(ask).or_default();
        choices.refused = None;
        match choice {
            Some(choice) => choices.by_place.insert(at, choice),
            None => choices.by_place.remove(&at),
        };
    }

    /// Applies what was chosen, as one change. What is not chosen yet is accepted or rejected with it.
    pub fn decide_proposal(mut self, ask: AskId, rest: bool) {
        let (accept, texts) = {
            let assistant = self.assistant.peek();
            let Some(asked) = assistant.asked.iter().find(|it| it.id == ask && is_waiting(it)) else {
                return;
            };
            let choices = assistant.choices.get(&ask).cloned().unwrap_or_default();
            let accept: Vec<usize> = (0..asked.answer.proposal.len())
                .filter(|at| choices.by_place.get(at).copied().unwrap_or(rest))
                .collect();
            (accept, choices.texts)
        };
        let count = accept.len();
        spawn_forever(async move {
            let request =
                Request::DecideProposal { asked: ask, accept: accept.clone(), texts: texts.clone() };
            match host::request(request).await {
                Ok(Reply::Done { undo, .. }) => {
                    self.proposal_decided(ask, accept, &texts);
                    if let Some(undo) = undo {
                        self.undo.set(undo);
                    }
                    if count > 0 {
                        self.say_decided(count);
                    }
                }
                Ok(_) => {}
                Err(failure) => {
                    self.assistant.write().choices.entry(ask).or_default().refused = Some(failure.message);
                }
            }
        });
    }

    fn proposal_decided(mut self, ask: AskId, accept: Vec<usize>, texts: &BTreeMap<usize, String>) {
        let mut assistant = self.assistant.write();
        assistant.choices.remove(&ask);
        if let Some(asked) = assistant.asked.iter_mut().find(|it| it.id == ask) {
            for (at, text) in texts.iter().filter(|it| accept.contains(it.0)) {
                if let Some(proposed) = asked.answer.proposal.get_mut(*at) {
                    proposed.after.clone_from(text);
                }
            }
            asked.accepted = accept;
            asked.is_decided = true;
        }
    }

    fn say_decided(self, count: usize) {
        let undo = ToastAction {
            label: "Undo".to_owned(),
            keys: vec!["mod", "Z"],
            run: Run::new(move || self.undo_last()),
        };
        let said = format!("{} made", format::count(count, "change", "changes"));
        self.toast(Toast::plain("check", said).with(undo));
    }

    /// Forgets questions with their answers, for good.
    pub fn forget_asked(mut self, ids: Vec<AskId>) {
        spawn_forever(async move {
            for asked in ids {
                if self.ask(Request::ForgetAsk { asked }).await.is_some() {
                    self.assistant.write().forget(asked);
                }
            }
        });
    }
}
