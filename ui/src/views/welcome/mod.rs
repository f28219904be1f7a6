//! The first start: what the product is, and the ways to begin.

mod preview;

use custory_domain::EvidenceSort;
use custory_domain::wording::quoted;
use custory_ipc::{Beginning, DraftSummary, Reply, Request};
use dioxus::core::spawn_forever;
use dioxus::prelude::*;

use crate::app::Screen;
use crate::components::Icon;
use crate::state::{OpenJourney, use_store};
use crate::views::team::{go_to_recovery, go_to_team};
use crate::views::workspaces::{self, WorkspaceSwitch};
use crate::{dom, format, host};
use preview::Preview;

const STYLE: &str = include_str!("style.css");

/// Drafts offered to go on with; the sidebar of the next screen has all of them.
const DRAFTS_MAX: usize = 2;

/// A way to begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// Go on with a draft of an earlier visit.
    Draft(Screen),
    Sample,
    Product,
    Blank,
}

/// A way to begin, as it is shown.
#[derive(Clone, Debug, PartialEq)]
struct Choice {
    way: Way,
    /// The id of its element in the page.
    id: String,
    icon: &'static str,
    title: String,
    about: String,
}

/// The ways to begin, the likeliest first.
fn choices(drafts: &[DraftSummary], sample: Option<&OpenJourney>) -> Vec<Choice> {
    let choice = |way, id: &str, icon, title: &str, about: &str| Choice {
        way,
        id: format!("begin-{id}"),
        icon,
        title: title.to_owned(),
        about: about.to_owned(),
    };
    let draft = |it: &DraftSummary| {
        let (screen, about) = match (it.is_reading, it.failed.is_none()) {
            (true, _) => (Screen::DraftReading(it.id), "Being read"),
            (false, true) => (Screen::DraftReview(it.id), "A draft that waits for your review"),
            (false, false) => (Screen::DraftReading(it.id), "A draft that could not be read"),
        };
        choice(
            Way::Draft(screen),
            &it.id.to_string(),
            "map",
            &format!("Go on with {}", quoted(&it.title)),
            about,
        )
    };
    let size = sample.map_or_else(|| "Yours to change".to_owned(), size_of);
    let mut choices: Vec<_> = drafts.iter().rev().take(DRAFTS_MAX).map(draft).collect();
    choices.extend([
        choice(Way::Sample, "sample", "play", "Open the sample journey", &size),
        choice(
            Way::Product,
            "product",
            "globe",
            "Build it from your product",
            "Website, repository or documents",
        ),
        choice(Way::Blank, "blank", "plus", "Start blank", "An empty journey with four stages"),
    ]);
    choices
}

