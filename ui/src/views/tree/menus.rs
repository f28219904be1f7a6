//! What can be done in the tree: everything that its keys do, and more.

use custory_domain::*;
use dioxus::prelude::*;

use super::TreeState;
use super::model::{Node, NodeKind};
use super::moves;
use super::row::line_id;
use crate::components::Entry;
use crate::dom;
use crate::keys::Way;
use crate::state::{Panel, Store};
use crate::views::choices::follow;
use crate::views::map::{MapState, new_item, owner_entries, step_at_hand};

/// What can grow below a line: its name and what it will be.
pub fn below(kind: NodeKind) -> &'static [(&'static str, NodeKind)] {
    match kind {
        NodeKind::Outcome => &[("Opportunity", NodeKind::Opportunity)],
        NodeKind::Opportunity => {
            &[("Solution", NodeKind::Solution), ("Part of this opportunity", NodeKind::Opportunity)]
        }
        NodeKind::Solution => &[("Assumption", NodeKind::Assumption)],
        NodeKind::Assumption => &[],
    }
}

/// Begins to type something below a line, or at the root.
pub fn begin(mut tree: TreeState, key: Option<String>, kind: NodeKind) {
    if let Some(key) = &key {
        fold(tree, key, false);
    }
    tree.adding.set(Some((key, kind)));
}

/// Folds a line, or unfolds it.
pub fn fold(mut tree: TreeState, key: &str, is_folded: bool) {
    if is_folded {
        tree.folded.write().insert(key.to_owned());
    } else if tree.folded.peek().contains(key) {
        tree.folded.write().remove(key);
    }
}

/// Shows what a line stands for in the panel.
pub fn open(mut store: Store, id: EntityRef) {
    let step = store.open.peek().as_ref().and_then(|it| it.first_step_of(id));
    if let Some(step) = step {
        store.panel.set(Some(Panel { step, item: Some(id) }));
    }
}

/// The line at a key.
pub fn node(tree: TreeState, key: &str) -> Option<Node> {
    let model = tree.model.peek();
    model.position(key).map(|at| model.nodes[at].clone())
}

/// Adds what was typed, below its line: on the same step, and tied to it.
pub fn add(
    store: Store,
    map: MapState,
    mut tree: TreeState,
    below: Option<&str>,
    kind: NodeKind,
    title: String,
) {
    let above = below.and_then(|it| node(tree, it));
    let step = {
        let open = store.open.peek();
        let above = above.as_ref().and_then(|it| open.as_ref()?.first_step_of(it.id()));
        above
            .or_else(|| step_at_hand(store, map))
            .or_else(|| Some(open.as_ref()?.board.steps_in_order().first()?.id))
    };
    let Some(step) = step else { return };
    let item = match kind {
        NodeKind::Outcome | NodeKind::Opportunity => ItemKind::Opportunity,
        NodeKind::Solution => ItemKind::Solution,
        NodeKind::Assumption => ItemKind::Insight,
    };
    let mut entity = new_item(item, step, title);
    let id = entity.entity_ref();
    let above = above.filter(|it| it.kind != NodeKind::Outcome);
    let mut commands = Vec::new();
    match (&mut entity, &above) {
        (Entity::Opportunity(it), Some(above)) => it.parent = Some(above.id().id.into()),
        (Entity::Insight(it), _) => it.sort = InsightSort::Question,
        _ => {}
    }
    let label = format!(
        "Add a {} below “{}”",
        id.kind.word(),
        above.as_ref().map_or(String::new(), |it| title_of(store, it.id()))
    );
    commands.push(Command::add(entity));
    match (kind, &above) {
        (NodeKind::Solution, Some(above)) => commands.push(Command::Link { from: above.id(), to: id }),
        (NodeKind::Assumption, Some(above)) => commands.push(Command::Link { from: id, to: above.id() }),
        _ => {}
    }
    let command = if commands.len() == 1 { commands.remove(0) } else { Command::Batch { label, commands } };
    let path: Vec<String> = below.into_iter().map(str::to_owned).chain([id.id.to_string()]).collect();
    let key = path.join("-");
    tree.cursor.set(Some(key.clone()));
    store.send(command);
    dom::focus_soon(line_id(&key));
}

