//! The first start: what the product is, and the three ways to begin.

mod preview;

use custory_domain::EvidenceSort;
use custory_ipc::{Beginning, Reply, Request};
use dioxus::prelude::*;

use crate::app::Screen;
use crate::components::Icon;
use crate::state::{OpenJourney, use_store};
use crate::{dom, format, host};
use preview::Preview;

const STYLE: &str = include_str!("style.css");

/// A way to begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Sample,
    Product,
    Blank,
}

impl Way {
    const ALL: [Way; 3] = [Self::Sample, Self::Product, Self::Blank];

    const fn icon(self) -> &'static str {
        match self {
            Self::Sample => "play",
            Self::Product => "globe",
            Self::Blank => "plus",
        }
    }

    const fn title(self) -> &'static str {
        match self {
            Self::Sample => "Open the sample journey",
            Self::Product => "Build it from your product",
            Self::Blank => "Start blank",
        }
    }

    /// What it begins with; of the sample only what is known of it.
    const fn about(self) -> &'static str {
        match self {
            Self::Sample => "Yours to change",
            Self::Product => "Website, repository or documents",
            Self::Blank => "An empty journey with four stages",
        }
    }

    /// The id of its element in the page.
    fn id(self) -> String {
        format!("begin-{self:?}").to_lowercase()
    }
}

/// The screen.
#[component]
pub fn Welcome() -> Element {
    let store = use_store();
    // A second click while the journey is being made would make a second one.
    let mut has_begun = use_signal(|| false);
    let mut begin = move |way: Way| match way {
        Way::Product => store.go(Screen::DraftSources),
        Way::Sample | Way::Blank if has_begun() => {}
        Way::Sample => {
            has_begun.set(true);
            store.create_journey("", Beginning::Sample);
        }
        Way::Blank => {
            has_begun.set(true);
            store.create_journey("Untitled journey", Beginning::Blank);
        }
    };
    let sample = use_resource(fetch_sample);
    use_hook(|| dom::focus_soon(Way::ALL[0].id()));
    rsx! {
        style { dangerous_inner_html: STYLE }
        main { class: "wel",
            section { class: "wel-l", "data-tauri-drag-region": "true",
                div { class: "wel-b",
                    Mark {}
                    b { "Custory" }
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
                            step(by);
                        },
                        for (number , way) in Way::ALL.into_iter().enumerate() {
                            button {
                                key: "{way:?}",
                                id: way.id(),
                                class: if number == 0 { "ch pri" } else { "ch" },
                                r#type: "button",
                                onclick: move |_| begin(way),
                                span { class: "tile lg",
                                    Icon { name: way.icon() }
                                }
                                div { class: "g",
                                    h3 { {way.title()} }
                                    p {
                                        match sample.read().as_ref() {
                                            Some(Some(open)) if way == Way::Sample => rsx! { {size_of(open)} },
                                            _ => rsx! { {way.about()} },
                                        }
                                    }
                                }
                                Icon { name: "right" }
                            }
                        }
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
fn step(by: isize) {
    let focused = dom::focused().map(|it| it.id());
    let at = Way::ALL.iter().position(|it| Some(it.id()) == focused);
    let count = Way::ALL.len() as isize;
    let next = at.map_or(0, |it| (it as isize + by).rem_euclid(count));
    dom::focus(&Way::ALL[next as usize].id());
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
