//! A row of a box in the settings: what it is about, and what can be done there.

use dioxus::prelude::*;

use super::Icon;

/// A row: an icon, a title, a line about it, and `children` at its end.
#[component]
pub fn SettingRow(icon: &'static str, title: String, about: String, children: Element) -> Element {
    rsx! {
        div { class: "rw",
            Icon { name: icon }
            div { class: "g",
                h3 { "{title}" }
                p { "{about}" }
            }
            {children}
        }
    }
}
