//! The weekly review: what was changed since the last one, what to look at again, what came in, what to fix first,
//! what nobody owns and which verdicts are there; with notes and decisions beside. Things open beside the lists.

mod changes;
mod earlier;
mod keys;
mod lists;
mod notes;
mod words;

use custory_domain::Agenda;
use custory_domain::agenda::open_review;
use dioxus::prelude::*;

use crate::components::{Button, Chip, Icon, Menu};
use crate::dom;
use crate::host;
use crate::state::{List, use_store};
use crate::views::map::use_map;
use changes::Changes;
use earlier::Earlier;
use lists::{Evidence, First, Stale, Verdicts};
use notes::Notes;

const STYLE: &str = include_str!("style.css");

/// Id of the element that holds everything.
pub const REVIEW_ID: &str = "review";

/// The review.
#[component]
pub fn ReviewScreen() -> Element {
    let store = use_store();
    let map = use_map();
    use_hook(|| dom::focus_soon(REVIEW_ID));
    keys::use_provide_at(store);
    let earlier = store.review.read().as_ref().and_then(|it| it.earlier);
    rsx! {
        style { dangerous_inner_html: STYLE }
        div {
            class: "rvw scroll",
            id: REVIEW_ID,
            tabindex: "-1",
            role: "region",
            "aria-label": "Weekly review",
            onkeydown: move |event| keys::press(&event, store, map),
            match earlier {
                Some(id) => rsx! { Earlier { key: "{id}", id } },
                None => rsx! { Now {} },
            }
        }
    }
}

/// The review that is open, or would be.
#[component]
fn Now() -> Element {
    let mut store = use_store();
    let review = store.review.read();
    let agenda = review.as_ref().and_then(|it| it.agenda.clone());
    let since = agenda.as_ref().map(|it| words::since(&it.period)).unwrap_or_default();
    let open = store.open.read();
    let begun = open.as_ref().and_then(|it| open_review(&it.board)).map(|it| words::begun(store, it));
    let has_earlier = open.as_ref().is_some_and(|it| !earlier::kept(&it.board).is_empty());
    rsx! {
        div { class: "rvw-in",
            header { class: "rvw-h",
                div { class: "g",
                    h2 { "Weekly review" }
                    p { id: "review-since",
                        "{since}"
                        if let Some(begun) = begun {
                            span { class: "t3", " · {begun}" }
                        }
                    }
                }
                if has_earlier {
                    Chip {
                        class: "quiet",
                        id: "review-earlier",
                        opens_menu: true,
                        onclick: move |event| {
                            let entries = earlier::entries(store);
                            store.menu.set(Some(Menu::below(&event, "Earlier reviews", entries)));
                        },
                        "Earlier reviews"
                        Icon { name: "down", class: "xs" }
                    }
                }
                Button {
                    label: "Finish review",
                    class: "pri sm",
                    id: "review-finish",
                    keys: vec!["mod", "enter"],
                    onclick: move |_| store.finish_review(),
                }
            }
            if let Some(agenda) = agenda.clone() {
                Jumps { agenda }
            }
            div { class: "rvw-g",
                div { class: "rvw-m",
                    if agenda.is_some() {
                        Changes {}
                        Stale {}
                        Evidence {}
                        First {}
                        Verdicts {}
                    } else {
                        p { class: "rvw-0", "Looking at what was changed…" }
                    }
                }
                Notes {}
            }
        }
    }
}

/// How much is in each list, and the way there.
#[component]
fn Jumps(agenda: Agenda) -> Element {
    let store = use_store();
    let open = agenda.unowned.len() + agenda.verdicts.len();
    let jumps: [(&str, usize, &[List], &str); 5] = [
        ("Changed", agenda.changed.len(), &[List::Changed], "review-changed"),
        ("To look at again", agenda.stale.len(), &[List::Stale], "review-stale"),
        ("New evidence", agenda.evidence.len(), &[List::Evidence], "review-evidence"),
        ("First to fix", agenda.first.len(), &[List::First], "review-first"),
        ("No owner, verdicts", open, &[List::Unowned, List::Verdicts], "review-open"),
    ];
    rsx! {
        nav { class: "rvw-j", "aria-label": "Lists",
            for (name , count , lists , section) in jumps {
                button {
                    key: "{section}",
                    class: if count > 0 { "rvw-ji" } else { "rvw-ji none" },
                    r#type: "button",
                    onclick: move |_| keys::go_to_list(store, lists, section),
                    b { "{count}" }
                    span { "{name}" }
                }
            }
        }
    }
}

/// A section of the review, with how much is in it.
#[component]
fn Section(id: &'static str, icon: &'static str, title: String, count: usize, children: Element) -> Element {
    rsx! {
        section { class: "rvw-s", id, "aria-labelledby": "{id}-title",
            div { class: "rvw-t",
                Icon { name: icon }
                h3 { id: "{id}-title", "{title}" }
                span { class: "cnt", id: "{id}-count", "aria-label": "{count} in this list", role: "img", "{count}" }
            }
            {children}
        }
    }
}

/// How many days ago, by this device's clock.
fn ago(at: custory_domain::Timestamp) -> String {
    crate::format::days_ago(at, host::now())
}
