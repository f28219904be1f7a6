//! Other tools: connecting them in the settings, binding metrics to what they count, and sending items
//! to them as issues.
//!
//! It shows what the engine says of connectors; what a vendor needs stands in the connector, never here.

mod bind;
mod connect;
mod send;

use custory_ipc::{ConnectorView, Reply, Request};
use dioxus::prelude::*;

use crate::components::{Button, Icon, Note};
use crate::format;
use crate::host;
use crate::state::{Store, Toast, use_store};
use crate::views::map::source_icon;
pub use bind::BindMetric;
use connect::Connect;
pub use send::SendItem;

/// Stands inside a section: between two it would take their distance away.
const STYLE: &str = include_str!("style.css");

/// The settings' section about other tools.
#[component]
pub fn Integrations() -> Element {
    let store = use_store();
    let connectors = store.connectors.read().clone();
    rsx! {
        section { class: "sec", id: "integrations",
            style { dangerous_inner_html: STYLE }
            h2 { "Integrations" }
            p {
                "Numbers come onto the map, and what you decide goes to where it is built. Keys stay on this computer, and \
                 it alone asks the tools."
            }
            div { class: "box",
                for connector in connectors {
                    Tool { key: "{connector.vendor}", connector }
                }
            }
        }
    }
}

/// One tool: how it stands, and what can be done about it.
#[component]
fn Tool(connector: ConnectorView) -> Element {
    let store = use_store();
    let mut is_open = use_signal(|| false);
    let mut is_busy = use_signal(|| false);
    let vendor = connector.vendor.clone();
    let connection = connector.connection.clone();
    let icon = source_icon(&connector.vendor);
    let about = match &connection {
        None => connector.purpose.clone(),
        Some(it) => {
            let read = match it.last_pull {
                Some(at) => format!("read {}", format::days_ago(at, host::now())),
                None => "not read yet".to_owned(),
            };
            let next = it.next_pull.map(|at| format!(", again {}", format::ahead(at, host::now())));
            format!("{} as {}, {read}{}.", it.account_name, it.person, next.unwrap_or_default())
        }
    };
    let problem = connection.as_ref().map(|it| it.problem.clone()).filter(|it| !it.is_empty());
    let pull = {
        let vendor = vendor.clone();
        move |_| {
            let vendor = vendor.clone();
            async move {
                is_busy.set(true);
                pull(store, vendor).await;
                is_busy.set(false);
            }
        }
    };
    let disconnect = {
        let vendor = vendor.clone();
        move |_| store.order(Request::Disconnect { vendor: vendor.clone() })
    };
    rsx! {
        div { class: "rw", id: "tool-{vendor}",
            Icon { name: icon }
            div { class: "g",
                h3 {
                    "{connector.name}"
                    if connection.is_some() {
                        span { class: "in-on", Icon { name: "check", class: "sm" } "Connected" }
                    }
                }
                p { "{about}" }
            }
            if connection.is_some() {
                Button { label: "Disconnect", class: "sm ghost", id: "disconnect-{vendor}", onclick: disconnect }
                Button {
                    label: "Pull now",
                    class: "sm",
                    id: "pull-{vendor}",
                    busy: is_busy().then(|| "Reading".to_owned()),
                    onclick: pull,
                }
            } else {
                Button {
                    label: if is_open() { "Cancel" } else { "Connect…" },
                    class: "sm",
                    id: "open-{vendor}",
                    onclick: move |_| is_open.toggle(),
                }
            }
        }
        if let Some(problem) = problem {
            div { class: "rw in-n", Note { icon: "warn", tone: "bad", "{problem}" } }
        }
        if is_open() && connection.is_none() {
            Connect { connector, onclose: move |()| is_open.set(false) }
        }
    }
}

async fn pull(store: Store, vendor: String) {
    let Some(Reply::Pulled { pulled }) = store.ask(Request::Pull { vendor: Some(vendor) }).await else {
        return;
    };
    for it in pulled {
        // What went wrong stands beside the tool.
        if it.problem.is_empty() {
            let values = format::count(it.points, "new value", "new values");
            let issues = format::count(it.issues + it.resumed, "issue changed", "issues changed");
            let heard = format::count(it.heard, "message heard", "messages heard");
            let heard = if it.heard > 0 { format!(", {heard}") } else { String::new() };
            store.toast(Toast::plain("check", format!("Read: {values}, {issues}{heard}.")));
        }
    }
}

/// The connected tools that a question is about.
fn connected(store: Store, is_meant: impl Fn(&ConnectorView) -> bool) -> Option<ConnectorView> {
    let connectors = store.connectors.read();
    connectors.iter().find(|it| it.connection.is_some() && is_meant(it)).cloned()
}
