//! The way to the palette for the mouse, at the top of every screen that has one.

use dioxus::prelude::*;

use crate::components::{Icon, Kbd};
use crate::state::{Overlay, use_store};

/// Opens the palette.
#[component]
pub fn Find() -> Element {
    let mut store = use_store();
    rsx! {
        button {
            class: "find",
            r#type: "button",
            title: "Search or run a command",
            onclick: move |_| store.overlay.set(Some(Overlay::Palette)),
            Icon { name: "search" }
            span { "Search" }
            Kbd { keys: vec!["mod", "K"] }
        }
    }
}
