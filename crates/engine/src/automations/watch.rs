//! Automations that a person makes: made, changed, deleted, and woken by what comes in.

use custory_automations::{Automation, Known, Recipe, incoming_run_id, plan};
use custory_domain::filter::TESTS_MAX;
use custory_domain::{EntityRef, JourneyId, Timestamp};
use custory_ipc::{Deed, Reply, Watched};
use serde_json::json;

use super::run::Occasion;
use super::zone_here;
use crate::failure::{Fault, no_such_journey, refused};
use crate::inbox::Core;

/// Automations that a person may make.
const MADE_MAX: usize = 50;

/// What a person wants to watch for and have done, if it can be.
pub(super) fn sensible(mut watch: Watched, deeds: Vec<Deed>) -> Result<(Watched, Vec<Deed>), Fault> {
    watch.name = watch.name.split_whitespace().collect::<Vec<_>>().join(" ");
    let (name_max, deeds_max) = (Automation::NAME_CHARS_MAX, Automation::DEEDS_MAX);
    if watch.name.is_empty() || watch.name.chars().count() > name_max {
        return Err(refused(&format!("Give it a name of 1 to {name_max} characters.")));
    }
    if !watch.filter.is_on() {
        return Err(refused("Say what it is to watch for: with no condition everything would come in."));
    }
    if watch.filter.tests() > TESTS_MAX || deeds.len() > deeds_max {
        let message = format!("At most {TESTS_MAX} conditions and {deeds_max} things to do can be set.");
        return Err(refused(&message));
    }
    Ok((watch, deeds))
}

impl Core {
    /// Makes an automation that watches. It is off.
    pub(crate) fn make_automation(
        &mut self,
        journey: Option<JourneyId>,
        watch: Watched,
        deeds: Vec<Deed>,
    ) -> Result<Reply, Fault> {
        let (watch, deeds) = sensible(watch, deeds)?;
        if let Some(it) = journey
            && self.board(it.ulid())?.journey().is_none()
        {
            return Err(no_such_journey());
        }
        let made = self.all_automations()?.iter().filter(|it| it.recipe.kind().is_none()).count();
        if made >= MADE_MAX {
            return Err(refused(&format!("There are {MADE_MAX} already. Delete one that is not needed.")));
        }
        let key = format!("own-{}", self.mint().to_string().to_lowercase());
        let made = Automation::made(key.clone(), journey, watch, deeds, &zone_here());
        self.store.put_automation(&key, &json!(made).to_string())?;
        self.tell_automations()?;
        self.automations()
    }

    /// Deletes one that a person made.
    pub(crate) fn delete_automation(&mut self, key: &str) -> Result<Reply, Fault> {
        let automation = self.automation(key)?;
        if automation.recipe.kind().is_some() {
            return Err(refused("This one comes with Custory. Switch it off instead."));
        }
        self.store.delete_automation(key)?;
        self.held_up.remove(key);
        self.tell_automations()?;
        self.automations()
    }

    /// One that looks for something else now, or was off, begins anew: what is so already is left alone.
    pub(super) fn look_anew(&mut self, before: &Automation, now: &Automation) -> Result<(), Fault> {
        let (Recipe::Watch { watch: was, .. }, Recipe::Watch { watch, .. }) = (&before.recipe, &now.recipe)
        else {
            return Ok(());
        };
        let begins = now.is_on && !before.is_on;
        if begins || watch.filter != was.filter || now.journey != before.journey {
            self.store.forget_watched(now.key())?;
        }
        if begins { self.run_if_something_came_in(now) } else { Ok(()) }
    }

    /// Looks whether something has come in, and runs the automation for it.
    pub(super) fn run_if_something_came_in(&mut self, automation: &Automation) -> Result<(), Fault> {
        let now = self.clock.now();
        let mut incoming: Vec<(EntityRef, Timestamp)> = Vec::new();
        for (journey, board) in self.boards_of(automation)? {
            let before = self.store.watched(automation.key(), journey)?;
            let known = Known { found: before.as_ref(), ..Known::default() };
            let planned = plan(automation, &board, known, now);
            // What came in is kept by the run for it.
            let is_quiet = planned.incoming.is_empty() && planned.found != before;
            if let Some(found) = planned.found.filter(|_| is_quiet) {
                self.store.put_watched(automation.key(), journey, &found)?;
            }
            incoming.extend(planned.incoming);
        }
        // Whoever came in last says for which moment it is: on every device, and at every try, the same.
        let Some(moment) = incoming.iter().map(|it| it.1).max() else { return Ok(()) };
        let id = incoming_run_id(automation, &incoming);
        self.run_once(automation, Occasion { id, moment, ..Occasion::default() })
    }
}
