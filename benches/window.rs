//! What a person sees: a big journey opening in the real window, and an edit appearing in it.
//!
//! Times are taken inside the web view, from the key or the click to the moment at which the result is in the
//! page, and to the task after the frame in which it was drawn; and between the frames of a view that is moved.
//! Run it with `cargo xtask bench window`; it opens a window on `DISPLAY`, or on an X server of its own. Words after
//! that measure only some of it (`start`, `open`, `edit`, `pan`, `zoom`, `table`, `long`, `priority`), and `folder=PATH` keeps the
//! journeys there for the next time.
#![cfg(target_os = "linux")]
#![allow(clippy::disallowed_methods, reason = "measuring is about real time")]

#[path = "../crates/engine/benches/big/mod.rs"]
mod big;
#[path = "../tests/e2e/window.rs"]
#[allow(dead_code, reason = "the tests need more of it")]
mod window;

use std::path::{Path, PathBuf};

use custory_domain::{Command, Insight, Order, Stage, Step, Via};
use custory_engine::{Engine, Options};
use custory_ipc::{Beginning, Reply, Request};
use serde_json::json;

use window::{Display, ENTER, F2, Window};

const STARTS: usize = 10;
const OPENINGS: usize = 20;
const EDITS: usize = 60;
const FRAMES: usize = 90;
/// A frame that comes this many milliseconds after the one before has missed its turn, sixty of which are in a second.
const LATE: f64 = 25.0;
/// Items of the long journey, all of one kind: as many rows of the table.
const LONG_ITEMS: usize = 10_000;

/// Watches for what a condition is about to make true. Notes how long after the trigger it was in the page, and
/// how long after it was painted: in the first task after the frame that it was drawn in.
const WATCH: &str = "
    window.watch = (trigger, isTrue) => {
        window.took = null;
        const begin = (event) => {
            // A key that is held for another one begins nothing.
            if (event.key === 'Alt') return;
            window.removeEventListener(trigger, begin, true);
            const began = performance.now();
            const changes = new MutationObserver(() => {
                if (!isTrue()) return;
                changes.disconnect();
                const inPage = performance.now() - began;
                // A timer's task comes after the painting. A message's may come after the next frame as well.
                requestAnimationFrame(() => {
                    setTimeout(() => { window.took = [inPage, performance.now() - began]; });
                });
            });
            changes.observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
        };
        window.addEventListener(trigger, begin, true);
    };
    return true";

/// What is asked for.
struct Asked {
    /// What to measure; everything without a word.
    parts: Vec<String>,
    /// Where the journeys are kept; nowhere without.
    folder: Option<PathBuf>,
}

impl Asked {
    fn of(arguments: impl Iterator<Item = String>) -> Self {
        let mut asked = Self { parts: Vec::new(), folder: None };
        // Cargo adds options of its own.
        for argument in arguments.filter(|it| !it.starts_with('-')) {
            match argument.strip_prefix("folder=") {
                Some(path) => asked.folder = Some(PathBuf::from(path)),
                None => asked.parts.push(argument),
            }
        }
        asked
    }

    fn has(&self, part: &str) -> bool {
        self.parts.is_empty() || self.parts.iter().any(|it| it == part)
    }
}

