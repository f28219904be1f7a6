//! Keys, as they are written on this machine's keyboard.

use dioxus::prelude::*;

use crate::dom;

/// A shortcut, key by key. `mod`, `alt` and `shift` are written as the platform does.
#[component]
pub fn Kbd(keys: Vec<&'static str>) -> Element {
    rsx! {
        span { class: "kbds",
            for key in keys {
                kbd { {label(key)} }
            }
        }
    }
}

/// How a key is written on this machine's keyboard.
pub fn label(key: &'static str) -> &'static str {
    let is_apple = dom::is_apple();
    match key {
        "mod" if is_apple => "⌘",
        "mod" => "Ctrl",
        "alt" if is_apple => "⌥",
        "alt" => "Alt",
        "shift" => "⇧",
        "enter" => "⏎",
        other => other,
    }
}
