//! The first minutes with the product: a folder becomes a draft, the draft a journey, and what is
//! written on the map is there again after the program was killed.

use std::path::{Path, PathBuf};

use serde_json::json;

use crate::window::{Display, ESCAPE, F2, Window};

/// A small product's repository, as it lies beside the drafter's own tests.
fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("crates/drafting/tests/it/fixtures/repository")
}

/// Steps on the map, those beyond the window's edge included.
const STEPS: &str = "Number(document.querySelector('.mapv')?.ariaColCount ?? 0)";

/// Steps that the review shows.
const DRAFTED: &str =
    "document.querySelector('[aria-label=\"Steps of the draft\"]').getAttribute('aria-rowcount')";

#[tokio::test]
async fn a_folder_becomes_a_journey_that_outlives_a_kill() {
    let display = Display::find();
    let folder = tempfile::tempdir().expect("a folder");
    let window = Window::open(&display, folder.path()).await;

    // Welcome, sources, reading.
    window.click("#begin-product").await;
    window.click("[aria-label='Read: Repository or folder']").await;
    let repository = repository().to_string_lossy().into_owned();
    window.see("#src-folder").await.send_keys(&repository).await.expect("a field");
    assert_eq!(
        window.value("document.querySelector('#src-folder').value").await,
        json!(repository),
        "what is typed at once stays where it is typed"
    );
    window.click("#read-and-draft").await;

    // Review: each row says where it was found, and the words are marked in the source.
    window.see("#accept").await;
    window.until("document.querySelectorAll('mark').length > 0").await;
    window.shoot("review-light").await;
    let drafted = window.value(DRAFTED).await;
    window.press("a").await;
    window.press("x").await;
    window.until("/1 kept/.test(document.querySelector('.rv-c').innerText)").await;
    assert_eq!(window.value(STEPS).await, json!(0), "nothing is on a map before it is accepted");
    window.click("#accept").await;

    // The map has what was kept: all steps but the one that was left out.
    window.see(".mapv .stp").await;
    let drafted = drafted.as_str().and_then(|it| it.parse::<u64>().ok()).expect("a number of steps");
    let kept = drafted - 1;
    window.until(&format!("{STEPS} === {kept}")).await;
    window.shoot("map-from-draft").await;

    // One edit, seen on the map and nowhere else asked to be saved; then the power goes.
    window.click(".mapv .stp[role=columnheader]").await;
    window.press(ESCAPE).await;
    window.press(F2).await;
    window.replace_with("Hear about Rota from a colleague").await;
    window.until("!!document.querySelector('[aria-label*=\"Hear about Rota from a colleague\"]')").await;
    let folder_path = window.kill();

    let window = Window::open(&display, &folder_path).await;
    window.until("!!document.querySelector('[aria-label*=\"Hear about Rota from a colleague\"]')").await;
    window.until(&format!("{STEPS} === {kept}")).await;
    window.close().await;
}

/// Frames are drawn when the test says so, one at a time, as on a slow machine.
const HOLD_FRAMES: &str = "(window.held = [], window.requestAnimationFrame = (draw) => window.held.push(draw), \
     window.later = window.setTimeout, window.setTimeout = (call, wait) => \
     wait === 100 ? window.held.push(call) : window.later(call, wait))";

#[tokio::test]
async fn no_late_frame_takes_the_focus_out_of_a_field() {
    let display = Display::find();
    let folder = tempfile::tempdir().expect("a folder");
    let window = Window::open(&display, folder.path()).await;
    window.see("#begin-product").await;
    window.value(HOLD_FRAMES).await;
    window.click("#begin-product").await;
    window.click("[aria-label='Read: Repository or folder']").await;
    window.see("#src-folder").await.send_keys("/srv/").await.expect("a field");

    // The screen asked for the focus when it came; its frame comes only now, in the middle of a word.
    window.until("window.held.length >= 2").await;
    window.value("(window.held.splice(0, 2).forEach((call) => call()), true)").await;
    window.press("rota").await;
    assert_eq!(window.value("document.querySelector('#src-folder').value").await, json!("/srv/rota"));
    window.close().await;
}
