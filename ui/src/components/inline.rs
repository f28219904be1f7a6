//! Text that is edited where it stands.

use std::cell::Cell;

use dioxus::prelude::*;

use crate::dom;

/// Whether there is a field.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// No, only the text.
    Closed,
    /// Yes, and it has the focus.
    Open,
    /// It has been left and is about to go.
    Leaving,
}

/// A text that becomes a field when it is clicked or entered. Enter and leaving keep it, Esc
/// restores it; in a `multiline` one Enter makes a new line and Ctrl/⌘ Enter keeps it.
#[component]
pub fn InlineText(
    value: String,
    label: String,
    #[props(default)] class: &'static str,
    #[props(default)] placeholder: String,
    #[props(default)] multiline: bool,
    /// Begin as a field.
    #[props(default)]
    editing: bool,
    /// Whether an empty text is kept; otherwise leaving it empty restores what was.
    #[props(default)]
    may_be_empty: bool,
    /// Id of the element that takes the focus when the field is left, unless something else has it by then.
    #[props(default)]
    holder: Option<String>,
    onsave: EventHandler<String>,
    /// The field was left, with or without a change.
    #[props(default)]
    ondone: EventHandler<()>,
) -> Element {
    let mut phase = use_signal(|| if editing { Phase::Open } else { Phase::Closed });
    let mut text = use_signal(String::new);
    let was = value.clone();
    let own = use_hook(new_id);
    let id = own.clone();
    let mut finish = move |keep: bool, by_key: bool| {
        if *phase.peek() != Phase::Open {
            return;
        }
        phase.set(Phase::Leaving);
        let now = text.peek().trim().to_owned();
        if keep && now != was.trim() && (may_be_empty || !now.is_empty()) {
            onsave.call(now);
        }
        let (holder, own) = (holder.clone(), own.clone());
        let has_holder = holder.is_some();
        spawn(async move {
            // Before the field goes: the web view draws the whole window anew when what has the focus goes away.
            if let Some(holder) = holder.as_ref().filter(|_| by_key || !dom::has_focus()) {
                dom::focus(holder);
            }
            phase.set(Phase::Closed);
            // A holder that is there only without the field, or else the text itself: as soon as it is there.
            let later = holder.filter(|it| dom::by_id(it).is_none());
            if by_key && (later.is_some() || !has_holder) {
                dom::focus_soon(later.unwrap_or(own));
            }
            ondone.call(());
        });
    };
    if phase() == Phase::Closed {
        let is_blank = value.is_empty();
        let shown = if is_blank { placeholder } else { value };
        return rsx! {
            div {
                id: "{id}",
                class: if is_blank { "inl ph {class}" } else { "inl {class}" },
                role: "button",
                tabindex: "0",
                "aria-label": "{label}: {shown}. Edit",
                onclick: move |_| phase.set(Phase::Open),
                onkeydown: move |event| {
                    if matches!(event.key(), Key::Enter | Key::F2) {
                        event.prevent_default();
                        event.stop_propagation();
                        phase.set(Phase::Open);
                    }
                },
                "{shown}"
            }
        };
    }
    let first = value.clone();
    let mut finish_key = finish.clone();
    rsx! {
        // The copy of the text behind the field gives it its height.
        div { class: "inl-e {class}", "data-text": "{text}",
            textarea {
                "aria-label": "{label}",
                rows: "1",
                placeholder: "{placeholder}",
                initial_value: "{first}",
                onmounted: move |event| {
                    text.set(first.clone());
                    async move {
                        drop(event.set_focus(true).await);
                        select_all(&event);
                    }
                },
                oninput: move |event| text.set(event.value()),
                onblur: move |_| finish(true, false),
                onkeydown: move |event| {
                    event.stop_propagation();
                    let is_command = event.modifiers().intersects(Modifiers::CONTROL | Modifiers::META);
                    match event.key() {
                        Key::Escape => {
                            event.prevent_default();
                            finish_key(false, true);
                        }
                        Key::Enter if !event.is_composing() && (!multiline || is_command) => {
                            event.prevent_default();
                            finish_key(true, true);
                        }
                        _ => {}
                    }
                },
            }
        }
    }
}

/// An id in the page that nothing else has.
fn new_id() -> String {
    thread_local! {
        static GIVEN: Cell<u32> = const { Cell::new(0) };
    }
    GIVEN.set(GIVEN.get().wrapping_add(1));
    format!("inl-{}", GIVEN.get())
}

fn select_all(event: &MountedEvent) {
    use dioxus::web::WebEventExt as _;
    use wasm_bindgen::JsCast as _;
    if let Some(field) =
        event.try_as_web_event().and_then(|it| it.dyn_into::<web_sys::HtmlTextAreaElement>().ok())
    {
        field.select();
    }
}
