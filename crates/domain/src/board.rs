//! The read model: everything in one document, ready to be read and drawn.
//!
//! A board is kept current by [`Patch`]es alone, the same on disk, in the engine and in the web
//! view; reading it never walks a CRDT. It answers questions and changes nothing by itself.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::entity::*;
use crate::id::*;
use crate::kind::ItemKind;
use crate::order::Order;
use crate::patch::Patch;

macro_rules! board {
    ($($(#[$doc:meta])* $kind:ident, $id:ident, $many:ident;)*) => {
        /// Everything in one document, by kind and id. Trashed entities are included.
        #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
        #[serde(from = "Vec<Entity>", into = "Vec<Entity>")]
        pub struct Board {
            $($(#[$doc])* pub $many: BTreeMap<$id, $kind>,)*
        }

        impl Board {
            /// The entity, trashed or not.
            pub fn get(&self, entity: EntityRef) -> Option<Entity> {
                match entity.kind {
                    $(EntityKind::$kind => self.$many.get(&$id::from(entity.id)).cloned().map(Entity::$kind),)*
                }
            }

            /// Whether the entity is there, trashed or not.
            pub fn contains(&self, entity: EntityRef) -> bool {
                match entity.kind {
                    $(EntityKind::$kind => self.$many.contains_key(&$id::from(entity.id)),)*
                }
            }

            /// Puts an entity in, in place of one with the same id.
            pub fn put(&mut self, entity: Entity) {
                match entity {
                    $(Entity::$kind(it) => { self.$many.insert(it.id, it); })*
                }
            }

            /// Takes an entity out. Only a patch that undoes its making does this.
            pub fn remove(&mut self, entity: EntityRef) {
                match entity.kind {
                    $(EntityKind::$kind => { self.$many.remove(&$id::from(entity.id)); })*
                }
            }

            /// All entities, kind by kind, in the order of their ids.
            pub fn entities(&self) -> impl Iterator<Item = Entity> + '_ {
                std::iter::empty()$(.chain(self.$many.values().cloned().map(Entity::$kind)))*
            }

            /// How many entities of a kind there are.
            pub fn len_of(&self, kind: EntityKind) -> usize {
                match kind {
                    $(EntityKind::$kind => self.$many.len(),)*
                }
            }

            /// How many entities there are.
            pub fn len(&self) -> usize {
                0 $(+ self.$many.len())*
            }
        }
    };
}

board! {
    /// The workspace itself.
    Workspace, WorkspaceId, workspaces;
    /// The team.
    Member, MemberId, members;
    /// Whom journeys are about.
    Persona, PersonaId, personas;
    /// The journey itself: one in a journey's document, none in the workspace's.
    Journey, JourneyId, journeys;
    /// Stages.
    Stage, StageId, stages;
    /// Steps.
    Step, StepId, steps;
    /// Touchpoints.
    Touchpoint, TouchpointId, touchpoints;
    /// Insights.
    Insight, InsightId, insights;
    /// Opportunities.
    Opportunity, OpportunityId, opportunities;
    /// Solutions.
    Solution, SolutionId, solutions;
    /// Metrics.
    Metric, MetricId, metrics;
    /// Evidence.
    Evidence, EvidenceId, evidence;
    /// Linked issues.
    DeliveryLink, DeliveryLinkId, delivery_links;
    /// Verdicts.
    Verdict, VerdictId, verdicts;
    /// Comments.
    Comment, CommentId, comments;
    /// Reviews, open and finished.
    Review, ReviewId, reviews;
    /// Decisions about items.
    Decision, DecisionId, decisions;
    /// Ways to look at the journey, for everybody.
    SharedView, SharedViewId, shared_views;
}

impl From<Vec<Entity>> for Board {
    fn from(entities: Vec<Entity>) -> Self {
        let mut board = Board::default();
        entities.into_iter().for_each(|it| board.put(it));
        board
    }
}

impl From<Board> for Vec<Entity> {
    fn from(board: Board) -> Self {
        board.entities().collect()
    }
}

impl Board {
    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Brings the board up to date.
    pub fn apply(&mut self, patch: &Patch) {
        patch.removed.iter().for_each(|it| self.remove(*it));
        patch.put.iter().cloned().for_each(|it| self.put(it));
    }

    /// The journey that this board shows; `None` on a workspace's board.
    pub fn journey(&self) -> Option<&Journey> {
        self.journeys.values().next()
    }

    /// The workspace that this board describes; `None` on a journey's board.
    pub fn workspace(&self) -> Option<&Workspace> {
        self.workspaces.values().next()
    }

    /// Stages as shown: in order, without trashed ones.
    pub fn stages_in_order(&self) -> Vec<&Stage> {
        let mut stages: Vec<_> = self.stages.values().filter(|it| it.trashed.is_none()).collect();
        stages.sort_by(|a, b| (&a.order, a.id).cmp(&(&b.order, b.id)));
        stages
    }

    /// A stage's steps as shown: in order, without trashed ones.
    pub fn steps_of(&self, stage: StageId) -> Vec<&Step> {
        let mut steps: Vec<_> =
            self.steps.values().filter(|it| it.trashed.is_none() && it.stage == Some(stage)).collect();
        steps.sort_by(|a, b| (&a.order, a.id).cmp(&(&b.order, b.id)));
        steps
    }

    /// All steps as the customer takes them: stage by stage. A step whose stage is in the trash is
    /// left out with it.
    pub fn steps_in_order(&self) -> Vec<&Step> {
        let mut of_stage: BTreeMap<StageId, Vec<&Step>> = BTreeMap::new();
        for step in self.steps.values().filter(|it| it.trashed.is_none()) {
            if let Some(stage) = step.stage {
                of_stage.entry(stage).or_default().push(step);
            }
        }
        let mut steps = Vec::with_capacity(self.steps.len());
        for stage in self.stages_in_order() {
            let mut here = of_stage.remove(&stage.id).unwrap_or_default();
            here.sort_by(|a, b| (&a.order, a.id).cmp(&(&b.order, b.id)));
            steps.extend(here);
        }
        steps
    }

    /// An item's common side, whatever its kind; `None` for what is not an item.
    pub fn item(&self, entity: EntityRef) -> Option<ItemView<'_>> {
        match entity.kind {
            EntityKind::Touchpoint => self.touchpoints.get(&entity.id.into()).map(ItemView::from),
            EntityKind::Insight => self.insights.get(&entity.id.into()).map(ItemView::from),
            EntityKind::Opportunity => self.opportunities.get(&entity.id.into()).map(ItemView::from),
            EntityKind::Solution => self.solutions.get(&entity.id.into()).map(ItemView::from),
            EntityKind::Metric => self.metrics.get(&entity.id.into()).map(ItemView::from),
            _ => None,
        }
    }

    /// All items of a kind, trashed ones included, in no order that should be shown.
    pub fn items(&self, kind: ItemKind) -> Vec<ItemView<'_>> {
        match kind {
            ItemKind::Touchpoint => self.touchpoints.values().map(ItemView::from).collect(),
            ItemKind::Insight => self.insights.values().map(ItemView::from).collect(),
            ItemKind::Opportunity => self.opportunities.values().map(ItemView::from).collect(),
            ItemKind::Solution => self.solutions.values().map(ItemView::from).collect(),
            ItemKind::Metric => self.metrics.values().map(ItemView::from).collect(),
        }
    }

    /// The items of a kind on one step, as shown.
    pub fn items_on(&self, step: StepId, kind: ItemKind) -> Vec<ItemView<'_>> {
        let mut items: Vec<_> = self
            .items(kind)
            .into_iter()
            .filter(|it| it.trashed.is_none() && it.steps.contains(&step))
            .collect();
        items.sort_by(|a, b| (a.order, a.id).cmp(&(b.order, b.id)));
        items
    }

    /// Lanes of words, from what customers see downwards, the journey's own last: their identifiers and names.
    pub fn lanes(&self) -> Vec<(String, String)> {
        let common = BLUEPRINT.iter().map(|(id, name)| ((*id).to_owned(), (*name).to_owned()));
        let own = self.journey().into_iter().flat_map(|it| it.lanes.clone());
        common.chain(own).collect()
    }

    /// Where some customers go from a step instead of to the next one: those steps that are shown, in the customer's
    /// order, with who goes there.
    pub fn branches_of<'a>(&self, from: &'a Step) -> Vec<(StepId, &'a Branch)> {
        let shown = self.steps_in_order();
        shown.iter().filter_map(|it| Some((it.id, from.branches.get(&it.id)?))).collect()
    }

    /// What was decided about something, newest first.
    pub fn decisions_about(&self, about: EntityRef) -> Vec<&Decision> {
        let decided = |it: &&Decision| it.trashed.is_none() && it.about == Some(about);
        let mut found: Vec<_> = self.decisions.values().filter(decided).collect();
        found.sort_by_key(|it| (std::cmp::Reverse(it.decided_at()), it.id));
        found
    }

    /// Evidence that speaks about `claim`, for or against, newest first.
    pub fn evidence_for(&self, claim: EntityRef) -> Vec<(&Evidence, Stance)> {
        let mut found: Vec<_> = self
            .evidence
            .values()
            .filter(|it| it.trashed.is_none())
            .filter_map(|it| it.claims.get(&claim).map(|stance| (it, *stance)))
            .collect();
        found.sort_by_key(|(it, _)| (std::cmp::Reverse(it.captured_at), it.id));
        found
    }
}

