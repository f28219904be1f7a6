//! Automations as windows and commands see them.

use custory_automations::{Automation, Plan, Recipe, Rhythm, Room, Schedule, sentence};
use custory_domain::{Agenda, Board, JourneyId};
use custory_ipc::{AutomationView, Choices, ChosenChannel, Every, JourneyReview, RunCheck};
use jiff::civil::Weekday;

use super::RUNS_SHOWN;
use super::watch::sensible;
use crate::failure::Fault;
use crate::inbox::Core;

/// Lines of a list in a digest; the rest is counted.
const LINES_MAX: usize = 12;
/// Days and the words for them.
const DAYS: [(Every, Weekday); 7] = [
    (Every::Monday, Weekday::Monday),
    (Every::Tuesday, Weekday::Tuesday),
    (Every::Wednesday, Weekday::Wednesday),
    (Every::Thursday, Weekday::Thursday),
    (Every::Friday, Weekday::Friday),
    (Every::Saturday, Weekday::Saturday),
    (Every::Sunday, Weekday::Sunday),
];

impl Core {
    pub(super) fn automation_view(&self, it: &Automation) -> Result<AutomationView, Fault> {
        let runs = self.store.runs(it.key(), RUNS_SHOWN)?;
        let journey = match it.journey {
            Some(journey) => self.board(journey.ulid())?.journey().map(|it| it.title.clone()),
            None => None,
        };
        Ok(AutomationView {
            key: it.key().to_owned(),
            name: it.name().to_owned(),
            is_own: it.recipe.kind().is_none(),
            is_on: it.is_on,
            sentence: sentence(it, journey.as_deref()),
            choices: choices(it),
            waits: self.held_up.get(it.key()).map(|it| (*it).to_owned()),
            next: it.schedule.next(self.clock.now()).filter(|_| it.is_on),
            // One that another version wrote is left out of the list.
            runs: runs.iter().filter_map(|it| serde_json::from_str(it).ok()).collect(),
        })
    }
}

fn choices(it: &Automation) -> Choices {
    let (every, hour) = match it.schedule.rhythm {
        Rhythm::Hourly => (Every::Hour, 0),
        Rhythm::Heard => (Every::Heard, 0),
        Rhythm::Changed => (Every::Changed, 0),
        Rhythm::Daily { hour } => (Every::Day, hour),
        Rhythm::Weekly { day, hour } => {
            (DAYS.iter().find(|it| it.1 == day).map_or(Every::Monday, |it| it.0), hour)
        }
    };
    let (points, cases, team) = match &it.recipe {
        Recipe::FunnelWatch { points, cases } => (Some(*points), Some(*cases), None),
        Recipe::Delivery { team, .. } => (None, None, Some(team.clone())),
        Recipe::Verdicts
        | Recipe::Shipped
        | Recipe::StaleSteps
        | Recipe::WeeklyReview
        | Recipe::Save
        | Recipe::Watch { .. } => (None, None, None),
    };
    let (watch, deeds) = match &it.recipe {
        Recipe::Watch { watch, deeds, .. } => (Some(watch.clone()), deeds.clone()),
        _ => (None, Vec::new()),
    };
    let channel = it.channel.clone().map(|it| ChosenChannel { vendor: it.vendor, id: it.id, name: it.name });
    let zone = it.schedule.zone.clone();
    Choices {
        journey: it.journey,
        every,
        hour,
        zone,
        points,
        cases,
        team,
        asks_first: it.asks_first,
        conditions: it.conditions.clone().unwrap_or_default(),
        channel,
        watch,
        deeds,
    }
}

/// The automation with choices taken over; what its recipe has no use for is left out.
pub(super) fn choose(before: &Automation, choices: Choices) -> Result<Automation, Fault> {
    let hour = choices.hour;
    let rhythm = match choices.every {
        // What wakes it is the recipe's own; the rest is chosen.
        _ if matches!(before.schedule.rhythm, Rhythm::Heard | Rhythm::Changed) => before.schedule.rhythm,
        Every::Heard | Every::Changed => before.schedule.rhythm,
        Every::Hour => Rhythm::Hourly,
        Every::Day => Rhythm::Daily { hour },
        day => Rhythm::Weekly {
            day: DAYS.iter().find(|it| it.0 == day).map_or(Weekday::Monday, |it| it.1),
            hour,
        },
    };
    let recipe = match &before.recipe {
        Recipe::FunnelWatch { points, cases } => Recipe::FunnelWatch {
            points: choices.points.filter(|it| *it > 0.0 && *it <= 100.0).unwrap_or(*points),
            cases: choices.cases.unwrap_or(*cases),
        },
        Recipe::Delivery { vendor, team } => Recipe::Delivery {
            vendor: vendor.clone(),
            team: choices.team.map_or_else(|| team.clone(), |it| it.trim().to_uppercase()),
        },
        Recipe::Watch { key, watch, .. } => {
            let watch = choices.watch.unwrap_or_else(|| watch.clone());
            let (watch, deeds) = sensible(watch, choices.deeds)?;
            Recipe::Watch { key: key.clone(), watch, deeds }
        }
        other => other.clone(),
    };
    Ok(Automation {
        recipe,
        journey: choices.journey,
        schedule: Schedule { rhythm, zone: choices.zone },
        asks_first: choices.asks_first,
        conditions: Some(choices.conditions).filter(|it| !it.of.is_empty()),
        channel: choices.channel.map(|it| Room { vendor: it.vendor, id: it.id, name: it.name }),
        ..before.clone()
    })
}

pub(super) fn check_views(board: &Board, plan: &Plan) -> Vec<RunCheck> {
    let journey = board.journey().map_or(String::new(), |it| it.title.clone());
    let check = |it: &custory_automations::Check| RunCheck {
        journey: journey.clone(),
        what: it.what.clone(),
        found: it.found.clone(),
        holds: it.holds,
    };
    plan.checks.iter().map(check).collect()
}

pub(super) fn review_view(journey: JourneyId, board: &Board, review: &Agenda) -> JourneyReview {
    JourneyReview {
        journey,
        title: board.journey().map_or(String::new(), |it| it.title.clone()),
        lists: review.lists(LINES_MAX),
        summary: None,
    }
}
