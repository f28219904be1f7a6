//! The whole loop in the real window, as a new user goes it: a drop in PostHog becomes an insight by an automation, a
//! channel of Slack hears of it, the insight becomes an issue in Linear, and what somebody pins in Slack is on the map.

use custory_testkit::vendors::{LINEAR_KEY, Linear, PostHog, SLACK_APP, SLACK_BOT, Slack};
use serde_json::json;

use crate::inbox::measured_crew;
use crate::integrations::{connect, open_card, type_address};
use crate::screens::shoot_both;
use crate::team::custory;
use crate::window::{Display, Window};

#[tokio::test(flavor = "multi_thread")]
async fn a_drop_travels_from_posthog_to_slack_and_linear_through_the_window_alone() {
    let (posthog, linear, slack) = (PostHog::start(), Linear::start(), Slack::start());
    // The window runs by the machine's own clock. All weeks are alike; then the newest, which is read again, turns out
    // lower.
    let display = Display::find();
    let folder = tempfile::tempdir().expect("a folder");
    measured_crew(folder.path(), &posthog);
    posthog.set(&newest_week(), "signed_up", 900, 900);
    posthog.set(&newest_week(), "invited_crew", 225, 225);
    custory(folder.path(), &["pull"], "");

    let window = Window::open(&display, folder.path()).await;
    window.see(".mapv .stp").await;
    window.click(".side .nav[title='Integrations']").await;
    connect(&window, "linear", &linear.address(), LINEAR_KEY).await;
    // Slack needs two tokens, and shows what to paste there.
    window.click("#tool-slack").await;
    window.see("#copy-slack").await;
    type_address(&window, "slack", &slack.address()).await;
    window.see("#key-slack").await.send_keys(SLACK_BOT).await.expect("a field");
    window.see("#connect-slack[disabled]").await;
    window.see("#second-slack").await.send_keys(SLACK_APP).await.expect("a field");
    window.value("document.querySelector('#tool-slack').scrollIntoView() ?? true").await;
    shoot_both(&window, "slack-connect").await;
    window.click("#connect-slack").await;
    window.see("#pull-slack").await;
    tokio::task::block_in_place(|| slack.until_listened(1));

    // The conversion watch tells #growth.
    window.click(".side .nav[title='Automations']").await;
    window.see("#dry-run").await;
    window.click("#choose-channel").await;
    choose(&window, "#growth").await;
    window.until("document.querySelector('#choose-channel').innerText.includes('#growth')").await;
    window.click("#choose-conditions").await;
    window.click("#add-condition").await;
    choose(&window, "On a step…").await;
    choose(&window, "Invite crew").await;
    window.until("document.querySelector('#choose-conditions').innerText.includes('on the step')").await;
    window.click("#switch-funnel-watch").await;
    window.see("#switch-funnel-watch[aria-checked=true]").await;
    window.click("#run-now").await;
    window.until("document.querySelector('#runs').innerText.includes('fell from 37% to 25%')").await;
    let posts = tokio::task::block_in_place(|| slack.until_posts(1));
    assert!(posts[0].text.contains("Crew invited fell from 37% to 25%"), "{}", posts[0].text);
    window.until("document.querySelector('#runs').innerText.includes('Told #growth')").await;
    shoot_both(&window, "automations-told").await;

    // What is pinned in Slack goes onto its step, and its thread hears of it.
    window.click("#switch-save").await;
    window.see("#switch-save[aria-checked=true]").await;
    let pinned =
        slack.say(Slack::SUPPORT, None, Slack::ANA, "The crew invitations never arrived in our inbox");
    slack.react(Slack::SUPPORT, &pinned, "pushpin");
    let posts = tokio::task::block_in_place(|| slack.until_posts(2));
    assert!(posts[1].text.contains("On the step “Invite crew”"), "{}", posts[1].text);

    // The insight becomes an issue.
    window.click(".side .nav[title='Crew aboard']").await;
    open_card(&window, "Crew invited fell from 37% to 25%").await;
    window.click("#send").await;
    window.see("#issue").await;
    window.click("#send-ACM").await;
    window.until("document.querySelector('#panel').innerText.includes('ACM-1')").await;
    assert!(linear.issues()[0].description.contains("900 cases"), "{}", linear.issues()[0].description);
    // What was pinned says the same, so it is evidence for it.
    window.until("document.querySelector('#panel').innerText.includes('never arrived in our inbox')").await;
    shoot_both(&window, "slack-insight").await;
    assert_eq!(window.value("document.querySelectorAll('.toast.bad-t').length").await, json!(0));
    window.close().await;
}

/// Picks an entry of the menu that is open.
async fn choose(window: &Window, label: &str) {
    let entry = format!(
        "[...document.querySelectorAll('[role^=menuitem]')].find(it => it.innerText.trim() === '{label}')"
    );
    window.until(&entry).await;
    window.value(&format!("{entry}.click() ?? true")).await;
}

/// The Monday of the newest week that is over.
#[expect(clippy::disallowed_methods, reason = "the window runs by the machine's own clock")]
fn newest_week() -> String {
    let since_1970 = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970");
    let now = custory_domain::Timestamp(
        i64::try_from(since_1970.as_millis()).expect("before the year 292 million"),
    );
    custory_connectors::closed_weeks(now, 1)[0].to_string()
}
