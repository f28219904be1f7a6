//! Zooming: what is pointed at stays where it is. While the wheel turns with Ctrl held, or two fingers part on a
//! touchpad, the map is scaled as it is; it is laid out again when that ends.

use dioxus::html::geometry::WheelDelta;
use dioxus::prelude::*;

use super::drag::content_place;
use super::grid::MAP_ID;
use super::layout::{LABEL_WIDTH, Layout, STEP_WIDTH_MAX, STEP_WIDTH_MIN, Zoom};
use super::state::MapState;
use crate::dom;

/// Pause after which a gesture is over, in milliseconds.
const PAUSE_MILLIS: i32 = 120;
/// Pixels of the wheel that make the map e times as wide. A notch of a mouse turns by 100 or so, fingers by a few.
const PIXELS_PER_E: f64 = 400.0;
/// Pixels of a line and of a page, for wheels that count in those.
const LINE_PIXELS: f64 = 33.0;
const PAGE_PIXELS: f64 = 400.0;

/// A gesture that is under way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pinch {
    /// How wide a step is going to be, in pixels.
    width: f64,
    /// How much larger the map is drawn than it was laid out.
    scale: f64,
    /// The point that stays, in pixels of the map's content.
    origin: (f64, f64),
    /// The same, in pixels from the left edge of what is visible.
    at: f64,
    /// How often the wheel has turned: a later turn takes the place of an earlier one.
    turns: u32,
}

impl Pinch {
    /// How the map is drawn, as a style value. Without a gesture as well: a property that is left out stays as it was.
    pub fn style(pinch: Option<Self>) -> String {
        let Some(Self { scale, origin: (x, y), .. }) = pinch else { return "transform:none".to_owned() };
        format!("transform:scale({scale:.4});transform-origin:{x:.1}px {y:.1}px")
    }

    /// The gesture after a turn of the wheel by so many pixels, towards the person.
    fn turned(self, laid_out: f64, pixels: f64) -> Self {
        let width = (self.width * (-pixels / PIXELS_PER_E).exp()).clamp(STEP_WIDTH_MIN, STEP_WIDTH_MAX);
        Self { width, scale: width / laid_out, turns: self.turns + 1, ..self }
    }
}

/// Zooms by a key or a button: the middle of what is visible stays there.
pub fn zoom_to(mut map: MapState, zoom: Zoom) {
    let (view, _) = *map.view.peek();
    keep(map, (LABEL_WIDTH + view) / 2.0);
    map.zoom.set(zoom);
}

/// Zooms one level in or out.
pub fn zoom_by_level(map: MapState, is_in: bool) {
    let width = map.model.peek().layout.step_width;
    zoom_to(map, Zoom::next(width, is_in));
}

/// The wheel turns over the map. Without Ctrl it scrolls, which the page does.
pub fn turn(event: &WheelEvent, mut map: MapState) {
    let held = event.modifiers();
    if !held.ctrl() && !held.meta() {
        return;
    }
    event.prevent_default();
    let pixels = match event.delta() {
        WheelDelta::Pixels(it) => it.y,
        WheelDelta::Lines(it) => it.y * LINE_PIXELS,
        WheelDelta::Pages(it) => it.y * PAGE_PIXELS,
    };
    let laid_out = map.model.peek().layout.step_width;
    let begun = *map.pinch.peek();
    let pinch = begun.or_else(|| {
        let scroll = *map.scroll.peek();
        let place = event.client_coordinates();
        let origin = content_place((place.x, place.y), scroll)?;
        Some(Pinch { width: laid_out, scale: 1.0, origin, at: origin.0 - scroll.0, turns: 0 })
    });
    let Some(pinch) = pinch.map(|it| it.turned(laid_out, pixels)) else { return };
    map.pinch.set(Some(pinch));
    dioxus::core::spawn_forever(async move {
        dom::sleep(PAUSE_MILLIS).await;
        if map.pinch.peek().is_some_and(|it| it.turns == pinch.turns) {
            map.pinch.set(None);
            keep(map, pinch.at);
            map.zoom.set(Zoom::Width(pinch.width.round()));
        }
    });
}

/// Has the place that is now at `at`, in pixels from the left edge of what is visible, be there again once the map is
/// laid out anew.
fn keep(map: MapState, at: f64) {
    let left = map.scroll.peek().0;
    let Some(place) = place_at(&map.model.peek().layout, left + at) else { return };
    dioxus::core::spawn_forever(async move {
        dom::next_frame().await;
        let x = x_of(&map.model.peek().layout, place);
        if let (Some(x), Some(element)) = (x, dom::by_id(MAP_ID)) {
            element.set_scroll_left((x - at).round() as i32);
        }
    });
}

/// Column and how far across it, 0 to 1, of a place in the content.
fn place_at(layout: &Layout, x: f64) -> Option<(usize, f64)> {
    let at = layout.column_at(x)?;
    let column = layout.columns.get(at)?;
    Some((at, ((x - column.x) / column.width).clamp(0.0, 1.0)))
}

fn x_of(layout: &Layout, (at, across): (usize, f64)) -> Option<f64> {
    layout.columns.get(at).map(|it| it.x + it.width * across)
}

#[cfg(test)]
mod tests {
    use super::super::layout::fixture::layout;
    use super::*;

    #[test]
    fn a_place_is_the_same_one_at_every_width() {
        let (narrow, wide) = (layout(30, 60.0), layout(30, 240.0));
        for x in [0.0, LABEL_WIDTH, 300.0, 1000.0, 9999.0] {
            let place = place_at(&narrow, x).expect("there are columns");
            let there = x_of(&wide, place).expect("the same columns");
            let (column, across) = place;
            let (again, found) = place_at(&wide, there).expect("the same columns");
            let gap = (again as f64 + found) - (column as f64 + across);
            assert!(gap.abs() < 1e-9, "{x}: {gap}");
        }
        assert_eq!(place_at(&layout(0, 60.0), 100.0), None);
    }

    #[test]
    fn there_and_back_ends_where_it_began_and_no_turn_leaves_the_range() {
        let begun = Pinch { width: 168.0, scale: 1.0, origin: (0.0, 0.0), at: 0.0, turns: 0 };
        let back = begun.turned(168.0, 120.0).turned(168.0, -120.0);
        assert!((back.width - 168.0).abs() < 1e-9 && (back.scale - 1.0).abs() < 1e-9);
        assert_eq!(begun.turned(168.0, 1e6).width, STEP_WIDTH_MIN);
        assert_eq!(begun.turned(168.0, -1e6).width, STEP_WIDTH_MAX);
    }
}
