//! Deciding: by keys, and what the buttons do.

use custory_domain::{EntityRef, InsightSort, JourneyId, Shelf, Timestamp};
use custory_ipc::{Reply, Request, StepMatch, Triage};
use dioxus::core::spawn_forever;
use dioxus::prelude::*;

use super::list::row_id;
use super::suggestion::{ANOTHER_ID, STATEMENT_ID};
use super::{LIST_ID, for_you};
use crate::components::{Entry, Menu};
use crate::dom;
use crate::format;
use crate::host;
use crate::state::{Store, stage_colour};
use crate::views::map::MapState;

/// How long a snoozed signal stays away.
const SNOOZE_MILLIS: i64 = Timestamp::DAY_MILLIS;

/// A key was pressed in the inbox.
pub fn press(event: &KeyboardEvent, mut store: Store, map: MapState) {
    let is_covered = store.menu.peek().is_some() || store.overlay.peek().is_some();
    // The letter after G says where to go.
    if is_covered || dom::is_typing() || *store.is_going_next.peek() {
        return;
    }
    let modifiers = event.modifiers();
    let is_command = modifiers.intersects(Modifiers::CONTROL | Modifiers::META);
    let letter = match event.key() {
        Key::Character(letter) => letter.to_lowercase(),
        Key::ArrowDown => "j".to_owned(),
        Key::ArrowUp => "k".to_owned(),
        Key::Backspace | Key::Delete => "d".to_owned(),
        // A button that has the focus keeps its own key.
        Key::Enter if dom::focused().is_none_or(|it| it.id() == LIST_ID) => "enter".to_owned(),
        _ => return,
    };
    if store.news.peek().is_shown {
        let is_shift = modifiers.contains(Modifiers::SHIFT);
        if !is_command && for_you::press(&letter, is_shift, store, map) {
            event.prevent_default();
            event.stop_propagation();
        }
        return;
    }
    if is_command {
        if letter == "z" && !store.inbox.peek().last.is_empty() {
            store.take_decision_back();
            event.prevent_default();
        }
        return;
    }
    let is_open = matches!(store.inbox.peek().shelf, Shelf::Review | Shelf::Later);
    match (letter.as_str(), is_open) {
        ("j", _) => walk(store, 1),
        ("k", _) => walk(store, -1),
        ("x", _) => mark(store),
        ("u", false) => reopen(store),
        ("1" | "2" | "3", true) => {
            let place = usize::from(letter.as_bytes()[0] - b'1');
            let mut inbox = store.inbox.write();
            if inbox.shown().is_some_and(|it| place < it.matches.len()) {
                inbox.picked = place;
            }
        }
        ("enter", true) => attach(store),
        ("c", true) => another_step(store),
        ("n", true) => write_insight(store),
        ("m", true) => merge(store),
        ("s", true) => snooze(store),
        ("d", true) => dismiss(store),
        _ => return,
    }
    event.prevent_default();
    event.stop_propagation();
}

fn walk(mut store: Store, by: isize) {
    store.inbox.write().walk(by);
    if let Some(at) = store.inbox.peek().at {
        dom::reveal(&row_id(&at.to_string()));
    }
}

fn mark(mut store: Store) {
    let mut inbox = store.inbox.write();
    let Some(at) = inbox.at else { return };
    if inbox.marked.contains(&at) {
        inbox.marked.retain(|it| *it != at);
    } else {
        inbox.marked.push(at);
    }
}

fn picked(store: Store) -> Option<StepMatch> {
    let inbox = store.inbox.peek();
    inbox.shown()?.matches.get(inbox.picked).cloned()
}

fn decide(store: Store, act: Triage, done: &str, place: &str) {
    let signals = store.inbox.peek().chosen();
    let what = if signals.len() == 1 { String::new() } else { format!(" {} signals", signals.len()) };
    store.decide(signals, act, format!("{done}{what}{place}"));
    dom::focus(LIST_ID);
}

/// Attaches to the picked step, or to the insight on it that says something alike.
pub fn attach(store: Store) {
    let Some(found) = picked(store) else { return };
    let to = found.insight.map_or(EntityRef::from(found.step), |it| it.0.into());
    decide(
        store,
        Triage::Attach { journey: found.journey, to },
        "Attached",
        &format!(" to {}", found.step_title),
    );
}

/// Puts off until tomorrow.
pub fn snooze(store: Store) {
    let until = Timestamp(host::now().0 + SNOOZE_MILLIS);
    decide(store, Triage::Snooze { until }, "Snoozed", " until tomorrow");
}

/// Puts out of the way.
pub fn dismiss(store: Store) {
    decide(store, Triage::Dismiss, "Dismissed", "");
}

/// Takes back what was decided.
pub fn reopen(store: Store) {
    decide(store, Triage::Reopen, "Back in the inbox", "");
}

/// Merges those that are marked into the one that is looked at.
fn merge(store: Store) {
    let inbox = store.inbox.peek();
    let Some(into) = inbox.at else { return };
    let others: Vec<_> = inbox.marked.iter().copied().filter(|it| *it != into).collect();
    drop(inbox);
    let said = format!("Merged {}", format::count(others.len(), "signal", "signals"));
    store.decide(others, Triage::Merge { into }, said);
}

/// Opens the field for a new insight on the picked step.
pub fn write_insight(mut store: Store) {
    if picked(store).is_some() {
        store.inbox.write().is_writing = true;
        dom::focus_soon(STATEMENT_ID);
    }
}

/// Makes an insight on the picked step, with the signals as its evidence.
pub fn new_insight(store: Store, statement: String) {
    let Some(found) = picked(store) else { return };
    let (journey, step) = (found.journey, found.step);
    let act = Triage::NewInsight { journey, step, statement, sort: InsightSort::Pain };
    decide(store, act, "New insight from", &format!(" on {}", found.step_title));
}

/// Offers all steps of the journey that is meant.
pub fn another_step(mut store: Store) {
    let Some(journey) = journey_at_hand(store) else { return };
    spawn_forever(async move {
        let Some(Reply::Board { board, .. }) = store.ask(Request::OpenJourney { journey }).await else {
            return;
        };
        let stages = board.stages_in_order();
        let mut entries = Vec::new();
        for (at, stage) in stages.iter().enumerate() {
            for step in board.steps_of(stage.id) {
                let (id, title) = (step.id, step.title.clone());
                let place = format!(" to {title}");
                let act =
                    move || decide(store, Triage::Attach { journey, to: id.into() }, "Attached", &place);
                entries.push(Entry::act(title, act).colour(stage_colour(at, stages.len())));
            }
        }
        store.menu.set(Some(Menu::below_id(ANOTHER_ID, "Step", entries)));
    });
}

/// The journey of the match, else the one that was open last, else the newest.
fn journey_at_hand(store: Store) -> Option<JourneyId> {
    let journeys = store.journeys.peek();
    let last = store.preferences.peek().last_journey;
    let is_shown = |id: &JourneyId| journeys.iter().any(|it| it.id == *id && !it.is_archived);
    let newest = || journeys.iter().rev().find(|it| !it.is_archived).map(|it| it.id);
    picked(store).map(|it| it.journey).or(last).filter(is_shown).or_else(newest)
}
