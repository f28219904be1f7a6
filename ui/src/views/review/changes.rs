//! What was changed since the last review, step by step, by whom and through what.

use std::collections::BTreeSet;

use custory_domain::agenda::Changed;
use custory_domain::{EntityKind, MemberId, StepId, Via};
use dioxus::prelude::*;

use super::lists::{Mark, Rest, place, shown};
use super::{Section, ago, keys, words};
use crate::components::{Avatar, Button, Chip, Entry, Icon, Menu};
use crate::format;
use crate::state::{List, Row, Store, Who, use_store};
use crate::views::history;

/// Lines of changes after which no further step is shown at first: the other lists are to be seen, too.
const CHANGES: usize = 12;
/// The name under which it is kept that all steps are shown.
const WHOLE: &str = "changes";

/// The list of changes.
#[component]
pub fn Changes() -> Element {
    let mut store = use_store();
    let review = store.review.read();
    let Some(review) = review.as_ref() else { return rsx! {} };
    let Some(agenda) = review.agenda.as_ref() else { return rsx! {} };
    let changes: Vec<Changed> = review.changes().into_iter().cloned().collect();
    let count = changes.len();
    let (groups, rest) = groups(store, changes);
    let more = format::count(rest, "change", "changes");
    let is_filtered = review.kind.is_some() || review.who.is_some();
    let since = words::since_when(&agenda.period);
    let has_any = !agenda.changed.is_empty();
    let chip = |is_set: bool| if is_set { "on" } else { "" };
    let (kind_class, who_class) = (chip(review.kind.is_some()), chip(review.who.is_some()));
    let kind = review.kind.map_or_else(|| "Everything".to_owned(), words::kinds);
    let who = review.who.map_or_else(|| "Everyone".to_owned(), |it| who_word(store, it));
    rsx! {
        Section { id: "review-changed", icon: "diff", title: "Changed", count,
            if has_any {
                div { class: "rvw-f",
                    Chip {
                        class: kind_class,
                        id: "review-kind",
                        label: "Changes of: {kind}",
                        opens_menu: true,
                        onclick: move |event| {
                            let entries = kind_entries(store);
                            store.menu.set(Some(Menu::below(&event, "Changes of", entries)));
                        },
                        "{kind}"
                        Icon { name: "down", class: "xs" }
                    }
                    Chip {
                        class: who_class,
                        id: "review-who",
                        label: "Changes by: {who}",
                        opens_menu: true,
                        onclick: move |event| {
                            let entries = who_entries(store);
                            store.menu.set(Some(Menu::below(&event, "Changes by", entries)));
                        },
                        "{who}"
                        Icon { name: "down", class: "xs" }
                    }
                }
            }
            if count == 0 {
                p { class: "rvw-0",
                    if is_filtered && has_any { "Nothing passes the filter." } else { "Nothing changed {since}." }
                }
            }
            for Group { step , changes , all } in groups {
                OnStep { key: "{group_name(step)}", step, changes, all }
            }
            if rest > 0 {
                Button {
                    label: "Show {more} of other steps",
                    class: "xs ghost rvw-r",
                    onclick: move |_| {
                        if let Some(review) = store.review.write().as_mut() {
                            review.whole.insert(WHOLE.to_owned());
                        }
                    },
                }
            }
        }
    }
}

#[component]
fn OnStep(step: Option<StepId>, changes: Vec<Changed>, all: usize) -> Element {
    let store = use_store();
    let name = group_name(step);
    let shown = changes.len();
    let place = step.and_then(|it| place(store, it));
    rsx! {
        h4 { class: "rvw-k",
            match place {
                Some((title, colour)) => rsx! { span { class: "stepchip", style: "--c:{colour}", i {} "{title}" } },
                None => rsx! { "The journey as a whole" },
            }
        }
        ul { class: "rvw-l rvw-1",
            for it in changes {
                Line { key: "{it.about}", it }
            }
        }
        Rest { name, all, shown }
    }
}