fn title_of(store: Store, id: EntityRef) -> String {
    let open = store.open.peek();
    open.as_ref().and_then(|it| Some(it.board.item(id)?.title.to_owned())).unwrap_or_default()
}

/// What the button of the tools adds.
pub fn add_entries(tree: TreeState) -> Vec<Entry> {
    let root = tree.model.peek().nodes.first().filter(|it| it.kind == NodeKind::Outcome).map(Node::key);
    let at = tree.cursor.peek().clone().and_then(|it| node(tree, &it));
    let mut entries = vec![
        Entry::act("Opportunity", move || begin(tree, root.clone(), NodeKind::Opportunity))
            .icon("k-opp")
            .keys(&["C", "O"]),
    ];
    if let Some(at) = at.filter(|it| it.kind != NodeKind::Outcome) {
        entries.extend(add_below(tree, &at.key(), at.kind));
    }
    entries
}

/// What can grow below a line, as a menu.
pub fn add_below(tree: TreeState, key: &str, kind: NodeKind) -> Vec<Entry> {
    let entry = |(name, what): &(&'static str, NodeKind)| {
        let (key, what) = (key.to_owned(), *what);
        let icon = match what {
            NodeKind::Solution => "k-sol",
            NodeKind::Assumption => "k-insight",
            NodeKind::Outcome | NodeKind::Opportunity => "k-opp",
        };
        Entry::act(*name, move || begin(tree, Some(key.clone()), what)).icon(icon)
    };
    below(kind).iter().map(entry).collect()
}

/// Everything that can be done to a line.
pub fn entries(store: Store, mut tree: TreeState, key: &str) -> Vec<Entry> {
    let Some(node) = node(tree, key) else { return Vec::new() };
    let id = node.id();
    let mut entries = vec![Entry::act("Open", move || open(store, id)).icon("panel").keys(&["enter"])];
    if node.kind == NodeKind::Outcome {
        entries.push(
            Entry::act("Another outcome…", move || follow(store, "Outcome", super::outcome_entries(store)))
                .icon("k-metric"),
        );
        entries.push(Entry::Line);
        entries.extend(add_below(tree, key, node.kind));
        return entries;
    }
    let for_name = key.to_owned();
    entries.push(
        Entry::act("Rename", move || tree.editing.set(Some(for_name.clone()))).icon("pen").keys(&["E"]),
    );
    entries.push(
        Entry::act("Owner…", move || follow(store, "Owner", owner_entries(store, id)))
            .icon("user")
            .keys(&["A"]),
    );
    entries.push(Entry::Line);
    entries.extend(add_below(tree, key, node.kind));
    match node.kind {
        NodeKind::Opportunity => {
            let part = OpportunityId::from(id.id);
            entries.push(
                Entry::act("Make it a part of…", move || follow(store, "A part of", parents(store, part)))
                    .icon("move"),
            );
        }
        NodeKind::Solution | NodeKind::Assumption => {
            if let [.., above, _] = node.path.as_slice() {
                let (from, to, label) = match node.kind {
                    NodeKind::Solution => (*above, id, "Does not answer this"),
                    _ => (id, *above, "Is no assumption of this"),
                };
                let unlink = move || store.send(Command::Unlink { from, to });
                entries.push(Entry::act(label, unlink).icon("x"));
            }
            if node.kind == NodeKind::Solution {
                let solution = id;
                entries.push(
                    Entry::act("Answers another one too…", move || {
                        follow(store, "Answers", answered(store, solution));
                    })
                    .icon("link"),
                );
                entries.push(
                    Entry::act("Assumes an insight…", move || {
                        follow(store, "Assumes", assumable(store, solution))
                    })
                    .icon("k-insight"),
                );
            }
        }
        NodeKind::Outcome => {}
    }
    for (label, way, keys) in [
        ("Move in below the one above", Way::Right, "→"),
        ("Move out one level", Way::Left, "←"),
        ("Move to the one before", Way::Up, "↑"),
        ("Move to the one after", Way::Down, "↓"),
    ] {
        let nodes = tree.model.peek().nodes.clone();
        let Some(at) = nodes.iter().position(|it| it.key() == key) else { continue };
        if let Some(to) = moves::next(&nodes, at, way) {
            let (node, below) = (nodes[at].clone(), to.map(|it| nodes[it].clone()));
            let run = move || moves::put(store, tree, &node, below.as_ref());
            entries.push(Entry::act(label, run).keys(&["alt", keys]));
        }
    }
    entries.push(Entry::Line);
    entries.push(Entry::act("Delete", move || store.trash(vec![id])).icon("trash").keys(&["⌫"]).danger());
    entries
}

