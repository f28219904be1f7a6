//! The way back in for whoever has lost their devices: a recovery file and its passphrase.

use custory_domain::JourneyId;
use custory_ipc::{JourneySummary, Reply, Request, TeamRequest, TeamState};
use dioxus::core::spawn_forever;
use dioxus::prelude::*;

use crate::app::Screen;
use crate::components::{Button, Icon, TextField};
use crate::state::{Store, Toast, use_store};
use crate::views::settings::Part;
use crate::{dom, host};

/// Where the file is chosen.
pub const FILE_ID: &str = "recover-file";

/// Bytes of a file that is read at all: a recovery file has a few hundred.
const FILE_BYTES_MAX: f64 = 65_536.0;

/// How often, and for how long each time, it is looked whether journeys have come back.
const LOOKS: (usize, i32) = (300, 200);

/// How long parts of the settings may take to have their size, in milliseconds.
const GROWTH_MILLIS: i32 = 300;

/// Chooses the file, asks for its passphrase, and lets this device in.
#[component]
pub fn Recover(device: String) -> Element {
    let mut store = use_store();
    let mut chosen = use_signal(|| None::<(String, String)>);
    let mut passphrase = use_signal(String::new);
    let mut wrong = use_signal(|| None::<String>);
    let mut is_busy = use_signal(|| false);
    let is_ready = chosen.read().is_some() && !passphrase.read().is_empty();
    let recover = use_callback(move |()| {
        let file = chosen.peek().as_ref().map(|it| it.1.clone());
        let Some(file) = file.filter(|_| !passphrase.peek().is_empty() && !*is_busy.peek()) else { return };
        let request = Request::Team(TeamRequest::RecoverTeam {
            file,
            passphrase: passphrase.peek().clone(),
            device: device.clone(),
        });
        is_busy.set(true);
        wrong.set(None);
        spawn(async move {
            match host::request(request).await {
                Ok(Reply::Team { team }) => {
                    store.toast(Toast::plain(
                        "check",
                        "You are back in your team. Its journeys are on their way.",
                    ));
                    spawn_forever(show_what_comes(store));
                    store.team.set(team.map(|it| *it));
                }
                Ok(_) => wrong.set(Some("The program gave an answer to another question.".to_owned())),
                Err(failure) => {
                    wrong.set(Some(failure.message));
                    is_busy.set(false);
                }
            }
        });
    });
    let label = chosen.read().as_ref().map_or_else(|| "Choose the file…".to_owned(), |it| it.0.clone());
    rsx! {
        label { class: "btn sm rec-f", title: "{label}",
            Icon { name: "key", class: "sm" }
            span { "{label}" }
            input {
                id: FILE_ID,
                class: "vh",
                r#type: "file",
                accept: ".key",
                "aria-label": "Recovery file",
                onchange: move |_| async move {
                    wrong.set(None);
                    chosen.set(dom::chosen_file(FILE_ID, FILE_BYTES_MAX).await);
                    if chosen.peek().is_none() {
                        wrong.set(Some("This is not a recovery file of Custory.".to_owned()));
                    }
                },
            }
        }
        TextField {
            id: "recover-passphrase",
            value: passphrase(),
            label: "Passphrase of the recovery file",
            placeholder: "Its passphrase",
            is_secret: true,
            oninput: move |text| {
                wrong.set(None);
                passphrase.set(text);
            },
            onsubmit: move |()| recover(()),
        }
        Button {
            label: "Recover",
            class: "sm",
            id: "recover",
            disabled: !is_ready,
            busy: is_busy().then(|| "Opening".to_owned()),
            onclick: move |_| recover(()),
        }
        if let Some(wrong) = wrong() {
            small { class: "fld-e", role: "alert", "{wrong}" }
        }
    }
}

/// Opens a journey of the team once one has come, if the person is still waiting for it. Being let in may take as long
/// as it takes.
pub async fn show_what_comes(store: Store) {
    let before: Vec<JourneyId> = store.journeys.peek().iter().map(|it| it.id).collect();
    let mut left = LOOKS.0;
    while left > 0 {
        dom::sleep(LOOKS.1).await;
        let waits = matches!(*store.screen.peek(), Screen::Settings | Screen::Welcome);
        if !waits {
            return;
        }
        let is_new = |it: &&JourneySummary| !it.is_archived && !before.contains(&it.id);
        let come = store.journeys.peek().iter().rfind(is_new).map(|it| it.id);
        if let Some(journey) = come {
            return store.go(Screen::Journey(journey));
        }
        let is_let_in = store.team.peek().as_ref().is_none_or(|it| it.state != TeamState::Waiting);
        left -= usize::from(is_let_in);
    }
}

/// Shows the ways into a team, with the focus on one of them.
pub fn go_to_team(mut store: Store, id: &'static str) {
    store.go(Screen::Settings);
    spawn_forever(async move {
        dom::next_frame().await;
        dom::to_top("team");
        store.settings_part.set(Part::Team);
        dom::focus(id);
        // What is above it on the page may still be growing.
        let stood = dom::focused();
        dom::sleep(GROWTH_MILLIS).await;
        if *store.screen.peek() == Screen::Settings && dom::focused() == stood {
            dom::to_top("team");
            store.settings_part.set(Part::Team);
        }
    });
}

/// Shows the place where a recovery file is used.
pub fn go_to_recovery(store: Store) {
    go_to_team(store, FILE_ID);
}
