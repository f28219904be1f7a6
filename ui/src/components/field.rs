//! Fields in forms.

use dioxus::prelude::*;

use super::Icon;

/// A line of text. `error` is the reason why it will not do, shown below.
#[component]
pub fn TextField(
    value: String,
    label: String,
    #[props(default)] placeholder: String,
    #[props(default)] icon: Option<&'static str>,
    #[props(default)] error: Option<String>,
    #[props(default)] id: Option<String>,
    #[props(default)] disabled: bool,
    #[props(default)] autofocus: bool,
    /// The label stands above it, and is not for screen readers alone.
    #[props(default)]
    is_labelled: bool,
    /// It is not shown while it is typed, nor remembered by the web view.
    #[props(default)]
    is_secret: bool,
    oninput: EventHandler<String>,
    /// Enter was pressed.
    #[props(default)]
    onsubmit: EventHandler<()>,
) -> Element {
    let is_wrong = error.is_some();
    rsx! {
        if is_labelled {
            // The field says it itself.
            span { class: "fld-n", "aria-hidden": "true", "{label}" }
        }
        label { class: if is_wrong { "fld bad-f" } else { "fld" },
            if let Some(icon) = icon {
                Icon { name: icon, class: "sm" }
            }
            input {
                id,
                r#type: if is_secret { "password" } else { "text" },
                autocomplete: if is_secret { "off" },
                "aria-label": "{label}",
                "aria-invalid": is_wrong,
                placeholder: "{placeholder}",
                value: "{value}",
                disabled,
                autofocus,
                spellcheck: "false",
                onmounted: move |event| async move {
                    if autofocus {
                        drop(event.set_focus(true).await);
                    }
                },
                oninput: move |event| oninput.call(event.value()),
                onkeydown: move |event| {
                    if event.key() == Key::Enter && !event.is_composing() {
                        event.prevent_default();
                        onsubmit.call(());
                    }
                },
            }
        }
        if let Some(error) = error {
            small { class: "fld-e", role: "alert", "{error}" }
        }
    }
}
