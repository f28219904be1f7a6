//! Other tools: connecting them on a page of their own, binding metrics to what they count, and sending items
//! to them as issues.
//!
//! It shows what the engine says of connectors; what a vendor needs stands in the connector, never here.

mod bind;
mod connect;
mod detail;
mod page;
mod send;

use custory_ipc::{ConnectorView, ConnectorsRequest, Reply, Request};
use dioxus::prelude::*;

use crate::format;
use crate::state::{Store, Toast};
pub use bind::BindMetric;
pub use page::IntegrationsScreen;
pub use send::SendItem;

/// Stands inside a section: between two it would take their distance away.
const STYLE: &str = include_str!("style.css");

async fn pull(store: Store, vendor: String) {
    let Some(Reply::Pulled { pulled }) =
        store.ask(Request::Connectors(ConnectorsRequest::Pull { vendor: Some(vendor) })).await
    else {
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
