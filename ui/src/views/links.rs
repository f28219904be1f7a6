//! Links that lead into a journey: copied here, and followed when one was pressed elsewhere. A link changes nothing; one
//! that leads to what is not here says so.

use custory_domain::{EntityRef, JourneyId, Link};
use custory_ipc::SavedView;
use dioxus::core::spawn_forever;
use dioxus::prelude::*;

use crate::app::Screen;
use crate::components::Entry;
use crate::dom;
use crate::state::{Phase, Store, Toast};
use crate::views::filter;
use crate::views::map::MapState;
use crate::views::palette::go_to;

/// Follows links that were pressed elsewhere, once everything is there.
pub fn use_links(mut store: Store, map: MapState) {
    use_effect(move || {
        if *store.phase.read() != Phase::Ready || store.link.read().is_none() {
            return;
        }
        let link = store.link.write().take();
        if let Some(link) = link {
            follow(store, map, &link);
        }
    });
}

/// Goes where a link leads.
fn follow(store: Store, map: MapState, link: &str) {
    let says = |words: &str| store.toast(Toast::bad(words.to_owned()));
    let Some(link) = Link::parse(link) else {
        return says("This link leads nowhere.");
    };
    let journey = link.journey();
    if !store.journeys.peek().iter().any(|it| it.id == journey) {
        return says("This link leads to a journey that is not in this workspace.");
    }
    match link {
        Link::Item { entity, .. } => go_to(store, map, journey, entity),
        Link::View { view, .. } => match read(&view) {
            Some(view) => store.go_and(Screen::Journey(journey), move |store| {
                spawn_forever(async move {
                    // A journey that comes on screen begins with everything shown.
                    dom::next_frame().await;
                    dom::next_frame().await;
                    filter::show(store, map, &view);
                });
            }),
            None => says("This link does not say how to look at the journey."),
        },
    }
}

/// A view as a link has it.
fn read(written: &str) -> Option<SavedView> {
    let text = js_sys::decode_uri_component(written).ok()?;
    serde_json::from_str(&String::from(text)).ok()
}

/// The link to a view of a journey.
pub fn to_view(journey: JourneyId, view: &SavedView) -> Option<String> {
    let text = serde_json::to_string(view).ok()?;
    let view = String::from(js_sys::encode_uri_component(&text));
    Some(Link::View { journey, view }.to_string())
}

/// Copying the link to a thing, in a menu.
pub fn entry(store: Store, entity: EntityRef) -> Entry {
    Entry::act("Copy link", move || {
        if let Some(journey) = store.journey_on_screen() {
            copy(store, Link::Item { journey, entity }.to_string());
        }
    })
    .icon("link")
}

/// Puts a link on the clipboard, and says so.
pub fn copy(store: Store, link: String) {
    spawn_forever(async move {
        store.toast(match dom::copy_text(&link).await {
            true => Toast::plain("link", "Link copied".to_owned()),
            false => Toast::bad("The clipboard took nothing.".to_owned()),
        });
    });
}
