//! The lines of the opportunity tree: the outcome, the opportunities that move it with their parts, the solutions that
//! answer them, and what must be true for those to work.

use std::collections::{BTreeMap, BTreeSet};

use custory_domain::filter::Filter;
use custory_domain::*;

use crate::state::OpenJourney;

/// What a line of the tree is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeKind {
    /// The number that the journey is there to move.
    Outcome,
    /// A problem worth solving.
    Opportunity,
    /// A way to solve it.
    Solution,
    /// What must be true for it to work.
    Assumption,
}

/// A line of the tree.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Its place: ids from the root to it. The same solution can answer two opportunities.
    pub path: Vec<EntityRef>,
    /// What it is.
    pub kind: NodeKind,
    /// Lines right below it, whether shown or not.
    pub children: usize,
    /// Whether those are shown.
    pub is_open: bool,
    /// Its place among its siblings, from 1, and how many there are.
    pub place: (usize, usize),
}

impl Node {
    /// The entity that it stands for.
    pub fn id(&self) -> EntityRef {
        *self.path.last().expect("a line stands for something")
    }

    /// How deep it is: 1 at the root.
    pub fn level(&self) -> usize {
        self.path.len()
    }

    /// A name for its place that pages and signals take.
    pub fn key(&self) -> String {
        key(&self.path)
    }
}

fn key(path: &[EntityRef]) -> String {
    path.iter().map(|it| it.id.to_string()).collect::<Vec<_>>().join("-")
}

/// The tree as it is shown.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TreeModel {
    /// Its lines from the top.
    pub nodes: Vec<Node>,
    /// Opportunities in all, and how many the filter leaves in.
    pub opportunities: (usize, usize),
    /// Solutions that answer no opportunity.
    pub strays: Vec<SolutionId>,
}

struct Builder<'a> {
    open: &'a OpenJourney,
    parts: BTreeMap<Option<OpportunityId>, Vec<OpportunityId>>,
    answers: BTreeMap<OpportunityId, Vec<SolutionId>>,
    folded: &'a BTreeSet<String>,
    nodes: Vec<Node>,
}

impl TreeModel {
    /// Computes it. Opportunities that the filter leaves out stay where one below them is left in.
    pub fn of(open: &OpenJourney, filter: &Filter, folded: &BTreeSet<String>) -> Self {
        let board = &open.board;
        let all: Vec<&Opportunity> = in_order(open, ItemKind::Opportunity)
            .filter_map(|it| board.opportunities.get(&it.id.into()))
            .collect();
        let by_id: Opportunities<'_> = all.iter().map(|it| (it.id, *it)).collect();
        let left = left_in(open, filter, &by_id);
        let mut parts: BTreeMap<Option<OpportunityId>, Vec<OpportunityId>> = BTreeMap::new();
        for it in all.iter().filter(|it| left.contains(&it.id)) {
            parts.entry(parent(&by_id, it)).or_default().push(it.id);
        }
        let mut answers: BTreeMap<OpportunityId, Vec<SolutionId>> = BTreeMap::new();
        let mut strays = Vec::new();
        let solutions =
            in_order(open, ItemKind::Solution).filter_map(|it| board.solutions.get(&it.id.into()));
        for solution in solutions {
            let answered: Vec<_> =
                solution.opportunities.iter().filter(|it| by_id.contains_key(it)).copied().collect();
            if answered.is_empty() {
                strays.push(solution.id);
            }
            answered.iter().for_each(|it| answers.entry(*it).or_default().push(solution.id));
        }
        let mut builder = Builder { open, parts, answers, folded, nodes: Vec::new() };
        builder.outcome();
        Self { nodes: builder.nodes, opportunities: (all.len(), left.len()), strays }
    }

    /// Where a line stands.
    pub fn position(&self, key: &str) -> Option<usize> {
        self.nodes.iter().position(|it| it.key() == key)
    }
}

