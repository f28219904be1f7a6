//! Keys that work everywhere: search, undo, help; and on a journey, as long as nobody types, adding,
//! going to another view, and zooming. What a place does by itself is in its view's own keys.

mod bound;
mod list;
mod turning;

use custory_domain::{EntityKind, EntityRef, ItemKind};
use custory_ipc::Lens;
use dioxus::prelude::*;
use web_sys::KeyboardEvent;

use crate::app::Screen;
use crate::components::{Menu, key_label};
use crate::dom;
use crate::state::{Overlay, Store, set_text_size, step_text_size};
use crate::views::compare::other_side;
use crate::views::map::{MapState, Zoom, at_hand, begin_adding, cancel_marquee, zoom, zoom_to};
use crate::views::panel::{COMPOSER_ID, DECIDE_ID, ask_who_set_what};

pub use bound::{bind, current, is_leader, keys_of, spelled, taken_by};
pub use list::{GROUPS, Place, Shortcut, changeable};
pub use turning::{chord, hear, places};

/// The keys of a shortcut as they are on this device, for whoever knows what they are at first. What is on screen
/// decides where the same keys mean several things.
pub fn shown(store: Store, keys: &[&str]) -> Vec<String> {
    let preferences = store.preferences.read();
    let as_they_are = || keys.iter().map(|it| (*it).to_owned()).collect();
    if preferences.keys.is_empty() {
        return as_they_are();
    }
    let here = places(store);
    let meant = || changeable().filter(|it| it.keys == keys);
    let found = meant().find(|it| it.places.iter().any(|it| here.contains(it))).or_else(|| meant().next());
    match found {
        Some(shortcut) => current(&preferences.keys, shortcut).map(|it| keys_of(&it)).unwrap_or_default(),
        None => as_they_are(),
    }
}

/// Words with the shortcut that does the same in brackets.
pub fn hint(store: Store, words: &str, keys: &[&str]) -> String {
    let keys: Vec<String> = shown(store, keys).iter().map(|it| key_label(it)).collect();
    if keys.is_empty() { words.to_owned() } else { format!("{words} ({})", keys.join(" ")) }
}

/// Where an arrow leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Left,
    Right,
    Up,
    Down,
}

impl Way {
    /// The way of an arrow key.
    pub fn of(key: &Key) -> Option<Self> {
        match key {
            Key::ArrowLeft => Some(Self::Left),
            Key::ArrowRight => Some(Self::Right),
            Key::ArrowUp => Some(Self::Up),
            Key::ArrowDown => Some(Self::Down),
            _ => None,
        }
    }
}

/// A key was pressed somewhere in the page. What had the focus comes first: Escape that closes a menu closes nothing
/// beneath it.
pub fn press(event: &KeyboardEvent, store: Store, map: MapState) {
    if event.default_prevented() {
        return;
    }
    let acted = if event.ctrl_key() || event.meta_key() {
        command(event, store)
    } else if event.alt_key() || dom::is_typing() {
        false
    } else {
        single(event, store, map)
    };
    if acted {
        event.prevent_default();
        event.stop_propagation();
    }
}

fn command(event: &KeyboardEvent, mut store: Store) -> bool {
    match event.key().to_lowercase().as_str() {
        "k" => {
            let next = if store.overlay.peek().is_some() { None } else { Some(Overlay::Palette) };
            store.menu.set(None);
            store.overlay.set(next);
            true
        }
        "j" if store.journey_on_screen().is_some() => {
            store.menu.set(None);
            store.overlay.set(None);
            store.toggle_assistant();
            true
        }
        // In a field the keys belong to what is being typed, and beside a journey nobody sees what is undone.
        "z" if !dom::is_typing() && store.journey_on_screen().is_some() => {
            if event.shift_key() {
                store.redo_last()
            } else {
                store.undo_last()
            }
            true
        }
        "+" | "=" => {
            step_text_size(store, true);
            true
        }
        "-" | "_" => {
            step_text_size(store, false);
            true
        }
        "0" => {
            set_text_size(store, None);
            true
        }
        "y" if !dom::is_typing() && store.journey_on_screen().is_some() => {
            store.redo_last();
            true
        }
        _ => false,
    }
}

