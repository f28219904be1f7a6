//! Comments in the real window: threads with those who said what, a reply, somebody mentioned by name; and what was
//! changed, told beside what it is about.

use serde_json::json;

use crate::screens::shoot_both;
use crate::window::{CONTROL, Display, ENTER, F2, Window};

const HEADS: &str = "[...document.querySelectorAll('.mapv .stp[role=columnheader]')]";
const ANSWERS: &str = "document.querySelectorAll('.cm.answer').length";

/// Shows a tab of the panel.
async fn tab(window: &Window, name: &str) {
    let tab = format!(
        "[...document.querySelectorAll('#panel .tab')].find(it => it.innerText.startsWith('{name}'))"
    );
    window.until(&format!("!!{tab}")).await;
    window.value(&format!("{tab}.click()")).await;
}

#[tokio::test]
async fn people_talk_in_threads_and_mention_each_other_and_changes_are_told_beside_it() {
    let display = Display::find();
    let folder = tempfile::tempdir().expect("a folder");
    let window = Window::open(&display, folder.path()).await;
    window.open_sample().await;
    window.value(&format!("{HEADS}.find(it => it.ariaLabel.endsWith('Invite crew')).click()")).await;
    tab(&window, "Comments").await;
    window.until(&format!("{ANSWERS} === 2")).await;
    let first = "document.querySelector('.cm .cm-h').innerText";
    let first = window.value(first).await;
    assert!(
        first.as_str().is_some_and(|it| it.starts_with("Jonas Weber")),
        "who said it, not who brought it in: {first}"
    );

    // M types, @ offers names, Enter takes the first; another Enter says it.
    window.press("m").await;
    window.until("document.activeElement.id === 'comment'").await;
    window.press("Over to you @pri").await;
    window
        .until(
            "document.querySelector('#comment-names [aria-selected=true]')?.innerText.includes('Priya Nair')",
        )
        .await;
    window.shoot("comment-names").await;
    window.press(ENTER).await;
    window.until("document.querySelector('#comment').value === 'Over to you @Priya Nair '").await;
    window.press(ENTER).await;
    window
        .until("[...document.querySelectorAll('.cm .cm-at')].some(it => it.innerText === '@Priya Nair')")
        .await;

    // A reply stands below what it answers, and undo takes it back.
    window.value("document.querySelector('.cm .cm-r').click()").await;
    window.until("document.activeElement.id === 'reply'").await;
    window.press("I asked two of them").await;
    window.press(ENTER).await;
    window.until(&format!("{ANSWERS} === 3")).await;
    shoot_both(&window, "comments").await;
    window.value("document.querySelector('.mapv').focus()").await;
    window.press_with(CONTROL, "z").await;
    window.until(&format!("{ANSWERS} === 2")).await;

    // What is changed is told at once, with who did it.
    tab(&window, "Activity").await;
    window.see("#activity .hv").await;
    let before = window.value("document.querySelectorAll('#activity .hv').length").await;
    window.value(&format!("{HEADS}.find(it => it.ariaLabel.endsWith('Invite crew')).focus()")).await;
    window.press(F2).await;
    window.replace_with("Bring the crew in").await;
    window.until(&format!("document.querySelectorAll('#activity .hv').length === {before} + 1")).await;
    window.until("document.querySelector('#activity .hv').innerText.includes('Rename step')").await;
    let over = "(() => {
        const rows = [...document.querySelectorAll('#activity .hv')].map(it => it.getBoundingClientRect());
        const width = document.querySelector('#activity').clientWidth;
        return rows.filter((it, at) => it.width < width / 2 || at > 0 && it.top < rows[at - 1].bottom - 1).length;
    })()";
    assert_eq!(window.value(over).await, json!(0), "each change has a line of its own");
    shoot_both(&window, "activity").await;
    window.value("document.querySelectorAll('#activity .hv')[1].click()").await;
    window.see("#history-banner").await;
    window.until(&format!("{HEADS}.some(it => it.ariaLabel.endsWith('Invite crew'))")).await;

    // @ in the palette finds people, and leaves what is theirs.
    window.click("#history-now").await;
    window.press_with(CONTROL, "k").await;
    window.see("[role=dialog] input").await;
    window.press("@pri").await;
    window.until("document.querySelector('[role=option]')?.innerText.includes('Priya Nair')").await;
    window.press(ENTER).await;
    window.until("/Priya Nair/.test(document.querySelector('.fchip')?.innerText ?? '')").await;
    assert_eq!(window.value("document.querySelectorAll('.toast.bad').length").await, json!(0));
    window.close().await;
}
