//! What was decided about an item or a step: what, why, what it was based on, by whom and when; and writing such a
//! decision down.

use std::collections::BTreeSet;

use custory_domain::{
    Change, Command, Decision, DecisionField, DecisionId, EntityKind, EntityRef, ItemKind, StepId,
};
use dioxus::prelude::*;

use crate::components::{Avatar, Button, Chip, Entry, Icon, IconButton, InlineText, Kbd, Menu, TextField};
use crate::dom;
use crate::format;
use crate::host;
use crate::state::{OpenJourney, Store, use_store};
use crate::views::panel::edit::form_keys;

/// Id of the button that begins a decision.
pub const DECIDE_ID: &str = "decide";

/// Reasons that are offered of each kind.
const OFFERED_MAX: usize = 12;

/// Decisions about something, the newest first, with a way to add one.
#[component]
pub fn Decisions(about: EntityRef) -> Element {
    let store = use_store();
    let mut is_adding = use_signal(|| false);
    let open = store.open.read();
    let Some(open) = open.as_ref() else { return rsx! {} };
    let decisions: Vec<Decision> = open.board.decisions_about(about).into_iter().cloned().collect();
    let is_past = store.is_comparing();
    rsx! {
        div { class: "blk", id: "decisions",
            div { class: "blk-h",
                h3 { "Decisions" }
                if !decisions.is_empty() {
                    small { "{decisions.len()}" }
                }
                if !is_past {
                    IconButton {
                        icon: "plus",
                        class: "xs",
                        id: DECIDE_ID,
                        label: crate::keys::hint(store, "Record a decision", &["D"]),
                        onclick: move |_| is_adding.set(true),
                    }
                }
            }
            if is_adding() {
                NewDecision {
                    about,
                    ondone: move |()| {
                        is_adding.set(false);
                        dom::focus_soon(DECIDE_ID);
                    },
                }
            }
            for decision in decisions {
                One { key: "{decision.id}", decision }
            }
        }
    }
}

/// A decision. Its words can be mended where they stand; who decided and when stay.
#[component]
fn One(decision: Decision) -> Element {
    let store = use_store();
    let open = store.open.read();
    let Some(open) = open.as_ref() else { return rsx! {} };
    let id = decision.id;
    let by = decision.decided_by();
    let name = store.member(by).map_or("Someone".to_owned(), |it| it.name);
    let reasons: Vec<(EntityRef, String)> =
        decision.based_on.iter().filter_map(|it| Some((*it, title_of(open, *it)?))).collect();
    let set = move |set: DecisionField| store.send(Command::set(Change::Decision { id, set }));
    rsx! {
        article { class: "dec",
            Avatar { member: Some(by), class: "md" }
            div { class: "g",
                p { class: "cm-h",
                    b { "{name}" }
                    time { {format::ago(decision.decided_at(), host::now())} }
                }
                div { class: "dec-w txt",
                    InlineText {
                        value: decision.what.clone(),
                        label: "What was decided",
                        onsave: move |text| set(DecisionField::What(text)),
                    }
                }
                div { class: "txt",
                    InlineText {
                        value: decision.why.clone(),
                        label: "Why",
                        placeholder: "Why?",
                        multiline: true,
                        may_be_empty: true,
                        onsave: move |text| set(DecisionField::Why(text)),
                    }
                }
                if !reasons.is_empty() {
                    p { class: "dec-b",
                        span { class: "t3", "Based on" }
                        for (reason , title) in reasons {
                            span { key: "{reason}", class: "chip still", title: "{title}",
                                Icon { name: icon_of(reason), class: "sm" }
                                span { class: "x", "{title}" }
                            }
                        }
                    }
                }
                if !decision.rejected.is_empty() {
                    p { class: "t2",
                        span { class: "t3", "Not chosen: " }
                        {decision.rejected.lines().map(str::trim).filter(|it| !it.is_empty()).collect::<Vec<_>>().join("; ")}
                    }
                }
            }
            IconButton {
                icon: "trash",
                class: "xs",
                label: "Delete decision",
                onclick: move |_| store.trash(vec![id.into()]),
            }
        }
    }
}

