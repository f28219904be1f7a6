//! Automations that a person makes: begun from a view of the map or from a usual one, renamed, deleted.

use custory_domain::filter::{Criterion, Filter};
use custory_domain::{ItemKind, ItemState, JourneyId};
use custory_ipc::{AutomationView, Choices, Deed, Watched};
use dioxus::prelude::*;

use super::choose::{entry, offer_issue_teams};
use crate::components::{Button, Entry, Menu, TextField};
use crate::state::{Run, Store, Toast, ToastAction, use_store};
use crate::views::filter;
use crate::views::map::{MapState, use_map};

/// Most characters of a name.
const NAME_CHARS_MAX: usize = 60;

fn finds(tests: impl IntoIterator<Item = Criterion>) -> Filter {
    let mut filter = Filter::default();
    for it in tests {
        filter.add(it.into());
    }
    filter
}

/// What many teams watch for.
fn usual() -> [Watched; 3] {
    let watched = |name: &str, filter| Watched { name: name.to_owned(), filter };
    [
        watched("Quick wins", finds([Criterion::Impact { least: 4 }, Criterion::Effort { most: 2 }])),
        watched(
            "Severe and nobody’s",
            finds([
                Criterion::Kind { kinds: [ItemKind::Insight].into() },
                Criterion::Severity { least: 4 },
                Criterion::Owner { owners: [None].into() },
            ]),
        ),
        watched(
            "Planned",
            finds([Criterion::State {
                states: ItemState::CHOSEN.into_iter().filter(|it| it.word() == "Planned").collect(),
            }]),
        ),
    ]
}

/// What can be watched for: what the map shows now, views that are kept, and what many teams watch for; with the
/// journey that it is about, if it is about one.
fn offers(store: Store, map: MapState) -> Vec<(String, &'static str, Option<JourneyId>, Watched)> {
    let mut offers = Vec::new();
    let journey = store.open.peek().as_ref().map(|it| it.id);
    let shown = map.filter.peek().clone();
    if shown.is_on() && journey.is_some() {
        let name = "What the map shows".to_owned();
        offers.push((
            "What the map shows now".to_owned(),
            "filter",
            journey,
            Watched { name, filter: shown },
        ));
    }
    if journey.is_some() {
        let views = store.journey_view().saved.into_iter().filter(|it| it.filter.is_on());
        offers.extend(views.map(|it| {
            let watch = Watched { name: it.name.clone(), filter: it.filter };
            (format!("The view “{}”", it.name), "star", journey, watch)
        }));
    }
    offers.extend(usual().map(|it| (it.name.clone(), "flow", None, it)));
    offers
}

/// Begins a new one.
#[component]
pub fn NewAutomation() -> Element {
    let mut store = use_store();
    let map = use_map();
    let begin = move |event: MouseEvent| {
        let entries = offers(store, map)
            .into_iter()
            .map(|(label, icon, journey, watch)| {
                Entry::act(label, move || store.make_automation(journey, watch.clone(), Vec::new(), false))
                    .icon(icon)
            })
            .collect();
        store.menu.set(Some(Menu::below(&event, "When something comes into", entries)));
    };
    rsx! {
        Button { label: "New automation", icon: "plus", class: "ghost sm au-new", id: "new-automation", onclick: begin }
    }
}

/// Other things that one can watch for.
pub fn views(store: Store, map: MapState, it: &AutomationView) -> Vec<Entry> {
    let offers = offers(store, map).into_iter().map(|(label, icon, journey, watch)| {
        let is_on = it.choices.watch.as_ref().is_some_and(|now| now.filter == watch.filter);
        let set = move |to: &mut Choices| (to.watch, to.journey) = (Some(watch.clone()), journey);
        entry(store, it, label, is_on, set).icon(icon)
    });
    offers.collect()
}

