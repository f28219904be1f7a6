//! The row below the top: what is being reviewed, how far it is, which steps are shown, the keys.

use dioxus::prelude::*;

use super::decisions::{self, Counts};
use super::desk::{steps, use_review};
use super::rows::{self, Filter};
use crate::components::Kbd;

/// The row.
#[component]
pub fn Bar(title: String) -> Element {
    let mut desk = use_review();
    let counts = use_memo(move || decisions::count(&desk.review.read(), &desk.on_map.read()));
    let shown = use_memo(move || {
        let (review, on_map) = (desk.review.read(), desk.on_map.read());
        Filter::ALL.map(|it| rows::shown(&review, &on_map, it))
    });
    rsx! {
        div { class: "bar",
            b { class: "rv-n", "{title}" }
            span { class: "t3 rv-c", {words(counts())} }
            span { class: "sp" }
            div { class: "seg sm", role: "group", "aria-label": "Which steps are shown",
                for (filter , count) in Filter::ALL.into_iter().zip(shown()) {
                    button {
                        key: "{filter:?}",
                        class: if (desk.filter)() == filter { "seg-i on" } else { "seg-i" },
                        r#type: "button",
                        "aria-pressed": (desk.filter)() == filter,
                        title: if filter == Filter::LowSupport { "Found in one source only" },
                        onclick: move |_| desk.filter.set(filter),
                        span { {filter.label()} }
                        small { "{count}" }
                    }
                }
            }
            span { class: "keys",
                Hint { keys: vec!["J", "K"], does: "move" }
                Hint { keys: vec!["enter"], does: "keep" }
                Hint { keys: vec!["⌫"], does: "leave out" }
                Hint { keys: vec!["E"], does: "edit" }
                Hint { keys: vec!["M"], does: "merge" }
                Hint { keys: vec!["U"], does: "undo" }
            }
        }
    }
}

#[component]
fn Hint(keys: Vec<&'static str>, does: &'static str) -> Element {
    rsx! {
        span {
            Kbd { keys }
            " {does}"
        }
    }
}

/// How far the review is, in words.
fn words(counts: Counts) -> String {
    let parts = [
        (counts.on_map, "on the map already"),
        (counts.kept, "kept"),
        (counts.waiting, "waiting"),
        (counts.merged, "merged"),
        (counts.left_out, "left out"),
    ];
    let said = parts.iter().filter(|it| it.0 > 0).map(|(count, what)| format!(", {count} {what}"));
    format!("{} found{}", steps(counts.steps), said.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_there_is_is_counted_aloud() {
        let counts = Counts { steps: 9, kept: 3, waiting: 5, left_out: 1, ..Counts::default() };
        assert_eq!(words(counts), "9 steps found, 3 kept, 5 waiting, 1 left out");
        assert_eq!(
            words(Counts { steps: 1, on_map: 1, ..Counts::default() }),
            "1 step found, 1 on the map already"
        );
    }
}
