//! What the priority view itself knows: which opportunity is picked, which is dragged, what the
//! picture is laid out by, and by which formula the list is ranked.

use custory_domain::score::priority::PriorityFormula;
use custory_domain::{EntityRef, OpportunityId, StepId};
use dioxus::prelude::*;

use super::axes::{Along, Axes, axes};
use super::drag::Drag;
use super::model::PriorityModel;
use crate::dom;
use crate::state::{Panel, Store};
use crate::views::map::{MapState, Spot};

/// The picture; it has the focus while the keyboard is among the dots.
pub const MATRIX_ID: &str = "priority-matrix";

/// Everything the priority view itself knows. Small handles: copy it freely.
#[derive(Clone, Copy, PartialEq)]
pub struct PriorityState {
    /// The opportunity that was picked.
    pub picked: Signal<Option<OpportunityId>>,
    /// The formula that a person asked for; the one that fits the list without one.
    pub formula: Signal<Option<PriorityFormula>>,
    /// What the picture is laid out by.
    pub axes: Memo<Axes>,
    /// What is dragged.
    pub drag: Signal<Option<Drag>>,
    /// Width and height of the picture, in pixels.
    pub size: Signal<(f64, f64)>,
    /// What is drawn.
    pub model: Memo<PriorityModel>,
    /// Counts up in the frame after each change of the model, see [`use_follow`].
    pub followed: Signal<u64>,
}

impl PriorityState {
    /// The one that is picked, the first one without a pick.
    pub fn present(self) -> Option<OpportunityId> {
        self.present_in(&self.model.read())
    }

    /// The same among what a model shows.
    pub fn present_in(self, model: &PriorityModel) -> Option<OpportunityId> {
        let picked = (*self.picked.read()).filter(|id| model.list.iter().any(|it| it.id == *id));
        picked.or_else(|| model.list.first().map(|it| it.id))
    }

    /// Picks one. What is added from here on goes to its step; an open panel shows it.
    pub fn pick(mut self, mut store: Store, mut map: MapState, id: OpportunityId) {
        if *self.picked.peek() != Some(id) {
            self.picked.set(Some(id));
        }
        let step = step_of(store, id);
        if let Some(step) = step {
            map.cursor.set(Some(Spot::Item { step, item: id.into() }));
            let panel = Panel { step, item: Some(id.into()) };
            let shows_another = store.panel.peek().is_some_and(|it| it != panel);
            if shows_another {
                store.panel.set(Some(panel));
            }
        }
        // Its line may be drawn anew, now that it opens.
        dioxus::core::spawn_forever(async move {
            dom::next_frame().await;
            dom::reveal(&row_id(id));
        });
    }

    /// Shows one in the panel, or puts the panel away if it shows it already.
    pub fn peek(self, mut store: Store, id: OpportunityId) {
        let Some(step) = step_of(store, id) else { return };
        let panel = Panel { step, item: Some(EntityRef::from(id)) };
        let is_shown = *store.panel.peek() == Some(panel);
        store.panel.set((!is_shown).then_some(panel));
    }
}

/// The first of an opportunity's steps, as the customer takes them.
pub fn step_of(store: Store, id: OpportunityId) -> Option<StepId> {
    store.open.peek().as_ref()?.first_step_of(id.into())
}

/// The id of a dot in the page.
pub fn dot_id(id: OpportunityId) -> String {
    format!("dot-{id}")
}

/// The id of what chooses the axis along a side.
pub const fn axis_id(along: Along) -> &'static str {
    match along {
        Along::X => "axis-x",
        Along::Y => "axis-y",
    }
}

/// The id of a line of the list in the page.
pub fn row_id(id: OpportunityId) -> String {
    format!("rank-{id}")
}

/// Makes the view's state available to everything below.
pub fn use_provide_priority(store: Store, map: MapState) -> PriorityState {
    let size = use_signal(|| (0.0, 0.0));
    let formula = use_signal(|| None);
    let axes = use_memo(move || axes(store));
    let model = use_memo(move || {
        let open = store.open.read();
        let Some(open) = open.as_ref() else { return PriorityModel::default() };
        PriorityModel::of(open, &map.filter.read(), *formula.read(), *axes.read(), *size.read())
    });
    let picked = use_signal(|| {
        let spot = *map.cursor.peek();
        let item = spot.and_then(Spot::entity)?;
        (item.kind == custory_domain::EntityKind::Opportunity).then(|| item.id.into())
    });
    let drag = use_signal(|| None);
    let followed = use_follow(model);
    use_context_provider(|| PriorityState { picked, formula, axes, drag, size, model, followed })
}

/// What a person moves is painted first. The list and the numbers in the dots follow in the frame after: one move changes
/// those of everything that it passes, and in the same frame the dot would wait for all of them.
fn use_follow(model: Memo<PriorityModel>) -> Signal<u64> {
    let mut followed = use_signal(|| 0_u64);
    use_effect(move || {
        let _changed = model.read();
        spawn(async move {
            dom::painted().await;
            followed += 1;
        });
    });
    followed
}

/// The view's state.
pub fn use_priority() -> PriorityState {
    use_context()
}
