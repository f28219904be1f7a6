//! What is pressed on the keyboard, as keys of the list; and handing a view the keys that it knows in place of them.

use custory_ipc::Lens;
use dioxus::prelude::*;
use wasm_bindgen::prelude::*;
use web_sys::KeyboardEvent;

use super::bound::{Turn, keys_of, turn};
use super::list::Place;
use crate::app::Screen;
use crate::dom;
use crate::state::Store;
use crate::views::map::MapState;

/// The chord that was pressed, as the list spells it; `None` for a held key alone and for what belongs to the web view.
pub fn chord(event: &KeyboardEvent) -> Option<String> {
    let code = event.code();
    let digit = code.strip_prefix("Digit").filter(|it| it.len() == 1);
    let key = event.key();
    let name = match key.as_str() {
        "Shift" | "Control" | "Alt" | "Meta" | "AltGraph" | "CapsLock" | "Dead" | "Tab" | "Escape" => {
            return None;
        }
        "Enter" => "enter".to_owned(),
        " " => "Space".to_owned(),
        "Backspace" | "Delete" => "⌫".to_owned(),
        "ArrowLeft" => "←".to_owned(),
        "ArrowRight" => "→".to_owned(),
        "ArrowUp" => "↑".to_owned(),
        "ArrowDown" => "↓".to_owned(),
        "-" => "−".to_owned(),
        "=" => "+".to_owned(),
        _ => match digit {
            Some(digit) => digit.to_owned(),
            None => key.to_uppercase(),
        },
    };
    // Signs have Shift in them already, wherever they are on the keyboard.
    let is_sign =
        name.chars().count() == 1 && !name.chars().all(|it| it.is_alphanumeric() || "⌫←→↑↓".contains(it));
    let mut text = String::new();
    for (is_held, word) in [
        (event.ctrl_key() || event.meta_key(), "mod+"),
        (event.alt_key(), "alt+"),
        (event.shift_key() && !is_sign, "shift+"),
    ] {
        if is_held {
            text.push_str(word);
        }
    }
    Some(text + &name)
}

/// Where one is, for the keys.
pub fn places(store: Store) -> Vec<Place> {
    let is_covered =
        store.overlay.peek().is_some() || store.menu.peek().is_some() || store.question.peek().is_some();
    let mut places = vec![Place::Everywhere];
    if is_covered {
        return places;
    }
    match *store.screen.peek() {
        Screen::Journey(_) => {
            places.push(Place::Journey);
            places.push(match store.lens() {
                _ if store.review.peek().is_some() => Place::Review,
                Lens::Map => Place::Map,
                Lens::Table => Place::Table,
                Lens::Priority => Place::Priority,
                Lens::Tree => Place::Tree,
            });
        }
        Screen::Inbox => places.push(Place::Inbox),
        Screen::DraftReview(_) => places.push(Place::Draft),
        Screen::Welcome
        | Screen::DraftSources
        | Screen::DraftReading(_)
        | Screen::Automations
        | Screen::Integrations
        | Screen::Settings => {}
    }
    places
}

/// A key was pressed, before anything else has heard of it.
pub fn hear(event: &KeyboardEvent, mut store: Store, mut map: MapState) {
    // What is handed on below comes here once more.
    if !event.is_trusted() || *store.is_recording.peek() || store.preferences.peek().keys.is_empty() {
        return;
    }
    let has_command = event.ctrl_key() || event.meta_key() || event.alt_key();
    if dom::is_typing() && !has_command {
        return;
    }
    let Some(chord) = chord(event) else { return };
    let after = match (*store.is_going_next.peek(), *map.is_adding_next.peek()) {
        (true, _) => Some("G"),
        (_, true) => Some("C"),
        _ => None,
    };
    let turned = turn(&store.preferences.peek().keys, &places(store), after, &chord);
    if turned == Turn::Leave {
        return;
    }
    event.prevent_default();
    event.stop_immediate_propagation();
    let forget = match &turned {
        Turn::Send { begins_anew, .. } => *begins_anew,
        _ => true,
    };
    if forget && after.is_some() {
        store.is_going_next.set(false);
        map.is_adding_next.set(false);
    }
    if let (Turn::Send { chords, .. }, Some(target)) = (turned, event.target()) {
        // Afterwards: it comes by here as well, and nothing hears two keys at once.
        dioxus::core::spawn_forever(async move {
            for chord in chords {
                drop(made(&chord).and_then(|it| target.dispatch_event(&it)));
            }
        });
    }
}

/// The event of a chord. Which letter or sign it is says `key`; digits go by their place on the keyboard.
fn made(chord: &str) -> Result<KeyboardEvent, JsValue> {
    let keys = keys_of(chord);
    let holds = |key: &str| keys.iter().any(|it| it == key);
    let last = keys.last().map_or("", String::as_str);
    let shift = holds("shift");
    let key = match last {
        "enter" => "Enter".to_owned(),
        "Space" => " ".to_owned(),
        "⌫" => "Backspace".to_owned(),
        "←" => "ArrowLeft".to_owned(),
        "→" => "ArrowRight".to_owned(),
        "↑" => "ArrowUp".to_owned(),
        "↓" => "ArrowDown".to_owned(),
        "−" => "-".to_owned(),
        other if shift => other.to_owned(),
        other => other.to_lowercase(),
    };
    let code = match last.chars().next() {
        Some(digit) if digit.is_ascii_digit() => format!("Digit{digit}"),
        Some(letter) if letter.is_ascii_alphabetic() && last.len() == 1 => format!("Key{letter}"),
        _ => String::new(),
    };
    let is_apple = dom::is_apple();
    let init = js_sys::Object::new();
    let set = |name: &str, value: JsValue| js_sys::Reflect::set(&init, &name.into(), &value).map(|_| ());
    set("key", key.into())?;
    set("code", code.into())?;
    set("bubbles", true.into())?;
    set("cancelable", true.into())?;
    set("ctrlKey", (holds("mod") && !is_apple).into())?;
    set("metaKey", (holds("mod") && is_apple).into())?;
    set("altKey", holds("alt").into())?;
    set("shiftKey", shift.into())?;
    let make: js_sys::Function = js_sys::Reflect::get(&dom::window(), &"KeyboardEvent".into())?.dyn_into()?;
    let arguments = js_sys::Array::of2(&"keydown".into(), &init);
    js_sys::Reflect::construct(&make, &arguments)?.dyn_into()
}
