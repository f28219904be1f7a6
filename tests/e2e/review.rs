//! The weekly review of the sample with the keyboard alone: its lists, still true, notes and decisions, finished, undone,
//! and the last review after a restart.

use serde_json::json;

use crate::screens::shoot_both;
use crate::window::{CONTROL, DOWN, Display, ENTER, ESCAPE, Window};

/// The list that the keyboard is in, and the title of the line that it is on.
const AT: &str = "`${document.activeElement.closest('section')?.id}: ${document.activeElement.querySelector('.rvw-v')?.innerText}`";
/// Since when the review looks.
const SINCE: &str = "document.querySelector('#review-since').innerText";
/// The second key of undo and redo, held.
const SHIFT: &str = "\u{e008}";

/// Opens the review by its keys.
async fn open(window: &Window) {
    window.press("g").await;
    window.press("r").await;
    window.see("#review-changed").await;
    window.until("document.activeElement.id === 'review'").await;
}

/// Whether a list says that it holds so much.
fn holds(list: &str, count: usize) -> String {
    format!("document.querySelector('#review-{list}-count')?.innerText === '{count}'")
}

/// The titles of a list's lines.
async fn titles(window: &Window, list: &str) -> Vec<String> {
    let lines = format!("[...document.querySelectorAll('#review-{list} .rvw-v')].map(it => it.innerText)");
    serde_json::from_value(window.value(&lines).await).expect("titles")
}

