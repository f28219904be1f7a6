//! The ways into a team: make one of this workspace, or join one by its link.

use custory_ipc::{Request, TeamRequest};
use dioxus::core::spawn_forever;
use dioxus::prelude::*;

use super::recover::{Recover, show_what_comes};
use super::{STYLE, ask, order};
use crate::components::{Button, SettingRow, TextField};
use crate::dom;
use crate::state::use_store;

/// Where the relay's address is typed.
pub const RELAY_ID: &str = "team-relay";

/// A team that was made and that no relay has taken yet.
#[derive(Clone, PartialEq)]
pub struct Tried {
    /// The relay's address.
    pub relay: String,
    /// Why it has not taken it; empty while it is being asked.
    pub problem: String,
}

/// Making or joining a team. What has been tried in vain can be mended where it was typed.
#[component]
pub fn Begin(tried: Option<Tried>) -> Element {
    let mut store = use_store();
    let mut relay = use_signal(|| tried.as_ref().map(|it| it.relay.clone()).unwrap_or_default());
    let mut token = use_signal(String::new);
    let mut link = use_signal(String::new);
    let mut device = use_signal(move || store.about.peek().machine.clone());
    let mut is_busy = use_signal(|| false);
    // An invitation that was pressed elsewhere fills the field; whether to join is still asked.
    use_effect(move || {
        let invitation = store.invitation.read().clone();
        if let Some(invitation) = invitation {
            link.set(invitation);
            store.invitation.set(None);
            dom::to_top("team");
            dom::focus_soon("team-join");
        }
    });
    let mut send = move |request: Request| {
        if *is_busy.peek() {
            return;
        }
        is_busy.set(true);
        spawn(async move {
            ask(store, request).await;
            is_busy.set(false);
        });
    };
    let mut create = move || {
        let asked = token.peek().trim().to_owned();
        send(Request::Team(TeamRequest::CreateTeam {
            relay: relay.peek().trim().to_owned(),
            token: (!asked.is_empty()).then_some(asked),
            device: device.peek().clone(),
        }));
    };
    let mut join = move || {
        spawn_forever(show_what_comes(store));
        send(Request::Team(TeamRequest::JoinTeam {
            link: link.peek().trim().to_owned(),
            device: device.peek().clone(),
        }));
    };
    let is_connecting = is_busy() || tried.as_ref().is_some_and(|it| it.problem.is_empty());
    let busy = is_connecting.then(|| "Connecting".to_owned());
    let problem = tried.map(|it| it.problem).filter(|it| !it.is_empty());
    rsx! {
        section { class: "sec", id: "team",
            style { dangerous_inner_html: STYLE }
            h2 { "Team" }
            p {
                "Work on the same journeys with others, offline too. Everything is sealed on your computers; the relay \
                 between them can read none of it. Anyone can host one."
            }
            div { class: "box",
                SettingRow {
                    icon: "laptop",
                    title: "This computer’s name",
                    about: "So that teammates can tell your devices apart.",
                    TextField { id: "team-device", value: device(), label: "Name of this computer", oninput: move |text| device.set(text) }
                }
                SettingRow {
                    icon: "relay",
                    title: "Make a team of this workspace",
                    about: "All journeys but the sample are shared with it; nothing that you have here is lost. Address and token come from whoever hosts the relay.",
                    TextField {
                        id: RELAY_ID,
                        value: relay(),
                        label: "Address of the relay",
                        placeholder: "relay.example.com",
                        oninput: move |text| relay.set(text),
                        onsubmit: move |()| create(),
                    }
                    TextField {
                        id: "team-token",
                        value: token(),
                        label: "What the relay asks for, if anything",
                        placeholder: "Token, if it asks",
                        oninput: move |text| token.set(text),
                        onsubmit: move |()| create(),
                    }
                    Button {
                        label: if problem.is_some() { "Try again" } else { "Make the team" },
                        class: "sm pri",
                        id: "team-create",
                        disabled: relay.read().trim().is_empty(),
                        busy: busy.clone(),
                        onclick: move |_| create(),
                    }
                    if let Some(problem) = problem {
                        small { class: "fld-e", role: "alert", "{problem}" }
                        Button {
                            label: "Stay without a team",
                            class: "xs ghost",
                            onclick: move |_| order(store, Request::Team(TeamRequest::LeaveTeam)),
                        }
                    }
                }
                SettingRow {
                    icon: "link",
                    title: "Join a team",
                    about: "Paste the link that you were sent. An admin lets you in.",
                    TextField {
                        id: "team-link",
                        value: link(),
                        label: "Invitation link",
                        placeholder: "custory://join/…",
                        oninput: move |text| link.set(text),
                        onsubmit: move |()| join(),
                    }
                    Button {
                        label: "Ask to join",
                        class: "sm",
                        id: "team-join",
                        disabled: link.read().trim().is_empty(),
                        busy,
                        onclick: move |_| join(),
                    }
                }
                SettingRow {
                    icon: "key",
                    title: "Come back with a recovery file",
                    about: "If you have lost your devices. The team and its journeys come back to this computer.",
                    Recover { device: device() }
                }
            }
        }
    }
}
