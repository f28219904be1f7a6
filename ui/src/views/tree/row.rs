//! A line of the tree, and the line in which something new is typed.

use custory_domain::wording::metric_value;
use custory_domain::{Change, Command, EntityRef, InsightField, OpportunityField, SolutionField};
use dioxus::prelude::*;

use super::TreeState;
use super::drag;
use super::menus;
use super::model::{Node, NodeKind};
use crate::components::{Avatar, Icon, IconButton, InlineText, KindIcon, Menu};
use crate::host;
use crate::state::{Store, use_store};
use crate::views::map::{face, use_map};
use crate::views::panel::{Below, Beside, words};

/// Pixels by which a level is further in.
const INDENT: usize = 22;

/// The id of a line's element in the page.
pub(super) fn line_id(key: &str) -> String {
    format!("tr-{key}")
}

/// Sets the title of what a line stands for.
fn rename(store: Store, id: EntityRef, kind: NodeKind, title: String) {
    let change = match kind {
        NodeKind::Outcome => return,
        NodeKind::Opportunity => {
            Change::Opportunity { id: id.id.into(), set: OpportunityField::Title(title) }
        }
        NodeKind::Solution => Change::Solution { id: id.id.into(), set: SolutionField::Title(title) },
        NodeKind::Assumption => Change::Insight { id: id.id.into(), set: InsightField::Statement(title) },
    };
    store.send(Command::set(change));
}

