//! Dialogs: over everything, with the focus kept inside and given back at the end.

use std::cell::RefCell;
use std::collections::HashMap;

use dioxus::prelude::*;
use wasm_bindgen::JsCast as _;
use web_sys::HtmlElement;

use super::Button;
use crate::dom;
use crate::state::use_store;

/// What can have the focus.
const FOCUSABLE: &str = "button:not([disabled]), input, textarea, select, a[href], [tabindex='0']";

/// A dialog with a title. Esc and a click beside it close it.
#[component]
pub fn Dialog(
    title: String,
    #[props(default)] class: &'static str,
    onclose: EventHandler<()>,
    children: Element,
) -> Element {
    use_focus_kept("dialog");
    rsx! {
        div {
            class: "scrim",
            onmousedown: move |_| onclose.call(()),
            onkeydown: move |event| {
                event.stop_propagation();
                match event.key() {
                    Key::Escape => onclose.call(()),
                    Key::Tab => keep_inside(&event, "dialog"),
                    _ => {}
                }
            },
            div {
                id: "dialog",
                class: "dlg {class}",
                role: "dialog",
                "aria-modal": "true",
                "aria-label": "{title}",
                tabindex: "-1",
                onmousedown: move |event| event.stop_propagation(),
                h2 { "{title}" }
                {children}
            }
        }
    }
}

thread_local! {
    /// Where the focus was before something took it, by that thing's id. One menu may follow
    /// another; the place remembered is then the one before the first.
    static BEFORE: RefCell<HashMap<&'static str, HtmlElement>> = RefCell::default();
}

/// Gives the focus to the element with that id, and back to where it was when the component goes.
pub fn use_focus_kept(id: &'static str) {
    use_hook(move || {
        let follows = dom::by_id(id).is_some_and(|it| dom::holds_focus(&it));
        if let Some(focused) = dom::focused().filter(|_| !follows) {
            BEFORE.with_borrow_mut(|it| it.insert(id, focused));
        }
    });
    use_effect(move || {
        let is_inside = dom::by_id(id).is_some_and(|it| dom::holds_focus(&it));
        if !is_inside {
            dom::focus(id);
        }
    });
    use_drop(move || {
        let before = BEFORE.with_borrow(|it| it.get(id).cloned());
        if let Some(before) = before.filter(|it| it.is_connected()) {
            drop(before.focus());
        }
    });
}

/// Lets Tab go round inside the element with that id.
pub fn keep_inside(event: &KeyboardEvent, id: &str) {
    let Some(root) = dom::by_id(id) else { return };
    let Ok(found) = root.query_selector_all(FOCUSABLE) else { return };
    let all: Vec<HtmlElement> =
        (0..found.length()).filter_map(|at| found.item(at)?.dyn_into().ok()).collect();
    let (Some(first), Some(last)) = (all.first(), all.last()) else { return };
    let focused = dom::focused();
    let goes_back = event.modifiers().contains(Modifiers::SHIFT);
    let edge = if goes_back { first } else { last };
    let is_outside = !dom::holds_focus(&root) || focused.as_ref() == Some(&root);
    if is_outside || focused.as_ref() == Some(edge) {
        event.prevent_default();
        drop(if goes_back { last } else { first }.focus());
    }
}

/// Asks before something is done that cannot be undone.
#[component]
pub fn QuestionDialog() -> Element {
    let mut store = use_store();
    let Some(question) = store.question.read().clone() else { return rsx! {} };
    let run = question.run.clone();
    rsx! {
        Dialog { title: question.title.clone(), onclose: move |()| store.question.set(None),
            p { "{question.text}" }
            div { class: "dlg-f",
                Button { label: "Cancel", class: "ghost", onclick: move |_| store.question.set(None) }
                Button {
                    label: question.verb.clone(),
                    class: "danger",
                    onclick: move |_| {
                        store.question.set(None);
                        run.call();
                    },
                }
            }
        }
    }
}
