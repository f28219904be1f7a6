//! Menus: one at a time, over everything, all keys.

use dioxus::prelude::*;

use super::dialog::use_focus_kept;
use super::{Avatar, Icon, Kbd};
use crate::dom;
use crate::state::{Run, use_store};
use custory_domain::MemberId;

/// Least distance of a menu from the window's edges, in pixels.
const EDGE: f64 = 8.0;

/// One line of a menu.
#[derive(Clone, Debug, PartialEq)]
pub enum Entry {
    /// Words above a group.
    Heading(String),
    /// A line between groups.
    Line,
    /// Something to do.
    Act {
        /// What it says.
        label: String,
        /// Its icon.
        icon: Option<&'static str>,
        /// The person it stands for, in place of an icon.
        person: Option<Option<MemberId>>,
        /// A stage's colour in place of an icon, as a style value.
        colour: Option<String>,
        /// The shortcut that does the same.
        keys: Vec<&'static str>,
        /// Whether it is the present choice.
        is_on: bool,
        /// What waits there; nothing is written for none.
        count: usize,
        /// Whether it takes something away.
        is_danger: bool,
        /// Does it.
        run: Run,
    },
}

impl Entry {
    /// Something to do.
    pub fn act(label: impl Into<String>, run: impl FnMut() + 'static) -> Self {
        Self::Act {
            label: label.into(),
            icon: None,
            person: None,
            colour: None,
            keys: Vec::new(),
            is_on: false,
            count: 0,
            is_danger: false,
            run: Run::new(run),
        }
    }

    /// With an icon.
    pub fn icon(mut self, name: &'static str) -> Self {
        if let Self::Act { icon, .. } = &mut self {
            *icon = Some(name);
        }
        self
    }

    /// Standing for a person, or for nobody.
    pub fn person(mut self, member: Option<MemberId>) -> Self {
        if let Self::Act { person, .. } = &mut self {
            *person = Some(member);
        }
        self
    }

    /// With a dot in a colour.
    pub fn colour(mut self, value: impl Into<String>) -> Self {
        if let Self::Act { colour, .. } = &mut self {
            *colour = Some(value.into());
        }
        self
    }

    /// With the shortcut that does the same.
    pub fn keys(mut self, shortcut: &[&'static str]) -> Self {
        if let Self::Act { keys, .. } = &mut self {
            *keys = shortcut.to_vec();
        }
        self
    }

    /// With how much waits there.
    pub fn count(mut self, waits: usize) -> Self {
        if let Self::Act { count, .. } = &mut self {
            *count = waits;
        }
        self
    }

    /// Marked as the present choice.
    pub fn on(mut self, on: bool) -> Self {
        if let Self::Act { is_on, .. } = &mut self {
            *is_on = on;
        }
        self
    }

    /// Marked as taking something away.
    pub fn danger(mut self) -> Self {
        if let Self::Act { is_danger, .. } = &mut self {
            *is_danger = true;
        }
        self
    }
}

/// An open menu.
#[derive(Clone, Debug, PartialEq)]
pub struct Menu {
    /// Name for those who hear it.
    pub label: String,
    /// Where its corner is, in pixels of the page.
    pub at: (f64, f64),
    /// Its lines.
    pub entries: Vec<Entry>,
}

impl Menu {
    /// A menu where the pointer is.
    pub fn at(event: &MouseEvent, label: impl Into<String>, entries: Vec<Entry>) -> Self {
        let at = event.client_coordinates();
        Self { label: label.into(), at: (at.x, at.y), entries }
    }

    /// A menu below the element that was clicked.
    pub fn below(event: &MouseEvent, label: impl Into<String>, entries: Vec<Entry>) -> Self {
        use dioxus::web::WebEventExt as _;
        use wasm_bindgen::JsCast as _;
        let element = event
            .try_as_web_event()
            .and_then(|it| it.target())
            .and_then(|it| it.dyn_into::<web_sys::Element>().ok())
            .and_then(|it| it.closest("button, [aria-haspopup], [role=button]").ok().flatten().or(Some(it)));
        match element.map(|it| it.get_bounding_client_rect()) {
            Some(rect) => Self { label: label.into(), at: (rect.left(), rect.bottom() + 4.0), entries },
            None => Self::at(event, label, entries),
        }
    }

