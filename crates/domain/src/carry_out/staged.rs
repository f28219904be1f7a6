//! A board with changes laid over it, so that a batch sees its own earlier commands.

use std::collections::BTreeMap;

use crate::board::Board;
use crate::command::CommandError;
use crate::entity::{Entity, EntityKind};
use crate::id::{EntityRef, StageId, StepId};
use crate::kind::ItemKind;
use crate::order::Order;
use crate::time::Stamp;

/// A board with changes laid over it.
pub(super) struct Staged<'a> {
    base: &'a Board,
    over: BTreeMap<EntityRef, Entity>,
}

/// What a sibling list needs to know of each sibling.
pub(super) struct Sibling {
    pub id: EntityRef,
    pub order: Order,
}

impl<'a> Staged<'a> {
    pub fn on(base: &'a Board) -> Self {
        Self { base, over: BTreeMap::new() }
    }

    pub fn get(&self, entity: EntityRef) -> Result<Entity, CommandError> {
        self.over
            .get(&entity)
            .cloned()
            .or_else(|| self.base.get(entity))
            .ok_or(CommandError::Missing { entity })
    }

    /// The journey itself.
    pub fn journey(&self) -> Option<crate::entity::Journey> {
        match self.get(self.base.journey()?.id.into()) {
            Ok(Entity::Journey(it)) => Some(it),
            _ => None,
        }
    }

    pub fn contains(&self, entity: EntityRef) -> bool {
        self.over.contains_key(&entity) || self.base.contains(entity)
    }

    pub fn put(&mut self, entity: Entity) {
        self.over.insert(entity.entity_ref(), entity);
    }

    /// How many entities of a kind there are, trash included.
    pub fn count(&self, kind: EntityKind) -> usize {
        let added = self.over.keys().filter(|it| it.kind == kind && !self.base.contains(**it)).count();
        added + self.base.len_of(kind)
    }

    /// The journey's stages, as shown.
    pub fn stages(&self) -> Vec<Sibling> {
        let base = self.base.stages.values().map(|it| (it.id.into(), &it.order, it.trashed));
        self.siblings(EntityKind::Stage, base, |it| match it {
            Entity::Stage(it) => Some(&it.order),
            _ => None,
        })
    }

    /// A stage's steps, as shown.
    pub fn steps_of(&self, stage: StageId) -> Vec<Sibling> {
        let here = self.base.steps.values().filter(|it| it.stage == Some(stage));
        let base = here.map(|it| (it.id.into(), &it.order, it.trashed));
        self.siblings(EntityKind::Step, base, |it| match it {
            Entity::Step(it) if it.stage == Some(stage) => Some(&it.order),
            _ => None,
        })
    }

    /// A step's items of one kind, as shown.
    pub fn items_on(&self, step: StepId, kind: ItemKind) -> Vec<Sibling> {
        let here = self.base.items(kind).into_iter().filter(|it| it.steps.contains(&step));
        let base = here.map(|it| (it.id, it.order, it.trashed));
        self.siblings(kind.spec().entity, base, |it| {
            let (steps, order) = placed_on(it)?;
            steps.contains(&step).then_some(order)
        })
    }

    /// What is not in the trash and has a position here, as shown.
    fn siblings<'b>(
        &'b self,
        kind: EntityKind,
        base: impl Iterator<Item = (EntityRef, &'b Order, Option<Stamp>)>,
        position: impl Fn(&Entity) -> Option<&Order>,
    ) -> Vec<Sibling> {
        let kept = base
            .filter(|(id, _, trashed)| trashed.is_none() && !self.over.contains_key(id))
            .map(|(id, order, _)| Sibling { id, order: order.clone() });
        let over = self.over.iter().filter(|(id, it)| id.kind == kind && it.trashed().is_none());
        let over =
            over.filter_map(|(id, it)| position(it).map(|order| Sibling { id: *id, order: order.clone() }));
        let mut siblings: Vec<_> = kept.chain(over).collect();
        siblings.sort_by(|a, b| (&a.order, a.id).cmp(&(&b.order, b.id)));
        siblings
    }

    /// The entities that differ from the board, stamped.
    pub fn into_changed(self, stamp: Stamp) -> Vec<Entity> {
        let base = self.base;
        self.over
            .into_values()
            .filter_map(|mut it| match base.get(it.entity_ref()) {
                Some(before) if before == it => None,
                Some(_) => {
                    it.set_updated(stamp);
                    Some(it)
                }
                None => {
                    it.set_created(stamp);
                    Some(it)
                }
            })
            .collect()
    }
}

/// The steps an item is placed on and its position there; `None` for what is not an item.
pub fn placed_on(entity: &Entity) -> Option<(&std::collections::BTreeSet<StepId>, &Order)> {
    match entity {
        Entity::Touchpoint(it) => Some((&it.steps, &it.order)),
        Entity::Insight(it) => Some((&it.steps, &it.order)),
        Entity::Opportunity(it) => Some((&it.steps, &it.order)),
        Entity::Solution(it) => Some((&it.steps, &it.order)),
        Entity::Metric(it) => Some((&it.steps, &it.order)),
        Entity::Workspace(_)
        | Entity::Member(_)
        | Entity::Persona(_)
        | Entity::Journey(_)
        | Entity::Stage(_)
        | Entity::Step(_)
        | Entity::Evidence(_)
        | Entity::DeliveryLink(_)
        | Entity::Verdict(_)
        | Entity::Comment(_)
        | Entity::Review(_)
        | Entity::Decision(_)
        | Entity::SharedView(_) => None,
    }
}

/// The same, to be changed.
pub(super) fn placed_on_mut(
    entity: &mut Entity,
) -> Option<(&mut std::collections::BTreeSet<StepId>, &mut Order)> {
    match entity {
        Entity::Touchpoint(it) => Some((&mut it.steps, &mut it.order)),
        Entity::Insight(it) => Some((&mut it.steps, &mut it.order)),
        Entity::Opportunity(it) => Some((&mut it.steps, &mut it.order)),
        Entity::Solution(it) => Some((&mut it.steps, &mut it.order)),
        Entity::Metric(it) => Some((&mut it.steps, &mut it.order)),
        Entity::Workspace(_)
        | Entity::Member(_)
        | Entity::Persona(_)
        | Entity::Journey(_)
        | Entity::Stage(_)
        | Entity::Step(_)
        | Entity::Evidence(_)
        | Entity::DeliveryLink(_)
        | Entity::Verdict(_)
        | Entity::Comment(_)
        | Entity::Review(_)
        | Entity::Decision(_)
        | Entity::SharedView(_) => None,
    }
}
