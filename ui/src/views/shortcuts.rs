//! The list of all shortcuts, to look at and to change: new keys are pressed, a clash is named before anything is
//! taken away, and one or all go back to what they were.

use dioxus::prelude::*;
use dioxus::web::WebEventExt as _;

use crate::components::{Button, IconButton, Keys, key_label};
use crate::dom;
use crate::keys::{self, GROUPS, Place, Shortcut};
use crate::state::{Store, use_store};

/// Id of the button that new keys are pressed on.
const RECORD_ID: &str = "record-keys";

/// Keys that were pressed for a shortcut, and have something else to do.
#[derive(Clone, Debug, PartialEq)]
struct Clash {
    /// The line that it is said on.
    line: String,
    keys: String,
    with: &'static str,
}

/// All shortcuts, group by group.
#[component]
pub fn ShortcutList(is_changeable: bool) -> Element {
    // A line that waits for keys, and what was pressed first of several.
    let recording: Signal<Option<String>> = use_signal(|| None);
    let clash: Signal<Option<Clash>> = use_signal(|| None);
    rsx! {
        for (title , shortcuts) in GROUPS {
            section { key: "{title}",
                h3 { "{title}" }
                for shortcut in shortcuts.iter() {
                    Line { key: "{title}{shortcut.what}", group: *title, shortcut: Same(shortcut), is_changeable, recording, clash }
                }
            }
        }
    }
}

/// A shortcut of the list; the same one is at the same place.
#[derive(Clone, Copy)]
struct Same(&'static Shortcut);

impl PartialEq for Same {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

#[component]
fn Line(
    group: &'static str,
    shortcut: Same,
    is_changeable: bool,
    recording: Signal<Option<String>>,
    clash: Signal<Option<Clash>>,
) -> Element {
    let mut store = use_store();
    let shortcut = shortcut.0;
    let line = format!("{group} {}", shortcut.id);
    let now = keys::current(&store.preferences.read().keys, shortcut);
    let is_fixed = shortcut.id.is_empty();
    // Arrows are shown one by one, and so is what is held with them.
    let shown: Vec<String> = match (&now, is_fixed) {
        (_, true) => shortcut.keys.iter().map(|it| (*it).to_owned()).collect(),
        (Some(keys), _) => keys::keys_of(keys),
        (None, _) => Vec::new(),
    };
    let is_chosen = store.preferences.read().keys.contains_key(shortcut.id);
    let is_recording = recording.read().as_ref() == Some(&line);
    let found = clash.read().clone().filter(|it| it.line == line);
    let (for_start, for_keys) = (line.clone(), line.clone());
    let mut stop = move || {
        recording.set(None);
        store.is_recording.set(false);
    };
    rsx! {
        div { class: "keys-l",
            span { class: "g", "{shortcut.what}" }
            if is_recording {
                Recorder {
                    shortcut: Same(shortcut),
                    onkeys: move |keys: String| {
                        stop();
                        let taken = keys::taken_by(&store.preferences.peek().keys, shortcut, &keys);
                        match taken {
                            Some(other) => clash.set(Some(Clash { line: for_keys.clone(), keys, with: other.what })),
                            None => bind(store, shortcut, &keys),
                        }
                    },
                    oncancel: move |()| stop(),
                }
            } else {
                if shown.is_empty() {
                    small { class: "t3", "None" }
                } else {
                    Keys { keys: shown }
                }
                if is_changeable && !is_fixed {
                    button {
                        class: "btn ghost xs",
                        r#type: "button",
                        "aria-label": "Change the keys of {shortcut.what}",
                        "data-shortcut": "{shortcut.id}",
                        onclick: move |_| {
                            clash.set(None);
                            recording.set(Some(for_start.clone()));
                            store.is_recording.set(true);
                            dom::focus_soon(RECORD_ID);
                        },
                        span { "Change" }
                    }
                    if is_chosen {
                        IconButton {
                            icon: "undo",
                            class: "xs",
                            label: "Keys of {shortcut.what} as at first",
                            onclick: move |_| bind(store, shortcut, &keys::spelled(shortcut.keys)),
                        }
                    }
                }
            }
        }
        if let Some(found) = found {
            div { class: "keys-c note warn", role: "alert",
                span { class: "g", "{spoken(&found.keys)} is “{found.with}”." }
                Button {
                    label: "Use it here",
                    class: "xs",
                    onclick: move |_| {
                        clash.set(None);
                        bind(store, shortcut, &found.keys);
                    },
                }
                Button { label: "Leave it", class: "ghost xs", onclick: move |_| clash.set(None) }
            }
        }
    }
}

/// Waits for keys. Esc, and going elsewhere, give up.
#[component]
fn Recorder(shortcut: Same, onkeys: EventHandler<String>, oncancel: EventHandler<()>) -> Element {
    let mut leader = use_signal(|| None::<String>);
    let has_leaders = !shortcut.0.places.iter().all(|it| matches!(it, Place::Inbox | Place::Draft));
    let words = match &*leader.read() {
        Some(first) => format!("{} then…", spoken(first)),
        None => "Press the new keys, Esc gives up".to_owned(),
    };
    rsx! {
        button {
            id: RECORD_ID,
            class: "btn xs rec",
            r#type: "button",
            "aria-live": "polite",
            onblur: move |_| oncancel.call(()),
            onkeydown: move |event| {
                event.prevent_default();
                event.stop_propagation();
                if event.key() == Key::Escape {
                    oncancel.call(());
                    return;
                }
                let pressed = event.try_as_web_event().and_then(|it| keys::chord(&it));
                let Some(chord) = pressed else { return };
                let first = leader.peek().clone();
                match first {
                    Some(first) => onkeys.call(format!("{first} {chord}")),
                    None if has_leaders && keys::is_leader(&chord) => leader.set(Some(chord)),
                    None => onkeys.call(chord),
                }
            },
            span { "{words}" }
        }
    }
}

/// Keys as they are said: `Ctrl K`.
fn spoken(keys: &str) -> String {
    keys::keys_of(keys).iter().map(|it| key_label(it)).collect::<Vec<_>>().join(" ")
}

/// Gives a shortcut other keys, on this device.
fn bind(mut store: Store, shortcut: &Shortcut, keys: &str) {
    keys::bind(&mut store.preferences.write().keys, shortcut, keys);
    store.keep_preferences();
}

/// The part of the settings.
#[component]
pub fn ShortcutSettings() -> Element {
    let mut store = use_store();
    let has_own = !store.preferences.read().keys.is_empty();
    rsx! {
        section { class: "sec",
            h2 { "Shortcuts" }
            p { class: "t2", "They are kept on this computer, and shown as they are wherever Custory names one." }
            div { class: "box keys set-keys",
                ShortcutList { is_changeable: true }
            }
            if has_own {
                Button {
                    label: "All as at first",
                    class: "sm",
                    id: "keys-reset",
                    icon: "undo",
                    onclick: move |_| {
                        store.preferences.write().keys.clear();
                        store.keep_preferences();
                    },
                }
            }
        }
    }
}
