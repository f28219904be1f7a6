//! The tree by keyboard, as trees are
//! ([ARIA tree pattern](https://www.w3.org/WAI/ARIA/apg/patterns/treeview/)).

use dioxus::prelude::*;

use super::TreeState;
use super::menus;
use super::moves;
use super::row::line_id;
use crate::components::Menu;
use crate::dom;
use crate::keys::Way;
use crate::state::Store;
use crate::views::map::owner_entries;

/// Does what a key means on the line that has the focus.
pub fn press(event: &KeyboardEvent, mut store: Store, mut tree: TreeState) {
    if tree.editing.peek().is_some() || tree.adding.peek().is_some() {
        return;
    }
    let model = tree.model.peek();
    let nodes = &model.nodes;
    let at = tree.cursor.peek().as_deref().and_then(|it| model.position(it)).unwrap_or(0);
    let Some(node) = nodes.get(at).cloned() else { return };
    if event.key() == Key::Escape && tree.drag.peek().is_some() {
        tree.drag.set(None);
        return claim(event);
    }
    if let Some(way) = Way::of(&event.key()).filter(|_| event.modifiers().alt()) {
        if let Some(to) = moves::next(nodes, at, way) {
            moves::put(store, tree, &node, to.map(|it| &nodes[it]));
        }
        return claim(event);
    }
    let parent = || nodes[..at].iter().rposition(|it| it.level() < node.level());
    let to = match event.key() {
        Key::ArrowDown => Some(at + 1),
        Key::ArrowUp => at.checked_sub(1),
        Key::Home => Some(0),
        Key::End => Some(nodes.len() - 1),
        Key::ArrowRight if node.is_open => Some(at + 1),
        Key::ArrowLeft if !node.is_open => parent(),
        Key::ArrowRight | Key::ArrowLeft => None,
        _ => Some(usize::MAX),
    };
    let key = node.key();
    match to {
        Some(usize::MAX) => {}
        Some(to) => {
            if let Some(next) = nodes.get(to) {
                let key = next.key();
                tree.cursor.set(Some(key.clone()));
                dom::focus_soon(line_id(&key));
            }
            return claim(event);
        }
        None => {
            let is_arrow_left = event.key() == Key::ArrowLeft;
            if node.children > 0 {
                menus::fold(tree, &key, is_arrow_left);
            }
            return claim(event);
        }
    }
    let has_command = event.modifiers().intersects(Modifiers::CONTROL | Modifiers::META | Modifiers::ALT);
    match event.key() {
        Key::Enter => menus::open(store, node.id()),
        Key::F2 => tree.editing.set(Some(key)),
        Key::Delete | Key::Backspace if node.kind != super::NodeKind::Outcome => store.trash(vec![node.id()]),
        Key::Character(letter) if !has_command => match letter.as_str() {
            "e" | "E" => tree.editing.set(Some(key)),
            "n" | "N" => {
                if let Some((_, kind)) = menus::below(node.kind).first() {
                    menus::begin(tree, Some(key), *kind);
                }
            }
            "a" | "A" => {
                let menu = Menu::below_id(&line_id(&key), "Owner", owner_entries(store, node.id()));
                store.menu.set(Some(menu));
            }
            _ => return,
        },
        Key::ContextMenu => {
            let menu = Menu::below_id(&line_id(&key), "In the tree", menus::entries(store, tree, &key));
            store.menu.set(Some(menu));
        }
        _ => return,
    }
    claim(event);
}

fn claim(event: &KeyboardEvent) {
    event.prevent_default();
    event.stop_propagation();
}
