//! What one only notices when it is wrong: the keyboard is where one looks, nothing is cut or covered, and the
//! settings say which part one reads.

use serde_json::json;

use crate::window::{DOWN, Display, RIGHT, Window};

/// Cards that reach out of their cell, or whose words reach out of them.
const CUT: &str = "[...document.querySelectorAll('.mapv .cell')].flatMap(cell => [...cell.querySelectorAll('article')].filter(card => \
     card.getBoundingClientRect().bottom > cell.getBoundingClientRect().bottom + 1 || card.scrollHeight > card.clientHeight + 1)).length";

/// Buttons of the map's foot that something else lies over, or that stick out.
const COVERED: &str = "[...document.querySelectorAll('.foot button')].filter(it => { \
     const box = it.getBoundingClientRect(); \
     const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2); \
     return !it.contains(top) }).length";

#[tokio::test]
async fn the_keyboard_is_on_the_map_at_once_and_nothing_on_it_is_cut_or_covered() {
    let display = Display::find();
    let folder = tempfile::tempdir().expect("a folder");
    let window = Window::open(&display, folder.path()).await;
    window.open_sample().await;

    // Nobody has clicked on the map: an arrow works all the same.
    window.until("document.activeElement.id === 'journey-map'").await;
    window.press(RIGHT).await;
    window.until("document.activeElement.classList.contains('stp')").await;
    window.press(DOWN).await;
    window.until("document.activeElement.tagName === 'ARTICLE'").await;
    window.press("2").await;
    window.until("document.activeElement.id === 'journey-table'").await;
    window.press("1").await;
    window.until("document.activeElement.tagName === 'ARTICLE'").await;

    // Filtered, cells have room for more cards: all of each.
    assert_eq!(window.value(CUT).await, json!(0), "no card is cut");
    window.click("#filter").await;
    window.see("[role=menuitem]").await;
    let choose = "[...document.querySelectorAll('[role=menuitem]')].find(it => it.innerText.startsWith('Only open work')).click()";
    window.value(choose).await;
    window.until("/left|of/.test(document.querySelector('.bar [role=status]')?.innerText ?? '')").await;
    window.settle().await;
    window.shoot("map-filtered").await;
    assert_eq!(window.value(CUT).await, json!(0), "no card of the filtered map is cut");

    // History stands beside the map, not over its foot.
    window.press("g").await;
    window.press("h").await;
    window.see("#history .hv").await;
    window.settle().await;
    window.shoot("map-history").await;
    assert_eq!(window.value(COVERED).await, json!(0), "the whole foot can be used");
    window.close().await;
}

#[tokio::test]
async fn a_muted_journey_says_so() {
    let display = Display::find();
    let folder = tempfile::tempdir().expect("a folder");
    let window = Window::open(&display, folder.path()).await;
    window.open_sample().await;
    let line = ".side .nav[title^='Owner onboarding']";
    let ask_for_menu = format!(
        "document.querySelector(\"{line}\").dispatchEvent(new MouseEvent('contextmenu', {{bubbles: true}}))"
    );
    window.value(&ask_for_menu).await;
    window.choose("Mute").await;
    window.until(&format!("document.querySelector(\"{line}\").title === 'Owner onboarding, muted'")).await;
    window.see(&format!("{line} .i.mu")).await;
    window.shoot("muted").await;
    window.value(&ask_for_menu).await;
    window.choose("Mute").await;
    window.until(&format!("!document.querySelector(\"{line} .i.mu\")")).await;
    window.close().await;
}

#[tokio::test]
async fn the_settings_mark_the_part_that_is_looked_at() {
    let display = Display::find();
    let folder = tempfile::tempdir().expect("a folder");
    let window = Window::open(&display, folder.path()).await;
    window.open_sample().await;
    window.click(".side .me").await;
    let marked = "document.querySelector('.set-n [aria-current]')?.innerText.trim()";
    window.until(&format!("{marked} === 'Appearance'")).await;
    window.value("document.querySelector('#set-team').scrollIntoView()").await;
    window.until(&format!("{marked} === 'Team and sync'")).await;
    window.value("document.querySelector('#settings').scrollTo(0, 0)").await;
    window.until(&format!("{marked} === 'Appearance'")).await;

    // The last part cannot come to the top; whoever chose it still sees it marked.
    let last = "[...document.querySelectorAll('.set-n .nav')].at(-1)";
    window.value(&format!("{last}.click()")).await;
    window.until("document.querySelector('#settings').scrollTop > 0").await;
    window.settle().await;
    assert_eq!(window.value(&format!("{last}.getAttribute('aria-current')")).await, json!("true"));
    window.close().await;
}

#[tokio::test]
async fn whoever_presses_arrows_faster_than_frames_come_is_not_taken_back() {
    let display = Display::find();
    let folder = tempfile::tempdir().expect("a folder");
    let window = Window::open(&display, folder.path()).await;
    window.open_sample().await;
    window.until("document.activeElement.id === 'journey-map'").await;
    window.press(RIGHT).await;
    window.until("document.activeElement.classList.contains('stp')").await;
    window.settle().await;

    // Frames come when the test says so: the first key's own comes only between the second key and the third.
    let script = "
        const done = arguments[arguments.length - 1];
        const heads = [...document.querySelectorAll('.mapv .stp[role=columnheader]')].map(it => it.id);
        const first = heads.indexOf(document.activeElement.id);
        const [frame, timeout] = [window.requestAnimationFrame, window.setTimeout];
        const held = [];
        window.requestAnimationFrame = draw => held.push(draw);
        window.setTimeout = (act, millis, ...rest) => millis === 100 ? 0 : timeout(act, millis, ...rest);
        const press = () => document.activeElement.dispatchEvent(
            new KeyboardEvent('keydown', { key: 'ArrowRight', code: 'ArrowRight', bubbles: true, cancelable: true }));
        const turn = () => new Promise(over => timeout(over, 0));
        (async () => {
            press();
            await turn();
            const early = held.splice(0);
            press();
            await turn();
            early.forEach(draw => draw(0));
            await turn();
            press();
            for (let turns = 0; turns < 20; turns += 1) {
                await turn();
                held.splice(0).forEach(draw => draw(0));
            }
            [window.requestAnimationFrame, window.setTimeout] = [frame, timeout];
            done([first, heads.indexOf(document.activeElement.id)]);
        })();";
    let went = window.client.execute_async(script, vec![]).await.expect("the keys are pressed");
    assert_eq!(went, json!([0, 3]), "three keys, three steps");
    window.close().await;
}
