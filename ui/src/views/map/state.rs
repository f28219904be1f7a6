//! What the map itself knows: how it is zoomed and scrolled, where the keyboard is, what is being
//! typed or dragged. Begins anew for every journey.

use std::collections::BTreeSet;

use custory_domain::filter::Filter;
use custory_domain::{EntityRef, ItemKind, StageId, StepId};
use custory_ipc::Pointer;
use dioxus::core::Runtime;
use dioxus::prelude::*;

use super::drag::Drag;
use super::layout::{STEP_WIDTH, Zoom};
use super::marquee::Marquee;
use super::model::{MapModel, Settings};
use super::panning::Pull;
use super::zooming::Pinch;
use crate::state::{Store, kept};

/// A place that the keyboard can be at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spot {
    /// A stage's head.
    Stage(StageId),
    /// A step's head.
    Step(StepId),
    /// An item on a step.
    Item {
        /// The step.
        step: StepId,
        /// The item.
        item: EntityRef,
    },
    /// The place in a cell that adds to it.
    Add {
        /// The step.
        step: StepId,
        /// What it adds.
        kind: ItemKind,
    },
    /// What is said of a step on a lane of words.
    Words {
        /// The step.
        step: StepId,
        /// Which lane, by its position on the map.
        lane: usize,
    },
    /// The place that adds the first step to a stage.
    Bare(StageId),
}

impl Spot {
    /// The id of its element in the page.
    pub fn element_id(self) -> String {
        match self {
            Self::Stage(stage) => format!("stage-{stage}"),
            Self::Step(step) => format!("step-{step}"),
            Self::Item { step, item } => format!("item-{}-{step}", item.id),
            Self::Add { step, kind } => format!("add-{}-{step}", kind.spec().style),
            Self::Words { step, lane } => format!("words-{lane}-{step}"),
            Self::Bare(stage) => format!("bare-{stage}"),
        }
    }

    /// The entity that stands there.
    pub fn entity(self) -> Option<EntityRef> {
        match self {
            Self::Stage(stage) => Some(stage.into()),
            Self::Step(step) => Some(step.into()),
            Self::Item { item, .. } => Some(item),
            Self::Add { .. } | Self::Words { .. } | Self::Bare(_) => None,
        }
    }

    /// The step that it is at.
    pub fn step(self) -> Option<StepId> {
        match self {
            Self::Step(step)
            | Self::Item { step, .. }
            | Self::Add { step, .. }
            | Self::Words { step, .. } => Some(step),
            Self::Stage(_) | Self::Bare(_) => None,
        }
    }
}

/// Something new that is being typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Adding {
    /// An item at the end of a cell.
    Item {
        /// On which step.
        step: StepId,
        /// Of which kind.
        kind: ItemKind,
    },
    /// A step.
    Step {
        /// In which stage.
        stage: StageId,
        /// At which position in it.
        index: usize,
    },
    /// A stage.
    Stage {
        /// At which position.
        index: usize,
    },
}

/// Everything the map itself knows. Small handles: copy it freely.
#[derive(Clone, Copy, PartialEq)]
pub struct MapState {
    /// How wide steps are to be.
    pub zoom: Signal<Zoom>,
    /// Zooming by the wheel or two fingers that is under way.
    pub pinch: Signal<Option<Pinch>>,
    /// The map is being pulled along.
    pub pull: Signal<Option<Pull>>,
    /// Stages folded to a spine.
    pub folded: Signal<BTreeSet<StageId>>,
    /// Lanes that are not shown.
    pub hidden_lanes: Signal<BTreeSet<ItemKind>>,
    /// Lanes of words that are shown though nothing stands on them.
    pub word_lanes: Signal<BTreeSet<String>>,
    /// What is left out.
    pub filter: Signal<Filter>,
    /// Where the keyboard is.
    pub cursor: Signal<Option<Spot>>,
    /// Where a title is being edited.
    pub editing: Signal<Option<Spot>>,
    /// What is being added.
    pub adding: Signal<Option<Adding>>,
    /// What is being dragged.
    pub drag: Signal<Option<Drag>>,
    /// The frame that is being drawn to select what lies in it.
    pub marquee: Signal<Option<Marquee>>,
    /// Where a range of cards begins: an item can stand on several steps.
    pub anchor: Signal<Option<Spot>>,
    /// Width and height of what is visible.
    pub view: Signal<(f64, f64)>,
    /// How far it is scrolled, left and top.
    pub scroll: Signal<(f64, f64)>,
    /// Where the pointer is, while teammates see it.
    pub pointer: Signal<Option<Pointer>>,
    /// The step pointed at in the zoomed-out map.
    pub lens: Signal<Option<StepId>>,
    /// C was pressed; the next letter says what is added.
    pub is_adding_next: Signal<bool>,
    /// What is drawn; a map of nothing while no journey is there.
    pub model: Memo<MapModel>,
}

impl MapState {
    fn new(store: Store) -> Self {
        let zoom = kept(Zoom::Width(STEP_WIDTH));
        let folded = kept(BTreeSet::new());
        let hidden_lanes = kept(BTreeSet::new());
        let word_lanes = kept(BTreeSet::new());
        let filter = kept(Filter::default());
        let adding = kept(None);
        let view = kept((0.0, 0.0));
        let compute = move || {
            let open = store.open.read();
            let Some(open) = open.as_ref() else { return MapModel::blank() };
            let settings = Settings {
                zoom: *zoom.read(),
                folded: folded.read().clone(),
                hidden_lanes: hidden_lanes.read().clone(),
                word_lanes: word_lanes.read().clone(),
                filter: filter.read().clone(),
                adding: *adding.read(),
                view: *view.read(),
                page_height: store.page.read().1,
            };
            MapModel::of(open, &settings)
        };
        Self {
            zoom,
            pinch: kept(None),
            pull: kept(None),
            folded,
            hidden_lanes,
            word_lanes,
            filter,
            cursor: kept(None),
            editing: kept(None),
            adding,
            drag: kept(None),
            marquee: kept(None),
            anchor: kept(None),
            view,
            scroll: kept((0.0, 0.0)),
            pointer: kept(None),
            lens: kept(None),
            is_adding_next: kept(false),
            model: Runtime::current().in_scope(ScopeId::ROOT, || Memo::new(compute)),
        }
    }

    /// Begins anew, for another journey; its stages are folded as they were left.
    pub fn reset(mut self, store: Store) {
        self.zoom.set(Zoom::Width(STEP_WIDTH));
        self.pinch.set(None);
        self.pull.set(None);
        self.folded.set(store.journey_view().folded);
        self.word_lanes.set(BTreeSet::new());
        self.filter.set(Filter::default());
        self.cursor.set(None);
        self.editing.set(None);
        self.adding.set(None);
        self.drag.set(None);
        self.marquee.set(None);
        self.anchor.set(None);
        self.scroll.set((0.0, 0.0));
        self.lens.set(None);
        self.pointer.set(None);
    }

    /// Folds a stage, or unfolds it.
    pub fn fold(mut self, stage: StageId, is_folded: bool) {
        let mut folded = self.folded.write();
        if is_folded {
            folded.insert(stage);
        } else {
            folded.remove(&stage);
        }
    }
}

/// Makes the map's state available to everything below.
pub fn use_provide_map(store: Store) -> MapState {
    use_context_provider(|| MapState::new(store))
}

/// The map's state.
pub fn use_map() -> MapState {
    use_context()
}
