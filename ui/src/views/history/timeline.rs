//! Time along the foot of the map: how much was changed when, and a handle that is dragged through it.

use custory_ipc::When;
use dioxus::prelude::*;

use super::words;
use crate::dom;
use crate::state::{Store, use_store};

const ID: &str = "timeline";
const WIDTH: f64 = 864.0;
/// Where bars stand on.
const FLOOR: f64 = 50.0;
const BAR_MAX: f64 = 30.0;
/// Closest that two named versions are labelled.
const LABEL_GAP: f64 = 110.0;

/// The time line.
#[component]
pub fn Timeline() -> Element {
    let store = use_store();
    let mut is_dragging = use_signal(|| false);
    let history = store.history.read();
    let Some(history) = history.as_ref().filter(|it| !it.busy.is_empty()) else { return rsx! {} };
    let busy = &history.busy;
    let most = busy.iter().map(|it| it.changes).max().unwrap_or(1).max(1) as f64;
    let width = WIDTH / busy.len() as f64;
    let place = |at: custory_domain::Timestamp| busy.iter().rposition(|it| it.from <= at).unwrap_or(0);
    let here = history.at.as_ref().map_or(busy.len(), |it| place(it.at));
    let handle = if history.at.is_some() { (here as f64 + 0.5) * width } else { WIDTH - 2.0 };
    let says = history
        .at
        .as_ref()
        .map_or_else(|| "Now".to_owned(), |it| format!("{}, {}", words::title(it), words::moment(it.at)));
    let label = history.at.as_ref().map_or_else(|| "Now".to_owned(), |it| words::moment(it.at));
    let mut marks: Vec<(f64, String)> = Vec::new();
    for version in &history.named {
        let x = (place(version.at) as f64 + 0.5) * width;
        if marks.last().is_none_or(|it| it.0 - x > LABEL_GAP) {
            marks.push((x, version.name.clone()));
        }
    }
    let began = busy.first().map(|it| words::day(it.from)).unwrap_or_default();
    let is_left = handle > WIDTH / 2.0;
    let (label_x, anchor) = if is_left { (handle - 14.0, "end") } else { (handle + 14.0, "start") };
    rsx! {
        div {
            class: "tl",
            id: ID,
            role: "slider",
            "aria-label": "Version",
            "aria-valuemin": "0",
            "aria-valuemax": "{busy.len()}",
            "aria-valuenow": "{here}",
            "aria-valuetext": "{says}",
            tabindex: "0",
            onkeydown: move |event| press(&event, store),
            onpointerdown: move |event| {
                is_dragging.set(true);
                look(store, event.client_coordinates().x);
            },
            onpointermove: move |event| {
                if is_dragging() {
                    look(store, event.client_coordinates().x);
                }
            },
            onpointerup: move |_| is_dragging.set(false),
            onpointerleave: move |_| is_dragging.set(false),
            div { class: "tl-i",
            svg { view_box: "0 0 {WIDTH} 92", preserve_aspect_ratio: "none", "aria-hidden": "true",
                path { d: "M0 {FLOOR}H{WIDTH}", stroke: "var(--line-2)" }
                for (at , it) in busy.iter().enumerate() {
                    if it.changes > 0 {
                        rect {
                            key: "{at}",
                            x: "{at as f64 * width + width * 0.12:.1}",
                            y: "{FLOOR - bar(it.changes, most):.1}",
                            width: "{width * 0.76:.1}",
                            height: "{bar(it.changes, most):.1}",
                            rx: "1.5",
                            fill: if at >= here { "var(--accent-solid)" } else { "var(--line-2)" },
                            opacity: if at >= here { "0.55" } else { "1" },
                        }
                    }
                }
                for (x , name) in marks.iter() {
                    circle { key: "{name}", cx: "{x:.1}", cy: "60", r: "3", fill: "var(--text-3)" }
                }
                path { d: "M{handle:.1} 8V60", stroke: "var(--accent-solid)", stroke_width: "2" }
                rect { x: "{handle - 5.0:.1}", y: "4", width: "10", height: "16", rx: "4", fill: "var(--accent-solid)" }
            }
            // Beside the picture, which is stretched: words are not.
            span { class: "tl-at {anchor}", style: "left:{label_x / WIDTH * 100.0:.2}%", "{label}" }
            for (x , name) in marks {
                span { key: "{name}", class: "tl-n", style: "left:{x / WIDTH * 100.0:.2}%", "{name}" }
            }
            span { class: "tl-n start", style: "left:0", "{began}" }
            span { class: "tl-n end", style: "left:100%", "Now" }
            }
        }
    }
}

/// Few changes are seen, and many do not make these vanish.
fn bar(changes: usize, most: f64) -> f64 {
    (changes as f64 / most).sqrt() * (BAR_MAX - 2.0) + 2.0
}

/// Looks at the version under a place on the page.
fn look(store: Store, x: f64) {
    let Some(line) = dom::by_id(ID) else { return };
    let frame = line.get_bounding_client_rect();
    const PADDING: f64 = 18.0;
    let share = (x - frame.left() - PADDING) / (frame.width() - 2.0 * PADDING).max(1.0);
    let version = {
        let history = store.history.peek();
        let Some(history) = history.as_ref() else { return };
        let at = (share.clamp(0.0, 1.0) * history.busy.len() as f64) as usize;
        history.busy.get(at).map(|it| it.version.clone())
    };
    match version {
        Some(version) => store.look_back(When::Version(version)),
        None => store.back_to_now(),
    }
}

/// Left and right go from change to change.
fn press(event: &KeyboardEvent, store: Store) {
    let next = {
        let history = store.history.peek();
        let Some(history) = history.as_ref() else { return };
        let place = history.place();
        match event.key() {
            Key::ArrowLeft => history.versions.get(place.map_or(0, |it| it + 1)).cloned(),
            Key::ArrowRight => place.and_then(|it| history.versions.get(it.checked_sub(1)?)).cloned(),
            Key::Home => history.versions.last().cloned(),
            Key::End => None,
            _ => return,
        }
    };
    match next {
        Some(version) => store.look_back(When::Version(version.id)),
        None => store.back_to_now(),
    }
    event.prevent_default();
    event.stop_propagation();
}
