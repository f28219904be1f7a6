//! Who set a field, when and through what, and what it was before: told by the field's label, brought back from its menu.

use custory_domain::*;
use custory_ipc::{FieldSet, When};
use dioxus::core::spawn_forever;
use dioxus::prelude::*;

use super::words;
use crate::components::{Entry, Menu};
use crate::format;
use crate::state::{Run, Store, Toast, ToastAction, use_store};
use crate::views::choices;
use crate::views::history::words as versions;

/// The thing whose fields are edited below.
#[derive(Clone, Copy, PartialEq)]
pub struct FieldsOf(pub EntityRef);

/// The label of a field that tells who set it, while the pointer or the keyboard is on it.
#[component]
pub fn Label(label: String, about: EntityRef, field: &'static str) -> Element {
    let mut store = use_store();
    let mut is_near = use_signal(|| false);
    let mut come_near = move || {
        is_near.set(true);
        store.ask_who_set(about);
    };
    let told = if is_near() { told_of(store, about, field) } else { None };
    let name = label.clone();
    let described = told.is_some().then(|| format!("who-{field}"));
    rsx! {
        div { class: "fr-w", onmouseenter: move |_| come_near(), onmouseleave: move |_| is_near.set(false),
            button {
                class: "fr-l lb",
                id: "field-{field}",
                r#type: "button",
                "aria-label": "{label}: who set it",
                "aria-haspopup": "menu",
                "aria-describedby": described,
                onfocus: move |_| come_near(),
                onblur: move |_| is_near.set(false),
                onclick: move |event| {
                    let menu = Menu::below(&event, name.clone(), Vec::new());
                    spawn_forever(async move {
                        let sets = store.who_set(about).await;
                        let sets: Vec<_> = sets.into_iter().filter(|it| it.field == field).collect();
                        let entries = field_entries(store, about, &sets);
                        store.menu.set(Some(Menu { entries, ..menu }));
                    });
                },
                "{label}"
            }
            if let Some(told) = told {
                span { class: "set-by", id: "who-{field}", role: "tooltip", "{told}" }
            }
        }
    }
}

/// What shows a field without a label of its own: it tells who set it, while the pointer or the keyboard is on it. What
/// the field says in full comes first, where only part of it is shown.
#[component]
pub fn SetBy(
    about: EntityRef,
    field: &'static str,
    #[props(default)] says: Option<String>,
    children: Element,
) -> Element {
    let store = use_store();
    let mut is_near = use_signal(|| false);
    let mut come_near = move || {
        is_near.set(true);
        store.ask_who_set(about);
    };
    let told = if is_near() { told_of(store, about, field) } else { None };
    rsx! {
        div {
            class: "fr-w",
            onmouseenter: move |_| come_near(),
            onmouseleave: move |_| is_near.set(false),
            onfocusin: move |_| come_near(),
            onfocusout: move |_| is_near.set(false),
            {children}
            if let Some(told) = told {
                span { class: "set-by", id: "who-{field}", role: "tooltip",
                    if let Some(says) = says {
                        b { "{says}. " }
                    }
                    "{told}"
                }
            }
        }
    }
}

/// Who set a field last, in a sentence; `None` while that is not known.
fn told_of(store: Store, about: EntityRef, field: &str) -> Option<String> {
    let sets = store.blame.read().of_field(about, field)?;
    Some(sets.first().map_or("Nobody has set it yet.".to_owned(), |it| sentence(store, it)))
}

/// Who set what of a thing, as a menu: each line leads to what can be brought back.
pub fn ask_who_set_what(mut store: Store, about: EntityRef, mut menu: Menu) {
    spawn_forever(async move {
        let sets = store.who_set(about).await;
        let mut fields: Vec<(&str, Vec<FieldSet>)> = Vec::new();
        for set in &sets {
            match fields.last_mut().filter(|it| it.0 == set.field) {
                Some((_, known)) => known.push(set.clone()),
                None => fields.push((set.field.as_str(), vec![set.clone()])),
            }
        }
        menu.entries = vec![Entry::Heading("Who set what".to_owned())];
        for (field, sets) in fields {
            let label = format!("{}: {}", field_word(field), by(store, &sets[0]));
            let (title, icon) = (field_word(field), versions::icon(sets[0].via).unwrap_or("user"));
            let open = move || choices::follow(store, &title, field_entries(store, about, &sets));
            menu.entries.push(Entry::act(label, open).icon(icon));
        }
        store.menu.set(Some(menu));
    });
}

