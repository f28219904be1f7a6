//! The automations' part of the store: how they are set, and the rehearsal that is shown.

use custory_domain::JourneyId;
use custory_ipc::{
    AutomationView, AutomationsRequest, Choices, Deed, Rehearsal, Reply, Request, Run, RunResult, Watched,
};
use dioxus::core::spawn_forever;
use dioxus::prelude::*;

use super::{Store, Toast};
use crate::host;

/// What the automations' screen shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Automations {
    /// All of them.
    pub all: Vec<AutomationView>,
    /// The one that is looked at, by its name in commands.
    pub at: Option<String>,
    /// What it would do now.
    pub rehearsal: Option<Rehearsal>,
}

impl Automations {
    /// The one that is looked at; at first the first.
    pub fn shown(&self) -> Option<&AutomationView> {
        let wanted = self.at.as_ref().and_then(|key| self.all.iter().find(|it| it.key == *key));
        wanted.or(self.all.first())
    }

    /// Whether something waits for a person: a run that failed, stopped, or is to be checked.
    pub fn needs_person(&self) -> bool {
        let last = self.all.iter().filter(|it| it.is_on).filter_map(|it| it.runs.first());
        last.into_iter().any(|it| is_trouble(&it.result))
    }
}

/// Whether a person should look at a run.
pub const fn is_trouble(result: &RunResult) -> bool {
    matches!(
        result,
        RunResult::Asks { .. } | RunResult::Held { .. } | RunResult::Check { .. } | RunResult::Failed { .. }
    )
}

impl Automations {
    /// The last run that wrote reviews.
    pub fn newest_review(&self) -> Option<&Run> {
        self.all.iter().flat_map(|it| &it.runs).filter(|it| !it.reviews.is_empty()).max_by_key(|it| it.at)
    }
}

impl Store {
    /// Takes over how the automations stand; a review that was written by itself meanwhile is told of.
    pub(super) fn hear_automations(mut self, all: Vec<AutomationView>) {
        let before = self.automations.peek().newest_review().map(|it| it.at);
        let is_known = !self.automations.peek().all.is_empty();
        self.automations.write().all = all;
        let newest = self.automations.peek().newest_review().cloned();
        if let Some(run) = newest.filter(|it| is_known && !it.is_by_hand && Some(it.at) > before) {
            self.tell_review(&run);
        }
    }

    /// Asks for the automations. They come with events from then on.
    pub async fn fetch_automations(mut self) {
        if let Ok(Reply::Automations { automations }) =
            host::request(Request::Automations(AutomationsRequest::List)).await
        {
            self.automations.write().all = automations;
        }
    }

    /// Looks at one, and rehearses it.
    pub fn look_at_automation(mut self, key: String) {
        let mut automations = self.automations.write();
        automations.at = Some(key);
        automations.rehearsal = None;
        drop(automations);
        self.rehearse();
    }

    /// Rehearses the one that is looked at.
    pub fn rehearse(mut self) {
        let Some(key) = self.automations.peek().shown().map(|it| it.key.clone()) else { return };
        spawn_forever(async move {
            if let Some(Reply::Rehearsed { rehearsal }) = self
                .ask(Request::Automations(AutomationsRequest::RehearseAutomation { key: key.clone() }))
                .await
            {
                let is_shown = self.automations.peek().shown().is_some_and(|it| it.key == key);
                if is_shown {
                    self.automations.write().rehearsal = Some(rehearsal);
                }
            }
        });
    }

    /// Switches one on or off, or changes what was chosen, and rehearses it anew.
    pub fn set_automation(mut self, key: String, is_on: bool, choices: Choices) {
        spawn_forever(async move {
            let request = Request::Automations(AutomationsRequest::SetAutomation { key, is_on, choices });
            if let Some(Reply::Automations { automations }) = self.ask(request).await {
                self.automations.write().all = automations;
                self.rehearse();
            }
        });
    }

    /// Makes one, looks at it, and switches it on if it is wanted.
    pub fn make_automation(
        mut self,
        journey: Option<JourneyId>,
        watch: Watched,
        deeds: Vec<Deed>,
        is_on: bool,
    ) {
        spawn_forever(async move {
            let asked = self
                .ask(Request::Automations(AutomationsRequest::MakeAutomation { journey, watch, deeds }))
                .await;
            let Some(Reply::Automations { automations }) = asked else { return };
            let made = automations.last().cloned();
            self.automations.write().all = automations;
            if let Some(it) = made {
                self.look_at_automation(it.key.clone());
                if is_on {
                    self.set_automation(it.key, true, it.choices);
                }
            }
        });
    }

    /// Deletes one that a person made.
    pub fn delete_automation(mut self, key: String) {
        spawn_forever(async move {
            if let Some(Reply::Automations { automations }) =
                self.ask(Request::Automations(AutomationsRequest::DeleteAutomation { key })).await
            {
                self.automations.write().all = automations;
                self.rehearse();
            }
        });
    }

    /// Runs one now; `is_unbraked` also where it would do a lot.
    pub fn run_automation(self, key: String, is_unbraked: bool) {
        spawn_forever(async move {
            let asked =
                self.ask(Request::Automations(AutomationsRequest::RunAutomation { key, is_unbraked })).await;
            if let Some(Reply::Ran { run }) = asked {
                let said = crate::views::automations::outcome(&run);
                self.toast(if is_trouble(&run.result) {
                    Toast::bad(said)
                } else {
                    Toast::plain("flow", said)
                });
                // The log comes by itself, and goes on coming: asking for it could bring an older one over it.
                self.rehearse();
            }
        });
    }
}
