//! Every screen in Chromium: nothing on it breaks a rule of WCAG 2.2 AA, light or dark, and nothing sticks out of
//! the smallest window.

use std::path::Path;

use serde_json::json;

use crate::browser::Browser;
use crate::team::custory;
use crate::window::{CONTROL, ENTER, ESCAPE, SHIFT};

/// The smallest window that there is, with the browser's own bars above.
const SMALL: (u32, u32) = (1024, 790);

#[tokio::test]
async fn no_screen_has_a_barrier_or_sticks_out_in_light_or_dark() {
    let folder = tempfile::tempdir().expect("a folder");
    let browser = Browser::open(folder.path(), SMALL).await;
    let window = &browser.window;
    let mut wrong = Vec::new();

    window.see("#begin-sample").await;
    window.until("document.querySelector('.wel-r').children.length > 0").await;
    look(&browser, "welcome", &mut wrong).await;

    window.click("#begin-product").await;
    window.see("#sources").await;
    look(&browser, "sources of a draft", &mut wrong).await;
    window.client.refresh().await.expect("the page opens again");
    browser.load_axe().await;

    window.open_sample().await;
    window.until("document.querySelectorAll('.mapv .stp[role=columnheader]').length >= 5").await;
    look(&browser, "map", &mut wrong).await;

    window.click(".mapv .stp[role=columnheader]").await;
    window.see("#panel").await;
    look(&browser, "a step", &mut wrong).await;
    let told = "[...document.querySelectorAll('.mapv .stp[role=columnheader]')].find(it => it.ariaLabel.endsWith('Invite crew'))";
    window.value(&format!("{told}.click()")).await;
    for (name, there) in [("Comments", ".cm"), ("Activity", "#panel .tab[aria-selected=true]")] {
        let tab = format!(
            "[...document.querySelectorAll('#panel .tab')].find(it => it.innerText.startsWith('{name}'))"
        );
        window.until(&format!("!!{tab}")).await;
        window.value(&format!("{tab}.click()")).await;
        window.see(there).await;
        look(&browser, name, &mut wrong).await;
    }
    window.value("(document.querySelector('.mapv').scrollLeft = 0) === 0").await;
    window
        .until("document.querySelector('.mapv .stp[role=columnheader]').ariaLabel.startsWith('Step 1,')")
        .await;
    window.settle().await;
    window.click(".mapv .stp[role=columnheader]").await;
    window.click(".mapv article.card").await;
    window.until("!!document.querySelector('.mapv article.sel')").await;
    look(&browser, "an item", &mut wrong).await;
    window.value("document.querySelector('#panel .fr-l.lb').focus()").await;
    window.see("#panel .set-by").await;
    look(&browser, "who set a field", &mut wrong).await;
    window.value("document.querySelector('.mapv article.sel').focus()").await;
    window.press("d").await;
    window.until("document.activeElement.id === 'decision-what'").await;
    window.press("Text every new crew member").await;
    window.press(ENTER).await;
    window.see("#decisions .dec").await;
    window.press("d").await;
    window.until("document.activeElement.id === 'decision-what'").await;
    look(&browser, "a decision", &mut wrong).await;
    window.press(ESCAPE).await;
    window.until("!document.querySelector('.ef')").await;
    window.press(ESCAPE).await;
    window.press(ESCAPE).await;
    window.until("!document.querySelector('#panel')").await;

    window.value("document.querySelector('.mapv article.card').focus()").await;
    window.press("x").await;
    window.see("#bulk").await;
    look(&browser, "cards selected on the map", &mut wrong).await;
    window.press(ESCAPE).await;
    window.until("!document.querySelector('#bulk')").await;
    window.click("#about-open").await;
    window.see(".about").await;
    look(&browser, "about the journey", &mut wrong).await;
    window.click("#make-to-be").await;
    window.see("#sides").await;
    window.see(".mapv .stp").await;
    window.press("g").await;
    window.press("c").await;
    window.see("#compare-banner").await;
    look(&browser, "as is beside to be", &mut wrong).await;
    window.click("#compare-done").await;
    window.until("!document.querySelector('#compare-banner')").await;
    window.press("g").await;
    window.press("b").await;
    let is_today = "document.querySelector('.jt h1')?.innerText.trim() === 'Owner onboarding'";
    window.until(&format!("{is_today} && !!document.querySelector('.mapv article.card')")).await;

    window.press_with(SHIFT, "1").await;
    window.see(".mgrid.sq").await;
    look(&browser, "map from afar", &mut wrong).await;
    window.press("0").await;
    window.until("!document.querySelector('.mgrid.sq')").await;
    window.value("[...document.querySelectorAll('.bar .chip')].find(it => it.innerText.trim() === 'Lanes').click()").await;
    window.choose("Backstage").await;
    window.see(".lane-h.unseen").await;
    look(&browser, "map with words", &mut wrong).await;

    window.click("#add").await;
    window.see("[role=menu]").await;
    look(&browser, "a menu", &mut wrong).await;
    window.press(ESCAPE).await;
    window.until("!document.querySelector('[role=menu]')").await;

    window.press_with(CONTROL, "k").await;
    window.see("[role=dialog]").await;
    look(&browser, "palette", &mut wrong).await;
    window.press(ESCAPE).await;
    window.until("!document.querySelector('[role=dialog]')").await;

    window.press("?").await;
    window.see("[role=dialog]").await;
    look(&browser, "shortcuts", &mut wrong).await;
    window.press(ESCAPE).await;
    window.until("!document.querySelector('[role=dialog]')").await;

    window.press_with(CONTROL, "j").await;
    window.see("#assistant-setup").await;
    look(&browser, "assistant", &mut wrong).await;
    window.press_with(CONTROL, "j").await;
    window.until("!document.querySelector('#assistant')").await;

    window.press("g").await;
    window.press("h").await;
    window.see("#history .hv").await;
    window.value("document.querySelectorAll('#history .hv')[1].click()").await;
    window.see("#history-banner").await;
    window.see("#timeline rect").await;
    look(&browser, "history", &mut wrong).await;
    window.press(ESCAPE).await;
    window.press(ESCAPE).await;
    window.until("!document.querySelector('#history')").await;

    window.press("g").await;
    window.press("r").await;
    window.see("#review-open").await;
    look(&browser, "weekly review", &mut wrong).await;
    window.press("j").await;
    window.press("d").await;
    window.until("document.activeElement.id === 'review-decision'").await;
    window.press("Text every new crew member").await;
    window.press(ENTER).await;
    window.see("#review-decisions li").await;
    window.press(ESCAPE).await;
    window.click("#review-finish").await;
    window.see("#review-earlier").await;
    window.until("document.querySelector('#review-changed-count').innerText === '0'").await;
    look(&browser, "weekly review, finished", &mut wrong).await;
    window.click("#review-earlier").await;
    window.until("!!document.querySelector('[role=menuitem]')").await;
    window.value("document.querySelector('[role=menuitem]').click()").await;
    window.see("#review-back").await;
    look(&browser, "an earlier review", &mut wrong).await;
    window.click("#review-back").await;
    window.see("#review-changed").await;
    window.press(ESCAPE).await;
    window.until("!document.querySelector('#review')").await;

    window.press("2").await;
    window.see("[role=treegrid]").await;
    look(&browser, "table", &mut wrong).await;
    window.press("3").await;
    window.until("!document.querySelector('[role=treegrid]')").await;
    look(&browser, "priority", &mut wrong).await;
    window.press("4").await;
    window.see("#tree").await;
    look(&browser, "opportunity tree", &mut wrong).await;

    window.click("#filter").await;
    window.choose("Only open work").await;
    window.click(".fchip-b").await;
    window.choose("Another one beside it").await;
    window.choose("Severity").await;
    window.choose("4 or more").await;
    window.see(".fgrp").await;
    look(&browser, "a filter with brackets", &mut wrong).await;
    window.click("#views").await;
    window.choose("Save this view").await;
    window.see("#view-name").await;
    look(&browser, "saving a view", &mut wrong).await;
    window.press(ESCAPE).await;
    window.until("!document.querySelector('[role=dialog]')").await;

    window.press_with(CONTROL, "k").await;
    window.see("[role=dialog] input").await;
    window.press("> import a journey").await;
    window.until("document.querySelectorAll('[role=option]').length === 1").await;
    window.press(ENTER).await;
    let table = Path::new(env!("CARGO_MANIFEST_DIR")).join("crates/exchange/tests/it/fixtures/lanes.xlsx");
    window.client.send_alert_text(&table.to_string_lossy()).await.expect("a question for the path");
    window.client.accept_alert().await.expect("a question for the path");
    window.see("#import-column-0").await;
    look(&browser, "importing a table", &mut wrong).await;
    window.press(ESCAPE).await;
    window.until("!document.querySelector('[role=dialog]')").await;

    window.click(".side .me").await;
    window.see(".set-w").await;
    window.until("!document.querySelector('#models-standing')?.innerText.includes('Looking')").await;
    look(&browser, "settings", &mut wrong).await;

    let notes = folder.path().join("Research");
    std::fs::create_dir(&notes).expect("a folder");
    let note = "> My crew never got the invite, and the code came a day later.\n\nThe plan was too dear for two people.\n";
    std::fs::write(notes.join("visit.md"), note).expect("a note");
    custory(folder.path(), &["signals", "watch", notes.to_str().expect("a path")], "");
    window.click(".side .nav[title='Inbox']").await;
    window.until("document.querySelectorAll('.sig').length === 2").await;
    look(&browser, "inbox", &mut wrong).await;
    window.click("#for-you").await;
    window.see("#for-you[aria-current=page]").await;
    look(&browser, "for you", &mut wrong).await;
    window.click(".side .nav[title='Integrations']").await;
    window.see("#tool-shown .in-f").await;
    look(&browser, "integrations", &mut wrong).await;
    window.click(".side .nav[title='Automations']").await;
    window.see("#dry-run").await;
    look(&browser, "automations", &mut wrong).await;

    assert!(wrong.is_empty(), "{} barriers:\n{}", wrong.len(), wrong.join("\n"));
    browser.close().await;
}

/// Looks at what is on screen, in both themes.
async fn look(browser: &Browser, screen: &str, wrong: &mut Vec<String>) {
    for theme in ["light", "dark"] {
        browser.window.value(&format!("document.documentElement.dataset.theme = '{theme}'")).await;
        let found = browser.barriers().await;
        browser.window.shoot(&format!("chromium-{}-{theme}", screen.replace(' ', "-"))).await;
        wrong.extend(found.into_iter().map(|it| format!("{screen}, {theme}: {it}")));
    }
    let sticks_out = "document.scrollingElement.scrollWidth > innerWidth
        || document.scrollingElement.scrollHeight > innerHeight";
    if browser.window.value(sticks_out).await == json!(true) {
        wrong.push(format!("{screen}: the page scrolls as a whole"));
    }
}
