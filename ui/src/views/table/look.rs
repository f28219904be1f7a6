//! How a cell looks. Nothing here reads the board.

use dioxus::prelude::*;

use super::cell::{Cell, Place, fresh_word};
use crate::components::{Avatar, Icon, KindIcon, Severity, StatusMark};
use crate::format;
use crate::host;
use custory_domain::score::freshness::FreshnessState;
use custory_domain::score::priority::HIGH_IMPACT_MIN;

/// A cell's content.
#[component]
pub fn CellLook(cell: Cell, is_brief: bool) -> Element {
    match cell {
        Cell::Text(text) => rsx! { "{text}" },
        Cell::Kind(kind) => rsx! {
            span { class: "kd", title: kind.spec().name,
                KindIcon { kind }
                if !is_brief {
                    "{kind.spec().name}"
                }
            }
        },
        Cell::Place(place) => rsx! { PlaceChip { place } },
        Cell::Absent
        | Cell::Quotes(0)
        | Cell::Score(None)
        | Cell::Severity(None)
        | Cell::Issue(None)
        | Cell::Moved(None) => {
            rsx! { Dash {} }
        }
        Cell::Quotes(count) => rsx! {
            span { class: "ev",
                Icon { name: "quote" }
                "{count}"
            }
        },
        Cell::Count(count) => rsx! { span { class: "n", "{count}" } },
        Cell::Rating { set, suggested } => rsx! { Rating { set, suggested } },
        Cell::Severity(Some(of_five)) => rsx! {
            span { class: "vt-sev",
                Severity { of_five }
                "{of_five}"
            }
        },
        Cell::Score(Some(score)) => rsx! { span { class: "score", "{score:.0}" } },
        Cell::Number { text, is_set, is_bad, .. } => {
            if text.is_empty() {
                return rsx! { Dash {} };
            }
            let class = match (is_bad, is_set) {
                (true, _) => "n bad",
                (false, true) => "n t1",
                (false, false) => "n",
            };
            rsx! { span { class, "{text}" } }
        }
        Cell::Choice(_, word) => rsx! { "{word}" },
        Cell::Status(status, word) => rsx! { StatusMark { status, label: word.to_owned() } },
        Cell::Day(day) => match day {
            Some(day) => rsx! { span { class: "n", {format::day(day, host::now().date())} } },
            None => rsx! { Dash {} },
        },
        Cell::Person(member) => rsx! { Avatar { member } },
        Cell::Issue(Some(issue)) => rsx! {
            span { class: "iss",
                Icon { name: "link", class: "xs" }
                span { "{issue}" }
            }
        },
        Cell::Moved(Some((text, tone))) => rsx! { span { class: "n {tone.style()}", "{text}" } },
        Cell::Fresh(state) => rsx! {
            span { class: "vt-fresh is-{fresh_style(state)}",
                i { class: "dot" }
                {fresh_word(state)}
            }
        },
        Cell::At(at) => rsx! { {format::ago(at, host::now())} },
    }
}

/// Nothing is known.
#[component]
fn Dash() -> Element {
    rsx! {
        span { class: "vt-dash", "aria-label": "Nothing", "–" }
    }
}

#[component]
fn PlaceChip(place: Place) -> Element {
    rsx! {
        span { class: "stepchip", style: "--c:{place.colour}",
            i {}
            span { class: "vt-cut", "{place.title}" }
            if place.more > 0 {
                small { class: "t3", title: "On more steps", "+{place.more}" }
            }
        }
    }
}

/// 1 to 5 with a bar; what the formulas suggest is fainter than what a person set.
#[component]
fn Rating(set: Option<u8>, suggested: Option<u8>) -> Element {
    let Some(value) = set.or(suggested) else { return rsx! { Dash {} } };
    let is_high = value >= HIGH_IMPACT_MIN;
    let title = match (set, suggested) {
        (Some(set), Some(suggested)) if set != suggested => format!("Set to {set}; {suggested} is suggested"),
        (None, Some(suggested)) => format!("{suggested} is suggested"),
        _ => String::new(),
    };
    let class = match (set.is_some(), is_high) {
        (true, true) => "mag hi",
        (true, false) => "mag",
        (false, _) => "mag sug",
    };
    rsx! {
        span { class, title: "{title}",
            b { "{value}" }
            u {
                i { style: "width:{u32::from(value) * 20}%" }
            }
        }
    }
}

const fn fresh_style(state: FreshnessState) -> &'static str {
    match state {
        FreshnessState::Fresh => "fresh",
        FreshnessState::Ageing => "ageing",
        FreshnessState::Stale | FreshnessState::Changed => "stale",
    }
}
