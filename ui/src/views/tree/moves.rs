//! Where a line can go: below which other one, by the pointer, by Alt with arrows, and from the menu; always as one
//! change.

use custory_domain::wording::quoted;
use custory_domain::{Change, Command, EntityRef, OpportunityField};
use dioxus::prelude::*;

use super::TreeState;
use super::model::{Node, NodeKind};
use super::row::line_id;
use crate::dom;
use crate::keys::Way;
use crate::state::Store;

/// Whether a line can go below another one: not below itself, nor to where it is.
pub fn can_go(node: &Node, below: &Node) -> bool {
    let fits = matches!(
        (node.kind, below.kind),
        (NodeKind::Opportunity, NodeKind::Outcome | NodeKind::Opportunity)
            | (NodeKind::Solution, NodeKind::Opportunity)
            | (NodeKind::Assumption, NodeKind::Solution)
    );
    let is_there = above(node) == below.path.as_slice();
    fits && !is_there && !below.path.starts_with(&node.path) && below.id() != node.id()
}

/// The path of the line above a line.
fn above(node: &Node) -> &[EntityRef] {
    &node.path[..node.path.len() - 1]
}

/// The command that puts a line below another one; `None` stands for nothing above it.
pub fn command(node: &Node, below: Option<&Node>, title: &str) -> Option<Command> {
    let id = node.id();
    let label = format!("Move {} {}", id.kind.word(), quoted(title));
    match node.kind {
        NodeKind::Outcome => None,
        NodeKind::Opportunity => {
            let parent = below.filter(|it| it.kind == NodeKind::Opportunity).map(|it| it.id().id.into());
            Some(Command::set(Change::Opportunity {
                id: id.id.into(),
                set: OpportunityField::Parent(parent),
            }))
        }
        NodeKind::Solution | NodeKind::Assumption => {
            let (was, is) = (*above(node).last()?, below?.id());
            let link = |other: EntityRef| match node.kind {
                NodeKind::Solution => (other, id),
                _ => (id, other),
            };
            let ((from, to), (next_from, next_to)) = (link(was), link(is));
            let commands = vec![Command::Unlink { from, to }, Command::Link { from: next_from, to: next_to }];
            Some(Command::Batch { label, commands })
        }
    }
}

/// Where Alt with an arrow takes a line: in below the line above it or out of the one it is in, up and down to the
/// next line that can hold it. The outer answer says whether it can move so at all.
pub fn next(nodes: &[Node], at: usize, way: Way) -> Option<Option<usize>> {
    let node = nodes.get(at)?;
    let holder = nodes.iter().position(|it| it.path.as_slice() == above(node));
    let can = |to: &usize| can_go(node, &nodes[*to]);
    match (way, node.kind) {
        (_, NodeKind::Outcome) => None,
        (Way::Right, NodeKind::Opportunity) => {
            let is_sibling = |to: &usize| above(&nodes[*to]) == above(node) && can(to);
            (0..at).rev().find(is_sibling).map(Some)
        }
        (Way::Left, NodeKind::Opportunity) => {
            let holder = holder.filter(|it| nodes[*it].kind == NodeKind::Opportunity)?;
            Some(nodes.iter().position(|it| it.path.as_slice() == above(&nodes[holder])))
        }
        (Way::Left | Way::Right, _) => None,
        (Way::Up, _) => (0..holder.unwrap_or(at)).rev().find(can).map(Some),
        (Way::Down, _) => (holder.map_or(at, |it| it + 1)..nodes.len()).find(can).map(Some),
    }
}

