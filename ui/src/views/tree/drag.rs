//! Dragging a line below another one. Alt with arrows and the menu do the same without a pointer; Esc puts it back.

use dioxus::prelude::*;

use super::model::Node;
use super::row::line_id;
use super::{SCROLL_ID, TreeState, menus, moves};
use crate::dom;
use crate::state::use_store;
use crate::views::map::pull;

/// Pixels that the pointer moves before a press becomes a drag.
const SLACK: f64 = 4.0;

/// A press that may become, or has become, a drag.
#[derive(Clone, Debug, PartialEq)]
pub struct TreeDrag {
    /// The line.
    key: String,
    /// Where it was pressed, and where the pointer is.
    from: (f64, f64),
    at: (f64, f64),
    is_moving: bool,
    /// The line that it would go below.
    pub over: Option<String>,
}

/// The main button went down on a line.
pub fn press(event: &PointerEvent, mut tree: TreeState, key: &str) {
    use dioxus::html::input_data::MouseButton;
    use dioxus::web::WebEventExt as _;
    use wasm_bindgen::JsCast as _;
    if event.trigger_button() != Some(MouseButton::Primary) || event.pointer_type() == "touch" {
        return;
    }
    let target = event.try_as_web_event().and_then(|it| it.target());
    let element = target.and_then(|it| it.dyn_into::<web_sys::Element>().ok());
    let is_inner = element.is_some_and(|it| it.closest("button, textarea, input").ok().flatten().is_some());
    if is_inner {
        return;
    }
    let at = event.client_coordinates();
    let at = (at.x, at.y);
    tree.drag.set(Some(TreeDrag { key: key.to_owned(), from: at, at, is_moving: false, over: None }));
}

/// The pointer moves over the tree.
pub fn watch(event: &PointerEvent, mut tree: TreeState) {
    let Some(drag) = tree.drag.peek().clone().filter(|it| !it.is_moving) else { return };
    if event.held_buttons().is_empty() {
        tree.drag.set(None);
        return;
    }
    let at = event.client_coordinates();
    if (at.x - drag.from.0).hypot(at.y - drag.from.1) > SLACK {
        tree.drag.set(Some(TreeDrag { at: (at.x, at.y), is_moving: true, ..drag }));
        scroll_at_edges(tree);
    }
}

/// The button went up before anything moved.
pub fn release(mut tree: TreeState) {
    if tree.drag.peek().as_ref().is_some_and(|it| !it.is_moving) {
        tree.drag.set(None);
    }
}

/// The line under a place of the page, if the dragged one can go below it.
fn under(tree: TreeState, dragged: &str, y: f64) -> Option<Node> {
    let node = menus::node(tree, dragged)?;
    let model = tree.model.peek();
    let is_here = |it: &&Node| {
        dom::by_id(&line_id(&it.key()))
            .map(|it| it.get_bounding_client_rect())
            .is_some_and(|it| it.top() <= y && y < it.bottom())
    };
    model.nodes.iter().find(is_here).filter(|it| moves::can_go(&node, it)).cloned()
}

/// While something is dragged: the closer to an edge, the faster the tree scrolls.
fn scroll_at_edges(tree: TreeState) {
    dioxus::core::spawn_forever(async move {
        loop {
            let at = tree.drag.peek().as_ref().filter(|it| it.is_moving).map(|it| it.at);
            let (Some(at), Some(element)) = (at, dom::by_id(SCROLL_ID)) else { return };
            let rect = element.get_bounding_client_rect();
            let by = pull(at.1 - rect.top(), rect.bottom() - at.1);
            if by != 0.0 {
                element.set_scroll_top(element.scroll_top() + by as i32);
            }
            dom::next_frame().await;
        }
    });
}

/// What is seen while dragging.
#[component]
pub fn DragLayer() -> Element {
    let store = use_store();
    let mut tree = use_context::<TreeState>();
    let Some(drag) = tree.drag.read().clone().filter(|it| it.is_moving) else { return rsx! {} };
    let node = menus::node(tree, &drag.key);
    let open = store.open.read();
    let title = node.as_ref().and_then(|it| Some(open.as_ref()?.board.item(it.id())?.title.to_owned()));
    let Some((node, title)) = node.zip(title) else { return rsx! {} };
    let (x, y) = drag.at;
    rsx! {
        div {
            class: "drag-l",
            onpointermove: move |event| {
                let at = event.client_coordinates();
                let drag = tree.drag.peek().clone();
                match drag {
                    Some(drag) if !event.held_buttons().is_empty() => {
                        let over = under(tree, &drag.key, at.y).map(|it| it.key());
                        tree.drag.set(Some(TreeDrag { at: (at.x, at.y), over, ..drag }));
                    }
                    _ => tree.drag.set(None),
                }
            },
            onpointercancel: move |_| tree.drag.set(None),
            onpointerup: move |_| {
                let over = tree.drag.peek().as_ref().and_then(|it| it.over.clone());
                tree.drag.set(None);
                if let Some(below) = over.and_then(|it| menus::node(tree, &it)) {
                    moves::put(store, tree, &node, Some(&below));
                }
            },
            div { class: "drag-g", style: "left:{x + 10.0}px;top:{y + 8.0}px;max-width:360px",
                div { class: "card drag", div { class: "card-t", "{title}" } }
            }
        }
    }
}