/// What items of all kinds have in common, borrowed from one of them.
#[derive(Clone, Copy, Debug)]
pub struct ItemView<'a> {
    /// Which item.
    pub id: EntityRef,
    /// Its kind.
    pub kind: ItemKind,
    /// Title, statement or name.
    pub title: &'a str,
    /// Who answers for it.
    pub owner: Option<MemberId>,
    /// The steps it is placed on.
    pub steps: &'a BTreeSet<StepId>,
    /// Where it stands among its kind on a step.
    pub order: &'a Order,
    /// When and by whom it was added.
    pub created: crate::Stamp,
    /// When and by whom it was last changed.
    pub updated: crate::Stamp,
    /// Set while it is in the trash.
    pub trashed: Option<crate::Stamp>,
}

macro_rules! item_view {
    ($($kind:ident, $title:ident;)*) => {$(
        impl<'a> From<&'a $kind> for ItemView<'a> {
            fn from(it: &'a $kind) -> Self {
                Self {
                    id: it.id.into(),
                    kind: ItemKind::$kind,
                    title: &it.$title,
                    owner: it.owner,
                    steps: &it.steps,
                    order: &it.order,
                    created: it.created,
                    updated: it.updated,
                    trashed: it.trashed,
                }
            }
        }
    )*};
}

