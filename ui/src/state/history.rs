//! Looking at an older version of the journey on screen: which one, and the way back.
//!
//! Nothing can be changed in the past: it can only be put back, which is a change of the present.

use custory_domain::{EntityRef, JourneyId, MemberId};
use custory_ipc::{Busy, PastJourney, Reply, Request, Version, When};
use dioxus::core::spawn_forever;
use dioxus::prelude::*;

use super::{Run, Store, Toast, ToastAction};

/// History on screen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    /// Changes, the newest first.
    pub versions: Vec<Version>,
    /// There are older ones.
    pub has_more: bool,
    /// How many changes there were over time.
    pub busy: Vec<Busy>,
    /// Versions with a name.
    pub named: Vec<Version>,
    /// Only changes of this thing, by its title.
    pub about: Option<(EntityRef, String)>,
    /// Only changes by this person.
    pub who: Option<MemberId>,
    /// The version on screen; the present without one.
    pub at: Option<Version>,
    /// A version is on its way.
    pub is_loading: bool,
    /// The version that was wanted last, while another is on its way.
    wanted: Option<When>,
}

impl History {
    /// The place of the version on screen among the listed ones.
    pub fn place(&self) -> Option<usize> {
        let at = self.at.as_ref()?;
        self.versions.iter().position(|it| it.id == at.id)
    }
}

impl Store {
    /// Opens the history of the journey on screen, or closes it.
    pub fn toggle_history(mut self) {
        if self.history.peek().is_some() {
            self.leave_history();
        } else {
            self.end_comparison();
            self.leave_review();
            self.panel.set(None);
            self.assistant.write().is_open = false;
            self.history.set(Some(History::default()));
            self.list_history(None);
        }
    }

    /// Shows what was changed of one thing.
    pub fn show_history_of(mut self, entity: EntityRef) {
        let title = self.open.peek().as_ref().and_then(|it| it.board.get(entity));
        let about = Some((entity, title.map(|it| it.title().to_owned()).unwrap_or_default()));
        if self.history.peek().is_none() {
            self.end_comparison();
        }
        self.leave_review();
        self.panel.set(None);
        self.assistant.write().is_open = false;
        self.history.write().get_or_insert_default().about = about;
        self.list_history(None);
    }

    /// Lists the newest changes, or those before a version.
    pub fn list_history(mut self, before: Option<String>) {
        let Some(journey) = self.journey_on_screen() else { return };
        let about = self.history.peek().as_ref().and_then(|it| it.about.as_ref().map(|it| it.0));
        spawn_forever(async move {
            let is_more = before.is_some();
            let request = Request::History { journey, about, before };
            let Some(Reply::History { history: told }) = self.ask(request).await else { return };
            let mut history = self.history.write();
            let Some(history) = history.as_mut() else { return };
            if history.about.as_ref().map(|it| it.0) != about {
                return;
            }
            if is_more {
                history.versions.extend(told.versions);
            } else {
                history.versions = told.versions;
            }
            history.has_more = told.has_more;
            if !told.busy.is_empty() {
                (history.busy, history.named) = (told.busy, told.named);
            }
        });
    }

    /// Puts a version on screen. Of several wanted in a row only the last is fetched.
    pub fn look_back(mut self, when: When) {
        let Some(journey) = self.journey_on_screen() else { return };
        {
            let mut history = self.history.write();
            let Some(history) = history.as_mut() else { return };
            history.wanted = Some(when);
            if std::mem::replace(&mut history.is_loading, true) {
                return;
            }
        }
        spawn_forever(async move {
            loop {
                let wanted = self.history.write().as_mut().and_then(|it| it.wanted.take());
                let Some(when) = wanted else { break };
                match self.ask(Request::JourneyAt { journey, when }).await {
                    Some(Reply::JourneyAt { past }) => self.arrive(journey, *past),
                    _ => break,
                }
            }
            if let Some(history) = self.history.write().as_mut() {
                history.is_loading = false;
            }
        });
    }

    fn arrive(mut self, journey: JourneyId, past: PastJourney) {
        if self.history.peek().is_none() || self.journey_on_screen() != Some(journey) {
            return;
        }
        let at = past.version.at;
        if let Some(history) = self.history.write().as_mut() {
            history.at = Some(past.version);
        }
        self.compare_with_past(at, past.board);
    }

    /// Back to the journey as it is; its history stays open.
    pub fn back_to_now(mut self) {
        self.end_comparison();
        if let Some(history) = self.history.write().as_mut() {
            history.at = None;
        }
    }

    /// Back to the journey as it is, without its history.
    pub fn leave_history(mut self) {
        self.back_to_now();
        self.history.set(None);
    }

    /// Puts everything, or one thing, back as it was in the version on screen.
    pub fn put_back(self, only: Option<EntityRef>) {
        let mut store = self;
        let Some(journey) = self.journey_on_screen() else { return };
        let version = self.history.peek().as_ref().and_then(|it| it.at.as_ref().map(|it| it.id.clone()));
        let Some(version) = version else { return };
        spawn_forever(async move {
            let request = Request::GoBack { journey, version, only: only.map(|it| vec![it]) };
            let Some(Reply::Done { label, undo }) = self.ask(request).await else { return };
            if let Some(undo) = undo {
                store.undo.set(undo);
            }
            if label.is_empty() {
                self.toast(Toast::plain("info", "It is so already.".to_owned()));
                return;
            }
            if only.is_none() {
                self.back_to_now();
            }
            self.list_history(None);
            let undo = ToastAction {
                label: "Undo".to_owned(),
                keys: vec!["mod", "Z"],
                run: Run::new(move || self.undo_last()),
            };
            let said = if only.is_some() { "Put back as it was" } else { "This is the version again" };
            self.toast(Toast::plain("undo", said.to_owned()).with(undo));
        });
    }
}
