//! What a journey is about: whose it is, from where to where, whether it shows what is or what should be.

use custory_domain::{
    Basis, Change, Command, JourneyField, JourneyId, JourneyState, MemberId, Persona, PersonaField,
    PersonaId, PersonaPart, Via,
};
use custory_ipc::{JourneySummary, Reply, Request};
use dioxus::prelude::*;

use super::choices;
use super::panel::{ChoiceRow, NumberRow, Row, TextRow};
use crate::app::Screen;
use crate::components::{Avatar, Button, Chip, Dialog, Entry, Icon, IconButton, InlineText, Menu};
use crate::host;
use crate::state::{Store, use_store};

const STATES: &[(JourneyState, &str)] =
    &[(JourneyState::AsIs, "As it is today"), (JourneyState::ToBe, "As it should be")];
const PARTS: &[(PersonaPart, &str)] = &[
    (PersonaPart::Buyer, "Decides and pays"),
    (PersonaPart::Admin, "Sets up and looks after"),
    (PersonaPart::EndUser, "Works with it"),
    (PersonaPart::Other, "None of these"),
];
const BASES: &[(Basis, &str)] = &[(Basis::Assumed, "The team’s guess"), (Basis::Observed, "Research")];

/// The dialog.
#[component]
pub fn About() -> Element {
    let mut store = use_store();
    let open = store.open.read();
    let Some(open) = open.as_ref() else { return rsx! {} };
    let Some(journey) = open.board.journey().cloned() else { return rsx! {} };
    let id = journey.id;
    let set = move |set: JourneyField| store.send(Command::set(Change::Journey { id, set }));
    let owner = journey.owner.and_then(|it| store.member(it)).map_or("Nobody".to_owned(), |it| it.name);
    let now = journey.owner;
    let title_of =
        |id: JourneyId| store.journeys.read().iter().find(|it| it.id == id).map(|it| it.title.clone());
    let as_is = match journey.to_be_of {
        None => "No journey yet".to_owned(),
        Some(id) => title_of(id).unwrap_or_else(|| "A journey that is not on this device".to_owned()),
    };
    rsx! {
        Dialog { title: "About this journey", class: "wide about-d", onclose: move |()| store.overlay.set(None),
            div { class: "about", tabindex: "0", role: "region", "aria-label": "About this journey",
                div { class: "fs",
                    TextRow { label: "Title", value: journey.title.clone(), placeholder: "Title", onsave: move |text: String| {
                        if !text.is_empty() {
                            set(JourneyField::Title(text));
                        }
                    } }
                    TextRow { label: "Scenario", value: journey.scenario.clone(), placeholder: "Who wants what, in which situation?", multiline: true, onsave: move |text| set(JourneyField::Scenario(text)) }
                    TextRow { label: "Expectation", value: journey.expectation.clone(), placeholder: "What does the customer expect of it?", multiline: true, onsave: move |text| set(JourneyField::Expectation(text)) }
                    TextRow { label: "From", value: journey.scope_from.clone(), placeholder: "Where it begins", onsave: move |text| set(JourneyField::ScopeFrom(text)) }
                    TextRow { label: "To", value: journey.scope_to.clone(), placeholder: "Where it ends", onsave: move |text| set(JourneyField::ScopeTo(text)) }
                    ChoiceRow { label: "It shows", words: STATES, value: journey.state, onchoose: move |state| set(JourneyField::State(state)) }
                    if journey.state == JourneyState::ToBe {
                        Row { label: "Of",
                            Chip {
                                class: "val",
                                id: "to-be-of",
                                opens_menu: true,
                                onclick: move |event| {
                                    store.menu.set(Some(Menu::below(&event, "The journey as it is", as_is_entries(store))));
                                },
                                Icon { name: "map", class: "sm" }
                                "{as_is}"
                            }
                        }
                    }
                    Row { label: "Owner",
                        Chip {
                            class: "val",
                            opens_menu: true,
                            onclick: move |event| {
                                let set = move |owner: Option<MemberId>| set(JourneyField::Owner(owner));
                                let entries = choices::people(store, |it| it == now, set);
                                store.menu.set(Some(Menu::below(&event, "Owner", entries)));
                            },
                            Avatar { member: journey.owner }
                            "{owner}"
                        }
                    }
                    NumberRow {
                        label: "Look again",
                        value: (journey.review_every_days > 0).then(|| f64::from(journey.review_every_days)),
                        placeholder: "Every 90 days",
                        unit: " days",
                        onsave: move |days: Option<f64>| {
                            let days = days.unwrap_or(0.0).clamp(0.0, f64::from(u16::MAX)) as u16;
                            set(JourneyField::ReviewEveryDays(days));
                        },
                    }
                }
                div { class: "blk-h about-h",
                    h3 { "Whose journey" }
                    IconButton {
                        icon: "plus",
                        class: "xs",
                        label: "Add a persona",
                        id: "persona-add",
                        opens_menu: true,
                        onclick: move |event: MouseEvent| {
                            store.menu.set(Some(Menu::below(&event, "Whose journey", persona_entries(store))));
                        },
                    }
                }
                for persona in journey.personas.iter().filter_map(|it| store.persona(*it)) {
                    One { key: "{persona.id}", persona }
                }
            }
            div { class: "dlg-f",
                if journey.state == JourneyState::AsIs {
                    Button { label: "Make the to-be of it", class: "ghost", icon: "copy", id: "make-to-be", onclick: move |_| make_to_be(store, id) }
                }
                Button { label: "Close", class: "pri", onclick: move |_| store.overlay.set(None) }
            }
        }
    }
}

