//! What of a journey a view shows: tests, all or any of which must hold, and groups of them.
//!
//! A test that does not fit a kind of item (the severity of a touchpoint) says nothing about it, neither yes nor no.
//! What nothing is said about, stays. A test that fits, of a value that nobody has set, is not passed.
//!
//! Some tests ask how long ago something was: whoever asks says what the time is.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::board::{Board, BoardIndex};
use crate::common::ItemState;
use crate::entity::*;
use crate::id::{EntityRef, EvidenceId, MemberId, StageId, StepId};
use crate::kind::ItemKind;
use crate::score::evidence::said_at;
use crate::score::opportunity;
use crate::time::Timestamp;

/// Most tests in a filter, groups included.
pub const TESTS_MAX: usize = 50;

/// Whether all must hold or one is enough.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Join {
    /// All.
    #[default]
    All,
    /// At least one.
    Any,
}

/// What a view shows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Filter {
    /// How its parts go together.
    pub join: Join,
    /// Its parts; without any, everything is shown.
    pub parts: Vec<Part>,
}

/// A part of a filter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// A test.
    Test(Test),
    /// Tests in brackets.
    Group {
        /// How they go together.
        join: Join,
        /// The tests.
        tests: Vec<Test>,
    },
}

/// A test of an item.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Test {
    /// What is tested.
    #[serde(flatten)]
    pub what: Criterion,
    /// Whether it must not be so.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub not: bool,
}

impl From<Criterion> for Test {
    fn from(what: Criterion) -> Self {
        Self { what, not: false }
    }
}

/// What an item can be tested for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Criterion {
    /// It is of one of these kinds.
    Kind {
        /// The kinds.
        kinds: BTreeSet<ItemKind>,
    },
    /// One of these answers for it; `None` is nobody.
    Owner {
        /// The people.
        owners: BTreeSet<Option<MemberId>>,
    },
    /// It is on a step of one of these stages.
    Stage {
        /// The stages.
        stages: BTreeSet<StageId>,
    },
    /// Something about it remains to be chosen or done.
    Open,
    /// So many pieces of evidence are behind it, or more.
    Evidence {
        /// How many.
        least: usize,
    },
    /// It hurts so much, or more: 1 to 5.
    Severity {
        /// How much.
        least: u8,
    },
    /// It would change so much, or more: 1 to 5.
    Impact {
        /// How much.
        least: u8,
    },
    /// It takes so much, or less: 1 to 5.
    Effort {
        /// How much.
        most: u8,
    },
    /// An insight that is so sure.
    Truth {
        /// How sure.
        truths: BTreeSet<Truth>,
    },
    /// The work on it stands at one of these.
    State {
        /// Where.
        states: BTreeSet<ItemState>,
    },
    /// Its title has these words in it, in any case.
    Text {
        /// The words.
        words: String,
    },
    /// It was added so long ago.
    Added {
        /// How long.
        age: Age,
    },
    /// It was last changed so long ago.
    Changed {
        /// How long.
        age: Age,
    },
    /// The newest evidence behind it was said so long ago.
    LastEvidence {
        /// How long.
        age: Age,
    },
}

/// How long ago something was, in days of 24 hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Age {
    /// So many days at most.
    Within(u16),
    /// More than so many days.
    Before(u16),
}

impl Age {
    /// Days that are offered.
    pub const DAYS: [u16; 3] = [7, 28, 90];
    /// The most that can be asked for: about a hundred years.
    pub const DAYS_MAX: u16 = 36_500;

    /// How many days it speaks of.
    pub const fn days(self) -> u16 {
        match self {
            Self::Within(days) | Self::Before(days) => days,
        }
    }

    /// The same with another number of days: at least one, at most as many as can be asked for.
    pub fn with(self, days: u16) -> Self {
        let days = days.clamp(1, Self::DAYS_MAX);
        match self {
            Self::Within(_) => Self::Within(days),
            Self::Before(_) => Self::Before(days),
        }
    }

    /// As one reads it: “in the last 7 days”.
    pub fn words(self) -> String {
        let days = |it| if it == 1 { "1 day".to_owned() } else { format!("{it} days") };
        match self {
            Self::Within(1) => "in the last day".to_owned(),
            Self::Within(it) => format!("in the last {}", days(it)),
            Self::Before(it) => format!("more than {} ago", days(it)),
        }
    }

    fn holds(self, at: Timestamp, now: Timestamp) -> bool {
        let days = now.days_since(at);
        match self {
            Self::Within(most) => days <= f64::from(most),
            Self::Before(least) => days > f64::from(least),
        }
    }
}

impl Criterion {
    /// How long ago it asks for, if it asks for that.
    pub const fn age(&self) -> Option<Age> {
        match self {
            Self::Added { age } | Self::Changed { age } | Self::LastEvidence { age } => Some(*age),
            _ => None,
        }
    }