/// A line.
#[component]
pub(super) fn Line(node: Node, is_first: bool) -> Element {
    let mut store = use_store();
    let mut tree = use_context::<TreeState>();
    let key = node.key();
    let (id, kind) = (node.id(), node.kind);
    let open = store.open.read();
    let Some(open) = open.as_ref() else { return rsx! {} };
    let Some(face) = face(open, id, host::now()) else { return rsx! {} };
    let present = tree.cursor.read().clone().filter(|it| tree.model.read().position(it).is_some());
    let has_cursor = present.as_ref().map_or(is_first, |it| *it == key);
    let is_editing = tree.editing.read().as_ref() == Some(&key);
    let adds = tree.adding.read().as_ref().is_some_and(|it| it.0.as_ref() == Some(&key));
    let adds_below = matches!(kind, NodeKind::Outcome | NodeKind::Opportunity | NodeKind::Solution);
    let indent = (node.level() - 1) * INDENT;
    let (position, siblings) = node.place;
    let goal = match kind {
        NodeKind::Outcome => open.board.metrics.get(&id.id.into()).and_then(|it| Some((it, it.target?))),
        _ => None,
    };
    let goal = goal.map(|(metric, target)| format!("target {}", metric_value(metric, target)));
    let truth = match kind {
        NodeKind::Assumption => open.board.insights.get(&id.id.into()).map(|it| it.truth),
        _ => None,
    };
    let truth = truth.map(|it| words::word(words::TRUTHS, it));
    let title = face.title.clone();
    let style = match kind {
        NodeKind::Outcome => "tr-l out",
        NodeKind::Opportunity => "tr-l opp",
        NodeKind::Solution => "tr-l sol",
        NodeKind::Assumption => "tr-l asm",
    };
    let element = line_id(&key);
    let is_over = tree.drag.read().as_ref().is_some_and(|it| it.over.as_ref() == Some(&key));
    let state = match (is_over, has_cursor) {
        (true, _) => " over",
        (false, true) => " on",
        (false, false) => "",
    };
    let for_drag = key.clone();
    let (for_click, for_open, for_fold, for_menu, for_add, for_plus) =
        (key.clone(), key.clone(), key.clone(), key.clone(), node.clone(), key.clone());
    let twist = if node.is_open { "down" } else { "right" };
    rsx! {
        div {
            id: "{element}",
            class: "{style}{state}",
            role: "treeitem",
            tabindex: if has_cursor { "0" } else { "-1" },
            "aria-level": "{node.level()}",
            "aria-posinset": "{position}",
            "aria-setsize": "{siblings}",
            "aria-expanded": if node.children > 0 { if node.is_open { "true" } else { "false" } },
            "aria-selected": has_cursor,
            style: "--in:{indent}px",
            onclick: move |_| tree.cursor.set(Some(for_click.clone())),
            onpointerdown: move |event| {
                if kind != NodeKind::Outcome && !is_editing {
                    drag::press(&event, tree, &for_drag);
                }
            },
            ondoubleclick: move |_| {
                tree.cursor.set(Some(for_open.clone()));
                menus::open(store, id);
            },
            oncontextmenu: move |event| {
                event.prevent_default();
                tree.cursor.set(Some(for_menu.clone()));
                let entries = menus::entries(store, tree, &for_menu);
                store.menu.set(Some(Menu::at(&event, "In the tree", entries)));
            },
            button {
                class: "tr-t",
                r#type: "button",
                tabindex: "-1",
                "aria-hidden": if node.children == 0 { "true" },
                "aria-label": if node.is_open { "Fold" } else { "Unfold" },
                disabled: node.children == 0,
                onclick: move |event| {
                    event.stop_propagation();
                    menus::fold(tree, &for_fold, node.is_open);
                },
                if node.children > 0 {
                    Icon { name: twist, class: "sm" }
                }
            }
            KindIcon { kind: face.kind }
            if is_editing {
                InlineText {
                    value: title.clone(),
                    label: "Title",
                    class: "g",
                    editing: true,
                    holder: element.clone(),
                    onsave: move |title| rename(store, id, kind, title),
                    ondone: move |()| tree.editing.set(None),
                }
            } else {
                span { class: "g tr-n", "{title}" }
            }
            if let Some(goal) = goal {
                span { class: "t3", "{goal}" }
            }
            if let Some(truth) = truth {
                span { class: "t3", "{truth}" }
            }
            if kind == NodeKind::Opportunity || kind == NodeKind::Assumption {
                Below { face: face.clone() }
            }
            Beside { face: face.clone() }
            if kind != NodeKind::Outcome {
                Avatar { member: face.owner }
            }
            if adds_below {
                IconButton {
                    icon: "plus",
                    class: "xs tr-add",
                    label: "Add below",
                    opens_menu: true,
                    onclick: move |event: MouseEvent| {
                        event.stop_propagation();
                        let entries = menus::add_below(tree, &for_plus, kind);
                        match entries.as_slice() {
                            [_] => menus::begin(tree, Some(for_plus.clone()), menus::below(kind)[0].1),
                            _ => store.menu.set(Some(Menu::below(&event, "Add below", entries))),
                        }
                    },
                }
            }
        }
        if adds {
            New { level: for_add.level() + 1 }
        }
    }
}

/// Something new that is being typed.
#[component]
pub(super) fn New(level: usize) -> Element {
    let store = use_store();
    let mut map = use_map();
    let mut tree = use_context::<TreeState>();
    let Some((below, kind)) = tree.adding.read().clone() else { return rsx! {} };
    let (name, icon) = match kind {
        NodeKind::Solution => ("solution", custory_domain::ItemKind::Solution),
        NodeKind::Assumption => ("assumption", custory_domain::ItemKind::Insight),
        NodeKind::Outcome | NodeKind::Opportunity => ("opportunity", custory_domain::ItemKind::Opportunity),
    };
    let indent = (level - 1) * INDENT;
    rsx! {
        div { class: "tr-l tr-new", role: "treeitem", "aria-level": "{level}", style: "--in:{indent}px",
            span { class: "tr-t" }
            KindIcon { kind: icon }
            InlineText {
                value: "",
                label: "New {name}",
                class: "g",
                placeholder: "New {name}",
                editing: true,
                holder: below.as_ref().map(|it| line_id(it)),
                onsave: move |title| menus::add(store, map, tree, below.as_deref(), kind, title),
                ondone: move |()| {
                    tree.adding.set(None);
                    map.adding.set(None);
                },
            }
        }
    }
}