/// A persona, with all that is known of them.
#[component]
fn One(persona: Persona) -> Element {
    let store = use_store();
    let id = persona.id;
    let set = move |set: PersonaField| store.send_workspace(Command::set(Change::Persona { id, set }));
    rsx! {
        section { class: "persona", "aria-label": "{persona.name}",
            div { class: "persona-h",
                b {
                    InlineText { value: persona.name.clone(), label: "Name", class: "one", onsave: move |text| set(PersonaField::Name(text)) }
                }
                IconButton {
                    icon: "x",
                    class: "xs",
                    label: "{persona.name} is not who it is about",
                    onclick: move |_| place(store, id, false),
                }
            }
            div { class: "fs",
                TextRow { label: "Situation", value: persona.description.clone(), placeholder: "In a few words", onsave: move |text| set(PersonaField::Description(text)) }
                ChoiceRow { label: "Part", words: PARTS, value: persona.part, onchoose: move |part| set(PersonaField::Kind(part)) }
                ChoiceRow { label: "Known from", words: BASES, value: persona.basis, onchoose: move |basis| set(PersonaField::Basis(basis)) }
                TextRow { label: "When", value: persona.job_when.clone(), placeholder: "When …", onsave: move |text| set(PersonaField::JobWhen(text)) }
                TextRow { label: "I want", value: persona.job_want.clone(), placeholder: "I want …", onsave: move |text| set(PersonaField::JobWant(text)) }
                TextRow { label: "So that", value: persona.job_so.clone(), placeholder: "so that I can …", onsave: move |text| set(PersonaField::JobSo(text)) }
                TextRow { label: "Goals", value: persona.goals.clone(), placeholder: "One a line", multiline: true, onsave: move |text| set(PersonaField::Goals(text)) }
                TextRow { label: "In the way", value: persona.frustrations.clone(), placeholder: "One a line", multiline: true, onsave: move |text| set(PersonaField::Frustrations(text)) }
            }
        }
    }
}

