//! Branches and nested journeys in the real window: drawn on the map, worked by keyboard, undone, and a way back up.

use serde_json::json;

use crate::screens::shoot_both;
use crate::window::{BACKSPACE, CONTROL, Display, ENTER, ESCAPE, SHIFT, Window};

/// Whether a branch on the map has words of which that is true.
fn labelled(says: &str) -> String {
    format!("[...document.querySelectorAll('.br-l')].some(it => it.innerText{says})")
}

#[tokio::test]
async fn a_step_branches_with_a_label_and_a_share_and_leads_into_a_journey_of_its_own() {
    let display = Display::find();
    let folder = tempfile::tempdir().expect("a folder");
    let window = Window::open(&display, folder.path()).await;
    window.open_sample().await;
    window.until("document.activeElement.id === 'journey-map'").await;
    // The sample has one branch already.
    assert_eq!(window.value("document.querySelectorAll('.br').length").await, json!(1));

    // From the third step to the sixth, from the panel, with who and how many.
    let third = "document.querySelectorAll('.mapv .stp[role=columnheader]')[2]";
    window.value(&format!("{third}.focus()")).await;
    window.press(ENTER).await;
    window.click("#branch-add").await;
    window.choose("6 ").await;
    window.until("document.querySelectorAll('.br').length === 2").await;
    window.value("document.querySelector('#ways [aria-label^=\"Who goes there\"]').click()").await;
    window.until("document.activeElement.tagName === 'TEXTAREA'").await;
    window.replace_with("If a crew invited them").await;
    window.value("document.querySelector('#ways [aria-label^=\"Share that goes there\"]').click()").await;
    window.until("document.activeElement.tagName === 'TEXTAREA'").await;
    window.replace_with("30").await;
    window.until(&labelled("=== '30% · If a crew invited them'")).await;
    shoot_both(&window, "map-branch").await;

    // The table says it too, the undo takes the share back and then the label.
    window.value("document.querySelector('.mapv').focus()").await;
    window.press_with(CONTROL, "z").await;
    window.until(&labelled("=== 'If a crew invited them'")).await;
    window.press_with(CONTROL, "y").await;
    window.until(&labelled(".startsWith('30%')")).await;

    // Where it ends, the panel says from where some come; that leads back to where it begins.
    let sixth = "[...document.querySelectorAll('.mapv .stp[role=columnheader]')].find(it => it.ariaLabel.startsWith('Step 6,'))";
    window.value(&format!("{sixth}.click()")).await;
    window.until("document.querySelector('#arriving')?.innerText.includes('If a crew invited them')").await;
    window.value("document.querySelector('#arriving .lk').click()").await;
    window.until("document.querySelector('#ways')?.innerText.includes('If a crew invited them')").await;

    // The step gets a journey of its own; Shift with Backspace leads back up, Shift with Enter down again.
    window.click("#detail").await;
    window.choose("New journey for this step").await;
    window.see("#journey-up").await;
    window
        .until("document.activeElement.id === 'journey-map' || document.activeElement.closest('.mapv')")
        .await;
    let up = window.value("document.querySelector('#journey-up').title").await;
    assert!(up.as_str().is_some_and(|it| it.starts_with("Part of “")), "{up}");
    window.click("#journey-up").await;
    window
        .until("!document.querySelector('#journey-up') && document.querySelectorAll('.br').length === 2")
        .await;
    window.see(".stp .deep").await;
    window.value(&format!("{third}.focus()")).await;
    window.press_with(SHIFT, ENTER).await;
    window.see("#journey-up").await;
    window.until("document.activeElement.id === 'journey-map'").await;
    window.press("?").await;
    window.see("[role=dialog]").await;
    window.press(ESCAPE).await;
    window.until("!document.querySelector('[role=dialog]')").await;
    window.press_with(CONTROL, "k").await;
    window.see("[role=dialog] input").await;
    window.press("> up to").await;
    window.until("/^Up to/.test(document.querySelector('[role=option]')?.innerText ?? '')").await;
    window.press(ENTER).await;
    window
        .until("!document.querySelector('#journey-up') && document.querySelectorAll('.br').length === 2")
        .await;
    window.press_with(SHIFT, BACKSPACE).await;
    assert_eq!(window.value("document.querySelectorAll('.toast.bad').length").await, json!(0));
    window.close().await;
}
