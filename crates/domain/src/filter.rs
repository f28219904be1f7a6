//! What of a journey a view shows: tests, all or any of which must hold, and groups of them.
//!
//! A test that does not fit a kind of item (the severity of a touchpoint) says nothing about it, neither yes nor no.
//! What nothing is said about, stays. A test that fits, of a value that nobody has set, is not passed.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::board::{Board, BoardIndex};
use crate::common::ItemState;
use crate::entity::*;
use crate::id::{EntityRef, MemberId, StageId, StepId};
use crate::kind::ItemKind;
use crate::score::opportunity;

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
    pub fn passes(&self, board: &Board, index: &BoardIndex, item: EntityRef) -> bool {
        let answers = self.parts.iter().map(|part| match part {
            Part::Test(test) => test.says(board, index, item),
            Part::Group { join, tests } => join.of(tests.iter().map(|it| it.says(board, index, item))),
        });
        self.join.of(answers).unwrap_or(true)
    }

    /// Whether an item is what the filter looks for: like [`Filter::passes`], but a test that says nothing about it is
    /// not passed.
    pub fn finds(&self, board: &Board, index: &BoardIndex, item: EntityRef) -> bool {
        let found = |test: &Test| Some(test.says(board, index, item).unwrap_or(false));
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
    fn says(&self, board: &Board, index: &BoardIndex, item: EntityRef) -> Option<bool> {
        self.what.says(board, index, item).map(|it| it != self.not)
    }
}

impl Criterion {
    fn says(&self, board: &Board, index: &BoardIndex, item: EntityRef) -> Option<bool> {
        if item.kind == EntityKind::Step {
            return self.says_of_step(board, index, item.id.into());
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
        })
    }
}

impl Criterion {
    fn says_of_step(&self, board: &Board, index: &BoardIndex, step: StepId) -> Option<bool> {
        let it = board.steps.get(&step)?;
        match self {
            Self::Owner { owners } => Some(owners.contains(&it.owner)),
            Self::Stage { stages } => Some(it.stage.is_some_and(|it| stages.contains(&it))),
            Self::Evidence { least } => Some(index.evidence_on(step).count() >= *least),
            Self::Text { words } => Some(has_words(&it.title, words)),
            _ => None,
        }
    }
}

