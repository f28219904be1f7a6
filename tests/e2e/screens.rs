//! Every screen in the real window, light and dark: each is there, nothing on it says that it failed, the page never
//! scrolls as a whole, and a picture of it is kept. `cargo xtask screens` puts the pictures where the papers show them.

use std::path::{Path, PathBuf};

use serde_json::json;

use crate::team::custory;
use crate::window::{CONTROL, DOWN, Display, ENTER, ESCAPE, SHIFT, Window};

/// Steps whose heads are on the map.
const HEADS: &str = "document.querySelectorAll('.mapv .stp[role=columnheader]')";

#[tokio::test]
async fn the_sample_opens_from_the_welcome_in_light_and_dark() {
    let display = Display::find();
    let folder = tempfile::tempdir().expect("a folder");
    let window = Window::open(&display, folder.path()).await;
    window.see("#begin-sample").await;
    window.until("document.querySelector('.wel-r').children.length > 0").await;
    shoot_both(&window, "welcome").await;

    window.open_sample().await;
    window.until(&format!("{HEADS}.length >= 8")).await;
    shoot_both(&window, "map").await;

    // The step where most are lost, with what is known of it.
    open_step(&window, "Invite crew").await;
    shoot_both(&window, "step").await;
    window.value("[...document.querySelectorAll('.mapv article.k-opp')].find(it => it.innerText.includes('QR code')).click()").await;
    window.see("#panel #decisions .dec").await;
    shoot_both(&window, "item").await;
    window.press(ESCAPE).await;
    window.press(ESCAPE).await;
    window.until("!document.querySelector('#panel')").await;

    window.value("document.querySelector('#journey-map').scrollTo(0, 0)").await;
    window.until(&format!("{HEADS}[0].ariaLabel.startsWith('Step 1,')")).await;
    window.until(&format!("({HEADS}[0].focus(), document.activeElement === {HEADS}[0])")).await;
    window.settle().await;
    window.press("[").await;
    window.see(".spine.head").await;
    shoot_both(&window, "map-folded").await;
    window.click(".spine.head").await;
    window.until("!document.querySelector('.spine.head')").await;

    for _ in 0..6 {
        window.press("-").await;
    }
    window.see(".zsq").await;
    window.value("document.querySelectorAll('.zs')[5].focus()").await;
    window.see(".lens").await;
    shoot_both(&window, "map-zoomed-out").await;
    window.press("0").await;
    window.until(&format!("{HEADS}.length >= 6")).await;

    window.press("2").await;
    window.see("[role=treegrid]").await;
    shoot_both(&window, "table").await;
    window.press(DOWN).await;
    window.press(DOWN).await;
    window.press("x").await;
    window.press_with(SHIFT, DOWN).await;
    window.press_with(SHIFT, DOWN).await;
    window.see("#bulk").await;
    shoot_both(&window, "table-selected").await;
    window.press(ESCAPE).await;
    window.press("3").await;
    window.see(".bub").await;
    shoot_both(&window, "priority").await;
    window.press("4").await;
    window.see("#tree").await;
    shoot_both(&window, "tree").await;
    window.click("#filter").await;
    window.choose("Only open work").await;
    window.until("/left|of/.test(document.querySelector('.bar [role=status]')?.innerText ?? '')").await;
    shoot_both(&window, "filter").await;
    window.press("1").await;
    window.see(".mapv .stp").await;
    sound(&window).await;
    window.close().await;
}

