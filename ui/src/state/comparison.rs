//! The journey on screen beside another state of it: an older version, or, where it shows how it should be, the same as
//! it is. What differs, how the two are drawn, and the way back.
//!
//! Where both stand side by side the journey itself stays what is on screen, and is worked on as ever. Where one thing is
//! drawn of the two, the journey waits beside it and hears everything that happens; what is drawn then is there to be
//! looked at, and nothing on it can be changed.

use std::collections::BTreeMap;

use custory_domain::board::BoardIndex;
use custory_domain::{
    Board, Entity, EntityKind, EntityRef, ItemKind, JourneyId, Patch, Stamp, StepId, Timestamp,
};
use custory_ipc::{Lens, Reply, Request};
use dioxus::core::spawn_forever;
use dioxus::prelude::*;
use serde_json::Value;

use super::{OpenJourney, Panel, Run, Store, Toast, ToastAction};
use crate::app::Screen;
use crate::host;

/// What became of something.
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

/// How the two are drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Drawn {
    /// Only the other one, as it was.
    #[default]
    Other,
    /// The journey itself, with what is gone, and marks on what differs.
    WhatChanged,
    /// Both, step by step.
    SideBySide,
}

/// What the journey is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum With {
    /// An older version, as of a moment.
    Past(Timestamp),
    /// The journey as it is.
    AsIs(JourneyId),
}

/// A comparison on screen.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// With what.
    pub with: With,
    /// How the two are drawn.
    pub drawn: Drawn,
    /// What differs.
    pub marks: BTreeMap<EntityRef, Mark>,
    /// How, for what is on both.
    pub differences: BTreeMap<EntityRef, Vec<Difference>>,
    /// The other one, under the ids of the journey on screen.
    pub other: OpenJourney,
    /// What each thing of the other one is in its own journey.
    own: BTreeMap<EntityRef, EntityRef>,
    asked: Asked,
}

/// Whether the other one is being asked for anew.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Asked {
    #[default]
    Not,
    /// It is.
    Once,
    /// It is, and something has changed since.
    Again,
}

impl Comparison {
    /// The first difference that says something in a word.
    pub fn telling(&self, what: EntityRef) -> Option<&Difference> {
        self.differences.get(&what)?.iter().find(|it| !(it.was.is_empty() && it.is.is_empty()))
    }

    /// How many things have a mark.
    pub fn count(&self, mark: Mark) -> usize {
        self.marks.values().filter(|it| **it == mark).count()
    }
}

impl Store {
    /// Whether what is on screen is there to be looked at only.
    pub fn is_comparing(self) -> bool {
        self.present.peek().is_some()
    }

    /// Whether both journeys stand side by side where the map else is.
    pub fn is_side_by_side(self) -> bool {
        let drawn = self.comparison.read().as_ref().map(|it| it.drawn);
        drawn == Some(Drawn::SideBySide) && self.lens() == Lens::Map && self.review.read().is_none()
    }

    /// The journey itself, whatever is drawn.
    pub(super) fn as_it_is(self) -> Signal<Option<OpenJourney>> {
        if self.is_comparing() { self.present } else { self.open }
    }

    /// Puts an older version beside the journey.
    pub(super) fn compare_with_past(self, at: Timestamp, board: Board) {
        self.compare(With::Past(at), board, BTreeMap::new());
    }

    /// Puts another state of the journey beside it. An older version is drawn as it was, a journey as it is side by
    /// side with what it should be; what was chosen before for one of that kind stays.
    fn compare(mut self, with: With, board: Board, own: BTreeMap<EntityRef, EntityRef>) {
        let Some(journey) = self.as_it_is().peek().as_ref().map(|it| it.id) else { return };
        self.selection.clear();
        let is_past = |with: With| matches!(with, With::Past(_));
        let (at, first) = match with {
            With::Past(at) => (at, Drawn::Other),
            With::AsIs(_) => (host::now(), Drawn::SideBySide),
        };
        let before =
            self.comparison.peek().as_ref().filter(|it| is_past(it.with) == is_past(with)).map(|it| it.drawn);
        let other = OpenJourney::as_of(journey, board, at);
        let (marks, differences, asked) = Default::default();
        let drawn = before.unwrap_or(first);
        self.comparison.set(Some(Comparison { with, drawn, marks, differences, other, own, asked }));
        self.draw_comparison();
    }

    /// Chooses how the two are drawn.
    pub fn draw_as(self, drawn: Drawn) {
        let mut store = self;
        if let Some(comparison) = store.comparison.write().as_mut() {
            comparison.drawn = drawn;
        }
        self.draw_comparison();
    }

