//! The picture of opportunities by other axes than impact and effort, and filters that ask how long ago something was.

use fantoccini::actions::{InputSource as _, MOUSE_BUTTON_LEFT, MouseActions, PointerAction};
use serde_json::json;

use crate::screens::shoot_both;
use crate::window::{ALT, CONTROL, Display, ENTER, ESCAPE, LEFT, RIGHT, UP, Window};

/// What lies along the two sides.
const SIDES: &str =
    "[...document.querySelectorAll('#axis-x, #axis-y')].map(it => it.innerText.trim()).join()";
/// What the four corners are called.
const CORNERS: &str = "[...document.querySelectorAll('.mx-q h2')].map(it => it.innerText).join()";
/// The words of all toasts.
const TOASTS: &str = "[...document.querySelectorAll('.toast')].map(it => it.innerText).join()";

/// By priority, with the focus in the picture.
pub async fn by_priority(window: &Window) {
    window.open_sample().await;
    window.until("document.activeElement.id === 'journey-map'").await;
    window.press("3").await;
    window.see(".bub").await;
    window.until("document.activeElement.id === 'priority-matrix'").await;
}

/// A press on the dot at hand, the pointer moved by so much until something is so, and the button let go.
async fn drag(window: &Window, by: (f64, f64), meanwhile: &str) {
    let dot = window.see(".bub.sel").await;
    let pull = MouseActions::new("mouse".to_owned())
        .then(PointerAction::MoveToElement { element: dot, duration: None, x: 0.0, y: 0.0 })
        .then(PointerAction::Down { button: MOUSE_BUTTON_LEFT })
        .then(PointerAction::MoveBy { duration: None, x: by.0 / 2.0, y: by.1 / 2.0 })
        .then(PointerAction::MoveBy { duration: None, x: by.0 / 2.0, y: by.1 / 2.0 });
    window.client.perform_actions(pull).await.expect("the pointer moves");
    window.until(meanwhile).await;
    let up = PointerAction::Up { button: MOUSE_BUTTON_LEFT };
    let let_go = MouseActions::new("mouse".to_owned()).then(up);
    window.client.perform_actions(let_go).await.expect("the button goes up");
}

#[tokio::test]
async fn axes_are_chosen_and_kept_and_only_what_a_person_can_set_is_moved() {
    let display = Display::find();
    let folder = tempfile::tempdir().expect("a folder");
    let window = Window::open(&display, folder.path()).await;
    by_priority(&window).await;
    assert_eq!(window.value(SIDES).await, json!("Effort,Impact"));
    assert_eq!(window.value(CORNERS).await, json!("Quick wins,Big bets,Fill-ins,Reconsider"));

    let is_upright = "(r => r.height > r.width && r.right <= document.querySelector('#priority-matrix').getBoundingClientRect().left)(document.querySelector('#axis-y').getBoundingClientRect())";
    assert_eq!(
        window.value(is_upright).await,
        json!(true),
        "the name of the left axis lies beside the picture"
    );

    // By key: what lies along the bottom. The corners, the ends and the edges of fields follow.
    window.press("x").await;
    window.choose("Evidence").await;
    window.until(&format!("{SIDES} === 'Evidence,Impact'")).await;
    let corners = window.value(CORNERS).await;
    assert_eq!(
        corners,
        json!(
            "High impact, low evidence,High impact, high evidence,Low impact, low evidence,Low impact, high evidence"
        )
    );
    window
        .until(
            "document.querySelectorAll('.pr-tick.x').length === 4 && !document.querySelector('.pr-tick.y')",
        )
        .await;
    window.until("document.querySelector('.bub').ariaLabel.includes('evidence')").await;
    window
        .until("document.querySelector('#priority-matrix').ariaLabel.startsWith('Impact and evidence.')")
        .await;
    shoot_both(&window, "priority-axes").await;

    // What is worked out is not moved, by keys or by hand: the dot goes along the other axis alone.
    window.value("document.querySelector('#priority-matrix').focus()").await;
    let place = "(r => [Math.round(r.left), Math.round(r.top)].join())(document.querySelector('.bub.sel').getBoundingClientRect())";
    let before = window.value(place).await;
    window.press_with(ALT, RIGHT).await;
    window.until(&format!("{TOASTS}.includes('Evidence is worked out')")).await;
    assert_eq!(window.value(place).await, before);
    window.press_with(ALT, UP).await;
    window.until(&format!("{place} !== '{}'", before.as_str().expect("a place"))).await;
    window.press_with(CONTROL, "z").await;
    window.until(&format!("{place} === '{}'", before.as_str().expect("a place"))).await;
    let column = "Math.round(document.querySelector('.bub.sel').getBoundingClientRect().left)";
    let x = window.value(column).await;
    drag(
        &window,
        (120.0, -150.0),
        "document.querySelector('.pr-tip')?.innerText.includes('Evidence is worked out and stays') \
         && document.querySelector('.pr-tip').innerText.includes('Impact ')",
    )
    .await;
    window
        .until(&format!(
            "!document.querySelector('.pr-drag') && {place} !== '{}'",
            before.as_str().expect("a place")
        ))
        .await;
    // Several in one field share it, so it may move aside a little; it stays in its field.
    let moved = window.value(&format!("Math.abs({column} - {x})")).await.as_i64().expect("a number");
    assert!(moved < 100, "it went {moved} pixels along what is worked out");
    window.press_with(CONTROL, "z").await;

    // A number that a person can set is set to what a field stands for, and the score follows.
    window.value("document.querySelector('#priority-matrix').focus()").await;
    window.press("x").await;
    window.choose("Reach").await;
    window.until(&format!("{SIDES} === 'Reach,Impact'")).await;
    window.value("document.querySelector('#priority-matrix').focus()").await;
    window.press_with(ALT, LEFT).await;
    window.until("document.querySelector('.why .pr-i').innerText.includes('an estimate')").await;

    // By the palette, by a saved view, and after a restart.
    window.press_with(CONTROL, "k").await;
    window.see("[role=dialog] input").await;
    window.press("axis from the bottom").await;
    window.until("document.querySelector('[role=option]')?.innerText.includes('Axis from the bottom')").await;
    window.press(ENTER).await;
    window.choose("Confidence").await;
    window.until(&format!("{SIDES} === 'Reach,Confidence'")).await;
    window.click("#views").await;
    window.choose("Save this view").await;
    window.see("#view-name").await;
    window.press("Sure and wide").await;
    window.press(ENTER).await;
    window.until("document.querySelector('#views').innerText.includes('Sure and wide')").await;
    window.click("#axis-y").await;
    window.choose("Impact and effort again").await;
    window.until(&format!("{SIDES} === 'Effort,Impact' && {CORNERS}.startsWith('Quick wins')")).await;
    window.click("#views").await;
    window.choose("Sure and wide").await;
    window.until(&format!("{SIDES} === 'Reach,Confidence'")).await;
    assert_eq!(window.value("document.querySelectorAll('.toast.bad').length").await, json!(0));
    window.close().await;
    let window = Window::open(&display, folder.path()).await;
    window.see(".bub").await;
    window.until(&format!("{SIDES} === 'Reach,Confidence'")).await;
    window.close().await;
}

