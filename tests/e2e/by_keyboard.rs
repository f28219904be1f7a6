//! A journey made and worked on with the keyboard alone: every edit appears in all three views.

use serde_json::json;

use crate::window::{ALT, CONTROL, DOWN, Display, ENTER, ESCAPE, F2, HOME, RIGHT, TAB, Window};

/// Whether a text is to be read on the screen.
fn shows(text: &str) -> String {
    format!("document.querySelector('main').innerText.includes('{text}')")
}

/// Goes on by Tab until the focus is where the selector says, as somebody without a mouse does.
async fn tab_to(window: &Window, css: &str) {
    for _ in 0..60 {
        let is_there = format!("!!document.activeElement?.closest('{css}')");
        if window.value(&is_there).await == json!(true) {
            return;
        }
        window.press(TAB).await;
    }
    panic!("Tab never comes to {css}")
}

#[tokio::test]
async fn a_journey_is_made_by_keyboard_and_every_edit_is_in_all_three_views() {
    let display = Display::find();
    let folder = tempfile::tempdir().expect("a folder");
    let window = Window::open(&display, folder.path()).await;

    // From the welcome to an empty journey.
    window.see("#begin-blank").await;
    window.until("document.activeElement.id === 'begin-sample'").await;
    window.press(DOWN).await;
    window.press(DOWN).await;
    window.until("document.activeElement.id === 'begin-blank'").await;
    window.press(ENTER).await;
    window.see(".mapv .stg").await;

    // A step in the first stage, then an opportunity on it.
    tab_to(&window, ".mapv").await;
    window.press(RIGHT).await;
    window.until("!!document.activeElement.closest('.stp.bare')").await;
    window.press(ENTER).await;
    window.until("document.activeElement.ariaLabel === 'Title of the new step'").await;
    window.press("Hear about it").await;
    window.press(ENTER).await;
    window.until("document.activeElement.ariaLabel?.includes('Hear about it')").await;
    window.press("c").await;
    window.press("o").await;
    window.until("document.activeElement.ariaLabel === 'New opportunity'").await;
    window.press("How might we be found sooner").await;
    window.press(ENTER).await;
    window.until("document.activeElement.matches('article') && document.activeElement.innerText.includes('be found sooner')").await;

    // The table lists it, and a title changed there is changed.
    window.press("2").await;
    window.see("[role=treegrid]").await;
    window.until(&shows("How might we be found sooner")).await;
    tab_to(&window, "[role=treegrid]").await;
    // The table keeps the focus and says which cell it is in; arrows come from the heads to the first row.
    let in_row = "!!document.getElementById(
            document.querySelector('[role=treegrid]').getAttribute('aria-activedescendant')
        )?.closest('tr')?.innerText.includes('be found sooner')";
    for _ in 0..4 {
        window.settle().await;
        if window.value(in_row).await == json!(true) {
            break;
        }
        window.press(DOWN).await;
    }
    window.until(in_row).await;
    window.press("e").await;
    window
        .until("document.activeElement.tagName === 'INPUT' || document.activeElement.tagName === 'TEXTAREA'")
        .await;
    window.replace_with("How might we be found first").await;
    window.until(&shows("How might we be found first")).await;

    // The priority view gives it a place by Alt and arrows.
    window.press(ESCAPE).await;
    window.press("3").await;
    window.see(".rank").await;
    window.until(&shows("How might we be found first")).await;
    tab_to(&window, ".rk").await;
    window.press_with(ALT, RIGHT).await;
    window
        .until("!!document.querySelector('.rk') && /Effort/.test(document.querySelector('main').innerText)")
        .await;
    window.shoot("priority-by-keyboard").await;

    // The map has both, and one undo takes the place away again.
    window.press("1").await;
    window.see(".mapv .stp").await;
    window.until(&shows("How might we")).await;
    window.until("/Effort \\d/.test(document.querySelector('.mapv').innerText)").await;
    window.press_with(CONTROL, "z").await;
    window.until("!/Effort \\d/.test(document.querySelector('.mapv').innerText)").await;

    // A step is renamed where it stands.
    tab_to(&window, ".mapv").await;
    window.until("!!document.activeElement.closest('.mapv')").await;
    window.press(HOME).await;
    window.until("document.activeElement.classList.contains('stp')").await;
    window.press(F2).await;
    window.replace_with("Find it in a search").await;
    window.until(&shows("Find it in a search")).await;
    window.close().await;
}