fn main() {
    let asked = Asked::of(std::env::args().skip(1));
    let passing = tempfile::tempdir().expect("a folder");
    let folder = asked.folder.clone().unwrap_or_else(|| passing.path().to_owned());
    if !folder.join("custory.db").exists() {
        fill(&folder);
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(measure(&folder, &asked));
}

/// Puts a big journey, a long one and a small one into the folder.
fn fill(folder: &Path) {
    let engine = Engine::start(Options::system(folder.to_owned())).expect("the engine starts");
    fill_long(&engine);
    big::fill(&engine);
    make(&engine, "Small");
}

fn make(engine: &Engine, title: &str) -> custory_domain::JourneyId {
    let create = Request::CreateJourney { title: title.to_owned(), from: Beginning::Blank };
    match engine.request_blocking(create) {
        Ok(Reply::Made { journey, .. }) => journey,
        other => panic!("no journey: {other:?}"),
    }
}

fn fill_long(engine: &Engine) {
    // Ids of its own: the other journey counts from one.
    let id = |number: usize| big::id::<custory_domain::StepId>(100_000 + number);
    let journey = make(engine, "Long");
    let stage = Stage { title: "All of it".to_owned(), ..Stage::new(big::id(100_000)) };
    let step = Step { title: "The only step".to_owned(), stage: Some(stage.id), ..Step::new(id(0)) };
    let mut commands = vec![Command::add(stage), Command::add(step)];
    for (at, order) in Order::series(None, LONG_ITEMS).into_iter().enumerate() {
        let statement = format!("People say that thing {at} takes them longer than it should");
        let insight = Insight::new(big::id(100_001 + at));
        commands.push(Command::add(Insight {
            statement,
            steps: [id(0)].into(),
            order,
            severity: Some(3),
            ..insight
        }));
    }
    let command = Command::Batch { label: "Fill".to_owned(), commands };
    let filled = engine.request_blocking(Request::Dispatch { journey, command, via: Via::Import });
    filled.expect("the journey is filled");
}

async fn measure(folder: &Path, asked: &Asked) {
    let display = Display::find();
    let window = Window::open(&display, folder).await;
    // Journeys that are kept are shown as they were last looked at.
    window.see(".mapv, .vt-s, .mx").await;
    window.press("1").await;
    window.see(".mapv").await;
    window.client.execute(WATCH, vec![]).await.expect("a script");
    println!("{} steps, {} items, in the real window\n", big::STEPS, big::ITEMS);
    println!("{:<32}{:>10}{:>10}{:>10}", "", "median", "p95", "max");
    go(&window, "Big").await;
    window.until(IS_BIG).await;
    if asked.has("open") {
        open(&window).await;
    }
    if asked.has("edit") {
        edit(&window).await;
    }
    if asked.has("pan") {
        move_through(&window, "map, panned", ".mapv", "view.scrollLeft += 30").await;
    }
    if asked.has("zoom") {
        move_through(&window, "map, zoomed", ".mapv", ZOOM).await;
        window.press("0").await;
    }
    if asked.has("table") {
        window.press("2").await;
        edit_in_table(&window).await;
        move_through(&window, "table, scrolled", ".vt-s", "view.scrollTop += 30").await;
    }
    if asked.has("priority") {
        window.press("3").await;
        move_by_priority(&window).await;
    }
    if asked.has("long") {
        go(&window, "Long").await;
        window.until(IS_LONG).await;
        window.press("2").await;
        window.until(IS_LONG_TABLE).await;
        move_through(&window, &format!("table of {LONG_ITEMS}, scrolled"), ".vt-s", "view.scrollTop += 30")
            .await;
        // As by the bar at its side: every frame shows other rows.
        move_through(&window, &format!("table of {LONG_ITEMS}, by pages"), ".vt-s", "view.scrollTop += 3000")
            .await;
    }
    if asked.has("start") {
        go(&window, "Big").await;
        window.press("1").await;
        window.until(IS_BIG).await;
        window.close().await;
        start(&display, folder).await;
    } else {
        window.close().await;
    }
}

/// From the start of the program to the painted map, which the interface notes in the page's timeline.
async fn start(display: &Display, folder: &Path) {
    let mut took = Vec::new();
    for _ in 0..STARTS {
        let window = Window::open(display, folder).await;
        window.until(IS_BIG).await;
        window.until("performance.getEntriesByName('journey').length > 0").await;
        let shown = "performance.timeOrigin + performance.getEntriesByName('journey')[0].startTime";
        let shown = window.value(shown).await.as_f64().expect("milliseconds since 1970");
        took.push(shown - begun().expect("the window's process"));
        window.close().await;
    }
    line("start of the program to the map", took);
}

/// When the newest window's process began, in milliseconds since 1970, to the hundredth of a second.
fn begun() -> Option<f64> {
    // `proc(5)`: the 22nd field, in hundredths of a second since the machine began; the name before it has no blank.
    let started = |folder: std::fs::DirEntry| -> Option<f64> {
        let about = std::fs::read_to_string(folder.path().join("stat")).ok()?;
        let mut fields = about.split(' ');
        (fields.nth(1)? == "(custory-desktop)").then(|| fields.nth(19)?.parse::<f64>().ok())?
    };
    let newest = std::fs::read_dir("/proc").ok()?.flatten().filter_map(started).max_by(f64::total_cmp)?;
    let uptime = std::fs::read_to_string("/proc/uptime").ok()?;
    let uptime: f64 = uptime.split(' ').next()?.parse().ok()?;
    let now = std::time::SystemTime::UNIX_EPOCH.elapsed().ok()?.as_secs_f64();
    Some((now - uptime) * 1_000.0 + newest * 10.0)
}

/// The big journey is drawn, with its first cards.
const IS_BIG: &str = "Number(document.querySelector('.mapv')?.ariaColCount) >= 60 &&
    document.querySelectorAll('.mapv [role=gridcell]').length > 20";
/// The long one is, and as a table.
const IS_LONG: &str = "document.querySelector('.mapv')?.ariaColCount === '5'";
const IS_LONG_TABLE: &str = "Number(document.querySelector('.vt-s')?.ariaRowCount) > 10000";
/// The small one is.
const IS_SMALL: &str = "Number(document.querySelector('.mapv')?.ariaColCount) < 60";

/// From the click in the sidebar to the painted map.
async fn open(window: &Window) {
    let mut took = Vec::new();
    for _ in 0..OPENINGS {
        go(window, "Small").await;
        window.until(IS_SMALL).await;
        watch(window, "click", IS_BIG).await;
        go(window, "Big").await;
        took.push(measured(window).await);
    }
    lines("open from a click", took);
}

/// From Enter in a step's title to the new title on the map.
async fn edit(window: &Window) {
    let mut took = Vec::new();
    window.click(".mapv .stp[role=columnheader]").await;
    window.press(window::ESCAPE).await;
    for at in 0..EDITS {
        window.press(F2).await;
        let text = format!("Title number {at}");
        window.type_over(&text).await;
        let shown = format!(
            "[...document.querySelectorAll('.mapv .stp')].some((it) => it.ariaLabel?.includes('{text}'))"
        );
        watch(window, "keydown", &shown).await;
        window.press(ENTER).await;
        took.push(measured(window).await);
    }
    lines("edit from Enter", took);
}

/// From Enter in a cell of the table to its new text.
async fn edit_in_table(window: &Window) {
    let mut took = Vec::new();
    window.see("[role=treegrid]").await;
    window.value("document.querySelector('[role=treegrid]').focus() ?? true").await;
    let cell = "document.getElementById(document.querySelector('[role=treegrid]').getAttribute('aria-activedescendant'))";
    while window.value(&format!("!{cell}?.closest('tbody')")).await == json!(true) {
        window.press(window::DOWN).await;
        window.settle().await;
    }
    for at in 0..EDITS {
        window.press("e").await;
        window.until("['INPUT', 'TEXTAREA'].includes(document.activeElement.tagName)").await;
        let text = format!("Cell number {at}");
        window.type_over(&text).await;
        let shown = format!(
            "[...document.querySelectorAll('[role=treegrid] tbody td')].some(it => it.innerText.includes('{text}'))"
        );
        watch(window, "keydown", &shown).await;
        window.press(ENTER).await;
        took.push(measured(window).await);
        window.press(window::ESCAPE).await;
    }
    lines("table: edit from Enter", took);
}

/// From Alt with an arrow to the bubble at its new place.
async fn move_by_priority(window: &Window) {
    let mut took = Vec::new();
    window.see(".bub").await;
    window.value("document.getElementById('priority-matrix').focus() ?? true").await;
    window.press(window::RIGHT).await;
    window.settle().await;
    let places = "[...document.querySelectorAll('.bub')].map(it => it.style.cssText).join()";
    for at in 0..EDITS {
        window.value(&format!("(window.before = {places}) && true")).await;
        watch(window, "keydown", &format!("{places} !== window.before")).await;
        window.press_with(window::ALT, if at % 2 == 0 { window::RIGHT } else { window::LEFT }).await;
        took.push(measured(window).await);
    }
    lines("priority: move by a key", took);
    let mut took = Vec::new();
    let order = "[...document.querySelectorAll('.pr-b')].map(it => it.id).join()";
    for at in 0..EDITS {
        window.settle().await;
        window.value(&format!("(window.before = {order}) && true")).await;
        watch(window, "keydown", &format!("{order} !== window.before")).await;
        window.press_with(window::ALT, if at % 2 == 0 { window::RIGHT } else { window::LEFT }).await;
        took.push(measured(window).await);
    }
    lines("priority: list after a key", took);
}

/// Zooms out a little in each frame, and in again. The map is laid out anew after that.
const ZOOM: &str = "view.dispatchEvent(new WheelEvent('wheel', {
    ctrlKey: true, bubbles: true, cancelable: true, deltaY: times.length <= 45 ? 8 : -8,
    clientX: view.getBoundingClientRect().left + 500, clientY: view.getBoundingClientRect().top + 300,
}))";

