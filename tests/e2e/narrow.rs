//! What is narrow: the bar of the picture of opportunities in small windows, and the columns of a table that somebody made
//! as narrow as they get, with everything twice as large.

use serde_json::json;

use crate::axes::by_priority;
use crate::screens::shoot_both;
use crate::window::{CONTROL, Display, Window};

#[tokio::test]
async fn the_bar_by_priority_has_room_for_its_legend_in_every_window() {
    let display = Display::find();
    let folder = tempfile::tempdir().expect("a folder");
    let window = Window::open(&display, folder.path()).await;
    by_priority(&window).await;
    let all_in = "(bar => [...bar.querySelectorAll('.pr-lgd > span, .btn.pri')].every(it => {
        const [inner, outer] = [it.getBoundingClientRect(), bar.getBoundingClientRect()];
        return inner.width > 0 && inner.left >= outer.left && inner.right <= outer.right;
    }))(document.querySelector('.pr-tools'))";
    let over_each_other = "(all => all.some((it, at) => at && it.getBoundingClientRect().left < all[at - 1].getBoundingClientRect().right - 1))([...document.querySelectorAll('.pr-tools > *')].filter(it => it.getBoundingClientRect().width > 0))";
    let cut =
        "[...document.querySelectorAll('.pr-lgd b')].filter(it => it.scrollWidth > it.clientWidth).length";
    for (width, height) in [(1024, 700), (1280, 800), (1440, 900)] {
        window.resize(width, height).await;
        window.settle().await;
        shoot_both(&window, &format!("priority-bar-{width}")).await;
        window.until(all_in).await;
        assert_eq!(window.value(over_each_other).await, json!(false), "at {width}");
        assert_eq!(window.value(cut).await, json!(0), "every name is whole at {width}");
    }
    // With conditions on, names are shortened before anything is out of sight.
    window.resize(1024, 700).await;
    for choice in ["Only open work", "Added"] {
        window.click("#filter").await;
        window.choose(choice).await;
        if choice == "Added" {
            window.choose("In the last 90 days").await;
        }
    }
    window.until("document.querySelectorAll('.fchip').length === 2").await;
    window.until(all_in).await;
    shoot_both(&window, "priority-bar-filtered").await;
    window.close().await;
}

/// What reaches out of a cell of the table without being cut there: over its neighbour.
const OVER_THE_NEXT: &str = "[...document.querySelectorAll('.tbl.vt tr:not(.grp) > td')].filter(td => {
    if (getComputedStyle(td).overflowX !== 'visible') return false;
    const words = document.createTreeWalker(td, NodeFilter.SHOW_TEXT);
    while (words.nextNode()) {
        let cut = words.currentNode.parentElement;
        while (cut !== td && getComputedStyle(cut).overflowX === 'visible') cut = cut.parentElement;
        const range = document.createRange();
        range.selectNodeContents(words.currentNode);
        if (cut === td && range.getBoundingClientRect().right > td.getBoundingClientRect().right + 1) return true;
    }
    return false;
}).map(td => `${td.id} ${td.className}: ${td.innerText}`).slice(0, 12)";

/// Words beside an icon, and heads, that are cut without dots at their end.
const WITHOUT_DOTS: &str =
    "[...document.querySelectorAll('.tbl.vt .vt-h, .tbl.vt td :is(.stl, .iss) > span')]
    .filter(it => it.getBoundingClientRect().right > it.closest('td, th').getBoundingClientRect().right + 1
        || (it.scrollWidth > it.clientWidth && getComputedStyle(it).textOverflow !== 'ellipsis'))
    .map(it => it.innerText).slice(0, 12)";

/// Drags the edges of all columns as far to the left as they go. The page is told directly: at this size the driver's
/// pointer is elsewhere.
async fn narrow_all(window: &Window) {
    let event = |kind: &str, of: &str, x: &str| {
        format!(
            "{of}.dispatchEvent(new PointerEvent('{kind}', {{ bubbles: true, cancelable: true, button: 0, buttons: {}, clientX: {x}, clientY: 100 }}))",
            u8::from(kind != "pointerup")
        )
    };
    let count =
        window.value("document.querySelectorAll('.vt-edge').length").await.as_u64().expect("a number");
    for at in 0..count {
        let head = format!("document.querySelectorAll('.tbl.vt thead th')[{}]", at + 1);
        window.value(&event("pointerdown", &format!("{head}.querySelector('.vt-edge')"), "0")).await;
        window.until("!!document.querySelector('.vt-drag')").await;
        window
            .value(&event(
                "pointermove",
                "document.querySelector('.vt-drag')",
                &format!("{head}.getBoundingClientRect().left + 10"),
            ))
            .await;
        window.value(&event("pointerup", "document.querySelector('.vt-drag')", "0")).await;
        window.until("!document.querySelector('.vt-drag')").await;
    }
}

#[tokio::test]
async fn narrow_columns_cut_what_they_hold_and_nothing_lies_over_the_next() {
    let display = Display::find();
    let folder = tempfile::tempdir().expect("a folder");
    let window = Window::open(&display, folder.path()).await;
    window.open_sample().await;
    window.until("document.activeElement.id === 'journey-map'").await;
    window.press("2").await;
    window.see("[role=treegrid] td").await;
    for _ in 0..6 {
        window.press_with(CONTROL, "+").await;
    }
    window.until("innerWidth < 900").await;
    let kinds =
        window.value("document.querySelectorAll('.views .vw').length").await.as_u64().expect("a number");
    for kind in 0..kinds {
        window.value(&format!("document.querySelectorAll('.views .vw')[{kind}].click()")).await;
        window
            .until(&format!("document.querySelectorAll('.views .vw')[{kind}].matches('[aria-current]')"))
            .await;
        window.settle().await;
        narrow_all(&window).await;
        window.settle().await;
        window.shoot(&format!("table-narrow-{kind}")).await;
        window.until(&format!("({OVER_THE_NEXT}).length === 0")).await;
        assert_eq!(window.value(WITHOUT_DOTS).await, json!([]), "of kind {kind}");
    }
    window.close().await;
}
