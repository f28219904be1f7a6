//! A step in detail: what it is, then tabs with what hangs on it.

use custory_domain::*;
use dioxus::prelude::*;

use super::activity::Activity;
use super::blame::SetBy;
use super::comments::Comments;
use super::evidence::StepEvidence;
use super::overview::Overview;
use super::words;
use super::work::Work;
use crate::components::{Avatar, Chip, Entry, Icon, InlineText, Menu, TextField};
use crate::format;
use crate::state::{OpenJourney, Store, use_store};
use crate::views::map::owner_entries;

/// A tab of the panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tab {
    Overview,
    Evidence,
    Work,
    Comments,
    Activity,
}

/// A step in detail.
#[component]
pub fn StepDetail(step: StepId) -> Element {
    let store = use_store();
    let mut tab = use_signal(|| Tab::Overview);
    // Whoever is led to a comment sees the comments.
    use_effect(use_reactive!(|(step,)| {
        let (open, sought) = (store.open.read(), store.news.read().sought);
        let about = sought.and_then(|it| open.as_ref()?.board.comments.get(&it)?.about);
        if about == Some(EntityRef::from(step)) {
            tab.set(Tab::Comments);
        }
    }));
    let open = store.open.read();
    let Some(open) = open.as_ref() else { return rsx! {} };
    let Some(it) = open.board.steps.get(&step) else { return rsx! {} };
    let counts = [
        (Tab::Overview, "Overview", None),
        (Tab::Evidence, "Evidence", Some(open.index.evidence_on(step).count())),
        (Tab::Work, "Work", Some(work_count(open, step))),
        (Tab::Comments, "Comments", Some(comment_count(open, step.into()))),
        (Tab::Activity, "Activity", None),
    ];
    let tabs = counts.into_iter().filter(|it| it.2 != Some(0) || it.0 == Tab::Evidence || it.0 == Tab::Work);
    let set = move |set: StepField| store.send(Command::set(Change::Step { id: step, set }));
    rsx! {
        div { class: "pn-t",
            h2 { class: "txt",
                InlineText {
                    value: it.title.clone(),
                    label: "Title",
                    onsave: move |title| set(StepField::Title(title)),
                }
            }
            div { class: "pn-a txt",
                InlineText {
                    value: it.action.clone(),
                    label: "What the customer does",
                    placeholder: "What does the customer do here, and why?",
                    multiline: true,
                    may_be_empty: true,
                    onsave: move |action| set(StepField::Action(action)),
                }
            }
            Props { step }
        }
        div { class: "tabs", role: "tablist",
            for (which , label , count) in tabs {
                button {
                    key: "{label}",
                    class: "tab",
                    r#type: "button",
                    role: "tab",
                    "aria-selected": tab() == which,
                    onclick: move |_| tab.set(which),
                    "{label}"
                    if let Some(count) = count.filter(|it| *it > 0) {
                        small { "{count}" }
                    }
                }
            }
        }
        match tab() {
            Tab::Overview => rsx! { Overview { step, onmore: move |()| tab.set(Tab::Evidence) } },
            Tab::Evidence => rsx! { StepEvidence { step } },
            Tab::Work => rsx! { Work { step } },
            Tab::Comments => rsx! { Comments { about: EntityRef::from(step) } },
        Tab::Activity => rsx! { Activity { about: EntityRef::from(step) } },
        }
    }
}

fn work_count(open: &OpenJourney, step: StepId) -> usize {
    open.index.cell(step, ItemKind::Opportunity).len() + open.index.cell(step, ItemKind::Solution).len()
}

/// Comments about something that are not in the trash.
pub fn comment_count(open: &OpenJourney, about: EntityRef) -> usize {
    open.board.comments.values().filter(|it| it.trashed.is_none() && it.about == Some(about)).count()
}

