//! One of several ways to go on, with what it is good for.

use dioxus::prelude::*;

use super::Icon;

/// A line that is chosen by a click or Enter.
#[component]
pub fn Choice(icon: &'static str, name: String, about: String, onchoose: EventHandler<()>) -> Element {
    rsx! {
        button { class: "opt", r#type: "button", onclick: move |_| onchoose.call(()),
            span { class: "tile",
                Icon { name: icon }
            }
            span { class: "g",
                b { "{name}" }
                small { "{about}" }
            }
        }
    }
}
