//! Every shortcut there is: what the list of shortcuts shows, the settings change, and hints are written from.
//!
//! A shortcut is known by an id, so that what a person chose outlives another order or other words. One that stands
//! in several groups is the same one in all of them.

/// Where a shortcut works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// On every screen.
    Everywhere,
    /// Wherever a journey is on screen.
    Journey,
    /// On the map.
    Map,
    /// In the table.
    Table,
    /// By priority.
    Priority,
    /// In the opportunity tree.
    Tree,
    /// In a review.
    Review,
    /// In the inbox.
    Inbox,
    /// Where a draft is reviewed.
    Draft,
}

impl Place {
    /// Whether one can be at both at once.
    pub fn meets(self, other: Self) -> bool {
        use Place::{Draft, Everywhere, Inbox, Journey};
        let is_apart = |it: Self| matches!(it, Inbox | Draft);
        match (self, other) {
            (Everywhere, _) | (_, Everywhere) => true,
            (Journey, it) | (it, Journey) => !is_apart(it),
            (one, other) => one == other,
        }
    }
}

/// A shortcut.
#[derive(Clone, Copy, Debug)]
pub struct Shortcut {
    /// What it is known by; empty for keys that cannot be changed.
    pub id: &'static str,
    /// Where it works.
    pub places: &'static [Place],
    /// Its keys at first: held ones before the one that is pressed, or one after another.
    pub keys: &'static [&'static str],
    /// What it does.
    pub what: &'static str,
}

const fn key(
    id: &'static str,
    places: &'static [Place],
    keys: &'static [&'static str],
    what: &'static str,
) -> Shortcut {
    Shortcut { id, places, keys, what }
}

/// Arrows and what they do with a key held: they stay what they are.
const fn fixed(keys: &'static [&'static str], what: &'static str) -> Shortcut {
    Shortcut { id: "", places: &[], keys, what }
}

use Place::*;

const RENAME: Shortcut = key("rename", &[Map, Table, Tree, Draft], &["E"], "Rename in place");
const OWNER: Shortcut = key("owner", &[Map, Table, Priority, Tree], &["A"], "Owner");
const STATUS: Shortcut = key("status", &[Map, Table], &["S"], "Status");
const DELETE: Shortcut = key("delete", &[Map, Table, Priority, Tree], &["⌫"], "Delete");
const SELECT: Shortcut = key("select", &[Map, Table], &["X"], "Select, and no longer");
const SELECT_TO: Shortcut = key("select-to", &[Map, Table], &["shift", "X"], "Select up to here");
const SELECT_ALL: Shortcut = key("select-all", &[Map, Table], &["mod", "A"], "Select all");
const FOLD: Shortcut = key("fold", &[Map, Table], &["["], "Fold the stage or group");
const UNFOLD: Shortcut = key("unfold", &[Map, Table], &["]"], "Unfold the stage or group");
const CONFIRM: Shortcut =
    key("confirm", &[Review, Draft], &["mod", "enter"], "Finish the review, accept the draft");

