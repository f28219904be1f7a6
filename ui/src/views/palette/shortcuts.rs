//! All shortcuts, as a list.

use dioxus::prelude::*;

use crate::components::{Dialog, Kbd};
use crate::state::use_store;

/// Keys, and what they do.
type Line = (&'static [&'static str], &'static str);

const GROUPS: &[(&str, &[Line])] = &[
    (
        "Everywhere",
        &[
            (&["mod", "K"], "Search and commands"),
            (&["mod", "J"], "Assistant"),
            (&["mod", "Z"], "Undo"),
            (&["mod", "shift", "Z"], "Redo"),
            (&["?"], "All shortcuts"),
            (&["Esc"], "Close, cancel"),
        ],
    ),
    (
        "Go to",
        &[
            (&["G", "M"], "Map"),
            (&["G", "T"], "Table"),
            (&["G", "P"], "Priority"),
            (&["G", "O"], "Opportunity tree"),
            (&["G", "H"], "History, and out of it"),
            (&["G", "R"], "Weekly review, and out of it"),
            (&["1", "2", "3", "4"], "Map, table, priority, tree"),
        ],
    ),
    (
        "Add to the step at hand",
        &[
            (&["C", "T"], "Touchpoint"),
            (&["C", "I"], "Insight"),
            (&["C", "O"], "Opportunity"),
            (&["C", "S"], "Solution"),
            (&["C", "M"], "Metric"),
        ],
    ),
    (
        "On the map",
        &[
            (&["←", "→", "↑", "↓"], "Between stages, steps and cards"),
            (&["enter"], "Open"),
            (&["E"], "Rename in place"),
            (&["A"], "Owner"),
            (&["alt", "←", "→", "↑", "↓"], "Move card, step or stage"),
            (&["⌫"], "Delete"),
            (&["["], "Fold the stage"),
            (&["]"], "Unfold the stage"),
        ],
    ),
    (
        "In the table",
        &[
            (&["←", "→", "↑", "↓"], "Between cells"),
            (&["enter"], "Edit, fold a group, sort by a column"),
            (&["Space"], "Peek, and close again"),
            (&["X"], "Select the row"),
            (&["shift", "↑", "↓"], "Select a range"),
            (&["mod", "A"], "Select all"),
            (&["mod", "C"], "Copy cells or rows"),
            (&["mod", "V"], "Paste from a spreadsheet"),
            (&["S"], "Status"),
        ],
    ),
    (
        "By priority",
        &[
            (&["←", "→", "↑", "↓"], "Between opportunities"),
            (&["alt", "↑", "↓"], "More, less impact"),
            (&["alt", "←", "→"], "Less, more effort"),
            (&["enter"], "Open"),
        ],
    ),
    (
        "In a review",
        &[
            (&["J", "K"], "Down, up; arrows too"),
            (&["enter"], "Open beside the lists"),
            (&["]"], "To the next list"),
            (&["["], "To the list before"),
            (&["T"], "Still true"),
            (&["N"], "Notes"),
            (&["D"], "Add a decision"),
            (&["mod", "enter"], "Finish the review"),
        ],
    ),
    (
        "Map zoom",
        &[
            (&["shift", "1"], "All steps in sight"),
            (&["0"], "100%, cards"),
            (&["+"], "In"),
            (&["−"], "Out"),
            (&["Z"], "In to the step"),
        ],
    ),
];

/// All shortcuts.
#[component]
pub fn Shortcuts() -> Element {
    let mut store = use_store();
    rsx! {
        Dialog { title: "Shortcuts", class: "wide all-keys", onclose: move |()| store.overlay.set(None),
            div { class: "keys", tabindex: "0", role: "region", "aria-label": "All shortcuts",
                for (title , lines) in GROUPS {
                    section { key: "{title}",
                        h3 { "{title}" }
                        for (keys , what) in lines.iter() {
                            div { key: "{what}", class: "keys-l",
                                span { "{what}" }
                                Kbd { keys: keys.to_vec() }
                            }
                        }
                    }
                }
            }
        }
    }
}
