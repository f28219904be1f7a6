//! The shape of a map that is still on its way.

use dioxus::prelude::*;

/// Columns and cards in grey.
#[component]
pub fn Skeleton() -> Element {
    rsx! {
        div { class: "skel", role: "status", "aria-label": "Opening the journey",
            for column in 0..7 {
                div { key: "{column}", class: "skel-c",
                    div { class: "sk t" }
                    for card in 0..(2 + column % 3) {
                        div { key: "{card}", class: "card",
                            div { class: "sk a" }
                            div { class: "sk b" }
                            div { class: "sk c" }
                        }
                    }
                }
            }
        }
    }
}
