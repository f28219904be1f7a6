//! Lanes in words below the cards, and views that everybody on a journey has.

use serde_json::json;

use crate::screens::shoot_both;
use crate::window::{CONTROL, DOWN, Display, ENTER, ESCAPE, Window};

async fn lanes(window: &Window, lane: &str) {
    window.value("[...document.querySelectorAll('.bar .chip')].find(it => it.innerText.trim() === 'Lanes').click()").await;
    window.choose(lane).await;
}

#[tokio::test]
async fn what_happens_behind_is_said_below_the_line_of_visibility_by_keyboard() {
    let display = Display::find();
    let folder = tempfile::tempdir().expect("a folder");
    let window = Window::open(&display, folder.path()).await;
    window.open_sample().await;
    window.until("document.activeElement.id === 'journey-map'").await;
    lanes(&window, "Frontstage").await;
    lanes(&window, "Backstage").await;
    window.until("document.querySelectorAll('.lane-h .wl').length === 2 && !!document.querySelector('.lane-h.unseen')").await;

    // From the last lane of cards down to the words; Enter types, Ctrl Enter keeps.
    window.value("document.querySelectorAll('.mapv .mt')[0].focus()").await;
    for _ in 0..6 {
        window.press(DOWN).await;
    }
    window.until("document.activeElement.id.startsWith('words-1-')").await;
    window.press(ENTER).await;
    window.until("document.activeElement.tagName === 'TEXTAREA'").await;
    window.press("Ads are bought each Monday").await;
    window.press_with(CONTROL, ENTER).await;
    let said = "document.querySelector('.cell.wc.unseen .wtext')?.textContent";
    window.until(&format!("{said} === 'Ads are bought each Monday'")).await;
    window.value("document.activeElement.scrollIntoView({ block: 'end' })").await;
    shoot_both(&window, "map-words").await;
    window.press_with(CONTROL, "z").await;
    window.until(&format!("{said} === undefined")).await;

    // A lane of one's own, with a name.
    lanes(&window, "New lane").await;
    window.until("document.querySelectorAll('.lane-h .wl').length === 3").await;
    window.value("document.querySelector('[aria-label^=\"Name of the lane\"]').click()").await;
    window.until("document.activeElement.tagName === 'TEXTAREA'").await;
    window.replace_with("Partner").await;
    window.until("[...document.querySelectorAll('.lane-h .wl')].at(-1).innerText.trim() === 'Partner'").await;
    assert_eq!(window.value("document.querySelectorAll('.toast.bad').length").await, json!(0));
    window.close().await;
}

#[tokio::test]
async fn a_view_is_shared_with_everybody_and_told_apart_from_ones_own() {
    let display = Display::find();
    let folder = tempfile::tempdir().expect("a folder");
    let window = Window::open(&display, folder.path()).await;
    window.open_sample().await;
    window.until("document.activeElement.id === 'journey-map'").await;

    // The filters that are wanted most are at hand, and are not offered while they are on.
    window.click("#filter-evidence").await;
    window.until("document.querySelector('.filtered')?.innerText.startsWith('Filtered: ')").await;
    window.until("!document.querySelector('#filter-evidence')").await;
    window.click("#filter-owner").await;
    window.choose("No owner").await;
    window.until("document.querySelectorAll('.fchip').length === 2").await;
    let filtered = window.value("document.querySelector('.filtered').innerText").await;
    window.press("2").await;
    window.see("[role=treegrid]").await;
    window
        .until("document.querySelectorAll('.fchip').length === 2 && !!document.querySelector('.filtered')")
        .await;
    assert!(filtered.as_str().is_some_and(|it| it.contains(" of ")), "{filtered}");
    window.press("1").await;
    window.see(".mapv .stp").await;
    for _ in 0..2 {
        window.click(".fchip-x").await;
    }
    window
        .until("!document.querySelector('.filtered') && !!document.querySelector('#filter-evidence')")
        .await;
    window.click("#filter-open").await;
    for (name, whom) in [("Mine", "For me"), ("Ours", "For everybody")] {
        window.click("#views").await;
        window.choose("Save this view").await;
        window.see("#view-name").await;
        window.press(name).await;
        let radio = format!(
            "[...document.querySelectorAll('[role=radio]')].find(it => it.innerText.trim() === '{whom}')"
        );
        window.value(&format!("{radio}.click()")).await;
        window.until(&format!("{radio}.ariaChecked === 'true'")).await;
        shoot_both(&window, "save-view").await;
        window.click(".dlg .btn.pri").await;
        window.until("!document.querySelector('[role=dialog]')").await;
    }
    window.until("[...document.querySelectorAll('.toast')].some(it => it.innerText.includes('Everybody on this journey'))").await;

    // Both are named, under whose they are; the shared one is in the journey, so undo takes it away.
    window.click("#views").await;
    window.see("[role=menu]").await;
    let heads = window.value("[...document.querySelectorAll('.menu-h')].map(it => it.innerText)").await;
    assert_eq!(heads, json!(["Yours, on this device", "Shared, on this journey"]));
    window.choose("Ours").await;
    window.until("!document.querySelector('[role=menu]')").await;
    window.value("document.querySelector('.mapv').focus()").await;
    window.press_with(CONTROL, "z").await;
    // A menu that is open says what there was when it opened.
    window
        .until("[...document.querySelectorAll('.toast')].some(it => it.innerText.includes('Undone'))")
        .await;
    window.click("#views").await;
    window.see("[role=menu]").await;
    window
        .until(
            "![...document.querySelectorAll('[role=menuitem]')].some(it => it.innerText.trim() === 'Ours')",
        )
        .await;
    window.close().await;
}