    /// Draws the comparison anew: it has begun, or one of the two has changed.
    pub(super) fn draw_comparison(mut self) {
        let Some(drawn) = self.comparison.peek().as_ref().map(|it| it.drawn) else { return };
        self.set_aside(drawn != Drawn::SideBySide);
        let shown = {
            let present = self.as_it_is();
            let present = present.peek();
            let Some(present) = present.as_ref() else { return };
            let mut comparison = self.comparison.write();
            let Some(it) = comparison.as_mut() else { return };
            (it.marks, it.differences) = compared(it.with, &it.other.board, &present.board);
            match drawn {
                Drawn::SideBySide => None,
                Drawn::Other => Some(it.other.clone()),
                Drawn::WhatChanged => {
                    let both = with_gone(&it.other.board, &present.board, &it.marks);
                    Some(OpenJourney::as_of(present.id, both, host::now()))
                }
            }
        };
        if let Some(shown) = shown {
            self.open.set(Some(shown));
        }
    }

    /// Puts the journey itself aside while something else is drawn, or back on screen.
    fn set_aside(self, is_aside: bool) {
        let (mut from, mut to) = if is_aside { (self.open, self.present) } else { (self.present, self.open) };
        if is_aside != self.is_comparing() {
            let journey = from.write().take();
            to.set(journey);
        }
    }

    /// One of the two that are compared has changed: how the journey is, or something in it that has nothing to be
    /// compared with yet. How it is is asked for anew then, once for however many changes come meanwhile.
    pub(super) fn comparison_moved(mut self, journey: JourneyId, patch: &Patch) {
        let shown = self.journey_on_screen();
        let asked = {
            let comparison = self.comparison.peek();
            let Some(it) = comparison.as_ref() else { return };
            let With::AsIs(as_is) = it.with else { return };
            let is_new = || patch.put.iter().any(|new| !it.other.board.contains(new.entity_ref()));
            if journey != as_is && !(shown == Some(journey) && is_new()) {
                return;
            }
            it.asked
        };
        if asked != Asked::Not {
            self.set_asked(Asked::Again);
            return;
        }
        self.set_asked(Asked::Once);
        let Some(to_be) = shown else { return };
        spawn_forever(async move {
            loop {
                let Some(Reply::AsIs { board, own }) = self.ask(Request::AsIs { journey: to_be }).await
                else {
                    break;
                };
                if self.journey_on_screen() != Some(to_be) {
                    return;
                }
                if let Some(it) = self.comparison.write().as_mut() {
                    it.other = OpenJourney::as_of(to_be, board, host::now());
                    it.own = own;
                }
                self.draw_comparison();
                let is_stale = self.comparison.peek().as_ref().is_some_and(|it| it.asked == Asked::Again);
                if !is_stale {
                    break;
                }
                self.set_asked(Asked::Once);
            }
            self.set_asked(Asked::Not);
        });
    }

    fn set_asked(mut self, asked: Asked) {
        if let Some(it) = self.comparison.write().as_mut() {
            it.asked = asked;
        }
    }

    /// Goes to a thing of the journey as it is, where it can be changed.
    pub fn open_as_is(self, step: StepId, item: Option<EntityRef>) {
        let found = {
            let comparison = self.comparison.peek();
            let Some(it) = comparison.as_ref() else { return };
            let With::AsIs(as_is) = it.with else { return };
            let own = |what: EntityRef| it.own.get(&what).copied();
            own(step.into()).map(|step| (as_is, StepId::from(step.id), item.and_then(own)))
        };
        let Some((as_is, step, item)) = found else { return };
        self.go_to(as_is, Panel { step, item });
    }

    /// Back to the journey itself.
    pub fn end_comparison(mut self) {
        let present = self.present.write().take();
        if let Some(present) = present {
            self.open.set(Some(present));
        }
        self.comparison.set(None);
    }

    /// The journey that the one on screen shows as it should be, if that is here too.
    pub fn as_is(self) -> Option<JourneyId> {
        let (present, open) = (self.present.read(), self.open.read());
        let as_is = present.as_ref().or(open.as_ref())?.board.journey()?.to_be_of?;
        self.journeys.read().iter().any(|it| it.id == as_is).then_some(as_is)
    }

    /// Journeys that show the one on screen as it should be, with their titles.
    pub fn to_be(self) -> Vec<(JourneyId, String)> {
        let journeys = self.journeys.read();
        let named =
            |id: &JourneyId| journeys.iter().find(|it| it.id == *id).map(|it| (*id, it.title.clone()));
        self.to_be.read().iter().filter_map(named).collect()
    }

