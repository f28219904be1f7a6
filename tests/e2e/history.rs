//! History in the real window: looked back at, compared, named, a part and all of it brought back, undone.

use serde_json::json;

use crate::screens::shoot_both;
use crate::window::{CONTROL, Display, ESCAPE, F2, Window};

const FIRST: &str = "document.querySelector('.mapv .stp[role=columnheader]')";

#[tokio::test]
async fn an_older_version_is_looked_at_named_and_brought_back_in_part_and_as_a_whole() {
    let display = Display::find();
    let folder = tempfile::tempdir().expect("a folder");
    let window = Window::open(&display, folder.path()).await;
    window.open_sample().await;
    window.until("document.querySelectorAll('.mapv .stp[role=columnheader]').length >= 8").await;
    let before = window
        .value(&format!("{FIRST}.querySelector('h3, b, .stp-t')?.innerText ?? {FIRST}.innerText"))
        .await;
    let before = before.as_str().expect("a title").lines().next().unwrap_or_default().to_owned();

    // Two changes by hand: a step's title, and a card that goes.
    window.click(".mapv .stp[role=columnheader]").await;
    window.press(ESCAPE).await;
    window.press(F2).await;
    window.replace_with("Hear of it at the depot").await;
    window.until(&format!("{FIRST}.innerText.includes('Hear of it at the depot')")).await;
    let gone = window.value("document.querySelector('.mapv .card').id").await;
    let gone = gone.as_str().expect("a card").to_owned();
    window.click(&format!("#{gone}")).await;
    window.press(ESCAPE).await;
    window.press(ESCAPE).await;
    window.value(&format!("document.getElementById('{gone}').focus()")).await;
    window.press("\u{e017}").await;
    window.until(&format!("!document.getElementById('{gone}')")).await;

    // G then H lists what was done, the newest first.
    window.press("g").await;
    window.press("h").await;
    window.see("#history .hv").await;
    let rows = "[...document.querySelectorAll('#history .hv')]";
    window
        .until(&format!(
            "{rows}[0].innerText.includes('Delete') && {rows}[1].innerText.includes('Rename step')"
        ))
        .await;
    window.see("#timeline rect").await;

    // The version before both: the map is as it was, and says what differs.
    window.value(&format!("{rows}[2].click()")).await;
    window.see("#history-banner").await;
    window.until(&format!("{FIRST}.innerText.includes({})", json!(before))).await;
    window.until(&format!("document.getElementById('{gone}')?.classList.contains('d-del')")).await;
    shoot_both(&window, "history").await;

    // It cannot be changed there.
    window.value(&format!("{FIRST}.focus()")).await;
    window.press(F2).await;
    window.replace_with("Nothing of this").await;
    window.until("document.querySelector('.toast')?.innerText.includes('look at only')").await;
    window.until(&format!("!{FIRST}.innerText.includes('Nothing of this')")).await;

    window.shoot("history-refused").await;

    // What changed, instead of how it was.
    let shown = |label: &str| {
        format!(
            "[...document.querySelectorAll('#history-banner .seg-i')].find(it => it.textContent.trim() === '{label}').click()"
        )
    };
    window.value(&shown("What changed")).await;
    window.until(&format!("{FIRST}.innerText.includes('Hear of it at the depot')")).await;
    window.until(&format!("document.getElementById('{gone}')?.classList.contains('d-del')")).await;
    window.until("document.querySelectorAll('.mapv .card.dim').length > 3").await;
    shoot_both(&window, "history-changes").await;
    window.value(&shown("As it was")).await;

    // Named, it is found again.
    window.click("#history-name").await;
    window.until("document.activeElement.matches('#history-banner input, #history-banner textarea, #history-banner [contenteditable]')").await;
    window.replace_with("Before the depot").await;
    window.until("document.querySelector('#history')?.innerText.includes('Before the depot')").await;

    // The card alone comes back, and the step keeps its new title.
    window.click(&format!("#{gone}")).await;
    window.click("#history-part").await;
    window.until("[...document.querySelectorAll('.toast')].some(it => it.innerText.includes('Put back as it was'))").await;
    window.click("#history-now").await;
    window.until(&format!("{FIRST}.innerText.includes('Hear of it at the depot')")).await;
    window.until(&format!("!!document.getElementById('{gone}')")).await;

    // By keyboard along the time line, then everything; one undo takes that back.
    window.press(ESCAPE).await;
    window.press(ESCAPE).await;
    if window.value("!document.querySelector('#history')").await == json!(true) {
        window.press("g").await;
        window.press("h").await;
    }
    window.see("#history .hv").await;
    window.value("[...document.querySelectorAll('#history .hv')].find(it => it.innerText.includes('Before the depot')).click()").await;
    window.see("#history-restore").await;
    window.until(&format!("{FIRST}.innerText.includes({})", json!(before))).await;
    window.click("#history-restore").await;
    window.until("!document.querySelector('#history-banner')").await;
    window.until(&format!("{FIRST}.innerText.includes({})", json!(before))).await;
    window.press_with(CONTROL, "z").await;
    window.until(&format!("{FIRST}.innerText.includes('Hear of it at the depot')")).await;
    window.value("document.querySelector('#timeline').focus()").await;
    window.press("\u{e012}").await;
    window.see("#history-banner").await;
    window.press(ESCAPE).await;
    window.until("!document.querySelector('#history-banner')").await;
    assert_eq!(window.value("document.querySelectorAll('.toast.bad-t').length").await, json!(0));
    window.close().await;
}
