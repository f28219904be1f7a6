//! Moving about the map by wheel and buttons: what is pointed at stays under the pointer.

use fantoccini::actions::{InputSource as _, MOUSE_BUTTON_MIDDLE, MouseActions, PointerAction};
use serde_json::json;

use crate::window::{Display, Window};

/// The number of the step whose head is over the middle of the map.
const IN_THE_MIDDLE: &str = "(() => {
    const map = document.querySelector('.mapv').getBoundingClientRect();
    const x = map.left + map.width / 2;
    const over = [...document.querySelectorAll('.mapv .stp[role=columnheader], .mapv .zs[role=columnheader]')]
        .find(it => it.getBoundingClientRect().left <= x && x < it.getBoundingClientRect().right);
    return over?.ariaColIndex ?? over?.id;
})()";
const LEVEL: &str = "document.querySelector('.zoom .pct').innerText";

/// The wheel turns over the middle of the map with Ctrl held.
fn turn(pixels: i32) -> String {
    format!(
        "(() => {{
            const map = document.querySelector('.mapv');
            const box = map.getBoundingClientRect();
            const at = {{ clientX: box.left + box.width / 2, clientY: box.top + box.height / 2 }};
            const event = new WheelEvent('wheel', {{
                ...at, deltaY: {pixels}, ctrlKey: true, bubbles: true, cancelable: true,
            }});
            map.dispatchEvent(event);
            return event.defaultPrevented;
        }})()"
    )
}

#[tokio::test]
async fn the_wheel_with_ctrl_zooms_around_the_pointer_and_so_do_keys_around_the_middle() {
    let display = Display::find();
    let folder = tempfile::tempdir().expect("a folder");
    let window = Window::open(&display, folder.path()).await;
    window.open_sample().await;
    window.value("(document.querySelector('.mapv').scrollLeft = 400) > 0").await;
    window.until("document.querySelector('.mapv').scrollLeft > 300").await;
    window.settle().await;
    let there = window.value(IN_THE_MIDDLE).await;
    assert!(there.is_string(), "a step is in the middle");

    // The page itself is not zoomed; the map is scaled at once, and laid out anew after a pause.
    assert_eq!(window.value(&turn(-60)).await, json!(true));
    window.until("document.querySelector('.mgrid').style.transform.startsWith('scale')").await;
    window.until("document.querySelector('.mgrid').style.transform === 'none'").await;
    window.until(&format!("{LEVEL} !== '100%'")).await;
    window.until(&format!("{IN_THE_MIDDLE} === {there}")).await;
    assert_eq!(window.value(&turn(400)).await, json!(true));
    window
        .until("document.querySelector('.mgrid.sq') !== null || document.querySelector('.mapv .line')")
        .await;

    window.press("0").await;
    window.until(&format!("{LEVEL} === '100%'")).await;
    window.press("+").await;
    window.until(&format!("{LEVEL} !== '100%'")).await;
    window.press("0").await;
    window.until(&format!("{LEVEL} === '100%'")).await;
    window.close().await;
}

#[tokio::test]
async fn the_middle_button_pulls_the_map_along_from_a_card_as_well() {
    let display = Display::find();
    let folder = tempfile::tempdir().expect("a folder");
    let window = Window::open(&display, folder.path()).await;
    window.open_sample().await;
    let card = window.see(".mapv article.k-insight").await;
    let pull = MouseActions::new("mouse".to_owned())
        .then(PointerAction::MoveToElement { element: card, duration: None, x: 0.0, y: 0.0 })
        .then(PointerAction::Down { button: MOUSE_BUTTON_MIDDLE })
        .then(PointerAction::MoveBy { duration: None, x: -60.0, y: 0.0 })
        .then(PointerAction::MoveBy { duration: None, x: -60.0, y: 0.0 });
    window.client.perform_actions(pull).await.expect("the pointer moves");
    window.until("document.querySelector('.mapv').scrollLeft === 120").await;
    assert_eq!(
        window.value("getComputedStyle(document.querySelector('.mapv')).cursor").await,
        json!("grabbing")
    );
    window.client.release_actions().await.expect("the button goes up");
    window.until("!document.querySelector('.mapv.pulled')").await;
    let picked = "document.querySelectorAll('.mapv article.picked, #bulk').length";
    assert_eq!(window.value(picked).await, json!(0), "nothing was selected");
    window.close().await;
}
