//! Earlier reviews: what was there to look at then, noted and decided. They are read, and stay as they are.

use custory_domain::agenda::open_review;
use custory_domain::{AgendaList, Board, Review, ReviewId};
use dioxus::prelude::*;

use super::{keys, words};
use crate::components::{Button, Entry};
use crate::state::{Store, use_store};
use crate::views::map::place_of;

/// Reviews that can be read, the newest first: those that were finished, and any that was begun beside the open one.
pub fn kept(board: &Board) -> Vec<&Review> {
    let open = open_review(board).map(|it| it.id);
    let mut kept: Vec<&Review> =
        board.reviews.values().filter(|it| it.trashed.is_none() && Some(it.id) != open).collect();
    kept.sort_by_key(|it| std::cmp::Reverse((it.finished.map_or(it.created.at, |it| it.at), it.id)));
    kept
}

/// A choice for each of them.
pub fn entries(store: Store) -> Vec<Entry> {
    let open = store.open.peek();
    let Some(open) = open.as_ref() else { return Vec::new() };
    let entry = |it: &Review| {
        let id = it.id;
        let show = move || store.read_review(Some(id));
        let by = it.finished.map_or(it.created.by, |it| it.by);
        Entry::act(headline(store, it), show).person(Some(by))
    };
    kept(&open.board).into_iter().map(entry).collect()
}

fn headline(store: Store, it: &Review) -> String {
    match it.finished {
        Some(stamp) => {
            format!("{}, finished by {}", words::day(stamp.at), words::name(store, Some(stamp.by)))
        }
        None => format!(
            "{}, begun by {}, not finished",
            words::day(it.created.at),
            words::name(store, Some(it.created.by))
        ),
    }
}

/// An earlier review.
#[component]
pub fn Earlier(id: ReviewId) -> Element {
    let store = use_store();
    let open = store.open.read();
    let Some(review) = open.as_ref().and_then(|it| it.board.reviews.get(&id)).cloned() else {
        return rsx! {
            p { class: "rvw-0", "This review is not there any more." }
        };
    };
    let since = review.since.map(|it| format!(" · it looked at changes since {}", words::day(it)));
    let lists = review.agenda.clone().unwrap_or_default().lists;
    let has_words = !review.notes.is_empty() || !review.decisions.is_empty();
    rsx! {
        div { class: "rvw-in",
            header { class: "rvw-h",
                div { class: "g",
                    h2 { "Earlier review" }
                    p { id: "review-since",
                        {headline(store, &review)}
                        span { class: "t3", {since.unwrap_or_default()} }
                    }
                }
                Button {
                    label: "Back to this week",
                    class: "sm",
                    icon: "left",
                    id: "review-back",
                    onclick: move |_| store.read_review(None),
                }
            }
            div { class: "rvw-g",
                div { class: "rvw-m",
                    for list in lists.into_iter().filter(|it| !it.lines.is_empty()) {
                        Then { key: "{list.heading}", list }
                    }
                }
                aside { class: "rvw-a", "aria-label": "Notes and decisions",
                    section { id: "review-notes",
                        h3 { "Notes" }
                        if review.notes.is_empty() {
                            p { class: "rvw-0", "Nothing was noted." }
                        }
                        p { class: "txt rvw-p", "{review.notes}" }
                    }
                    if has_words {
                        section { id: "review-decisions",
                            h3 { "Decisions" }
                            if review.decisions.is_empty() {
                                p { class: "rvw-0", "Nothing was decided." }
                            }
                            ul {
                                for (id , text) in review.decisions.clone() {
                                    li { key: "{id}", class: "rvw-d txt", "{text}" }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A list as it was then; what is still there opens.
#[component]
fn Then(list: AgendaList) -> Element {
    let store = use_store();
    let open = store.open.read();
    let leads = |about| open.as_ref().is_some_and(|it| place_of(it, about).is_some());
    let count = list.lines.len() + list.more;
    rsx! {
        section { class: "rvw-s",
            div { class: "rvw-t",
                h3 { "{list.heading}" }
                span { class: "cnt", "{count}" }
            }
            ul { class: "rvw-l",
                for (at , (about , says)) in list.lines.clone().into_iter().enumerate() {
                    li { key: "{at}", class: "rvw-li",
                        if leads(about) {
                            button {
                                class: "rvw-b",
                                r#type: "button",
                                onclick: move |_| keys::open(store, about, false),
                                span { class: "rvw-c", span { class: "rvw-v", "{says}" } }
                            }
                        } else {
                            span { class: "rvw-b", span { class: "rvw-c", span { class: "rvw-v t3", "{says}" } } }
                        }
                    }
                }
            }
            if list.more > 0 {
                p { class: "rvw-0", "and {list.more} more" }
            }
        }
    }
}
