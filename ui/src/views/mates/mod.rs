//! Teammates who have the same journey open: who they are, where they are, and following one of them.

use custory_domain::wording::quoted;
use custory_domain::{EntityKind, JourneyId, StepId};
use custory_ipc::{Lens, Place};
use dioxus::prelude::*;

use super::map::{Spot, reveal_step, use_map};
use crate::components::{Button, initials, person_colour};
use crate::dom;
use crate::state::{HEARTBEAT_MILLIS, Named, Store, use_store};

/// How many are shown by their initials; of the others only the number.
const SHOWN_MAX: usize = 4;

/// How often it is looked who has gone, in milliseconds.
const LOOK_MILLIS: i32 = 2_000;

/// A person's colour, the same as everywhere; of somebody not yet in the workspace, their device's.
pub fn colour(store: Store, mate: &Named) -> String {
    let colour = mate.member.and_then(|it| store.member(it)).map(|it| u32::from(it.colour));
    person_colour(colour.unwrap_or(mate.device))
}

/// Tells teammates where this window is in the journey, and goes where it follows somebody to.
pub fn use_presence(journey: JourneyId) {
    let mut store = use_store();
    let map = use_map();
    use_hook(move || {
        store.mates.set(Default::default());
        store.following.set(None);
    });
    let place = use_memo(move || {
        let panel = (*store.panel.read()).map(|it| it.step);
        let cursor = map.cursor.read().and_then(Spot::step);
        Place { lens: store.lens(), step: panel.or(cursor), pointer: *map.pointer.read() }
    });
    use_effect(move || {
        let place = place();
        if store.has_company() {
            store.here.is(journey, place);
        }
    });
    use_future(move || async move {
        let mut waited = 0;
        loop {
            dom::sleep(LOOK_MILLIS).await;
            store.look_who_is_there();
            waited += LOOK_MILLIS;
            if waited >= HEARTBEAT_MILLIS && store.has_company() {
                waited = 0;
                store.here.say_again();
            }
        }
    });
    use_follow(store);
    use_drop(move || store.here.leave(journey));
}

/// Keeps this window where the one that it follows is.
fn use_follow(mut store: Store) {
    let map = use_map();
    let leads = use_memo(move || -> Option<(Lens, Option<StepId>)> {
        let device = (*store.following.read())?;
        let place = store.mates.read().get(&device)?.place.clone();
        let pointed = place.pointer.map(|it| it.over).filter(|it| it.kind == EntityKind::Step);
        Some((place.lens, pointed.map(|it| it.id.into()).or(place.step)))
    });
    use_effect(move || {
        let is_following = store.following.read().is_some();
        match leads() {
            Some((lens, step)) => {
                store.look_through(lens);
                if let (Lens::Map, Some(step)) = (lens, step) {
                    reveal_step(map, step);
                }
            }
            // They have left.
            None if is_following => store.following.set(None),
            None => {}
        }
    });
}

/// Who is there, on top of the journey. A press follows them, another one no longer.
#[component]
pub fn Mates() -> Element {
    let mut store = use_store();
    let mates = store.mates_by_name.read();
    if mates.is_empty() {
        return rsx! {};
    }
    let following = *store.following.read();
    let rest: Vec<_> = mates.iter().skip(SHOWN_MAX).map(|it| it.name.as_str()).collect();
    rsx! {
        div { class: "pres", role: "group", "aria-label": "Also here",
            for mate in mates.iter().take(SHOWN_MAX).cloned() {
                button {
                    key: "{mate.device}",
                    class: "mate",
                    r#type: "button",
                    style: "--c:{colour(store, &mate)}",
                    "aria-pressed": following == Some(mate.device),
                    "aria-label": "Follow {mate.name}",
                    title: where_they_are(store, &mate),
                    onclick: move |_| {
                        let next = (following != Some(mate.device)).then_some(mate.device);
                        store.following.set(next);
                    },
                    span { class: "av", style: "--c:{colour(store, &mate)}", {initials(&mate.name)} }
                }
            }
            if !rest.is_empty() {
                span { class: "t3", title: "{rest.join(\", \")}", "+{rest.len()}" }
            }
        }
    }
}

fn where_they_are(store: Store, mate: &Named) -> String {
    let open = store.open.read();
    let step = mate.step.and_then(|step| open.as_ref()?.board.steps.get(&step).map(|it| it.title.clone()));
    match step {
        Some(title) => format!("{} is at {}. Press to follow.", mate.name, quoted(&title)),
        None => format!("{} is here. Press to follow.", mate.name),
    }
}

/// Says whom this window follows, and stops it.
#[component]
pub fn Following() -> Element {
    let mut store = use_store();
    let name = use_memo(move || {
        let device = (*store.following.read())?;
        store.mates_by_name.read().iter().find(|it| it.device == device).cloned()
    });
    let Some(mate) = name() else { return rsx! {} };
    rsx! {
        div { class: "following", role: "status", style: "--c:{colour(store, &mate)}",
            span { "Following {mate.name}" }
            Button { label: "Stop", class: "xs", id: "stop-following", onclick: move |_| store.following.set(None) }
        }
    }
}

/// A ring in a person's colour around what they have selected.
#[component]
pub fn Ring(mate: Named) -> Element {
    let store = use_store();
    rsx! {
        i { class: "ring", style: "--c:{colour(store, &mate)}", title: "{mate.name} is here",
            b { {initials(&mate.name)} }
        }
    }
}
