//! Where the relay is, how the connection stands, and what is shared through it.

use custory_ipc::{KeyPlace, Request, Team, TeamRequest, TeamState};
use dioxus::prelude::*;

use super::{order, standing, words};
use crate::components::{Button, Icon, SettingRow};
use crate::format;
use crate::state::{Question, Run, Store, use_store};

/// The relay, each journey, and the key's place.
#[component]
pub fn Relay(team: Team) -> Element {
    let store = use_store();
    let standing = standing(&team, None);
    let is_off = matches!(team.state, TeamState::Offline | TeamState::Removed);
    let journeys = store.journeys.read().clone();
    let title = |id| journeys.iter().find(|it| it.id == id).map(|it| it.title.clone()).unwrap_or_default();
    let own = journeys
        .iter()
        .filter(|it| !it.is_sample && !team.journeys.iter().any(|shared| shared.journey == it.id))
        .map(|it| (it.id, it.title.clone()));
    rsx! {
        div { class: "box",
            SettingRow {
                icon: "relay",
                title: "{team.relay}",
                about: "{standing.detail}",
                span { class: if is_off { "ok off" } else { "ok" },
                    i { class: "dot" }
                    "{standing.label}"
                }
                if team.state == TeamState::Offline {
                    Button { label: "Connect now", class: "sm", onclick: move |_| order(store, Request::Team(TeamRequest::SyncNow)) }
                }
            }
            for it in team.journeys.iter() {
                div { key: "{it.journey}", class: "rw sub",
                    Icon { name: "map", class: "sm" }
                    span { class: "g", {title(it.journey)} }
                    span { class: "t3",
                        if it.waiting > 0 {
                            {format::count(it.waiting, "change waits", "changes wait")}
                        } else {
                            "Saved here and on the relay."
                            {words::seen(&team, it)}
                        }
                    }
                }
            }
            for (journey , name) in own {
                div { key: "{journey}", class: "rw sub",
                    Icon { name: "map", class: "sm" }
                    span { class: "g", "{name}" }
                    span { class: "t3", "On this computer only" }
                    Button { label: "Share", class: "xs", onclick: move |_| order(store, Request::Team(TeamRequest::ShareJourney { journey })) }
                }
            }
            SettingRow { icon: "key", title: "This computer’s key", about: key_place(team.key_place),
                Button { label: "Leave the team", class: "sm ghost", onclick: move |_| leave(store) }
            }
        }
    }
}

const fn key_place(place: KeyPlace) -> &'static str {
    match place {
        KeyPlace::Keychain => "Kept in the system’s keychain.",
        KeyPlace::File => "Kept in a file that only you can read, as CUSTORY_KEYS chooses.",
        KeyPlace::Sealed => "Kept in a file that your passphrase seals: this system offers no keychain.",
    }
}

/// Asks whether to leave the team, and does.
pub fn leave(mut store: Store) {
    store.question.set(Some(Question {
        title: "Leave the team on this computer?".to_owned(),
        text: "Everything that is here stays here. To come back this computer has to be invited again."
            .to_owned(),
        verb: "Leave".to_owned(),
        run: Run::new(move || {
            order(store, Request::Team(TeamRequest::LeaveTeam));
        }),
    }));
}
