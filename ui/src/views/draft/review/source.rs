//! The right side: the text in which the chosen element was found, with its words marked, and what
//! else was found on the step.

use std::rc::Rc;

use custory_domain::draft::{Citation, DraftSource, Locator, SourceOrigin};
use custory_ipc::{Reply, Request};
use dioxus::prelude::*;

use super::decisions::Standing;
use super::desk::{Desk, item_id, reveal, use_review};
use super::paper::{self, Block, BlockKind, Layout, Run};
use super::rows::{self, ItemRow};
use crate::components::{Button, Icon, IconButton, InlineText, KindIcon, Note};
use crate::{dom, host};

/// Text shown before and after the cited words, in bytes: enough to judge them by.
const AROUND_BYTES: usize = 1_500;

/// What one click more shows, in bytes.
const MORE_BYTES: usize = 20_000;

/// Id of the marked words.
const CITED: &str = "cited";

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
struct Shown {
    source: DraftSource,
    cite: Citation,
    /// All passages of the chosen element in this source, and which of them this one is.
    passages: Vec<(usize, String)>,
    at: usize,
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

/// A text that is compared by where it is: it never changes.
#[derive(Clone)]
struct Shared(Rc<str>);

impl PartialEq for Shared {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// The text around the passage.
#[component]
fn Paper(text: Shared, shown: Shown, around: Signal<usize>) -> Element {
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
                    runs: runs(text, &blocks[at], &marks),
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

fn runs(text: &str, block: &Block, marks: &[std::ops::Range<usize>]) -> Vec<Run> {
    paper::runs(text, block, marks)
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

/// What else was found on the chosen step.
#[component]
fn AlsoFound() -> Element {
    let desk = use_review();
    let items = use_memo(move || {
        let step = desk.step.read();
        let step = step.as_ref()?;
        let review = desk.review.read();
        rows::row_of(&review, &desk.on_map.read(), step).map(|it| it.items)
    });
    let items = items().unwrap_or_default();
    if items.is_empty() {
        return rsx! {};
    }
    let has_pain = items.iter().any(|it| it.is_pain && it.standing != Standing::OnMap);
    rsx! {
        div { class: "sech also",
            h3 { "Also found on this step" }
        }
        div { role: "grid", "aria-label": "Also found on this step",
            for (at , item) in items.into_iter().enumerate() {
                ItemCard { key: "{item.key.0}", at, item }
            }
        }
        if has_pain {
            div { class: "also-n",
                Note { icon: "info",
                    "Friction found in docs is a guess until a customer says it. It starts as an assumption."
                }
            }
        }
    }
}

#[component]
fn ItemCard(at: usize, item: ItemRow) -> Element {
    let mut desk = use_review();
    let key = item.key.clone();
    let is_chosen = desk.item.read().as_ref() == Some(&key);
    let is_edited = desk.editing.read().as_ref() == Some(&key);
    let class = match (&item.standing, is_chosen) {
        (Standing::LeftOut, true) => "dcard it off on",
        (Standing::LeftOut, false) => "dcard it off",
        (_, true) => "dcard it on",
        (_, false) => "dcard it",
    };
    let title = item.title.clone();
    rsx! {
        div {
            id: item_id(at),
            class,
            role: "row",
            "aria-selected": is_chosen,
            "aria-label": "{item.title}. {item.what}. {said(&item)}",
            tabindex: if is_chosen || (at == 0 && desk.item.read().is_none()) { "0" } else { "-1" },
            onclick: {
                let key = key.clone();
                move |_| desk.choose_item(Some(key.clone()))
            },
            ondoubleclick: {
                let key = key.clone();
                move |_| desk.editing.set(Some(key.clone()))
            },
            div { class: "o",
                KindIcon { kind: item.kind }
                div { class: "g",
                    if is_edited {
                        div { class: "h4", onclick: move |event| event.stop_propagation(),
                            InlineText {
                                value: title,
                                label: "Title",
                                editing: true,
                                onsave: {
                                    let key = key.clone();
                                    move |wanted: String| desk.rename_item(&key, &wanted)
                                },
                                ondone: move |()| {
                                    desk.editing.set(None);
                                    desk.bring_into_view();
                                },
                            }
                        }
                    } else {
                        b { "{title}" }
                    }
                    p { {about(&item)} }
                }
                ItemDecided { item: item.clone() }
            }
        }
    }
}

/// How the item stands, with what can be done about it.
#[component]
fn ItemDecided(item: ItemRow) -> Element {
    let desk = use_review();
    let key = item.key.clone();
    let choose = move |event: &MouseEvent, key: &custory_domain::draft::DraftKey| {
        event.stop_propagation();
        desk.choose_item(Some(key.clone()));
    };
    match (&item.standing, item.has_own_decision) {
        (Standing::OnMap, _) => rsx! {},
        (_, true) => rsx! {
            IconButton {
                icon: "undo",
                label: "Take back (U)",
                class: "xs",
                onclick: move |event: MouseEvent| {
                    choose(&event, &key);
                    desk.put_back(&key);
                },
            }
        },
        (Standing::LeftOut, false) => rsx! {
            Button {
                label: "Keep",
                class: "xs",
                onclick: move |event: MouseEvent| {
                    choose(&event, &key);
                    desk.keep(&key);
                },
            }
        },
        (Standing::Waiting | Standing::Kept | Standing::Merged(_), false) => rsx! {
            span { class: "act-h",
                Button {
                    label: "Leave out",
                    class: "xs ghost",
                    onclick: move |event: MouseEvent| {
                        choose(&event, &key);
                        desk.leave_out(&key);
                    },
                }
            }
        },
    }
}

/// What the item is, and where it goes if that is not where its step goes.
fn about(item: &ItemRow) -> String {
    match (&item.standing, item.has_own_decision, &item.merged_into) {
        (Standing::OnMap, ..) => format!("{}. Already on the map", item.what),
        (Standing::LeftOut, true, _) => format!("{}. Left out", item.what),
        (Standing::LeftOut, false, _) => format!("{}. Left out with its step", item.what),
        (Standing::Kept, true, _) => format!("{}. Kept", item.what),
        (Standing::Merged(_), _, Some(target)) => format!("{}. Goes to “{target}”", item.what),
        (Standing::Waiting | Standing::Kept | Standing::Merged(_), ..) => item.what.clone(),
    }
}

fn said(item: &ItemRow) -> &'static str {
    match item.standing {
        Standing::Waiting => "Goes with its step",
        Standing::Kept => "Kept",
        Standing::LeftOut => "Left out",
        Standing::Merged(_) => "Goes to another step",
        Standing::OnMap => "Already on the map",
    }
}