#[tokio::test]
async fn every_dialog_and_every_screen_beside_the_map_is_there_in_light_and_dark() {
    let display = Display::find();
    let folder = tempfile::tempdir().expect("a folder");
    let notes = folder.path().join("Research");
    std::fs::create_dir(&notes).expect("a folder");
    let note = "> The crew invitations never arrived. I wrote to help@bell.example twice.\n\n\
                Half my crew could not find the invite in their mail.\n\nThe owner showed us a whiteboard.\n";
    std::fs::write(notes.join("visit.md"), note).expect("a note");
    let window = Window::open(&display, folder.path()).await;

    // Before there is a journey: what to read, the reading, its review.
    window.click("#begin-product").await;
    window.see("#sources").await;
    shoot_both(&window, "draft").await;
    window.click("[aria-label='Read: Repository or folder']").await;
    let repository = repository().to_string_lossy().into_owned();
    window.see("#src-folder").await.send_keys(&repository).await.expect("a field");
    window.click("#read-and-draft").await;
    window.see("#accept").await;
    window.until("document.querySelectorAll('mark').length > 0").await;
    shoot_both(&window, "draft-review").await;
    window.client.refresh().await.expect("the page opens again");

    window.see(".side, #begin-sample").await;
    window.press_with(CONTROL, "k").await;
    command(&window, "new journey from the sample").await;
    window.see("#assistant-open").await;
    window.until(&format!("{HEADS}.length >= 6")).await;

    window.press_with(CONTROL, "k").await;
    window.see("[role=dialog] input").await;
    window.press("invite").await;
    window.until("document.querySelectorAll('[role=option]').length >= 4").await;
    // Each says what it is worth: evidence, a score, what a fix did.
    for (title, worth) in [("Invite link opens the App Store", "23"), ("Text-message invites", "+11 pts")] {
        window.until(&format!("[...document.querySelectorAll('[role=option]')].find(it => it.innerText.includes('{title}'))?.querySelector('.pal-w')?.innerText.trim() === '{worth}'")).await;
    }
    shoot_both(&window, "palette").await;
    close_dialog(&window).await;
    window.press("?").await;
    window.see("[role=dialog]").await;
    shoot_both(&window, "shortcuts").await;
    close_dialog(&window).await;
    window.click("#about-open").await;
    window.see(".about").await;
    shoot_both(&window, "about").await;
    close_dialog(&window).await;
    for (words, name) in [("export this journey", "export"), ("new journey from a template", "templates")] {
        window.press_with(CONTROL, "k").await;
        command(&window, words).await;
        window.see("[role=dialog] .dlg, .dlg[role=dialog], [role=dialog]").await;
        shoot_both(&window, name).await;
        close_dialog(&window).await;
    }
    window.press_with(CONTROL, "j").await;
    window.see("#assistant").await;
    shoot_both(&window, "assistant-setup").await;
    window.press_with(CONTROL, "j").await;
    window.until("!document.querySelector('#assistant')").await;
    window.press("g").await;
    window.press("r").await;
    window.see("#review-open").await;
    window.press(ESCAPE).await;
    window.until("!document.querySelector('#review')").await;

    custory(folder.path(), &["signals", "watch", notes.to_str().expect("a path")], "");
    window.click(".side .nav[title='Settings']").await;
    window.see(".set-w").await;
    window.until("!document.querySelector('#models-standing')?.innerText.includes('Looking')").await;
    shoot_both(&window, "settings").await;
    for (part, name) in [("set-ai", "settings-ai"), ("set-team", "settings-team")] {
        window.value(&format!("document.getElementById('{part}').scrollIntoView() ?? true")).await;
        shoot_both(&window, name).await;
    }
    window.click(".side .nav[title='Integrations']").await;
    window.see("#tool-shown .in-f").await;
    shoot_both(&window, "integrations").await;
    // G and a letter lead to each of them, wherever one is.
    window.press("g").await;
    window.press("i").await;
    window.until("document.querySelectorAll('.sig').length === 3").await;
    window.press("g").await;
    window.press("n").await;
    window.see("#integrations").await;
    window.press("g").await;
    window.press("a").await;
    window.see("#dry-run").await;
    sound(&window).await;
    window.close().await;
}

/// States that are not the usual one: nothing there yet, nothing left by a filter.
#[tokio::test]
async fn a_journey_without_steps_and_a_filter_that_leaves_nothing_say_what_to_do() {
    let display = Display::find();
    let folder = tempfile::tempdir().expect("a folder");
    let window = Window::open(&display, folder.path()).await;
    window.open_sample().await;
    window.click(".side .nav[title='Inbox']").await;
    window.see("#watch-folder").await;
    shoot_both(&window, "inbox-empty").await;
    window.press_with(CONTROL, "k").await;
    command(&window, "new blank journey").await;
    window.see(".no-steps").await;
    shoot_both(&window, "empty").await;
    for (key, name, there) in
        [("2", "table", "[role=treegrid]"), ("3", "priority", ".empty"), ("4", "tree", "#tree, .empty")]
    {
        window.press(key).await;
        window.see(there).await;
        shoot_both(&window, &format!("empty-{name}")).await;
    }
    sound(&window).await;
    window.close().await;
}

