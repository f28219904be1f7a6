//! Where nothing is yet: says what to do, with one button.

use dioxus::prelude::*;

use super::Icon;

/// An empty place.
#[component]
pub fn Empty(icon: &'static str, title: String, text: String, children: Element) -> Element {
    rsx! {
        div { class: "empty",
            span { class: "tile lg",
                Icon { name: icon }
            }
            h3 { "{title}" }
            p { "{text}" }
            {children}
        }
    }
}
