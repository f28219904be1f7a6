//! Connecting a tool: what to do there, what is read and written, the key, and a test call.

use std::collections::BTreeMap;

use custory_ipc::{ConnectorView, ConnectorsRequest, Hidden, Reply, Request, SignInView};
use dioxus::prelude::*;

use crate::components::{Button, TextField};
use crate::dom;
use crate::host;

/// The form.
#[component]
pub fn Connect(connector: ConnectorView, onclose: EventHandler<()>) -> Element {
    let mut key = use_signal(String::new);
    let mut second = use_signal(String::new);
    let mut is_copied = use_signal(|| false);
    let mut settings = use_signal(BTreeMap::<String, String>::new);
    let mut address = use_signal(String::new);
    let mut problem = use_signal(|| None::<String>);
    let mut is_busy = use_signal(|| false);
    let vendor = connector.vendor.clone();
    let submit = {
        let vendor = vendor.clone();
        move || {
            if *is_busy.peek() {
                return;
            }
            is_busy.set(true);
            problem.set(None);
            let base_url = Some(address.peek().trim().to_owned()).filter(|it| !it.is_empty());
            let request = Request::Connectors(ConnectorsRequest::Connect {
                vendor: vendor.clone(),
                key: Hidden(format!("{}\n{}", key.peek(), second.peek()).trim().to_owned()),
                settings: settings.peek().clone(),
                base_url,
            });
            spawn(async move {
                // The tool's new state comes as an event; a no belongs beside the field.
                match host::request(request).await {
                    Ok(_) => {
                        key.set(String::new());
                        second.set(String::new());
                        onclose.call(());
                    }
                    Err(failure) => problem.set(Some(failure.message)),
                }
                is_busy.set(false);
            });
        }
    };
    let (mut by_enter, mut by_second, mut by_click) = (submit.clone(), submit.clone(), submit);
    let needs_second = !connector.second_name.is_empty();
    let is_missing = key.read().trim().is_empty() || needs_second && second.read().trim().is_empty();
    let paste = connector.paste.clone();
    let create_at = connector.create_at.clone();
    let writes = if connector.writes.is_empty() { "nothing".to_owned() } else { connector.writes.join("; ") };
    rsx! {
        div { class: "in-f",
            ol {
                for step in connector.steps.iter() {
                    li { key: "{step}", "{step}" }
                }
            }
            p {
                "Scopes: "
                code { {connector.scopes.join(", ")} }
            }
            p { "Custory reads: {connector.reads.join(\"; \")}. It writes: {writes}." }
            div { class: "in-a",
                Button {
                    label: "Open {connector.name}",
                    class: "sm",
                    icon: "ext",
                    onclick: move |_| {
                        let url = create_at.clone();
                        spawn(async move { host::open_external(&url).await });
                    },
                }
                if !connector.paste.is_empty() {
                    Button {
                        label: if is_copied() { "Copied" } else { "Copy the manifest" },
                        class: "sm ghost",
                        icon: "copy",
                        id: "copy-{vendor}",
                        onclick: move |_| {
                            let text = paste.clone();
                            spawn(async move { is_copied.set(dom::copy_text(&text).await) });
                        },
                    }
                }
            }
            if !connector.paste.is_empty() {
                details { class: "in-m",
                    summary { "The manifest" }
                    pre { class: "in-b", tabindex: "0", "{connector.paste}" }
                }
            }
            for setting in connector.settings.iter().cloned() {
                TextField {
                    key: "{setting.key}",
                    id: "set-{vendor}-{setting.key}",
                    value: settings.read().get(&setting.key).cloned().unwrap_or_default(),
                    label: setting.name.clone(),
                    is_labelled: true,
                    placeholder: setting.help.clone(),
                    oninput: move |text| {
                        settings.write().insert(setting.key.clone(), text);
                    },
                }
            }
            TextField {
                id: "key-{vendor}",
                value: key(),
                label: connector.key_name.clone(),
                is_labelled: true,
                placeholder: connector.key_example.clone(),
                error: problem().filter(|_| !needs_second),
                is_secret: true,
                oninput: move |text| key.set(text),
                onsubmit: move |()| by_enter(),
            }
            if needs_second {
                TextField {
                    id: "second-{vendor}",
                    value: second(),
                    label: connector.second_name.clone(),
                    is_labelled: true,
                    placeholder: connector.second_example.clone(),
                    error: problem(),
                    is_secret: true,
                    oninput: move |text| second.set(text),
                    onsubmit: move |()| by_second(),
                }
            }
            div { class: "in-a",
                Button {
                    label: "Test and connect",
                    class: "sm pri",
                    id: "connect-{vendor}",
                    disabled: is_missing,
                    busy: is_busy().then(|| "Testing".to_owned()),
                    onclick: move |_| by_click(),
                }
            }
            if let Some(sign_in) = connector.sign_in.clone() {
                SignIn { vendor: vendor.clone(), name: connector.name.clone(), sign_in, address, onclose }
            }
            details { class: "in-m",
                summary { id: "other-{vendor}", "Use another address" }
                p { class: "t2", "For trying {connector.name} out with a stand-in. Leave it empty for the real one." }
                TextField {
                    id: "address-{vendor}",
                    value: address(),
                    label: "Address",
                    is_labelled: true,
                    placeholder: "http://127.0.0.1:8080",
                    oninput: move |text| address.set(text),
                }
            }
        }
    }
}

