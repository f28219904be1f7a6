//! Looking at an older version of the journey on screen: which one, what differs from now, and the way back.
//!
//! While an older version is on screen, the journey as it is waits beside it and hears everything that happens.
//! Nothing can be changed in the past: it can only be put back, which is a change of the present.

use std::collections::BTreeMap;

use custory_domain::board::BoardIndex;
use custory_domain::{Board, Entity, EntityKind, EntityRef, ItemKind, JourneyId, MemberId, Stamp};
use custory_ipc::{Busy, PastJourney, Reply, Request, Version, When};
use dioxus::core::spawn_forever;
use dioxus::prelude::*;
use serde_json::Value;

use super::{OpenJourney, Run, Store, Toast, ToastAction};
use crate::host;

/// What became of something since a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// It was not there then.
    Added,
    /// It was otherwise.
    Changed,
    /// It is not there any more.
    Removed,
}

/// A value that is otherwise now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What the value is called.
    pub field: String,
    /// What it was; empty for nothing.
    pub was: String,
    /// What it is; empty for nothing.
    pub is: String,
}

/// Which of the two is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Drawn {
    /// The version as it was.
    #[default]
    AsItWas,
    /// The journey as it is, with what is gone, and marks on what differs.
    WhatChanged,
}

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
    /// Which of the two is drawn.
    pub drawn: Drawn,
    /// What differs between it and now.
    pub marks: BTreeMap<EntityRef, Mark>,
    /// How, for what is still there.
    pub differences: BTreeMap<EntityRef, Vec<Difference>>,
    /// A version is on its way.
    pub is_loading: bool,
    then: Board,
    /// The version that was wanted last, while another is on its way.
    wanted: Option<When>,
}

impl History {
    /// How many things have a mark.
    pub fn count(&self, mark: Mark) -> usize {
        self.marks.values().filter(|it| **it == mark).count()
    }

    /// The place of the version on screen among the listed ones.
    pub fn place(&self) -> Option<usize> {
        let at = self.at.as_ref()?;
        self.versions.iter().position(|it| it.id == at.id)
    }
}

impl Store {
    /// Whether what is on screen is an older version.
    pub fn is_in_past(self) -> bool {
        self.present.peek().is_some()
    }

    /// The journey as it is, whatever is on screen.
    pub(super) fn as_it_is(self) -> Signal<Option<OpenJourney>> {
        if self.is_in_past() { self.present } else { self.open }
    }

