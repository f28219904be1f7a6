//! What a journey was: listed, looked at, gone back to.
//!
//! History is in the document itself, so teammates see the same one. Reading it goes on apart from the loop, on
//! a snapshot.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use custory_assistant::tools::{self, Deed};
use custory_document::Past;
use custory_domain::{
    Board, Command, Entity, EntityKind, EntityRef, How, JourneyId, Timestamp, Via, back_to,
};
use custory_ipc::{Busy, Failure, FieldSet, History, OnJourney, PastJourney, Reply, Version, When};

use crate::apart::Later;
use crate::failure::{Fault, no_such_journey, not_found};
use crate::inbox::{Core, done};

/// Changes listed at once.
const PAGE: usize = 100;
/// Changes looked through for those of one thing before the page ends, so that no history is too long to ask.
const LOOKED_THROUGH_MAX: usize = 20_000;
/// Things named of one change.
const TOUCHED_MAX: usize = 40;
/// Digits of a version's name that may stand for all of it.
const BEGINNING_MIN: usize = 8;
/// Changes of one thing that are looked at, so that none is changed too often to ask.
const CHANGES_OF_ONE_MAX: usize = 400;
/// Changes of one field that are told.
const SETS_OF_FIELD_MAX: usize = 5;
/// Stretches into which the time since the first change is parted.
const STRETCHES: usize = 60;

impl Core {
    /// Lists changes.
    pub(crate) fn history(
        &mut self,
        journey: JourneyId,
        about: Option<EntityRef>,
        before: Option<String>,
    ) -> Result<Later, Fault> {
        let told = self.told(journey)?;
        let work = move || {
            let end = match before {
                Some(version) => told.place(&version)?,
                None => told.past.versions().len(),
            };
            let is_whole = about.is_none() && end == told.past.versions().len();
            let mut history = told.page(about, end);
            if is_whole {
                history.busy = told.busy();
                history.named = told.named();
            }
            Ok(Reply::History { history })
        };
        Ok(later(work))
    }

    /// Who set the fields of a thing.
    pub(crate) fn blame(&mut self, of: OnJourney) -> Result<Later, Fault> {
        let told = self.told(of.journey)?;
        Ok(later(move || Ok(told.blame(of.about))))
    }

    /// A journey as it was.
    pub(crate) fn journey_at(&mut self, journey: JourneyId, when: When) -> Result<Later, Fault> {
        let told = self.told(journey)?;
        let work = move || {
            let place = match when {
                When::Version(version) => told.place(&version)?,
                When::Time(at) => told
                    .past
                    .place_at(at)
                    .ok_or_else(|| not_found("The journey had not begun yet then.").0)?,
            };
            let board = told.past.board(place).ok_or_else(unreadable)?;
            Ok(Reply::JourneyAt { past: Box::new(PastJourney { version: told.version(place), board }) })
        };
        Ok(later(work))
    }

    /// Brings things back to what they were, as one change.
    pub(crate) fn go_back(
        &mut self,
        journey: JourneyId,
        version: &str,
        only: Option<Vec<EntityRef>>,
    ) -> Result<Reply, Fault> {
        let told = self.told(journey)?;
        let place = told.place(version)?;
        let then = told.past.board(place).ok_or_else(unreadable)?;
        let only = only.map(|it| it.into_iter().collect::<BTreeSet<_>>());
        let commands = back_to(&then, &told.board, only.as_ref());
        if commands.is_empty() {
            return Ok(done());
        }
        let version = told.version(place);
        let name = if version.name.is_empty() { version.label } else { version.name };
        let what = if only.is_some() { "Put back a part of" } else { "Go back to" };
        let label = format!("{what} version “{name}”");
        self.dispatch(journey.ulid(), Command::Batch { label, commands }, Via::User)
    }

    /// What the assistant's tools may read of a journey's past.
    pub(crate) fn past_of(&mut self, journey: JourneyId) -> Result<Arc<dyn tools::Past>, Fault> {
        let people = self.board(self.device.workspace.ulid())?;
        Ok(Arc::new(Remembered { told: self.told(journey)?, people }))
    }

    fn told(&mut self, journey: JourneyId) -> Result<Told, Fault> {
        let open = self.opened(journey.ulid())?;
        if open.document.board().journey().is_none() {
            return Err(no_such_journey());
        }
        Ok(Told { past: open.document.past(), board: open.document.board().clone() })
    }
}

fn later(work: impl FnOnce() -> Result<Reply, Failure> + Send + 'static) -> Later {
    Box::new(move || Box::pin(async move { work() }))
}

fn unreadable() -> Failure {
    not_found("This version cannot be read. Choose another one.").0
}

/// A journey's past with its present.
#[derive(Debug)]
struct Told {
    past: Past,
    board: Board,
}

impl Told {
    /// The place of a version by its name, or by a beginning of it that no other has.
    fn place(&self, id: &str) -> Result<usize, Failure> {
        let is_beginning = (BEGINNING_MIN..=64).contains(&id.len());
        let begins = |it: &custory_document::Version| is_beginning && spell(&it.hash).starts_with(id);
        let versions = self.past.versions();
        let place = versions.iter().position(begins).filter(|it| !versions[it + 1..].iter().any(begins));
        place.ok_or_else(|| not_found("There is no such version of this journey.").0)
    }

    /// The changes before a place, the newest first.
    fn page(&self, about: Option<EntityRef>, end: usize) -> History {
        let mut versions = Vec::new();
        let first = if about.is_some() { end.saturating_sub(LOOKED_THROUGH_MAX) } else { 0 };
        let mut has_more = first > 0;
        for place in (first..end).rev() {
            if versions.len() == PAGE {
                has_more = true;
                break;
            }
            if about.is_none_or(|it| self.concerns(place, it)) {
                versions.push(self.version(place));
            }
        }
        History { versions, has_more, ..History::default() }
    }

