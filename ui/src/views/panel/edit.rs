//! Editors for one field each: a label, and beside it what fits the value.

use dioxus::prelude::*;
use jiff::civil::Date;

use super::blame::{FieldsOf, Label};
use crate::components::{Chip, Entry, Icon, InlineText, Menu};
use crate::format;
use crate::state::use_store;

/// What keys do in a form that is written into the panel: Escape ends it, Ctrl and Enter save it from any field.
pub fn form_keys(event: &KeyboardEvent, save: impl FnOnce(), ondone: EventHandler<()>) {
    let is_command = event.modifiers().intersects(Modifiers::CONTROL | Modifiers::META);
    match event.key() {
        Key::Escape => {
            event.stop_propagation();
            ondone.call(());
        }
        Key::Enter if is_command => {
            event.prevent_default();
            save();
        }
        _ => {}
    }
}

/// A label with its editor. With the name of a field, the label tells who set it.
#[component]
pub fn Row(label: String, #[props(default)] field: &'static str, children: Element) -> Element {
    let of = try_use_context::<FieldsOf>().filter(|_| !field.is_empty());
    rsx! {
        div { class: "fr",
            if let Some(FieldsOf(about)) = of {
                Label { label, about, field }
            } else {
                span { class: "fr-l", "{label}" }
            }
            div { class: "fr-v", {children} }
        }
    }
}

/// One of several words.
#[component]
pub fn ChoiceRow<T: Clone + Copy + PartialEq + 'static>(
    label: String,
    #[props(default)] field: &'static str,
    words: &'static [(T, &'static str)],
    value: T,
    onchoose: EventHandler<T>,
) -> Element {
    let mut store = use_store();
    let name = label.clone();
    let word = super::words::word(words, value);
    rsx! {
        Row { label, field,
            Chip {
                class: "val",
                opens_menu: true,
                onclick: move |event| {
                    let entries = words
                        .iter()
                        .map(|(choice, word)| {
                            let choice = *choice;
                            Entry::act(*word, move || onchoose.call(choice)).on(choice == value)
                        })
                        .collect();
                    store.menu.set(Some(Menu::below(&event, name.clone(), entries)));
                },
                "{word}"
                Icon { name: "down", class: "xs" }
            }
        }
    }
}

/// 1 to 5, or unknown. Choosing the present value again takes it away.
#[component]
pub fn ScaleRow(
    label: String,
    #[props(default)] field: &'static str,
    value: Option<u8>,
    low: &'static str,
    high: &'static str,
    onchoose: EventHandler<Option<u8>>,
) -> Element {
    let name = label.clone();
    rsx! {
        Row { label, field,
            div { class: "pick5", role: "radiogroup", "aria-label": "{name}",
                for number in 1..=5_u8 {
                    button {
                        key: "{number}",
                        r#type: "button",
                        role: "radio",
                        class: match value {
                            Some(value) if value == number => "on",
                            Some(value) if number < value => "in",
                            _ => "",
                        },
                        "aria-checked": value == Some(number),
                        title: match number {
                            1 => low,
                            5 => high,
                            _ => "",
                        },
                        onclick: move |_| onchoose.call((value != Some(number)).then_some(number)),
                        "{number}"
                    }
                }
                if value.is_none() {
                    small { "Not set" }
                }
            }
        }
    }
}

/// A text, on one line or several.
#[component]
pub fn TextRow(
    label: String,
    #[props(default)] field: &'static str,
    value: String,
    placeholder: String,
    #[props(default)] multiline: bool,
    onsave: EventHandler<String>,
) -> Element {
    rsx! {
        Row { label: label.clone(), field,
            InlineText { value, label, placeholder, multiline, may_be_empty: true, onsave }
        }
    }
}

/// A number, or unknown. `scale` is what one unit on screen is in the field: 0.01 for per cent.
#[component]
pub fn NumberRow(
    label: String,
    #[props(default)] field: &'static str,
    value: Option<f64>,
    placeholder: String,
    #[props(default = 1.0)] scale: f64,
    #[props(default)] unit: String,
    onsave: EventHandler<Option<f64>>,
) -> Element {
    let mut is_wrong = use_signal(|| false);
    let shown = value.map(|it| format!("{}{unit}", format::number(it / scale, 2))).unwrap_or_default();
    let suffix = unit.clone();
    rsx! {
        Row { label: label.clone(), field,
            InlineText {
                value: shown,
                label,
                placeholder,
                class: "one",
                may_be_empty: true,
                onsave: move |text: String| match read_number(&text, &suffix) {
                    Ok(number) => {
                        is_wrong.set(false);
                        onsave.call(number.map(|it| it * scale));
                    }
                    Err(NotANumber) => is_wrong.set(true),
                },
            }
            if is_wrong() {
                small { class: "fld-e", role: "alert", "This is not a number." }
            }
        }
    }
}

/// The text is neither a number nor empty.
#[derive(Debug, PartialEq)]
pub struct NotANumber;

/// Reads what people write as numbers: `1,430`, `−0.5`, `60 %`.
pub fn read_number(text: &str, unit: &str) -> Result<Option<f64>, NotANumber> {
    let text = text.trim().trim_end_matches(unit.trim()).trim_end_matches('%').trim();
    if text.is_empty() {
        return Ok(None);
    }
    let plain: String = text.chars().filter(|it| !matches!(it, ',' | ' ' | '_')).collect();
    let plain = plain.replace('−', "-");
    match plain.parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(Some(number)),
        _ => Err(NotANumber),
    }
}

/// A day, or none.
#[component]
pub fn DateRow(
    label: String,
    #[props(default)] field: &'static str,
    value: Option<Date>,
    onsave: EventHandler<Option<Date>>,
) -> Element {
    let shown = value.map(|it| it.to_string()).unwrap_or_default();
    rsx! {
        Row { label: label.clone(), field,
            input {
                class: if value.is_some() { "date" } else { "date unset" },
                r#type: "date",
                "aria-label": "{label}",
                value: "{shown}",
                onchange: move |event| onsave.call(event.value().parse().ok()),
            }
            // The field of a day that is not set shows today's, as if it had been chosen.
            if value.is_none() {
                small { "Not set" }
            }
        }
    }
}

/// Yes or no.
#[component]
pub fn SwitchRow(label: String, value: bool, hint: &'static str, onchange: EventHandler<bool>) -> Element {
    rsx! {
        Row { label: label.clone(),
            button {
                class: if value { "sw on" } else { "sw" },
                r#type: "button",
                role: "switch",
                "aria-checked": value,
                "aria-label": "{label}",
                title: "{hint}",
                onclick: move |_| onchange.call(!value),
            }
            small { "{hint}" }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        for (text, unit, expected) in [
            ("1,430", "", Ok(Some(1430.0))),
            ("−0.5", "", Ok(Some(-0.5))),
            ("60 %", "%", Ok(Some(60.0))),
            ("48 s", " s", Ok(Some(48.0))),
            ("", "", Ok(None)),
            ("many", "", Err(NotANumber)),
        ] {
            assert_eq!(read_number(text, unit), expected, "{text}");
        }
    }
}
