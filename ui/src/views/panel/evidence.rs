//! Evidence: the words, who said them and where they stand.

use custory_domain::wording::quoted;
use custory_domain::*;
use dioxus::prelude::*;

use super::evidence_form::EvidenceForm;
use super::words;
use crate::components::{Empty, Entry, Icon, IconButton, Menu};
use crate::format;
use crate::host;
use crate::state::{Panel, Store, use_store};
use crate::views::map::{source_icon, source_name};

/// Pieces listed at once; the rest comes on demand.
const LISTED: usize = 40;
/// Letters of an address that fit beside a name.
const PLACE_LETTERS_MAX: usize = 42;

/// A quote with its source line.
#[component]
pub fn Quote(evidence: Evidence) -> Element {
    let now = host::now();
    let is_said = matches!(evidence.sort, EvidenceSort::Quote | EvidenceSort::Interview);
    let words = evidence.excerpt.trim().to_owned();
    let words = if is_said && !words.starts_with(['“', '"', '«', '„']) { quoted(&words) } else { words };
    let author = evidence.author.clone();
    let place = place(&evidence);
    let when = evidence.captured_at.map(|at| format::day(at.date(), now.date()));
    rsx! {
        figure { class: if is_said { "qt txt" } else { "qt txt fact" },
            p { "{words}" }
            cite {
                Icon { name: source_icon(&evidence.source) }
                if !author.is_empty() {
                    b { "{author}" }
                }
                if author.is_empty() && !evidence.account.is_empty() {
                    span { "{evidence.account}" }
                }
                if let Some((label, url)) = place {
                    if let Some(url) = url {
                        button {
                            class: "lk",
                            r#type: "button",
                            title: "{url}",
                            onclick: move |_| {
                                let url = url.clone();
                                spawn(async move { host::open_external(&url).await });
                            },
                            "{label}"
                        }
                    } else {
                        span { title: "{evidence.locator}", "{label}" }
                    }
                }
                if let Some(when) = when {
                    span { "{when}" }
                }
            }
        }
    }
}

/// What the place is called, and its address if it can be opened.
fn place(evidence: &Evidence) -> Option<(String, Option<String>)> {
    if evidence.locator.is_empty() {
        return (!evidence.source.is_empty()).then(|| (source_name(&evidence.source), None));
    }
    let is_web = evidence.locator.starts_with("http://") || evidence.locator.starts_with("https://");
    if !is_web {
        let anchor =
            if evidence.anchor.is_empty() { String::new() } else { format!(", {}", evidence.anchor) };
        return Some((format!("{}{anchor}", evidence.locator), None));
    }
    // A conversation in a tool is named by the tool; a page by its address.
    let label = match evidence.source.as_str() {
        "" | "web" | "website" => {
            let bare = evidence.locator.split_once("://").map_or("", |it| it.1);
            bare.trim_end_matches('/').chars().take(PLACE_LETTERS_MAX).collect()
        }
        tool => source_name(tool),
    };
    Some((label, Some(evidence.locator.clone())))
}