#[tokio::test]
async fn a_review_is_walked_through_written_finished_and_the_last_one_after_a_restart() {
    let display = Display::find();
    let folder = tempfile::tempdir().expect("a folder");
    let window = Window::open(&display, folder.path()).await;
    window.open_sample().await;
    window.until("document.querySelectorAll('.mapv .stp[role=columnheader]').length >= 8").await;

    // The five lists of the sample. Nobody has reviewed it, so everything in it is new.
    open(&window).await;
    window.until(&format!("{SINCE}.startsWith('The last 7 days')")).await;
    for (list, count) in [("changed", 133), ("stale", 2), ("evidence", 304), ("first", 5), ("open", 3)] {
        window.until(&holds(list, count)).await;
    }
    assert_eq!(titles(&window, "stale").await, ["Invite crew", "Approve first timesheet"]);
    assert_eq!(titles(&window, "first").await[0], "Use trade words on landing pages");
    let verdicts = ["Three-field sign-up", "Location prompt at the gate", "Text-message invites"];
    assert_eq!(titles(&window, "open").await, verdicts);
    shoot_both(&window, "weekly-review").await;

    // Down and up through the lines; Enter opens beside the lists, Escape goes back.
    window.press("j").await;
    window.until(&format!("{AT} === 'review-changed: Owner onboarding'")).await;
    for _ in 0..7 {
        window.press(DOWN).await;
        window.settle().await;
    }
    window.until(&format!("{AT} === 'review-changed: Find Fieldnote'")).await;
    window.press("j").await;
    window.press("k").await;
    window.until(&format!("{AT} === 'review-changed: Find Fieldnote'")).await;
    window.press(ENTER).await;
    window.see("#panel").await;
    window.shoot("weekly-review-panel").await;
    window.press(ESCAPE).await;
    window.until("!document.querySelector('#panel')").await;
    window.until(&format!("{AT} === 'review-changed: Find Fieldnote'")).await;

    // Only what one kind of thing, or one way of changing, brought.
    window.click("#review-who").await;
    window.until("[...document.querySelectorAll('[role=menuitem]')].some(it => it.innerText.includes('Drafts and imports'))").await;
    window
        .value("[...document.querySelectorAll('[role=menuitem]')].find(it => it.innerText.includes('Drafts and imports')).click()")
        .await;
    window.until(&holds("changed", 132)).await;
    window.click("#review-who").await;
    window.until("document.querySelectorAll('[role=menuitem]').length > 1").await;
    window.value("document.querySelector('[role=menuitem]').click()").await;
    window.until(&holds("changed", 133)).await;

    // Still true: the step leaves the list, now and when the engine has been asked.
    window.value("document.querySelector('#review-stale .rvw-b').focus()").await;
    window.until(&format!("{AT} === 'review-stale: Invite crew'")).await;
    window.press("t").await;
    window.until(&holds("stale", 1)).await;
    window.until(&format!("{AT} === 'review-stale: Approve first timesheet'")).await;
    window.press("]").await;
    window.until("document.activeElement.closest('section')?.id === 'review-evidence'").await;
    window.shoot("weekly-review-middle").await;
    window.press("]").await;
    window.press("]").await;
    window.until("document.activeElement.closest('section')?.id === 'review-open'").await;
    window.shoot("weekly-review-lower").await;

    // A decision and a note.
    window.press("d").await;
    window.until("document.activeElement.id === 'review-decision'").await;
    window.press("Text every new crew member").await;
    window.press(ENTER).await;
    window
        .until("document.querySelector('#review-decisions li')?.innerText.includes('Text every new crew')")
        .await;
    window.press(ESCAPE).await;
    window.until("document.activeElement.id === 'review'").await;
    window.press("n").await;
    window.until("document.activeElement.matches('#review-notes textarea')").await;
    window.press("Invites are the leak").await;
    window.press_with(CONTROL, ENTER).await;
    window.until("document.querySelector('#review-notes').innerText.includes('Invites are the leak')").await;
    window.until("document.activeElement.id === 'review'").await;
    shoot_both(&window, "weekly-review-written").await;

    // Finished, it is the last one; one undo opens it again with what was written.
    window.press_with(CONTROL, ENTER).await;
    window.until(&format!("{SINCE}.startsWith('Since the last review')")).await;
    window.until(&holds("changed", 0)).await;
    window.until("document.querySelector('#review-changed').innerText.includes('Nothing changed since the last review')").await;
    window.until(&holds("stale", 1)).await;
    window.until("!document.querySelector('#review-decisions li')").await;
    shoot_both(&window, "weekly-review-finished").await;
    window.press_with(CONTROL, "z").await;
    window.until(&format!("{SINCE}.startsWith('The last 7 days')")).await;
    window
        .until("document.querySelector('#review-decisions li')?.innerText.includes('Text every new crew')")
        .await;
    window.until(&holds("changed", 133)).await;
    window.press_with(&format!("{CONTROL}{SHIFT}"), "z").await;
    window.until(&format!("{SINCE}.startsWith('Since the last review')")).await;
    window.press(ESCAPE).await;
    window.until("!document.querySelector('#review')").await;
    assert_eq!(window.value("document.querySelectorAll('.toast.bad-t').length").await, json!(0));
    window.close().await;

    // After a restart it is the last one still, and can be read.
    let window = Window::open(&display, folder.path()).await;
    window.until("document.querySelectorAll('.mapv .stp[role=columnheader]').length >= 8").await;
    open(&window).await;
    window.until(&format!("{SINCE}.startsWith('Since the last review')")).await;
    window.until(&holds("changed", 0)).await;
    window.click("#review-earlier").await;
    window.until("document.querySelector('[role=menuitem]')?.innerText.includes('finished by')").await;
    window.value("document.querySelector('[role=menuitem]').click()").await;
    window.until("document.querySelector('#review-notes')?.innerText.includes('Invites are the leak')").await;
    window
        .until("document.querySelector('#review-decisions').innerText.includes('Text every new crew member')")
        .await;
    window
        .until("document.querySelector('#review').innerText.includes('New journey: Owner onboarding')")
        .await;
    window.until("document.activeElement.id === 'review'").await;
    window.shoot("weekly-review-earlier").await;
    window.press(ESCAPE).await;
    window.see("#review-changed").await;
    assert_eq!(window.value("document.querySelectorAll('.toast.bad-t').length").await, json!(0));
    window.close().await;
}