    /// Opens the history of the journey on screen, or closes it.
    pub fn toggle_history(mut self) {
        if self.history.peek().is_some() {
            self.leave_history();
        } else {
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
        if !self.is_in_past() {
            let now = self.open.write().take();
            self.present.set(now);
        }
        self.selection.clear();
        if let Some(history) = self.history.write().as_mut() {
            history.at = Some(past.version);
            history.then = past.board;
        }
        self.draw_past();
    }

    /// Chooses which of the two is drawn.
    pub fn draw_as(self, drawn: Drawn) {
        let mut store = self;
        if let Some(history) = store.history.write().as_mut() {
            history.drawn = drawn;
        }
        self.draw_past();
    }

    /// Draws the version on screen anew: it was chosen, or the present has changed.
    pub(super) fn draw_past(mut self) {
        let drawn = {
            let present = self.present.peek();
            let Some(present) = present.as_ref() else { return };
            let mut history = self.history.write();
            let Some(history) = history.as_mut() else { return };
            let Some(at) = history.at.as_ref().map(|it| it.at) else { return };
            (history.marks, history.differences) = compared(&history.then, &present.board);
            match history.drawn {
                Drawn::AsItWas => OpenJourney::as_of(present.id, history.then.clone(), at),
                Drawn::WhatChanged => {
                    let both = with_gone(&history.then, &present.board, &history.marks);
                    OpenJourney::as_of(present.id, both, host::now())
                }
            }
        };
        self.open.set(Some(drawn));
    }

    /// Back to the journey as it is; its history stays open.
    pub fn back_to_now(mut self) {
        let present = self.present.write().take();
        if let Some(present) = present {
            self.open.set(Some(present));
        }
        if let Some(history) = self.history.write().as_mut() {
            history.at = None;
            history.marks.clear();
            history.differences.clear();
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

    /// Says that the past cannot be changed.
    pub(super) fn refuse_past(self) {
        let back = ToastAction {
            label: "Back to now".to_owned(),
            keys: vec!["Esc"],
            run: Run::new(move || self.back_to_now()),
        };
        self.toast(Toast::plain("clock", "This is how it was, to look at only.".to_owned()).with(back));
    }
}

/// Kinds that history marks.
fn is_marked(kind: EntityKind) -> bool {
    matches!(kind, EntityKind::Stage | EntityKind::Step) || ItemKind::of(kind).is_some()
}

/// What differs between two boards, of what is drawn, and how.
fn compared(then: &Board, now: &Board) -> (BTreeMap<EntityRef, Mark>, BTreeMap<EntityRef, Vec<Difference>>) {
    let in_sight = |board: &Board| -> BTreeMap<EntityRef, Entity> {
        let shown = board.entities().filter(|it| is_marked(it.entity_ref().kind) && it.trashed().is_none());
        shown.map(|it| (it.entity_ref(), it)).collect()
    };
    let (before, after) = (in_sight(then), in_sight(now));
    let (then_index, now_index) = (BoardIndex::of(then), BoardIndex::of(now));
    let (mut marks, mut differences) = (BTreeMap::new(), BTreeMap::new());
    for (id, was) in &before {
        let Some(is) = after.get(id) else {
            marks.insert(*id, Mark::Removed);
            continue;
        };
        let mut found = differing(was, is);
        let quotes = |index: &BoardIndex| index.evidence_count(*id);
        if quotes(&then_index) != quotes(&now_index) {
            let (was, is) = (quotes(&then_index).to_string(), quotes(&now_index).to_string());
            found.push(Difference { field: "quotes".to_owned(), was, is });
        }
        if !found.is_empty() {
            marks.insert(*id, Mark::Changed);
            differences.insert(*id, found);
        }
    }
    marks.extend(after.keys().filter(|it| !before.contains_key(it)).map(|it| (*it, Mark::Added)));
    (marks, differences)
}

/// Values that differ, without who changed them and when.
fn differing(was: &Entity, is: &Entity) -> Vec<Difference> {
    let plain = |entity: &Entity| {
        let mut entity = entity.clone();
        entity.set_created(Stamp::default());
        match serde_json::to_value(entity) {
            Ok(Value::Object(fields)) => fields,
            _ => Default::default(),
        }
    };
    let (was, is) = (plain(was), plain(is));
    let names = was.keys().chain(is.keys().filter(|it| !was.contains_key(*it)));
    names
        .filter(|it| was.get(*it) != is.get(*it))
        .map(|field| Difference {
            field: field.replace('_', " "),
            was: word(was.get(field)),
            is: word(is.get(field)),
        })
        .collect()
}

/// A value in a word; empty for what is none, such as a list.
fn word(value: Option<&Value>) -> String {
    match value {
        Some(Value::String(text)) => text.replace('_', " "),
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::Bool(true)) => "yes".to_owned(),
        Some(Value::Bool(false)) => "no".to_owned(),
        _ => String::new(),
    }
}

/// The present with what is gone from it since.
fn with_gone(then: &Board, now: &Board, marks: &BTreeMap<EntityRef, Mark>) -> Board {
    let mut both = now.clone();
    for (id, _) in marks.iter().filter(|it| *it.1 == Mark::Removed) {
        if let Some(entity) = then.get(*id) {
            both.put(entity);
        }
    }
    both
}

#[cfg(test)]
mod tests {
    use custory_domain::{Insight, InsightId, Stage, StageId, Step, StepId};

    use super::*;

    const STEP: StepId = StepId::from_parts(1, 2);

    fn board(insights: &[(u128, &str, Option<u8>)]) -> Board {
        let stage = StageId::from_parts(1, 1);
        let mut board = Board::default();
        board.put(Stage { title: "Begin".to_owned(), ..Stage::new(stage) }.into());
        board.put(Step { title: "Sign up".to_owned(), stage: Some(stage), ..Step::new(STEP) }.into());
        for (id, statement, severity) in insights {
            let id = InsightId::from_parts(1, *id);
            let steps = [STEP].into();
            let statement = (*statement).to_owned();
            board.put(Insight { statement, severity: *severity, steps, ..Insight::new(id) }.into());
        }
        board
    }

    #[test]
    fn what_came_what_went_and_what_is_otherwise_is_marked_and_nothing_else() {
        let then = board(&[(3, "Late", Some(2)), (4, "Slow", None), (5, "Gone", None)]);
        let now = board(&[(3, "Late", Some(4)), (4, "Slow", None), (6, "New", None)]);
        let (marks, differences) = compared(&then, &now);
        let insight = |it: u128| EntityRef::from(InsightId::from_parts(1, it));
        let expected = [(insight(3), Mark::Changed), (insight(5), Mark::Removed), (insight(6), Mark::Added)];
        assert_eq!(marks, expected.into());
        let severity = Difference { field: "severity".to_owned(), was: "2".to_owned(), is: "4".to_owned() };
        assert_eq!(differences, [(insight(3), vec![severity])].into());
        let both = with_gone(&then, &now, &marks);
        assert!(both.contains(insight(5)) && both.contains(insight(6)));
    }
}
