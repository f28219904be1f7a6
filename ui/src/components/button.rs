//! Buttons and chips.

use dioxus::prelude::*;

use super::{Icon, Kbd};

/// A button with words. `class` is any of `pri`, `ghost`, `danger`, and a size: `xs`, `sm`, `lg`.
#[component]
pub fn Button(
    label: String,
    #[props(default)] class: &'static str,
    #[props(default)] icon: Option<&'static str>,
    #[props(default)] keys: Vec<&'static str>,
    /// What is being done right now, in place of the label; the button rests meanwhile.
    #[props(default)]
    busy: Option<String>,
    #[props(default)] disabled: bool,
    #[props(default)] id: Option<String>,
    onclick: EventHandler<MouseEvent>,
) -> Element {
    let is_busy = busy.is_some();
    rsx! {
        button {
            class: "btn {class}",
            id,
            r#type: "button",
            disabled,
            "aria-busy": is_busy,
            onclick: move |event| {
                if !is_busy {
                    onclick.call(event);
                }
            },
            if is_busy {
                span { class: "spin" }
            } else if let Some(icon) = icon {
                Icon { name: icon }
            }
            span { {busy.unwrap_or(label)} }
            if !keys.is_empty() && !is_busy {
                Kbd { keys }
            }
        }
    }
}

/// A button with an icon alone; the label is read out and shown on hover.
#[component]
pub fn IconButton(
    icon: &'static str,
    label: String,
    #[props(default)] class: &'static str,
    #[props(default)] disabled: bool,
    #[props(default)] id: Option<String>,
    #[props(default)] opens_menu: bool,
    /// Whether what it switches is on; `None` where it switches nothing.
    #[props(default)]
    pressed: Option<bool>,
    onclick: EventHandler<MouseEvent>,
) -> Element {
    rsx! {
        button {
            class: "ib {class}",
            id,
            r#type: "button",
            disabled,
            "aria-label": "{label}",
            "aria-haspopup": if opens_menu { "menu" },
            "aria-pressed": pressed,
            title: "{label}",
            onclick: move |event| onclick.call(event),
            Icon { name: icon }
        }
    }
}

/// A small button that shows a value, or opens a choice.
#[component]
pub fn Chip(
    #[props(default)] class: &'static str,
    #[props(default)] label: Option<String>,
    #[props(default)] hint: Option<String>,
    #[props(default)] id: Option<String>,
    #[props(default)] opens_menu: bool,
    onclick: EventHandler<MouseEvent>,
    children: Element,
) -> Element {
    rsx! {
        button {
            class: "chip {class}",
            id,
            r#type: "button",
            "aria-label": label.clone(),
            "aria-haspopup": if opens_menu { "menu" },
            title: hint.or(label),
            onclick: move |event| onclick.call(event),
            {children}
        }
    }
}
