//! Pointers of teammates on the map, and where this one is for them.

use custory_ipc::Lens;
use dioxus::prelude::*;

use super::grid::MAP_ID;
use super::model::MapModel;
use super::state::MapState;
use crate::dom;
use crate::state::{Store, use_store};
use crate::views::mates::colour;

/// Notes where the pointer is, if a teammate could see it.
pub(super) fn watch(event: &PointerEvent, store: Store, mut map: MapState) {
    if !store.has_company() {
        return;
    }
    let Some(element) = dom::by_id(MAP_ID) else { return };
    let rect = element.get_bounding_client_rect();
    let at = event.client_coordinates();
    let model = map.model.peek();
    let (x, y) = (at.x - rect.left(), at.y - rect.top());
    // Heads stay in sight while lanes move below them.
    let is_over_heads = y < model.layout.funnel_y();
    let down = if is_over_heads { y } else { y + f64::from(element.scroll_top()) };
    let pointer = model.layout.pointer_at(x + f64::from(element.scroll_left()), down);
    drop(model);
    if *map.pointer.peek() != pointer {
        map.pointer.set(pointer);
    }
}

/// The pointer has left the map.
pub(super) fn leave(mut map: MapState) {
    if map.pointer.peek().is_some() {
        map.pointer.set(None);
    }
}

/// Teammates' pointers.
#[component]
pub(super) fn Pointers(model: Memo<MapModel>) -> Element {
    let store = use_store();
    let pointers = use_memo(move || -> Vec<_> {
        let mates = store.mates.read();
        let layout = &model.read().layout;
        let named = store.mates_by_name.read();
        let shown = named.iter().filter_map(|named| {
            let mate = mates.get(&named.device)?;
            let is_shown = mate.place.lens == Lens::Map;
            let at = mate.place.pointer.as_ref().filter(|_| is_shown).and_then(|it| layout.point_of(it))?;
            Some((named.clone(), at, mate.is_pointing))
        });
        shown.collect()
    });
    rsx! {
        for (named , (x , y) , is_pointing) in pointers.read().iter() {
            div {
                key: "{named.device}",
                class: if *is_pointing { "cursor" } else { "cursor still" },
                style: "--c:{colour(store, named)};transform:translate({x}px,{y}px)",
                "aria-hidden": "true",
                svg { view_box: "0 0 18 20", path { d: "M2 2l5.2 15 2.6-6.2L16 8.4z" } }
                b { {named.name.clone()} }
            }
        }
    }
}
