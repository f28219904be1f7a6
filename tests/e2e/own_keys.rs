//! Shortcuts of one's own in the real window: pressed, named where they clash, shown, kept, and put back.

use serde_json::json;

use crate::window::{CONTROL, Display, ESCAPE, RIGHT, Window};

/// The keys that the settings show for a shortcut.
fn keys(id: &str) -> String {
    format!(
        "document.querySelector('[data-shortcut={id}]')?.parentElement.querySelector('.kbds')?.innerText.replace(/\\s+/g, ' ') ?? ''"
    )
}

async fn record(window: &Window, id: &str, pressed: &str) {
    window.value(&format!("document.querySelector('[data-shortcut={id}]').click()")).await;
    window.until("document.activeElement.id === 'record-keys'").await;
    window.press(pressed).await;
    window.until("!document.querySelector('#record-keys')").await;
}

#[tokio::test]
async fn a_key_is_chosen_works_is_shown_outlives_a_restart_and_goes_back() {
    let display = Display::find();
    let folder = tempfile::tempdir().expect("a folder");
    let window = Window::open(&display, folder.path()).await;
    window.open_sample().await;
    window.until("document.activeElement.id === 'journey-map'").await;
    window.click(".side .me").await;
    window.see("#set-keys").await;

    // R renames from now on; what else has it is named before it is taken.
    record(&window, "rename", "r").await;
    window.until(&format!("{} === 'R'", keys("rename"))).await;
    record(&window, "rename", "s").await;
    window.until("document.querySelector('.keys-c')?.innerText.includes('Status')").await;
    window.shoot("settings-keys").await;
    window.value("[...document.querySelectorAll('.keys-c button')].at(-1).click()").await;
    window.until(&format!("{} === 'R'", keys("rename"))).await;
    record(&window, "go-table", "gx").await;
    window.until(&format!("{} === 'G X'", keys("go-table"))).await;

    let folder_path = window.kill();
    let window = Window::open(&display, &folder_path).await;
    window.see(".mapv .stp").await;
    window.until("document.activeElement.id === 'journey-map'").await;
    window.press(RIGHT).await;
    window.until("document.activeElement.classList.contains('stp')").await;
    window.press("e").await;
    window.press("r").await;
    window.until("document.activeElement.tagName === 'TEXTAREA'").await;
    window.press(ESCAPE).await;
    window.until("document.activeElement.classList.contains('stp')").await;
    window.press("g").await;
    window.press("x").await;
    window.see("#journey-table").await;
    window.press_with(CONTROL, "k").await;
    window.see("[role=dialog] input").await;
    window.press("> map view").await;
    window.until("/^Map view/.test(document.querySelector('[role=option]')?.innerText ?? '')").await;
    window.press(ESCAPE).await;
    window.press("1").await;
    window.see(".mapv .stp").await;
    window.press("?").await;
    window.until("[...document.querySelectorAll('.keys-l')].some(it => /Rename in place\\s*R$/.test(it.innerText.trim()))").await;
    window.press(ESCAPE).await;

    window.click(".side .me").await;
    window.click("#keys-reset").await;
    window.until(&format!("{} === 'E'", keys("rename"))).await;
    assert_eq!(window.value("!!document.querySelector('#keys-reset')").await, json!(false));
    window.close().await;
}