/// All shortcuts, in groups.
pub const GROUPS: &[(&str, &[Shortcut])] = &[
    (
        "Everywhere",
        &[
            key("palette", &[Everywhere], &["mod", "K"], "Search and commands"),
            key("assistant", &[Journey], &["mod", "J"], "Assistant"),
            key("undo", &[Journey], &["mod", "Z"], "Undo"),
            key("redo", &[Journey], &["mod", "shift", "Z"], "Redo"),
            key("shortcuts", &[Everywhere], &["?"], "All shortcuts"),
            fixed(&["mod", "+"], "Everything larger"),
            fixed(&["mod", "−"], "Everything smaller"),
            fixed(&["mod", "0"], "As large as at first"),
            fixed(&["Esc"], "Close, cancel"),
        ],
    ),
    (
        "Go to",
        &[
            key("go-map", &[Journey], &["G", "M"], "Map"),
            key("go-table", &[Journey], &["G", "T"], "Table"),
            key("go-priority", &[Journey], &["G", "P"], "Priority"),
            key("go-tree", &[Journey], &["G", "O"], "Opportunity tree"),
            key("go-history", &[Journey], &["G", "H"], "History, and out of it"),
            key("go-review", &[Journey], &["G", "R"], "Weekly review, and out of it"),
            key("go-beside", &[Journey], &["G", "B"], "From as is to to be, and back"),
            key("go-compare", &[Journey], &["G", "C"], "Compare as is and to be, and no longer"),
            key("go-inbox", &[Everywhere], &["G", "I"], "Inbox"),
            key("go-automations", &[Everywhere], &["G", "A"], "Automations"),
            key("go-integrations", &[Everywhere], &["G", "N"], "Integrations"),
            key("present", &[Journey], &["shift", "P"], "Present: the journey alone, and back"),
            key("map", &[Journey], &["1"], "Map at once"),
            key("table", &[Journey], &["2"], "Table at once"),
            key("priority", &[Journey], &["3"], "Priority at once"),
            key("tree", &[Journey], &["4"], "Opportunity tree at once"),
        ],
    ),
    (
        "Add to the step at hand",
        &[
            key("add-touchpoint", &[Journey], &["C", "T"], "Touchpoint"),
            key("add-insight", &[Journey], &["C", "I"], "Insight"),
            key("add-opportunity", &[Journey], &["C", "O"], "Opportunity"),
            key("add-solution", &[Journey], &["C", "S"], "Solution"),
            key("add-metric", &[Journey], &["C", "M"], "Metric"),
        ],
    ),
    (
        "Beside an open step or item",
        &[
            key("comment", &[Map, Table, Priority, Tree, Review], &["M"], "Comment"),
            key("decide", &[Map, Table, Priority, Tree], &["D"], "Record a decision"),
            key("who-set", &[Map, Table, Priority, Tree], &["B"], "Who set each field, and what it was"),
            key("watch", &[Map, Table, Priority, Tree], &["W"], "Watch, and no longer"),
        ],
    ),
    (
        "On the map",
        &[
            fixed(&["←", "→", "↑", "↓"], "Between stages, steps and cards"),
            fixed(&["enter"], "Open"),
            key("deeper", &[Map], &["shift", "enter"], "Into the journey that shows the step in detail"),
            key("up", &[Map], &["shift", "⌫"], "Back up from it"),
            RENAME,
            OWNER,
            STATUS,
            SELECT,
            SELECT_TO,
            fixed(&["shift", "←", "→", "↑", "↓"], "Select a range"),
            SELECT_ALL,
            fixed(&["alt", "←", "→", "↑", "↓"], "Move card, step or stage, or all cards selected"),
            DELETE,
            FOLD,
            UNFOLD,
        ],
    ),
    (
        "Side by side",
        &[
            fixed(&["←", "→", "↑", "↓"], "Between steps and cards of both journeys"),
            fixed(&["enter"], "Open it in its journey"),
            key("difference-next", &[Map], &["J"], "To the next difference"),
            key("difference-before", &[Map], &["K"], "To the difference before"),
        ],
    ),
    (
        "In the table",
        &[
            fixed(&["←", "→", "↑", "↓"], "Between cells"),
            fixed(&["enter"], "Edit, fold a group, sort by a column"),
            key("peek", &[Table], &["Space"], "Peek, and close again"),
            SELECT,
            SELECT_TO,
            fixed(&["shift", "↑", "↓"], "Select a range"),
            SELECT_ALL,
            fixed(&["mod", "C"], "Copy cells or rows"),
            fixed(&["mod", "V"], "Paste from a spreadsheet"),
            RENAME,
            OWNER,
            STATUS,
            DELETE,
        ],
    ),
    (
        "By priority",
        &[
            fixed(&["←", "→", "↑", "↓"], "Between opportunities"),
            fixed(&["alt", "↑", "↓"], "More, less along the left side: impact at first"),
            fixed(&["alt", "←", "→"], "Less, more along the bottom: effort at first"),
            key("axis-x", &[Priority], &["X"], "What lies from left to right"),
            key("axis-y", &[Priority], &["Y"], "What lies from the bottom to the top"),
            fixed(&["enter"], "Open"),
            OWNER,
            DELETE,
        ],
    ),
    (
        "In the opportunity tree",
        &[
            fixed(&["↑", "↓"], "Between lines"),
            fixed(&["→", "←"], "Unfold and in, fold and out"),
            key("tree-add", &[Tree], &["N"], "Add below"),
            RENAME,
            OWNER,
            DELETE,
            fixed(&["alt", "→", "←"], "Move in below the one above, out one level"),
            fixed(&["alt", "↑", "↓"], "Move to the one before, after"),
        ],
    ),
    (
        "In a review",
        &[
            key("review-down", &[Review], &["J"], "Down; the arrow too"),
            key("review-up", &[Review], &["K"], "Up; the arrow too"),
            fixed(&["enter"], "Open beside the lists"),
            key("review-next", &[Review], &["]"], "To the next list"),
            key("review-before", &[Review], &["["], "To the list before"),
            key("still-true", &[Review], &["T"], "Still true"),
            key("review-notes", &[Review], &["N"], "Notes"),
            key("review-decide", &[Review], &["D"], "Add a decision"),
            CONFIRM,
        ],
    ),
    (
        "In the inbox",
        &[
            key("signal-down", &[Inbox], &["J"], "Down; the arrow too"),
            key("signal-up", &[Inbox], &["K"], "Up; the arrow too"),
            fixed(&["enter"], "Attach to the step that is picked"),
            fixed(&["1", "2", "3"], "Pick a step"),
            key("signal-mark", &[Inbox], &["X"], "Mark, to decide about several"),
            key("signal-step", &[Inbox], &["C"], "Another step"),
            key("signal-insight", &[Inbox], &["N"], "Write an insight"),
            key("signal-merge", &[Inbox], &["M"], "Merge"),
            key("signal-snooze", &[Inbox], &["S"], "Put off until tomorrow"),
            key("signal-dismiss", &[Inbox], &["D"], "Dismiss"),
            key("signal-reopen", &[Inbox], &["U"], "Decide anew"),
            key("news-read", &[Inbox], &["R"], "Read, and unread again, under For you"),
            key("news-all", &[Inbox], &["shift", "R"], "All read, under For you"),
        ],
    ),
    (
        "Reviewing a draft",
        &[
            key("draft-down", &[Draft], &["J"], "Down; the arrow too"),
            key("draft-up", &[Draft], &["K"], "Up; the arrow too"),
            key("draft-keep", &[Draft], &["A"], "Keep"),
            key("draft-leave", &[Draft], &["X"], "Leave out"),
            RENAME,
            CONFIRM,
        ],
    ),
    (
        "Map zoom",
        &[
            key("zoom-fit", &[Map], &["shift", "1"], "All steps in sight"),
            key("zoom-cards", &[Map], &["0"], "100%, cards"),
            key("zoom-in", &[Map], &["+"], "In"),
            key("zoom-out", &[Map], &["−"], "Out"),
            key("zoom-step", &[Map], &["Z"], "In to the step"),
        ],
    ),
];

/// Every shortcut that can be changed, each once.
pub fn changeable() -> impl Iterator<Item = &'static Shortcut> {
    let all = || GROUPS.iter().flat_map(|it| it.1.iter());
    all()
        .enumerate()
        .filter(move |(at, it)| !it.id.is_empty() && !all().take(*at).any(|before| before.id == it.id))
        .map(|it| it.1)
}