    /// Puts the journey as it is beside the one on screen, or takes it away again.
    pub fn toggle_as_is(self) {
        let with = self.comparison.peek().as_ref().map(|it| it.with);
        match (with, self.as_is()) {
            (Some(With::AsIs(_)), _) => self.end_comparison(),
            (_, Some(as_is)) => self.beside_as_is(as_is),
            // From the journey as it is: to the one that should be.
            (_, None) => {
                if let Some((to_be, _)) = self.to_be().into_iter().next() {
                    self.compare_in(to_be);
                }
            }
        }
    }

    /// Goes to a journey that shows how the one on screen should be, with what differs.
    pub fn compare_in(self, to_be: JourneyId) {
        let Some(as_is) = self.journey_on_screen() else { return };
        self.go_and(Screen::Journey(to_be), move |store| store.beside_as_is(as_is));
    }

    fn beside_as_is(self, as_is: JourneyId) {
        let Some(journey) = self.journey_on_screen() else { return };
        self.leave_history();
        self.leave_review();
        spawn_forever(async move {
            let Some(Reply::AsIs { board, own }) = self.ask(Request::AsIs { journey }).await else { return };
            if self.journey_on_screen() == Some(journey)
                && self.open.peek().as_ref().is_some_and(|it| it.id == journey)
            {
                self.compare(With::AsIs(as_is), board, own);
            }
        });
    }

    /// Says that what is on screen cannot be changed.
    pub(super) fn refuse_comparison(self) {
        let is_past = self.comparison.peek().as_ref().is_none_or(|it| matches!(it.with, With::Past(_)));
        let (icon, said, back) = match is_past {
            true => ("clock", "This is how it was, to look at only.", "Back to now"),
            false => ("diff", "While two journeys are compared, they are to look at only.", "Done comparing"),
        };
        let back = ToastAction {
            label: back.to_owned(),
            keys: vec!["Esc"],
            run: Run::new(move || self.back_to_now()),
        };
        self.toast(Toast::plain(icon, said.to_owned()).with(back));
    }
}

/// Kinds that are marked.
fn is_marked(kind: EntityKind) -> bool {
    matches!(kind, EntityKind::Stage | EntityKind::Step) || ItemKind::of(kind).is_some()
}

/// What differs between two boards, of what is drawn, and how.
///
/// Beside a journey as it is only what was planned counts: not how much was heard of it since, nor when somebody last
/// looked at it.
fn compared(
    with: With,
    then: &Board,
    now: &Board,
) -> (BTreeMap<EntityRef, Mark>, BTreeMap<EntityRef, Vec<Difference>>) {
    let is_past = matches!(with, With::Past(_));
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
        if !is_past {
            found.retain(|it| it.field != LOOKED_AT);
        }
        let quotes = |index: &BoardIndex| index.evidence_count(*id);
        if is_past && quotes(&then_index) != quotes(&now_index) {
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

/// The field that says when somebody last looked at a step, in words.
const LOOKED_AT: &str = "last reviewed";

/// Values that differ, without who changed them and when.
fn differing(was: &Entity, is: &Entity) -> Vec<Difference> {
    let timeless = |entity: &Entity| {
        let mut entity = entity.clone();
        entity.set_created(Stamp::default());
        entity
    };
    let (was, is) = (timeless(was), timeless(is));
    // Most things are the same on both, and what is live is compared after every edit.
    if was == is {
        return Vec::new();
    }
    let plain = |entity: Entity| match serde_json::to_value(entity) {
        Ok(Value::Object(fields)) => fields,
        _ => Default::default(),
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
    use custory_domain::{Insight, InsightId, Stage, StageId, Stamp, Step, StepId, Timestamp};

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
        let (marks, differences) = compared(With::Past(Timestamp(0)), &then, &now);
        let insight = |it: u128| EntityRef::from(InsightId::from_parts(1, it));
        let expected = [(insight(3), Mark::Changed), (insight(5), Mark::Removed), (insight(6), Mark::Added)];
        assert_eq!(marks, expected.into());
        let severity = Difference { field: "severity".to_owned(), was: "2".to_owned(), is: "4".to_owned() };
        assert_eq!(differences, [(insight(3), vec![severity])].into());
        let both = with_gone(&then, &now, &marks);
        assert!(both.contains(insight(5)) && both.contains(insight(6)));
    }

    #[test]
    fn beside_the_journey_as_it_is_a_look_at_a_step_is_no_difference() {
        let then = board(&[]);
        let mut now = then.clone();
        now.steps.get_mut(&STEP).expect("it").last_reviewed = Some(Stamp::default());
        let with = |with| compared(with, &then, &now).0;
        assert_eq!(with(With::AsIs(JourneyId::from_parts(1, 9))), [].into());
        assert_eq!(with(With::Past(Timestamp(0))), [(STEP.into(), Mark::Changed)].into());
    }
}
