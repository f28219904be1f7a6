//! What a journey is about, in the real window: whose, and what should be.

use serde_json::json;

use crate::window::{Display, ESCAPE, Window};

/// The dialog has come to rest: what still moves cannot be clicked on.
const IS_STILL: &str = "document.querySelector('.scrim').getAnimations({ subtree: true }).length === 0";

#[tokio::test]
async fn a_journey_gets_a_persona_and_a_to_be_of_its_own() {
    let display = Display::find();
    let folder = tempfile::tempdir().expect("a folder");
    let window = Window::open(&display, folder.path()).await;
    window.open_sample().await;
    window.until("document.activeElement.id === 'journey-map'").await;
    let before = window.value("document.querySelector('#about-open').innerText").await;
    window.click("#about-open").await;
    window.see(".about").await;
    window.until(IS_STILL).await;
    window.click("#persona-add").await;
    window.see("[role=menuitem]").await;
    window.value("[...document.querySelectorAll('[role=menuitem]')].find(it => it.innerText.trim() === 'New persona').click()").await;
    window
        .until("[...document.querySelectorAll('.persona')].some(it => it.ariaLabel === 'New persona')")
        .await;
    window.value("[...document.querySelectorAll('.persona')].find(it => it.ariaLabel === 'New persona').querySelector('.persona-h [role=button]').click()").await;
    window.until("document.activeElement.tagName === 'TEXTAREA'").await;
    window.replace_with("Foreman").await;
    window.until("[...document.querySelectorAll('.persona')].some(it => it.ariaLabel === 'Foreman')").await;
    let is_within = "document.querySelector('.dlg').getBoundingClientRect().bottom <= innerHeight";
    assert_eq!(window.value(is_within).await, json!(true), "two personas are longer than the window");
    window.shoot("about").await;
    window.press(ESCAPE).await;
    window.until("!document.querySelector('[role=dialog]')").await;
    window.until("/\\+1/.test(document.querySelector('#about-open').innerText)").await;
    assert!(before.as_str().is_some_and(|it| !it.contains('+')), "{before}");

    // The to-be of it is another journey, and says so.
    window.click("#about-open").await;
    window.see("#make-to-be").await;
    window.until(IS_STILL).await;
    window.click("#make-to-be").await;
    window.see(".tag.to-be").await;
    window.until("document.querySelector('.jt h1').innerText.endsWith('as it should be')").await;
    window.see(".mapv .stp").await;
    assert_eq!(window.value("document.querySelectorAll('.toast.bad').length").await, json!(0));
    window.close().await;
}