/// Signing in in the browser, in place of a key.
#[component]
fn SignIn(
    vendor: String,
    name: String,
    sign_in: SignInView,
    address: Signal<String>,
    onclose: EventHandler<()>,
) -> Element {
    let mut client = use_signal(String::new);
    let mut problem = use_signal(|| None::<String>);
    let mut is_busy = use_signal(|| false);
    let create_at = sign_in.create_at.clone();
    let submit = {
        let (vendor, key) = (vendor.clone(), sign_in.client.clone());
        move || {
            if *is_busy.peek() {
                return;
            }
            is_busy.set(true);
            problem.set(None);
            let base_url = Some(address.peek().trim().to_owned()).filter(|it| !it.is_empty());
            let settings = BTreeMap::from([(key.clone(), client.peek().trim().to_owned())]);
            let begin = Request::Connectors(ConnectorsRequest::BeginSignIn {
                vendor: vendor.clone(),
                settings,
                base_url,
            });
            let finish = Request::Connectors(ConnectorsRequest::FinishSignIn { vendor: vendor.clone() });
            spawn(async move {
                let begun = host::request(begin).await;
                if let Ok(Reply::SignIn { url }) = &begun {
                    host::open_external(url).await;
                }
                let done = match begun {
                    Ok(_) => host::request(finish).await,
                    no => no,
                };
                match done {
                    Ok(_) => onclose.call(()),
                    Err(failure) => problem.set(Some(failure.message)),
                }
                is_busy.set(false);
            });
        }
    };
    let (mut by_enter, mut by_click) = (submit.clone(), submit);
    rsx! {
        details { class: "in-m",
            summary { "Sign in in the browser instead" }
            ol {
                for step in sign_in.steps.iter() {
                    li { key: "{step}", "{step}" }
                }
            }
            div { class: "in-a",
                Button {
                    label: "Open {name}",
                    class: "sm",
                    icon: "ext",
                    onclick: move |_| {
                        let url = create_at.clone();
                        spawn(async move { host::open_external(&url).await });
                    },
                }
            }
            TextField {
                id: "client-{vendor}",
                value: client(),
                label: "Client ID",
                is_labelled: true,
                error: problem(),
                oninput: move |text| client.set(text),
                onsubmit: move |()| by_enter(),
            }
            div { class: "in-a",
                Button {
                    label: "Sign in",
                    class: "sm",
                    id: "sign-in-{vendor}",
                    disabled: client.read().trim().is_empty(),
                    busy: is_busy().then(|| "Waiting for the browser".to_owned()),
                    onclick: move |_| by_click(),
                }
            }
        }
    }
}