/// From the smallest window to a 4K monitor, and with everything twice as large.
#[tokio::test]
async fn every_view_fits_windows_of_every_size_and_text_of_200_per_cent() {
    let display = Display::large();
    let folder = tempfile::tempdir().expect("a folder");
    let window = Window::open(&display, folder.path()).await;
    // On so wide a screen everything is larger by itself. The driver's clicks go where things would be at 100%, so here
    // the page is told what is pressed.
    press(&window, "#begin-sample").await;
    window.see("#assistant-open").await;
    window.until("innerWidth < 1200").await;
    press(&window, ".side .nav[title='Settings']").await;
    press(&window, "#text-size").await;
    window.choose("100%").await;
    window.until("innerWidth > 1400").await;
    press(&window, ".side .nav[title='Owner onboarding']").await;
    window.see(".mapv .stp").await;
    for (width, height, name) in [(1024, 700, "1024x700"), (1920, 1080, "1920x1080"), (3840, 2160, "4k")] {
        window.resize(width, height).await;
        for (key, view, there) in [
            ("2", "table", "[role=treegrid]"),
            ("3", "priority", ".bub"),
            ("4", "tree", "#tree"),
            ("1", "map", ".mapv .stp"),
        ] {
            window.press(key).await;
            window.see(there).await;
            window.settle().await;
            assert_eq!(window.value(STICKS_OUT).await, json!([]), "{view} at {name}");
            if width < 3840 || view == "map" {
                window.shoot(&format!("{view}-{name}")).await;
            }
        }
    }

    // The page is as large as half the window, and everything is still there.
    window.resize(1440, 900).await;
    for _ in 0..6 {
        window.press_with(CONTROL, "+").await;
    }
    window.until("innerWidth === 720").await;
    for (key, view, there) in [
        ("2", "table", "[role=treegrid]"),
        ("3", "priority", ".bub"),
        ("4", "tree", "#tree"),
        ("1", "map", ".mapv .stp"),
    ] {
        window.press(key).await;
        window.see(there).await;
        window.settle().await;
        assert_eq!(window.value(STICKS_OUT).await, json!([]), "{view} at 200%");
        window.shoot(&format!("{view}-200")).await;
    }
    open_step(&window, "Start trial").await;
    // It lies over the map's right side, as in every narrow window.
    let is_within = "document.querySelector('#panel').getBoundingClientRect().left > 52";
    assert_eq!(window.value(is_within).await, json!(true), "a step at 200% leaves something of the map");
    window.shoot("step-200").await;
    window.press(ESCAPE).await;
    window.press_with(CONTROL, "0").await;
    window.until("innerWidth > 1000").await;
    sound(&window).await;
    window.close().await;
}

/// Buttons and titles of the frame that cannot be seen whole: beyond the window's edges, or covered by another.
const STICKS_OUT: &str = "(() => { \
     const found = []; \
     if (document.scrollingElement.scrollWidth > innerWidth || document.scrollingElement.scrollHeight > innerHeight) found.push('the page scrolls'); \
     for (const it of document.querySelectorAll('.top button, .bar > button, .bar .btn, .side > .navs .nav, .foot button')) { \
         const box = it.getBoundingClientRect(); \
         if (box.width === 0) continue; \
         const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2); \
         if (!top || !(it.contains(top) || top.contains(it))) found.push(it.className + ' ' + it.innerText.trim()); \
     } \
     return found })()";

/// A small product's repository, as it lies beside the drafter's own tests.
fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("crates/drafting/tests/it/fixtures/repository")
}

/// Presses what is there, or will be.
async fn press(window: &Window, css: &str) {
    window.see(css).await;
    window.value(&format!("document.querySelector(\"{css}\").click()")).await;
}

/// Opens a step of the map.
async fn open_step(window: &Window, title: &str) {
    let head = format!("[...{HEADS}].find(it => it.ariaLabel.endsWith('{title}'))");
    window.until(&format!("!!{head}")).await;
    window.value(&format!("{head}.click()")).await;
    window.until(&format!("document.querySelector('#panel h2')?.innerText.includes('{title}')")).await;
}

/// Runs the first command of the palette, which is open or opening, for these words.
async fn command(window: &Window, words: &str) {
    window.see("[role=dialog] input").await;
    window.press(words).await;
    let first = "document.querySelector('[role=option]')?.innerText.toLowerCase() ?? ''";
    window.until(&format!("({first}).startsWith('{words}')")).await;
    window.press(ENTER).await;
    window.until("!document.querySelector('[role=dialog] input[role=combobox], .pal')").await;
}

async fn close_dialog(window: &Window) {
    window.press(ESCAPE).await;
    window.until("!document.querySelector('[role=dialog]')").await;
}

/// Nothing has said that it failed.
async fn sound(window: &Window) {
    assert_eq!(window.value("document.querySelectorAll('.toast.bad').length").await, json!(0));
}

/// A picture in each theme. The page is told directly: which theme the system has is not ours to set.
pub async fn shoot_both(window: &Window, name: &str) {
    for theme in ["light", "dark"] {
        window.value(&format!("document.documentElement.dataset.theme = '{theme}'")).await;
        window.shoot(&format!("{name}-{theme}")).await;
    }
    window.value("document.documentElement.dataset.theme = 'light'").await;
}
