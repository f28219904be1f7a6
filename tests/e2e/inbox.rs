//! The inbox and the automations in the real window: notes out of a folder become evidence by keys alone; an
//! automation shows what it would have done, is switched on, and writes the review.

use std::path::Path;

use custory_testkit::ollama::{Ollama, Says};
use custory_testkit::vendors::{POSTHOG_KEY, PostHog};
use serde_json::json;

use crate::screens::shoot_both;
use crate::team::custory;
use crate::window::{Display, Window};

const JOURNEY: &str = include_str!("../../crates/cli/tests/it/shared/loop.json");

/// Puts the journey of the crew into a data folder.
pub fn bring_crew(data: &Path) {
    let file = data.join("loop.json");
    std::fs::write(&file, JOURNEY).expect("a file");
    custory(data, &["import", file.to_str().expect("a path")], "");
}

/// The same, with its metric read from a PostHog in which all weeks are alike.
pub fn measured_crew(data: &Path, posthog: &PostHog) {
    posthog.usually("signed_up", 900, 900);
    posthog.usually("invited_crew", 333, 333);
    bring_crew(data);
    custory(data, &["connect", "posthog", "--base-url", &posthog.address()], POSTHOG_KEY);
    custory(data, &["bind", "Crew", "Crew invited", "--funnel", "signed_up,invited_crew"], "");
    custory(data, &["pull"], "");
}

#[tokio::test]
async fn notes_become_evidence_by_keys_and_can_be_taken_back() {
    let display = Display::find();
    let (folder, home) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    bring_crew(folder.path());
    let notes = home.path().join("Research");
    std::fs::create_dir(&notes).expect("a folder");
    let note = "# Visit to Bell Paving\n\n> The crew invitations never arrived. I wrote to help@bell.example twice and \
                got no answer.\n\n> Half my crew could not find the invite in their mail.\n\nThe owner showed us his \
                whiteboard with the week’s plan.\n";
    std::fs::write(notes.join("visit.md"), note).expect("a note");
    let table = "name,company,comment\nTom Akers,Akers Fencing,It took my card for the trial and then said no\n\
                 Rita Cole,Delmar Concrete,Inviting the crew took me half an hour on the phone\n";
    std::fs::write(notes.join("survey.csv"), table).expect("a table");

    let window = Window::open(&display, folder.path()).await;
    window.see(".mapv .stp").await;
    window.click(".side .nav[title='Inbox']").await;
    window.see("#watch-folder").await;
    window.shoot("inbox-empty").await;
    custory(folder.path(), &["signals", "watch", notes.to_str().expect("a path")], "");
    // What another program heard is there when the inbox is opened again.
    window.click(".side .nav[title='Settings']").await;
    window.click(".side .nav[title='Inbox']").await;
    window.until("document.querySelectorAll('.sig').length === 5").await;

    // What several speak of is found, and a press marks these, to be decided about together.
    window.click("#themes").await;
    window.until("document.querySelector('#theme-list .thm-i')?.innerText.includes('signals')").await;
    window.click("#theme-list .thm-i").await;
    window.until("document.querySelectorAll('.sig.marked').length >= 2").await;
    shoot_both(&window, "themes").await;
    window.click("[aria-label='Hide themes']").await;
    window.value("document.querySelector('#signals').focus()").await;
    for _ in 0..5 {
        if window.value("document.querySelectorAll('.sig.marked').length").await == json!(0) {
            break;
        }
        window.value("document.querySelector('.sig.marked').click()").await;
        window.value("document.querySelector('#signals').focus()").await;
        window.press("x").await;
        window.settle().await;
    }

    // To the first note about invitations, by key.
    let invitations = "document.querySelector('.sig.on')?.innerText.includes('invitations never arrived')";
    for _ in 0..5 {
        if window.value(&format!("!!({invitations})")).await == json!(true) {
            break;
        }
        window.press("j").await;
        window.settle().await;
    }
    window.until(invitations).await;
    window.until("document.querySelector('#shared').innerText.includes('[e-mail]')").await;
    window.until("document.querySelector('#why').innerText.includes('invitations')").await;
    shoot_both(&window, "inbox").await;
    window.press("\u{e007}").await;
    window.until("document.querySelectorAll('.sig').length === 4").await;
    window.press_with(crate::window::CONTROL, "z").await;
    window.until("document.querySelectorAll('.sig').length === 5").await;
    window.press("d").await;
    window.until("document.querySelectorAll('.sig').length === 4").await;
    window.click("#shelf-dismissed").await;
    window.until("document.querySelectorAll('.sig').length === 1").await;
    assert_eq!(window.value("document.querySelectorAll('.toast.bad-t').length").await, json!(0));
    window.close().await;
}

#[tokio::test]
async fn a_drop_of_last_month_is_rehearsed_and_a_review_is_written() {
    let display = Display::find();
    let folder = tempfile::tempdir().expect("a folder");
    let posthog = PostHog::start();
    // The window runs by the machine's own clock. All weeks are alike; then the newest two, which are read
    // again, turn out lower.
    measured_crew(folder.path(), &posthog);
    posthog.usually("invited_crew", 225, 225);
    custory(folder.path(), &["pull"], "");
    let ollama = Ollama::start(|asked, _| {
        // The first fact that is shown, in words of its own, and a number that nobody gave.
        let text = asked["messages"][1]["content"].as_str().unwrap_or_default();
        let (name, fact) = text.lines().nth(1).and_then(|it| it.split_once(' ')).unwrap_or_default();
        let first = json!({ "cites": [name], "text": format!("{fact} is to be looked at") });
        let made_up = json!({ "cites": [name], "text": format!("{fact} and 4711 customers left") });
        Says::json(&json!({ "claims": [first, made_up] }))
    });
    custory(folder.path(), &["models", "use", "--url", ollama.address(), Ollama::MODEL], "");

    let window = Window::open(&display, folder.path()).await;
    window.see(".mapv .stp").await;
    window.click(".side .nav[title='Automations']").await;
    window.see("#dry-run").await;
    window.until("document.querySelector('#dry-run').innerText.includes('Nothing was written')").await;
    window.until("document.querySelector('#dry-run').innerText.includes('1 time in the last 90 days')").await;
    window.click("#switch-funnel-watch").await;
    window.see("#switch-funnel-watch[aria-checked=true]").await;
    shoot_both(&window, "automations").await;
    window.click("#automation-weekly-review").await;
    window.until("document.querySelector('#dry-run').innerText.includes('Crew')").await;
    window.shoot("automations-review").await;
    window.click("#run-now").await;
    window.until("document.querySelector('#runs').innerText.includes('review')").await;

    // The model begins the review with what its lines bear out.
    window.click("#runs .au-run").await;
    window.until("document.querySelector('#runs .au-sm')?.innerText.includes('is to be looked at')").await;
    window.until("!document.querySelector('#runs .au-sm').innerText.includes('4711')").await;
    window.value("document.querySelector('#runs .au-sm').scrollIntoView()").await;
    shoot_both(&window, "review-begun").await;

    // From the digest to the review itself, with the same lists.
    window.click("#runs .au-rv .btn").await;
    window.see("#review-changed").await;
    window
        .until("document.querySelector('#review-stale').innerText.includes('Steps to look at again')")
        .await;
    assert_eq!(window.value("document.querySelectorAll('.toast.bad-t').length").await, json!(0));
    window.close().await;
}
