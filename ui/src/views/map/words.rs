//! Lanes of words: what happens at a step in front of customers and behind, in a sentence or two each. Above what
//! customers do not see runs the line of visibility.

use std::collections::BTreeSet;

use custory_domain::{BLUEPRINT, Change, Command, FIRST_UNSEEN, JourneyField, Step, StepField, StepId};
use dioxus::prelude::*;

use super::layout::{Detail, WordLane};
use super::measure::{self, Face};
use super::model::MapModel;
use super::state::{MapState, Spot, use_map};
use crate::components::{Entry, Icon, IconButton, InlineText};
use crate::host;
use crate::state::{OpenJourney, Store, use_store};

/// Lines that a cell shows at most.
const LINES_MAX: usize = 5;
/// Height of a line, and what a cell has besides.
const LINE: f64 = 16.0;
const PADDING: f64 = 18.0;
/// Least height of a lane.
const HEIGHT_MIN: f64 = 42.0;

/// The lanes of words that a map shows: those on which something stands, and those that somebody wants to see.
pub fn lanes(
    open: &OpenJourney,
    steps: &[StepId],
    wanted: &BTreeSet<String>,
    detail: Detail,
    step_width: f64,
) -> Vec<WordLane> {
    if detail == Detail::Square {
        return Vec::new();
    }
    let shown: Vec<&Step> = steps.iter().filter_map(|it| open.board.steps.get(it)).collect();
    let lane = |(id, name): (String, String)| {
        let texts = || shown.iter().filter_map(|it| it.cells.get(&id));
        if texts().next().is_none() && !wanted.contains(&id) {
            return None;
        }
        let lines = |text: &String| match detail {
            Detail::Full => measure::lines(Face::Card, text, step_width - 24.0, LINES_MAX),
            Detail::Line | Detail::Square => 1,
        };
        let most = texts().map(lines).max().unwrap_or(1);
        let height = (most as f64 * LINE + PADDING).max(HEIGHT_MIN);
        let is_own = BLUEPRINT.iter().all(|it| it.0 != id);
        Some(WordLane { is_unseen_from_here: id == FIRST_UNSEEN, is_own, id, name, y: 0.0, height })
    };
    open.board.lanes().into_iter().filter_map(lane).collect()
}

/// A lane's label. One's own can be renamed and taken away.
#[component]
pub fn WordLaneHead(lane: WordLane) -> Element {
    let store = use_store();
    let (for_name, for_removal) = (lane.id.clone(), lane.id.clone());
    rsx! {
        div {
            class: if lane.is_unseen_from_here { "lane-h unseen" } else { "lane-h" },
            role: "rowheader",
            div { class: "lh wl",
                if lane.is_own {
                    InlineText {
                        value: lane.name.clone(),
                        label: "Name of the lane",
                        class: "one",
                        onsave: move |name: String| change_lanes(store, &for_name, Some(name)),
                    }
                } else {
                    "{lane.name}"
                }
            }
            if lane.is_unseen_from_here {
                small { class: "wl-v", "Not seen by customers" }
            }
            if lane.is_own {
                IconButton {
                    icon: "x",
                    class: "xs",
                    label: "Take the lane {lane.name} away",
                    onclick: move |_| change_lanes(store, &for_removal, None),
                }
            }
        }
    }
}

