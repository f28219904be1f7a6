//! Pulling the map along with the middle button, wherever it is pressed.

use dioxus::html::input_data::MouseButton;
use dioxus::prelude::*;

use super::grid::MAP_ID;
use super::state::MapState;
use crate::dom;

/// The map is being pulled.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pull {
    /// Where the pointer was, in pixels of the page.
    from: (f64, f64),
    /// How far the map was scrolled then.
    scroll: (f64, f64),
}

impl Pull {
    /// How far the map is scrolled once the pointer is there.
    fn scroll_at(&self, at: (f64, f64)) -> (f64, f64) {
        (self.scroll.0 + self.from.0 - at.0, self.scroll.1 + self.from.1 - at.1)
    }
}

/// A button went down: the middle one takes hold, and whatever else the system does with it does not happen.
pub fn press(event: &MouseEvent, mut map: MapState) {
    if event.trigger_button() == Some(MouseButton::Auxiliary) {
        event.prevent_default();
        let at = event.client_coordinates();
        map.pull.set(Some(Pull { from: (at.x, at.y), scroll: *map.scroll.peek() }));
    }
}

/// The pointer moves over the map.
pub fn watch(event: &PointerEvent, mut map: MapState) {
    let Some(pull) = *map.pull.peek() else { return };
    if !event.held_buttons().contains(MouseButton::Auxiliary) {
        map.pull.set(None);
        return;
    }
    let at = event.client_coordinates();
    let (left, top) = pull.scroll_at((at.x, at.y));
    if let Some(element) = dom::by_id(MAP_ID) {
        element.set_scroll_left(left as i32);
        element.set_scroll_top(top as i32);
    }
}

/// A button went up.
pub fn release(mut map: MapState) {
    if map.pull.peek().is_some() {
        map.pull.set(None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_taken_hold_of_stays_under_the_pointer() {
        let pull = Pull { from: (500.0, 300.0), scroll: (1_000.0, 40.0) };
        assert_eq!(pull.scroll_at((500.0, 300.0)), (1_000.0, 40.0));
        assert_eq!(pull.scroll_at((620.0, 290.0)), (880.0, 50.0));
    }
}