    /// The same for another time; what asks for none stays as it is.
    pub fn with_age(mut self, other: Age) -> Self {
        if let Self::Added { age } | Self::Changed { age } | Self::LastEvidence { age } = &mut self {
            *age = other;
        }
        self
    }
}

impl Filter {
    /// Whether it leaves anything out.
    pub fn is_on(&self) -> bool {
        !self.parts.is_empty()
    }

    /// How many tests there are.
    pub fn tests(&self) -> usize {
        let count = |it: &Part| match it {
            Part::Test(_) => 1,
            Part::Group { tests, .. } => tests.len(),
        };
        self.parts.iter().map(count).sum()
    }

    /// Whether an item or a step stays.
    pub fn passes(&self, board: &Board, index: &BoardIndex, now: Timestamp, item: EntityRef) -> bool {
        let answers = self.parts.iter().map(|part| match part {
            Part::Test(test) => test.says(board, index, now, item),
            Part::Group { join, tests } => join.of(tests.iter().map(|it| it.says(board, index, now, item))),
        });
        self.join.of(answers).unwrap_or(true)
    }

    /// Whether an item is what the filter looks for: like [`Filter::passes`], but a test that says nothing about it is
    /// not passed.
    pub fn finds(&self, board: &Board, index: &BoardIndex, now: Timestamp, item: EntityRef) -> bool {
        let found = |test: &Test| Some(test.says(board, index, now, item).unwrap_or(false));
        let answers = self.parts.iter().map(|part| match part {
            Part::Test(test) => found(test),
            Part::Group { join, tests } => join.of(tests.iter().map(found)),
        });
        self.join.of(answers).unwrap_or(true)
    }
}

/// Where in a filter a test stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct At {
    /// Which part.
    pub part: usize,
    /// Which test of it, if it is a group.
    pub within: Option<usize>,
}

impl Filter {
    /// The test that stands there.
    pub fn test(&self, at: At) -> Option<&Test> {
        match (self.parts.get(at.part)?, at.within) {
            (Part::Test(test), None) => Some(test),
            (Part::Group { tests, .. }, Some(within)) => tests.get(within),
            _ => None,
        }
    }

    /// The test that stands there, to be changed.
    pub fn test_mut(&mut self, at: At) -> Option<&mut Test> {
        match (self.parts.get_mut(at.part)?, at.within) {
            (Part::Test(test), None) => Some(test),
            (Part::Group { tests, .. }, Some(within)) => tests.get_mut(within),
            _ => None,
        }
    }

    /// Adds a test at the end; answers where it stands, or `None` when there are enough.
    pub fn add(&mut self, test: Test) -> Option<At> {
        if self.tests() >= TESTS_MAX {
            return None;
        }
        self.parts.push(Part::Test(test));
        Some(At { part: self.parts.len() - 1, within: None })
    }

    /// Puts a test beside another one, in brackets with it; what stands alone is joined by “any”.
    pub fn add_beside(&mut self, at: At, test: Test) -> Option<At> {
        if self.tests() >= TESTS_MAX {
            return None;
        }
        let part = self.parts.get_mut(at.part)?;
        match part {
            Part::Test(alone) => {
                *part = Part::Group { join: Join::Any, tests: vec![alone.clone(), test] };
                Some(At { part: at.part, within: Some(1) })
            }
            Part::Group { tests, .. } => {
                tests.push(test);
                Some(At { part: at.part, within: Some(tests.len() - 1) })
            }
        }
    }

    /// Takes a test away. Brackets around a single one go with the other.
    pub fn remove(&mut self, at: At) {
        let Some(part) = self.parts.get_mut(at.part) else { return };
        match (part, at.within) {
            (Part::Test(_), None) => drop(self.parts.remove(at.part)),
            (Part::Group { tests, .. }, Some(within)) if within < tests.len() => {
                tests.remove(within);
                match tests.as_slice() {
                    [] => drop(self.parts.remove(at.part)),
                    [last] => self.parts[at.part] = Part::Test(last.clone()),
                    _ => {}
                }
            }
            _ => {}
        }
    }

    /// Exchanges “all” and “any”, of a group or of the whole.
    pub fn turn(&mut self, group: Option<usize>) {
        let join = match group {
            None => &mut self.join,
            Some(part) => match self.parts.get_mut(part) {
                Some(Part::Group { join, .. }) => join,
                _ => return,
            },
        };
        *join = match join {
            Join::All => Join::Any,
            Join::Any => Join::All,
        };
    }
}

impl Join {
    /// The word between what it joins.
    pub const fn word(self) -> &'static str {
        match self {
            Self::All => "and",
            Self::Any => "or",
        }
    }

    /// Whether answers come to yes together; none at all do.
    pub fn holds(self, answers: impl Iterator<Item = bool>) -> bool {
        self.of(answers.map(Some)).unwrap_or(true)
    }

    /// Joins answers; `None` where nothing was said.
    fn of(self, answers: impl Iterator<Item = Option<bool>>) -> Option<bool> {
        let said = answers.flatten();
        match self {
            Self::All => said.reduce(|one, other| one && other),
            Self::Any => said.reduce(|one, other| one || other),
        }
    }
}