/// What is known of a step, each with a way to change it.
#[component]
fn Props(step: StepId) -> Element {
    let mut store = use_store();
    let mut is_setting_target = use_signal(|| false);
    let mut target_typed = use_signal(String::new);
    let open = store.open.read();
    let Some(open) = open.as_ref() else { return rsx! {} };
    let Some(it) = open.board.steps.get(&step) else { return rsx! {} };
    let owner = it.owner.and_then(|it| store.member(it)).map(|it| it.name);
    let first_name =
        owner.as_deref().and_then(|it| it.split_whitespace().next()).unwrap_or("Owner").to_owned();
    let target = it.target_conversion;
    let feeling = open.numbers.feeling.get(&step).cloned();
    let set = move |set: StepField| store.send(Command::set(Change::Step { id: step, set }));
    let is_measured = feeling.as_ref().is_some_and(|it| !it.is_assumed);
    let sentiment = rsx! {
        Chip {
            opens_menu: true,
            onclick: move |event| {
                let entries = emotion_entries(store, step);
                store.menu.set(Some(Menu::below(&event, "How it feels", entries)));
            },
            Icon { name: "face", class: "sm" }
            span { class: "t3", if feeling.is_some() && !is_measured { "Assumed" } else { "Sentiment" } }
            b { {feeling.as_ref().map_or("Not set".to_owned(), |it| format::number(it.value, 1))} }
        }
    };
    rsx! {
        div { class: "props",
            SetBy { about: EntityRef::from(step), field: "owner", says: owner,
                Chip {
                    opens_menu: true,
                    onclick: move |event| {
                        let entries = owner_entries(store, step.into());
                        store.menu.set(Some(Menu::below(&event, "Owner", entries)));
                    },
                    span { class: "as-is", "aria-hidden": "true", Avatar { member: it.owner } }
                    "{first_name}"
                }
            }
            SetBy { about: EntityRef::from(step), field: "target_conversion",
                Chip {
                    onclick: move |_| {
                        target_typed.set(target.map(|it| format::number(it * 100.0, 1)).unwrap_or_default());
                        is_setting_target.toggle();
                    },
                    Icon { name: "flag", class: "sm" }
                    span { class: "t3", "Target" }
                    b { {target.map_or("Not set".to_owned(), format::percent)} }
                }
            }
            // What customers said has nobody who set it.
            if is_measured {
                {sentiment}
            } else {
                SetBy { about: EntityRef::from(step), field: "emotion", {sentiment} }
            }
            if it.is_value_moment {
                SetBy { about: EntityRef::from(step), field: "is_value_moment",
                    Chip { class: "on", label: "No longer a value moment", onclick: move |_| set(StepField::IsValueMoment(false)),
                        Icon { name: "star", class: "sm" }
                        "Value moment"
                    }
                }
            }
            if it.is_moment_of_truth {
                SetBy { about: EntityRef::from(step), field: "is_moment_of_truth",
                    Chip { class: "on", label: "No longer a moment of truth", onclick: move |_| set(StepField::IsMomentOfTruth(false)),
                        Icon { name: "flag", class: "sm" }
                        "Moment of truth"
                    }
                }
            }
            if it.lifecycle != StepLifecycle::Live {
                SetBy { about: EntityRef::from(step), field: "lifecycle",
                    Chip {
                        opens_menu: true,
                        onclick: move |event| store.menu.set(Some(Menu::below(&event, "Life", lifecycle_entries(store, step)))),
                        {words::word(words::LIFECYCLES, it.lifecycle)}
                    }
                }
            }
            Chip {
                class: "dash",
                label: "More about this step",
                opens_menu: true,
                onclick: move |event| store.menu.set(Some(Menu::below(&event, "More about this step", more_entries(store, step)))),
                Icon { name: "plus", class: "xs" }
            }
        }
        if is_setting_target() {
            div { class: "pn-f",
                TextField {
                    value: target_typed(),
                    label: "Share of those at the step before who should get here, in per cent",
                    placeholder: "Per cent who should get here from the step before",
                    icon: "flag",
                    autofocus: true,
                    oninput: move |text| target_typed.set(text),
                    onsubmit: move |()| {
                        let text = target_typed.peek().trim().trim_end_matches('%').trim().to_owned();
                        let share = text.parse::<f64>().ok().map(|it| it / 100.0);
                        if text.is_empty() || share.is_some() {
                            set(StepField::TargetConversion(share));
                            is_setting_target.set(false);
                        }
                    },
                }
            }
        }
    }
}

fn emotion_entries(store: Store, step: StepId) -> Vec<Entry> {
    let open = store.open.peek();
    let now = open.as_ref().and_then(|it| it.board.steps.get(&step)?.emotion);
    let set = move |emotion: Option<i8>| {
        store.send(Command::set(Change::Step { id: step, set: StepField::Emotion(emotion) }));
    };
    let mut entries = vec![Entry::Heading("How it feels, as far as the team knows".to_owned())];
    for (value, word) in words::EMOTIONS.iter().rev() {
        let value = *value;
        entries.push(Entry::act(*word, move || set(Some(value))).on(now == Some(value)));
    }
    entries.push(Entry::Line);
    entries.push(Entry::act("Unknown", move || set(None)).on(now.is_none()));
    entries
}

fn lifecycle_entries(store: Store, step: StepId) -> Vec<Entry> {
    let open = store.open.peek();
    let now = open.as_ref().and_then(|it| Some(it.board.steps.get(&step)?.lifecycle));
    words::LIFECYCLES
        .iter()
        .map(|(value, word)| {
            let value = *value;
            let set =
                move || store.send(Command::set(Change::Step { id: step, set: StepField::Lifecycle(value) }));
            Entry::act(*word, set).on(now == Some(value))
        })
        .collect()
}

fn more_entries(store: Store, step: StepId) -> Vec<Entry> {
    let open = store.open.peek();
    let Some(it) = open.as_ref().and_then(|it| it.board.steps.get(&step)) else { return Vec::new() };
    let set = move |set: StepField| store.send(Command::set(Change::Step { id: step, set }));
    let (value, truth, optional) = (it.is_value_moment, it.is_moment_of_truth, it.is_optional);
    let mut entries = vec![
        Entry::act("Value moment", move || set(StepField::IsValueMoment(!value))).icon("star").on(value),
        Entry::act("Moment of truth", move || set(StepField::IsMomentOfTruth(!truth))).icon("flag").on(truth),
        Entry::act("Can be left out", move || set(StepField::IsOptional(!optional)))
            .icon("split")
            .on(optional),
        Entry::Heading("Life".to_owned()),
    ];
    entries.extend(lifecycle_entries(store, step));
    entries
}
