//! Selecting by a frame that is drawn over empty ground. Which cards lie in it is computed from the layout, so that
//! those count too that have been scrolled out of sight meanwhile. Esc puts back what was selected before.

use std::collections::BTreeSet;

use custory_domain::{EntityRef, ItemKind};
use dioxus::prelude::*;

use super::drag::{self, SLACK, content_place};
use super::layout::{Column, Detail, Lane};
use super::model::{self, MapModel};
use super::squares;
use super::state::{MapState, use_map};
use crate::state::{OpenJourney, Store, use_store};

/// What a press means by itself; on anything else it begins a frame.
const NOT_GROUND: &str =
    "article, button, input, textarea, .stp, .zs, .stg, .spine, .lane-h, .curve-p, [role=slider]";

/// A frame that is being drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Marquee {
    /// Where it began, in pixels of the map's content.
    from: (f64, f64),
    /// Where the pointer was pressed, and where it is, in pixels of the page.
    pressed: (f64, f64),
    at: (f64, f64),
    /// What was selected before.
    before: BTreeSet<EntityRef>,
    /// Whether what was selected before stays selected.
    adds: bool,
    /// The pointer has moved far enough.
    is_moving: bool,
}

/// Part of the map's content, in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Area {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
}

impl Area {
    fn between(one: (f64, f64), other: (f64, f64)) -> Self {
        let (x, y) = (one.0.min(other.0), one.1.min(other.1));
        Self { x, y, width: (one.0 - other.0).abs(), height: (one.1 - other.1).abs() }
    }

    fn meets(&self, other: &Self) -> bool {
        self.x < other.x + other.width
            && other.x < self.x + self.width
            && self.y < other.y + other.height
            && other.y < self.y + self.height
    }
}

/// The main button went down somewhere on the map.
pub fn press(event: &PointerEvent, mut map: MapState, store: Store) {
    use dioxus::html::input_data::MouseButton;
    use dioxus::web::WebEventExt as _;
    use wasm_bindgen::JsCast as _;
    if event.trigger_button() != Some(MouseButton::Primary) || event.pointer_type() == "touch" {
        return;
    }
    let target = event.try_as_web_event().and_then(|it| it.target());
    let element = target.and_then(|it| it.dyn_into::<web_sys::Element>().ok());
    let is_ground = element.is_some_and(|it| it.closest(NOT_GROUND).ok().flatten().is_none());
    let at = event.client_coordinates();
    let at = (at.x, at.y);
    if let Some(from) = content_place(at, *map.scroll.peek()).filter(|_| is_ground) {
        let held = event.modifiers();
        let adds = held.shift() || held.ctrl() || held.meta();
        let before = store.selection.all.peek().clone();
        map.marquee.set(Some(Marquee { from, pressed: at, at, before, adds, is_moving: false }));
    }
}

/// The pointer moves over the map.
pub fn watch(event: &PointerEvent, mut map: MapState) {
    let Some(frame) = map.marquee.peek().clone().filter(|it| !it.is_moving) else { return };
    if event.held_buttons().is_empty() {
        map.marquee.set(None);
        return;
    }
    let at = event.client_coordinates();
    if (at.x - frame.pressed.0).hypot(at.y - frame.pressed.1) > SLACK {
        map.marquee.set(Some(Marquee { at: (at.x, at.y), is_moving: true, ..frame }));
        drag::scroll_at_edges(map);
    }
}

/// The button went up before anything moved: a click on empty ground selects nothing.
pub fn release(store: Store, mut map: MapState) {
    let frame = map.marquee.peek().clone();
    if let Some(frame) = frame.filter(|it| !it.is_moving) {
        map.marquee.set(None);
        if !frame.adds {
            store.selection.clear();
        }
    }
}

/// Gives the frame up; answers whether there was one.
pub fn cancel(store: Store, mut map: MapState) -> bool {
    let Some(frame) = map.marquee.peek().clone() else { return false };
    map.marquee.set(None);
    store.selection.set(frame.before);
    true
}

impl Marquee {
    /// Where the pointer is, once it is a frame.
    pub fn pointer(&self) -> Option<(f64, f64)> {
        self.is_moving.then_some(self.at)
    }
}

