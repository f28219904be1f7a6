//! An automation of one's own in the real window: begun from a usual view, told what to do, run, undone, deleted and
//! brought back.

use serde_json::json;

use crate::inbox::bring_crew;
use crate::integrations::open_card;
use crate::screens::shoot_both;
use crate::window::{Display, ESCAPE, Window};

async fn choose(window: &Window, label: &str) {
    let entry = format!(
        "[...document.querySelectorAll('[role^=menuitem]')].find(it => it.innerText.includes('{label}'))"
    );
    window.until(&entry).await;
    window.value(&format!("{entry}.click() ?? true")).await;
}

#[tokio::test]
async fn one_of_your_own_acts_on_what_comes_in() {
    let display = Display::find();
    let folder = tempfile::tempdir().expect("a folder");
    bring_crew(folder.path());
    let window = Window::open(&display, folder.path()).await;
    window.see(".mapv .stp").await;
    window.click(".side .nav[title=Automations]").await;
    window.click("#new-automation").await;
    window.shoot("own-automation-new").await;
    choose(&window, "Quick wins").await;
    window.until("document.querySelector('.sent')?.innerText.includes('“Quick wins”')").await;
    window
        .until("document.querySelector('p.au-own').innerText.includes('impact 4+ and effort 2 or less')")
        .await;
    for label in ["Ask its owner what comes next", "Opportunity: framed"] {
        window.click("#choose-deeds").await;
        choose(&window, label).await;
        window.until("!document.querySelector('[role=menu]')").await;
    }
    window.until("document.querySelector('#choose-deeds').innerText.includes('“framed”')").await;
    window.click("#rename-automation").await;
    window.see("#automation-name").await;
    window.replace_with("Cheap and big").await;
    window.until("document.querySelector('.ed-h h2').innerText === 'Cheap and big'").await;
    window.value("document.querySelector('.au.on [role=switch]').click() ?? true").await;
    window.until("document.querySelector('.au.on [role=switch]').ariaChecked === 'true'").await;

    // An opportunity comes to be one.
    window.click(".side .nav[title='Crew aboard']").await;
    open_card(&window, "Crew invitations get lost").await;
    for (field, value) in [("Impact", 5), ("Effort", 1)] {
        window.click(&format!("[role=radiogroup][aria-label={field}] button:nth-of-type({value})")).await;
    }
    window.press(ESCAPE).await;
    window.click(".side .nav[title=Automations]").await;
    window.click("#run-now").await;
    window.until("document.querySelector('.au-runs')?.innerText.includes('framed')").await;
    shoot_both(&window, "own-automation").await;
    window.click(".side .nav[title='Crew aboard']").await;
    open_card(&window, "Crew invitations get lost").await;
    window.until("document.querySelector('#panel').innerText.includes('What comes next?')").await;

    window.press(ESCAPE).await;
    window.click(".side .nav[title=Automations]").await;
    window.click("#delete-automation").await;
    window
        .until("![...document.querySelectorAll('.au h3')].some(it => it.innerText === 'Cheap and big')")
        .await;
    window.value("[...document.querySelectorAll('.toast button')].find(it => it.innerText.includes('Undo')).click() ?? true").await;
    window
        .until("[...document.querySelectorAll('.au h3')].some(it => it.innerText === 'Cheap and big')")
        .await;
    assert_eq!(window.value("document.querySelectorAll('.toast.bad').length").await, json!(0));
    window.close().await;
}
