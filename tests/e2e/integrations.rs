//! The loop in the real window, against stand-ins: connect, bind, send, and see how it stands.

use custory_testkit::vendors::{LINEAR_KEY, Linear, POSTHOG_KEY, PostHog};
use serde_json::json;

use crate::inbox::bring_crew;
use crate::screens::shoot_both;
use crate::window::{Display, Window};

#[tokio::test]
async fn numbers_come_in_and_issues_go_out_through_the_window_alone() {
    let (posthog, linear) = (PostHog::start(), Linear::start());
    posthog.usually("signed_up", 400, 420);
    posthog.usually("invited_crew", 100, 130);
    let display = Display::find();
    let folder = tempfile::tempdir().expect("a folder");
    bring_crew(folder.path());

    let window = Window::open(&display, folder.path()).await;
    window.see(".mapv .stp").await;
    window.click(".side .nav[title='Integrations']").await;
    connect(&window, "posthog", &posthog.address(), POSTHOG_KEY).await;
    connect(&window, "linear", &linear.address(), LINEAR_KEY).await;
    window.until("document.querySelectorAll('.in-c .in-s').length === 2").await;
    shoot_both(&window, "integrations-connected").await;

    // The metric gets its numbers from events that are picked by name.
    window.click(".side .nav[title='Crew aboard']").await;
    open_card(&window, "Crew invited").await;
    window.click("#bind").await;
    pick(&window, "signed_up").await;
    pick(&window, "invited_crew").await;
    shoot_both(&window, "integrations-bind").await;
    window.click("#bind-funnel").await;
    window.until("document.querySelector('#panel').innerText.includes('25%')").await;
    window.shoot("integrations-bound").await;

    // What is sent is shown before, and there is one issue.
    open_card(&window, "Crew invitations get lost").await;
    window.click("#send").await;
    window.see("#issue").await;
    shoot_both(&window, "integrations-send").await;
    window.click("#send-ACM").await;
    window.until("document.querySelector('#panel').innerText.includes('ACM-1')").await;
    assert_eq!(linear.issues().len(), 1);
    assert!(linear.issues()[0].description.contains("Crew invited: 25%"));

    linear.advance(0, "In Progress", "started", Some("Ana"));
    window.press("g").await;
    window.press("n").await;
    window.click("#pull-linear").await;
    window.until("document.querySelector('#tool-linear').innerText.includes('read today')").await;
    window.until("document.querySelector('#issues-there')?.innerText.includes('ACM-1')").await;
    window.until("document.querySelector('#issues-there').innerText.includes('In progress')").await;
    window.click(".side .nav[title='Crew aboard']").await;
    open_card(&window, "Crew invitations get lost").await;
    window.until("document.querySelector('#panel').innerText.includes('Ana')").await;
    window.shoot("integrations-sent").await;
    assert_eq!(window.value("document.querySelectorAll('.toast.bad').length").await, json!(0));
    window.close().await;
}

/// Types where a tool's stand-in is.
pub async fn type_address(window: &Window, vendor: &str, address: &str) {
    window.click(&format!("#other-{vendor}")).await;
    window.see(&format!("#address-{vendor}")).await.send_keys(address).await.expect("a field");
}

/// Connects a tool by its form.
pub async fn connect(window: &Window, vendor: &str, address: &str, key: &str) {
    window.click(&format!("#tool-{vendor}")).await;
    type_address(window, vendor, address).await;
    window.see(&format!("#key-{vendor}")).await.send_keys(key).await.expect("a field");
    window.shoot(&format!("integrations-connect-{vendor}")).await;
    window.click(&format!("#connect-{vendor}")).await;
    window.see(&format!("#pull-{vendor}")).await;
}

/// Opens the card of that title.
pub async fn open_card(window: &Window, title: &str) {
    let card = format!(
        "[...document.querySelectorAll('.mapv article')].find(it => it.innerText.includes('{title}'))"
    );
    window.until(&card).await;
    window.value(&format!("{card}.click() ?? true")).await;
    let shown = format!("document.querySelector('#panel')?.innerText.includes('{title}')");
    window.until(&shown).await;
}

async fn pick(window: &Window, event: &str) {
    let row = format!(
        "[...document.querySelectorAll('#events button')].find(it => it.innerText.includes('{event}'))"
    );
    window.until(&row).await;
    window.value(&format!("{row}.click() ?? true")).await;
}