/// The frame.
#[component]
pub fn MarqueeLayer(model: Memo<MapModel>) -> Element {
    let store = use_store();
    let mut map = use_map();
    let area = use_memo(move || {
        let frame = map.marquee.read();
        let frame = frame.as_ref().filter(|it| it.is_moving)?;
        // Read so that the frame follows when the map scrolls under a resting pointer.
        let to = content_place(frame.at, *map.scroll.read())?;
        Some(Area::between(frame.from, to))
    });
    use_effect(move || {
        let Some(area) = area() else { return };
        let frame = map.marquee.peek().clone();
        let open = store.open.peek();
        if let (Some(frame), Some(open)) = (frame, open.as_ref()) {
            let mut these = inside(open, &model.peek(), &area);
            if frame.adds {
                these.extend(frame.before);
            }
            store.selection.set(these);
        }
    });
    let Some(area) = area() else { return rsx! {} };
    let mut follow = move |at: (f64, f64)| {
        let frame = map.marquee.peek().clone();
        if let Some(frame) = frame {
            map.marquee.set(Some(Marquee { at, ..frame }));
        }
    };
    rsx! {
        div { class: "marq", style: "left:{area.x}px;top:{area.y}px;width:{area.width}px;height:{area.height}px" }
        div {
            class: "drag-l marq-l",
            onpointermove: move |event| {
                let at = event.client_coordinates();
                if event.held_buttons().is_empty() {
                    map.marquee.set(None);
                } else {
                    follow((at.x, at.y));
                }
            },
            onpointercancel: move |_| { cancel(store, map); },
            onpointerup: move |_| map.marquee.set(None),
        }
    }
}

/// Items whose cards lie in an area, wholly or in part.
fn inside(open: &OpenJourney, model: &MapModel, area: &Area) -> BTreeSet<EntityRef> {
    let mut these = BTreeSet::new();
    for column in &model.layout.columns {
        let Some(step) = column.slot.step() else { continue };
        let below = Area { x: column.x, y: 0.0, width: column.width, height: f64::MAX };
        if !area.meets(&below) {
            continue;
        }
        for lane in &model.layout.lanes {
            let cell = Area { x: column.x, y: lane.y, width: column.width, height: lane.height };
            if area.meets(&cell) {
                let cards = cards(open, model, step, column, lane);
                these.extend(cards.into_iter().filter(|it| it.1.meets(area)).map(|it| it.0));
            }
        }
    }
    these
}

/// Where the cards of a cell lie.
fn cards(
    open: &OpenJourney,
    model: &MapModel,
    step: custory_domain::StepId,
    column: &Column,
    lane: &Lane,
) -> Vec<(EntityRef, Area)> {
    let detail = model.layout.detail;
    if detail == Detail::Square {
        let squares = model.layout.squares;
        let across = squares.across(column.width);
        let place = |(at, item): (usize, EntityRef)| {
            let (x, y) = squares::place(at, across, squares);
            let (x, y) = (column.x + x, lane.y + y);
            (item, Area { x, y, width: squares.pitch, height: squares.pitch })
        };
        return model.shown(open, step, lane.kind).0.into_iter().enumerate().map(place).collect();
    }
    let (items, _) = model.shown(open, step, lane.kind);
    if detail == Detail::Full && lane.kind == ItemKind::Touchpoint {
        let places = model::touchpoint_places(open, &items, column.width);
        let place = |(item, it): (EntityRef, (f64, usize, f64))| {
            let y = lane.y + 8.0 + it.1 as f64 * 26.0;
            (item, Area { x: column.x + 6.0 + it.0, y, width: it.2, height: 22.0 })
        };
        return items.iter().copied().zip(places).map(place).collect();
    }
    let (gap, side) = if detail == Detail::Full { (5.0, 7.0) } else { (3.0, 6.0) };
    let mut y = lane.y + side + 1.0;
    let place = |item: EntityRef| {
        let height = match detail {
            Detail::Full => model::card_height(open, item, lane.kind, column.width),
            Detail::Line | Detail::Square => 24.0,
        };
        let area = Area { x: column.x + side, y, width: column.width - 2.0 * side, height };
        y += height + gap;
        (item, area)
    };
    items.into_iter().map(place).collect()
}

