//! Who belongs to the team, by person with their devices; and who asks to.

use std::collections::BTreeMap;

use custory_domain::MemberId;
use custory_ipc::{JoinRequest, Request, Team, TeamDevice, TeamRequest, TeamRole};
use dioxus::prelude::*;

use super::{order, words};
use crate::components::{Avatar, Button, Chip, Entry, Icon, IconButton, Menu};
use crate::format;
use crate::state::{Question, Run, Store, use_store};

/// A person with their devices.
struct Person<'a> {
    name: &'a str,
    member: Option<MemberId>,
    devices: Vec<&'a TeamDevice>,
}

/// Devices by person, in the order in which people came. Devices of nobody known stand for themselves.
fn people(team: &Team) -> Vec<Person<'_>> {
    let mut people: Vec<Person<'_>> = Vec::new();
    let mut known: BTreeMap<MemberId, usize> = BTreeMap::new();
    for device in team.devices.iter().filter(|it| it.role.is_some()) {
        match device.member.and_then(|it| known.get(&it)) {
            Some(at) => people[*at].devices.push(device),
            None => {
                if let Some(member) = device.member {
                    known.insert(member, people.len());
                }
                let name = if device.person.is_empty() { "Somebody" } else { &device.person };
                people.push(Person { name, member: device.member, devices: vec![device] });
            }
        }
    }
    people
}

/// The people of the team.
#[component]
pub fn People(team: Team) -> Element {
    let is_admin = team.role == Some(TeamRole::Admin);
    rsx! {
        div { class: "box", role: "list", "aria-label": "People and devices",
            for (number , person) in people(&team).iter().enumerate() {
                div { key: "p{number}", class: "rw", role: "listitem",
                    Avatar { member: person.member, class: "lg" }
                    div { class: "g",
                        h3 { "{person.name}" }
                        p {
                            {format::count(person.devices.len(), "device", "devices")}
                            if person.devices.iter().any(|it| it.is_me) {
                                ", you"
                            }
                        }
                    }
                }
                for device in person.devices.iter().copied().cloned() {
                    Device { key: "d{device.device}", device, is_admin }
                }
            }
        }
    }
}

#[component]
fn Device(device: TeamDevice, is_admin: bool) -> Element {
    let mut store = use_store();
    let number = device.device;
    let role = device.role.unwrap_or(TeamRole::Viewer);
    let entries = move || -> Vec<Entry> {
        let roles = [TeamRole::Viewer, TeamRole::Editor, TeamRole::Admin].into_iter();
        let entry = |it| {
            let label = format!("{}, {}", words::role(it), words::may(it));
            Entry::act(label, move || {
                order(store, Request::Team(TeamRequest::SetTeamRole { device: number, role: it }))
            })
        };
        roles.map(entry).collect()
    };
    let is_other = !device.is_me;
    rsx! {
        div { class: "rw sub", role: "listitem",
            Icon { name: "laptop", class: "sm" }
            span { class: "g",
                "{device.name}"
                if !is_other {
                    ", this computer"
                }
                span { class: "t3 tm-c", title: "The beginning of this device’s key, to compare by voice", "  {device.code}" }
            }
            if is_admin && is_other {
                Chip {
                    label: "Role of {device.name}",
                    opens_menu: true,
                    onclick: move |event| store.menu.set(Some(Menu::below(&event, "Role", entries()))),
                    {words::role(role)}
                    Icon { name: "down", class: "xs" }
                }
                IconButton {
                    icon: "trash",
                    class: "sm",
                    label: "Remove {device.name}",
                    onclick: move |_| remove(store, &device),
                }
            } else {
                span { class: "t3", {words::role(role)} }
            }
        }
    }
}

/// Asks before a device is removed: what it has cannot be taken back, and neither can this.
fn remove(mut store: Store, device: &TeamDevice) {
    let number = device.device;
    store.question.set(Some(Question {
        title: format!("Remove {}?", device.name),
        text: "It keeps what it already has and gets nothing new: everything from now on is sealed with a new key. \
               To come back it has to be invited again."
            .to_owned(),
        verb: "Remove".to_owned(),
        run: Run::new(move || order(store, Request::Team(TeamRequest::RemoveDevices { devices: vec![number] }))),
    }));
}

/// Who asks to be let in.
#[component]
pub fn Requests(requests: Vec<JoinRequest>) -> Element {
    let store = use_store();
    rsx! {
        div { class: "box", role: "list", "aria-label": "Asking to join",
            for request in requests {
                div { key: "{request.request}", class: "rw", role: "listitem",
                    Icon { name: "user" }
                    div { class: "g",
                        h3 { "{request.person} asks to join" }
                        p {
                            "{request.name}, as {words::role(request.role)}. Let them read you this code: "
                            b { class: "tm-c", "{request.code}" }
                        }
                    }
                    Button {
                        label: "Turn down",
                        class: "sm ghost",
                        onclick: move |_| order(store, Request::Team(TeamRequest::DeclineJoin { request: request.request })),
                    }
                    Button {
                        label: "Let in",
                        class: "sm pri",
                        id: "let-in",
                        onclick: move |_| order(store, Request::Team(TeamRequest::ApproveJoin { request: request.request })),
                    }
                }
            }
        }
    }
}