#[tokio::test]
async fn filters_ask_how_long_ago_something_was() {
    let display = Display::find();
    let folder = tempfile::tempdir().expect("a folder");
    let window = Window::open(&display, folder.path()).await;
    window.open_sample().await;
    window.until("document.activeElement.id === 'journey-map'").await;
    let chip = "document.querySelector('.fchip-b')?.innerText.trim()";

    // What was added just now is among what was added lately.
    window.click("#filter").await;
    window.choose("Added").await;
    window.choose("More than 7 days ago").await;
    window.until(&format!("{chip} === 'Added more than 7 days ago'")).await;
    window.until("document.querySelector('.filtered').innerText.startsWith('Filtered: 0 of')").await;
    window.click(".fchip-b").await;
    window.choose("In the last 28 days").await;
    window.until(&format!("{chip} === 'Added in the last 28 days'")).await;
    window.until("(([left, all]) => left === all)(document.querySelector('.filtered').innerText.match(/[0-9,]+/g))").await;

    // A number of one's own; what is no number leaves it.
    window.click(".fchip-b").await;
    window.choose("Another number of days").await;
    window.until("document.activeElement.closest('.fdays')").await;
    shoot_both(&window, "filter-days").await;
    window.replace_with("3").await;
    window.until(&format!("{chip} === 'Added in the last 3 days'")).await;
    window.click(".fchip-b").await;
    window.choose("Another number of days").await;
    window.until("document.activeElement.closest('.fdays')").await;
    window.replace_with("soon").await;
    window.until(&format!("{chip} === 'Added in the last 3 days'")).await;
    window.click(".fchip-x").await;

    // Evidence of the sample is some days old; another view leaves out the same.
    window.click("#filter").await;
    window.choose("Last evidence").await;
    window.choose("Another number of days").await;
    window.until("document.activeElement.closest('.fdays')").await;
    window.replace_with("1").await;
    window.until(&format!("{chip} === 'Last evidence in the last day'")).await;
    window.press(ESCAPE).await;
    let few = "Number(document.querySelector('.filtered').innerText.match(/[0-9,]+/)[0].replace(',', ''))";
    let on_map = window.value(few).await.as_u64().expect("a number");
    window.click(".fchip-b").await;
    window.choose("The opposite").await;
    window.until(&format!("{few} > {on_map}")).await;
    window.close().await;
}
