//! The weekly review of the sample with the keyboard alone: its lists, still true, notes and decisions, finished, undone,
//! and the last review after a restart.

use serde_json::json;

use crate::screens::shoot_both;
use crate::window::{CONTROL, DOWN, Display, ENTER, ESCAPE, Window};

/// The title of the line that the keyboard is on, with the list that it is in.
const AT: &str = "`${document.activeElement.closest('section')?.id}: ${document.activeElement.querySelector('.rvw-v')?.innerText}`";

/// Opens the review by its keys.
async fn open(window: &Window) {
    window.press("g").await;
    window.press("r").await;
    window.see("#review-changed").await;
    window.until("document.activeElement.id === 'review'").await;
}

/// How much a list says it holds.
fn count(list: &str) -> String {
    format!("document.querySelector('#review-{list}-count')?.innerText")
}

#[tokio::test]
async fn a_review_is_walked_through_written_finished_and_the_last_one_after_a_restart() {
    let display = Display::find();
    let folder = tempfile::tempdir().expect("a folder");
    let window = Window::open(&display, folder.path()).await;
    window.click("#begin-sample").await;
    window.until("document.querySelectorAll('.mapv .stp[role=columnheader]').length >= 8").await;

    open(&window).await;
    window.until("document.querySelector('#review-since').innerText.startsWith('The last 7 days')").await;
    shoot_both(&window, "weekly-review").await;
    println!(
        "{}",
        window.value("document.querySelector('#review').innerText").await.as_str().unwrap_or_default()
    );
    println!("{}", window.value(AT).await);
    for list in ["changed", "stale", "evidence", "first", "open"] {
        println!("{list}: {}", window.value(&count(list)).await);
    }
    window.press("j").await;
    window.settle().await;
    println!("{}", window.value(AT).await);
    window.press(DOWN).await;
    window.settle().await;
    println!("{}", window.value(AT).await);
    window.press(ENTER).await;
    window.see("#panel").await;
    window.shoot("weekly-review-panel").await;
    window.press(ESCAPE).await;
    window.until("!document.querySelector('#panel')").await;
    window.value("document.querySelector('#review-evidence').scrollIntoView()").await;
    window.shoot("weekly-review-lower").await;
    window.value("document.querySelector('#review-open').scrollIntoView()").await;
    window.shoot("weekly-review-lowest").await;
    assert_eq!(json!(1), json!(2));
    window.close().await;
}