/// The screen.
#[component]
pub fn Welcome() -> Element {
    let store = use_store();
    // A second click while the journey is being made would make a second one.
    let mut has_begun = use_signal(|| false);
    let mut make = move |title: &str, from: Beginning| {
        if has_begun() {
            return;
        }
        has_begun.set(true);
        let title = title.to_owned();
        spawn_forever(async move {
            if let Some(Reply::Made { journey, .. }) = store.ask(Request::CreateJourney { title, from }).await
            {
                store.go(Screen::Journey(journey));
            } else if let Ok(mut has_begun) = has_begun.try_write() {
                *has_begun = false;
            }
        });
    };
    let mut begin = move |way: Way| match way {
        Way::Draft(screen) => store.go(screen),
        Way::Sample => make("", Beginning::Sample),
        Way::Product => store.go(Screen::DraftSources),
        Way::Blank => make("New journey", Beginning::Blank),
    };
    let sample = use_resource(fetch_sample);
    let has_others = use_resource(workspaces::has_others);
    let choices =
        use_memo(move || choices(&store.drafts.read(), sample.read().as_ref().and_then(Option::as_ref)));
    use_hook(|| dom::focus_soon(choices.peek()[0].id.clone()));
    rsx! {
        style { dangerous_inner_html: STYLE }
        main { class: "wel",
            section { class: "wel-l", "data-tauri-drag-region": "true",
                div { class: "wel-b",
                    Mark {}
                    b { "Custory" }
                    if has_others.read().unwrap_or_default() {
                        WorkspaceSwitch { is_small: true }
                    }
                }
                div { class: "wel-m",
                    h1 { class: "hero",
                        "See where customers"
                        br {}
                        "stop, and why."
                    }
                    p { class: "lead", "One map for what people do, what they say and what you ship next." }
                    div {
                        role: "group",
                        "aria-label": "Begin",
                        onkeydown: move |event| {
                            let by = match event.key() {
                                Key::ArrowDown => 1,
                                Key::ArrowUp => -1,
                                _ => return,
                            };
                            event.prevent_default();
                            step(&choices.peek(), by);
                        },
                        for (number , choice) in choices().into_iter().enumerate() {
                            button {
                                key: "{choice.id}",
                                id: choice.id,
                                class: if number == 0 { "ch pri" } else { "ch" },
                                r#type: "button",
                                onclick: move |_| begin(choice.way),
                                span { class: "tile lg",
                                    Icon { name: choice.icon }
                                }
                                div { class: "g",
                                    h3 { "{choice.title}" }
                                    p { "{choice.about}" }
                                }
                                Icon { name: "right" }
                            }
                        }
                    }
                }
                div { class: "wel-t",
                    span { "Part of a team?" }
                    button {
                        class: "btn ghost sm",
                        id: "welcome-link",
                        r#type: "button",
                        onclick: move |_| go_to_team(store, "team-link"),
                        "I have an invitation"
                    }
                    button {
                        class: "btn ghost sm",
                        id: "welcome-recover",
                        r#type: "button",
                        onclick: move |_| go_to_recovery(store),
                        "I have a recovery file"
                    }
                }
                div { class: "wel-p",
                    Icon { name: "lock", class: "sm" }
                    span { "No account. Your journeys stay on this computer." }
                }
            }
            section { class: "wel-r", "aria-hidden": "true",
                if let Some(Some(open)) = sample.read().clone() {
                    Preview { open }
                }
            }
        }
    }
}

/// The sample as it will be. Without it the welcome works just as well, so a no is not shown.
async fn fetch_sample() -> Option<OpenJourney> {
    match host::request(Request::PreviewSample).await {
        Ok(Reply::Board { journey, board, .. }) => Some(OpenJourney::new(journey, board)),
        Ok(_) | Err(_) => None,
    }
}

/// How much there is in the sample, in words.
fn size_of(open: &OpenJourney) -> String {
    let steps = open.board.steps_in_order().len();
    let is_said = |sort| matches!(sort, EvidenceSort::Quote | EvidenceSort::Interview);
    let quotes = open.board.evidence.values().filter(|it| is_said(it.sort)).count();
    format!(
        "{}, {}, yours to change",
        format::count(steps, "step", "steps"),
        format::count(quotes, "quote", "quotes")
    )
}

/// Moves the focus to the next or the previous way to begin.
fn step(choices: &[Choice], by: isize) {
    let focused = dom::focused().map(|it| it.id());
    let at = choices.iter().position(|it| Some(&it.id) == focused.as_ref());
    let next = at.map_or(0, |it| (it as isize + by).rem_euclid(choices.len() as isize));
    dom::focus(&choices[next as usize].id);
}

/// The product's mark.
#[component]
fn Mark() -> Element {
    rsx! {
        svg { class: "mark", view_box: "0 0 24 24", "aria-hidden": "true",
            path {
                d: "M18.600 7.200A8 8 0 1 0 19 16",
                fill: "none",
                stroke: "currentColor",
                stroke_width: "2.600",
                stroke_linecap: "round",
            }
            circle { cx: "19.400", cy: "11.600", r: "2.300", fill: "var(--accent-solid)" }
        }
    }
}
