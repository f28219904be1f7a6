//! Messages at the bottom of the window.

use dioxus::prelude::*;

use super::{Icon, Kbd};
use crate::state::{Tone, use_store};

/// All messages, oldest first. They are read out politely; faults at once.
#[component]
pub fn Toasts() -> Element {
    let mut store = use_store();
    let mut hold = move |id: u64, is_held: bool| {
        if let Some(toast) = store.toasts.write().iter_mut().find(|it| it.id == id) {
            toast.is_held = is_held;
        }
    };
    rsx! {
        div { class: "toasts", role: "status", "aria-live": "polite",
            for toast in store.toasts.read().iter().cloned() {
                div {
                    key: "{toast.id}",
                    class: if toast.tone == Tone::Bad { "toast bad-t" } else { "toast" },
                    role: if toast.tone == Tone::Bad { "alert" },
                    onmouseenter: move |_| hold(toast.id, true),
                    onmouseleave: move |_| hold(toast.id, false),
                    onfocusin: move |_| hold(toast.id, true),
                    onfocusout: move |_| hold(toast.id, false),
                    Icon { name: toast.icon, class: "sm" }
                    span { class: "g", "{toast.text}" }
                    if let Some(action) = toast.action.clone() {
                        button {
                            r#type: "button",
                            onclick: {
                                let run = action.run.clone();
                                move |_| {
                                    store.dismiss(toast.id);
                                    run.call();
                                }
                            },
                            "{action.label} "
                            Kbd { keys: action.keys.clone() }
                        }
                    } else {
                        button {
                            r#type: "button",
                            class: "x",
                            "aria-label": "Dismiss",
                            onclick: move |_| store.dismiss(toast.id),
                            Icon { name: "x", class: "xs" }
                        }
                    }
                }
            }
        }
    }
}
