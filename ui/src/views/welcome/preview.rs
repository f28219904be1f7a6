//! The sample as it will look: the real map, drawn from the real sample, to be looked at only.
//!
//! It has a store and a map of its own, so nothing here reaches the journeys of this device.

use dioxus::prelude::*;

use crate::dom;
use crate::state::{OpenJourney, Selection, kept, use_store};
use crate::views::map::{Grid, LABEL_WIDTH, MAP_ID, MapModel, use_provide_map};

/// The picture. It takes neither clicks nor the focus.
#[component]
pub fn Preview(open: ReadSignal<OpenJourney>) -> Element {
    let store = use_store();
    let shown = use_context_provider(|| {
        let mut shown = store;
        let open = open.peek().clone();
        // The people of the sample are no members yet: they come with it.
        let mut workspace = store.workspace.peek().clone();
        workspace.members.extend(open.board.members.clone());
        workspace.personas.extend(open.board.personas.clone());
        shown.workspace = kept(workspace);
        shown.open = kept(Some(open));
        shown.panel = kept(None);
        shown.selection = Selection::new();
        shown
    });
    let model = use_provide_map(shown).model;
    use_future(move || async move {
        dom::next_frame().await;
        let x = first_column(&open.peek(), &model.peek());
        if let Some(element) = dom::by_id(MAP_ID) {
            element.set_scroll_left((x - LABEL_WIDTH) as i32);
        }
    });
    rsx! {
        div { class: "wel-w", "inert": "true",
            div { class: "top",
                div { class: "top-l",
                    div { class: "jt",
                        h1 { {open.read().title().to_owned()} }
                    }
                }
            }
            Grid { model }
        }
    }
}

/// Where the stage begins that loses most customers: the place that the picture is about.
fn first_column(open: &OpenJourney, model: &MapModel) -> f64 {
    let leak = open.numbers.largest_leak.and_then(|it| open.board.steps.get(&it));
    let stage = leak.and_then(|it| it.stage).and_then(|it| model.stage(it));
    let column = stage.and_then(|it| model.layout.columns.get(it.columns.start));
    column.map_or(LABEL_WIDTH, |it| it.x)
}