#[component]
fn Line(it: Changed) -> Element {
    let store = use_store();
    let row = Row { list: List::Changed, about: it.about };
    let is_on = keys::use_is_on(row);
    let is_gone = it.how == custory_domain::How::Removed;
    let class = match it.how {
        custory_domain::How::Added => "rvw-x good",
        custory_domain::How::Changed => "rvw-x",
        custory_domain::How::Removed => "rvw-x bad",
    };
    let makers: Vec<String> = it.makers.iter().map(|it| words::made_by(store, it)).collect();
    let first = it.makers.first().copied();
    let (about, at) = (it.about, it.at);
    rsx! {
        li { class: "rvw-li",
            button {
                class: "rvw-b",
                r#type: "button",
                id: words::row_id(row),
                tabindex: if is_on { "0" } else { "-1" },
                title: if is_gone { "In the trash. Opens its history" },
                onfocus: move |_| keys::stand_on(store, row),
                onclick: move |_| keys::open(store, about, is_gone),
                Mark { about }
                span { class: "rvw-c",
                    span { class: if is_gone { "rvw-v gone" } else { "rvw-v" }, "{it.title}" }
                    span { class: "rvw-w",
                        span { {words::what(&it)} }
                        if let Some(maker) = first {
                            span { class: "rvw-by",
                                match history::words::icon(maker.via) {
                                    Some(icon) => rsx! { Icon { name: icon, class: "xs" } },
                                    None => rsx! { Avatar { member: maker.by, class: "xs" } },
                                }
                                {makers.join("; ")}
                            }
                        }
                        span { class: "t3", {ago(at)} }
                    }
                }
                span { class: "{class}", {words::how(it.how)} }
            }
        }
    }
}

/// Changes of one step.
#[derive(Clone, PartialEq)]
pub struct Group {
    /// The step; none for the journey as a whole.
    pub step: Option<StepId>,
    /// Those that are shown.
    pub changes: Vec<Changed>,
    /// How many there are.
    pub all: usize,
}

/// Changes by step, in their order, as far as they are shown; and how many there are on steps after those.
pub fn groups(store: Store, changes: Vec<Changed>) -> (Vec<Group>, usize) {
    let is_whole = store.review.read().as_ref().is_some_and(|it| it.whole.contains(WHOLE));
    let mut groups: Vec<Group> = Vec::new();
    for it in changes {
        match groups.last_mut().filter(|group| group.step == it.step) {
            Some(group) => group.changes.push(it),
            None => groups.push(Group { step: it.step, changes: vec![it], all: 0 }),
        }
    }
    let (mut lines, mut rest) = (0, 0);
    groups.retain_mut(|group| {
        group.all = group.changes.len();
        if !is_whole && lines >= CHANGES {
            rest += group.all;
            return false;
        }
        group.changes.truncate(shown(store, &group_name(group.step), group.all));
        lines += group.changes.len();
        true
    });
    (groups, rest)
}

/// The name under which a group is kept whole.
pub fn group_name(step: Option<StepId>) -> String {
    step.map_or_else(|| "changed".to_owned(), |it| format!("changed-{it}"))
}

fn who_word(store: Store, who: Who) -> String {
    match who {
        Who::Person(person) => words::name(store, Some(person)),
        Who::Through(via) => through(via).to_owned(),
    }
}

const fn through(via: Via) -> &'static str {
    match via {
        Via::User => "By hand",
        Via::Automation => "Automations",
        Via::Ai => "The assistant",
        Via::Import => "Drafts and imports",
        Via::Connector => "Connected tools",
    }
}

fn kind_entries(store: Store) -> Vec<Entry> {
    let review = store.review.peek();
    let Some(review) = review.as_ref() else { return Vec::new() };
    let now = review.kind;
    let kinds: BTreeSet<EntityKind> =
        review.agenda.iter().flat_map(|it| &it.changed).map(|it| it.about.kind).collect();
    let choose = move |kind: Option<EntityKind>| {
        let mut store = store;
        if let Some(review) = store.review.write().as_mut() {
            review.kind = kind;
        }
    };
    let everything = Entry::act("Everything", move || choose(None)).on(now.is_none());
    let one = |it: EntityKind| Entry::act(words::kinds(it), move || choose(Some(it))).on(now == Some(it));
    [everything].into_iter().chain(kinds.into_iter().map(one)).collect()
}

fn who_entries(store: Store) -> Vec<Entry> {
    let review = store.review.peek();
    let Some(review) = review.as_ref() else { return Vec::new() };
    let now = review.who;
    let makers = || review.agenda.iter().flat_map(|it| &it.changed).flat_map(|it| &it.makers);
    let people: BTreeSet<MemberId> = makers().filter_map(|it| it.by).collect();
    let ways: BTreeSet<Via> = makers().map(|it| it.via).collect();
    let choose = move |who: Option<Who>| {
        let mut store = store;
        if let Some(review) = store.review.write().as_mut() {
            review.who = who;
        }
    };
    let everyone = Entry::act("Everyone", move || choose(None)).icon("peers").on(now.is_none());
    let person = |it: MemberId| {
        let who = Some(Who::Person(it));
        Entry::act(words::name(store, Some(it)), move || choose(who)).person(Some(it)).on(now == who)
    };
    let way = |it: Via| {
        let who = Some(Who::Through(it));
        let icon = history::words::icon(it).unwrap_or("pen");
        Entry::act(through(it), move || choose(who)).icon(icon).on(now == who)
    };
    [everyone].into_iter().chain(people.into_iter().map(person)).chain(ways.into_iter().map(way)).collect()
}
