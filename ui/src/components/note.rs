//! A remark beside what it is about.

use dioxus::prelude::*;

use super::Icon;

/// A remark. `tone` is `plain`, `warn`, `bad` or `good`.
#[component]
pub fn Note(
    icon: &'static str,
    #[props(default = "plain")] tone: &'static str,
    children: Element,
) -> Element {
    rsx! {
        div { class: "note {tone}", role: if tone == "bad" { "alert" } else { "note" },
            Icon { name: icon, class: "sm" }
            span { {children} }
        }
    }
}