fn single(event: &KeyboardEvent, mut store: Store, mut map: MapState) -> bool {
    let is_covered =
        store.overlay.peek().is_some() || store.menu.peek().is_some() || store.question.peek().is_some();
    if is_covered {
        return false;
    }
    let key = event.key();
    if key == "Escape" && cancel_marquee(store, map) {
        return true;
    }
    if key == "Escape" && map.drag.peek().is_some() {
        map.drag.set(None);
        return true;
    }
    if key == "?" {
        store.overlay.set(Some(Overlay::Shortcuts));
        return true;
    }
    let is_going = *store.is_going_next.peek();
    if is_going {
        store.is_going_next.set(false);
    }
    if let Some(screen) = screen_after_g(&key).filter(|_| is_going) {
        store.go(screen);
        return true;
    }
    if store.journey_on_screen().is_none() || store.open.peek().is_none() {
        let begins = key.eq_ignore_ascii_case("g");
        if begins {
            store.is_going_next.set(true);
        }
        return begins;
    }
    if std::mem::take(&mut *map.is_adding_next.write()) {
        let kind =
            ItemKind::ALL.iter().copied().find(|it| key.eq_ignore_ascii_case(&it.spec().key.to_string()));
        if let Some(kind) = kind {
            begin_adding(store, map, kind);
            return true;
        }
    }
    if is_going {
        if let Some(lens) = lens_after_g(&key) {
            store.look_through(lens);
            return true;
        }
        if key.eq_ignore_ascii_case("h") {
            store.toggle_history();
            return true;
        }
        if key.eq_ignore_ascii_case("r") {
            store.toggle_review();
            return true;
        }
        if key.eq_ignore_ascii_case("b") && other_side(store) {
            return true;
        }
        if key.eq_ignore_ascii_case("c") {
            store.toggle_as_is();
            return true;
        }
    }
    if let Some(lens) = lens_of_digit(&key).filter(|_| !event.shift_key()) {
        store.look_through(lens);
        return true;
    }
    match key.as_str() {
        "P" if event.shift_key() => {
            store.is_presenting.toggle();
            true
        }
        // Side by side nothing is added: there is no one place for it.
        "c" | "C" if !store.is_side_by_side() => {
            map.is_adding_next.set(true);
            true
        }
        "g" | "G" => {
            store.is_going_next.set(true);
            true
        }
        // Where Shift and 1 make a sign, and where they make a 1: the key is the same.
        _ if event.shift_key() && event.code() == "Digit1" && store.lens() == Lens::Map => {
            zoom_to(map, Zoom::Fit);
            true
        }
        "m" | "M" if store.panel.peek().is_some() => {
            dom::focus(COMPOSER_ID);
            true
        }
        "d" | "D" if store.panel.peek().is_some() && dom::press(DECIDE_ID) => true,
        "b" | "B" => match (*store.panel.peek()).map(|it| it.item.unwrap_or(it.step.into())) {
            Some(about) => {
                ask_who_set_what(store, about, Menu::below_id("watch", "Who set what", Vec::new()));
                true
            }
            None => false,
        },
        "w" | "W" => match watchable(store, map) {
            Some(about) => {
                store.toggle_watching(about);
                true
            }
            None => false,
        },
        "Escape" if map.lens.peek().is_some() => {
            map.lens.set(None);
            true
        }
        "Escape" if store.panel.peek().is_none() && store.assistant.peek().is_open => {
            store.assistant.write().is_open = false;
            true
        }
        "Escape" if store.panel.peek().is_some() => {
            let panel = *store.panel.peek();
            // From an item back to its step, from there to the map.
            store
                .panel
                .set(panel.filter(|it| it.item.is_some()).map(|it| crate::state::Panel { item: None, ..it }));
            true
        }
        "Escape" if *store.is_presenting.peek() => {
            store.is_presenting.set(false);
            true
        }
        "Escape" if store.comparison.peek().is_some() => {
            store.back_to_now();
            true
        }
        "Escape" if store.history.peek().is_some() => {
            store.leave_history();
            true
        }
        "Escape" if store.review.peek().is_some() => {
            store.step_out_of_review();
            true
        }
        key if store.lens() == Lens::Map && store.review.peek().is_none() => zoom(key, map),
        _ => false,
    }
}

/// What is open in the panel, else the step or item that the keyboard is on.
fn watchable(store: Store, map: MapState) -> Option<EntityRef> {
    let in_panel = (*store.panel.peek()).map(|it| it.item.unwrap_or(it.step.into()));
    let rows = || at_hand(store, map).into_iter().find(|it| it.kind != EntityKind::Stage);
    in_panel.or_else(rows)
}

/// The screen that a letter shows after G, wherever one is.
fn screen_after_g(key: &str) -> Option<Screen> {
    match key {
        "i" | "I" => Some(Screen::Inbox),
        "a" | "A" => Some(Screen::Automations),
        "n" | "N" => Some(Screen::Integrations),
        _ => None,
    }
}

/// The view that a digit shows.
fn lens_of_digit(key: &str) -> Option<Lens> {
    match key {
        "1" => Some(Lens::Map),
        "2" => Some(Lens::Table),
        "3" => Some(Lens::Priority),
        "4" => Some(Lens::Tree),
        _ => None,
    }
}

/// The view that a letter shows after G.
fn lens_after_g(key: &str) -> Option<Lens> {
    match key {
        "m" | "M" => Some(Lens::Map),
        "t" | "T" => Some(Lens::Table),
        "p" | "P" => Some(Lens::Priority),
        "o" | "O" => Some(Lens::Tree),
        _ => None,
    }
}