    /// A menu below the element with that id.
    pub fn below_id(id: &str, label: impl Into<String>, entries: Vec<Entry>) -> Self {
        let at = dom::by_id(id).map(|it| it.get_bounding_client_rect());
        let at = at.map_or((0.0, 0.0), |it| (it.left(), it.bottom() + 4.0));
        Self { label: label.into(), at, entries }
    }
}

/// Where the open menu is drawn; once, at the root.
#[component]
pub fn MenuHost() -> Element {
    let store = use_store();
    let menu = store.menu.read().clone();
    match menu {
        Some(menu) => rsx! {
            OpenMenu { key: "{menu.label}{menu.at:?}", menu }
        },
        None => rsx! {},
    }
}

#[component]
fn OpenMenu(menu: Menu) -> Element {
    let mut store = use_store();
    let mut at = use_signal(|| menu.at);
    use_focus_kept("menu");
    // Measured after the first drawing, and moved so that it lies inside the window.
    use_effect(move || {
        let Some(rect) = dom::by_id("menu").map(|it| it.get_bounding_client_rect()) else { return };
        let (width, height) = dom::page_size();
        let (x, y) = *at.peek();
        let inside =
            (x.min(width - rect.width() - EDGE).max(EDGE), y.min(height - rect.height() - EDGE).max(EDGE));
        if inside != (x, y) {
            at.set(inside);
        }
    });
    let mut close = move || store.menu.set(None);
    rsx! {
        div {
            class: "menu-b",
            onmousedown: move |event| {
                event.stop_propagation();
                close();
            },
            oncontextmenu: move |event| {
                event.prevent_default();
                close();
            },
        }
        div {
            id: "menu",
            class: "menu",
            role: "menu",
            tabindex: "-1",
            "aria-label": "{menu.label}",
            style: "left:{at().0}px;top:{at().1}px",
            onkeydown: move |event| {
                event.stop_propagation();
                event.prevent_default();
                match event.key() {
                    Key::Escape | Key::Tab => close(),
                    Key::ArrowDown => step(1),
                    Key::ArrowUp => step(-1),
                    Key::Home => land(0),
                    Key::End => land(usize::MAX),
                    Key::Enter => click_focused(),
                    Key::Character(letter) if letter == " " => click_focused(),
                    Key::Character(letter) => leap(&letter),
                    _ => {}
                }
            },
            for (number , entry) in menu.entries.iter().cloned().enumerate() {
                Line { key: "{number}", entry }
            }
        }
    }
}

#[component]
fn Line(entry: Entry) -> Element {
    let mut store = use_store();
    match entry {
        Entry::Heading(words) => rsx! {
            div { class: "menu-h", "{words}" }
        },
        Entry::Line => rsx! {
            div { class: "menu-l", role: "separator" }
        },
        Entry::Act { label, icon, person, colour, keys, is_on, count, is_danger, run } => rsx! {
            button {
                class: if is_danger { "menu-i danger" } else { "menu-i" },
                r#type: "button",
                role: "menuitem",
                tabindex: "-1",
                "aria-checked": if is_on { "true" },
                onmouseenter: move |event| {
                    use dioxus::web::WebEventExt as _;
                    use wasm_bindgen::JsCast as _;
                    let target = event.try_as_web_event().and_then(|it| it.target());
                    if let Some(element) = target.and_then(|it| it.dyn_into::<web_sys::HtmlElement>().ok()) {
                        drop(element.focus());
                    }
                },
                onclick: move |_| {
                    // What it does may open another menu in the place of this one.
                    let this = store.menu.peek().clone();
                    run.call();
                    if *store.menu.peek() == this {
                        store.menu.set(None);
                    }
                },
                if let Some(member) = person {
                    Avatar { member }
                } else if let Some(colour) = colour {
                    i { class: "dot", style: "--c:{colour}" }
                } else if let Some(icon) = icon {
                    Icon { name: icon, class: "sm" }
                }
                span { class: "g", "{label}" }
                if count > 0 {
                    b { class: "cnt cnt-on", "{count}" }
                }
                if is_on {
                    Icon { name: "check", class: "sm" }
                }
                if !keys.is_empty() {
                    Kbd { keys }
                }
            }
        },
    }
}

fn items() -> Vec<web_sys::HtmlElement> {
    use wasm_bindgen::JsCast as _;
    let Some(menu) = dom::by_id("menu") else { return Vec::new() };
    let Ok(found) = menu.query_selector_all(".menu-i") else { return Vec::new() };
    (0..found.length()).filter_map(|at| found.item(at)?.dyn_into().ok()).collect()
}

fn present(items: &[web_sys::HtmlElement]) -> Option<usize> {
    let focused = dom::focused()?;
    items.iter().position(|it| *it == focused)
}

fn step(by: isize) {
    let items = items();
    let count = items.len() as isize;
    if count == 0 {
        return;
    }
    let next = match present(&items) {
        Some(at) => (at as isize + by).rem_euclid(count),
        None if by < 0 => count - 1,
        None => 0,
    };
    drop(items[next as usize].focus());
}

fn land(at: usize) {
    let items = items();
    if let Some(item) = items.get(at.min(items.len().saturating_sub(1))) {
        drop(item.focus());
    }
}

/// Goes to the next line that begins with the letter.
fn leap(letter: &str) {
    let items = items();
    let from = present(&items).map_or(0, |it| it + 1);
    let begins = |at: &usize| {
        let text = items[*at].text_content().unwrap_or_default().to_lowercase();
        text.starts_with(&letter.to_lowercase())
    };
    let order = (from..items.len()).chain(0..from.min(items.len()));
    if let Some(at) = order.into_iter().find(begins) {
        drop(items[at].focus());
    }
}

fn click_focused() {
    let items = items();
    if let Some(at) = present(&items) {
        items[at].click();
    }
}
