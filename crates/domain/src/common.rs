//! Fields that several kinds of things share: who answers for them, and where the work on them stands.

use serde::{Deserialize, Serialize};

use crate::board::Board;
use crate::command::Change;
use crate::entity::*;
use crate::id::{EntityRef, MemberId};

/// Gives something another owner; `None` for what has none.
pub fn owner_change(what: EntityRef, owner: Option<MemberId>) -> Option<Change> {
    let id = what.id;
    Some(match what.kind {
        EntityKind::Step => Change::Step { id: id.into(), set: StepField::Owner(owner) },
        EntityKind::Touchpoint => Change::Touchpoint { id: id.into(), set: TouchpointField::Owner(owner) },
        EntityKind::Insight => Change::Insight { id: id.into(), set: InsightField::Owner(owner) },
        EntityKind::Opportunity => Change::Opportunity { id: id.into(), set: OpportunityField::Owner(owner) },
        EntityKind::Solution => Change::Solution { id: id.into(), set: SolutionField::Owner(owner) },
        EntityKind::Metric => Change::Metric { id: id.into(), set: MetricField::Owner(owner) },
        _ => return None,
    })
}

/// Who answers for something; `None` also for what nobody can answer for.
pub fn owner_of(what: &Entity) -> Option<MemberId> {
    match what {
        Entity::Step(it) => it.owner,
        Entity::Touchpoint(it) => it.owner,
        Entity::Insight(it) => it.owner,
        Entity::Opportunity(it) => it.owner,
        Entity::Solution(it) => it.owner,
        Entity::Metric(it) => it.owner,
        _ => None,
    }
}

/// Where the work on an item stands, whatever kind it is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemState {
    /// An insight's.
    Insight(InsightState),
    /// An opportunity's.
    Opportunity(OpportunityState),
    /// A solution's.
    Solution(SolutionState),
}

impl ItemState {
    /// Those that a person or an automation chooses, in the order of the work. What follows from something else
    /// (that something has shipped, or did what it should) is not among them.
    pub const CHOSEN: [Self; 12] = [
        Self::Insight(InsightState::New),
        Self::Insight(InsightState::Triaged),
        Self::Insight(InsightState::Resolved),
        Self::Insight(InsightState::Archived),
        Self::Opportunity(OpportunityState::Open),
        Self::Opportunity(OpportunityState::Framed),
        Self::Opportunity(OpportunityState::Prioritised),
        Self::Opportunity(OpportunityState::Parked),
        Self::Solution(SolutionState::Idea),
        Self::Solution(SolutionState::Proposed),
        Self::Solution(SolutionState::Planned),
        Self::Solution(SolutionState::InProgress),
    ];

    /// Where something stands; `None` for kinds that have no such state.
    pub const fn at(it: &Entity) -> Option<Self> {
        match it {
            Entity::Insight(it) => Some(Self::Insight(it.state)),
            Entity::Opportunity(it) => Some(Self::Opportunity(it.state)),
            Entity::Solution(it) => Some(Self::Solution(it.state)),
            _ => None,
        }
    }

    /// Where an item of a board stands; `None` for kinds that have no such state.
    pub fn of(board: &Board, item: EntityRef) -> Option<Self> {
        let id = item.id;
        match item.kind {
            EntityKind::Insight => board.insights.get(&id.into()).map(|it| Self::Insight(it.state)),
            EntityKind::Opportunity => {
                board.opportunities.get(&id.into()).map(|it| Self::Opportunity(it.state))
            }
            EntityKind::Solution => board.solutions.get(&id.into()).map(|it| Self::Solution(it.state)),
            _ => None,
        }
    }

    /// The kind of item that can stand there.
    pub const fn kind(self) -> EntityKind {
        match self {
            Self::Insight(_) => EntityKind::Insight,
            Self::Opportunity(_) => EntityKind::Opportunity,
            Self::Solution(_) => EntityKind::Solution,
        }
    }

    /// Moves an item there; `None` if it is of another kind.
    pub fn change(self, item: EntityRef) -> Option<Change> {
        let id = item.id;
        (item.kind == self.kind()).then(|| match self {
            Self::Insight(to) => Change::Insight { id: id.into(), set: InsightField::State(to) },
            Self::Opportunity(to) => Change::Opportunity { id: id.into(), set: OpportunityField::State(to) },
            Self::Solution(to) => Change::Solution { id: id.into(), set: SolutionField::State(to) },
        })
    }

    /// The word for it, as windows say it: “Planned”.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Insight(it) => match it {
                InsightState::New => "New",
                InsightState::Triaged => "Triaged",
                InsightState::Resolved => "Resolved",
                InsightState::Archived => "Archived",
            },
            Self::Opportunity(it) => match it {
                OpportunityState::Open => "Open",
                OpportunityState::Framed => "Framed",
                OpportunityState::Prioritised => "Planned",
                OpportunityState::InDelivery => "In delivery",
                OpportunityState::Shipped => "Shipped",
                OpportunityState::Validated => "Validated",
                OpportunityState::Parked => "Parked",
                OpportunityState::Closed => "Closed",
                OpportunityState::Reopened => "Reopened",
            },
            Self::Solution(it) => match it {
                SolutionState::Idea => "Idea",
                SolutionState::Proposed => "Proposed",
                SolutionState::Planned => "Planned",
                SolutionState::InProgress => "In progress",
                SolutionState::Shipped => "Shipped",
                SolutionState::Validated => "Validated",
                SolutionState::NotValidated => "Did not help",
                SolutionState::Rejected => "Rejected",
            },
        }
    }
}