item_view! {
    Touchpoint, title;
    Insight, statement;
    Opportunity, title;
    Solution, title;
    Metric, name;
}

/// What the index reads of an entity.
#[derive(Debug, PartialEq)]
enum Standing<'a> {
    /// Of an item: its steps, its order, whether it is in the trash.
    Item(&'a BTreeSet<StepId>, &'a Order, bool),
    /// Of evidence: what it speaks about, whether it is in the trash.
    Evidence(Vec<EntityRef>, bool),
    /// Of everything else: nothing.
    Elsewhere,
}

impl<'a> Standing<'a> {
    fn of(entity: &'a Entity) -> Self {
        let item = |it: ItemView<'a>| Self::Item(it.steps, it.order, it.trashed.is_some());
        match entity {
            Entity::Touchpoint(it) => item(it.into()),
            Entity::Insight(it) => item(it.into()),
            Entity::Opportunity(it) => item(it.into()),
            Entity::Solution(it) => item(it.into()),
            Entity::Metric(it) => item(it.into()),
            Entity::Evidence(it) => Self::Evidence(it.claims.keys().copied().collect(), it.trashed.is_some()),
            _ => Self::Elsewhere,
        }
    }
}

/// Which items and how much evidence hang on which step, computed once for many questions.
///
/// Rebuilt from the board after a patch: one pass over items and evidence.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BoardIndex {
    cells: BTreeMap<(StepId, ItemKind), Vec<EntityRef>>,
    evidence_of: BTreeMap<EntityRef, BTreeSet<EvidenceId>>,
    evidence_on: BTreeMap<StepId, BTreeSet<EvidenceId>>,
}

impl BoardIndex {
    /// Reads the board once.
    pub fn of(board: &Board) -> Self {
        let mut index = Self::default();
        for evidence in board.evidence.values().filter(|it| it.trashed.is_none()) {
            for claim in evidence.claims.keys() {
                index.evidence_of.entry(*claim).or_default().insert(evidence.id);
                if claim.kind == EntityKind::Step {
                    index.evidence_on.entry(claim.id.into()).or_default().insert(evidence.id);
                }
            }
        }
        for kind in ItemKind::ALL {
            let mut items = board.items(*kind);
            items.retain(|it| it.trashed.is_none());
            items.sort_by(|a, b| (a.order, a.id).cmp(&(b.order, b.id)));
            for item in items {
                for step in item.steps {
                    index.cells.entry((*step, *kind)).or_default().push(item.id);
                    if let Some(found) = index.evidence_of.get(&item.id) {
                        index.evidence_on.entry(*step).or_default().extend(found);
                    }
                }
            }
        }
        index
    }