impl Builder<'_> {
    fn outcome(&mut self) {
        let journey = self.open.board.journey();
        let outcome = journey.and_then(|it| it.outcome_metric);
        let outcome =
            outcome.and_then(|it| self.open.board.metrics.get(&it)).filter(|it| it.trashed.is_none());
        let roots = self.parts.get(&None).cloned().unwrap_or_default();
        let mut path = Vec::new();
        if let Some(metric) = outcome {
            path.push(EntityRef::from(metric.id));
            if !self.put(&path, NodeKind::Outcome, roots.len(), (1, 1)) {
                return;
            }
        }
        self.opportunities(&path, &roots, 0, roots.len());
    }

    /// Adds a line; answers whether what is below it is shown.
    fn put(&mut self, path: &[EntityRef], kind: NodeKind, children: usize, place: (usize, usize)) -> bool {
        let is_open = children > 0 && !self.folded.contains(&key(path));
        self.nodes.push(Node { path: path.to_vec(), kind, children, is_open, place });
        is_open
    }

    fn opportunities(&mut self, path: &[EntityRef], ids: &[OpportunityId], before: usize, siblings: usize) {
        for (at, id) in ids.iter().enumerate() {
            let mut path = path.to_vec();
            path.push((*id).into());
            let parts = self.parts.get(&Some(*id)).cloned().unwrap_or_default();
            let answers = self.answers.get(id).cloned().unwrap_or_default();
            let children = parts.len() + answers.len();
            if self.put(&path, NodeKind::Opportunity, children, (before + at + 1, siblings)) {
                self.opportunities(&path, &parts, 0, children);
                self.solutions(&path, &answers, parts.len(), children);
            }
        }
    }

    fn solutions(&mut self, path: &[EntityRef], ids: &[SolutionId], before: usize, siblings: usize) {
        for (at, id) in ids.iter().enumerate() {
            let mut path = path.to_vec();
            path.push((*id).into());
            let assumptions: Vec<InsightId> = self.open.board.solutions.get(id).map_or_else(Vec::new, |it| {
                let is_there =
                    |id: &&InsightId| self.open.board.insights.get(id).is_some_and(|it| it.trashed.is_none());
                it.assumptions.iter().filter(is_there).copied().collect()
            });
            if self.put(&path, NodeKind::Solution, assumptions.len(), (before + at + 1, siblings)) {
                let count = assumptions.len();
                for (at, id) in assumptions.iter().enumerate() {
                    let mut path = path.clone();
                    path.push((*id).into());
                    self.put(&path, NodeKind::Assumption, 0, (at + 1, count));
                }
            }
        }
    }
}

/// Items of a kind in the order of the map, each once, trashed ones left out.
fn in_order(open: &OpenJourney, kind: ItemKind) -> impl Iterator<Item = EntityRef> {
    let mut seen = BTreeSet::new();
    let steps = open.board.steps_in_order();
    let all: Vec<EntityRef> = steps
        .iter()
        .flat_map(|it| open.index.cell(it.id, kind))
        .copied()
        .filter(|it| seen.insert(*it))
        .collect();
    all.into_iter()
}

/// Opportunities that are there.
type Opportunities<'a> = BTreeMap<OpportunityId, &'a Opportunity>;

/// The opportunity that one is a part of, if it is there and the way up ends.
fn parent(all: &Opportunities<'_>, it: &Opportunity) -> Option<OpportunityId> {
    let mut seen = BTreeSet::from([it.id]);
    let mut at = it.parent;
    while let Some(id) = at {
        let above = all.get(&id)?;
        if !seen.insert(id) {
            // A circle, made by two people at once: none of its members is above another.
            return None;
        }
        at = above.parent;
    }
    it.parent
}