/// Opportunities that one can become a part of: neither itself nor its parts.
fn parents(store: Store, part: OpportunityId) -> Vec<Entry> {
    let open = store.open.peek();
    let Some(open) = open.as_ref() else { return Vec::new() };
    let all = &open.board.opportunities;
    let now = all.get(&part).and_then(|it| it.parent);
    let is_below = |id: OpportunityId| {
        let mut at = Some(id);
        let mut steps = 0;
        while let Some(id) = at {
            if id == part || steps > all.len() {
                return true;
            }
            steps += 1;
            at = all.get(&id).and_then(|it| it.parent);
        }
        false
    };
    let set = move |parent| {
        store.send(Command::set(Change::Opportunity { id: part, set: OpportunityField::Parent(parent) }));
    };
    let others = all.values().filter(|it| it.trashed.is_none() && !is_below(it.id));
    let mut entries: Vec<Entry> = others
        .map(|it| {
            let id = it.id;
            Entry::act(it.title.clone(), move || set(Some(id))).icon("k-opp").on(now == Some(id))
        })
        .collect();
    entries.push(Entry::Line);
    entries.push(Entry::act("Nothing: it stands alone", move || set(None)).on(now.is_none()));
    entries
}

/// Opportunities that a solution answers, each to be turned on and off.
fn answered(store: Store, solution: EntityRef) -> Vec<Entry> {
    let open = store.open.peek();
    let Some(open) = open.as_ref() else { return Vec::new() };
    let now =
        open.board.solutions.get(&solution.id.into()).map(|it| it.opportunities.clone()).unwrap_or_default();
    let all = open.board.opportunities.values().filter(|it| it.trashed.is_none());
    all.map(|it| linking(store, it.title.clone(), "k-opp", it.id.into(), solution, now.contains(&it.id)))
        .collect()
}

/// Insights that a solution can assume, each to be turned on and off.
fn assumable(store: Store, solution: EntityRef) -> Vec<Entry> {
    let open = store.open.peek();
    let Some(open) = open.as_ref() else { return Vec::new() };
    let now =
        open.board.solutions.get(&solution.id.into()).map(|it| it.assumptions.clone()).unwrap_or_default();
    let all = open.board.insights.values().filter(|it| it.trashed.is_none());
    all.map(|it| {
        linking(store, it.statement.clone(), "k-insight", it.id.into(), solution, now.contains(&it.id))
    })
    .collect()
}

fn linking(
    store: Store,
    title: String,
    icon: &'static str,
    from: EntityRef,
    to: EntityRef,
    is_on: bool,
) -> Entry {
    let run = move || match is_on {
        true => store.send(Command::Unlink { from, to }),
        false => store.send(Command::Link { from, to }),
    };
    Entry::act(title, run).icon(icon).on(is_on)
}
