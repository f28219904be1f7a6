//! A journey's folder from the window: written, and a deleted journey brought back from it as the same one.

use serde_json::json;

use crate::browser::Browser;
use crate::screens::shoot_both;
use crate::window::{CONTROL, ENTER, Window};

async fn run(window: &Window, words: &str) {
    window.press_with(CONTROL, "k").await;
    window.see("[role=dialog] input").await;
    window.press(&format!("> {words}")).await;
    window.until("document.querySelectorAll('[role=option]').length >= 1").await;
    window.press(ENTER).await;
}

#[tokio::test]
async fn a_deleted_journey_comes_back_from_the_folder_that_the_window_wrote() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = tempfile::tempdir().expect("a folder");
    let browser = Browser::open(folder.path(), (1440, 900)).await;
    let window = &browser.window;
    window.open_sample().await;
    run(window, "export this journey").await;
    window
        .until("[...document.querySelectorAll('.opts button')].some(it => it.innerText.startsWith('Folder'))")
        .await;
    let folder_way =
        "[...document.querySelectorAll('.opts button')].find(it => it.innerText.startsWith('Folder'))";
    // The question for the path holds the page: it is asked once this script is over.
    window.value(&format!("setTimeout(() => {folder_way}.click(), 50)")).await;
    window.answer(&out.path().to_string_lossy()).await;
    window.until("/Saved [0-9,]+ files/.test(document.querySelector('.toast')?.innerText ?? '')").await;
    assert!(out.path().join("journey.json").exists() && out.path().join("journey.md").exists());

    // Deleted for good, and back under its own ids.
    let journey = std::fs::read_to_string(out.path().join("journey.json")).expect("a journey");
    window.click(".jt").await;
    let delete =
        "[...document.querySelectorAll('[role=menuitem]')].find(it => /^Delete/.test(it.innerText.trim()))";
    window.until(&format!("!!{delete}")).await;
    window.value(&format!("{delete}.click()")).await;
    window.until("!!document.querySelector('.dlg .btn.danger')").await;
    window.click(".dlg .btn.danger").await;
    window.until("!document.querySelector('.mapv[aria-label=\"Journey map\"] .stp') || !!document.querySelector('#begin-sample')").await;
    window.press_with(CONTROL, "k").await;
    window.see("[role=dialog] input").await;
    window.press("> bring a journey back").await;
    window.until("document.querySelectorAll('[role=option]').length >= 1").await;
    window.value("setTimeout(() => document.querySelector('[role=option]').click(), 50)").await;
    window.answer(&out.path().to_string_lossy()).await;
    window.see("#import-way").await;
    window.until("document.querySelector('#import-make')?.innerText.startsWith('Bring it back')").await;
    shoot_both(window, "import-back").await;
    window.click("#import-make").await;
    window.see("#assistant-open").await;
    window.see(".mapv .stp").await;
    assert_eq!(window.value("document.querySelectorAll('.toast.bad').length").await, json!(0));
    run(window, "export this journey").await;
    window.until(&format!("!!{folder_way}")).await;
    window.value(&format!("setTimeout(() => {folder_way}.click(), 50)")).await;
    window.answer(&out.path().to_string_lossy()).await;
    window.until("/Saved [0-9,]+ files/.test(document.querySelector('.toast')?.innerText ?? '')").await;
    let id = |text: &str| {
        let head: serde_json::Value = serde_json::from_str(text).expect("JSON");
        head["journey"]["id"].clone()
    };
    let again = std::fs::read_to_string(out.path().join("journey.json")).expect("a journey");
    assert_eq!(id(&again), id(&journey), "the same journey");
    browser.close().await;
}
