//! What can be done with journeys.

use custory_domain::wording::quoted;
use custory_domain::{Change, Command, JourneyField, Via};
use custory_ipc::{Beginning, JourneySummary, Request};
use dioxus::core::spawn_forever;
use dioxus::prelude::*;

use crate::app::Screen;
use crate::components::Entry;
use crate::state::{Overlay, Place, Question, Run, Store};
use crate::views::draft::read_again;

/// Ways to begin a journey.
pub fn new_entries(mut store: Store) -> Vec<Entry> {
    vec![
        Entry::act("Blank journey", move || store.create_journey("New journey", Beginning::Blank))
            .icon("plus"),
        Entry::act("From a template…", move || store.overlay.set(Some(Overlay::Templates))).icon("fit"),
        Entry::act("From a file…", move || crate::views::import::begin(store)).icon("archive"),
        Entry::act("From an exported folder…", move || crate::views::import::begin_folder(store))
            .icon("folder"),
        Entry::act("Build from your product", move || store.go(Screen::DraftSources)).icon("globe"),
        Entry::act("Sample journey", move || store.create_journey("", Beginning::Sample)).icon("map"),
    ]
}

/// What can be done to a journey; its title is typed at `place`.
pub fn journey_entries(mut store: Store, journey: &JourneySummary, place: Place) -> Vec<Entry> {
    let id = journey.id;
    let title = journey.title.clone();
    let is_archived = journey.is_archived;
    let archive = move || {
        let command = Command::set(Change::Journey { id, set: JourneyField::IsArchived(!is_archived) });
        spawn_forever(async move {
            let request = Request::Dispatch { journey: id, command, via: Via::User };
            if store.ask(request).await.is_some() && !is_archived && store.journey_on_screen() == Some(id) {
                store.go_home();
            }
        });
    };
    let about = move || {
        store.go(Screen::Journey(id));
        store.overlay.set(Some(Overlay::About));
    };
    vec![
        Entry::act("About…", about).icon("info"),
        Entry::act("Rename", move || store.renaming.set(Some((id, place)))).icon("pen"),
        Entry::act("Duplicate", move || store.make(Request::DuplicateJourney { journey: id })).icon("copy"),
        Entry::act("Read your product again…", move || read_again(store, id)).icon("globe"),
        Entry::act("Export…", move || store.overlay.set(Some(Overlay::Export(id)))).icon("share"),
        Entry::act("Mute", move || store.toggle_mute(id)).icon("bell").on(store.news.peek().is_muted(id)),
        Entry::Line,
        Entry::act(if is_archived { "Bring back" } else { "Archive" }, archive).icon("archive"),
        Entry::act("Delete…", move || {
            let title = title.clone();
            store.question.set(Some(Question {
                title: format!("Delete {}?", quoted(&title)),
                text: "The journey and everything on it goes from this computer for good. Archive it to keep it out of the way instead.".to_owned(),
                verb: "Delete journey".to_owned(),
                run: Run::new(move || delete(store, id)),
            }));
        })
        .icon("trash")
        .danger(),
    ]
}

fn delete(store: Store, journey: custory_domain::JourneyId) {
    spawn_forever(async move {
        if store.ask(Request::DeleteJourney { journey }).await.is_some()
            && store.journey_on_screen() == Some(journey)
        {
            store.go_home();
        }
    });
}
