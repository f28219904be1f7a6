//! The opportunity tree: from the number that should move, over the problems worth solving and the ways to solve them,
//! to what must be true for those to work. The same entities as on the map; a change here is a change there.

mod drag;
mod keys;
mod menus;
mod model;
mod moves;
mod row;

use std::collections::BTreeSet;

use custory_domain::{Change, Command, ItemKind, JourneyField, MetricId};
use custory_ipc::Lens;
use dioxus::prelude::*;

use crate::components::{Button, Empty, Icon, Menu};
use crate::format;
use crate::state::{Store, use_store};
use crate::views::choices;
use crate::views::filter::{FilterChips, Filtered, NothingPasses};
use crate::views::journey::AddButton;
use crate::views::map::{Adding, begin_adding, use_map};
use drag::{DragLayer, TreeDrag};
use model::{NodeKind, TreeModel};
use row::{Line, New};

const STYLE: &str = include_str!("style.css");

/// Id of the element that holds the lines.
const TREE_ID: &str = "tree";
/// Id of the element that scrolls.
const SCROLL_ID: &str = "tree-scroll";

/// Everything the tree itself knows. Small handles: copy it freely.
#[derive(Clone, Copy, PartialEq)]
struct TreeState {
    /// Lines whose children are out of sight, by key.
    folded: Signal<BTreeSet<String>>,
    /// Where the keyboard is, by key.
    cursor: Signal<Option<String>>,
    /// Where a title is typed anew, by key.
    editing: Signal<Option<String>>,
    /// Below which line something is typed, and what it will be; `None` for the root.
    adding: Signal<Option<(Option<String>, NodeKind)>>,
    /// What is being dragged.
    drag: Signal<Option<TreeDrag>>,
    /// What is drawn.
    model: Memo<TreeModel>,
}

/// The tree between its tools and its lines.
#[component]
pub fn TreeScreen() -> Element {
    let store = use_store();
    let map = use_map();
    let folded = use_signal(BTreeSet::new);
    let model = use_memo(move || match store.open.read().as_ref() {
        Some(open) => TreeModel::of(open, &map.filter.read(), &folded.read()),
        None => TreeModel::default(),
    });
    let tree = use_context_provider(|| TreeState {
        folded,
        cursor: Signal::new(None),
        editing: Signal::new(None),
        adding: Signal::new(None),
        drag: Signal::new(None),
        model,
    });
    // Everything else is typed where it will stand.
    use_effect(move || {
        if map.adding.read().is_some_and(|it| !matches!(it, Adding::Item { kind: ItemKind::Opportunity, .. }))
        {
            store.look_through(Lens::Map);
        }
    });
    use_effect(move || {
        if let Some(Adding::Item { kind: ItemKind::Opportunity, .. }) = *map.adding.read() {
            let mut adding = tree.adding;
            adding.set(Some((None, NodeKind::Opportunity)));
        }
    });
    use_hook(move || {
        let first = model.peek().nodes.first().map(|it| row::line_id(&it.key()));
        crate::dom::focus_soon(first.unwrap_or_else(|| TREE_ID.to_owned()));
    });
    let model = model.read();
    let has_outcome = model.nodes.first().is_some_and(|it| it.kind == NodeKind::Outcome);
    let is_bare = model.opportunities.0 == 0 && tree.adding.read().is_none();
    let adds_root = matches!(*tree.adding.read(), Some((None, _)));
    rsx! {
        style { dangerous_inner_html: STYLE }
        Tools {}
        div {
            id: SCROLL_ID,
            class: "otree-w scroll",
            onpointermove: move |event| drag::watch(&event, tree),
            onpointerup: move |_| drag::release(tree),
            div { class: "otree",
                if !has_outcome {
                    NoOutcome {}
                }
                div {
                    id: TREE_ID,
                    role: "tree",
                    "aria-label": "Opportunity tree",
                    tabindex: if model.nodes.is_empty() { "0" } else { "-1" },
                    onkeydown: move |event| keys::press(&event, store, tree),
                    for (at , node) in model.nodes.iter().cloned().enumerate() {
                        Line { key: "{node.key()}", is_first: at == 0, node }
                    }
                    if adds_root {
                        New { level: if has_outcome { 2 } else { 1 } }
                    }
                }
                if !model.strays.is_empty() {
                    Strays { count: model.strays.len() }
                }
                if is_bare {
                    Nothing {}
                }
            }
            DragLayer {}
        }
    }
}

/// What is left out, and adding.
#[component]
fn Tools() -> Element {
    let tree = use_context::<TreeState>();
    let (all, left) = tree.model.read().opportunities;
    rsx! {
        div { class: "bar", role: "toolbar", "aria-label": "Tree tools",
            FilterChips {}
            Filtered { left, all }
            span { class: "sp" }
            AddButton { keys: vec!["C", "O"], label: "Add", entries: move |()| menus::add_entries(tree) }
        }
    }
}

/// In place of the root: the number has not been chosen.
#[component]
fn NoOutcome() -> Element {
    let mut store = use_store();
    rsx! {
        button {
            class: "tr-out none",
            r#type: "button",
            id: "choose-outcome",
            "aria-haspopup": "menu",
            onclick: move |event| store.menu.set(Some(Menu::below(&event, "Outcome", outcome_entries(store)))),
            Icon { name: "k-metric" }
            span { "Choose the number that this journey should move" }
            Icon { name: "down", class: "sm" }
        }
    }
}

/// The metrics of the journey, to choose its outcome from.
fn outcome_entries(store: Store) -> Vec<crate::components::Entry> {
    let open = store.open.peek();
    let Some(open) = open.as_ref() else { return Vec::new() };
    let (journey, now) = (open.id, open.board.journey().and_then(|it| it.outcome_metric));
    let choose = move |metric: Option<MetricId>| {
        store.send(Command::set(Change::Journey { id: journey, set: JourneyField::OutcomeMetric(metric) }));
    };
    let metrics = open.board.metrics.values().filter(|it| it.trashed.is_none());
    choices::metrics(metrics, now, choose)
}

/// Solutions that answer nothing are not in the tree; they are said, and found in the table.
#[component]
fn Strays(count: usize) -> Element {
    let store = use_store();
    let words = format::count(count, "solution answers", "solutions answer");
    rsx! {
        p { class: "tr-stray",
            Icon { name: "info", class: "sm" }
            span { "{words} no opportunity yet." }
            Button { label: "Show them in the table", class: "xs ghost", onclick: move |_| store.look_through(Lens::Table) }
        }
    }
}

/// Over a tree without an opportunity: why, and what to do.
#[component]
fn Nothing() -> Element {
    let store = use_store();
    let map = use_map();
    let has_steps = store.open.read().as_ref().is_some_and(|it| !it.board.steps_in_order().is_empty());
    rsx! {
        div { class: "tr-none",
            if map.filter.read().is_on() {
                NothingPasses { text: "There are opportunities that the filter leaves out." }
            } else if !has_steps {
                Empty { icon: "map", title: "No steps yet", text: "Opportunities hang on steps. Add the first thing a customer does, on the map.",
                    Button { label: "Go to the map", class: "pri sm", onclick: move |_| store.look_through(Lens::Map) }
                }
            } else {
                Empty { icon: "k-opp", title: "No opportunities yet", text: "An opportunity is a problem worth solving. Its parts, the ways to solve it, and what those assume grow below it.",
                    Button { label: "Add an opportunity", class: "pri sm", onclick: move |_| begin_adding(store, map, ItemKind::Opportunity) }
                }
            }
        }
    }
}