impl Test {
    fn says(&self, board: &Board, index: &BoardIndex, now: Timestamp, item: EntityRef) -> Option<bool> {
        self.what.says(board, index, now, item).map(|it| it != self.not)
    }
}

impl Criterion {
    fn says(&self, board: &Board, index: &BoardIndex, now: Timestamp, item: EntityRef) -> Option<bool> {
        if item.kind == EntityKind::Step {
            return self.says_of_step(board, index, now, item.id.into());
        }
        let view = board.item(item)?;
        let is = |kind: ItemKind| view.kind == kind;
        let insight = || board.insights.get(&item.id.into()).filter(|_| is(ItemKind::Insight));
        let opportunity = || board.opportunities.get(&item.id.into()).filter(|_| is(ItemKind::Opportunity));
        Some(match self {
            Self::Kind { kinds } => kinds.contains(&view.kind),
            Self::Owner { owners } => owners.contains(&view.owner),
            Self::Stage { stages } => {
                let of = |step: &StepId| board.steps.get(step).and_then(|it| it.stage);
                view.steps.iter().filter_map(of).any(|it| stages.contains(&it))
            }
            Self::Open => is_open(board, item)?,
            Self::Evidence { least } => evidence(board, index, item)? >= *least,
            Self::Severity { least } => insight()?.severity.is_some_and(|it| it >= *least),
            Self::Impact { least } => opportunity()?.impact.is_some_and(|it| it >= *least),
            Self::Effort { most } => {
                let effort = match view.kind {
                    ItemKind::Opportunity => opportunity()?.effort,
                    ItemKind::Solution => board.solutions.get(&item.id.into())?.effort,
                    _ => return None,
                };
                effort.is_some_and(|it| it <= *most)
            }
            Self::Truth { truths } => truths.contains(&insight()?.truth),
            Self::State { states } => states.contains(&ItemState::of(board, item)?),
            Self::Text { words } => has_words(view.title, words),
            Self::Added { age } => age.holds(view.created.at, now),
            Self::Changed { age } => age.holds(view.updated.at, now),
            Self::LastEvidence { age } => match view.kind {
                ItemKind::Insight => newest(board, index.evidence_of(item)),
                ItemKind::Opportunity => newest(board, index.all_behind(opportunity()?)),
                _ => return None,
            }
            .is_some_and(|it| age.holds(it, now)),
        })
    }
}

impl Criterion {
    fn says_of_step(&self, board: &Board, index: &BoardIndex, now: Timestamp, step: StepId) -> Option<bool> {
        let it = board.steps.get(&step)?;
        match self {
            Self::Owner { owners } => Some(owners.contains(&it.owner)),
            Self::Stage { stages } => Some(it.stage.is_some_and(|it| stages.contains(&it))),
            Self::Evidence { least } => Some(index.evidence_on(step).count() >= *least),
            Self::Text { words } => Some(has_words(&it.title, words)),
            Self::Added { age } => Some(age.holds(it.created.at, now)),
            Self::Changed { age } => Some(age.holds(it.updated.at, now)),
            Self::LastEvidence { age } => {
                Some(newest(board, index.evidence_on(step)).is_some_and(|it| age.holds(it, now)))
            }
            _ => None,
        }
    }
}

fn has_words(title: &str, words: &str) -> bool {
    title.to_lowercase().contains(&words.trim().to_lowercase())
}

/// When the newest of those was said.
fn newest(board: &Board, all: impl Iterator<Item = EvidenceId>) -> Option<Timestamp> {
    all.filter_map(|it| board.evidence.get(&it)).map(said_at).max()
}

/// How much is behind an item; `None` for kinds that have no evidence.
fn evidence(board: &Board, index: &BoardIndex, item: EntityRef) -> Option<usize> {
    match item.kind {
        EntityKind::Insight => Some(index.evidence_count(item)),
        EntityKind::Opportunity => {
            board.opportunities.get(&item.id.into()).map(|it| index.evidence_behind(it))
        }
        _ => None,
    }
}

/// Whether something about an item remains to be chosen or done; `None` for kinds that have no end.
pub fn is_open(board: &Board, item: EntityRef) -> Option<bool> {
    let id = item.id;
    match item.kind {
        EntityKind::Insight => board.insights.get(&id.into()).map(|it| match it.state {
            InsightState::New | InsightState::Triaged => true,
            InsightState::Resolved | InsightState::Archived => false,
        }),
        EntityKind::Opportunity => {
            board.opportunities.get(&id.into()).map(|it| opportunity::is_open(it.state))
        }
        EntityKind::Solution => board.solutions.get(&id.into()).map(|it| it.state.is_planned()),
        EntityKind::Metric => board.metrics.get(&id.into()).map(|it| it.state != MetricState::Retired),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
