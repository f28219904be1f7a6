//! The right side: the text in which the chosen element was found, with its words marked, and what
//! else was found on the step.

use std::rc::Rc;

use custory_domain::draft::{Citation, DraftSource, Locator, SourceOrigin};
use custory_ipc::{Reply, Request};
use dioxus::prelude::*;

use super::desk::{Desk, reveal, use_review};
use super::found::AlsoFound;
use super::passage::{CITED, Paper, Shared};
use super::rows;
use crate::components::{Icon, IconButton, Note};
use crate::{dom, host};

/// Text shown before and after the cited words, in bytes: enough to judge them by.
const AROUND_BYTES: usize = 1_500;

/// A source's text, or why it is not there.
type Text = Result<Rc<str>, String>;

/// The panel.
#[component]
pub fn SourcePanel() -> Element {
    let desk = use_review();
    let shown = use_memo(move || shown(desk));
    let hash = use_memo(move || shown().map(|it| it.source.hash));
    let fetched = use_resource(move || async move {
        let hash = hash()?;
        Some((hash.clone(), fetch(hash).await))
    });
    let mut around = use_signal(|| AROUND_BYTES);
    // Another passage begins with its own neighbourhood, and is scrolled to.
    use_effect(move || {
        shown();
        around.set(AROUND_BYTES);
        fetched.read();
        spawn(async move {
            dom::next_frame().await;
            reveal(CITED, "center");
        });
    });
    let Some(shown) = shown() else { return rsx! { aside { class: "srcv" } } };
    let text = fetched.read().clone().flatten().filter(|it| it.0 == shown.source.hash).map(|it| it.1);
    rsx! {
        aside { class: "srcv scroll", "aria-label": "Source",
            SourceHead { shown: shown.clone() }
            match text {
                Some(Ok(text)) => rsx! { Paper { text: Shared(text), shown, around } },
                Some(Err(message)) => rsx! {
                    div { class: "paper",
                        Note { icon: "warn", tone: "bad", "{message}" }
                        p { class: "gap", mark { "{shown.cite.quote}" } }
                    }
                },
                None => rsx! {
                    div { class: "paper wait", "aria-busy": "true",
                        div { class: "sk a" }
                        div { class: "sk b" }
                        div { class: "sk c" }
                    }
                },
            }
            AlsoFound {}
        }
    }
}

/// The passage that is shown.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Shown {
    /// The page or file.
    pub source: DraftSource,
    /// The citation.
    pub cite: Citation,
    /// All passages of the chosen element in this source, and which of them this one is.
    pub passages: Vec<(usize, String)>,
    /// See `passages`.
    pub at: usize,
    /// How many places the chosen element has, and which of them this one is.
    places: usize,
    place: usize,
}

fn shown(desk: Desk) -> Option<Shown> {
    let cites = desk.cites();
    let place = (desk.cite)().min(cites.len().checked_sub(1)?);
    let cite = cites.get(place)?.clone();
    let source = desk.review.read().draft.sources.get(cite.source)?.clone();
    let in_source = |it: &&Citation| it.source == cite.source;
    let passages: Vec<_> = cites.iter().filter(in_source).map(|it| (it.start, it.quote.clone())).collect();
    let at = cites[..place].iter().filter(in_source).count();
    Some(Shown { source, cite, passages, at, places: cites.len(), place })
}

async fn fetch(hash: String) -> Text {
    match host::request(Request::SourceText { hash }).await {
        Ok(Reply::SourceText { text }) => Ok(text.into()),
        Ok(_) => Err("The program gave an answer to another question.".to_owned()),
        Err(failure) => Err(failure.message),
    }
}

#[component]
fn SourceHead(shown: Shown) -> Element {
    let desk = use_review();
    let source = &shown.source;
    let is_page = source.origin == SourceOrigin::Website;
    let title = if source.title.trim().is_empty() { rows::short(source) } else { source.title.clone() };
    let icon = if is_page { "globe" } else { rows::icon(source.origin) };
    let address = address(&source.locator, &shown.cite.locator);
    rsx! {
        div { class: "src-t",
            span { class: "tile",
                Icon { name: icon }
            }
            div { class: "g",
                b { title: "{title}", "{title}" }
                p { class: "t3", title: "{source.locator}", {place_in_words(&shown)} }
            }
            if shown.places > 1 {
                span { class: "t3 num", "{shown.place + 1} of {shown.places}" }
                IconButton { icon: "left", label: "Previous place ([)", class: "sm", onclick: move |_| desk.turn_place(-1) }
                IconButton { icon: "right", label: "Next place (])", class: "sm", onclick: move |_| desk.turn_place(1) }
            }
            if is_page {
                IconButton {
                    icon: "ext",
                    label: "Open page",
                    class: "sm",
                    onclick: move |_| {
                        let address = address.clone();
                        async move { host::open_external(&address).await }
                    },
                }
            }
        }
    }
}

/// Where the passage is: the source without its scheme, and the place within it.
fn place_in_words(shown: &Shown) -> String {
    let locator = shown.source.locator.as_str();
    let locator = locator.split_once("://").map_or(locator, |it| it.1).trim_end_matches('/');
    let place = shown.cite.locator.to_string();
    match &shown.cite.locator {
        _ if shown.source.origin == SourceOrigin::Pasted => "Pasted text".to_owned(),
        Locator::Anchor(_) => format!("{locator}{place}"),
        _ if place.is_empty() => locator.to_owned(),
        _ => format!("{locator}, {place}"),
    }
}

/// A page's address, at the passage if it has an anchor.
fn address(locator: &str, place: &Locator) -> String {
    match place {
        Locator::Anchor(anchor) if !locator.contains('#') => format!("{locator}#{anchor}"),
        _ => locator.to_owned(),
    }
}