/// A small journey as the map lays it out, for the tests of selecting.
#[cfg(test)]
pub(super) mod fixture {
    use custory_domain::*;

    use super::super::layout::{STEP_WIDTH, Zoom};
    use super::super::model::{MapModel, Settings};
    use crate::state::OpenJourney;

    /// One of its two steps.
    pub fn step(at: usize) -> StepId {
        StepId::from_parts(2, at as u128)
    }

    /// An item on a step.
    pub fn item(on: usize, kind: ItemKind, at: usize) -> EntityRef {
        let random = (on * 10 + at) as u128;
        match kind {
            ItemKind::Touchpoint => TouchpointId::from_parts(3, random).into(),
            ItemKind::Insight => InsightId::from_parts(3, random).into(),
            ItemKind::Opportunity => OpportunityId::from_parts(3, random).into(),
            ItemKind::Solution => SolutionId::from_parts(3, random).into(),
            ItemKind::Metric => MetricId::from_parts(3, random).into(),
        }
    }

    /// Two steps, each with two touchpoints, two insights and two opportunities.
    pub fn drawn() -> (OpenJourney, MapModel) {
        let journey = JourneyId::from_parts(1, 1);
        let mut board = Board::default();
        board.put(Journey::new(journey).into());
        let stage = StageId::from_parts(1, 1);
        let mut orders = Order::series(None, 20).into_iter();
        let mut order = || orders.next().unwrap_or_default();
        board.put(Stage { title: "Set up".into(), order: order(), ..Stage::new(stage) }.into());
        for on in 0..2 {
            let title = "Invite".to_owned();
            board.put(Step { title, stage: Some(stage), order: order(), ..Step::new(step(on)) }.into());
            for at in 0..2 {
                let id = |kind| item(on, kind, at).id;
                let steps = || [step(on)].into();
                let order = order();
                let touchpoint = Touchpoint::new(id(ItemKind::Touchpoint).into());
                let title = "Invite mail".to_owned();
                board.put(Touchpoint { title, steps: steps(), order: order.clone(), ..touchpoint }.into());
                let insight = Insight::new(id(ItemKind::Insight).into());
                let statement = "No work mail".to_owned();
                board.put(Insight { statement, steps: steps(), order: order.clone(), ..insight }.into());
                let opportunity = Opportunity::new(id(ItemKind::Opportunity).into());
                let title = "Share a code".to_owned();
                board.put(Opportunity { title, steps: steps(), order, ..opportunity }.into());
            }
        }
        let open = OpenJourney::as_of(journey, board, Timestamp(1_763_640_000_000));
        let settings = Settings {
            zoom: Zoom::Width(STEP_WIDTH),
            folded: Default::default(),
            hidden_lanes: Default::default(),
            word_lanes: Default::default(),
            filter: Default::default(),
            adding: None,
            view: (640.0, 700.0),
            page_height: 900.0,
        };
        let model = MapModel::of(&open, &settings);
        (open, model)
    }
}

#[cfg(test)]
mod tests {
    use super::fixture::{drawn, item};
    use super::*;

    #[test]
    fn a_frame_takes_the_cards_that_it_touches_and_no_others() {
        let (open, model) = drawn();
        let columns = &model.layout.columns;
        let lane = model.layout.lane(ItemKind::Insight).expect("a lane");
        let over_first = Area { x: columns[0].x + 20.0, y: lane.y + 12.0, width: 30.0, height: 4.0 };
        assert_eq!(inside(&open, &model, &over_first), [item(0, ItemKind::Insight, 0)].into());

        let across = Area { width: columns[1].x - columns[0].x, ..over_first };
        let both = [item(0, ItemKind::Insight, 0), item(1, ItemKind::Insight, 0)];
        assert_eq!(inside(&open, &model, &across), both.into());

        let everything = Area { x: 0.0, y: 0.0, width: 9_999.0, height: 9_999.0 };
        assert_eq!(inside(&open, &model, &everything).len(), 12);
        let beside = Area { x: columns[1].right() + 1.0, ..everything };
        assert!(inside(&open, &model, &beside).is_empty());
    }
}
