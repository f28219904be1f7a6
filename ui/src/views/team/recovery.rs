//! The recovery file: the only way back in if every device is lost.

use custory_ipc::{PASSPHRASE_CHARS_MIN, Reply, Request, TeamRequest};
use dioxus::prelude::*;

use crate::components::{Button, SettingRow, TextField};
use crate::host;
use crate::state::{Toast, use_store};

/// Makes a recovery file and saves it where the person says.
#[component]
pub fn MakeRecovery() -> Element {
    let store = use_store();
    let mut passphrase = use_signal(String::new);
    let is_short = passphrase.read().chars().count() < PASSPHRASE_CHARS_MIN;
    let save = move || async move {
        let words = passphrase.peek().clone();
        let made = store.ask(Request::Team(TeamRequest::MakeRecovery { passphrase: words })).await;
        let Some(Reply::Recovery { file_name, file }) = made else { return };
        match host::save_file(&file_name, &file, host::Content::Text).await {
            Ok(true) => {
                passphrase.set(String::new());
                store.toast(Toast::plain("check", "The recovery file is saved."));
            }
            // The person changed their mind.
            Ok(false) => {}
            Err(failure) => store.fail(failure),
        }
    };
    rsx! {
        div { class: "box",
            SettingRow {
                icon: "key",
                title: "Recovery file",
                about: "The only way back in if every device is lost. Keep it and its passphrase apart.",
                TextField {
                    value: passphrase(),
                    label: "Passphrase, at least {PASSPHRASE_CHARS_MIN} characters",
                    placeholder: "Passphrase, {PASSPHRASE_CHARS_MIN} or more",
                    oninput: move |text| passphrase.set(text),
                    onsubmit: move |()| {
                        if !is_short {
                            spawn(save());
                        }
                    },
                }
                Button { label: "Save…", class: "sm", disabled: is_short, onclick: move |_| save() }
            }
        }
    }
}
