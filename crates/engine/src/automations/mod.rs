//! Automations: set on this device, run when they are due, rehearsed, logged, undone.
//!
//! What a run does is planned by [`custory_automations`] and named by what it is about, so carrying a plan out
//! again, here or on another device, adds nothing. A run is logged under the moment it stands for; one whose
//! log was lost is carried out again, to no effect.

mod heard;
mod run;
mod summary;
mod tell;
mod views;
mod watch;

use std::collections::BTreeMap;

use custory_automations::{Automation, Known, Recipe, RecipeKind, Rhythm, backtest, duty, plan};
use custory_domain::agenda::Period;
use custory_domain::{Board, JourneyId, Timestamp, Trace};
use custory_ipc::{Choices, Conditions, Event, Rehearsal, Reply};
use serde_json::json;

use crate::failure::{Fault, not_found, refused};
use crate::inbox::Core;
use crate::team::Turn;
use run::Occasion;
use views::{check_views, choose, review_view};

/// Runs of an automation that a window is shown.
const RUNS_SHOWN: usize = 20;
/// Hours of a day.
const HOURS: std::ops::RangeInclusive<i8> = 0..=23;

/// The time zone of this machine, by name.
pub(crate) fn zone_here() -> String {
    jiff::tz::TimeZone::system().iana_name().unwrap_or("UTC").to_owned()
}

impl Core {
    /// All automations.
    pub(crate) fn automations(&self) -> Result<Reply, Fault> {
        Ok(Reply::Automations { automations: self.automation_views()? })
    }

    fn automation_views(&self) -> Result<Vec<custory_ipc::AutomationView>, Fault> {
        self.all_automations()?.iter().map(|it| self.automation_view(it)).collect()
    }

    fn tell_automations(&self) -> Result<(), Fault> {
        self.emit(Event::Automations { automations: self.automation_views()? });
        Ok(())
    }

    /// Those that are offered, as they are set, else as they are offered; then those that a person made, in the order
    /// in which they were.
    fn all_automations(&self) -> Result<Vec<Automation>, Fault> {
        // One that a newer version wrote is as good as none: setting it again mends it.
        let kept = self.store.automations()?.into_iter();
        let mut kept: BTreeMap<String, Automation> =
            kept.filter_map(|(key, json)| Some((key, serde_json::from_str(&json).ok()?))).collect();
        let offered =
            RecipeKind::ALL.map(|it| kept.remove(it.key()).unwrap_or_else(|| it.offered(&zone_here())));
        let made = kept.into_values().filter(|it| it.recipe.kind().is_none());
        Ok(offered.into_iter().chain(made).collect())
    }

    fn automation(&self, key: &str) -> Result<Automation, Fault> {
        let all = self.all_automations()?;
        let known: Vec<_> = all.iter().map(|it| it.key()).collect();
        let message = || format!("There is no automation “{key}”; there are {}.", known.join(", "));
        all.iter().find(|it| it.key() == key).cloned().ok_or_else(|| not_found(&message()))
    }

    /// Switches an automation on or off and takes choices over. It runs from now on, for no moment before.
    pub(crate) fn set_automation(
        &mut self,
        key: &str,
        is_on: bool,
        choices: Choices,
    ) -> Result<Reply, Fault> {
        if !HOURS.contains(&choices.hour) {
            return Err(refused("An hour goes from 0 to 23."));
        }
        if jiff::tz::TimeZone::get(&choices.zone).is_err() {
            let zone = &choices.zone;
            return Err(refused(&format!(
                "“{zone}” is no time zone that is known here; one is Europe/Berlin."
            )));
        }
        let (count, depth) = (Conditions::COUNT_MAX, Conditions::DEPTH_MAX);
        if choices.conditions.count() > count || choices.conditions.depth() > depth {
            return Err(refused(&format!("At most {count} conditions can be set, in groups {depth} deep.")));
        }
        let before = self.automation(key)?;
        let mut set = choose(&before, choices)?;
        set.is_on = is_on;
        if set != before {
            set.version = before.version + 1;
            set.since = self.clock.now();
            self.store.put_automation(key, &json!(set).to_string())?;
            self.look_anew(&before, &set)?;
            self.tell_automations()?;
        }
        self.automations()
    }

