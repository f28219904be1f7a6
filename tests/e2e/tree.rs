//! The opportunity tree with the keyboard alone: what grows there is on the map, and what is left out is said.

use serde_json::json;

use crate::window::{DOWN, Display, ENTER, LEFT, RIGHT, Window};

/// Whether a line of the tree with that title is there, at that level.
fn line(level: u32, title: &str) -> String {
    format!(
        "[...document.querySelectorAll('[role=treeitem][aria-level=\"{level}\"] .tr-n')].some(it => it.innerText === '{title}')"
    )
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
