//! Typing something new where it will stand.

use custory_domain::*;
use dioxus::prelude::*;

use super::layout::{Detail, LABEL_WIDTH, STAGE_HEIGHT, STEP_WIDTH};
use super::model::MapModel;
use super::state::{Adding, MapState, Spot, use_map};
use crate::components::{Icon, InlineText};
use crate::host;
use crate::state::{Store, use_store};

/// An item of a kind with a title, on a step.
pub fn new_item(kind: ItemKind, step: StepId, title: String) -> Entity {
    let steps = [step].into();
    match kind {
        ItemKind::Touchpoint => {
            Touchpoint { title, steps, ..Touchpoint::new(host::fresh(TouchpointId::from_parts)) }.into()
        }
        ItemKind::Insight => {
            Insight { statement: title, steps, ..Insight::new(host::fresh(InsightId::from_parts)) }.into()
        }
        ItemKind::Opportunity => {
            Opportunity { title, steps, ..Opportunity::new(host::fresh(OpportunityId::from_parts)) }.into()
        }
        ItemKind::Solution => {
            Solution { title, steps, ..Solution::new(host::fresh(SolutionId::from_parts)) }.into()
        }
        ItemKind::Metric => {
            Metric { name: title, steps, ..Metric::new(host::fresh(MetricId::from_parts)) }.into()
        }
    }
}

/// Adds an item and puts the keyboard on it once it is there.
fn add_item(store: Store, map: MapState, kind: ItemKind, step: StepId, title: String) {
    let entity = new_item(kind, step, title);
    let spot = Spot::Item { step, item: entity.entity_ref() };
    dioxus::core::spawn_forever(async move {
        if store.dispatch(Command::add(entity)).await {
            super::moves::land(map, map.model, spot);
        }
    });
}

/// The card that is being typed.
#[component]
pub fn NewItem(step: StepId, kind: ItemKind, detail: Detail) -> Element {
    let store = use_store();
    let mut map = use_map();
    let spec = kind.spec();
    let class = match (detail, kind) {
        (Detail::Full, ItemKind::Touchpoint) => "tp new-i".to_owned(),
        _ => format!("card new-i k-{}", spec.style),
    };
    let placeholder = match kind {
        ItemKind::Touchpoint => "Where they meet you",
        ItemKind::Insight => "What you learned",
        ItemKind::Opportunity => "A problem worth solving",
        ItemKind::Solution => "A way to solve it",
        ItemKind::Metric => "A number to watch",
    };
    rsx! {
        article { class: "{class}",
            InlineText {
                value: "",
                label: "New {spec.name.to_lowercase()}",
                class: "card-t",
                placeholder,
                editing: true,
                onsave: move |title| add_item(store, map, kind, step, title),
                ondone: move |()| map.adding.set(None),
            }
        }
    }
}

/// The head of a step that is being typed, over the place where it will stand.
#[component]
pub fn NewStep(model: Memo<MapModel>) -> Element {
    let store = use_store();
    let mut map = use_map();
    let Some(Adding::Step { stage, index }) = *map.adding.read() else { return rsx! {} };
    let model_now = model.read();
    let Some(head) = model_now.stage(stage) else { return rsx! {} };
    let columns = &model_now.layout.columns;
    let x = match columns.get(head.columns.start + index) {
        Some(column) if index < head.steps => column.x,
        _ if head.steps == 0 => columns.get(head.columns.start).map_or(LABEL_WIDTH, |it| it.x),
        _ => columns.get(head.columns.end.saturating_sub(1)).map_or(LABEL_WIDTH, |it| it.right()),
    };
    let width = model_now.layout.step_width.max(STEP_WIDTH);
    rsx! {
        div { class: "new-s", style: "left:{x}px;top:{STAGE_HEIGHT}px;width:{width}px;--c:{head.colour}",
            InlineText {
                value: "",
                label: "Title of the new step",
                placeholder: "What the customer does next",
                editing: true,
                onsave: move |title: String| {
                    let id = host::fresh(StepId::from_parts);
                    let step = Step { title, stage: Some(stage), ..Step::new(id) };
                    map.cursor.set(Some(Spot::Step(id)));
                    dioxus::core::spawn_forever(async move {
                        if store.dispatch(Command::add_at(step, index)).await {
                            super::moves::land(map, model, Spot::Step(id));
                        }
                    });
                },
                ondone: move |()| map.adding.set(None),
            }
        }
    }
}

/// The head of a stage that is being typed.
#[component]
pub fn NewStage(model: Memo<MapModel>) -> Element {
    let store = use_store();
    let mut map = use_map();
    let Some(Adding::Stage { index }) = *map.adding.read() else { return rsx! {} };
    let model_now = model.read();
    let columns = &model_now.layout.columns;
    let x = match model_now.stages.get(index) {
        Some(next) => columns.get(next.columns.start).map_or(LABEL_WIDTH, |it| it.x),
        None => columns.last().map_or(LABEL_WIDTH, |it| it.right()),
    };
    rsx! {
        div { class: "new-s stage", style: "left:{x}px;top:0;width:{STEP_WIDTH}px;--c:var(--text-3)",
            InlineText {
                value: "",
                label: "Title of the new stage",
                placeholder: "Stage",
                editing: true,
                onsave: move |title: String| {
                    let stage = Stage { title, ..Stage::new(host::fresh(StageId::from_parts)) };
                    store.send(Command::add_at(stage, index));
                },
                ondone: move |()| map.adding.set(None),
            }
        }
    }
}

/// The narrow column at the end that adds a stage.
#[component]
pub fn AddStage(column: usize, index: usize) -> Element {
    let mut map = use_map();
    rsx! {
        div { class: "mrow", role: "columnheader",
        button {
            class: "add-stage",
            r#type: "button",
            style: "grid-row:1/3;grid-column:{column}",
            "aria-label": "Add stage",
            title: "Add stage",
            tabindex: "-1",
            onclick: move |_| map.adding.set(Some(Adding::Stage { index })),
            Icon { name: "plus", class: "sm" }
        }
        }
    }
}