#[tokio::test]
async fn a_link_leads_to_a_view_and_to_an_item_and_a_foreign_one_says_so() {
    let display = Display::find();
    let folder = tempfile::tempdir().expect("a folder");
    let window = Window::open(&display, folder.path()).await;
    window.open_sample().await;
    window.until("document.activeElement.id === 'journey-map'").await;
    window.value("document.querySelector('.mapv article.k-insight').click()").await;
    window.click("#panel [aria-label='More']").await;
    window.choose("Copy link").await;
    let item = pasted(&window, "custory://item/").await;
    assert!(item.contains("/insight/"), "{item}");
    window.press(ESCAPE).await;
    window.press(ESCAPE).await;
    window.until("!document.querySelector('#panel')").await;
    window.press("2").await;
    window.see("[role=treegrid]").await;
    window.click("#filter-evidence").await;
    window.see(".filtered").await;
    window.click("#views").await;
    window.choose("Copy a link to this view").await;
    let view = pasted(&window, "custory://view/").await;
    // What was on screen is remembered; the view is what the link brings back.
    window.press("1").await;
    window.see(".mapv .stp").await;
    window.close().await;

    let window = Window::open_by(&display, folder.path(), &[&view]).await;
    window.see("[role=treegrid]").await;
    window.until("document.querySelector('.fchip')?.innerText.includes('Evidence 5+')").await;
    window.close().await;

    let window = Window::open_by(&display, folder.path(), &[&item]).await;
    window.until("!!document.querySelector('#panel .pn-h .stepchip.lk')").await;
    window.close().await;

    let foreign = item.replace(item.split('/').nth(3).expect("a journey"), "01ARZ3NDEKTSV4RRFFQ69G5FAV");
    let window = Window::open_by(&display, folder.path(), &[&foreign]).await;
    window
        .until("[...document.querySelectorAll('.toast')].some(it => it.innerText.includes('not in this workspace'))")
        .await;
    assert_eq!(window.value("document.querySelectorAll('#panel').length").await, json!(0));
    window.close().await;
}

/// What came onto the clipboard, read in the palette's field: a link that begins so.
async fn pasted(window: &Window, begin: &str) -> String {
    const FIELD: &str = "document.querySelector('[role=dialog] input').value";
    window.press_with(CONTROL, "k").await;
    window.see("[role=dialog] input").await;
    let mut text = String::new();
    for _ in 0..40 {
        window.press_with(CONTROL, "a").await;
        window.press_with(CONTROL, "v").await;
        text = window.value(FIELD).await.as_str().expect("a text").to_owned();
        if text.starts_with(begin) {
            break;
        }
        window.settle().await;
    }
    assert!(text.starts_with(begin), "{text}");
    window.press(ESCAPE).await;
    window.until("!document.querySelector('[role=dialog]')").await;
    text
}