/// Moves a view by a little in each frame, and takes the times between them.
async fn move_through(window: &Window, what: &str, css: &str, step: &str) {
    let script = format!(
        "const done = arguments[arguments.length - 1];
        const view = document.querySelector('{css}');
        const times = [];
        const frame = () => {{
            times.push(performance.now());
            {step};
            if (times.length <= {FRAMES}) requestAnimationFrame(frame);
            else done(times.slice(1).map((it, at) => it - times[at]));
        }};
        requestAnimationFrame(frame);"
    );
    window.see(css).await;
    window.settle().await;
    let frames = window.client.execute_async(&script, vec![]).await.expect("frames");
    let frames = frames.as_array().expect("a list").iter().map(|it| it.as_f64().expect("milliseconds"));
    let frames: Vec<f64> = frames.collect();
    let per_second = 1_000.0 * frames.len() as f64 / frames.iter().sum::<f64>();
    let late = frames.iter().filter(|it| **it >= LATE).count();
    line(&format!("{what}: from frame to frame"), frames);
    println!("{:<32}{per_second:>7.1} frames a second, {late} of {FRAMES} late", "");
}

async fn go(window: &Window, title: &str) {
    let script = "[...document.querySelectorAll('nav a, nav button, .nav, .nv')]
        .find((it) => it.innerText.trim().startsWith(arguments[0])).click()";
    window.client.execute(script, vec![json!(title)]).await.expect("the journey is in the sidebar");
}

async fn watch(window: &Window, trigger: &str, condition: &str) {
    let script = format!("window.watch('{trigger}', () => {condition}); return true");
    window.client.execute(&script, vec![]).await.expect("a script");
}

/// Milliseconds until it was in the page, and until it was painted.
async fn measured(window: &Window) -> (f64, f64) {
    window.until("window.took !== null").await;
    let took = window.value("window.took").await;
    let millis = |at: usize| took[at].as_f64().expect("milliseconds");
    (millis(0), millis(1))
}

fn lines(what: &str, took: Vec<(f64, f64)>) {
    let (in_page, painted): (Vec<_>, Vec<_>) = took.into_iter().unzip();
    line(&format!("{what}: in the page"), in_page);
    line(&format!("{what}: painted"), painted);
}

fn line(what: &str, mut took: Vec<f64>) {
    took.sort_by(f64::total_cmp);
    let at = |share: f64| took[((took.len() - 1) as f64 * share).round() as usize];
    println!("{what:<32}{:>7.1} ms{:>7.1} ms{:>7.1} ms", at(0.5), at(0.95), at(1.0));
}
