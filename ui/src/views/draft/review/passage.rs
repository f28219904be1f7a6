//! A source's text around the cited words, drawn so that a person can judge them.

use std::rc::Rc;

use dioxus::prelude::*;

use super::paper::{self, BlockKind, Layout, Run};
use super::source::Shown;

/// What one click more shows, in bytes.
const MORE_BYTES: usize = 20_000;

/// Id of the marked words.
pub(super) const CITED: &str = "cited";

/// A text that is compared by where it is: it never changes.
#[derive(Clone)]
pub(super) struct Shared(pub Rc<str>);

impl PartialEq for Shared {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// The text around the passage.
#[component]
pub(super) fn Paper(text: Shared, shown: Shown, around: Signal<usize>) -> Element {
    let layout = Layout::of(&shown.source.locator);
    let whole = text.clone();
    let title = shown.source.title.clone();
    let blocks = use_memo(use_reactive!(|(whole, layout, title)| paper::blocks(&whole.0, layout, &title)));
    let text = &text.0;
    let marks: Vec<_> = shown
        .passages
        .iter()
        .map(|(start, quote)| paper::mark(text, *start, quote).unwrap_or_default())
        .collect();
    let blocks = blocks.read();
    let Some(marked) = marks.get(shown.at).filter(|it| !it.is_empty()).cloned() else {
        return rsx! {
            div { class: "paper",
                p { mark { "{shown.cite.quote}" } }
            }
        };
    };
    let seen = paper::around(&blocks, &marked, around());
    // The first block that holds the passage is what is scrolled to.
    let cited_at = blocks.iter().position(|it| it.pieces.iter().any(|it| it.end > marked.start));
    let more = move |_| around += MORE_BYTES;
    rsx! {
        div { class: if layout == Layout::Code { "paper code txt" } else { "paper txt" },
            if seen.start > 0 {
                More { onclick: more }
            }
            for at in seen.clone() {
                Piece {
                    key: "{at}",
                    kind: blocks[at].kind,
                    runs: paper::runs(text, &blocks[at], &marks),
                    mark: shown.at,
                    is_cited: cited_at == Some(at),
                }
            }
            if seen.end < blocks.len() {
                More { onclick: more }
            }
        }
    }
}

#[component]
fn More(onclick: EventHandler<MouseEvent>) -> Element {
    rsx! {
        button { class: "btn xs ghost more", r#type: "button", onclick: move |event| onclick.call(event), "Show more of it" }
    }
}

#[component]
fn Piece(kind: BlockKind, runs: Vec<Run>, mark: usize, is_cited: bool) -> Element {
    let first = runs.iter().position(|it| it.mark == Some(mark));
    let words = rsx! {
        for (at , run) in runs.into_iter().enumerate() {
            match run.mark {
                Some(of) if of == mark => rsx! {
                    mark { id: if is_cited && first == Some(at) { CITED }, "{run.text}" }
                },
                Some(_) => rsx! {
                    mark { class: "other", "{run.text}" }
                },
                None => rsx! { "{run.text}" },
            }
        }
    };
    match kind {
        BlockKind::Heading => rsx! { h4 { {words} } },
        BlockKind::Text => rsx! { p { {words} } },
        BlockKind::Entry => rsx! { p { class: "li", {words} } },
        BlockKind::Code(line) => rsx! {
            div { class: "cl",
                i { "aria-hidden": "true", "{line}" }
                span { {words} }
            }
        },
    }
}