/// The workspace's personas that the journey is not about yet, and a new one.
fn persona_entries(store: Store) -> Vec<Entry> {
    let open = store.open.peek();
    let named =
        open.as_ref().and_then(|it| it.board.journey()).map(|it| it.personas.clone()).unwrap_or_default();
    let workspace = store.workspace.peek();
    let mut others: Vec<(PersonaId, String)> = workspace
        .personas
        .values()
        .filter(|it| it.trashed.is_none() && !named.contains(&it.id))
        .map(|it| (it.id, it.name.clone()))
        .collect();
    others.sort_by(|a, b| a.1.cmp(&b.1));
    let add = move || {
        let persona =
            Persona { name: "New persona".to_owned(), ..Persona::new(host::fresh(PersonaId::from_parts)) };
        let id = persona.id;
        dioxus::core::spawn_forever(async move {
            if store.ask(Request::DispatchWorkspace { command: Command::add(persona) }).await.is_some() {
                place(store, id, true);
            }
        });
    };
    let mut entries = vec![Entry::act("New persona", add).icon("plus")];
    if !others.is_empty() {
        entries.push(Entry::Line);
    }
    entries.extend(
        others.into_iter().map(|(id, name)| Entry::act(name, move || place(store, id, true)).icon("user")),
    );
    entries
}

/// Says that the journey is about somebody, or no longer.
fn place(store: Store, persona: PersonaId, is_about: bool) {
    let journey =
        store.open.peek().as_ref().and_then(|it| it.board.journey().map(|it| (it.id, it.personas.clone())));
    let Some((id, mut personas)) = journey else { return };
    if is_about {
        personas.insert(persona);
    } else {
        personas.remove(&persona);
    }
    store.send(Command::set(Change::Journey { id, set: JourneyField::Personas(personas) }));
}

/// Journeys that the one on screen can be the to-be of.
fn as_is_entries(store: Store) -> Vec<Entry> {
    let open = store.open.peek();
    let Some(journey) = open.as_ref().and_then(|it| it.board.journey()) else { return Vec::new() };
    let (id, now) = (journey.id, journey.to_be_of);
    let set = move |as_is| {
        store.send(Command::set(Change::Journey { id, set: JourneyField::ToBeOf(as_is) }));
    };
    let journeys = store.journeys.peek();
    let mut others: Vec<_> = journeys.iter().filter(|it| it.id != id && !it.is_archived).collect();
    others.sort_by(|a, b| a.title.cmp(&b.title));
    let entry = |it: &JourneySummary| {
        let as_is = it.id;
        Entry::act(it.title.clone(), move || set(Some(as_is))).icon("map").on(now == Some(as_is))
    };
    let mut entries: Vec<_> = others.into_iter().map(entry).collect();
    if entries.is_empty() {
        entries.push(Entry::Heading("There is no other journey yet".to_owned()));
    }
    if now.is_some() {
        entries.push(Entry::Line);
        entries.push(Entry::act("Of none of them", move || set(None)).icon("x"));
    }
    entries
}

/// Makes a copy that shows what should be, and goes there.
pub fn make_to_be(mut store: Store, journey: JourneyId) {
    store.overlay.set(None);
    let title = store.open.peek().as_ref().map(|it| it.title().to_owned()).unwrap_or_default();
    dioxus::core::spawn_forever(async move {
        let Some(Reply::Made { journey: id, .. }) = store.ask(Request::DuplicateJourney { journey }).await
        else {
            return;
        };
        let title: String = title.chars().take(TITLE_CHARS_MAX).collect::<String>() + ", as it should be";
        let set = |set: JourneyField| Command::set(Change::Journey { id, set });
        let commands = vec![
            set(JourneyField::State(JourneyState::ToBe)),
            set(JourneyField::ToBeOf(Some(journey))),
            set(JourneyField::Title(title)),
        ];
        let command = Command::Batch { label: "Begin the to-be".to_owned(), commands };
        if store.ask(Request::Dispatch { journey: id, command, via: Via::User }).await.is_some() {
            store.go(Screen::Journey(id));
        }
    });
}

/// What of a title stays, so that the words behind it fit.
const TITLE_CHARS_MAX: usize = 100;