/// Where a decision is written.
#[component]
fn NewDecision(about: EntityRef, ondone: EventHandler<()>) -> Element {
    let mut store = use_store();
    let mut what = use_signal(String::new);
    let mut why = use_signal(String::new);
    let mut rejected = use_signal(String::new);
    let mut based_on: Signal<BTreeSet<EntityRef>> = use_signal(BTreeSet::new);
    let length = what.read().trim().chars().count();
    let max = Decision::WHAT_CHARS_MAX;
    let error =
        (length > max).then(|| format!("{length} of {max} characters. The reason has a place of its own."));
    let can_save = length > 0 && error.is_none();
    let save = move || {
        if !can_save {
            return;
        }
        let decision = Decision {
            what: what.peek().trim().to_owned(),
            why: why.peek().trim().to_owned(),
            rejected: rejected.peek().trim().replace("; ", "\n"),
            about: Some(about),
            based_on: based_on.peek().clone(),
            ..Decision::new(host::fresh(DecisionId::from_parts))
        };
        store.send(Command::add(decision));
        ondone.call(());
    };
    let chosen: Vec<(EntityRef, String)> = {
        let open = store.open.read();
        let title = |it: &EntityRef| Some((*it, title_of(open.as_ref()?, *it)?));
        based_on.read().iter().filter_map(title).collect()
    };
    rsx! {
        form {
            class: "ef",
            "aria-label": "Record a decision",
            onsubmit: move |event| event.prevent_default(),
            onkeydown: move |event| form_keys(&event, save, ondone),
            TextField {
                id: "decision-what",
                value: what(),
                label: "What was decided",
                placeholder: "What was decided",
                autofocus: true,
                error,
                oninput: move |text| what.set(text),
                onsubmit: move |()| save(),
            }
            label { class: "fld ta",
                textarea {
                    id: "decision-why",
                    "aria-label": "Why",
                    placeholder: "Why",
                    value: "{why}",
                    oninput: move |event| why.set(event.value()),
                }
            }
            TextField {
                value: rejected(),
                label: "What was not chosen; several with a semicolon between",
                placeholder: "Not chosen; several with a semicolon between",
                oninput: move |text| rejected.set(text),
                onsubmit: move |()| save(),
            }
            div { class: "dec-b",
                for (reason , title) in chosen {
                    Chip { key: "{reason}", class: "on", label: "No longer based on {title}", onclick: move |_| { based_on.write().remove(&reason); },
                        Icon { name: icon_of(reason), class: "sm" }
                        span { class: "x", "{title}" }
                        Icon { name: "x", class: "xs" }
                    }
                }
                Chip {
                    class: "dash",
                    id: "decision-based-on",
                    opens_menu: true,
                    onclick: move |event| {
                        let entries = reasons(store, about, based_on);
                        store.menu.set(Some(Menu::below(&event, "Based on", entries)));
                    },
                    Icon { name: "plus", class: "xs" }
                    "Based on"
                }
            }
            div { class: "ef-f",
                span { class: "t3", Kbd { keys: vec!["mod", "enter"] } }
                span { class: "sp" }
                Button { label: "Cancel", class: "ghost sm", onclick: move |_| ondone.call(()) }
                Button { label: "Record", class: "pri sm", id: "decision-save", disabled: !can_save, onclick: move |_| save() }
            }
        }
    }
}

/// What a decision could rest on: what the item is linked with, what hangs on its steps, and what people said of it.
fn reasons(store: Store, about: EntityRef, based_on: Signal<BTreeSet<EntityRef>>) -> Vec<Entry> {
    let open = store.open.peek();
    let Some(open) = open.as_ref() else { return Vec::new() };
    let board = &open.board;
    let steps: Vec<StepId> = match about.kind {
        EntityKind::Step => vec![about.id.into()],
        _ => board.item(about).map(|it| it.steps.iter().copied().collect()).unwrap_or_default(),
    };
    let on_steps = |kind: ItemKind| -> Vec<EntityRef> {
        let mut seen = BTreeSet::from([about]);
        let all = steps.iter().flat_map(|it| open.index.cell(*it, kind)).copied();
        all.filter(|it| seen.insert(*it)).take(OFFERED_MAX).collect()
    };
    let mut claims: Vec<EntityRef> = vec![about];
    if let Some(it) =
        board.opportunities.get(&about.id.into()).filter(|_| about.kind == EntityKind::Opportunity)
    {
        claims.extend(it.insights.iter().map(|it| EntityRef::from(*it)));
    }
    let quotes: BTreeSet<EntityRef> =
        claims.iter().flat_map(|it| open.index.evidence_of(*it)).map(EntityRef::from).collect();
    let verdicts = board.verdicts.values().filter(|it| it.trashed.is_none());
    let verdicts =
        verdicts.filter(|it| it.solution.map(EntityRef::from) == Some(about)).map(|it| it.id.into());
    let groups: [(&str, Vec<EntityRef>); 5] = [
        ("Insights", on_steps(ItemKind::Insight)),
        ("Metrics", on_steps(ItemKind::Metric)),
        ("Opportunities", on_steps(ItemKind::Opportunity)),
        ("What people said", quotes.into_iter().take(OFFERED_MAX).collect()),
        ("Verdicts", verdicts.collect()),
    ];
    let mut entries = Vec::new();
    for (heading, all) in groups.into_iter().filter(|it| !it.1.is_empty()) {
        entries.push(Entry::Heading(heading.to_owned()));
        for reason in all {
            let Some(title) = title_of(open, reason) else { continue };
            let mut chosen = based_on;
            let is_on = chosen.peek().contains(&reason);
            let toggle = move || {
                let mut chosen = chosen.write();
                if !chosen.remove(&reason) {
                    chosen.insert(reason);
                }
            };
            entries.push(Entry::act(title, toggle).icon(icon_of(reason)).on(is_on));
        }
    }
    if entries.is_empty() {
        entries.push(Entry::Heading("Nothing is linked or measured here yet".to_owned()));
    }
    entries
}

/// What a reason is called; `None` if it is not there any more.
fn title_of(open: &OpenJourney, id: EntityRef) -> Option<String> {
    let entity = open.board.get(id).filter(|it| it.trashed().is_none())?;
    Some(entity.title().to_owned()).filter(|it| !it.is_empty())
}

fn icon_of(id: EntityRef) -> &'static str {
    match ItemKind::of(id.kind) {
        Some(kind) => kind.spec().icon,
        None if id.kind == EntityKind::Verdict => "check",
        None => "quote",
    }
}
