//! Text that is edited where it stands.

use dioxus::prelude::*;

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
    onsave: EventHandler<String>,
    /// The field was left, with or without a change.
    #[props(default)]
    ondone: EventHandler<()>,
) -> Element {
    let mut is_open = use_signal(|| editing);
    let mut text = use_signal(String::new);
    let was = value.clone();
    let mut finish = move |keep: bool| {
        if !*is_open.peek() {
            return;
        }
        is_open.set(false);
        let now = text.peek().trim().to_owned();
        if keep && now != was.trim() && (may_be_empty || !now.is_empty()) {
            onsave.call(now);
        }
        ondone.call(());
    };
    if !is_open() {
        let is_blank = value.is_empty();
        let shown = if is_blank { placeholder } else { value };
        return rsx! {
            div {
                class: if is_blank { "inl ph {class}" } else { "inl {class}" },
                role: "button",
                tabindex: "0",
                "aria-label": "{label}: {shown}. Edit",
                onclick: move |_| is_open.set(true),
                onkeydown: move |event| {
                    if matches!(event.key(), Key::Enter | Key::F2) {
                        event.prevent_default();
                        event.stop_propagation();
                        is_open.set(true);
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
                onblur: move |_| finish(true),
                onkeydown: move |event| {
                    event.stop_propagation();
                    let is_command = event.modifiers().intersects(Modifiers::CONTROL | Modifiers::META);
                    match event.key() {
                        Key::Escape => {
                            event.prevent_default();
                            finish_key(false);
                        }
                        Key::Enter if !event.is_composing() && (!multiline || is_command) => {
                            event.prevent_default();
                            finish_key(true);
                        }
                        _ => {}
                    }
                },
            }
        }
    }
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
