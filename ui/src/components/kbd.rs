//! Keys, as they are written on this machine's keyboard.

use dioxus::prelude::*;

use crate::dom;
use crate::keys;
use crate::state::use_store;

/// A shortcut, key by key, as it is on this device. `mod`, `alt` and `shift` are written as the platform does.
#[component]
pub fn Kbd(keys: Vec<&'static str>) -> Element {
    let store = use_store();
    rsx! {
        Keys { keys: keys::shown(store, &keys) }
    }
}

/// Exactly these keys; nothing for none.
#[component]
pub fn Keys(keys: Vec<String>) -> Element {
    if keys.is_empty() {
        return rsx! {};
    }
    rsx! {
        span { class: "kbds",
            for key in keys {
                kbd { {label(&key)} }
            }
        }
    }
}

/// How a key is written on this machine's keyboard.
pub fn label(key: &str) -> String {
    let is_apple = dom::is_apple();
    let label = match key {
        "mod" if is_apple => "⌘",
        "mod" => "Ctrl",
        "alt" if is_apple => "⌥",
        "alt" => "Alt",
        "shift" => "⇧",
        "enter" => "⏎",
        other => other,
    };
    label.to_owned()
}
