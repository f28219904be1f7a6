//! What an entity rests on: without which it could not be reached or would make no sense.
//!
//! Taking back the addition of a step must not take a colleague's insight on it out of sight, so
//! what is shown keeps what it needs. Owners and personas are not needs: an insight stands without.

use std::collections::{BTreeMap, BTreeSet};

use custory_domain::*;

/// Those of `undone` that are needed by something shown, directly or through one another.
///
/// Shown are the entities of `board` that are not in `hidden`, and those of `more`.
pub(crate) fn needed(
    board: &Board,
    hidden: &dyn Fn(EntityRef) -> bool,
    more: &[&Entity],
    undone: &BTreeMap<EntityRef, &Entity>,
) -> BTreeSet<EntityRef> {
    let mut needed = BTreeSet::new();
    let mut unvisited = Vec::new();
    let mut need = |it: EntityRef, unvisited: &mut Vec<EntityRef>| {
        if undone.contains_key(&it) && needed.insert(it) {
            unvisited.push(it);
        }
    };
    each_need_of_board(board, hidden, &mut |it| need(it, &mut unvisited));
    for entity in more {
        needs_of(entity, &mut |it| need(it, &mut unvisited));
    }
    while let Some(next) = unvisited.pop() {
        needs_of(undone[&next], &mut |it| need(it, &mut unvisited));
    }
    needed
}

trait Needs {
    fn needs(&self, visit: &mut dyn FnMut(EntityRef));
}

impl Needs for Journey {
    fn needs(&self, visit: &mut dyn FnMut(EntityRef)) {
        self.outcome_metric.into_iter().for_each(|it| visit(it.into()));
    }
}

impl Needs for Step {
    fn needs(&self, visit: &mut dyn FnMut(EntityRef)) {
        self.stage.into_iter().for_each(|it| visit(it.into()));
        self.branches.keys().for_each(|it| visit((*it).into()));
    }
}

impl Needs for Touchpoint {
    fn needs(&self, visit: &mut dyn FnMut(EntityRef)) {
        self.steps.iter().for_each(|it| visit((*it).into()));
    }
}

impl Needs for Insight {
    fn needs(&self, visit: &mut dyn FnMut(EntityRef)) {
        self.steps.iter().for_each(|it| visit((*it).into()));
    }
}

impl Needs for Opportunity {
    fn needs(&self, visit: &mut dyn FnMut(EntityRef)) {
        self.steps.iter().for_each(|it| visit((*it).into()));
        self.insights.iter().for_each(|it| visit((*it).into()));
        self.parent.into_iter().for_each(|it| visit(it.into()));
    }
}

impl Needs for Solution {
    fn needs(&self, visit: &mut dyn FnMut(EntityRef)) {
        self.steps.iter().for_each(|it| visit((*it).into()));
        self.opportunities.iter().for_each(|it| visit((*it).into()));
        self.assumptions.iter().for_each(|it| visit((*it).into()));
        self.success_metric.into_iter().for_each(|it| visit(it.into()));
    }
}

impl Needs for Metric {
    fn needs(&self, visit: &mut dyn FnMut(EntityRef)) {
        self.steps.iter().for_each(|it| visit((*it).into()));
    }
}

impl Needs for Evidence {
    fn needs(&self, visit: &mut dyn FnMut(EntityRef)) {
        self.claims.keys().for_each(|it| visit(*it));
    }
}

impl Needs for DeliveryLink {
    fn needs(&self, visit: &mut dyn FnMut(EntityRef)) {
        self.delivers.into_iter().for_each(visit);
    }
}

impl Needs for Verdict {
    fn needs(&self, visit: &mut dyn FnMut(EntityRef)) {
        self.solution.into_iter().for_each(|it| visit(it.into()));
        self.metric.into_iter().for_each(|it| visit(it.into()));
    }
}

impl Needs for Decision {
    fn needs(&self, visit: &mut dyn FnMut(EntityRef)) {
        self.about.into_iter().for_each(visit);
    }
}

impl Needs for Comment {
    fn needs(&self, visit: &mut dyn FnMut(EntityRef)) {
        self.about.into_iter().for_each(&mut *visit);
        self.reply_to.into_iter().for_each(|it| visit(it.into()));
    }
}

/// Calls both functions' arms for all kinds, so that a new kind cannot be forgotten in one of them.
macro_rules! kinds_with_needs {
    (with { $($kind:ident $many:ident,)* } without { $($none:ident,)* }) => {
        fn needs_of(entity: &Entity, visit: &mut dyn FnMut(EntityRef)) {
            match entity {
                $(Entity::$kind(it) => it.needs(visit),)*
                $(Entity::$none(_))|* => {}
            }
        }

        fn each_need_of_board(
            board: &Board,
            hidden: &dyn Fn(EntityRef) -> bool,
            visit: &mut dyn FnMut(EntityRef),
        ) {
            $(for it in board.$many.values().filter(|it| !hidden(it.id.into())) {
                it.needs(visit);
            })*
        }
    };
}

kinds_with_needs! {
    with {
        Journey journeys,
        Step steps,
        Touchpoint touchpoints,
        Insight insights,
        Opportunity opportunities,
        Solution solutions,
        Metric metrics,
        Evidence evidence,
        DeliveryLink delivery_links,
        Verdict verdicts,
        Comment comments,
        Decision decisions,
    }
    without { Workspace, Member, Persona, Stage, Review, SharedView, }
}
