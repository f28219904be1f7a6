//! Where on the map something is to be seen, and going there.

use custory_domain::{EntityKind, EntityRef, StepId};
use custory_ipc::Lens;
use dioxus::prelude::*;

use super::moves::{land, reveal_step};
use super::state::{MapState, Spot};
use crate::state::{OpenJourney, Store};

/// The step and item where an entity is to be seen.
pub fn place_of(open: &OpenJourney, entity: EntityRef) -> Option<(StepId, Option<EntityRef>)> {
    let board = &open.board;
    match entity.kind {
        EntityKind::Step => Some((entity.id.into(), None)),
        EntityKind::Evidence => {
            let claims = &board.evidence.get(&entity.id.into())?.claims;
            claims.keys().find_map(|claim| place_of(open, *claim))
        }
        EntityKind::Comment => place_of(open, board.comments.get(&entity.id.into())?.about?),
        EntityKind::Decision => place_of(open, board.decisions.get(&entity.id.into())?.about?),
        _ => {
            let step = *board.item(entity)?.steps.iter().find(|it| board.steps.contains_key(it))?;
            Some((step, Some(entity)))
        }
    }
}

/// Shows an entity on the map and puts the keyboard there; answers whether it has a place.
pub fn jump(store: Store, map: MapState, entity: EntityRef) -> bool {
    let spot = {
        let open = store.open.peek();
        open.as_ref().and_then(|open| match entity.kind {
            EntityKind::Stage => {
                let id = entity.id.into();
                open.board.stages.contains_key(&id).then_some(Spot::Stage(id))
            }
            _ => place_of(open, entity)
                .filter(|it| open.board.steps.contains_key(&it.0))
                .map(|(step, item)| item.map_or(Spot::Step(step), |item| Spot::Item { step, item })),
        })
    };
    let Some(spot) = spot else { return false };
    if store.lens() != Lens::Map {
        store.look_through(Lens::Map);
    }
    if let Some(step) = spot.step() {
        reveal_step(map, step);
    }
    land(map, map.model, spot);
    true
}