/// Moves a line below another one, and the keyboard goes along.
pub fn put(store: Store, mut tree: TreeState, node: &Node, below: Option<&Node>) {
    let title = store.open.peek().as_ref().and_then(|it| Some(it.board.item(node.id())?.title.to_owned()));
    let Some(command) = command(node, below, &title.unwrap_or_default()) else { return };
    let path = below.map_or(&[][..], |it| it.path.as_slice()).iter().chain([&node.path[node.path.len() - 1]]);
    let key = path.map(|it| it.id.to_string()).collect::<Vec<_>>().join("-");
    if let Some(below) = below {
        super::menus::fold(tree, &below.key(), false);
    }
    let wish = dom::FocusWish::new();
    dioxus::core::spawn_forever(async move {
        if store.dispatch(command).await {
            let id = line_id(&key);
            tree.cursor.set(Some(key));
            if dom::focus_when_drawn(wish, &id).await == dom::Landing::There {
                dom::reveal(&id);
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use custory_domain::{InsightId, MetricId, OpportunityId, SolutionId};

    use super::*;

    fn outcome() -> EntityRef {
        MetricId::from_parts(1, 1).into()
    }

    fn opportunity(random: u128) -> EntityRef {
        OpportunityId::from_parts(1, random).into()
    }

    fn node(kind: NodeKind, path: Vec<EntityRef>) -> Node {
        Node { path, kind, children: 0, is_open: true, place: (1, 1) }
    }

    /// The outcome, two opportunities of which the second has a part, and a solution with its assumption.
    fn nodes() -> Vec<Node> {
        let solution = SolutionId::from_parts(1, 1).into();
        let assumption = InsightId::from_parts(1, 1).into();
        let (one, two, part) = (opportunity(1), opportunity(2), opportunity(3));
        vec![
            node(NodeKind::Outcome, vec![outcome()]),
            node(NodeKind::Opportunity, vec![outcome(), one]),
            node(NodeKind::Solution, vec![outcome(), one, solution]),
            node(NodeKind::Assumption, vec![outcome(), one, solution, assumption]),
            node(NodeKind::Opportunity, vec![outcome(), two]),
            node(NodeKind::Opportunity, vec![outcome(), two, part]),
        ]
    }

    #[test]
    fn a_line_goes_only_where_it_makes_sense_and_never_below_itself() {
        let nodes = nodes();
        let able = |at: usize| -> Vec<usize> {
            (0..nodes.len()).filter(|to| can_go(&nodes[at], &nodes[*to])).collect()
        };
        assert!(able(0).is_empty(), "the outcome stays");
        assert_eq!(able(1), [4, 5], "not below itself, and it is below the outcome already");
        assert_eq!(able(2), [4, 5], "a solution answers another opportunity");
        assert!(able(3).is_empty(), "there is no other solution");
        assert_eq!(able(4), [1], "not below its own part");
        assert_eq!(able(5), [0, 1]);
    }

    #[test]
    fn alt_with_arrows_goes_in_and_out_and_to_the_next_line_that_can_hold_it() {
        let nodes = nodes();
        for (at, way, to) in [
            (4, Way::Right, Some(Some(1))),
            (1, Way::Right, None),
            (5, Way::Left, Some(Some(0))),
            (1, Way::Left, None),
            (2, Way::Down, Some(Some(4))),
            (2, Way::Up, None),
            (5, Way::Up, Some(Some(1))),
            (0, Way::Down, None),
        ] {
            assert_eq!(next(&nodes, at, way), to, "{at} {way:?}");
        }
        let rootless = [
            node(NodeKind::Opportunity, vec![opportunity(1)]),
            node(NodeKind::Opportunity, vec![opportunity(1), opportunity(2)]),
        ];
        assert_eq!(next(&rootless, 1, Way::Left), Some(None), "out of everything");
    }

    #[test]
    fn a_solution_changes_what_it_answers_in_one_gesture() {
        let nodes = nodes();
        let Some(Command::Batch { commands, .. }) = command(&nodes[2], Some(&nodes[4]), "Text invites")
        else {
            panic!("one gesture")
        };
        let solution = nodes[2].id();
        let expected = [
            Command::Unlink { from: opportunity(1), to: solution },
            Command::Link { from: opportunity(2), to: solution },
        ];
        assert_eq!(commands, expected);
    }
}