    /// Whether a change touched something, or what was decided about it.
    fn concerns(&self, place: usize, about: EntityRef) -> bool {
        let is_decision_about = |it: &EntityRef| {
            it.kind == EntityKind::Decision
                && self.board.decisions.get(&it.id.into()).is_some_and(|it| it.about == Some(about))
        };
        let touched = self.past.touched(place);
        touched.contains_key(&about) || touched.keys().any(is_decision_about)
    }

    /// Field by field, the newest changes first.
    fn blame(&self, about: EntityRef) -> Reply {
        let (turns, has_more) = self.past.lived(about, CHANGES_OF_ONE_MAX);
        let mut by_field: BTreeMap<&str, Vec<FieldSet>> = BTreeMap::new();
        for turn in &turns {
            let known = &self.past.versions()[turn.place];
            let was = turn.before.clone().unwrap_or_else(|| Entity::blank(about));
            for (before, after) in was.fields().into_iter().zip(turn.after.fields()) {
                let sets = by_field.entry(after.field_name()).or_default();
                if before == after || sets.len() == SETS_OF_FIELD_MAX {
                    continue;
                }
                sets.push(FieldSet {
                    field: after.field_name().to_owned(),
                    version: spell(&known.hash),
                    at: known.at,
                    by: known.by,
                    via: known.via,
                    label: known.label.clone(),
                    before: turn.before.is_some().then_some(before),
                });
            }
        }
        Reply::Blame { fields: by_field.into_values().flatten().collect(), has_more }
    }

    fn version(&self, place: usize) -> Version {
        let known = &self.past.versions()[place];
        let touched = self.past.touched(place);
        let count = |how: How| touched.values().filter(|it| it.how == how).count();
        let id = spell(&known.hash);
        Version {
            at: known.at,
            by: known.by,
            via: known.via,
            label: known.label.clone(),
            name: self.name(&id),
            added: count(How::Added),
            changed: count(How::Changed),
            removed: count(How::Removed),
            touched: touched.keys().take(TOUCHED_MAX).copied().collect(),
            id,
        }
    }

    fn name(&self, id: &str) -> String {
        self.board.journey().and_then(|it| it.versions.get(id)).cloned().unwrap_or_default()
    }

    fn named(&self) -> Vec<Version> {
        let names = self.board.journey().map(|it| it.versions.keys().cloned().collect::<Vec<_>>());
        let mut places: Vec<usize> =
            names.unwrap_or_default().iter().filter_map(|it| self.past.place(&parse(it)?)).collect();
        places.sort_unstable_by(|a, b| b.cmp(a));
        places.into_iter().map(|it| self.version(it)).collect()
    }

    /// The time from the first change to the last one in equal stretches.
    fn busy(&self) -> Vec<Busy> {
        let versions = self.past.versions();
        let (Some(first), Some(last)) = (versions.first(), versions.last()) else { return Vec::new() };
        let width = ((last.at.0 - first.at.0) / STRETCHES as i64 + 1).max(1);
        let mut busy: Vec<Busy> = Vec::new();
        for version in versions {
            let at = ((version.at.0 - first.at.0) / width) as usize;
            while busy.len() <= at {
                let from = Timestamp(first.at.0 + busy.len() as i64 * width);
                let before = busy.last().map(|it| it.version.clone()).unwrap_or_default();
                busy.push(Busy { from, changes: 0, version: before });
            }
            busy[at].changes += 1;
            busy[at].version = spell(&version.hash);
        }
        busy
    }
}

/// A change's name for programs.
fn spell(hash: &[u8; 32]) -> String {
    hash.iter().map(|it| format!("{it:02x}")).collect()
}

fn parse(id: &str) -> Option<[u8; 32]> {
    let mut hash = [0; 32];
    if id.len() != 64 || !id.is_ascii() {
        return None;
    }
    for (at, byte) in hash.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&id[at * 2..at * 2 + 2], 16).ok()?;
    }
    Some(hash)
}

/// A journey's past, for tools.
#[derive(Debug)]
struct Remembered {
    told: Told,
    people: Board,
}

impl tools::Past for Remembered {
    fn board_at(&self, at: Timestamp) -> Option<Board> {
        self.told.past.place_at(at).and_then(|it| self.told.past.board(it))
    }

    fn since(&self, at: Timestamp, about: Option<EntityRef>) -> Vec<Deed> {
        let versions = self.told.past.versions();
        let first = self.told.past.place_at(at).map_or(0, |it| it + 1);
        let first = first.max(versions.len().saturating_sub(LOOKED_THROUGH_MAX));
        (first..versions.len())
            .rev()
            .filter(|place| about.is_none_or(|it| self.told.concerns(*place, it)))
            .map(|place| {
                let version = &versions[place];
                let member = version.by.and_then(|it| self.people.members.get(&it));
                let who = member.map(|it| it.name.clone()).unwrap_or_default();
                Deed { at: version.at, who, via: version.via, label: version.label.clone() }
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_named_as_it_is_read() {
        let hash: [u8; 32] = std::array::from_fn(|at| at as u8 * 7);
        assert_eq!(parse(&spell(&hash)), Some(hash));
        for stranger in ["", "zz", &"g".repeat(64), &"é".repeat(32), &"0".repeat(63)] {
            assert_eq!(parse(stranger), None, "{stranger}");
        }
    }
}