/// What happens at a step on a lane; a click, or Enter, begins to type.
#[component]
pub fn WordCell(
    model: Memo<MapModel>,
    step: StepId,
    lane: WordLane,
    /// The lane's position on the map.
    at: usize,
    place: String,
    is_first: bool,
    is_selected: bool,
) -> Element {
    let store = use_store();
    let mut map = use_map();
    let spot = Spot::Words { step, lane: at };
    let is_stop = use_memo(use_reactive!(|spot| *map.cursor.read() == Some(spot)));
    let is_editing = use_memo(use_reactive!(|spot| *map.editing.read() == Some(spot)));
    let (id, name) = (lane.id, lane.name);
    let for_text = id.clone();
    let text = use_memo(use_reactive!(|(for_text, step)| {
        let open = store.open.read();
        let step = open.as_ref().and_then(|it| it.board.steps.get(&step));
        step.and_then(|it| it.cells.get(&for_text).cloned()).unwrap_or_default()
    }));
    let is_line = model.read().layout.detail == Detail::Line;
    let class = format!(
        "cell wc{}{}{}{}",
        if is_first { " s0" } else { "" },
        if is_selected { " sel" } else { "" },
        if lane.is_unseen_from_here { " unseen" } else { "" },
        if is_line { " line" } else { "" },
    );
    rsx! {
        div { class: "{class}", role: "gridcell", style: "{place}",
            if is_editing() {
                InlineText {
                    value: text(),
                    label: "{name}",
                    multiline: true,
                    may_be_empty: true,
                    editing: true,
                    onsave: move |words: String| write(store, step, &id, words),
                    holder: spot.element_id(),
                    ondone: move |()| map.editing.set(None),
                }
            } else {
                button {
                    id: spot.element_id(),
                    class: if text.read().is_empty() { "add wadd" } else { "wtext" },
                    r#type: "button",
                    tabindex: if is_stop() { "0" } else { "-1" },
                    "aria-label": if text.read().is_empty() { "{name}: add" } else { "{name}: {text}" },
                    title: "{text}",
                    onfocus: move |_| map.cursor.set(Some(spot)),
                    onclick: move |_| map.editing.set(Some(spot)),
                    if text.read().is_empty() {
                        Icon { name: "plus" }
                    } else {
                        span { "{text}" }
                    }
                }
            }
        }
    }
}

/// Says what happens at a step on a lane; nothing takes it away.
fn write(store: Store, step: StepId, lane: &str, words: String) {
    let cells = store.open.peek().as_ref().and_then(|it| Some(it.board.steps.get(&step)?.cells.clone()));
    let Some(mut cells) = cells else { return };
    if words.is_empty() {
        cells.remove(lane);
    } else {
        cells.insert(lane.to_owned(), words);
    }
    store.send(Command::set(Change::Step { id: step, set: StepField::Cells(cells) }));
}

/// Gives a lane of the journey's own a name, or takes it away.
fn change_lanes(store: Store, lane: &str, name: Option<String>) {
    let journey =
        store.open.peek().as_ref().and_then(|it| it.board.journey().map(|it| (it.id, it.lanes.clone())));
    let Some((id, mut lanes)) = journey else { return };
    match name {
        Some(name) => lanes.insert(lane.to_owned(), name),
        None => lanes.remove(lane),
    };
    store.send(Command::set(Change::Journey { id, set: JourneyField::Lanes(lanes) }));
}

/// Lanes of words in the menu of lanes: each to be shown though nothing stands on it, and a new one.
pub fn entries(store: Store, mut map: MapState) -> Vec<Entry> {
    let open = store.open.peek();
    let Some(open) = open.as_ref() else { return Vec::new() };
    let used =
        |id: &String| open.board.steps.values().any(|it| it.trashed.is_none() && it.cells.contains_key(id));
    let wanted = map.word_lanes.peek().clone();
    let mut entries = vec![Entry::Heading("In words".to_owned())];
    for (id, name) in open.board.lanes() {
        let (is_used, is_wanted) = (used(&id), wanted.contains(&id));
        let toggle = move || {
            let mut lanes = map.word_lanes.write();
            if !lanes.remove(&id) && !is_used {
                lanes.insert(id.clone());
            }
        };
        entries.push(Entry::act(name, toggle).icon("doc").on(is_used || is_wanted));
    }
    let add = move || {
        let id = host::fresh(StepId::from_parts).to_string();
        map.word_lanes.write().insert(id.clone());
        change_lanes(store, &id, Some("New lane".to_owned()));
    };
    entries.push(Entry::act("New lane", add).icon("plus"));
    entries
}
