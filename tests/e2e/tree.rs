//! The opportunity tree with the keyboard alone: what grows there is on the map, and what is left out is said.

use fantoccini::actions::{InputSource as _, MOUSE_BUTTON_LEFT, MouseActions, PointerAction};
use serde_json::json;

use crate::window::{ALT, CONTROL, DOWN, Display, ENTER, LEFT, RIGHT, Window};

/// Whether a line of the tree with that title is there, at that level.
fn line(level: u32, title: &str) -> String {
    format!(
        "[...document.querySelectorAll('[role=treeitem][aria-level=\"{level}\"] .tr-n')].some(it => it.innerText === '{title}')"
    )
}

#[tokio::test]
async fn an_opportunity_is_dragged_below_another_and_alt_takes_it_out_again_each_as_one_change() {
    let display = Display::find();
    let folder = tempfile::tempdir().expect("a folder");
    let window = Window::open(&display, folder.path()).await;
    window.open_sample().await;
    window.click(".seg-i[title='Tree (4)']").await;
    window.until("document.activeElement.getAttribute('aria-level') === '1'").await;
    let second = "document.querySelectorAll('[role=treeitem][aria-level=\"2\"]')[1]";
    let dragged = window.value(&format!("{second}.querySelector('.tr-n').innerText")).await;
    let dragged = dragged.as_str().expect("a title").to_owned();
    let places = format!(
        "(() => {{ const a = {second}.getBoundingClientRect(); \
             const b = document.querySelectorAll('[role=treeitem][aria-level=\"2\"]')[0].getBoundingClientRect(); \
             return [a.left + 200, a.top + 10, b.left + 200, b.top + 12] }})()"
    );
    let places = window.value(&places).await;
    let place = |at: usize| places[at].as_f64().expect("a number").round();
    let drag = MouseActions::new("mouse".to_owned())
        .then(PointerAction::MoveTo { duration: None, x: place(0), y: place(1) })
        .then(PointerAction::Down { button: MOUSE_BUTTON_LEFT })
        .then(PointerAction::MoveTo { duration: None, x: place(0) + 6.0, y: place(1) - 6.0 })
        .then(PointerAction::MoveTo { duration: None, x: place(2), y: place(3) - 2.0 })
        .then(PointerAction::MoveTo { duration: None, x: place(2), y: place(3) })
        .then(PointerAction::Up { button: MOUSE_BUTTON_LEFT });
    window.client.perform_actions(drag).await.expect("a drag");
    window.until(&line(3, &dragged)).await;
    window.until(&format!("{AT} === {}", json!(dragged))).await;
    window.press_with(ALT, LEFT).await;
    window.until(&line(2, &dragged)).await;
    window.until(&format!("{AT} === {}", json!(dragged))).await;
    window.press_with(CONTROL, "z").await;
    window.until(&line(3, &dragged)).await;
    window.press_with(CONTROL, "z").await;
    window.until(&line(2, &dragged)).await;
    assert_eq!(window.value("document.querySelectorAll('.toast.bad').length").await, json!(0));
    window.close().await;
}

/// The title of the line that the keyboard is on.
const AT: &str = "document.activeElement.querySelector('.tr-n')?.innerText";

#[tokio::test]
async fn a_solution_and_its_assumption_grow_in_the_tree_and_are_on_the_map() {
    let display = Display::find();
    let folder = tempfile::tempdir().expect("a folder");
    let window = Window::open(&display, folder.path()).await;
    window.open_sample().await;
    window.until("document.querySelectorAll('.mapv .stp[role=columnheader]').length >= 5").await;

    // The outcome is at the root; the first opportunity below it.
    window.click(".seg-i[title='Tree (4)']").await;
    window.until("document.activeElement.getAttribute('aria-level') === '1'").await;
    window.press(DOWN).await;
    window.until("document.activeElement.getAttribute('aria-level') === '2'").await;
    let opportunity = window.value(AT).await;
    let opportunity = opportunity.as_str().expect("a title").to_owned();

    // A solution to it, and what must be true for that.
    window.press("n").await;
    window.until("document.activeElement.ariaLabel === 'New solution'").await;
    window.press("Write pages per trade").await;
    window.press(ENTER).await;
    window.until(&line(3, "Write pages per trade")).await;
    window.until(&format!("{AT} === 'Write pages per trade'")).await;
    window.press("n").await;
    window.until("document.activeElement.ariaLabel === 'New assumption'").await;
    window.press("Owners search by trade").await;
    window.press(ENTER).await;
    window.until(&line(4, "Owners search by trade")).await;
    window.shoot("tree-light").await;

    // Left folds and goes up, right opens and goes down.
    window.until(&format!("{AT} === 'Owners search by trade'")).await;
    window.press(LEFT).await;
    window.until(&format!("{AT} === 'Write pages per trade'")).await;
    window.press(LEFT).await;
    window.until(&format!("!({})", line(4, "Owners search by trade"))).await;
    window.press(LEFT).await;
    window.until(&format!("{AT} === {}", json!(opportunity))).await;
    window.press(RIGHT).await;
    window.until(&format!("{AT} === 'Write pages per trade'")).await;

    // The same entities are on the map; one undo takes the assumption, link and all.
    window.press("1").await;
    window.until("document.querySelector('.mapv').innerText.includes('Write pages per trade')").await;
    window.press("4").await;
    window.see("#tree").await;
    window.press_with(crate::window::CONTROL, "z").await;
    window.until("!document.querySelector('#tree').innerText.includes('Owners search by trade')").await;
    window.until(&line(3, "Write pages per trade")).await;
    window.close().await;
}
