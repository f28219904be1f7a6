//! Where this device's keys are, and unlocking them where a passphrase seals them.

use custory_ipc::{Hidden, KeyLock, KeyPlace, Reply, Request};
use dioxus::prelude::*;

use crate::components::{Button, Icon, TextField};
use crate::host;

/// A row of the settings: the keys. It asks when it is shown, so that nobody is bothered before.
#[component]
pub fn Keys() -> Element {
    let mut keys = use_signal(|| None::<(KeyPlace, KeyLock)>);
    let mut passphrase = use_signal(String::new);
    let mut problem = use_signal(|| None::<String>);
    let mut is_busy = use_signal(|| false);
    use_hook(|| {
        spawn(async move {
            if let Ok(Reply::Keys { place, lock }) = host::request(Request::Keys).await {
                keys.set(Some((place, lock)));
            }
        });
    });
    let mut submit = move || {
        if *is_busy.peek() {
            return;
        }
        is_busy.set(true);
        problem.set(None);
        let request = Request::UnlockKeys { passphrase: Hidden(passphrase.peek().clone()) };
        spawn(async move {
            match host::request(request).await {
                Ok(Reply::Keys { place, lock }) => {
                    passphrase.set(String::new());
                    keys.set(Some((place, lock)));
                }
                Ok(_) => {}
                Err(failure) => problem.set(Some(failure.message)),
            }
            is_busy.set(false);
        });
    };
    let Some((place, lock)) = keys() else { return rsx! {} };
    let about = match (place, lock) {
        (_, KeyLock::NoPassphrase) => {
            "This system offers no keychain. Choose a passphrase, and keys are kept in a file that it seals; it is asked \
             for at each start and kept nowhere."
        }
        (_, KeyLock::KeychainShut) => {
            "Keys are in the system’s keychain, and it is locked or does not answer. Unlock it with the system’s own \
             means; connected tools and the team wait until then."
        }
        (_, KeyLock::Locked) => "Keys are sealed. Give the passphrase to use connected tools and the team.",
        (KeyPlace::Keychain, _) => "Keys of connected tools and of this device are in the system’s keychain.",
        (KeyPlace::File, _) => "Keys are in a file that only you can read, as CUSTORY_KEYS chooses.",
        (KeyPlace::Sealed, _) => {
            "Keys are in a file that your passphrase seals, and unlocked until Custory closes."
        }
    };
    let (label, verb) = if lock == KeyLock::NoPassphrase {
        ("New passphrase, at least 8 characters", "Choose")
    } else {
        ("Passphrase", "Unlock")
    };
    let icon: &'static str = if lock == KeyLock::Open { "lock" } else { "warn" };
    rsx! {
        div { class: "rw", id: "keys",
            Icon { name: icon }
            div { class: "g",
                h3 { "Keys" }
                p { "{about}" }
                if lock == KeyLock::KeychainShut {
                    div { class: "in-go",
                        Button {
                            label: "Try again",
                            class: "sm",
                            id: "unlock",
                            busy: is_busy().then(|| "Trying".to_owned()),
                            onclick: move |_| submit(),
                        }
                        if let Some(problem) = problem() {
                            small { class: "fld-e", role: "alert", "{problem}" }
                        }
                    }
                } else if lock != KeyLock::Open {
                    div { class: "in-go",
                        TextField {
                            id: "passphrase",
                            value: passphrase(),
                            label: "{label}",
                            placeholder: "{label}",
                            error: problem(),
                            is_secret: true,
                            oninput: move |text| passphrase.set(text),
                            onsubmit: move |()| submit(),
                        }
                        Button {
                            label: verb,
                            class: "sm pri",
                            id: "unlock",
                            disabled: passphrase.read().is_empty(),
                            busy: is_busy().then(|| "Unlocking".to_owned()),
                            onclick: move |_| submit(),
                        }
                    }
                }
            }
        }
    }
}