/// What is known of a field, and bringing back what it was.
fn field_entries(store: Store, about: EntityRef, sets: &[FieldSet]) -> Vec<Entry> {
    let Some(newest) = sets.first() else {
        return vec![Entry::Heading("Nobody has set it yet".to_owned())];
    };
    let mut entries = Vec::new();
    for set in sets {
        entries.push(Entry::Heading(format!("Set by {}", by(store, set))));
        // A person's own hand needs no further words; what another tool did says which one.
        if set.via != Via::User {
            entries.push(Entry::Heading(set.label.clone()));
        }
        match set.before.clone() {
            Some(before) => {
                let was = in_words(store, &before);
                let label = if was == NOT_SET {
                    "Clear it again".to_owned()
                } else {
                    format!("Bring back {}", quoted(&was))
                };
                entries.push(Entry::act(label, move || bring_back(store, before.clone(), &was)).icon("undo"));
            }
            None => entries.push(Entry::Heading("It was made with it".to_owned())),
        }
    }
    let version = newest.version.clone();
    let look = move || {
        store.show_history_of(about);
        store.look_back(When::Version(version.clone()));
    };
    entries.push(Entry::Line);
    entries.push(Entry::act("The journey right after it", look).icon("clock"));
    entries
}

/// Sets a field back to what it was, and says so with a way back.
fn bring_back(store: Store, before: Change, was: &str) {
    let said =
        if was == NOT_SET { "Cleared again".to_owned() } else { format!("Brought back {}", quoted(was)) };
    spawn_forever(async move {
        if store.dispatch(Command::set(before)).await {
            let undo = ToastAction {
                label: "Undo".to_owned(),
                keys: vec!["mod", "Z"],
                run: Run::new(move || store.undo_last()),
            };
            store.toast(Toast::plain("undo", said).with(undo));
        }
    });
}

fn by(store: Store, set: &FieldSet) -> String {
    let name = set.by.and_then(|it| store.member(it)).map(|it| it.name);
    format!("{}, {}", versions::who(name, set.via), versions::moment(set.at))
}

fn sentence(store: Store, set: &FieldSet) -> String {
    let before = match &set.before {
        Some(it) => format!("Before: {}.", quoted(&in_words(store, it))),
        None => "It was made with it.".to_owned(),
    };
    let through = if set.via == Via::User { String::new() } else { format!(" {}.", set.label) };
    format!("{}.{through} {before}", by(store, set))
}

fn quoted(words: &str) -> String {
    if words == NOT_SET { NOT_SET.to_lowercase() } else { custory_domain::wording::quoted(words) }
}

const NOT_SET: &str = "Not set";
/// Letters of a text that are shown of what it was.
const CHARS_MAX: usize = 60;

/// What a field is called.
fn field_word(field: &str) -> String {
    let word = match field {
        "sort" => "Kind",
        "state" => "Status",
        "segment" => "Who",
        "purpose" => "Use",
        "shipped_at" => "Shipped",
        "success_metric" => "Should move",
        "expected_change" => "By how much",
        "is_value_moment" => "Value moment",
        "is_moment_of_truth" => "Moment of truth",
        "is_optional" => "Can be left out",
        "side" => "Seen",
        "url" => "Address",
        other => return format::capital(&other.replace('_', " ")),
    };
    word.to_owned()
}

