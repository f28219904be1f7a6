//! Adding evidence by hand: the exact words, who said them, where, and what they speak for.

use custory_domain::*;
use dioxus::prelude::*;

use crate::components::{Button, TextField};
use crate::host;
use crate::state::use_store;
use crate::views::panel::edit::form_keys;

/// Where words can come from, with how much that counts.
const SOURCES: &[(&str, &str, WeightClass)] = &[
    ("interview", "Interview", WeightClass::Interview),
    ("support", "Support", WeightClass::Support),
    ("sales", "Sales call", WeightClass::Sales),
    ("web", "In public", WeightClass::PublicChat),
    ("posthog", "Behaviour", WeightClass::Behavioural),
    ("team", "Our own view", WeightClass::Internal),
];

/// The form; whatever is saved speaks about `claim`.
#[component]
pub fn EvidenceForm(claim: EntityRef, ondone: EventHandler<()>) -> Element {
    let store = use_store();
    let mut words = use_signal(String::new);
    let mut author = use_signal(String::new);
    let mut place = use_signal(String::new);
    let mut source = use_signal(|| 0_usize);
    let mut stance = use_signal(|| Stance::Supports);
    let length = words.read().trim().chars().count();
    let error = (length > Evidence::EXCERPT_CHARS_MAX).then(|| {
        format!("{length} of {} characters. Keep the sentence that matters.", Evidence::EXCERPT_CHARS_MAX)
    });
    let can_save = length > 0 && error.is_none();
    let save = move || {
        if words.peek().trim().is_empty() {
            return;
        }
        let (source, _, weight) = SOURCES[*source.peek()];
        let is_said = !matches!(weight, WeightClass::Behavioural | WeightClass::Internal);
        let evidence = Evidence {
            excerpt: words.peek().trim().to_owned(),
            author: author.peek().trim().to_owned(),
            locator: place.peek().trim().to_owned(),
            source: source.to_owned(),
            sort: if is_said { EvidenceSort::Quote } else { EvidenceSort::Observation },
            weight,
            captured_at: Some(host::now()),
            // Whoever types words in has them before their eyes.
            is_verified: true,
            claims: [(claim, *stance.peek())].into(),
            ..Evidence::new(host::fresh(EvidenceId::from_parts))
        };
        dioxus::core::spawn_forever(async move {
            store.dispatch(Command::add(evidence)).await;
        });
        ondone.call(());
    };
    rsx! {
        form {
            class: "ef",
            onsubmit: move |event| event.prevent_default(),
            onkeydown: move |event| form_keys(&event, save, ondone),
            label { class: "fld ta",
                textarea {
                    "aria-label": "The exact words",
                    placeholder: "The exact words, or what was seen",
                    value: "{words}",
                    onmounted: move |event| async move {
                        drop(event.set_focus(true).await);
                    },
                    oninput: move |event| words.set(event.value()),
                }
            }
            if let Some(error) = error {
                small { class: "fld-e", role: "alert", "{error}" }
            }
            div { class: "ef-r",
                TextField { value: author(), label: "Who said it", placeholder: "Who", oninput: move |text| author.set(text) }
                TextField { value: place(), label: "Where it stands", placeholder: "Link or place", oninput: move |text| place.set(text) }
            }
            div { class: "ef-c", role: "radiogroup", "aria-label": "Where it comes from",
                for (number , (_ , label , _)) in SOURCES.iter().enumerate() {
                    button {
                        key: "{label}",
                        class: if source() == number { "chip on" } else { "chip" },
                        r#type: "button",
                        role: "radio",
                        "aria-checked": source() == number,
                        onclick: move |_| source.set(number),
                        "{label}"
                    }
                }
            }
            div { class: "ef-f",
                div { class: "seg sm", role: "radiogroup", "aria-label": "What it speaks for",
                    for (value , label) in [(Stance::Supports, "Speaks for it"), (Stance::Contradicts, "Against it")] {
                        button {
                            key: "{label}",
                            class: if stance() == value { "seg-i on" } else { "seg-i" },
                            r#type: "button",
                            role: "radio",
                            "aria-checked": stance() == value,
                            onclick: move |_| stance.set(value),
                            "{label}"
                        }
                    }
                }
                span { class: "sp" }
                Button { label: "Cancel", class: "ghost sm", onclick: move |_| ondone.call(()) }
                Button { label: "Add", class: "pri sm", keys: vec!["mod", "enter"], disabled: !can_save, onclick: move |_| save() }
            }
        }
    }
}
