//! What a journey is about, in the real window: whose, and what should be.

use serde_json::json;

use crate::screens::shoot_both;
use crate::window::{Display, ESCAPE, F2, Window};

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

    // The to-be of it is another journey, tied to this one.
    window.click("#about-open").await;
    window.see("#make-to-be").await;
    window.until(IS_STILL).await;
    window.click("#make-to-be").await;
    window.see("#sides").await;
    window.until("document.querySelector('.jt h1').innerText.endsWith('as it should be')").await;
    window.see(".mapv .stp").await;
    assert_eq!(window.value(SIDE).await, json!("To be"));

    // Something is to be otherwise, and something new is to come.
    let first = "document.querySelector('.mapv .stp[role=columnheader]')";
    window.value(&format!("{first}.focus()")).await;
    window.press(F2).await;
    window.replace_with("Find us where crews are").await;
    window.until(&format!("{first}.innerText.includes('Find us where crews are')")).await;
    window.press("c").await;
    window.press("o").await;
    window.until("document.activeElement.tagName === 'TEXTAREA'").await;
    window.replace_with("Be in the trade magazines").await;
    window.until(&carded("Be in the trade magazines", "")).await;

    // G C puts the journey as it is beside it: what differs is marked, what is the same steps back.
    window.press("g").await;
    window.press("c").await;
    window.see("#compare-banner").await;
    window.until("document.querySelector('#compare-banner').innerText.includes('1 to come')").await;
    window.until("document.querySelector('#compare-banner').innerText.includes('1 to change')").await;
    window.until(&carded("Be in the trade magazines", ".d-add")).await;
    window.until("document.querySelectorAll('.mapv .card.dim').length > 3").await;
    window.until(&format!("!!{first}.querySelector('.dbg')")).await;
    shoot_both(&window, "compare").await;

    // As it is: the title from there, and nothing of what is to come.
    window.value("[...document.querySelectorAll('#compare-banner .seg-i')].find(it => it.textContent.trim() === 'As it is').click()").await;
    window.until(&format!("!{first}.innerText.includes('Find us where crews are')")).await;
    window.until(&format!("!({})", carded("Be in the trade magazines", ""))).await;

    // It is there to be looked at; Esc goes on with the work.
    window.value(&format!("{first}.focus()")).await;
    window.press(F2).await;
    window.replace_with("Nothing of this").await;
    window
        .until("[...document.querySelectorAll('.toast')].some(it => it.innerText.includes('look at only'))")
        .await;
    window.press(ESCAPE).await;
    window.until("!document.querySelector('#compare-banner')").await;
    window.until(&format!("{first}.innerText.includes('Find us where crews are')")).await;

    // G B goes to the journey as it is, which knows its to-be; from there to what differs at once.
    window.press("g").await;
    window.press("b").await;
    window.until(&format!("({SIDE}) === 'As is' && !!document.querySelector('.mapv .stp')")).await;
    window.until(&format!("!{first}.innerText.includes('Find us where crews are')")).await;
    window.press("g").await;
    window.press("c").await;
    window.until(&format!("({SIDE}) === 'To be' && !!document.querySelector('#compare-banner')")).await;
    window.click("#compare-done").await;
    window.until("!document.querySelector('#compare-banner')").await;
    assert_eq!(window.value("document.querySelectorAll('.toast.bad').length").await, json!(0));
    window.close().await;
}

/// Which of the two sides is shown.
const SIDE: &str = "document.querySelector('#sides [aria-current]')?.innerText.trim()";

/// Whether a card with that title, and of those classes, is on the map.
fn carded(title: &str, classes: &str) -> String {
    format!(
        "[...document.querySelectorAll('.mapv .card{classes}')].some(it => it.innerText.includes('{title}'))"
    )
}