/// All evidence on a step, newest first, each with what it is about.
#[component]
pub fn StepEvidence(step: StepId) -> Element {
    let store = use_store();
    let mut limit = use_signal(|| LISTED);
    let mut is_adding = use_signal(|| false);
    let open = store.open.read();
    let Some(open) = open.as_ref() else { return rsx! {} };
    let mut all: Vec<&Evidence> =
        open.index.evidence_on(step).filter_map(|id| open.board.evidence.get(&id)).collect();
    all.sort_by_key(|it| (std::cmp::Reverse(it.captured_at), it.id));
    let left = all.len().saturating_sub(limit());
    let shown: Vec<Evidence> = all.into_iter().take(limit()).cloned().collect();
    let is_empty = shown.is_empty();
    rsx! {
        div { class: "blk",
            div { class: "blk-h",
                h3 { "What people said and did" }
                IconButton { icon: "plus", class: "xs", label: "Add evidence", onclick: move |_| is_adding.set(true) }
            }
            if is_adding() {
                EvidenceForm { claim: EntityRef::from(step), ondone: move |()| is_adding.set(false) }
            }
            if is_empty && !is_adding() {
                Empty { icon: "quote", title: "No evidence yet", text: "Add what a customer said, word for word, or what the numbers show.",
                    crate::components::Button { label: "Add evidence", class: "sm", onclick: move |_| is_adding.set(true) }
                }
            }
            for evidence in shown {
                EvidenceLine { key: "{evidence.id}", step, evidence, claim: None }
            }
            if left > 0 {
                button { class: "lnk", r#type: "button", onclick: move |_| limit += LISTED, "{left} more" }
            }
        }
    }
}

/// Evidence for one item.
#[component]
pub fn ItemEvidence(step: StepId, item: EntityRef) -> Element {
    let store = use_store();
    let mut limit = use_signal(|| LISTED);
    let mut is_adding = use_signal(|| false);
    let open = store.open.read();
    let Some(open) = open.as_ref() else { return rsx! {} };
    let all = open.board.evidence_for(item);
    let count = all.len();
    let shown: Vec<Evidence> = all.into_iter().take(limit()).map(|it| it.0.clone()).collect();
    let left = count - shown.len();
    rsx! {
        div { class: "blk",
            div { class: "blk-h",
                h3 { "Evidence" }
                small { "{count}" }
                IconButton { icon: "plus", class: "xs", label: "Add evidence", onclick: move |_| is_adding.set(true) }
            }
            if is_adding() {
                EvidenceForm { claim: item, ondone: move |()| is_adding.set(false) }
            }
            if count == 0 && !is_adding() {
                p { class: "none", "Nothing yet. Add what a customer said, word for word." }
            }
            for evidence in shown {
                EvidenceLine { key: "{evidence.id}", step, evidence, claim: Some(item) }
            }
            if left > 0 {
                button { class: "lnk", r#type: "button", onclick: move |_| limit += LISTED, "{left} more" }
            }
        }
    }
}

/// A piece of evidence, with what it is about and what can be done to it.
#[component]
fn EvidenceLine(step: StepId, evidence: Evidence, claim: Option<EntityRef>) -> Element {
    let mut store = use_store();
    let open = store.open.read();
    let Some(open) = open.as_ref() else { return rsx! {} };
    let about: Vec<(EntityRef, String, Stance)> = evidence
        .claims
        .iter()
        .filter(|it| Some(*it.0) != claim)
        .filter_map(|(it, stance)| Some((*it, open.board.item(*it)?.title.to_owned(), *stance)))
        .collect();
    let stance = claim.and_then(|it| evidence.claims.get(&it).copied());
    let id = evidence.id;
    rsx! {
        article { class: "evl",
            Quote { evidence: evidence.clone() }
            IconButton {
                icon: "more",
                class: "xs",
                label: "More for this evidence",
                opens_menu: true,
                onclick: move |event| store.menu.set(Some(Menu::below(&event, "Evidence", entries(store, id, claim)))),
            }
            if stance == Some(Stance::Contradicts) {
                span { class: "tg against", "Speaks against it" }
            }
            if !evidence.is_verified {
                span { class: "tg", title: "Nobody found the words in the source yet", "Not verified" }
            }
            for (item , title , stance) in about {
                button {
                    key: "{item}",
                    class: "tg",
                    r#type: "button",
                    onclick: move |_| store.panel.set(Some(Panel { step, item: Some(item) })),
                    if stance == Stance::Contradicts { "Against: " }
                    "{title}"
                }
            }
        }
    }
}

fn entries(store: Store, id: EvidenceId, claim: Option<EntityRef>) -> Vec<Entry> {
    let open = store.open.peek();
    let Some(it) = open.as_ref().and_then(|it| it.board.evidence.get(&id)) else { return Vec::new() };
    let mut entries = Vec::new();
    if let Some(claim) = claim {
        let stance = it.claims.get(&claim).copied();
        for (value, word) in [(Stance::Supports, "Speaks for it"), (Stance::Contradicts, "Speaks against it")]
        {
            let weigh = move || store.send(Command::Weigh { evidence: id, claim, stance: Some(value) });
            entries.push(Entry::act(word, weigh).on(stance == Some(value)));
        }
        let unlink = move || store.send(Command::Weigh { evidence: id, claim, stance: None });
        entries.push(Entry::act("Has nothing to do with it", unlink));
        entries.push(Entry::Line);
    }
    let is_verified = it.is_verified;
    let verify = move || {
        store.send(Command::set(Change::Evidence { id, set: EvidenceField::IsVerified(!is_verified) }));
    };
    entries.push(Entry::act("Verified in its source", verify).icon("check").on(is_verified));
    entries.push(Entry::Heading("Counts as".to_owned()));
    let weight = it.weight;
    for (value, word) in words::WEIGHTS {
        let value = *value;
        let set =
            move || store.send(Command::set(Change::Evidence { id, set: EvidenceField::Weight(value) }));
        entries.push(Entry::act(*word, set).on(weight == value));
    }
    entries.push(Entry::Line);
    entries.push(Entry::act("Delete", move || store.trash(vec![id.into()])).icon("trash").danger());
    entries
}
