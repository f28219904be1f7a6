//! What a journey is about, in the real window: whose, and what should be.

use std::path::Path;

use custory_domain::{Change, Command, StepField, Via};
use custory_engine::{Engine, Options};
use custory_ipc::{Reply, Request};
use serde_json::json;

use crate::screens::shoot_both;
use crate::window::{Display, ENTER, ESCAPE, F2, Window};

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

    // G C puts both side by side: each step has one column in both, and what differs is marked.
    window.press("g").await;
    window.press("c").await;
    window.see("#compare-banner").await;
    window.until("document.querySelector('#compare-banner').innerText.includes('1 to come')").await;
    window.until("document.querySelector('#compare-banner').innerText.includes('1 to change')").await;
    window.until(&format!("!!{}", head("As it is", "Find Fieldnote"))).await;
    let both = [head("As it is", "Find Fieldnote"), head("As it should be", "Find us where crews are")];
    let left = |head: &str| format!("{head}.getBoundingClientRect().left");
    window.until(&format!("{} === {}", left(&both[0]), left(&both[1]))).await;
    window.until(&format!("!!{}.querySelector('.dbg') && !!{}.querySelector('s')", both[1], both[1])).await;
    window.until(&carded("Be in the trade magazines", ".d-add")).await;
    window.until("document.querySelectorAll('.besv .card.dim').length > 3").await;
    shoot_both(&window, "compare").await;

    // By keyboard: from one difference to the next, and open where it is changed.
    let focused = "document.activeElement.innerText";
    window.press("j").await;
    window.until(&format!("{focused}.includes('Find Fieldnote')")).await;
    window.press("j").await;
    window.until(&format!("{focused}.includes('Find us where crews are')")).await;
    window.press("j").await;
    window.until(&format!("{focused}.includes('Be in the trade magazines')")).await;
    window.press(ENTER).await;
    window.see("#panel").await;
    window.until("document.querySelector('#panel').innerText.includes('Be in the trade magazines')").await;
    window.until("document.querySelectorAll('.besv .card.sel').length === 1").await;

    // Both are live: what somebody else does to the journey as it is, is seen at once.
    let renamed = tokio::task::spawn_blocking({
        let folder = folder.path().to_owned();
        move || rename_first_step(&folder, "Owner onboarding", "Look for a time clock")
    });
    renamed.await.expect("another program changes it");
    window.until(&format!("!!{}", head("As it is", "Look for a time clock"))).await;
    // And so is what is done in the panel: the step that is open has another title on the to-be alone.
    window.press(ESCAPE).await;
    window
        .until("!!document.querySelector('#panel .pn-h') && !document.querySelector('.besv .card.sel')")
        .await;
    window.value("document.querySelector('#panel .pn-t h2 [role=button]').click()").await;
    window.until("document.activeElement.matches('#panel textarea, #panel input')").await;
    window.replace_with("Meet us on site").await;
    window.until(&format!("!!{}", head("As it should be", "Meet us on site"))).await;
    window.until(&format!("!!{}", head("As it is", "Look for a time clock"))).await;
    window.press(ESCAPE).await;
    window.until("!document.querySelector('#panel')").await;

    // Only what differs: one step, and nothing else.
    window.click("#beside-only").await;
    window.until("document.querySelectorAll('.besv .stp[role=columnheader]').length === 2").await;
    window.until("document.querySelectorAll('.besv .card').length === 1").await;
    window.click("#beside-only").await;

    // The filter leaves the same out of both, and says so. How steps feel and how many come through stands in both.
    window
        .until(
            "document.querySelectorAll('.bes-f svg').length === 2 && !!document.querySelector('.bes-f .was')",
        )
        .await;
    window.until("document.querySelector('.mgrid.bes').querySelectorAll('.bes-n b').length > 2").await;
    let cards = "document.querySelectorAll('.besv .card').length";
    let all = window.value(cards).await.as_u64().expect("a number");
    window.click("#filter").await;
    window.choose("Evidence").await;
    window.choose("20 or more").await;
    window
        .until(&format!(
            "{cards} < {all} && document.querySelector('.bar .filtered').innerText.startsWith('Filtered: ')"
        ))
        .await;
    shoot_both(&window, "compare-filtered").await;
    window.click(".fchip-x").await;
    window.until(&format!("{cards} === {all} && !document.querySelector('.bar .filtered')")).await;

    // A step of the journey as it is opens there.
    window.value(&format!("{}.focus()", head("As it is", "Look for a time clock"))).await;
    window.press(ENTER).await;
    window.until(&format!("({SIDE}) === 'As is' && !!document.querySelector('#panel')")).await;
    window.until("document.querySelector('#panel').innerText.includes('Look for a time clock')").await;
    window.press(ESCAPE).await;
    window.until("!document.querySelector('#panel')").await;
    window.press("g").await;
    window.press("c").await;
    window.until(&format!("({SIDE}) === 'To be' && !!document.querySelector('.besv')")).await;

    // On one map: what is the same steps back, and nothing can be changed.
    window.value("[...document.querySelectorAll('#compare-banner .seg-i')].find(it => it.textContent.trim() === 'On one map').click()").await;
    window.until("!document.querySelector('.besv')").await;
    window.until(&carded("Be in the trade magazines", ".d-add")).await;
    window.until("document.querySelectorAll('.mapv .card.dim').length > 3").await;
    window.until(&format!("!!{first}.querySelector('.dbg')")).await;
    shoot_both(&window, "compare-one-map").await;

    // It is there to be looked at; Esc goes on with the work.
    window.value(&format!("{first}.focus()")).await;
    window.press(F2).await;
    window.replace_with("Nothing of this").await;
    window
        .until("[...document.querySelectorAll('.toast')].some(it => it.innerText.includes('look at only'))")
        .await;
    window.press(ESCAPE).await;
    window.until("!document.querySelector('#compare-banner')").await;
    window.until(&format!("{first}.innerText.includes('Meet us on site')")).await;

    // G B goes to the journey as it is, which knows its to-be; from there to what differs at once.
    window.press("g").await;
    window.press("b").await;
    window.until(&format!("({SIDE}) === 'As is' && !!document.querySelector('.mapv .stp')")).await;
    window.until(&format!("{first}.innerText.includes('Look for a time clock')")).await;
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

/// The head of a step in one of the two journeys side by side, by its title.
fn head(side: &str, title: &str) -> String {
    format!(
        "[...document.querySelectorAll('.besv [aria-label=\"{side}\"] .stp[role=columnheader]')].find(it => it.innerText.includes('{title}'))"
    )
}

/// Another program on the same data folder gives the first step of a journey another title.
fn rename_first_step(folder: &Path, journey: &str, title: &str) {
    let engine = Engine::start(Options::system(folder.to_owned())).expect("it opens the same folder");
    let Ok(Reply::Start { start }) = engine.request_blocking(Request::Start) else { panic!("a start") };
    let journey = start.journeys.iter().find(|it| it.title == journey).expect("the journey").id;
    let Ok(Reply::Board { board, .. }) = engine.request_blocking(Request::OpenJourney { journey }) else {
        panic!("a board")
    };
    let id = board.steps_in_order()[0].id;
    let command = Command::set(Change::Step { id, set: StepField::Title(title.to_owned()) });
    engine.request_blocking(Request::Dispatch { journey, command, via: Via::User }).expect("it may");
}
