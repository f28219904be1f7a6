//! The lens: what a step of the zoomed-out map holds, without opening it.

use custory_domain::{EntityRef, ItemKind, StepId};
use dioxus::prelude::*;

use super::card::{Face, Worth, face};
use super::layout::Zoom;
use super::model::MapModel;
use super::state::{Spot, use_map};
use crate::components::{Kbd, KindIcon};
use crate::format;
use crate::host;
use crate::state::{OpenJourney, use_store};

/// Items named in the lens.
const ITEMS_MAX: usize = 5;
/// Width of the lens; must match the style sheet.
const WIDTH: f64 = 330.0;

/// The lens beside the step that the pointer or the keyboard is at.
#[component]
pub fn Lens(model: Memo<MapModel>) -> Element {
    let store = use_store();
    let map = use_map();
    let at_pointer = *map.lens.read();
    let cursor = *map.cursor.read();
    let at_keyboard = cursor.and_then(Spot::step);
    let Some(step) = at_pointer.or(at_keyboard) else { return rsx! {} };
    let at_item = match cursor {
        Some(Spot::Item { step: on, item }) if on == step => Some(item),
        _ => None,
    };
    let model_now = model.read();
    let layout = &model_now.layout;
    let Some(column) = layout.column_of(step).map(|it| layout.columns[it]) else { return rsx! {} };
    let open = store.open.read();
    let Some(open) = open.as_ref() else { return rsx! {} };
    let Some(it) = open.board.steps.get(&step) else { return rsx! {} };
    let (scrolled, _) = *map.scroll.read();
    let (view, _) = *map.view.read();
    let is_left = column.right() + WIDTH + 16.0 > scrolled + view;
    let x = if is_left { column.x - WIDTH - 10.0 } else { column.right() + 10.0 };
    let y = layout.lanes_y() + 4.0;
    let head = model_now.stages.iter().find(|stage| Some(stage.id) == it.stage);
    let number = layout.columns.iter().find_map(|it| match it.slot {
        super::layout::Slot::Step { step: id, number, .. } if id == step => Some(number),
        _ => None,
    });
    let flow = open.numbers.flow.get(&step);
    let evidence = open.index.evidence_on(step).count();
    let feeling = open.numbers.feeling.get(&step);
    rsx! {
        div { class: "lens", style: "left:{x}px;top:{y}px", role: "status",
            if let Some(head) = head {
                span { class: "stepchip", style: "--c:{head.colour}",
                    i {}
                    "{head.title}"
                    if let Some(number) = number {
                        ", step {number} of {model_now.steps}"
                    }
                }
            }
            h3 { "{it.title}" }
            p { class: "lens-n",
                if let Some(conversion) = flow.and_then(|it| it.conversion) {
                    span {
                        b { class: if flow.is_some_and(|it| it.is_below_target) { "bad" }, {format::percent(conversion)} }
                        " pass"
                    }
                }
                if evidence > 0 {
                    span { {format::count(evidence, "quote", "quotes")} }
                }
                if let Some(feeling) = feeling {
                    span { "Sentiment {format::number(feeling.value, 1)}" }
                }
            }
            for (is_on , face) in telling(open, step, at_item).into_iter().map(|it| (at_item == Some(it.id), it)) {
                div { key: "{face.id}", class: if is_on { "l on" } else { "l" },
                    KindIcon { kind: face.kind }
                    span { class: "g", "{face.title}" }
                    Worth { face }
                }
            }
            p { class: "lens-k",
                Kbd { keys: vec!["enter"] }
                "open"
                Kbd { keys: vec!["Z"] }
                "zoom in here"
            }
        }
    }
}

/// The items that say most about a step: the one that the keyboard is on, then those that ask for a look.
fn telling(open: &OpenJourney, step: StepId, first: Option<EntityRef>) -> Vec<Face> {
    let now = host::now();
    let kinds = [ItemKind::Insight, ItemKind::Opportunity, ItemKind::Solution];
    let items = kinds.iter().flat_map(|kind| open.index.cell(step, *kind)).copied();
    let items = first
        .into_iter()
        .filter(|it| ItemKind::of(it.kind).is_some_and(|it| !kinds.contains(&it)))
        .chain(items);
    let mut faces: Vec<Face> = items.filter_map(|it: EntityRef| face(open, it, now)).collect();
    faces.sort_by_key(|it| (first != Some(it.id), !it.is_hot, it.is_done));
    faces.truncate(ITEMS_MAX);
    faces
}

/// The width at which a step that was zoomed into shows full cards.
pub fn zoomed_in() -> Zoom {
    Zoom::Width(super::layout::STEP_WIDTH)
}
