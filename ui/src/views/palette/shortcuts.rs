//! All shortcuts, as a list to look at.

use dioxus::prelude::*;

use crate::app::Screen;
use crate::components::{Button, Dialog};
use crate::state::use_store;
use crate::views::shortcuts::ShortcutList;

/// All shortcuts.
#[component]
pub fn Shortcuts() -> Element {
    let mut store = use_store();
    rsx! {
        Dialog { title: "Shortcuts", class: "wide all-keys", onclose: move |()| store.overlay.set(None),
            div { class: "keys", tabindex: "0", role: "region", "aria-label": "All shortcuts",
                ShortcutList { is_changeable: false }
            }
            div { class: "dlg-f",
                Button {
                    label: "Change shortcuts",
                    class: "ghost sm",
                    onclick: move |_| {
                        store.overlay.set(None);
                        store.go(Screen::Settings);
                        dioxus::core::spawn_forever(async move {
                            crate::dom::next_frame().await;
                            crate::dom::to_top("set-keys");
                        });
                    },
                }
            }
        }
    }
}
