//! The ways into a team: make one of this workspace, or join one by its link.

use custory_ipc::Request;
use dioxus::prelude::*;

use super::recover::Recover;
use super::{STYLE, ask};
use crate::components::{Button, SettingRow, TextField};
use crate::dom;
use crate::state::use_store;

/// What this device is called unless somebody says otherwise.
pub const DEVICE: &str = "My computer";

/// Making or joining a team.
#[component]
pub fn Begin() -> Element {
    let mut store = use_store();
    let mut relay = use_signal(String::new);
    let mut token = use_signal(String::new);
    let mut link = use_signal(String::new);
    let mut device = use_signal(|| DEVICE.to_owned());
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
    let named = move || {
        let name = device.peek().trim().to_owned();
        if name.is_empty() { DEVICE.to_owned() } else { name }
    };
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
        send(Request::CreateTeam {
            relay: relay.peek().trim().to_owned(),
            token: (!asked.is_empty()).then_some(asked),
            device: named(),
        });
    };
    let mut join = move || send(Request::JoinTeam { link: link.peek().trim().to_owned(), device: named() });
    let busy = is_busy().then(|| "Connecting".to_owned());
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
                        busy: busy.clone(),
                        onclick: move |_| join(),
                    }
                }
                SettingRow {
                    icon: "key",
                    title: "Come back with a recovery file",
                    about: "If you have lost your devices. The team and its journeys come back to this computer.",
                    Recover { device: device() }
                }
                SettingRow {
                    icon: "relay",
                    title: "Make a team of this workspace",
                    about: "All journeys but the sample are shared with it. Nothing that you have here is lost.",
                    TextField {
                        id: "team-relay",
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
                        label: "Make the team",
                        class: "sm pri",
                        id: "team-create",
                        disabled: relay.read().trim().is_empty(),
                        busy,
                        onclick: move |_| create(),
                    }
                }
            }
        }
    }
}
