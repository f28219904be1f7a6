//! Selecting several cards on the map, by keyboard and by a frame, and acting on all of them as one change.

use fantoccini::Locator;
use fantoccini::actions::{InputSource as _, MOUSE_BUTTON_LEFT, MouseActions, PointerAction};
use serde_json::json;

use crate::screens::shoot_both;
use crate::window::{CONTROL, DOWN, Display, ENTER, ESCAPE, RIGHT, SHIFT, Window};

/// Cards that are selected; an item that stands on two steps has two.
const PICKED: &str = "document.querySelectorAll('.mapv article.picked').length";
const SAID: &str = "document.querySelector('#bulk b')?.innerText";

#[tokio::test]
async fn cards_selected_by_keyboard_get_an_owner_as_one_change_that_undo_takes_back() {
    let display = Display::find();
    let folder = tempfile::tempdir().expect("a folder");
    let window = Window::open(&display, folder.path()).await;
    window.open_sample().await;
    window.until("document.activeElement.id === 'journey-map'").await;

    // The first insight, and by Shift the one beside it.
    let first = "document.querySelector('.mapv article.k-insight')";
    window.value(&format!("{first}.focus()")).await;
    window.press(" ").await;
    window.until(&format!("{first}.classList.contains('picked')")).await;
    window.until(&format!("{SAID} === '1 selected'")).await;
    window.press_with(SHIFT, RIGHT).await;
    window.press_with(SHIFT, DOWN).await;
    window.until(&format!("{PICKED} >= 2")).await;
    shoot_both(&window, "map-selected").await;
    let count = window.value("document.querySelector('#bulk').ariaLabel").await;
    assert_ne!(count, json!("1 selected"));

    // One owner for all of them, by A; one undo.
    let owned = "document.querySelectorAll('.mapv article.picked .av:not(.av-none)').length";
    let before = window.value(owned).await;
    window.press("a").await;
    window.see("[role=menuitem]").await;
    window.value("[...document.querySelectorAll('[role=menuitem]')].at(0).click()").await;
    window.until(&format!("{owned} === {PICKED}")).await;
    window.press_with(CONTROL, "z").await;
    window.until(&format!("{owned} === {before}")).await;

    // The palette acts on the selection: as Markdown it stands under the step that it is on.
    window.press_with(CONTROL, "k").await;
    window.see("[role=dialog] input").await;
    window.press("> copy as markdown").await;
    window
        .until("/Copy [2-9] .* as Markdown/.test(document.querySelector('[role=option]')?.innerText ?? '')")
        .await;
    window.press(ENTER).await;
    window.until("[...document.querySelectorAll('.toast')].some(it => it.innerText.includes('Copied as Markdown'))").await;
    window.press_with(CONTROL, "k").await;
    window.see("[role=dialog] input").await;
    window.press_with(CONTROL, "v").await;
    window
        .until("/### [0-9]+\\. .*#### .*\\*\\*/.test(document.querySelector('[role=dialog] input').value)")
        .await;
    window.press(ESCAPE).await;
    window.until("!document.querySelector('[role=dialog]')").await;
    window.press_with(CONTROL, "k").await;
    window.see("[role=dialog] input").await;
    window.press("> delete").await;
    window.until("/Delete [2-9] /.test(document.querySelector('[role=option]')?.innerText ?? '')").await;
    let all = "document.querySelectorAll('.mapv article').length";
    let cards = window.value(all).await;
    window.press(ENTER).await;
    window.until(&format!("{all} < {cards}")).await;
    window.until("!document.querySelector('#bulk')").await;
    window.until("document.activeElement.closest('.mapv') !== null").await;
    window.press_with(CONTROL, "z").await;
    window.until(&format!("{all} === {cards}")).await;
    window.close().await;
}