fn has_words(title: &str, words: &str) -> bool {
    title.to_lowercase().contains(&words.trim().to_lowercase())
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
mod tests {
    use ulid::Ulid;

    use super::*;

    /// A stage with one step, on it an insight (severity 4, open), an opportunity (effort 2, closed, Ana's) and a
    /// touchpoint that is nobody's.
    fn board() -> (Board, [EntityRef; 3], MemberId, StageId) {
        let mut last = 0;
        let mut mint = || {
            last += 1;
            Ulid::from_parts(last, 0)
        };
        let ana: MemberId = mint().into();
        let stage = Stage { title: "Set up".to_owned(), ..Stage::new(mint().into()) };
        let step = Step { stage: Some(stage.id), ..Step::new(mint().into()) };
        let steps: BTreeSet<StepId> = [step.id].into();
        let insight = Insight {
            statement: "The code never arrives".to_owned(),
            severity: Some(4),
            steps: steps.clone(),
            ..Insight::new(mint().into())
        };
        let opportunity = Opportunity {
            title: "Invites get lost".to_owned(),
            effort: Some(2),
            owner: Some(ana),
            state: OpportunityState::Closed,
            steps: steps.clone(),
            ..Opportunity::new(mint().into())
        };
        let touchpoint =
            Touchpoint { title: "Invite screen".to_owned(), steps, ..Touchpoint::new(mint().into()) };
        let ids = [insight.id.into(), opportunity.id.into(), touchpoint.id.into()];
        let id = stage.id;
        let entities: Vec<Entity> =
            vec![stage.into(), step.into(), insight.into(), opportunity.into(), touchpoint.into()];
        (Board::from(entities), ids, ana, id)
    }

    fn stay(filter: &Filter) -> [bool; 3] {
        let (board, ids, ..) = board();
        let index = BoardIndex::of(&board);
        ids.map(|it| filter.passes(&board, &index, it))
    }

    fn of(join: Join, tests: impl IntoIterator<Item = Criterion>) -> Filter {
        Filter { join, parts: tests.into_iter().map(|it| Part::Test(it.into())).collect() }
    }

    #[test]
    fn each_test_keeps_what_it_says_and_what_it_says_nothing_about() {
        let (_, _, ana, stage) = board();
        let stages = BTreeSet::from([stage]);
        for (criterion, expected) in [
            (Criterion::Kind { kinds: [ItemKind::Insight].into() }, [true, false, false]),
            (Criterion::Owner { owners: [Some(ana)].into() }, [false, true, false]),
            (Criterion::Owner { owners: [None].into() }, [true, false, true]),
            (Criterion::Stage { stages }, [true, true, true]),
            (Criterion::Stage { stages: BTreeSet::new() }, [false, false, false]),
            (Criterion::Open, [true, false, true]),
            (Criterion::Evidence { least: 1 }, [false, false, true]),
            (Criterion::Severity { least: 4 }, [true, true, true]),
            (Criterion::Severity { least: 5 }, [false, true, true]),
            (Criterion::Impact { least: 1 }, [true, false, true]),
            (Criterion::Effort { most: 2 }, [true, true, true]),
            (Criterion::Effort { most: 1 }, [true, false, true]),
            (Criterion::Truth { truths: [Truth::Validated].into() }, [false, true, true]),
            (
                Criterion::State { states: [ItemState::Opportunity(OpportunityState::Closed)].into() },
                [false, true, true],
            ),
            (Criterion::Text { words: " CODE ".to_owned() }, [true, false, false]),
        ] {
            assert_eq!(stay(&of(Join::All, [criterion.clone()])), expected, "{criterion:?}");
        }
    }

    #[test]
    fn what_is_looked_for_is_found_only_where_every_test_has_something_to_say() {
        let (board, ids, ..) = board();
        let index = BoardIndex::of(&board);
        let found = |filter: &Filter| ids.map(|it| filter.finds(&board, &index, it));
        let effort = Criterion::Effort { most: 2 };
        assert_eq!(found(&of(Join::All, [effort.clone()])), [false, true, false]);
        assert_eq!(found(&of(Join::All, [effort.clone(), Criterion::Open])), [false, false, false]);
        assert_eq!(
            found(&of(Join::Any, [effort.clone(), Criterion::Severity { least: 4 }])),
            [true, true, false]
        );
        let mut not = of(Join::All, [effort]);
        not.test_mut(At { part: 0, within: None }).expect("a test").not = true;
        assert_eq!(found(&not), [false, false, false], "what has no effort is not of another effort");
        assert_eq!(found(&Filter::default()), [true, true, true]);
    }

    #[test]
    fn not_turns_what_was_said_and_leaves_what_was_not() {
        let mut filter = of(Join::All, [Criterion::Severity { least: 5 }]);
        filter.test_mut(At { part: 0, within: None }).expect("a test").not = true;
        assert_eq!(stay(&filter), [true, true, true]);
        filter.test_mut(At { part: 0, within: None }).expect("a test").what =
            Criterion::Severity { least: 4 };
        assert_eq!(stay(&filter), [false, true, true]);
    }

    #[test]
    fn all_and_any_and_groups_go_together() {
        let (_, _, ana, _) = board();
        let owner = Criterion::Owner { owners: [Some(ana)].into() };
        let severe = Criterion::Severity { least: 4 };
        assert_eq!(stay(&of(Join::All, [owner.clone(), severe.clone()])), [false, true, false]);
        assert_eq!(stay(&of(Join::Any, [owner.clone(), severe.clone()])), [true, true, false]);
        // Open, and (Ana's or severe).
        let mut filter = of(Join::All, [Criterion::Open, owner]);
        filter.add_beside(At { part: 1, within: None }, severe.into()).expect("room");
        assert_eq!(stay(&filter), [true, false, false]);
        filter.turn(Some(1));
        assert_eq!(stay(&filter), [false, false, false]);
        assert_eq!(stay(&Filter::default()), [true, true, true]);
    }

    #[test]
    fn brackets_come_with_a_second_test_and_go_with_it() {
        let mut filter = of(Join::All, [Criterion::Open]);
        let at = filter.add_beside(At { part: 0, within: None }, Criterion::Impact { least: 3 }.into());
        assert_eq!(at, Some(At { part: 0, within: Some(1) }));
        assert_eq!(filter.tests(), 2);
        filter.remove(At { part: 0, within: Some(0) });
        assert_eq!(filter, of(Join::All, [Criterion::Impact { least: 3 }]));
        filter.remove(At { part: 0, within: None });
        assert!(!filter.is_on());
        for _ in 0..TESTS_MAX {
            assert!(filter.add(Criterion::Open.into()).is_some());
        }
        assert_eq!(filter.add(Criterion::Open.into()), None);
    }

    #[test]
    fn a_filter_is_the_same_after_being_kept() {
        let (_, _, ana, stage) = board();
        let mut filter = of(
            Join::Any,
            [
                Criterion::Owner { owners: [None, Some(ana)].into() },
                Criterion::Stage { stages: [stage].into() },
                Criterion::Text { words: "code".to_owned() },
            ],
        );
        filter.add_beside(At { part: 1, within: None }, Test { what: Criterion::Open, not: true });
        let text = serde_json::to_string(&filter).expect("it");
        assert_eq!(serde_json::from_str::<Filter>(&text).expect("it"), filter);
    }
}