/// Opportunities that the filter leaves in, and those above them.
fn left_in(open: &OpenJourney, filter: &Filter, all: &Opportunities<'_>) -> BTreeSet<OpportunityId> {
    let passing = all.keys().filter(|it| open.passes(filter, (**it).into()));
    let mut left = BTreeSet::new();
    for id in passing {
        let mut at = Some(*id);
        while let Some(id) = at.filter(|id| left.insert(*id)) {
            at = all.get(&id).and_then(|it| parent(all, it));
        }
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::table::fixture::fixture;

    /// Lines as indented titles.
    fn lines(open: &OpenJourney, model: &TreeModel) -> Vec<String> {
        let title = |it: &Node| match it.kind {
            NodeKind::Outcome => open.board.metrics[&it.id().id.into()].name.clone(),
            _ => open.board.item(it.id()).expect("it").title.to_owned(),
        };
        model.nodes.iter().map(|it| format!("{}{}", "  ".repeat(it.level() - 1), title(it))).collect()
    }

    fn tree(open: &OpenJourney) -> TreeModel {
        TreeModel::of(open, &Filter::default(), &BTreeSet::new())
    }

    #[test]
    fn parts_and_answers_and_assumptions_stand_below_what_they_belong_to() {
        let mut it = fixture();
        let [first, second] = [it.opportunities[0].id, it.opportunities[1].id].map(OpportunityId::from);
        let board = &mut it.open.board;
        board.opportunities.get_mut(&second).expect("it").parent = Some(first);
        let insight = *board.insights.keys().next().expect("an insight");
        let step = *board.steps.keys().next().expect("a step");
        let solution = Solution {
            title: "Text the code".to_owned(),
            steps: [step].into(),
            opportunities: [second].into(),
            assumptions: [insight].into(),
            ..Solution::new(SolutionId::from_parts(9, 9))
        };
        board.put(solution.into());
        it.open.index = board::BoardIndex::of(&it.open.board);
        let model = tree(&it.open);
        let shown = lines(&it.open, &model);
        let at = shown.iter().position(|line| line.contains("Text the code")).expect("it");
        assert!(shown[at].starts_with("    ") && shown[at + 1].starts_with("      "), "{shown:?}");
        assert_eq!(model.nodes[at + 1].kind, NodeKind::Assumption);
        let folded = BTreeSet::from([model.nodes[0].key()]);
        let folded = TreeModel::of(&it.open, &Filter::default(), &folded);
        assert!(folded.nodes.len() < model.nodes.len());
        assert!(!folded.nodes[0].is_open && folded.nodes[0].children > 0);
    }

    #[test]
    fn a_circle_that_two_people_made_hides_nothing() {
        let mut it = fixture();
        let [first, second] = [it.opportunities[0].id, it.opportunities[1].id].map(OpportunityId::from);
        it.open.board.opportunities.get_mut(&first).expect("it").parent = Some(second);
        it.open.board.opportunities.get_mut(&second).expect("it").parent = Some(first);
        let shown: BTreeSet<_> = tree(&it.open).nodes.iter().map(Node::id).collect();
        assert!(shown.contains(&first.into()) && shown.contains(&second.into()));
    }

    #[test]
    fn what_the_filter_leaves_out_stays_above_what_it_leaves_in() {
        use custory_domain::filter::{Criterion, Part};
        let mut it = fixture();
        let [first, second] = [it.opportunities[0].id, it.opportunities[1].id].map(OpportunityId::from);
        let words = it.open.board.opportunities[&second].title.clone();
        it.open.board.opportunities.get_mut(&second).expect("it").parent = Some(first);
        let filter =
            Filter { parts: vec![Part::Test(Criterion::Text { words }.into())], ..Filter::default() };
        let model = TreeModel::of(&it.open, &filter, &BTreeSet::new());
        let shown: Vec<_> =
            model.nodes.iter().filter(|it| it.kind == NodeKind::Opportunity).map(Node::id).collect();
        assert_eq!(shown, [first.into(), second.into()]);
        assert_eq!(model.opportunities.1, 2);
    }
}
