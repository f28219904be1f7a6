//! What the projection reads out of an entity: the words to find it by, and what it hangs on.

use std::collections::BTreeSet;

use custory_domain::{Entity, EntityKind, EntityRef, StepId};

/// Everything in an entity that people might look for, beside its title.
pub(super) fn words(entity: &Entity) -> String {
    let mut words = Words::default();
    match entity {
        // A workspace's own entities are few and always in view.
        Entity::Workspace(_) | Entity::Member(_) | Entity::Persona(_) | Entity::SharedView(_) => {}
        Entity::Journey(it) => {
            words.add(&it.scenario).add(&it.expectation).add(&it.scope_from).add(&it.scope_to);
        }
        Entity::Stage(it) => {
            words.add(&it.goal);
        }
        Entity::Step(it) => {
            words.add(&it.action).add(&it.thought);
            it.events.iter().chain(&it.paths).chain(it.cells.values()).for_each(|it| {
                words.add(it);
            });
        }
        Entity::Touchpoint(it) => {
            words.add(&it.notes).add(&it.url);
        }
        Entity::Insight(it) => {
            words.add(&it.notes).add(&it.segment);
        }
        Entity::Opportunity(it) => {
            words.add(&it.notes).add(&it.reason);
        }
        Entity::Solution(it) => {
            words.add(&it.notes);
        }
        Entity::Metric(it) => {
            words.add(&it.notes);
        }
        Entity::Evidence(it) => {
            words.add(&it.author).add(&it.source).add(&it.locator);
        }
        Entity::DeliveryLink(it) => {
            words.add(&it.title).add(&it.assignee);
        }
        Entity::Verdict(it) => it.confounders.iter().for_each(|it| {
            words.add(it);
        }),
        Entity::Comment(_) => {}
        Entity::Decision(it) => {
            words.add(&it.why).add(&it.rejected);
        }
        Entity::Review(it) => it.decisions.values().for_each(|it| {
            words.add(it);
        }),
    }
    words.0
}

#[derive(Default)]
struct Words(String);

impl Words {
    /// Adds a text on a line of its own. Control characters go: the index needs two of them as
    /// marks around what was found.
    fn add(&mut self, text: &str) -> &mut Self {
        let text = text.trim();
        if !text.is_empty() {
            if !self.0.is_empty() {
                self.0.push('\n');
            }
            self.0.extend(text.chars().map(|it| if it.is_control() && it != '\n' { ' ' } else { it }));
        }
        self
    }
}

/// What an entity goes out of sight with: when all of these have. Without any it stands for itself.
pub(super) fn hangs_on(entity: &Entity) -> Vec<EntityRef> {
    let parents: Vec<EntityRef> = match entity {
        Entity::Workspace(_)
        | Entity::Member(_)
        | Entity::Persona(_)
        | Entity::Journey(_)
        | Entity::Stage(_)
        | Entity::Review(_)
        | Entity::SharedView(_) => Vec::new(),
        Entity::Step(it) => it.stage.into_iter().map(EntityRef::from).collect(),
        Entity::Touchpoint(it) => on_steps(&it.steps),
        Entity::Insight(it) => on_steps(&it.steps),
        Entity::Opportunity(it) => on_steps(&it.steps),
        Entity::Solution(it) => on_steps(&it.steps),
        Entity::Metric(it) => on_steps(&it.steps),
        Entity::Evidence(it) => it.claims.keys().copied().collect(),
        Entity::DeliveryLink(it) => it.delivers.into_iter().collect(),
        Entity::Verdict(it) => it.solution.into_iter().map(EntityRef::from).collect(),
        Entity::Comment(it) => it.about.into_iter().collect(),
        Entity::Decision(it) => it.about.into_iter().collect(),
    };
    // People and personas are never out of sight, and live in another document.
    let is_of_workspace =
        |it: &EntityRef| matches!(it.kind, EntityKind::Workspace | EntityKind::Member | EntityKind::Persona);
    if parents.iter().any(is_of_workspace) { Vec::new() } else { parents }
}

fn on_steps(steps: &BTreeSet<StepId>) -> Vec<EntityRef> {
    steps.iter().copied().map(EntityRef::from).collect()
}