/// What a change sets a field to, in words.
fn in_words(store: Store, change: &Change) -> String {
    let text = |it: &str| match it.trim() {
        "" => NOT_SET.to_owned(),
        it if it.chars().count() > CHARS_MAX => {
            format!("{}…", it.chars().take(CHARS_MAX).collect::<String>())
        }
        it => it.to_owned(),
    };
    let known = |it: Option<String>| it.unwrap_or_else(|| NOT_SET.to_owned());
    let number = |it: Option<f64>| known(it.map(|it| format::number(it, 2)));
    let percent = |it: Option<f64>| known(it.map(format::percent));
    let rating = |it: Option<u8>| known(it.map(|it| it.to_string()));
    let person = |it: Option<MemberId>| {
        known(it.map(|it| store.member(it).map_or("Somebody".to_owned(), |it| it.name)))
    };
    let many = |it: usize| if it == 0 { NOT_SET.to_owned() } else { it.to_string() };
    let yes = |it: bool| if it { "Yes" } else { "No" }.to_owned();
    let day = |it: Option<jiff::civil::Date>| known(it.map(|it| it.to_string()));
    let named = |it: EntityRef| {
        let open = store.open.peek();
        open.as_ref().and_then(|open| open.board.get(it)).map(|it| it.title().to_owned())
    };
    let word = |it: &str| it.to_owned();
    match change {
        Change::Step { set, .. } => match set {
            StepField::Title(it) | StepField::Action(it) | StepField::Thought(it) => text(it),
            StepField::Emotion(it) => known(it.map(|it| words::word(words::EMOTIONS, it).to_owned())),
            StepField::EmotionBasis(it) => word(if *it == Basis::Observed { "Observed" } else { "Assumed" }),
            StepField::IsValueMoment(it) | StepField::IsMomentOfTruth(it) | StepField::IsOptional(it) => {
                yes(*it)
            }
            StepField::Events(it) | StepField::Paths(it) => {
                text(&it.iter().cloned().collect::<Vec<_>>().join(", "))
            }
            StepField::TargetConversion(it) => percent(*it),
            StepField::Owner(it) => person(*it),
            StepField::Lifecycle(it) => word(words::word(words::LIFECYCLES, *it)),
            StepField::Cells(it) => text(&it.values().cloned().collect::<Vec<_>>().join(", ")),
            StepField::Detail(it) => known(it.map(|_| "Another journey".to_owned())),
        },
        Change::Touchpoint { set, .. } => match set {
            TouchpointField::Title(it) | TouchpointField::Url(it) | TouchpointField::Notes(it) => text(it),
            TouchpointField::Channel(it) => word(words::word(words::CHANNELS, *it)),
            TouchpointField::Side(it) => word(words::word(words::SIDES, *it)),
            TouchpointField::Picture(it) => word(if it.is_empty() { NOT_SET } else { "The picture before" }),
            TouchpointField::Owner(it) => person(*it),
        },
        Change::Insight { set, .. } => match set {
            InsightField::Statement(it) | InsightField::Segment(it) | InsightField::Notes(it) => text(it),
            InsightField::Kind(it) => word(words::word(words::INSIGHT_SORTS, *it)),
            InsightField::Truth(it) => word(words::word(words::TRUTHS, *it)),
            InsightField::Severity(it) => rating(*it),
            InsightField::Personas(it) => many(it.len()),
            InsightField::State(it) => word(words::word(words::INSIGHT_STATES, *it)),
            InsightField::Owner(it) => person(*it),
        },
        Change::Opportunity { set, .. } => match set {
            OpportunityField::Title(it) | OpportunityField::Notes(it) | OpportunityField::Reason(it) => {
                text(it)
            }
            OpportunityField::Reach(it) => number(*it),
            OpportunityField::Impact(it) | OpportunityField::Effort(it) => rating(*it),
            OpportunityField::Confidence(it) => percent(*it),
            OpportunityField::Due(it) => day(*it),
            OpportunityField::State(it) => word(words::word(words::OPPORTUNITY_STATES, *it)),
            OpportunityField::Owner(it) => person(*it),
            OpportunityField::Parent(it) => known(it.and_then(|it| named(it.into()))),
        },
        Change::Solution { set, .. } => match set {
            SolutionField::Title(it) | SolutionField::Notes(it) => text(it),
            SolutionField::Kind(it) => word(words::word(words::SOLUTION_SORTS, *it)),
            SolutionField::Effort(it) => rating(*it),
            SolutionField::Target(it) => day(*it),
            SolutionField::SuccessMetric(it) => known(it.and_then(|it| named(it.into()))),
            SolutionField::ExpectedChange(it) => number(*it),
            SolutionField::State(it) => word(words::word(words::SOLUTION_STATES, *it)),
            SolutionField::ShippedAt(it) => day(it.map(Timestamp::date)),
            SolutionField::Owner(it) => person(*it),
        },
        Change::Metric { set, .. } => match set {
            MetricField::Name(it) | MetricField::Unit(it) | MetricField::Notes(it) => text(it),
            MetricField::Class(it) => word(words::word(words::METRIC_CLASSES, *it)),
            MetricField::Formula(it) => word(words::word(words::METRIC_FORMULAS, *it)),
            MetricField::Use(it) => word(words::word(words::METRIC_PURPOSES, *it)),
            MetricField::Direction(it) => word(words::word(words::DIRECTIONS, *it)),
            MetricField::Baseline(it) | MetricField::Target(it) => number(*it),
            MetricField::WindowDays(it) => many(usize::from(*it)),
            MetricField::MinN(it) => many(usize::try_from(*it).unwrap_or(usize::MAX)),
            MetricField::Source(it) => known(it.as_ref().map(|it| it.provider.clone())),
            MetricField::State(it) => word(words::word(words::METRIC_STATES, *it)),
            MetricField::Owner(it) => person(*it),
        },
        _ => String::new(),
    }
}