    /// Whether a patch to `before` moves anything that the index holds. Most edits do not: a title, a
    /// number, an owner.
    pub fn is_moved_by(before: &Board, patch: &Patch) -> bool {
        let moves = |now: &Entity| match before.get(now.entity_ref()) {
            Some(was) => Standing::of(&was) != Standing::of(now),
            None => true,
        };
        !patch.removed.is_empty() || patch.put.iter().any(moves)
    }

    /// The items of a kind on a step, as shown.
    pub fn cell(&self, step: StepId, kind: ItemKind) -> &[EntityRef] {
        self.cells.get(&(step, kind)).map_or(&[], Vec::as_slice)
    }

    /// Evidence that speaks about an entity.
    pub fn evidence_of(&self, claim: EntityRef) -> impl Iterator<Item = EvidenceId> + '_ {
        self.evidence_of.get(&claim).into_iter().flatten().copied()
    }

    /// How many pieces of evidence speak about an entity.
    pub fn evidence_count(&self, claim: EntityRef) -> usize {
        self.evidence_of.get(&claim).map_or(0, BTreeSet::len)
    }

    /// How many pieces of evidence speak about an opportunity or the insights that it answers to, each once.
    pub fn evidence_behind(&self, opportunity: &Opportunity) -> usize {
        self.all_behind(opportunity).collect::<BTreeSet<_>>().len()
    }

    /// Evidence that speaks about an opportunity or the insights that it answers to; one that speaks about several of
    /// them comes several times.
    pub fn all_behind<'a>(&'a self, opportunity: &'a Opportunity) -> impl Iterator<Item = EvidenceId> + 'a {
        let insights = opportunity.insights.iter().map(|it| EntityRef::from(*it));
        insights.chain([opportunity.id.into()]).flat_map(|claim| self.evidence_of(claim))
    }

    /// Evidence on a step or on anything placed on it, each once.
    pub fn evidence_on(&self, step: StepId) -> impl Iterator<Item = EvidenceId> + '_ {
        self.evidence_on.get(&step).into_iter().flatten().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Insight, InsightId, Stance, Timestamp};

    fn insight(random: u128, steps: &[u128], title: &str) -> Insight {
        let steps = steps.iter().map(|it| StepId::from_parts(1, *it)).collect();
        let statement = title.to_owned();
        Insight { steps, statement, ..Insight::new(InsightId::from_parts(1, random)) }
    }

    #[test]
    fn the_index_is_rebuilt_for_what_moves_and_for_nothing_else() {
        let mut board = Board::default();
        board.put(insight(1, &[1], "Slow").into());
        let quote = crate::Evidence::new(EvidenceId::from_parts(1, 1));
        board.put(quote.clone().into());
        let trashed =
            crate::Stamp { by: crate::MemberId::from_parts(1, 1), at: Timestamp(1), via: Default::default() };
        let claims = [(InsightId::from_parts(1, 1).into(), Stance::Supports)].into();
        let cases: [(&str, Entity, bool); 6] = [
            ("another title", insight(1, &[1], "Slower").into(), false),
            ("another step", insight(1, &[2], "Slow").into(), true),
            ("into the trash", Insight { trashed: Some(trashed), ..insight(1, &[1], "Slow") }.into(), true),
            ("a new item", insight(2, &[], "New").into(), true),
            (
                "other words of a quote",
                crate::Evidence { excerpt: "x".to_owned(), ..quote.clone() }.into(),
                false,
            ),
            ("what a quote speaks about", crate::Evidence { claims, ..quote }.into(), true),
        ];
        for (what, entity, expected) in cases {
            let patch = Patch { put: vec![entity], removed: Vec::new() };
            assert_eq!(BoardIndex::is_moved_by(&board, &patch), expected, "{what}");
            let mut after = board.clone();
            after.apply(&patch);
            let is_same = BoardIndex::of(&board) == BoardIndex::of(&after);
            assert!(is_same || expected, "{what} would leave the index stale");
        }
    }
}