    /// What a run would do now, and what it would have done. Reads, and nothing else.
    pub(crate) fn rehearse(&mut self, key: &str) -> Result<Reply, Fault> {
        let automation = self.automation(key)?;
        let now = self.clock.now();
        let mut rehearsal =
            Rehearsal { checks: Vec::new(), would: Vec::new(), reviews: Vec::new(), past: None };
        let boards = self.boards_of(&automation)?;
        let waiting = self.heard_for(&automation, &boards, None)?;
        let all = self.heard_lately(&automation, &boards)?;
        for (journey, board) in boards {
            let traces = self.traces_for(&automation, journey, &board, now)?;
            let found = self.store.watched(key, journey)?;
            let known = Known { heard: waiting.on(journey), traces: &traces, found: found.as_ref() };
            let found = plan(&automation, &board, known, now);
            rehearsal.checks.extend(check_views(&board, &found));
            rehearsal.would.extend(found.effects.iter().map(|it| it.says().to_owned()));
            rehearsal.reviews.extend(found.review.map(|it| review_view(journey, &board, &it)));
            if let Some(firings) = backtest(&automation, &board, all.on(journey), now) {
                let past = rehearsal.past.get_or_insert_default();
                past.extend(firings.into_iter().map(|it| (it.at, it.says)));
            }
        }
        if let Some(past) = &mut rehearsal.past {
            past.sort_by_key(|it| it.0);
        }
        Ok(Reply::Rehearsed { rehearsal })
    }

    /// The boards that an automation looks at: those of its journeys that are not archived. The sample is
    /// there to look around in; nothing is done on it by itself.
    fn boards_of(&self, automation: &Automation) -> Result<Vec<(JourneyId, Board)>, Fault> {
        let is_meant = |it: &custory_ipc::JourneySummary| match automation.journey {
            Some(journey) => it.id == journey,
            None => !it.is_archived && !it.is_sample,
        };
        let journeys = self.summaries()?.into_iter().filter(is_meant);
        journeys.map(|it| Ok((it.id, self.board(it.id.ulid())?))).collect()
    }

    /// What was changed since the last review, for the recipe that looks at it.
    fn traces_for(
        &mut self,
        automation: &Automation,
        journey: JourneyId,
        board: &Board,
        moment: Timestamp,
    ) -> Result<Vec<Trace>, Fault> {
        match automation.recipe {
            Recipe::WeeklyReview => self.traces(journey, Period::of(board, moment)),
            _ => Ok(Vec::new()),
        }
    }

    /// Runs every automation whose moment has come and which has not run for it.
    pub(crate) fn run_what_is_due(&mut self) {
        let all = match self.all_automations() {
            Ok(all) => all,
            Err(fault) => return tracing::error!("cannot look at the automations: {fault}"),
        };
        for it in all.iter().filter(|it| it.is_on) {
            let ran = match it.schedule.rhythm {
                Rhythm::Changed => self.run_if_something_came_in(it),
                _ => self.run_if_due(it),
            };
            if let Err(fault) = ran {
                tracing::error!("{} did not run: {fault}", it.key());
            }
        }
    }

    fn run_if_due(&mut self, automation: &Automation) -> Result<(), Fault> {
        let moment: Option<Timestamp> = automation.schedule.last(self.clock.now());
        let Some(moment) = moment.filter(|it| *it > automation.since) else { return Ok(()) };
        let id = custory_automations::run_id(automation, moment);
        self.run_once(automation, Occasion { id, moment, ..Occasion::default() })
    }

    /// Runs an automation for an occasion, unless it has, as soon as it is this device's turn.
    fn run_once(&mut self, automation: &Automation, occasion: Occasion) -> Result<(), Fault> {
        if self.store.run(&occasion.id)?.is_some() {
            return Ok(());
        }
        let key = automation.key();
        match duty(automation).map_or(Turn::Ours, |it| self.turn(&it)) {
            Turn::Ours => {
                self.held_up.remove(key);
                self.carry_out_run(automation, occasion)?;
            }
            Turn::Waits(reason) => {
                if self.held_up.insert(key.to_owned(), reason) != Some(reason) {
                    self.tell_automations()?;
                }
            }
        }
        Ok(())
    }
}
