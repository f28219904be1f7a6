//! The team: who belongs to it and with which devices, how sync stands, and the way in.
//!
//! It shows what the engine says of the team and asks for what a person wants; who may do what is
//! decided by the engine and the relay, never here.

mod begin;
mod invite;
mod people;
mod recover;
mod recovery;
mod relay;
mod words;

use custory_ipc::{Reply, Request, Team, TeamRole, TeamState};
use dioxus::prelude::*;

use crate::components::{Button, Icon, Note, SettingRow};
use crate::state::{Store, use_store};
use crate::views::settings::{Part, go_to};
use begin::{Begin, RELAY_ID, Tried};
use invite::Invites;
use people::{People, Requests};
pub use recover::{go_to_recovery, go_to_team};
use recovery::MakeRecovery;
use relay::Relay;
use words::{asking, standing};

/// Stands inside a section: between two it would take their distance away.
const STYLE: &str = include_str!("style.css");

/// The settings' sections about the team.
#[component]
pub fn TeamSections() -> Element {
    let store = use_store();
    let team = store.team.read().clone();
    let tried = team.as_ref().filter(|it| it.is_new && it.state == TeamState::Offline);
    let tried = tried.map(|it| Tried { relay: it.relay.clone(), problem: it.problem.clone() });
    let Some(team) = team.filter(|_| tried.is_none()) else {
        return rsx! { Begin { tried } };
    };
    if team.state == TeamState::Locked {
        return rsx! { Locked { team } };
    }
    let is_admin = team.role == Some(TeamRole::Admin);
    rsx! {
        section { class: "sec", id: "team",
            style { dangerous_inner_html: STYLE }
            h2 { "Team and devices" }
            if is_admin && !team.requests.is_empty() {
                Requests { requests: team.requests.clone() }
            }
            if team.state == TeamState::Waiting {
                div { class: "box",
                    div { class: "rw", id: "waiting",
                        Icon { name: "clock" }
                        div { class: "g",
                            h3 { "Waiting to be let in" }
                            p {
                                "Whoever invited you has to agree. Read them this code, so that they know it is you: "
                                b { class: "tm-c", "{team.code}" }
                            }
                        }
                    }
                }
            }
            if team.state != TeamState::Waiting {
                People { team: team.clone() }
            }
            if is_admin {
                Invites { invites: team.invites.clone() }
            }
        }
        section { class: "sec",
            h2 { "Sync and encryption" }
            p {
                "Your journeys live on your team’s computers. The relay passes sealed changes between them and \
                 cannot read any of it."
            }
            Relay { team: team.clone() }
            if is_admin {
                MakeRecovery {}
            }
            for (number , notice) in team.notices.iter().enumerate() {
                Note { key: "{number}", icon: "info", "{notice}" }
            }
        }
    }
}

/// A team whose key cannot be used on this computer: what to do about it.
#[component]
fn Locked(team: Team) -> Element {
    let store = use_store();
    rsx! {
        section { class: "sec", id: "team",
            style { dangerous_inner_html: STYLE }
            h2 { "Team and devices" }
            div { class: "box",
                SettingRow {
                    icon: "lock",
                    title: "The key of this computer is needed",
                    about: "This workspace belongs to a team on {team.relay}. {team.problem} What you change meanwhile waits here.",
                    Button {
                        label: "Go to the keys",
                        class: "sm",
                        id: "team-keys",
                        onclick: move |_| go_to(store, Part::Computer),
                    }
                    Button { label: "Leave the team", class: "sm ghost", onclick: move |_| relay::leave(store) }
                }
            }
        }
    }
}

/// How sync stands, on top of every journey; leads to the team.
#[component]
pub fn SyncChip() -> Element {
    let store = use_store();
    let team = store.team.read();
    let Some(team) = team.as_ref() else {
        return rsx! {
            button { class: "btn sm", r#type: "button", id: "share", onclick: move |_| go_to_team(store, RELAY_ID),
                Icon { name: "share" }
                span { "Share" }
            }
        };
    };
    let standing = asking(team).unwrap_or_else(|| standing(team, store.journey_on_screen()));
    rsx! {
        button {
            class: "sync {standing.class}",
            r#type: "button",
            id: "sync",
            title: "{standing.detail}",
            onclick: move |_| go_to_team(store, "let-in"),
            i { class: "dot" }
            span { "{standing.label}" }
        }
    }
}

/// Asks about the team; its answer comes into the store, a no as a toast.
fn order(store: Store, request: Request) {
    dioxus::core::spawn_forever(async move {
        ask(store, request).await;
    });
}

/// The same, and waits for the answer.
async fn ask(mut store: Store, request: Request) {
    if let Some(Reply::Team { team }) = store.ask(request).await {
        store.team.set(team.map(|it| *it));
    }
}