#[tokio::test]
async fn a_frame_over_empty_ground_selects_what_it_touches_and_escape_lets_it_be() {
    let display = Display::find();
    let folder = tempfile::tempdir().expect("a folder");
    let window = Window::open(&display, folder.path()).await;
    window.open_sample().await;
    window.until("document.querySelectorAll('.mapv article.k-insight').length >= 2").await;

    // From the gap beside the first insight across it.
    let box_of = "(() => { const it = document.querySelector('.mapv article.k-insight').getBoundingClientRect(); \
         return [it.left - 4, it.top - 4, it.right, it.bottom - 4] })()";
    let corners = window.value(box_of).await;
    let corner = |at: usize| corners[at].as_f64().expect("a number").round();
    let frame = MouseActions::new("mouse".to_owned())
        .then(PointerAction::MoveTo { duration: None, x: corner(0), y: corner(1) })
        .then(PointerAction::Down { button: MOUSE_BUTTON_LEFT })
        .then(PointerAction::MoveTo { duration: None, x: corner(0) + 30.0, y: corner(1) + 20.0 })
        .then(PointerAction::MoveTo { duration: None, x: corner(2), y: corner(3) })
        .then(PointerAction::Up { button: MOUSE_BUTTON_LEFT });
    window.client.perform_actions(frame).await.expect("a frame is drawn");
    window.until("document.querySelector('.mapv article.k-insight').classList.contains('picked')").await;
    window.until("!document.querySelector('.marq')").await;

    // The table shows the same selection, and Escape lets it be there.
    window.press("2").await;
    window.see("#journey-table").await;
    window.until(&format!("/selected/.test({SAID} ?? '')")).await;
    window.until("document.activeElement.id === 'journey-table'").await;
    window.press(ESCAPE).await;
    window.until("!document.querySelector('#bulk')").await;
    window.press("1").await;
    window.client.wait().for_element(Locator::Css(".mapv .stp")).await.expect("the map");
    assert_eq!(window.value(PICKED).await, json!(0));
    window.close().await;
}

#[tokio::test]
async fn squares_of_the_zoomed_out_map_are_selected_by_keys_and_clicks_as_cards_are() {
    let display = Display::find();
    let folder = tempfile::tempdir().expect("a folder");
    let window = Window::open(&display, folder.path()).await;
    window.open_sample().await;
    window.until("document.activeElement.id === 'journey-map'").await;
    for _ in 0..6 {
        window.press("-").await;
    }
    window.see(".zsq").await;

    // Down from a step's head into its squares; each is named, and the lens has it first.
    window.press(RIGHT).await;
    window.until("document.activeElement.classList.contains('zs')").await;
    window.press(DOWN).await;
    window.until("document.activeElement.classList.contains('zk')").await;
    window.until("document.activeElement.ariaLabel.startsWith('Touchpoint: ')").await;
    window
        .until("document.activeElement.ariaLabel.endsWith(document.querySelector('.lens .l.on')?.innerText.trim())")
        .await;
    window.press(" ").await;
    window.until(&format!("{SAID} === '1 selected'")).await;
    window.press_with(SHIFT, RIGHT).await;
    window.until(&format!("/^[2-9] selected/.test({SAID} ?? '')")).await;
    window.until("document.querySelectorAll('.z-picked').length >= 1").await;
    shoot_both(&window, "map-zoomed-out-selected").await;
    window.press(ESCAPE).await;
    window.until("!document.querySelector('#bulk')").await;

    // A click with Ctrl on the first square of a cell, one with Shift on another; without a key it is opened.
    let click = |cell: usize, held: &str| {
        format!(
            "(() => {{ const cell = document.querySelectorAll('.mapv .zc')[{cell}]; const box = cell.getBoundingClientRect(); \
             cell.dispatchEvent(new MouseEvent('click', {{ bubbles: true, clientX: box.left + 10, clientY: box.top + 14, {held} }})); \
             return true }})()"
        )
    };
    window.value(&click(0, "ctrlKey: true")).await;
    window.until(&format!("{SAID} === '1 selected'")).await;
    window.value(&click(2, "shiftKey: true")).await;
    window.until(&format!("/^[2-9] selected/.test({SAID} ?? '')")).await;
    window.press(ESCAPE).await;
    window.value(&click(0, "")).await;
    window.see("#panel").await;
    window.until("/Touchpoint/.test(document.querySelector('#panel').innerText)").await;
    window.press(ESCAPE).await;
    window.press(ESCAPE).await;
    window.until("!document.querySelector('#panel')").await;

    // Below the lanes: where to look first, and why. A press opens the step.
    window.until("document.querySelectorAll('.zf button').length === 3").await;
    let worst = window.value("document.querySelector('.zf button').innerText").await;
    let worst = worst.as_str().expect("words").to_owned();
    assert!(
        worst.contains("42%") && worst.contains("Invite crew") && worst.contains("627 stop here."),
        "{worst}"
    );
    assert!(worst.contains("Next: Let crew join by QR code on site, score 93"), "{worst}");
    window.value("document.querySelector('.zf button').focus()").await;
    window.press(ENTER).await;
    window.until("document.querySelector('#panel')?.innerText.includes('Invite crew')").await;
    window.close().await;
}