/// Everything that can be done with what comes in; each is switched on and off.
pub fn deeds(store: Store, it: &AutomationView) -> Vec<Entry> {
    let toggle = |label: String, deed: Deed, is_same: fn(&Deed, &Deed) -> bool| {
        let is_on = it.choices.deeds.contains(&deed);
        entry(store, it, label, is_on, move |to| {
            let was = to.deeds.contains(&deed);
            to.deeds.retain(|other| !is_same(other, &deed));
            if !was {
                to.deeds.push(deed.clone());
            }
        })
    };
    let mut entries =
        vec![toggle("Ask its owner what comes next".to_owned(), Deed::Ask, |a, b| a == b).icon("comment")];
    entries.push(Entry::Line);
    let gives = |a: &Deed, b: &Deed| matches!((a, b), (Deed::Give { .. }, Deed::Give { .. }));
    entries.extend(store.members().into_iter().map(|member| {
        let deed = Deed::Give { member: member.id, name: member.name.clone() };
        toggle(format!("Give it to {}", member.name), deed, gives).person(Some(member.id))
    }));
    entries.push(Entry::Line);
    let moves = |a: &Deed, b: &Deed| match (a, b) {
        (Deed::Move { to: a }, Deed::Move { to: b }) => a.kind() == b.kind(),
        _ => false,
    };
    entries.extend(ItemState::CHOSEN.map(|to| {
        let kind = ItemKind::of(to.kind()).map_or("", |it| it.spec().name);
        toggle(format!("{kind}: {}", to.word().to_lowercase()), Deed::Move { to }, moves).icon("flag")
    }));
    entries.push(Entry::Line);
    let of = it.clone();
    entries.push(
        Entry::act("Make an issue in Linear…", move || offer_issue_teams(store, of.clone())).icon("send"),
    );
    if !it.choices.deeds.is_empty() {
        entries.push(entry(store, it, "Nothing more", false, |to| to.deeds.clear()).icon("x"));
    }
    entries
}

/// What it watches for, and the ways to change and delete it.
#[component]
pub fn OwnPart(automation: AutomationView) -> Element {
    let store = use_store();
    let mut name = use_signal(|| None::<String>);
    let Some(watch) = automation.choices.watch.clone() else { return rsx! {} };
    let words = filter::in_words(store, &watch.filter);
    let mut keep = {
        let it = automation.clone();
        move || {
            let Some(called) = name.take() else { return };
            let mut choices = it.choices.clone();
            if let Some(watch) = choices.watch.as_mut().filter(|it| it.name != called.trim()) {
                watch.name = called.trim().to_owned();
                store.set_automation(it.key.clone(), it.is_on, choices);
            }
        }
    };
    rsx! {
        p { class: "t2 au-own", "It looks for {words}. What is so already is left alone." }
        div { class: "au-own",
            if let Some(value) = name.read().clone() {
                TextField {
                    value,
                    label: "Name of the automation",
                    id: "automation-name",
                    autofocus: true,
                    oninput: move |text: String| name.set(Some(text.chars().take(NAME_CHARS_MAX).collect())),
                    onsubmit: move |()| keep(),
                }
            } else {
                Button {
                    label: "Rename",
                    icon: "pen",
                    class: "ghost sm",
                    id: "rename-automation",
                    onclick: {
                        let now = watch.name.clone();
                        move |_| name.set(Some(now.clone()))
                    },
                }
                Button {
                    label: "Delete",
                    icon: "trash",
                    class: "ghost sm",
                    id: "delete-automation",
                    onclick: move |_| delete(store, automation.clone()),
                }
            }
        }
    }
}

/// Deletes it; a press brings it back as it was.
fn delete(store: Store, it: AutomationView) {
    let name = it.name.clone();
    store.delete_automation(it.key.clone());
    let back = Run::new(move || {
        if let Some(watch) = it.choices.watch.clone() {
            store.make_automation(it.choices.journey, watch, it.choices.deeds.clone(), it.is_on);
        }
    });
    let action = ToastAction { label: "Undo".to_owned(), keys: Vec::new(), run: back };
    store.toast(Toast::plain("trash", format!("Deleted “{name}”")).with(action));
}
