//! How a cell looks. Nothing here reads the board. These are functions and not components: a table
//! in motion draws hundreds of cells per frame, and a component for each would cost more than it shows.

use custory_domain::ItemKind;
use custory_domain::score::freshness::FreshnessState;
use custory_domain::score::priority::HIGH_IMPACT_MIN;
use custory_domain::wording::fresh_word;
use dioxus::prelude::*;

use super::cell::{Cell, Place};
use crate::components::{avatar, icon, kind_icon, severity, status_mark};
use crate::format;
use crate::host;
use crate::state::Store;

/// A cell's content. `is_brief` asks for the icon alone; `is_warm` says that a high value is something
/// to look at.
pub fn look(store: Store, cell: Cell, is_brief: bool, is_warm: bool) -> Element {
    match cell {
        Cell::Absent
        | Cell::Quotes(0)
        | Cell::Score(None)
        | Cell::Severity(None)
        | Cell::Issue(None)
        | Cell::Moved(None)
        | Cell::Day(None) => dash(),
        Cell::Text(text) => rsx! { "{text}" },
        Cell::Kind(kind) => kind_look(kind, is_brief),
        Cell::Place(place) => place_look(&place),
        Cell::Quotes(count) => rsx! {
            span { class: "ev",
                {icon("quote", "")}
                "{count}"
            }
        },
        Cell::Count(count) => rsx! { span { class: "n", "{count}" } },
        Cell::Rating { set, suggested } => rating(set, suggested, is_warm),
        Cell::Severity(Some(of_five)) => rsx! {
            span { class: "vt-sev",
                {severity(of_five)}
                "{of_five}"
            }
        },
        Cell::Score(Some(score)) => rsx! { span { class: "score", "{score:.0}" } },
        Cell::Number { text, .. } if text.is_empty() => dash(),
        Cell::Number { text, is_set, is_bad, .. } => {
            let class = match (is_bad, is_set) {
                (true, _) => "n bad",
                (false, true) => "n t1",
                (false, false) => "n",
            };
            rsx! { span { class, "{text}" } }
        }
        Cell::Choice(_, word) => rsx! { "{word}" },
        Cell::Status(status, word) => status_mark(status, Some(word)),
        Cell::Day(Some(day)) => rsx! { span { class: "n", {format::day(day, host::now().date())} } },
        Cell::Person(member) => avatar(store, member, ""),
        Cell::Issue(Some(issue)) => rsx! {
            span { class: "iss",
                {icon("link", "xs")}
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
fn dash() -> Element {
    rsx! {
        span { class: "vt-dash", "–" }
    }
}

fn kind_look(kind: ItemKind, is_brief: bool) -> Element {
    let spec = kind.spec();
    rsx! {
        span { class: "kd", title: spec.name,
            {kind_icon(kind)}
            span { class: if is_brief { "vh" } else { "" }, "{spec.name}" }
        }
    }
}

fn place_look(place: &Place) -> Element {
    let Place { title, colour, more, .. } = place;
    rsx! {
        span { class: "stepchip", style: "--c:{colour}",
            i {}
            span { class: "vt-cut", "{title}" }
            if *more > 0 {
                small { class: "t3", title: "On more steps", "+{more}" }
            }
        }
    }
}

/// 1 to 5 with a bar; what the formulas suggest is fainter than what a person set.
fn rating(set: Option<u8>, suggested: Option<u8>, is_warm: bool) -> Element {
    let Some(value) = set.or(suggested) else { return dash() };
    let title = match (set, suggested) {
        (Some(set), Some(suggested)) if set != suggested => format!("Set to {set}; {suggested} is suggested"),
        (None, Some(suggested)) => format!("{suggested} is suggested"),
        _ => String::new(),
    };
    let class = match (set.is_some(), is_warm && value >= HIGH_IMPACT_MIN) {
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
