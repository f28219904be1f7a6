//! The sample journey in the real window, light and dark: it opens from the welcome, every part of the
//! screen is there, and a picture of each is kept.

use serde_json::json;

use crate::window::{CONTROL, Display, ESCAPE, Window};

#[tokio::test]
async fn the_sample_opens_from_the_welcome_in_light_and_dark() {
    let display = Display::find();
    let folder = tempfile::tempdir().expect("a folder");
    let window = Window::open(&display, folder.path()).await;
    window.see("#begin-sample").await;
    window.until("document.querySelector('.wel-r').children.length > 0").await;
    shoot_both(&window, "welcome").await;

    window.open_sample().await;
    window.until("document.querySelectorAll('.mapv .stp[role=columnheader]').length >= 8").await;
    shoot_both(&window, "map").await;

    window.click(".mapv .stp[role=columnheader]").await;
    window.see("#panel").await;
    shoot_both(&window, "step").await;
    window.press(ESCAPE).await;

    window.press_with(CONTROL, "k").await;
    window.see("[role=dialog]").await;
    shoot_both(&window, "palette").await;
    window.press(ESCAPE).await;
    window.until("!document.querySelector('[role=dialog]')").await;
    assert_eq!(window.value("document.querySelectorAll('.toast.bad').length").await, json!(0));
    window.close().await;
}

/// A picture in each theme. The page is told directly: which theme the system has is not ours to set.
pub async fn shoot_both(window: &Window, name: &str) {
    for theme in ["light", "dark"] {
        window.value(&format!("document.documentElement.dataset.theme = '{theme}'")).await;
        window.shoot(&format!("{name}-{theme}")).await;
    }
    window.value("document.documentElement.dataset.theme = 'light'").await;
}
