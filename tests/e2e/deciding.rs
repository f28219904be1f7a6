//! A decision in the real window: recorded by keyboard, seen on the item and in its history, undone.

use serde_json::json;

use crate::screens::shoot_both;
use crate::window::{CONTROL, DOWN, Display, ENTER, TAB, Window};

#[tokio::test]
async fn a_decision_is_recorded_with_its_reasons_and_stands_on_the_item_and_in_its_history() {
    let display = Display::find();
    let folder = tempfile::tempdir().expect("a folder");
    let window = Window::open(&display, folder.path()).await;
    window.open_sample().await;
    window.value("document.querySelector('.mapv article.k-opp').focus()").await;
    window.press(ENTER).await;
    window.see("#panel #decisions").await;

    // D, what, why; a reason from the menu; Ctrl Enter.
    window.press("d").await;
    window.until("document.activeElement.id === 'decision-what'").await;
    window.press("Text every new crew member").await;
    window.press(TAB).await;
    window.until("document.activeElement.id === 'decision-why'").await;
    window.press("They read texts on site").await;
    window.click("#decision-based-on").await;
    window.see("[role=menuitem]").await;
    window.press(DOWN).await;
    window.press(ENTER).await;
    window.until("document.querySelectorAll('.ef .dec-b .chip.on').length === 1").await;
    window.value("document.querySelector('#decision-why').focus()").await;
    window.press_with(CONTROL, ENTER).await;
    let decided = "document.querySelector('#decisions .dec')?.innerText ?? ''";
    window.until(&format!("{decided}.includes('Text every new crew member')")).await;
    window.until(&format!("{decided}.includes('They read texts on site')")).await;
    window.until(&format!("{decided}.includes('Based on')")).await;
    shoot_both(&window, "decision").await;

    // The item's own history tells it.
    window.until("document.activeElement.id === 'decide'").await;
    window.press_with(CONTROL, "z").await;
    window.until("!document.querySelector('#decisions .dec')").await;
    window.press_with(CONTROL, "y").await;
    window.until(&format!("{decided}.includes('Text every new crew member')")).await;
    assert_eq!(window.value("document.querySelectorAll('.toast.bad').length").await, json!(0));
    window.close().await;
}
