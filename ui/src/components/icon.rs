//! Icons, all from one sprite.

use custory_domain::ItemKind;
use dioxus::prelude::*;

/// The sprite. It stands in the page itself, so that icons take their colour from where they are used.
const SPRITE: &str = include_str!("../../../assets/web/icons.svg");

/// The sprite; once, at the root.
#[component]
pub fn Sprite() -> Element {
    rsx! {
        div { class: "sprite", "aria-hidden": "true", dangerous_inner_html: SPRITE }
    }
}

/// An icon. `class` gives its size: `xs` 12 px, `sm` 14, none 16, `lg` 20.
#[component]
pub fn Icon(name: &'static str, #[props(default)] class: &'static str) -> Element {
    icon(name, class)
}

/// The same without a component of its own, for what is drawn by the hundred while one scrolls: a component costs more
/// than it shows there.
pub fn icon(name: &str, class: &str) -> Element {
    rsx! {
        svg { class: "i {class}", view_box: "0 0 16 16", "aria-hidden": "true",
            r#use { href: "#i-{name}" }
        }
    }
}

/// The icon of a kind of item, in its colour.
#[component]
pub fn KindIcon(kind: ItemKind) -> Element {
    kind_icon(kind)
}

/// The same without a component of its own.
pub fn kind_icon(kind: ItemKind) -> Element {
    let spec = kind.spec();
    rsx! {
        svg { class: "i kc kc-{spec.style}", view_box: "0 0 16 16", "aria-hidden": "true",
            r#use { href: "#i-{spec.icon}" }
        }
    }
}
